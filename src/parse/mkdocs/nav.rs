//! `nav` of `mkdocs.yml`, and of the files of plugins that have the same
//! form.

use super::{env_default, is_env};
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::mkdocs::{NavEntry, NavTarget};
use crate::model::yaml::{Node, Value};

/// Sections of `nav` below this depth are flattened into it.
const MAX_NAV_DEPTH: usize = 8;

/// Reads `nav`; `None` when there is none, so that it is derived.
pub(super) fn nav(node: &Node, diags: &mut Vec<Diagnostic>) -> Option<Vec<NavEntry>> {
    if node.is_null() {
        return None;
    }
    if is_env(node) {
        return env_default(node).and_then(|node| nav(node, diags));
    }
    let mut entries = Vec::new();
    push_entries(node, 1, &mut entries, diags);
    Some(entries)
}

// The reader of YAML limits how deep a document may be nested.
fn push_entries(node: &Node, depth: usize, entries: &mut Vec<NavEntry>, diags: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Scalar(_) => match node.text() {
            Some(path) => {
                let target = NavTarget::Path(path.trim().into());
                entries.push(NavEntry { title: None, target, span: node.span });
            }
            None => diags.push(codes::docs::nav_entry(node.span, "it is empty")),
        },
        // A list in a list is part of the list around it.
        Value::Sequence(items) => items.iter().for_each(|item| push_entries(item, depth, entries, diags)),
        Value::Mapping(pairs) => {
            pairs.iter().for_each(|(key, value)| push_titled(key, value, depth, entries, diags));
        }
    }
}

fn push_titled(
    key: &Node,
    value: &Node,
    depth: usize,
    entries: &mut Vec<NavEntry>,
    diags: &mut Vec<Diagnostic>,
) {
    let title = key.text().map(str::trim).filter(|title| !title.is_empty());
    let shown = title.unwrap_or("");
    if value.is_null() {
        // `- page.md:` is a page whose colon slipped in.
        let is_page = shown.ends_with(".md");
        match is_page {
            true => {
                entries.push(NavEntry { title: None, target: NavTarget::Path(shown.into()), span: key.span })
            }
            false => diags.push(codes::docs::nav_entry(key.span, &format!("`{shown}` has no page"))),
        }
        return;
    }
    if let Some(path) = value.text() {
        let target = NavTarget::Path(path.trim().into());
        entries.push(NavEntry { title: title.map(Box::from), target, span: value.span });
        return;
    }
    let mut items = Vec::new();
    push_entries(value, depth + 1, &mut items, diags);
    if depth > MAX_NAV_DEPTH {
        entries.append(&mut items);
        return;
    }
    let target = NavTarget::Section(items);
    entries.push(NavEntry { title: Some(shown.into()), target, span: key.span });
}
