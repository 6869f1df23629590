//! The form for a change: codes, units, modifiers, a reason, a comment.

use crate::model::{Code, DecisionKind};
use crate::review::decide::{REASONS, needs_unit_reason};
use crate::review::{Choice, Draft, DraftLine, draft_lines};

use super::super::action::Action;
use super::super::field::{Field, Lines};
use super::super::guard::Refused;
use super::super::key::Key;
use super::super::message::Effect;
use super::{App, Layer};

/// The field of the form that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormFocus {
    /// The list of segments.
    Segments,
    /// Units of a line.
    Units(usize),
    /// Modifiers of a line.
    Modifiers(usize),
    /// Minutes of a line as the coder reads them.
    Minutes(usize),
    /// The list of reasons.
    Reason,
    /// The comment.
    Comment,
    /// The button that records.
    Record,
    /// The button that does not.
    Cancel,
}

/// The form; its values are the draft of the note.
#[derive(Debug, Clone)]
pub struct ChangeForm {
    /// Focus.
    pub focus: FormFocus,
    /// Segment under the cursor.
    pub segment: usize,
    /// Number of segments.
    pub segments: usize,
    /// Lines that are alive, by code.
    pub lines: Vec<Code>,
    /// Reason under the cursor.
    pub reason_cursor: usize,
    /// Reason chosen.
    pub reason: Option<usize>,
    /// The comment.
    pub comment: Field,
    /// Modifiers or minutes while they are typed.
    pub typed: Field,
    /// Why the line cannot take what was typed; it stays in its field.
    pub line_fault: Option<String>,
    /// What stands against recording, after the button was pressed.
    pub fault: Option<String>,
}

impl ChangeForm {
    /// Returns the text field with the focus.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self.focus {
            FormFocus::Comment => Some(&mut self.comment),
            FormFocus::Modifiers(_) | FormFocus::Minutes(_) => Some(&mut self.typed),
            _ => None,
        }
    }

    fn stops(&self) -> Vec<FormFocus> {
        let mut stops = vec![FormFocus::Segments];
        for line in 0..self.lines.len() {
            stops.push(FormFocus::Units(line));
            stops.push(FormFocus::Modifiers(line));
        }
        stops.extend([FormFocus::Reason, FormFocus::Comment, FormFocus::Record, FormFocus::Cancel]);
        stops
    }

    pub(super) fn moved(&mut self, action: Action) {
        match (action, self.focus) {
            (Action::NextPane | Action::PreviousPane, _) => {}
            (_, FormFocus::Segments) => {
                self.segment = super::moves::moved(self.segment, self.segments, 5, action);
            }
            (_, FormFocus::Reason) => {
                self.reason_cursor =
                    super::moves::moved(self.reason_cursor, REASONS.len(), 4, action);
            }
            (Action::Left | Action::Right, FormFocus::Record) => self.focus = FormFocus::Cancel,
            (Action::Left | Action::Right, FormFocus::Cancel) => self.focus = FormFocus::Record,
            _ => {}
        }
    }
}

impl App {
    pub(super) fn open_change(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let draft = self.current_draft();
        let lines = draft_lines(&open.analysis, &draft, &self.settings.units_of);
        let form = ChangeForm {
            focus: FormFocus::Segments,
            segment: open.segment,
            segments: open.analysis.segments.len(),
            lines: lines.iter().filter(|line| line.alive).map(|line| line.code).collect(),
            reason_cursor: draft.values().reason.unwrap_or_default(),
            reason: draft.values().reason,
            comment: Field::new(Lines::Many, &draft.values().comment),
            typed: Field::default(),
            line_fault: None,
            fault: None,
        };
        self.push(Layer::Change(Box::new(form)));
        self.say("A change needs a reason. Draft kept if you press Esc.");
        Vec::new()
    }

    /// Returns the lines of the open note under its draft.
    pub(in crate::tui) fn current_lines(&self) -> Vec<DraftLine> {
        self.open.as_ref().map_or_else(Vec::new, |open| {
            draft_lines(&open.analysis, &self.current_draft(), &self.settings.units_of)
        })
    }

    pub(super) fn keep_form(&mut self, form: &ChangeForm) {
        let Some(id) = self.open.as_ref().map(|open| open.id) else { return };
        let draft = self.drafts.entry(id).or_default();
        draft.set_words(form.reason, form.comment.text());
        if draft.is_empty() {
            self.drafts.remove(&id);
        } else {
            self.say("Draft kept. Nothing is recorded yet.");
        }
    }

    /// Returns the form, also from below a dialog.
    pub(super) fn change_form(&self) -> Option<&ChangeForm> {
        self.layers.iter().find_map(|layer| match layer {
            Layer::Change(form) => Some(form.as_ref()),
            _ => None,
        })
    }

    pub(super) fn form(&mut self) -> Option<&mut ChangeForm> {
        match self.layers.last_mut() {
            Some(Layer::Change(form)) => Some(form),
            _ => None,
        }
    }

    /// Gives the focus to the next or previous field; what was typed in this one is taken over.
    pub(super) fn step_form(&mut self, back: bool) {
        if !self.leave_field() {
            return;
        }
        let Some(form) = self.form() else { return };
        let stops = form.stops();
        let now = match form.focus {
            FormFocus::Minutes(line) => FormFocus::Units(line),
            other => other,
        };
        let at = stops.iter().position(|stop| *stop == now).unwrap_or_default();
        let next = if back { at + stops.len() - 1 } else { at + 1 } % stops.len();
        self.focus_form(stops[next]);
    }

    pub(super) fn focus_form(&mut self, focus: FormFocus) {
        let lines = self.current_lines();
        let Some(form) = self.form() else { return };
        form.focus = focus;
        if let FormFocus::Modifiers(at) = focus {
            let code = form.lines.get(at);
            let line = lines.iter().find(|line| Some(&line.code) == code);
            form.typed =
                Field::new(Lines::One, &line.map(|l| l.modifiers.join(" ")).unwrap_or_default());
        }
        if matches!(focus, FormFocus::Record) {
            self.guard.changed(self.now);
        }
    }

    /// Keys of the form that are no actions: digits, and arrows on a number.
    pub(super) fn key_in_form(&mut self, key: Key, verdict: Result<(), Refused>) -> bool {
        let Some(form) = self.form() else { return false };
        match (key, form.focus) {
            (Key::Char(digit @ '0'..='8'), focus) => {
                let digit = digit as usize - '0' as usize;
                if focus == FormFocus::Segments {
                    self.form_code(digit);
                } else if digit > 0 {
                    self.form_reason(digit - 1);
                }
                true
            }
            (Key::Left | Key::Right, FormFocus::Units(at)) => {
                self.form_units(at, key == Key::Right);
                true
            }
            (Key::BackTab, _) => {
                self.step_form(true);
                true
            }
            (Key::Enter, FormFocus::Record) => {
                if let Err(refused) = verdict {
                    self.say_refused(key, refused);
                    return true;
                }
                false
            }
            (Key::Enter, FormFocus::Cancel | FormFocus::Reason) => false,
            (Key::Tab | Key::Enter, _) => {
                self.step_form(false);
                true
            }
            _ => false,
        }
    }

    fn form_code(&mut self, digit: usize) {
        let Some(form) = self.form() else { return };
        let segment = form.segment;
        if let Some(open) = &mut self.open {
            open.segment = segment;
        }
        match digit {
            0 => self.choose(Choice::NotBillable),
            1..=4 => self.choose(Choice::Code(Code::FOUR[digit - 1])),
            5 => {
                let _ = self.open_menu(super::MenuKind::Other);
                return;
            }
            _ => return,
        }
        self.renew_form();
    }

    /// Lists the lines anew after a code changed.
    pub(super) fn renew_form(&mut self) {
        let lines = self.current_lines();
        if let Some(form) = self.form() {
            form.lines = lines.iter().filter(|line| line.alive).map(|line| line.code).collect();
            form.fault = None;
        }
    }

    fn form_reason(&mut self, at: usize) {
        let Some(form) = self.form() else { return };
        form.reason = Some(at);
        form.reason_cursor = at;
        form.fault = None;
        let comment = at == REASONS.len() - 1 && form.comment.text().trim().is_empty();
        self.focus_form(if comment { FormFocus::Comment } else { FormFocus::Record });
    }

    /// Returns what stands against recording the form.
    fn form_fault(&mut self) -> Option<String> {
        let lines = self.current_lines();
        let draft = self.current_draft();
        let open_segment = self.open.as_ref().and_then(|open| {
            open.analysis.segments.iter().position(|segment| {
                draft.choice(segment.index).is_none()
                    && segment.code().is_none()
                    && segment.minutes.is_some()
            })
        });
        let form = self.form()?;
        let comment = !form.comment.text().trim().is_empty();
        if let Some(segment) = open_segment {
            form.focus = FormFocus::Segments;
            form.segment = segment;
            return Some(format!("Segment {} is open: 1-5 code, 0 none.", segment + 1));
        }
        let Some(reason) = form.reason else {
            form.focus = FormFocus::Reason;
            return Some("A change needs a reason: press its digit.".to_owned());
        };
        if reason == REASONS.len() - 1 && !comment {
            form.focus = FormFocus::Comment;
            return Some("Reason 8 needs a comment.".to_owned());
        }
        if needs_unit_reason(&lines, draft.values()) && reason != 3 {
            form.focus = FormFocus::Reason;
            return Some("Units or minutes differ from the rule: that is reason 4.".to_owned());
        }
        if !draft.values().minutes.is_empty() && !comment {
            form.focus = FormFocus::Comment;
            return Some("Own minutes need a comment.".to_owned());
        }
        None
    }

    /// Presses Enter in the form.
    pub(super) fn enter_form(&mut self) -> Vec<Effect> {
        let Some(form) = self.form() else { return Vec::new() };
        match form.focus {
            FormFocus::Reason => {
                let at = form.reason_cursor;
                self.form_reason(at);
                Vec::new()
            }
            FormFocus::Cancel => self.close(),
            FormFocus::Record => {
                if let Some(fault) = self.form_fault() {
                    if let Some(form) = self.form() {
                        form.fault = Some(fault.clone());
                    }
                    self.refuse(fault);
                    return Vec::new();
                }
                let mut draft: Draft = self.current_draft();
                if let Some(form) = self.form() {
                    draft.set_words(form.reason, form.comment.text());
                }
                self.decide(DecisionKind::Change, &draft, None)
            }
            _ => Vec::new(),
        }
    }
}
