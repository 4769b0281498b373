//! The tables of the web: TypeScript, JavaScript, style sheets.

use super::code::syntax::{C_BLOCKS, Quote, Syntax, feature};
use super::words::{Group, Words};
use super::{CONSTANT, KEYWORD, NAME, OPERATOR, PLAIN, TYPE};

const QUOTES: &[Quote] = &[Quote::new("\""), Quote::new("'"), Quote::new("`").long().hole("${")];

const OPERATORS: &str = "+-*/%=<>!&|^~?:";

const BOTH: u32 =
    feature::REGEX | feature::TYPES | feature::COLON_KEYS | feature::ANNOTATIONS | feature::STRING_KEYS;

const KEYWORDS: Group = (
    KEYWORD,
    PLAIN,
    "async await break case catch const continue debugger declare default do else export finally for from get if \
     import let readonly return set static switch throw try var while with yield as abstract private protected public \
     override satisfies constructor is asserts infer unique",
);
const TYPE_WORDS: Group = (KEYWORD, b'T', "type");
const MEMBER_WORDS: Group = (KEYWORD, b'M', "interface");
const CLASS_WORDS: Group = (KEYWORD, TYPE, "class enum extends implements namespace");
const FUNCTION_WORDS: Group = (KEYWORD, b'f', "function");
const OPERATOR_WORDS: Group = (OPERATOR, PLAIN, "typeof of in delete void new keyof");
const NEW_WORDS: Group = (OPERATOR, TYPE, "instanceof");
const CONSTANTS: Group = (CONSTANT, PLAIN, "true false null undefined NaN Infinity this super JSON Math");
const BUILT_IN_TYPES: Group = (TYPE, PLAIN, "console Object Array Promise module exports");

pub(super) static TYPESCRIPT: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: QUOTES,
    words: Words::new(&[
        KEYWORDS,
        TYPE_WORDS,
        MEMBER_WORDS,
        CLASS_WORDS,
        FUNCTION_WORDS,
        OPERATOR_WORDS,
        NEW_WORDS,
        CONSTANTS,
        BUILT_IN_TYPES,
    ]),
    letters: "$#",
    operators: OPERATORS,
    name: NAME,
    property: NAME,
    features: BOTH | feature::COLON_TYPES,
    ..Syntax::BASE
}
.ready();

pub(super) static TSX: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: QUOTES,
    words: Words::new(&[
        KEYWORDS,
        TYPE_WORDS,
        MEMBER_WORDS,
        CLASS_WORDS,
        FUNCTION_WORDS,
        OPERATOR_WORDS,
        NEW_WORDS,
        CONSTANTS,
        BUILT_IN_TYPES,
    ]),
    letters: "$#",
    operators: OPERATORS,
    name: NAME,
    property: NAME,
    features: BOTH | feature::COLON_TYPES | feature::JSX,
    ..Syntax::BASE
}
.ready();

pub(super) static JAVASCRIPT: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: QUOTES,
    words: Words::new(&[
        KEYWORDS,
        TYPE_WORDS,
        MEMBER_WORDS,
        CLASS_WORDS,
        FUNCTION_WORDS,
        OPERATOR_WORDS,
        NEW_WORDS,
        CONSTANTS,
        BUILT_IN_TYPES,
    ]),
    letters: "$#",
    operators: OPERATORS,
    name: NAME,
    property: NAME,
    features: BOTH | feature::JSX,
    ..Syntax::BASE
}
.ready();
