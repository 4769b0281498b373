//! The small files that answer before any shard is there: the names of
//! the entities with what one may filter by, column by column, and the
//! words of titles for those who mistype them.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;

use crate::model::entity::{Entity, EntityId};
use crate::model::site_path::entity_folder;
use crate::render::kinds;

use super::digits;
use super::documents::Corpus;
use super::json;
use super::part::Part;
use super::vocabulary::{push_sorted, sortable};

/// The names of so many entities stand in one file.
pub const N_ENTITIES: usize = 10_000;
/// Of more words, the rarest are left out.
const MAX_WORDS: usize = 60_000;

/// The names of some entities. Rows of the columns are entities. Lists of
/// names and values are [`Folded`].
#[derive(Serialize)]
struct Names<'s> {
    /// The kind as it is written, its icon, and how many entities of it
    /// follow one another.
    kinds: Vec<(&'s str, &'static str, usize)>,
    names: Vec<String>,
    /// The name that is shown, where it is another one.
    titles: Vec<&'s str>,
    namespace: Column<i32>,
    #[serde(rename = "type")]
    spec_type: Column<i32>,
    lifecycle: Column<i32>,
    owner: Column<i32>,
    system: Column<i32>,
    tag: Column<Vec<i32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranges: Option<Ranges<'s>>,
}

/// Values, and which of them each entity has; −1 is none.
#[derive(Serialize)]
struct Column<T> {
    of: Vec<String>,
    at: Vec<T>,
}

/// What the documents after the entities belong to.
#[derive(Serialize, Default)]
struct Ranges<'s> {
    /// So many of them, the first, are the operations and schemas of an
    /// API; the others are docs sites.
    apis: usize,
    n: Vec<usize>,
    /// How many entities lie between it and the last that was named.
    entity: Vec<Option<i64>>,
    /// Where a docs site lies, empty where that follows from its entity.
    base: Vec<&'s str>,
}

/// Writes words one after another, each without what it has in common
/// with the one before, and instead with a character whose value tells
/// how much that is, as JavaScript counts.
#[derive(Default)]
struct Folded {
    before: Vec<char>,
}

impl Folded {
    fn word(&mut self, word: &str) -> String {
        let word: Vec<char> = word.chars().collect();
        let shared = word.iter().zip(&self.before).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf16());
        let (mut n_units, mut n_chars) = (0, 0);
        for units in shared {
            if n_units + units > usize::from(digits::MAX_WEIGHT) {
                break;
            }
            n_units += units;
            n_chars += 1;
        }
        let rest = word[n_chars..].iter();
        let text =
            std::iter::once(char::from(digits::character(n_units as u8))).chain(rest.copied()).collect();
        self.before = word;
        text
    }

    fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
        let mut folded = Folded::default();
        words.into_iter().map(|word| folded.word(word)).collect()
    }
}

/// Reads the words that [`Folded`] writes.
pub fn unfolded<'w>(words: impl Iterator<Item = &'w str>) -> Vec<Vec<char>> {
    let mut all: Vec<Vec<char>> = Vec::new();
    for word in words {
        let mut chars = word.chars();
        let n_units = chars.next().and_then(|c| digits::value(c as u8)).unwrap_or(0);
        let mut left = i32::from(n_units);
        let shared = all.last().into_iter().flatten().take_while(|c| {
            left -= c.len_utf16() as i32;
            left >= 0
        });
        all.push(shared.copied().chain(chars).collect());
    }
    all
}

/// Puts whole words, and entities by number, into what was read of a
/// file of names.
pub fn unfold(names: &mut Json) {
    let Json::Object(columns) = names else { return };
    for (name, column) in columns.iter_mut() {
        match name.as_str() {
            "names" => unfold_list(column),
            "ranges" => count_entities(column),
            _ => column.get_mut("of").into_iter().for_each(unfold_list),
        }
    }
}

fn unfold_list(list: &mut Json) {
    let Json::Array(words) = list else { return };
    let whole = unfolded(words.iter().map(|word| word.as_str().unwrap_or_default()));
    for (word, whole) in words.iter_mut().zip(whole) {
        *word = Json::from(whole.into_iter().collect::<String>());
    }
}

fn count_entities(ranges: &mut Json) {
    let Some(Json::Array(steps)) = ranges.get_mut("entity") else { return };
    let mut next = 0;
    for step in steps {
        if let Some(distance) = step.as_i64() {
            *step = Json::from(next + distance);
            next += distance + 1;
        }
    }
}

/// Writes the names of the entities from `first` on.
pub fn entities(corpus: &Corpus<'_>, first: usize) -> Vec<u8> {
    let all = &corpus.site.catalog.entities;
    let entities = &all[first..all.len().min(first + N_ENTITIES)];
    let mut kinds: Vec<(&str, &'static str, usize)> = Vec::new();
    for entity in entities {
        match kinds.last_mut() {
            Some((kind, _, n)) if *kind == &*entity.kind => *n += 1,
            _ => kinds.push((&entity.kind, kinds::icon(&entity.entity_ref.kind), 1)),
        }
    }
    let target = |field: &'static str| {
        column(entities, move |entity| entity.targets(field).next().map(ToString::to_string))
    };
    let text =
        |field: &'static str| column(entities, move |entity| entity.spec_text(field).map(str::to_string));
    let tags = |entity: &Entity| entity.metadata.tags.iter().map(ToString::to_string).collect::<Vec<_>>();
    let of: BTreeSet<String> = entities.iter().flat_map(tags).collect();
    let of: Vec<String> = of.into_iter().collect();
    let at = entities.iter().map(|entity| tags(entity).iter().map(|tag| place(&of, tag)).collect()).collect();
    json(&Names {
        kinds,
        names: Folded::words(entities.iter().map(|entity| &*entity.entity_ref.name)),
        titles: entities.iter().map(title).collect(),
        namespace: column(entities, |entity| Some(entity.entity_ref.namespace.to_string())),
        spec_type: text("type"),
        lifecycle: text("lifecycle"),
        owner: target("owner"),
        system: target("system"),
        tag: Column { of: Folded::words(of.iter().map(String::as_str)), at },
        ranges: (first == 0).then(|| ranges(corpus)),
    })
}

fn title(entity: &Entity) -> &str {
    match entity.display_name() {
        name if name == &*entity.entity_ref.name => "",
        name => name,
    }
}

fn column(entities: &[Entity], value: impl Fn(&Entity) -> Option<String>) -> Column<i32> {
    let values: Vec<Option<String>> = entities.iter().map(value).collect();
    let of: BTreeSet<&String> = values.iter().flatten().collect();
    let of: Vec<String> = of.into_iter().cloned().collect();
    let at = match of.is_empty() {
        true => Vec::new(),
        false => values.iter().map(|value| value.as_ref().map_or(-1, |value| place(&of, value))).collect(),
    };
    Column { of: Folded::words(of.iter().map(String::as_str)), at }
}

/// Returns where a value is among all, which are sorted.
fn place(of: &[String], value: &String) -> i32 {
    of.binary_search(value).map_or(-1, |place| place as i32)
}

fn ranges<'s>(corpus: &Corpus<'s>) -> Ranges<'s> {
    let mut ranges = Ranges { apis: corpus.apis.len(), ..Ranges::default() };
    let mut next = 0;
    let mut step = |id: EntityId| {
        let distance = i64::from(id.0) - next;
        next += distance + 1;
        distance
    };
    for (id, offers) in &corpus.apis {
        ranges.n.push(offers.len());
        ranges.entity.push(Some(step(*id)));
        ranges.base.push("");
    }
    for (docs, n_pages) in corpus.site.docs.iter().zip(&corpus.n_pages) {
        let owner: Option<(EntityId, &Entity)> =
            docs.plan.entities.first().map(|id| (*id, corpus.site.catalog.entity(*id)));
        ranges.n.push(*n_pages);
        ranges.entity.push(owner.map(|(id, _)| step(id)));
        let base = owner.map(|(_, entity)| docs_base(entity)).unwrap_or_default();
        ranges.base.push(if base == *docs.plan.base { "" } else { &docs.plan.base });
    }
    ranges
}

/// Returns where the docs of an entity mostly are: `catalog/…` with
/// `docs` in its place.
fn docs_base(entity: &Entity) -> String {
    entity_folder(&entity.entity_ref).replacen("catalog/", "docs/", 1)
}

/// Writes the words of all titles.
pub fn words(parts: &[Part]) -> Vec<u8> {
    #[derive(Serialize)]
    struct Words {
        words: String,
    }
    let mut all: Vec<(&str, u32)> =
        parts.iter().flat_map(|part| part.outline.words.iter().map(|(word, n)| (&**word, *n))).collect();
    all.sort_unstable();
    let mut words: Vec<(Vec<u8>, u32)> = Vec::new();
    for same in all.chunk_by(|a, b| a.0 == b.0) {
        words.push((sortable(same[0].0), same.iter().map(|(_, n)| n).sum()));
    }
    words.sort();
    if words.len() > MAX_WORDS {
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(MAX_WORDS);
        words.sort();
    }
    let mut folded = Folded::default();
    let words = words.iter().map(|(word, _)| {
        let mut plain = Vec::new();
        push_sorted(&mut plain, word);
        folded.word(&String::from_utf8_lossy(&plain))
    });
    json(&Words { words: words.collect::<Vec<_>>().join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_unfolded() {
        let long = "x".repeat(200);
        let words = ["pay", "payment", "payments", "zebra", "\u{20000}a", "\u{20000}b", "", &long, &long];
        let folded = Folded::words(words);
        assert_eq!(folded[..4], ["#pay", "&ment", "*s", "#zebra"]);
        let whole = unfolded(folded.iter().map(String::as_str));
        assert_eq!(whole.iter().map(|word| word.iter().collect::<String>()).collect::<Vec<_>>(), words);
    }
}
