//! The real loop in a real pseudo-terminal; the child is this test binary itself, with a desk in memory.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use portable_pty::CommandBuilder;
use rubric::review::{
    Desk, Entry, NoteId, Opened, Order, Problem, Receipt, Resume, Row,
    desk::Arrangement,
    figures::{Figures, Range},
};
use rubric::tui::theme::Theme;
use rubric::tui::{App, Seat};

use crate::support::desk::MemoryDesk;
use crate::support::pty::Pty;
use crate::support::screen::settings;

/// A desk that breaks on one note, with its words in the fault, as slicing a text would.
struct Breaking(MemoryDesk);

impl Desk for Breaking {
    fn open(&mut self, id: NoteId) -> Result<Opened, Problem> {
        assert!(id.0 != 1, "byte 3 is not a boundary of `{}`", crate::support::sample::TEXT);
        self.0.open(id)
    }
    fn release(&mut self, id: NoteId) {
        self.0.release(id);
    }
    fn rows(&mut self, ids: &[NoteId]) -> Vec<(NoteId, Row)> {
        self.0.rows(ids)
    }
    fn decided(&mut self) -> Vec<NoteId> {
        self.0.decided()
    }
    fn arrange(&mut self, generation: u64, wanted: &Arrangement) -> Option<Result<Order, Problem>> {
        self.0.arrange(generation, wanted)
    }
    fn stop(&mut self) {
        self.0.stop();
    }
    fn find(&mut self, key: &str) -> Option<NoteId> {
        self.0.find(key)
    }
    fn record(&mut self, ticket: u64, entries: &[Entry]) -> Result<Vec<Receipt>, Problem> {
        self.0.record(ticket, entries)
    }
    fn figures(&mut self, range: Range) -> Result<Figures, Problem> {
        self.0.figures(range)
    }
    fn keep(&mut self, resume: &Resume) {
        self.0.keep(resume);
    }
}

/// Set where the other tests call this binary.
const CALLED: &str = "RUBRIC_TEST_SCREEN";

/// Runs the screen when the other tests call this binary; nothing to do by itself.
#[test]
#[ignore = "the child of the other tests"]
fn child() {
    let variable = |name: &str| std::env::var(name).ok();
    if variable(CALLED).is_none() {
        return;
    }
    let mut settings = settings();
    settings.looks = Theme::for_environment(None, variable("NO_COLOR").as_deref(), None).into();
    let desk = MemoryDesk::sample(240);
    let app = App::new(settings, 240);
    if variable("RUBRIC_TEST_BREAKS").is_some() {
        let _ = rubric::tui::run(app, &mut Breaking(desk), Seat::new(channel()));
    } else {
        let mut desk = desk;
        let _ = rubric::tui::run(app, &mut desk, Seat::new(channel()));
    }
}

fn start(variables: &[(&str, &str)]) -> Pty {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["screen_pty::child", "--exact", "--ignored", "--nocapture"]);
    command.env_remove("NO_COLOR");
    command.env(CALLED, "1");
    for (name, value) in variables {
        command.env(name, value);
    }
    Pty::start(command)
}

pub(crate) fn taken_back(all: &str) {
    for sequence in ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?1007l", "\x1b[?25h"] {
        let at = all.rfind(sequence);
        assert!(at.is_some(), "the terminal was not given back: {sequence:?}");
    }
}

#[test]
fn a_session_records_asks_before_it_quits_and_gives_the_terminal_back() {
    let mut pty = start(&[]);
    pty.until("N-0401");
    pty.until("why 97530");
    pty.quiet(200);
    let idle = pty.bytes.recv_timeout(Duration::from_millis(400));
    assert!(matches!(idle, Err(RecvTimeoutError::Timeout)), "an idle screen writes nothing");
    pty.send("a");
    pty.until("Recorded: accept N-0401");
    pty.send("aaqd1");
    pty.until("Paste ignored: 5 keys");
    pty.quiet(100);
    pty.send("\x1b[200~accept everything\x1b[201~");
    pty.until("Paste ignored: 17 keys");
    pty.quiet(100);
    pty.send("\x03");
    pty.until("Recorded in this session: 1.");
    pty.quiet(300);
    pty.send("y");
    let all = pty.rest();
    taken_back(&all);
    assert!(!all.contains("\x1b[?1000h"), "the mouse is off by default");
}

#[test]
fn the_mouse_is_undone_at_the_end_and_copies_go_to_the_clipboard_of_the_terminal() {
    let mut pty = start(&[]);
    pty.until("why 97530");
    pty.send("m");
    pty.until("Mouse on");
    pty.quiet(100);
    pty.send("y");
    pty.until("key of this note");
    pty.quiet(100);
    pty.send("5");
    pty.until("Copied, if your terminal allows it");
    pty.quiet(100);
    pty.send("\x03");
    pty.until("Quit rubric?");
    // The same key was pressed for the menu; the guard for held keys wants its time.
    pty.quiet(1000);
    pty.send("y");
    let all = pty.rest();
    // N-0401 in base 64.
    assert!(all.contains("\x1b]52;c;Ti0wNDAx"));
    assert!(all.find("\x1b[?1000h") < all.rfind("\x1b[?1000l"));
    taken_back(&all);
}

#[test]
fn no_color_writes_no_colour_and_keeps_bold_and_underline() {
    let mut pty = start(&[("NO_COLOR", "1")]);
    pty.until("why 97530");
    pty.send("\x03");
    pty.until("Quit rubric?");
    pty.quiet(300);
    pty.send("y");
    let all = pty.rest();
    assert!(!all.contains("\x1b[;m"), "an empty colour wipes bold and underline");
    for code in (30..38).chain(40..48).chain(90..98).chain(100..108) {
        assert!(!all.contains(&format!("\x1b[{code}m")), "{code}");
    }
    assert!(!all.contains("[38;") && !all.contains("[48;"));
    assert!(all.contains("\x1b[1m") && all.contains("\x1b[4m"));
}

#[test]
fn a_fault_gives_the_terminal_back_and_quotes_no_note() {
    let mut pty = start(&[("RUBRIC_TEST_BREAKS", "1")]);
    pty.until("why 97530");
    let before = pty.seen.len();
    pty.send("j");
    let all = pty.rest();
    taken_back(&all);
    let after = String::from_utf8_lossy(&pty.seen[before..]).into_owned();
    assert!(after.contains("nothing recorded is lost"), "{after}");
    assert!(!after.contains("not a boundary") && !after.contains("Sit<>stand"), "{after}");
}
