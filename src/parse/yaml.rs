//! YAML text to trees with spans, on granit-parser's events. The only
//! module that knows that parser.
//!
//! Content is hostile until shown otherwise: every document has limits,
//! the tree is built without recursion, and aliases are expanded within
//! a budget. A broken document costs only itself.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::base::text::Lines;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;
use crate::model::yaml::{Document, Node, Value};

use self::tree::Places;

mod json;
mod tree;
mod trouble;

/// How much one file may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub document_bytes: usize,
    pub scalar_bytes: usize,
    /// How deep lists and mappings may be nested.
    pub depth: usize,
    pub n_nodes: usize,
    pub n_aliases: usize,
    /// The nodes that all aliases of a document expand to.
    pub n_replayed: usize,
    pub n_documents: usize,
}

/// The limits of a file of entities, or of a docs configuration.
pub const DESCRIPTOR: Limits = Limits {
    document_bytes: 1 << 20,
    scalar_bytes: 1 << 20,
    depth: 64,
    n_nodes: 50_000,
    n_aliases: 1_000,
    n_replayed: 100_000,
    n_documents: 1_000,
};

/// The limits of a file that an entity brings in, such as the definition
/// of an API.
pub const DEFINITION: Limits =
    Limits { document_bytes: 16 << 20, scalar_bytes: 16 << 20, n_nodes: 1_000_000, ..DESCRIPTOR };

/// Reads every document of a stream, within the limits of a definition.
/// Never fails; trouble goes to `diags`. Empty documents are left out.
pub fn documents(file: FileId, text: &str, diags: &mut Vec<Diagnostic>) -> Vec<Document> {
    documents_within(&DEFINITION, file, text, diags)
}

/// Reads the first document of a file, such as `mkdocs.yml`, within the
/// limits of a descriptor.
pub fn document(file: FileId, text: &str, diags: &mut Vec<Diagnostic>) -> Option<Document> {
    documents_within(&DESCRIPTOR, file, text, diags).into_iter().next()
}

/// Reads every document of a stream. A broken document costs only
/// itself. Never fails; trouble goes to `diags`. Empty documents are
/// left out.
pub fn documents_within(
    limits: &Limits,
    file: FileId,
    text: &str,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let n_before = diags.len();
    let base = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let places = Places { file, base: base as u32 };
    let clean = without_nul(&text[base..], &places, diags);
    let documents = tree::stream(limits, &places, &clean, diags);
    if !documents.is_empty() || diags.len() == n_before {
        return documents;
    }
    match json::json(limits, &places, &clean) {
        Some(document) => {
            diags.truncate(n_before);
            vec![document]
        }
        None => documents,
    }
}

/// Returns the text of a file: UTF-8, or UTF-16 that says so by its
/// mark. What cannot be decoded becomes U+FFFD, with an error.
pub fn text<'b>(file: FileId, bytes: &'b [u8], diags: &mut Vec<Diagnostic>) -> Cow<'b, str> {
    let utf16 = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((rest, unit)) = utf16 {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        return Cow::Owned(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            diags.push(codes::yaml::not_utf8(place_after(file, 0, &before)));
            Cow::Owned(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// Returns the place of the character after `before`.
fn place_after(file: FileId, base: u32, before: &str) -> Span {
    let (line, column) = Lines::new(before).line_column(before.len());
    let start = base + before.len() as u32;
    Span { file, start, end: start + 1, line, column }
}

/// Merges the mappings under `<<` into the mappings that hold them, as
/// YAML 1.1 did: keys that are written out win, then earlier mappings.
pub fn merge_keys(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(merge_keys),
        Value::Mapping(entries) => {
            for (_, value) in entries.iter_mut() {
                merge_keys(value);
            }
            let is_merge = |key: &Node| key.scalar().is_some_and(|key| key.plain && &*key.text == "<<");
            let Some(at) = entries.iter().position(|(key, _)| is_merge(key)) else { return };
            let (_, merged) = entries.remove(at);
            let mut known: HashSet<Box<str>> =
                entries.iter().filter_map(|(key, _)| Some(key.scalar()?.text.clone())).collect();
            let mappings = match merged.value {
                Value::Sequence(items) => items,
                _ => vec![merged],
            };
            for mapping in mappings {
                let Value::Mapping(added) = mapping.value else { continue };
                for (key, value) in added {
                    if key.scalar().is_some_and(|key| known.insert(key.text.clone())) {
                        entries.push((key, value));
                    }
                }
            }
        }
    }
}

/// The parser takes NUL for the end of the text; another control
/// character of the same length stands in for it.
fn without_nul<'t>(text: &'t str, places: &Places, diags: &mut Vec<Diagnostic>) -> Cow<'t, str> {
    let Some(at) = text.find('\0') else { return Cow::Borrowed(text) };
    diags.push(codes::yaml::nul(place_after(places.file, places.base, &text[..at])));
    Cow::Owned(text.replace('\0', "\u{1a}"))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use expect_test::{Expect, expect};

    use super::tree::MOST_DIAGS;
    use super::*;

    const FILE: FileId = FileId(0);

    fn shown(diags: &[Diagnostic]) -> String {
        diags
            .iter()
            .map(|diag| {
                let span = diag.span.expect("every YAML diagnostic has a place");
                format!("{}:{} {}\n", span.line, span.column, diag.message)
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let mut diags = Vec::new();
        let documents = documents_within(&DESCRIPTOR, FILE, text, &mut diags);
        let mut actual: String = documents
            .iter()
            .map(|document| {
                let span = document.span;
                assert_eq!(&text[span.start as usize..span.end as usize], &*document.source);
                format!("{}:{} {}\n", span.line, span.column, document.root.to_json())
            })
            .collect();
        actual.push_str(&shown(&diags));
        expected.assert_eq(&actual);
    }

    #[test]
    fn documents_are_split_and_empty_ones_are_left_out() {
        check(
            "a: 1\n---\nb: [x, y]\n---\n",
            expect![[r#"
                1:1 {"a":1}
                3:1 {"b":["x","y"]}
            "#]],
        );
        check(
            "# comment\n---\n\n\na: 1\n...\n# end\n---\nb: 2\n---\n---\n",
            expect![[r#"
                5:1 {"a":1}
                9:1 {"b":2}
            "#]],
        );
        check("", expect![[""]]);
        check("# nothing\n---\n", expect![""]);
        check(
            "{\"a\": {\"b\": null, \"c\": 1.10}}",
            expect![[r#"
            1:1 {"a":{"b":null,"c":1.1}}
        "#]],
        );
        check(
            "{\n\t\"a\": [\n\t\t1,\n\t\ttrue\n\t]\n}\n",
            expect![[r#"
            1:1 {"a":[1,true]}
        "#]],
        );
    }

    #[test]
    fn a_broken_document_costs_only_itself() {
        check(
            "a: 1\n---\nb: [x\n---\nc: 3\n",
            expect![[r#"
            1:1 {"a":1}
            5:1 {"c":3}
            3:4 invalid YAML: `[` is never closed
        "#]],
        );
        check(
            "a: \"x\nb: 2\n---\nc: 3\n",
            expect![[r#"
                4:1 {"c":3}
                1:4 invalid YAML: `"` is never closed
            "#]],
        );
        check(
            "a: 1\n---\nb:\n\tc: 2\n---\nc: 3\n",
            expect![[r#"
            1:1 {"a":1}
            6:1 {"c":3}
            4:2 invalid YAML: a tab where only spaces may stand
        "#]],
        );
        check(
            "a: *x\n---\nc: 3\n",
            expect![[r#"
            3:1 {"c":3}
            1:4 alias `*x` names no anchor of this document
        "#]],
        );
    }

    #[test]
    fn trouble_has_the_place_that_a_person_looks_at() {
        check(
            "a:\n  b: {x: 1\nc: 2\n",
            expect![[r#"
            2:6 invalid YAML: `{` is never closed
        "#]],
        );
        check(
            "a:\n  b: [1, 2\nc: 2\nd: 3\n",
            expect![[r#"
                2:6 invalid YAML: `[` is never closed
            "#]],
        );
        check(
            "a: [1, 2",
            expect![[r#"
            1:4 invalid YAML: `[` is never closed
        "#]],
        );
        check(
            "a: 'x",
            expect![[r#"
            1:4 invalid YAML: `'` is never closed
        "#]],
        );
        check(
            "a: b: c\n",
            expect![[r#"
            1:5 invalid YAML: a `:` where no value may stand
        "#]],
        );
        check(
            "a: @x\n",
            expect![[r#"
            1:4 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\n b: 2\n",
            expect![[r#"
            2:3 invalid YAML: a `:` where no value may stand
        "#]],
        );
        check(
            "a:\n- x\n y\n",
            expect![[r#"
            1:1 {"a":["x y"]}
        "#]],
        );
        check(
            "a: %x\n",
            expect![[r#"
            1:4 invalid YAML: a value cannot start with `%`
        "#]],
        );
        check(
            "a: \"x\" y\n",
            expect![[r#"
            1:8 invalid YAML: text after a closing quote
        "#]],
        );
        check(
            "a: &x [*x]\n",
            expect![[r#"
            1:8 an alias repeats a node that it is part of
        "#]],
        );
        check(
            "a: 1\nb: 2\na: 3\n",
            expect![[r#"
            1:1 {"a":1,"b":2}
            3:1 key `a` occurs twice; the first one counts
        "#]],
        );
        check(
            "? [a]\n: 1\n",
            expect![[r#"
            1:1 {}
            1:3 a key is a list, expected a text
        "#]],
        );
        check(
            "a: 1\n\tb: 2\n",
            expect![[r#"
            1:4 invalid YAML: a tab where only spaces may stand
        "#]],
        );
        check(
            "a]: 1\nb: ]\n",
            expect![[r#"
            2:4 invalid YAML: a closing bracket that was never opened
        "#]],
        );
        check(
            "name: {{ x | jsonify }}\n",
            expect![[r#"
            1:1 {"name":{}}
            1:8 a key is a mapping, expected a text
        "#]],
        );
        check(
            "{% if x %}\na: 1\n",
            expect![[r#"
            1:2 invalid YAML: a value cannot start with `%`
        "#]],
        );
    }

    #[test]
    fn columns_count_characters_without_the_mark() {
        check(
            "\u{feff}ä: [ö, @]\r\nb: 1\r\n",
            expect![[r#"
            1:8 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\rb: @\r",
            expect![[r#"
            2:4 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\r\nb: @\r\n",
            expect![[r#"
            2:4 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\0\nb: 2\n",
            expect![[r#"
            1:5 invalid YAML: a NUL character
            1:4 invalid YAML: a value cannot start with `\u{1a}`
        "#]],
        );
    }

    #[track_caller]
    fn refuses(what: &str, text: &str) {
        let from = Instant::now();
        let mut diags = Vec::new();
        documents_within(&DESCRIPTOR, FILE, text, &mut diags);
        assert!(shown(&diags).contains(what), "{}", shown(&diags));
        // A hang would take minutes; debug builds are slow.
        assert!(from.elapsed().as_secs() < 10, "{:?}", from.elapsed());
    }

    #[test]
    fn reports_are_bounded() {
        let mut diags = Vec::new();
        document(FILE, &"a: 1\n".repeat(1_000), &mut diags);
        assert_eq!(diags.len(), MOST_DIAGS);
    }

    #[test]
    fn hostile_documents_end_at_a_limit() {
        refuses("the depth", &"{a: ".repeat(60_000));
        refuses("the depth", &"- ".repeat(50_000));
        refuses("the depth", &"[".repeat(100_000));
        refuses("the depth", &"? ".repeat(50_000));
        refuses("the depth", &nested_block(200));
        refuses("the size", &format!("a: {}\n", "x".repeat((1 << 20) + 1)));
        refuses("the size", &format!("- {}\n", "x".repeat(1_000)).repeat(1_100));
        refuses("the number of nodes", &(0..100_000).map(|n| format!("k{n}: 1\n")).collect::<String>());
        refuses("the number of documents", &"---\na: 1\n".repeat(1_001));
        refuses("the number of aliases", &format!("a: &a x\nb: [{}]\n", "*a,".repeat(1_001)));
    }

    fn nested_block(depth: usize) -> String {
        (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect()
    }

    #[test]
    fn bombs_exceed_the_alias_budget() {
        let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_string();
        for level in 1..10 {
            let item = format!("*a{},", level - 1).repeat(9);
            laughs.push_str(&format!("a{level}: &a{level} [{item}]\n"));
        }
        refuses("the alias budget", &laughs);
        let mut merges = "a0: &a0 {k: v, l: v, m: v}\n".to_string();
        for level in 1..10 {
            let item = format!("*a{},", level - 1).repeat(9);
            merges.push_str(&format!("a{level}: &a{level} {{ <<: [{item}] }}\n"));
        }
        refuses("the alias budget", &merges);
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a,".repeat(900));
        refuses("the alias budget", &long);
        let deep = format!(
            "a: &a {}x{}\nb: {}*a{}\n",
            "[".repeat(40),
            "]".repeat(40),
            "[".repeat(40),
            "]".repeat(40)
        );
        refuses("the depth", &deep);
    }

    #[test]
    fn aliases_repeat_their_nodes() {
        check(
            "a: &x {k: [1, 2]}\nb: *x\nc: [*x]\n",
            expect![[r#"
            1:1 {"a":{"k":[1,2]},"b":{"k":[1,2]},"c":[{"k":[1,2]}]}
        "#]],
        );
        check(
            "a: &x 1\nb: &x 2\nc: *x\n",
            expect![[r#"
            1:1 {"a":1,"b":2,"c":2}
        "#]],
        );
        check(
            "a: &x 1\n---\nb: *x\n",
            expect![[r#"
            1:1 {"a":1}
            3:4 alias `*x` names no anchor of this document
        "#]],
        );
    }

    #[test]
    fn tags_are_kept_but_for_those_of_the_core_schema() {
        let mut diags = Vec::new();
        let text = "a: !ENV [X, y]\nb: !!python/name:pymdownx.emoji.twemoji\nc: !!str 1\nd: ! x\n";
        let document = document(FILE, text, &mut diags).expect("it is valid");
        let tag = |key: &str| document.root.get(key).and_then(|node| node.tag.as_deref());
        assert_eq!(tag("a"), Some("!ENV"));
        assert_eq!(tag("b"), Some("!!python/name:pymdownx.emoji.twemoji"));
        assert_eq!(tag("c"), None);
        assert_eq!(document.root.get("c").and_then(Node::string), Some("1"));
        assert_eq!(tag("d"), None);
        assert!(diags.is_empty());
    }

    #[test]
    fn merge_keys_fill_what_is_missing() {
        let mut diags = Vec::new();
        let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}\nd: {<<: *a}\n";
        let mut document = document(FILE, text, &mut diags).expect("it is valid");
        merge_keys(&mut document.root);
        let json = document.root.to_json().to_string();
        assert_eq!(
            json,
            r#"{"a":{"x":1,"y":2},"b":{"y":3,"z":4},"c":{"x":0,"y":2,"z":4},"d":{"x":1,"y":2}}"#
        );
    }

    #[test]
    fn text_is_decoded() {
        let mut diags = Vec::new();
        assert_eq!(text(FILE, b"\xff\xfea\0\xe4\0", &mut diags), "aä");
        assert_eq!(text(FILE, b"\xfe\xff\0a\0\xe4", &mut diags), "aä");
        assert_eq!(text(FILE, "aä".as_bytes(), &mut diags), "aä");
        assert!(diags.is_empty());
        assert_eq!(text(FILE, b"a: 1\nb: \xc3\xa4\xe4x", &mut diags), "a: 1\nb: ä\u{fffd}x");
        assert_eq!(shown(&diags), "2:5 this is not UTF-8\n");
    }
}
