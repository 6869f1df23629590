//! The looks in force: a built-in theme with the colours a person laid over it.

use std::collections::BTreeMap;

use ratatui::style::Style;

use super::theme::{Role, Theme, colour};

/// A theme with changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks {
    base: Theme,
    own: BTreeMap<Role, Style>,
}

/// What is wrong in a theme file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LooksFault {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what may stand there.
    pub message: String,
}

impl From<Theme> for Looks {
    fn from(base: Theme) -> Self {
        Self { base, own: BTreeMap::new() }
    }
}

impl Looks {
    /// Reads a theme file: `base = "dark"` and, under `[roles]`, `task = "LightBlue on Black"`.
    ///
    /// Only ANSI names and `default` are colours; roles that are not named keep the base's look, and
    /// the modifiers that carry a meaning stay in every theme. All faults are named at once.
    pub fn read(text: &str) -> Result<Self, Vec<LooksFault>> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text[..at.min(text.len())].matches('\n').count() + 1;
            vec![LooksFault { line, message: error.message().to_owned() }]
        })?;
        let mut looks = Self::default();
        let mut faults = Vec::new();
        for (name, value) in &table {
            let line = line_of(text, name);
            match (name.as_str(), value) {
                ("base", toml::Value::String(base)) => match Theme::parse(base) {
                    Some(theme) => looks.base = theme,
                    None => faults.push(unknown_base(line, base)),
                },
                ("roles", toml::Value::Table(roles)) => {
                    for (role, value) in roles {
                        match own(role, value) {
                            Ok((role, style)) => {
                                looks.own.insert(role, style);
                            }
                            Err(message) => {
                                let line = line_of(text, role);
                                faults.push(LooksFault { line, message });
                            }
                        }
                    }
                }
                _ => faults.push(LooksFault {
                    line,
                    message: format!("`{name}` is not known; base = \"…\" and [roles] are"),
                }),
            }
        }
        if faults.is_empty() { Ok(looks) } else { Err(faults) }
    }

    /// Returns the built-in theme under the changes.
    pub fn base(&self) -> Theme {
        self.base
    }

    /// Returns the look of a role; without colours in `mono`, whatever was laid over it.
    pub fn style(&self, role: Role) -> Style {
        let base = self.base.style(role);
        match self.own.get(&role) {
            Some(own) if self.base != Theme::Mono => Style { fg: own.fg, bg: own.bg, ..base },
            _ => base,
        }
    }
}

fn unknown_base(line: usize, base: &str) -> LooksFault {
    let names: Vec<&str> = Theme::ALL.iter().map(|theme| theme.name()).collect();
    LooksFault { line, message: format!("there is no theme `{base}`: {}", names.join(", ")) }
}

fn own(name: &str, value: &toml::Value) -> Result<(Role, Style), String> {
    let role = Role::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
        format!("there is no role `{name}`: {}", names.join(", "))
    })?;
    let words = value.as_str().ok_or_else(|| format!("`{name}` is written in quotes"))?;
    let (front, back) = words.split_once(" on ").unwrap_or((words, "default"));
    let read = |word: &str| {
        colour(word.trim()).ok_or_else(|| {
            format!("`{}` is no ANSI name of a colour, as LightBlue, or default", word.trim())
        })
    };
    Ok((role, Style { fg: read(front)?, bg: read(back)?, ..Style::new() }))
}

/// Returns the line on which a key is set, or 1.
fn line_of(text: &str, key: &str) -> usize {
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches('[');
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
    };
    text.lines().position(is_key).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::*;

    #[test]
    fn one_role_changes_and_the_others_come_from_the_base() {
        let looks = Looks::read("base = \"dark\"\n[roles]\ntask = \"Red on White\"\n").unwrap();
        let task = looks.style(Role::Task);
        assert_eq!((task.fg, task.bg), (Some(Color::Red), Some(Color::White)));
        assert_eq!(task.add_modifier, Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(looks.style(Role::Exercise), Theme::Dark.style(Role::Exercise));
    }

    #[test]
    fn faults_name_their_line() {
        let text = "base = \"dusk\"\n\n[roles]\ntask = \"#ff0000\"\nnosuch = \"Red\"\nerror = 3\n";
        let lines: Vec<usize> =
            Looks::read(text).unwrap_err().into_iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [1, 6, 5, 4]);
        assert_eq!(Looks::read("base = \n").unwrap_err()[0].line, 1);
    }

    #[test]
    fn mono_stays_without_colours() {
        let looks = Looks::read("base = \"mono\"\n[roles]\ntask = \"Red\"\n").unwrap();
        assert_eq!(looks.style(Role::Task).fg, None);
    }
}
