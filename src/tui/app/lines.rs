//! What a coder sets on a line by hand: units, modifiers, minutes as they read them.

use crate::model::{Code, Minutes};
use crate::review::{Draft, DraftLine, Undo};

use super::super::field::{Field, Lines};
use super::super::message::Effect;
use super::{App, FormFocus};

/// Most minutes of a line: those of a day.
const MOST_MINUTES: u32 = 1440;
/// Most units of a line.
const MOST_UNITS: u32 = 99;

impl App {
    /// Returns the line of a code that the draft leaves something to.
    pub(in crate::tui) fn live_line(&self, code: Code) -> Option<DraftLine> {
        self.current_lines().into_iter().find(|line| line.code == code && line.alive)
    }

    /// Changes the draft of the open note as one step to take back; tells whether it changed.
    fn step_line(&mut self, step: impl FnOnce(&mut Draft) -> bool) -> bool {
        let Some(id) = self.open.as_ref().map(|open| open.id) else { return false };
        let draft = self.drafts.entry(id).or_default();
        let changed = step(draft);
        if draft.is_empty() {
            self.drafts.remove(&id);
        }
        if changed {
            self.undo.push(Undo::Step { id });
        }
        changed
    }

    /// Sets the units of a line and says how they stand to the rule.
    pub(in crate::tui) fn set_units(&mut self, line: &DraftLine, units: u32) {
        let (code, rule) = (line.code, line.rule_units);
        let units = units.min(MOST_UNITS);
        self.step_line(|draft| {
            draft.step(format!("units of {code} = {units}"), |values| {
                if Some(units) == rule {
                    values.units.remove(&code);
                } else {
                    values.units.insert(code, units);
                }
            })
        });
        if Some(units) == rule {
            self.say(format!("{code}: {units}, as the rule gives."));
        } else {
            let given = rule.map_or_else(|| "none".to_owned(), |units| units.to_string());
            self.refuse(format!("{code}: {units}; the rule gives {given}. Needs reason 4."));
        }
    }

    /// Sets the modifiers of a line as they were typed, or tells why the line cannot take them.
    pub(in crate::tui) fn set_modifiers(
        &mut self,
        line: &DraftLine,
        typed: &str,
    ) -> Result<bool, String> {
        let wanted = self.settings.modifiers.read(typed)?;
        let code = line.code;
        if wanted == line.modifiers {
            return Ok(false);
        }
        Ok(self.step_line(|draft| {
            draft.step(format!("modifiers of {code}"), |values| {
                values.modifiers.insert(code, wanted);
            })
        }))
    }

    /// Sets the minutes of a line as the coder reads them, or tells why they are none.
    pub(in crate::tui) fn set_minutes(
        &mut self,
        line: &DraftLine,
        typed: &str,
    ) -> Result<bool, String> {
        let (typed, code) = (typed.trim(), line.code);
        if typed.is_empty() {
            return Ok(false);
        }
        let number = typed.parse::<u32>().ok().filter(|number| *number <= MOST_MINUTES);
        let Some(number) = number else {
            return Err(format!("minutes are a whole number up to {MOST_MINUTES}"));
        };
        if line.minutes == Some(Minutes::whole(number)) {
            return Ok(false);
        }
        Ok(self.step_line(|draft| {
            draft.step(format!("minutes of {code} = {number}"), |values| {
                values.minutes.insert(code, Minutes::whole(number));
            })
        }))
    }

    /// Takes modifiers or minutes that were typed into the draft; tells whether the field may be left.
    ///
    /// What the line cannot take stays in its field, with the reason on the line.
    pub(super) fn leave_field(&mut self) -> bool {
        let Some(form) = self.change_form() else { return true };
        let (FormFocus::Modifiers(at) | FormFocus::Minutes(at)) = form.focus else { return true };
        let (focus, typed) = (form.focus, form.typed.text().to_owned());
        let line = form.lines.get(at).and_then(|code| self.live_line(*code));
        let Some(line) = line else { return true };
        let taken = match focus {
            FormFocus::Minutes(_) => self.set_minutes(&line, &typed),
            _ => self.set_modifiers(&line, &typed),
        };
        let fault = taken.err();
        if let Some(fault) = &fault {
            self.refuse(format!("{}: {fault}.", line.code));
        }
        let may_leave = fault.is_none();
        if let Some(form) = self.form() {
            form.line_fault = fault;
        }
        may_leave
    }

    /// Left and Right on the units of a line.
    pub(super) fn form_units(&mut self, at: usize, more: bool) {
        let code = self.change_form().and_then(|form| form.lines.get(at).copied());
        let Some(line) = code.and_then(|code| self.live_line(code)) else { return };
        let now = line.units.unwrap_or_default();
        self.set_units(&line, if more { now + 1 } else { now.saturating_sub(1) });
    }

    pub(super) fn my_minutes(&mut self) -> Vec<Effect> {
        let Some(form) = self.change_form() else { return Vec::new() };
        let FormFocus::Units(at) = form.focus else { return Vec::new() };
        let line = form.lines.get(at).and_then(|code| self.live_line(*code));
        let minutes = line.and_then(|line| line.minutes);
        if let Some(form) = self.form() {
            form.typed =
                Field::new(Lines::One, &minutes.map(|m| m.to_string()).unwrap_or_default());
            form.focus = FormFocus::Minutes(at);
            self.say("Minutes of this line as you read them. Needs reason 4 and a comment.");
        }
        Vec::new()
    }
}
