//! One entity in Backstage's form: what its descriptor says after
//! substitutions, the annotations that Backstage would have generated,
//! and its relations.

use crate::base::hash;
use crate::model::entity::{Entity, EntityId};
use crate::model::site::Site;
use crate::model::yaml::Node;
use crate::render::json;
use crate::render::provenance;

/// Whether an API's definition is part of it. It can be of any length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Definition {
    Whole,
    LeftOut,
}

/// Returns an entity's file.
pub fn file(site: &Site, id: EntityId) -> String {
    let mut text = String::with_capacity(1024);
    push(site, id, Definition::Whole, &mut text);
    text.push('\n');
    text
}

/// Appends an entity.
pub fn push(site: &Site, id: EntityId, definition: Definition, out: &mut String) {
    let entity = site.catalog.entity(id);
    let start = out.len();
    out.push('{');
    json::push_key(out, "metadata");
    push_metadata(site, entity, out);
    json::push_pair(out, "apiVersion", &entity.api_version);
    json::push_pair(out, "kind", &entity.kind);
    json::push_key(out, "spec");
    push_spec(entity, definition, out);
    json::push_key(out, "relations");
    out.push('[');
    for relation in site.catalog.relations_of(id) {
        out.push_str(if out.ends_with('[') { "{" } else { ",{" });
        json::push_pair(out, "type", relation.kind.name());
        json::push_pair(out, "targetRef", &relation.target.to_string());
        out.push('}');
    }
    out.push(']');
    // As in Backstage, it changes whenever the entity does.
    let etag = hash::hash(&out.as_bytes()[start..]).hex();
    json::push_pair(out, "etag", &etag[..40]);
    out.push('}');
}

fn push_metadata(site: &Site, entity: &Entity, out: &mut String) {
    let written = entity.root.get("metadata");
    let field = |name: &str| written.and_then(|metadata| metadata.get(name)).and_then(Node::text);
    out.push('{');
    json::push_pair(out, "namespace", field("namespace").unwrap_or("default"));
    json::push_key(out, "annotations");
    out.push('{');
    for (key, value) in provenance::annotations(site, entity) {
        json::push_pair(out, key, &value);
    }
    for annotation in &entity.metadata.annotations {
        json::push_pair(out, &annotation.key, &annotation.value);
    }
    out.push('}');
    json::push_pair(out, "name", &entity.metadata.name);
    for (key, value) in written.and_then(Node::mapping).unwrap_or_default() {
        let key = key.scalar().map_or("", |scalar| &*scalar.text);
        if !matches!(key, "namespace" | "annotations" | "name" | "uid" | "etag") {
            json::push_key(out, key);
            json::push_node(out, value);
        }
    }
    json::push_pair(out, "uid", &uid(entity));
    out.push('}');
}

/// Returns an id that stays the same as long as the entity has its name.
fn uid(entity: &Entity) -> String {
    let hex = hash::hash(entity.entity_ref.to_string().as_bytes()).hex();
    format!("{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..30])
}

fn push_spec(entity: &Entity, definition: Definition, out: &mut String) {
    out.push('{');
    for (key, value) in entity.root.get("spec").and_then(Node::mapping).unwrap_or_default() {
        let key = key.scalar().map_or("", |scalar| &*scalar.text);
        if definition == Definition::LeftOut && key == "definition" {
            continue;
        }
        json::push_key(out, key);
        json::push_node(out, value);
    }
    out.push('}');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::testing;

    #[test]
    fn an_entity_has_backstages_form() {
        let site = testing::site();
        let text = file(&site, EntityId(1));
        let entity: serde_json::Value = serde_json::from_str(&text).unwrap();
        expect_test::expect![[r#"
            {
              "metadata": {
                "namespace": "default",
                "annotations": {
                  "backstage.io/managed-by-location": "url:https://github.com/acme/shop/blob/main/catalog-info.yaml",
                  "backstage.io/managed-by-origin-location": "url:https://github.com/acme/shop/blob/main/catalog-info.yaml",
                  "backstage.io/source-location": "url:https://github.com/acme/shop/tree/main/",
                  "backstage.io/view-url": "https://github.com/acme/shop/blob/main/catalog-info.yaml",
                  "backstage.io/edit-url": "https://github.com/acme/shop/edit/main/catalog-info.yaml"
                },
                "name": "checkout",
                "uid": "UID"
              },
              "apiVersion": "backstage.io/v1alpha1",
              "kind": "Component",
              "spec": {
                "type": "service",
                "lifecycle": "production"
              },
              "relations": [
                {
                  "type": "ownedBy",
                  "targetRef": "group:default/tills"
                },
                {
                  "type": "partOf",
                  "targetRef": "system:default/till-system"
                },
                {
                  "type": "providesApi",
                  "targetRef": "api:default/orders"
                },
                {
                  "type": "dependsOn",
                  "targetRef": "resource:default/gone"
                }
              ],
              "etag": "ETAG"
            }"#]]
        .assert_eq(&{
            let mut entity = entity.clone();
            entity["metadata"]["uid"] = "UID".into();
            entity["etag"] = "ETAG".into();
            serde_json::to_string_pretty(&entity).unwrap()
        });
        assert_eq!(entity["metadata"]["uid"].as_str().unwrap().len(), 36);
    }

    #[test]
    fn a_definition_can_be_left_out() {
        let site = testing::site();
        let mut text = String::new();
        push(&site, EntityId(0), Definition::LeftOut, &mut text);
        assert!(!text.contains("definition") && text.contains("openapi"), "{text}");
        assert!(file(&site, EntityId(0)).contains("# <b>"));
    }
}
