//! The files of the catalog that scripts read, ours and everybody's:
//! which there are, and what is in them.

use crate::base::hash::{self, Key};
use crate::model::entity::EntityId;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use super::api;
use super::index::Index;

/// A file of the catalog that is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    Entities,
    /// Counted from 1.
    EntitiesPage(usize),
    Entity(EntityId),
    Facets,
    Health,
}

/// Returns the files of a site.
pub fn plan(site: &Site, index: &Index) -> Vec<(SitePath, Data)> {
    let mut files = vec![
        (SitePath::new("api/catalog/entities.json"), Data::Entities),
        (SitePath::new("api/catalog/entity-facets.json"), Data::Facets),
        (SitePath::new("health.json"), Data::Health),
    ];
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        files.push((api::entity_path(&entity.entity_ref), Data::Entity(EntityId(idx as u32))));
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
    }
}

/// Returns the hash of what a file is made of, by its name. What says no
/// more than the list of all entities is as before when that is.
pub fn part(site: &Site, index: &Index, data: Data) -> (&'static str, Key) {
    match data {
        // Diagnostics come from more than the catalog.
        Data::Entity(_) | Data::Health => ("text", hash::key(&[text(site, index, data).as_bytes()])),
        _ => {
            let catalog = index.catalog_key.get_or_init(|| hash::key(&[api::entities(site).as_bytes()]));
            ("catalog", hash::key(&[&catalog.0, format!("{data:?}").as_bytes()]))
        }
    }
}
