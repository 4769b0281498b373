//! The navigation of a configuration, with its pages found.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::docs_files::page_folder;
use super::docs_includes::{Includes, is_include};
use super::{links_near, nav_rest};
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{PlannedFolder, PlannedNav, PlannedPage, RestPattern, Takes};
use crate::model::file::{folder_of, join};
use crate::model::mkdocs::{DocsConfig, FolderNav, NavEntry, NavTarget};

/// How many entries without a page get a suggestion.
const MAX_SUGGESTIONS: usize = 50;
/// How many patterns the files of one docs site may have.
const MAX_PATTERNS: usize = 500;

/// What the entries of a navigation are looked up in.
pub struct Pages<'p> {
    pages: &'p [PlannedPage],
    by_source: HashMap<&'p str, usize>,
    by_folder: HashMap<String, usize>,
    folders: HashSet<&'p str>,
    /// The folder that paths of the navigation are relative to.
    docs_dir: String,
    includes: &'p Includes<'p>,
    /// The pages that sections lead to because a file says so.
    of_sections: &'p BTreeMap<Box<str>, usize>,
    /// Whether files order folders, so that an entry may name one.
    has_folders: bool,
    is_quiet: bool,
    /// The alias of the docs that are being included; empty for the docs
    /// themselves.
    alias: String,
    /// What the paths of entries are relative to, with a slash at the
    /// end; empty for the docs folder.
    prefix: String,
    n_misses: usize,
    /// Whether a file of a folder is read, and not the configuration.
    is_of_folder: bool,
    n_patterns: usize,
}

/// Returns the tables for the navigation of a configuration.
pub fn pages<'p>(
    config: &DocsConfig,
    pages: &'p [PlannedPage],
    docs_dir: &str,
    includes: &'p Includes<'p>,
    of_sections: &'p BTreeMap<Box<str>, usize>,
) -> Pages<'p> {
    let mut folders = HashSet::new();
    for page in pages {
        let mut folder = folder_of(&page.source);
        while !folder.is_empty() && folders.insert(folder) {
            folder = folder_of(folder);
        }
    }
    Pages {
        pages,
        by_source: pages.iter().enumerate().map(|(idx, page)| (&*page.source, idx)).collect(),
        by_folder: pages.iter().enumerate().map(|(idx, page)| (page_folder(&page.source), idx)).collect(),
        folders,
        docs_dir: docs_dir.to_string(),
        includes,
        of_sections,
        has_folders: config.order_file.is_some(),
        is_quiet: config.ignored.nav_not_found,
        alias: String::new(),
        prefix: String::new(),
        n_misses: 0,
        is_of_folder: false,
        n_patterns: 0,
    }
}

/// Finds the pages of a `nav`. Entries without a page are diagnostics.
pub fn planned(nav: &[NavEntry], pages: &mut Pages, diags: &mut Vec<Diagnostic>) -> Vec<PlannedNav> {
    items(nav, pages, diags)
}

/// Finds the pages of what is said of folders.
pub fn folders(
    folders: &BTreeMap<Box<str>, FolderNav>,
    pages: &mut Pages,
    diags: &mut Vec<Diagnostic>,
) -> BTreeMap<Box<str>, PlannedFolder> {
    let mut planned: BTreeMap<Box<str>, PlannedFolder> = BTreeMap::new();
    pages.is_of_folder = true;
    for (folder, said) in folders {
        pages.prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let nav = said.nav.as_ref().map(|nav| items(nav, pages, diags));
        let FolderNav { title, position, sort, is_hidden, collapse, .. } = said.clone();
        let page = None;
        let new = PlannedFolder { title, nav, position, sort, is_hidden, collapse, page };
        planned.insert(folder.clone(), new);
    }
    for (folder, page) in pages.of_sections {
        planned.entry(folder.clone()).or_default().page = Some(*page);
    }
    pages.prefix.clear();
    pages.is_of_folder = false;
    planned
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
    let includes = pages.includes;
    let above = (pages.alias.clone(), pages.prefix.clone(), pages.docs_dir.clone());
    for include in includes.get(&(above.0.clone(), path.into())).map_or(&[][..], Vec::as_slice) {
        pages.alias = include.alias.clone();
        pages.prefix = format!("{}/", include.alias);
        let written = include.config.docs_dir.as_ref().map_or("docs", |(dir, _)| dir);
        pages.docs_dir = join(&include.root, written).unwrap_or_default();
        let items = match &include.config.nav {
            Some(nav) => items(nav, pages, diags),
            None => below_prefix(pages),
        };
        (pages.alias, pages.prefix, pages.docs_dir) = above.clone();
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
    if path.is_empty() {
        return None;
    }
    if let Some((takes, is_flat)) = rest(path, pages.is_of_folder) {
        pages.n_patterns += usize::from(takes != Takes::All);
        if pages.n_patterns > MAX_PATTERNS {
            return None;
        }
        if let Err(reason) = nav_rest::read(&takes) {
            diags.push(codes::docs::nav_pattern(entry.span, path, &reason));
            return None;
        }
        let folder = pages.prefix.trim_end_matches('/').into();
        return Some(PlannedNav::Rest { folder, takes, is_flat });
    }
    if has_scheme(path) {
        return link(entry, path, diags);
    }
    if pages.has_folders
        && let Some(folder) = folder(path, pages)
    {
        return Some(PlannedNav::Folder { title: entry.title.clone(), folder });
    }
    if let Some(page) = page(path, pages) {
        return Some(PlannedNav::Page { title: entry.title.clone(), page });
    }
    if let Some(folder) = folder(path, pages) {
        return Some(PlannedNav::Folder { title: entry.title.clone(), folder });
    }
    if pages.is_quiet {
        return None;
    }
    pages.n_misses += 1;
    let suggestion =
        if pages.n_misses <= MAX_SUGGESTIONS { links_near::source(path, pages.pages) } else { None };
    diags.push(codes::docs::nav_not_found(entry.span, path, &pages.docs_dir, suggestion));
    None
}

/// Reads `...`, `... | guides/*.md` and `... | regex=…` of awesome-pages,
/// `*`, `*/` and `*.md` of literate-nav: what stands for the rest, and
/// whether it is a flat list.
fn rest(path: &str, is_of_folder: bool) -> Option<(Takes, bool)> {
    if let Some(after) = path.strip_prefix("...") {
        let mut after = after.trim_start();
        let behind_bar = |text: &str| text.strip_prefix('|').map(|text| text.trim_start().len());
        let flat = behind_bar(after).map(|len| &after[after.len() - len..]);
        let flat = flat.and_then(|text| text.strip_prefix("flat")).map(str::trim_start);
        let is_flat = flat.is_some_and(|rest| rest.is_empty() || rest.starts_with('|'));
        if is_flat {
            after = flat.unwrap_or("");
        }
        let pattern = behind_bar(after).map(|len| &after[after.len() - len..]).unwrap_or("");
        let pattern = match pattern.strip_prefix("regex=") {
            Some(regex) => RestPattern::Regex(regex.into()),
            None => RestPattern::Glob(pattern.strip_prefix("glob=").unwrap_or(pattern).into()),
        };
        let takes = match pattern {
            RestPattern::Glob(glob) if glob.is_empty() => Takes::All,
            pattern if is_of_folder => Takes::Names(pattern),
            pattern => Takes::Paths(pattern),
        };
        return Some((takes, is_flat));
    }
    match path {
        "*" | "*/" | "**" => Some((Takes::All, false)),
        path if path.contains('*') && !path.contains("://") => Some((Takes::Any(path.into()), true)),
        _ => None,
    }
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

/// Finds a folder of pages. It lies below the one that names it, so that
/// no folder can contain itself.
fn folder(path: &str, pages: &Pages) -> Option<Box<str>> {
    let below = join("", path.trim_start_matches('/')).filter(|below| !below.is_empty())?;
    let folder = format!("{}{below}", pages.prefix);
    pages.folders.contains(&*folder).then(|| folder.into())
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

/// Finds the page that a redirect leads to.
pub fn redirect_page(path: &str, pages: &Pages) -> Option<usize> {
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let path = path.strip_suffix(".html").unwrap_or(path);
    page(path, pages).or_else(|| page(&format!("{path}.md"), pages))
}

/// Returns the sources of the pages that a navigation does not name.
pub fn omitted<'p>(
    nav: &[PlannedNav],
    pages: &'p [PlannedPage],
    is_left_out: &dyn Fn(&str) -> bool,
) -> Vec<&'p str> {
    let mut is_named = vec![false; pages.len()];
    let mut folders: Vec<&str> = Vec::new();
    let mut rest: Vec<&PlannedNav> = nav.iter().collect();
    while let Some(item) = rest.pop() {
        match item {
            PlannedNav::Page { page, .. } => is_named[*page] = true,
            PlannedNav::Section { items, .. } => rest.extend(items),
            PlannedNav::Folder { folder, .. } | PlannedNav::Rest { folder, .. } => folders.push(folder),
            PlannedNav::Link { .. } => {}
        }
    }
    folders.sort_unstable();
    folders.dedup();
    let is_below = |source: &str| {
        let mut folder = folder_of(source);
        loop {
            if folders.binary_search(&folder).is_ok() {
                return true;
            }
            if folder.is_empty() {
                return false;
            }
            folder = folder_of(folder);
        }
    };
    let sources = pages.iter().zip(is_named).filter(|(_, is_named)| !is_named).map(|(page, _)| &*page.source);
    sources.filter(|source| !is_below(source) && !is_left_out(source)).collect()
}

/// Tells whether a link has a scheme, or a host without one.
pub fn has_scheme(target: &str) -> bool {
    let end = target.find([':', '/', '\\', '?', '#']);
    target.starts_with("//") || end.is_some_and(|end| target.as_bytes()[end] == b':')
}
