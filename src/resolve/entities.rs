//! From a document to an entity: whatever can be read is kept, as it was
//! written.

use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::entity::{Annotation, Entity, Link, Metadata, Reference};
use crate::model::entity_ref::{EntityRef, RefTrouble};
use crate::model::yaml::{Document, Node};

use super::kinds::{self, Known, Refers};
use super::substitutions::is_substitution;
use super::validation::MOST_ITEMS;

/// Tells whether placeholders stand where the entity has its name.
pub fn is_unrendered(document: &Document) -> bool {
    let metadata = document.root.get("metadata");
    let parts = [
        document.root.get("kind"),
        metadata.and_then(|metadata| metadata.get("name")),
        metadata.and_then(|metadata| metadata.get("namespace")),
    ];
    parts.into_iter().flatten().any(|node| {
        // Without quotes a placeholder is a mapping, so its text counts.
        let start = node.span.start.saturating_sub(document.span.start) as usize;
        let end = node.span.end.saturating_sub(document.span.start) as usize;
        let written = document.source.get(start..end).unwrap_or("");
        [written, node.text().unwrap_or("")]
            .iter()
            .any(|text| text.contains("{{") || text.contains("{%") || text.contains("<%"))
    })
}

/// Returns where the name of a document stands, or what comes nearest.
pub fn name_span(document: &Document) -> Span {
    let root = &document.root;
    let name = root.get("metadata").and_then(|metadata| metadata.get("name"));
    let metadata = root.entry("metadata").map(|(key, _)| key);
    name.or(metadata).or(root.get("kind")).map_or(document.span, |node| node.span)
}

/// Returns the entity of a document; `None`, with an error, when it
/// cannot be named.
pub fn entity(document: Document, name_span: Span, diags: &mut Vec<Diagnostic>) -> Option<Entity> {
    let root = &document.root;
    let kind: Box<str> = readable(root.get("kind"))?.into();
    let metadata_node = root.get("metadata");
    let Some(name) = metadata_node.and_then(|metadata| readable(metadata.get("name"))) else {
        let is_reported = metadata_node.is_some_and(|metadata| metadata.get("name").is_some());
        if !is_reported {
            diags.push(codes::catalog::missing_field(name_span, "metadata.name"));
        }
        return None;
    };
    let namespace = match metadata_node.and_then(|metadata| metadata.get("namespace")) {
        Some(node) if !node.is_null() => readable(Some(node))?,
        _ => "default",
    };
    let entity_ref = EntityRef::new(&kind, namespace, name);
    Some(Entity {
        api_version: readable(root.get("apiVersion")).unwrap_or("").into(),
        references: references(root, namespace, diags),
        metadata: metadata(metadata_node, name),
        entity_ref,
        kind,
        file: document.span.file,
        name_span,
        document: document.span,
        origin: None,
        inferred_owner: None,
        source: document.source,
        root: document.root,
    })
}

fn readable(node: Option<&Node>) -> Option<&str> {
    node?.text().filter(|text| !text.is_empty())
}

fn metadata(node: Option<&Node>, name: &str) -> Metadata {
    let get = |key: &str| node.and_then(|node| node.get(key));
    let text = |node: Option<&Node>| readable(node).map(Box::from);
    let entries = |key: &str| {
        let entries = get(key).and_then(Node::mapping).unwrap_or_default();
        &entries[..entries.len().min(MOST_ITEMS)]
    };
    let items = |key: &str| {
        let items = get(key).and_then(Node::sequence).unwrap_or_default();
        &items[..items.len().min(MOST_ITEMS)]
    };
    let pairs = |key: &str| {
        entries(key).iter().filter_map(|(key, value)| Some((&*key.scalar()?.text, value.text()?, value.span)))
    };
    Metadata {
        name: name.into(),
        title: text(get("title")),
        description: text(get("description")),
        labels: pairs("labels").map(|(key, value, _)| (key.into(), value.into())).collect(),
        annotations: pairs("annotations")
            .map(|(key, value, span)| Annotation { key: key.into(), value: value.into(), span })
            .collect(),
        tags: items("tags").iter().filter_map(|tag| readable(Some(tag)).map(Box::from)).collect(),
        links: items("links")
            .iter()
            .filter_map(|link| {
                Some(Link {
                    url: safe_url(readable(link.get("url"))?)?.into(),
                    title: text(link.get("title")),
                    icon: text(link.get("icon")),
                    link_type: text(link.get("type")),
                })
            })
            .collect(),
    }
}

/// Reads the references of a spec in the order of its fields; those of a
/// list are sorted, as Backstage sorts them.
fn references(root: &Node, namespace: &str, diags: &mut Vec<Diagnostic>) -> Vec<Reference> {
    let mut all = Vec::new();
    let Some(spec) = root.get("spec") else { return all };
    let is_known = matches!(kinds::known(root), Known::Kind(_));
    for field in kinds::referring(root) {
        let (Some(refers), Some(value)) = (&field.refers, spec.get(field.name)) else { continue };
        let from = all.len();
        let nodes = value.sequence().unwrap_or(std::slice::from_ref(value));
        for node in nodes.iter().filter(|node| !is_substitution(node)) {
            let target = match target(node, refers, namespace) {
                Some(Ok(target)) => target,
                Some(Err((trouble, text))) if is_known => {
                    diags.push(unreadable(node.span, field.name, text, trouble));
                    continue;
                }
                // What a foreign kind means by the field is a guess.
                _ => continue,
            };
            let is_odd = !refers.kinds.is_empty() && !refers.kinds.contains(&&*target.kind);
            if is_odd && is_known {
                diags.push(codes::catalog::reference_kind(node.span, field.name, &target, refers.kinds));
            }
            if !(is_odd && refers.drops_others) {
                all.push(Reference { field: field.name, relation: refers.relation, target, span: node.span });
            }
        }
        all[from..].sort_by(|a, b| a.target.cmp(&b.target));
    }
    all
}

/// Reads a reference, written as a text or as Backstage's API writes it:
/// `{kind, namespace, name}`. `None` when it is neither.
fn target<'n>(
    node: &'n Node,
    refers: &Refers,
    namespace: &str,
) -> Option<Result<EntityRef, (RefTrouble, &'n str)>> {
    if node.mapping().is_some() {
        let part = |key: &str| readable(node.get(key));
        let kind = part("kind").or(refers.default_kind)?;
        return Some(Ok(EntityRef::new(kind, part("namespace").unwrap_or(namespace), part("name")?)));
    }
    let text = readable(Some(node))?;
    Some(EntityRef::parse(text, refers.default_kind, namespace).map_err(|trouble| (trouble, text)))
}

fn unreadable(span: Span, field: &str, text: &str, trouble: RefTrouble) -> Diagnostic {
    match trouble {
        RefTrouble::Form => codes::catalog::invalid_reference(span, field, text),
        RefTrouble::MissingKind => codes::catalog::reference_without_kind(span, field, text),
    }
}
