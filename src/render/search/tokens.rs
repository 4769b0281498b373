//! From text to the words of the index. Developers search for names, so
//! a name is kept whole and in each of its parts: `serde_yaml::from_str`
//! is found by itself, `serde_yaml`, `from_str`, `serde`, `yaml` and
//! `str`. Accents are folded; Chinese and Japanese, written without
//! spaces, are cut into pairs of characters. English words are stemmed,
//! and the commonest left out, as elasticlunr does it.
//!
//! `search.js` repeats every step of this file.

use elasticlunr::Language;
use elasticlunr::lang::English;
use elasticlunr::pipeline::PipelineFn;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer words are no words: keys, hashes, embedded images.
const MAX_CHARS: usize = 48;

/// The end of the pipeline that the index names: `stopWordFilter` and
/// `stemmer`. Its `trimmer` is ours, for elasticlunr's knows ASCII only.
pub struct Pipeline {
    steps: Vec<Box<dyn PipelineFn>>,
}

impl Pipeline {
    /// Returns elasticlunr's English pipeline without its trimmer.
    pub fn english() -> Self {
        let mut steps = English::new().make_pipeline().queue;
        steps.retain(|step| step.name() != "trimmer");
        Pipeline { steps }
    }

    /// Returns the names of its steps, for the index.
    pub fn names(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.name()).collect()
    }

    /// Returns a token as it stands in the index; none for the commonest
    /// words. Names with digits, punctuation or other scripts are not
    /// English and stay as they are.
    pub fn word(&self, token: String) -> Option<String> {
        if !token.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Some(token);
        }
        self.steps.iter().try_fold(token, |token, step| step.filter(token))
    }
}

/// Returns the tokens of a text: each name whole and in its parts, lower
/// case and folded, stop words among them.
pub fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut tokens = Vec::new();
    for chunk in folded.split_whitespace() {
        let chunk = chunk.trim_matches(|c| !is_word(c));
        match chunk.chars().next() {
            None => {}
            Some(first) if is_unspaced(first) => push_pairs(chunk, &mut tokens),
            Some(_) => push_name(chunk, &mut tokens),
        }
    }
    tokens
}

/// Folds accents and apostrophes away and sets Chinese and Japanese
/// apart by spaces.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.replace('\'', "");
    }
    let bare: String =
        text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\'' | '’')).nfc().collect();
    let mut folded = String::with_capacity(bare.len());
    let mut was_unspaced = false;
    for c in bare.chars() {
        if is_unspaced(c) != was_unspaced {
            folded.push(' ');
            was_unspaced = !was_unspaced;
        }
        folded.push(c);
    }
    folded
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Characters of scripts that are written without spaces.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn push_pairs(chunk: &str, tokens: &mut Vec<String>) {
    let chars: Vec<char> = chunk.chars().collect();
    match chars.len() {
        1 => push(chunk, tokens),
        _ => tokens.extend(chars.windows(2).map(|pair| pair.iter().collect::<String>())),
    }
}

/// Pushes a name and its parts; a part that is the whole counts once.
fn push_name(chunk: &str, tokens: &mut Vec<String>) {
    let is_name = chunk.chars().all(|c| is_word(c) || "_-.:/@#".contains(c));
    if is_name {
        push(chunk, tokens);
    }
    for run in chunk.split(|c| !is_word(c) && c != '_' && c != '-') {
        let run = run.trim_matches(['_', '-']);
        if run.len() < chunk.len() || !is_name {
            push(run, tokens);
        }
        for word in run.split(['_', '-']) {
            if word.len() < run.len() {
                push(word, tokens);
            }
            push_humps(word, tokens);
        }
    }
}

/// Pushes the parts of a word in camel case, if it has several:
/// `HTTPServer` is `http` and `server`, and `APIs` is no such word.
fn push_humps(word: &str, tokens: &mut Vec<String>) {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut from = 0;
    for idx in 1..chars.len() {
        let (offset, c) = chars[idx];
        let before = chars[idx - 1].1;
        let rises = c.is_uppercase() && (before.is_lowercase() || before.is_numeric());
        let next = chars.get(idx + 1).map(|(_, next)| *next);
        let is_plural = next == Some('s') && idx + 2 == chars.len();
        let falls =
            c.is_uppercase() && before.is_uppercase() && next.is_some_and(char::is_lowercase) && !is_plural;
        if rises || falls {
            push(&word[from..offset], tokens);
            from = offset;
        }
    }
    if from > 0 {
        push(&word[from..], tokens);
    }
}

fn push(token: &str, tokens: &mut Vec<String>) {
    if !token.is_empty() && token.chars().count() <= MAX_CHARS {
        tokens.push(token.to_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same table is read by the test of `search.js`.
    const FIXTURE: &str = include_str!("../../../tests/browser/fixtures/tokens.json");

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text), expected, "of {text:?}");
    }

    #[test]
    fn names_are_kept_whole_and_in_parts() {
        check(
            "serde_yaml::from_str",
            &["serde_yaml::from_str", "serde_yaml", "serde", "yaml", "from_str", "from", "str"],
        );
        check("getUserName", &["getusername", "get", "user", "name"]);
        check("HTTPServer2Go", &["httpserver2go", "http", "server2", "go"]);
        check("REST APIs, IDs", &["rest", "apis", "ids"]);
        check("_private_ --flag", &["private", "flag"]);
    }

    #[test]
    fn accents_fold_and_scripts_survive() {
        check("État Über café", &["etat", "uber", "cafe"]);
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
        let pipeline = Pipeline::english();
        for (text, expected) in rows {
            let words: Vec<String> =
                tokens(&text).into_iter().filter_map(|token| pipeline.word(token)).collect();
            assert_eq!(words, expected, "of {text:?}");
        }
    }

    #[test]
    fn the_pipeline_has_names_that_elasticlunr_knows() {
        assert_eq!(Pipeline::english().names(), ["stopWordFilter", "stemmer"]);
    }
}
