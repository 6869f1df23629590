//! The terms a filter is made of, with help and examples: the one list that parser and help read.

/// One kind of term.
#[derive(Debug, Clone, Copy)]
pub struct TermHelp {
    /// How it is written.
    pub form: &'static str,
    /// What it finds.
    pub help: &'static str,
    /// Where its answer comes from.
    pub source: Source,
}

/// Where the answer to a term comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Note, claim or log: known without an analysis.
    Record,
    /// What the program found, which a blind review must not tell.
    Finding,
}

/// All terms, as help lists them and Tab completes them.
pub const TERMS: [TermHelp; 25] = [
    term("open", "nothing decided yet"),
    term("accepted", "accepted as shown"),
    term("changed", "decided otherwise, with a reason"),
    term("queried", "a question to the therapist is open"),
    term("deferred", "put off"),
    term("mine", "decided or taken by you"),
    term("flagged", "with a question to the lead or trainer"),
    term("marked", "marked with Space"),
    term("stale", "edited since it was opened or decided"),
    finding("err", "at least one error"),
    finding("warn", "at least one warning"),
    finding("code:", "suggests this code: code:97530"),
    term("billed:", "was billed under this code: billed:97530"),
    finding("outcome:", "a segment came out so: outcome:consider, outcome:abstain"),
    finding("reason:", "a segment abstains for this reason: reason:A6"),
    finding("rule:", "this rule found something: rule:VG-0001"),
    term("payer:", "payer profile: payer:medicare"),
    term("disc:", "discipline: disc:OT"),
    term("by:", "therapist: by:sample"),
    term("who:", "coder who decided: who:anna"),
    term("date:", "date of service, or from..to: date:2026-11-01.."),
    finding("lead", "least lead of a segment: lead<3"),
    finding("units<>billed", "units supported and billed differ"),
    term("minutes", "timed minutes: minutes>60"),
    term("age", "days in the queue: age>3d"),
];

const fn term(form: &'static str, help: &'static str) -> TermHelp {
    TermHelp { form, help, source: Source::Record }
}

const fn finding(form: &'static str, help: &'static str) -> TermHelp {
    TermHelp { form, help, source: Source::Finding }
}

/// Returns the first term of a filter line that asks what the program found.
pub fn finding_in(line: &str) -> Option<&'static str> {
    let found = TERMS.iter().filter(|term| term.source == Source::Finding);
    let mut forms = found.map(|term| term.form);
    forms.find(|form| {
        line.split_whitespace().map(|word| word.trim_start_matches('-')).any(|word| {
            word.strip_prefix(form).is_some_and(|rest| {
                rest.is_empty() || form.ends_with(':') || rest.starts_with(['<', '>', '='])
            })
        })
    })
}

/// Returns the terms that begin with what was typed after the last blank.
pub fn complete(typed: &str) -> Vec<&'static str> {
    let word = typed.rsplit(' ').next().unwrap_or_default().trim_start_matches('-');
    if word.is_empty() {
        return Vec::new();
    }
    TERMS.iter().map(|term| term.form).filter(|form| form.starts_with(word)).collect()
}
