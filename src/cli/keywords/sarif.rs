//! Findings of `rubric keywords check` as SARIF 2.1.0.

use std::io::Write;

use serde_json::json;

use super::check::{Place, Report};
use crate::knowledge::check::LINTS;

/// Writes one run with all lints and the findings.
pub(super) fn write(report: &Report, place: &Place<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let rules: Vec<_> = LINTS
        .iter()
        .map(|lint| {
            json!({
                "id": lint.name,
                "shortDescription": { "text": lint.about },
                "help": { "text": lint.remedy },
            })
        })
        .collect();
    let results: Vec<_> = report
        .findings
        .iter()
        .map(|one| {
            let uri = place.path(&one.file).replace('\\', "/");
            json!({
                "ruleId": one.lint,
                "level": if one.lint == "fault" { "error" } else { "warning" },
                "message": { "text": format!("{}; {}", one.message, one.remedy()) },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": uri },
                        "region": { "startLine": one.line, "startColumn": one.column },
                    },
                }],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "rubric keywords check",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(out, "{}", serde_json::to_string_pretty(&log)?)?;
    Ok(())
}
