//! From text to the words of the index. Developers search for names, so
//! a name is kept whole and in each of its parts: `serde_yaml::from_str`
//! is found by itself, `serde_yaml`, `from_str`, `serde`, `yaml` and
//! `str`. Accents are folded, and what they were is kept beside; Chinese
//! and Japanese, written without spaces, are cut into pairs of
//! characters. English words are stemmed; the commonest of them count in
//! titles, headings and tags alone.
//!
//! `search.js` repeats every step of this file.

use std::collections::HashSet;

use elasticlunr::Language;
use elasticlunr::lang::English;
use elasticlunr::pipeline::PipelineFn;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::config::Config;

/// Longer words are no words: keys, hashes, embedded images.
pub const MAX_CHARS: usize = 48;

/// What a token is to the text that it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The smallest piece: whoever asks for it wants to find it.
    Part,
    /// Several parts and what stands between them: `from_str`.
    Whole,
    /// With the accents that its folded form has lost.
    Exact,
}

/// A token, lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub role: Role,
}

/// What a token is to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub text: String,
    /// It counts in titles, headings and tags alone: one of the commonest
    /// words, or a single letter.
    pub is_minor: bool,
}

/// What a language does to tokens: `stopWordFilter` and `stemmer` of
/// elasticlunr. Its `trimmer` is ours, for elasticlunr's knows ASCII only.
pub struct Pipeline {
    stemmer: Option<Box<dyn PipelineFn>>,
    filter: Option<Box<dyn PipelineFn>>,
    stop: HashSet<String>,
    keep: HashSet<String>,
}

impl Pipeline {
    /// Returns the pipeline of a configuration. What is not English is
    /// not stemmed.
    pub fn of(config: &Config) -> Self {
        let words = |words: &[String]| words.iter().map(|word| fold(word).to_lowercase()).collect();
        let (stop, keep) = (words(&config.search.stop_words), words(&config.search.keep_words));
        let mut pipeline = Pipeline { stemmer: None, filter: None, stop, keep };
        if language(config) == "en" {
            for step in English::new().make_pipeline().queue {
                match &*step.name() {
                    "stemmer" => pipeline.stemmer = Some(step),
                    "stopWordFilter" => pipeline.filter = Some(step),
                    _ => {}
                }
            }
        }
        pipeline
    }

    /// Returns the names of its steps, for the index.
    pub fn names(&self) -> Vec<String> {
        self.filter.iter().chain(&self.stemmer).map(|step| step.name()).collect()
    }

    /// Returns a token as it stands in the index. Names with digits,
    /// punctuation or other scripts are no words of a language and stay
    /// as they are.
    pub fn term(&self, token: &str) -> Term {
        let is_word = token.bytes().all(|byte| byte.is_ascii_lowercase());
        let Some(text) = self.uncommon(token, is_word) else {
            return Term { text: token.to_string(), is_minor: true };
        };
        let is_minor = token.len() == 1 && token.as_bytes()[0].is_ascii_alphanumeric();
        match &self.stemmer {
            Some(stemmer) if is_word => {
                let stem = stemmer.filter(text).filter(|stem| !stem.is_empty());
                Term { text: stem.unwrap_or_else(|| token.to_string()), is_minor }
            }
            _ => Term { text, is_minor },
        }
    }

    /// Tells whether a token is one of the commonest words.
    pub fn is_common(&self, token: &str) -> bool {
        let is_word = token.bytes().all(|byte| byte.is_ascii_lowercase());
        self.uncommon(token, is_word).is_none()
    }

    /// Returns a token unless it is one of the commonest words.
    fn uncommon(&self, token: &str, is_word: bool) -> Option<String> {
        let text = token.to_string();
        if self.keep.contains(token) {
            return Some(text);
        }
        let text = match &self.filter {
            Some(filter) if is_word => filter.filter(text)?,
            _ => text,
        };
        (!self.stop.contains(token)).then_some(text)
    }
}

/// Returns the language whose words are stemmed, without its region.
pub fn language(config: &Config) -> String {
    let tag = config.search.language.as_deref().unwrap_or(&config.book.language);
    tag.split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

/// Returns the tokens of a text: each name whole and in its parts, lower
/// case and folded, stop words among them.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    push_tokens(&fold(text), &mut tokens);
    if !text.is_ascii() {
        let mut exact = Vec::new();
        let composed: String = text.nfkd().filter(|c| !matches!(c, '\'' | '’')).nfc().collect();
        push_tokens(&spaced(&composed), &mut exact);
        // A mark whose letter lies beyond a space or a sign is none.
        exact.retain(|token| {
            let is_known = tokens.iter().any(|folded| folded.text == token.text);
            !is_known && !token.text.starts_with(is_combining_mark)
        });
        tokens.extend(exact.into_iter().map(|token| Token { role: Role::Exact, ..token }));
    }
    tokens
}

fn push_tokens(folded: &str, tokens: &mut Vec<Token>) {
    for chunk in folded.split_whitespace() {
        let chunk = chunk.trim_matches(|c| !is_word(c));
        match chunk.chars().next() {
            None => {}
            Some(first) if is_unspaced(first) => push_pairs(chunk, tokens),
            Some(_) => push_name(chunk, tokens),
        }
    }
}

/// Folds accents and apostrophes away and sets Chinese and Japanese
/// apart by spaces.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.replace('\'', "");
    }
    let bare: String =
        text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\'' | '’')).nfc().collect();
    spaced(&bare)
}

/// Sets Chinese and Japanese apart by spaces.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut was_unspaced = false;
    for c in text.chars() {
        if is_unspaced(c) != was_unspaced {
            spaced.push(' ');
            was_unspaced = !was_unspaced;
        }
        spaced.push(c);
    }
    spaced
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Characters of scripts that are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn push_pairs(chunk: &str, tokens: &mut Vec<Token>) {
    let chars: Vec<char> = chunk.chars().collect();
    match chars.len() {
        1 => push(chunk, Role::Part, tokens),
        _ => {
            for pair in chars.windows(2) {
                push(&pair.iter().collect::<String>(), Role::Part, tokens);
            }
        }
    }
}

/// Pushes a name and its parts; a part that is the whole counts once.
fn push_name(chunk: &str, tokens: &mut Vec<Token>) {
    let is_name = chunk.chars().all(|c| is_word(c) || "_-.:/@#".contains(c));
    let mut parts: Vec<&str> = Vec::new();
    for run in chunk.split(|c| !is_word(c) && c != '_' && c != '-') {
        let run = run.trim_matches(['_', '-']);
        let n_before = parts.len();
        for word in run.split(['_', '-']).filter(|word| !word.is_empty()) {
            let n_before = parts.len();
            push_humps(word, &mut parts);
            if parts.len() > n_before + 1 && word.len() < run.len() {
                push(word, Role::Whole, tokens);
            }
        }
        if parts.len() > n_before + 1 && (run.len() < chunk.len() || !is_name) {
            push(run, Role::Whole, tokens);
        }
    }
    if is_name && parts.len() > 1 {
        push(chunk, Role::Whole, tokens);
    }
    for part in parts {
        push(part, Role::Part, tokens);
    }
}

/// Pushes the parts of a word in camel case: `HTTPServer` is `http` and
/// `server`, and `APIs` is no such word.
fn push_humps<'w>(word: &'w str, parts: &mut Vec<&'w str>) {
    let mut from = 0;
    let mut chars = word.char_indices().peekable();
    let mut before: Option<char> = None;
    while let Some((offset, c)) = chars.next() {
        let next = chars.peek().copied();
        if let Some(before) = before
            && c.is_uppercase()
        {
            let rises = before.is_lowercase() || before.is_numeric();
            let is_plural = next.is_some_and(|(at, next)| next == 's' && at + 1 == word.len());
            let falls =
                before.is_uppercase() && next.is_some_and(|(_, next)| next.is_lowercase()) && !is_plural;
            if rises || falls {
                parts.push(&word[from..offset]);
                from = offset;
            }
        }
        before = Some(c);
    }
    parts.push(&word[from..]);
}

fn push(token: &str, role: Role, tokens: &mut Vec<Token>) {
    if !token.is_empty() && token.chars().count() <= MAX_CHARS {
        tokens.push(Token { text: token.to_lowercase(), role });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same table is read by the test of `search.js`.
    const FIXTURE: &str = include_str!("../../../tests/browser/fixtures/tokens.json");

    /// Lists the tokens, wholes as `=whole`, exact forms as `~exact`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let shown = |token: &Token| match token.role {
            Role::Part => token.text.clone(),
            Role::Whole => format!("={}", token.text),
            Role::Exact => format!("~{}", token.text),
        };
        assert_eq!(tokens(text).iter().map(shown).collect::<Vec<_>>(), expected, "of {text:?}");
    }

    #[test]
    fn names_are_kept_whole_and_in_parts() {
        check(
            "serde_yaml::from_str",
            &["=serde_yaml", "=from_str", "=serde_yaml::from_str", "serde", "yaml", "from", "str"],
        );
        check("getUserName", &["=getusername", "get", "user", "name"]);
        check("HTTPServer2Go", &["=httpserver2go", "http", "server2", "go"]);
        check("REST APIs, IDs", &["rest", "apis", "ids"]);
        check("_private_ --flag", &["private", "flag"]);
        check("mixedCase_and", &["=mixedcase", "=mixedcase_and", "mixed", "case", "and"]);
        check("/pets/{petId}", &["=petid", "pets", "pet", "id"]);
    }

    #[test]
    fn accents_fold_and_scripts_survive() {
        check("État Über café", &["etat", "uber", "cafe", "~état", "~über", "~café"]);
        check("сервис", &["сервис"]);
        check("検索サービス", &["検索", "索サ", "サー", "ービ", "ビス"]);
        check("APIの検", &["api", "の検"]);
    }

    #[test]
    fn long_words_are_left_out() {
        check(&"x".repeat(MAX_CHARS), &[&"x".repeat(MAX_CHARS)]);
        check(&"x".repeat(MAX_CHARS + 1), &[]);
    }

    #[test]
    fn words_are_those_of_the_shared_table() {
        let rows: Vec<(String, Vec<String>)> = serde_json::from_str(FIXTURE).unwrap();
        let pipeline = Pipeline::of(&Config::of_folder("/portal".into()));
        for (text, mut expected) in rows {
            let mut terms: Vec<String> = tokens(&text)
                .into_iter()
                .filter(|token| !pipeline.is_common(&token.text))
                .map(|token| pipeline.term(&token.text).text)
                .collect();
            terms.sort();
            expected.sort();
            assert_eq!(terms, expected, "of {text:?}");
        }
    }

    #[test]
    fn a_language_has_its_own_words() {
        let mut config = Config::of_folder("/portal".into());
        let term = |config: &Config, token: &str| Pipeline::of(config).term(token);
        let minor = |text: &str| Term { text: text.into(), is_minor: true };
        let major = |text: &str| Term { text: text.into(), is_minor: false };
        assert_eq!(term(&config, "services"), major("servic"));
        assert_eq!(term(&config, "the"), minor("the"));
        assert_eq!(term(&config, "x"), minor("x"));
        config.search.stop_words = vec!["Services".to_string()];
        config.search.keep_words = vec!["the".to_string()];
        assert_eq!(term(&config, "services"), minor("services"));
        assert_eq!(term(&config, "the"), major("the"));
        config.search.language = Some("de-CH".to_string());
        config.search.stop_words.clear();
        assert_eq!(term(&config, "services"), major("services"));
        assert_eq!(term(&config, "and"), major("and"));
        assert_eq!(Pipeline::of(&config).names(), [] as [&str; 0]);
    }
}
