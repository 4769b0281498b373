//! What links lead to: one function for Markdown and raw HTML alike.
//! A link is only ever looked up in the tables of the snapshot; no path
//! of the disk is asked.

use std::collections::HashMap;
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;

use super::docs_files::{is_hidden, is_publishable, outside_path};
use super::docs_nav::has_scheme;
use super::links_near::{self, Near};
use super::remotes::Remotes;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::doc::{Doc, DocLink, LinkKind};
use crate::model::docs_site::{DocsAsset, DocsSite, LinkTarget};
use crate::model::entity::{Catalog, EntityId};
use crate::model::file::{FileId, RepoId, Snapshot, folder_of, join};
use crate::model::site_path::{SitePath, slug};

/// How many broken links of a page get a suggestion.
const MAX_SUGGESTIONS: usize = 20;

/// Everything that a link may lead to.
pub struct Routes<'s> {
    pub snapshot: &'s Snapshot,
    pub catalog: &'s Catalog,
    pub docs: &'s [DocsSite],
    files: HashMap<(RepoId, &'s str), FileId>,
    /// The first docs site that has a file.
    published: HashMap<FileId, (usize, Published)>,
    /// The first entity that a file declares.
    declared: HashMap<FileId, EntityId>,
    /// Docs sites by base, entities by the URL of their page.
    bases: HashMap<&'s str, usize>,
    entities: HashMap<String, EntityId>,
    remotes: Remotes<'s>,
    /// The anchors of each page, read when a link first asks.
    anchors: Vec<Vec<OnceLock<Anchors<'s>>>>,
    lower: OnceLock<HashMap<(RepoId, String), FileId>>,
    near: Near,
}

/// Anchors by every name that they have.
type Anchors<'s> = HashMap<&'s str, &'s str>;

/// An index into the pages or the assets of a docs site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Published {
    Page(usize),
    Asset(usize),
}

/// What the links of a page lead to.
#[derive(Debug, Clone, Default)]
pub struct PageLinks {
    /// As long as the page's links.
    pub targets: Vec<LinkTarget>,
    /// Images outside of the docs folder that the page shows: they are
    /// to be copied too.
    pub assets: Vec<DocsAsset>,
}

/// Returns the routes of a portal.
pub fn routes<'s>(snapshot: &'s Snapshot, catalog: &'s Catalog, docs: &'s [DocsSite]) -> Routes<'s> {
    let mut published = HashMap::new();
    for (site_idx, site) in docs.iter().enumerate() {
        for (idx, page) in site.plan.pages.iter().enumerate() {
            published.entry(page.file).or_insert((site_idx, Published::Page(idx)));
        }
        for (idx, asset) in site.plan.assets.iter().enumerate() {
            published.entry(asset.file).or_insert((site_idx, Published::Asset(idx)));
        }
    }
    let mut declared = HashMap::new();
    let mut entities = HashMap::new();
    for (idx, entity) in catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        declared.entry(entity.file).or_insert(id);
        entities.insert(entity_folder(catalog, id), id);
    }
    let ids = (0..snapshot.files.len() as u32).map(FileId);
    Routes {
        snapshot,
        catalog,
        docs,
        files: ids.map(|id| ((snapshot.file(id).repo, &*snapshot.file(id).path), id)).collect(),
        published,
        declared,
        bases: docs.iter().enumerate().map(|(idx, site)| (&*site.plan.base, idx)).collect(),
        entities,
        remotes: Remotes::new(snapshot),
        anchors: docs.iter().map(|site| site.pages.iter().map(|_| OnceLock::new()).collect()).collect(),
        lower: OnceLock::new(),
        near: Near::new(docs.len()),
    }
}

fn entity_folder(catalog: &Catalog, id: EntityId) -> String {
    let entity = &catalog.entity(id).entity_ref;
    format!("catalog/{}/{}/{}", slug(&entity.namespace), slug(&entity.kind), slug(&entity.name))
}

/// The page whose links are looked up.
struct Origin<'r, 's> {
    routes: &'r Routes<'s>,
    site_idx: usize,
    page_idx: usize,
    repo: RepoId,
    /// The page's file, relative to the repository.
    path: &'s str,
    n_suggestions: usize,
    assets: Vec<DocsAsset>,
}

/// A link taken apart.
struct Parts<'l> {
    link: &'l DocLink,
    /// Decoded, without query and fragment.
    path: String,
    /// Decoded; `None` when the link has none.
    fragment: Option<String>,
}

/// Finds the target of every link of a page: `docs[site_idx].pages[page_idx]`.
pub fn targets(routes: &Routes, site_idx: usize, page_idx: usize, diags: &mut Vec<Diagnostic>) -> PageLinks {
    let site = &routes.docs[site_idx];
    let file = routes.snapshot.file(site.plan.pages[page_idx].file);
    let mut from = Origin {
        routes,
        site_idx,
        page_idx,
        repo: file.repo,
        path: &file.path,
        n_suggestions: 0,
        assets: Vec::new(),
    };
    let links = &site.pages[page_idx].doc.links;
    let targets = links.iter().map(|link| from.target(link, diags)).collect();
    PageLinks { targets, assets: from.assets }
}

impl<'r> Origin<'r, '_> {
    fn target(&mut self, link: &DocLink, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let target = link.target.trim();
        if has_scheme(target) {
            return self.external(link, target, diags);
        }
        let parts = parts(link, target);
        if parts.path.is_empty() && parts.fragment.is_none() {
            // `[x](?y)` and `[x]()` name the page itself, or nothing.
            diags.push(codes::docs::broken_link(link.span, target, None));
            return LinkTarget::Broken;
        }
        if parts.path.is_empty() {
            let fragment = parts.fragment.unwrap_or_default();
            return self.own_anchor(link, &fragment, diags);
        }
        if let Some(path) = parts.path.strip_prefix('/') {
            return self.absolute(&parts, path, diags);
        }
        self.relative(&parts, diags)
    }

    /// A URL of another site, or of a host whose repository is a source.
    fn external(&mut self, link: &DocLink, target: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let with_scheme = match target.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None => target.to_string(),
        };
        let Some(url) = safe_url(&with_scheme) else {
            diags.push(codes::docs::unsafe_link(link.span, target));
            return LinkTarget::Broken;
        };
        let own = self.routes.remotes.place(&url).filter(|place| place.is_current && !place.path.is_empty());
        let page = own.and_then(|place| {
            let file = *self.routes.files.get(&(place.repo, &*place.path))?;
            self.published(file).filter(|_| link.kind == LinkKind::Href)
        });
        let Some((site_idx, published)) = page else { return LinkTarget::External(url.into_owned().into()) };
        // The host's anchors are not ours, so one that is missing here
        // is no fault of the page.
        let fragment = url
            .split_once('#')
            .and_then(|(_, fragment)| self.anchor(site_idx, published, &decoded(fragment)));
        LinkTarget::Site { path: self.path_of(site_idx, published), fragment: fragment.map(Box::from) }
    }

    fn own_anchor(&mut self, link: &DocLink, fragment: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        if matches!(fragment, "" | "top") {
            return LinkTarget::Fragment("".into());
        }
        match self.anchor(self.site_idx, Published::Page(self.page_idx), fragment) {
            Some(anchor) => LinkTarget::Fragment(anchor.into()),
            None => {
                let nearest = self.nearest_anchor(self.site_idx, self.page_idx, fragment);
                diags.push(codes::docs::broken_anchor(link.span, fragment, None, nearest));
                LinkTarget::Fragment(fragment.into())
            }
        }
    }

    /// `/x`: of the docs folder, of the repository, of the portal.
    fn absolute(&mut self, parts: &Parts, path: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let docs_dir = &*self.routes.docs[self.site_idx].plan.docs_dir;
        let in_docs = self.file(docs_dir, path).filter(|file| self.published(*file).is_some());
        if let Some(file) = in_docs {
            return self.to_file(parts, file, diags);
        }
        if let Some(file) = self.file("", path) {
            return self.to_file(parts, file, diags);
        }
        if let Some(path) = self.routes.portal_page(path) {
            return LinkTarget::Site { path, fragment: None };
        }
        let folder = self.folder(docs_dir, path).or_else(|| self.folder("", path));
        match folder {
            Some(folder) if !folder.is_empty() => self.to_folder(parts, &folder, diags),
            _ => self.broken(parts, diags),
        }
    }

    fn relative(&mut self, parts: &Parts, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let folder = folder_of(self.path);
        let path = &*parts.path;
        // Authors of directory URLs write `./#x` for the page itself.
        let is_self = matches!(path, "." | "./");
        if is_self && let Some(fragment) = &parts.fragment {
            let own = self.anchor(self.site_idx, Published::Page(self.page_idx), fragment);
            if let Some(own) = own {
                return LinkTarget::Fragment(own.into());
            }
        }
        if let Some(file) = self.file(folder, path) {
            return self.to_file(parts, file, diags);
        }
        // The page's URL has one more folder than its file.
        let output = self.path.rsplit_once('.').map_or(self.path, |(stem, _)| stem);
        let by_output = self.file(output, path).filter(|file| self.published(*file).is_some());
        if let Some(file) = by_output {
            return self.to_file(parts, file, diags);
        }
        if let Some(folder) = self.folder(folder, path) {
            return self.to_folder(parts, &folder, diags);
        }
        if let Some(file) = self.file_of_any_case(folder, path) {
            let actual = links_near::relative(folder, &self.routes.snapshot.file(file).path);
            diags.push(codes::docs::link_case(parts.link.span, &parts.link.target, &actual));
            return self.to_file(parts, file, diags);
        }
        if join(folder, path).is_none() && !path.contains('\\') {
            diags.push(codes::docs::link_outside(parts.link.span, &parts.link.target));
            return LinkTarget::Broken;
        }
        self.broken(parts, diags)
    }

    fn file(&self, folder: &str, path: &str) -> Option<FileId> {
        self.routes.file(self.repo, &join(folder, path)?)
    }

    /// Finds a folder of the repository that holds files.
    fn folder(&self, folder: &str, path: &str) -> Option<String> {
        let folder = join(folder, path)?;
        self.routes.snapshot.files_below(self.repo, &folder).next()?;
        Some(folder)
    }

    fn file_of_any_case(&self, folder: &str, path: &str) -> Option<FileId> {
        let path = join(folder, path)?.to_lowercase();
        let lower = self.routes.lower();
        let mut found = None;
        candidates(&path, &mut |candidate| {
            found = found.or_else(|| lower.get(&(self.repo, candidate.to_lowercase())).copied());
            found.is_some()
        });
        found
    }

    /// Finds where a file is published: in this docs site, or else in
    /// the first that has it.
    fn published(&self, file: FileId) -> Option<(usize, Published)> {
        let plan = &self.routes.docs[self.site_idx].plan;
        if let Ok(page) = plan.pages.binary_search_by_key(&file, |page| page.file) {
            return Some((self.site_idx, Published::Page(page)));
        }
        if let Ok(asset) = plan.assets.binary_search_by_key(&file, |asset| asset.file) {
            return Some((self.site_idx, Published::Asset(asset)));
        }
        self.routes.published.get(&file).copied()
    }

    fn path_of(&self, site_idx: usize, published: Published) -> SitePath {
        let plan = &self.routes.docs[site_idx].plan;
        match published {
            Published::Page(page) => plan.pages[page].path.clone(),
            Published::Asset(asset) => plan.assets[asset].path.clone(),
        }
    }

    fn to_file(&mut self, parts: &Parts, file: FileId, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        if let Some((site_idx, published)) = self.published(file) {
            return self.to_published(parts, site_idx, published, diags);
        }
        let path = &*self.routes.snapshot.file(file).path;
        if parts.link.kind == LinkKind::Src {
            return self.to_outside_asset(parts, file, diags);
        }
        if let Some(entity) = self.routes.declared.get(&file) {
            let path = SitePath::page(&entity_folder(self.routes.catalog, *entity));
            return LinkTarget::Site { path, fragment: None };
        }
        match self.routes.snapshot.repo(self.repo).view_url(path) {
            Some(url) => LinkTarget::External(with_fragment(url, parts).into()),
            None => {
                diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
                LinkTarget::Broken
            }
        }
    }

    fn to_published(
        &mut self,
        parts: &Parts,
        site_idx: usize,
        published: Published,
        diags: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
        let path = self.path_of(site_idx, published);
        let (Published::Page(page_idx), Some(fragment)) = (published, &parts.fragment) else {
            return LinkTarget::Site { path, fragment: None };
        };
        if (site_idx, page_idx) == (self.site_idx, self.page_idx) {
            return self.own_anchor(parts.link, fragment, diags);
        }
        let anchor = self.anchor(site_idx, published, fragment);
        if anchor.is_none() && !fragment.is_empty() {
            let nearest = self.nearest_anchor(site_idx, page_idx, fragment);
            let source = &self.routes.docs[site_idx].plan.pages[page_idx].source;
            diags.push(codes::docs::broken_anchor(parts.link.span, fragment, Some(source), nearest));
        }
        LinkTarget::Site { path, fragment: anchor.map(Box::from) }
    }

    /// An image that lies outside of every docs folder is copied for the
    /// page that shows it.
    fn to_outside_asset(&mut self, parts: &Parts, file: FileId, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let path = &*self.routes.snapshot.file(file).path;
        if is_hidden_name(path) || !is_publishable(self.routes.snapshot, file, &mut Vec::new()) {
            diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
            return LinkTarget::Broken;
        }
        let path = outside_path(&self.routes.docs[self.site_idx].plan.base, path);
        if !self.assets.iter().any(|asset| asset.file == file) {
            self.assets.push(DocsAsset { file, path: path.clone() });
        }
        LinkTarget::Site { path, fragment: None }
    }

    fn to_folder(&mut self, parts: &Parts, folder: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        if parts.link.kind == LinkKind::Src {
            return self.broken(parts, diags);
        }
        let own = &self.routes.docs[self.site_idx];
        let is_site = |site: &DocsSite| {
            site.plan.repo == self.repo && (*site.plan.docs_dir == *folder || *site.plan.root == *folder)
        };
        // The folder of this docs site itself, without an index.
        if is_site(own)
            && let Some(home) = own.home
        {
            return LinkTarget::Site { path: own.plan.pages[home].path.clone(), fragment: None };
        }
        match self.routes.snapshot.repo(self.repo).folder_url(folder) {
            Some(url) => LinkTarget::External(url.into()),
            None => {
                diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
                LinkTarget::Broken
            }
        }
    }

    fn broken(&mut self, parts: &Parts, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let nearest = match self.n_suggestions < MAX_SUGGESTIONS {
            true => self.routes.near.page(self.routes.docs, self.site_idx, &parts.path),
            false => None,
        };
        self.n_suggestions += 1;
        let plan = &self.routes.docs[self.site_idx].plan;
        let source = folder_of(&plan.pages[self.page_idx].source);
        let nearest = nearest.map(|nearest| links_near::relative(source, nearest));
        diags.push(codes::docs::broken_link(parts.link.span, &parts.link.target, nearest.as_deref()));
        LinkTarget::Broken
    }

    /// Returns the anchor that a fragment means on a page.
    fn anchor(&self, site_idx: usize, published: Published, fragment: &str) -> Option<&'r str> {
        let Published::Page(page_idx) = published else { return None };
        let doc = &self.routes.docs[site_idx].pages[page_idx].doc;
        let anchors = self.routes.anchors[site_idx][page_idx].get_or_init(|| anchors(doc));
        anchors.get(fragment).copied()
    }

    fn nearest_anchor(&mut self, site_idx: usize, page_idx: usize, fragment: &str) -> Option<&'r str> {
        self.n_suggestions += 1;
        if self.n_suggestions > MAX_SUGGESTIONS {
            return None;
        }
        let doc = &self.routes.docs[site_idx].pages[page_idx].doc;
        links_near::anchor(doc, fragment)
    }
}

impl<'s> Routes<'s> {
    /// Finds a file by its path, or by what a page of it is called in
    /// URLs.
    fn file(&self, repo: RepoId, path: &str) -> Option<FileId> {
        if let Some(file) = self.files.get(&(repo, path)) {
            return Some(*file);
        }
        let mut found = None;
        candidates(path, &mut |candidate| {
            found = self.files.get(&(repo, candidate)).copied();
            found.is_some()
        });
        found
    }

    fn lower(&self) -> &HashMap<(RepoId, String), FileId> {
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
    fn portal_page(&self, path: &str) -> Option<SitePath> {
        let path = path.trim_end_matches('/');
        let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
        if matches!(path, "" | "catalog" | "docs" | "api-docs" | "search") {
            return Some(SitePath::page(path));
        }
        let lower = path.to_ascii_lowercase();
        if self.entities.contains_key(&lower) {
            return Some(SitePath::page(&lower));
        }
        let kind = lower.strip_prefix("catalog/");
        if let Some(kind) = kind.filter(|kind| !kind.contains('/')) {
            let has_kind = self.catalog.entities.iter().any(|entity| slug(&entity.entity_ref.kind) == kind);
            return has_kind.then(|| SitePath::page(&lower));
        }
        let end = path.match_indices('/').nth(3).map_or(path.len(), |(at, _)| at);
        let site = &self.docs[*self.bases.get(&lower[..end])?];
        let rest = path[end..].trim_start_matches('/');
        if rest.is_empty() {
            return site.home.map(|home| site.plan.pages[home].path.clone());
        }
        let file = self.file(site.plan.repo, &join(&site.plan.docs_dir, rest)?)?;
        let page = site.plan.pages.binary_search_by_key(&file, |page| page.file).ok()?;
        Some(site.plan.pages[page].path.clone())
    }
}

/// Finds the target of every link of the home page's Markdown.
pub fn home_targets(routes: &Routes, doc: &Doc, diags: &mut Vec<Diagnostic>) -> Vec<LinkTarget> {
    let anchors = anchors(doc);
    let mut target = |link: &DocLink| {
        let written = link.target.trim();
        if has_scheme(written) {
            return match safe_url(written) {
                Some(url) => LinkTarget::External(url.into_owned().into()),
                None => {
                    diags.push(codes::docs::unsafe_link(link.span, written));
                    LinkTarget::Broken
                }
            };
        }
        let parts = parts(link, written);
        if let (true, Some(fragment)) = (parts.path.is_empty(), &parts.fragment) {
            if let Some(anchor) = anchors.get(&**fragment) {
                return LinkTarget::Fragment((*anchor).into());
            }
            diags.push(codes::docs::broken_anchor(
                link.span,
                fragment,
                None,
                links_near::anchor(doc, fragment),
            ));
            return LinkTarget::Fragment(fragment.as_str().into());
        }
        let path = join("", parts.path.trim_start_matches('/')).filter(|_| !written.is_empty());
        match path.and_then(|path| routes.portal_page(&path)) {
            Some(path) => LinkTarget::Site { path, fragment: parts.fragment.map(|fragment| fragment.into()) },
            None => {
                diags.push(codes::docs::broken_link(link.span, written, None));
                LinkTarget::Broken
            }
        }
    };
    doc.links.iter().map(&mut target).collect()
}

/// Splits and decodes a link without a scheme.
fn parts<'l>(link: &'l DocLink, target: &str) -> Parts<'l> {
    let (before, fragment) = match target.split_once('#') {
        Some((before, fragment)) => (before, Some(decoded(fragment))),
        None => (target, None),
    };
    let path = before.split_once('?').map_or(before, |(path, _)| path);
    Parts { link, path: decoded(path), fragment }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_string(), |text| text.into_owned())
}

fn with_fragment(url: String, parts: &Parts) -> String {
    match parts.link.target.split_once('#') {
        Some((_, fragment)) if !url.contains('#') => format!("{url}#{fragment}"),
        _ => url,
    }
}

/// Calls `is_found` with the files that a path without an extension, or
/// one of a URL, may mean, until it says yes.
fn candidates(path: &str, is_found: &mut dyn FnMut(&str) -> bool) {
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

fn anchors(doc: &Doc) -> Anchors<'_> {
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

fn is_hidden_name(path: &str) -> bool {
    is_hidden(path.rsplit('/').next().unwrap_or(path))
}
