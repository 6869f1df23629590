//! A plain model beside the log: after any acts of two coders both say the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rubric::model::DecisionKind;
use rubric::store::{AuditLog, LEASE_MS, StoreError, Verdict, WarningRef, Write, verify};

use super::support::{House, at, decision, id, note, versions};

/// What a coder may do to one of four notes.
#[derive(Debug, Clone, Copy)]
enum Act {
    Decide(DecisionKind),
    Retry,
    Withdraw,
    Flag,
    Unflag,
    Suppress,
    Take,
    Release,
    Steal,
    Redact,
    SecondOpinion,
    Reopen,
    Rebuild,
    Wait,
}

fn acts() -> impl Strategy<Value = Vec<(usize, usize, Act)>> {
    let act = prop_oneof![
        4 => prop_oneof![
            Just(DecisionKind::Accept),
            Just(DecisionKind::Change),
            Just(DecisionKind::Query),
            Just(DecisionKind::Defer)
        ]
        .prop_map(Act::Decide),
        1 => Just(Act::Retry),
        3 => Just(Act::Withdraw),
        1 => Just(Act::Flag),
        1 => Just(Act::Unflag),
        1 => Just(Act::Suppress),
        2 => Just(Act::Take),
        1 => Just(Act::Release),
        1 => Just(Act::Steal),
        1 => Just(Act::Redact),
        1 => Just(Act::SecondOpinion),
        1 => Just(Act::Reopen),
        1 => Just(Act::Rebuild),
        1 => Just(Act::Wait),
    ];
    prop::collection::vec((0..2_usize, 0..4_usize, act), 1..40)
}

/// The first slot of a note as a list of decisions, each on top of the one it amended.
#[derive(Debug, Default, Clone)]
struct Plain {
    stack: Vec<(i64, DecisionKind, usize)>,
    flagged: bool,
}

const NAMES: [&str; 2] = ["anna", "ben"];

struct World {
    house: House,
    logs: [AuditLog; 2],
    plain: BTreeMap<usize, Plain>,
    number: u32,
    seconds: i64,
    last: Option<(usize, usize, u32, DecisionKind)>,
    commented: Vec<i64>,
}

impl World {
    fn new() -> Self {
        let house = House::new();
        let logs = NAMES.map(|name| house.open(name));
        let (plain, commented) = (BTreeMap::new(), Vec::new());
        Self { house, logs, plain, number: 0, seconds: 0, last: None, commented }
    }

    fn act(&mut self, who: usize, which: usize, act: Act) {
        self.number += 1;
        self.seconds += 1;
        let (number, now) = (self.number, at(self.seconds));
        let log = &mut self.logs[who];
        let note = note(log, &format!("N-{which}"));
        let plain = self.plain.entry(which).or_default();
        match act {
            Act::Decide(kind) => {
                let made = decision(kind, Some("a comment"));
                match log.record(&id(number), &note, &made, &versions(), now) {
                    Ok(recorded) => {
                        assert_eq!(recorded.write, Write::New);
                        let second = log.answers(&note.key).is_ok_and(|answers| {
                            answers.iter().any(|(slot, (by, _))| *slot > 1 && by == NAMES[who])
                        });
                        if !second {
                            plain.stack.push((recorded.seq, kind, who));
                        }
                        self.commented.push(recorded.seq);
                        self.last = Some((who, which, number, kind));
                    }
                    Err(
                        StoreError::LeaseHeld { .. }
                        | StoreError::LeaseLost { .. }
                        | StoreError::SamePerson { .. },
                    ) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            Act::Retry => {
                if let Some((who, which, number, kind)) = self.last {
                    let log = &mut self.logs[who];
                    let note = super::support::note(log, &format!("N-{which}"));
                    let made = decision(kind, Some("a comment"));
                    let again = log.record(&id(number), &note, &made, &versions(), now).unwrap();
                    assert_eq!(again.write, Write::Repeated);
                }
            }
            Act::Withdraw => {
                if let Some(&(seq, _, owner)) = plain.stack.last() {
                    let done = log.withdraw(&id(number), seq, now);
                    assert_eq!(done.is_ok(), owner == who, "{done:?}");
                    if done.is_ok() {
                        plain.stack.pop();
                    }
                }
            }
            Act::Flag => {
                log.flag(&id(number), &note, Some("why?"), now).unwrap();
                plain.flagged = true;
            }
            Act::Unflag => {
                log.unflag(&id(number), &note, now).unwrap();
                plain.flagged = false;
            }
            Act::Suppress => {
                let warning = WarningRef { rule: "TM-0001".into(), start: number, end: 99 };
                log.suppress(&id(number), &note, &warning, "said elsewhere", now).unwrap();
            }
            Act::Take => {
                let _ = log.take(&id(number), &note, 1, now);
            }
            Act::Release => log.release(&id(number), &note, now).unwrap(),
            Act::Steal => {
                let _ = log.steal(&id(number), &note, 1, "no answer", now);
            }
            Act::Redact => {
                if let Some(seq) = self.commented.pop() {
                    log.redact(&id(number), seq, "comment", "names", now).unwrap();
                }
            }
            Act::SecondOpinion => {
                let made = decision(DecisionKind::Change, None);
                let _ = log.record_second_opinion(&id(number), &note, &made, &versions(), now);
            }
            Act::Reopen => self.logs[who] = self.house.open(NAMES[who]),
            Act::Rebuild => log.rebuild().unwrap(),
            Act::Wait => self.seconds += LEASE_MS / 1000,
        }
        self.compare();
    }

    fn compare(&self) {
        // An auditor who owes nothing sees all.
        let auditor = self.house.open("audit");
        let states = auditor.note_states().unwrap();
        let flags = auditor.flags().unwrap();
        for (which, plain) in &self.plain {
            let key = format!("N-{which}");
            let told = states.get(&key).map(|state| (state.seq, state.kind, state.by.as_str()));
            let wanted = plain.stack.last().map(|(seq, kind, who)| (*seq, *kind, NAMES[*who]));
            assert_eq!(told, wanted, "{key}");
            assert_eq!(flags.contains_key(&key), plain.flagged, "{key}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a09_state_and_events_agree_after_any_acts(acts in acts()) {
        let mut world = World::new();
        for (who, which, act) in acts {
            world.act(who, which, act);
        }
        prop_assert!(world.logs[0].projections_agree().unwrap());
        let report = verify(&world.house.place(), None).unwrap();
        prop_assert_eq!(report.verdict, Verdict::Consistent, "{}", report);
        for log in &world.logs {
            for which in 0..4 {
                let history = log.history(&format!("N-{which}")).unwrap();
                for entry in &history {
                    let Some(amends) = entry.amends else { continue };
                    let Some(earlier) = history.iter().find(|earlier| earlier.seq == amends) else {
                        continue; // hidden by a blind review
                    };
                    let mut before = earlier.after.clone();
                    before.as_mut().unwrap().comment = None;
                    prop_assert_eq!(&entry.before, &before);
                }
            }
        }
    }
}
