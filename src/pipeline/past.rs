//! What one site leaves for the next one of the same process, so that
//! `serve` makes again only what a change can have changed.
//!
//! There is no graph of dependencies: each step says what it read, and
//! is taken over as a whole if none of that is touched; a page is taken
//! over if it has the key that it would be parsed under; its links, if
//! the tables that they are looked up in are the same. The crown test
//! holds all this to a clean build.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::base::hash::{self, Key};
use crate::base::world::World;
use crate::discover::rewalk::{self, Touched};
use crate::discover::walk::{self, Walked};
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::doc::Doc;
use crate::model::docs_site::{AssetLook, DocsPlan, DocsSite};
use crate::model::entity::Catalog;
use crate::model::failure::Failure;
use crate::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use crate::model::mkdocs::ReadDocsConfig;
use crate::model::site::HomeDoc;
use crate::model::yaml::Document;

use crate::resolve;

use super::Parsed;
use super::finishing::Details;
use super::linking::Linked;

/// What the last site of a process has left. It takes memory, so only
/// whoever makes several sites has one.
#[derive(Default)]
pub struct Past {
    pub(super) last: Option<Last>,
    /// The one before it, of which nothing is needed any more: to be
    /// dropped when there is time.
    pub outdated: Option<Outdated>,
    /// Whether the last site is the one before it.
    pub is_as_before: bool,
}

/// What nobody needs any more, and takes a while to be given back.
pub struct Outdated(#[expect(dead_code, reason = "it is there to be dropped")] pub(super) Last);

/// What a site follows.
pub struct Since<'s> {
    pub past: &'s mut Past,
    /// The paths at which anything has changed since the last site that
    /// was made; `None` if nobody knows.
    pub changed: Option<&'s [PathBuf]>,
}

/// What is kept of a site.
pub(super) struct Last {
    pub(super) config: Config,
    pub(super) skip: Vec<PathBuf>,
    pub(super) walked: Walked,
    /// What each file that was looked into held.
    pub(super) contents: Vec<Option<Key>>,
    /// What had been said before the sources were read.
    pub(super) said: Vec<Diagnostic>,
    pub(super) sources: Kept,
    /// Without links, with all that they were made from.
    pub(super) unlinked: Vec<Arc<DocsSite>>,
    pub(super) linked: Vec<Arc<DocsSite>>,
    /// What is known of assets and of histories, by docs site, and the
    /// sites with it.
    pub(super) details: Vec<Arc<Details>>,
    pub(super) finished: Vec<Arc<DocsSite>>,
    pub(super) without_history: BTreeSet<RepoId>,
    /// The page of `[portal] home`, and where its links lead.
    pub(super) home: Option<HomeDoc>,
    /// By docs site and page.
    pub(super) links: Vec<Arc<Vec<Arc<Linked>>>>,
    pub(super) descriptions: Arc<Vec<Option<Box<str>>>>,
}

/// What is kept of reading descriptors and docs configurations, and of
/// putting them together.
#[derive(Clone)]
pub(super) struct Kept {
    /// Sorted by file.
    pub(super) documents: Vec<(FileId, Arc<Parsed<Document>>)>,
    pub(super) configs: Arc<Vec<ReadDocsConfig>>,
    /// All files that were read for `configs`.
    pub(super) config_reads: BTreeSet<FileId>,
    pub(super) catalog: Arc<Catalog>,
    /// All files that were read for `catalog` beside the descriptors.
    pub(super) catalog_reads: BTreeSet<FileId>,
    /// All that was said up to the catalog, and then by planning.
    pub(super) said_with_catalog: Vec<Diagnostic>,
    pub(super) said_of_plans: Vec<Diagnostic>,
}

/// What is known of a site that follows another one.
pub(super) struct Known<'l> {
    pub(super) last: &'l Last,
    /// The files that have other contents or none that is known, sorted.
    touched: Vec<FileId>,
    /// Whether files have the numbers that they had.
    is_same: bool,
    /// The old number of each file, if not.
    old: Vec<Option<FileId>>,
    /// The pages of the last site with the old numbers of their files,
    /// sorted by these, once somebody asks.
    docs: OnceLock<Vec<(FileId, Arc<Doc>)>>,
    /// What was seen in assets, by their old numbers, once somebody asks.
    looks: OnceLock<Vec<(FileId, AssetLook)>>,
    /// The repositories of which something is touched, sorted; `None`
    /// if that may be any.
    touched_repos: Option<BTreeSet<RepoId>>,
    /// Which steps are taken over whole.
    pub(super) has_configs: bool,
    pub(super) has_catalog: bool,
    pub(super) has_plans: bool,
}

/// Finds what lies in the sources, with as little walking as possible.
/// Without the second value, everything may be other than it was.
pub(super) fn walked(
    world: &dyn World,
    config: &Config,
    skip: &[PathBuf],
    since: Option<&Since<'_>>,
    diags: &mut [Diagnostic],
) -> Result<(Walked, Option<Touched>), Failure> {
    let last = since.and_then(|since| since.past.last.as_ref());
    let last = last.filter(|last| last.config == *config && last.skip == skip);
    let changed = since.and_then(|since| since.changed);
    if let (Some(last), Some(changed)) = (last, changed)
        && let Some((walked, touched)) = rewalk::rewalked(world, config, skip, &last.walked, changed, diags)?
    {
        return Ok((walked, Some(touched)));
    }
    Ok((walk::walked(world, config, skip, diags)?, None))
}

impl<'l> Known<'l> {
    /// Finds out what of the last site still holds. `said` is all that
    /// was said so far.
    pub(super) fn new(
        world: &dyn World,
        last: &'l Last,
        touched: Option<Touched>,
        snapshot: &Snapshot,
        said: &[Diagnostic],
    ) -> Self {
        let is_same = touched.as_ref().is_some_and(|touched| !touched.is_renumbered);
        let old = if is_same { Vec::new() } else { old_numbers(&last.walked.snapshot, snapshot) };
        let is_walked_whole = touched.is_none();
        let mut known = Known {
            last,
            touched: match touched {
                Some(touched) => touched.files,
                None => (0..snapshot.files.len() as u32).map(FileId).collect(),
            },
            is_same,
            old,
            docs: OnceLock::new(),
            looks: OnceLock::new(),
            touched_repos: None,
            has_configs: false,
            has_catalog: false,
            has_plans: false,
        };
        if !is_walked_whole {
            known.forget_untrue_touches(world, snapshot);
        }
        if is_same {
            known.touched_repos = Some(touched_repos(&last.walked.snapshot, snapshot, &known.touched));
        }
        known.judge_steps(snapshot, said);
        known
    }

    /// A file that holds what it held is not touched.
    fn forget_untrue_touches(&mut self, world: &dyn World, snapshot: &Snapshot) {
        let touched = std::mem::take(&mut self.touched);
        let holds_the_same = |file: &FileId| {
            let held = self.old(*file).and_then(|old| self.last.contents[old.0 as usize]);
            held.is_some_and(|held| {
                world.read(&snapshot.absolute(*file)).is_ok_and(|bytes| hash::key(&[&bytes]) == held)
            })
        };
        self.touched = touched.into_iter().filter(|file| !holds_the_same(file)).collect();
    }

    fn judge_steps(&mut self, snapshot: &Snapshot, said: &[Diagnostic]) {
        if !self.is_same {
            return;
        }
        let Kept { config_reads, catalog_reads, .. } = &self.last.sources;
        let kind = |file: FileId| snapshot.file(file).kind;
        let touched = || {
            let is_source = |file: &&FileId| snapshot.file(**file).repo != Snapshot::PORTAL;
            self.touched.iter().filter(is_source).copied()
        };
        // A substitution may have left out a file for its size alone.
        let is_large = |file: FileId| {
            let files = [snapshot, &*self.last.walked.snapshot];
            files.iter().any(|snapshot| snapshot.file(file).size_bytes > LARGE_BYTES)
        };
        let of_configs = |file| {
            !matches!(kind(file), FileKind::Markdown | FileKind::Yaml | FileKind::Other)
                || config_reads.contains(&file)
        };
        let of_catalog = |file| {
            let is_kind = matches!(kind(file), FileKind::Yaml | FileKind::Other);
            is_kind || catalog_reads.contains(&file) || is_large(file)
        };
        let has_configs = !touched().any(of_configs);
        let has_catalog = is_alike(&self.last.said, said) && !touched().any(of_catalog);
        (self.has_configs, self.has_catalog) = (has_configs, has_catalog);
        self.has_plans = has_configs && has_catalog;
    }

    /// Tells whether a catalog of the same files and docs configurations
    /// leads to the same plans.
    pub(super) fn has_plans_of(&self, catalog: &Catalog) -> bool {
        let Kept { catalog: old, said_of_plans, .. } = &self.last.sources;
        let told: BTreeSet<FileId> = said_of_plans.iter().filter_map(|diag| Some(diag.span?.file)).collect();
        self.is_same
            && self.has_configs
            && resolve::docs::are_planned_alike(old, catalog, &|file| told.contains(&file))
    }

    /// Tells whether nothing at all has changed. The configuration was
    /// compared as a whole.
    pub(super) fn is_as_before(&self) -> bool {
        let snapshot = &self.last.walked.snapshot;
        let is_config = |file: &FileId| {
            let file = snapshot.file(*file);
            file.repo == Snapshot::PORTAL && file.kind == FileKind::BookToml
        };
        self.has_plans && self.touched.iter().all(is_config)
    }

    /// Tells whether a file may hold something else than before.
    pub(super) fn is_touched(&self, file: FileId) -> bool {
        self.touched.binary_search(&file).is_ok()
    }

    /// Tells whether a repository and all that lies in it is as it was.
    /// Pages and docs sites are made from the files of one repository,
    /// so those of this one are too.
    pub(super) fn has_repo(&self, repo: RepoId) -> bool {
        self.touched_repos.as_ref().is_some_and(|touched| !touched.contains(&repo))
    }

    fn old(&self, file: FileId) -> Option<FileId> {
        if self.is_same { Some(file) } else { self.old[file.0 as usize] }
    }

    /// Tells whether the tables of links are as before, as far as files
    /// and plans are concerned.
    pub(super) fn has_files(&self, snapshot: &Snapshot) -> bool {
        let is_other = |file: &FileId| snapshot.file(*file).kind == FileKind::Other;
        self.is_same && !self.touched.iter().any(is_other)
    }

    /// Returns what a file holds, if nothing has happened to it.
    pub(super) fn content(&self, file: FileId) -> Option<Key> {
        if self.is_touched(file) {
            return None;
        }
        self.last.contents[self.old(file)?.0 as usize]
    }

    /// Returns the page of a key, as this file's.
    pub(super) fn doc(&self, key: Key, file: FileId) -> Option<Arc<Doc>> {
        let old = self.old(file)?;
        let docs = self.docs.get_or_init(|| docs_by_file(self.last));
        let first = docs.partition_point(|(of, _)| *of < old);
        let mut of_file = docs[first..].iter().take_while(|(of, _)| *of == old);
        let (_, doc) = of_file.find(|(_, doc)| doc.key == key)?;
        if old == file { Some(Arc::clone(doc)) } else { doc.moved(file).map(Arc::new) }
    }

    /// Returns what was seen in an asset, if nothing has happened to it.
    pub(super) fn look(&self, file: FileId) -> Option<AssetLook> {
        let old = self.old(file).filter(|_| !self.is_touched(file))?;
        let looks = self.looks.get_or_init(|| looks_by_file(self.last));
        let at = looks.binary_search_by_key(&old, |(of, _)| *of).ok()?;
        Some(looks[at].1)
    }

    /// Returns the docs site that was made of a plan, whatever its pages
    /// hold now.
    pub(super) fn docs_site(&self, plan: &DocsPlan) -> Option<&'l Arc<DocsSite>> {
        let sites = &self.last.unlinked;
        let site = &sites[sites.binary_search_by(|site| site.plan.base.cmp(&plan.base)).ok()?];
        (site.plan == *plan).then_some(site)
    }

    /// Returns the documents of a descriptor, if nothing has happened to
    /// it.
    pub(super) fn documents(&self, file: FileId) -> Option<Arc<Parsed<Document>>> {
        if !self.is_same || self.is_touched(file) {
            return None;
        }
        let documents = &self.last.sources.documents;
        let at = documents.binary_search_by_key(&file, |(file, _)| *file).ok()?;
        Some(Arc::clone(&documents[at].1))
    }
}

/// Tells whether the same was said.
fn is_alike(old: &[Diagnostic], new: &[Diagnostic]) -> bool {
    let is_same = |(old, new): (&Diagnostic, &Diagnostic)| {
        old.code.id == new.code.id
            && (&old.message, old.span, &old.notes, &old.help)
                == (&new.message, new.span, &new.notes, &new.help)
    };
    old.len() == new.len() && old.iter().zip(new).all(is_same)
}

/// Tells whether a docs site was made of just these pages.
pub(super) fn has_docs(site: &DocsSite, docs: &[Arc<Doc>]) -> bool {
    site.pages.len() == docs.len()
        && site.pages.iter().zip(docs).all(|(page, doc)| Arc::ptr_eq(&page.doc, doc))
}

/// Files of this size are not taken for granted.
const LARGE_BYTES: u64 = 256 << 10;

/// Returns the old numbers of files, by the names of their repositories
/// and their paths.
fn old_numbers(old: &Snapshot, new: &Snapshot) -> Vec<Option<FileId>> {
    let ids = (0..).map(RepoId);
    let repos: HashMap<&str, RepoId> = old.repos.iter().map(|repo| &*repo.name).zip(ids).collect();
    let number = |file: &File| old.find(*repos.get(&*new.repo(file.repo).name)?, &file.path);
    new.files.iter().map(number).collect()
}

/// Returns all pages by file.
fn docs_by_file(last: &Last) -> Vec<(FileId, Arc<Doc>)> {
    let pages = last.unlinked.iter().flat_map(|site| &site.pages).map(|page| &page.doc);
    let pages = pages.chain(last.home.as_ref().map(|home| &home.doc));
    let mut docs: Vec<(FileId, Arc<Doc>)> = pages.map(|doc| (doc.file, Arc::clone(doc))).collect();
    docs.sort_by_key(|(file, _)| *file);
    docs
}

/// Returns what was seen in all assets, by file.
fn looks_by_file(last: &Last) -> Vec<(FileId, AssetLook)> {
    let sites = last.linked.iter().zip(&last.details);
    let mut looks: Vec<(FileId, AssetLook)> = sites
        .flat_map(|(site, details)| site.plan.assets.iter().zip(&details.looks))
        .map(|(asset, look)| (asset.file, *look))
        .collect();
    looks.sort_by_key(|(file, _)| *file);
    looks
}

/// Returns the repositories that are other than before, or in which a
/// file is touched.
fn touched_repos(old: &Snapshot, new: &Snapshot, touched: &[FileId]) -> BTreeSet<RepoId> {
    let mut repos: BTreeSet<RepoId> = touched.iter().map(|file| new.file(*file).repo).collect();
    let same = old.repos.iter().zip(&new.repos).map(|(old, new)| old == new);
    let others = (0..).zip(same).filter(|(_, is_same)| !is_same);
    repos.extend(others.map(|(idx, _)| RepoId(idx)));
    repos
}
