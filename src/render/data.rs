//! The files of the catalog that scripts read, ours and everybody's:
//! which there are, and what is in them.

use crate::base::hash::{self, Key};
use crate::base::par::apart;
use crate::model::entity::EntityId;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use super::index::Index;
use super::views::catalog;
use super::{api, graph, rows};

/// The groups and users, for a reader to say who they are.
pub const PEOPLE: &str = "catalog/people.json";
/// The whole graph.
pub const GRAPH: &str = "catalog-graph/graph.json";

/// A file of the catalog that is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    Entities,
    /// Counted from 1.
    EntitiesPage(usize),
    Entity(EntityId),
    Facets,
    Health,
    /// The table of a kind, and its two exports; an index into the kinds.
    Rows(usize),
    Csv(usize),
    Export(usize),
    People,
    Graph,
    /// What a card shows of an API, without its definition.
    Peek(EntityId),
}

/// Returns the files of a site.
pub fn plan(site: &Site, index: &Index) -> Vec<(SitePath, Data)> {
    let mut files = vec![
        (SitePath::new("api/catalog/entities.json"), Data::Entities),
        (SitePath::new("api/catalog/entity-facets.json"), Data::Facets),
        (SitePath::new("health.json"), Data::Health),
        (SitePath::new(PEOPLE), Data::People),
        (SitePath::new(GRAPH), Data::Graph),
    ];
    for (kind_idx, list) in index.kinds.iter().enumerate() {
        let file = |name: &str| SitePath::new(&format!("{}/{name}", catalog::folder(&list.kind)));
        files.push((file("rows.json"), Data::Rows(kind_idx)));
        files.push((file("export.csv"), Data::Csv(kind_idx)));
        files.push((file("export.json"), Data::Export(kind_idx)));
    }
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        files.push((api::entity_path(&entity.entity_ref), Data::Entity(id)));
        if &*entity.entity_ref.kind == "api" {
            files.push((SitePath::new(&format!("{}/peek.json", index.folders[idx])), Data::Peek(id)));
        }
    }
    for number in 1..=index.api_pages.len() {
        files.push((api::page_path(number), Data::EntitiesPage(number)));
    }
    files
}

/// Returns the text of a file.
pub fn text(site: &Site, index: &Index, data: Data) -> String {
    match data {
        Data::Entities => api::entities(site),
        Data::EntitiesPage(number) => api::page(site, &index.api_pages, number),
        Data::Entity(id) => api::entity::file(site, id),
        Data::Facets => api::facets::facets(site),
        Data::Health => api::health::health(site, index),
        Data::Rows(kind_idx) => rows::rows(site, index, &index.kinds[kind_idx]),
        Data::Csv(kind_idx) => rows::csv(site, index, &index.kinds[kind_idx]),
        Data::Export(kind_idx) => rows::export(site, index, &index.kinds[kind_idx]),
        Data::People => rows::people(site, index),
        Data::Graph => graph::export::graph(site, index),
        Data::Peek(id) => {
            let mut text = String::new();
            api::entity::push(site, id, api::entity::Definition::LeftOut, &mut text);
            text
        }
    }
}

/// Returns the hash of what a file is made of, by its name. What says no
/// more than the list of all entities is as before when that is.
pub fn part(site: &Site, index: &Index, data: Data) -> (&'static str, Key) {
    if is_part_of_itself(data) {
        return ("text", hash::key(&[text(site, index, data).as_bytes()]));
    }
    let catalog = index.catalog_key.get_or_init(|| apart(|| hash::key(&[api::entities(site).as_bytes()])));
    ("catalog", hash::key(&[&catalog.0, format!("{data:?}").as_bytes()]))
}

/// Tells whether a file is known by its own text: some are small, and
/// diagnostics come from more than the catalog.
pub fn is_part_of_itself(data: Data) -> bool {
    matches!(data, Data::Entity(_) | Data::Peek(_) | Data::Health | Data::Rows(_))
}
