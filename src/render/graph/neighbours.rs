//! The card on every entity's page: the entity, and what it is related
//! to. What it belongs to and what needs it stands on the left, what it
//! has and needs on the right.

use crate::model::entity::EntityId;
use crate::model::relation::RelationKind;
use crate::render::place::Place;
use crate::render::views::relations::title;

use super::{Edge, Graph, Look, entity, svg};

/// About so many boxes stand on one side; long lists are rolled up.
const MAX_SIDE: usize = 8;

const LEFT: [RelationKind; 7] = [
    RelationKind::OwnedBy,
    RelationKind::PartOf,
    RelationKind::ChildOf,
    RelationKind::MemberOf,
    RelationKind::ApiProvidedBy,
    RelationKind::ApiConsumedBy,
    RelationKind::DependencyOf,
];
const RIGHT: [RelationKind; 7] = [
    RelationKind::HasPart,
    RelationKind::ProvidesApi,
    RelationKind::ConsumesApi,
    RelationKind::DependsOn,
    RelationKind::ParentOf,
    RelationKind::HasMember,
    RelationKind::OwnerOf,
];

/// Draws an entity with its neighbours; `None` when it has none.
pub fn picture(place: Place, id: EntityId) -> Option<String> {
    let graph = graph(place, id);
    let name = place.site.catalog.entity(id).display_name();
    (graph.nodes.len() > 1).then(|| svg::svg(&graph, &format!("What {name} is related to")))
}

fn graph(place: Place, id: EntityId) -> Graph {
    let mut graph = Graph { nodes: vec![entity::node(place, id, Look::Focus)], edges: Vec::new() };
    // Which entity each box after the first one stands for.
    let mut shown: Vec<Option<EntityId>> = vec![Some(id)];
    for (side, is_left) in [(LEFT, true), (RIGHT, false)] {
        let groups: Vec<(RelationKind, Vec<usize>)> = side
            .into_iter()
            .map(|kind| (kind, relations(place, id, kind)))
            .filter(|(_, relations)| !relations.is_empty())
            .collect();
        let total: usize = groups.iter().map(|(_, relations)| relations.len()).sum();
        let quota = match total <= MAX_SIDE {
            true => MAX_SIDE,
            false => (MAX_SIDE / groups.len()).max(2),
        };
        for (kind, relations) in groups {
            // One alone takes no more room than "1 more".
            let n_shown = if relations.len() <= quota + 1 { relations.len() } else { quota };
            for relation_idx in &relations[..n_shown] {
                push_related(place, id, *relation_idx, is_left, &mut graph, &mut shown);
            }
            if n_shown < relations.len() {
                let more =
                    entity::more(relations.len() - n_shown, title(kind), Some("#relations".to_string()));
                graph.nodes.push(more);
                shown.push(None);
                push_edge(&mut graph, shown.len() - 1, is_left, title(kind));
            }
        }
    }
    graph
}

/// Returns the relations of one kind, as indices; none to the entity
/// itself.
fn relations(place: Place, id: EntityId, kind: RelationKind) -> Vec<usize> {
    let relations = place.site.catalog.relations_of(id).iter().enumerate();
    relations
        .filter(|(_, relation)| relation.kind == kind && relation.entity != Some(id))
        .map(|(idx, _)| idx)
        .collect()
}

fn push_related(
    place: Place,
    id: EntityId,
    relation_idx: usize,
    is_left: bool,
    graph: &mut Graph,
    shown: &mut Vec<Option<EntityId>>,
) {
    let relation = &place.site.catalog.relations_of(id)[relation_idx];
    let name = title(relation.kind);
    let known = relation.entity.and_then(|target| shown.iter().position(|other| *other == Some(target)));
    if let Some(node_idx) = known {
        // Related in two ways: one box tells of both.
        let node = &mut graph.nodes[node_idx];
        node.note.push_str(", ");
        node.note.push_str(&name.to_lowercase());
        push_edge(graph, node_idx, is_left, name);
        return;
    }
    let mut node = match relation.entity {
        Some(target) => entity::node(place, target, Look::Plain),
        None => entity::missing(&relation.target),
    };
    node.title = format!("{name}: {}", node.title);
    node.note = name.to_string();
    graph.nodes.push(node);
    shown.push(relation.entity);
    push_edge(graph, shown.len() - 1, is_left, name);
}

fn push_edge(graph: &mut Graph, node_idx: usize, is_left: bool, label: &'static str) {
    graph.edges.push(match is_left {
        true => Edge { from: node_idx, to: 0, label },
        false => Edge { from: 0, to: node_idx, label },
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::entity_ref::EntityRef;
    use crate::model::relation::Relation;
    use crate::model::site_path::SitePath;
    use crate::render::{index, testing};

    #[test]
    fn neighbours_stand_on_their_side() {
        let site = testing::site();
        let index = index::index(&site);
        let path = SitePath::page("catalog/default/component/checkout");
        let place = Place { site: &site, index: &index, path: &path, absolute_root: None };
        let graph = graph(place, EntityId(1));
        let nodes: Vec<(&str, &str)> =
            graph.nodes.iter().map(|node| (node.label.as_str(), node.note.as_str())).collect();
        assert_eq!(
            nodes,
            [
                ("checkout", "Component · service"),
                ("tills", "Owned by"),
                ("till-system", "Part of"),
                ("orders", "Provides API"),
                ("gone", "Depends on")
            ]
        );
        let edges: Vec<(usize, usize)> = graph.edges.iter().map(|edge| (edge.from, edge.to)).collect();
        assert_eq!(edges, [(1, 0), (2, 0), (0, 3), (0, 4)]);
        assert_eq!(graph.nodes[4].look, Look::Missing);
        assert_eq!(graph.nodes[1].href.as_deref(), Some("../../group/tills/"));
    }

    #[test]
    fn long_lists_are_rolled_up() {
        let mut site = testing::site();
        let gone = site.catalog.relations[1].last().cloned().unwrap();
        let many = (0..100).map(|n| Relation {
            target: EntityRef::new("resource", "default", &format!("r{n:03}")).into(),
            ..gone.clone()
        });
        Arc::make_mut(&mut site.catalog).relations[1].extend(many);
        let index = index::index(&site);
        let path = SitePath::page("catalog/default/component/checkout");
        let place = Place { site: &site, index: &index, path: &path, absolute_root: None };
        let graph = graph(place, EntityId(1));
        assert_eq!(graph.nodes.last().unwrap().label, "97 more");
        assert_eq!(graph.nodes.len(), 1 + 2 + 1 + 4 + 1);
    }
}
