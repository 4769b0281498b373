//! The small files that answer before any shard is there: the names of
//! the entities with what one may filter by, column by column, and the
//! words of titles for those who mistype them.

use std::collections::HashMap;

use serde::Serialize;

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

/// The names of some entities. Rows of the columns are entities.
#[derive(Serialize)]
struct Names<'s> {
    /// The kind as it is written, its icon, and how many entities of it
    /// follow one another.
    kinds: Vec<(&'s str, &'static str, usize)>,
    names: Vec<&'s str>,
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
    entity: Vec<i64>,
    /// Where a docs site lies, empty where that follows from its entity.
    base: Vec<&'s str>,
}

/// Values by number, as they come up.
#[derive(Default)]
struct Table {
    numbers: HashMap<String, i32>,
    of: Vec<String>,
}

impl Table {
    fn number(&mut self, value: Option<String>) -> i32 {
        let Some(value) = value else { return -1 };
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = self.of.len() as i32;
        self.of.push(value.clone());
        self.numbers.insert(value, number);
        number
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
    let mut tags = Table::default();
    let tag_rows = entities.iter().map(|entity| {
        entity.metadata.tags.iter().map(|tag| tags.number(Some(tag.to_string()))).collect::<Vec<i32>>()
    });
    let at = tag_rows.collect();
    json(&Names {
        kinds,
        names: entities.iter().map(|entity| &*entity.entity_ref.name).collect(),
        titles: entities.iter().map(title).collect(),
        namespace: column(entities, |entity| Some(entity.entity_ref.namespace.to_string())),
        spec_type: text("type"),
        lifecycle: text("lifecycle"),
        owner: target("owner"),
        system: target("system"),
        tag: Column { of: tags.of, at },
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
    let mut table = Table::default();
    let mut at: Vec<i32> = entities.iter().map(|entity| table.number(value(entity))).collect();
    if table.of.is_empty() {
        at.clear();
    }
    Column { of: table.of, at }
}

fn ranges<'s>(corpus: &Corpus<'s>) -> Ranges<'s> {
    let mut ranges = Ranges { apis: corpus.apis.len(), ..Ranges::default() };
    for (id, offers) in &corpus.apis {
        ranges.n.push(offers.len());
        ranges.entity.push(i64::from(id.0));
        ranges.base.push("");
    }
    for (docs, n_pages) in corpus.site.docs.iter().zip(&corpus.n_pages) {
        let owner: Option<(EntityId, &Entity)> =
            docs.plan.entities.first().map(|id| (*id, corpus.site.catalog.entity(*id)));
        ranges.n.push(*n_pages);
        ranges.entity.push(owner.map_or(-1, |(id, _)| i64::from(id.0)));
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

/// Writes the words of all titles, each without what it has in common
/// with the one before.
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
    let mut text = Vec::new();
    let mut before: Vec<char> = Vec::new();
    for (word, _) in words {
        let mut plain = Vec::new();
        push_sorted(&mut plain, &word);
        let word: Vec<char> = String::from_utf8_lossy(&plain).chars().collect();
        let shared = word.iter().zip(&before).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf16());
        // Counted as JavaScript counts.
        let (mut n_units, mut n_chars) = (0, 0);
        for units in shared {
            if n_units + units > usize::from(digits::MAX_WEIGHT) {
                break;
            }
            n_units += units;
            n_chars += 1;
        }
        if !text.is_empty() {
            text.push(b' ');
        }
        text.push(digits::character(n_units as u8));
        text.extend(word[n_chars..].iter().collect::<String>().bytes());
        before = word;
    }
    json(&Words { words: String::from_utf8_lossy(&text).into_owned() })
}
