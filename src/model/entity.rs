//! Entities of the catalog.

use super::diagnostic::Span;
use super::entity_ref::EntityRef;
use super::file::FileId;
use super::relation::{Relation, RelationKind};
use super::yaml::Node;

/// An index into [`Catalog::entities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// One entity: whatever has a readable kind, namespace and name, with
/// its errors beside it in the site's diagnostics.
#[derive(Debug, Clone)]
pub struct Entity {
    pub entity_ref: EntityRef,
    pub api_version: Box<str>,
    /// The kind as it was written: `Component`, `API`.
    pub kind: Box<str>,
    /// The document it came from.
    pub file: FileId,
    /// Where its `metadata.name` stands.
    pub name_span: Span,
    /// From the first to the last byte of the document.
    pub document: Span,
    pub metadata: Metadata,
    /// References of the spec, in the order of their fields.
    pub references: Vec<Reference>,
    /// The document's own YAML.
    pub source: Box<str>,
    /// The file whose Location led here first, where Locations decide
    /// what is in the catalog; else the entity stands for itself.
    pub origin: Option<FileId>,
    /// Where `CODEOWNERS` says who owns it, if the entity itself does
    /// not: the `owner` among `references` is a guess.
    pub inferred_owner: Option<Span>,
    /// The whole document after substitutions: its `spec`, and all that
    /// has no place of its own here.
    pub root: Node,
}

/// The `metadata` that every kind has; unknown keys stay in `root`.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// As written; the reference has it in lower case.
    pub name: Box<str>,
    pub title: Option<Box<str>>,
    /// Markdown.
    pub description: Option<Box<str>>,
    /// In the order of the source, as are annotations and tags.
    pub labels: Vec<(Box<str>, Box<str>)>,
    pub annotations: Vec<Annotation>,
    pub tags: Vec<Box<str>>,
    pub links: Vec<Link>,
}

/// One annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    pub key: Box<str>,
    pub value: Box<str>,
    /// Where the value stands.
    pub span: Span,
}

/// An entry of `metadata.links`; its URL has passed the URL filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub url: Box<str>,
    pub title: Option<Box<str>>,
    pub icon: Option<Box<str>>,
    pub link_type: Option<Box<str>>,
}

/// A reference from a field of the spec to another entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field: `owner`, `dependsOn`.
    pub field: &'static str,
    /// What the field makes of the entity and its target.
    pub relation: RelationKind,
    pub target: EntityRef,
    pub span: Span,
}

/// All entities, sorted by reference, and how they hang together.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub entities: Vec<Entity>,
    /// The relations of each entity, in both directions, sorted by kind
    /// of relation and target; as long as `entities`.
    pub relations: Vec<Vec<Relation>>,
    /// Folders (and single files) that hold template skeletons, never
    /// catalog files, as (repository, path), sorted, none inside of
    /// another; see [`Catalog::is_skeleton`].
    pub skeletons: Vec<(super::file::RepoId, Box<str>)>,
    /// Who owns docs that no entity has, as far as `CODEOWNERS` says;
    /// sorted by folder.
    pub inferred_owners: Vec<InferredOwner>,
    /// Folders of entities that are not for everybody, sorted: docs
    /// there that no other entity has are left out with them.
    pub withheld: Vec<(super::file::RepoId, Box<str>)>,
}

/// The owner of the docs in a folder, guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferredOwner {
    pub repo: super::file::RepoId,
    /// Empty for the repository itself.
    pub folder: Box<str>,
    pub owner: EntityRef,
    /// The line of `CODEOWNERS`.
    pub span: Span,
}

impl Entity {
    /// Returns the name for readers: the profile's display name, the
    /// title, or the name.
    pub fn display_name(&self) -> &str {
        let profile = self.spec("profile").and_then(|profile| profile.get("displayName"));
        profile.and_then(Node::text).or(self.metadata.title.as_deref()).unwrap_or(&self.metadata.name)
    }

    /// Returns the value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&Annotation> {
        self.metadata.annotations.iter().find(|annotation| &*annotation.key == key)
    }

    /// Returns a field of the spec.
    pub fn spec(&self, field: &str) -> Option<&Node> {
        self.root.get("spec")?.get(field)
    }

    /// Returns the text of a scalar field of the spec.
    pub fn spec_text(&self, field: &str) -> Option<&str> {
        self.spec(field)?.text()
    }

    /// Returns the targets of a field of the spec.
    pub fn targets<'e>(&'e self, field: &'e str) -> impl Iterator<Item = &'e EntityRef> {
        self.references
            .iter()
            .filter(move |reference| reference.field == field)
            .map(|reference| &reference.target)
    }
}

impl Catalog {
    /// Tells whether a file or folder belongs to a template's skeleton.
    pub fn is_skeleton(&self, repo: super::file::RepoId, path: &str) -> bool {
        let holds = |folder: &str| {
            self.skeletons.binary_search_by(|(of, known)| (of, &**known).cmp(&(&repo, folder))).is_ok()
        };
        path.match_indices('/').any(|(at, _)| holds(&path[..at])) || holds(path)
    }

    /// Returns who owns the docs of a folder that no entity has.
    pub fn inferred_owner(&self, repo: super::file::RepoId, folder: &str) -> Option<&InferredOwner> {
        let place = |inferred: &InferredOwner| (inferred.repo, &*inferred.folder).cmp(&(repo, folder));
        let idx = self.inferred_owners.binary_search_by(place).ok()?;
        Some(&self.inferred_owners[idx])
    }

    /// Tells whether a folder lies in one that is withheld.
    pub fn is_withheld(&self, repo: super::file::RepoId, folder: &str) -> bool {
        let holds = |withheld: &str| withheld == folder || super::file::below(folder, withheld).is_some();
        self.withheld.iter().any(|(of, withheld)| *of == repo && holds(withheld))
    }

    /// Finds an entity by its reference.
    pub fn find(&self, entity_ref: &EntityRef) -> Option<EntityId> {
        self.entities
            .binary_search_by(|entity| entity.entity_ref.cmp(entity_ref))
            .ok()
            .map(|idx| EntityId(idx as u32))
    }

    /// Returns the entity of an id.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.0 as usize]
    }

    /// Returns the relations of an entity.
    pub fn relations_of(&self, id: EntityId) -> &[Relation] {
        &self.relations[id.0 as usize]
    }
}
