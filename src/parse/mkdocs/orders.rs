//! Files that say how the folder that they lie in is ordered: `.pages`
//! of awesome-pages, `SUMMARY.md` of literate-nav, `_category_.json` of
//! Docusaurus.

use super::nav;
use crate::base::text::Lines;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;
use crate::model::mkdocs::{Collapse, FolderLink, FolderNav, NavEntry, NavTarget, Sort};
use crate::model::yaml::Node;
use crate::parse::book;
use crate::parse::yaml;

/// Items of a list below this depth are not nested further.
const MAX_DEPTH: usize = 8;

/// Reads `.pages`. One that cannot be read orders nothing.
pub fn pages(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> FolderNav {
    let Some(root) = document(file, bytes, diags) else { return FolderNav::default() };
    let text = |key: &str| root.get(key).and_then(Node::text);
    // awesome-nav puts its own below `sort` and has the order as words.
    let direction = root.get("sort").and_then(|sort| sort.get("direction"));
    let sort = Sort {
        has_index_first: direction.is_some(),
        is_descending: sort(&root).is_descending.or_else(|| is_descending(direction?)),
        ..sort(&root)
    };
    let nav = root.get("nav").and_then(|node| nav::nav(node, diags));
    FolderNav {
        title: text("title").map(|title| title.trim().into()),
        nav: nav.or_else(|| arranged(root.get("arrange")?, diags)),
        position: None,
        sort,
        is_hidden: root.get("hide").and_then(Node::bool) == Some(true),
        collapse: Collapse {
            own: root.get("collapse").and_then(Node::bool),
            below: root.get("collapse_single_pages").and_then(Node::bool),
        },
        link: None,
    }
}

/// Reads how entries are sorted, of a folder's file or of the plugin's
/// own settings.
pub(super) fn sort(node: &Node) -> Sort {
    let text = |key: &str| node.get(key).and_then(Node::text);
    Sort {
        is_descending: node.get("order").and_then(is_descending),
        by_title: text("order_by").map(|by| by == "title"),
        is_natural: text("sort_type") == Some("natural"),
        ignores_case: node.get("ignore_case").and_then(Node::bool) == Some(true),
        has_index_first: false,
    }
}

fn is_descending(node: &Node) -> Option<bool> {
    node.text().map(|order| order.starts_with("desc"))
}

/// Reads `arrange`, the list of old: what it does not name comes after
/// it.
fn arranged(node: &Node, diags: &mut Vec<Diagnostic>) -> Option<Vec<NavEntry>> {
    let mut entries = nav::nav(node, diags)?;
    let is_rest = |entry: &NavEntry| matches!(&entry.target, NavTarget::Path(path) if &**path == "...");
    if !entries.iter().any(is_rest) {
        entries.push(NavEntry { title: None, target: NavTarget::Path("...".into()), span: node.span });
    }
    Some(entries)
}

/// Reads `_category_.json` or `_category_.yml`.
pub fn category(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> FolderNav {
    let Some(root) = document(file, bytes, diags) else { return FolderNav::default() };
    let label = root.get("label").and_then(Node::text);
    FolderNav {
        title: label.map(|label| label.trim().into()),
        position: root.get("position").and_then(Node::text).and_then(position),
        link: root.get("link").and_then(|link| self::link(file, link)),
        ..FolderNav::default()
    }
}

/// Reads where the title of a section leads to.
fn link(file: FileId, node: &Node) -> Option<FolderLink> {
    let text = |key: &str| {
        let text = node.get(key).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty());
        text.map(Box::from)
    };
    match node.get("type").and_then(Node::text)? {
        "doc" => text("id").map(FolderLink::Page),
        "generated-index" => Some(FolderLink::Generated {
            file,
            title: text("title"),
            description: text("description"),
            slug: text("slug"),
        }),
        _ => None,
    }
}

/// Reads a position among neighbours as thousandths.
pub fn position(text: &str) -> Option<i64> {
    let position: f64 = text.trim().parse().ok()?;
    position.is_finite().then_some((position * 1000.0).clamp(-1e15, 1e15) as i64)
}

fn document(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> Option<Node> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let root = yaml::documents(file, text, diags).into_iter().next()?.root;
    root.mapping().is_some().then_some(root)
}

/// An item of a list and what is nested below it.
struct Item {
    indent: usize,
    entry: NavEntry,
    children: Vec<NavEntry>,
}

/// Reads the nested list of `SUMMARY.md`: a link is a page, a folder or
/// a URL; a text without one is a section; `*` stands for the rest.
pub fn literate(file: FileId, bytes: &[u8]) -> Option<Vec<NavEntry>> {
    let text = String::from_utf8_lossy(bytes);
    let lines = Lines::new(&text);
    let mut top: Vec<NavEntry> = Vec::new();
    let mut open: Vec<Item> = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        // Where a marker comment stands, only what follows is the list.
        if content == "<!--nav-->" {
            (top, open) = (Vec::new(), Vec::new());
            continue;
        }
        let is_item = content.starts_with(['-', '*', '+']) && content[1..].starts_with([' ', '\t']);
        if !is_item {
            continue;
        }
        let range = start + indent..start + indent + content.len();
        let Some(entry) = literate_entry(content[1..].trim(), book::span(file, &lines, range)) else {
            continue;
        };
        while open.last().is_some_and(|item| item.indent >= indent) {
            close(&mut open, &mut top);
        }
        if open.len() >= MAX_DEPTH {
            close(&mut open, &mut top);
        }
        open.push(Item { indent, entry, children: Vec::new() });
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    (!top.is_empty()).then_some(top)
}

fn literate_entry(text: &str, span: Span) -> Option<NavEntry> {
    if let Some((title, path)) = book::link(text) {
        return Some(NavEntry { title: Some(title.into()), target: NavTarget::Path(path.into()), span });
    }
    if text.contains('*') && !text.contains(' ') {
        return Some(NavEntry { title: None, target: NavTarget::Path(text.replace('\\', "").into()), span });
    }
    let title = text.replace(['`', '*', '\\'], "");
    let target = NavTarget::Section(Vec::new());
    (!title.trim().is_empty()).then(|| NavEntry { title: Some(title.trim().into()), target, span })
}

/// Closes the innermost item: a page with others below it becomes a
/// section that begins with it.
fn close(open: &mut Vec<Item>, top: &mut Vec<NavEntry>) {
    let Some(mut item) = open.pop() else { return };
    if !item.children.is_empty() {
        let (title, span) = (item.entry.title.clone(), item.entry.span);
        if matches!(item.entry.target, NavTarget::Path(_)) {
            item.entry.title = None;
            item.children.insert(0, item.entry);
        }
        item.entry = NavEntry { title, target: NavTarget::Section(item.children), span };
    }
    match open.last_mut() {
        Some(parent) => parent.children.push(item.entry),
        None => top.push(item.entry),
    }
}
