//! Every form of minutes, and everything that only looks like minutes.

use std::fmt::Write as _;

use rubric::engine::billing::minutes::{self, TimeKind};

/// Text and what is read from it: `words|minutes kind [code]`, mentions apart by ` ; `.
const FORMS: &[(&str, &str)] = &[
    // Digits and unit.
    ("STS from low chair, 15 min", "15 min|15 activity"),
    ("lifting, 15min", "15min|15 activity"),
    ("lifting, 15 mins.", "15 mins|15 activity"),
    ("lifting (15 minutes)", "15 minutes|15 activity"),
    ("lifting, a 15-minute block", "15-minute|15 activity"),
    ("lifting, 7.5 min", "7.5 min|7.5 activity"),
    ("lifting, 12\nmin", "12\nmin|12 activity"),
    // Prime only after a code or a total label.
    ("97530 15'", "15'|15 claim 97530"),
    ("Total treatment time: 45'", "45'|45 total"),
    ("walked 150' with RW", ""),
    ("17\" chair", ""),
    // After a code or label.
    ("97530 x 15 min", "15 min|15 claim 97530"),
    ("97530 (15 min)", "15 min|15 claim 97530"),
    ("TherAct: 15 min", "15 min|15 claim 97530"),
    ("Ther Ex (97110) - 25 minutes", "25 minutes|25 claim 97110"),
    ("97110 Therapeutic exercise: 25 min", "25 min|25 claim 97110"),
    ("Neuro re-ed x 10 min", "10 min|10 claim 97112"),
    ("Self-care/home management 23 min", "23 min|23 claim 97535"),
    ("97530 x2 GP 25 min", "25 min|25 claim 97530"),
    ("97530 (2 units) 30 min", "30 min|30 claim 97530"),
    ("15 min TherEx, 10 min TherAct", "15 min|15 claim 97110 ; 10 min|10 claim 97530"),
    ("97110 15 min, 97530 23 min", "15 min|15 claim 97110 ; 23 min|23 claim 97530"),
    ("bridges 3x10, 15 min (97110)", "15 min|15 claim 97110"),
    ("97530 minutes: 15", "15|15 claim 97530"),
    ("97530 x2", ""),
    ("97530 2 units", ""),
    ("97530 15", ""),
    // Clock ranges.
    ("97530 9:05-9:20", "9:05-9:20|15 claim 97530"),
    ("lifting 0905-0920", "0905-0920|15 activity"),
    ("lifting 9:05 am to 9:20 am", "9:05 am to 9:20 am|15 activity"),
    ("lifting 1:10–1:25 pm", "1:10–1:25 pm|15 activity"),
    ("lifting 11:30 to 12:15 pm", "11:30 to 12:15 pm|45 activity"),
    ("lifting 11:50 to 12:20", "11:50 to 12:20|30 activity"),
    ("lifting 12:50-1:05", "12:50-1:05|15 activity"),
    ("lifting 11:30 am - 12:15", "11:30 am - 12:15|45 activity"),
    ("Treatment time 11:50 pm to 12:20 am", "11:50 pm to 12:20 am|- visit"),
    ("97530 9:05-9:20 (15 min)", "9:05-9:20|15 claim 97530"),
    ("97530 9:05-9:20 (14 min)", "9:05-9:20|14 claim 97530"),
    ("seen 2019-2024 by others", ""),
    ("1000-1200 mg daily", ""),
    ("phone 555-0142", ""),
    // In and out.
    ("Time in 9:00, time out 9:45", "9:00, time out 9:45|45 visit"),
    ("Time In: 0900  Time Out: 0945", "0900  Time Out: 0945|45 visit"),
    ("Start time: 1:00 pm\nEnd time: 1:53 pm", "1:00 pm\nEnd time: 1:53 pm|53 visit"),
    ("Session time: 9:00-9:45", "9:00-9:45|45 visit"),
    ("In: 9:00 Out: 9:45 (45 min)", "9:00 Out: 9:45|45 visit"),
    ("97530 start 9:05 stop 9:20", "9:05 stop 9:20|15 claim 97530"),
    // Hours.
    ("lifting, 1 hr", "1 hr|60 activity"),
    ("lifting, 1 hr 5 min", "1 hr 5 min|65 activity"),
    ("lifting, 1.5 hours", "1.5 hours|90 activity"),
    ("lifting, 1 hour and 10 minutes", "1 hour and 10 minutes|70 activity"),
    // Words.
    ("lifting, fifteen minutes", "fifteen minutes|15 activity"),
    ("lifting, twenty-five minutes", "twenty-five minutes|25 activity"),
    ("lifting, forty five min", "forty five min|45 activity"),
    ("lifting, half an hour", "half an hour|30 activity"),
    ("lifting, a quarter of an hour", "quarter of an hour|15 activity"),
    ("lifting, an hour and ten minutes", "an hour and ten minutes|70 activity"),
    ("lifting, one and a half hours", "one and a half hours|90 activity"),
    ("lifting, three quarters of an hour", "three quarters of an hour|45 activity"),
    // Sums, ranges, about right.
    ("lifting, 8 + 7 min", "8 + 7 min|15 activity"),
    ("lifting, 10 min + 5 min", "10 min + 5 min|15 activity"),
    ("lifting, 10-15 min", "10-15 min|- activity"),
    ("lifting, 10 to 15 minutes", "10 to 15 minutes|- activity"),
    ("lifting, ~15 min", "15 min|15 activity ~"),
    ("lifting for about 15 min", "15 min|15 activity ~"),
    // Totals.
    ("Timed code minutes: 38. Total treatment time: 45 min.", "38|38 timed ; 45 min|45 total"),
    ("Total timed minutes 38 / Total minutes 45", "38|38 timed ; 45|45 total"),
    ("TCT: 38 TTT: 45", "38|38 timed ; 45|45 total"),
    ("Timed: 38 min Total: 45 min", "38 min|38 timed ; 45 min|45 total"),
    ("38 timed minutes, 45 total minutes", "38 timed minutes|38 timed ; 45 total minutes|45 total"),
    ("Total treatment time in minutes: 45", "45|45 total"),
    ("38 min timed, 45 min total", "38 min|38 timed ; 45 min|45 total"),
    ("Total tx time: 45", "45|45 total"),
    ("Treatment time 45 minutes", "45 minutes|45 total"),
    ("Total Timed Code Treatment Minutes: 38", "38|38 timed"),
    ("97110 x2, total timed minutes: 25", "25|25 timed"),
    ("Timed/total minutes: 38/45", "38|38 timed ; 45|45 total"),
    ("Total units: 3", ""),
    ("Timed units: 3", ""),
    ("Timed 40, total 40 min.", "40|40 timed ; 40 min|40 total"),
    ("timed 33 total 33", "33|33 timed ; 33|33 total"),
    ("Timed:\t40\tTotal:\t40", "40|40 timed ; 40|40 total"),
    ("Timed min: 40   Total min: 40", "40|40 timed ; 40|40 total"),
    ("TIMED CODE MINUTES: ~30    TOTAL TREATMENT MINUTES: ~30", "30|30 timed ~ ; 30|30 total ~"),
    (
        "Timed minutes fifty-five, total treatment fifty-five minutes.",
        "fifty-five|55 timed ; fifty-five minutes|55 total",
    ),
    ("Timed minutes forty, total minutes forty.", "forty|40 timed ; forty|40 total"),
    ("Timed code minutes 0. Total treatment minutes 40.", "0|0 timed ; 40|40 total"),
    ("I spent twelve minutes on manual therapy", "twelve minutes|12 claim 97140"),
    (
        "The first twenty-five minutes were therapeutic exercise.",
        "twenty-five minutes|25 claim 97110",
    ),
    ("Evaluation 30 min (untimed).", "30 min|30 evaluation"),
    ("97161 PT evaluation 30 min", "30 min|30 claim 97161"),
    ("BRIDGES 3X10 WITH 5 SEC HOLD - 9 MIN", "9 MIN|9 activity"),
    ("wobble board 3x1 min", "1 min|- dose"),
    ("0920-0935 97112: stepping", "0920-0935|15 claim 97112"),
    ("Pt tolerated 45 min session", "45 min|45 total"),
    // Rest, set-up, passive heat; doses; prescriptions.
    ("5 min seated rest", "5 min|5 other"),
    ("hot pack to low back x 10 min", "10 min|10 other"),
    ("rest break x 3 min, gait", "3 min|3 other"),
    ("set-up of equipment 5 min", "5 min|5 other"),
    (
        "Therapeutic activities 15 min incl. 5 min seated rest.",
        "15 min|15 claim 97530 ; 5 min|5 other",
    ),
    ("NuStep L5 x 8 min", "8 min|8 dose"),
    ("bike 8 min", "8 min|8 dose"),
    ("treadmill 3 x 5 min", "5 min|- dose"),
    ("walk 5 min/day", "5 min|5 prescription"),
    ("walk 10 min twice daily", "10 min|10 prescription"),
    ("ice 15 min 3x/day", "15 min|15 prescription"),
    ("SpO2 95% within 1 minute", "1 minute|1 other"),
    ("Socks on in 4 min", "4 min|4 other"),
    ("wear splint every 30 minutes", "30 minutes|30 prescription"),
    // Not minutes.
    ("sit to stand x10 min A for balance", ""),
    ("transfers x 5 Min assist", ""),
    ("10 min VC for sequencing", ""),
    ("x8 min cues", ""),
    ("x10 min-mod A", ""),
    ("x10 min to mod assist", ""),
    ("6 minute walk test 320 m", ""),
    ("2-minute step test: 71", ""),
    ("Six-minute walk test 320 m", ""),
    ("30 sec hold", ""),
    ("hold 30s", ""),
    ("BP 120/80, knee 0-120, 3-5 sets, DOS 11/17/2026", ""),
    ("2x/wk x 4 weeks, in 4 weeks", ""),
    ("pain woke her at 3:00", ""),
    ("stood one leg, two cones, nine pegs", ""),
    ("gait 20 steps/min, 2 L/min", ""),
    ("Bike level 3   HR 104, 7 HR 98 after", ""),
    // How it was done, not how long it took.
    ("bike 8 min, harder at two minute intervals", "8 min|8 dose ; two minute|- dose"),
    ("put in six minutes of lifting", "six minutes|6 activity"),
    ("dressed in 6 minutes", "6 minutes|6 other"),
    // A dash that joins no range.
    ("less stiff by lap 2 - 9 min", "9 min|9 activity"),
    ("lifting 10 - 15 min", "10 - 15 min|- activity"),
    // Totals beside totals.
    ("TIMED 45 UNTIMED 10 TOTAL 55", "45|45 timed ; 55|55 total"),
    ("Treatment time 44 min timed, 50 total", "44 min|44 timed ; 50|50 total"),
    ("46 minutes total, all of it timed", "46 minutes|46 total ; 46 minutes|46 timed"),
];

#[test]
fn forms_of_minutes_are_read_as_the_table_says() {
    let mut wrong = String::new();
    for &(text, want) in FORMS {
        let got = show(text);
        if got != want {
            let _ = writeln!(wrong, "{text:?}\n  want {want:?}\n  got  {got:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn rows_of_a_grid_are_read_by_column_heading() {
    let cases = [
        "CPT | Minutes | Units\n97530 | 15 | 1\n97110 | 23 | 2",
        "| Code | Units | Min |\n|---|---|---|\n| 97530 | 1 | 15 |\n| 97110 | 2 | 23 |",
        "Code · Min · Units\n97530 · 15 · 1\n97110 · 23 · 2",
        "Code\tMinutes\tUnits\n97530\t15\t1\n97110\t23\t2",
        "Code    Minutes   Units\n97530   15        1\n97110   23        2",
        "Code Min Units\n97530 15 1\n97110 23 2",
        "Service | Minutes | Units\nTherapeutic activities | 15 | 1\nTher Ex | 23 | 2",
        "CPT | Start | End | Units\n97530 | 9:00 | 9:15 | 1\n97110 | 9:15 | 9:38 | 2",
    ];
    for text in cases {
        let got = minutes::read_all(text);
        let times: Vec<String> = got
            .times
            .iter()
            .map(|t| format!("{} {}", t.code.unwrap(), t.minutes.unwrap()))
            .collect();
        assert_eq!(times, ["97530 15", "97110 23"], "{text}");
        assert!(got.times.iter().all(|t| t.kind == TimeKind::Grid), "{text}");
        let units: Vec<u32> = got.units.iter().map(|row| row.units).collect();
        assert_eq!(units, [1, 2], "{text}");
    }
}

#[test]
fn rows_that_name_what_was_done_have_their_minutes() {
    let cases = [
        // A free name over the work, empty cells, a dash for what was not done.
        "ITEM            SETS/LOAD     MIN   REMARK\n\
         Recumbent bike  level 3        15    HR 104\n\
         Box lift        20 lb x10      23\n\
         Deadlift        --             --    not cleared",
        "| # | What we did | Min | How it went |\n|---|---|---|---|\n\
         | 1 | Squats 3x8, ankle weights 1 lb | 15 | tired |\n| 2 | Step-ups 4 in 2x8 | 23 | |",
        "Start  Stop   Min  Activity / response\n\
         09:02  09:17   15  Floor to chair via 8 in. block, x3\n\
         09:17  09:40   23  Seated row 30 lb, 3x10",
    ];
    for text in cases {
        let told: Vec<String> = minutes::read(text)
            .iter()
            .filter(|time| time.kind == TimeKind::Activity)
            .map(|time| time.minutes.unwrap().to_string())
            .collect();
        assert_eq!(told, ["15", "23"], "{text}");
    }
}

#[test]
fn totals_of_a_grid_are_totals() {
    let text = "CPT | Minutes | Units\n97530 | 15 | 1\n97110 | 23 | 2\nTotal timed | 38 | 3";
    let got = minutes::read(text);
    assert_eq!(got.len(), 3);
    assert_eq!(got[2].kind, TimeKind::TimedTotal);
}

#[test]
fn any_text_is_read_without_fault() {
    let pieces = [
        "97530", " ", "15", "'", "-", "min", "×", "9:05", "–", "\n", "|", "(", ")", "é", "+",
        "an hour", "x", "to", "half", "٣", "total", "\u{a0}", ":",
    ];
    for a in pieces {
        for b in pieces {
            for c in pieces {
                for d in pieces {
                    let text = format!("{a}{b}{c}{d}");
                    for found in minutes::read(&text) {
                        assert!(text.get(found.span.range()).is_some(), "{text:?}");
                    }
                }
            }
        }
    }
}

fn show(text: &str) -> String {
    minutes::read(text)
        .iter()
        .map(|found| {
            let amount = found.minutes.map_or("-".to_owned(), |m| m.to_string());
            let kind = match found.kind {
                TimeKind::Activity => "activity",
                TimeKind::Claim => "claim",
                TimeKind::Grid => "grid",
                TimeKind::TimedTotal => "timed",
                TimeKind::TreatmentTotal => "total",
                TimeKind::VisitSpan => "visit",
                TimeKind::Dose => "dose",
                TimeKind::NonBillable => "other",
                TimeKind::Prescription => "prescription",
                TimeKind::Evaluation => "evaluation",
            };
            let code = found.code.map_or(String::new(), |code| format!(" {code}"));
            let about = if found.approximate { " ~" } else { "" };
            format!("{}|{amount} {kind}{code}{about}", found.span.of(text))
        })
        .collect::<Vec<_>>()
        .join(" ; ")
}
