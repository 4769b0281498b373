//! A kind's entities for the browser and for export: what the table of
//! the kind shows, of all entities and in the order of the table.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::entity::{Entity, EntityId};
use crate::model::relation::RelationKind;
use crate::model::site::Site;

use super::index::{Index, KindList};
use super::json;
use super::views::{self, catalog, definition};

const IS_ORPHAN: u32 = 1;
const HAS_ERROR: u32 = 2;
const HAS_WARNING: u32 = 4;
const IS_DANGLING: u32 = 8;
const HAS_DEFINITION: u32 = 16;
const IS_INFERRED: u32 = 32;

/// Words that many rows share, each once: a row has their numbers.
#[derive(Default)]
struct Words {
    numbers: BTreeMap<String, usize>,
    /// Each as JSON, in the order of the numbers.
    json: Vec<String>,
}

impl Words {
    /// Returns the number of a word, counted from 1.
    fn number(&mut self, word: &str, json: impl FnOnce() -> String) -> usize {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        self.json.push(json());
        self.numbers.insert(word.to_string(), self.json.len());
        self.json.len()
    }

    fn plain(&mut self, word: &str) -> usize {
        self.number(word, || text_json(word))
    }
}

/// Returns `rows.json`: shared words by the field that they stand in,
/// and rows of `[name, title or 0, folder or 0, namespace, type,
/// lifecycle, owners, systems, tags, description or 0, status,
/// targets]`. A number stands for the word of that number, counted from
/// 1; several are a list, none are 0, and nothing is written for zeros
/// at the end.
pub fn rows(site: &Site, index: &Index, list: &KindList) -> String {
    let [mut namespaces, mut types, mut lifecycles, mut owners, mut systems, mut tags] =
        std::array::from_fn(|_| Words::default());
    let mut rows = String::with_capacity(list.entities.len() * 128);
    for id in &list.entities {
        let entity = site.catalog.entity(*id);
        rows.push_str(if rows.is_empty() { "[" } else { ",\n[" });
        json::push_text(&mut rows, &entity.metadata.name);
        let title = entity.display_name();
        push_text_or_0(&mut rows, if title == &*entity.metadata.name { "" } else { title });
        let folder = &index.folders[id.0 as usize];
        let of = &entity.entity_ref;
        let is_usual = folder.split('/').eq(["catalog", &of.namespace, &of.kind, &of.name]);
        push_text_or_0(&mut rows, if is_usual { "" } else { folder });
        push_number(&mut rows, namespaces.plain(&of.namespace));
        let entity_type = entity.spec_text("type").filter(|text| !text.is_empty());
        push_number(&mut rows, entity_type.map_or(0, |text| types.plain(text)));
        let lifecycle = views::lifecycle(entity).map_or(0, |lifecycle| {
            let json = || format!("[{},{}]", text_json(&lifecycle.text), text_json(lifecycle.tone));
            lifecycles.number(&lifecycle.text, json)
        });
        push_number(&mut rows, lifecycle);
        let of_kind = |kind: RelationKind, only: &'static str| targets(site, index, *id, kind, only);
        push_numbers(&mut rows, of_kind(RelationKind::OwnedBy, ""), &mut owners);
        push_numbers(&mut rows, of_kind(RelationKind::PartOf, "system"), &mut systems);
        let numbers: Vec<usize> = entity.metadata.tags.iter().take(20).map(|tag| tags.plain(tag)).collect();
        push_list(&mut rows, &numbers);
        push_text_or_0(&mut rows, &index.summaries[id.0 as usize]);
        push_number(&mut rows, status(site, *id, entity) as usize);
        let targets = if &*of.kind == "location" { catalog::targets(entity) } else { Vec::new() };
        if !targets.is_empty() {
            rows.push(',');
            json::push_texts(&mut rows, targets.iter().take(20).map(String::as_str));
        }
        while rows.ends_with(",0") {
            rows.truncate(rows.len() - 2);
        }
        rows.push(']');
    }
    let mut text = String::with_capacity(rows.len() + 4096);
    text.push('{');
    json::push_pair(&mut text, "kind", &list.kind);
    json::push_pair(&mut text, "plural", &list.plural);
    let all = [
        ("namespaces", &namespaces),
        ("types", &types),
        ("lifecycles", &lifecycles),
        ("owners", &owners),
        ("systems", &systems),
        ("tags", &tags),
    ];
    for (name, words) in all {
        json::push_key(&mut text, name);
        text.push('[');
        text.push_str(&words.json.join(","));
        text.push(']');
    }
    text.push_str(",\n\"rows\":[\n");
    text.push_str(&rows);
    text.push_str("]}\n");
    text
}

/// Returns the targets of a relation: each with its reference, title and
/// folder, as JSON.
fn targets(
    site: &Site,
    index: &Index,
    id: EntityId,
    kind: RelationKind,
    only: &str,
) -> Vec<(String, String)> {
    let relations = site.catalog.relations_of(id).iter();
    let wanted = relations
        .filter(|relation| relation.kind == kind && (only.is_empty() || only == &*relation.target.kind));
    wanted
        .take(8)
        .map(|relation| {
            let reference = relation.target.to_string();
            let default_kind = if only.is_empty() { "group" } else { only };
            let title = match relation.entity {
                Some(target) => site.catalog.entity(target).display_name().to_string(),
                None => relation.target.short(Some(default_kind)),
            };
            let folder = relation.entity.map_or("", |target| &*index.folders[target.0 as usize]);
            let mut json = String::new();
            json::push_texts(&mut json, [&*title, &*reference, folder]);
            (reference, json)
        })
        .collect()
}

fn status(site: &Site, id: EntityId, entity: &Entity) -> u32 {
    let mut status = 0;
    if entity.annotation("backstage.io/orphan").is_some_and(|orphan| &*orphan.value == "true") {
        status |= IS_ORPHAN;
    }
    for diag in problems(site, entity) {
        match diag.severity() {
            Severity::Error => status |= HAS_ERROR,
            Severity::Warning => status |= HAS_WARNING,
            Severity::Info => {}
        }
    }
    if site.catalog.relations_of(id).iter().any(|relation| relation.entity.is_none()) {
        status |= IS_DANGLING;
    }
    if definition::has_definition(entity) {
        status |= HAS_DEFINITION;
    }
    if entity.inferred_owner.is_some() {
        status |= IS_INFERRED;
    }
    status
}

/// Returns the diagnostics that lie in an entity's document.
pub fn problems<'s>(site: &'s Site, entity: &Entity) -> impl Iterator<Item = &'s Diagnostic> + use<'s> {
    let start = (entity.file, entity.document.start);
    let end = (entity.file, entity.document.end);
    let diagnostics = &site.diagnostics;
    let first =
        diagnostics.partition_point(|diag| diag.span.is_none_or(|span| (span.file, span.start) < start));
    diagnostics[first..]
        .iter()
        .take_while(move |diag| diag.span.is_some_and(|span| (span.file, span.start) <= end))
}

fn text_json(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json::push_text(&mut json, text);
    json
}

fn push_text_or_0(rows: &mut String, text: &str) {
    rows.push(',');
    match text {
        "" => rows.push('0'),
        text => json::push_text(rows, text),
    }
}

fn push_number(rows: &mut String, number: usize) {
    let _infallible = write!(rows, ",{number}");
}

fn push_numbers(rows: &mut String, found: Vec<(String, String)>, words: &mut Words) {
    let numbers: Vec<usize> = found.into_iter().map(|(word, json)| words.number(&word, || json)).collect();
    push_list(rows, &numbers);
}

fn push_list(rows: &mut String, numbers: &[usize]) {
    if numbers.is_empty() {
        rows.push_str(",0");
        return;
    }
    rows.push_str(",[");
    for (idx, number) in numbers.iter().enumerate() {
        let _infallible = write!(rows, "{}{number}", if idx > 0 { "," } else { "" });
    }
    rows.push(']');
}

/// The columns of an export: Backstage's four, then what it leaves out.
const COLUMNS: [&str; 9] =
    ["Name", "Type", "Owner", "Description", "System", "Lifecycle", "Namespace", "Tags", "Reference"];

fn columns(site: &Site, index: &Index, id: EntityId) -> [String; 9] {
    let entity = site.catalog.entity(id);
    let titles = |kind: RelationKind, only: &str| {
        let relations = site.catalog.relations_of(id).iter();
        let wanted = relations
            .filter(|relation| relation.kind == kind && (only.is_empty() || only == &*relation.target.kind));
        wanted.take(8).map(|relation| relation.target.to_string()).collect::<Vec<_>>().join(" ")
    };
    [
        entity.display_name().to_string(),
        entity.spec_text("type").unwrap_or("").to_string(),
        titles(RelationKind::OwnedBy, ""),
        index.summaries[id.0 as usize].to_string(),
        titles(RelationKind::PartOf, "system"),
        entity.spec_text("lifecycle").unwrap_or("").to_string(),
        entity.entity_ref.namespace.to_string(),
        entity.metadata.tags.join(" "),
        entity.entity_ref.to_string(),
    ]
}

/// Returns `export.csv`.
pub fn csv(site: &Site, index: &Index, list: &KindList) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for id in &list.entities {
        for (idx, value) in columns(site, index, *id).iter().enumerate() {
            text.push_str(if idx > 0 { "," } else { "" });
            push_cell(&mut text, value);
        }
        text.push_str("\r\n");
    }
    text
}

/// Appends a cell. A program for tables must not take it for a formula.
fn push_cell(text: &mut String, value: &str) {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_plain = !is_formula && !value.contains([',', '"', '\n', '\r']);
    if is_plain {
        text.push_str(value);
        return;
    }
    text.push('"');
    text.push_str(if is_formula { "'" } else { "" });
    text.push_str(&value.replace('"', "\"\""));
    text.push('"');
}

/// Returns `export.json`: the same as a list of objects.
pub fn export(site: &Site, index: &Index, list: &KindList) -> String {
    let mut text = String::from("[");
    for id in &list.entities {
        text.push_str(if text.ends_with('[') { "{" } else { ",\n{" });
        for (name, value) in COLUMNS.iter().zip(columns(site, index, *id)) {
            json::push_pair(&mut text, &name.to_lowercase(), &value);
        }
        text.push('}');
    }
    text.push_str("]\n");
    text
}

/// Returns `people.json`: groups as `[reference, title]`, and users with
/// the numbers of their groups, for a reader to say who they are.
pub fn people(site: &Site, index: &Index) -> String {
    let of_kind = |kind: &str| -> &[EntityId] {
        index.kinds.iter().find(|list| &*list.kind == kind).map_or(&[], |list| &list.entities)
    };
    let groups = of_kind("group");
    let numbers: BTreeMap<EntityId, usize> = groups.iter().enumerate().map(|(idx, id)| (*id, idx)).collect();
    let push = |text: &mut String, id: EntityId| {
        let entity = site.catalog.entity(id);
        text.push_str(if text.ends_with('[') { "" } else { ",\n" });
        json::push_texts(text, [&*entity.entity_ref.to_string(), entity.display_name()]);
    };
    let mut text = String::from("{\"groups\":[");
    groups.iter().for_each(|id| push(&mut text, *id));
    text.push_str("],\n\"users\":[");
    for id in of_kind("user") {
        push(&mut text, *id);
        text.pop();
        let relations = site.catalog.relations_of(*id).iter();
        let member_of = relations.filter(|relation| relation.kind == RelationKind::MemberOf);
        for group in member_of.filter_map(|relation| numbers.get(&relation.entity?)).take(100) {
            let _infallible = write!(text, ",{group}");
        }
        text.push(']');
    }
    text.push_str("]}\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{index, testing};

    fn list<'i>(index: &'i Index, kind: &str) -> &'i KindList {
        index.kinds.iter().find(|list| &*list.kind == kind).unwrap()
    }

    #[test]
    fn rows_are_short_lists() {
        let site = testing::site();
        let index = index::index(&site);
        let rows: serde_json::Value =
            serde_json::from_str(&rows(&site, &index, list(&index, "component"))).unwrap();
        assert_eq!(
            rows["rows"][0].to_string(),
            r#"["checkout",0,0,1,1,1,[1],[1],0,"Takes money & more.",12]"#
        );
        assert_eq!(
            rows["owners"][0].to_string(),
            r#"["tills","group:default/tills","catalog/default/group/tills"]"#
        );
        assert_eq!(rows["lifecycles"][0].to_string(), r#"["production","good"]"#);
    }

    #[test]
    fn cells_are_never_formulas() {
        let mut text = String::new();
        for value in ["a b", "a,b", "say \"x\"", "=1+1", "-x"] {
            push_cell(&mut text, value);
            text.push('|');
        }
        assert_eq!(text, "a b|\"a,b\"|\"say \"\"x\"\"\"|\"'=1+1\"|\"'-x\"|");
    }

    #[test]
    fn exports_have_every_entity() {
        let site = testing::site();
        let index = index::index(&site);
        let csv = csv(&site, &index, list(&index, "component"));
        assert!(csv.contains("checkout,service,group:default/tills,Takes money & more.,system:default/till-system,production,default,,component:default/checkout\r\n"), "{csv}");
        let export: serde_json::Value =
            serde_json::from_str(&export(&site, &index, list(&index, "api"))).unwrap();
        assert_eq!(export[0]["reference"], "api:default/orders");
        let people: serde_json::Value = serde_json::from_str(&people(&site, &index)).unwrap();
        assert_eq!(
            people.to_string(),
            r#"{"groups":[["group:default/tills","tills"]],"users":[["user:default/ada","ada",0]]}"#
        );
    }
}
