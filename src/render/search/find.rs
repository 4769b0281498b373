//! Finds documents as a browser does, in the same files: for
//! `callboard search`. `search-worker.js` repeats this.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::model::config::Config;

use super::query::query;
use super::rank;
use super::tokens::Pipeline;
use super::{File, digits, names};

/// Terms that a beginning stands for, in each field.
const MAX_EXPANDED: usize = 500;
/// Shards that a beginning is looked for in.
const MAX_SHARDS: usize = 3;
/// With fewer results, words are taken for mistyped ones.
const FEW: usize = 3;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The best first.
    pub hits: Vec<Hit>,
    /// How many documents there are in all.
    pub total: usize,
    /// No document has every word.
    pub is_partial: bool,
    /// Words as they were typed, and what was looked for instead.
    pub mended: Vec<(String, String)>,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub score: f64,
    /// Relative to the site's root.
    pub url: String,
    pub title: String,
    pub breadcrumb: String,
    /// `entity`, `api`, `doc` or `people`.
    pub group: String,
    pub teaser: String,
}

#[derive(Deserialize)]
pub(super) struct Manifest {
    pub(super) n: usize,
    pub(super) entities: usize,
    pub(super) fields: Vec<(String, f64)>,
    terms: Table,
    more: Table,
    docs: Chunks,
    pub(super) entity: Chunks,
    pub(super) words: String,
    endings: String,
}

#[derive(Deserialize)]
pub(super) struct Table {
    from: String,
    hash: String,
}

#[derive(Deserialize)]
pub(super) struct Chunks {
    pub(super) len: usize,
    hash: String,
}

#[derive(Deserialize, Default)]
struct Shard {
    terms: String,
    lists: String,
    weights: String,
}

/// A term of a shard, with its list and the weights in it.
pub(super) struct Listed {
    pub(super) term: String,
    list: String,
    weights: String,
}

/// The documents of a term in a field.
#[derive(Clone, Default)]
pub(super) struct Docs {
    pub(super) df: usize,
    pub(super) documents: Vec<(usize, f64)>,
}

/// The files of a search, as far as they were read.
pub(super) struct Index<'f> {
    pub(super) files: &'f [File],
    pub(super) manifest: Manifest,
    pub(super) entities: Vec<Json>,
    /// Whether what the lists leave out is read too.
    reads_more: bool,
    /// The shards that were read, by what they are called.
    pub(super) shards: BTreeMap<String, Vec<Listed>>,
}

/// With so many results, what the lists leave out is not looked at.
const ENOUGH: usize = 10;

/// Finds what a query asks for; `limit` hits at most.
pub fn find(config: &Config, files: &[File], text: &str, limit: usize) -> Option<Found> {
    fetched(config, files, text, limit).map(|(found, _)| found)
}

/// Like [`find`], and returns the paths of the shards and chunks that
/// were read.
pub fn fetched(
    config: &Config,
    files: &[File],
    text: &str,
    limit: usize,
) -> Option<(Found, BTreeSet<String>)> {
    let pipeline = Pipeline::of(config);
    let mut index = Index::of(files)?;
    let mut asked = query(&pipeline, text);
    for term in &mut asked.terms {
        let stems: Vec<String> =
            term.stems(&index.manifest.endings).into_iter().map(str::to_string).collect();
        if !index.has(&term.term) {
            term.also = stems.into_iter().find(|stem| index.has(stem)).into_iter().collect();
        }
    }
    let mut ranked = rank::ranked(&mut index, &asked);
    let mut mended = Vec::new();
    if ranked.is_partial() || ranked.scores.len() < FEW {
        mended = rank::mend(&mut index, &pipeline, &mut asked);
        if !mended.is_empty() {
            let again = rank::ranked(&mut index, &asked);
            if again.most >= ranked.most {
                ranked = again;
            }
        }
    }
    // Whether one word is listed everywhere does not matter much; whether
    // two stand together does.
    let n_wanted = asked.terms.len() + asked.bonus.len() + asked.filters.len();
    if n_wanted > 1 && (ranked.is_partial() || ranked.scores.len() < ENOUGH) {
        index.reads_more = true;
        ranked = rank::ranked(&mut index, &asked);
    }
    let (total, is_partial) = (ranked.scores.len(), ranked.is_partial());
    let mut read = BTreeSet::new();
    let mut hits = Vec::new();
    for group in best_of_groups(&index, ranked.scores, limit.max(ENOUGH)) {
        read.extend(group.iter().map(|(id, _)| index.chunk(*id)));
        hits.extend(
            group.into_iter().filter_map(|(id, score)| Some((id, index.hit(id, score, &asked.asked)?))),
        );
    }
    hits.sort_by(|(a_id, a), (b_id, b)| {
        b.score.total_cmp(&a.score).then(a.url.len().cmp(&b.url.len())).then(a_id.cmp(b_id))
    });
    let hits = hits.into_iter().take(limit).map(|(_, hit)| hit).collect();
    read.extend(index.shards.into_keys());
    Some((Found { hits, total, is_partial, mended }, read))
}

/// Returns the best of each group, at most so many of them: entities,
/// APIs, people, pages.
fn best_of_groups(index: &Index<'_>, mut scores: Vec<(usize, f64)>, limit: usize) -> Vec<Vec<(usize, f64)>> {
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut groups = vec![Vec::new(); 4];
    let group_of = rank::group(index);
    for (id, score) in scores {
        let group: &mut Vec<(usize, f64)> = &mut groups[group_of(id)];
        if group.len() < limit {
            group.push((id, score));
        }
    }
    groups
}

impl<'f> Index<'f> {
    fn of(files: &'f [File]) -> Option<Self> {
        let mut index = Index {
            manifest: serde_json::from_slice(bytes(files, "search/manifest.json")?).ok()?,
            files,
            entities: Vec::new(),
            reads_more: false,
            shards: BTreeMap::new(),
        };
        let hashes = chunked(&index.manifest.entity.hash, 8);
        let read = |(nr, hash): (usize, String)| {
            serde_json::from_slice(bytes(files, &format!("search/e/{nr}-{hash}.json"))?).ok()
        };
        index.entities = hashes.into_iter().enumerate().map(read).collect::<Option<_>>()?;
        index.entities.iter_mut().for_each(names::unfold);
        Some(index)
    }

    fn hit(&self, id: usize, score: f64, asked: &str) -> Option<Hit> {
        let rows: Json = serde_json::from_slice(bytes(self.files, &self.chunk(id))?).ok()?;
        let row = rows.get(id % self.manifest.docs.len)?;
        let text = |column: usize| row.get(column).and_then(Json::as_str).unwrap_or_default().to_string();
        Some(Hit {
            score: score * rank::worth(&text(1), row.get(6).unwrap_or(&Json::Null), asked),
            url: text(0),
            title: text(1),
            breadcrumb: text(2),
            group: text(4),
            teaser: text(5),
        })
    }

    /// Returns the path of the chunk that shows a document.
    fn chunk(&self, id: usize) -> String {
        let nr = id / self.manifest.docs.len;
        let hash = chunked(&self.manifest.docs.hash, 6).into_iter().nth(nr).unwrap_or_default();
        format!("search/d/{nr}-{hash}.json")
    }

    /// Returns the names of the shards that may hold terms from one to
    /// another.
    pub(super) fn shards_of(&self, folder: &str, from: &str, to: &str) -> Vec<String> {
        let table = if folder == "t" { &self.manifest.terms } else { &self.manifest.more };
        let starts: Vec<&str> = table.from.split(' ').collect();
        let hashes = chunked(&table.hash, 8);
        let is_it = |nr: &usize| {
            starts[*nr] <= to && starts.get(nr + 1).is_none_or(|next| utf16(next, from) == Ordering::Greater)
        };
        (0..hashes.len().min(starts.len()))
            .filter(is_it)
            .map(|nr| format!("search/{folder}/{}.json", hashes[nr]))
            .collect()
    }

    pub(super) fn read(&mut self, name: &str) {
        if self.shards.contains_key(name) {
            return;
        }
        let shard: Shard =
            bytes(self.files, name).and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
        let terms = shard.terms.split(' ').zip(shard.lists.split(' ')).zip(shard.weights.split(' '));
        let terms = terms.map(|((term, list), weights)| Listed {
            term: term.to_string(),
            list: list.to_string(),
            weights: weights.to_string(),
        });
        self.shards.insert(name.to_string(), terms.collect());
    }

    /// Returns the documents of a term in a field, as far as shards of a
    /// folder list them.
    fn docs(&mut self, folder: &str, term: &str, field: usize) -> Option<Docs> {
        let name = self.shards_of(folder, term, term).pop()?;
        self.read(&name);
        let terms = self.shards.get(&name)?;
        let idx = terms.binary_search_by(|other| utf16(&other.term, term)).ok()?;
        docs(&terms[idx], field)
    }

    pub(super) fn whole(&mut self, term: &str, field: usize) -> Vec<Docs> {
        let has_more = self.reads_more && self.is_capped(term) && !self.is_everywhere(term);
        let folders = if has_more { &["t", "o"][..] } else { &["t"] };
        let lists: Vec<Docs> = folders.iter().filter_map(|folder| self.docs(folder, term, field)).collect();
        let df = lists.iter().map(|docs| docs.df).max().unwrap_or(0);
        lists.into_iter().map(|docs| Docs { df, ..docs }).collect()
    }

    /// Tells whether only the best documents of a term are listed.
    fn is_capped(&mut self, term: &str) -> bool {
        (0..4).any(|field| self.docs("t", term, field).is_some_and(|docs| docs.df > docs.documents.len()))
    }

    /// Tells whether more than half of all documents have a term, and only
    /// the best of them are listed: that one lacks it says nothing.
    pub(super) fn is_everywhere(&mut self, term: &str) -> bool {
        let n_documents = self.manifest.n;
        self.docs("t", term, 0)
            .is_some_and(|docs| docs.df > docs.documents.len() && 2 * docs.df > n_documents)
    }

    pub(super) fn has(&mut self, term: &str) -> bool {
        (0..4).any(|field| self.docs("t", term, field).is_some())
    }

    /// Returns the terms of a field that begin so, shortest first, with
    /// their length.
    pub(super) fn below(&mut self, start: &str, field: usize) -> Vec<(usize, Docs)> {
        let end = format!("{start}\u{ffff}");
        let names = self.shards_of("t", start, &end);
        let mut found: Vec<(usize, String, Docs)> = Vec::new();
        for name in names.into_iter().take(MAX_SHARDS) {
            self.read(&name);
            let Some(terms) = self.shards.get(&name) else { continue };
            let of_start = terms.iter().filter(|of| of.term.starts_with(start));
            found.extend(of_start.filter_map(|of| {
                let docs = docs(of, field)?;
                Some((of.term.encode_utf16().count(), of.term.clone(), docs))
            }));
        }
        found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        found.into_iter().take(MAX_EXPANDED).map(|(length, _, docs)| (length, docs)).collect()
    }
}

pub(super) fn bytes<'f>(files: &'f [File], path: &str) -> Option<&'f [u8]> {
    let idx = files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
    Some(files[idx].bytes())
}

/// Cuts a list of hashes; they are ASCII.
fn chunked(text: &str, length: usize) -> Vec<String> {
    text.as_bytes().chunks(length).map(|chunk| String::from_utf8_lossy(chunk).into_owned()).collect()
}

/// Compares as JavaScript does.
fn utf16(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Reads the list of a field.
fn docs(of: &Listed, field: usize) -> Option<Docs> {
    let list = of.list.split('!').nth(field).filter(|list| !list.is_empty())?;
    let mut weights = of.weights.split('!').nth(field)?.as_bytes();
    let (df, mut rest) = match list.split_once('~') {
        Some((df, rest)) => (digits::number(&mut df.as_bytes())? as usize, rest.as_bytes()),
        None => (0, list.as_bytes()),
    };
    let mut documents = Vec::new();
    let mut next = 0;
    while !rest.is_empty() {
        let id = next + digits::number(&mut rest)? as usize;
        documents.push((id, digits::weight_of(digits::weight(&mut weights)?)));
        next = id + 1;
    }
    Some(Docs { df: if df == 0 { documents.len() } else { df }, documents })
}
