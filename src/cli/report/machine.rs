//! Reports for code hosts and CI: GitLab's code quality, SARIF and JUnit.
//! Each is one document, so all diagnostics are needed at once.

use std::collections::{BTreeMap, HashMap};

use percent_encoding::{AsciiSet, utf8_percent_encode};
use serde_json::{Value, json};

use crate::base::{hash, url};
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Severity, Span};
use crate::model::file::Snapshot;

use super::{Context, repo_and_path, shown_path};

/// What is escaped in a path of a URI.
const PATH: &AsciiSet = &url::PATH.add(b'[').add(b']');

/// Returns GitLab's code quality report, which its merge requests show.
pub(crate) fn gitlab(context: &Context, diags: &[Diagnostic]) -> String {
    let prints = fingerprints(context.snapshot, diags);
    let issues: Vec<Value> = diags
        .iter()
        .zip(prints)
        .map(|(diag, fingerprint)| {
            let (path, line) = match diag.span {
                Some(span) => (shown_path(context, span.file), span.line),
                None => (".".to_string(), 1),
            };
            json!({
                "description": with_help(diag),
                "check_name": diag.code.id,
                "fingerprint": fingerprint,
                "severity": match diag.severity() {
                    Severity::Info => "info",
                    Severity::Warning => "minor",
                    Severity::Error => "major",
                },
                "location": { "path": path, "lines": { "begin": line } },
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(issues))
}

/// Returns a SARIF 2.1.0 log.
pub(crate) fn sarif(context: &Context, diags: &[Diagnostic]) -> String {
    let codes = codes::all();
    let idx_of: HashMap<&str, usize> = codes.iter().enumerate().map(|(idx, code)| (code.id, idx)).collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            json!({
                "id": code.id,
                "shortDescription": { "text": code.summary },
                "help": { "text": code.explanation, "markdown": code.explanation },
                "defaultConfiguration": { "level": level(code.severity) },
            })
        })
        .collect();
    let prints = fingerprints(context.snapshot, diags);
    let results: Vec<Value> = diags
        .iter()
        .zip(prints)
        .map(|(diag, fingerprint)| {
            let related: Vec<Value> = diag
                .notes
                .iter()
                .filter_map(|note| {
                    let mut place = place(context, note.span?);
                    place["message"] = json!({ "text": note.message });
                    Some(place)
                })
                .collect();
            let mut result = json!({
                "ruleId": diag.code.id,
                "ruleIndex": idx_of.get(diag.code.id).copied().unwrap_or_default(),
                "level": level(diag.severity()),
                "message": { "text": with_help(diag) },
                "locations": diag.span.map(|span| place(context, span)).into_iter().collect::<Vec<_>>(),
                "partialFingerprints": { "callboard/v1": fingerprint },
            });
            if !related.is_empty() {
                result["relatedLocations"] = Value::Array(related);
            }
            result
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Callboard",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn place(context: &Context, span: Span) -> Value {
    let path = shown_path(context, span.file).replace('\\', "/");
    let escaped = utf8_percent_encode(&path, PATH).to_string();
    let uri = if path.starts_with('/') { format!("file://{escaped}") } else { escaped };
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri },
        "region": { "startLine": span.line, "startColumn": span.column },
    } })
}

/// Returns a JUnit report: a suite for each repository, a failed case for
/// each error and warning.
pub(crate) fn junit(context: &Context, diags: &[Diagnostic]) -> String {
    let snapshot = context.snapshot;
    let mut suites: BTreeMap<&str, Vec<&Diagnostic>> =
        snapshot.sources().map(|repo| (&*snapshot.repo(repo).name, Vec::new())).collect();
    for diag in diags.iter().filter(|diag| diag.severity() != Severity::Info) {
        let (repo, _) = repo_and_path(snapshot, diag);
        suites.entry(repo).or_default().push(diag);
    }
    let n_failed: usize = suites.values().map(Vec::len).sum();
    let n_cases: usize = suites.values().map(|failed| failed.len().max(1)).sum();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"callboard\" tests=\"{n_cases}\" failures=\"{n_failed}\" errors=\"0\">\n"
    );
    for (repo, failed) in suites {
        let name = if repo.is_empty() { "the portal itself" } else { repo };
        xml.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\">\n",
            xml_text(name),
            failed.len().max(1),
            failed.len()
        ));
        if failed.is_empty() {
            xml.push_str(&format!("    <testcase classname=\"{}\" name=\"no problems\"/>\n", xml_text(name)));
        }
        for diag in failed {
            xml.push_str(&junit_case(context, name, diag));
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn junit_case(context: &Context, suite: &str, diag: &Diagnostic) -> String {
    let place = diag.span.map(|span| {
        let path = &context.snapshot.file(span.file).path;
        (format!("{path}:{}:{}", span.line, span.column), shown_path(context, span.file), span.line)
    });
    let (name, file) = match &place {
        Some((place, file, line)) => {
            (format!("{} {place}", diag.code.id), format!(" file=\"{}\" line=\"{line}\"", xml_text(file)))
        }
        None => (diag.code.id.to_string(), String::new()),
    };
    format!(
        "    <testcase classname=\"{}\" name=\"{}\"{file}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
        xml_text(suite),
        xml_text(&name),
        diag.severity().name(),
        xml_text(&diag.message),
        xml_text(&with_help(diag)),
    )
}

/// Escapes text for XML; characters that XML cannot hold are replaced.
fn xml_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

fn with_help(diag: &Diagnostic) -> String {
    match &diag.help {
        Some(help) => format!("{}\nhelp: {help}", diag.message),
        None => diag.message.clone(),
    }
}

/// Returns what stays the same of a problem when lines move: its code,
/// its file, what it says, and the how manieth it is of its like.
fn fingerprints(snapshot: &Snapshot, diags: &[Diagnostic]) -> Vec<String> {
    let mut n_alike: HashMap<[u8; 16], u32> = HashMap::new();
    diags
        .iter()
        .map(|diag| {
            let (repo, path) = repo_and_path(snapshot, diag);
            let parts = [diag.code.id.as_bytes(), repo.as_bytes(), path.as_bytes(), diag.message.as_bytes()];
            let hex = hash::hash(parts.join(&0).as_slice()).hex();
            let mut alike = [0; 16];
            alike.copy_from_slice(&hex.as_bytes()[..16]);
            let n = n_alike.entry(alike).or_default();
            *n += 1;
            match *n {
                1 => hex[..32].to_string(),
                n => format!("{}-{n}", &hex[..32]),
            }
        })
        .collect()
}
