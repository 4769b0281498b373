//! The rules of the descriptor format, as Backstage's catalog has them.
//! Nothing is refused here: every break of a rule is a diagnostic.

use std::fmt;

use crate::base::text::nearest;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::yaml::{Node, ScalarType};

use super::kinds::{self, Field, Known, Shape};
use super::substitutions::is_substitution;

const NAME: &str = "letters and digits separated by `-`, `_` or `.`, at most 63 characters";
const NAMESPACE: &str = "lower-case letters and digits separated by `-`, at most 63 characters";
const TAG: &str =
    "lower-case letters, digits, `:`, `+` and `#`, separated by single `-`, at most 63 characters";
const KEY: &str = "a name, or a domain, one `/` and a name";
const KIND: &str = "letters and digits that begin with a letter, at most 63 characters";
const VERSION: &str = "`<domain>/<version>`, such as `backstage.io/v1alpha1`";
const TEXT: &str = "a text that is not empty";

/// So many tags, links, labels or annotations are shown.
pub const MOST_ITEMS: usize = 1_000;

/// Where a value stands, written out only when something is wrong with
/// it: `metadata.tags[0]`.
#[derive(Clone, Copy)]
struct Trail<'t> {
    above: Option<&'t Trail<'t>>,
    part: Part<'t>,
}

#[derive(Clone, Copy)]
enum Part<'t> {
    Key(&'t str),
    Item(usize),
}

impl<'t> Trail<'t> {
    fn of(key: &'t str) -> Self {
        Trail { above: None, part: Part::Key(key) }
    }

    fn key(&'t self, key: &'t str) -> Self {
        Trail { above: Some(self), part: Part::Key(key) }
    }

    fn item(&'t self, idx: usize) -> Self {
        Trail { above: Some(self), part: Part::Item(idx) }
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.above, self.part) {
            (None, Part::Key(key)) => write!(f, "{}", shortened(key)),
            (Some(above), Part::Key(key)) => write!(f, "{above}.{}", shortened(key)),
            (above, Part::Item(idx)) => {
                above.map_or(Ok(()), |above| write!(f, "{above}"))?;
                write!(f, "[{idx}]")
            }
        }
    }
}

/// Checks a whole document. `name_span` is where its name stands, the
/// place of what is missing.
pub fn validate(root: &Node, name_span: Span, diags: &mut Vec<Diagnostic>) {
    root_keys(root, diags);
    text_by_rule(root, "apiVersion", None, is_api_version, VERSION, diags);
    text_by_rule(root, "kind", None, is_kind, KIND, diags);
    if let Some(metadata) = root.get("metadata") {
        validate_metadata(metadata, diags);
    }
    match kinds::known(root) {
        Known::Kind(kind) => validate_spec(root, kind, name_span, diags),
        Known::Version { kind, version, expected } => {
            diags.push(codes::catalog::unknown_version(
                version.span,
                kind,
                version.text().unwrap_or(""),
                expected,
            ));
        }
        Known::Nothing(node) => {
            let Some(kind) = node.string().filter(|kind| !kind.is_empty()) else { return };
            let names = kinds::KINDS.iter().map(|kind| kind.name);
            diags.push(codes::catalog::unknown_kind(node.span, kind, nearest(kind, names)));
        }
    }
}

fn root_keys(root: &Node, diags: &mut Vec<Diagnostic>) {
    const KNOWN: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];
    for (key, _) in root.mapping().unwrap_or_default() {
        let Some(text) = key.scalar().map(|scalar| &*scalar.text) else { continue };
        if !KNOWN.contains(&text) {
            diags.push(codes::catalog::unknown_field(key.span, text, nearest(text, KNOWN)));
        }
    }
}

fn validate_metadata(metadata: &Node, diags: &mut Vec<Diagnostic>) {
    let trail = Trail::of("metadata");
    if metadata.mapping().is_none() {
        diags.push(wrong(metadata, trail, "a mapping"));
        return;
    }
    let within = Some(&trail);
    text_by_rule(metadata, "name", within, is_name, NAME, diags);
    text_by_rule(metadata, "namespace", within, is_label, NAMESPACE, diags);
    for key in ["title", "uid", "etag"] {
        text_by_rule(metadata, key, within, |text| !text.is_empty(), TEXT, diags);
    }
    text_by_rule(metadata, "description", within, |_| true, "a text", diags);
    texts(metadata, "labels", |text| text.is_empty() || is_name(text), NAME, diags);
    texts(metadata, "annotations", |_| true, "a text", diags);
    for key in ["backstage.io/view-url", "backstage.io/edit-url"] {
        if let Some(url) = metadata.get("annotations").and_then(|annotations| annotations.get(key)) {
            validate_url(url, trail.key("annotations").key(key), diags);
        }
    }
    for key in ["tags", "links", "labels", "annotations"] {
        let node = metadata.get(key);
        let n = node.map_or(0, |node| {
            node.sequence().map_or(0, <[Node]>::len) + node.mapping().map_or(0, <[_]>::len)
        });
        if let Some(node) = node.filter(|_| n > MOST_ITEMS) {
            let expected = format!("at most {MOST_ITEMS}");
            let field = trail.key(key).to_string();
            diags.push(codes::catalog::invalid_field(
                node.span,
                &field,
                &format!("{n} items long"),
                &expected,
            ));
        }
    }
    if let Some(tags) = metadata.get("tags") {
        let trail = trail.key("tags");
        for (idx, tag) in items(tags, trail, diags).iter().enumerate() {
            check(tag, trail.item(idx), is_tag, TAG, diags);
        }
    }
    if let Some(links) = metadata.get("links") {
        let trail = trail.key("links");
        for (idx, link) in items(links, trail, diags).iter().enumerate() {
            validate_link(link, trail.item(idx), diags);
        }
    }
}

fn validate_link(link: &Node, trail: Trail, diags: &mut Vec<Diagnostic>) {
    if link.mapping().is_none() {
        diags.push(wrong(link, trail, "a mapping with `url` and `title`"));
        return;
    }
    match link.get("url") {
        None => diags.push(codes::catalog::missing_field(link.span, &trail.key("url").to_string())),
        Some(url) => validate_url(url, trail.key("url"), diags),
    }
    for part in ["title", "icon"] {
        text_by_rule(link, part, Some(&trail), |text| !text.trim().is_empty(), TEXT, diags);
    }
    text_by_rule(link, "type", Some(&trail), |text| !text.is_empty(), TEXT, diags);
}

fn validate_url(url: &Node, trail: Trail, diags: &mut Vec<Diagnostic>) {
    match url.string() {
        Some(text) if safe_url(text).is_some() => {}
        // A text is expected everywhere; that has been said.
        None if matches!(trail.above, Some(Trail { part: Part::Key("annotations"), .. })) => {}
        Some(text) if text.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':')) => {
            diags.push(codes::catalog::unsafe_url(url.span, &trail.to_string(), &shortened(text)));
        }
        _ => diags.push(wrong(url, trail, "an absolute address that begins with `https://`")),
    }
}

/// Checks a mapping of texts: labels or annotations.
fn texts(
    metadata: &Node,
    key: &str,
    rule: impl Fn(&str) -> bool,
    expected: &str,
    diags: &mut Vec<Diagnostic>,
) {
    let Some(node) = metadata.get(key) else { return };
    let (above, part) = (Trail::of("metadata"), Part::Key(key));
    let trail = Trail { above: Some(&above), part };
    let Some(entries) = node.mapping() else {
        diags.push(wrong(node, trail, "a mapping"));
        return;
    };
    for (entry_key, value) in entries {
        let name = entry_key.scalar().map_or("", |scalar| &*scalar.text);
        if !is_key(name) {
            let field = trail.key(name).to_string();
            diags.push(codes::catalog::invalid_field(entry_key.span, &field, "not a valid key", KEY));
        }
        check(value, trail.key(name), &rule, expected, diags);
    }
}

fn validate_spec(root: &Node, kind: &kinds::Kind, name_span: Span, diags: &mut Vec<Diagnostic>) {
    let Some((key, spec)) = root.entry("spec") else {
        let n_before = diags.len();
        for field in kinds::fields(kind, None).iter().filter(|field| field.is_required) {
            let field = Trail::of("spec").key(field.name).to_string();
            diags.push(codes::catalog::missing_field(name_span, &field));
        }
        if diags.len() == n_before {
            diags.push(codes::catalog::missing_field(name_span, "spec"));
        }
        return;
    };
    if spec.mapping().is_none() {
        diags.push(wrong(spec, Trail::of("spec"), "a mapping"));
        return;
    }
    validate_record(spec, kinds::fields(kind, Some(spec)), Trail::of("spec"), key.span, diags);
}

/// Checks the fields of a mapping; `place` is that of what is missing.
fn validate_record(record: &Node, fields: &[Field], trail: Trail, place: Span, diags: &mut Vec<Diagnostic>) {
    for field in fields {
        let trail = trail.key(field.name);
        match record.get(field.name) {
            None if field.is_required => {
                diags.push(codes::catalog::missing_field(place, &trail.to_string()));
            }
            None => {}
            Some(value) => validate_field(value, field.shape, trail, diags),
        }
    }
}

fn validate_field(value: &Node, shape: Shape, trail: Trail, diags: &mut Vec<Diagnostic>) {
    // One that failed has its own diagnostic.
    if is_substitution(value) {
        return;
    }
    match shape {
        Shape::Text => check(value, trail, |text| !text.is_empty(), TEXT, diags),
        Shape::AnyText => check(value, trail, |_| true, "a text", diags),
        Shape::Presence => {
            let expected = "`required` or `optional`";
            check(value, trail, |text| matches!(text, "required" | "optional"), expected, diags);
        }
        Shape::Condition => {
            let is_bool = value.scalar().is_some_and(|scalar| scalar.scalar_type() == ScalarType::Bool);
            if !is_bool {
                check(value, trail, |_| true, "a text or a boolean", diags);
            }
        }
        Shape::Texts | Shape::AnyTexts => {
            let is_empty_fine = matches!(shape, Shape::AnyTexts);
            for (idx, item) in items(value, trail, diags).iter().enumerate() {
                check(item, trail.item(idx), |text| is_empty_fine || !text.is_empty(), TEXT, diags);
            }
        }
        Shape::Record(fields) => record(value, fields, trail, diags),
        Shape::RecordOfTexts(fields) => {
            record(value, fields, trail, diags);
            for (key, other) in value.mapping().unwrap_or_default() {
                let name = key.scalar().map_or("", |key| &*key.text);
                if fields.iter().all(|field| field.name != name) {
                    check(other, trail.key(name), |_| true, "a text", diags);
                }
            }
        }
        Shape::RecordOrRecords(fields) if value.sequence().is_none() => {
            record(value, fields, trail, diags);
        }
        Shape::Records(fields) | Shape::SomeRecords(fields) | Shape::RecordOrRecords(fields) => {
            let needs_one = matches!(shape, Shape::SomeRecords(_));
            if needs_one && value.sequence().is_some_and(<[Node]>::is_empty) {
                diags.push(wrong(value, trail, "at least one item"));
            }
            for (idx, item) in items(value, trail, diags).iter().enumerate() {
                if !is_substitution(item) {
                    record(item, fields, trail.item(idx), diags);
                }
            }
        }
    }
}

fn record(value: &Node, fields: &[Field], trail: Trail, diags: &mut Vec<Diagnostic>) {
    match value.mapping() {
        Some(_) => validate_record(value, fields, trail, value.span, diags),
        None => diags.push(wrong(value, trail, "a mapping")),
    }
}

fn items<'n>(node: &'n Node, trail: Trail, diags: &mut Vec<Diagnostic>) -> &'n [Node] {
    match node.sequence() {
        Some(items) => items,
        None => {
            if !is_substitution(node) {
                diags.push(wrong(node, trail, "a list"));
            }
            &[]
        }
    }
}

fn text_by_rule(
    parent: &Node,
    key: &str,
    above: Option<&Trail>,
    rule: impl Fn(&str) -> bool,
    expected: &str,
    diags: &mut Vec<Diagnostic>,
) {
    if let Some(node) = parent.get(key) {
        check(node, Trail { above, part: Part::Key(key) }, rule, expected, diags);
    }
}

fn check(
    node: &Node,
    trail: Trail,
    rule: impl Fn(&str) -> bool,
    expected: &str,
    diags: &mut Vec<Diagnostic>,
) {
    let is_good = match node.string() {
        Some(text) => rule(text),
        None => is_substitution(node),
    };
    if !is_good {
        diags.push(wrong(node, trail, expected));
    }
}

fn wrong(node: &Node, trail: Trail, expected: &str) -> Diagnostic {
    let (found, help) = match node.scalar() {
        Some(scalar) => match scalar.scalar_type() {
            ScalarType::String if scalar.text.is_empty() => ("empty".to_string(), None),
            ScalarType::String => (format!("`{}`", shortened(&scalar.text)), None),
            ScalarType::Null => ("empty".to_string(), Some("write a value, or remove the key".to_string())),
            _ => {
                let text = shortened(&scalar.text);
                (format!("{} (`{text}`)", node.what()), Some(format!("put it in quotes: `\"{text}\"`")))
            }
        },
        None => (node.what().to_string(), None),
    };
    let diagnostic = codes::catalog::invalid_field(node.span, &trail.to_string(), &found, expected);
    match help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let mut short: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

fn is_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    fits(text) && text.bytes().all(is_inner) && ends_well(text, |byte| byte.is_ascii_alphanumeric())
}

/// A label of a domain name, and a namespace.
fn is_label(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    fits(text) && text.bytes().all(|byte| is_letter(byte) || byte == b'-') && ends_well(text, is_letter)
}

fn is_tag(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":+#".contains(&byte);
    fits(text) && text.split('-').all(|part| !part.is_empty() && part.bytes().all(is_letter))
}

fn is_kind(text: &str) -> bool {
    fits(text)
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn is_api_version(text: &str) -> bool {
    let is_suffix = |text: &str| fits(text) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.split_once('/') {
        Some((domain, suffix)) => is_domain(domain) && is_suffix(suffix),
        None => is_suffix(text),
    }
}

fn is_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((domain, name)) => is_domain(domain) && is_name(name),
        None => is_name(text),
    }
}

fn is_domain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

fn fits(text: &str) -> bool {
    (1..=63).contains(&text.len())
}

fn ends_well(text: &str, is_letter: impl Fn(u8) -> bool) -> bool {
    text.bytes().next().is_some_and(&is_letter) && text.bytes().last().is_some_and(&is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(rule(text), "{text:?} should be valid");
        }
        for text in bad {
            assert!(!rule(text), "{text:?} should not be valid");
        }
    }

    #[test]
    fn names_follow_the_rules() {
        let (just, over) = ("a".repeat(63), "a".repeat(64));
        check(is_name, &["a", "a.b_c-d", "A9", &just], &["", "-a", "a-", "a b", "jalapeño", "a/b", &over]);
        check(is_label, &["a", "a-b", "a--b", "9", &just], &["", "Team", "-a", "a-", "a_b", "a.b", &over]);
        check(
            is_tag,
            &["java", "c++", "c#", "a:b", "a-b", &just],
            &["", "Java", "a_b", "a--b", "-a", "go 1.15.3", &over],
        );
        check(is_kind, &["API", "a1"], &["", "1a", "a-b", "a.b"]);
        check(is_key, &["a", "a.b.c/key", "backstage.io/x_y"], &["", "a/b/c", "/a", "a/", "A.b/c"]);
        check(is_api_version, &["backstage.io/v1alpha1", "v1"], &["", "/v1", "a.b/", "a.b/v1/x", "a..b/v1"]);
    }
}
