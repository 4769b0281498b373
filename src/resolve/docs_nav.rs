//! The navigation of a configuration, with its pages found.

use std::collections::HashMap;

use super::docs_files::page_folder;
use super::links_near;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{PlannedNav, PlannedPage};
use crate::model::file::join;
use crate::model::mkdocs::{NavEntry, NavTarget};

/// How many entries without a page get a suggestion.
const MAX_SUGGESTIONS: usize = 50;

struct Pages<'p> {
    pages: &'p [PlannedPage],
    by_source: HashMap<&'p str, usize>,
    by_folder: HashMap<String, usize>,
    docs_dir: &'p str,
    n_misses: usize,
}

/// Finds the pages of a `nav`. Entries without a page are diagnostics.
pub fn planned(
    entries: &[NavEntry],
    pages: &[PlannedPage],
    docs_dir: &str,
    diags: &mut Vec<Diagnostic>,
) -> Vec<PlannedNav> {
    let sources = pages.iter().enumerate().map(|(idx, page)| (&*page.source, idx)).collect();
    let folders = pages.iter().enumerate().map(|(idx, page)| (page_folder(&page.source), idx)).collect();
    let mut pages = Pages { pages, by_source: sources, by_folder: folders, docs_dir, n_misses: 0 };
    items(entries, &mut pages, diags)
}

// Entries are nested as deep as the parser lets them be, and no deeper.
fn items(entries: &[NavEntry], pages: &mut Pages, diags: &mut Vec<Diagnostic>) -> Vec<PlannedNav> {
    entries
        .iter()
        .filter_map(|entry| match &entry.target {
            NavTarget::Section(inner) => {
                let items = items(inner, pages, diags);
                let title = entry.title.clone().unwrap_or_default();
                (!items.is_empty()).then_some(PlannedNav::Section { title, items })
            }
            NavTarget::Path(path) => leaf(entry, path, pages, diags),
        })
        .collect()
}

fn leaf(entry: &NavEntry, path: &str, pages: &mut Pages, diags: &mut Vec<Diagnostic>) -> Option<PlannedNav> {
    // `...` of awesome-pages stands for the rest; those are written too.
    if path.is_empty() || path == "..." {
        return None;
    }
    if path.starts_with("!include ") || path.starts_with("*include ") {
        diags.push(codes::docs::nav_entry(entry.span, "docs of other folders are sites of their own"));
        return None;
    }
    if has_scheme(path) {
        return link(entry, path, diags);
    }
    if let Some(page) = page(path, pages) {
        return Some(PlannedNav::Page { title: entry.title.clone(), page });
    }
    pages.n_misses += 1;
    let suggestion =
        if pages.n_misses <= MAX_SUGGESTIONS { links_near::source(path, pages.pages) } else { None };
    diags.push(codes::docs::nav_not_found(entry.span, path, pages.docs_dir, suggestion));
    None
}

fn link(entry: &NavEntry, url: &str, diags: &mut Vec<Diagnostic>) -> Option<PlannedNav> {
    let Some(safe) = safe_url(url) else {
        diags.push(codes::docs::unsafe_link(entry.span, url));
        return None;
    };
    let span: Span = entry.span;
    let url: Box<str> = safe.into_owned().into();
    Some(PlannedNav::Link { title: entry.title.clone().unwrap_or_else(|| url.clone()), url, span })
}

/// Finds the page of a path: a source, or the folder of an index, which
/// is what authors of directory URLs write.
fn page(path: &str, pages: &Pages) -> Option<usize> {
    let path = path.split('#').next().unwrap_or(path);
    let source = join("", path.trim_start_matches('/'))?;
    if let Some(page) = pages.by_source.get(&*source) {
        return Some(*page);
    }
    pages.by_folder.get(&source).copied()
}

/// Tells whether a link has a scheme, or a host without one.
pub fn has_scheme(target: &str) -> bool {
    let end = target.find([':', '/', '\\', '?', '#']);
    target.starts_with("//") || end.is_some_and(|end| target.as_bytes()[end] == b':')
}
