//! Which docs sites there are, which files belong to each, and where
//! they go.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::docs_files::{self, DocsFiles, Place};
use super::docs_nav;
use super::remotes::Remotes;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{DocsPlan, DocsSource};
use crate::model::entity::{Annotation, Catalog, Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{FileId, FileKind, RepoId, Snapshot, folder_of, join};
use crate::model::mkdocs::{DocsConfig, NavEntry, NavTarget, ReadDocsConfig};
use crate::model::site_path::slug;

const REF: &str = "backstage.io/techdocs-ref";
const LENT: &str = "backstage.io/techdocs-entity";
/// READMEs in the order in which one is chosen.
const READMES: &[&str] = &["README.md", "readme.md", "Readme.md", "README.markdown", "README.mkd"];

/// What planning looks things up in.
struct Context<'c> {
    snapshot: &'c Snapshot,
    catalog: &'c Catalog,
    configs: HashMap<FileId, &'c DocsConfig>,
    skeletons: HashSet<(RepoId, &'c str)>,
    /// How many docs configurations a repository has, if any.
    n_configs: HashMap<RepoId, usize>,
}

/// A docs source that was found in a folder.
struct Found {
    source: DocsSource,
    config: Option<FileId>,
    readme: Option<FileId>,
}

/// The plans so far, and who has claimed what.
#[derive(Default)]
struct Plans {
    plans: Vec<DocsPlan>,
    by_folder: HashMap<(RepoId, String), Option<usize>>,
    by_entity: HashMap<EntityId, usize>,
    bases: HashSet<Box<str>>,
}

/// Plans all docs sites. `configs` holds every `mkdocs.yml` and mdBook
/// `book.toml`, sorted by file. The plans are sorted by base URL.
pub fn plans(
    snapshot: &Snapshot,
    catalog: &Catalog,
    configs: &[ReadDocsConfig],
    diags: &mut Vec<Diagnostic>,
) -> Vec<DocsPlan> {
    let mut n_configs = HashMap::new();
    for read in configs {
        *n_configs.entry(snapshot.file(read.file).repo).or_default() += 1;
    }
    let context = Context {
        n_configs,
        snapshot,
        catalog,
        configs: configs.iter().map(|read| (read.file, &read.config)).collect(),
        skeletons: catalog.skeletons.iter().map(|(repo, folder)| (*repo, &**folder)).collect(),
    };
    let mut plans = Plans::default();
    claimed_by_entities(&context, &mut plans, diags);
    lent_to_entities(&context, &mut plans, diags);
    claimed_by_configs(&context, configs, &mut plans, diags);
    claimed_by_repos(&context, &mut plans, diags);
    let mut plans = plans.plans;
    plans.sort_by(|a, b| a.base.cmp(&b.base));
    plans
}

fn claimed_by_entities(context: &Context, plans: &mut Plans, diags: &mut Vec<Diagnostic>) {
    let remotes = Remotes::new(context.snapshot);
    for (idx, entity) in context.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        let Some(annotation) = entity.annotation(REF) else { continue };
        let Some((repo, folder)) = claimed_folder(context, &remotes, entity, annotation, diags) else {
            continue;
        };
        let claim = (repo, folder);
        if let Some(plan) = plans.by_folder.get(&claim) {
            match plan {
                Some(plan) => {
                    plans.plans[*plan].entities.push(id);
                    plans.by_entity.insert(id, *plan);
                }
                None => diags.push(missing(entity, annotation, &claim.1)),
            }
            continue;
        }
        match found(context, repo, &claim.1, diags) {
            Some(found) => add_plan(context, &found, claim, Owner::Entity(id), plans, diags),
            None => {
                diags.push(missing(entity, annotation, &claim.1));
                plans.by_folder.insert(claim, None);
            }
        }
    }
}

fn missing(entity: &Entity, annotation: &Annotation, folder: &str) -> Diagnostic {
    codes::docs::docs_missing(annotation.span, &entity.entity_ref.to_string(), folder)
}

/// Returns the folder that a `techdocs-ref` names, if it is one of the
/// portal's.
fn claimed_folder(
    context: &Context,
    remotes: &Remotes,
    entity: &Entity,
    annotation: &Annotation,
    diags: &mut Vec<Diagnostic>,
) -> Option<(RepoId, String)> {
    let value = annotation.value.trim();
    // A placeholder of a template that nobody has filled in.
    if value.contains("{{") || value.is_empty() {
        return None;
    }
    let file = context.snapshot.file(entity.file);
    match value.split_once(':') {
        Some(("dir", path)) => {
            let folder = join(folder_of(&file.path), path.trim());
            if folder.is_none() {
                diags.push(codes::docs::techdocs_ref_outside(annotation.span, value));
            }
            Some((file.repo, folder?))
        }
        Some(("url" | "github" | "gitlab" | "azure", url)) if safe_url(url).is_some() => {
            match remotes.place(url) {
                Some(place) => {
                    // A URL may name `mkdocs.yml` itself.
                    let is_file = context.snapshot.find(place.repo, &place.path).is_some();
                    let folder = if is_file { folder_of(&place.path).to_string() } else { place.path };
                    Some((place.repo, folder))
                }
                None => {
                    diags.push(codes::docs::docs_elsewhere(annotation.span, url));
                    None
                }
            }
        }
        _ => {
            diags.push(codes::docs::techdocs_ref(annotation.span, value));
            None
        }
    }
}

/// Gives entities the docs of the one that `techdocs-entity` names.
fn lent_to_entities(context: &Context, plans: &mut Plans, diags: &mut Vec<Diagnostic>) {
    let owners = plans.by_entity.clone();
    for (idx, entity) in context.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        let Some(annotation) = entity.annotation(LENT) else { continue };
        if owners.contains_key(&id) || annotation.value.contains("{{") {
            continue;
        }
        let value = annotation.value.trim();
        let Ok(target) = EntityRef::parse(value, Some("component"), &entity.entity_ref.namespace) else {
            diags.push(codes::docs::techdocs_entity(annotation.span, value, "is not an entity reference"));
            continue;
        };
        let Some(lender) = context.catalog.find(&target) else {
            diags.push(codes::docs::techdocs_entity(annotation.span, value, "is not in the catalog"));
            continue;
        };
        match owners.get(&lender) {
            Some(plan) => {
                plans.plans[*plan].entities.push(id);
                plans.by_entity.insert(id, *plan);
            }
            None => diags.push(codes::docs::techdocs_entity(annotation.span, value, "has no docs")),
        }
    }
}

fn claimed_by_configs(
    context: &Context,
    configs: &[ReadDocsConfig],
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    let declared = declared(context);
    for read in configs {
        let file = context.snapshot.file(read.file);
        let folder = folder_of(&file.path);
        let claim = (file.repo, folder.to_string());
        if file.path.contains("{{")
            || in_skeleton(context, file.repo, &file.path)
            || plans.by_folder.contains_key(&claim)
        {
            continue;
        }
        let Some(found) = found(context, file.repo, folder, diags) else { continue };
        let owner = declared.get(&(file.repo, folder)).filter(|id| !plans.by_entity.contains_key(id));
        let owner = owner.map_or(Owner::Repo, |id| Owner::Entity(*id));
        add_plan(context, &found, claim, owner, plans, diags);
    }
}

/// Returns for each folder the entity that docs beside its descriptor
/// are about: a component before any other kind, and never a location.
fn declared<'c>(context: &Context<'c>) -> HashMap<(RepoId, &'c str), EntityId> {
    let mut declared: HashMap<(RepoId, &str), (usize, EntityId)> = HashMap::new();
    for (idx, entity) in context.catalog.entities.iter().enumerate() {
        let rank = match &*entity.entity_ref.kind {
            "component" => 0,
            "system" => 1,
            "domain" => 2,
            "api" | "resource" => 3,
            "location" | "user" | "group" => continue,
            _ => 4,
        };
        let file = context.snapshot.file(entity.file);
        let claim = (rank, EntityId(idx as u32));
        let best = declared.entry((file.repo, folder_of(&file.path))).or_insert(claim);
        *best = claim.min(*best);
    }
    declared.into_iter().map(|(folder, (_, id))| (folder, id)).collect()
}

/// Plans the docs of repositories without any descriptor, and says of
/// each how to add one.
fn claimed_by_repos(context: &Context, plans: &mut Plans, diags: &mut Vec<Diagnostic>) {
    let described: HashSet<RepoId> =
        context.catalog.entities.iter().map(|entity| context.snapshot.file(entity.file).repo).collect();
    let mut planned: HashMap<RepoId, Span> = HashMap::new();
    for plan in &plans.plans {
        let page = plan.config.or_else(|| plan.pages.first().map(|page| page.file));
        if let Some(page) = page {
            planned.entry(plan.repo).or_insert(Span::of_file(page));
        }
    }
    for repo in context.snapshot.sources().filter(|repo| !described.contains(repo)) {
        let span = planned.get(&repo).copied().or_else(|| {
            let claim = (repo, String::new());
            if plans.by_folder.contains_key(&claim) {
                return None;
            }
            let found = found(context, repo, "", diags)?;
            add_plan(context, &found, claim, Owner::Repo, plans, diags);
            let plan = plans.plans.last().filter(|plan| plan.repo == repo)?;
            plan.pages.first().map(|page| Span::of_file(page.file))
        });
        if let Some(span) = span {
            diags.push(codes::docs::no_descriptor(span, &context.snapshot.repo(repo).name));
        }
    }
}

/// Makes the plan of a claim. One without a page, which has a diagnostic
/// by then, is no docs site.
fn add_plan(
    context: &Context,
    found: &Found,
    claim: (RepoId, String),
    owner: Owner,
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    let plan = plan(context, found, &claim, owner, plans, diags);
    if plan.pages.is_empty() {
        plans.bases.remove(&plan.base);
        plans.by_folder.insert(claim, None);
        return;
    }
    let idx = plans.plans.len();
    if let Some(first) = plan.entities.first() {
        plans.by_entity.insert(*first, idx);
    }
    plans.plans.push(plan);
    plans.by_folder.insert(claim, Some(idx));
}

/// Looks for docs in a folder, in Backstage's order.
fn found(context: &Context, repo: RepoId, folder: &str, diags: &mut Vec<Diagnostic>) -> Option<Found> {
    let at = |name: &str| context.snapshot.find(repo, &joined(folder, name));
    let yaml = at("mkdocs.yaml").filter(|file| context.configs.contains_key(file));
    let yml = at("mkdocs.yml").filter(|file| context.configs.contains_key(file));
    if let (Some(_), Some(yml)) = (yaml, yml) {
        diags.push(codes::docs::two_docs_configs(Span::of_file(yml)));
    }
    if let Some(config) = yaml.or(yml) {
        return Some(Found { source: DocsSource::Mkdocs, config: Some(config), readme: None });
    }
    if let Some(book) = at("book.toml").filter(|file| context.configs.contains_key(file)) {
        return Some(Found { source: DocsSource::MdBook, config: Some(book), readme: None });
    }
    let has_pages = context
        .snapshot
        .files_below(repo, &joined(folder, "docs"))
        .any(|file| context.snapshot.file(file).kind == FileKind::Markdown);
    if has_pages {
        return Some(Found { source: DocsSource::Folder, config: None, readme: None });
    }
    let readme = READMES.iter().find_map(|name| at(name))?;
    Some(Found { source: DocsSource::Readme, config: None, readme: Some(readme) })
}

/// Whose docs they are, which decides their URL.
enum Owner {
    Entity(EntityId),
    Repo,
}

fn plan(
    context: &Context,
    found: &Found,
    claim: &(RepoId, String),
    owner: Owner,
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) -> DocsPlan {
    let (repo, root) = (claim.0, &*claim.1);
    let defaults = DocsConfig::default();
    let config = found.config.map_or(&defaults, |file| context.configs[&file]);
    let base = base(context, &owner, repo, root, &mut plans.bases);
    let docs_dir = docs_dir(found, config, root, diags);
    let files = files(context, found, config, repo, docs_dir.as_deref(), &base, diags);
    let docs_dir = docs_dir.unwrap_or_else(|| joined(root, "docs"));
    if files.pages.is_empty()
        && let Some(file) = found.config
    {
        let span = config.docs_dir.as_ref().and_then(|(_, span)| *span).unwrap_or(Span::of_file(file));
        diags.push(codes::docs::docs_dir_missing(span, &docs_dir));
    }
    let nav = config.nav.as_ref().map(|nav| docs_nav::planned(nav, &files.pages, &docs_dir, diags));
    DocsPlan {
        repo,
        source: found.source,
        config: found.config,
        root: root.into(),
        title: config.site_name.clone().unwrap_or_else(|| title(context, &owner, repo, root)),
        description: config.site_description.clone(),
        docs_dir: docs_dir.into(),
        entities: match owner {
            Owner::Entity(id) => vec![id],
            Owner::Repo => Vec::new(),
        },
        base,
        pages: files.pages,
        assets: files.assets,
        nav,
        edit_base: edit_base(config),
    }
}

/// Returns the folder of the pages; `None` when it is not in the
/// repository.
fn docs_dir(found: &Found, config: &DocsConfig, root: &str, diags: &mut Vec<Diagnostic>) -> Option<String> {
    let default = match found.source {
        DocsSource::Mkdocs | DocsSource::Folder => "docs",
        DocsSource::MdBook => "src",
        DocsSource::Readme => "",
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
    repo: RepoId,
    docs_dir: Option<&str>,
    base: &str,
    diags: &mut Vec<Diagnostic>,
) -> DocsFiles {
    let Some(docs_dir) = docs_dir else { return DocsFiles::default() };
    if let Some(readme) = found.readme {
        let path = &context.snapshot.file(readme).path;
        return docs_files::single(readme, path.rsplit('/').next().unwrap_or(path), base);
    }
    // mdBook writes the chapters of its summary and no other page.
    let chapters = match (found.source, &config.nav) {
        (DocsSource::MdBook, Some(nav)) => Some(chapters(nav)),
        _ => None,
    };
    let place = Place { repo, docs_dir, base, exclude: &config.exclude_docs, only: chapters.as_ref() };
    docs_files::below_folder(context.snapshot, &place, &|repo, path| in_skeleton(context, repo, path), diags)
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

fn base(
    context: &Context,
    owner: &Owner,
    repo: RepoId,
    root: &str,
    bases: &mut HashSet<Box<str>>,
) -> Box<str> {
    let wanted = match owner {
        Owner::Entity(id) => {
            let entity = &context.catalog.entity(*id).entity_ref;
            format!("docs/{}/{}/{}", slug(&entity.namespace), slug(&entity.kind), slug(&entity.name))
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
        Owner::Repo if root.is_empty() => context.snapshot.repo(repo).name.clone(),
        Owner::Repo => format!("{} {root}", context.snapshot.repo(repo).name).into(),
    }
}

/// Joins `repo_url` and `edit_uri`, if both are there and safe.
fn edit_base(config: &DocsConfig) -> Option<Box<str>> {
    let edit_uri = config.edit_uri.as_deref().filter(|uri| !uri.is_empty())?;
    if docs_nav::has_scheme(edit_uri) {
        return safe_url(edit_uri).map(|url| url.into_owned().into());
    }
    let repo_url = safe_url(config.repo_url.as_deref()?)?;
    let separator = if edit_uri.starts_with(['?', '#']) { "" } else { "/" };
    Some(format!("{}{separator}{}", repo_url.trim_end_matches('/'), edit_uri.trim_start_matches('/')).into())
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

fn joined(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_string(),
        (folder, "") => folder.to_string(),
        (folder, name) => format!("{folder}/{name}"),
    }
}
