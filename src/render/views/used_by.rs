//! Who uses an entity, directly or over others: what depends on it, and
//! what consumes the APIs that it provides.

use std::collections::HashSet;

use crate::model::entity::EntityId;
use crate::model::relation::RelationKind;
use crate::render::place::{Place, link};
use crate::render::view::{Ring, UsedBy};

/// So many users are found at most, over so many relations.
const MAX_FOUND: usize = 300;
const MAX_RELATIONS: usize = 3_000;
/// So many of one distance are named, at so many distances.
const MAX_LISTED: usize = 16;
const MAX_RINGS: usize = 6;

/// Returns who uses an entity; `None` when nobody does but directly,
/// which the tables show.
pub fn used_by(place: Place, id: EntityId) -> Option<UsedBy> {
    let mut seen: HashSet<EntityId> = HashSet::from([id]);
    let mut rings: Vec<Vec<EntityId>> = Vec::new();
    let mut n_relations_left = MAX_RELATIONS;
    let mut front = vec![id];
    while !front.is_empty() && seen.len() <= MAX_FOUND && n_relations_left > 0 {
        let mut next = Vec::new();
        for of in front {
            for user in users(place, of, &mut n_relations_left) {
                if seen.insert(user) {
                    next.push(user);
                }
            }
        }
        next.sort_unstable();
        if !next.is_empty() {
            rings.push(next.clone());
        }
        front = next;
    }
    if rings.len() < 2 {
        return None;
    }
    let is_bounded = seen.len() > MAX_FOUND || n_relations_left == 0;
    Some(UsedBy {
        n_direct: rings[0].len(),
        n_all: seen.len() - 1,
        is_bounded,
        rings: rings
            .iter()
            .take(MAX_RINGS)
            .enumerate()
            .map(|(idx, ring)| ring_of(place, idx, ring))
            .collect(),
    })
}

fn ring_of(place: Place, idx: usize, ring: &[EntityId]) -> Ring {
    Ring {
        distance: idx + 1,
        entities: ring.iter().take(MAX_LISTED).map(|id| link(place, *id)).collect(),
        n_more: ring.len().saturating_sub(MAX_LISTED),
    }
}

/// Returns who uses an entity directly.
fn users(place: Place, id: EntityId, n_relations_left: &mut usize) -> Vec<EntityId> {
    let mut users = Vec::new();
    for (kind, target) in related(place, id, n_relations_left) {
        match kind {
            RelationKind::DependencyOf | RelationKind::ApiConsumedBy => users.push(target),
            RelationKind::ProvidesApi => {
                let consumers = related(place, target, n_relations_left).into_iter();
                users.extend(
                    consumers.filter(|(kind, _)| *kind == RelationKind::ApiConsumedBy).map(|(_, of)| of),
                );
            }
            _ => {}
        }
    }
    users
}

fn related(place: Place, id: EntityId, n_relations_left: &mut usize) -> Vec<(RelationKind, EntityId)> {
    let relations = place.site.catalog.relations_of(id).iter();
    let taken = relations.take(*n_relations_left);
    let of_use = taken.filter(|relation| {
        matches!(
            relation.kind,
            RelationKind::DependencyOf | RelationKind::ApiConsumedBy | RelationKind::ProvidesApi
        )
    });
    let found: Vec<_> = of_use.filter_map(|relation| Some((relation.kind, relation.entity?))).collect();
    *n_relations_left -= found.len();
    found
}
