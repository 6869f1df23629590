//! Lines, time and claim warnings of whole notes.

use rubric::engine::billing::pairs;
use rubric::model::{Discipline, Minutes, Setting};

use super::support::{code, lines, note, warnings};

const DAILY: &str = "Daily note DOS 11/17/2026 PT visit 7 of 12\n\
Subjective: Pt reports she did her squats at home yesterday for 20 min. Pain 3/10 R knee.\n\
Interventions:\n\
- Sit<>stand x10 from 17\" chair with CGA, cues for foot placement, to rise safely from toilet, 12 min\n\
- Bridges 3x10, clamshells 3x12 yellow band, for hip strength, 10 min\n\
- Step-ups 6 in 2x10 carrying laundry basket, 8 min\n\
- Tandem stance on foam 3x30 s, TC for ankle strategy, 2 LOB, 8 min\n\
Assessment: Tolerated treatment well. 5xSTS 14.2 s (16.0 s on 11/03).\n\
HEP: bridges 3x10 daily, walk 15 min.\n\
Plan: progress to 8 in steps next visit.\n\
Billing: Timed code minutes: 38. Total treatment time: 45 min.\n\
Billed: 97530 x2 GP, 97110 x1 GP\n\
Signed: T. Sample, PT\n";
const OPEN: &[(&str, &str)] = &[
    ("Sit<>stand", "97530"),
    ("Bridges", "97110"),
    ("Step-ups", "97530/97110"),
    ("Tandem", "97112"),
];

#[test]
fn a_daily_note_with_an_open_segment_comes_out_as_drawn_in_the_design() {
    // Both candidate codes of the open segment are billed, so the claim settles nothing.
    let got = note(DAILY, OPEN).run();
    assert_eq!(lines(&got), ["97110 10min x1/1", "97112 8min x1/-", "97530 12min x1/2"]);
    assert_eq!(
        warnings(&got),
        ["ipair-history", "?missed-code", "!units-over-billed"].map(String::from)
    );
    let minutes: Vec<u32> = got.segment_minutes.iter().map(|m| m.unwrap().0.floor()).collect();
    assert_eq!(minutes, [12, 10, 8, 8]);
    assert_eq!(got.segment_minutes[0].unwrap().1.of(DAILY), "12 min");
    assert_eq!(got.time.timed_minutes, Some(Minutes::whole(38)));
    assert_eq!(got.time.total_minutes, Some(Minutes::whole(45)));
    assert_eq!((got.time.units.total, got.time.units_other_rule.total), (Some(3), Some(3)));
    assert_eq!(got.lines[2].modifiers, ["GP"]);
    let over = got.warnings.iter().find(|w| w.name == "units-over-billed").unwrap();
    assert_eq!(over.span.unwrap().of(DAILY), "97530 x2 GP");
    assert_eq!(over.message, "97530 billed x2, 12 min support x1");
}

#[test]
fn an_open_segment_is_settled_by_its_label_or_by_the_one_code_billed() {
    let text = "97110: step-ups 2x10 carrying basket, 15 min\n";
    assert_eq!(lines(&note(text, &[("step-ups", "97530/97110")]).run()), ["97110 15min x1/-"]);
    let text = "Step-ups 2x10 carrying basket, 15 min\n";
    let case = note(text, &[("Step-ups", "97530/97110")]).billed(&[("97530", 1, &["GP"])]);
    assert_eq!(lines(&case.run()), ["97530 15min x1/1"]);
    let open = note(text, &[("Step-ups", "97530/97110")]).run();
    assert!(open.lines.is_empty());
    assert_eq!(open.time.units.total, Some(1));
}

#[test]
fn a_grid_goes_before_the_segments_it_repeats() {
    let text = "Interventions:\n- Lifting crate from floor, 15 min\n- Bridges 3x10, 23 min\n\
                Billing:\nCPT | Minutes | Units\n97530 | 15 | 1\n97110 | 23 | 2\n\
                Timed: 38 min Total: 45 min\nSigned: T. Sample, PT\n";
    let supports = [("Lifting", "97530"), ("Bridges", "97110")];
    let got = note(text, &supports).run();
    assert_eq!(lines(&got), ["97110 23min x2/2", "97530 15min x1/1"]);
    assert_eq!(warnings(&got), ["ipair-history"]);

    let text = text.replace("97110 | 23 | 2", "97110 | 30 | 2");
    let got = note(&text, &supports).run();
    assert_eq!(lines(&got)[0], "97110 30min x2/2");
    assert_eq!(warnings(&got).iter().filter(|w| *w == "!minutes-mismatch").count(), 2);
}

#[test]
fn minutes_of_a_heading_go_to_its_code_whole() {
    let text = "Ther Act (97530) 25 min:\n- Lifting crate from floor x10\n- Car transfer x5\n\
                97110 Ther Ex (13 min):\n- Bridges 3x10\nTimed code minutes: 38\n";
    let supports = [("Lifting", "97530"), ("Car", "97530"), ("Bridges", "97110")];
    let got = note(text, &supports).run();
    assert_eq!(lines(&got), ["97110 13min x1/-", "97530 25min x2/-"]);
    let own: Vec<bool> = got.segment_minutes.iter().map(Option::is_some).collect();
    assert_eq!(own, [false, false, true], "minutes over one activity alone are its own");
    assert!(!warnings(&got).contains(&"!minutes-mismatch".to_owned()));
}

#[test]
fn the_time_of_a_label_is_the_time_of_what_stands_under_it() {
    // Twenty minutes of strength exercise under a task code: the note supports the exercise code.
    let text = "97530 (20 min):\n- Leg press 3x10\n- Bridges 3x10\n";
    let case = note(text, &[("Leg", "97110"), ("Bridges", "97110")]);
    let got = case.billed(&[("97530", 1, &["GP"])]).run();
    assert_eq!(lines(&got), ["97110 20min x1/-", "97530 -min x-/1"]);
    assert!(warnings(&got).contains(&"!unsupported-code".to_owned()));
    // A mixture under one label stays with the label.
    let mixed = note(text, &[("Leg", "97110"), ("Bridges", "97112")]).run();
    assert_eq!(lines(&mixed)[2], "97530 20min x1/-");
    // The same in a grid, tied by the label of the segment.
    let text = "Code | Min\n97530 | 15\n97535 | 15\nTher Act: putty 3x15\nButtons with hook\n";
    let got = note(text, &[("putty", "97110"), ("Buttons", "97535")]).run();
    assert_eq!(lines(&got), ["97110 15min x1/-", "97535 15min x1/-"]);
}

#[test]
fn a_label_without_content_still_claims_its_minutes() {
    let got = note("Therapeutic activities, 15 min\n", &[("Therapeutic", "-")]).run();
    assert_eq!(lines(&got), ["97530 15min x1/-"]);
}

#[test]
fn parts_of_one_code_add_and_shared_clock_time_counts_once() {
    let text = "Dressing with reacher, 10 min\nTub bench, 15 min\n";
    let got = note(text, &[("Dressing", "97535"), ("Tub", "97535")]).run();
    assert_eq!(lines(&got), ["97535 25min x2/-"]);

    let text = "Lifting crate 9:00-9:20\nBridges 3x10 9:15-9:30\n";
    let got = note(text, &[("Lifting", "97530"), ("Bridges", "97110")]).run();
    assert_eq!(lines(&got), ["97110 10min x1/-", "97530 20min x1/-"]);
    assert!(warnings(&got).contains(&"!overlapping-minutes".to_owned()));
    let stated: Vec<u32> = got.segment_minutes.iter().map(|m| m.unwrap().0.floor()).collect();
    assert_eq!(stated, [20, 15]);
}

#[test]
fn totals_alone_give_units_and_check_the_claim() {
    let text = "Interventions:\n- Lifting crate from floor x10\n- Bridges 3x10\n\
                Timed minutes: 38, total treatment time 45\nSigned: T. Sample, PT\n";
    let supports = [("Lifting", "97530"), ("Bridges", "97110")];
    let case = note(text, &supports).billed(&[("97530", 2, &["GP"]), ("97110", 2, &["GP"])]);
    let got = case.run();
    assert_eq!(got.time.units.total, Some(3));
    assert_eq!(got.time.units_other_rule.total, None);
    assert_eq!(lines(&got), ["97110 -min x-/2", "97530 -min x-/2"]);
    assert!(warnings(&got).contains(&"!units-over-billed".to_owned()));
    let right = note(text, &supports).billed(&[("97530", 2, &["GP"]), ("97110", 1, &["GP"])]);
    assert_eq!(warnings(&right.run()), ["ipair-history", "imissing-code-minutes"]);
}

#[test]
fn a_tie_takes_the_way_that_was_billed() {
    let text = "Lifting crate, 20 min\nBridges, 20 min\n";
    let supports = [("Lifting", "97530"), ("Bridges", "97110")];
    let got = note(text, &supports).billed(&[("97530", 2, &["GP"]), ("97110", 1, &["GP"])]).run();
    assert_eq!(lines(&got), ["97110 20min x1/1", "97530 20min x2/2"]);
    assert_eq!(got.time.alternatives.len(), 2);
    assert!(!warnings(&got).iter().any(|w| w.contains("units")));
    let three = note(text, &supports).billed(&[("97530", 3, &["GP"])]).run();
    assert!(warnings(&three).contains(&"!units-over-billed".to_owned()));
}

#[test]
fn sources_c_example_of_ten_minutes_billed_as_thirty_is_one_unit_over() {
    let got = note("Lifting crate from floor, 10 min\n", &[("Lifting", "97530")])
        .billed(&[("97530", 2, &["GP"])])
        .run();
    assert_eq!(lines(&got), ["97530 10min x1/2"]);
    assert!(warnings(&got).contains(&"!units-over-billed".to_owned()));
}

#[test]
fn untimed_minutes_never_enter_the_pool() {
    let got = note(
        "PT evaluation, 35 min\nBridges 3x10, 7 min\n",
        &[("PT eval", "97161"), ("Bridges", "97110")],
    )
    .run();
    assert_eq!(lines(&got), ["97110 7min x0/-", "97161 35min x1/-"]);
    assert_eq!(got.time.units.total, Some(0));
}

#[test]
fn doses_are_not_the_time_of_an_activity_where_others_have_none() {
    let text = "NuStep L5 x 8 min\nBridges 3x10\nTimed code minutes: 25\n";
    let got = note(text, &[("NuStep", "97110"), ("Bridges", "97110")]).run();
    assert_eq!(lines(&got), ["97110 -min x2/-"]);
}

#[test]
fn fragments_lack_nothing() {
    for text in
        ["Bridges 3x10", "- Sit to stand x10 from low chair, 12 min", "Bridges 3x10\nStep-ups 2x10"]
    {
        let supports = [("Bridges", "97110"), ("Sit to stand", "97530"), ("Step-ups", "97110")];
        assert!(note(text, &supports).run().warnings.is_empty(), "{text}");
    }
}

#[test]
fn times_of_history_goals_plan_and_home_program_are_not_todays() {
    let text = "Subjective: walked 30 min.\nHEP: bike 20 min.\nGoals: stand 15 min.\nPlan: 97530 30 min, 45 min session next visit.\n";
    let got = note(text, &[]).run();
    assert!(got.lines.is_empty());
    assert_eq!(got.time.timed_minutes, None);
}

#[test]
fn pairs_follow_payer_and_setting() {
    let text = "Lifting crate, 15 min\nJoint mobs, 15 min\n";
    let supports = [("Lifting", "97530"), ("Joint", "97140")];
    assert_eq!(warnings(&note(text, &supports).run()), ["ipair-history"]);
    assert_eq!(warnings(&note(text, &supports).payer("commercial").run()), ["?pair-conflict"]);
    let billed: &[(&str, u32, &[&str])] = &[("97161", 1, &["GP"]), ("97750", 1, &["GP", "59"])];
    let strict = note("Test battery, 15 min\n", &[]).billed(billed);
    assert!(warnings(&strict.run()).contains(&"!pair-conflict".to_owned()));
    let mut hospital = note("97161 evaluation\n97750 15 min\n", &[]).billed(billed);
    hospital.setting = Setting::Facility;
    assert!(!warnings(&hospital.run()).iter().any(|w| w.contains("pair")));
}

#[test]
fn modifiers_come_from_the_claim_else_from_the_discipline() {
    let mut case = note("Lifting crate, 15 min\n", &[("Lifting", "97530")]);
    case.discipline = Some(Discipline::Cota);
    assert_eq!(case.run().lines[0].modifiers, ["GO", "CO"]);
    let billed = case.billed(&[("97530", 1, &["GP"])]).run();
    assert_eq!(billed.lines[0].modifiers, ["GP"]);
    assert!(warnings(&billed).contains(&"!missing-discipline-modifier".to_owned()));
    assert_eq!(billed.billed[0].code, code("97530"));
}

#[test]
fn a_stated_total_leaves_its_rest_to_the_one_code_without_minutes() {
    let text = "Tandem stance, 14 min\nBridges, 8 min\nCrate lifts x10\nTimed minutes: 38\n";
    let supports = [("Tandem", "97112"), ("Bridges", "97110"), ("Crate", "97530")];
    let got = note(text, &supports).run();
    assert_eq!(lines(&got), ["97110 8min x1/-", "97112 14min x1/-", "97530 -min x1/-"]);
    // Without the total nothing can be said of rests.
    let got = note(&text.replace("Timed minutes: 38\n", ""), &supports).run();
    assert_eq!(lines(&got), ["97110 8min x-/-", "97112 14min x-/-", "97530 -min x-/-"]);
    assert_eq!((got.time.timed_minutes, got.time.units.total), (None, None));
}

#[test]
fn shared_minutes_of_therapist_and_assistant_are_compared_unit_by_unit() {
    let text = "Bridges 3x10, PTA 23 min, PT 13 min\nSigned: J. Roe, PTA and T. Sample, PT\n";
    let right: &[(&str, u32, &[&str])] = &[("97110", 1, &["GP", "CQ"]), ("97110", 1, &["GP"])];
    let got = note(text, &[("Bridges", "97110")]).billed(right).run();
    assert_eq!(lines(&got), ["97110 36min x2/2"]);
    assert!(!warnings(&got).iter().any(|w| w.contains("assistant")));
    let got = note(text, &[("Bridges", "97110")]).billed(&[("97110", 2, &["GP", "CQ"])]).run();
    assert!(warnings(&got).contains(&"!assistant-modifier".to_owned()));
}

#[test]
fn pairs_answer_for_each_two_codes() {
    let payers = rubric::knowledge::payers::Payers::built_in().unwrap();
    let medicare = payers.get("medicare").unwrap();
    let codes = [code("97530"), code("97140"), code("97150")];
    let got = pairs::query(&codes, Setting::Practitioner, medicare);
    assert_eq!(got.len(), 3);
    assert!(got[0].pair.is_none() && got[0].words.contains("2019-12-31"), "{}", got[0].words);
    assert!(
        got[1].words.starts_with("97150 with 97530 wants 59 or XU on 97530"),
        "{}",
        got[1].words
    );
    assert!(got[2].pair.unwrap().bypassable);
}

#[test]
fn results_are_no_treatment_time_and_one_line_needs_no_dividing() {
    let text = "Ther act 10 min: sit to stand x6 from sofa\nAssessment:\nShirt on in 3 min (5 min before)\n";
    let got = note(text, &[("sit to stand", "97530"), ("Shirt", "97535")]).run();
    assert_eq!(lines(&got)[0], "97530 10min x1/-");
    assert_eq!(got.lines.iter().filter(|line| line.minutes.is_some()).count(), 1);
}

#[test]
fn a_payer_may_want_another_code_for_a_service() {
    let text = "Unattended e-stim, prone, 15 min\n";
    let got = note(text, &[("e-stim", "97014")]).billed(&[("G0283", 2, &["GP"])]).run();
    assert_eq!(lines(&got), ["G0283 15min x1/2"]);
    assert!(warnings(&got).contains(&"!untimed-units".to_owned()));
    let got = note(text, &[("e-stim", "97014")]).payer("commercial").run();
    assert_eq!(lines(&got), ["97014 15min x1/-"]);
}
