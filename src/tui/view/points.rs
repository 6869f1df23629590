//! The points of a segment: rows of evidence, columns of codes, sums that can be checked by eye.

use crate::model::{Code, CodeFinding, Evidence, Outcome, Segment, Span};
use crate::review::book::RuleFacts;

use super::super::app::{App, OpenNote};
use super::super::grid;
use super::super::theme::Role;
use super::findings::{because, minutes, quote};
use super::pen::{Pen, Text};

/// One piece of evidence with its points for each column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct PointRow<'a> {
    pub(in crate::tui) evidence: &'a Evidence,
    pub(in crate::tui) points: Vec<i32>,
}

/// Returns the columns: the four codes, and a fifth for another service that scores.
pub(in crate::tui) fn columns(segment: &Segment) -> Vec<Code> {
    let mut codes = Code::FOUR.to_vec();
    let other = segment.codes.iter().find(|f| !f.code.is_target() && f.score > 0);
    codes.extend(other.map(|finding| finding.code));
    codes
}

/// Returns the rows of the table; each column adds up to its score.
pub(in crate::tui) fn evidence_rows(segment: &Segment) -> Vec<PointRow<'_>> {
    let columns = columns(segment);
    let mut rows: Vec<PointRow<'_>> = Vec::new();
    for (column, code) in columns.iter().enumerate() {
        let Some(finding) = segment.codes.iter().find(|f| f.code == *code) else { continue };
        // The same rule may score twice on the same words, as for the term and for its section.
        let mut used = vec![false; rows.len()];
        for evidence in &finding.evidence {
            let same = rows.iter().enumerate().position(|(at, row)| {
                row.evidence.term == evidence.term
                    && row.evidence.span == evidence.span
                    && used.get(at) == Some(&false)
            });
            if let Some(at) = same {
                used[at] = true;
                rows[at].points[column] = evidence.points;
            } else {
                let mut points = vec![0; columns.len()];
                points[column] = evidence.points;
                rows.push(PointRow { evidence, points });
                used.push(true);
            }
        }
    }
    rows.sort_by_key(|row| (row.evidence.span.start, row.evidence.term.clone()));
    rows
}

pub(super) fn draw(app: &App, pen: &mut Pen<'_>) {
    if app.is_hidden() {
        pen.put(0, 1, "Hidden until your answer is recorded.", Role::Plain);
        return;
    }
    let Some(open) = &app.open else { return };
    let Some(segment) = open.current() else {
        pen.put(0, 1, "No interventions found. i says how the note was read.", Role::Plain);
        return;
    };
    let wide = pen.wide();
    let shape = Shape::of(wide, columns(segment).len());
    let mut rows = head(open, segment, wide);
    let points = evidence_rows(segment);
    let cursor_row = rows.len() + 1 + open.evidence;
    rows.extend(table(app, open, segment, &points, &shape));
    rows.push(Text::blank());
    rows.extend(below(app, open, segment, &points, wide));
    let top = (cursor_row + 3).min(rows.len()).saturating_sub(pen.high());
    pen.rows(&rows, top);
    if open.evidence < points.len() {
        pen.put(cursor_row - top, 0, ">", Role::Suggestion);
    }
}

/// Returns how many rows the cursor can pass: the evidence, then all that stands below it.
pub(in crate::tui) fn rows_below_head(app: &App, wide: usize) -> usize {
    let Some(open) = &app.open else { return 0 };
    let Some(segment) = open.current() else { return 0 };
    let points = evidence_rows(segment);
    let shape = Shape::of(wide, columns(segment).len());
    table(app, open, segment, &points, &shape).len()
        + below(app, open, segment, &points, wide).len()
}

/// Widths of the columns.
struct Shape {
    id: usize,
    name: usize,
    quote: usize,
    status: usize,
    because: usize,
    left: usize,
}

impl Shape {
    fn of(wide: usize, codes: usize) -> Self {
        let points = codes * 6 + 1;
        let rest = wide.saturating_sub(points + 1);
        if wide >= 110 {
            let (id, status) = (8, 12);
            let name = 24;
            let quote = rest.saturating_sub(id + name + status + 22).clamp(12, 40);
            let because = rest.saturating_sub(id + name + quote + status);
            Self { id, name, quote, status, because, left: rest }
        } else if wide >= 70 {
            let id = 8;
            let name = 21;
            Self {
                id,
                name,
                quote: rest.saturating_sub(id + name),
                status: 0,
                because: 0,
                left: rest,
            }
        } else {
            Self { id: 0, name: rest, quote: 0, status: 0, because: 0, left: rest }
        }
    }

    fn line(&self, cells: [&str; 5]) -> String {
        let widths = [self.id, self.name, self.quote, self.status, self.because];
        let mut line = String::from(" ");
        for (cell, wide) in cells.into_iter().zip(widths) {
            if wide > 0 {
                let cut = grid::cut(cell, wide.saturating_sub(1)).into_owned();
                line.push_str(&cut);
                line.push_str(&" ".repeat(wide.saturating_sub(grid::width(&cut))));
            }
        }
        line
    }
}

fn head(open: &OpenNote, segment: &Segment, wide: usize) -> Vec<Text> {
    let words = if wide >= 110 {
        format!(
            " Segment {} of {}    line {}, bytes {}..{}    {}    {}",
            segment.index + 1,
            open.analysis.segments.len(),
            segment.line,
            segment.span.start,
            segment.span.end,
            segment.section.as_str(),
            minutes(segment.minutes)
        )
    } else {
        format!(
            " Segment {} of {}  line {}  {}  {}",
            segment.index + 1,
            open.analysis.segments.len(),
            segment.line,
            segment.section.as_str(),
            minutes(segment.minutes)
        )
    };
    let outcome = match segment.outcome {
        Outcome::Consider => {
            let codes: Vec<String> = segment
                .codes
                .iter()
                .filter(|finding| finding.supported)
                .map(|finding| finding.code.to_string())
                .collect();
            let lead = segment.codes.first().map_or(0, |finding| finding.lead);
            format!("OPEN: {}, lead {lead}", codes.join("|"))
        }
        Outcome::Abstain(reason) => format!("ABSTAIN {}", reason.id()),
        Outcome::Suggest | Outcome::Other => segment
            .code()
            .map(|code| format!("{} {code}", segment.outcome.as_str()))
            .unwrap_or_default(),
    };
    vec![
        Text::plain(words).right(outcome, Role::Suggestion),
        Text::plain(format!(" {}", quote(&open.note.text, segment.span, wide.saturating_sub(2)))),
        Text::blank(),
    ]
}

fn table(
    app: &App,
    open: &OpenNote,
    segment: &Segment,
    points: &[PointRow<'_>],
    shape: &Shape,
) -> Vec<Text> {
    let columns = columns(segment);
    let finding = |code: &Code| segment.codes.iter().find(|finding| finding.code == *code);
    let numbers = |value: &dyn Fn(&Code) -> String| -> String {
        let cells: Vec<String> =
            columns.iter().map(|code| format!(" {:>5}", value(code))).collect();
        cells.concat()
    };
    let sum = |name: &str, value: &dyn Fn(&Code) -> String, role| {
        let line = shape.line([if shape.id > 0 { "" } else { name }, name, "", "", ""]);
        let line = if shape.id > 0 { line } else { shape.line(["", name, "", "", ""]) };
        Text::of(format!("{line}{}", numbers(value)), role)
    };
    let mut rows = vec![Text::of(
        format!(
            "{}{}",
            shape.line(["Id", "Evidence", "Quote", "Status", "Because"]),
            numbers(&|code| code.to_string())
        ),
        Role::Faint,
    )];
    for row in points {
        let words = quote(&open.note.text, row.evidence.span, shape.quote.saturating_sub(1));
        let cue = because(&open.note.text, row.evidence, shape.because.saturating_sub(1));
        let line = shape.line([
            &row.evidence.term,
            &row.evidence.name,
            &words,
            row.evidence.status.as_str(),
            &cue,
        ]);
        let cells: String = row
            .points
            .iter()
            .map(|points| match points {
                0 => "     .".to_owned(),
                points => format!(" {points:>+5}"),
            })
            .collect();
        rows.push(Text::plain(format!("{line}{cells}")));
    }
    let dashes = shape.left + 1 + columns.len() * 6;
    rows.push(Text::of(format!(" {}", "─".repeat(dashes.saturating_sub(1))), Role::Faint));
    rows.push(sum(
        "Score",
        &|code| finding(code).map_or(0, |f| f.score).to_string(),
        Role::Suggestion,
    ));
    rows.push(sum(
        "Floor",
        &|code| finding(code).map_or_else(|| "-".to_owned(), |f| f.floor.to_string()),
        Role::Plain,
    ));
    let gates = columns.iter().map(|code| app.settings.book.gates(*code).len()).max();
    for at in 0..gates.unwrap_or_default() {
        let name = if at == 0 { "Gate: own activity" } else { "Gate: what else it needs" };
        let state = |code: &Code| gate(app, finding(code), *code, at).to_owned();
        rows.push(sum(name, &state, Role::Plain));
    }
    let lead = app.settings.book.margin().map(|margin| format!("Lead (margin {margin})"));
    rows.push(sum(
        lead.as_deref().unwrap_or("Lead"),
        &|code| match finding(code) {
            Some(finding) if finding.score > 0 => format!("{:+}", finding.lead),
            _ => ".".to_owned(),
        },
        Role::Plain,
    ));
    rows.push(sum(
        "Outcome",
        &|code| match finding(code) {
            Some(finding) if finding.supported && segment.outcome == Outcome::Consider => {
                "cons.".to_owned()
            }
            Some(finding) if finding.supported => "yes".to_owned(),
            _ => "-".to_owned(),
        },
        Role::Plain,
    ));
    rows
}

fn below(
    app: &App,
    open: &OpenNote,
    segment: &Segment,
    points: &[PointRow<'_>],
    wide: usize,
) -> Vec<Text> {
    let mut rows = Vec::new();
    let mut say = |name: &str, words: &str| {
        rows.extend(Text::wrapped(&format!(" {name:<9} {words}"), wide, 11, Role::Plain));
    };
    if let Some(ask) = &segment.ask {
        say("Ask", &format!("{ask}  q puts this into a query"));
    }
    let mut name = "Why not";
    for finding in segment.codes.iter().filter(|finding| !finding.why_not.is_empty()) {
        say(name, &format!("{}  {}", finding.code, finding.why_not.join("; ")));
        name = "";
    }
    if let Outcome::Abstain(reason) = segment.outcome {
        say("No code", reason.words());
    }
    let uncounted: Vec<String> = open
        .analysis
        .mentions
        .iter()
        .filter(|m| m.span.overlaps(segment.span) && !counted(points, m.span))
        .map(|mention| {
            let cue = mention.cue.as_ref().map_or_else(String::new, |cue| {
                format!(" \u{2190} {}", quote(&open.note.text, cue.span, 24))
            });
            format!("{} {}{cue}", quote(&open.note.text, mention.span, 30), mention.status.as_str())
        })
        .collect();
    say("Seen only", if uncounted.is_empty() { "nothing" } else { "" });
    for words in &uncounted {
        say("", words);
    }
    if let Some(claim) = segment.claim {
        say("Claim", &format!("a label here says {claim}"));
    }
    if let Some(span) = segment.minutes_span {
        let from = quote(&open.note.text, span, 24);
        say("Minutes", &format!("{}, from {from}", minutes(segment.minutes)));
    }
    if let Some(row) = points.get(open.evidence.min(points.len().saturating_sub(1))) {
        let cue = because(&open.note.text, row.evidence, 40);
        let cue = if cue.is_empty() { String::new() } else { format!(" because {cue}") };
        let (id, name) = (&row.evidence.term, &row.evidence.name);
        let status = row.evidence.status.as_str();
        say("Row", &format!("{id} {name}: {status}{cue}"));
        if let Some(facts) = app.settings.book.rule(id) {
            about_rule(&facts, &mut say);
        }
    }
    let versions = &open.analysis.versions;
    say(
        "Versions",
        &format!("rubric {}  {}  {}", versions.program, versions.keywords, versions.payer),
    );
    rows
}

/// Tells how a gate of a code stands: what is missing was named when the code was not supported.
fn gate(app: &App, finding: Option<&CodeFinding>, code: Code, at: usize) -> &'static str {
    let Some(words) = app.settings.book.gates(code).get(at).copied() else { return "-" };
    match finding {
        Some(finding) if finding.why_not.iter().any(|why| why.ends_with(words)) => "unmet",
        Some(finding) if finding.score > 0 => "met",
        // Nothing of the code was counted, so nothing of its own was performed either.
        _ if at == 0 => "unmet",
        _ => "-",
    }
}

/// Says what the keyword files tell of the rule under the cursor.
fn about_rule(facts: &RuleFacts<'_>, say: &mut impl FnMut(&str, &str)) {
    let points: Vec<String> =
        facts.points.iter().map(|(code, points)| format!("{code} {points:+}")).collect();
    let since =
        if facts.since.is_empty() { String::new() } else { format!(", since {}", facts.since) };
    let points = if points.is_empty() { "no points".to_owned() } else { points.join(", ") };
    say("", &format!("{}{since}: {points}. {}", facts.category, facts.explain));
    say("File", facts.place);
    if !facts.cite.is_empty() {
        say("Cite", &facts.cite.join("; "));
    }
}

fn counted(points: &[PointRow<'_>], span: Span) -> bool {
    points.iter().any(|row| row.evidence.span == span)
}
