//! The tree of values that `book.toml` and the environment give, before
//! it is known what they mean. Every value knows where it was written.

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::text::Lines;
use crate::model::diagnostic::Span;
use crate::model::failure::Failure;
use crate::model::file::FileId;

/// Where a key or a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    File(Range<usize>),
    Variable(String),
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub struct Item {
    pub value: Value,
    pub place: Place,
}

#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Bool(bool),
    /// Anything else that is no text, list or table; the word for it, and
    /// how it was written.
    Other {
        kind: &'static str,
        written: String,
    },
    List(Vec<Item>),
    Table(Table),
}

/// The keys of a table in the order they were written.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub entries: Vec<(Key, Item)>,
}

#[derive(Debug, Clone)]
pub struct Key {
    pub name: String,
    pub place: Place,
}

/// The text of `book.toml`, to say where in it something stands.
#[derive(Debug)]
pub struct Source<'s> {
    pub file: Option<&'s Path>,
    pub lines: Lines<'s>,
}

impl Source<'_> {
    /// Returns the span of a place, if it lies in the file.
    pub fn span(&self, place: &Place) -> Option<Span> {
        let Place::File(range) = place else { return None };
        let (line, column) = self.lines.line_column(range.start);
        Some(Span { file: FileId(0), start: range.start as u32, end: range.end as u32, line, column })
    }

    /// Returns a failure at a place.
    pub fn failure(&self, place: &Place, message: impl std::fmt::Display) -> Failure {
        match place {
            Place::File(range) => self.failure_at(range.start, message),
            Place::Variable(name) => Failure::usage(format!("`{name}`: {message}")),
        }
    }

    fn failure_at(&self, offset: usize, message: impl std::fmt::Display) -> Failure {
        let (line, column) = self.lines.line_column(offset);
        let file = self.file.map_or("book.toml".into(), |file| file.to_string_lossy());
        Failure::usage(format!("{file}:{line}:{column}: {message}"))
    }
}

impl Table {
    /// Takes a key out of the table.
    pub fn take(&mut self, name: &str) -> Option<Item> {
        let idx = self.entries.iter().position(|(key, _)| key.name == name)?;
        Some(self.entries.remove(idx).1)
    }

    /// Tells whether the table has a key.
    pub fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(key, _)| key.name == name)
    }

    /// Sets the value at a path of keys, in place of what is there; two
    /// tables become one.
    pub fn set(&mut self, path: &[&str], item: Item) {
        let [name, rest @ ..] = path else { return };
        let idx = match self.entries.iter().position(|(key, _)| key.name == *name) {
            Some(idx) => idx,
            None => {
                let empty = Item { value: Value::Table(Table::default()), place: item.place.clone() };
                self.entries.push((Key { name: name.to_string(), place: item.place.clone() }, empty));
                self.entries.len() - 1
            }
        };
        let slot = &mut self.entries[idx].1;
        match (&mut slot.value, rest, item.value) {
            (Value::Table(table), [], Value::Table(new)) => {
                for (key, item) in new.entries {
                    table.set(&[&key.name], item);
                }
            }
            (_, [], value) => *slot = Item { value, place: item.place },
            (Value::Table(table), rest, value) => table.set(rest, Item { value, place: item.place }),
            (_, rest, value) => {
                let mut table = Table::default();
                table.set(rest, Item { value, place: item.place.clone() });
                *slot = Item { value: Value::Table(table), place: item.place };
            }
        }
    }
}

impl Value {
    /// Returns what the value is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Bool(_) => "`true` or `false`",
            Value::Other { kind, .. } => kind,
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Reads `book.toml`.
pub fn of_toml(text: &str, source: &Source<'_>) -> Result<Table, Failure> {
    match DeTable::parse(text) {
        Ok(table) => Ok(toml_table(table.into_inner())),
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            Err(source.failure_at(offset, error.message().replace('\n', ", ")))
        }
    }
}

/// Reads a variable by mdBook's rule: the path of its keys, and its
/// value as JSON or else as text. `None` when the name holds no key.
pub fn of_variable(name: &str, text: &str) -> Option<(String, Item)> {
    let key = name.strip_prefix("CALLBOARD_").unwrap_or(name);
    let key = key.to_lowercase().replace("__", ".").replace('_', "-");
    if key.split('.').any(str::is_empty) {
        return None;
    }
    let place = Place::Variable(name.to_string());
    let value = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => json_item(json, &place).value,
        Err(_) => Value::Text(text.to_string()),
    };
    Some((key, Item { value, place }))
}

// The depth of both is bounded by the parsers of TOML and JSON.

fn toml_table(table: DeTable<'_>) -> Table {
    let mut entries: Vec<(Key, Item)> = table
        .into_iter()
        .map(|(key, value)| {
            let place = Place::File(key.span());
            (Key { name: key.into_inner().into_owned(), place }, toml_item(value))
        })
        .collect();
    entries.sort_by_key(|(key, _)| match &key.place {
        Place::File(range) => range.start,
        Place::Variable(_) => usize::MAX,
    });
    Table { entries }
}

fn toml_item(value: Spanned<DeValue<'_>>) -> Item {
    let place = Place::File(value.span());
    let other = |kind, written: String| Value::Other { kind, written };
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Integer(number) => other("a number", number.to_string()),
        DeValue::Float(number) => other("a number", number.to_string()),
        DeValue::Datetime(date) => other("a date", date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(toml_item).collect()),
        DeValue::Table(table) => Value::Table(toml_table(table)),
    };
    Item { value, place }
}

fn json_item(json: serde_json::Value, place: &Place) -> Item {
    let value = match json {
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Bool(value) => Value::Bool(value),
        serde_json::Value::Number(number) => Value::Other { kind: "a number", written: number.to_string() },
        serde_json::Value::Null => Value::Other { kind: "`null`", written: "null".to_string() },
        serde_json::Value::Array(items) => {
            Value::List(items.into_iter().map(|item| json_item(item, place)).collect())
        }
        serde_json::Value::Object(map) => {
            let entry = |(name, json)| (Key { name, place: place.clone() }, json_item(json, place));
            Value::Table(Table { entries: map.into_iter().map(entry).collect() })
        }
    };
    Item { value, place: place.clone() }
}
