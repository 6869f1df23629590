//! Leases: nobody reviews the same note unknowingly, blind stays blind, typed work is never lost.

use std::ops::ControlFlow;

use rubric::model::DecisionKind;
use rubric::store::{AuditLog, Frame, Kind, LEASE_MS, Lease, Sample, StoreError, Verdict, verify};

use super::support::{House, accept, at, burglar, decision, id, note, record, versions};

/// Seconds after which a hold has run out.
const OVER: i64 = LEASE_MS / 1000 + 1;

fn take(
    log: &mut AuditLog,
    number: u32,
    key: &str,
    slot: u8,
    seconds: i64,
) -> Result<Lease, StoreError> {
    let note = note(log, key);
    log.take(&id(number), &note, slot, at(seconds))
}

#[test]
fn a10_a_held_note_is_refused_until_it_is_released_or_runs_out() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    let first = take(&mut anna, 1, "N-1", 1, 0).unwrap();
    assert_eq!((first.fence, &*first.owner), (1, "anna"));
    assert_eq!(take(&mut anna, 2, "N-1", 1, 1).unwrap(), first, "taking again holds on");
    let refused = take(&mut ben, 3, "N-1", 1, 1).unwrap_err();
    assert!(
        matches!(&refused, StoreError::LeaseHeld { owner, .. } if owner == "anna"),
        "{refused}"
    );
    let n1 = note(&ben, "N-1");
    assert!(matches!(
        ben.record(&id(4), &n1, &accept(), &versions(), at(2)),
        Err(StoreError::LeaseHeld { .. })
    ));
    assert_eq!(ben.held_by_others(at(2)).unwrap()["N-1"].owner, "anna");
    assert!(anna.held_by_others(at(2)).unwrap().is_empty());

    anna.release(&id(5), &n1, at(3)).unwrap();
    let second = take(&mut ben, 6, "N-1", 1, 3).unwrap();
    assert_eq!(second.fence, 2);
    let third = take(&mut anna, 7, "N-1", 1, 3 + OVER).unwrap();
    assert_eq!((third.fence, &*third.owner), (3, "anna"));
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn a10_a_stale_fence_is_refused_after_expiry_and_theft() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    let n1 = note(&anna, "N-1");
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    take(&mut ben, 2, "N-1", 1, OVER).unwrap();
    let late = anna.record(&id(3), &n1, &accept(), &versions(), at(OVER + 1)).unwrap_err();
    assert!(matches!(&late, StoreError::LeaseLost { owner } if owner == "ben"), "{late}");
    assert!(matches!(anna.renew(&id(4), &n1, at(OVER)), Err(StoreError::LeaseLost { .. })));

    let stolen = anna.steal(&id(5), &n1, 1, "ben is ill", at(OVER + 2)).unwrap();
    assert_eq!(stolen.fence, 3);
    assert!(ben.record(&id(6), &n1, &accept(), &versions(), at(OVER + 3)).is_err());
    anna.record(&id(7), &n1, &accept(), &versions(), at(OVER + 3)).unwrap();
    let kinds: Vec<Kind> = anna.history("N-1").unwrap().iter().map(|entry| entry.kind).collect();
    let recorded =
        [Kind::LeaseTake, Kind::LeaseExpire, Kind::LeaseTake, Kind::LeaseSteal, Kind::Decide];
    assert_eq!(kinds, recorded);
    assert!(anna.projections_agree().unwrap());
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn a10_a_hold_that_runs_out_is_recorded_once_it_gives_way() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    let (n1, n2) = (note(&ben, "N-1"), note(&ben, "N-2"));
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    take(&mut anna, 2, "N-2", 1, 0).unwrap();
    let before = ben.head(at(0)).unwrap().size;
    // Taken by hand, and on the way of a decision; each also once more, as after a lost answer.
    for _ in 0..2 {
        take(&mut ben, 3, "N-1", 1, OVER).unwrap();
        ben.record(&id(4), &n2, &accept(), &versions(), at(OVER)).unwrap();
    }
    assert_eq!(ben.head(at(0)).unwrap().size, before + 4);
    for (key, taken_by) in [("N-1", Kind::LeaseTake), ("N-2", Kind::Decide)] {
        let history = ben.history(key).unwrap();
        let kinds: Vec<Kind> = history.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [Kind::LeaseTake, Kind::LeaseExpire, taken_by], "{key}");
        assert_eq!(history[1].by, "ben");
    }
    let (owner, fence): (String, i64) = burglar(&house.log_file())
        .query_row(
            "SELECT json_extract(body, '$.owner'), json_extract(body, '$.fence') FROM event
             WHERE note_key = 'N-1' AND kind = 'lease.expire'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!((owner.as_str(), fence), ("anna", 1));
    // One's own hold goes on, and one that was given back did not run out.
    take(&mut ben, 5, "N-1", 1, 3 * OVER).unwrap();
    ben.release(&id(6), &n1, at(3 * OVER)).unwrap();
    take(&mut anna, 7, "N-1", 1, 6 * OVER).unwrap();
    let expired = anna.history("N-1").unwrap();
    let expired = expired.iter().filter(|entry| entry.kind == Kind::LeaseExpire).count();
    assert_eq!(expired, 1);
    assert!(anna.projections_agree().unwrap());
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn a10_an_expired_lease_that_nobody_took_is_still_good() {
    let house = House::new();
    let mut anna = house.open("anna");
    let n1 = note(&anna, "N-1");
    let first = take(&mut anna, 1, "N-1", 1, 0).unwrap();
    assert_eq!(
        anna.renew(&id(2), &n1, at(1)).unwrap().as_ref(),
        Some(&first),
        "too early to write"
    );
    let renewed = anna.renew(&id(3), &n1, at(OVER)).unwrap().unwrap();
    assert_eq!((renewed.fence, renewed.expires_at), (1, at(OVER).utc_ms + LEASE_MS));
    anna.record(&id(4), &n1, &accept(), &versions(), at(3 * OVER)).unwrap();
    assert_eq!(anna.history("N-1").unwrap().len(), 3);
    assert!(anna.projections_agree().unwrap());
}

#[test]
fn a10_one_person_has_one_slot_also_after_release() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    let n1 = note(&anna, "N-1");
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    assert!(matches!(take(&mut anna, 2, "N-1", 2, 0), Err(StoreError::SamePerson { slot: 1 })));
    anna.release(&id(3), &n1, at(1)).unwrap();
    assert!(take(&mut anna, 4, "N-1", 2, 1).is_err());
    // Even when another person has the first slot by now, an answer given there counts.
    take(&mut anna, 5, "N-1", 1, 2).unwrap();
    record(&mut anna, 6, "N-1", &accept());
    take(&mut ben, 7, "N-1", 1, 2 + OVER).unwrap();
    assert!(matches!(take(&mut anna, 8, "N-1", 2, 2 + OVER), Err(StoreError::SamePerson { .. })));
    assert!(take(&mut anna, 9, "N-1", 10, 2).is_err());
    assert!(take(&mut anna, 10, "N-1", 0, 2).is_err());
}

#[test]
fn a10_blind_reviewers_never_see_each_other_until_both_are_in() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    let n1 = note(&anna, "N-1");
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    take(&mut ben, 2, "N-1", 2, 0).unwrap();
    record(&mut anna, 3, "N-1", &decision(DecisionKind::Accept, Some("as shown")));
    assert!(ben.note_states().unwrap().is_empty());
    assert!(matches!(ben.answers("N-1"), Err(StoreError::Blind)));
    assert!(ben.history("N-1").unwrap().iter().all(|entry| entry.after.is_none()));
    ben.record(&id(4), &n1, &decision(DecisionKind::Defer, None), &versions(), at(4)).unwrap();
    let answers = ben.answers("N-1").unwrap();
    assert_eq!(answers[&1].0, "anna");
    assert_eq!((answers[&2].0.as_str(), answers[&2].1.kind), ("ben", DecisionKind::Defer));
    assert_eq!(ben.note_states().unwrap()["N-1"].by, "anna");
    assert_eq!(anna.answers("N-1").unwrap().len(), 2);
    assert!(ben.projections_agree().unwrap());
}

#[test]
fn a10_the_first_reviewer_does_not_see_the_second_either() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    take(&mut ben, 2, "N-1", 2, 0).unwrap();
    record(&mut ben, 3, "N-1", &accept());
    assert!(matches!(anna.answers("N-1"), Err(StoreError::Blind)));
    assert!(anna.history("N-1").unwrap().iter().all(|entry| entry.after.is_none()));
}

#[test]
fn a11_a_lost_lease_leaves_a_second_opinion() {
    let house = House::new();
    let (mut anna, mut ben) = (house.open("anna"), house.open("ben"));
    let n1 = note(&anna, "N-1");
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    take(&mut ben, 2, "N-1", 1, OVER).unwrap();
    record(&mut ben, 3, "N-1", &accept());
    let typed = decision(DecisionKind::Query, Some("typed while the hold was lost"));
    assert!(anna.record(&id(4), &n1, &typed, &versions(), at(OVER + 4)).is_err());
    let recorded =
        anna.record_second_opinion(&id(5), &n1, &typed, &versions(), at(OVER + 5)).unwrap();
    let retry = anna.record_second_opinion(&id(5), &n1, &typed, &versions(), at(OVER + 6)).unwrap();
    assert_eq!(retry.seq, recorded.seq);
    let answers = anna.answers("N-1").unwrap();
    assert_eq!(answers[&1], ("ben".into(), accept()));
    assert_eq!(answers[&2], ("anna".into(), typed));
    assert_eq!(anna.note_states().unwrap()["N-1"].by, "ben");
    assert!(anna.projections_agree().unwrap());
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn two_answers_are_settled_once_both_are_in() {
    let house = House::new();
    let (mut anna, mut ben, mut lead) = (house.open("anna"), house.open("ben"), house.open("lead"));
    let n1 = note(&anna, "N-1");
    take(&mut anna, 1, "N-1", 1, 0).unwrap();
    take(&mut ben, 2, "N-1", 2, 0).unwrap();
    record(&mut anna, 3, "N-1", &accept());
    let settled = decision(DecisionKind::Change, Some("the crate lift is a task"));
    let early = lead.adjudicate(&id(4), &n1, &settled, &versions(), at(4));
    assert!(matches!(early, Err(StoreError::Blind)));
    record(&mut ben, 5, "N-1", &decision(DecisionKind::Defer, None));
    let seq = lead.adjudicate(&id(6), &n1, &settled, &versions(), at(6)).unwrap().seq;
    let last = lead.history("N-1").unwrap().pop().unwrap();
    assert_eq!((last.seq, last.kind, last.after), (seq, Kind::Adjudicate, Some(settled)));
    assert_eq!(lead.answers("N-1").unwrap().len(), 2);
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn frames_and_samples_are_recorded_before_anybody_looks() {
    let house = House::new();
    let mut log = house.open("auditor");
    let frame = Frame { digest: "ab".repeat(32), count: 412, total_cents: Some(1_234_500) };
    log.record_frame(&id(1), &frame, at(1)).unwrap();
    let sample = Sample {
        method: "tickets".into(),
        seed: "four words of two people".into(),
        frame_digest: frame.digest.clone(),
        result_digest: "cd".repeat(32),
        size: 30,
    };
    log.record_sample(&id(2), &sample, at(2)).unwrap();
    let mut kinds = Vec::new();
    log.each_entry(3, |entry| {
        kinds.push(entry.kind);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(kinds, [Kind::FrameImport, Kind::SampleDraw]);
}
