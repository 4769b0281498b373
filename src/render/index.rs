//! What many pages need, computed once for the whole site.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::hash::Key;
use crate::base::par::{par_map, par_map_indexed};
use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::model::entity::{Entity, EntityId};
use crate::model::file::{FileId, RepoId, Snapshot};
use crate::model::relation::{Relation, RelationKind};
use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder};

use super::gaps::{self, Dangling, Gap};
use super::views::org::{self, Branch};
use super::views::search::{LetterPart, letter_pages};
use super::views::{graph, inspect};
use super::{api, kinds, place};

/// So much of a description is kept for lists and cards.
const MAX_SUMMARY: usize = 200;

/// Lists over the whole site.
pub struct Index {
    /// In the order of menus.
    pub kinds: Vec<KindList>,
    /// Diagnostics by [`Grouping`].
    pub health: [Vec<Group>; 3],
    /// Entities by what they lack, in the order of [`Gap::ALL`].
    pub gaps: [Vec<EntityId>; 4],
    /// Relations to what is not in the catalog.
    pub dangling: Vec<Dangling>,
    /// How many diagnostics there are of each severity.
    pub counts: Counts,
    /// Groups and users that own something, with how much: most first.
    pub owners: Vec<(EntityId, usize)>,
    /// The pages of `/search/` from A to Z; none without search.
    pub letters: Vec<Vec<LetterPart>>,
    /// The pages of each entity: `catalog/default/component/x`.
    pub folders: Vec<Box<str>>,
    /// The description of each entity as text, cut after a few words.
    pub summaries: Vec<Box<str>>,
    /// What links to each entity say.
    pub labels: Vec<Label>,
    /// The system that each entity is part of.
    pub systems: Vec<Option<EntityId>>,
    /// Who a problem belongs to; as long as the site's diagnostics.
    pub problem_owners: Vec<Option<EntityId>>,
    /// The entities of each file, in the order of the catalog.
    pub by_file: BTreeMap<FileId, Vec<EntityId>>,
    /// The Location that names a file.
    pub located_by: BTreeMap<FileId, EntityId>,
    /// Groups in the order of their tree.
    pub org: Vec<Branch>,
    /// The first entity of each page of the graph, and the end.
    pub graph_starts: Vec<usize>,
    /// The docs sites by title.
    pub docs: Vec<usize>,
    /// What files of docs are called in the site, by their own paths.
    pub names: Names,
    /// The pages of the list of all entities.
    pub api_pages: Vec<Range<usize>>,
    /// The hash of that list, once it is needed.
    pub catalog_key: OnceLock<Key>,
}

/// What files are called in the site, by what their authors call them.
/// Only ever looked up.
pub type Names = HashMap<SitePath, SitePath>;

/// What a link to an entity says.
pub struct Label {
    pub title: Box<str>,
    /// As in Backstage: `ref | type | description`.
    pub tooltip: Box<str>,
    pub icon: &'static str,
}

/// The entities of one kind.
pub struct KindList {
    /// Lower case.
    pub kind: Box<str>,
    /// As an entity spells it.
    pub written: Box<str>,
    pub plural: String,
    /// Sorted by what readers see.
    pub entities: Vec<EntityId>,
    /// Tells whether any lies outside of the namespace `default`.
    pub has_namespaces: bool,
}

/// What diagnostics are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    Repository,
    Owner,
    Code,
}

/// What the diagnostics of a group have in common. The order is that of
/// pages.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    Portal,
    Repo(RepoId),
    Owner(EntityId),
    NoOwner,
    Code(&'static Code),
}

/// The diagnostics of one repository, owner or code.
pub struct Group {
    pub subject: Subject,
    /// Indices into the site's diagnostics, most severe first.
    pub diagnostics: Vec<usize>,
    pub counts: Counts,
}

/// How many diagnostics there are of each severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_errors: usize,
    pub n_warnings: usize,
    pub n_infos: usize,
}

/// Makes the lists of a site.
pub fn index(site: &Site) -> Index {
    let summaries: Vec<Box<str>> = par_map_indexed(&site.catalog.entities, |idx, _| {
        place::description(site, EntityId(idx as u32), MAX_SUMMARY).into()
    });
    let problem_owners = problem_owners(site);
    Index {
        kinds: kind_lists(site),
        counts: counts(site.diagnostics.iter()),
        health: health(site, &problem_owners),
        gaps: Gap::ALL.map(|gap| gap.entities(site)),
        dangling: gaps::dangling(&site.catalog.relations),
        owners: owners(site),
        letters: if site.config.search.enable { letter_pages(site) } else { Vec::new() },
        folders: par_map(&site.catalog.entities, |entity| entity_folder(&entity.entity_ref).into()),
        labels: par_map_indexed(&site.catalog.entities, |idx, entity| Label {
            title: entity.display_name().into(),
            tooltip: place::tooltip(entity, &summaries[idx]).into(),
            icon: kinds::icon(&entity.entity_ref.kind),
        }),
        summaries,
        systems: systems(site),
        problem_owners,
        by_file: by_file(site),
        org: org::tree(site),
        graph_starts: graph::page_starts(site),
        located_by: inspect::located_by(site),
        docs: {
            let mut docs: Vec<usize> = (0..site.docs.len()).collect();
            docs.sort_by_cached_key(|site_idx| site.docs[*site_idx].plan.title.to_lowercase());
            docs
        },
        names: names(site),
        api_pages: api::pages(&site.catalog),
        catalog_key: OnceLock::new(),
    }
}

fn by_file(site: &Site) -> BTreeMap<FileId, Vec<EntityId>> {
    let mut by_file: BTreeMap<FileId, Vec<EntityId>> = BTreeMap::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        by_file.entry(entity.file).or_default().push(EntityId(idx as u32));
    }
    by_file
}

fn systems(site: &Site) -> Vec<Option<EntityId>> {
    let is_system =
        |relation: &&Relation| relation.kind == RelationKind::PartOf && &*relation.target.kind == "system";
    let system =
        |relations: &Vec<Relation>| relations.iter().filter(is_system).find_map(|relation| relation.entity);
    site.catalog.relations.iter().map(system).collect()
}

/// Returns the names of all files of docs that have been looked into.
fn names(site: &Site) -> Names {
    let assets = site.docs.iter().flat_map(|docs| &docs.plan.assets);
    let known = assets.filter(|asset| asset.look.content.is_some());
    known.map(|asset| (asset.path.clone(), asset.published())).collect()
}

/// Returns the owner of the entity whose document has the problem, or
/// else whoever owns most of the repository.
fn problem_owners(site: &Site) -> Vec<Option<EntityId>> {
    let owner = |idx: usize| {
        let relations = site.catalog.relations[idx].iter();
        let mut owned_by = relations.filter(|relation| relation.kind == RelationKind::OwnedBy);
        owned_by.find_map(|relation| relation.entity)
    };
    let mut documents: Vec<(Span, Option<EntityId>)> = Vec::new();
    let mut by_repo: BTreeMap<RepoId, BTreeMap<EntityId, usize>> = BTreeMap::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        let owner = owner(idx);
        documents.push((entity.document, owner));
        if let Some(owner) = owner {
            let repo = site.snapshot.file(entity.file).repo;
            *by_repo.entry(repo).or_default().entry(owner).or_insert(0) += 1;
        }
    }
    documents.sort_unstable_by_key(|(span, _)| *span);
    let owner_of_repo = |repo: RepoId| {
        let owners = by_repo.get(&repo)?;
        owners.iter().max_by_key(|(id, count)| (**count, std::cmp::Reverse(**id))).map(|(id, _)| *id)
    };
    let owner_of = |diag: &Diagnostic| {
        let span = diag.span?;
        let after = documents.partition_point(|(of, _)| (of.file, of.start) <= (span.file, span.start));
        let within = documents[..after].last().filter(|(of, _)| of.file == span.file && span.start <= of.end);
        within.and_then(|(_, owner)| *owner).or_else(|| owner_of_repo(site.snapshot.file(span.file).repo))
    };
    site.diagnostics.iter().map(owner_of).collect()
}

fn kind_lists(site: &Site) -> Vec<KindList> {
    let mut by_kind: BTreeMap<(usize, &str), Vec<EntityId>> = BTreeMap::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        by_kind.entry(kinds::order(&entity.entity_ref.kind)).or_default().push(EntityId(idx as u32));
    }
    let groups: Vec<(&str, Vec<EntityId>)> =
        by_kind.into_iter().map(|((_, kind), entities)| (kind, entities)).collect();
    par_map(&groups, |(kind, entities)| {
        let mut entities = entities.clone();
        sort_by_title(site, &mut entities);
        let written = site.catalog.entity(entities[0]).kind.clone();
        KindList {
            kind: (*kind).into(),
            plural: kinds::plural(kind, &written),
            has_namespaces: entities.iter().any(|id| !is_default(site.catalog.entity(*id))),
            written,
            entities,
        }
    })
}

/// Sorts entities by what readers see, then by reference.
pub fn sort_by_title(site: &Site, entities: &mut [EntityId]) {
    entities.sort_by_cached_key(|id| (site.catalog.entity(*id).display_name().to_lowercase(), *id));
}

fn is_default(entity: &Entity) -> bool {
    &*entity.entity_ref.namespace == "default"
}

/// Groups the diagnostics in three ways. Owners and codes with the most
/// severe problems come first.
fn health(site: &Site, owners: &[Option<EntityId>]) -> [Vec<Group>; 3] {
    let repo = |diag: &Diagnostic| {
        diag.span.map(|span| site.snapshot.file(span.file).repo).filter(|repo| *repo != Snapshot::PORTAL)
    };
    let indices = || site.diagnostics.iter().enumerate();
    let by_repo = groups(site, indices().map(|(idx, diag)| (repo(diag), idx)), |repo| match repo {
        Some(repo) => Subject::Repo(repo),
        None => Subject::Portal,
    });
    let mut by_owner = groups(site, indices().map(|(idx, _)| (owners[idx], idx)), |owner| match owner {
        Some(owner) => Subject::Owner(owner),
        None => Subject::NoOwner,
    });
    let mut by_code = groups(site, indices().map(|(idx, diag)| (diag.code.id, idx)), |_| Subject::NoOwner);
    for group in &mut by_code {
        group.subject = Subject::Code(site.diagnostics[group.diagnostics[0]].code);
    }
    for groups in [&mut by_owner, &mut by_code] {
        groups.sort_by_key(|group| {
            let Counts { n_errors, n_warnings, n_infos } = group.counts;
            std::cmp::Reverse((n_errors, n_warnings, n_infos))
        });
    }
    [by_repo, by_owner, by_code]
}

fn groups<K: Ord + Copy>(
    site: &Site,
    found: impl Iterator<Item = (K, usize)>,
    subject: impl Fn(K) -> Subject,
) -> Vec<Group> {
    let mut by_key: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (key, idx) in found {
        by_key.entry(key).or_default().push(idx);
    }
    let group = |(key, mut diagnostics): (K, Vec<usize>)| {
        diagnostics.sort_by_key(|idx| std::cmp::Reverse(site.diagnostics[*idx].severity()));
        let counts = counts(diagnostics.iter().map(|idx| &site.diagnostics[*idx]));
        Group { subject: subject(key), diagnostics, counts }
    };
    by_key.into_iter().map(group).collect()
}

fn counts<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Counts {
    let mut counts = Counts::default();
    for diagnostic in diagnostics {
        match diagnostic.severity() {
            Severity::Error => counts.n_errors += 1,
            Severity::Warning => counts.n_warnings += 1,
            Severity::Info => counts.n_infos += 1,
        }
    }
    counts
}

fn owners(site: &Site) -> Vec<(EntityId, usize)> {
    let mut owners: Vec<(EntityId, usize)> = (0..site.catalog.entities.len())
        .map(|idx| {
            let owned =
                site.catalog.relations[idx].iter().filter(|relation| relation.kind == RelationKind::OwnerOf);
            (EntityId(idx as u32), owned.count())
        })
        .filter(|(_, n_owned)| *n_owned > 0)
        .collect();
    owners.sort_by_key(|(id, n_owned)| (std::cmp::Reverse(*n_owned), *id));
    owners
}
