//! Suggestions for links that lead to nothing.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::docs_files::stem;
use crate::base::text::nearest;
use crate::model::doc::Doc;
use crate::model::docs_site::DocsSite;
use crate::model::file::folder_of;

/// How many names are compared for one suggestion.
const MAX_CANDIDATES: usize = 200;

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
    pub fn page<'s>(&self, docs: &'s [DocsSite], site_idx: usize, path: &str) -> Option<&'s str> {
        let pages = &docs[site_idx].plan.pages;
        let by_name = self.sites[site_idx].get_or_init(|| {
            let mut by_name = HashMap::new();
            for (idx, page) in pages.iter().enumerate() {
                by_name.entry(name_of(&page.source)).or_insert(idx);
            }
            by_name
        });
        let name = name_of(path.trim_end_matches('/'));
        // Nearly every folder has an index: its name says nothing.
        if matches!(&*name, "" | "index" | "readme" | "." | "..") {
            return None;
        }
        if let Some(idx) = by_name.get(&name) {
            return Some(&pages[*idx].source);
        }
        // The pages are sorted: those of the same folder lie together.
        let folder = folder_of(path.trim_start_matches("./").trim_start_matches("../"));
        let first = pages
            .partition_point(|page| &*page.source < folder)
            .min(pages.len().saturating_sub(MAX_CANDIDATES));
        let sources = pages[first..].iter().take(MAX_CANDIDATES).map(|page| &*page.source);
        let plain = path.trim_start_matches("./").trim_start_matches("../");
        nearest(plain, sources)
    }
}

/// Returns the anchor of a page most like a fragment.
pub fn anchor<'d>(doc: &'d Doc, fragment: &str) -> Option<&'d str> {
    nearest(fragment, doc.headings.iter().take(MAX_CANDIDATES).map(|heading| &*heading.id))
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
