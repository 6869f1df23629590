//! Long work beside the screen at a real desk: reading one note, counting the board.

use std::sync::mpsc::Receiver;
use std::time::Duration;

use rubric::model::DecisionKind;
use rubric::review::figures::{Figures, Range};
use rubric::review::{Act, Desk, News, NoteId, Office, Order, When};

use crate::support::office::{Clinic, decided, entry, open};

fn next(news: &Receiver<News>) -> News {
    news.recv_timeout(Duration::from_mins(1)).unwrap()
}

/// Asks for a note as the screen does: again once it is told that the note is there.
fn fetched(office: &mut Office, news: &Receiver<News>, id: u32) {
    while office.fetch(NoteId(id)) == When::Later {
        while !matches!(next(news), News::Read(read) if read == NoteId(id)) {}
    }
}

fn counted(office: &mut Office, news: &Receiver<News>, range: Range) -> Figures {
    assert_eq!(office.count(range), When::Later);
    loop {
        if let News::Figures { range: of, figures } = next(news) {
            let figures = figures.unwrap();
            let whole = figures.event == figures.events && figures.notes.0 == figures.notes.1;
            if of == range && whole {
                return figures;
            }
        }
    }
}

#[test]
fn a_note_is_read_beside_the_screen_and_opened_as_if_it_were_read_on_the_spot() {
    let clinic = Clinic::new(3);
    let on_the_spot = clinic.office("ben").open(NoteId(2)).unwrap();
    let (mut office, news) = clinic.with_workers();
    for id in [0, 1, 2, 2] {
        fetched(&mut office, &news, id);
        let opened = office.open(NoteId(id)).unwrap();
        assert_eq!(opened.id, NoteId(id));
    }
    let opened = office.open(NoteId(2)).unwrap();
    assert_eq!(opened.note.text, on_the_spot.note.text);
    assert_eq!(opened.analysis, on_the_spot.analysis);
    // Several at once, as a bulk act asks for them: each is told of.
    let asked: Vec<NoteId> = (0..3).map(NoteId).collect();
    let mut later: Vec<NoteId> =
        asked.iter().copied().filter(|id| office.fetch(*id) == When::Later).collect();
    while !later.is_empty() {
        if let News::Read(id) = next(&news) {
            later.retain(|waited| *waited != id);
        }
    }
    office.close().unwrap();
}

#[test]
fn a_note_that_was_foreseen_is_there_at_the_key() {
    let clinic = Clinic::new(3);
    let (mut office, news) = clinic.with_workers();
    office.foresee(&[NoteId(1), NoteId(2)]);
    let mut read = [next(&news), next(&news)].map(|told| match told {
        News::Read(id) => id,
        told => panic!("{told:?}"),
    });
    read.sort();
    assert_eq!(read, [NoteId(1), NoteId(2)]);
    assert_eq!(office.fetch(NoteId(2)), When::Now);
    let key = open(&mut office, 2).note.key.clone();
    assert_eq!(key, office.rows(&[NoteId(2)])[0].1.key);
    office.close().unwrap();
}

#[test]
fn the_board_counted_beside_the_screen_is_the_one_counted_on_the_spot() {
    let clinic = Clinic::new(8);
    let (mut office, news) = clinic.with_workers();
    for (ticket, kind) in [DecisionKind::Accept, DecisionKind::Query].into_iter().enumerate() {
        let at = u32::try_from(ticket).unwrap();
        let opened = open(&mut office, at);
        let act = Act::Decide(Box::new(decided(&opened, kind, None)));
        office.record(u64::from(at) + 1, &[entry(&opened, act)]).unwrap();
    }
    for range in Range::ALL {
        let beside = counted(&mut office, &news, range);
        assert_eq!(beside, office.figures(range).unwrap());
        assert!(!beside.warnings.is_empty() && beside.notes == (8, 8));
    }
    office.close().unwrap();
}

#[test]
fn a_table_of_the_queue_is_recorded_written_whole_and_never_over_another_file() {
    let clinic = Clinic::new(8);
    let (mut office, news) = clinic.with_workers();
    let file = clinic.folder().join("table.csv");
    let path = file.to_str().unwrap();
    let order = Order::Picked([5, 2].map(NoteId).to_vec());
    office.export(path, &order).unwrap();
    let said = loop {
        if let News::Exported(said) = next(&news) {
            break said.unwrap();
        }
    };
    assert!(said.starts_with("Written: 2 notes"), "{said}");
    let table = std::fs::read_to_string(&file).unwrap();
    let keys: Vec<&str> = table.lines().map(|line| line.split(',').next().unwrap()).collect();
    let first = office.rows(&[NoteId(5)])[0].1.key.clone();
    assert_eq!((keys.len(), keys[0], keys[1]), (3, "key", first.as_str()));
    let words = office.open(NoteId(5)).unwrap().note.text.clone();
    let words = words.lines().max_by_key(|line| line.len()).unwrap();
    assert!(!table.contains(words), "no words of a note");
    let again = office.export(path, &order).unwrap_err();
    assert!(again.why.contains("already"), "{}", again.why);
    let nowhere = office.export("/nowhere/table.csv", &order);
    assert!(nowhere.is_ok());
    let failed = loop {
        if let News::Exported(said) = next(&news) {
            break said.unwrap_err();
        }
    };
    assert!(failed.why.contains("cannot be written"), "{}", failed.why);
    office.close().unwrap();
    let left = std::fs::read_dir(clinic.folder()).unwrap().flatten();
    let tables = left.filter(|entry| entry.path().extension().is_some_and(|end| end == "csv"));
    assert_eq!(tables.count(), 1);
}
