//! Tables of entities: the catalog's pages, the API explorer, and the
//! rows that entity pages share with them.

use crate::model::entity::{Entity, EntityId};
use crate::model::relation::RelationKind;
use crate::model::site_path::{SitePath, slug};
use crate::model::yaml::Node;
use crate::render::data::PEOPLE;
use crate::render::index::KindList;
use crate::render::place::{Place, entity_href, href, link, link_or_name, summary};
use crate::render::shell::catalog_title;
use crate::render::view::{CatalogView, Columns, EntityLink, Head, Row, TableData};

use super::definition;

/// So many entities stand on one page of a table.
pub const PAGE_LEN: usize = 100;
/// So many tags and targets stand in a table.
const MAX_ITEMS: usize = 8;

/// Returns the folder of a kind's table.
pub fn folder(kind: &str) -> String {
    format!("catalog/{}", slug(kind))
}

/// Returns how many pages a list needs; an empty one needs one too.
pub fn n_pages(n_entities: usize) -> usize {
    n_entities.div_ceil(PAGE_LEN).max(1)
}

/// Makes one page of the table of a kind. `/catalog/` shows the first
/// kind, as Backstage does.
pub fn view(place: Place, list: Option<&KindList>, number: usize) -> CatalogView {
    let title = catalog_title(&place.site.config);
    let Some(list) = list else {
        return CatalogView {
            head: super::head(place, &title),
            title,
            table_title: "Nothing here yet".to_string(),
            count: 0,
            kinds: Vec::new(),
            columns: Columns::default(),
            rows: Vec::new(),
            pages: None,
            kind: String::new(),
            plural: String::new(),
            data: None,
        };
    };
    let table_title = format!("All {}", list.plural);
    let folder = folder(&list.kind);
    let mut head = super::head(place, &format!("{} · {title}", list.plural));
    head.canonical = canonical(place, &page_of(&folder, number));
    CatalogView {
        head,
        title,
        table_title,
        count: list.entities.len(),
        kinds: super::kind_links(place, Some(&list.kind)),
        columns: columns(&list.kind, list.has_namespaces),
        rows: rows(place, on_page(&list.entities, number)),
        pages: super::pages(place, &folder, number, n_pages(list.entities.len())),
        kind: list.kind.to_string(),
        plural: list.plural.clone(),
        data: Some(data(place, list, list.kind.as_ref() == "api")),
    }
}

fn data(place: Place, list: &KindList, definitions: bool) -> TableData {
    let file = |name: &str| href(place, &SitePath::new(&format!("{}/{name}", folder(&list.kind))));
    TableData {
        rows: file("rows.json"),
        csv: file("export.csv"),
        json: file("export.json"),
        people: href(place, &SitePath::new(PEOPLE)),
        catalog: href(place, &SitePath::page("catalog")),
        definitions,
    }
}

/// Makes one page of the API explorer.
pub fn apis(place: Place, list: Option<&KindList>, number: usize) -> CatalogView {
    let entities = list.map_or(&[][..], |list| &list.entities);
    let columns = Columns {
        system: true,
        owner: true,
        entity_type: true,
        lifecycle: true,
        description: true,
        tags: true,
        definition: true,
        ..Columns::default()
    };
    CatalogView {
        head: Head {
            canonical: canonical(place, &page_of("api-docs", number)),
            ..super::head(place, "APIs")
        },
        title: "APIs".to_string(),
        table_title: "All APIs".to_string(),
        count: entities.len(),
        kinds: Vec::new(),
        columns,
        rows: rows(place, on_page(entities, number)),
        pages: super::pages(place, "api-docs", number, n_pages(entities.len())),
        kind: "api".to_string(),
        plural: "APIs".to_string(),
        data: list.map(|list| data(place, list, true)),
    }
}

/// Returns the rows of a table.
pub fn rows(place: Place, entities: &[EntityId]) -> Vec<Row> {
    entities.iter().map(|id| row(place, *id)).collect()
}

pub fn on_page(entities: &[EntityId], number: usize) -> &[EntityId] {
    entities.chunks(PAGE_LEN).nth(number - 1).unwrap_or(&[])
}

fn page_of(folder: &str, number: usize) -> SitePath {
    super::page_path(folder, number)
}

fn canonical(place: Place, path: &SitePath) -> Option<String> {
    Some(format!("{}{}", place.site.config.portal.base_url.as_ref()?, path.url()))
}

/// Backstage's columns for each kind.
fn columns(kind: &str, namespace: bool) -> Columns {
    let none = Columns::default();
    match kind {
        "domain" | "system" => Columns { owner: true, description: true, tags: true, ..none },
        "user" => Columns { description: true, tags: true, ..none },
        "group" | "template" => Columns { entity_type: true, description: true, tags: true, ..none },
        "location" => Columns { entity_type: true, targets: true, ..none },
        _ => Columns {
            system: true,
            owner: true,
            entity_type: true,
            lifecycle: true,
            namespace,
            description: true,
            tags: true,
            definition: kind == "api",
            ..none
        },
    }
}

/// Returns the row of an entity.
pub fn row(place: Place, id: EntityId) -> Row {
    let entity = place.site.catalog.entity(id);
    Row {
        entity: link(place, id),
        kind: entity.kind.to_string(),
        systems: systems(place, id).collect(),
        owners: super::owners(place, entity),
        entity_type: entity.spec_text("type").unwrap_or("").to_string(),
        lifecycle: super::lifecycle(entity),
        namespace: entity.entity_ref.namespace.to_string(),
        targets: targets(entity).into_iter().take(MAX_ITEMS).collect(),
        description: summary(place, id).to_string(),
        tags: entity.metadata.tags.iter().take(MAX_ITEMS).map(ToString::to_string).collect(),
        docs: super::docs_href(place, id),
        definition: definition::has_definition(entity)
            .then(|| format!("{}#definition", entity_href(place, id))),
    }
}

/// Returns the systems that an entity is part of.
pub fn systems(place: Place, id: EntityId) -> impl Iterator<Item = EntityLink> {
    parents(place, id, "system")
}

/// Returns the entities of a kind that an entity is part of.
pub fn parents(place: Place, id: EntityId, kind: &'static str) -> impl Iterator<Item = EntityLink> {
    let relations = place.site.catalog.relations_of(id);
    relations
        .iter()
        .filter(move |relation| relation.kind == RelationKind::PartOf && &*relation.target.kind == kind)
        .map(move |relation| link_or_name(place, relation.entity, &relation.target, Some(kind)))
}

/// Returns the targets of a Location.
pub fn targets(entity: &Entity) -> Vec<String> {
    let one = entity.spec_text("target").map(str::to_string);
    let many = entity.spec("targets").and_then(Node::sequence).unwrap_or(&[]);
    one.into_iter().chain(many.iter().filter_map(Node::text).map(str::to_string)).collect()
}
