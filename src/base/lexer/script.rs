//! The tables of scripting languages.

use super::code::syntax::{Quote, Syntax, feature};
use super::words::Words;
use super::{CALL, CONSTANT, KEYWORD, OPERATOR, PLAIN, TYPE};

/// Python's strings behind an `r`.
pub(super) static RAW_QUOTES: [Quote; 4] =
    [Quote::raw("\"\"\"").long(), Quote::raw("'''").long(), Quote::raw("\""), Quote::raw("'")];

/// Python's strings behind an `f`.
pub(super) static FORMAT_QUOTES: [Quote; 4] = [
    Quote::new("\"\"\"").long().hole("{"),
    Quote::new("'''").long().hole("{"),
    Quote::new("\"").hole("{"),
    Quote::new("'").hole("{"),
];

pub(super) static PYTHON: Syntax = Syntax {
    line_comments: &["#"],
    quotes: &[Quote::new("\"\"\"").long(), Quote::new("'''").long(), Quote::new("\""), Quote::new("'")],
    prefixes: &["r", "f", "b", "u", "rb", "br", "fr", "rf"],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "as assert async await break continue del elif else except finally for from global if import lambda \
             nonlocal pass raise return try while with yield",
        ),
        (KEYWORD, CALL, "def"),
        (CALL, PLAIN, "range"),
        (KEYWORD, TYPE, "class"),
        (OPERATOR, PLAIN, "and in is not or"),
        (CONSTANT, PLAIN, "True False None self cls __debug__ NotImplemented Ellipsis __name__ __file__"),
        (
            TYPE,
            PLAIN,
            "int str float bool bytes dict list set tuple object type complex frozenset bytearray Exception \
             ValueError TypeError KeyError RuntimeError AttributeError ImportError IndexError OSError NameError \
             NotImplementedError StopIteration AssertionError FileNotFoundError MemoryError IOError PermissionError TimeoutError \
             UnicodeDecodeError KeyboardInterrupt SystemExit BaseException Warning DeprecationWarning",
        ),
    ]),
    operators: "+-*/%=<>!&|^~",
    features: feature::GENERICS | feature::FORMATS | feature::DOCSTRINGS | feature::NAMED_ARGUMENTS | feature::STRING_KEYS | feature::SHOUTED,
    ..Syntax::BASE
}
.ready();

pub(super) static RUBY: Syntax = Syntax {
    line_comments: &["#"],
    quotes: &[Quote::new("\"").long().hole("#{"), Quote::new("'").long(), Quote::new("`").hole("#{")],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "alias and attr_accessor attr_reader attr_writer begin break case do else elsif end ensure extend for if in \
             include loop next not or private protected public raise redo require require_relative rescue retry return \
             then undef unless until when while yield",
        ),
        (KEYWORD, CALL, "def"),
        (KEYWORD, TYPE, "class module"),
        (CALL, PLAIN, "puts print p"),
        (CONSTANT, PLAIN, "true false nil self super __FILE__"),
    ]),
    letters: "?",
    operators: "+-*/%=!&|^<>~",
    capital: TYPE,
    key: CONSTANT,
    features: feature::SYMBOLS | feature::COLON_KEYS | feature::HEREDOC | feature::SIGIL | feature::INSTANCE_NAMES | feature::TIGHT_CALLS,
    ..Syntax::BASE
}
.ready();

pub(super) static PHP: Syntax = Syntax {
    line_comments: &["//", "#"],
    blocks: super::code::syntax::C_BLOCKS,
    quotes: &[Quote::new("\"").long().hole("{$"), Quote::new("'").long()],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "abstract as break callable case catch clone const continue declare default do else elseif empty enddeclare \
             endfor endforeach endif endswitch endwhile extends final finally fn for foreach global goto if implements \
             include include_once insteadof instanceof isset list match namespace print private protected public \
             readonly require require_once return static switch throw try unset use var while yield array bool float int \
             string void mixed iterable object self parent",
        ),
        (KEYWORD, CALL, "function"),
        (KEYWORD, TYPE, "class enum interface new trait"),
        (CALL, PLAIN, "echo"),
        (CONSTANT, PLAIN, "true false null"),
    ]),
    folded: true,
    letters: "\\",
    operators: "+-*/%=!&|^<>~.",
    capital: TYPE,
    property: super::NAME,
    features: feature::SIGIL | feature::HEREDOC | feature::DOLLARS_IN_STRINGS | feature::ARROWS | feature::SHOUTED,
    ..Syntax::BASE
}
.ready();

pub(super) static LUA: Syntax = Syntax {
    line_comments: &["--"],
    blocks: &[super::code::syntax::Block {
        open: "--[[",
        close: "]]",
        nested: super::code::syntax::Nested::No,
    }],
    quotes: &[
        Quote { open: "[[", close: "]]", ..Quote::raw("[[").long() },
        Quote::new("\""),
        Quote::new("'"),
    ],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "break do else elseif end for function goto if in local repeat return then until while",
        ),
        (OPERATOR, PLAIN, "and not or"),
        (CONSTANT, PLAIN, "true false nil self"),
    ]),
    operators: "+-*/%=~<>#^",
    name: super::NAME,
    property: super::NAME,
    ..Syntax::BASE
}
.ready();

pub(super) static POWERSHELL: Syntax = Syntax {
    line_comments: &["#"],
    blocks: &[super::code::syntax::Block { open: "<#", close: "#>", nested: super::code::syntax::Nested::No }],
    quotes: &[
        Quote { open: "@\"", close: "\"@", ..Quote::raw("@\"").long() },
        Quote { open: "@'", close: "'@", ..Quote::raw("@'").long() },
        Quote { escapes: super::code::syntax::Escapes::Backtick, ..Quote::new("\"").long() },
        Quote::raw("'").long().doubled(),
    ],
    words: Words::new(&[
        (
            KEYWORD,
            PLAIN,
            "begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for foreach \
             from if in param process return switch throw trap try until using while",
        ),
        (KEYWORD, CALL, "function"),
        (
            OPERATOR,
            PLAIN,
            "-eq -ne -gt -ge -lt -le -like -notlike -match -notmatch -contains -notcontains -in -notin -replace -split \
             -join -is -isnot -as -and -or -not -xor -f",
        ),
        (CALL, PLAIN, "echo cd ls dir cat copy move del npm npx yarn docker kubectl git dotnet az choco winget"),
    ]),
    folded: true,
    letters: "-",
    operators: "+*/%=!|",
    features: feature::SIGIL | feature::CMDLETS | feature::DOLLARS_IN_STRINGS,
    ..Syntax::BASE
}
.ready();
