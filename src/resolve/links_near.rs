//! Suggestions for links that lead to nothing.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::docs_files::stem;
use crate::base::text::nearest;
use crate::model::doc::Doc;
use crate::model::docs_site::{DocsSite, PlannedPage};
use crate::model::file::folder_of;

/// How many names are compared for one suggestion.
const MAX_CANDIDATES: usize = 100;

/// The pages of each docs site by file name, read when a link of the
/// site first misses.
pub struct Near {
    sites: Vec<OnceLock<HashMap<String, usize>>>,
}

impl Near {
    /// Returns an empty table for so many docs sites.
    pub fn new(n_sites: usize) -> Self {
        Near { sites: (0..n_sites).map(|_| OnceLock::new()).collect() }
    }

    /// Returns the source of the page that a path most likely means: one
    /// with the same name elsewhere, or with a name like it.
    pub fn page<'s>(&self, docs: &'s [Arc<DocsSite>], site_idx: usize, path: &str) -> Option<&'s str> {
        let pages = &docs[site_idx].plan.pages;
        let by_name = self.sites[site_idx].get_or_init(|| {
            let mut by_name = HashMap::new();
            for (idx, page) in pages.iter().enumerate() {
                by_name.entry(name_of(&page.source)).or_insert(idx);
            }
            by_name
        });
        let name = name_of(path.trim_end_matches('/'));
        match by_name.get(&name) {
            Some(idx) if !says_nothing(&name) => Some(&pages[*idx].source),
            _ => source(path, pages),
        }
    }
}

/// Returns the source of the page that a path most likely means, of the
/// first pages and those of the path's folder: one with the same name,
/// or with a name like it.
pub fn source<'p>(path: &str, pages: &'p [PlannedPage]) -> Option<&'p str> {
    let name = name_of(path.trim_end_matches('/'));
    if says_nothing(&name) {
        return None;
    }
    let folder = folder_of(path.trim_start_matches("./").trim_start_matches("../"));
    let first = pages.partition_point(|page| &*page.source < folder);
    let of_folder = pages[first..].iter().take(MAX_CANDIDATES);
    let all: Vec<&PlannedPage> = pages.iter().take(MAX_CANDIDATES).chain(of_folder).collect();
    if let Some(page) = all.iter().find(|page| name_of(&page.source) == name) {
        return Some(&page.source);
    }
    let names: Vec<String> = all.iter().map(|page| name_of(&page.source)).collect();
    let near = near_name(&name, names.iter().map(String::as_str).filter(|name| !says_nothing(name)))?;
    let page = names.iter().position(|name| name == near)?;
    Some(&all[page].source)
}

/// Returns the nearest name, if only a few letters of it differ: many
/// names begin alike and mean something else.
fn near_name<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let near = nearest(name, candidates)?;
    let max_edits = (name.len() / 4).max(2);
    (strsim::osa_distance(&name.to_lowercase(), &near.to_lowercase()) <= max_edits).then_some(near)
}

/// Nearly every folder has an index: its name says nothing.
fn says_nothing(name: &str) -> bool {
    matches!(name, "" | "index" | "readme" | "." | "..")
}

/// Returns the anchor of a page most like a fragment.
pub fn anchor<'d>(doc: &'d Doc, fragment: &str) -> Option<&'d str> {
    near_name(fragment, doc.headings.iter().take(MAX_CANDIDATES).map(|heading| &*heading.id))
}

/// Returns the path from a folder to a file, both relative to one root.
pub fn relative(folder: &str, path: &str) -> String {
    let mut from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut to: Vec<&str> = path.split('/').collect();
    let n_shared =
        from.iter().zip(to.iter().take(to.len().saturating_sub(1))).take_while(|(a, b)| a == b).count();
    from.drain(..n_shared);
    to.drain(..n_shared);
    let mut relative = "../".repeat(from.len());
    relative.push_str(&to.join("/"));
    relative
}

fn name_of(path: &str) -> String {
    stem(path.rsplit('/').next().unwrap_or(path)).to_lowercase()
}
