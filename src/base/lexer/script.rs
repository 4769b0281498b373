//! The tables of scripting languages.

use super::code::{Quote, Syntax, feature};
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
             nonlocal pass raise return try while with yield match case",
        ),
        (KEYWORD, CALL, "def"),
        (KEYWORD, TYPE, "class"),
        (OPERATOR, PLAIN, "and in is not or"),
        (CONSTANT, PLAIN, "True False None self cls NotImplemented Ellipsis __name__ __file__"),
        (
            TYPE,
            PLAIN,
            "int str float bool bytes dict list set tuple object type complex frozenset bytearray range Exception \
             ValueError TypeError KeyError RuntimeError AttributeError ImportError IndexError OSError NameError \
             NotImplementedError StopIteration AssertionError FileNotFoundError IOError PermissionError TimeoutError \
             UnicodeDecodeError KeyboardInterrupt SystemExit BaseException Warning DeprecationWarning",
        ),
    ]),
    operators: "+*/%=<>!&|^~@",
    features: feature::DOCSTRINGS | feature::NAMED_ARGUMENTS | feature::STRING_KEYS,
    ..Syntax::BASE
}
.ready();
