//! An elasticlunr index: one trie of words for each field. It has the
//! form that elasticlunr 0.9 loads, without the documents themselves.

use std::collections::BTreeMap;

use elasticlunr::ELASTICLUNR_VERSION;
use elasticlunr::document_store::DocumentStore;
use elasticlunr::inverted_index::InvertedIndex;
use serde::Serialize;

use super::documents::Words;
use super::tokens::Pipeline;

/// A field of a document, by what a match in it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Title,
    Headings,
    Tags,
    Body,
}

impl Field {
    /// Every field, in the order of [`Words`].
    pub const ALL: [Field; 4] = [Field::Title, Field::Headings, Field::Tags, Field::Body];

    /// Returns its name in the index.
    pub fn name(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Headings => "headings",
            Field::Tags => "tags",
            Field::Body => "body",
        }
    }

    /// Returns what a match in it counts.
    pub fn boost(self) -> u32 {
        match self {
            Field::Title => 8,
            Field::Headings => 4,
            Field::Tags => 2,
            Field::Body => 1,
        }
    }
}

/// The index, as it is written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    fields: Vec<&'static str>,
    pipeline: Vec<String>,
    #[serde(rename = "ref")]
    ref_field: &'static str,
    version: &'static str,
    index: BTreeMap<&'static str, InvertedIndex>,
    document_store: DocumentStore,
    lang: &'static str,
}

impl Index {
    /// Returns an index of nothing.
    pub fn empty() -> Self {
        Index {
            fields: Field::ALL.map(Field::name).to_vec(),
            pipeline: Pipeline::english().names(),
            ref_field: "id",
            version: ELASTICLUNR_VERSION,
            index: Field::ALL.into_iter().map(|field| (field.name(), InvertedIndex::new())).collect(),
            document_store: DocumentStore::new(false),
            lang: "English",
        }
    }

    /// Adds the words of a document.
    pub fn add(&mut self, document_idx: usize, words: &Words) {
        let reference = document_idx.to_string();
        for (field, words) in Field::ALL.into_iter().zip(&words.0) {
            let trie = self.index.entry(field.name()).or_default();
            for (word, count) in &words.counts {
                trie.add_token(&reference, word, f64::from(*count).sqrt());
            }
            self.document_store.add_field_length(&reference, field.name(), words.len);
        }
        self.document_store.add_doc(&reference, BTreeMap::new());
    }
}
