//! An elasticlunr index: one trie of words for each field. It has the
//! form that elasticlunr 0.9 loads, without the documents themselves.
//!
//! The words are sorted, so that those with the same beginning follow one
//! another, and the tries are written as text from first to last; no
//! trie is ever made. What is written is what elasticlunr-rs would write,
//! in which `1.0` is `1`.

use elasticlunr::ELASTICLUNR_VERSION;

use super::postings::{List, Postings};
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
    /// Every field, in the order of [`super::documents::Texts`].
    pub const ALL: [Field; 4] = [Field::Title, Field::Headings, Field::Tags, Field::Body];

    /// Every field in the order of their names, as the index has them.
    const BY_NAME: [Field; 4] = [Field::Body, Field::Headings, Field::Tags, Field::Title];

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

/// Words up to this count have their weight made once.
const N_WEIGHTS: u32 = 64;

/// Writes the index of all documents. `references` names them, in the
/// order of `parts`: that of their names, as text.
pub fn index(parts: &[Postings], references: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(capacity(parts));
    let fields = json(&Field::ALL.map(Field::name));
    let pipeline = json(&Pipeline::english().names());
    push(&mut out, &format!("{{\"fields\":{fields},\"pipeline\":{pipeline},\"ref\":\"id\","));
    push(&mut out, &format!("\"version\":\"{ELASTICLUNR_VERSION}\",\"index\":{{"));
    let documents: Vec<String> = references.iter().map(|of| format!("\"{of}\":{{\"tf\":")).collect();
    let weights: Vec<String> = (0..N_WEIGHTS).map(weight).collect();
    for (nth, field) in Field::BY_NAME.into_iter().enumerate() {
        push(&mut out, if nth == 0 { "\"" } else { ",\"" });
        push(&mut out, field.name());
        push(&mut out, "\":{\"root\":");
        push_trie(&mut out, parts, field, &documents, &weights);
        push(&mut out, "}");
    }
    push(&mut out, "},\"documentStore\":");
    push_store(&mut out, parts, references);
    push(&mut out, ",\"lang\":\"English\"}");
    out
}

/// Returns about how many bytes the index will have, rather more.
fn capacity(parts: &[Postings]) -> usize {
    let n_documents: usize = parts.iter().map(|part| part.lengths.len()).sum();
    let lists = parts.iter().flat_map(|part| &part.lists).flatten();
    // Room for a weight of one digit, and for a word's last characters.
    1_000 + n_documents * 80 + lists.map(|(_, list)| 80 + list.len as usize * 22).sum::<usize>()
}

fn push_trie(out: &mut Vec<u8>, parts: &[Postings], field: Field, documents: &[String], weights: &[String]) {
    let words = words(parts, field);
    push(out, "{\"docs\":{},\"df\":0");
    // How many bytes of a word's way from the root are open.
    let mut open = "";
    let mut rest = &*words;
    while let Some((word, _)) = rest.first() {
        let n_parts = rest.iter().take_while(|(other, _)| other == word).count();
        let (lists, further) = rest.split_at(n_parts);
        rest = further;
        let shared = shared(open, word);
        close(out, open[shared..].chars().count());
        for (offset, c) in word[shared..].char_indices() {
            push_key(out, c);
            let is_last = shared + offset + c.len_utf8() == word.len();
            if !is_last {
                push(out, "{\"docs\":{},\"df\":0");
            }
        }
        push_documents(out, lists, documents, weights);
        open = word;
    }
    close(out, open.chars().count() + 1);
}

/// Returns the words of a field in order, each with its documents, which
/// may come in several parts.
fn words(parts: &[Postings], field: Field) -> Vec<(&str, &List)> {
    let mut words: Vec<(&str, &List)> = parts
        .iter()
        .flat_map(|part| {
            part.lists[field as usize].iter().map(|(word, list)| (&*part.words[*word as usize], list))
        })
        .filter(|(word, _)| !word.is_empty())
        .collect();
    // Stable: the parts of a word stay in the order of the documents.
    words.sort_by_key(|(word, _)| *word);
    words
}

/// Returns how many bytes two words begin with in common, whole
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
    match c.is_alphanumeric() {
        true => {
            push(out, "\"");
            push(out, c.encode_utf8(&mut [0; 4]));
            push(out, "\"");
        }
        false => push(out, &json(&c)),
    }
    push(out, ":");
}

fn push_documents(out: &mut Vec<u8>, lists: &[(&str, &List)], documents: &[String], weights: &[String]) {
    push(out, "{\"docs\":{");
    for (nth, (place, count)) in lists.iter().flat_map(|(_, list)| list.iter()).enumerate() {
        if nth > 0 {
            push(out, ",");
        }
        push(out, &documents[place as usize]);
        match weights.get(count as usize) {
            Some(text) => push(out, text),
            None => push(out, &weight(count)),
        }
        push(out, "}");
    }
    let n_documents: u32 = lists.iter().map(|(_, list)| list.len).sum();
    push(out, &format!("}},\"df\":{n_documents}"));
}

/// Returns elasticlunr's `tf`, the root of a count.
fn weight(count: u32) -> String {
    let root = f64::from(count).sqrt();
    if root.fract() == 0.0 { format!("{root:.0}") } else { json(&root) }
}

fn push_store(out: &mut Vec<u8>, parts: &[Postings], references: &[u32]) {
    push(out, "{\"save\":false,\"docs\":{");
    for (nth, reference) in references.iter().enumerate() {
        let comma = if nth == 0 { "" } else { "," };
        push(out, &format!("{comma}\"{reference}\":{{}}"));
    }
    push(out, "},\"docInfo\":{");
    let lengths = parts.iter().flat_map(|part| &part.lengths);
    for (nth, (reference, lengths)) in references.iter().zip(lengths).enumerate() {
        let comma = if nth == 0 { "" } else { "," };
        push(out, &format!("{comma}\"{reference}\":{{"));
        for (nth, field) in Field::BY_NAME.into_iter().enumerate() {
            let comma = if nth == 0 { "" } else { "," };
            push(out, &format!("{comma}\"{}\":{}", field.name(), lengths[field as usize]));
        }
        push(out, "}");
    }
    push(out, &format!("}},\"length\":{}}}", references.len()));
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("names and numbers always make JSON")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use elasticlunr::document_store::DocumentStore;
    use elasticlunr::inverted_index::InvertedIndex;
    use serde::Serialize;

    use super::super::{postings, vocabulary::Vocabulary};
    use super::*;

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
        lang: &'static str,
    }

    type Words = [Vec<&'static str>; 4];

    fn reference(documents: &[Words]) -> String {
        let mut index: BTreeMap<&str, InvertedIndex> =
            Field::ALL.into_iter().map(|field| (field.name(), InvertedIndex::new())).collect();
        let mut document_store = DocumentStore::new(false);
        for (nth, texts) in documents.iter().enumerate() {
            let nth = nth.to_string();
            for field in Field::ALL {
                let mut vocabulary = Vocabulary::english();
                let mut found = Vec::new();
                texts[field as usize]
                    .iter()
                    .for_each(|text| vocabulary.each_word(text, |word| found.push(word)));
                for (number, word) in vocabulary.into_words().iter().enumerate() {
                    let count = found.iter().filter(|found| **found as usize == number).count();
                    let trie = index.get_mut(field.name()).unwrap();
                    trie.add_token(&nth, word, (count as f64).sqrt());
                }
                document_store.add_field_length(&nth, field.name(), found.len());
            }
            document_store.add_doc(&nth, BTreeMap::new());
        }
        let reference = Reference {
            fields: Field::ALL.map(Field::name).to_vec(),
            pipeline: Pipeline::english().names(),
            ref_field: "id",
            version: ELASTICLUNR_VERSION,
            index,
            document_store,
            lang: "English",
        };
        serde_json::to_string(&reference).unwrap()
    }

    fn ours(documents: &[Words], n_parts: usize) -> String {
        let mut references: Vec<u32> = (0..documents.len() as u32).collect();
        references.sort_by_cached_key(u32::to_string);
        let bounds: Vec<usize> = (0..=n_parts).map(|part| documents.len() * part / n_parts).collect();
        let parts: Vec<Postings> = bounds
            .windows(2)
            .map(|bounds| {
                postings::postings(bounds[0] as u32, bounds[1] - bounds[0], |nth| {
                    let texts = documents[references[nth as usize] as usize].clone();
                    texts.map(|texts| texts.into_iter().map(Into::into).collect())
                })
            })
            .collect();
        String::from_utf8(index(&parts, &references)).unwrap()
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
        let expected = reference(&documents).replace(".0}", "}");
        for n_parts in [1, 2, 3, 24] {
            assert_eq!(ours(&documents, n_parts), expected, "in {n_parts} parts");
        }
        assert_eq!(ours(&[], 1), reference(&[]));
    }

    #[test]
    fn elasticlunr_loads_it_and_finds_the_same() {
        let index: serde_json::Value = serde_json::from_str(&ours(&documents(), 2)).unwrap();
        let body: InvertedIndex = serde_json::from_value(index["index"]["body"].clone()).unwrap();
        assert_eq!(body.get_doc_frequency("till"), 9);
        assert_eq!(body.get_term_frequency("0", "till"), 70_f64.sqrt());
        assert_eq!(body.get_term_frequency("3", "till"), 1.0);
        assert_eq!(body.get_doc_frequency("etag"), 1);
        assert!(!body.has_token("the"));
    }

    #[test]
    fn keys_are_escaped() {
        let mut out = Vec::new();
        ['a', '"', '\\', '\n', '語'].into_iter().for_each(|c| push_key(&mut out, c));
        assert_eq!(String::from_utf8(out).unwrap(), r#","a":,"\"":,"\\":,"\n":,"語":"#);
    }
}
