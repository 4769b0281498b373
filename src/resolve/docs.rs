//! Which docs sites there are, and whose: those that entities claim,
//! those of configurations that nobody claims, and those of
//! repositories without a descriptor.

use std::collections::{HashMap, HashSet};

use super::checkouts::{self, Checkouts};
use super::docs_plan::{self, Found, Owner, is_template, joined};
use crate::base::par::{par_map, par_map_into};
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{DocsPlan, DocsSource};
use crate::model::entity::{Annotation, Catalog, Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{FileId, FileKind, RepoId, Snapshot, below, folder_of, join};
use crate::model::mkdocs::{DocsConfig, ReadDocsConfig};

const REF: &str = "backstage.io/techdocs-ref";
const LENT: &str = "backstage.io/techdocs-entity";
const DECISIONS: &str = "backstage.io/adr-location";
/// Further docs of an entity, one a line or with commas between them.
const FURTHER: &str = "callboard.dev/docs";
/// How many further docs an entity may have.
const MAX_FURTHER: usize = 50;
/// READMEs in the order in which one is chosen.
const READMES: &[&str] = &["README.md", "readme.md", "Readme.md", "README.markdown", "README.mkd"];
/// Configurations of Docusaurus, which are never run.
const DOCUSAURUS: &[&str] =
    &["docusaurus.config.ts", "docusaurus.config.js", "docusaurus.config.mjs", "docusaurus.config.cjs"];

/// What planning looks things up in.
pub struct Context<'c> {
    pub snapshot: &'c Snapshot,
    pub catalog: &'c Catalog,
    pub configs: HashMap<FileId, &'c DocsConfig>,
    pub skeletons: HashSet<(RepoId, &'c str)>,
    /// How many docs configurations a repository has, if any.
    pub n_configs: HashMap<RepoId, usize>,
}

/// The plans so far, and who has claimed what.
#[derive(Default)]
pub struct Plans {
    pub plans: Vec<DocsPlan>,
    by_folder: HashMap<(RepoId, String), Option<usize>>,
    by_entity: HashMap<EntityId, usize>,
    /// Folders whose docs are part of another site.
    included: HashSet<(RepoId, String)>,
    pub bases: HashSet<Box<str>>,
    /// Made before their turn, for the entity that claims a folder first.
    ahead: HashMap<(RepoId, String), Ahead>,
}

/// What was found in a folder that an entity claims, and the plan of it,
/// made without knowing which bases are taken.
struct Ahead {
    found: Option<Found>,
    said_of_finding: Vec<Diagnostic>,
    plan: Option<DocsPlan>,
    said: Vec<Diagnostic>,
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
    let checkouts = checkouts::checkouts(snapshot);
    claimed_by_entities(&context, &checkouts, &mut plans, diags);
    lent_to_entities(&context, &mut plans, diags);
    further_of_entities(&context, &checkouts, &mut plans, diags);
    decisions_of_entities(&context, &checkouts, &mut plans, diags);
    claimed_by_configs(&context, configs, &mut plans, diags);
    claimed_by_repos(&context, &mut plans, diags);
    let mut plans = plans.plans;
    plans.retain(|plan| !plan.entities.is_empty() || !catalog.is_withheld(plan.repo, &plan.root));
    plans.sort_by(|a, b| a.base.cmp(&b.base));
    plans
}

/// Tells whether two catalogs of the same files lead to the same plans.
/// `is_told` knows the files of which planning had anything to say; in
/// these, places count too.
pub fn are_planned_alike(old: &Catalog, new: &Catalog, is_told: &dyn Fn(FileId) -> bool) -> bool {
    let is_alike = |(old, new): (&Entity, &Entity)| {
        let is_told = is_told(new.file);
        let has_same = |key: &&str| {
            let place = |annotation: &Annotation| is_told.then_some(annotation.span);
            let said = |entity: &Entity| {
                entity.annotation(key).map(|annotation| (annotation.value.clone(), place(annotation)))
            };
            said(old) == said(new)
        };
        old.file == new.file
            && old.entity_ref == new.entity_ref
            && old.display_name() == new.display_name()
            && [REF, LENT, FURTHER, DECISIONS].iter().all(has_same)
    };
    let entities = || old.entities.iter().zip(&new.entities);
    old.entities.len() == new.entities.len()
        && (&old.skeletons, &old.withheld) == (&new.skeletons, &new.withheld)
        && entities().all(|(old, new)| is_alike((old, new)))
}

fn claimed_by_entities(
    context: &Context,
    checkouts: &Checkouts,
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    let claims = par_map_into(annotated(context, REF), |(id, entity, annotation)| {
        let mut said = Vec::new();
        let value = annotation.value.trim();
        let claim = claimed_folder(context, checkouts, entity, annotation, value, &mut said);
        (id, annotation, claim, said)
    });
    // Looking at a folder takes most of the time, and what is found there
    // depends on no other.
    let mut firsts: HashMap<&(RepoId, String), EntityId> = HashMap::new();
    for (id, _, claim, _) in &claims {
        if let Some(claim) = claim {
            firsts.entry(claim).or_insert(*id);
        }
    }
    let firsts: Vec<_> = firsts.into_iter().collect();
    plans.ahead =
        par_map(&firsts, |(claim, id)| ((*claim).clone(), ahead(context, claim, *id))).into_iter().collect();
    for (id, annotation, claim, mut said) in claims {
        diags.append(&mut said);
        if let Some(claim) = claim {
            claimed(context, claim, Owner::Entity(id), annotation, plans, diags);
        }
    }
}

fn ahead(context: &Context, claim: &(RepoId, String), id: EntityId) -> Ahead {
    let (mut said_of_finding, mut said) = (Vec::new(), Vec::new());
    let found = found(context, claim.0, &claim.1, &mut said_of_finding);
    let plan = found.as_ref().map(|found| {
        docs_plan::plan(context, found, claim, Owner::Entity(id), &mut HashSet::new(), &mut said)
    });
    Ahead { found, said_of_finding, plan, said }
}

/// Returns the entities with an annotation that says something; a
/// placeholder of a template that nobody has filled in does not.
fn annotated<'c>(context: &Context<'c>, key: &str) -> Vec<(EntityId, &'c Entity, &'c Annotation)> {
    let entities = context.catalog.entities.iter().enumerate();
    let annotated = entities.filter_map(|(idx, entity)| {
        let annotation = entity.annotation(key)?;
        let value = annotation.value.trim();
        (!value.contains("{{") && !value.is_empty()).then_some((EntityId(idx as u32), entity, annotation))
    });
    annotated.collect()
}

/// Makes the docs site of a folder that an entity claims, or adds the
/// entity to those that have it.
fn claimed(
    context: &Context,
    claim: (RepoId, String),
    owner: Owner,
    annotation: &Annotation,
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    let (Owner::Entity(id) | Owner::Further { id, .. }) = owner else { return };
    let entity = context.catalog.entity(id);
    let missing =
        |folder: &str| codes::docs::docs_missing(annotation.span, &entity.entity_ref.to_string(), folder);
    if let Some(plan) = plans.by_folder.get(&claim) {
        match plan {
            Some(plan) if plans.plans[*plan].entities.contains(&id) => {}
            Some(plan) => {
                plans.plans[*plan].entities.push(id);
                plans.by_entity.entry(id).or_insert(*plan);
            }
            None => diags.push(missing(&claim.1)),
        }
        return;
    }
    let found = match plans.ahead.get_mut(&claim) {
        Some(ahead) => {
            diags.append(&mut ahead.said_of_finding);
            ahead.found.take()
        }
        None => found(context, claim.0, &claim.1, diags),
    };
    match found {
        Some(found) => add_plan(context, &found, claim, owner, plans, diags),
        None => {
            diags.push(missing(&claim.1));
            plans.by_folder.insert(claim, None);
        }
    }
}

/// Returns the folder that a `techdocs-ref` names, if it is one of the
/// portal's.
fn claimed_folder(
    context: &Context,
    checkouts: &Checkouts,
    entity: &Entity,
    annotation: &Annotation,
    value: &str,
    diags: &mut Vec<Diagnostic>,
) -> Option<(RepoId, String)> {
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
    for (id, entity, annotation) in annotated(context, LENT) {
        if owners.contains_key(&id) {
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

/// Makes the further docs sites of entities: `dir:./runbooks`, or
/// `Runbooks = dir:./runbooks`.
fn further_of_entities(
    context: &Context,
    checkouts: &Checkouts,
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    for (id, entity, annotation) in annotated(context, FURTHER) {
        let values = annotation.value.split([',', '\n']).map(str::trim).filter(|value| !value.is_empty());
        for value in values.take(MAX_FURTHER) {
            let (title, value) = match value.split_once('=') {
                Some((title, rest)) if !title.contains(':') => (Some(title.trim()), rest.trim()),
                _ => (None, value),
            };
            let Some(claim) = claimed_folder(context, checkouts, entity, annotation, value, diags) else {
                continue;
            };
            let name = title.map_or_else(|| last_part(&claim.1, "docs"), str::to_string);
            let owner = Owner::Further { id, name, title: title.map(Box::from) };
            claimed(context, claim, owner, annotation, plans, diags);
        }
    }
}

/// Finds the architecture decision records of entities: in the docs of
/// the entity, or else as a docs site of their own.
fn decisions_of_entities(
    context: &Context,
    checkouts: &Checkouts,
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    for (id, entity, annotation) in annotated(context, DECISIONS) {
        let value = annotation.value.trim();
        let written = match value.starts_with("http://") || value.starts_with("https://") {
            true => format!("url:{value}"),
            false => format!("dir:{}", value.trim_start_matches("dir:")),
        };
        let Some((repo, folder)) = claimed_folder(context, checkouts, entity, annotation, &written, diags)
        else {
            continue;
        };
        let around = plans.by_entity.get(&id).copied().filter(|plan| {
            let plan = &plans.plans[*plan];
            plan.repo == repo && (*plan.docs_dir == *folder || below(&folder, &plan.docs_dir).is_some())
        });
        if let Some(plan) = around {
            let plan = &mut plans.plans[plan];
            let prefix = below(&folder, &plan.docs_dir).map_or(String::new(), |below| format!("{below}/"));
            let decisions = docs_plan::decisions(&plan.base, &prefix, &plan.pages);
            plan.decisions.get_or_insert(decisions);
            continue;
        }
        let claim = (repo, folder);
        let has_pages = has_markdown(context, repo, &claim.1);
        if !has_pages || plans.by_folder.contains_key(&claim) {
            let entity = entity.entity_ref.to_string();
            diags.push(codes::docs::docs_missing(annotation.span, &entity, &claim.1));
            continue;
        }
        let found = Found {
            repo,
            source: DocsSource::Decisions,
            config: None,
            readme: None,
            docs_dir: Some(claim.1.clone()),
        };
        let title = format!("{} decisions", entity.display_name());
        let owner = Owner::Further { id, name: "decisions".to_string(), title: Some(title.into()) };
        add_plan(context, &found, claim, owner, plans, diags);
    }
}

fn claimed_by_configs(
    context: &Context,
    configs: &[ReadDocsConfig],
    plans: &mut Plans,
    diags: &mut Vec<Diagnostic>,
) {
    let declared = declared(context);
    // The highest first: what they include is no site of its own.
    let mut configs: Vec<&ReadDocsConfig> = configs.iter().collect();
    configs.sort_by_key(|read| (context.snapshot.file(read.file).path.matches('/').count(), read.file));
    for read in configs {
        let file = context.snapshot.file(read.file);
        let folder = folder_of(&file.path);
        let claim = (file.repo, folder.to_string());
        let is_known = plans.by_folder.contains_key(&claim) || plans.included.contains(&claim);
        if is_template(context, read.file) || is_known {
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
    let withheld = context.catalog.withheld.iter().map(|(repo, _)| *repo);
    let repos = context.catalog.entities.iter().map(|entity| context.snapshot.file(entity.file).repo);
    let described: HashSet<RepoId> = repos.chain(withheld).collect();
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
    let is_further = matches!(owner, Owner::Further { .. });
    let ahead = plans.ahead.remove(&claim).and_then(|ahead| Some((ahead.plan?, ahead.said)));
    let is_same = |plan: &DocsPlan| matches!(owner, Owner::Entity(id) if plan.entities == [id]);
    let plan = match ahead {
        Some((plan, mut said)) if is_same(&plan) && plans.bases.insert(plan.base.clone()) => {
            diags.append(&mut said);
            plan
        }
        _ => docs_plan::plan(context, found, &claim, owner, &mut plans.bases, diags),
    };
    plans.included.extend(plan.parts.iter().map(|part| (plan.repo, part.root.to_string())));
    if plan.pages.is_empty() {
        plans.bases.remove(&plan.base);
        plans.by_folder.insert(claim, None);
        return;
    }
    let idx = plans.plans.len();
    if let Some(first) = plan.entities.first().filter(|_| !is_further) {
        plans.by_entity.insert(*first, idx);
    }
    plans.plans.push(plan);
    plans.by_folder.insert(claim, Some(idx));
}

/// Looks for docs in a folder, in Backstage's order.
fn found(context: &Context, repo: RepoId, folder: &str, diags: &mut Vec<Diagnostic>) -> Option<Found> {
    let at = |name: &str| context.snapshot.find(repo, &joined(folder, name));
    let of = |source, config| Found { repo, source, config, readme: None, docs_dir: None };
    let yaml = at("mkdocs.yaml").filter(|file| context.configs.contains_key(file));
    let yml = at("mkdocs.yml").filter(|file| context.configs.contains_key(file));
    if let (Some(_), Some(yml)) = (yaml, yml) {
        diags.push(codes::docs::two_docs_configs(Span::of_file(yml)));
    }
    if let Some(config) = yaml.or(yml) {
        return Some(of(DocsSource::Mkdocs, Some(config)));
    }
    if let Some(book) = at("book.toml").filter(|file| context.configs.contains_key(file)) {
        return Some(of(DocsSource::MdBook, Some(book)));
    }
    let has_docs = has_markdown(context, repo, &joined(folder, "docs"));
    let docusaurus = DOCUSAURUS.iter().find_map(|name| at(name));
    let docusaurus = docusaurus.filter(|file| has_docs && context.configs.contains_key(file));
    if docusaurus.is_some() {
        return Some(of(DocsSource::Docusaurus, docusaurus));
    }
    if has_docs {
        return Some(of(DocsSource::Folder, None));
    }
    let readme = READMES.iter().find_map(|name| at(name));
    // A folder below the root whose pages lie in it is docs itself.
    let has_others = || {
        context
            .snapshot
            .files_below(repo, folder)
            .any(|file| Some(file) != readme && context.snapshot.file(file).kind == FileKind::Markdown)
    };
    if !folder.is_empty() && has_others() {
        return Some(Found { docs_dir: Some(folder.to_string()), ..of(DocsSource::Folder, None) });
    }
    Some(Found { readme: Some(readme?), ..of(DocsSource::Readme, None) })
}

fn has_markdown(context: &Context, repo: RepoId, folder: &str) -> bool {
    let mut files = context.snapshot.files_below(repo, folder);
    files.any(|file| context.snapshot.file(file).kind == FileKind::Markdown)
}

fn last_part(path: &str, default: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    if last.is_empty() { default.to_string() } else { last.to_string() }
}

#[cfg(test)]
mod tests;
