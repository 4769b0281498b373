//! The rules of the descriptor format, as Backstage's catalog has them.
//! Nothing is refused here: every break of a rule is a diagnostic.

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

/// Checks a whole document. `name_span` is where its name stands, the
/// place of what is missing.
pub fn validate(root: &Node, name_span: Span, diags: &mut Vec<Diagnostic>) {
    root_keys(root, diags);
    text_by_rule(root, "apiVersion", "apiVersion", is_api_version, VERSION, diags);
    text_by_rule(root, "kind", "kind", is_kind, KIND, diags);
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
    const KNOWN: [&str; 6] = ["apiVersion", "kind", "metadata", "spec", "relations", "status"];
    for (key, _) in root.mapping().unwrap_or_default() {
        let Some(text) = key.scalar().map(|scalar| &*scalar.text) else { continue };
        if !KNOWN.contains(&text) {
            diags.push(codes::catalog::unknown_field(key.span, text, nearest(text, KNOWN)));
        }
    }
}

fn validate_metadata(metadata: &Node, diags: &mut Vec<Diagnostic>) {
    if metadata.mapping().is_none() {
        diags.push(wrong(metadata, "metadata", "a mapping"));
        return;
    }
    text_by_rule(metadata, "name", "metadata.name", is_name, NAME, diags);
    text_by_rule(metadata, "namespace", "metadata.namespace", is_label, NAMESPACE, diags);
    text_by_rule(metadata, "title", "metadata.title", |text| !text.is_empty(), TEXT, diags);
    text_by_rule(metadata, "description", "metadata.description", |_| true, "a text", diags);
    texts(metadata, "labels", |text| text.is_empty() || is_name(text), NAME, diags);
    texts(metadata, "annotations", |_| true, "a text", diags);
    for key in ["backstage.io/view-url", "backstage.io/edit-url"] {
        if let Some(url) = metadata.get("annotations").and_then(|annotations| annotations.get(key)) {
            validate_url(url, &format!("metadata.annotations.{key}"), diags);
        }
    }
    if let Some(tags) = metadata.get("tags") {
        for (idx, tag) in items(tags, "metadata.tags", diags).iter().enumerate() {
            check(tag, &format!("metadata.tags[{idx}]"), is_tag, TAG, diags);
        }
    }
    if let Some(links) = metadata.get("links") {
        for (idx, link) in items(links, "metadata.links", diags).iter().enumerate() {
            validate_link(link, &format!("metadata.links[{idx}]"), diags);
        }
    }
}

fn validate_link(link: &Node, field: &str, diags: &mut Vec<Diagnostic>) {
    if link.mapping().is_none() {
        diags.push(wrong(link, field, "a mapping with `url` and `title`"));
        return;
    }
    match link.get("url") {
        None => diags.push(codes::catalog::missing_field(link.span, &format!("{field}.url"))),
        Some(url) => validate_url(url, &format!("{field}.url"), diags),
    }
    for part in ["title", "icon", "type"] {
        text_by_rule(link, part, &format!("{field}.{part}"), |text| !text.is_empty(), TEXT, diags);
    }
}

fn validate_url(url: &Node, field: &str, diags: &mut Vec<Diagnostic>) {
    match url.string() {
        Some(text) if safe_url(text).is_some() => {}
        // A text is expected everywhere; that has been said.
        None if field.starts_with("metadata.annotations") => {}
        Some(text) if text.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':')) => {
            diags.push(codes::catalog::unsafe_url(url.span, field, &shortened(text)));
        }
        _ => diags.push(wrong(url, field, "an absolute address that begins with `https://`")),
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
    let Some(entries) = node.mapping() else {
        diags.push(wrong(node, &format!("metadata.{key}"), "a mapping"));
        return;
    };
    for (entry_key, value) in entries {
        let name = entry_key.scalar().map_or("", |scalar| &*scalar.text);
        let field = format!("metadata.{key}.{}", shortened(name));
        if !is_key(name) {
            diags.push(codes::catalog::invalid_field(entry_key.span, &field, "not a valid key", KEY));
        }
        check(value, &field, &rule, expected, diags);
    }
}

fn validate_spec(root: &Node, kind: &kinds::Kind, name_span: Span, diags: &mut Vec<Diagnostic>) {
    let spec = root.get("spec");
    if let Some(spec) = spec.filter(|spec| spec.mapping().is_none()) {
        diags.push(wrong(spec, "spec", "a mapping"));
        return;
    }
    let place = root.entry("spec").map_or(name_span, |(key, _)| key.span);
    for field in kinds::fields(kind, spec) {
        let path = format!("spec.{}", field.name);
        match spec.and_then(|spec| spec.get(field.name)) {
            None if field.is_required => diags.push(codes::catalog::missing_field(place, &path)),
            None => {}
            Some(value) => validate_field(value, field, &path, diags),
        }
    }
}

fn validate_field(value: &Node, field: &Field, path: &str, diags: &mut Vec<Diagnostic>) {
    // One that failed has its own diagnostic.
    if is_substitution(value) {
        return;
    }
    match field.shape {
        Shape::Text => check(value, path, |text| !text.is_empty(), TEXT, diags),
        Shape::Presence => {
            let expected = "`required` or `optional`";
            check(value, path, |text| matches!(text, "required" | "optional"), expected, diags);
        }
        Shape::Texts => {
            for (idx, item) in items(value, path, diags).iter().enumerate() {
                check(item, &format!("{path}[{idx}]"), |text| !text.is_empty(), TEXT, diags);
            }
        }
        Shape::List => {
            items(value, path, diags);
        }
        Shape::Profile => {
            if value.mapping().is_none() {
                diags.push(wrong(value, path, "a mapping"));
            }
            for part in ["displayName", "email", "picture"] {
                text_by_rule(value, part, &format!("{path}.{part}"), |text| !text.is_empty(), TEXT, diags);
            }
        }
        Shape::Remotes => {
            let remotes = items(value, path, diags);
            if value.sequence().is_some_and(<[Node]>::is_empty) {
                diags.push(wrong(value, path, "at least one remote"));
            }
            for (idx, remote) in remotes.iter().enumerate() {
                for part in ["type", "url"] {
                    let path = format!("{path}[{idx}].{part}");
                    match remote.get(part) {
                        None => diags.push(codes::catalog::missing_field(remote.span, &path)),
                        Some(value) => check(value, &path, |text| !text.is_empty(), TEXT, diags),
                    }
                }
            }
        }
    }
}

fn items<'n>(node: &'n Node, field: &str, diags: &mut Vec<Diagnostic>) -> &'n [Node] {
    match node.sequence() {
        Some(items) => items,
        None => {
            if !is_substitution(node) {
                diags.push(wrong(node, field, "a list"));
            }
            &[]
        }
    }
}

fn text_by_rule(
    parent: &Node,
    key: &str,
    field: &str,
    rule: impl Fn(&str) -> bool,
    expected: &str,
    diags: &mut Vec<Diagnostic>,
) {
    if let Some(node) = parent.get(key) {
        check(node, field, rule, expected, diags);
    }
}

fn check(node: &Node, field: &str, rule: impl Fn(&str) -> bool, expected: &str, diags: &mut Vec<Diagnostic>) {
    let is_good = match node.string() {
        Some(text) => rule(text),
        None => is_substitution(node),
    };
    if !is_good {
        diags.push(wrong(node, field, expected));
    }
}

fn wrong(node: &Node, field: &str, expected: &str) -> Diagnostic {
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
    let diagnostic = codes::catalog::invalid_field(node.span, field, &found, expected);
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
