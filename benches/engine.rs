//! Speed of the engine beside a bare `aho-corasick` scan of the same texts for the same words.
//!
//! `cargo bench --bench engine` first prints ratios: bare scan, phrase scan and whole analysis take
//! turns over all notes of a corpus, one round to warm up and five that count; the figure is the
//! median of CPU time, with least and most beside it. Then criterion times the three on fewer notes,
//! in one group. Dense notes are made here, from a seed; sparse ones are read from the JSON lines
//! (or their .gz) that `RUBRIC_SPARSE` names, and left out without it. A round in which the two scans
//! count differently stops the run. A claim names both ratios, the bare scan's MB/s of the same run,
//! number and bytes of the texts looked for, the machine and the commit.

#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

mod notes;

use std::hint::black_box;
use std::time::Instant;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use criterion::{Criterion, Throughput, criterion_group};
use rubric::engine::Engine;
use rubric::knowledge::phrases::{may_end, may_start};
use rubric::knowledge::{Lexicon, load, load_payers};
use rubric::model::{Note, NoteMeta};

/// Rounds that count.
const ROUNDS: usize = 5;

struct Corpus {
    name: &'static str,
    notes: Vec<Note>,
}

impl Corpus {
    fn new(name: &'static str, texts: Vec<String>) -> Self {
        let note = |(at, text)| Note {
            key: format!("{at}"),
            source: String::new(),
            text,
            fingerprint: String::new(),
            meta: NoteMeta::default(),
        };
        Self { name, notes: texts.into_iter().enumerate().map(note).collect() }
    }

    fn bytes(&self) -> usize {
        self.notes.iter().map(|note| note.text.len()).sum()
    }
}

fn main() {
    let engine = Engine::new(load(None).unwrap(), load_payers(None).unwrap());
    let corpora: Vec<Corpus> = std::iter::once(("dense", notes::dense(engine.lexicon(), 2_000)))
        .chain(notes::sparse().map(|texts| ("sparse", texts)))
        .map(|(name, texts)| Corpus::new(name, texts))
        .collect();
    let dfa = dfa(engine.lexicon());
    for corpus in &corpora {
        ratios(&engine, &dfa, corpus);
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}

criterion_group!(benches, timed);

fn timed(criterion: &mut Criterion) {
    let engine = Engine::new(load(None).unwrap(), load_payers(None).unwrap());
    let dfa = dfa(engine.lexicon());
    let corpus = Corpus::new("dense", notes::dense(engine.lexicon(), 200));
    let mut group = criterion.benchmark_group(corpus.name);
    group.throughput(Throughput::Bytes(corpus.bytes() as u64));
    group.bench_function("bare scan", |bench| bench.iter(|| bare(&dfa, &corpus)));
    group.bench_function("phrase scan", |bench| bench.iter(|| scan(&engine, &corpus)));
    group.bench_function("whole analysis", |bench| bench.iter(|| whole(&engine, &corpus)));
    group.finish();
}

/// The yardstick: every text that the engine looks for, as a DFA.
fn dfa(lexicon: &Lexicon) -> AhoCorasick {
    let texts: Vec<String> = lexicon.index.spelled().into_iter().map(|(_, text)| text).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let start = Instant::now();
    let dfa = AhoCorasickBuilder::new()
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(&texts)
        .unwrap();
    println!("{} texts, {bytes} bytes; DFA built in {:?}", texts.len(), start.elapsed());
    dfa
}

/// Scans with the DFA, checks word bounds and counts.
fn bare(dfa: &AhoCorasick, corpus: &Corpus) -> usize {
    let count = |text: &str| {
        let bytes = text.as_bytes();
        let found = dfa.find_overlapping_iter(bytes);
        found.filter(|one| may_start(bytes, one.start()) && may_end(bytes, one.end())).count()
    };
    corpus.notes.iter().map(|note| count(&note.text)).sum()
}

/// Finds the same texts with the index of the engine, and counts.
fn scan(engine: &Engine, corpus: &Corpus) -> usize {
    let index = &engine.lexicon().index;
    let (mut tokens, mut begins, mut count) = (Vec::new(), Vec::new(), 0);
    for note in &corpus.notes {
        tokens.clear();
        begins.clear();
        index.cut(note.text.as_bytes(), &mut tokens, |at| begins.push(at));
        for at in &begins {
            index.texts_from(&tokens, *at, |text, _| {
                count += usize::from(index.is_looked_for(text));
            });
        }
    }
    count
}

fn whole(engine: &Engine, corpus: &Corpus) -> usize {
    corpus.notes.iter().map(|note| black_box(engine.analyse(note)).mentions.len()).sum()
}

fn ratios(engine: &Engine, dfa: &AhoCorasick, corpus: &Corpus) {
    let mut times = [const { Vec::new() }; 3];
    for round in 0..=ROUNDS {
        let (first, wanted) = cpu(|| bare(dfa, corpus));
        let (second, counted) = cpu(|| scan(engine, corpus));
        assert_eq!(wanted, counted, "the two scans count differently: the figures are void");
        let (third, _) = cpu(|| whole(engine, corpus));
        if round > 0 {
            times[0].push(first);
            times[1].push(first / second);
            times[2].push(first / third);
        }
    }
    for list in &mut times {
        list.sort_by(f64::total_cmp);
    }
    let [bare, scan, whole] = times.map(|list| (list[ROUNDS / 2], list[0], list[ROUNDS - 1]));
    println!(
        "{}: {} notes, {} bytes; bare scan {:.0} MB/s; phrase scan {:.2}x ({:.2} to {:.2}); \
         whole analysis {:.2}x ({:.2} to {:.2})",
        corpus.name,
        corpus.notes.len(),
        corpus.bytes(),
        f64::from(u32::try_from(corpus.bytes()).unwrap_or(u32::MAX)) / bare.0 / 1e6,
        scan.0,
        scan.1,
        scan.2,
        whole.0,
        whole.1,
        whole.2,
    );
}

/// Runs something; returns seconds of CPU time where the system tells it, else of the clock.
fn cpu<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let spent = || {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        told.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
    };
    let (before, start) = (spent(), Instant::now());
    let result = run();
    let by_clock = start.elapsed().as_secs_f64();
    (before.and_then(|before| Some(spent()? - before)).unwrap_or(by_clock), result)
}
