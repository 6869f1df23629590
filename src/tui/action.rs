//! What a person can ask for: named, bindable, documented in the keymap.

/// One thing a key, a click or the palette asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Records the lines as shown or as drafted.
    Accept,
    /// Opens the form for other lines.
    Change,
    /// Opens a query to the therapist.
    Query,
    /// Puts the note off.
    Defer,
    /// Takes 97110 for the current segment.
    Code97110,
    /// Takes 97112.
    Code97112,
    /// Takes 97530.
    Code97530,
    /// Takes 97535.
    Code97535,
    /// Lists other services.
    CodeOther,
    /// Takes no code: not billable.
    CodeNone,
    /// Takes the last act back.
    Undo,
    /// Flags the note with a question, or takes the flag off.
    Flag,
    /// Hides the warning under the cursor, with a reason.
    Suppress,
    /// Marks the note.
    Mark,
    /// Accepts all marked notes, after a preview.
    AcceptMarked,
    /// Puts all marked notes off.
    DeferMarked,
    /// Flags all marked notes.
    FlagMarked,
    /// Takes all marks off.
    UnmarkAll,
    /// Goes to the next segment.
    NextSegment,
    /// Goes to the previous segment.
    PreviousSegment,
    /// Goes to the next warning.
    NextWarning,
    /// Goes to the next note.
    NextNote,
    /// Goes to the previous note.
    PreviousNote,
    /// Goes to the next open note.
    NextOpen,
    /// Goes to a number or key.
    GoTo,
    /// Moves up.
    Up,
    /// Moves down.
    Down,
    /// Moves left.
    Left,
    /// Moves right.
    Right,
    /// Moves a page up.
    PageUp,
    /// Moves a page down.
    PageDown,
    /// Goes to the start.
    Home,
    /// Goes to the end.
    End,
    /// Opens what is under the cursor, or presses the button.
    Open,
    /// Gives the focus to the next pane or field.
    NextPane,
    /// Gives the focus to the previous pane or field.
    PreviousPane,
    /// Closes the top layer.
    Close,
    /// Shows the points of the segment.
    Explain,
    /// Shows time and units.
    TimeAndUnits,
    /// Shows earlier events of the note.
    History,
    /// Shows where the note comes from and what made its risk.
    AboutNote,
    /// Shows the queue on the whole screen.
    Queue,
    /// Shows the figures.
    Board,
    /// Lists the queries that wait for an answer.
    OpenQueries,
    /// Takes the answer to a query down.
    AnswerQuery,
    /// Ends a query that nobody answered, with a reason.
    CloseQuery,
    /// Lets the focused pane fill the screen.
    Zoom,
    /// Filters the queue.
    Filter,
    /// Sorts the queue.
    Sort,
    /// Lists the views.
    Views,
    /// Copies something.
    Copy,
    /// Chooses words of the note.
    SelectWords,
    /// Looks for words in the note.
    FindInNote,
    /// Goes to the next place that was found in the note by the program.
    NextMention,
    /// Goes to the previous one.
    PreviousMention,
    /// Reads the note again, or tries again.
    Reload,
    /// Switches the mouse on or off.
    Mouse,
    /// Opens the list of commands.
    Palette,
    /// Opens the help.
    Help,
    /// Leaves the program.
    Quit,
    /// Draws the screen anew.
    Redraw,
    /// Answers yes.
    Yes,
    /// Answers no.
    No,
    /// Records the draft as a second opinion.
    SecondOpinion,
    /// Takes notes hidden by the filter into a bulk act.
    TakeHidden,
    /// Gives the minutes of a line as the coder reads them.
    MyMinutes,
}

const NAMES: [(Action, &str); 66] = [
    (Action::Accept, "accept"),
    (Action::Change, "change"),
    (Action::Query, "query"),
    (Action::Defer, "defer"),
    (Action::Code97110, "code_97110"),
    (Action::Code97112, "code_97112"),
    (Action::Code97530, "code_97530"),
    (Action::Code97535, "code_97535"),
    (Action::CodeOther, "code_other"),
    (Action::CodeNone, "code_none"),
    (Action::Undo, "undo"),
    (Action::Flag, "flag"),
    (Action::Suppress, "suppress"),
    (Action::Mark, "mark"),
    (Action::AcceptMarked, "accept_marked"),
    (Action::DeferMarked, "defer_marked"),
    (Action::FlagMarked, "flag_marked"),
    (Action::UnmarkAll, "unmark_all"),
    (Action::NextSegment, "next_segment"),
    (Action::PreviousSegment, "previous_segment"),
    (Action::NextWarning, "next_warning"),
    (Action::NextNote, "next_note"),
    (Action::PreviousNote, "previous_note"),
    (Action::NextOpen, "next_open"),
    (Action::GoTo, "go_to"),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Left, "left"),
    (Action::Right, "right"),
    (Action::PageUp, "page_up"),
    (Action::PageDown, "page_down"),
    (Action::Home, "home"),
    (Action::End, "end"),
    (Action::Open, "open"),
    (Action::NextPane, "next_pane"),
    (Action::PreviousPane, "previous_pane"),
    (Action::Close, "close"),
    (Action::Explain, "explain"),
    (Action::TimeAndUnits, "time_and_units"),
    (Action::History, "history"),
    (Action::AboutNote, "about_note"),
    (Action::Queue, "queue"),
    (Action::Board, "board"),
    (Action::OpenQueries, "open_queries"),
    (Action::AnswerQuery, "answer_query"),
    (Action::CloseQuery, "close_query"),
    (Action::Zoom, "zoom"),
    (Action::Filter, "filter"),
    (Action::Sort, "sort"),
    (Action::Views, "views"),
    (Action::Copy, "copy"),
    (Action::SelectWords, "select_words"),
    (Action::FindInNote, "find_in_note"),
    (Action::NextMention, "next_mention"),
    (Action::PreviousMention, "previous_mention"),
    (Action::Reload, "reload"),
    (Action::Mouse, "mouse"),
    (Action::Palette, "palette"),
    (Action::Help, "help"),
    (Action::Quit, "quit"),
    (Action::Redraw, "redraw"),
    (Action::Yes, "yes"),
    (Action::No, "no"),
    (Action::SecondOpinion, "second_opinion"),
    (Action::TakeHidden, "take_hidden"),
    (Action::MyMinutes, "my_minutes"),
];

impl Action {
    /// Returns the name, as it stands in settings.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(action, _)| *action == self).map_or("", |(_, name)| name)
    }

    /// Returns the action of a name.
    pub fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, other)| *other == name).map(|(action, _)| *action)
    }

    /// Tells whether it records something at once, so that the guards stand before it.
    pub fn decides(self) -> bool {
        matches!(
            self,
            Self::Accept
                | Self::Change
                | Self::Query
                | Self::Defer
                | Self::AcceptMarked
                | Self::DeferMarked
                | Self::FlagMarked
                | Self::Yes
                | Self::SecondOpinion
        )
    }
}
