//! The hallway: visits every room in order. `build`, `serve` and `check`
//! all walk through here; there is no second path.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU8;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::base::asset::Larder;
use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::base::net::drawer::Drawer;
use crate::base::par::{join, par_map, par_map_into};
use crate::base::spans;
use crate::base::world::{Stamp, World};
use crate::model::codes;
use crate::model::config::Config;
use crate::model::diagnostic::{self, Diagnostic, Severity};
use crate::model::doc::{self, Doc};
use crate::model::docs_site::{DocsPlan, DocsSite};
use crate::model::entity::Catalog;
use crate::model::failure::Failure;
use crate::model::file::{FileId, FileKind, Snapshot};
use crate::model::repo::Repo;
use crate::model::site::Site;
use crate::model::yaml::Document;
use crate::render::outputs::Outputs;
use crate::render::search::count::{Counters, Text};
use crate::write::swap::{Mode, Written};
use crate::{parse, resolve, write};

use self::finishing::Finished;
use self::past::{Kept, Known, Last, Outdated, Since};
use self::records::Records;

mod assets;
mod docs_configs;
mod finishing;
mod history;
mod linking;
mod pages;
pub mod past;
pub mod records;
mod snippets;

/// From so many pages on, their words are counted as they are read, and
/// their text is not kept. It takes a seventh less memory, and a little
/// more time, which only so many pages win back.
const MANY_PAGES: usize = 30_000;

/// How far a run is, for the status line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Walking the sources.
    Discovering,
    /// Reading descriptors and docs: so many repositories and files.
    Reading { n_repos: usize, n_files: usize },
    /// Reading pages: so many.
    Parsing { n_pages: usize },
    /// Finding what links lead to.
    Linking,
}

/// Reads the configuration of the portal at `root`. `variables` are the
/// environment's `CALLBOARD_…` pairs.
pub fn config(
    world: &dyn World,
    root: &Path,
    variables: &[(String, String)],
    diags: &mut Vec<Diagnostic>,
) -> Result<Config, Failure> {
    let file = root.join("book.toml");
    if !world.is_file(&file) {
        return parse::config::config(root, None, None, variables, diags);
    }
    let bytes = world
        .read(&file)
        .map_err(|error| Failure::environment(format!("cannot read `{}`: {error}", file.display())))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("`{}` is not UTF-8", file.display())))?;
    parse::config::config(root, Some(&file), Some(&text), variables, diags)
}

/// Returns what all keys of a memo have in common: nothing that other
/// code has made is ever used.
pub fn salt() -> Key {
    hash::key(&[env!("CARGO_PKG_VERSION").as_bytes(), env!("CODE_OF_CALLBOARD").as_bytes()])
}

/// Like [`site_with`], remembering nothing.
pub fn site(
    world: &dyn World,
    config: Config,
    skip: &[PathBuf],
    diags: Vec<Diagnostic>,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure> {
    site_with(world, &Arc::default(), config, skip, diags, on_progress)
}

/// Makes the site of a configuration. `diags` holds what reading the
/// configuration gave. `skip` are folders that are never walked: the
/// output, the cache and the theme.
pub fn site_with(
    world: &dyn World,
    memo: &Arc<Memo>,
    config: Config,
    skip: &[PathBuf],
    diags: Vec<Diagnostic>,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure> {
    site_since(world, memo, config, skip, diags, None, on_progress)
}

/// Like [`site_with`], for whoever makes the search of the site and is
/// done: pages that no memo keeps are counted instead of having their
/// text kept.
pub fn site_counted(
    world: &dyn World,
    memo: &Arc<Memo>,
    config: Config,
    skip: &[PathBuf],
    diags: Vec<Diagnostic>,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure> {
    let counters = (config.search.enable && !memo.keeps()).then(Counters::default);
    let mut site = site_of(world, memo, config, skip, diags, None, counters.as_ref(), on_progress)?;
    site.words = counters.map(Counters::into_words).unwrap_or_default().into();
    Ok(site)
}

/// Like [`site_with`], taking over what has not changed since the last
/// site of the same process. The result is the same, but for its key.
pub fn site_since(
    world: &dyn World,
    memo: &Arc<Memo>,
    config: Config,
    skip: &[PathBuf],
    diags: Vec<Diagnostic>,
    since: Option<Since<'_>>,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure> {
    site_of(world, memo, config, skip, diags, since, None, on_progress)
}

#[expect(clippy::too_many_arguments, reason = "it is what all sites are made of")]
fn site_of(
    world: &dyn World,
    memo: &Arc<Memo>,
    config: Config,
    skip: &[PathBuf],
    mut diags: Vec<Diagnostic>,
    mut since: Option<Since<'_>>,
    counters: Option<&Counters>,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure> {
    on_progress(Progress::Discovering);
    let (walked, touched) = past::walked(world, &config, skip, since.as_ref(), &mut diags)?;
    let snapshot = Arc::clone(&walked.snapshot);
    diags.extend(walked.diagnostics.iter().cloned());
    let last = since.as_mut().and_then(|since| since.past.last.take());
    let known = last.as_ref().map(|last| Known::new(world, last, touched, &snapshot, &diags));

    on_progress(Progress::Reading { n_repos: snapshot.sources().count(), n_files: snapshot.files.len() });
    let contents: Vec<OnceLock<Key>> = snapshot.files.iter().map(|_| OnceLock::new()).collect();
    let known = known.as_ref();
    let said = since.is_some().then(|| diags.clone());
    let larder: Arc<Larder> = Arc::default();
    let inputs = Inputs {
        world,
        memo,
        snapshot: &snapshot,
        contents: &contents,
        is_followed: said.is_some(),
        known,
        reads: Mutex::default(),
        counters,
        larder: said.is_none().then_some(&*larder),
        drawer: &Drawer::default(),
    };
    let (kept, plans) = sources(&inputs, &config, diags);
    let catalog = Arc::clone(&kept.catalog);
    let mut diags = [&*kept.said_with_catalog, &*kept.said_of_plans].concat();
    on_progress(Progress::Parsing { n_pages: plans.n_pages() });
    let has_key = memo.keeps() && said.is_none();
    let frame_key = match &plans {
        Plans::New(plans) if has_key => {
            let pages = plans.iter().flat_map(|plan| &plan.pages).map(|page| page.file).collect();
            site_key(&config, &inputs, &pages)
        }
        _ => Key::default(),
    };
    let (docs, descriptions) = join(|| docs_sites(&inputs, &config, plans), || descriptions(&catalog, known));
    let mut home = pages::home(&inputs, &config);
    on_progress(Progress::Linking);
    let links = linking::links(&inputs, &catalog, &config, &docs, home.as_mut(), &mut diags);
    let unlinked = said.is_some().then(|| (docs.clone(), links.clone()));
    let linked = linking::linked(&inputs, docs, links, &mut diags);
    let Finished { docs, details, without_history } =
        finishing::finished(&inputs, &config, &linked, &mut diags);
    strict(&docs, &mut diags);
    diagnostic::sort(&mut diags);

    let contents = || (0..contents.len() as u32).map(|file| inputs.content_known(FileId(file))).collect();
    let key = if has_key { site_key(&config, &inputs, &BTreeSet::new()) } else { Key::default() };
    let is_as_before = known.is_some_and(Known::is_as_before);
    let docs_by_entity = docs_by_entity(&catalog, &docs);
    if let (Some(since), Some(said), Some((unlinked, links))) = (since, said, unlinked) {
        since.past.is_as_before = is_as_before;
        let new = Last {
            config: config.clone(),
            skip: skip.to_vec(),
            walked,
            contents: contents(),
            said,
            sources: kept,
            unlinked,
            linked,
            details,
            finished: docs.clone(),
            without_history,
            home: home.clone(),
            links,
            descriptions: descriptions.clone(),
        };
        since.past.outdated = last.map(Outdated);
        since.past.last = Some(new);
    }
    Ok(Site {
        key,
        frame_key,
        config,
        snapshot,
        catalog,
        docs,
        docs_by_entity,
        home,
        descriptions,
        words: Arc::default(),
        larder: Arc::clone(&larder),
        diagnostics: diags,
    })
}

/// The files of a run, and what is known of their contents.
struct Inputs<'i> {
    world: &'i dyn World,
    memo: &'i Arc<Memo>,
    snapshot: &'i Snapshot,
    /// What each file that was looked into holds.
    contents: &'i [OnceLock<Key>],
    /// Whether another site of this process may follow.
    is_followed: bool,
    /// What an earlier site of this process has left.
    known: Option<&'i Known<'i>>,
    /// The files that were read.
    reads: Mutex<BTreeSet<FileId>>,
    /// Where the words of pages are counted, if at all.
    counters: Option<&'i Counters>,
    /// What is held of files that are copied, if the site is to be
    /// written and forgotten.
    larder: Option<&'i Larder>,
    /// Asks servers that draw.
    drawer: &'i Drawer,
}

impl Inputs<'_> {
    /// Returns the same files, of which none has been read yet.
    fn unread(&self) -> Inputs<'_> {
        Inputs { reads: Mutex::default(), ..*self }
    }

    /// Returns the files that were read.
    fn reads(self) -> BTreeSet<FileId> {
        self.reads.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what a file holds, without reading it if it is known.
    fn content(&self, file: FileId) -> Option<Key> {
        let slot = &self.contents[file.0 as usize];
        let known = slot.get().copied().or_else(|| self.known?.content(file));
        let content = known.or_else(|| {
            let stamp = self.memo.keeps().then(|| self.world.stamp(&self.snapshot.absolute(file)))?.ok()?;
            self.memo.content(self.name(file), &stamp)
        })?;
        Some(*slot.get_or_init(|| content))
    }

    /// Reads a file.
    fn bytes(&self, file: FileId) -> io::Result<Vec<u8>> {
        if self.is_followed {
            self.reads.lock().unwrap_or_else(PoisonError::into_inner).insert(file);
        }
        let path = self.snapshot.absolute(file);
        // Taken first: a change while it is read makes it another one.
        let stamp = self.memo.keeps().then(|| self.world.stamp(&path).ok()).flatten();
        let bytes = self.world.read(&path)?;
        if self.remembers() {
            let content = hash::key(&[&bytes]);
            let _first_reading_counts = self.contents[file.0 as usize].set(content);
            if let Some(stamp) = stamp {
                self.memo.learn(self.name(file), stamp, content);
            }
        }
        Ok(bytes)
    }

    /// Returns a file's name for people.
    fn shown(&self, file: FileId) -> String {
        let (repo, file) = (self.snapshot.repo_of(file), self.snapshot.file(file));
        if repo.name.is_empty() { file.path.to_string() } else { format!("{}:{}", repo.name, file.path) }
    }

    /// Returns what a file holds, as far as anybody knows.
    fn content_known(&self, file: FileId) -> Option<Key> {
        self.contents[file.0 as usize].get().copied().or_else(|| self.known?.content(file))
    }

    /// Returns what a file held when it was read; `None` if nobody will
    /// ask again.
    fn content_read(&self, file: FileId) -> Option<Key> {
        self.contents[file.0 as usize].get().copied()
    }

    /// Tells whether a later run may ask what was read.
    fn remembers(&self) -> bool {
        self.is_followed || self.memo.keeps()
    }

    /// Returns a file's name in the memo, which says nothing of where
    /// its repository lies.
    fn name(&self, file: FileId) -> Key {
        let (repo, file) = (self.snapshot.repo_of(file), self.snapshot.file(file));
        hash::key(&[b"source", repo.name.as_bytes(), file.path.as_bytes()])
    }

    /// Returns the page of a key, if an earlier run has read it.
    fn recalled(&self, key: Key, file: FileId) -> Option<Arc<Doc>> {
        let known = self.known.and_then(|known| known.doc(key, file));
        known.or_else(|| doc::recalled(self.memo, key, file).map(Arc::new))
    }
}

/// Returns the hash of all that a site is made from: sites of one key
/// have the same entities, pages and texts. Files that nobody has read
/// so far count by their size, `but_for` some, of which only the names do.
fn site_key(config: &Config, inputs: &Inputs<'_>, but_for: &BTreeSet<FileId>) -> Key {
    let mut text = format!("{:?} {:?} {:?}", config.book, config.search, config.markdown);
    text.push_str(&format!("{:?} {:?}", config.portal.base_url, config.portal.organization));
    text.push_str(&format!("{:?}", config.catalog));
    let mut parts = vec![text.into_bytes()];
    for repo in &inputs.snapshot.repos {
        let Repo { name, remote, git_ref, prefix, rules, .. } = repo;
        parts.push(format!("{name} {remote:?} {git_ref} {prefix} {rules:?}").into_bytes());
    }
    let mut files = Vec::with_capacity(inputs.snapshot.files.len() * 64);
    for (idx, (file, content)) in inputs.snapshot.files.iter().zip(inputs.contents).enumerate() {
        files.extend_from_slice(&file.repo.0.to_le_bytes());
        files.extend_from_slice(&(file.path.len() as u64).to_le_bytes());
        files.extend_from_slice(file.path.as_bytes());
        match content.get() {
            Some(content) => files.extend_from_slice(&content.0),
            None if but_for.contains(&FileId(idx as u32)) => {}
            None => files.extend_from_slice(&file.size_bytes.to_le_bytes()),
        }
    }
    parts.push(files);
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    hash::key(&parts)
}

/// Makes and writes the files that are not known to be as they would be
/// made. Nothing of a memo that turns out to be damaged is written.
pub fn write(
    world: &dyn World,
    memo: &Memo,
    outputs: &Outputs,
    target: &Target<'_>,
    diags: &mut Vec<Diagnostic>,
) -> Result<Written, Failure> {
    let records = Records::of(memo, world, outputs);
    let produce = |idx: usize| {
        (target.on_file)(idx);
        let bytes = spans::piece("render", || outputs.paths[idx].to_string(), || records.bytes(idx));
        match memo.is_broken() {
            true => Err(Failure::environment("the cache is damaged")),
            false => bytes,
        }
    };
    let foreknown = |idx: usize, stamp: &Stamp| records.foreknown(idx, stamp);
    let Target { output, mode, signal, .. } = *target;
    let job = write::swap::Job { paths: &outputs.paths, produce: &produce, foreknown: &foreknown };
    let (written, entries) = write::swap::write_foreknown(world, output, job, mode, signal, diags)?;
    diags.append(&mut outputs.diagnostics());
    records.keep(output, &entries);
    memo.save(world);
    Ok(written)
}

/// Where a site goes, and how.
pub struct Target<'t> {
    pub output: &'t Path,
    pub mode: Mode,
    /// See [`write::swap::write`].
    pub signal: &'t AtomicU8,
    /// Hears of every file that is made.
    pub on_file: &'t (dyn Fn(usize) + Sync),
}

type Parsed<T> = (Vec<T>, Vec<Diagnostic>);

/// The docs sites that there will be.
enum Plans<'p> {
    New(Vec<DocsPlan>),
    /// Those of these sites.
    Same(&'p [Arc<DocsSite>]),
}

impl Plans<'_> {
    fn n_pages(&self) -> usize {
        match self {
            Plans::New(plans) => plans.iter().map(|plan| plan.pages.len()).sum(),
            Plans::Same(sites) => sites.iter().map(|site| site.pages.len()).sum(),
        }
    }
}

/// Reads descriptors and docs configurations, and puts them together.
/// `diags` is all that was said before.
fn sources<'i>(inputs: &'i Inputs<'_>, config: &Config, mut diags: Vec<Diagnostic>) -> (Kept, Plans<'i>) {
    if let Some(known) = inputs.known.filter(|known| known.has_plans) {
        return (known.last.sources.clone(), Plans::Same(&known.last.unlinked));
    }
    let with_catalog = inputs.known.filter(|known| known.has_catalog).map(|known| &known.last.sources);
    let with_configs = inputs.known.filter(|known| known.has_configs).map(|known| &known.last.sources);
    let read_documents = || match with_catalog {
        Some(kept) => kept.documents.clone(),
        None => descriptors(inputs),
    };
    let read_configs = || match with_configs {
        Some(kept) => (Arc::clone(&kept.configs), kept.config_reads.clone()),
        None => {
            let inputs = inputs.unread();
            (Arc::new(docs_configs::docs_configs(&inputs, config)), inputs.reads())
        }
    };
    let (documents, (configs, config_reads)) = join(read_documents, read_configs);
    let kept_documents = if inputs.is_followed { documents.clone() } else { Vec::new() };
    let (catalog, catalog_reads, said_with_catalog) = match with_catalog {
        Some(kept) => (Arc::clone(&kept.catalog), kept.catalog_reads.clone(), kept.said_with_catalog.clone()),
        None => {
            let inputs = inputs.unread();
            let documents = par_map_into(documents, |(_, parsed)| Arc::unwrap_or_clone(parsed));
            let documents = gather(documents, &mut diags);
            let catalog = catalog(&inputs, config, documents, &mut diags);
            (Arc::new(catalog), inputs.reads(), diags)
        }
    };
    let with_plans = inputs.known.filter(|known| known.has_plans_of(&catalog)).map(|known| known.last);
    let (plans, said_of_plans) = match with_plans {
        Some(last) => (Plans::Same(&last.unlinked), last.sources.said_of_plans.clone()),
        None => {
            let mut said = Vec::new();
            let plans = resolve::docs::plans(inputs.snapshot, &catalog, &configs, &mut said);
            (Plans::New(plans), said)
        }
    };
    let kept = Kept {
        documents: kept_documents,
        configs,
        config_reads,
        catalog,
        catalog_reads,
        said_with_catalog,
        said_of_plans,
    };
    (kept, plans)
}

fn descriptors(inputs: &Inputs<'_>) -> Vec<(FileId, Arc<Parsed<Document>>)> {
    let files = of_kind(inputs.snapshot, &[FileKind::Yaml]);
    par_map(&files, |file| {
        if let Some(known) = inputs.known.and_then(|known| known.documents(*file)) {
            return (*file, known);
        }
        let mut diags = Vec::new();
        let documents = match read(inputs, *file, &mut diags) {
            Some(bytes) if inputs.snapshot.repo_of(*file).rules.is_dump => {
                parse::dump::documents(*file, &bytes, &mut diags)
            }
            Some(bytes) => spans::piece(
                "parse",
                || inputs.shown(*file),
                || parse::descriptor::documents(*file, &bytes, &mut diags),
            ),
            None => Vec::new(),
        };
        (*file, Arc::new((documents, diags)))
    })
}

fn catalog(
    inputs: &Inputs<'_>,
    config: &Config,
    documents: Vec<Document>,
    diags: &mut Vec<Diagnostic>,
) -> Catalog {
    let text = |file: FileId| -> Result<String, String> {
        let bytes = inputs.bytes(file).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_string())
    };
    let nodes = |file: FileId, text: &str, diags: &mut Vec<Diagnostic>| {
        parse::yaml::documents(file, text, diags).into_iter().map(|document| document.root).collect()
    };
    let files = resolve::catalog::Files { text: &text, nodes: &nodes };
    resolve::catalog::catalog(inputs.snapshot, &config.catalog.rules, documents, &files, diags)
}

fn docs_sites(inputs: &Inputs<'_>, config: &Config, plans: Plans<'_>) -> Vec<Arc<DocsSite>> {
    let n_pages = plans.n_pages();
    match plans {
        Plans::New(plans) => {
            par_map_into(plans, |plan| match inputs.known.and_then(|known| known.docs_site(&plan)) {
                Some(site) => docs_site_again(inputs, config, site),
                None => {
                    let mut docs = pages::docs(inputs, config, &plan);
                    if let Some(counters) = inputs.counters.filter(|_| n_pages >= MANY_PAGES) {
                        let is_kept = config.docs.techdocs_output || plan.decisions.is_some();
                        let text = if is_kept { Text::Kept } else { Text::Dropped };
                        counters.count(config, &mut docs, text);
                    }
                    Arc::new(resolve::nav::docs_site(plan, docs))
                }
            })
        }
        Plans::Same(sites) => par_map(sites, |site| docs_site_again(inputs, config, site)),
    }
}

/// Makes a docs site that was made of the same plan before.
fn docs_site_again(inputs: &Inputs<'_>, config: &Config, site: &Arc<DocsSite>) -> Arc<DocsSite> {
    if inputs.known.is_some_and(|known| known.has_repo(site.plan.repo)) {
        return Arc::clone(site);
    }
    let docs = pages::docs(inputs, config, &site.plan);
    match past::has_docs(site, &docs) {
        true => Arc::clone(site),
        false => Arc::new(resolve::nav::docs_site(site.plan.clone(), docs)),
    }
}

/// Returns the descriptions of all entities as HTML.
fn descriptions(catalog: &Arc<Catalog>, known: Option<&Known<'_>>) -> Arc<Vec<Option<Box<str>>>> {
    if let Some(known) = known.filter(|known| Arc::ptr_eq(&known.last.sources.catalog, catalog)) {
        return Arc::clone(&known.last.descriptions);
    }
    let old: HashMap<&str, &str> = known
        .iter()
        .flat_map(|known| known.last.sources.catalog.entities.iter().zip(&*known.last.descriptions))
        .filter_map(|(entity, html)| Some((entity.metadata.description.as_deref()?, html.as_deref()?)))
        .collect();
    Arc::new(par_map(&catalog.entities, |entity| {
        let text = entity.metadata.description.as_deref()?;
        Some(old.get(text).map_or_else(|| parse::markdown::fragment(text), |html| (*html).into()))
    }))
}

/// Says of each docs site with `strict: true` whether there are warnings
/// of it.
fn strict(docs: &[Arc<DocsSite>], diags: &mut Vec<Diagnostic>) {
    let is_strict = |plan: &DocsPlan| plan.strict.is_some();
    if !docs.iter().any(|site| is_strict(&site.plan)) {
        return;
    }
    let mut n_by_file: HashMap<FileId, usize> = HashMap::new();
    for diag in diags.iter().filter(|diag| diag.severity() == Severity::Warning) {
        if let Some(span) = diag.span {
            *n_by_file.entry(span.file).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for plan in docs.iter().map(|site| &site.plan) {
        let Some(span) = plan.strict else { continue };
        let files = plan.pages.iter().map(|page| page.file).chain(plan.config);
        let n_warnings: usize = files.filter_map(|file| n_by_file.get(&file)).sum();
        if n_warnings > 0 {
            found.push(codes::docs::docs_strict(span, n_warnings));
        }
    }
    diags.append(&mut found);
}

fn docs_by_entity(catalog: &Catalog, docs: &[Arc<DocsSite>]) -> Vec<Option<usize>> {
    let mut by_entity = vec![None; catalog.entities.len()];
    for (site_idx, site) in docs.iter().enumerate() {
        for entity in &site.plan.entities {
            by_entity[entity.0 as usize].get_or_insert(site_idx);
        }
    }
    by_entity
}

fn of_kind(snapshot: &Snapshot, kinds: &[FileKind]) -> Vec<FileId> {
    (0..snapshot.files.len() as u32)
        .map(FileId)
        .filter(|file| {
            let file = snapshot.file(*file);
            file.repo != Snapshot::PORTAL && kinds.contains(&file.kind)
        })
        .collect()
}

/// Reads a file of a source; one that cannot be read is a diagnostic.
fn read(inputs: &Inputs<'_>, file: FileId, diags: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
    match inputs.bytes(file) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            diags.push(codes::sources::unreadable_file(file, &error.to_string()));
            None
        }
    }
}

fn gather<T>(parsed: Vec<Parsed<T>>, diags: &mut Vec<Diagnostic>) -> Vec<T> {
    let mut all = Vec::new();
    for (items, mut found) in parsed {
        all.extend(items);
        diags.append(&mut found);
    }
    all
}
