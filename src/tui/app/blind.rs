//! What blind mode keeps back of the queue: no filter, view, order or table tells a finding.

use crate::review::Sort;
use crate::review::terms::finding_in;

use super::{App, Blind};

impl App {
    /// Takes out of view, filter and order what asks for findings, and says so.
    pub(super) fn withhold(&mut self) {
        if self.settings.blind == Blind::Off {
            return;
        }
        let view = self.views.get(self.shown.view).map_or("", |view| view.filter.as_str());
        if let Some(term) = finding_in(view).or_else(|| finding_in(&self.shown.filter)) {
            self.shown.filter.clear();
            self.shown.view = self.view_of_all();
            self.refuse(format!("Blind: {term} would tell what the program found."));
        }
        if self.shown.sort.tells_findings() {
            let words = self.shown.sort.words();
            (self.shown.sort, self.shown.reverse) = (Sort::Imported, false);
            self.refuse(format!("Blind: the order by {words} would tell what the program found."));
        }
    }
}
