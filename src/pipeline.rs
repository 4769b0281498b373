//! The hallway: visits every room in order. `build`, `serve` and `check`
//! all walk through here; there is no second path.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU8;
use std::sync::{Arc, OnceLock};

use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::base::par::{join, par_map, par_map_into};
use crate::base::world::{Stamp, World};
use crate::discover;
use crate::model::codes;
use crate::model::config::Config;
use crate::model::diagnostic::{self, Diagnostic, Severity};
use crate::model::doc::{self, Doc};
use crate::model::docs_site::{DocsPlan, DocsSite, DocsSource};
use crate::model::entity::Catalog;
use crate::model::failure::Failure;
use crate::model::file::{FileId, FileKind, Snapshot};
use crate::model::site::{HomeDoc, Site};
use crate::model::yaml::Document;
use crate::parse::markdown::{Flavour, MarkdownOptions};
use crate::render::outputs::Outputs;
use crate::write::swap::{Mode, Written};
use crate::{parse, resolve, write};

use self::records::Records;

mod docs_configs;
pub mod records;

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
    mut diags: Vec<Diagnostic>,
    on_progress: &(dyn Fn(Progress) + Sync),
) -> Result<Site, Failure> {
    on_progress(Progress::Discovering);
    let snapshot = discover::walk::snapshot(world, &config, skip, &mut diags)?;

    on_progress(Progress::Reading { n_repos: snapshot.sources().count(), n_files: snapshot.files.len() });
    let inputs = Inputs {
        world,
        memo,
        snapshot: &snapshot,
        contents: snapshot.files.iter().map(|_| OnceLock::new()).collect(),
    };
    let (documents, configs) = join(|| descriptors(&inputs), || docs_configs::docs_configs(&inputs, &config));
    let documents = gather(documents, &mut diags);
    let catalog = catalog(&inputs, documents, &mut diags);

    let plans = resolve::docs::plans(&snapshot, &catalog, &configs, &mut diags);
    on_progress(Progress::Parsing { n_pages: plans.iter().map(|plan| plan.pages.len()).sum() });
    let (mut docs, descriptions) = join(|| docs_sites(&inputs, &config, plans), || descriptions(&catalog));
    let mut home = home(&inputs, &config);
    on_progress(Progress::Linking);
    link(&snapshot, &catalog, &config, &mut docs, home.as_mut(), &mut diags);

    strict(&docs, &mut diags);

    diagnostic::sort(&mut diags);
    let docs_by_entity = docs_by_entity(&catalog, &docs);
    let key = site_key(&config, &inputs);
    Ok(Site { key, config, snapshot, catalog, docs, docs_by_entity, home, descriptions, diagnostics: diags })
}

/// The files of a run, and what is known of their contents.
struct Inputs<'i> {
    world: &'i dyn World,
    memo: &'i Arc<Memo>,
    snapshot: &'i Snapshot,
    /// What each file that was looked into holds.
    contents: Vec<OnceLock<Key>>,
}

impl Inputs<'_> {
    /// Returns what a file holds, without reading it if it is known.
    fn content(&self, file: FileId) -> Option<Key> {
        if !self.memo.keeps() {
            return None;
        }
        let stamp = self.world.stamp(&self.snapshot.absolute(file)).ok()?;
        let content = self.memo.content(self.name(file), &stamp)?;
        Some(*self.contents[file.0 as usize].get_or_init(|| content))
    }

    /// Reads a file.
    fn bytes(&self, file: FileId) -> io::Result<Vec<u8>> {
        let path = self.snapshot.absolute(file);
        // Taken first: a change while it is read makes it another one.
        let stamp = self.memo.keeps().then(|| self.world.stamp(&path).ok()).flatten();
        let bytes = self.world.read(&path)?;
        let content = hash::key(&[&bytes]);
        let _first_reading_counts = self.contents[file.0 as usize].set(content);
        if let Some(stamp) = stamp {
            self.memo.learn(self.name(file), stamp, content);
        }
        Ok(bytes)
    }

    /// Returns what a file held when it was read.
    fn content_read(&self, file: FileId) -> Key {
        self.contents[file.0 as usize].get().copied().unwrap_or_default()
    }

    /// Returns a file's name in the memo, which says nothing of where
    /// its repository lies.
    fn name(&self, file: FileId) -> Key {
        let (repo, file) = (self.snapshot.repo_of(file), self.snapshot.file(file));
        hash::key(&[b"source", repo.name.as_bytes(), file.path.as_bytes()])
    }
}

/// Returns the hash of all that a site is made from: sites of one key
/// have the same entities, pages and texts.
fn site_key(config: &Config, inputs: &Inputs<'_>) -> Key {
    let mut text = format!("{:?} {:?} {:?}", config.book, config.search, config.markdown);
    text.push_str(&format!("{:?} {:?}", config.portal.base_url, config.portal.organization));
    let mut parts = vec![text.into_bytes()];
    for repo in &inputs.snapshot.repos {
        parts.push(format!("{} {:?} {} {}", repo.name, repo.remote, repo.git_ref, repo.prefix).into_bytes());
    }
    for (file, content) in inputs.snapshot.files.iter().zip(&inputs.contents) {
        parts.push(format!("{} {} {:?}", file.repo.0, file.size_bytes, content.get()).into_bytes());
        parts.push(file.path.as_bytes().to_vec());
    }
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
        let bytes = outputs.bytes(world, idx);
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

fn descriptors(inputs: &Inputs<'_>) -> Vec<Parsed<Document>> {
    let files = of_kind(inputs.snapshot, &[FileKind::Yaml]);
    par_map(&files, |file| {
        let mut diags = Vec::new();
        let documents = match read(inputs, *file, &mut diags) {
            Some(bytes) => parse::descriptor::documents(*file, &bytes, &mut diags),
            None => Vec::new(),
        };
        (documents, diags)
    })
}

fn catalog(inputs: &Inputs<'_>, documents: Vec<Document>, diags: &mut Vec<Diagnostic>) -> Catalog {
    let text = |file: FileId| -> Result<String, String> {
        let bytes = inputs.bytes(file).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_string())
    };
    let nodes = |file: FileId, text: &str, diags: &mut Vec<Diagnostic>| {
        parse::yaml::documents(file, text, diags).into_iter().map(|document| document.root).collect()
    };
    let files = resolve::catalog::Files { text: &text, nodes: &nodes };
    resolve::catalog::catalog(inputs.snapshot, documents, &files, diags)
}

fn docs_sites(inputs: &Inputs<'_>, config: &Config, plans: Vec<DocsPlan>) -> Vec<DocsSite> {
    par_map_into(plans, |plan| {
        let options = MarkdownOptions {
            flavour: match plan.source {
                DocsSource::Mkdocs | DocsSource::Folder | DocsSource::Docusaurus | DocsSource::Decisions => {
                    Flavour::TechDocs
                }
                DocsSource::MdBook => Flavour::MdBook,
                DocsSource::Readme => Flavour::GitHub,
            },
            highlight: config.markdown.highlight,
            text: config.search.enable,
            remote_images: &config.content.remote_images,
        };
        let docs = par_map(&plan.pages, |page| doc(inputs, page.file, &options));
        resolve::nav::docs_site(plan, docs)
    })
}

/// Reads a page, or recalls what an earlier run has read.
fn doc(inputs: &Inputs<'_>, file: FileId, options: &MarkdownOptions) -> Doc {
    let recalled = |content: Key| doc::recalled(inputs.memo, parse::markdown::key(content, options), file);
    if let Some(doc) = inputs.content(file).and_then(recalled) {
        return doc;
    }
    let mut diags = Vec::new();
    let bytes = read(inputs, file, &mut diags).unwrap_or_default();
    let content = inputs.content_read(file);
    let mut doc = match recalled(content) {
        Some(doc) => doc,
        None => {
            let key = parse::markdown::key(content, options);
            doc::kept(inputs.memo, Doc { key, ..parse::markdown::doc(file, &bytes, options) })
        }
    };
    doc.diagnostics.append(&mut diags);
    doc
}

fn descriptions(catalog: &Catalog) -> Vec<Option<Box<str>>> {
    par_map(&catalog.entities, |entity| entity.metadata.description.as_deref().map(parse::markdown::fragment))
}

fn home(inputs: &Inputs<'_>, config: &Config) -> Option<HomeDoc> {
    let options = MarkdownOptions {
        flavour: Flavour::TechDocs,
        highlight: config.markdown.highlight,
        text: false,
        remote_images: &config.content.remote_images,
    };
    let path = config.portal.home.as_ref()?.strip_prefix(&config.root).ok()?;
    let file = inputs.snapshot.find(Snapshot::PORTAL, path.to_str()?)?;
    Some(HomeDoc { doc: doc(inputs, file, &options), links: Vec::new() })
}

fn link(
    snapshot: &Snapshot,
    catalog: &Catalog,
    config: &Config,
    docs: &mut [DocsSite],
    home: Option<&mut HomeDoc>,
    diags: &mut Vec<Diagnostic>,
) {
    let routes = resolve::routes::routes(snapshot, catalog, docs, config.search.enable);
    let places: Vec<(usize, usize)> = docs
        .iter()
        .enumerate()
        .flat_map(|(site_idx, site)| (0..site.pages.len()).map(move |page_idx| (site_idx, page_idx)))
        .collect();
    let linked = par_map(&places, |(site_idx, page_idx)| {
        let mut diags = Vec::new();
        (resolve::links::targets(&routes, *site_idx, *page_idx, &mut diags), diags)
    });
    if let Some(home) = home {
        home.links = resolve::links::home_targets(&routes, &home.doc, diags);
        diags.append(&mut home.doc.diagnostics);
    }
    for ((site_idx, page_idx), (mut links, mut found)) in places.into_iter().zip(linked) {
        docs[site_idx].plan.assets.append(&mut links.assets);
        let page = &mut docs[site_idx].pages[page_idx];
        page.links = links.targets;
        diags.append(&mut page.doc.diagnostics);
        diags.append(&mut found);
    }
    for site in docs {
        site.plan.assets.sort_by_key(|asset| asset.file);
        site.plan.assets.dedup_by_key(|asset| asset.file);
    }
}

/// Says of each docs site with `strict: true` whether there are warnings
/// of it.
fn strict(docs: &[DocsSite], diags: &mut Vec<Diagnostic>) {
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

fn docs_by_entity(catalog: &Catalog, docs: &[DocsSite]) -> Vec<Option<usize>> {
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
