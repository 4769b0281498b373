//! Search: the files that a browser reads to search the portal, made
//! when the site is built. It is an elasticlunr index cut into shards of
//! neighbouring terms, of which a query fetches one or two; beside them
//! lie what is shown of each document, in small chunks, and the names of
//! all entities. `search/manifest.json` names the others, whose names
//! are hashes of what they hold.
//!
//! The words of a query go the same way as the words of the index
//! ([`tokens`]), in `search.js`; whoever changes one changes both, and
//! `tests/browser/fixtures/tokens.json` holds them together. The guide's
//! page on search has the form of every file.
//!
//! Documents are read in parts ([`part`]), each on its own and remembered
//! by what it was made of; what all of them say of a term is put together
//! by copying ([`merge`]), and cut into files ([`shards`]), range by range
//! of the terms ([`ranges`]).

pub mod count;
pub mod digits;
pub mod documents;
pub mod find;
pub mod language;
pub mod merge;
pub mod names;
pub mod offline;
pub mod part;
pub mod plain;
pub mod query;
pub mod ranges;
pub mod rank;
pub mod shards;
pub mod tokens;
pub mod vocabulary;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

use crate::base::hash::{self, Key, hash};
use crate::base::memo::Memo;
use crate::base::par::{join, n_threads, par_map};
use crate::model::config::Search;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use documents::{Corpus, Detail, Place};
use part::{Part, Tally};
use ranges::Shards;
use tokens::Pipeline;

/// Goes into the key of each part: whoever changes what the same text is
/// indexed as counts this up.
const INDEX_VERSION: u8 = 3;
/// A part has so many documents at least. Where it ends is found in the
/// documents, so that one more does not move all parts after it.
const MIN_PART: usize = 32;
const MAX_PART: usize = 512;
/// The shortest chunk of documents, and how many chunks there may be.
const MIN_CHUNK: usize = 32;
const MAX_CHUNKS: usize = 800;
/// In longer chunks pages show less: ten results may lie in ten chunks.
const MAX_WHOLE_CHUNK: usize = 64;

/// A file of the search.
pub struct File {
    pub path: SitePath,
    /// The hash of what it holds, where a memo keeps it.
    pub key: Key,
    /// What it holds; `None` if that is what an earlier run has made.
    pub held: Option<Vec<u8>>,
}

impl File {
    /// Returns what the file holds; nothing of one that was not made.
    pub fn bytes(&self) -> &[u8] {
        self.held.as_deref().unwrap_or_default()
    }
}

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// Every file.
    All,
    /// Every file but those of which the memo knows that they are as in
    /// an earlier run.
    News,
}

/// What `search/manifest.json` says.
#[derive(Serialize)]
struct Manifest<'m> {
    v: u32,
    n: usize,
    entities: usize,
    lang: &'m str,
    #[serde(flatten)]
    spoken: language::Spoken,
    fields: [(&'static str, f64); 4],
    limit: usize,
    teasers: bool,
    terms: Shards,
    more: Shards,
    docs: Chunks,
    entity: Chunks,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plain: Option<String>,
}

/// Files of so many rows each, in order.
#[derive(Serialize)]
struct Chunks {
    len: usize,
    hash: String,
}

/// Makes the files of the search, sorted by path.
pub fn files(memo: &Memo, site: &Site, want: Want) -> Vec<File> {
    let corpus = documents::corpus(site);
    // What one script holds of all files needs all of them.
    let is_small = corpus.places.len() < plain::N_DOCUMENTS;
    let want = if is_small { Want::All } else { want };
    let (parts, keys) = parts(memo, &corpus);
    let ((index, plain), (chunks, names)) = join(
        || (ranges::shards(memo, &parts, &keys, want), plain(memo, &parts, &keys, &corpus)),
        || join(|| chunks(memo, &corpus, &parts), || names(memo, &corpus, &parts)),
    );
    let mut files = vec![];
    let mut manifest = Manifest {
        v: 3,
        n: corpus.places.len(),
        entities: site.catalog.entities.len(),
        lang: &tokens::language(&site.config),
        spoken: language::spoken(&site.config),
        fields: boosts(&site.config.search),
        limit: site.config.search.limit,
        teasers: site.config.search.teasers,
        terms: Shards::default(),
        more: Shards::default(),
        docs: Chunks { len: chunk_len(corpus.places.len()), hash: String::new() },
        entity: Chunks { len: names::N_ENTITIES, hash: String::new() },
        words: String::new(),
        plain: None,
    };
    let [(terms, of_terms), (more, of_more)] = index;
    (manifest.terms, manifest.more) = (terms, more);
    files.extend(of_terms);
    files.extend(of_more);
    let (docs, of_docs) = chunks;
    manifest.docs.hash = docs;
    files.extend(of_docs);
    let (entities, words, of_names) = names;
    (manifest.entity.hash, manifest.words) = (entities, words);
    files.extend(of_names);
    if let Some(bytes) = plain {
        let hash = name(&bytes, 8);
        files.push(file(memo, &format!("search/index-{hash}.json"), bytes));
        manifest.plain = Some(hash);
    }
    files.push(file(memo, "search/manifest.json", json(&manifest)));
    if is_small {
        let bytes = offline::script(&files);
        files.push(file(memo, "search/files.js", bytes));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn file(memo: &Memo, path: &str, bytes: Vec<u8>) -> File {
    File { path: SitePath::new(path), key: file_key(memo, &bytes), held: Some(bytes) }
}

/// Returns the hash of a file, if anybody will compare it.
fn file_key(memo: &Memo, bytes: &[u8]) -> Key {
    if memo.keeps() { hash::key(&[bytes]) } else { Key::default() }
}

/// Returns the fields with what a match in them counts.
fn boosts(search: &Search) -> [(&'static str, f64); 4] {
    let boost = &search.boost;
    [("body", boost.body), ("title", boost.title), ("headings", boost.headings), ("tags", boost.tags)]
        .map(|(field, hundredths)| (field, f64::from(hundredths) / 100.0))
}

/// Reads all documents, as far as the memo does not know them. Returns
/// the keys of the parts too.
fn parts(memo: &Memo, corpus: &Corpus<'_>) -> (Vec<Part>, Vec<Key>) {
    let places = &corpus.places;
    let keys = if memo.keeps() { par_map(places, |place| corpus.key(*place)) } else { Vec::new() };
    let config = &corpus.site.config;
    let common =
        format!("{} {:?} {:?}", tokens::language(config), config.search.stop_words, config.search.keep_words);
    let ranges = part_ranges(places.len(), &keys);
    let part_key = |range: &std::ops::Range<usize>| {
        let mut bytes: Vec<&[u8]> = vec![b"search", &[INDEX_VERSION], common.as_bytes()];
        bytes.extend(keys.get(range.clone()).unwrap_or_default().iter().map(|key| &key.0[..]));
        hash::key(&bytes)
    };
    let keyed: Vec<(Key, Option<Part>)> = par_map(&ranges, |range| {
        let key = if memo.keeps() { part_key(range) } else { Key::default() };
        (key, Part::recalled(memo, key))
    });
    let (part_keys, mut parts): (Vec<Key>, Vec<Option<Part>>) = keyed.into_iter().unzip();
    // Each thread takes the next one, so that all have about as much.
    let missing: Vec<usize> = (0..ranges.len()).filter(|idx| parts[*idx].is_none()).collect();
    let next = AtomicUsize::new(0);
    let hands: Vec<usize> = (0..n_threads().min(missing.len())).collect();
    let made = par_map(&hands, |_| {
        let (mut tally, pipeline) = (Tally::default(), Pipeline::of(config));
        let make = |idx: &usize| {
            let idx = *idx;
            let range = ranges[idx].clone();
            let texts = places[range.clone()].iter().map(|place| corpus.texts(*place));
            let mut part = part::part(&mut tally, &pipeline, texts);
            if memo.keeps() {
                part.keep(memo, part_keys[idx]);
            }
            (idx, part)
        };
        std::iter::from_fn(|| missing.get(next.fetch_add(1, Ordering::Relaxed))).map(make).collect::<Vec<_>>()
    });
    for (idx, part) in made.into_iter().flatten() {
        parts[idx] = Some(part);
    }
    (parts.into_iter().flatten().collect(), part_keys)
}

/// Shares documents out to parts. How they are shared out does not show
/// in the index.
fn part_ranges(n_documents: usize, keys: &[Key]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut first = 0;
    for end in 1..=n_documents {
        let len = end - first;
        let ends_here = keys.get(end - 1).is_some_and(|key| key.0[0] < 8) && len >= MIN_PART;
        if ends_here || len == MAX_PART || end == n_documents {
            ranges.push(first..end);
            first = end;
        }
    }
    ranges
}

/// Writes the plain index of a small site.
fn plain(memo: &Memo, parts: &[Part], keys: &[Key], corpus: &Corpus<'_>) -> Option<Vec<u8>> {
    let n_documents = corpus.places.len();
    if n_documents >= plain::N_DOCUMENTS {
        return None;
    }
    if memo.keeps() {
        parts.iter().zip(keys).for_each(|(part, key)| part.fetch(memo, *key));
    }
    let stretch = merge::stretch(parts, &merge::firsts(parts), &[], None);
    Some(plain::plain(&Pipeline::of(&corpus.site.config), &[stretch], n_documents))
}

/// Returns how many documents are shown in a chunk.
fn chunk_len(n_documents: usize) -> usize {
    let mut len = MIN_CHUNK;
    while n_documents > len * MAX_CHUNKS {
        len *= 2;
    }
    len
}

/// Writes what is shown of each document.
fn chunks(memo: &Memo, corpus: &Corpus<'_>, parts: &[Part]) -> (String, Vec<File>) {
    let leads: Vec<&str> =
        parts.iter().flat_map(|part| part.outline.leads.iter().map(|lead| &**lead)).collect();
    let rows: Vec<(Place, &str)> = corpus.places.iter().copied().zip(leads).collect();
    let len = chunk_len(rows.len());
    let chunks: Vec<&[(Place, &str)]> = rows.chunks(len).collect();
    let written = par_map(&chunks, |rows| {
        let detail = |lead| if len > MAX_WHOLE_CHUNK { Detail::Brief } else { Detail::Whole { lead } };
        let rows: Vec<_> = rows.iter().map(|(place, lead)| corpus.document(*place, detail(*lead))).collect();
        json(&rows)
    });
    numbered(memo, "d", 6, written)
}

type Names = (String, String, Vec<File>);

fn names(memo: &Memo, corpus: &Corpus<'_>, parts: &[Part]) -> Names {
    let n_entities = corpus.site.catalog.entities.len();
    let firsts: Vec<usize> = (0..n_entities.max(1)).step_by(names::N_ENTITIES).collect();
    let (entities, mut files) =
        numbered(memo, "e", 8, par_map(&firsts, |first| names::entities(corpus, *first)));
    let bytes = names::words(parts);
    let words = name(&bytes, 8);
    files.push(file(memo, &format!("search/w/{words}.json"), bytes));
    (entities, words, files)
}

/// Names files by their number and a hash; returns the hashes too.
fn numbered(memo: &Memo, folder: &str, n_chars: usize, contents: Vec<Vec<u8>>) -> (String, Vec<File>) {
    let mut hashes = String::new();
    let mut files = Vec::with_capacity(contents.len());
    for (number, bytes) in contents.into_iter().enumerate() {
        let hash = name(&bytes, n_chars);
        files.push(file(memo, &format!("search/{folder}/{number}-{hash}.json"), bytes));
        hashes.push_str(&hash);
    }
    (hashes, files)
}

/// Returns the hash of a file as it stands in its name.
fn name(bytes: &[u8], n_chars: usize) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let hash = hash(bytes).0;
    let bits = u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], 0, 0, 0]);
    (0..n_chars).map(|nth| char::from(DIGITS[(bits >> (59 - 5 * nth) & 31) as usize])).collect()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings, numbers and lists always make JSON")
}

#[cfg(test)]
mod tests;
