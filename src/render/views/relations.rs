//! Relations of an entity: the list of them all, and the tables that
//! Backstage's stock pages show for each kind.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::relation::{Relation, RelationKind};
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::render::kinds;
use crate::render::place::{Place, entity_href, href, link_or_name, link_to};
use crate::render::view::{Columns, EntityLink, Link, ListView, RelationGroup, Row, Table};

use super::catalog;

/// So many relations of one kind are listed.
const MAX_LISTED: usize = 12;
/// So many rows a table has; a longer one has pages of its own.
pub const MAX_ROWS: usize = 25;
/// So many missing entities are named.
const MAX_MISSING: usize = 30;

/// A table of an entity page.
pub struct Card {
    pub id: &'static str,
    pub title: &'static str,
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
        let of_kind = || relations.iter().filter(move |relation| relation.kind == kind);
        let n_all = of_kind().count();
        (n_all > 0).then(|| RelationGroup {
            name: kind.name(),
            explore: explorer(place, id, Some(kind)),
            title: title(kind),
            n_more: n_all.saturating_sub(MAX_LISTED),
            entities: of_kind()
                .take(MAX_LISTED)
                .map(|relation| link_or_name(place, relation.entity, &relation.target, None))
                .collect::<Vec<EntityLink>>(),
        })
    };
    RelationKind::ALL.into_iter().filter_map(group).collect()
}

/// Returns the explorer of the graph, beginning at an entity and with
/// relations of one kind only.
pub fn explorer(place: Place, id: EntityId, kind: Option<RelationKind>) -> String {
    let page = href(place, &SitePath::page("catalog-graph"));
    let reference = place.site.catalog.entity(id).entity_ref.to_string();
    let reference = utf8_percent_encode(&reference, NON_ALPHANUMERIC);
    let mut url = format!("{page}?rootEntityRefs={reference}");
    if let Some(kind) = kind {
        url.push_str("&maxDepth=1&selectedRelations=");
        url.push_str(kind.name());
    }
    url
}

/// Returns the references of an entity's relations that are not in the
/// catalog, each once, and how many more there are.
pub fn missing(place: Place, id: EntityId) -> (Vec<String>, usize) {
    let relations = place.site.catalog.relations_of(id).iter();
    let gone = relations.filter(|relation| relation.entity.is_none());
    let mut missing: Vec<String> = gone.map(|relation| relation.target.to_string()).collect();
    missing.sort_unstable();
    missing.dedup();
    let n_more = missing.len().saturating_sub(MAX_MISSING);
    missing.truncate(MAX_MISSING);
    (missing, n_more)
}

/// Returns the tables of an entity's page.
pub fn tables(place: Place, id: EntityId) -> Vec<Table> {
    let entity = place.site.catalog.entity(id);
    cards(entity).into_iter().filter_map(|card| table(place, id, &card)).collect()
}

/// Returns the tables that are too long for the entity's page, with how
/// many rows they have.
pub fn long_tables(site: &Site, id: EntityId) -> Vec<(Card, usize)> {
    let relations = site.catalog.relations_of(id);
    if relations.len() <= MAX_ROWS {
        return Vec::new();
    }
    let cards = cards(site.catalog.entity(id)).into_iter().map(|card| {
        let n_rows = relations.iter().filter(|relation| card.is_of(relation)).count();
        (card, n_rows)
    });
    cards.filter(|(_, n_rows)| *n_rows > MAX_ROWS).collect()
}

impl Card {
    fn is_of(&self, relation: &Relation) -> bool {
        relation.kind == self.relation && (self.kind.is_empty() || &*relation.target.kind == self.kind)
    }
}

/// The tables of each kind, with Backstage's words for an empty one.
fn cards(entity: &Entity) -> Vec<Card> {
    use RelationKind as R;
    let (kind, is_service) = (&*entity.entity_ref.kind, entity.spec_text("type") == Some("service"));
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
            if_any("subcomponents", "Has subcomponents", R::HasPart, ""),
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
        "group" | "user" => vec![card("owned", "Owned", R::OwnerOf, "", "Nothing is owned here.")],
        _ => vec![
            if_any("parts", "Has part", R::HasPart, ""),
            if_any("depends-on", "Depends on", R::DependsOn, ""),
            if_any("dependency-of", "Dependency of", R::DependencyOf, ""),
        ],
    }
}

fn table(place: Place, id: EntityId, card: &Card) -> Option<Table> {
    let targets = targets(place, id, card);
    if targets.is_empty() && !card.is_always {
        return None;
    }
    let n_more = targets.len().saturating_sub(MAX_ROWS);
    // One alone takes no more room than the link to it.
    let n_more = if n_more == 1 { 0 } else { n_more };
    let shown = &targets[..targets.len() - n_more];
    Some(Table {
        id: card.id,
        title: card.title.to_string(),
        count: targets.len(),
        columns: columns(card),
        n_more,
        all: (n_more > 0).then(|| format!("{}/", card.id)),
        rows: shown.iter().map(|relation_idx| row_of(place, id, *relation_idx, card)).collect(),
        empty: card.empty.to_string(),
    })
}

/// Returns the relations of a table as indices, in the order of its
/// rows: by kind and what readers see, what is missing at the end.
fn targets(place: Place, id: EntityId, card: &Card) -> Vec<usize> {
    let relations = place.site.catalog.relations_of(id);
    let mut targets: Vec<usize> =
        (0..relations.len()).filter(|relation_idx| card.is_of(&relations[*relation_idx])).collect();
    targets.sort_by_cached_key(|relation_idx| {
        let target = relations[*relation_idx].entity;
        let title = target.map(|target| place.index.labels[target.0 as usize].title.to_lowercase());
        (target.is_none(), kinds::order(&relations[*relation_idx].target.kind), title, *relation_idx)
    });
    targets
}

/// Makes one page of a table that is too long for the entity's own.
pub fn page(place: Place, id: EntityId, card_id: &str, number: usize) -> ListView {
    let entity = place.site.catalog.entity(id);
    let title = entity.display_name().to_string();
    let card = cards(entity).into_iter().find(|card| card.id == card_id);
    let targets = card.as_ref().map(|card| targets(place, id, card)).unwrap_or_default();
    let table_title = card.as_ref().map_or("", |card| card.title).to_string();
    let folder = format!("{}/{card_id}", place.index.folders[id.0 as usize]);
    let on_page = targets.chunks(catalog::PAGE_LEN).nth(number - 1).unwrap_or_default();
    let row = |card: &Card| on_page.iter().map(|idx| row_of(place, id, *idx, card)).collect();
    ListView {
        head: super::head(place, &format!("{table_title} · {title}")),
        crumbs: vec![
            Link { title: title.clone(), href: Some(entity_href(place, id)) },
            Link { title: table_title.clone(), href: None },
        ],
        columns: card.as_ref().map(columns).unwrap_or_default(),
        rows: card.as_ref().map(row).unwrap_or_default(),
        count: targets.len(),
        pages: super::pages(place, &folder, number, catalog::n_pages(targets.len())),
        title,
        table_title,
    }
}

fn row_of(place: Place, id: EntityId, relation_idx: usize, card: &Card) -> Row {
    let relation = &place.site.catalog.relations_of(id)[relation_idx];
    match relation.entity {
        Some(target) => catalog::row(place, target),
        None => missing_row(place, &relation.target, (!card.kind.is_empty()).then_some(card.kind)),
    }
}

pub fn missing_row(place: Place, target: &EntityRef, default_kind: Option<&str>) -> Row {
    Row {
        entity: link_to(place, target, default_kind),
        kind: target.kind.to_string(),
        systems: Vec::new(),
        owners: Vec::new(),
        entity_type: String::new(),
        lifecycle: None,
        namespace: target.namespace.to_string(),
        targets: Vec::new(),
        description: String::new(),
        tags: Vec::new(),
        docs: None,
        definition: None,
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
pub fn title(kind: RelationKind) -> &'static str {
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
