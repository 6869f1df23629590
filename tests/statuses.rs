//! Hard sentences, each with the status a therapist would give its activity.
//!
//! In most, one part leaves undone what another part tells as done. `rubric eval` reads the table, too.

use rubric::engine::examples::mention_over;

const SENTENCES: &str = include_str!("statuses/sentences.tsv");

#[test]
fn every_sentence_gives_its_activity_the_status_of_its_row() {
    let engine = crate::support::engine();
    let mut wrong = Vec::new();
    for row in SENTENCES.lines().skip(1) {
        let [text, phrase, status] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three cells a row: {row}");
        };
        let mentions = engine.read(text).mentions;
        let answer =
            mention_over(&mentions, phrase, text).map_or("not seen", |one| one.status.as_str());
        if answer != status {
            wrong.push(format!("{text} | {phrase}: {answer}, not {status}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
