//! What a browser must know of a portal's language to read a query as
//! the index reads a text: the commonest words, and the rules that stem
//! the others. They are data in the manifest, so that the script has no
//! language of its own; `elasticlunr-rs` does the same here.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::config::Config;

use super::tokens::{self, fold};

const ENGLISH: &str = include_str!("english.json");

/// A language, as the manifest has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Spoken {
    /// Words that are never required, with spaces between.
    pub common: String,
    /// What words may end in while they are typed: their stem is meant
    /// already.
    pub endings: String,
    /// The steps of the stemmer. In each the first rule that fits is the
    /// only one: an ending, of what form the rest has to be, and what
    /// takes the place of both.
    pub stems: Vec<Vec<[String; 3]>>,
}

/// Returns the language of a portal, with its own common words.
pub fn spoken(config: &Config) -> Spoken {
    let mut spoken = match tokens::language(config).as_str() {
        "en" => english(),
        _ => Spoken::default(),
    };
    let folded = |words: &[String]| words.iter().map(|word| fold(word).to_lowercase()).collect::<Vec<_>>();
    let (stop, keep) = (folded(&config.search.stop_words), folded(&config.search.keep_words));
    let words = spoken.common.split_whitespace().map(str::to_string).chain(stop);
    let words: BTreeSet<String> = words.filter(|word| !keep.contains(word)).collect();
    spoken.common = words.into_iter().collect::<Vec<_>>().join(" ");
    spoken
}

/// Returns what English does to words.
pub fn english() -> Spoken {
    serde_json::from_str(ENGLISH).expect("our own table is JSON of this form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::search::tokens::Pipeline;

    #[test]
    fn the_commonest_words_are_those_of_the_index() {
        let config = Config::of_folder("/portal".into());
        let pipeline = Pipeline::of(&config);
        let spoken = spoken(&config);
        assert!(spoken.common.split(' ').count() > 100);
        assert!(spoken.common.split(' ').all(|word| pipeline.is_common(word)));
    }

    #[test]
    fn a_portal_has_words_of_its_own() {
        let mut config = Config::of_folder("/portal".into());
        config.search.stop_words = vec!["Fähre".to_string()];
        config.search.keep_words = vec!["the".to_string()];
        let words = spoken(&config).common;
        assert!(words.split(' ').any(|word| word == "fahre") && words.split(' ').all(|word| word != "the"));
        config.search.language = Some("de".to_string());
        let german = spoken(&config);
        assert_eq!((german.common.as_str(), german.stems.len()), ("fahre", 0));
    }
}
