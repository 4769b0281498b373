//! The plan of one docs site: which files belong to it, where they go,
//! and what its configuration says of them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::docs::Context;
use super::docs_files::{self, DocsFiles, Place};
use super::docs_includes::{self, Include, Includes};
use super::docs_nav::{self, Pages};
use super::docs_sections;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{
    DocsPart, DocsPlan, DocsSource, LinkTarget, PlannedDecisions, PlannedNav, PlannedPage, PlannedRedirect,
};
use crate::model::entity::EntityId;
use crate::model::file::{FileId, RepoId, folder_of, join};
use crate::model::mkdocs::{DocsConfig, FolderNav, NavEntry, NavTarget, Redirect};
use crate::model::site_path::{SitePath, docs_folder, slug};

/// How many redirects may follow one another.
const MAX_HOPS: usize = 8;

/// A docs source that was found in a folder.
pub struct Found {
    pub repo: RepoId,
    pub source: DocsSource,
    pub config: Option<FileId>,
    pub readme: Option<FileId>,
    /// The folder of the pages, where it is not the usual one.
    pub docs_dir: Option<String>,
}

/// Whose docs they are, which decides their URL.
pub enum Owner {
    Entity(EntityId),
    /// Docs of an entity beside its first ones.
    Further {
        id: EntityId,
        name: String,
        title: Option<Box<str>>,
    },
    Repo,
}

/// Plans the docs site of a folder.
pub fn plan(
    context: &Context,
    found: &Found,
    claim: &(RepoId, String),
    owner: Owner,
    bases: &mut HashSet<Box<str>>,
    diags: &mut Vec<Diagnostic>,
) -> DocsPlan {
    let (repo, root) = (claim.0, &*claim.1);
    let defaults = DocsConfig::default();
    let config = found.config.map_or(&defaults, |file| context.configs[&file]);
    let base = base(context, &owner, repo, root, bases);
    let docs_dir = docs_dir(found, config, root, diags);
    let written = config.nav.as_deref().unwrap_or(&[]);
    let includes = docs_includes::includes(context.snapshot, &context.configs, repo, root, written, diags);
    let mut files = files(context, found, config, docs_dir.as_deref(), &base, &includes, diags);
    let is_docusaurus = found.source == DocsSource::Docusaurus;
    let mut of_sections = BTreeMap::new();
    if is_docusaurus {
        docs_sections::add_generated(&config.folders, &base, &mut files);
        of_sections = docs_sections::pages_of_sections(&config.folders, &files.pages);
    }
    let docs_dir = docs_dir.unwrap_or_else(|| joined(root, "docs"));
    if files.pages.is_empty()
        && let Some(file) = found.config
    {
        let span = config.docs_dir.as_ref().and_then(|(_, span)| *span).unwrap_or(Span::of_file(file));
        diags.push(codes::docs::docs_dir_missing(span, &docs_dir));
    }
    let mut pages = docs_nav::pages(config, &files.pages, &docs_dir, &includes, &of_sections);
    let nav = config.nav.as_ref().filter(|_| !files.pages.is_empty());
    let nav = nav.map(|nav| docs_nav::planned(nav, &mut pages, diags));
    let folders = docs_nav::folders(&folder_navs(config, &includes), &mut pages, diags);
    let redirects = redirects(config, &base, &pages, &files, diags);
    if let (Some(nav), Some(file)) = (&nav, found.config) {
        omitted(found, config, nav, &files, file, diags);
    }
    let base_of_list = base.clone();
    let title = match &owner {
        Owner::Further { title: Some(title), .. } => Some(title.clone()),
        _ => config.site_name.clone(),
    };
    DocsPlan {
        repo,
        source: found.source,
        config: found.config,
        root: root.into(),
        title: title.unwrap_or_else(|| self::title(context, &owner, repo, root)),
        description: config.site_description.clone(),
        docs_dir: docs_dir.into(),
        entities: match owner {
            Owner::Entity(id) | Owner::Further { id, .. } => vec![id],
            Owner::Repo => Vec::new(),
        },
        base,
        nav,
        folders,
        sort: config.sort,
        collapses: config.collapses,
        not_in_nav: config.not_in_nav.clone(),
        redirects,
        decisions: (found.source == DocsSource::Decisions)
            .then(|| decisions(&base_of_list, "", &files.pages)),
        parts: parts(config, root, &includes),
        ignored: config.ignored,
        strict: config.strict,
        git_words: config.git_words.clone(),
        extensions: config.extensions.clone(),
        generated: match is_docusaurus {
            true => docs_sections::generated(&config.folders, &files.pages),
            false => BTreeMap::new(),
        },
        section_pages: sorted(of_sections.into_values()),
        pages: files.pages,
        assets: files.assets,
    }
}

fn sorted(pages: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut pages: Vec<usize> = pages.collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

/// Returns the folder of the pages; `None` when it is not in the
/// repository.
fn docs_dir(found: &Found, config: &DocsConfig, root: &str, diags: &mut Vec<Diagnostic>) -> Option<String> {
    if let Some(docs_dir) = &found.docs_dir {
        return Some(docs_dir.clone());
    }
    let default = match found.source {
        DocsSource::Mkdocs | DocsSource::Folder | DocsSource::Docusaurus => "docs",
        DocsSource::MdBook => "src",
        DocsSource::Readme | DocsSource::Decisions => "",
    };
    let Some((written, span)) = &config.docs_dir else { return Some(joined(root, default)) };
    let folder = join(root, written);
    if folder.is_none() {
        let span = span.or(found.config.map(Span::of_file)).expect("a `docs_dir` comes from a configuration");
        diags.push(codes::docs::docs_dir_outside(span, written));
    }
    folder
}

fn files(
    context: &Context,
    found: &Found,
    config: &DocsConfig,
    docs_dir: Option<&str>,
    base: &str,
    includes: &Includes,
    diags: &mut Vec<Diagnostic>,
) -> DocsFiles {
    let Some(docs_dir) = docs_dir else { return DocsFiles::default() };
    let repo = found.repo;
    if let Some(readme) = found.readme {
        let path = &context.snapshot.file(readme).path;
        return docs_files::single(readme, path.rsplit('/').next().unwrap_or(path), base);
    }
    // mdBook writes the chapters of its summary and no other page.
    let chapters = match (found.source, &config.nav) {
        (DocsSource::MdBook, Some(nav)) => Some(chapters(nav)),
        _ => None,
    };
    let is_numbered = found.source == DocsSource::Docusaurus;
    let exclude = &config.exclude_docs;
    let own = Place { repo, docs_dir, prefix: "", exclude, only: chapters.as_ref(), is_numbered };
    let others: Vec<(&Include, String)> = included(includes)
        .into_iter()
        .filter_map(|include| {
            let written = include.config.docs_dir.as_ref().map_or("docs", |(dir, _)| dir);
            Some((include, join(&include.root, written)?))
        })
        .collect();
    let others = others.iter().map(|(include, docs_dir)| Place {
        repo,
        docs_dir,
        prefix: &include.alias,
        exclude: &include.config.exclude_docs,
        only: None,
        is_numbered: false,
    });
    let places: Vec<Place> = std::iter::once(own).chain(others).collect();
    docs_files::below_folders(
        context.snapshot,
        base,
        &places,
        &|repo, path| in_skeleton(context, repo, path),
        diags,
    )
}

/// Returns all includes by their aliases.
fn included<'i, 'c>(includes: &'i Includes<'c>) -> Vec<&'i Include<'c>> {
    let mut all: Vec<&Include> = includes.values().flatten().collect();
    all.sort_by(|a, b| a.alias.cmp(&b.alias));
    all
}

/// Returns what files say of folders, those of included docs below their
/// aliases.
fn folder_navs(config: &DocsConfig, includes: &Includes) -> BTreeMap<Box<str>, FolderNav> {
    let mut navs = config.folders.clone();
    for include in included(includes) {
        for (folder, nav) in &include.config.folders {
            navs.insert(joined(&include.alias, folder).into(), nav.clone());
        }
    }
    navs
}

fn parts(config: &DocsConfig, root: &str, includes: &Includes) -> Vec<DocsPart> {
    let own = DocsPart { prefix: "".into(), root: root.into(), edit: edit(config) };
    let included = included(includes);
    let others = included.iter().map(|include| DocsPart {
        prefix: format!("{}/", include.alias).into(),
        root: include.root.as_str().into(),
        edit: edit(include.config),
    });
    std::iter::once(own).chain(others).collect()
}

/// Returns the paths that a summary names, however deep.
fn chapters(nav: &[NavEntry]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut rest: Vec<&NavEntry> = nav.iter().collect();
    while let Some(entry) = rest.pop() {
        match &entry.target {
            NavTarget::Path(path) => paths.extend(join("", path)),
            NavTarget::Section(items) => rest.extend(items),
        }
    }
    paths
}

/// Plans the list of decision records below a prefix of their sources.
pub fn decisions(base: &str, prefix: &str, pages: &[PlannedPage]) -> PlannedDecisions {
    let folder = format!("{base}/{}", docs_files::page_folder(&format!("{prefix}index.md")));
    let own = SitePath::page(&folder);
    let is_taken = pages.iter().any(|page| page.path == own);
    let path = if is_taken { SitePath::page(&format!("{folder}/_decisions")) } else { own };
    PlannedDecisions { prefix: prefix.into(), path }
}

/// Says which pages the navigation does not name.
fn omitted(
    found: &Found,
    config: &DocsConfig,
    nav: &[PlannedNav],
    files: &DocsFiles,
    file: FileId,
    diags: &mut Vec<Diagnostic>,
) {
    if found.source == DocsSource::MdBook || config.ignored.omitted_files {
        return;
    }
    let left_out = docs_files::matcher(&config.not_in_nav);
    let is_left_out = |source: &str| left_out.as_ref().is_some_and(|left_out| left_out(source));
    let omitted = docs_nav::omitted(nav, &files.pages, &is_left_out);
    if !omitted.is_empty() {
        diags.push(codes::docs::nav_omitted(Span::of_file(file), &omitted));
    }
}

/// Finds what the redirects of a configuration lead to.
fn redirects(
    config: &DocsConfig,
    base: &str,
    pages: &Pages,
    files: &DocsFiles,
    diags: &mut Vec<Diagnostic>,
) -> Vec<PlannedRedirect> {
    let by_source: HashMap<&str, &Redirect> =
        config.redirects.iter().map(|redirect| (redirect_source(&redirect.from), redirect)).collect();
    let mut planned: Vec<PlannedRedirect> = Vec::new();
    for redirect in &config.redirects {
        let mut to = &*redirect.to;
        let mut target = None;
        for _ in 0..MAX_HOPS {
            target = redirect_target(to, pages, files);
            match by_source.get(redirect_source(to)) {
                Some(next) if target.is_none() => to = &next.to,
                _ => break,
            }
        }
        let source = redirect_source(&redirect.from);
        let (Some(target), Some(clean)) = (target, join("", source)) else {
            diags.push(codes::docs::redirect_target(redirect.span, &redirect.from, &redirect.to));
            continue;
        };
        let folder = docs_files::page_folder(&clean);
        planned.push(PlannedRedirect {
            path: SitePath::page(&joined(base, &folder)),
            source: if clean.ends_with(".md") { clean.into() } else { format!("{clean}.md").into() },
            target: target.0,
            page: target.1,
        });
    }
    planned.sort_by(|a, b| a.path.cmp(&b.path));
    planned.dedup_by(|later, earlier| later.path == earlier.path);
    planned
}

/// Returns the source that a redirect's path means.
fn redirect_source(path: &str) -> &str {
    let path = path.split('#').next().unwrap_or(path).trim_start_matches('/');
    let path = path.strip_suffix("index.html").filter(|path| !path.is_empty()).unwrap_or(path);
    path.strip_suffix(".html").unwrap_or(path).trim_end_matches('/')
}

fn redirect_target(to: &str, pages: &Pages, files: &DocsFiles) -> Option<(LinkTarget, Option<usize>)> {
    if docs_nav::has_scheme(to) {
        return Some((LinkTarget::External(safe_url(to)?.into_owned().into()), None));
    }
    let (path, fragment) = to.split_once('#').map_or((to, None), |(path, fragment)| (path, Some(fragment)));
    let page = docs_nav::redirect_page(path.trim_end_matches('/'), pages)?;
    let path = files.pages[page].path.clone();
    Some((LinkTarget::Site { path, fragment: fragment.map(Box::from) }, Some(page)))
}

fn base(
    context: &Context,
    owner: &Owner,
    repo: RepoId,
    root: &str,
    bases: &mut HashSet<Box<str>>,
) -> Box<str> {
    let wanted = match owner {
        Owner::Entity(id) => docs_folder(&context.catalog.entity(*id).entity_ref),
        Owner::Further { id, name, .. } => {
            let plain: String = name
                .to_lowercase()
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
                .collect();
            format!(
                "{}--{}",
                docs_folder(&context.catalog.entity(*id).entity_ref),
                slug(plain.trim_matches('-'))
            )
        }
        Owner::Repo => {
            let name = &context.snapshot.repo(repo).name;
            let plain = format!("docs/default/repository/{}", slug(name));
            match root {
                "" => plain,
                _ if context.n_configs.get(&repo) == Some(&1) && !bases.contains(&*plain) => plain,
                root => format!(
                    "docs/default/repository/{}",
                    slug(&format!("{name}--{}", root.replace('/', "-")))
                ),
            }
        }
    };
    let mut base = wanted.clone();
    let mut n_taken = 1;
    while !bases.insert(base.as_str().into()) {
        n_taken += 1;
        base = format!("{wanted}-{n_taken}");
    }
    base.into()
}

fn title(context: &Context, owner: &Owner, repo: RepoId, root: &str) -> Box<str> {
    match owner {
        Owner::Entity(id) => context.catalog.entity(*id).display_name().into(),
        Owner::Further { id, name, .. } => {
            format!("{}: {}", context.catalog.entity(*id).display_name(), super::nav::prettified(name)).into()
        }
        Owner::Repo if root.is_empty() => context.snapshot.repo(repo).name.clone(),
        Owner::Repo => format!("{} {root}", context.snapshot.repo(repo).name).into(),
    }
}

/// Returns the URL that edits a page, `{path}` in it for the page's: of
/// `edit_uri_template`, or of `edit_uri`, each below `repo_url` unless
/// it is a URL itself.
fn edit(config: &DocsConfig) -> Option<Box<str>> {
    let filled = |text: &&str| !text.is_empty();
    let template = config.edit_uri_template.as_deref().filter(filled).map(str::to_string);
    let own = || {
        let edit_uri = config.edit_uri.as_deref().filter(filled)?;
        let is_open = edit_uri.ends_with('/') || edit_uri.contains(['?', '#', '=']);
        Some(format!("{edit_uri}{}{{path}}", if is_open { "" } else { "/" }))
    };
    let written = template.or_else(own)?;
    if docs_nav::has_scheme(&written) {
        return safe_url(&written).map(|url| url.into_owned().into());
    }
    let repo_url = safe_url(config.repo_url.as_deref()?)?;
    let separator = if written.starts_with(['?', '#']) { "" } else { "/" };
    Some(format!("{}{separator}{}", repo_url.trim_end_matches('/'), written.trim_start_matches('/')).into())
}

/// Tells whether a file belongs to a template and is still to be filled
/// in.
pub fn is_template(context: &Context, file: FileId) -> bool {
    let file = context.snapshot.file(file);
    file.path.contains("{{") || in_skeleton(context, file.repo, &file.path)
}

/// Tells whether any folder above a path holds a template's skeleton.
fn in_skeleton(context: &Context, repo: RepoId, path: &str) -> bool {
    if context.skeletons.is_empty() {
        return false;
    }
    let mut folder = folder_of(path);
    loop {
        if context.skeletons.contains(&(repo, folder)) {
            return true;
        }
        if folder.is_empty() {
            return false;
        }
        folder = folder_of(folder);
    }
}

/// Joins a folder and a name, either of which may be empty.
pub fn joined(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_string(),
        (folder, "") => folder.to_string(),
        (folder, name) => format!("{folder}/{name}"),
    }
}
