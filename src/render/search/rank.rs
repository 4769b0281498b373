//! What documents score for a query, as `search-worker.js` counts it:
//! for each word the sum over the fields of what the field counts, times
//! the best of weight, `tf` and `idf`; of the documents with the most
//! words, those whose title the query covers are worth up to three times
//! as much.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::digits;
use super::documents::asked_for;
use super::find::{Index, bytes};
use super::names;
use super::query::{Filter, Key, Open, Query, Wanted, is_near, name_text};
use super::tokens::Pipeline;

/// Shorter words are not taken for mistyped ones.
const MIN_MENDED: usize = 4;
/// So many words may stand for a mistyped one.
const MAX_MENDED: usize = 4;

/// The documents that have the most words of a query.
pub(super) struct Ranked {
    pub(super) most: usize,
    /// How many words a document should have.
    n_required: usize,
    pub(super) scores: Vec<(usize, f64)>,
}

impl Ranked {
    /// Tells whether no document has every word.
    pub(super) fn is_partial(&self) -> bool {
        self.most < self.n_required
    }
}

/// What a document has of a query so far.
#[derive(Default, Clone)]
struct Tally {
    score: f64,
    /// How much of its title the query says.
    share: f64,
    /// How many words of the query its title has.
    n_in_title: usize,
    n_terms: usize,
}

/// Ranks the documents.
pub(super) fn ranked(index: &mut Index<'_>, query: &Query) -> Ranked {
    let mut tallies = vec![Tally::default(); index.manifest.n];
    let required: Vec<bool> = query.terms.iter().map(|wanted| !index.is_everywhere(&wanted.term)).collect();
    let n_required = required.iter().filter(|is_required| **is_required).count();
    for (wanted, is_required) in query.terms.iter().zip(required) {
        for id in add(index, wanted, true, &mut tallies) {
            // Of words that are everywhere alone, each counts.
            tallies[id].n_terms += usize::from(is_required || n_required == 0);
        }
    }
    for wanted in &query.bonus {
        add(index, wanted, wanted.covers, &mut tallies);
    }
    let most_there = tallies.iter().map(|tally| tally.n_terms).max().unwrap_or(0);
    // Filters alone list entities.
    let n_documents = if query.terms.is_empty() { index.manifest.entities } else { tallies.len() };
    let entities = Entities::of(index);
    let passing = |id: &usize| query.filters.is_empty() || entities.pass(*id, &query.filters);
    for most in (0..=most_there).rev() {
        if most == 0 && (!query.terms.is_empty() || query.filters.is_empty()) {
            break;
        }
        let has_most = |id: &usize| tallies[*id].n_terms == most;
        let ids: Vec<usize> = (0..n_documents).filter(has_most).filter(passing).collect();
        if !ids.is_empty() {
            let n_covering = query.terms.len() + query.bonus.iter().filter(|wanted| wanted.covers).count();
            let cover =
                |tally: &Tally| tally.share.min(1.0) * tally.n_in_title as f64 / n_covering.max(1) as f64;
            let score = |tally: &Tally| tally.score * (1.0 + 2.0 * cover(tally).powi(2));
            let scores = ids.into_iter().map(|id| (id, score(&tallies[id]))).collect();
            return Ranked { most, n_required, scores };
        }
    }
    Ranked { most: 0, n_required, scores: Vec::new() }
}

/// Adds what each document scores for a word; returns the documents.
fn add(index: &mut Index<'_>, wanted: &Wanted, covers: bool, tallies: &mut [Tally]) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    for field in 0..index.manifest.fields.len() {
        let (name, boost) = index.manifest.fields[field].clone();
        let mut best = Best { values: Vec::new(), n: index.manifest.n };
        for docs in index.whole(&wanted.term, field) {
            best.add(&docs.documents, docs.df, 1.0);
            if covers && name == "title" {
                for (id, tf) in &docs.documents {
                    tallies[*id].share += tf * tf;
                    tallies[*id].n_in_title += 1;
                }
            }
        }
        for also in &wanted.also {
            index.whole(also, field).iter().for_each(|docs| best.add(&docs.documents, docs.df, 0.5));
        }
        if wanted.is_prefix && !wanted.is_short() {
            let length = wanted.raw.encode_utf16().count() as f64;
            for (n_units, docs) in index.below(&wanted.raw, field) {
                best.add(&docs.documents, docs.df, 0.5 * length / n_units as f64);
            }
        } else if wanted.is_prefix && name == "title" {
            // One or two letters begin too many words of a text.
            let named = Entities::of(index).named(&wanted.raw);
            let (df, length) = (named.len(), wanted.raw.len() as f64);
            for (id, n_chars, n_words) in named {
                let tf = 0.5 * length / n_chars as f64 / (n_words as f64).sqrt();
                best.add(&[(id, tf)], df, 1.0);
            }
        }
        best.values.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        best.values.dedup_by_key(|(id, _)| *id);
        for (id, value) in best.values {
            tallies[id].score += boost * value * wanted.boost;
            all.insert(id);
        }
    }
    all
}

/// What documents score in one field.
struct Best {
    values: Vec<(usize, f64)>,
    n: usize,
}

impl Best {
    fn add(&mut self, documents: &[(usize, f64)], df: usize, weight: f64) {
        let idf = weight * (1.0 + (self.n as f64 / (df as f64 + 1.0)).ln());
        self.values.extend(documents.iter().filter(|(id, _)| *id < self.n).map(|(id, tf)| (*id, idf * tf)));
    }
}

/// Replaces words that nothing has by those that are nearest: first those
/// of names and titles, then those of texts. Returns which.
pub(super) fn mend(index: &mut Index<'_>, pipeline: &Pipeline, query: &mut Query) -> Vec<(String, String)> {
    let words = title_words(index);
    let mut mended = Vec::new();
    for wanted in &mut query.terms {
        let raw: Vec<char> = wanted.raw.chars().collect();
        if raw.len() < MIN_MENDED || !wanted.also.is_empty() || index.has(&wanted.term) {
            continue;
        }
        let near = |open: Open| {
            let is_it = |word: &&Vec<char>| match open {
                Open::No => word.len().abs_diff(raw.len()) < 2 && is_near(&raw, word, open),
                Open::Yes => word.len() > raw.len() && is_near(&raw, word, open),
            };
            words.iter().filter(is_it).cloned().collect::<Vec<_>>()
        };
        let mut found = near(Open::No);
        if found.is_empty() && wanted.is_prefix {
            found = near(Open::Yes);
        }
        if found.is_empty() {
            found = near_terms(index, &wanted.term);
        }
        // The first letter is seldom wrong.
        found.sort_by_key(|word| (word.first() != raw.first(), word.len().abs_diff(raw.len())));
        found.truncate(MAX_MENDED);
        let text = |word: &Vec<char>| word.iter().collect::<String>();
        if let Some(first) = found.first() {
            mended.push((wanted.raw.clone(), text(first)));
        }
        for term in found.iter().map(|word| pipeline.term(&text(word)).text) {
            if !wanted.also.contains(&term) {
                wanted.also.push(term);
            }
        }
    }
    mended
}

/// Returns the words of titles.
fn title_words(index: &Index<'_>) -> Vec<Vec<char>> {
    let path = format!("search/w/{}.json", index.manifest.words);
    let read: Json =
        bytes(index.files, &path).and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    names::unfolded(read.get("words").and_then(Json::as_str).unwrap_or_default().split(' '))
}

fn near_terms(index: &mut Index<'_>, term: &str) -> Vec<Vec<char>> {
    let wanted: Vec<char> = term.chars().collect();
    let mut found = Vec::new();
    for name in index.shards_of("t", term, term) {
        index.read(&name);
        let terms = index.shards.get(&name).into_iter().flatten();
        let terms = terms.map(|of| of.term.chars().collect::<Vec<char>>());
        found.extend(
            terms.filter(|other| other.len().abs_diff(wanted.len()) < 2 && is_near(&wanted, other, Open::No)),
        );
    }
    found
}

/// Returns a function that tells the number of the group that a document
/// is listed in.
pub(super) fn group<'i>(index: &'i Index<'_>) -> impl Fn(usize) -> usize + 'i {
    let entities = Entities::of(index);
    move |id| match id {
        id if id >= entities.n => {
            if entities.range(id) < entities.n_apis {
                1
            } else {
                2
            }
        }
        id => match entities.kind(id).as_str() {
            "api" => 1,
            "group" | "user" => 3,
            _ => 0,
        },
    }
}

/// Returns how much more a document is worth whose title or headings are
/// what was asked for, word for word.
pub(super) fn worth(title: &str, headings: &Json, asked: &str) -> f64 {
    let worth = if asked_for(title).starts_with(asked) { 2.0 } else { 1.0 };
    let texts = headings.as_array().into_iter().flatten();
    let texts: Vec<String> = texts.filter_map(|heading| Some(asked_for(heading.get(1)?.as_str()?))).collect();
    let is_marked = headings.as_str().is_some_and(|marks| {
        marks.as_bytes().chunks_exact(2).any(|mark| mark == digits::mark(asked).as_bytes())
    });
    if is_marked || texts.iter().any(|text| text == asked) {
        worth * 4.0
    } else if texts.iter().any(|text| text.starts_with(asked)) {
        worth * 1.5
    } else {
        worth
    }
}

/// The columns of the entity files.
struct Entities<'e> {
    files: &'e [Json],
    len: usize,
    n: usize,
    /// So many ranges, the first, are what APIs offer.
    n_apis: usize,
    /// Where the documents of each range end, and its entity.
    ranges: Vec<(usize, Option<usize>)>,
}

impl<'e> Entities<'e> {
    fn of(index: &'e Index<'_>) -> Self {
        let column = |name: &str| {
            let column = index.entities.first().and_then(|file| file.get("ranges")?.get(name)?.as_array());
            column.into_iter().flatten()
        };
        let mut end = index.manifest.entities;
        let range = |(n, entity): (&Json, &Json)| {
            end += n.as_u64().unwrap_or(0) as usize;
            (end, entity.as_u64().map(|entity| entity as usize))
        };
        let ranges = column("n").zip(column("entity")).map(range).collect();
        let (len, n) = (index.manifest.entity.len, index.manifest.entities);
        let n_apis = index.entities.first().and_then(|file| file.get("ranges")?.get("apis")?.as_u64());
        Entities { files: &index.entities, len, n, n_apis: n_apis.unwrap_or(0) as usize, ranges }
    }

    /// Returns the range that a document beyond the entities is in.
    fn range(&self, id: usize) -> usize {
        self.ranges.partition_point(|(end, _)| *end <= id)
    }

    fn text(&self, id: usize, column: &str) -> &'e str {
        let column = self.files.get(id / self.len).and_then(|file| file.get(column));
        column.and_then(|column| column.get(id % self.len)).and_then(Json::as_str).unwrap_or_default()
    }

    fn kind(&self, id: usize) -> String {
        let kinds = self.files.get(id / self.len).and_then(|file| file.get("kinds")).and_then(Json::as_array);
        let mut left = id % self.len;
        for run in kinds.into_iter().flatten() {
            let n = run.get(2).and_then(Json::as_u64).unwrap_or(0) as usize;
            if left < n {
                return run.get(0).and_then(Json::as_str).unwrap_or_default().to_lowercase();
            }
            left -= n;
        }
        String::new()
    }

    /// Returns the values of a column, of which tags have several.
    fn values(&self, id: usize, column: &str) -> Vec<&'e str> {
        let Some(column) = self.files.get(id / self.len).and_then(|file| file.get(column)) else {
            return Vec::new();
        };
        let at = column.get("at").and_then(|at| at.get(id % self.len));
        let value = |at: &Json| column.get("of")?.get(at.as_u64()? as usize)?.as_str();
        match at {
            Some(Json::Array(all)) => all.iter().filter_map(value).collect(),
            Some(at) => value(at).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Tells whether a document has one of the values of each filter.
    fn pass(&self, id: usize, filters: &[Filter]) -> bool {
        let keys: BTreeSet<Key> = filters.iter().map(|filter| filter.key).collect();
        keys.into_iter().all(|key| {
            let values = self.facet(id, key);
            filters
                .iter()
                .any(|filter| filter.key == key && values.iter().any(|value| value == last(&filter.value)))
        })
    }

    /// Returns what a filter may say of a document, lower case.
    fn facet(&self, id: usize, key: Key) -> Vec<String> {
        let (entity, range) = match id < self.n {
            true => (Some(id), None),
            false => {
                let range = self.range(id);
                (self.ranges.get(range).and_then(|(_, entity)| *entity), Some(range))
            }
        };
        let lower = |text: &str| text.to_lowercase();
        let column = |name: &str| {
            let values = entity.map(|entity| self.values(entity, name)).unwrap_or_default();
            values.into_iter().map(|value| lower(last(value))).collect()
        };
        match (key, range) {
            (Key::Kind, Some(range)) if range < self.n_apis => vec!["api".to_string()],
            (Key::Kind, Some(_)) => vec!["docs".to_string()],
            (Key::Kind, None) => entity.map(|entity| self.kind(entity)).into_iter().collect(),
            (Key::In, _) => match entity {
                Some(entity) => vec![lower(self.text(entity, "names"))],
                None => {
                    let ranges = self.files.first().and_then(|file| file.get("ranges"));
                    let base = ranges.and_then(|ranges| ranges.get("base")?.get(range?)?.as_str());
                    vec![lower(last(base.unwrap_or_default()))]
                }
            },
            (Key::Type, _) => column("type"),
            (Key::Owner, _) => column("owner"),
            (Key::System, _) => column("system"),
            (Key::Lifecycle, _) => column("lifecycle"),
            (Key::Tag, _) => column("tag"),
        }
    }

    /// Returns the entities with a word that begins so, the length of the
    /// word, and the number of words.
    fn named(&self, start: &str) -> Vec<(usize, usize, usize)> {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let mut found = Vec::new();
        for id in 0..self.n {
            let text = name_text(self.text(id, "names"), self.text(id, "titles"));
            let starts = text.match_indices(start).map(|(at, _)| at);
            let mut starts = starts.filter(|at| !text[..*at].ends_with(is_word));
            if let Some(at) = starts.next() {
                let n_chars = text[at..].chars().take_while(|c| is_word(*c)).count();
                let n_words = text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).count();
                found.push((id, n_chars.max(1), n_words.max(1)));
            }
        }
        found
    }
}

/// Returns the name in an entity ref or a path.
fn last(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or_default()
}
