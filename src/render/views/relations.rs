//! Relations of an entity: the list of them all, and the tables that
//! Backstage's stock pages show for each kind.

use crate::model::entity::EntityId;
use crate::model::relation::{Relation, RelationKind};
use crate::render::place::{Place, link_to};
use crate::render::view::{Columns, EntityLink, RelationGroup, Row, Table};

use super::catalog;

/// So many relations of one kind are listed.
const MAX_LISTED: usize = 60;
/// So many rows a table has.
const MAX_ROWS: usize = 500;
/// Backstage's own limit for the warning about missing entities.
const MAX_CHECKED: usize = 1000;

/// A table of an entity page.
struct Card {
    id: &'static str,
    title: &'static str,
    relation: RelationKind,
    /// Which kind of targets; empty for all.
    kind: &'static str,
    empty: &'static str,
    /// Whether the table is shown without rows.
    is_always: bool,
}

/// Returns all relations, grouped by kind.
pub fn groups(place: Place, id: EntityId) -> Vec<RelationGroup> {
    let relations = place.site.catalog.relations_of(id);
    let group = |kind: RelationKind| {
        let of_kind: Vec<&Relation> = relations.iter().filter(|relation| relation.kind == kind).collect();
        (!of_kind.is_empty()).then(|| RelationGroup {
            name: kind.name(),
            title: title(kind),
            n_more: of_kind.len().saturating_sub(MAX_LISTED),
            entities: of_kind
                .into_iter()
                .take(MAX_LISTED)
                .map(|relation| link_to(place, &relation.target, None))
                .collect::<Vec<EntityLink>>(),
        })
    };
    RelationKind::ALL.into_iter().filter_map(group).collect()
}

/// Returns the references of an entity's relations that are not in the
/// catalog.
pub fn missing(place: Place, id: EntityId) -> Vec<String> {
    let relations = place.site.catalog.relations_of(id);
    if relations.len() > MAX_CHECKED {
        return Vec::new();
    }
    let mut missing: Vec<String> = relations
        .iter()
        .filter(|relation| place.site.catalog.find(&relation.target).is_none())
        .map(|relation| relation.target.to_string())
        .collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Returns the tables of an entity's page.
pub fn tables(place: Place, id: EntityId) -> Vec<Table> {
    let entity = place.site.catalog.entity(id);
    let is_service = entity.spec_text("type") == Some("service");
    cards(&entity.entity_ref.kind, is_service)
        .into_iter()
        .filter_map(|card| table(place, id, &card))
        .collect()
}

/// The tables of each kind, with Backstage's words for an empty one.
fn cards(kind: &str, is_service: bool) -> Vec<Card> {
    use RelationKind as R;
    let card = |id, title, relation, kind, empty| Card { id, title, relation, kind, empty, is_always: true };
    let if_any = |id, title, relation, kind| Card { id, title, relation, kind, empty: "", is_always: false };
    match kind {
        "component" => vec![
            Card {
                is_always: is_service,
                ..card(
                    "provided-apis",
                    "Provided APIs",
                    R::ProvidesApi,
                    "",
                    "This component does not provide any APIs.",
                )
            },
            Card {
                is_always: is_service,
                ..card(
                    "consumed-apis",
                    "Consumed APIs",
                    R::ConsumesApi,
                    "",
                    "This component does not consume any APIs.",
                )
            },
            card(
                "depends-on-components",
                "Depends on components",
                R::DependsOn,
                "component",
                "No component is a dependency of this component.",
            ),
            card(
                "depends-on-resources",
                "Depends on resources",
                R::DependsOn,
                "resource",
                "No resource is a dependency of this component.",
            ),
            if_any("dependency-of", "Dependency of", R::DependencyOf, ""),
            if_any("subcomponents", "Subcomponents", R::HasPart, ""),
        ],
        "api" => vec![
            card("providers", "Providers", R::ApiProvidedBy, "", "No component provides this API."),
            card("consumers", "Consumers", R::ApiConsumedBy, "", "No component consumes this API."),
        ],
        "system" => vec![
            card("components", "Components", R::HasPart, "component", "No component is part of this system."),
            card("apis", "APIs", R::HasPart, "api", "This system does not contain any APIs."),
            card("resources", "Resources", R::HasPart, "resource", "No resource is part of this system."),
        ],
        "domain" => vec![
            card("systems", "Systems", R::HasPart, "system", "No system is part of this domain."),
            if_any("subdomains", "Subdomains", R::HasPart, "domain"),
        ],
        "resource" => vec![
            card(
                "dependency-of",
                "Dependency of components",
                R::DependencyOf,
                "component",
                "No component depends on this resource.",
            ),
            if_any("depends-on", "Depends on", R::DependsOn, ""),
        ],
        "group" | "user" => vec![card("ownership", "Ownership", R::OwnerOf, "", "Nothing is owned here.")],
        _ => vec![
            if_any("parts", "Has part", R::HasPart, ""),
            if_any("depends-on", "Depends on", R::DependsOn, ""),
            if_any("dependency-of", "Dependency of", R::DependencyOf, ""),
        ],
    }
}

fn table(place: Place, id: EntityId, card: &Card) -> Option<Table> {
    let relations = place.site.catalog.relations_of(id);
    let is_wanted = |relation: &&Relation| {
        relation.kind == card.relation && (card.kind.is_empty() || &*relation.target.kind == card.kind)
    };
    let targets: Vec<&Relation> = relations.iter().filter(is_wanted).collect();
    if targets.is_empty() && !card.is_always {
        return None;
    }
    let mut rows: Vec<Row> =
        targets.iter().take(MAX_ROWS).map(|relation| row_of(place, relation, card)).collect();
    rows.sort_by_cached_key(|row| {
        (row.entity.href.is_none(), row.kind.clone(), row.entity.title.to_lowercase())
    });
    Some(Table {
        id: card.id,
        title: card.title.to_string(),
        count: targets.len(),
        columns: columns(card),
        n_more: targets.len() - rows.len(),
        rows,
        empty: card.empty.to_string(),
    })
}

fn row_of(place: Place, relation: &Relation, card: &Card) -> Row {
    let default_kind = (!card.kind.is_empty()).then_some(card.kind);
    match place.site.catalog.find(&relation.target) {
        Some(id) => catalog::row(place, id),
        None => Row {
            entity: link_to(place, &relation.target, default_kind),
            kind: relation.target.kind.to_string(),
            systems: Vec::new(),
            owners: Vec::new(),
            entity_type: String::new(),
            lifecycle: None,
            namespace: relation.target.namespace.to_string(),
            targets: Vec::new(),
            description: String::new(),
            tags: Vec::new(),
            docs: None,
            definition: None,
        },
    }
}

fn columns(card: &Card) -> Columns {
    let is_api = matches!(card.relation, RelationKind::ProvidesApi | RelationKind::ConsumesApi);
    let is_owned = card.relation == RelationKind::OwnerOf;
    let is_grouping = matches!(card.kind, "system" | "domain");
    Columns {
        kind: card.kind.is_empty() && !is_api,
        system: is_api,
        owner: !is_owned,
        entity_type: !is_grouping,
        lifecycle: !is_grouping,
        description: true,
        definition: is_api || card.kind == "api",
        ..Columns::default()
    }
}

/// Returns what readers call a relation.
fn title(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::OwnedBy => "Owned by",
        RelationKind::OwnerOf => "Owner of",
        RelationKind::PartOf => "Part of",
        RelationKind::HasPart => "Has part",
        RelationKind::ProvidesApi => "Provides API",
        RelationKind::ApiProvidedBy => "API provided by",
        RelationKind::ConsumesApi => "Consumes API",
        RelationKind::ApiConsumedBy => "API consumed by",
        RelationKind::DependsOn => "Depends on",
        RelationKind::DependencyOf => "Dependency of",
        RelationKind::ChildOf => "Child of",
        RelationKind::ParentOf => "Parent of",
        RelationKind::MemberOf => "Member of",
        RelationKind::HasMember => "Has member",
    }
}
