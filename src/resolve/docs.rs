//! Which docs sites there are, which files belong to each, and where
//! they go.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::checkouts::{self, Checkouts};
use super::docs_files::{self, DocsFiles, Place};
use super::docs_includes::{self, Include, Includes};
use super::docs_nav;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{DocsPlan, DocsSource};
use crate::model::entity::{Annotation, Catalog, Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{FileId, FileKind, RepoId, Snapshot, folder_of, join};
use crate::model::mkdocs::{DocsConfig, NavEntry, NavTarget, ReadDocsConfig};
use crate::model::site_path::{docs_folder, slug};

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
    repo: RepoId,
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
    let mut context = Context {
        snapshot,
        catalog,
        configs: configs.iter().filter_map(|read| Some((read.file, read.config.as_ref()?))).collect(),
        skeletons: catalog.skeletons.iter().map(|(repo, folder)| (*repo, &**folder)).collect(),
        n_configs: HashMap::new(),
    };
    for read in configs {
        if is_template(&context, read.file) {
            continue;
        }
        diags.extend(read.diagnostics.iter().cloned());
        if read.config.is_some() {
            *context.n_configs.entry(snapshot.file(read.file).repo).or_default() += 1;
        }
    }
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
    let checkouts = checkouts::checkouts(context.snapshot);
    for (idx, entity) in context.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        let Some(annotation) = entity.annotation(REF) else { continue };
        let Some((repo, folder)) = claimed_folder(context, &checkouts, entity, annotation, diags) else {
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
    checkouts: &Checkouts,
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
            match checkouts::place(checkouts, url) {
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
        if is_template(context, read.file) || plans.by_folder.contains_key(&claim) {
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
        return Some(Found { repo, source: DocsSource::Mkdocs, config: Some(config), readme: None });
    }
    if let Some(book) = at("book.toml").filter(|file| context.configs.contains_key(file)) {
        return Some(Found { repo, source: DocsSource::MdBook, config: Some(book), readme: None });
    }
    let has_pages = context
        .snapshot
        .files_below(repo, &joined(folder, "docs"))
        .any(|file| context.snapshot.file(file).kind == FileKind::Markdown);
    if has_pages {
        return Some(Found { repo, source: DocsSource::Folder, config: None, readme: None });
    }
    let readme = READMES.iter().find_map(|name| at(name))?;
    Some(Found { repo, source: DocsSource::Readme, config: None, readme: Some(readme) })
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
    let includes = docs_includes::includes(
        context.snapshot,
        &context.configs,
        repo,
        root,
        config.nav.as_deref().unwrap_or(&[]),
        diags,
    );
    let files = files(context, found, config, docs_dir.as_deref(), &base, &includes, diags);
    let docs_dir = docs_dir.unwrap_or_else(|| joined(root, "docs"));
    if files.pages.is_empty()
        && let Some(file) = found.config
    {
        let span = config.docs_dir.as_ref().and_then(|(_, span)| *span).unwrap_or(Span::of_file(file));
        diags.push(codes::docs::docs_dir_missing(span, &docs_dir));
    }
    let nav = config.nav.as_ref().filter(|_| !files.pages.is_empty());
    let nav = nav.map(|nav| docs_nav::planned(nav, &files.pages, &docs_dir, &includes, diags));
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
    let own = Place { repo, docs_dir, prefix: "", exclude: &config.exclude_docs, only: chapters.as_ref() };
    let mut others: Vec<(&Include, String)> = includes
        .values()
        .flatten()
        .filter_map(|include| {
            let written = include.config.docs_dir.as_ref().map_or("docs", |(dir, _)| dir);
            Some((include, join(&include.root, written)?))
        })
        .collect();
    others.sort_by(|a, b| a.0.alias.cmp(&b.0.alias));
    let others = others.iter().map(|(include, docs_dir)| Place {
        repo,
        docs_dir,
        prefix: &include.alias,
        exclude: &include.config.exclude_docs,
        only: None,
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
        Owner::Entity(id) => docs_folder(&context.catalog.entity(*id).entity_ref),
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

/// Tells whether a file belongs to a template and is still to be filled
/// in.
fn is_template(context: &Context, file: FileId) -> bool {
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

fn joined(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_string(),
        (folder, "") => folder.to_string(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::fixture;
    use super::*;

    /// Shows the plans of a portal whose `mkdocs.yml` and `book.toml`
    /// are empty but for those given as (place, `docs_dir`).
    fn shown(files: &[&str], entities: &[&str], docs_dirs: &[(&str, &str)], skeletons: &[&str]) -> String {
        let snapshot = fixture::snapshot(files);
        let mut catalog = fixture::catalog(&snapshot, entities);
        for skeleton in skeletons {
            let file = fixture::file(&snapshot, skeleton);
            let file = snapshot.file(file);
            catalog.skeletons.push((file.repo, folder_of(&file.path).into()));
        }
        let is_config =
            |file: &FileId| matches!(snapshot.file(*file).kind, FileKind::Mkdocs | FileKind::BookToml);
        let mut configs: Vec<ReadDocsConfig> = (0..snapshot.files.len() as u32)
            .map(FileId)
            .filter(is_config)
            .map(|file| ReadDocsConfig { file, config: Some(DocsConfig::default()), diagnostics: Vec::new() })
            .collect();
        for (place, docs_dir) in docs_dirs {
            let file = fixture::file(&snapshot, place);
            let read = configs.iter_mut().find(|read| read.file == file).unwrap();
            read.config.as_mut().unwrap().docs_dir = Some(((*docs_dir).into(), Some(Span::of_file(file))));
        }
        let mut diags = Vec::new();
        let plans = plans(&snapshot, &catalog, &configs, &mut diags);
        let mut text = String::new();
        for plan in &plans {
            let entities: Vec<String> =
                plan.entities.iter().map(|id| catalog.entity(*id).entity_ref.to_string()).collect();
            text.push_str(&format!(
                "{} {:?} `{}` [{}]\n",
                plan.base,
                plan.source,
                plan.title,
                entities.join(" ")
            ));
            let repo = &snapshot.repo(plan.repo).name;
            for page in &plan.pages {
                let path = page.path.as_str().strip_prefix(&*plan.base).unwrap();
                text.push_str(&format!("  {repo}:{} {} -> {path}\n", plan.docs_dir, page.source));
            }
            for asset in &plan.assets {
                text.push_str(&format!("  + {}\n", asset.path.as_str().strip_prefix(&*plan.base).unwrap()));
            }
        }
        text + &fixture::said(&snapshot, &diags)
    }

    #[track_caller]
    fn check(files: &[&str], entities: &[&str], expected: Expect) {
        expected.assert_eq(&shown(files, entities, &[], &[]));
    }

    #[test]
    fn the_reference_of_an_entity_is_relative_to_its_descriptor() {
        check(
            &[
                "pay:a/catalog-info.yaml",
                "pay:a/mkdocs.yml",
                "pay:a/docs/index.md",
                "pay:a/docs/Guide/Set%20up.md",
                "pay:a/docs/img/x.PNG",
            ],
            &["component:Pay @ pay:a/catalog-info.yaml techdocs-ref=dir:."],
            expect![[r#"
                docs/default/component/pay Mkdocs `pay` [component:default/pay]
                  pay:a/docs Guide/Set up.md -> /Guide/Set up/index.html
                  pay:a/docs index.md -> /index.html
                  + /img/x.PNG
            "#]],
        );
        check(
            &["pay:a/catalog-info.yaml", "pay:b/mkdocs.yml", "pay:b/docs/index.md"],
            &["component:shop/Pay @ pay:a/catalog-info.yaml techdocs-ref=dir:../b/"],
            expect![[r#"
                docs/shop/component/pay Mkdocs `pay` [component:shop/pay]
                  pay:b/docs index.md -> /index.html
            "#]],
        );
    }

    #[test]
    fn references_stay_inside_and_are_understood() {
        let files = ["pay:catalog-info.yaml", "pay:docs/index.md"];
        for value in [
            "dir:../x",
            "dir:/etc",
            "dir:a\\b",
            "url:file:///etc",
            "docs",
            "url:https://github.com/else/where",
            "dir:${{values.x}}",
            "dir:nothing",
        ] {
            let entity = format!("component:pay @ pay:catalog-info.yaml techdocs-ref={value}");
            let said = shown(&files, &[&entity], &[], &[]);
            let expected = match value {
                "dir:../x" | "dir:/etc" | "dir:a\\b" => "catalog-info.yaml: error techdocs-ref-outside",
                "url:file:///etc" | "docs" => "catalog-info.yaml: warning techdocs-ref:",
                "url:https://github.com/else/where" => "catalog-info.yaml: info docs-elsewhere",
                "dir:nothing" => {
                    "catalog-info.yaml: warning docs-missing: `component:default/pay` has no docs in `nothing/`"
                }
                _ => "",
            };
            assert!(said.starts_with(expected), "{value}: {said}");
            assert!(!expected.is_empty() || said.is_empty(), "{value}: {said}");
        }
    }

    #[test]
    fn urls_lead_to_repositories_of_the_portal() {
        let files = [
            "docs:handbook/mkdocs.yml",
            "docs:handbook/docs/index.md",
            "pay:catalog-info.yaml",
            "mono@team:docs/index.md",
        ];
        for url in [
            "https://github.com/acme/docs/tree/main/handbook",
            "https://github.com/Acme/docs/blob/main/handbook/mkdocs.yml",
            "https://github.com/acme/docs/tree/feature/handbook/",
            "https://github.com/acme/mono/tree/main/team",
        ] {
            let entity = format!("component:pay @ pay:catalog-info.yaml techdocs-ref=url:{url}");
            let shown = shown(&files, &[&entity], &[], &[]);
            assert!(shown.contains("docs/default/component/pay"), "{url}: {shown}");
        }
    }

    #[test]
    fn a_folder_is_searched_in_order() {
        let all = [
            "r:c.yaml",
            "r:mkdocs.yaml",
            "r:mkdocs.yml",
            "r:book.toml",
            "r:src/a.md",
            "r:docs/b.md",
            "r:README.md",
        ];
        for (n_gone, source) in [(1, "Mkdocs"), (2, "Mkdocs"), (3, "MdBook"), (4, "Folder"), (6, "Readme")] {
            let mut files = vec![all[0]];
            files.extend(&all[n_gone..]);
            let shown = shown(&files, &["component:x @ r:c.yaml techdocs-ref=dir:."], &[], &[]);
            assert!(shown.contains(&format!("docs/default/component/x {source} ")), "{n_gone}: {shown}");
            assert_eq!(shown.contains("two-docs-configs"), n_gone == 1, "{shown}");
        }
    }

    #[test]
    fn several_entities_may_share_a_folder() {
        check(
            &["r:c.yaml", "r:docs/index.md", "r:sub/d.yaml"],
            &[
                "component:b @ r:c.yaml techdocs-ref=dir:.",
                "component:a @ r:sub/d.yaml techdocs-ref=dir:..",
                "system:lent @ r:c.yaml techdocs-entity=component:default/b",
                "system:lost @ r:c.yaml techdocs-entity=component:default/zzz",
                "system:bare @ r:c.yaml techdocs-entity=system:lost",
                "system:odd @ r:c.yaml techdocs-entity=a/",
            ],
            expect![[r#"
                docs/default/component/a Folder `a` [component:default/a component:default/b system:default/lent]
                  r:docs index.md -> /index.html
                c.yaml: warning techdocs-entity: `system:lost` has no docs
                c.yaml: warning techdocs-entity: `component:default/zzz` is not in the catalog
                c.yaml: warning techdocs-entity: `a/` is not an entity reference
            "#]],
        );
    }

    #[test]
    fn configurations_that_nobody_claims_are_sites_too() {
        check(
            &[
                "r:catalog-info.yaml",
                "r:mkdocs.yml",
                "r:docs/index.md",
                "r:sub/mkdocs.yml",
                "r:sub/docs/index.md",
                "r:tool/c.yaml",
                "r:tool/mkdocs.yaml",
                "r:tool/docs/index.md",
                "r:skel/mkdocs.yml",
                "r:skel/docs/a.md",
                "r:t/${{x}}/mkdocs.yml",
                "r:t/${{x}}/docs/a.md",
            ],
            &[
                "component:r @ r:catalog-info.yaml techdocs-ref=dir:.",
                "component:tool @ r:tool/c.yaml",
                "api:tool @ r:tool/c.yaml",
            ],
            expect![[r#"
                docs/default/component/r Mkdocs `r` [component:default/r]
                  r:docs index.md -> /index.html
                docs/default/component/tool Mkdocs `tool` [component:default/tool]
                  r:tool/docs index.md -> /index.html
                docs/default/repository/r--skel Mkdocs `r skel` []
                  r:skel/docs a.md -> /a/index.html
                docs/default/repository/r--sub Mkdocs `r sub` []
                  r:sub/docs index.md -> /index.html
            "#]],
        );
        expect![[r#"
            docs/default/repository/r Mkdocs `r a` []
              r:a/docs index.md -> /index.html
            docs/default/repository/s--x Mkdocs `s x` []
              s:x/docs a.md -> /a/index.html
            docs/default/repository/s--y Mkdocs `s y` []
              s:y/docs a.md -> /a/index.html
            a/mkdocs.yml: info no-descriptor: repository `r` has docs and no descriptor
            x/mkdocs.yml: info no-descriptor: repository `s` has docs and no descriptor
        "#]]
        .assert_eq(&shown(
            &[
                "r:a/mkdocs.yml",
                "r:a/docs/index.md",
                "r:skel/mkdocs.yml",
                "r:skel/docs/a.md",
                "s:x/mkdocs.yml",
                "s:x/docs/a.md",
                "s:y/mkdocs.yml",
                "s:y/docs/a.md",
            ],
            &[],
            &[],
            &["r:skel/mkdocs.yml"],
        ));
    }

    #[test]
    fn repositories_without_descriptor_have_docs() {
        check(
            &["r:docs/index.md", "r:README.md", "s:readme.md", "t:src/main.rs"],
            &[],
            expect![[r#"
            docs/default/repository/r Folder `r` []
              r:docs index.md -> /index.html
            docs/default/repository/s Readme `s` []
              s: readme.md -> /index.html
            docs/index.md: info no-descriptor: repository `r` has docs and no descriptor
            readme.md: info no-descriptor: repository `s` has docs and no descriptor
        "#]],
        );
    }

    #[test]
    fn docs_dirs_stay_inside() {
        for (docs_dir, expected) in [
            ("../..", "error docs-dir-outside"),
            ("/etc", "error docs-dir-outside"),
            ("nothing", "warning docs-dir-missing"),
            ("pages/", "  r:a/pages index.md -> /index.html"),
            (".", "  r:a pages/index.md -> /pages/index.html"),
        ] {
            let shown =
                shown(&["r:a/mkdocs.yml", "r:a/pages/index.md"], &[], &[("r:a/mkdocs.yml", docs_dir)], &[]);
            assert!(shown.contains(expected), "{docs_dir}: {shown}");
        }
    }
}
