//! The real loop in a real pseudo-terminal; the child is this test binary itself, with a desk in memory.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use rubric::review::{
    Desk, Entry, NoteId, Opened, Order, Problem, Receipt, Resume, Row,
    desk::Arrangement,
    figures::{Figures, Range},
};
use rubric::tui::App;
use rubric::tui::theme::Theme;

use crate::support::desk::MemoryDesk;
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

/// Runs the screen when the other tests call this binary; skipped by itself.
#[test]
#[ignore = "the child of the other tests"]
fn child() {
    let mut settings = settings();
    let variable = |name: &str| std::env::var(name).ok();
    settings.looks = Theme::for_environment(None, variable("NO_COLOR").as_deref(), None).into();
    let desk = MemoryDesk::sample(240);
    let app = App::new(settings, 240);
    if variable("RUBRIC_TEST_BREAKS").is_some() {
        let _ = rubric::tui::run(app, &mut Breaking(desk), channel());
    } else {
        let mut desk = desk;
        let _ = rubric::tui::run(app, &mut desk, channel());
    }
}

struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    _master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Pty {
    fn new(variables: &[(&str, &str)]) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["screen_pty::child", "--exact", "--ignored", "--nocapture"]);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { child, writer, bytes, seen: Vec::new(), _master: pair.master }
    }

    fn screen(&self) -> String {
        let mut parser = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        parser.process(&self.seen);
        parser.screen().contents()
    }

    /// Waits until the words are on the screen.
    fn until(&mut self, words: &str) {
        while !self.screen().contains(words) {
            match self.bytes.recv_timeout(Duration::from_secs(20)) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(error) => panic!("never seen: {words} ({error})\n{}", self.screen()),
            }
        }
    }

    /// Reads until nothing came for so long; longer than the guards, whose clock is the real one.
    fn quiet(&mut self, ms: u64) {
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(ms)) {
            self.seen.extend(bytes);
        }
    }

    fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Reads until the child is gone.
    fn rest(&mut self) -> String {
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_secs(20)) {
            self.seen.extend(bytes);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        String::from_utf8_lossy(&self.seen).into_owned()
    }
}

fn taken_back(all: &str) {
    for sequence in ["\x1b[?1049l", "\x1b[?2004l", "\x1b[?1007l", "\x1b[?25h"] {
        let at = all.rfind(sequence);
        assert!(at.is_some(), "the terminal was not given back: {sequence:?}");
    }
}

#[test]
fn a_session_records_asks_before_it_quits_and_gives_the_terminal_back() {
    let mut pty = Pty::new(&[]);
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
    let mut pty = Pty::new(&[]);
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
    let mut pty = Pty::new(&[("NO_COLOR", "1")]);
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
    let mut pty = Pty::new(&[("RUBRIC_TEST_BREAKS", "1")]);
    pty.until("why 97530");
    let before = pty.seen.len();
    pty.send("j");
    let all = pty.rest();
    taken_back(&all);
    let after = String::from_utf8_lossy(&pty.seen[before..]).into_owned();
    assert!(after.contains("nothing recorded is lost"), "{after}");
    assert!(!after.contains("not a boundary") && !after.contains("Sit<>stand"), "{after}");
}
