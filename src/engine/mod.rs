//! The engine: text in, analysis out, a pure function of both.

#![deny(clippy::disallowed_methods)]

mod analyse;
pub mod billing;
mod context;
pub mod examples;
mod explain;
mod general;
mod idle;
mod marks;
mod matching;
pub mod nature;
mod openers;
mod readers;
pub mod rules;
mod scan;
mod score;
pub mod section;
mod segment;
mod suggest;
mod table;
mod text;

use std::cell::Cell;

use thiserror::Error;

use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{OnlyIf, Reader, ShieldKind};
use crate::knowledge::payers::Payers;
use crate::model::{Mention, Outcome, Segment, Span, Status, Theme, Warning};

use context::{Context, Cue, Judged};
use explain::{Names, Telling};
use general::{General, names_nothing};
use marks::Marks;
use matching::Match;
use nature::Nature;
use scan::Scan;
use score::{Scores, Scoring};
use section::{Holds, Section};
use segment::{Parts, Piece};
use suggest::{Circumstances, decide};
use text::Shadow;

/// The phrases cannot be compiled into an automaton, because there are too many of them.
#[derive(Debug, Error)]
#[error("the phrases of the keyword files cannot be compiled: {0}; use fewer")]
pub struct AutomatonError(String);

/// The compiled engine; shared by all threads.
#[derive(Debug)]
pub struct Engine {
    lexicon: Lexicon,
    payers: Payers,
    names: Vec<Names>,
}

/// What the words of a note say, before minutes and claims.
#[derive(Debug)]
pub struct Language {
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Delivered interventions in order.
    pub segments: Vec<Segment>,
    /// Activities with their status.
    pub mentions: Vec<Mention>,
    /// Matches of all rules: id position, span, status; for warnings and examples.
    pub found: Vec<Found>,
    /// Sentences, and whether they hold a measure.
    pub sentences: Vec<Sentence>,
    /// Combinations that hold: position of the segment and of the combination.
    pub combos: Vec<(usize, usize)>,
    /// What kind of report it is.
    pub nature: Nature,
}

/// A match of any rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Position among the rules of the lexicon.
    pub rule: usize,
    /// Its words.
    pub span: Span,
    /// Status of the activity, unstated for what is none.
    pub status: Status,
    /// Position among the sentences.
    pub sentence: usize,
    /// Segment it stands in.
    pub segment: Option<usize>,
    /// Whether it is its whole sentence, but for words that say nothing.
    pub alone: bool,
    /// Whether its sentence holds nothing but general words; asked only for rules that need it.
    pub general: bool,
}

/// A sentence, and whether it holds a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence {
    /// Its words.
    pub span: Span,
    /// Whether a number with a unit, a level of assistance or a comparison stands in it.
    pub measured: bool,
}

/// The room that notes are read in: kept from note to note, so that memory is asked for once.
#[derive(Debug, Default)]
struct Room {
    shadow: Shadow,
    scan: Scan,
    marks: Marks,
    unresolved: Vec<Match>,
    matches: Vec<Match>,
    cues: Vec<Cue>,
    judged: Vec<Judged>,
    spans: Vec<Span>,
}

thread_local! {
    /// Nothing of a note is read from it by another: all that is in it is made anew.
    static ROOM: Cell<Room> = Cell::default();
}

/// The room of a longer note is given back.
const LARGEST_KEPT: usize = 1 << 16;

impl Engine {
    /// Puts the engine together.
    pub fn new(lexicon: Lexicon, payers: Payers) -> Self {
        let names = lexicon.rules.iter().map(Names::of).collect();
        Self { lexicon, payers, names }
    }

    /// Returns the vocabulary it was compiled from.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Returns the payer profiles.
    pub fn payers(&self) -> &Payers {
        &self.payers
    }

    /// Reads the words of a note.
    pub fn read(&self, text: &str) -> Language {
        let mut room = ROOM.take();
        let language = self.read_in(&mut room, text);
        if text.len() <= LARGEST_KEPT {
            ROOM.set(room);
        }
        language
    }

    fn read_in(&self, room: &mut Room, text: &str) -> Language {
        let lexicon = &self.lexicon;
        let Room { shadow, scan, marks, unresolved, matches, cues, judged, spans } = room;
        shadow.refill(text);
        marks.find(lexicon, shadow, scan);
        matching::matches(lexicon, shadow, scan, marks, unresolved, matches);
        let (shadow, marks, matches) = (&*shadow, &*marks, &*matches);
        let activity = |one: &Match| lexicon.rules[one.rule].category.theme().is_some();
        let holds = Holds {
            activity: &|from, to| {
                let first = matches.partition_point(|one| one.start < from);
                matches[first..].iter().take_while(|one| one.start < to).any(activity)
            },
            reps: &|from, to| marks.readings(Reader::Reps, from, to).next().is_some(),
        };
        let sections = section::sections(lexicon, shadow, text, &holds);
        let context = Context::new(lexicon, shadow, marks, &sections, matches, cues);
        judged.clear();
        judged.extend(matches.iter().map(|one| context.judge(one)));
        let idle = idle::idle_rows(&sections, shadow, text);
        idle::leave_out(&idle, matches, judged);
        spans.clear();
        spans.extend(matches.iter().map(|one| shadow.original(one.start, one.end, text)));
        let (judged, spans) = (&*judged, &*spans);
        let parts = Parts {
            lexicon,
            shadow,
            text,
            marks,
            sections: &sections,
            idle: &idle,
            matches,
            judged,
        };
        let performed = matches.iter().zip(judged).filter(|(one, judged)| {
            judged.status == Status::Performed && activity(one) && !lexicon.rules[one.rule].bare
        });
        let mut activities: Vec<usize> = performed.map(|(one, _)| one.rule).collect();
        activities.sort_unstable();
        activities.dedup();
        let nature = nature::nature(lexicon, shadow, marks, activities.len());
        let pieces = match nature {
            Nature::Therapy => segment::pieces(&parts),
            Nature::Medical => Vec::new(),
        };
        let names = &self.names;
        let telling = Telling { lexicon, names, shadow, text, matches, judged, spans };
        let scoring = Scoring { lexicon, shadow, matches, judged, marks };
        let lines = LineCounter::new(text);
        let mut combos = Vec::new();
        let segments: Vec<Segment> = pieces
            .iter()
            .enumerate()
            .map(|(index, piece)| {
                let section = &sections[piece.section];
                let scores = scoring.score(piece, section.kind);
                combos.extend(scores.combos.iter().map(|combo| (index, *combo)));
                let segment = self.segment(index, piece, section, &scores, &scoring, &telling);
                Segment { line: lines.line(segment.span.start), ..segment }
            })
            .collect();
        let segment_of = |at: u32| {
            let next = pieces.partition_point(|piece| piece.start <= at);
            next.checked_sub(1).filter(|index| at < pieces[*index].end)
        };
        let mentions = mentions(&telling, &segment_of);
        let sentences = sentences(shadow, marks, text);
        let general = General { lexicon, shadow, marks, sections: &sections };
        let specific = |from: u32, to: u32| {
            let first = matches.partition_point(|one| one.start < from);
            matches[first..]
                .iter()
                .take_while(|one| one.start < to)
                .any(|one| activity(one) && !lexicon.rules[one.rule].bare)
        };
        let bare = |one: &Match| {
            let rule = &lexicon.rules[one.rule];
            rule.only_if == OnlyIf::General && general.only(one.start, &rule.never, specific)
        };
        let found = found(&telling, &sentences, &segment_of, &bare);
        Language { sections, segments, mentions, found, sentences, combos, nature }
    }

    /// Returns the warnings that keyword files raise for the words of a note.
    pub fn wording(&self, language: &Language, text: &str) -> Vec<Warning> {
        rules::wording::warnings(&self.lexicon, language, text)
    }

    fn segment(
        &self,
        index: usize,
        piece: &Piece,
        section: &Section,
        scores: &Scores,
        scoring: &Scoring<'_>,
        telling: &Telling<'_>,
    ) -> Segment {
        let lexicon = &self.lexicon;
        let inside = scoring.inside(piece);
        let activities: Vec<&Judged> = inside
            .clone()
            .filter(|at| lexicon.rules[telling.matches[*at].rule].category.theme().is_some())
            .map(|at| &telling.judged[at])
            .collect();
        let mut statuses: Vec<Status> = activities.iter().map(|one| one.status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let span =
            trimmed(telling.shadow.original(piece.start, piece.end, telling.text), telling.text);
        let around = Circumstances {
            conflict: activities.iter().any(|one| one.conflict),
            label_only: activities.is_empty()
                && piece.claim.is_some()
                && (piece.label_only
                    || names_nothing(lexicon, telling.shadow, piece.start, piece.end)),
            unreadable: span.len() > lexicon.segment_bytes as usize,
            statuses,
        };
        let verdict = decide(lexicon, scores, &around);
        let codes = telling.codes(&verdict, scores, span);
        let ask = telling.ask(&verdict, &codes, scores);
        let status = if around.statuses.contains(&Status::Performed) {
            Status::Performed
        } else {
            around.statuses.first().copied().or(section.status).unwrap_or_default()
        };
        Segment {
            index,
            span,
            line: 0,
            section: section.kind,
            status,
            minutes: None,
            minutes_span: None,
            claim: piece.claim,
            outcome: verdict.outcome,
            codes,
            ask: ask.filter(|_| !matches!(verdict.outcome, Outcome::Other)),
        }
    }
}

fn mentions(telling: &Telling<'_>, segment_of: &impl Fn(u32) -> Option<usize>) -> Vec<Mention> {
    telling
        .matches
        .iter()
        .enumerate()
        .filter_map(|(at, one)| {
            let rule = &telling.lexicon.rules[one.rule];
            // The name of a test is an activity that was measured, not trained.
            let test = (rule.shield == Some(ShieldKind::Test)).then_some(Theme::OtherService);
            let theme = rule.category.theme().or(test)?;
            Some(Mention {
                term: telling.names[one.rule].id.clone(),
                theme,
                status: telling.judged[at].status,
                span: telling.spans[at],
                cue: telling.cue(at),
                segment: segment_of(one.start),
            })
        })
        .collect()
}

fn found(
    telling: &Telling<'_>,
    sentences: &[Sentence],
    segment_of: &impl Fn(u32) -> Option<usize>,
    general: &impl Fn(&Match) -> bool,
) -> Vec<Found> {
    let matches = telling.matches.iter().zip(telling.judged).zip(telling.spans);
    matches
        .map(|((one, judged), span)| {
            let span = *span;
            let next = sentences.partition_point(|sentence| sentence.span.start <= span.start);
            let sentence = next.saturating_sub(1);
            let around = sentences.get(sentence).map_or(span, |sentence| sentence.span);
            Found {
                rule: one.rule,
                span,
                status: judged.status,
                sentence,
                segment: segment_of(one.start),
                alone: telling.lexicon.rules[one.rule].alone && alone(span, around, telling.text),
                general: general(one),
            }
        })
        .collect()
}

fn sentences(shadow: &Shadow, marks: &Marks, text: &str) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let ends = shadow.breaks.iter().filter(|one| one.level >= text::Level::Sentence);
    for end in ends.map(|one| one.at) {
        let mut measures = marks.readings(crate::knowledge::lexicon::Reader::Measure, from, end);
        let any = measures.next().is_some();
        let span = trimmed(shadow.original(from, end, text), text);
        if !span.is_empty() {
            sentences.push(Sentence { span, measured: any });
        }
        from = end;
    }
    sentences
}

/// Tells whether a sentence says nothing besides the match: only words such as "pt", "is", "today".
fn alone(span: Span, sentence: Span, text: &str) -> bool {
    const FILLERS: &[&str] = &[
        "pt",
        "pts",
        "patient",
        "client",
        "resident",
        "he",
        "she",
        "they",
        "is",
        "was",
        "has",
        "had",
        "remains",
        "remained",
        "today",
        "overall",
        "the",
        "a",
        "and",
        "to",
        "with",
        "continues",
        "continued",
        "this",
        "date",
        "session",
        "visit",
        "therapy",
        "treatment",
        "tx",
        "during",
        "very",
        "for",
        "of",
        "at",
        "time",
        "in",
        "s",
        "o",
        "p",
        "patient's",
        "currently",
        "again",
        "all",
        "well",
        "response",
        "assessment",
        "plan",
        "reports",
        "report",
        "reported",
        "no",
    ];
    let before = text.get(sentence.start as usize..span.start as usize).unwrap_or_default();
    let after =
        text.get(span.end as usize..sentence.end.max(span.end) as usize).unwrap_or_default();
    [before, after]
        .iter()
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '\''))
        .all(|word| word.is_empty() || FILLERS.contains(&word.to_ascii_lowercase().as_str()))
}

/// Takes white space off both ends of a span.
fn trimmed(span: Span, text: &str) -> Span {
    let words = span.of(text);
    let start = words.len() - words.trim_start().len();
    let end = words.trim_end().len();
    Span::new(span.start as usize + start.min(end), span.start as usize + end)
}

/// Counts lines without reading the text again for every segment.
struct LineCounter {
    newlines: Vec<u32>,
}

impl LineCounter {
    fn new(text: &str) -> Self {
        Self { newlines: memchr::memchr_iter(b'\n', text.as_bytes()).map(text::offset).collect() }
    }

    fn line(&self, at: u32) -> u32 {
        text::offset(self.newlines.partition_point(|newline| *newline < at) + 1)
    }
}
