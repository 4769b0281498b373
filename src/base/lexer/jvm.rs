//! The tables of the languages on the JVM.

use super::code::syntax::{Block, C_BLOCKS, Nested, Quote, Syntax, feature};
use super::words::Words;
use super::{CALL, CONSTANT, KEYWORD, NAME, PLAIN, TYPE};

pub(super) static JAVA: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: &[Quote::new("\"\"\"").long(), Quote::new("\""), Quote::new("'")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "abstract assert break case catch const continue default do else final finally for goto if \
             instanceof native private protected public return static strictfp switch synchronized throw \
             transient try var volatile while yield sealed permits non-sealed",
        ),
        (KEYWORD, TYPE, "class enum extends implements interface new throws"),
        (KEYWORD, b'P', "import package"),
        (CONSTANT, PLAIN, "true false null this super"),
        (TYPE, PLAIN, "boolean byte char double float int long short void"),
    ]),
    letters: "$",
    operators: "+-*/%=!&|^~?:<>",
    capital: TYPE,
    features: feature::ANNOTATIONS | feature::SHOUTED | feature::GENERICS | feature::TYPED_NAMES,
    ..Syntax::BASE
}
.ready();

pub(super) static KOTLIN: Syntax = Syntax {
    line_comments: &["//"],
    blocks: &[Block { open: "/*", close: "*/", nested: Nested::Yes }],
    quotes: &[Quote::new("\"\"\"").long().hole("${"), Quote::new("\"").hole("${"), Quote::new("'")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "abstract actual annotation as break by catch companion const constructor continue crossinline data do else \
             expect external final finally for if import in infix init inline inner internal is lateinit noinline open \
             operator out override package private protected public reified return sealed suspend tailrec throw try \
             typealias vararg when where while get set",
        ),
        (KEYWORD, NAME, "val var"),
        (KEYWORD, CALL, "fun"),
        (KEYWORD, TYPE, "class enum interface object"),
        (CONSTANT, PLAIN, "true false null this super it"),
    ]),
    operators: "+-*/%=!&|?:<>",
    capital: TYPE,
    features: feature::ANNOTATIONS | feature::DOLLARS_IN_STRINGS | feature::GENERICS,
    ..Syntax::BASE
}
.ready();

pub(super) static GROOVY: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: &[
        Quote::new("\"\"\"").long().hole("${"),
        Quote::new("'''").long(),
        Quote::new("\"").hole("${"),
        Quote::new("'"),
    ],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "abstract as assert break case catch const continue def default do else final finally for if import in \
             instanceof native new package private protected public return static switch synchronized throw throws \
             trait transient try var volatile while",
        ),
        (KEYWORD, TYPE, "class enum extends implements interface"),
        (CALL, PLAIN, "println print"),
        (CONSTANT, PLAIN, "true false null this super it"),
        (TYPE, PLAIN, "boolean byte char double float int long short void"),
    ]),
    operators: "+-*/%=!&|?<>",
    capital: TYPE,
    features: feature::ANNOTATIONS | feature::DOLLARS_IN_STRINGS | feature::COLON_KEYS,
    ..Syntax::BASE
}
.ready();
