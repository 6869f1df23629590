//! The board: its rows with notes behind them, its panels, its range, and what is copied of it.

use crate::review::Problem;
use crate::review::figures::{Count, Figures, Range};

use super::super::action::Action;
use super::super::message::Effect;
use super::moves::moved;
use super::{App, Screen, Shown};

impl App {
    pub(super) fn on_figures(
        &mut self,
        range: Range,
        figures: Result<Figures, Problem>,
    ) -> Vec<Effect> {
        if range != self.range {
            return Vec::new();
        }
        match figures {
            Ok(figures) => self.figures = Some(figures),
            Err(problem) => self.fail(format!("{} {}", problem.why, problem.remedy)),
        }
        Vec::new()
    }

    /// Returns the panels of the board: rows that may have notes behind them.
    fn board_panels(&self) -> Vec<Vec<&Count>> {
        let Some(figures) = &self.figures else { return Vec::new() };
        let panels = [
            &figures.decisions,
            &figures.open_by_age,
            &figures.warnings,
            &figures.outcomes,
            &figures.abstained,
        ];
        let behind = |panel: &'_ Vec<Count>| -> Vec<usize> {
            (0..panel.len()).filter(|at| !panel[*at].filter.is_empty()).collect()
        };
        panels
            .into_iter()
            .map(|panel| behind(panel).into_iter().map(|at| &panel[at]).collect())
            .collect()
    }

    /// Returns the rows of the board that have notes behind them.
    pub(in crate::tui) fn board_rows(&self) -> Vec<&Count> {
        self.board_panels().concat()
    }

    /// Tab: the first row of the next panel, or of the one before.
    pub(super) fn step_panel(&mut self, action: Action) {
        let mut starts = Vec::new();
        let mut at = 0;
        for panel in self.board_panels().iter().filter(|panel| !panel.is_empty()) {
            starts.push(at);
            at += panel.len();
        }
        let here = starts.iter().rposition(|start| *start <= self.board_cursor).unwrap_or_default();
        let to = moved(here, starts.len(), starts.len(), action);
        self.board_cursor = starts.get(to).copied().unwrap_or_default();
    }

    pub(super) fn open_figure(&mut self) -> Vec<Effect> {
        let rows = self.board_rows();
        let Some(filter) = rows.get(self.board_cursor).map(|count| count.filter.clone()) else {
            return Vec::new();
        };
        self.screen = Screen::Queue;
        let all = self.view_of_all();
        self.change_shown(Shown { view: all, filter, ..self.shown.clone() })
    }

    /// Tells whether the figures are still being counted.
    pub(super) fn counts(&self) -> bool {
        self.figures.as_ref().is_none_or(|figures| figures.event < figures.events)
    }

    pub(super) fn scroll_board(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Left | Action::Right => {
                let range = self.range.step(if action == Action::Left { -1 } else { 1 });
                if range == self.range {
                    return Vec::new();
                }
                (self.range, self.figures) = (range, None);
                vec![Effect::Figures(range)]
            }
            _ => {
                let rows = self.board_rows().len();
                self.board_cursor = moved(self.board_cursor, rows, 10, action);
                Vec::new()
            }
        }
    }
}
