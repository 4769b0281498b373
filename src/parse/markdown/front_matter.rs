//! Front matter: YAML between two lines of `---` at the top of a page.

use crate::model::codes::markdown as codes;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::file::FileId;
use crate::model::yaml::Node;

use super::source::{self, Places};

/// Front matter longer than this is none.
const MAX_BYTES: usize = 256 * 1024;

/// Further keys whose values other rooms look at: of decision records,
/// of Docusaurus, and of dates.
const KEPT: &[&str] =
    &["authors", "date", "draft", "id", "sidebar_label", "sidebar_position", "slug", "status", "unlisted"];
/// A longer value is none.
const MAX_KEPT_BYTES: usize = 200;

/// What a page says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub(super) title: Option<Box<str>>,
    pub(super) description: Option<Box<str>>,
    pub(super) hide: Vec<Box<str>>,
    pub(super) search_exclude: bool,
    /// Values of [`KEPT`] keys.
    pub(super) meta: Vec<(Box<str>, Box<str>)>,
}

/// A page's body: where it begins, and the number of its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) start: usize,
    pub(super) first_number: u32,
}

/// Splits the front matter off a page and reads it. One that is broken
/// is left out; the body is always there.
pub(super) fn split(
    file: FileId,
    text: &str,
    places: &mut Places,
    diags: &mut Vec<Diagnostic>,
) -> (FrontMatter, Body) {
    let whole = Body { start: 0, first_number: 1 };
    let mut lines = source::lines(text).enumerate().peekable();
    let Some((_, (_, first))) = lines.next() else {
        return (FrontMatter::default(), whole);
    };
    if first.trim_end() != "---" {
        return (FrontMatter::default(), whole);
    }
    let yaml_start = lines.peek().map_or(text.len(), |(_, (start, _))| *start);
    let end = lines
        .take_while(|(_, (start, _))| *start <= MAX_BYTES)
        .find(|(_, (_, line))| matches!(line.trim_end(), "---" | "..."));
    let Some((line_idx, (end, line))) = end else {
        // A page may as well begin with a thematic break.
        if looks_like_yaml(&text[yaml_start.min(text.len())..]) {
            diags.push(codes::broken_front_matter(places.line(1), "it has no closing `---`"));
        }
        return (FrontMatter::default(), whole);
    };
    let after = end + line.len();
    let newline = match text.as_bytes().get(after..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([_, ..]) => 1,
        _ => 0,
    };
    let body = Body { start: after + newline, first_number: line_idx as u32 + 2 };
    let yaml = &text[yaml_start..end];
    if yaml.trim().is_empty() && line_idx == 1 {
        // `---` twice: two breaks.
        return (FrontMatter::default(), whole);
    }
    match read(file, yaml, places, diags) {
        Some(matter) => (matter, body),
        // Running text between two breaks.
        None => (FrontMatter::default(), whole),
    }
}

fn looks_like_yaml(text: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    first.split_once(':').is_some_and(|(key, value)| {
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        !key.is_empty() && key.chars().all(is_key) && (value.is_empty() || value.starts_with(' '))
    })
}

/// Reads YAML; `None` when it is something other than a mapping.
fn read(file: FileId, yaml: &str, places: &mut Places, diags: &mut Vec<Diagnostic>) -> Option<FrontMatter> {
    let mut inner = Vec::new();
    let documents = crate::parse::yaml::documents(file, yaml, &mut inner);
    if let Some(first) = inner.iter().find(|diag| diag.severity() == Severity::Error) {
        if !yaml.lines().any(looks_like_yaml) {
            // Whatever stands between two breaks.
            return None;
        }
        // The YAML begins on the second line of the page.
        let line = first.span.map_or(1, |span| span.line + 1);
        diags.push(codes::broken_front_matter(places.line(line), &first.message));
        return Some(from_lines(yaml));
    }
    match documents.first() {
        Some(document) => document.root.mapping().map(|_| from_node(&document.root)),
        None => looks_like_yaml(yaml.trim_start()).then(|| from_lines(yaml)).or_else(|| only_comments(yaml)),
    }
}

fn only_comments(yaml: &str) -> Option<FrontMatter> {
    // A line that is no value commented out may be a heading.
    let is_comment = |line: &str| {
        let value = line.trim_start().strip_prefix('#').map(str::trim_start);
        line.trim().is_empty() || value.is_some_and(|value| value.is_empty() || looks_like_yaml(value))
    };
    source::lines(yaml).all(|(_, line)| is_comment(line)).then(FrontMatter::default)
}

fn from_node(root: &Node) -> FrontMatter {
    let text = |key: &str| {
        let text = root.get(key)?.text()?.trim();
        (!text.is_empty()).then(|| text.into())
    };
    let hide = root.get("hide").and_then(Node::sequence).unwrap_or(&[]);
    let search = root.get("search").and_then(|search| search.get("exclude"));
    let kept = |key: &&str| {
        let value: Box<str> = text(key)?;
        (value.len() <= MAX_KEPT_BYTES).then(|| (Box::from(*key), value))
    };
    FrontMatter {
        meta: KEPT.iter().filter_map(kept).collect(),
        title: text("title"),
        description: text("description"),
        hide: hide.iter().filter_map(|node| node.text().map(Into::into)).collect(),
        search_exclude: search.and_then(Node::bool).unwrap_or(false),
    }
}

/// Reads what simple lines say, where the YAML as a whole is broken.
fn from_lines(yaml: &str) -> FrontMatter {
    let mut matter = FrontMatter::default();
    for (_, line) in source::lines(yaml) {
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        let value = unquoted(value.trim());
        if value.is_empty() {
            continue;
        }
        match key {
            "title" => matter.title = Some(value.into()),
            "description" => matter.description = Some(value.into()),
            _ => {}
        }
    }
    matter
}

fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote)) {
            return inner;
        }
    }
    value
}
