//! The queue: marks, filter, order, views, flags, going to a note.

use crate::review::desk::Arrangement;
use crate::review::{Act, Entry, NoteId, Order, Problem, Sort, Undo, counted};

use super::super::layout::Pane;
use super::super::message::Effect;
use super::bulk::plural;
use super::{App, Layer, PromptKind, Purpose, Screen, Shown};

impl App {
    pub(super) fn mark(&mut self) -> Vec<Effect> {
        let Some(id) = self.queue.selected() else { return Vec::new() };
        self.undo.push(Undo::Marks(self.marks.clone()));
        if !self.marks.remove(&id) {
            self.marks.insert(id);
        }
        let count = self.marks.len();
        self.say(format!(
            "{count} marked.   A accepts them after a preview   x takes the marks off"
        ));
        // The cursor goes on, so that a run of notes is marked by holding the key.
        if self.screen == Screen::Queue {
            self.queue.step(1);
        }
        Vec::new()
    }

    pub(super) fn unmark_all(&mut self) -> Vec<Effect> {
        self.undo.push(Undo::Marks(std::mem::take(&mut self.marks)));
        self.say("Nothing is marked.   u brings the marks back");
        Vec::new()
    }

    /// Returns how many marked notes the filter hides.
    pub(in crate::tui) fn hidden_marks(&self) -> usize {
        self.hidden_marked.intersection(&self.marks).count()
    }

    /// Notes which marked notes an order leaves out; once an arrangement, never on a key.
    fn note_hidden(&mut self, order: &Order) {
        self.hidden_marked = match order {
            Order::All(_) => std::collections::BTreeSet::new(),
            Order::Picked(ids) => {
                let mut hidden = self.marks.clone();
                if !hidden.is_empty() {
                    for id in ids {
                        hidden.remove(id);
                    }
                }
                hidden
            }
        };
    }

    pub(in crate::tui) fn filter_words(&self) -> &str {
        if self.shown.filter.is_empty() { "(none)" } else { &self.shown.filter }
    }

    pub(in crate::tui) fn view_name(&self) -> &str {
        self.views.get(self.shown.view).map_or("all", |view| view.name.as_str())
    }

    /// Returns the notes below and above the cursor, where the next key most often goes.
    pub(in crate::tui) fn neighbours(&self) -> Vec<NoteId> {
        let at = self.queue.cursor();
        let places = [Some(at + 1), at.checked_sub(1)].into_iter().flatten();
        places.filter_map(|place| self.queue.order().get(place)).collect()
    }

    /// Asks for the queue as it is to be shown; answers to older requests are dropped.
    pub(super) fn arrange(&mut self) -> Effect {
        self.generation += 1;
        // How far the reading is may take the place of the words that asked for it.
        self.acted = false;
        self.withhold();
        self.arranging = Some(self.generation);
        let view = self.views.get(self.shown.view).map_or("", |view| view.filter.as_str());
        let filter = format!("{view} {}", self.shown.filter).trim().to_owned();
        Effect::Arrange {
            generation: self.generation,
            wanted: Box::new(Arrangement {
                filter,
                sort: self.shown.sort,
                reverse: self.shown.reverse,
                coder: self.settings.coder.clone(),
                marked: self.marks.clone(),
            }),
        }
    }

    pub(super) fn on_arranged(
        &mut self,
        generation: u64,
        order: Result<Order, Problem>,
    ) -> Vec<Effect> {
        if generation != self.generation {
            return Vec::new();
        }
        self.arranging = None;
        let order = match order {
            Ok(order) => order,
            Err(problem) => {
                self.kept.asked = None;
                self.refuse(format!("{} {}", problem.why, problem.remedy));
                // The header must not name an order that the rows are not in.
                let asked = std::mem::replace(&mut self.shown, self.arranged.clone());
                if asked != self.shown && matches!(self.undo.last(), Some(Undo::Arrangement { .. }))
                {
                    self.undo.pop();
                }
                return self.open_selected();
            }
        };
        self.arranged = self.shown.clone();
        let count = order.len();
        let before = self.queue.selected();
        self.note_hidden(&order);
        let mut kept = self.queue.arrange(order);
        if count == 0 {
            self.kept.out_of_view = before.or(self.kept.out_of_view);
        } else if let Some(id) = self.kept.out_of_view.take()
            && let Some(place) = self.queue.order().place(id)
        {
            kept |= self.queue.go(place);
        }
        // Before the first key nobody has a place to keep: the first row is where to begin.
        let begins = std::mem::take(&mut self.first_order);
        if begins && !self.touched {
            self.queue.go(0);
            return self.open_selected();
        }
        let asked = self.kept.asked.take().map_or_else(String::new, |words| format!("{words} "));
        let mut words = format!("{asked}{} of {} notes.", counted(count), counted(self.total));
        if !kept && before.is_some() && count > 0 {
            words.push_str(" The note you were on is not among them; this is the next one below.");
        }
        // Why it is not as asked for is worth more than how many there are.
        let refused = self.refused_just_now().is_some();
        if self.returning && !self.touched {
            self.welcome();
        } else if !(refused || matches!(self.said.tone, super::Tone::Error) || self.in_prompt()) {
            self.say(words);
        }
        if count == 0 && !self.in_prompt() {
            // A note that is not in view is not to be decided by a slip.
            (self.open, self.opening) = (None, None);
        }
        if self.screen == Screen::Review && !self.in_prompt() {
            self.open_selected()
        } else {
            Vec::new()
        }
    }

    pub(super) fn in_prompt(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Prompt(_)))
    }

    pub(super) fn change_shown(&mut self, shown: Shown) -> Vec<Effect> {
        if shown == self.shown {
            // The same again is asked for: decided rows leave the view now.
            return vec![self.arrange()];
        }
        let Shown { view, filter, sort, reverse } = std::mem::replace(&mut self.shown, shown);
        self.undo.push(Undo::Arrangement { view, filter, sort, reverse });
        vec![self.arrange()]
    }

    pub(super) fn sort_by(&mut self, sort: Sort) -> Vec<Effect> {
        let reverse = self.shown.sort == sort && !self.shown.reverse;
        let words =
            format!("Sorted by {}{}.", sort.words(), if reverse { ", reversed" } else { "" });
        self.kept.asked = Some(words.clone());
        self.say(words);
        self.change_shown(Shown { sort, reverse, ..self.shown.clone() })
    }

    pub(super) fn show_view(&mut self, at: usize) -> Vec<Effect> {
        let Some(view) = self.views.get(at) else { return Vec::new() };
        let sort = view.sort.unwrap_or(self.shown.sort);
        let words = format!("View: {}.", view.name);
        self.kept.asked = Some(words.clone());
        self.say(words);
        self.change_shown(Shown { view: at, filter: String::new(), sort, reverse: false })
    }

    pub(super) fn on_found(&mut self, key: &str, id: Option<NoteId>) -> Vec<Effect> {
        if let Some(id) = id {
            self.go_to_note(id)
        } else {
            self.refuse(format!("No note has the key {}.", super::super::grid::cut(key, 30)));
            Vec::new()
        }
    }

    /// Puts the cursor on a note; one that the filter hides is opened all the same.
    pub(super) fn go_to_note(&mut self, id: NoteId) -> Vec<Effect> {
        if let Some(place) = self.queue.order().place(id) {
            self.queue.go(place);
            return self.open_selected();
        }
        self.opening = Some(id);
        vec![Effect::Open(id)]
    }

    pub(super) fn flag(&mut self) -> Vec<Effect> {
        let Some(id) = self.open.as_ref().map(|open| open.id) else { return Vec::new() };
        if self.rows.get(&id).is_some_and(|row| row.flagged) {
            let entries = vec![self.entry_about(id, Act::Unflag)];
            return self.record(Purpose::Flag(false), "flag taken off".to_owned(), entries);
        }
        self.open_prompt(PromptKind::Flag, "")
    }

    pub(super) fn flag_with(&mut self, question: String) -> Vec<Effect> {
        let Some(id) = self.open.as_ref().map(|open| open.id) else { return Vec::new() };
        let entries = vec![self.entry_about(id, Act::Flag { question })];
        self.record(Purpose::Flag(true), "flag".to_owned(), entries)
    }

    pub(super) fn flag_marked(&mut self, question: &str) -> Vec<Effect> {
        let entries: Vec<Entry> = self
            .marks
            .iter()
            .map(|id| self.entry_about(*id, Act::Flag { question: question.to_owned() }))
            .collect();
        let words = format!("flag on {} note{}", entries.len(), plural(entries.len()));
        self.record(Purpose::Flag(true), words, entries)
    }

    pub(super) fn flags_recorded(&mut self, entries: &[Entry], set: bool, words: &str) {
        let ids: Vec<NoteId> = entries.iter().map(|entry| entry.note.id).collect();
        for id in &ids {
            self.set_flag(*id, set);
        }
        self.undo.push(Undo::Flag { ids, set });
        self.say(format!("Recorded: {words}.   u undoes it"));
    }

    pub(super) fn set_flag(&mut self, id: NoteId, set: bool) {
        if let Some(row) = self.rows.get_mut(&id) {
            row.flagged = set;
        }
    }

    pub(super) fn suppress(&mut self, reason: String) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let Some(rule) = open.current_warning().map(|warning| warning.rule.clone()) else {
            return Vec::new();
        };
        let entries = vec![self.entry_about(open.id, Act::Suppress { rule: rule.clone(), reason })];
        let words = format!("hidden warning {rule}");
        self.record(Purpose::Suppress { rule, hide: true }, words, entries)
    }

    pub(super) fn suppress_recorded(&mut self, id: NoteId, rule: String, hide: bool, words: &str) {
        let rules = self.suppressed.entry(id).or_default();
        if hide {
            rules.insert(rule.clone());
        } else {
            rules.remove(&rule);
        }
        self.undo.push(Undo::Suppress { id, rule });
        self.say(format!("Recorded: {words}.   u undoes it"));
    }

    /// More of the sources is listed; at the end what goes by all notes is asked for again.
    pub(super) fn on_listed(&mut self, total: u32, whole: bool) -> Vec<Effect> {
        self.total = self.total.max(total);
        self.queue.grow(total);
        self.listing = !whole;
        if !whole {
            return Vec::new();
        }
        let mut effects = vec![Effect::RestOfResume];
        if self.arranging.is_some() || !matches!(self.queue.order(), Order::All(_)) {
            effects.push(self.arrange());
        }
        effects
    }

    pub(super) fn on_grew(&mut self, total: u32) -> Vec<Effect> {
        let more = total.saturating_sub(self.total);
        self.total = self.total.max(total);
        self.queue.grow(total);
        if more > 0 {
            self.say(format!("{} new note{}.", counted(more), plural(more as usize)));
        }
        Vec::new()
    }

    /// Fits what depends on the size of the window.
    pub(super) fn fit(&mut self) {
        let (note_wide, note_height) = (self.note_wide(), self.note_height());
        let rows = match (self.screen, self.panes()) {
            (Screen::Queue, Some(panes)) => usize::from(panes.body.height).saturating_sub(2),
            (_, Some(panes)) => {
                panes.get(Pane::Queue).map_or(20, |area| usize::from(area.height).saturating_sub(2))
            }
            (_, None) => 10,
        };
        self.queue.set_height(rows);
        if let Some(open) = &mut self.open {
            open.wrap_at(note_wide, self.settings.ambiguous);
            if let Some(top) = self.want_scroll.take() {
                open.top = top;
            }
            open.top = open.top.min(open.row_count().saturating_sub(note_height));
        }
    }

    /// Returns the columns of the note's text.
    pub(in crate::tui) fn note_wide(&self) -> usize {
        let panes = self.panes();
        let area = panes.and_then(|p| p.note).map_or(56, |area| usize::from(area.width));
        super::super::view::note::text_width(area, self.settings.note_width)
    }

    /// Asks for facts of rows near the window, and forgets those far from it.
    pub(super) fn missing_rows(&mut self) -> Option<Effect> {
        // Fetched by pages, not row by row: each time costs a look at the log and one more frame.
        if self.queue.near(1).iter().all(|id| self.rows.contains_key(id)) {
            return None;
        }
        let near = self.queue.near(2);
        let wanted: Vec<NoteId> =
            near.iter().copied().filter(|id| !self.rows.contains_key(id)).collect();
        if self.rows.len() > near.len() * 4 + 64 {
            let keep: std::collections::BTreeSet<NoteId> = near.into_iter().collect();
            let (open, marks) = (self.open.as_ref().map(|open| open.id), &self.marks);
            self.rows.retain(|id, _| {
                keep.contains(id) || open == Some(*id) || (marks.len() < 64 && marks.contains(id))
            });
        }
        (!wanted.is_empty()).then_some(Effect::Rows(wanted))
    }
}

pub(super) fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>())
}
