//! Pages that sections are led to by what a file says of their folder:
//! Docusaurus' `link` of `_category_.json`, either a page of the docs or
//! one that lists what is in the section.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::docs_files::{DocsFiles, stem, without_number};
use super::nav::prettified;
use crate::model::docs_site::{GeneratedPage, PlannedPage};
use crate::model::file::folder_of;
use crate::model::mkdocs::{FolderLink, FolderNav};
use crate::model::site_path::{SitePath, slug};

type Folders = BTreeMap<Box<str>, FolderNav>;

/// Adds the pages that list what is in their sections: for folders that
/// ask for one, have pages, and no page of their own. `pages` stay
/// sorted by file.
pub fn add_generated(folders: &Folders, base: &str, files: &mut DocsFiles) {
    let is_asked = |nav: &FolderNav| matches!(nav.link, Some(FolderLink::Generated { .. }));
    if !folders.values().any(is_asked) {
        return;
    }
    let mut filled: HashSet<&str> = HashSet::new();
    let mut with_index: HashSet<&str> = HashSet::new();
    for page in &files.pages {
        let mut folder = folder_of(&page.source);
        if page.is_index() {
            with_index.insert(folder);
        }
        while !folder.is_empty() && filled.insert(folder) {
            folder = folder_of(folder);
        }
    }
    let mut taken: HashSet<SitePath> = files.pages.iter().map(|page| page.path.clone()).collect();
    let mut added = Vec::new();
    for (folder, nav) in folders {
        let Some(FolderLink::Generated { file, slug: written, .. }) = &nav.link else { continue };
        if !filled.contains(&**folder) || with_index.contains(&**folder) {
            continue;
        }
        let label = label(folder, nav);
        let place = match written.as_deref().map(|slug| slug.trim_matches('/')) {
            Some(written) if !written.is_empty() => parts(written),
            _ => format!("category/{}", parts(&label.to_lowercase().replace([' ', '/'], "-"))),
        };
        let path = SitePath::page(&format!("{base}/{place}"));
        if taken.insert(path.clone()) {
            added.push(PlannedPage { file: *file, source: format!("{folder}/{FILE}").into(), path });
        }
    }
    files.pages.append(&mut added);
    files.pages.sort_by_key(|page| page.file);
}

/// The end of the source of a page that lists what is in its section.
const FILE: &str = "_category_";

fn parts(path: &str) -> String {
    path.split('/').filter(|part| !part.is_empty()).map(slug).collect::<Vec<_>>().join("/")
}

/// Returns what a section is called.
fn label(folder: &str, nav: &FolderNav) -> String {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    nav.title.as_deref().map_or_else(|| prettified(without_number(name)), str::to_string)
}

/// Returns the pages that list what is in their sections, with what
/// stands above the list.
pub fn generated(folders: &Folders, pages: &[PlannedPage]) -> BTreeMap<usize, GeneratedPage> {
    let mut generated = BTreeMap::new();
    for (idx, page) in pages.iter().enumerate().filter(|(_, page)| page.source.ends_with(FILE)) {
        let folder = folder_of(&page.source);
        let Some(nav) = folders.get(folder) else { continue };
        if let Some(FolderLink::Generated { title, description, .. }) = &nav.link {
            let title = title.clone().unwrap_or_else(|| label(folder, nav).into());
            generated.insert(idx, GeneratedPage { title, description: description.clone() });
        }
    }
    generated
}

/// Returns the pages that sections lead to, by their folders: as their
/// files say, or else its index, or the page that has its folder's name,
/// as Docusaurus has it.
pub fn pages_of_sections(folders: &Folders, pages: &[PlannedPage]) -> BTreeMap<Box<str>, usize> {
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut of_sections = BTreeMap::new();
    for (idx, page) in pages.iter().enumerate() {
        let folder = folder_of(&page.source);
        if page.source.ends_with(FILE) {
            of_sections.insert(folder.into(), idx);
            continue;
        }
        let id = id(&page.source);
        if page.is_index() && !folder.is_empty() {
            of_sections.insert(folder.into(), idx);
        }
        if let Some((above, name)) = id.rsplit_once('/')
            && above.rsplit('/').next() == Some(name)
        {
            of_sections.entry(folder.into()).or_insert(idx);
        }
        by_id.entry(id).or_insert(idx);
    }
    for (folder, nav) in folders {
        let Some(FolderLink::Page(written)) = &nav.link else { continue };
        let written = written.trim_matches('/');
        // One of the folder's own goes before one that is named whole.
        let own = format!("{}/{written}", numberless(folder));
        if let Some(page) = by_id.get(&own).or_else(|| by_id.get(written)) {
            of_sections.insert(folder.clone(), *page);
        }
    }
    of_sections
}

/// Returns what Docusaurus calls a page: its source without numbers and
/// without its extension.
fn id(source: &str) -> String {
    match source.rsplit_once('/') {
        Some((folder, name)) => format!("{}/{}", numberless(folder), without_number(stem(name))),
        None => without_number(stem(source)).to_string(),
    }
}

fn numberless(folder: &str) -> String {
    folder.split('/').map(without_number).collect::<Vec<_>>().join("/")
}
