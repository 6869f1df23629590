//! The page of figures: one HTML file that needs nothing else, to be read on the screen and printed.

use std::fmt::Write as _;

use crate::review::figures::{Count, ENOUGH, Figures, percent};
use crate::tui::grid::visible;

/// What stands above the figures.
pub(super) struct Head<'a> {
    /// What was counted: the notes' folder, or the log alone.
    pub(super) title: &'a str,
    /// How far back.
    pub(super) range: &'a str,
    /// When it was made.
    pub(super) made: &'a str,
    /// Who made it.
    pub(super) coder: &'a str,
    /// Versions of program and keyword files.
    pub(super) versions: &'a str,
}

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem;color:#111;background:#fff}h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;\
margin:1.8rem 0 .4rem;border-bottom:1px solid #888}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.15rem .6rem .15rem 0;vertical-align:middle}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\
td.b{width:55%}.bar{display:block;height:.8rem;background:#345;min-width:2px;\
-webkit-print-color-adjust:exact;print-color-adjust:exact}.faint{color:#555}\
section{break-inside:avoid}@media print{body{margin:0;max-width:none;font-size:11pt}}";

/// Writes the page; every word that is not the program's own is escaped.
pub(super) fn page(head: &Head<'_>, figures: &Figures) -> String {
    let title = escaped(head.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>rubric: {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n<p class=\"faint\">Range: {}. Counted from the audit log up to event {}, \
         on {} for {}. {}.<br>The page holds no words of any note.</p>\n",
        escaped(head.range),
        figures.event,
        escaped(head.made),
        escaped(head.coder),
        escaped(head.versions),
    );
    let all: u64 = figures.decisions.iter().map(|count| count.count).sum();
    section(&mut out, &format!("Decisions: {all}"), &bars(&figures.decisions, true));
    let days: Vec<Count> = figures
        .by_day
        .iter()
        .map(|(day, count)| Count { name: day.clone(), count: *count, filter: String::new() })
        .collect();
    section(&mut out, "Decisions by day", &bars(&days, false));
    section(&mut out, "Decided by code (segments)", &bars(&figures.by_code(), true));
    section(&mut out, "Suggested against decided (segments)", &matrix(figures));
    section(&mut out, "Work", &work(figures));
    section(&mut out, "Open notes by age", &bars(&figures.open_by_age, false));
    section(&mut out, "Notes by warning", &bars(&figures.warnings, false));
    section(&mut out, "Warnings by therapist", &therapists(figures));
    let (more, less, same) = figures.units;
    let units = [("more than supported", more), ("fewer than supported", less), ("equal", same)];
    let units: Vec<Count> = units
        .into_iter()
        .map(|(name, count)| Count { name: name.to_owned(), count, filter: String::new() })
        .collect();
    section(&mut out, "Units billed, decided notes", &bars(&units, false));
    out.push_str("</body>\n</html>\n");
    out
}

fn section(out: &mut String, title: &str, body: &str) {
    let body = if body.is_empty() { "<p class=\"faint\">Nothing to count.</p>\n" } else { body };
    let _ = write!(out, "<section>\n<h2>{}</h2>\n{body}</section>\n", escaped(title));
}

fn bars(counts: &[Count], rate: bool) -> String {
    let all: u64 = counts.iter().map(|count| count.count).sum();
    let largest = counts.iter().map(|count| count.count).max().unwrap_or_default();
    if all == 0 {
        return String::new();
    }
    let mut out = String::from("<table>\n");
    for Count { name, count, .. } in counts {
        let share = if rate {
            format!("<td class=\"n\">{}</td>", percent(*count, all))
        } else {
            String::new()
        };
        let bar = match count {
            0 => String::new(),
            count => {
                format!("<span class=\"bar\" style=\"width:{}%\"></span>", count * 100 / largest)
            }
        };
        let _ = writeln!(
            out,
            "<tr><th>{}</th><td class=\"n\">{count}</td>{share}<td class=\"b\">{bar}</td></tr>",
            escaped(name)
        );
    }
    out + "</table>\n"
}

fn matrix(figures: &Figures) -> String {
    if figures.matrix.is_empty() {
        return String::new();
    }
    let mut out = String::from("<table>\n<tr><th>suggested, down; decided, across</th>");
    for name in &figures.decided {
        let _ = write!(out, "<th class=\"n\">{}</th>", escaped(name));
    }
    out.push_str("</tr>\n");
    for (name, counts) in &figures.matrix {
        let _ = write!(out, "<tr><th>{}</th>", escaped(name));
        for count in counts {
            let _ = write!(out, "<td class=\"n\">{count}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n");
    if let Some(kept) = figures.kept {
        let rate = kept.words();
        let _ = writeln!(
            out,
            "<p>Kept as suggested {} of {}{}. Kept is not the same as right: blind rounds and audits \
             tell that.</p>",
            kept.kept,
            kept.all,
            escaped(&rate)
        );
    }
    out
}

fn work(figures: &Figures) -> String {
    let time = figures.seconds.map_or_else(
        || "too few".to_owned(),
        |(median, tenth)| format!("median {median} s, 9 of 10 under {tenth} s"),
    );
    let (unlooked, accepts) = figures.unlooked;
    let share = if accepts >= ENOUGH {
        format!(" = {}", percent(unlooked, accepts))
    } else {
        String::new()
    };
    let (waiting, answered, closed) = figures.queries;
    let oldest =
        figures.oldest_query.map_or_else(String::new, |days| format!(", oldest {days} days"));
    let rows = [
        ("Time on a note", time),
        ("Accepted without a look at the points", format!("{unlooked} of {accepts}{share}")),
        ("Undone, amended later", format!("{}, {}", figures.undone, figures.amended)),
        ("Queries", format!("waiting {waiting}{oldest}, answered {answered}, closed {closed}")),
    ];
    let rows = rows.map(|(name, value)| format!("<tr><th>{name}</th><td>{value}</td></tr>\n"));
    format!("<table>\n{}</table>\n", rows.concat())
}

fn therapists(figures: &Figures) -> String {
    if figures.therapists.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<table>\n<tr><th>therapist</th><th class=\"n\">notes</th>\
         <th class=\"n\">with warnings</th></tr>\n",
    );
    for one in &figures.therapists {
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            escaped(&one.name),
            one.notes,
            one.warned
        );
    }
    out + "</table>\n<p class=\"faint\">In order of names; counts say nothing of their reasons.</p>\n"
}

/// Returns words as a page may hold them: no markup, no command, nothing that turns writing round.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in visible(text).chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::figures::{Kept, Therapist};

    #[test]
    fn foreign_words_are_escaped_and_commands_are_named() {
        assert_eq!(escaped("<a> & \"b\" 'c'"), "&lt;a&gt; &amp; &quot;b&quot; &#39;c&#39;");
        assert_eq!(escaped("x\u{1b}[31m\u{202e}"), "x&lt;1B&gt;[31m&lt;U+202E&gt;");
    }

    #[test]
    fn the_page_needs_nothing_else_and_every_bar_has_its_number() {
        let count = |name: &str, count| Count { name: name.into(), count, filter: String::new() };
        let figures = Figures {
            decisions: vec![count("accept", 3), count("change", 1)],
            kept: Some(Kept { kept: 3, all: 4, interval: None }),
            matrix: vec![("97110".into(), vec![3, 1])],
            decided: vec!["97110".into(), "none".into()],
            therapists: vec![Therapist {
                name: "<script>T</script>".into(),
                notes: 2,
                warned: 1,
                filter: String::new(),
            }],
            ..Figures::default()
        };
        let head =
            Head { title: "a<b", range: "all", made: "now", coder: "anna", versions: "rubric" };
        let page = page(&head, &figures);
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("src="));
        assert!(page.contains("<td class=\"n\">3</td><td class=\"n\">75 %</td>"), "{page}");
        assert!(page.contains("too few for a rate"));
        for tag in ["section", "table", "tr", "body", "html"] {
            let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
            let opened = page.matches(&open).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&close).count(), "{tag}");
        }
    }
}
