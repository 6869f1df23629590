//! Deciding, amending, withdrawing, flags: what is recorded and what is read back.

use std::collections::BTreeMap;

use rubric::model::DecisionKind;
use rubric::store::{BulkItem, EventId, Kind, StoreError, TextState, WarningRef, Write};

use super::support::{House, accept, at, decision, id, note, record, versions};

#[test]
fn a02_the_same_event_id_records_once() {
    let house = House::new();
    let mut log = house.open("anna");
    let n1 = note(&log, "N-1");
    let first = log.record(&id(1), &n1, &accept(), &versions(), at(1)).unwrap();
    assert_eq!(first.write, Write::New);
    let retry = log.record(&id(1), &n1, &accept(), &versions(), at(9)).unwrap();
    assert_eq!((retry.seq, retry.write), (first.seq, Write::Repeated));
    let mut reopened = house.open("anna");
    let retry = reopened.record(&id(1), &n1, &accept(), &versions(), at(9)).unwrap();
    assert_eq!((retry.seq, retry.write), (first.seq, Write::Repeated));
    let other = decision(DecisionKind::Defer, None);
    let error = log.record(&id(1), &n1, &other, &versions(), at(9)).unwrap_err();
    assert!(matches!(error, StoreError::EventIdTaken), "{error}");
    let n2 = note(&log, "N-2");
    assert!(log.record(&id(1), &n2, &accept(), &versions(), at(9)).is_err());
    assert_eq!(log.history("N-1").unwrap().len(), 1);
}

#[test]
fn a04_an_amendment_shows_before_after_who_when_why() {
    let house = House::new();
    let mut anna = house.open("anna");
    let first = record(&mut anna, 1, "N-1", &accept());
    let mut ben = house.open("ben");
    let mut changed = decision(DecisionKind::Change, Some("sit to stand is the task"));
    changed.reason = Some("minutes-or-units".into());
    changed.lines[0].units = Some(3);
    let second = record(&mut ben, 2, "N-1", &changed);
    let entries = ben.history("N-1").unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!((entries[0].seq, entries[0].kind, &*entries[0].by), (first, Kind::Decide, "anna"));
    let amended = &entries[1];
    assert_eq!((amended.seq, amended.kind, &*amended.by), (second, Kind::Amend, "ben"));
    assert_eq!(amended.at, at(2));
    assert_eq!(amended.os_user, "ben-os");
    assert_eq!(amended.amends, Some(first));
    assert_eq!(amended.before, Some(accept()));
    assert_eq!(amended.after, Some(changed));
    assert_eq!(
        amended.texts,
        BTreeMap::from([("comment".into(), TextState::Kept("sit to stand is the task".into()))])
    );
    let state = &ben.note_states().unwrap()["N-1"];
    assert_eq!((state.kind, state.seq, &*state.by), (DecisionKind::Change, second, "ben"));
    assert_eq!(state.digest, note(&ben, "N-1").digest);
}

#[test]
fn a04_withdrawing_brings_back_what_stood_before_and_erases_nothing() {
    let house = House::new();
    let mut log = house.open("anna");
    let session = EventId::now();
    log.start_session(&session, &versions(), at(0)).unwrap();
    let first = record(&mut log, 1, "N-1", &accept());
    let commented = decision(DecisionKind::Query, Some("which of the two?"));
    let second = record(&mut log, 2, "N-1", &commented);
    let last = log.last_decision(&session).unwrap().unwrap();
    assert_eq!((last.seq, &last.note.key[..]), (second, "N-1"));
    assert_eq!(last.decision, commented);

    log.withdraw(&id(3), second, at(3)).unwrap();
    assert_eq!(log.note_states().unwrap()["N-1"].seq, first);
    assert_eq!(log.last_decision(&session).unwrap().unwrap().seq, first);
    assert!(matches!(log.withdraw(&id(4), second, at(4)), Err(StoreError::WrongEvent { .. })));
    log.withdraw(&id(5), first, at(5)).unwrap();
    assert_eq!(log.withdraw(&id(5), first, at(6)).unwrap().write, Write::Repeated);
    assert!(log.note_states().unwrap().is_empty());
    assert_eq!(log.last_decision(&session).unwrap(), None);
    let kinds: Vec<Kind> = log.history("N-1").unwrap().iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Decide, Kind::Amend, Kind::Withdraw, Kind::Withdraw]);

    record(&mut log, 6, "N-1", &accept());
    assert_eq!(log.history("N-1").unwrap().last().unwrap().kind, Kind::Decide);
    assert!(log.projections_agree().unwrap());
}

#[test]
fn another_coders_decision_is_amended_not_withdrawn() {
    let house = House::new();
    let mut anna = house.open("anna");
    let seq = record(&mut anna, 1, "N-1", &accept());
    let mut ben = house.open("ben");
    assert!(matches!(ben.withdraw(&id(2), seq, at(2)), Err(StoreError::WrongEvent { .. })));
}

#[test]
fn a_bulk_act_is_recorded_whole_or_not_at_all() {
    let house = House::new();
    let mut log = house.open("anna");
    let session = EventId::now();
    log.start_session(&session, &versions(), at(0)).unwrap();
    let mut items: Vec<BulkItem> = (1..=5_u32)
        .map(|number| BulkItem {
            event_id: id(number),
            note: note(&log, &format!("N-{number}")),
            decision: accept(),
            opened: number == 1,
        })
        .collect();
    items[4].event_id = id(1);
    assert!(log.record_all(&items, &versions(), at(1)).is_err());
    assert!(log.note_states().unwrap().is_empty());
    items[4].event_id = id(5);
    let recorded = log.record_all(&items, &versions(), at(1)).unwrap();
    assert_eq!(recorded.len(), 5);
    assert_eq!(log.note_states().unwrap().len(), 5);

    let last = log.last_decision(&session).unwrap().unwrap();
    let seqs: Vec<i64> = recorded.iter().map(|recorded| recorded.seq).collect();
    assert_eq!(last.bulk, seqs);
    let acts: Vec<_> = last.bulk.iter().zip(11..).map(|(seq, n)| (id(n), *seq)).collect();
    log.withdraw_all(&acts, at(2)).unwrap();
    assert!(log.note_states().unwrap().is_empty());
    assert!(log.projections_agree().unwrap());
}

#[test]
fn flags_and_suppressions_come_and_go() {
    let house = House::new();
    let mut log = house.open("anna");
    let n1 = note(&log, "N-1");
    let warning = WarningRef { rule: "VG-0001".into(), start: 4, end: 9 };
    log.flag(&id(1), &n1, Some("is the crate lift a task?"), at(1)).unwrap();
    log.suppress(&id(2), &n1, &warning, "the next line says it", at(2)).unwrap();
    assert_eq!(log.flags().unwrap()["N-1"].by, "anna");
    assert_eq!(log.suppressed("N-1").unwrap(), std::slice::from_ref(&warning));
    assert!(log.projections_agree().unwrap());
    log.unflag(&id(3), &n1, at(3)).unwrap();
    log.unsuppress(&id(4), &n1, &warning, at(4)).unwrap();
    assert!(log.flags().unwrap().is_empty() && log.suppressed("N-1").unwrap().is_empty());
    assert_eq!(log.history("N-1").unwrap().len(), 4);
}

#[test]
fn a09_projections_are_rebuilt_from_events() {
    let house = House::new();
    let mut log = house.open("anna");
    record(&mut log, 1, "N-1", &accept());
    record(&mut log, 2, "N-2", &accept());
    house.shell().execute_batch("UPDATE note_state SET kind = 'defer'; DELETE FROM lease").unwrap();
    assert!(!log.projections_agree().unwrap());
    log.rebuild().unwrap();
    assert!(log.projections_agree().unwrap());
    assert_eq!(log.note_states().unwrap()["N-2"].kind, DecisionKind::Accept);
}

#[test]
fn a18_a_clock_that_goes_back_is_flagged_and_reorders_nothing() {
    let house = House::new();
    let mut log = house.open("anna");
    let n1 = note(&log, "N-1");
    let day = 86_400;
    for (number, seconds) in [(1, 0), (2, day), (3, -day), (4, 0), (5, day + 1)] {
        log.record(&id(number), &n1, &accept(), &versions(), at(seconds)).unwrap();
    }
    let entries = log.history("N-1").unwrap();
    assert!(entries.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    let back: Vec<bool> = entries.iter().map(|entry| entry.clock_went_back).collect();
    // An event is compared with the one before it.
    assert_eq!(back, [false, false, true, false, false]);
}
