//! A plain elasticlunr index for small sites, besides the shards: one
//! trie of terms for each field, as elasticlunr 0.9 loads it and any tool
//! can read it. Its numbers are those of the shards: the norm of a field
//! is folded into `tf`, so there is no `docInfo`.
//!
//! The terms are sorted, so that those with the same beginning follow one
//! another, and the tries are written as text from first to last; no
//! trie is ever made. What is written is what elasticlunr-rs would write,
//! in which `1.0` is `1`.

use elasticlunr::ELASTICLUNR_VERSION;

use super::digits;
use super::merge::Stretch;
use super::part::Field;
use super::tokens::Pipeline;
use super::vocabulary::push_sorted;

/// Sites with fewer documents have one.
pub const N_DOCUMENTS: usize = 500;

/// Every field in the order of their names, as the index has them.
const BY_NAME: [Field; 4] = [Field::Body, Field::Headings, Field::Tags, Field::Title];

/// A term, and its documents with their weights.
type Row = (String, Vec<(u32, u8)>);

/// Writes the index of documents that no list leaves out.
pub fn plain(pipeline: &Pipeline, stretches: &[Stretch], n_documents: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let fields = json(&Field::ALL.map(Field::name));
    let pipeline = json(&pipeline.names());
    push(&mut out, &format!("{{\"fields\":{fields},\"pipeline\":{pipeline},\"ref\":\"id\","));
    push(&mut out, &format!("\"version\":\"{ELASTICLUNR_VERSION}\",\"index\":{{"));
    let weights: Vec<String> = (0..=digits::MAX_WEIGHT).map(weight).collect();
    for (nth, field) in BY_NAME.into_iter().enumerate() {
        push(&mut out, if nth == 0 { "\"" } else { ",\"" });
        push(&mut out, field.name());
        push(&mut out, "\":{\"root\":");
        push_trie(&mut out, &rows(stretches, field), &weights);
        push(&mut out, "}");
    }
    push(&mut out, "},\"documentStore\":{\"save\":false,\"docs\":{},\"docInfo\":{},");
    push(&mut out, &format!("\"length\":{n_documents}}}}}"));
    out
}

/// Returns the terms of a field by code point, and their documents in the
/// order of their names: 1, 10, 2.
fn rows(stretches: &[Stretch], field: Field) -> Vec<Row> {
    let mut rows = Vec::new();
    for stretch in stretches {
        for idx in 0..stretch.entries.len() {
            let list = &stretch.lists[stretch.start(idx).list as usize..stretch.entries[idx].list as usize];
            let Some(list) = list.split(|byte| *byte == digits::NEXT_FIELD).nth(field as usize) else {
                continue;
            };
            let mut documents = documents(list);
            if documents.is_empty() {
                continue;
            }
            documents.sort_by_cached_key(|(document, _)| document.to_string());
            let mut term = Vec::new();
            push_sorted(&mut term, stretch.term(idx));
            rows.push((String::from_utf8_lossy(&term).into_owned(), documents));
        }
    }
    rows.sort();
    rows
}

/// Returns the documents of a list that is whole.
fn documents(mut list: &[u8]) -> Vec<(u32, u8)> {
    let mut documents = Vec::new();
    let mut next = 0;
    while let Some(distance) = digits::number(&mut list) {
        let Some(weight) = digits::weight(&mut list) else { break };
        documents.push((next + distance, weight));
        next += distance + 1;
    }
    documents
}

fn push_trie(out: &mut Vec<u8>, rows: &[Row], weights: &[String]) {
    push(out, "{\"docs\":{},\"df\":0");
    // How much of a term's way from the root is open.
    let mut open = "";
    for (term, documents) in rows {
        let shared = shared(open, term);
        close(out, open[shared..].chars().count());
        for (offset, c) in term[shared..].char_indices() {
            push_key(out, c);
            let is_last = shared + offset + c.len_utf8() == term.len();
            if !is_last {
                push(out, "{\"docs\":{},\"df\":0");
            }
        }
        push_documents(out, documents, weights);
        open = term;
    }
    close(out, open.chars().count() + 1);
}

/// Returns how many bytes two terms begin with in common, whole
/// characters only.
fn shared(a: &str, b: &str) -> usize {
    let n_bytes = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.floor_char_boundary(n_bytes)
}

fn close(out: &mut Vec<u8>, n_nodes: usize) {
    out.resize(out.len() + n_nodes, b'}');
}

fn push_key(out: &mut Vec<u8>, c: char) {
    push(out, ",");
    push(out, &json(&c));
    push(out, ":");
}

fn push_documents(out: &mut Vec<u8>, documents: &[(u32, u8)], weights: &[String]) {
    push(out, "{\"docs\":{");
    for (nth, (document, weight)) in documents.iter().enumerate() {
        let comma = if nth == 0 { "" } else { "," };
        push(out, &format!("{comma}\"{document}\":{{\"tf\":{}}}", weights[usize::from(*weight)]));
    }
    push(out, &format!("}},\"df\":{}", documents.len()));
}

fn weight(code: u8) -> String {
    let weight = digits::weight_of(code);
    if weight == 1.0 { "1".to_string() } else { json(&weight) }
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("names and numbers always make JSON")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use elasticlunr::document_store::DocumentStore;
    use elasticlunr::inverted_index::InvertedIndex;
    use serde::Serialize;

    use super::super::documents::Texts;
    use super::super::merge;
    use super::super::part::{self, Part, Tally};
    use super::super::tokens::{self, Role};
    use super::*;
    use crate::model::config::Config;

    /// What elasticlunr-rs makes of the same words.
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Reference {
        fields: Vec<&'static str>,
        pipeline: Vec<String>,
        #[serde(rename = "ref")]
        ref_field: &'static str,
        version: &'static str,
        index: BTreeMap<&'static str, InvertedIndex>,
        document_store: DocumentStore,
    }

    /// Title, headings, tags and body of a document.
    type Words = [Vec<&'static str>; 4];

    fn pipeline() -> Pipeline {
        Pipeline::of(&Config::of_folder("/portal".into()))
    }

    fn reference(documents: &[Words]) -> String {
        let pipeline = pipeline();
        let mut index: BTreeMap<&str, InvertedIndex> =
            Field::ALL.into_iter().map(|field| (field.name(), InvertedIndex::new())).collect();
        let mut document_store = DocumentStore::new(false);
        for (nth, [title, headings, tags, body]) in documents.iter().enumerate() {
            for (field, texts) in Field::ALL.into_iter().zip([body, title, headings, tags]) {
                let mut counts: BTreeMap<String, u32> = BTreeMap::new();
                let mut lengths = vec![0];
                for text in texts {
                    let mut length = 0;
                    for token in tokens::tokens(text) {
                        let term = pipeline.term(&token.text);
                        if field == Field::Body && term.is_minor {
                            continue;
                        }
                        length += u32::from(token.role == Role::Part);
                        *counts.entry(term.text).or_default() += 1;
                    }
                    lengths.push(length);
                }
                let is_title = field == Field::Title;
                let length =
                    if is_title { lengths.iter().max().copied() } else { Some(lengths.iter().sum()) };
                for (term, count) in counts {
                    let count = if is_title { 1 } else { count };
                    let tf = digits::weight_of(digits::weight_code(count, length.unwrap()));
                    index.get_mut(field.name()).unwrap().add_token(&nth.to_string(), &term, tf);
                }
            }
            document_store.add_doc(&nth.to_string(), BTreeMap::new());
        }
        let reference = Reference {
            fields: Field::ALL.map(Field::name).to_vec(),
            pipeline: pipeline.names(),
            ref_field: "id",
            version: ELASTICLUNR_VERSION,
            index,
            document_store,
        };
        serde_json::to_string(&reference).unwrap().replace("\"tf\":1.0}", "\"tf\":1}")
    }

    fn ours(documents: &[Words], n_parts: usize) -> String {
        let bounds: Vec<usize> = (0..=n_parts).map(|part| documents.len() * part / n_parts).collect();
        let cows = |texts: &[&'static str]| texts.iter().map(|text| Cow::Borrowed(*text)).collect();
        let parts: Vec<Part> = bounds
            .windows(2)
            .map(|bounds| {
                let texts =
                    documents[bounds[0]..bounds[1]].iter().map(|[title, headings, tags, body]| Texts {
                        title: cows(title),
                        headings: cows(headings),
                        tags: cows(tags),
                        body: body.clone(),
                        ..Texts::default()
                    });
                part::part(&mut Tally::default(), &pipeline(), texts)
            })
            .collect();
        let stretches = [merge::stretch(&parts, &merge::firsts(&parts), &[], None)];
        String::from_utf8(plain(&pipeline(), &stretches, documents.len())).unwrap()
    }

    fn documents() -> Vec<Words> {
        let often = Box::leak("tills and money ".repeat(70).into_boxed_str());
        let mut documents: Vec<Words> = vec![
            [vec!["Check-out"], vec!["Refunds", "In cash"], vec!["Guides", "guide"], vec![often, "zebra"]],
            [vec!["orders"], vec![], vec!["team"], vec!["GET /orders/{orderId} serde_yaml::from_str a#b"]],
            [vec![], vec![], vec![], vec![]],
            [
                vec!["État"],
                vec!["検索サービス"],
                vec!["сервис"],
                vec!["till \u{20000}\u{20001} tiller étage a:b"],
            ],
        ];
        documents.extend((0..20).map(|nth| -> Words {
            [vec!["Page"], vec!["tills till"], vec![], vec![["tilling money", "zebras zebra", "z"][nth % 3]]]
        }));
        documents
    }

    #[test]
    fn it_is_what_elasticlunr_writes() {
        let documents = documents();
        let store = |text: &str| text.split_once("\"documentStore\"").unwrap().0.to_string();
        for n_parts in [1, 2, 3, 24] {
            assert_eq!(
                store(&ours(&documents, n_parts)),
                store(&reference(&documents)),
                "in {n_parts} parts"
            );
        }
        assert_eq!(store(&ours(&[], 1)), store(&reference(&[])));
    }

    #[test]
    fn elasticlunr_loads_it_and_finds_the_same() {
        let index: serde_json::Value = serde_json::from_str(&ours(&documents(), 2)).unwrap();
        let body: InvertedIndex = serde_json::from_value(index["index"]["body"].clone()).unwrap();
        assert_eq!(body.get_doc_frequency("till"), 9);
        assert_eq!(body.get_doc_frequency("etag"), 1);
        assert!(!body.has_token("the"));
        assert_eq!(index["documentStore"]["length"], 24);
    }

    #[test]
    fn keys_are_escaped() {
        let mut out = Vec::new();
        ['a', '"', '\\', '\n', '語'].into_iter().for_each(|c| push_key(&mut out, c));
        assert_eq!(String::from_utf8(out).unwrap(), r#","a":,"\"":,"\\":,"\n":,"語":"#);
    }
}
