//! The one table of keys: dispatch, hints, help, palette and printed tables are read from it.

use super::action::Action;
use super::app::App;
use super::key::Key;

/// Where keys are pressed: the top layer, or the screen when nothing lies over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Panes of the review.
    Review,
    /// The queue on the whole screen.
    Queue,
    /// The points on the whole screen.
    Findings,
    /// Figures.
    Board,
    /// Forms of change, deferral and query.
    Form,
    /// Preview of a bulk act.
    Bulk,
    /// A line that is typed: filter, number, question.
    Prompt,
    /// Words of the note are being chosen.
    Select,
    /// A short list to choose from.
    Menu,
    /// Help and palette.
    Finder,
    /// Queries that wait for an answer.
    Queries,
    /// Time and units.
    Time,
    /// Something to be read: history, about, words of a warning, a comparison, a summary.
    Reading,
    /// A question of yes or no.
    YesNo,
    /// A write failed.
    Blocked,
    /// Somebody else has the note.
    LeaseLost,
    /// The note changed at its source.
    Changed,
    /// The text is covered.
    Locked,
}

impl Place {
    /// Returns the name, as it stands in help.
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Queue => "queue",
            Self::Findings => "points",
            Self::Board => "board",
            Self::Form => "form",
            Self::Bulk => "bulk",
            Self::Prompt => "typed line",
            Self::Select => "choosing words",
            Self::Menu => "menu",
            Self::Finder => "help and commands",
            Self::Queries => "open queries",
            Self::Time => "time and units",
            Self::Reading => "reading",
            Self::YesNo => "question",
            Self::Blocked => "not recorded",
            Self::LeaseLost => "lease lost",
            Self::Changed => "note changed",
            Self::Locked => "locked",
        }
    }
}

/// Heading under which help lists a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Decisions and drafts.
    Decide,
    /// Things to look at.
    Look,
    /// Movement.
    Go,
    /// The list of notes.
    Queue,
    /// Answers in dialogs.
    Answer,
}

impl Group {
    /// All groups, as help lists them.
    pub const ALL: [Self; 5] = [Self::Decide, Self::Look, Self::Go, Self::Queue, Self::Answer];

    /// Returns the heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decide => "Decide",
            Self::Look => "Look",
            Self::Go => "Go",
            Self::Queue => "Queue",
            Self::Answer => "In dialogs",
        }
    }
}

/// Tells why an action is not possible now; `None` if it is.
pub type Test = fn(&App) -> Option<&'static str>;

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it holds.
    pub places: &'static [Place],
    /// Keys, joined by blanks.
    pub keys: &'static str,
    /// What is done.
    pub action: Action,
    /// Heading in help.
    pub group: Group,
    /// Keys and words in the hints; keys only where they stand for several rows.
    pub hint: (&'static str, &'static str),
    /// One sentence.
    pub help: &'static str,
    /// More words.
    pub more: &'static str,
    /// Whether it is possible now.
    pub test: Test,
}

impl Binding {
    /// Returns the keys of the row.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.keys.split(' ').filter_map(Key::parse)
    }
}

use Group::{Answer, Decide, Go, Look, Queue as Que};
use Place::{
    Blocked, Board, Bulk, Changed, Finder, Findings, Form, LeaseLost, Locked, Menu, Prompt,
    Queries, Queue, Reading, Review, Select, Time, YesNo,
};

const NOTE: &[Place] = &[Review, Findings];
const SCREENS: &[Place] = &[Review, Queue, Findings, Board];
const LISTS: &[Place] = &[Review, Queue, Findings];
const BOTH: &[Place] = &[Review, Queue];
const ALL: &[Place] = &[
    Review, Queue, Findings, Board, Form, Bulk, Prompt, Menu, Finder, Queries, Time, Reading,
    YesNo, Blocked, LeaseLost, Changed, Locked, Select,
];
const MOVE: &[Place] = &[
    Review, Queue, Findings, Board, Form, Bulk, Menu, Finder, Queries, Time, Reading, Prompt,
    Select,
];
const OPENS: &[Place] = &[
    Locked, Review, Queue, Findings, Board, Form, Bulk, Prompt, Menu, Finder, Queries, Reading,
    Select,
];
const CLOSES: &[Place] = &[
    Review, Queue, Findings, Board, Form, Bulk, Prompt, Menu, Finder, Queries, Time, Reading,
    YesNo, Changed, LeaseLost, Select,
];
const HELPED: &[Place] = &[
    Review, Queue, Findings, Board, Form, Bulk, Menu, Queries, Time, Reading, YesNo, Blocked,
    LeaseLost, Changed, Prompt, Select,
];

macro_rules! rows {
    ($($places:expr, $keys:literal, $action:ident, $group:ident,
       ($hint_keys:literal, $hint:literal), $test:expr, $help:literal, $more:literal;)*) => {
        &[$(Binding {
            places: $places, keys: $keys, action: Action::$action, group: $group,
            hint: ($hint_keys, $hint), help: $help, more: $more, test: $test,
        }),*]
    };
}

/// All keys of the program.
pub const KEYMAP: &[Binding] = rows! {
    NOTE, "a", Accept, Decide, ("", "accept"), App::cannot_decide,
        "accept the lines as shown",
        "Records the codes, minutes and units on the screen. A code you chose that was not shown opens the form for a change. An open segment or an error in the lines stops it and takes you there.";
    NOTE, "c", Change, Decide, ("", "change"), App::cannot_change,
        "change codes, units or modifiers, with a reason",
        "Opens a form: codes by segment, units and modifiers by line, a reason, a comment. Esc keeps the draft.";
    NOTE, "q", Query, Decide, ("", "query"), App::cannot_decide_anew,
        "ask the therapist, in neutral words",
        "Opens a query about the current segment. The wording is checked while you type. Nothing is sent; copy it or print it.";
    NOTE, "d", Defer, Decide, ("", "defer"), App::cannot_defer,
        "put the note off",
        "Records that the note needs a second look; with defer.ask a list of reasons opens first.";
    NOTE, "1", Code97110, Decide, ("1-5", "code"), App::cannot_draft,
        "97110 for this segment: a draft",
        "Exercise for strength, endurance, motion or flexibility. Nothing is recorded until a.";
    NOTE, "2", Code97112, Decide, ("", "97112"), App::cannot_draft,
        "97112 for this segment: a draft", "Balance, coordination, posture, movement sense.";
    NOTE, "3", Code97530, Decide, ("", "97530"), App::cannot_draft,
        "97530 for this segment: a draft", "Practice of functional tasks.";
    NOTE, "4", Code97535, Decide, ("", "97535"), App::cannot_draft,
        "97535 for this segment: a draft", "Training in self-care or home management.";
    NOTE, "5", CodeOther, Decide, ("", "other service"), App::cannot_draft,
        "another service for this segment, from a list", "Services outside the four, as 97140 or 97116.";
    NOTE, "0", CodeNone, Decide, ("", "not billable"), App::cannot_draft,
        "no code for this segment: not billable", "The segment stays out of the lines.";
    &[Review, Queue, Findings, Board, Form], "u", Undo, Decide, ("", "undo"), App::cannot_undo,
        "undo the last decision or draft step",
        "Takes back the last thing you did. An undone decision is a new entry in the audit log; nothing is erased. What you had decided comes back as a draft.";
    NOTE, "f", Flag, Decide, ("", "flag"), App::no_note,
        "flag the note with a question; again takes the flag off", "The lead or trainer sees flagged notes.";
    NOTE, "-", Suppress, Decide, ("", "hide"), App::no_warning,
        "hide the warning under the cursor, with a reason", "Only for this note; the reason stands in the log.";
    LISTS, "n Right", NextSegment, Go, ("", "next"), App::no_segments,
        "next segment", "Goes round at the end.";
    LISTS, "p Left", PreviousSegment, Go, ("", "previous segment"), App::no_segments,
        "previous segment", "";
    BOTH, "e", Explain, Look, ("", "points"), App::hidden,
        "points of this segment, adding up",
        "Rows are what was found, columns are the codes; each column adds up to the score.";
    NOTE, "w", NextWarning, Look, ("", "warning"), App::no_warnings,
        "next warning, with its words in the note", "";
    NOTE, ".", NextMention, Look, ("", "next found"), App::no_mentions,
        "next activity found: what it is, whether it counts, why",
        "Planned, goal, home, history, reported and not done are named with the words that say so.";
    NOTE, ",", PreviousMention, Look, ("", "previous found"), App::no_mentions,
        "previous activity found in the note", "";
    NOTE, ";", FindInNote, Look, ("", "find"), App::no_note,
        "find words in this note", "Shows each place as you type; Enter or Down goes on, Up back.";
    NOTE, "\"", SelectWords, Look, ("", "words"), App::no_note,
        "choose words of the note, to copy them",
        "Arrows go by words and rows, Space sets the start, Enter copies. With the mouse on, dragging does the same.";
    &[Select], "Space", Mark, Answer, ("", "start here"), App::always,
        "start the choice at this word", "";
    BOTH, "/", Filter, Que, ("", "filter"), App::always,
        "filter the queue", "Words joined by blanks: open, err, code:97530, lead<3, -marked. Not a regular expression.";
    BOTH, "s", Sort, Que, ("", "sort"), App::always,
        "sort the queue", "The same order again runs backwards.";
    BOTH, "v", Views, Que, ("", "views"), App::always,
        "views of the queue", "Open, mine, errors first, too close, units differ, and your own.";
    BOTH, "l", Queue, Que, ("", "list"), App::always,
        "the whole queue, and back", "";
    BOTH, "Space", Mark, Que, ("", "mark"), App::empty_queue,
        "mark the note, or take the mark off", "";
    BOTH, "A", AcceptMarked, Que, ("", "accept marked"), App::cannot_bulk,
        "accept all marked notes, after a preview",
        "Lists every note it would touch and those left out. You type the number of notes. One undo takes all back.";
    BOTH, "D", DeferMarked, Que, ("", "defer marked"), App::cannot_bulk,
        "put all marked notes off, after a preview", "";
    BOTH, "F", FlagMarked, Que, ("", "flag marked"), App::cannot_bulk,
        "flag all marked notes, after a preview", "";
    BOTH, "x", UnmarkAll, Que, ("", "unmark"), App::nothing_marked,
        "unmark all", "One undo brings the marks back.";
    LISTS, "j", NextNote, Go, ("", "next note"), App::empty_queue,
        "next note", "";
    LISTS, "k", PreviousNote, Go, ("", "previous note"), App::empty_queue,
        "previous note", "";
    LISTS, "o", NextOpen, Go, ("", "next open"), App::empty_queue,
        "next open note", "Goes round once and says so.";
    BOTH, "g", GoTo, Go, ("", "go to"), App::empty_queue,
        "go to a number or key", "";
    MOVE, "Up", Up, Go, ("", "up"), App::always, "up in the focused pane", "";
    MOVE, "Down", Down, Go, ("", "down"), App::always, "down in the focused pane", "";
    &[Form, Board, Menu, Time, Prompt, Select], "Left", Left, Go, ("", "less"), App::always,
        "smaller value, shorter range, word before", "";
    &[Form, Board, Menu, Time, Prompt, Select], "Right", Right, Go, ("", "more"), App::always,
        "larger value, longer range, word after", "";
    MOVE, "PgUp", PageUp, Go, ("", "page up"), App::always, "a page up", "";
    MOVE, "PgDn", PageDown, Go, ("", "page down"), App::always, "a page down", "";
    MOVE, "Home", Home, Go, ("", "start"), App::always, "to the start", "";
    MOVE, "End", End, Go, ("", "end"), App::always, "to the end", "";
    OPENS, "Enter", Open, Go, ("", "open"), App::always,
        "open what is under the cursor, or press the button", "Records only on a button that says so.";
    MOVE, "Tab", NextPane, Go, ("", "next pane"), App::always, "next pane or field", "";
    MOVE, "Shift-Tab", PreviousPane, Go, ("", "previous pane"), App::always,
        "previous pane or field", "";
    CLOSES, "Esc", Close, Go, ("", "back"), App::nothing_to_close,
        "close the top layer", "Never quits, never throws typed text away.";
    NOTE, "t", TimeAndUnits, Look, ("", "time"), App::hidden,
        "time and units of this note", "Minutes by line, both unit rules, sums, and where they differ.";
    LISTS, "h", History, Look, ("", "history"), App::no_note,
        "history of this note", "Every event about it, newest first.";
    LISTS, "i", AboutNote, Look, ("", "about"), App::no_note,
        "about this note: source, fingerprint, risk, versions", "";
    &[Review, Queue, Board], "b", Board, Look, ("", "board"), App::hidden,
        "board: figures", "Counted from the audit log; every bar has its number.";
    BOTH, "Q", OpenQueries, Look, ("", "queries"), App::always,
        "open queries: those that wait for an answer, oldest first",
        "Lists them with question and answers offered; there a takes the answer down, x ends one that nobody answered, Enter opens the note.";
    &[Queries], "a", AnswerQuery, Answer, ("", "answer"), App::cannot_end_query,
        "take the therapist's answer down",
        "The answer goes into the comment of your next decision about the note, which ends the query.";
    &[Queries], "x", CloseQuery, Answer, ("", "close unanswered"), App::cannot_end_query,
        "close the query unanswered, with a reason",
        "Recorded at once as a deferral in place of the query; a, c or d on the note decides it.";
    &[Review], "z", Zoom, Look, ("", "zoom"), App::always,
        "let this pane fill the screen, and back", "";
    &[Review, Findings, Board, Blocked, LeaseLost, Queries, Reading, Time, Select], "y", Copy, Look, ("", "copy"),
        App::always, "copy", "Nothing with words of the note, unless you ask for item 6 or 7.";
    NOTE, "r", Reload, Look, ("", "read again"), App::cannot_reload,
        "read the note again", "";
    SCREENS, "m", Mouse, Look, ("", "mouse"), App::always,
        "mouse on or off", "While it is on, dragging over the note copies its words; Shift and drag is left to the terminal.";
    &[Form], "m", MyMinutes, Decide, ("", "my minutes"), App::always,
        "minutes of this line as I read them", "Needs the reason minutes or units, and a comment.";
    &[Bulk], "i", TakeHidden, Answer, ("", "takes hidden notes in"), App::always,
        "take the notes hidden by the filter in", "";
    &[Time], "r", Reload, Answer, ("", "the other rule first"), App::always,
        "the other unit rule first", "";
    &[Blocked], "r", Reload, Answer, ("", "try again"), App::always,
        "try again, with the same event", "";
    &[Changed], "r", Reload, Answer, ("", "read the new text"), App::always,
        "read the new text; your choices stay where they still fit", "";
    &[LeaseLost], "s", SecondOpinion, Answer, ("", "record as second opinion"), App::always,
        "record yours as a second opinion", "";
    &[LeaseLost], "o", NextOpen, Answer, ("", "next open note"), App::always,
        "next open note, keep the draft", "";
    &[YesNo], "y", Yes, Answer, ("", "yes"), App::always, "yes", "";
    &[YesNo], "n", No, Answer, ("", "no"), App::always, "no", "";
    SCREENS, ":", Palette, Look, ("", "commands"), App::always,
        "commands by name", "Actions, views, filters, themes, settings and rules; shows their keys; what you used last comes first.";
    HELPED, "? F1", Help, Look, ("", "help"), App::always,
        "help", "Type to find; Enter does it.";
    ALL, "Ctrl-C", Quit, Go, ("", "quit"), App::always,
        "quit; asks first", "";
    ALL, "Ctrl-L", Redraw, Go, ("", "redraw"), App::always,
        "draw the screen anew", "";
};

/// Actions in the hints by place, most used first; help always stands last.
const HINTS: &[(Place, &[Action])] = &[
    (
        Review,
        &[
            Action::Accept,
            Action::Change,
            Action::Query,
            Action::Defer,
            Action::Code97110,
            Action::NextSegment,
            Action::Explain,
            Action::Undo,
            Action::NextWarning,
            Action::NextOpen,
            Action::Filter,
            Action::TimeAndUnits,
            Action::Queue,
            Action::Palette,
        ],
    ),
    (
        Queue,
        &[
            Action::Open,
            Action::Mark,
            Action::AcceptMarked,
            Action::Filter,
            Action::Sort,
            Action::Views,
            Action::NextOpen,
            Action::UnmarkAll,
            Action::DeferMarked,
            Action::Undo,
            Action::Close,
        ],
    ),
    (
        Findings,
        &[
            Action::NextSegment,
            Action::PreviousSegment,
            Action::Code97110,
            Action::Accept,
            Action::Query,
            Action::Copy,
            Action::Close,
        ],
    ),
    (Board, &[Action::Right, Action::NextPane, Action::Open, Action::Copy, Action::Close]),
    (
        Queries,
        &[Action::Open, Action::AnswerQuery, Action::CloseQuery, Action::Copy, Action::Close],
    ),
    (Time, &[Action::Reload, Action::Copy, Action::Close]),
    (
        Select,
        &[
            Action::Mark,
            Action::Left,
            Action::Right,
            Action::Up,
            Action::Down,
            Action::Open,
            Action::Close,
        ],
    ),
    (YesNo, &[Action::Yes, Action::No]),
    (Reading, &[Action::Copy, Action::Close]),
    (LeaseLost, &[Action::SecondOpinion, Action::Copy, Action::NextOpen]),
    (Changed, &[Action::Reload, Action::Close]),
];

/// Returns the rows of the hints at a place, most used first, and help last.
pub fn hinted(place: Place) -> impl Iterator<Item = &'static Binding> {
    let actions = HINTS.iter().find(|(at, _)| *at == place).map_or(&[][..], |(_, list)| list);
    actions.iter().chain(&[Action::Help]).filter_map(move |action| row_of(place, *action))
}

/// Returns the row of an action at a place.
pub fn row_of(place: Place, action: Action) -> Option<&'static Binding> {
    KEYMAP.iter().find(|row| row.action == action && row.places.contains(&place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_stands_for_two_rows_at_one_place() {
        for (at, row) in KEYMAP.iter().enumerate() {
            assert!(row.keys.split(' ').all(|key| Key::parse(key).is_some()), "{}", row.keys);
            assert!(!row.help.is_empty() && !row.action.name().is_empty());
            for other in &KEYMAP[at + 1..] {
                for place in row.places.iter().filter(|place| other.places.contains(place)) {
                    let clash = row.keys().find(|key| other.keys().any(|k| k == *key));
                    assert!(clash.is_none(), "{place:?}: {} and {}", row.help, other.help);
                }
            }
        }
    }

    #[test]
    fn every_hint_has_its_row() {
        for (place, actions) in HINTS {
            assert_eq!(hinted(*place).count(), actions.len() + 1, "{place:?}");
        }
    }

    #[test]
    fn decisions_never_sit_on_enter_space_digits_or_arrows() {
        for row in KEYMAP.iter().filter(|row| row.action.decides()) {
            for key in row.keys() {
                assert!(matches!(key, Key::Char(c) if !c.is_ascii_digit() && c != ' '), "{key}");
            }
        }
    }
}
