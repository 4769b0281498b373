//! `[search]` and `[search.boost]`.

use globset::Glob;

use super::tree::{Item, Table, Value};
use super::{Keys, Reader};
use crate::model::config::{Boost, Search};
use crate::model::failure::Failure;

const SEARCH: Keys = Keys {
    table: "search",
    ours: &["enable", "language", "stop-words", "keep-words", "exclude", "limit", "teasers", "boost"],
    mdbook: &[],
};
const BOOST: Keys = Keys { table: "search.boost", ours: &["title", "headings", "tags", "body"], mdbook: &[] };
/// More results than this nobody looks at.
const MAX_LIMIT: usize = 1_000;

impl Reader<'_> {
    pub(super) fn search(&mut self, top: &mut Table, defaults: Search) -> Result<Search, Failure> {
        let mut table = self.table(top, "search")?;
        let search = Search {
            enable: self.switch(&mut table, "enable")?.unwrap_or(defaults.enable),
            language: self.checked_text(&mut table, "language", super::language)?,
            stop_words: self.texts(&mut table, "stop-words")?,
            keep_words: self.texts(&mut table, "keep-words")?,
            exclude: self.patterns(&mut table)?,
            limit: self.limit(&mut table)?.unwrap_or(defaults.limit),
            teasers: self.switch(&mut table, "teasers")?.unwrap_or(defaults.teasers),
            boost: self.boost(&mut table, defaults.boost)?,
        };
        self.unknown(&SEARCH, table);
        Ok(search)
    }

    fn patterns(&self, table: &mut Table) -> Result<Vec<String>, Failure> {
        let mut patterns = Vec::new();
        for (text, place) in self.placed_texts(table, "exclude")? {
            if let Err(error) = Glob::new(&text) {
                let message = format!("`exclude` holds `{text}`, which is no pattern: {}", error.kind());
                return Err(self.source.failure(&place, message));
            }
            patterns.push(text);
        }
        Ok(patterns)
    }

    fn limit(&self, table: &mut Table) -> Result<Option<usize>, Failure> {
        let Some(item) = table.take("limit") else { return Ok(None) };
        let number = written(&item).and_then(|text| text.parse().ok());
        match number.filter(|number| (1..=MAX_LIMIT).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong_type("limit", &item, "a whole number from 1 to 1000")),
        }
    }

    fn boost(&mut self, table: &mut Table, defaults: Boost) -> Result<Boost, Failure> {
        let mut table = self.table(table, "boost")?;
        let boost = Boost {
            title: self.hundredths(&mut table, "title")?.unwrap_or(defaults.title),
            headings: self.hundredths(&mut table, "headings")?.unwrap_or(defaults.headings),
            tags: self.hundredths(&mut table, "tags")?.unwrap_or(defaults.tags),
            body: self.hundredths(&mut table, "body")?.unwrap_or(defaults.body),
        };
        self.unknown(&BOOST, table);
        Ok(boost)
    }

    fn hundredths(&self, table: &mut Table, key: &str) -> Result<Option<u32>, Failure> {
        let Some(item) = table.take(key) else { return Ok(None) };
        let number = written(&item).and_then(|text| text.parse::<f64>().ok());
        match number.filter(|number| (0.0..=1_000.0).contains(number)) {
            Some(number) => Ok(Some((number * 100.0).round() as u32)),
            None => Err(self.wrong_type(key, &item, "a number from 0 to 1000")),
        }
    }
}

/// Returns a number as it was written, which in a variable may look like
/// a text.
fn written(item: &Item) -> Option<String> {
    match &item.value {
        Value::Other { written, .. } | Value::Text(written) => Some(written.replace('_', "")),
        _ => None,
    }
}
