//! Orders of the queue at a real desk with workers beside the screen: read, sorted, stopped.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rubric::intake::Options;
use rubric::model::DecisionKind;
use rubric::review::office::{Listing, Wait};
use rubric::review::{Act, Desk, News, NoteId, Office, Order, ProblemKind, Resume, Sort};
use rubric::tui::key::Key;
use rubric::tui::{App, Effect, Message};

use crate::support::office::{Clinic, arrangement, decided, entry, row};
use crate::support::screen;

fn next(news: &Receiver<News>) -> News {
    loop {
        match news.recv_timeout(Duration::from_mins(1)).unwrap() {
            News::Progress(_) | News::Working(_) => {}
            told => return told,
        }
    }
}

#[test]
fn only_rows_in_view_are_read_until_an_order_asks_for_all() {
    let clinic = Clinic::new(20);
    let (mut office, news) = clinic.with_workers();
    let all = office.arrange(1, &arrangement("", Sort::Imported)).unwrap().unwrap();
    assert_eq!(all, Order::All(20));
    // Only what is read beside the screen is told as news.
    assert_eq!(office.rows(&[NoteId(3)])[0].0, NoteId(3));
    match next(&news) {
        News::Known(ids) => assert_eq!(ids, [NoteId(3)]),
        told => panic!("{told:?}"),
    }
    assert!(row(&mut office, 3).facts.is_some());
    // What the log knows is answered at once, without reading a note.
    let open = office.arrange(2, &arrangement("open", Sort::Imported)).unwrap().unwrap();
    assert_eq!(open.len(), 20);
    assert!(office.arrange(3, &arrangement("", Sort::Risk)).is_none());
    let sorted = match next(&news) {
        News::Arranged { generation: 3, order } => order.unwrap(),
        told => panic!("{told:?}"),
    };
    let mut inline = clinic.office("ben");
    let reference = inline.arrange(1, &arrangement("", Sort::Risk)).unwrap().unwrap();
    assert_eq!(sorted, reference);
    let ids: Vec<NoteId> = (0..20).map(NoteId).collect();
    let mut rows = office.rows(&ids);
    rows.sort_by(|a, b| Sort::Risk.compare(&a.1, &b.1));
    let by_rows: Vec<NoteId> = rows.into_iter().map(|(id, _)| id).collect();
    assert_eq!(sorted, Order::Picked(by_rows));
    office.close().unwrap();
}

#[test]
fn in_a_large_queue_everything_is_found_though_it_is_listed_later() {
    let clinic = Clinic::new(0);
    let line = |at: u32| {
        format!("{{\"key\":\"N-{at:05}\",\"text\":\"Bridges 3x10 for hip strength, 10 min\"}}\n")
    };
    let queue = clinic.folder().join("queue.jsonl");
    std::fs::write(&queue, (0..9_000).map(line).collect::<String>()).unwrap();
    let inputs = [queue];
    let whole = |wait| Listing::begin(&inputs, &Options::default(), wait).unwrap();
    let mut office = clinic.office_of(whole(Wait::ForAll), None);
    let late = NoteId(8_999);
    let opened = office.open(late).unwrap();
    let act = Act::Decide(Box::new(decided(&opened, DecisionKind::Defer, None)));
    office.record(1, &[entry(&opened, act)]).unwrap();
    let resume = Resume { note: Some(late), marks: [late].into(), ..Resume::default() };
    office.keep(&resume);
    assert_eq!(office.find("n-08999"), Some(late));
    assert_eq!(office.find("N-09000"), None);
    office.close().unwrap();

    // The pieces of a listing hold 4,096 notes: stopped after the first, the note is not there yet.
    let (sender, news) = channel();
    let sender = Mutex::new(sender);
    let tell: rubric::review::office::Tell = Arc::new(move |told| {
        let _ = sender.lock().unwrap().send(told);
    });
    let mut office = clinic.office_of(whole(Wait::ForFirst), Some(tell));
    assert!(office.is_listing() && office.total() == 4_096);
    let first = office.resume().unwrap();
    assert_eq!((first.note, first.marks.len()), (None, 0));
    // Leaving now must not lose what belongs to notes that were not met.
    office.keep(&first);
    let mut decided = Vec::new();
    loop {
        match next(&news) {
            News::Decided(ids) => decided.extend(ids),
            News::Listed { total, whole: true } => break assert_eq!(total, 9_000),
            News::Listed { .. } => {}
            told => panic!("{told:?}"),
        }
    }
    assert_eq!(decided, [late]);
    let rest = office.rest_of_resume().unwrap();
    assert_eq!((rest.marks, office.rest_of_resume()), ([late].into(), None));
    let open = office.arrange(1, &arrangement("open", Sort::Imported)).unwrap().unwrap();
    assert_eq!(open.len(), 8_999);
    office.close().unwrap();
}

/// Lets effects meet the office, and everything the workers tell until one of them is an order.
fn settle(app: &mut App, effects: Vec<Effect>, office: &mut Office) {
    let left = rubric::tui::effects::settle(app, effects, office, &|| 10_000);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn an_order_that_takes_reading_comes_later_and_can_be_stopped() {
    let clinic = Clinic::new(20);
    let (mut office, news) = clinic.with_workers();
    let mut app = App::new(screen::settings(), office.total());
    app.show(None, None, Some(Sort::Risk));
    let effects = app.start();
    settle(&mut app, effects, &mut office);
    let mut arranged = None;
    let (generation, order) = loop {
        if app.note().is_some()
            && let Some(arranged) = arranged.take()
        {
            break arranged;
        }
        match next(&news) {
            News::Arranged { generation, order } => arranged = Some((generation, order)),
            // The first note does not wait for the order.
            News::Read(id) => {
                let effects = app.update(Message::NoteRead(id));
                settle(&mut app, effects, &mut office);
                assert_eq!(app.note().map(|note| note.id), Some(NoteId(0)));
            }
            News::Known(ids) => {
                let effects = app.update(Message::Known(ids));
                settle(&mut app, effects, &mut office);
            }
            told => panic!("{told:?}"),
        }
    };
    assert!(order.is_ok());
    let effects = app.update(Message::Arranged { generation, order });
    settle(&mut app, effects, &mut office);
    assert!(matches!(app.queue().order(), Order::Picked(ids) if ids.len() == 20));
    assert_eq!(app.queue().selected(), Some(NoteId(0)), "the cursor stays on its note");

    // A stop before the worker has looked at a single note ends the request with words.
    office.stop();
    let bad = rubric::review::Problem {
        kind: ProblemKind::Refused,
        why: "Stopped.".to_owned(),
        place: String::new(),
        remedy: String::new(),
    };
    let effects = app.update(Message::Key { key: Key::Char('s'), at: 20_000 });
    settle(&mut app, effects, &mut office);
    let effects = app.update(Message::Key { key: Key::Char('2'), at: 30_000 });
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Arrange { generation, .. } => Some(*generation),
        _ => None,
    });
    let _ = app.update(Message::Reading);
    let stop = app.update(Message::Key { key: Key::Esc, at: 40_000 });
    assert_eq!(stop, [Effect::Stop]);
    let _ = app.update(Message::Arranged { generation: asked.unwrap(), order: Err(bad) });
    let picture = screen::text(&screen::paint(&app, 120, 40));
    assert!(picture.contains("sort risk"), "the header names the order the rows are in: {picture}");
    office.close().unwrap();
}
