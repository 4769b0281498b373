//! The diagram of a system and the map of a domain: the parts, what
//! they do with one another, and what lies outside.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::entity::EntityId;
use crate::model::relation::RelationKind;
use crate::render::place::Place;

use super::{Edge, Graph, Look, entity, svg};

/// So many parts, and so many others, are shown; the rest is rolled up.
const MAX_PARTS: usize = 36;
const MAX_OTHERS: usize = 12;
/// So many arrows are drawn; more are a thicket.
const MAX_EDGES: usize = 120;

/// Who uses whom, and how.
type Uses = BTreeMap<(EntityId, EntityId), &'static str>;

/// Draws a system's diagram or a domain's map; `None` for other kinds,
/// and when there is nothing in it.
pub fn picture(place: Place, id: EntityId) -> Option<String> {
    let entity = place.site.catalog.entity(id);
    let (graph, what) = match &*entity.entity_ref.kind {
        "system" => (system(place, id), "Diagram of"),
        "domain" => (domain(place, id), "Map of"),
        _ => return None,
    };
    (graph.nodes.len() > 1).then(|| svg::svg(&graph, &format!("{what} {}", entity.display_name())))
}

/// The parts of a system. What they use, or are used by, in other
/// systems is shown as those systems.
fn system(place: Place, id: EntityId) -> Graph {
    let parts = related(place, id, RelationKind::HasPart);
    let is_part: BTreeSet<EntityId> = parts.iter().copied().collect();
    let outside =
        |other: EntityId| place.index.systems[other.0 as usize].filter(|of| *of != id).unwrap_or(other);
    let mut uses = Uses::new();
    for part in &parts {
        for (user, used, label) in uses_of(place, *part) {
            let within = |end: EntityId| if is_part.contains(&end) { end } else { outside(end) };
            let (user, used) = (within(user), within(used));
            if user != used && user != id && used != id {
                uses.entry((user, used)).or_insert(label);
            }
        }
    }
    graph(place, id, &parts, &uses)
}

/// The systems of a domain, and what their parts use of one another.
fn domain(place: Place, id: EntityId) -> Graph {
    let parts = related(place, id, RelationKind::HasPart);
    let mut uses = Uses::new();
    for part in &parts {
        for component in related(place, *part, RelationKind::HasPart) {
            for (user, used, _) in uses_of(place, component) {
                let system = |end: EntityId| place.index.systems[end.0 as usize];
                let (Some(user), Some(used)) = (system(user), system(used)) else { continue };
                if user != used {
                    uses.entry((user, used)).or_insert("uses");
                }
            }
        }
    }
    graph(place, id, &parts, &uses)
}

fn related(place: Place, id: EntityId, kind: RelationKind) -> Vec<EntityId> {
    let relations = place.site.catalog.relations_of(id).iter();
    let targets = relations.filter(|relation| relation.kind == kind).filter_map(|relation| relation.entity);
    targets.filter(|target| *target != id).collect()
}

/// Returns what an entity uses and who uses it, each as (user, used).
fn uses_of(place: Place<'_>, id: EntityId) -> impl Iterator<Item = (EntityId, EntityId, &'static str)> {
    let relations = place.site.catalog.relations_of(id).iter();
    relations.filter_map(move |relation| {
        let target = relation.entity?;
        match relation.kind {
            RelationKind::DependsOn => Some((id, target, "depends on")),
            RelationKind::DependencyOf => Some((target, id, "depends on")),
            RelationKind::ConsumesApi => Some((id, target, "consumes")),
            RelationKind::ApiConsumedBy => Some((target, id, "consumes")),
            RelationKind::ProvidesApi => Some((id, target, "provides")),
            RelationKind::ApiProvidedBy => Some((target, id, "provides")),
            _ => None,
        }
    })
}

fn graph(place: Place, id: EntityId, parts: &[EntityId], uses: &Uses) -> Graph {
    let mut n_uses: BTreeMap<EntityId, usize> = parts.iter().map(|part| (*part, 0)).collect();
    for (user, used) in uses.keys() {
        *n_uses.entry(*user).or_insert(0) += 1;
        *n_uses.entry(*used).or_insert(0) += 1;
    }
    let is_part: BTreeSet<EntityId> = parts.iter().copied().collect();
    // Those with the most arrows are the ones that readers look for.
    let busiest = |are_parts: bool, most: usize| -> (Vec<EntityId>, usize) {
        let mut found: Vec<EntityId> =
            n_uses.keys().copied().filter(|of| is_part.contains(of) == are_parts).collect();
        let n_found = found.len();
        found.sort_by_key(|of| (std::cmp::Reverse(n_uses[of]), *of));
        found.truncate(most);
        found.sort_unstable();
        (found, n_found - n_found.min(most))
    };
    let (shown_parts, n_more_parts) = busiest(true, MAX_PARTS);
    let (shown_others, n_more_others) = busiest(false, MAX_OTHERS);

    let mut graph = Graph { nodes: vec![entity::node(place, id, Look::Focus)], edges: Vec::new() };
    let mut indices: BTreeMap<EntityId, usize> = BTreeMap::new();
    for (entities, look) in [(&shown_parts, Look::Plain), (&shown_others, Look::Outside)] {
        for of in entities {
            indices.insert(*of, graph.nodes.len());
            graph.nodes.push(entity::node(place, *of, look));
        }
    }
    for ((user, used), label) in uses {
        let ends = (indices.get(user), indices.get(used));
        if let ((Some(from), Some(to)), true) = (ends, graph.edges.len() < MAX_EDGES) {
            graph.edges.push(Edge { from: *from, to: *to, label });
        }
    }
    // What no other part uses hangs on the whole, so that nothing floats.
    let mut is_used = vec![false; graph.nodes.len()];
    for edge in graph.edges.iter().filter(|edge| edge.from <= shown_parts.len()) {
        is_used[edge.to] = true;
    }
    let parts = is_used.iter().enumerate().skip(1).take(shown_parts.len());
    let loose = parts.filter(|(_, is_used)| !**is_used);
    graph.edges.extend(loose.map(|(to, _)| Edge { from: 0, to, label: "has part" }));
    for (n_more, note, from) in [(n_more_parts, "parts", Some(0)), (n_more_others, "outside", None)] {
        if n_more > 0 {
            graph.nodes.push(entity::more(n_more, note, Some("#relations".to_string())));
            let to = graph.nodes.len() - 1;
            graph.edges.extend(from.map(|from| Edge { from, to, label: "has part" }));
        }
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::site_path::SitePath;
    use crate::render::{index, testing};

    #[test]
    fn a_system_shows_its_parts_and_what_they_use() {
        let site = testing::site();
        let index = index::index(&site);
        let path = SitePath::page("catalog/default/system/till-system");
        let place = Place { site: &site, index: &index, path: &path, absolute_root: None };
        let graph = system(place, EntityId(4));
        let labels: Vec<&str> = graph.nodes.iter().map(|node| node.label.as_str()).collect();
        assert_eq!(labels, ["till-system", "checkout", "orders"]);
        let edges: Vec<(usize, usize, &str)> =
            graph.edges.iter().map(|edge| (edge.from, edge.to, edge.label)).collect();
        assert_eq!(edges, [(1, 2, "provides"), (0, 1, "has part")]);
        assert_eq!(graph.nodes[2].look, Look::Outside);
        assert!(picture(place, EntityId(4)).unwrap().contains("Diagram of till-system"));
        assert!(picture(place, EntityId(1)).is_none());
    }
}
