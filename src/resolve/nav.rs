//! Navigation and page titles of a docs site.

use std::collections::BTreeMap;

use super::docs_files::stem;
use crate::model::doc::Doc;
use crate::model::docs_site::{DocPage, DocsPlan, DocsSite, DocsSource, NavItem, PlannedNav, PlannedPage};
use crate::model::file::Snapshot;

/// Folders below this depth are not nested further in a navigation that
/// is derived.
const MAX_DEPTH: usize = 32;

/// Joins a plan with its pages, which are as many as the plan's and in
/// the same order. Links stay empty.
pub fn docs_site(_snapshot: &Snapshot, plan: DocsPlan, docs: Vec<Doc>) -> DocsSite {
    let mut nav_titles: Vec<Option<&str>> = vec![None; plan.pages.len()];
    if let Some(nav) = &plan.nav {
        collect_titles(nav, &mut nav_titles);
    }
    let titles: Vec<Box<str>> = plan
        .pages
        .iter()
        .zip(&docs)
        .zip(nav_titles)
        .map(|((page, doc), nav)| title(&plan, page, doc, nav))
        .collect();
    let nav = match &plan.nav {
        Some(nav) => configured(nav, &titles),
        None => derived(&plan.pages, &titles),
    };
    let order = order(&nav, plan.pages.len());
    let base_len = plan.base.len();
    let home = plan.pages.iter().position(|page| page.path.as_str().get(base_len..) == Some("/index.html"));
    let pages =
        docs.into_iter().zip(titles).map(|(doc, title)| DocPage { title, doc, links: Vec::new() }).collect();
    DocsSite { plan, pages, nav, order, home }
}

/// Returns the title of a page: of the navigation, of the front matter,
/// of the first heading, of the file name.
fn title(plan: &DocsPlan, page: &PlannedPage, doc: &Doc, nav_title: Option<&str>) -> Box<str> {
    let heading = doc.headings.first().filter(|_| doc.starts_with_title).map(|heading| &*heading.text);
    let given =
        nav_title.or(doc.meta_title.as_deref()).or(heading).map(str::trim).filter(|title| !title.is_empty());
    match given {
        Some(title) => title.into(),
        None if plan.source == DocsSource::Readme => plan.title.clone(),
        None => title_of_path(&page.source).into(),
    }
}

/// Returns a title for `guides/first-steps.md`: `First steps`; `Home`
/// for the index at the top, the folder's name for one below it.
fn title_of_path(source: &str) -> String {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    let stem = stem(name);
    let is_index = stem.eq_ignore_ascii_case("index") || stem.eq_ignore_ascii_case("readme");
    match (is_index, folder) {
        (true, "") => "Home".to_string(),
        (true, folder) => prettified(folder.rsplit('/').next().unwrap_or(folder)),
        (false, _) => prettified(stem),
    }
}

/// Puts spaces for `-` and `_`, and a capital first if there is none.
fn prettified(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let spaced = spaced.trim();
    let is_lower = !spaced.contains(char::is_uppercase);
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) if is_lower => first.to_uppercase().chain(chars).collect(),
        _ => spaced.to_string(),
    }
}

/// Finds the titles that the navigation gives to pages; the first counts.
fn collect_titles<'n>(nav: &'n [PlannedNav], titles: &mut [Option<&'n str>]) {
    for item in nav {
        match item {
            PlannedNav::Page { title, page } => {
                if titles[*page].is_none() {
                    titles[*page] = title.as_deref();
                }
            }
            PlannedNav::Section { items, .. } => collect_titles(items, titles),
            PlannedNav::Link { .. } => {}
        }
    }
}

fn configured(nav: &[PlannedNav], titles: &[Box<str>]) -> Vec<NavItem> {
    nav.iter()
        .map(|item| match item {
            PlannedNav::Page { title, page } => {
                let given = title.as_deref().filter(|title| !title.is_empty());
                NavItem::Page { title: given.unwrap_or(&titles[*page]).into(), page: *page }
            }
            PlannedNav::Section { title, items } => {
                NavItem::Section { title: title.clone(), items: configured(items, titles) }
            }
            PlannedNav::Link { title, url, .. } => NavItem::Link { title: title.clone(), url: url.clone() },
        })
        .collect()
}

/// A folder of a navigation that is derived.
#[derive(Default)]
struct Folder<'p> {
    /// Index first, then by name.
    pages: BTreeMap<(bool, &'p str), usize>,
    folders: BTreeMap<&'p str, Folder<'p>>,
}

/// Derives the navigation from the files, as MkDocs does: in each folder
/// the index, the other pages by name, then the folders by name.
fn derived(pages: &[PlannedPage], titles: &[Box<str>]) -> Vec<NavItem> {
    let mut root = Folder::default();
    for (idx, page) in pages.iter().enumerate() {
        let mut parts: Vec<&str> = page.source.split('/').collect();
        let name = parts.pop().unwrap_or("");
        let mut folder = &mut root;
        for part in parts.into_iter().take(MAX_DEPTH) {
            folder = folder.folders.entry(part).or_default();
        }
        let stem = stem(name);
        let is_index = stem == "index" || stem.eq_ignore_ascii_case("readme");
        // Below the last level names may repeat; the source tells apart.
        let key = if folder.pages.contains_key(&(!is_index, name)) { &page.source } else { name };
        folder.pages.insert((!is_index, key), idx);
    }
    items_of(&root, titles)
}

fn items_of(folder: &Folder, titles: &[Box<str>]) -> Vec<NavItem> {
    let pages = folder.pages.values().map(|page| NavItem::Page { title: titles[*page].clone(), page: *page });
    let folders = folder.folders.iter().map(|(name, folder)| NavItem::Section {
        title: prettified(name).into(),
        items: items_of(folder, titles),
    });
    pages.chain(folders).collect()
}

/// Returns the pages of the navigation in its order, each once.
fn order(nav: &[NavItem], n_pages: usize) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = vec![false; n_pages];
    let mut rest: Vec<&NavItem> = nav.iter().rev().collect();
    while let Some(item) = rest.pop() {
        match item {
            NavItem::Page { page, .. } => {
                if !std::mem::replace(&mut seen[*page], true) {
                    order.push(*page);
                }
            }
            NavItem::Section { items, .. } => rest.extend(items.iter().rev()),
            NavItem::Link { .. } => {}
        }
    }
    order
}
