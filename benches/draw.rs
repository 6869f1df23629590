//! What one move through the queue costs: opening the next note, laying it out, writing what changed.
//!
//! `cargo bench --bench draw -- [NOTES]`: moves through queues of 1,000 and of NOTES (100,000) notes
//! in turn, 120 by 40, drawn into a terminal that goes nowhere. Told in CPU time a move, with the same
//! over the larger queue divided by that over the smaller: a move must not grow with the queue.
//! No lease is taken, as on the screen, where that follows when the picture stands.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rubric::engine::Engine;
use rubric::intake::Options;
use rubric::knowledge::{load, load_payers};
use rubric::review::UnitsOf;
use rubric::review::office::{Listing, Office, Setup, Wait};
use rubric::store::{AuditLog, Coder, LogPlace, Stamp};
use rubric::tui::effects::settle;
use rubric::tui::key::Key;
use rubric::tui::view::draw;
use rubric::tui::{App, Message, Settings};

/// Moves a round.
const MOVES: u64 = 200;

/// Rounds that count.
const ROUNDS: usize = 5;

/// Noon of a day.
const NOON: i64 = 1_795_262_400_000;

fn main() {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let engine = Arc::new(Engine::new(load(None).unwrap(), load_payers(None).unwrap()));
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    let mut small = Person::sit(&engine, folder.path(), 1_000);
    let mut large = Person::sit(&engine, folder.path(), wanted);
    let mut times: [Vec<Cost>; 2] = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        for (at, person) in [&mut small, &mut large].into_iter().enumerate() {
            let cost = person.go_down();
            if round > 0 {
                times[at].push(cost);
            }
        }
    }
    for (list, notes) in times.iter().zip([1_000, wanted]) {
        let [opening, drawing] = [|cost: &Cost| cost.opening, |cost: &Cost| cost.drawing]
            .map(|part| median(list.iter().map(part)));
        println!(
            "{notes} notes: {:.0} us a move, opening {:.0}, drawing {:.0}; {} bytes a move",
            opening + drawing,
            opening,
            drawing,
            list[0].bytes
        );
    }
    let whole = |list: &[Cost]| median(list.iter().map(|cost| cost.opening + cost.drawing));
    println!("{wanted} notes / 1000 notes {:.2}", whole(&times[1]) / whole(&times[0]));
}

/// Microseconds and bytes of one move.
struct Cost {
    opening: f64,
    drawing: f64,
    bytes: usize,
}

/// Somebody before a queue of their own.
struct Person {
    app: App,
    desk: Office,
    terminal: Terminal<CrosstermBackend<Nowhere>>,
    sent: Rc<Cell<usize>>,
    at: u64,
}

impl Person {
    /// Sits somebody down before so many notes, which are the sample notes again and again.
    fn sit(engine: &Arc<Engine>, folder: &Path, notes: usize) -> Self {
        let queue = folder.join(format!("{notes}.jsonl"));
        std::fs::write(&queue, lines(notes)).unwrap();
        let place = LogPlace::new(folder.join(format!("{notes}.sqlite")), folder.join("state"));
        let coder = |of: &str| of.to_owned();
        let who = Coder { id: coder("anna"), os_user: coder("anna"), host: coder("desk") };
        let setup = Setup {
            engine: Arc::clone(engine),
            payer: None,
            listing: Listing::begin(&[queue], &Options::default(), Wait::ForAll).unwrap(),
            log: AuditLog::open(&place, who, Stamp::utc(NOON)).unwrap(),
            slot: 1,
            coder: coder("anna"),
            state_dir: place.state_dir,
            clock: Arc::new(|| Stamp::utc(NOON)),
        };
        let desk = Office::open(setup, None).unwrap();
        let units_of = UnitsOf::new(|_, lines| lines.iter().map(|_| Some(1)).collect());
        let app = App::new(Settings::new("anna", "queue", units_of), desk.total());
        let area = Rect::new(0, 0, 120, 40);
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let sent = Rc::default();
        let backend = CrosstermBackend::new(Nowhere(Rc::clone(&sent)));
        let terminal = Terminal::with_options(backend, options).unwrap();
        let mut person = Self { app, desk, terminal, sent, at: 10_000 };
        person.send(Message::Resized { width: area.width, height: area.height });
        let effects = person.app.start();
        settle(&mut person.app, effects, &mut person.desk, &|| 10_000);
        person
    }

    fn send(&mut self, message: Message) {
        let effects = self.app.update(message);
        let at = self.at;
        settle(&mut self.app, effects, &mut self.desk, &|| at);
    }

    /// Goes down the queue and back again, one note at a time.
    fn go_down(&mut self) -> Cost {
        let mut cost = Cost { opening: 0.0, drawing: 0.0, bytes: 0 };
        self.sent.set(0);
        for step in 0..MOVES {
            let key = Key::Char(if step < MOVES / 2 { 'j' } else { 'k' });
            self.at += 1_000;
            let begun = now();
            self.send(Message::Key { key, at: self.at });
            let between = now();
            self.terminal.draw(|frame| draw(&self.app, frame)).unwrap();
            cost.opening += between - begun;
            cost.drawing += now() - between;
        }
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let moves = MOVES as f64;
        cost.opening *= 1e6 / moves;
        cost.drawing *= 1e6 / moves;
        cost.bytes = self.sent.get() / usize::try_from(MOVES).unwrap();
        cost
    }
}

/// Returns notes as JSON lines.
fn lines(notes: usize) -> String {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("notes-samples");
    let mut paths: Vec<_> =
        std::fs::read_dir(samples).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    paths.sort();
    let read = |path| std::fs::read_to_string(path).ok().filter(|text| text.len() < 1_500);
    let texts: Vec<String> = paths.iter().filter_map(read).collect();
    let mut out = String::new();
    for (at, text) in texts.iter().cycle().take(notes).enumerate() {
        let text = serde_json::to_string(text).unwrap();
        let _ = writeln!(out, "{{\"key\":\"n{at:07}\",\"text\":{text}}}");
    }
    out
}

/// A terminal that counts what it is sent.
struct Nowhere(Rc<Cell<usize>>);

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds of work so far where the system tells, else by the clock.
fn now() -> f64 {
    let told = || {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        told.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
    };
    told().unwrap_or_else(|| BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64())
}

static BEGUN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
