//! What a coder has chosen for a note but not recorded yet, one step at a time.

use std::collections::BTreeMap;

use crate::model::{Code, Minutes};

/// What the coder chose for one segment.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// A code.
    Code(Code),
    /// Not billable.
    NotBillable,
}

impl Choice {
    /// Returns the code chosen, if one was.
    pub fn code(self) -> Option<Code> {
        match self {
            Self::Code(code) => Some(code),
            Self::NotBillable => None,
        }
    }
}

/// The values of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Values {
    /// Choices by segment; absent means as suggested.
    pub choices: BTreeMap<usize, Choice>,
    /// Units by line, where they differ from the rule.
    pub units: BTreeMap<Code, u32>,
    /// Modifiers by line, where they differ from those shown.
    pub modifiers: BTreeMap<Code, Vec<String>>,
    /// Minutes by line as the coder reads them.
    pub minutes: BTreeMap<Code, Minutes>,
    /// Reason, as an index into [`super::REASONS`].
    pub reason: Option<usize>,
    /// Comment.
    pub comment: String,
}

/// A draft with the way back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    now: Values,
    past: Vec<(String, Values)>,
}

impl Draft {
    /// Makes a draft of choices that were kept from an earlier session or a withdrawn decision.
    pub fn restored(values: Values) -> Self {
        Self { now: values, past: Vec::new() }
    }

    /// Returns the values.
    pub fn values(&self) -> &Values {
        &self.now
    }

    /// Tells whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        self.now == Values::default()
    }

    /// Returns what was chosen for a segment.
    pub fn choice(&self, segment: usize) -> Option<Choice> {
        self.now.choices.get(&segment).copied()
    }

    /// Changes the values as one step that can be taken back; a change of nothing is no step.
    pub fn step(&mut self, words: impl Into<String>, change: impl FnOnce(&mut Values)) -> bool {
        let before = self.now.clone();
        change(&mut self.now);
        if self.now == before {
            return false;
        }
        self.past.push((words.into(), before));
        true
    }

    /// Changes reason or comment while a form is open; these are not steps of their own.
    pub fn set_words(&mut self, reason: Option<usize>, comment: &str) {
        self.now.reason = reason;
        comment.clone_into(&mut self.now.comment);
    }

    /// Takes the last step back and returns its words.
    pub fn back(&mut self) -> Option<String> {
        let (words, before) = self.past.pop()?;
        let typed = (self.now.reason, std::mem::take(&mut self.now.comment));
        self.now = before;
        if self.now.comment.is_empty() {
            (self.now.reason, self.now.comment) = typed;
        }
        Some(words)
    }
}
