//! Any text at all: readers stay inside of it, and a bill comes out.

use proptest::prelude::*;

use super::support::note;

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "97530",
        "97110",
        "G0283",
        " ",
        "  ",
        "15",
        "15 min",
        "min A",
        "9:05",
        "9:05-9:20",
        "0905",
        "-",
        "–",
        "×",
        "x2",
        "x 2",
        "(2 units)",
        "GP",
        "59",
        "\n",
        "\r\n",
        "\t",
        "|",
        ":",
        ".",
        ",",
        "Billed",
        "Charges",
        "Timed",
        "total",
        "minutes",
        "half an hour",
        "twenty-five",
        "'",
        "’",
        "é",
        "\u{a0}",
        "٣",
        "PT",
        "PTA",
        "Signed: ",
        "J. Roe, ",
        "Code | Min | Units\n",
        "~",
        "+",
        "evaluation",
        "TherEx",
        "rest",
        "every",
        "İ",
        "🙂",
        "/",
        "to",
        "pm",
        "a.m.",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_lie_in_the_text(text in pieces()) {
        let got = note(&text, &[]).run();
        let spans = got.warnings.iter().filter_map(|warning| warning.span);
        for span in spans.chain(got.time.timed_span).chain(got.time.total_span) {
            prop_assert!(text.get(span.range()).is_some(), "{text:?}");
        }
        prop_assert_eq!(&note(&text, &[]).run(), &got);
    }

    #[test]
    fn times_come_in_order_and_do_not_share_words(text in pieces()) {
        let times = rubric::engine::billing::minutes::read(&text);
        for pair in times.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start, "{text:?}");
        }
    }

    #[test]
    fn arbitrary_text_is_read(text in "\\PC{0,80}") {
        note(&text, &[]).run();
    }
}
