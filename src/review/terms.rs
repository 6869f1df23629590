//! The terms a filter is made of, with help and examples: the one list that parser and help read.

/// One kind of term.
#[derive(Debug, Clone, Copy)]
pub struct TermHelp {
    /// How it is written.
    pub form: &'static str,
    /// What it finds.
    pub help: &'static str,
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
    term("err", "at least one error"),
    term("warn", "at least one warning"),
    term("code:", "suggests this code: code:97530"),
    term("billed:", "was billed under this code: billed:97530"),
    term("outcome:", "a segment came out so: outcome:consider, outcome:abstain"),
    term("reason:", "a segment abstains for this reason: reason:A6"),
    term("rule:", "this rule found something: rule:VG-0001"),
    term("payer:", "payer profile: payer:medicare"),
    term("disc:", "discipline: disc:OT"),
    term("by:", "therapist: by:sample"),
    term("who:", "coder who decided: who:anna"),
    term("date:", "date of service, or from..to: date:2026-11-01.."),
    term("lead", "least lead of a segment: lead<3"),
    term("units<>billed", "units supported and billed differ"),
    term("minutes", "timed minutes: minutes>60"),
    term("age", "days in the queue: age>3d"),
];

const fn term(form: &'static str, help: &'static str) -> TermHelp {
    TermHelp { form, help }
}

/// Returns the terms that begin with what was typed after the last blank.
pub fn complete(typed: &str) -> Vec<&'static str> {
    let word = typed.rsplit(' ').next().unwrap_or_default().trim_start_matches('-');
    if word.is_empty() {
        return Vec::new();
    }
    TERMS.iter().map(|term| term.form).filter(|form| form.starts_with(word)).collect()
}
