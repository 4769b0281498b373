//! Everything that a link may lead to, in tables that are made once,
//! most of them when a link first asks: after an edit, few links ask.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::checkouts::{Checkouts, checkouts};
use super::links_near::Near;
use crate::model::doc::Doc;
use crate::model::docs_site::DocsSite;
use crate::model::entity::{Catalog, EntityId};
use crate::model::entity_ref;
use crate::model::file::{FileId, RepoId, Snapshot, join};
use crate::model::site_path::{SitePath, entity_folder, slug};

/// Everything that a link may lead to.
pub struct Routes<'s> {
    pub snapshot: &'s Snapshot,
    pub catalog: &'s Catalog,
    pub docs: &'s [Arc<DocsSite>],
    /// Whether the portal has a page to search it.
    pub has_search: bool,
    /// The files of each repository.
    files: Vec<OnceLock<HashMap<&'s str, FileId>>>,
    /// The first docs site that has a file, by its number.
    published: Vec<Option<(u32, Published)>>,
    /// The first entity that a file declares, by the number of the file.
    declared: Vec<Option<EntityId>>,
    /// Docs sites by base, entities by the URL of their page.
    bases: OnceLock<HashMap<&'s str, usize>>,
    entities: OnceLock<HashSet<String>>,
    /// The kinds that have entities, as URLs name them.
    kinds: OnceLock<HashSet<String>>,
    checkouts: OnceLock<Checkouts<'s>>,
    /// The anchors of each page.
    anchors: Vec<OnceLock<Vec<OnceLock<Anchors<'s>>>>>,
    lower: OnceLock<HashMap<(RepoId, String), FileId>>,
    /// The pages of each docs site by name.
    tables: Vec<OnceLock<SiteTable<'s>>>,
    /// Docs sites by the folders that they are made from.
    homes: OnceLock<HashMap<(RepoId, &'s str), usize>>,
    pub near: Near,
}

/// The pages of a docs site by what links may call them.
#[derive(Default)]
pub struct SiteTable<'s> {
    /// By source, and by URL without a slash at the end.
    pub pages: HashMap<&'s str, usize>,
    /// Redirects by the source that the page had.
    pub moved: HashMap<&'s str, usize>,
}

/// Anchors by every name that they have.
pub type Anchors<'s> = HashMap<&'s str, &'s str>;

/// An index into the pages or the assets of a docs site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    Page(usize),
    Asset(usize),
}

/// Returns the routes of a portal.
pub fn routes<'s>(
    snapshot: &'s Snapshot,
    catalog: &'s Catalog,
    docs: &'s [Arc<DocsSite>],
    has_search: bool,
) -> Routes<'s> {
    let mut published: Vec<Option<(u32, Published)>> = vec![None; snapshot.files.len()];
    for (site_idx, site) in (0..).zip(docs) {
        for (idx, page) in site.plan.pages.iter().enumerate() {
            published[page.file.0 as usize].get_or_insert((site_idx, Published::Page(idx)));
        }
        for (idx, asset) in site.plan.assets.iter().enumerate() {
            published[asset.file.0 as usize].get_or_insert((site_idx, Published::Asset(idx)));
        }
    }
    let mut declared = vec![None; snapshot.files.len()];
    for (idx, entity) in catalog.entities.iter().enumerate() {
        declared[entity.file.0 as usize].get_or_insert(EntityId(idx as u32));
    }
    Routes {
        snapshot,
        catalog,
        docs,
        has_search,
        files: snapshot.repos.iter().map(|_| OnceLock::new()).collect(),
        published,
        declared,
        bases: OnceLock::new(),
        entities: OnceLock::new(),
        kinds: OnceLock::new(),
        checkouts: OnceLock::new(),
        anchors: docs.iter().map(|_| OnceLock::new()).collect(),
        lower: OnceLock::new(),
        tables: docs.iter().map(|_| OnceLock::new()).collect(),
        homes: OnceLock::new(),
        near: Near::new(docs.len()),
    }
}

impl<'s> Routes<'s> {
    /// Returns the anchor that a fragment means on a page.
    pub fn anchor(&self, site_idx: usize, page_idx: usize, fragment: &str) -> Option<&str> {
        let pages = &self.docs[site_idx].pages;
        let of_site = self.anchors[site_idx].get_or_init(|| pages.iter().map(|_| OnceLock::new()).collect());
        find_anchor(of_site[page_idx].get_or_init(|| anchors(&pages[page_idx].doc)), fragment)
    }

    /// Returns the file at a path of a repository.
    pub fn at(&self, repo: RepoId, path: &str) -> Option<FileId> {
        let files = self.files[repo.0 as usize].get_or_init(|| {
            let ids = self.snapshot.files_of(repo);
            ids.map(|id| (&*self.snapshot.file(id).path, id)).collect()
        });
        files.get(path).copied()
    }

    /// Returns the first docs site that has a file, and as what.
    pub fn published(&self, file: FileId) -> Option<(usize, Published)> {
        self.published[file.0 as usize].map(|(site_idx, published)| (site_idx as usize, published))
    }

    /// Returns the first entity that a file declares.
    pub fn declared(&self, file: FileId) -> Option<EntityId> {
        self.declared[file.0 as usize]
    }

    pub fn checkouts(&self) -> &Checkouts<'s> {
        self.checkouts.get_or_init(|| checkouts(self.snapshot))
    }

    fn kinds(&self) -> &HashSet<String> {
        let kinds = || self.catalog.entities.iter().map(|entity| slug(&entity.entity_ref.kind)).collect();
        self.kinds.get_or_init(kinds)
    }

    /// Returns the names of a docs site's pages.
    pub fn site_table(&self, site_idx: usize) -> &SiteTable<'s> {
        self.tables[site_idx].get_or_init(|| {
            let plan = &self.docs[site_idx].plan;
            let mut table = SiteTable::default();
            for (idx, page) in plan.pages.iter().enumerate() {
                table.pages.insert(&*page.source, idx);
            }
            for (idx, page) in plan.pages.iter().enumerate() {
                let below = page.path.as_str().strip_prefix(&*plan.base).unwrap_or("");
                let below = below.strip_suffix("index.html").unwrap_or(below).trim_matches('/');
                if !below.is_empty() {
                    table.pages.entry(below).or_insert(idx);
                }
            }
            table.moved =
                plan.redirects.iter().enumerate().map(|(idx, redirect)| (&*redirect.source, idx)).collect();
            table
        })
    }

    /// Returns the page that stands for the folder of a docs site.
    pub fn docs_home(&self, repo: RepoId, folder: &str) -> Option<SitePath> {
        let homes = self.homes.get_or_init(|| {
            let mut homes = HashMap::new();
            for (site_idx, site) in self.docs.iter().enumerate() {
                for folder in [&site.plan.docs_dir, &site.plan.root] {
                    if !folder.is_empty() {
                        homes.entry((site.plan.repo, &**folder)).or_insert(site_idx);
                    }
                }
            }
            homes
        });
        let site = &self.docs[*homes.get(&(repo, folder))?];
        Some(site.plan.pages[site.home?].path.clone())
    }

    /// Tells whether entities may be of a kind: one of Backstage's, or
    /// one that the catalog has.
    pub fn has_kind(&self, kind: &str) -> bool {
        entity_ref::KINDS.contains(&kind) || self.kinds().contains(&slug(kind))
    }

    /// Finds a file by its path, or by what a page of it is called in
    /// URLs.
    pub fn file(&self, repo: RepoId, path: &str) -> Option<FileId> {
        if let Some(file) = self.at(repo, path) {
            return Some(file);
        }
        let mut found = None;
        candidates(path, &mut |candidate| {
            found = self.at(repo, candidate);
            found.is_some()
        });
        found
    }

    pub fn lower(&self) -> &HashMap<(RepoId, String), FileId> {
        self.lower.get_or_init(|| {
            let mut lower = HashMap::new();
            for (idx, file) in self.snapshot.files.iter().enumerate() {
                lower.entry((file.repo, file.path.to_lowercase())).or_insert(FileId(idx as u32));
            }
            lower
        })
    }

    /// Finds a page of the portal by its URL: `catalog/…`, `docs/…` and
    /// the indices.
    pub fn portal_page(&self, path: &str) -> Option<SitePath> {
        let path = path.trim_end_matches('/');
        let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
        match path {
            // Those that every portal has, even the report of no problems.
            "" | "catalog" | "docs" | "api-docs" | "health" => return Some(SitePath::page(path)),
            "search" => return self.has_search.then(|| SitePath::page(path)),
            _ => {}
        }
        let lower = path.to_ascii_lowercase();
        let entities = || {
            let refs = self.catalog.entities.iter().map(|entity| &entity.entity_ref);
            refs.map(entity_folder).collect()
        };
        if self.entities.get_or_init(entities).contains(&lower) {
            return Some(SitePath::page(&lower));
        }
        let kind = lower.strip_prefix("catalog/");
        if let Some(kind) = kind.filter(|kind| !kind.contains('/')) {
            return self.kinds().contains(kind).then(|| SitePath::page(&lower));
        }
        let end = path.match_indices('/').nth(3).map_or(path.len(), |(at, _)| at);
        let bases = || self.docs.iter().enumerate().map(|(idx, site)| (&*site.plan.base, idx)).collect();
        let site = &self.docs[*self.bases.get_or_init(bases).get(&lower[..end])?];
        let rest = path[end..].trim_start_matches('/');
        if rest.is_empty() {
            return site.home.map(|home| site.plan.pages[home].path.clone());
        }
        let file = self.file(site.plan.repo, &join(&site.plan.docs_dir, rest)?)?;
        let page = site.plan.pages.binary_search_by_key(&file, |page| page.file).ok()?;
        Some(site.plan.pages[page].path.clone())
    }
}

/// Calls `is_found` with the files that a path without an extension, or
/// one of a URL, may mean, until it says yes.
pub fn candidates(path: &str, is_found: &mut dyn FnMut(&str) -> bool) {
    let path = path.strip_suffix("/index.html").unwrap_or(path);
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    if is_found(path) {
        return;
    }
    let mut candidate = String::with_capacity(path.len() + 10);
    for ending in [".md", "/index.md", "/README.md", "/readme.md"] {
        candidate.clear();
        candidate.push_str(path);
        candidate.push_str(ending);
        if is_found(candidate.trim_start_matches('/')) {
            return;
        }
    }
}

pub fn anchors(doc: &Doc) -> Anchors<'_> {
    let mut anchors = HashMap::new();
    for heading in &doc.headings {
        anchors.entry(&*heading.id).or_insert(&*heading.id);
    }
    for heading in &doc.headings {
        if let Some(alias) = &heading.alias {
            anchors.entry(&**alias).or_insert(&*heading.id);
        }
    }
    for anchor in &doc.anchors {
        anchors.entry(&**anchor).or_insert(&**anchor);
    }
    anchors
}

/// Tells whether a fragment means the beginning of a page that has no
/// such anchor, as browsers have it.
pub fn is_top(fragment: &str) -> bool {
    matches!(fragment, "" | "top")
}

/// Finds an anchor; ids are in lower case, so a fragment that is not
/// means the same one.
pub fn find_anchor<'a>(anchors: &Anchors<'a>, fragment: &str) -> Option<&'a str> {
    anchors.get(fragment).or_else(|| anchors.get(&*fragment.to_lowercase())).copied()
}
