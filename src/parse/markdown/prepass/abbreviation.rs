//! `*[HTML]: Hyper Text Markup Language`: what a word means, for every
//! place where it is used.

use super::super::Flavour;
use super::{Line, Prepass, Where};

/// How many words a page may explain.
const MAX_WORDS: usize = 200;

/// Drops the line and keeps its word for the writer.
pub(super) fn abbreviation(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    if prepass.flavour != Flavour::TechDocs {
        return None;
    }
    let (word, meaning) = definition(lines[at].text)?;
    if prepass.abbreviations.len() < MAX_WORDS {
        prepass.abbreviations.push((word.to_string(), meaning.to_string()));
    }
    prepass.blank(&lines[at]);
    Some(at + 1)
}

fn definition(text: &str) -> Option<(&str, &str)> {
    let (word, meaning) = text.trim().strip_prefix("*[")?.split_once("]:")?;
    let word = word.trim();
    (!word.is_empty() && word.len() <= 200).then(|| (word, meaning.trim()))
}
