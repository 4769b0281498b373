//! Search: the files that a browser reads to search the portal, made
//! when the site is built. `search/manifest.json` names the others, an
//! index in elasticlunr's own form and what is shown of each document.
//!
//! The words of a query go the same way as the words of the index
//! ([`tokens`]), in `search.js`; whoever changes one changes both, and
//! `tests/browser/fixtures/tokens.json` holds them together.

pub mod documents;
pub mod index;
pub mod letters;
pub mod tokens;

use serde::Serialize;

use crate::base::hash::hash;
use crate::base::par::par_map;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use documents::{Document, Place, Words};
use index::Field;

/// How many documents are read before their words go into the index, so
/// that the words of all of them never lie in memory at once.
const BATCH: usize = 512;

/// What `search/manifest.json` says.
#[derive(Serialize)]
struct Manifest<'m> {
    version: u32,
    language: &'m str,
    documents: usize,
    fields: Vec<ManifestField>,
    index: &'m str,
    docs: &'m str,
}

#[derive(Serialize)]
struct ManifestField {
    name: &'static str,
    boost: u32,
}

/// What `search/docs-….json` holds: a row for each document, its place
/// being its reference in the index.
#[derive(Serialize)]
struct Docs {
    docs: Vec<Document>,
}

/// Returns the files of search, each whole; none when search is off.
pub fn files(site: &Site) -> Vec<(SitePath, Vec<u8>)> {
    if !site.config.search.enable {
        return Vec::new();
    }
    let places = documents::places(site);
    let mut index = index::Index::new();
    let mut docs = Vec::with_capacity(places.len());
    for batch in places.chunks(BATCH) {
        for (document, words) in par_map(batch, |place| read(site, *place)) {
            index.add(docs.len(), &words);
            docs.push(document);
        }
    }
    let n_documents = docs.len();
    let index = json(&index);
    let docs = json(&Docs { docs });
    let index_name = format!("index-{}.json", hash(&index).short());
    let docs_name = format!("docs-{}.json", hash(&docs).short());
    let manifest = json(&Manifest {
        version: 1,
        language: &site.config.book.language,
        documents: n_documents,
        fields: Field::ALL
            .into_iter()
            .map(|field| ManifestField { name: field.name(), boost: field.boost() })
            .collect(),
        index: &index_name,
        docs: &docs_name,
    });
    vec![
        (SitePath::new(&format!("search/{docs_name}")), docs),
        (SitePath::new(&format!("search/{index_name}")), index),
        (SitePath::new("search/manifest.json"), manifest),
    ]
}

fn read(site: &Site, place: Place) -> (Document, Words) {
    let (document, texts) = documents::document(site, place);
    (document, documents::words(&texts))
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings, numbers and lists always make JSON")
}
