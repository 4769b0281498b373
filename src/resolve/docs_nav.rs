//! The navigation of a configuration, with its pages found.

use std::collections::HashMap;

use super::docs_files::page_folder;
use super::docs_includes::{Includes, is_include};
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
    includes: &'p Includes<'p>,
    /// The alias of the docs that are being included, with a slash at
    /// the end; empty for the docs themselves.
    prefix: String,
    n_misses: usize,
}

/// Finds the pages of a `nav`. Entries without a page are diagnostics.
pub fn planned(
    entries: &[NavEntry],
    pages: &[PlannedPage],
    docs_dir: &str,
    includes: &Includes,
    diags: &mut Vec<Diagnostic>,
) -> Vec<PlannedNav> {
    let sources = pages.iter().enumerate().map(|(idx, page)| (&*page.source, idx)).collect();
    let folders = pages.iter().enumerate().map(|(idx, page)| (page_folder(&page.source), idx)).collect();
    let mut pages = Pages {
        pages,
        by_source: sources,
        by_folder: folders,
        docs_dir,
        includes,
        prefix: String::new(),
        n_misses: 0,
    };
    items(entries, &mut pages, diags)
}

// Entries are nested as deep as the parser lets them be, and no deeper.
fn items(entries: &[NavEntry], pages: &mut Pages, diags: &mut Vec<Diagnostic>) -> Vec<PlannedNav> {
    let mut planned = Vec::new();
    for entry in entries {
        match &entry.target {
            NavTarget::Section(inner) => {
                let items = items(inner, pages, diags);
                let title = entry.title.clone().unwrap_or_default();
                if !items.is_empty() {
                    planned.push(PlannedNav::Section { title, items });
                }
            }
            NavTarget::Path(path) if is_include(path) => included(entry, path, pages, &mut planned, diags),
            NavTarget::Path(path) => planned.extend(leaf(entry, path, pages, diags)),
        }
    }
    planned
}

/// Adds the navigation of included docs, a section for each.
fn included(
    entry: &NavEntry,
    path: &str,
    pages: &mut Pages,
    planned: &mut Vec<PlannedNav>,
    diags: &mut Vec<Diagnostic>,
) {
    if !pages.prefix.is_empty() {
        diags.push(codes::docs::nav_entry(entry.span, "included docs cannot include others"));
        return;
    }
    for include in pages.includes.get(path).map_or(&[][..], Vec::as_slice) {
        pages.prefix = format!("{}/", include.alias);
        let items = match &include.config.nav {
            Some(nav) => items(nav, pages, diags),
            None => below_prefix(pages),
        };
        pages.prefix.clear();
        let name = include.config.site_name.clone().unwrap_or_else(|| include.alias.as_str().into());
        let title = entry.title.clone().unwrap_or(name);
        if !items.is_empty() {
            planned.push(PlannedNav::Section { title, items });
        }
    }
}

fn below_prefix(pages: &Pages) -> Vec<PlannedNav> {
    let is_below = |(_, page): &(usize, &PlannedPage)| page.source.starts_with(&pages.prefix);
    let below = pages.pages.iter().enumerate().filter(is_below);
    below.map(|(page, _)| PlannedNav::Page { title: None, page }).collect()
}

fn leaf(entry: &NavEntry, path: &str, pages: &mut Pages, diags: &mut Vec<Diagnostic>) -> Option<PlannedNav> {
    // `...` of awesome-pages stands for the rest; those are written too.
    if path.is_empty() || path == "..." {
        return None;
    }
    if has_scheme(path) {
        return link(entry, path, diags);
    }
    if let Some(page) = page(path, pages) {
        return Some(PlannedNav::Page { title: entry.title.clone(), page });
    }
    // Docs that are included are a site of their own too, which says so.
    if !pages.prefix.is_empty() {
        return None;
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
    let source = format!("{}{}", pages.prefix, join("", path.trim_start_matches('/'))?);
    let source = source.trim_end_matches('/');
    if let Some(page) = pages.by_source.get(source) {
        return Some(*page);
    }
    pages.by_folder.get(source).copied()
}

/// Tells whether a link has a scheme, or a host without one.
pub fn has_scheme(target: &str) -> bool {
    let end = target.find([':', '/', '\\', '?', '#']);
    target.starts_with("//") || end.is_some_and(|end| target.as_bytes()[end] == b':')
}
