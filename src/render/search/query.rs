//! From what somebody types to what is looked for: words that a document
//! must have, words that only add, and filters such as `kind:api`.
//!
//! `search-worker.js` repeats this.

use super::documents::Group;
use super::tokens::{self, Pipeline, Role, fold};

/// More words are not looked for.
const MAX_TERMS: usize = 32;
/// What lies beyond is not read.
const MAX_CHARS: usize = 2_000;

/// What a filter may be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Kind,
    Type,
    Owner,
    System,
    Lifecycle,
    Tag,
    In,
}

impl Key {
    fn of(name: &str) -> Option<Key> {
        Some(match name {
            "kind" => Key::Kind,
            "type" => Key::Type,
            "owner" => Key::Owner,
            "system" => Key::System,
            "lifecycle" => Key::Lifecycle,
            "tag" => Key::Tag,
            "in" => Key::In,
            _ => return None,
        })
    }
}

/// `kind:api`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub key: Key,
    /// Lower case.
    pub value: String,
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// As it was typed, lower case and folded.
    pub raw: String,
    /// As the index has it.
    pub term: String,
    /// Other terms that are as good as half of it.
    pub also: Vec<String>,
    /// Whether it may go on.
    pub is_prefix: bool,
    pub boost: f64,
    /// Whether it counts as a word of the title.
    pub covers: bool,
}

impl Wanted {
    /// Tells whether it is too short to be the beginning of a word in a
    /// text.
    pub fn is_short(&self) -> bool {
        self.raw.is_ascii() && self.raw.len() < 3
    }

    /// Returns the stems that are meant if the word goes on as words of
    /// a language do: `deploy` by `deploymen`.
    pub fn stems(&self, endings: &str) -> Vec<&str> {
        if !self.is_prefix {
            return Vec::new();
        }
        let ends = self.raw.char_indices().map(|(at, _)| at).rev();
        let is_stem = |end: &usize| {
            let tail = &self.raw[*end..];
            self.raw[..*end].chars().nth(3).is_some()
                && endings.split(' ').any(|ending| ending.starts_with(tail))
        };
        ends.filter(is_stem).map(|end| &self.raw[..end]).collect()
    }
}

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub filters: Vec<Filter>,
    /// A document should have all of them.
    pub terms: Vec<Wanted>,
    /// They only add.
    pub bonus: Vec<Wanted>,
    /// The text without filters, folded and lower case.
    pub asked: String,
}

/// Reads a query.
pub fn query(pipeline: &Pipeline, text: &str) -> Query {
    let cut = text.char_indices().nth(MAX_CHARS).map_or(text, |(end, _)| &text[..end]);
    let (filters, text) = filters(cut);
    let tokens = tokens::tokens(&text);
    let wanted = |raw: &str, boost: f64| Wanted {
        raw: raw.to_string(),
        term: pipeline.term(raw).text,
        also: Vec::new(),
        is_prefix: false,
        boost,
        covers: false,
    };
    let parts: Vec<&str> = distinct(tokens.iter().filter(|token| token.role == Role::Part));
    let last = tokens.iter().rfind(|token| token.role == Role::Part).map(|token| token.text.as_str());
    let parts = &parts[parts.len().saturating_sub(MAX_TERMS)..];
    // Of a query of the commonest words alone, each counts.
    let has_rare = parts.iter().any(|part| !pipeline.is_common(part));
    let is_bonus = |part: &str| has_rare && pipeline.is_common(part);
    let is_typing = !text.ends_with(char::is_whitespace);
    let terms = parts
        .iter()
        .filter(|part| !is_bonus(part))
        .map(|part| Wanted { is_prefix: is_typing && last == Some(part), ..wanted(part, 1.0) });
    let names = distinct(tokens.iter().filter(|token| token.role != Role::Part));
    let mut bonus: Vec<Wanted> = names.iter().take(MAX_TERMS).map(|name| wanted(name, 4.0)).collect();
    let common = parts.iter().filter(|part| is_bonus(part));
    bonus.extend(common.map(|part| Wanted { covers: true, ..wanted(part, 1.0) }));
    let folded = fold(&text).to_lowercase();
    let asked = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    Query { filters, terms: terms.collect(), bonus, asked }
}

fn distinct<'t>(tokens: impl Iterator<Item = &'t tokens::Token>) -> Vec<&'t str> {
    let mut distinct: Vec<&str> = Vec::new();
    for token in tokens {
        if !distinct.contains(&token.text.as_str()) {
            distinct.push(&token.text);
        }
    }
    distinct
}

/// Takes the filters out of a query.
fn filters(text: &str) -> (Vec<Filter>, String) {
    let mut filters = Vec::new();
    let mut left = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        left.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = word_end(rest);
        match filter(&rest[..end]) {
            Some(filter) => {
                filters.push(filter);
                left.push(' ');
            }
            None => left.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    (filters, left)
}

/// Returns where a word ends; `owner:"a b"` is one.
fn word_end(text: &str) -> usize {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let quote = text[..end].find(":\"").map(|at| at + 2);
    let closed = quote.and_then(|at| text[at..].find('"').map(|length| at + length + 1));
    match closed {
        Some(closed) if text[closed..].chars().next().is_none_or(char::is_whitespace) => closed,
        _ => end,
    }
}

fn filter(word: &str) -> Option<Filter> {
    let (key, value) = word.split_once(':')?;
    let key = Key::of(&key.to_lowercase())?;
    let value = value.replace('"', "").to_lowercase();
    (!value.is_empty()).then_some(Filter { key, value })
}

/// Tells whether two words differ by one letter, or by two that have
/// changed places; `open` lets the second go on from there.
pub fn is_near(a: &[char], b: &[char], open: Open) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let from = |word: &'_ [char], at: usize| word.get(at..).unwrap_or_default().to_vec();
    let is = |a: Vec<char>, b: Vec<char>| match open {
        Open::No => a == b,
        Open::Yes => b.starts_with(&a),
    };
    is(from(a, same + 1), from(b, same + 1))
        || is(from(a, same), from(b, same + 1))
        || is(from(a, same + 1), from(b, same))
        || a.get(same).is_some()
            && a.get(same) == b.get(same + 1)
            && a.get(same + 1) == b.get(same)
            && is(from(a, same + 2), from(b, same + 2))
}

/// Whether a word may go on beyond another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    Yes,
    No,
}

/// Returns the text of names, each part a word of its own.
pub fn name_text(name: &str, title: &str) -> String {
    let mut spaced = String::from(" ");
    let chars: Vec<char> = format!("{name} {title}").chars().collect();
    for (idx, c) in chars.iter().enumerate() {
        spaced.push(*c);
        let (next, after) = (chars.get(idx + 1), chars.get(idx + 2));
        let Some(next) = next.filter(|next| next.is_uppercase()) else { continue };
        let rises = c.is_lowercase() || c.is_numeric();
        let is_plural = after == Some(&'s') && idx + 3 == chars.len();
        let falls = c.is_uppercase() && next.is_uppercase() && after.is_some_and(|c| c.is_lowercase());
        if rises || falls && !is_plural {
            spaced.push(' ');
        }
    }
    fold(&spaced).to_lowercase()
}

impl Group {
    /// Returns what results of the group stand under.
    pub fn label(self) -> &'static str {
        match self {
            Group::Entity => "Entities",
            Group::Api => "APIs",
            Group::Doc => "Docs",
            Group::People => "People",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::config::Config;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let pipeline = Pipeline::of(&Config::of_folder("/portal".into()));
        let query = query(&pipeline, text);
        let mut words: Vec<String> =
            query.filters.iter().map(|filter| format!("{:?}={}", filter.key, filter.value)).collect();
        let star = |wanted: &Wanted| if wanted.is_prefix { "*" } else { "" };
        words.extend(query.terms.iter().map(|wanted| format!("{}{}", wanted.term, star(wanted))));
        words.extend(query.bonus.iter().map(|wanted| format!("({})", wanted.term)));
        assert_eq!(words.join(" "), expected, "of {text:?}");
    }

    #[test]
    fn words_are_wanted_or_add() {
        check("", "");
        check("pay", "pay*");
        check("payments ", "payment");
        check("getUserName", "user name* (getusernam) (get)");
        check("app of apps", "app app* (of)");
        check("how it is", "how it is*");
        check("café", "cafe* (café)");
        check("serde_yaml::from_str ", "serd yaml str (serde_yaml) (from_str) (serde_yaml::from_str) (from)");
    }

    #[test]
    fn filters_are_taken_out() {
        check("kind:api owner:Payments pet", "Kind=api Owner=payments pet*");
        check("owner:\"team a\" x", "Owner=team a x*");
        check("component:default/x ", "compon default x (component:default/x)");
        check("kind: x ", "kind x");
    }

    #[test]
    fn a_query_of_anything_is_one() {
        for text in ["\u{0}", "\"", "kind:\"", ":", "((((", "\u{301}", "<b>", "\\", &"x ".repeat(10_000)] {
            let pipeline = Pipeline::of(&Config::of_folder("/portal".into()));
            assert!(query(&pipeline, text).terms.len() <= MAX_TERMS);
        }
    }

    #[test]
    fn near_words_differ_by_a_letter() {
        let is = |a: &str, b: &str, open| {
            is_near(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), open)
        };
        for (a, b) in [("serach", "search"), ("serch", "search"), ("seearch", "search"), ("saarch", "search")]
        {
            assert!(is(a, b, Open::No), "{a} {b}");
        }
        assert!(!is("srahce", "search", Open::No));
        assert!(is("serac", "search", Open::Yes));
        assert!(!is("serac", "search", Open::No));
    }
}
