//! What many pages need, computed once for the whole site.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::base::hash::Key;
use crate::base::par::{par_map, par_map_indexed};
use crate::model::diagnostic::{Diagnostic, Severity, Span};
use crate::model::entity::{Entity, EntityId};
use crate::model::file::{RepoId, Snapshot};
use crate::model::relation::{Relation, RelationKind};
use crate::model::site::Site;
use crate::model::site_path::entity_folder;

use super::views::search::{LetterPart, letter_pages};
use super::{api, kinds, place};

/// So much of a description is kept for lists and cards.
const MAX_SUMMARY: usize = 200;

/// Lists over the whole site.
pub struct Index {
    /// In the order of menus.
    pub kinds: Vec<KindList>,
    /// Diagnostics by repository, the portal's own first; as ranges of
    /// the site's list.
    pub health: Vec<Health>,
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
    /// What the relations of each entity lead to, in their order; `None`
    /// for what is not in the catalog.
    pub targets: Vec<Vec<Option<EntityId>>>,
    /// Who a problem belongs to; as long as the site's diagnostics.
    pub problem_owners: Vec<Option<EntityId>>,
    /// The pages of the list of all entities.
    pub api_pages: Vec<Range<usize>>,
    /// The hash of that list, once it is needed.
    pub catalog_key: OnceLock<Key>,
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

/// The diagnostics of one repository.
pub struct Health {
    /// `None` for the portal itself.
    pub repo: Option<RepoId>,
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
    let health = health(site);
    let counts = health.iter().fold(Counts::default(), |sum, group| Counts {
        n_errors: sum.n_errors + group.counts.n_errors,
        n_warnings: sum.n_warnings + group.counts.n_warnings,
        n_infos: sum.n_infos + group.counts.n_infos,
    });
    let targets = par_map(&site.catalog.relations, |relations| {
        relations.iter().map(|relation| site.catalog.find(&relation.target)).collect()
    });
    Index {
        kinds: kind_lists(site),
        health,
        counts,
        owners: owners(site),
        letters: if site.config.search.enable { letter_pages(site) } else { Vec::new() },
        folders: par_map(&site.catalog.entities, |entity| entity_folder(&entity.entity_ref).into()),
        summaries: par_map_indexed(&site.catalog.entities, |idx, _| {
            place::description(site, EntityId(idx as u32), MAX_SUMMARY).into()
        }),
        problem_owners: problem_owners(site, &targets),
        targets,
        api_pages: api::pages(&site.catalog),
        catalog_key: OnceLock::new(),
    }
}

/// Returns the owner of the entity whose document has the problem, or
/// else whoever owns most of the repository.
fn problem_owners(site: &Site, targets: &[Vec<Option<EntityId>>]) -> Vec<Option<EntityId>> {
    let owner = |idx: usize| {
        let relations = site.catalog.relations[idx].iter().zip(&targets[idx]);
        let owned_by = |(relation, target): (&Relation, &Option<EntityId>)| {
            target.filter(|_| relation.kind == RelationKind::OwnedBy)
        };
        relations.filter_map(owned_by).next()
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

fn health(site: &Site) -> Vec<Health> {
    let mut by_repo: BTreeMap<Option<RepoId>, Vec<usize>> = BTreeMap::new();
    for (idx, diag) in site.diagnostics.iter().enumerate() {
        let repo =
            diag.span.map(|span| site.snapshot.file(span.file).repo).filter(|repo| *repo != Snapshot::PORTAL);
        by_repo.entry(repo).or_default().push(idx);
    }
    let groups = by_repo.into_iter().map(|(repo, mut diagnostics)| {
        diagnostics.sort_by_key(|idx| std::cmp::Reverse(site.diagnostics[*idx].severity()));
        let counts = counts(diagnostics.iter().map(|idx| &site.diagnostics[*idx]));
        Health { repo, diagnostics, counts }
    });
    groups.collect()
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
