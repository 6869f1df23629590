//! Where the panes stand: one pure function that update and draw both ask.

use ratatui::layout::Rect;

/// Least window the review can be shown in.
pub const LEAST: (u16, u16) = (40, 12);

/// Which pane is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Pane {
    /// The list of notes.
    Queue,
    /// The text of the note.
    #[default]
    Note,
    /// Segments, reasons, warnings, lines.
    Findings,
}

impl Pane {
    /// All panes from left to right.
    pub const ALL: [Self; 3] = [Self::Queue, Self::Note, Self::Findings];

    /// Returns the pane `by` places further, going round.
    #[must_use]
    pub fn turn(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or_default();
        Self::ALL[(at + by) % Self::ALL.len()]
    }

    /// Returns the title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Queue => "Queue",
            Self::Note => "Note",
            Self::Findings => "Findings",
        }
    }
}

/// Areas of one screen; a pane that is not shown has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panes {
    /// Row 1.
    pub header: Rect,
    /// Row 2, with the titles.
    pub rule: Rect,
    /// All panes together.
    pub body: Rect,
    /// The list of notes.
    pub queue: Option<Rect>,
    /// The note.
    pub note: Option<Rect>,
    /// Findings.
    pub findings: Option<Rect>,
    /// Last thing that happened.
    pub message: Rect,
    /// Keys.
    pub hints: Rect,
}

/// What decides which panes are shown in a narrow window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Focus {
    /// Pane with the focus.
    pub pane: Pane,
    /// Findings or queue, whichever had the focus last.
    pub side_is_queue: bool,
    /// Whether the focused pane fills the screen.
    pub zoom: bool,
}

impl Panes {
    /// Divides a window; `None` if it is too small.
    pub fn of(area: Rect, focus: Focus) -> Option<Self> {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return None;
        }
        let row = |y| Rect { y: area.y + y, height: 1, ..area };
        let body = Rect { y: area.y + 2, height: area.height - 4, ..area };
        let mut panes = Self {
            header: row(0),
            rule: row(1),
            body,
            message: row(area.height - 2),
            hints: row(area.height - 1),
            ..Self::default()
        };
        let part = |from: u16, to: u16| {
            Some(Rect { x: body.x + from, width: to.saturating_sub(from), ..body })
        };
        let wide = area.width;
        match wide {
            _ if focus.zoom || wide < 70 => match focus.pane {
                Pane::Queue => panes.queue = Some(body),
                Pane::Note => panes.note = Some(body),
                Pane::Findings => panes.findings = Some(body),
            },
            70..110 => {
                panes.note = part(0, wide - 37);
                let side = part(wide - 36, wide);
                if focus.side_is_queue { panes.queue = side } else { panes.findings = side }
            }
            _ => {
                let (left, right) = if wide >= 160 { (40, 48) } else { (26, 36) };
                panes.queue = part(0, left);
                panes.note = part(left + 1, wide - right - 1);
                panes.findings = part(wide - right, wide);
            }
        }
        Some(panes)
    }

    /// Returns the area of a pane.
    pub fn get(&self, pane: Pane) -> Option<Rect> {
        match pane {
            Pane::Queue => self.queue,
            Pane::Note => self.note,
            Pane::Findings => self.findings,
        }
    }
}

/// Returns the area of a box over the screen: centred, from row 3, never outside the window.
pub fn overlay(area: Rect, widest: u16, height: u16) -> Rect {
    let body = Rect { y: area.y.saturating_add(2), height: area.height.saturating_sub(2), ..area };
    if area.width < 70 {
        return Rect { height: body.height.saturating_sub(2), ..body }.intersection(area);
    }
    let width = widest.min(area.width.saturating_sub(4));
    let height = height.min(area.height.saturating_sub(4)).max(1);
    let x = area.x + (area.width.saturating_sub(width)) / 2;
    Rect { x, y: body.y, width, height }.intersection(area)
}
