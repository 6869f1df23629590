//! The queries of the log that nobody answered or closed yet, oldest first.

use std::ops::ControlFlow;

use crate::model::DecisionKind;
use crate::review::asked::{OpenQueries, OpenQuery};
use crate::review::desk::{Desk as _, NoteId, Problem};
use crate::review::query::matter_of;
use crate::store::{HistoryEntry, Stamp, StoreError, TextState};

use super::{Office, words};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Queries that are listed: more than anybody reads in one go.
const LISTED: usize = 500;

impl Office {
    pub(super) fn list_queries(&mut self) -> Result<OpenQueries, Problem> {
        self.catch_up();
        let mut asked = self.standings.queried();
        asked.sort_unstable_by_key(|(seq, _)| *seq);
        let more = asked.len().saturating_sub(LISTED);
        asked.truncate(LISTED);
        let ids: Vec<NoteId> = asked.iter().filter_map(|(_, id)| *id).collect();
        let rows = self.rows(&ids);
        let now = (self.clock)();
        let waiting = asked
            .into_iter()
            .map(|(seq, id)| {
                let row = rows.iter().find(|(of, _)| Some(*of) == id);
                let edited = row.is_some_and(|(_, row)| row.stale);
                Ok(self.event(seq)?.map(|event| told(&event, id, edited, now)))
            })
            .filter_map(Result::transpose)
            .collect::<Result<Vec<OpenQuery>, StoreError>>()
            .map_err(|error| words::problem(&error, self.log.path()))?;
        Ok(OpenQueries { waiting, more })
    }

    fn event(&self, seq: i64) -> Result<Option<HistoryEntry>, StoreError> {
        let mut found = None;
        self.log.each_entry(seq, |event| {
            found = Some(event);
            ControlFlow::Break(())
        })?;
        Ok(found.filter(|event| {
            event.after.as_ref().is_some_and(|asked| asked.kind == DecisionKind::Query)
        }))
    }
}

fn told(event: &HistoryEntry, id: Option<NoteId>, edited: bool, now: Stamp) -> OpenQuery {
    let reason = event.after.as_ref().and_then(|asked| asked.reason.as_deref());
    let words = match event.texts.get("comment") {
        Some(TextState::Kept(text)) => text.lines().map(str::to_owned).collect(),
        Some(TextState::Redacted { by, .. }) => vec![format!("The words were redacted by {by}.")],
        Some(TextState::Missing) => {
            vec!["The words are missing; rubric log verify says more.".to_owned()]
        }
        None => Vec::new(),
    };
    OpenQuery {
        id,
        key: event.note_key.clone(),
        seq: event.seq.unsigned_abs(),
        who: event.by.clone(),
        when: words::moment(event.at, now),
        days: ((now.utc_ms - event.at.utc_ms).max(0) / DAY_MS).unsigned_abs(),
        matter: reason.and_then(matter_of).unwrap_or("query").to_owned(),
        words,
        edited,
    }
}
