//! The tables of configuration and interface languages.

use super::CONSTANT;
use super::code::{C_BLOCKS, Quote, Syntax, feature};
use super::words::Words;

pub(super) static JSON: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: &[Quote::new("\""), Quote::new("'")],
    words: Words::new(&[(CONSTANT, b' ', "true false null Infinity NaN")]),
    letters: "$",
    features: feature::STRING_KEYS | feature::COLON_KEYS,
    ..Syntax::BASE
}
.ready();
