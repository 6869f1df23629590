//! Roles and their looks: the only place that may name a colour.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is, not how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Secondary text, borders.
    Faint,
    /// Functional task.
    Task,
    /// Exercise.
    Exercise,
    /// Balance, posture, coordination.
    Neuro,
    /// Self-care.
    SelfCare,
    /// Another service.
    Other,
    /// Seen, not counted.
    NotCounted,
    /// A suggestion.
    Suggestion,
    /// Words a warning is about.
    Warning,
    /// An error.
    Error,
    /// The cursor.
    Cursor,
    /// A key in the hints.
    Key,
}

impl Role {
    /// All roles, in the order of the table of colours.
    pub const ALL: [Self; 13] = [
        Self::Plain,
        Self::Faint,
        Self::Task,
        Self::Exercise,
        Self::Neuro,
        Self::SelfCare,
        Self::Other,
        Self::NotCounted,
        Self::Suggestion,
        Self::Warning,
        Self::Error,
        Self::Cursor,
        Self::Key,
    ];

    /// Returns the name, as it stands in a theme file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Faint => "faint",
            Self::Task => "task",
            Self::Exercise => "exercise",
            Self::Neuro => "neuro",
            Self::SelfCare => "self-care",
            Self::Other => "other-service",
            Self::NotCounted => "not-counted",
            Self::Suggestion => "suggestion",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Cursor => "cursor",
            Self::Key => "key",
        }
    }

    /// Returns the modifiers that carry the meaning where colours do not.
    pub fn modifier(self) -> Modifier {
        match self {
            Self::Plain | Self::Other => Modifier::empty(),
            Self::Faint | Self::NotCounted => Modifier::DIM,
            Self::Task => Modifier::BOLD.union(Modifier::UNDERLINED),
            Self::Exercise => Modifier::UNDERLINED,
            Self::Neuro => Modifier::ITALIC,
            Self::SelfCare | Self::Suggestion | Self::Key => Modifier::BOLD,
            Self::Warning | Self::Cursor => Modifier::REVERSED,
            Self::Error => Modifier::BOLD.union(Modifier::REVERSED),
        }
    }
}

/// A built-in set of looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Theme {
    /// Two colours that are readable on black and on white.
    #[default]
    Safe,
    /// For dark backgrounds.
    Dark,
    /// For light backgrounds.
    Light,
    /// For dark backgrounds, told apart by colour-blind eyes.
    CbDark,
    /// For light backgrounds, told apart by colour-blind eyes.
    CbLight,
    /// High contrast on black.
    Contrast,
    /// No colours at all.
    Mono,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 7] = [
        Self::Safe,
        Self::Dark,
        Self::Light,
        Self::CbDark,
        Self::CbLight,
        Self::Contrast,
        Self::Mono,
    ];

    /// Returns the name, as it stands in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::CbDark => "cb-dark",
            Self::CbLight => "cb-light",
            Self::Contrast => "contrast",
            Self::Mono => "mono",
        }
    }

    /// Returns the theme of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }

    /// Returns the theme for an environment: `NO_COLOR` wins, then the choice, then `COLORFGBG`.
    ///
    /// The values are handed in; a choice of `None` means `auto`.
    pub fn for_environment(
        choice: Option<Self>,
        no_color: Option<&str>,
        colorfgbg: Option<&str>,
    ) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) {
            return Self::Mono;
        }
        choice.unwrap_or_else(|| {
            match colorfgbg.and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok()) {
                Some(7 | 9..=15) => Self::Light,
                Some(0..=8) => Self::Dark,
                _ => Self::Safe,
            }
        })
    }

    /// Returns the look of a role; `mono` never names a colour.
    pub fn style(self, role: Role) -> Style {
        let mut modifier = role.modifier();
        let (fg, bg) = self.colours(role);
        if self == Self::Contrast {
            // Dim and reverse would undo the pairs that were chosen for contrast.
            modifier -= Modifier::DIM | Modifier::REVERSED;
            if role == Role::Warning || role == Role::Cursor {
                modifier |= Modifier::UNDERLINED;
            }
        }
        Style { fg, bg, add_modifier: modifier, ..Style::new() }
    }

    #[expect(clippy::match_same_arms, reason = "read as a table, theme by theme")]
    fn colours(self, role: Role) -> (Option<Color>, Option<Color>) {
        let fg = |colour| (Some(colour), None);
        let on_black = |colour| (Some(colour), Some(Color::Black));
        match (self, role) {
            (Self::Safe, Role::Task) => fg(Color::LightBlue),
            (Self::Safe | Self::Dark, Role::Error) => fg(Color::LightRed),
            (Self::Dark, Role::Task | Role::Key) => fg(Color::LightCyan),
            (Self::Dark, Role::Exercise) => fg(Color::LightYellow),
            (Self::Dark, Role::Neuro) => fg(Color::LightGreen),
            (Self::Light, Role::Task | Role::Key) => fg(Color::Blue),
            (Self::Light, Role::Exercise) => fg(Color::Magenta),
            (Self::Light, Role::Error) => fg(Color::Red),
            (Self::CbDark, Role::Task | Role::Key) => fg(Color::LightYellow),
            (Self::CbDark, Role::Exercise) => fg(Color::LightBlue),
            (Self::CbLight, Role::Task | Role::Key) => fg(Color::Blue),
            (Self::CbLight, Role::Exercise) => fg(Color::Red),
            (Self::Contrast, Role::Task) => (Some(Color::Black), Some(Color::LightYellow)),
            (Self::Contrast, Role::Exercise) => (Some(Color::Black), Some(Color::LightCyan)),
            (Self::Contrast, Role::Faint | Role::NotCounted) => on_black(Color::Gray),
            (Self::Contrast, Role::Warning | Role::Key) => on_black(Color::LightYellow),
            (Self::Contrast, Role::Error | Role::Cursor) => {
                (Some(Color::Black), Some(Color::White))
            }
            (Self::Contrast, _) => on_black(Color::White),
            _ => (None, None),
        }
    }
}

/// Returns the colour of an ANSI name; `default` is the terminal's own, written as no colour.
pub fn colour(name: &str) -> Option<Option<Color>> {
    const NAMES: [(&str, Color); 16] = [
        ("black", Color::Black),
        ("red", Color::Red),
        ("green", Color::Green),
        ("yellow", Color::Yellow),
        ("blue", Color::Blue),
        ("magenta", Color::Magenta),
        ("cyan", Color::Cyan),
        ("gray", Color::Gray),
        ("darkgray", Color::DarkGray),
        ("lightred", Color::LightRed),
        ("lightgreen", Color::LightGreen),
        ("lightyellow", Color::LightYellow),
        ("lightblue", Color::LightBlue),
        ("lightmagenta", Color::LightMagenta),
        ("lightcyan", Color::LightCyan),
        ("white", Color::White),
    ];
    let wanted = name.to_ascii_lowercase().replace(['-', ' '], "");
    if wanted == "default" {
        return Some(None);
    }
    NAMES.iter().find(|(name, _)| *name == wanted).map(|(_, colour)| Some(*colour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_wins_over_the_choice() {
        let theme = |choice, no_color, fgbg| Theme::for_environment(choice, no_color, fgbg);
        assert_eq!(theme(Some(Theme::Dark), Some("1"), None), Theme::Mono);
        assert_eq!(theme(Some(Theme::Dark), Some(""), None), Theme::Dark);
        assert_eq!(theme(None, None, Some("15;0")), Theme::Dark);
        assert_eq!(theme(None, None, Some("0;15")), Theme::Light);
        assert_eq!(theme(None, None, Some("0;default;15")), Theme::Light);
        assert_eq!(theme(None, None, None), Theme::Safe);
    }

    #[test]
    fn mono_has_no_colour_and_every_role_has_a_cue() {
        for role in Role::ALL {
            let style = Theme::Mono.style(role);
            assert_eq!((style.fg, style.bg), (None, None));
            for theme in Theme::ALL.into_iter().filter(|theme| *theme != Theme::Contrast) {
                assert_eq!(theme.style(role).add_modifier, role.modifier(), "{theme:?} {role:?}");
            }
        }
    }
}
