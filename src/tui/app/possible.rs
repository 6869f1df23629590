//! Whether an action is possible now, and if not, why: the tests that the keymap names.

use crate::model::DecisionKind;
use crate::review::{Lease, State};

use super::{App, Blind, Layer, OpenNote, Screen};

impl App {
    /// Always possible.
    pub fn always(&self) -> Option<&'static str> {
        None
    }

    /// Needs an open note; in the list, the one under the cursor.
    pub fn no_note(&self) -> Option<&'static str> {
        let Some(open) = &self.open else { return Some("no note is open") };
        let elsewhere = self.screen == Screen::Queue && self.queue.selected() != Some(open.id);
        elsewhere.then_some("Enter opens the note under the cursor first")
    }

    /// Needs a note with segments.
    pub fn no_segments(&self) -> Option<&'static str> {
        self.no_note().or_else(|| {
            let none = self.open.as_ref().is_some_and(|open| open.analysis.segments.is_empty());
            none.then_some("the note has no segments")
        })
    }

    /// Needs activities that the program found and may show.
    pub fn no_mentions(&self) -> Option<&'static str> {
        self.hidden().or_else(|| {
            let found = self.open.as_ref().is_some_and(|open| !open.analysis.mentions.is_empty());
            (!found).then_some("no activity was found in the note")
        })
    }

    /// Needs warnings that may be shown.
    pub fn no_warnings(&self) -> Option<&'static str> {
        self.hidden().or(match &self.open {
            Some(open) if !open.order.is_empty() => None,
            Some(_) => Some("the note has no warnings"),
            None => Some("no note is open"),
        })
    }

    /// Needs a warning under the cursor.
    pub fn no_warning(&self) -> Option<&'static str> {
        self.cannot_write().or_else(|| {
            let under = self.open.as_ref().and_then(OpenNote::current_warning);
            under.is_none().then_some("no warning is under the cursor; w goes to one")
        })
    }

    /// Needs something that may be looked at before the own answer.
    pub fn hidden(&self) -> Option<&'static str> {
        if self.is_hidden() { Some("hidden until your answer is recorded") } else { self.no_note() }
    }

    /// Tells whether blind mode hides the suggestion of the open note.
    pub fn is_hidden(&self) -> bool {
        self.settings.blind != Blind::Off && self.open.as_ref().is_none_or(|open| !open.revealed)
    }

    /// Needs a note that this person may write about.
    pub fn cannot_write(&self) -> Option<&'static str> {
        let Some(open) = &self.open else { return Some("no note is open") };
        // A decision must never fall on a note that the cursor has already left.
        if self.opening.is_some_and(|id| id != open.id) {
            return Some("the next note is still being read");
        }
        if self.settings.read_only.is_some() {
            return Some("this review is read only");
        }
        match open.lease {
            Lease::Taken { .. } => Some("somebody else has this note"),
            Lease::ReadOnly(_) => Some("this note is read only"),
            Lease::Held if open.outdated => Some("the note was edited; r reads the new text"),
            Lease::Held => None,
        }
    }

    /// Needs a note that can be decided and was not for good.
    pub fn cannot_decide_anew(&self) -> Option<&'static str> {
        self.cannot_decide().or_else(|| {
            self.is_settled().then_some("the note is decided; c changes it with a reason")
        })
    }

    /// Needs a note that can be put off; one that cannot be read can be, by its key.
    pub fn cannot_defer(&self) -> Option<&'static str> {
        if self.unread().is_none() {
            return self.cannot_decide_anew();
        }
        if self.pending.is_some() {
            return Some("the last decision is still being recorded");
        }
        self.settings.read_only.is_some().then_some("this review is read only")
    }

    /// Needs a note that is open, or one that could not be read.
    pub fn cannot_reload(&self) -> Option<&'static str> {
        if self.unread().is_some() { None } else { self.no_note() }
    }

    /// Needs a note that can be decided.
    pub fn cannot_decide(&self) -> Option<&'static str> {
        if self.pending.is_some() {
            return Some("the last decision is still being recorded");
        }
        self.cannot_write()
    }

    /// Needs a note that can be decided and whose suggestion may be shown.
    pub fn cannot_change(&self) -> Option<&'static str> {
        self.cannot_decide().or_else(|| {
            self.is_hidden().then_some("blind: digits choose your codes, a records them")
        })
    }

    /// Needs a segment that can be given a code.
    pub fn cannot_draft(&self) -> Option<&'static str> {
        self.cannot_write().or_else(|| self.no_segments())
    }

    /// Needs something to take back.
    pub fn cannot_undo(&self) -> Option<&'static str> {
        if self.pending.is_some() {
            return Some("the last decision is still being recorded");
        }
        self.undo.is_empty().then_some("nothing was done in this session")
    }

    /// Needs rows.
    pub fn empty_queue(&self) -> Option<&'static str> {
        self.queue.is_empty().then_some("the queue is empty")
    }

    /// Needs marks.
    pub fn nothing_marked(&self) -> Option<&'static str> {
        self.marks.is_empty().then_some("nothing is marked")
    }

    /// Needs marks and the right to decide many at once.
    pub fn cannot_bulk(&self) -> Option<&'static str> {
        if !self.settings.bulk || self.settings.blind != Blind::Off {
            return Some("bulk acts are switched off");
        }
        if self.settings.read_only.is_some() {
            return Some("this review is read only");
        }
        if self.pending.is_some() {
            return Some("the last decision is still being recorded");
        }
        self.nothing_marked()
    }

    /// Needs a layer, a screen or a zoom to come back from.
    pub fn nothing_to_close(&self) -> Option<&'static str> {
        let open = !self.layers.is_empty()
            || self.screen != Screen::Review
            || self.focus.zoom
            || self.arranging.is_some()
            || self.opening.is_some()
            || self.exporting
            || self.open.as_ref().is_some_and(|open| open.selection.is_some());
        (!open && self.said.tone != super::Tone::Error).then_some("nothing is open")
    }

    /// Tells whether the open note was decided for good, so that only `c` may decide it again.
    pub(in crate::tui) fn is_settled(&self) -> bool {
        self.open.as_ref().is_some_and(|open| {
            matches!(open.state, State::Decided(DecisionKind::Accept | DecisionKind::Change))
        })
    }

    /// Tells whether a layer of this kind is open.
    pub(in crate::tui) fn has_layer(&self, wanted: fn(&Layer) -> bool) -> bool {
        self.layers.iter().any(wanted)
    }
}
