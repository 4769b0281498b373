//! What many pages need, computed once for the whole site.

use std::collections::BTreeMap;

use crate::base::par::par_map;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::entity::{Entity, EntityId};
use crate::model::file::{RepoId, Snapshot};
use crate::model::site::Site;

use super::kinds;
use super::views::search::{LetterPart, letter_pages};

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
    let letters = if site.config.search.enable { letter_pages(site) } else { Vec::new() };
    Index { kinds: kind_lists(site), health, counts, owners: owners(site), letters }
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
    use crate::model::relation::RelationKind::OwnerOf;
    let mut owners: Vec<(EntityId, usize)> = (0..site.catalog.entities.len())
        .map(|idx| {
            let owned = site.catalog.relations[idx].iter().filter(|relation| relation.kind == OwnerOf);
            (EntityId(idx as u32), owned.count())
        })
        .filter(|(_, n_owned)| *n_owned > 0)
        .collect();
    owners.sort_by_key(|(id, n_owned)| (std::cmp::Reverse(*n_owned), *id));
    owners
}
