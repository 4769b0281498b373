//! The tables of configuration and interface languages.

use super::code::syntax::{C_BLOCKS, Quote, Syntax, feature};
use super::words::Words;
use super::{CALL, CONSTANT, KEYWORD, NAME, OPERATOR, PLAIN, STRING, TYPE};

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

pub(super) static TOML: Syntax = Syntax {
    line_comments: &["#"],
    quotes: &[Quote::new("\"\"\"").long(), Quote::raw("'''").long(), Quote::new("\""), Quote::raw("'")],
    words: Words::new(&[(CONSTANT, PLAIN, "true false inf nan")]),
    letters: "-.",
    call: PLAIN,
    features: feature::TABLES | feature::EQUALS_KEYS | feature::DATES,
    ..Syntax::BASE
}
.ready();

pub(super) static HCL: Syntax = Syntax {
    line_comments: &["#", "//"],
    blocks: C_BLOCKS,
    quotes: &[Quote::new("\"").hole("${")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "resource data module variable output provider terraform locals for in if string number bool any",
        ),
        (CONSTANT, PLAIN, "true false null var local each self path count"),
    ]),
    letters: "-",
    operators: "=!<>&|+*/%?:",
    property: NAME,
    features: feature::EQUALS_KEYS | feature::HEREDOC | feature::STRING_KEYS | feature::BLOCK_TYPES,
    ..Syntax::BASE
}
.ready();

pub(super) static SQL: Syntax = Syntax {
    line_comments: &["--", "#"],
    blocks: C_BLOCKS,
    quotes: &[Quote::new("'").long().doubled(), Quote::raw("\""), Quote::raw("`")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "add all alter analyze any asc auto_increment autoincrement begin bigint bigserial binary bit blob boolean \
             by bytea cascade case cast change char character check collate column columns comment commit conflict \
             constraint create cross current_date current_time current_timestamp database databases date datetime \
             decimal declare default delete desc describe distinct do double drop else end engine enum except execute \
             exists explain extension false_ fetch float for foreign from full function grant group having if ignore \
             index inner insert int integer intersect interval into join json jsonb key language left like_ limit lock \
             materialized natural numeric offset on only order outer over partition precision primary privileges \
             procedure public real recursive references rename replace restrict return returning returns revoke right \
             role rollback row rows schema select sequence serial set show smallint table tables temp temporary text \
             then time timestamp timestamptz tinyint to transaction trigger truncate type union unique unlogged unsigned \
             update use user using uuid values varbinary varchar varying vacuum view when where window with without zone class family function immutable language leakproof money operator parallel \
             returns safe schema sequence setof strict type usage volatile",
        ),
        (OPERATOR, PLAIN, "and as between ilike in is like not or"),
        (CONSTANT, PLAIN, "true false null"),
    ]),
    folded: true,
    operators: "=<>!+-/%|*",
    features: feature::TIGHT_CALLS,
    ..Syntax::BASE
}
.ready();

pub(super) static PROTO: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: &[Quote::new("\""), Quote::new("'")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "syntax edition package import public weak option optional required repeated reserved extensions oneof \
             returns stream to max extend",
        ),
        (KEYWORD, TYPE, "message enum service"),
        (KEYWORD, CALL, "rpc"),
        (CONSTANT, PLAIN, "true false inf nan"),
        (
            TYPE,
            PLAIN,
            "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes map",
        ),
    ]),
    operators: "=-",
    name: NAME,
    property: NAME,
    call: PLAIN,
    features: feature::SHOUTED | feature::OPTIONS,
    ..Syntax::BASE
}
.ready();

pub(super) static GRAPHQL: Syntax = Syntax {
    line_comments: &["#"],
    quotes: &[Quote { class: STRING, ..Quote::new("\"\"\"").long() }, Quote::new("\"")],
    words: Words::new(&[
        (KEYWORD, PLAIN, "query mutation subscription schema directive extend on repeatable"),
        (KEYWORD, TYPE, "type enum input interface union scalar implements fragment"),
        (CONSTANT, PLAIN, "true false null"),
        (TYPE, PLAIN, "Int Float String Boolean ID"),
    ]),
    operators: "|",
    name: NAME,
    property: NAME,
    capital: TYPE,
    call: NAME,
    features: feature::ANNOTATIONS | feature::SIGIL | feature::COLON_KEYS | feature::SHOUTED,
    ..Syntax::BASE
}
.ready();

pub(super) static NGINX: Syntax = Syntax {
    line_comments: &["#"],
    quotes: &[Quote::new("\"").long(), Quote::new("'").long()],
    words: Words::new(&[(CONSTANT, PLAIN, "on off")]),
    letters: "-./:",
    call: PLAIN,
    features: feature::SIGIL | feature::STATEMENT_WORDS | feature::DOLLARS_IN_STRINGS,
    ..Syntax::BASE
}
.ready();

pub(super) static PROMQL: Syntax = Syntax {
    line_comments: &["#"],
    quotes: &[Quote::new("\""), Quote::new("'"), Quote::raw("`")],
    words: Words::new(&[
        (KEYWORD, PLAIN, "by without on ignoring group_left group_right offset bool"),
        (OPERATOR, PLAIN, "and or unless atan2"),
        (CALL, PLAIN, "sum min max avg stddev stdvar count count_values bottomk topk quantile group"),
    ]),
    letters: ":",
    operators: "+-*/%^=!<>~",
    name: NAME,
    features: 0,
    ..Syntax::BASE
}
.ready();
