//! What `/search/` shows without a script: everything that has a name,
//! from A to Z.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder};

/// A letter and what begins with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// An upper-case letter, or `#` for everything else.
    pub letter: String,
    pub entries: Vec<Entry>,
}

/// An entity or a docs site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    pub title: Box<str>,
    /// From the search page.
    pub url: String,
    /// The kind as it was written; `Docs` for a docs site.
    pub kind: Box<str>,
}

/// Returns entities and docs sites by the first letter of their title.
pub fn letters(site: &Site) -> Vec<Letter> {
    let from = SitePath::page("search");
    let entities = site.catalog.entities.iter().map(|entity| Entry {
        title: entity.display_name().into(),
        url: from.relative(&SitePath::page(&entity_folder(&entity.entity_ref))),
        kind: entity.kind.clone(),
    });
    let docs = site.docs.iter().filter(|docs| !docs.pages.is_empty()).map(|docs| Entry {
        title: docs.plan.title.clone(),
        url: from.relative(&SitePath::page(&docs.plan.base)),
        kind: "Docs".into(),
    });
    let mut letters: BTreeMap<(bool, String), Vec<Entry>> = BTreeMap::new();
    for entry in entities.chain(docs) {
        letters.entry(key(&entry.title)).or_default().push(entry);
    }
    letters
        .into_iter()
        .map(|((_, letter), mut entries)| {
            entries.sort_by_cached_key(|entry| (entry.title.to_lowercase(), entry.clone()));
            Letter { letter, entries }
        })
        .collect()
}

/// Letters first, then `#`.
fn key(title: &str) -> (bool, String) {
    match title.chars().next() {
        Some(first) if first.is_alphabetic() => (false, first.to_uppercase().collect()),
        _ => (true, "#".to_string()),
    }
}
