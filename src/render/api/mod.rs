//! What scripts read: Backstage's own addresses with `.json` after
//! them, and Backstage's own form, so that a script written for its API
//! needs little more than another base URL.

pub mod entity;
pub mod facets;
pub mod health;

use std::ops::Range;

use crate::base::par::par_map;
use crate::model::entity::{Catalog, Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::site::Site;
use crate::model::site_path::{SitePath, slug};

use super::json;

/// Larger lists of entities are written in pages too.
const MAX_WHOLE_BYTES: usize = 2 << 20;
/// So many entities, and about so many bytes, stand on one page.
const PAGE_LEN: usize = 500;
const PAGE_BYTES: usize = 1 << 20;

/// Returns the path of an entity's JSON.
pub fn entity_path(entity_ref: &EntityRef) -> SitePath {
    let EntityRef { kind, namespace, name } = entity_ref;
    SitePath::new(&format!(
        "api/catalog/entities/by-name/{}/{}/{}.json",
        slug(kind),
        slug(namespace),
        slug(name)
    ))
}

/// Returns the path of a page of the list, counted from 1.
pub fn page_path(number: usize) -> SitePath {
    SitePath::new(&format!("api/catalog/entities/by-query/{number}.json"))
}

/// Returns which entities stand on which page; nothing when the list is
/// short enough to be read as a whole.
pub fn pages(catalog: &Catalog) -> Vec<Range<usize>> {
    let sizes: Vec<usize> = catalog.entities.iter().map(estimated_bytes).collect();
    if sizes.iter().sum::<usize>() <= MAX_WHOLE_BYTES {
        return Vec::new();
    }
    let mut pages = Vec::new();
    let (mut start, mut n_bytes) = (0, 0);
    for (idx, size) in sizes.iter().enumerate() {
        if idx > start && (idx - start == PAGE_LEN || n_bytes + size > PAGE_BYTES) {
            pages.push(start..idx);
            (start, n_bytes) = (idx, 0);
        }
        n_bytes += size;
    }
    pages.push(start..sizes.len());
    pages
}

/// Returns about how long an entity's JSON is, which is cheap to know.
fn estimated_bytes(entity: &Entity) -> usize {
    let definition = entity.spec_text("definition").map_or(0, str::len);
    600 + entity.source.len().max(definition)
}

/// Returns `entities.json`: all entities, sorted by reference.
pub fn entities(site: &Site) -> String {
    let mut list = String::from("[");
    push_entities(site, 0..site.catalog.entities.len(), &mut list);
    list.push_str("]\n");
    list
}

/// Returns one page in the form of Backstage's `by-query`, whose cursor
/// is the number of the next page.
pub fn page(site: &Site, pages: &[Range<usize>], number: usize) -> String {
    let range = pages.get(number - 1).cloned().unwrap_or_default();
    let mut page = String::from("{\"items\":[");
    push_entities(site, range, &mut page);
    page.push(']');
    json::push_number(&mut page, "totalItems", site.catalog.entities.len());
    json::push_key(&mut page, "pageInfo");
    page.push('{');
    if number < pages.len() {
        json::push_pair(&mut page, "nextCursor", &(number + 1).to_string());
    }
    if number > 1 {
        json::push_pair(&mut page, "prevCursor", &(number - 1).to_string());
    }
    page.push_str("}}\n");
    page
}

fn push_entities(site: &Site, range: Range<usize>, list: &mut String) {
    let chunks: Vec<Range<usize>> =
        range.clone().step_by(256).map(|start| start..(start + 256).min(range.end)).collect();
    let texts = par_map(&chunks, |chunk| {
        let mut text = String::new();
        for idx in chunk.clone() {
            entity::push(site, EntityId(idx as u32), entity::Definition::Whole, &mut text);
            text.push_str(",\n");
        }
        text
    });
    list.reserve(texts.iter().map(String::len).sum());
    for text in texts {
        list.push_str(&text);
    }
    if list.ends_with(",\n") {
        list.truncate(list.len() - 2);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::render::testing;

    #[test]
    fn all_entities_are_one_array() {
        let site = testing::site();
        let list: serde_json::Value = serde_json::from_str(&entities(&site)).unwrap();
        let names: Vec<&str> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|entity| entity["metadata"]["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["orders", "checkout", "shop", "tills", "till-system", "ada", "odd"]);
    }

    #[test]
    fn a_short_list_has_no_pages_and_a_long_one_loses_nothing() {
        let mut site = testing::site();
        assert!(pages(&site.catalog).is_empty());
        let one = site.catalog.entities[1].clone();
        let catalog = Arc::make_mut(&mut site.catalog);
        catalog.entities = vec![one; 5000];
        catalog.relations = vec![Vec::new(); 5000];
        site.descriptions = vec![None; 5000].into();
        let pages = pages(&site.catalog);
        assert_eq!(pages.len(), 10);
        assert_eq!(pages.iter().map(ExactSizeIterator::len).sum::<usize>(), 5000);
        let first: serde_json::Value = serde_json::from_str(&page(&site, &pages, 1)).unwrap();
        assert_eq!(first["items"].as_array().unwrap().len(), 500);
        assert_eq!(first["totalItems"], 5000);
        assert_eq!(first["pageInfo"]["nextCursor"], "2");
        let last: serde_json::Value = serde_json::from_str(&page(&site, &pages, 10)).unwrap();
        assert!(last["pageInfo"].get("nextCursor").is_none());
    }
}
