//! The whole graph as JSON, small enough for a browser: entities as
//! short lists, and every relation once, as two numbers and a kind.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::entity_ref::EntityRef;
use crate::model::relation::RelationKind;
use crate::model::site::Site;
use crate::render::index::Index;
use crate::render::{json, kinds};

/// Each relation with its opposite: what is written of two such is the
/// first one.
pub const PAIRS: [(RelationKind, RelationKind); 7] = [
    (RelationKind::OwnerOf, RelationKind::OwnedBy),
    (RelationKind::HasPart, RelationKind::PartOf),
    (RelationKind::ParentOf, RelationKind::ChildOf),
    (RelationKind::HasMember, RelationKind::MemberOf),
    (RelationKind::ProvidesApi, RelationKind::ApiProvidedBy),
    (RelationKind::ConsumesApi, RelationKind::ApiConsumedBy),
    (RelationKind::DependsOn, RelationKind::DependencyOf),
];

/// Returns `graph.json`.
///
/// - `kinds`: `[kind, plural, path of the icon]`; `relations`: `[name, opposite]`
/// - `nodes`: `[kind index, namespace, name, folder or 0, title or 0, type or 0]`;
///   an empty namespace is `default`, a folder of 0 the usual one, of 1
///   none at all, since the entity is missing
/// - `edges`: three numbers each: from, relation, to
pub fn graph(site: &Site, index: &Index) -> String {
    let mut text = String::with_capacity(1 << 16);
    let mut missing: Vec<&EntityRef> = Vec::new();
    let gone = site.catalog.relations.iter().flatten().filter(|relation| relation.entity.is_none());
    missing.extend(gone.map(|relation| &*relation.target));
    missing.sort_unstable();
    missing.dedup();

    let known: BTreeMap<&str, usize> =
        index.kinds.iter().enumerate().map(|(idx, list)| (&*list.kind, idx)).collect();
    let mut kinds_of = known.clone();
    let mut unknown: Vec<&str> = Vec::new();
    for target in &missing {
        if !kinds_of.contains_key(&*target.kind) {
            kinds_of.insert(&target.kind, known.len() + unknown.len());
            unknown.push(&target.kind);
        }
    }
    push_names(&unknown, index, &mut text);
    push_nodes(site, index, &missing, &kinds_of, &mut text);
    push_edges(site, &missing, &mut text);
    text.push_str("]}\n");
    text
}

fn push_names(unknown: &[&str], index: &Index, text: &mut String) {
    text.push_str("{\"kinds\":[");
    let known = index.kinds.iter().map(|list| (&*list.kind, list.plural.clone()));
    let unknown = unknown.iter().map(|kind| (*kind, kinds::plural(kind, kind)));
    for (kind, plural) in known.chain(unknown) {
        text.push_str(if text.ends_with('[') { "" } else { "," });
        json::push_texts(text, [kind, &plural, kinds::icon_path(kinds::icon(kind))]);
    }
    text.push_str("],\n\"relations\":[");
    for (idx, (of, opposite)) in PAIRS.iter().enumerate() {
        text.push_str(if idx > 0 { "," } else { "" });
        json::push_texts(text, [of.name(), opposite.name()]);
    }
    text.push_str("],\n\"nodes\":[");
}

fn push_nodes(
    site: &Site,
    index: &Index,
    missing: &[&EntityRef],
    kinds_of: &BTreeMap<&str, usize>,
    text: &mut String,
) {
    let kind_idx = |kind: &str| kinds_of.get(kind).copied().unwrap_or(0);
    let start = |text: &mut String, target: &EntityRef| {
        text.push_str(if text.ends_with('[') { "[" } else { ",\n[" });
        let _infallible = write!(text, "{},", kind_idx(&target.kind));
        json::push_text(text, if &*target.namespace == "default" { "" } else { &target.namespace });
        text.push(',');
        json::push_text(text, &target.name);
    };
    for (entity, folder) in site.catalog.entities.iter().zip(&index.folders) {
        let of = &entity.entity_ref;
        start(text, of);
        let usual = ["catalog", &of.namespace, &of.kind, &of.name];
        push_optional(text, (!folder.split('/').eq(usual)).then_some(folder));
        let title = entity.display_name();
        push_optional(text, (title != &*of.name).then_some(title));
        push_optional(text, entity.spec_text("type"));
        // Nothing is written for what is as usual at the end.
        while text.ends_with(",0") {
            text.truncate(text.len() - 2);
        }
        text.push(']');
    }
    for target in missing {
        start(text, target);
        text.push_str(",1]");
    }
    text.push_str("],\n\"edges\":[");
}

fn push_optional(text: &mut String, value: Option<&str>) {
    text.push(',');
    match value {
        Some(value) => json::push_text(text, value),
        None => text.push('0'),
    }
}

fn push_edges(site: &Site, missing: &[&EntityRef], text: &mut String) {
    let n_entities = site.catalog.entities.len();
    for (from, relations) in site.catalog.relations.iter().enumerate() {
        for relation in relations {
            let pair = |(of, opposite): &(RelationKind, RelationKind)| {
                *of == relation.kind || (*opposite == relation.kind && relation.entity.is_none())
            };
            // The opposite of a relation to an entity stands there.
            let Some(pair_idx) = PAIRS.iter().position(pair) else { continue };
            let to = match relation.entity {
                Some(target) => target.0 as usize,
                None => n_entities + missing.binary_search(&&*relation.target).unwrap_or(0),
            };
            let (from, to) = match PAIRS[pair_idx].0 == relation.kind {
                true => (from, to),
                false => (to, from),
            };
            let comma = if text.ends_with('[') { "" } else { "," };
            let _infallible = write!(text, "{comma}{from},{pair_idx},{to}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{index, testing};

    #[test]
    fn every_relation_stands_there_once() {
        let site = testing::site();
        let graph: serde_json::Value = serde_json::from_str(&graph(&site, &index::index(&site))).unwrap();
        let nodes = graph["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 8);
        assert_eq!(nodes[7][2], "gone");
        assert_eq!(nodes[7][3], 1);
        assert_eq!(nodes[1].to_string(), r#"[0,"","checkout",0,0,"service"]"#);
        let edges: Vec<u64> =
            graph["edges"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        let mut edges: Vec<&[u64]> = edges.chunks(3).collect();
        edges.sort();
        // checkout provides orders and depends on what is gone; tills own
        // both; the system has checkout, the domain the system.
        assert_eq!(
            edges,
            [&[1, 4, 0], &[1, 6, 7], &[2, 1, 4], &[3, 0, 0], &[3, 0, 1], &[3, 3, 5], &[4, 1, 1]]
        );
    }
}
