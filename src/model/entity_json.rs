//! Entities in the form of Backstage's REST API: the document after
//! substitutions, its namespace, the annotations that Backstage adds,
//! and relations.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::entity::{Catalog, Entity, EntityId};
use super::file::{Snapshot, folder_of};
use super::relation::Relation;
use super::yaml::{Node, Value};

/// An entity that serialises as Backstage's API gives it. Nothing is
/// copied on the way.
#[derive(Debug, Clone, Copy)]
pub struct EntityJson<'c> {
    pub snapshot: &'c Snapshot,
    pub catalog: &'c Catalog,
    pub id: EntityId,
}

/// Returns the annotations that Backstage adds to an entity, without
/// those that it has itself: an author's value wins. What they say comes
/// from the repository's remote, branch and path; a repository without a
/// remote has the two that name its file, as Backstage's `file:`
/// locations.
pub fn generated_annotations(snapshot: &Snapshot, entity: &Entity) -> Vec<(&'static str, String)> {
    let view = view_url(snapshot, entity.file);
    let place = match &view {
        Some(view) => format!("url:{view}"),
        None => format!("file:{}/{}", snapshot.repo_of(entity.file).name, snapshot.file(entity.file).path),
    };
    let origin = match entity.origin.filter(|origin| *origin != entity.file) {
        Some(origin) => match view_url(snapshot, origin) {
            Some(url) => format!("url:{url}"),
            None => format!("file:{}/{}", snapshot.repo_of(origin).name, snapshot.file(origin).path),
        },
        None => place.clone(),
    };
    let path = &snapshot.file(entity.file).path;
    let repo = snapshot.repo_of(entity.file);
    let folder = repo.base_url(folder_of(path));
    let all = [
        ("backstage.io/managed-by-location", Some(place)),
        ("backstage.io/managed-by-origin-location", Some(origin)),
        ("backstage.io/view-url", view),
        ("backstage.io/edit-url", repo.edit_url(path)),
        ("backstage.io/source-location", folder.map(|folder| format!("url:{folder}"))),
    ];
    all.into_iter()
        .filter(|(key, _)| entity.annotation(key).is_none())
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}

fn view_url(snapshot: &Snapshot, file: super::file::FileId) -> Option<String> {
    snapshot.repo_of(file).view_url(&snapshot.file(file).path)
}

impl Serialize for EntityJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entity = self.catalog.entity(self.id);
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in entity.root.mapping().unwrap_or_default() {
            let Some(key) = key.scalar().map(|key| &*key.text) else { continue };
            match key {
                // The source's own are of another catalog.
                "relations" | "status" => {}
                "metadata" => map.serialize_entry(key, &MetadataJson { json: *self, node: value })?,
                _ => map.serialize_entry(key, value)?,
            }
        }
        map.serialize_entry("relations", &RelationsJson(self.catalog.relations_of(self.id)))?;
        map.end()
    }
}

struct MetadataJson<'c> {
    json: EntityJson<'c>,
    node: &'c Node,
}

impl Serialize for MetadataJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let entries = self.node.mapping().unwrap_or_default();
        let has = |wanted: &str| entries.iter().any(|(key, _)| key.text() == Some(wanted));
        if !has("namespace") {
            map.serialize_entry("namespace", "default")?;
        }
        if !has("annotations") {
            map.serialize_entry("annotations", &AnnotationsJson { json: self.json, own: None })?;
        }
        for (key, value) in entries {
            let Some(key) = key.scalar().map(|key| &*key.text) else { continue };
            match key {
                "annotations" => {
                    map.serialize_entry(key, &AnnotationsJson { json: self.json, own: Some(value) })?;
                }
                "namespace" if value.is_null() => map.serialize_entry(key, "default")?,
                _ => map.serialize_entry(key, value)?,
            }
        }
        map.end()
    }
}

struct AnnotationsJson<'c> {
    json: EntityJson<'c>,
    own: Option<&'c Node>,
}

impl Serialize for AnnotationsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entity = self.json.catalog.entity(self.json.id);
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in generated_annotations(self.json.snapshot, entity) {
            map.serialize_entry(key, &value)?;
        }
        for (key, value) in self.own.and_then(Node::mapping).unwrap_or_default() {
            if let Some(key) = key.scalar() {
                map.serialize_entry(&*key.text, value)?;
            }
        }
        map.end()
    }
}

struct RelationsJson<'c>(&'c [Relation]);

impl Serialize for RelationsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for relation in self.0 {
            list.serialize_element(&RelationJson(relation))?;
        }
        list.end()
    }
}

struct RelationJson<'c>(&'c Relation);

impl Serialize for RelationJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", self.0.kind.name())?;
        map.serialize_entry("targetRef", &format_args!("{}", self.0.target))?;
        map.end()
    }
}

/// Types by the core schema; recursion is bounded by the depth that a
/// document may have.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Scalar(scalar) => scalar.to_json().serialize(serializer),
            Value::Sequence(items) => items.serialize(serializer),
            Value::Mapping(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key.scalar().map_or("", |key| &*key.text), value)?;
                }
                map.end()
            }
        }
    }
}
