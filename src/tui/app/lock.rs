//! The lock: text covered and the lease given back when nobody pressed a key for long.

use super::super::field::{Field, Lines};
use super::super::message::Effect;
use super::{App, Layer};

impl App {
    /// Tells whether the text is covered.
    pub fn is_locked(&self) -> bool {
        self.has_layer(|layer| matches!(layer, Layer::Locked(_)))
    }

    /// Covers the text; drafts stay in memory.
    pub(super) fn lock(&mut self) -> Vec<Effect> {
        if self.is_locked() {
            return Vec::new();
        }
        self.push(Layer::Locked(Field::new(Lines::One, "")));
        self.said = super::Said::default();
        self.open.as_ref().map(|open| Effect::Release(open.id)).into_iter().collect()
    }

    /// Takes the name that was typed; only the coder's own goes on, and the note is read again.
    pub(super) fn unlock(&mut self) -> Vec<Effect> {
        let Some(Layer::Locked(field)) = self.layers.last_mut() else { return Vec::new() };
        if field.text().trim() != self.settings.coder {
            field.set("");
            self.refuse("This is not the name of the coder who works here.");
            return Vec::new();
        }
        self.layers.pop();
        self.say("Unlocked. Your drafts are here.");
        let Some(id) = self.open.as_ref().map(|open| open.id) else { return Vec::new() };
        self.opening = Some(id);
        vec![Effect::Open(id)]
    }
}
