//! How many entities there are of each value, as Backstage's
//! `entity-facets` answers for the fields that people group by.

use std::collections::BTreeMap;

use crate::model::entity::{Entity, EntityId};
use crate::model::relation::RelationKind;
use crate::model::site::Site;
use crate::model::yaml::Node;
use crate::render::json;

/// The fields that are counted.
const FACETS: [&str; 10] = [
    "apiVersion",
    "kind",
    "metadata.namespace",
    "metadata.tags",
    "relations.ownedBy",
    "relations.partOf",
    "spec.domain",
    "spec.lifecycle",
    "spec.owner",
    "spec.type",
];

/// Returns `entity-facets.json`.
pub fn facets(site: &Site) -> String {
    let mut text = String::from("{\"facets\":{");
    for facet in FACETS {
        json::push_key(&mut text, facet);
        text.push('[');
        for (value, count) in counts(site, facet) {
            text.push_str(if text.ends_with('[') { "{" } else { ",\n{" });
            json::push_pair(&mut text, "value", &value);
            json::push_number(&mut text, "count", count);
            text.push('}');
        }
        text.push(']');
    }
    text.push_str("}}\n");
    text
}

fn counts(site: &Site, facet: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        // An entity counts once for a value, however often it has it.
        let mut values = values(site, EntityId(idx as u32), entity, facet);
        values.sort_unstable();
        values.dedup();
        for value in values {
            *counts.entry(value).or_insert(0) += 1;
        }
    }
    counts
}

fn values(site: &Site, id: EntityId, entity: &Entity, facet: &str) -> Vec<String> {
    let related = |kind: RelationKind| -> Vec<String> {
        let relations = site.catalog.relations_of(id).iter().filter(|relation| relation.kind == kind);
        relations.map(|relation| relation.target.to_string()).collect()
    };
    let one = |text: Option<&str>| text.map(str::to_string).into_iter().collect();
    match facet {
        "apiVersion" => vec![entity.api_version.to_string()],
        "kind" => vec![entity.kind.to_string()],
        "metadata.namespace" => vec![entity.entity_ref.namespace.to_string()],
        "metadata.tags" => entity.metadata.tags.iter().map(ToString::to_string).collect(),
        "relations.ownedBy" => related(RelationKind::OwnedBy),
        "relations.partOf" => related(RelationKind::PartOf),
        field => one(field.strip_prefix("spec.").and_then(|field| entity.spec(field)).and_then(Node::text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;

    #[test]
    fn values_are_counted() {
        let facets: serde_json::Value = serde_json::from_str(&facets(&testing::site())).unwrap();
        let facets = &facets["facets"];
        assert_eq!(facets["metadata.namespace"], serde_json::json!([{"value": "default", "count": 7}]));
        assert_eq!(facets["relations.ownedBy"][0]["count"], 2);
        assert_eq!(facets["spec.lifecycle"], serde_json::json!([{"value": "production", "count": 1}]));
        assert_eq!(facets["metadata.tags"], serde_json::json!([]));
    }
}
