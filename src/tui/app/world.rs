//! What the world says: notes that were opened, figures, and what is kept for the next start.

use std::collections::BTreeMap;

use crate::review::draft::Values;
use crate::review::{Draft, NoteId, Opened, Problem, Progress, Resume, Sort, counted};

use super::super::layout::Pane;
use super::super::message::Effect;
use super::{App, Layer, OpenNote, Shown};

/// Most notes that are read for the first order without being asked.
const READ_AT_ONCE: u32 = 20_000;

impl App {
    /// Asks for the note under the cursor, unless it is open or on its way.
    pub(super) fn open_selected(&mut self) -> Vec<Effect> {
        let Some(id) = self.queue.selected() else { return Vec::new() };
        let here = self.open.as_ref().is_some_and(|open| open.id == id);
        if self.opening == Some(id) || (here && self.opening.is_none()) {
            return Vec::new();
        }
        (self.opening, self.told_slow) = (Some(id), false);
        vec![Effect::Open(id)]
    }

    /// Long work goes on: the message line says how far, and is no old message later.
    pub(super) fn on_working(&mut self, progress: Progress) -> Vec<Effect> {
        if !(self.acted && self.touched) {
            let text = format!("{}   Esc stops", progress.words());
            self.said = super::Said { tone: super::Tone::Done, text };
            self.working = Some(progress);
        }
        // What takes long is not waited for with an empty screen.
        if self.open.is_none() { self.open_selected() } else { Vec::new() }
    }

    /// Begins to write a table of the notes in view.
    pub(super) fn export(&mut self, path: String) -> Vec<Effect> {
        if path.is_empty() {
            self.refuse("The table needs a file.");
            return Vec::new();
        }
        if self.settings.blind != super::Blind::Off {
            self.refuse("Blind: the table would tell what the program found.");
            return Vec::new();
        }
        self.exporting = true;
        // What is said now is the work itself: how far it is may take its place.
        self.say("Writing the table.   Esc stops");
        self.acted = false;
        vec![Effect::Export { path, order: self.queue.order().clone() }]
    }

    pub(super) fn on_exported(&mut self, written: Result<String, Problem>) -> Vec<Effect> {
        self.exporting = false;
        match written {
            Ok(words) => self.say(words),
            Err(problem) => self.fail(format!("{} {}", problem.why, problem.remedy)),
        }
        Vec::new()
    }

    /// Tells whether a note is waited for, on the screen or in the preview of a bulk act.
    pub(super) fn wants(&self, id: NoteId) -> bool {
        let in_bulk = |layer: &Layer| match layer {
            Layer::Bulk(form) => form.waiting.contains(&id),
            _ => false,
        };
        self.opening == Some(id) || self.layers.iter().any(in_bulk)
    }

    /// Tells whether a note is waited for about which nothing was said yet.
    pub(in crate::tui) fn waits_in_silence(&self) -> bool {
        self.opening.is_some() && !self.told_slow
    }

    /// Stops waiting for a note: the cursor goes back to the one that is open.
    pub(super) fn stop_opening(&mut self) -> Vec<Effect> {
        self.opening = None;
        let place = self.open.as_ref().and_then(|open| self.queue.order().place(open.id));
        match place {
            Some(place) => {
                self.queue.go(place);
                self.say("Stopped. This is the note you were on.");
            }
            None => self.say("Stopped. Enter opens the note under the cursor."),
        }
        vec![Effect::Stop]
    }

    pub(super) fn on_opened(&mut self, opened: Opened, at: u64) -> Vec<Effect> {
        self.now = self.now.max(at);
        let for_bulk = self.bulk_opened(&opened);
        if self.opening != Some(opened.id) {
            return Vec::new();
        }
        if for_bulk && self.open.as_ref().is_some_and(|open| open.id != opened.id) {
            return Vec::new();
        }
        self.opening = None;
        self.unreadable = None;
        self.opened.insert(opened.id);
        self.suppressed.insert(opened.id, opened.suppressed.clone());
        let again = self.open.take().filter(|open| open.id == opened.id);
        if let Some(before) = &again {
            self.anchor(before, &opened);
        }
        let mut open = OpenNote::new(opened, at, self.note_wide(), self.settings.ambiguous);
        if let Some(before) = again {
            open.segment = before.segment.min(open.analysis.segments.len().saturating_sub(1));
            open.top = before.top;
            open.revealed = before.revealed;
        }
        let state = open.state;
        let id = open.id;
        self.open = Some(open);
        self.settle_row(id, state);
        self.guard.changed(at);
        let segment = self.open.as_ref().map_or(0, |open| open.segment);
        self.go_to_segment(segment);
        self.close_opened_query()
    }

    fn settle_row(&mut self, id: NoteId, state: crate::review::State) {
        if let Some(row) = self.rows.get_mut(&id) {
            row.state = state;
        }
        self.decided.set(id, state != crate::review::State::Open);
    }

    /// Keeps choices where the words of their segments are still there; the others open again.
    fn anchor(&mut self, before: &OpenNote, after: &Opened) {
        if before.note.fingerprint == after.note.fingerprint {
            return;
        }
        self.undo.settle(after.id);
        let Some(draft) = self.drafts.remove(&after.id) else { return };
        let mut values = Values {
            reason: draft.values().reason,
            comment: draft.values().comment.clone(),
            ..Values::default()
        };
        let mut lost = 0;
        for (at, choice) in &draft.values().choices {
            let words = before.analysis.segments.get(*at).map(|s| s.span.of(&before.note.text));
            let found = words.and_then(|words| {
                after.analysis.segments.iter().find(|s| s.span.of(&after.note.text) == words)
            });
            match found {
                Some(segment) => {
                    values.choices.insert(segment.index, *choice);
                }
                None => lost += 1,
            }
        }
        if lost > 0 {
            self.refuse(format!("The note changed; {lost} of your choices no longer fit."));
        }
        let draft = Draft::restored(values);
        if !draft.is_empty() {
            self.drafts.insert(after.id, draft);
        }
    }

    pub(super) fn on_failed(&mut self, id: NoteId, problem: Problem) -> Vec<Effect> {
        let for_bulk = self.bulk_failed(id, &problem.why);
        if for_bulk || self.opening != Some(id) {
            return Vec::new();
        }
        self.opening = None;
        self.open = None;
        if let Some(row) = self.rows.get_mut(&id) {
            row.problem = Some(problem.why.clone());
        }
        self.fail(format!("{} {}", problem.why, problem.remedy));
        self.unreadable = Some((id, problem));
        Vec::new()
    }

    /// Returns the note under the cursor if it could not be read.
    pub(in crate::tui) fn unread(&self) -> Option<NoteId> {
        let here = self.unreadable.as_ref().filter(|_| self.open.is_none())?.0;
        (self.opening.is_none() && self.queue.selected() == Some(here)).then_some(here)
    }

    /// Returns the place of the view that leaves nothing out.
    pub(super) fn view_of_all(&self) -> usize {
        self.views.iter().position(|view| view.filter.is_empty()).unwrap_or(8)
    }

    /// Returns what was refused since the last key.
    pub(in crate::tui) fn refused_just_now(&self) -> Option<&str> {
        let refused = self.acted && self.said.tone == super::Tone::Refused;
        refused.then_some(self.said.text.as_str())
    }

    /// Returns how many rows the cursor can pass on the page of points.
    pub(super) fn evidence_rows(&self) -> usize {
        let wide = usize::from(self.area.width);
        super::super::view::rows_below_head(self, wide)
    }

    /// Returns what is drafted but not recorded, in words; `None` if nothing is.
    pub(in crate::tui) fn unrecorded(&self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        for (id, draft) in self.drafts.iter().filter(|(_, draft)| !draft.is_empty()).take(4) {
            let open = self.open.as_ref().filter(|open| open.id == *id);
            let key = open
                .map(|open| open.note.key.clone())
                .or_else(|| self.rows.get(id).map(|row| row.key.clone()));
            let choices: Vec<String> = draft
                .values()
                .choices
                .iter()
                .map(|(segment, choice)| {
                    let code =
                        choice.code().map_or("not billable".to_owned(), |code| code.to_string());
                    format!("segment {} = {code}", segment + 1)
                })
                .collect();
            let what = if choices.is_empty() { "a draft".to_owned() } else { choices.join(", ") };
            words.push(format!("{} {what}", key.unwrap_or_else(|| format!("#{}", id.0 + 1))));
        }
        if let Some(pending) = &self.pending {
            words.push(pending.words.clone());
        }
        let typed = self.layers.iter().any(|layer| match layer {
            Layer::Change(form) => !form.comment.text().is_empty(),
            Layer::Query(_) => true,
            _ => false,
        });
        if typed {
            words.push("an open form".to_owned());
        }
        (!words.is_empty()).then(|| words.join("; "))
    }

    pub(super) fn keep(&self) -> Effect {
        Effect::Keep(Box::new(self.resume()))
    }

    /// Returns what the next start needs; no word of any note or comment.
    pub fn resume(&self) -> Resume {
        let drafts: BTreeMap<u32, BTreeMap<usize, crate::review::Choice>> = self
            .drafts
            .iter()
            .filter(|(_, draft)| !draft.values().choices.is_empty())
            .map(|(id, draft)| (id.0, draft.values().choices.clone()))
            .collect();
        Resume {
            note: self.queue.selected(),
            view: self.shown.view,
            filter: self.shown.filter.clone(),
            sort: Some(self.shown.sort),
            reverse: self.shown.reverse,
            pane: self.focus.pane.title().to_owned(),
            scroll: self.open.as_ref().map_or(0, |open| open.top),
            marks: self.marks.clone(),
            drafts,
            views: Vec::new(),
        }
    }

    /// Takes up where the person was; called before [`App::start`], and flags may overrule it.
    pub fn take_up(&mut self, resume: Resume) {
        self.add_views(resume.views);
        let view = if resume.view < self.views.len() { resume.view } else { 8 };
        self.shown = Shown {
            view,
            filter: resume.filter,
            sort: resume.sort.unwrap_or_default(),
            reverse: resume.reverse,
        };
        let pane = Pane::ALL.into_iter().find(|pane| pane.title() == resume.pane);
        self.set_pane(pane.unwrap_or_default());
        self.marks = resume.marks.into_iter().filter(|id| id.0 < self.total).collect();
        self.drafts = resume
            .drafts
            .into_iter()
            .filter(|(id, _)| *id < self.total)
            .map(|(id, choices)| {
                let values = Values { choices, ..Values::default() };
                (NoteId(id), Draft::restored(values))
            })
            .collect();
        if let Some(place) = resume.note.and_then(|id| self.queue.order().place(id)) {
            self.queue.go(place);
            self.want_scroll = Some(resume.scroll);
            self.returning = true;
            self.welcome();
        }
    }

    /// Greets somebody who comes back, with the place of their note in the order that is shown.
    pub(super) fn welcome(&mut self) {
        let place = self.queue.cursor() + 1;
        self.say(format!(
            "Welcome back, {}: note {} of {}.",
            self.settings.coder,
            counted(place),
            counted(self.total)
        ));
    }

    /// Takes up what belongs to notes that were not listed at the start; the cursor goes back to its
    /// note only as long as nobody touched a key.
    pub(super) fn take_up_rest(&mut self, resume: Resume) -> Vec<Effect> {
        self.marks.extend(resume.marks);
        for (id, choices) in resume.drafts {
            let values = Values { choices, ..Values::default() };
            self.drafts.entry(NoteId(id)).or_insert_with(|| Draft::restored(values));
        }
        let place = resume.note.and_then(|id| self.queue.order().place(id));
        match place.filter(|place| !self.touched && *place != self.queue.cursor()) {
            Some(place) => {
                self.queue.go(place);
                self.want_scroll = Some(resume.scroll);
                self.returning = true;
                self.welcome();
                self.open_selected()
            }
            None => Vec::new(),
        }
    }

    /// Sorts a queue that is small enough to be read in a moment by risk, unless somebody chose an
    /// order: the first picture then waits for the first order.
    pub fn sort_by_default(&mut self, sort: Sort) {
        if self.settings.blind != super::Blind::Off && sort.tells_findings() {
            self.say("Blind: the notes stand as they came in.");
            return;
        }
        if self.listing || self.total > READ_AT_ONCE {
            self.say("The notes stand as they came in; s sorts them, by risk for example.");
            return;
        }
        self.shown.sort = sort;
        self.first_order = true;
    }

    /// Sets view, filter and order from the command line; they win over what was kept.
    pub fn show(&mut self, view: Option<usize>, filter: Option<String>, sort: Option<Sort>) {
        if let Some(view) = view.filter(|view| *view < self.views.len()) {
            self.shown.view = view;
        }
        if let Some(filter) = filter {
            self.shown.filter = filter;
        }
        if let Some(sort) = sort {
            self.shown.sort = sort;
            self.shown.reverse = false;
        }
    }
}
