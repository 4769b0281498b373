//! A language as a table: its words, strings, comments and features.

use super::super::words::Words;
use super::super::{CALL, NAME, PLAIN, STRING};

/// A kind of string.
pub(in crate::base::lexer) struct Quote {
    pub(in crate::base::lexer) open: &'static str,
    pub(in crate::base::lexer) close: &'static str,
    pub(in crate::base::lexer) escapes: Escapes,
    pub(in crate::base::lexer) lines: Lines,
    /// What opens code inside of the string, if anything does.
    pub(in crate::base::lexer) hole: &'static str,
    pub(in crate::base::lexer) class: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::base::lexer) enum Escapes {
    None,
    Backslash,
    /// The closing quote twice.
    Doubled,
    Backtick,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::base::lexer) enum Lines {
    One,
    Many,
}

impl Quote {
    pub(in crate::base::lexer) const fn new(quote: &'static str) -> Self {
        Quote {
            open: quote,
            close: quote,
            escapes: Escapes::Backslash,
            lines: Lines::One,
            hole: "",
            class: STRING,
        }
    }

    pub(in crate::base::lexer) const fn raw(quote: &'static str) -> Self {
        Quote { escapes: Escapes::None, ..Quote::new(quote) }
    }

    pub(in crate::base::lexer) const fn long(self) -> Self {
        Quote { lines: Lines::Many, ..self }
    }

    pub(in crate::base::lexer) const fn hole(self, hole: &'static str) -> Self {
        Quote { hole, ..self }
    }

    pub(in crate::base::lexer) const fn doubled(self) -> Self {
        Quote { escapes: Escapes::Doubled, ..self }
    }
}

/// Comments that close.
pub(in crate::base::lexer) struct Block {
    pub(in crate::base::lexer) open: &'static str,
    pub(in crate::base::lexer) close: &'static str,
    pub(in crate::base::lexer) nested: Nested,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::base::lexer) enum Nested {
    No,
    Yes,
}

pub(in crate::base::lexer) const C_BLOCKS: &[Block] =
    &[Block { open: "/*", close: "*/", nested: Nested::No }];

/// What a language has besides words, strings and comments.
pub(in crate::base::lexer) mod feature {
    /// Regular expressions between slashes.
    pub(in crate::base::lexer) const REGEX: u32 = 1;
    /// Tags in code.
    pub(in crate::base::lexer) const JSX: u32 = 1 << 1;
    /// Types behind colons, as in TypeScript.
    pub(in crate::base::lexer) const TYPES: u32 = 1 << 2;
    /// Lifetimes, raw strings with hashes, attributes, macros.
    pub(in crate::base::lexer) const RUST: u32 = 1 << 3;
    /// `@name`.
    pub(in crate::base::lexer) const ANNOTATIONS: u32 = 1 << 4;
    /// Lines that begin with `#`.
    pub(in crate::base::lexer) const DIRECTIVES: u32 = 1 << 5;
    /// `<<EOT`.
    pub(in crate::base::lexer) const HEREDOC: u32 = 1 << 6;
    /// `$name` is a variable.
    pub(in crate::base::lexer) const SIGIL: u32 = 1 << 7;
    /// Strings that stand alone are comments.
    pub(in crate::base::lexer) const DOCSTRINGS: u32 = 1 << 8;
    /// `:name` is a constant.
    pub(in crate::base::lexer) const SYMBOLS: u32 = 1 << 9;
    /// Strings before a colon are keys.
    pub(in crate::base::lexer) const STRING_KEYS: u32 = 1 << 10;
    /// Names before an equals sign are keys.
    pub(in crate::base::lexer) const EQUALS_KEYS: u32 = 1 << 11;
    /// Names before a colon are keys, if they begin an item.
    pub(in crate::base::lexer) const COLON_KEYS: u32 = 1 << 12;
    /// Marks like `%s` in strings.
    pub(in crate::base::lexer) const FORMATS: u32 = 1 << 13;
    /// Names in upper case are constants.
    pub(in crate::base::lexer) const SHOUTED: u32 = 1 << 14;
    /// `[table]` headers at the begin of a line.
    pub(in crate::base::lexer) const TABLES: u32 = 1 << 15;
    /// `{}` and `{name}` in strings.
    pub(in crate::base::lexer) const BRACE_FORMATS: u32 = 1 << 16;
    /// `'a'` is a character, one or an escape.
    pub(in crate::base::lexer) const CHARS: u32 = 1 << 17;
    /// A call needs no space before its parenthesis, and has none.
    pub(in crate::base::lexer) const TIGHT_CALLS: u32 = 1 << 18;
    /// `$name` in strings.
    pub(in crate::base::lexer) const DOLLARS_IN_STRINGS: u32 = 1 << 19;
    /// `name=` in parentheses is an argument's name.
    pub(in crate::base::lexer) const NAMED_ARGUMENTS: u32 = 1 << 20;
    /// `<` and `>` that touch a name are no operators.
    pub(in crate::base::lexer) const GENERICS: u32 = 1 << 21;
    /// `@name` is a variable.
    pub(in crate::base::lexer) const INSTANCE_NAMES: u32 = 1 << 22;
    /// `Verb-Noun` is a call, `-name` a parameter.
    pub(in crate::base::lexer) const CMDLETS: u32 = 1 << 23;
    /// A number may be a date.
    pub(in crate::base::lexer) const DATES: u32 = 1 << 24;
    /// A name before a brace or a string opens a block.
    pub(in crate::base::lexer) const BLOCK_TYPES: u32 = 1 << 25;
    /// The first word of a statement is a keyword.
    pub(in crate::base::lexer) const STATEMENT_WORDS: u32 = 1 << 26;
    /// What stands behind a colon is a type, unless it is a value.
    pub(in crate::base::lexer) const COLON_TYPES: u32 = 1 << 27;
    /// A name behind a type is a parameter.
    pub(in crate::base::lexer) const TYPED_NAMES: u32 = 1 << 28;
    /// `(path.option)` names an option.
    pub(in crate::base::lexer) const OPTIONS: u32 = 1 << 29;
    /// A name behind a name is a type.
    pub(in crate::base::lexer) const GO_TYPES: u32 = 1 << 30;
    /// `->name` is a property; a dot has no meaning for names.
    pub(in crate::base::lexer) const ARROWS: u32 = 1 << 31;
}

/// A language as a table.
pub(in crate::base::lexer) struct Syntax {
    pub(in crate::base::lexer) line_comments: &'static [&'static str],
    pub(in crate::base::lexer) blocks: &'static [Block],
    /// The longer before the shorter that begins alike.
    pub(in crate::base::lexer) quotes: &'static [Quote],
    /// What may stand right before a string, as Python's `f`.
    pub(in crate::base::lexer) prefixes: &'static [&'static str],
    pub(in crate::base::lexer) words: Words,
    pub(in crate::base::lexer) folded: bool,
    /// Bytes of names besides letters, digits and `_`.
    pub(in crate::base::lexer) letters: &'static str,
    pub(in crate::base::lexer) operators: &'static str,
    /// The classes of names: alone, called, capitalised, behind a dot.
    pub(in crate::base::lexer) name: u8,
    pub(in crate::base::lexer) call: u8,
    pub(in crate::base::lexer) capital: u8,
    pub(in crate::base::lexer) property: u8,
    pub(in crate::base::lexer) key: u8,
    pub(in crate::base::lexer) features: u32,
    pub(in crate::base::lexer) kinds: [Kind; 256],
}

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::base::lexer) enum Kind {
    Blank,
    Letter,
    Digit,
    Operator,
    Special,
    Other,
}

impl Syntax {
    pub(in crate::base::lexer) const BASE: Syntax = Syntax {
        line_comments: &[],
        blocks: &[],
        quotes: &[],
        prefixes: &[],
        words: Words::new(&[]),
        folded: false,
        letters: "",
        operators: "",
        name: PLAIN,
        call: CALL,
        capital: PLAIN,
        property: PLAIN,
        key: NAME,
        features: 0,
        kinds: [Kind::Other; 256],
    };

    /// Completes a table: computes what each byte can begin.
    pub(in crate::base::lexer) const fn ready(mut self) -> Self {
        let mut byte = 0;
        while byte < 256 {
            let b = byte as u8;
            if b.is_ascii_alphabetic() || b == b'_' || b >= 0x80 {
                self.kinds[byte] = Kind::Letter;
            } else if b.is_ascii_digit() {
                self.kinds[byte] = Kind::Digit;
            } else if matches!(b, b' ' | b'\t' | b'\n' | b'\r') {
                self.kinds[byte] = Kind::Blank;
            }
            byte += 1;
        }
        self.mark(self.operators, Kind::Operator, 0);
        self.mark(self.letters, Kind::Letter, 0);
        let mut idx = 0;
        while idx < self.line_comments.len() {
            self.mark(self.line_comments[idx], Kind::Special, 1);
            idx += 1;
        }
        idx = 0;
        while idx < self.blocks.len() {
            self.mark(self.blocks[idx].open, Kind::Special, 1);
            idx += 1;
        }
        idx = 0;
        while idx < self.quotes.len() {
            self.mark(self.quotes[idx].open, Kind::Special, 1);
            idx += 1;
        }
        self.mark("(){}[]", Kind::Special, 0);
        let marks = [
            (feature::REGEX, "/"),
            (feature::JSX, "<"),
            (feature::TYPES, ":=?|,;<>."),
            (feature::RUST, "'#"),
            (feature::ANNOTATIONS, "@"),
            (feature::DIRECTIVES, "#"),
            (feature::HEREDOC, "<"),
            (feature::SIGIL, "$"),
            (feature::SYMBOLS, ":"),
            (feature::CHARS, "'"),
            (feature::INSTANCE_NAMES, "@"),
        ];
        idx = 0;
        while idx < marks.len() {
            if self.features & marks[idx].0 != 0 {
                self.mark(marks[idx].1, Kind::Special, 0);
            }
            idx += 1;
        }
        self
    }

    /// Notes the kind of the bytes of `text`; of the first `max` alone
    /// unless that is zero.
    const fn mark(&mut self, text: &str, kind: Kind, max: usize) {
        let bytes = text.as_bytes();
        let mut idx = 0;
        while idx < bytes.len() && (max == 0 || idx < max) {
            self.kinds[bytes[idx] as usize] = kind;
            idx += 1;
        }
    }

    pub(super) const fn has(&self, feature: u32) -> bool {
        self.features & feature != 0
    }

    pub(super) fn is_letter(&self, byte: u8) -> bool {
        matches!(self.kinds[byte as usize], Kind::Letter | Kind::Digit)
    }

    pub(super) fn is_operator(&self, byte: u8) -> bool {
        byte != 0 && self.operators.as_bytes().contains(&byte)
    }
}

impl PartialEq for Quote {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Quote {}
