//! The tables of compiled languages.

use super::code::syntax::{Block, C_BLOCKS, Nested, Quote, Syntax, feature};
use super::words::{Group, Words};
use super::{CALL, CONSTANT, KEYWORD, NAME, NUMBER, OPERATOR, PLAIN, TYPE};

pub(super) static RUST: Syntax = Syntax {
    line_comments: &["//"],
    blocks: &[Block { open: "/*", close: "*/", nested: Nested::Yes }],
    quotes: &[Quote::new("\"").long()],
    prefixes: &["r", "b", "br", "c", "cr"],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "async await break const continue crate dyn else extern for if impl let loop match mod move mut pub ref \
             return static unsafe use where while yield box macro_rules",
        ),
        (KEYWORD, CALL, "fn"),
        (KEYWORD, TYPE, "enum struct trait type union"),
        (OPERATOR, PLAIN, "as in"),
        (CONSTANT, PLAIN, "true false self super"),
        (
            KEYWORD,
            PLAIN,
            "bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize Self",
        ),
    ]),
    operators: "+-*/%=!&|^<>?",
    capital: TYPE,
    features: feature::RUST | feature::BRACE_FORMATS | feature::SIGIL | feature::TIGHT_CALLS | feature::SHOUTED | feature::GENERICS,
    ..Syntax::BASE
}
.ready();

pub(super) static GO: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: &[Quote::new("\""), Quote::raw("`").long(), Quote { class: CONSTANT, ..Quote::new("'") }],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "break case chan const continue default defer else fallthrough for func go goto if import interface map \
             package range return select struct switch var",
        ),
        (KEYWORD, TYPE, "type"),
        (CONSTANT, PLAIN, "true false nil _"),
        (NUMBER, PLAIN, "iota"),
        (
            TYPE,
            PLAIN,
            "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune \
             string uint uint8 uint16 uint32 uint64 uintptr",
        ),
    ]),
    operators: "+-*/%=!&|^<>:",
    name: NAME,
    property: NAME,
    features: feature::FORMATS | feature::TIGHT_CALLS | feature::GO_TYPES,
    ..Syntax::BASE
}
.ready();

const C_QUOTES: &[Quote] = &[Quote::new("\""), Quote::new("'")];
const C_WORDS: Group = (
    KEYWORD,
    PLAIN,
    "auto break case const continue default do else enum extern for goto if inline register restrict return sizeof \
     static struct switch typedef union volatile while bool char double float int long short signed unsigned void \
     size_t ssize_t uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t uintptr_t intptr_t _Bool",
);
const C_CONSTANTS: Group = (CONSTANT, PLAIN, "NULL true false nullptr this stdin stdout stderr");

pub(super) static C: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: C_QUOTES,
    words: Words::new(&[C_WORDS, C_CONSTANTS]),
    operators: "+-*/%=!&|^<>~?:",
    features: feature::DIRECTIVES | feature::FORMATS,
    ..Syntax::BASE
}
.ready();

pub(super) static CPP: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: C_QUOTES,
    words: Words::new(&[
        C_WORDS,
        C_CONSTANTS,
        (
            KEYWORD,
            PLAIN,
            "alignas alignof and asm catch concept const_cast consteval constexpr constinit co_await co_return \
             co_yield decltype delete dynamic_cast explicit export final friend mutable new noexcept not operator or \
             override private protected public reinterpret_cast requires static_assert static_cast template \
             thread_local throw try typeid typename using virtual wchar_t",
        ),
        (KEYWORD, TYPE, "class namespace"),
    ]),
    operators: "+-*/%=!&|^<>~?",
    features: feature::DIRECTIVES | feature::FORMATS,
    ..Syntax::BASE
}
.ready();

pub(super) static CSHARP: Syntax = Syntax {
    line_comments: &["//"],
    blocks: C_BLOCKS,
    quotes: &[
        Quote::new("\"\"\"").long(),
        Quote { open: "$@\"", ..Quote::new("\"").long().doubled().hole("{") },
        Quote { open: "$\"", ..Quote::new("\"").hole("{") },
        Quote { open: "@\"", ..Quote::new("\"").long().doubled() },
        Quote::new("\""),
        Quote::new("'"),
    ],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "abstract as async await base break case catch checked const continue default delegate do else event \
             explicit extern finally fixed for foreach get goto if implicit in init internal is lock nameof new \
             operator out override params partial private protected public readonly record ref required return sealed \
             set sizeof stackalloc static switch throw try typeof unchecked unsafe using value var virtual void \
             volatile when where while yield bool byte char decimal double dynamic float int long object sbyte short \
             string uint ulong ushort",
        ),
        (KEYWORD, TYPE, "class enum interface namespace struct"),
        (CONSTANT, PLAIN, "true false null this"),
    ]),
    operators: "+-*/%=!&|^<>~?",
    capital: TYPE,
    name: NAME,
    property: NAME,
    features: feature::DIRECTIVES,
    ..Syntax::BASE
}
.ready();

pub(super) static SWIFT: Syntax = Syntax {
    line_comments: &["//"],
    blocks: &[Block { open: "/*", close: "*/", nested: Nested::Yes }],
    quotes: &[Quote::new("\"\"\"").long(), Quote::new("\"")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "actor any as associatedtype async await break case catch continue convenience default defer deinit do else \
             fallthrough fileprivate final for get guard if import in infix init inout internal is lazy let mutating \
             nonisolated open operator optional override private public repeat required rethrows return set some static \
             subscript switch throw throws try typealias unowned var weak where while",
        ),
        (KEYWORD, CALL, "func"),
        (KEYWORD, TYPE, "class enum extension protocol struct"),
        (CONSTANT, PLAIN, "true false nil self super Self"),
    ]),
    operators: "+-*/%=!&|^<>~?",
    capital: TYPE,
    features: feature::ANNOTATIONS | feature::TIGHT_CALLS,
    ..Syntax::BASE
}
.ready();
