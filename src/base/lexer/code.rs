//! The engine for programming and configuration languages: a step per
//! token, decided by its first byte and the language's [`Syntax`].
//!
//! Every look ahead is bounded or remembered, so that no input costs
//! more than linear time.

use super::words::Words;
use super::{
    CALL, COMMENT, CONSTANT, ESCAPE, KEYWORD, Lexer, MARK, NAME, NUMBER, OPERATOR, PLAIN, STRING, TYPE,
    is_word,
};

/// A kind of string.
pub(super) struct Quote {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) escapes: Escapes,
    pub(super) lines: Lines,
    /// What opens code inside of the string, if anything does.
    pub(super) hole: &'static str,
    pub(super) class: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    None,
    Backslash,
    /// The closing quote twice.
    Doubled,
    Backtick,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    One,
    Many,
}

impl Quote {
    pub(super) const fn new(quote: &'static str) -> Self {
        Quote {
            open: quote,
            close: quote,
            escapes: Escapes::Backslash,
            lines: Lines::One,
            hole: "",
            class: STRING,
        }
    }

    pub(super) const fn raw(quote: &'static str) -> Self {
        Quote { escapes: Escapes::None, ..Quote::new(quote) }
    }

    pub(super) const fn long(self) -> Self {
        Quote { lines: Lines::Many, ..self }
    }

    pub(super) const fn hole(self, hole: &'static str) -> Self {
        Quote { hole, ..self }
    }

    pub(super) const fn doubled(self) -> Self {
        Quote { escapes: Escapes::Doubled, ..self }
    }
}

/// Comments that close.
pub(super) struct Block {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    pub(super) nested: Nested,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    No,
    Yes,
}

pub(super) const C_BLOCKS: &[Block] = &[Block { open: "/*", close: "*/", nested: Nested::No }];

/// What a language has besides words, strings and comments.
pub(super) mod feature {
    /// Regular expressions between slashes.
    pub(in super::super) const REGEX: u32 = 1;
    /// Tags in code.
    pub(in super::super) const JSX: u32 = 1 << 1;
    /// Types behind colons, as in TypeScript.
    pub(in super::super) const TYPES: u32 = 1 << 2;
    /// Lifetimes, raw strings with hashes, attributes, macros.
    pub(in super::super) const RUST: u32 = 1 << 3;
    /// `@name`.
    pub(in super::super) const ANNOTATIONS: u32 = 1 << 4;
    /// Lines that begin with `#`.
    pub(in super::super) const DIRECTIVES: u32 = 1 << 5;
    /// `<<EOT`.
    pub(in super::super) const HEREDOC: u32 = 1 << 6;
    /// `$name` is a variable.
    pub(in super::super) const SIGIL: u32 = 1 << 7;
    /// Strings that stand alone are comments.
    pub(in super::super) const DOCSTRINGS: u32 = 1 << 8;
    /// `:name` is a constant.
    pub(in super::super) const SYMBOLS: u32 = 1 << 9;
    /// Strings before a colon are keys.
    pub(in super::super) const STRING_KEYS: u32 = 1 << 10;
    /// Names before an equals sign are keys.
    pub(in super::super) const EQUALS_KEYS: u32 = 1 << 11;
    /// Names before a colon are keys, if they begin an item.
    pub(in super::super) const COLON_KEYS: u32 = 1 << 12;
    /// Marks like `%s` in strings.
    pub(in super::super) const FORMATS: u32 = 1 << 13;
    /// Names in upper case are constants.
    pub(in super::super) const SHOUTED: u32 = 1 << 14;
    /// `[table]` headers at the begin of a line.
    pub(in super::super) const TABLES: u32 = 1 << 15;
    /// `{}` and `{name}` in strings.
    pub(in super::super) const BRACE_FORMATS: u32 = 1 << 16;
    /// `'a'` is a character, one or an escape.
    pub(in super::super) const CHARS: u32 = 1 << 17;
    /// A call needs no space before its parenthesis, and has none.
    pub(in super::super) const TIGHT_CALLS: u32 = 1 << 18;
    /// `$name` in strings.
    pub(in super::super) const DOLLARS_IN_STRINGS: u32 = 1 << 19;
    /// `name=` in parentheses is an argument's name.
    pub(in super::super) const NAMED_ARGUMENTS: u32 = 1 << 20;
    /// `<` and `>` that touch a name are no operators.
    pub(in super::super) const GENERICS: u32 = 1 << 21;
    /// `@name` is a variable.
    pub(in super::super) const INSTANCE_NAMES: u32 = 1 << 22;
    /// `Verb-Noun` is a call, `-name` a parameter.
    pub(in super::super) const CMDLETS: u32 = 1 << 23;
    /// A number may be a date.
    pub(in super::super) const DATES: u32 = 1 << 24;
    /// A name before a brace or a string opens a block.
    pub(in super::super) const BLOCK_TYPES: u32 = 1 << 25;
    /// The first word of a statement is a keyword.
    pub(in super::super) const STATEMENT_WORDS: u32 = 1 << 26;
    /// What stands behind a colon is a type, unless it is a value.
    pub(in super::super) const COLON_TYPES: u32 = 1 << 27;
}

/// A language as a table.
pub(super) struct Syntax {
    pub(super) line_comments: &'static [&'static str],
    pub(super) blocks: &'static [Block],
    /// The longer before the shorter that begins alike.
    pub(super) quotes: &'static [Quote],
    /// What may stand right before a string, as Python's `f`.
    pub(super) prefixes: &'static [&'static str],
    pub(super) words: Words,
    pub(super) folded: bool,
    /// Bytes of names besides letters, digits and `_`.
    pub(super) letters: &'static str,
    pub(super) operators: &'static str,
    /// The classes of names: alone, called, capitalised, behind a dot.
    pub(super) name: u8,
    pub(super) call: u8,
    pub(super) capital: u8,
    pub(super) property: u8,
    pub(super) key: u8,
    pub(super) features: u32,
    pub(super) kinds: [Kind; 256],
}

/// What a byte can begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Blank,
    Letter,
    Digit,
    Operator,
    Special,
    Other,
}

impl Syntax {
    pub(super) const BASE: Syntax = Syntax {
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
    pub(super) const fn ready(mut self) -> Self {
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

    const fn has(&self, feature: u32) -> bool {
        self.features & feature != 0
    }

    fn is_letter(&self, byte: u8) -> bool {
        matches!(self.kinds[byte as usize], Kind::Letter | Kind::Digit)
    }

    fn is_operator(&self, byte: u8) -> bool {
        byte != 0 && self.operators.as_bytes().contains(&byte)
    }
}

/// What a bracket opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Statements, or anything else.
    Block,
    /// Keys and values.
    Object,
    /// Members of a type.
    Members,
    Paren,
    /// Parameters of a function that is declared.
    Params,
    /// What a class is derived from.
    Bases,
    Bracket,
    /// Code in a string.
    Hole(&'static Quote),
    /// Attributes of a tag.
    Tag {
        closes: bool,
    },
    /// Text between tags.
    Text,
    /// Code between tags or in a tag.
    TagHole,
}

impl PartialEq for Quote {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Quote {}

/// Whether names are types just now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typing {
    No,
    /// As in `x: Foo`.
    Yes,
    /// Behind parentheses, as in `x: (y: Foo)`, so that `=>` goes on.
    Function,
}

/// What a declaration that has begun still waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Nothing,
    /// The equals sign of a type's alias.
    Alias,
    /// The brace of an interface.
    Members,
}

/// Tags nested deeper are not looked at.
const MAX_TAGS: usize = 200;

/// How far a look ahead goes.
const AHEAD: usize = 64;

/// Reads code of one language.
pub(super) fn read(lexer: &mut Lexer<'_>, syntax: &'static Syntax) {
    let mut code = Code {
        lexer,
        syntax,
        prev: b'\n',
        prev_before_name: b'\n',
        next: PLAIN,
        frames: Vec::new(),
        typing: Typing::No,
        before_angles: Typing::No,
        n_angles: 0,
        awaits: Awaits::Nothing,
        declared: PLAIN,
        path: false,
        imports: false,
        outer: Vec::new(),
        n_ternaries: 0,
        no_regex_before: 0,
        n_tags: 0,
    };
    if code.lexer.starts(code.lexer.pos, "<?php") {
        code.lexer.pos += "<?php".len();
    }
    code.run();
}

struct Code<'l, 'c> {
    lexer: &'l mut Lexer<'c>,
    syntax: &'static Syntax,
    /// The last byte that counts: `a` for a name, `k` for a keyword, `0`
    /// for a number, `"` for a string.
    prev: u8,
    /// What `prev` was before the present name.
    prev_before_name: u8,
    /// The class of the next name, if a word foretold it.
    next: u8,
    frames: Vec<Frame>,
    typing: Typing,
    /// What `typing` was before the open angles.
    before_angles: Typing,
    n_angles: u8,
    awaits: Awaits,
    /// Behind `import` in Java, where all is a type's path.
    path: bool,
    /// The class of the name just read, if it was declared.
    declared: u8,
    /// Between `import` and `from`, where `as` gives a name.
    imports: bool,
    /// `typing`, `n_ternaries`, `n_angles` and `before_angles` outside of
    /// each frame.
    outer: Vec<(Typing, u8, u8, Typing)>,
    n_ternaries: u8,
    /// No regular expression ends before this offset.
    no_regex_before: usize,
    n_tags: usize,
}

impl Code<'_, '_> {
    fn run(&mut self) {
        while self.lexer.pos < self.lexer.end {
            match self.frames.last() {
                Some(Frame::Text) => self.text(),
                Some(Frame::Tag { .. }) => self.tag(),
                _ => self.step(),
            }
        }
    }

    fn step(&mut self) {
        let pos = self.lexer.pos;
        let byte = self.lexer.bytes[pos];
        match self.syntax.kinds[byte as usize] {
            Kind::Blank => {
                if byte == b'\n' {
                    self.line_feed();
                }
                self.lexer.pos += 1;
            }
            Kind::Letter => self.name(),
            Kind::Digit => self.number(),
            Kind::Operator => self.operator(byte),
            Kind::Special => {
                if !self.comment() && !self.string() && !self.special(byte) {
                    match self.syntax.is_operator(byte) {
                        true => self.operator(byte),
                        false => self.other(byte),
                    }
                }
            }
            Kind::Other => self.other(byte),
        }
    }

    fn line_feed(&mut self) {
        let ends = matches!(self.prev, b'a' | b'>' | b']' | b'"' | b'}' | b')' | b'0');
        if self.typing != Typing::No && ends && self.n_angles == 0 {
            let ahead =
                (1..AHEAD).map(|n| self.lexer.peek(n)).find(|byte| !matches!(byte, b' ' | b'\t' | b'\n'));
            // A union may go on.
            if !matches!(ahead, Some(b'|' | b'&')) {
                self.typing = Typing::No;
            }
        }
        self.path = false;
        if self.frames.is_empty() {
            self.n_ternaries = 0;
        }
        if !self.syntax.has(feature::TYPES | feature::REGEX) {
            self.next = PLAIN;
            if self.prev != b'\\' && self.frames.is_empty() {
                self.prev = b'\n';
            }
        }
    }

    fn other(&mut self, byte: u8) {
        let pos = self.lexer.pos;
        if byte == b'.' && self.syntax.has(feature::DOCSTRINGS) && self.lexer.starts(pos, "...") {
            self.lexer.out.token(CONSTANT, pos, pos + 3);
            self.lexer.pos += 3;
            self.prev = b'a';
            return;
        }
        self.prev = byte;
        self.lexer.pos += 1;
    }

    fn operator(&mut self, byte: u8) {
        let pos = self.lexer.pos;
        if self.syntax.has(feature::GENERICS) && self.is_bracket(byte, pos) {
            self.other(byte);
            return;
        }
        self.lexer.out.token(OPERATOR, pos, pos + 1);
        self.other(byte);
        if byte != b'*' && byte != b'&' {
            self.next = PLAIN;
        }
    }

    /// Tells whether an angle stands around type arguments, or belongs
    /// to an arrow.
    fn is_bracket(&self, byte: u8, pos: usize) -> bool {
        let before = if pos > 0 { self.lexer.bytes[pos - 1] } else { b' ' };
        match byte {
            b'<' => {
                (is_word(before) || before == b':') && !matches!(self.lexer.at(pos + 1), b'<' | b'=' | b' ')
            }
            b'>' => !matches!(before, b' ' | b'=' | b'\n' | b'\t') && self.lexer.at(pos + 1) != b'=',
            b'-' => self.lexer.at(pos + 1) == b'>',
            b'?' => matches!(before, b'<' | b',') || matches!(self.lexer.at(pos + 1), b'>'),
            _ => false,
        }
    }

    fn comment(&mut self) -> bool {
        let pos = self.lexer.pos;
        if self.syntax.line_comments.iter().any(|open| self.lexer.starts(pos, open)) {
            let to = self.lexer.line_end(pos);
            self.lexer.out.token(COMMENT, pos, self.lexer.trim(pos, to));
            self.lexer.pos = to;
            return true;
        }
        let Some(block) = self.syntax.blocks.iter().find(|block| self.lexer.starts(pos, block.open)) else {
            return false;
        };
        let to = match block.nested {
            Nested::No => self.lexer.find_text(pos + block.open.len(), block.close) + block.close.len(),
            Nested::Yes => nested_end(self.lexer, pos, block),
        };
        let to = to.min(self.lexer.end);
        self.lexer.out.lines(COMMENT, pos, to);
        self.lexer.pos = to;
        true
    }

    fn string(&mut self) -> bool {
        let pos = self.lexer.pos;
        let Some(quote) = self.syntax.quotes.iter().find(|quote| self.lexer.starts(pos, quote.open)) else {
            return false;
        };
        if self.syntax.has(feature::DOCSTRINGS) && quote.open.len() == 3 && matches!(self.prev, b'\n' | b':')
        {
            let to = (self.lexer.find_text(pos + 3, quote.close) + 3).min(self.lexer.end);
            self.lexer.out.lines(COMMENT, pos, to);
            self.lexer.pos = to;
            return true;
        }
        let is_key = self.syntax.has(feature::STRING_KEYS)
            && matches!(self.prev, b'{' | b',' | b'\n' | b'"' | b'0' | b'}' | b']')
            && {
                let to = self.string_end(pos + quote.open.len(), quote);
                let sign = self.lexer.skip_blanks(to);
                let equals = self.syntax.has(feature::EQUALS_KEYS) && self.lexer.at(sign) == b'=';
                self.lexer.at(sign) == b':' || equals && self.lexer.at(sign + 1) != b'='
            };
        self.lexer.pos = pos + quote.open.len();
        let class = if is_key { self.syntax.key } else { quote.class };
        self.rest_of_string(quote, pos, class);
        true
    }

    /// Returns the offset behind a string that ends on its line.
    fn string_end(&self, mut pos: usize, quote: &Quote) -> usize {
        while pos < self.lexer.end {
            match self.lexer.bytes[pos] {
                b'\\' if quote.escapes == Escapes::Backslash => pos += 1,
                b'\n' => return pos,
                _ if self.lexer.starts(pos, quote.close) => return pos + quote.close.len(),
                _ => {}
            }
            pos += 1;
        }
        self.lexer.end
    }

    /// Reads a string from inside to its end, or to the next hole.
    fn rest_of_string(&mut self, quote: &'static Quote, from: usize, class: u8) {
        let close = quote.close.as_bytes()[0];
        let hole = quote.hole.as_bytes().first().copied().unwrap_or(close);
        let mut from = from;
        loop {
            let end = self.lexer.end;
            let mut pos = self.lexer.pos;
            while pos < end {
                let byte = self.lexer.bytes[pos];
                if byte == close || byte == hole || matches!(byte, b'\\' | b'\n' | b'`' | b'%' | b'{' | b'$')
                {
                    break;
                }
                pos += 1;
            }
            self.lexer.pos = pos;
            if pos >= end {
                self.lexer.out.lines(class, from, end);
                break;
            }
            let byte = self.lexer.bytes[pos];
            if byte == close && self.lexer.starts(pos, quote.close) {
                let doubled = quote.escapes == Escapes::Doubled && self.lexer.at(pos + 1) == close;
                if doubled {
                    self.lexer.out.lines(class, from, pos);
                    self.lexer.out.token(ESCAPE, pos, pos + 2);
                    from = pos + 2;
                    self.lexer.pos = from;
                    continue;
                }
                self.lexer.pos = pos + quote.close.len();
                self.lexer.out.lines(class, from, self.lexer.pos);
                break;
            }
            if byte == b'\n' && quote.lines == Lines::One {
                self.lexer.out.lines(class, from, pos);
                break;
            }
            if byte == hole && !quote.hole.is_empty() && self.lexer.starts(pos, quote.hole) {
                if quote.hole == "{" && self.lexer.at(pos + 1) == b'{' {
                    self.lexer.pos = pos + 2;
                    continue;
                }
                self.lexer.out.lines(class, from, pos);
                self.lexer.pos = pos + quote.hole.len();
                self.push(Frame::Hole(quote));
                self.prev = b'(';
                return;
            }
            match self.mark_in_string(quote, byte, pos) {
                0 => self.lexer.pos = pos + 1,
                len => {
                    let class_of_mark = if byte == b'$' { NAME } else { ESCAPE };
                    self.lexer.out.lines(class, from, pos);
                    self.lexer.out.token(class_of_mark, pos, pos + len);
                    from = pos + len;
                    self.lexer.pos = from.min(self.lexer.end);
                }
            }
        }
        self.prev = b'"';
    }

    /// Returns the length of an escape or a mark in a string.
    fn mark_in_string(&self, quote: &Quote, byte: u8, pos: usize) -> usize {
        let next = self.lexer.at(pos + 1);
        match byte {
            b'\\' if quote.escapes == Escapes::Backslash => match next {
                // A string may go on behind a line's end.
                b'\n' | 0 => 0,
                b'u' if self.lexer.at(pos + 2) == b'{' => {
                    let n_digits = (3..10).take_while(|n| self.lexer.at(pos + n).is_ascii_hexdigit()).count();
                    if self.lexer.at(pos + 3 + n_digits) == b'}' { n_digits + 4 } else { n_digits + 3 }
                }
                b'u' => 2 + (2..6).take_while(|n| self.lexer.at(pos + n).is_ascii_hexdigit()).count(),
                b'x' => 2 + (2..4).take_while(|n| self.lexer.at(pos + n).is_ascii_hexdigit()).count(),
                b'0'..=b'7' => 1 + (1..4).take_while(|n| self.lexer.at(pos + n).is_ascii_digit()).count(),
                _ => 2,
            },
            b'`' if quote.escapes == Escapes::Backtick && next != b'\n' && next != 0 => 2,
            b'%' if self.syntax.has(feature::FORMATS) && quote.escapes == Escapes::Backslash => {
                let flags = |n: &usize| {
                    matches!(
                        self.lexer.at(pos + n),
                        b'0'..=b'9' | b'.' | b'-' | b'+' | b'#' | b'*' | b'l' | b'z' | b'h'
                    )
                };
                let len = 1 + (1..8).take_while(flags).count();
                match self.lexer.at(pos + len) {
                    byte if byte.is_ascii_alphabetic() || byte == b'%' => len + 1,
                    _ => 0,
                }
            }
            b'{' if self.syntax.has(feature::BRACE_FORMATS) => {
                let inner = |n: &usize| {
                    let byte = self.lexer.at(pos + n);
                    is_word(byte) && byte < 0x80
                        || matches!(byte, b':' | b'?' | b'#' | b'.' | b'<' | b'>' | b'^' | b'$' | b'*')
                };
                let len = 1 + (1..AHEAD).take_while(inner).count();
                if self.lexer.at(pos + len) == b'}' { len + 1 } else { 0 }
            }
            b'$' if self.syntax.has(feature::DOLLARS_IN_STRINGS) && quote.escapes != Escapes::None => {
                let len = 1 + (1..AHEAD).take_while(|n| is_word(self.lexer.at(pos + n))).count();
                if len > 1 { len } else { 0 }
            }
            _ => 0,
        }
    }

    fn push(&mut self, frame: Frame) {
        self.frames.push(frame);
        self.outer.push((self.typing, self.n_ternaries, self.n_angles, self.before_angles));
        self.n_ternaries = 0;
        self.n_angles = 0;
        self.declared = PLAIN;
        if frame != Frame::Paren && frame != Frame::Bracket {
            self.typing = Typing::No;
        }
    }

    fn pop(&mut self) {
        if let (Some(_), Some(outer)) = (self.frames.pop(), self.outer.pop()) {
            (self.typing, self.n_ternaries, self.n_angles, self.before_angles) = outer;
        }
    }

    fn special(&mut self, byte: u8) -> bool {
        let pos = self.lexer.pos;
        let next = self.lexer.at(pos + 1);
        let has = |feature| self.syntax.has(feature);
        match byte {
            b'{' | b'(' | b'[' => self.open(byte),
            b'}' | b')' | b']' => self.close(byte),
            b'/' if has(feature::REGEX) => return self.regex(),
            b'<' if has(feature::HEREDOC) && next == b'<' => return self.heredoc(),
            b'<' if has(feature::JSX) && self.tag_begin() => {}
            b'<' | b'>' if has(feature::TYPES) => return self.angle(byte, next),
            b'.' if has(feature::TYPES) && self.lexer.starts(pos, "...") => {
                self.lexer.out.token(OPERATOR, pos, pos + 3);
                self.lexer.pos += 3;
                self.prev = b'(';
            }
            b'@' if has(feature::ANNOTATIONS) => return self.annotation(),
            b'$' if has(feature::SIGIL) => return self.sigil(),
            b'#' if has(feature::DIRECTIVES) => return self.directive(),
            b'#' if has(feature::RUST) => return self.attribute(),
            b'\'' if has(feature::RUST | feature::CHARS) => return self.character(),
            b':' if has(feature::SYMBOLS) => return self.symbol(),
            b'@' if has(feature::INSTANCE_NAMES) => return self.sigil(),
            b':' | b'=' | b'?' | b'|' | b',' | b';' if has(feature::TYPES) => {
                return self.punctuation(byte, next);
            }
            _ => return false,
        }
        true
    }

    fn open(&mut self, byte: u8) {
        let frame = match byte {
            b'(' if self.syntax.has(feature::NAMED_ARGUMENTS) => match self.declared {
                CALL => Frame::Params,
                TYPE => Frame::Bases,
                _ => Frame::Paren,
            },
            b'(' => Frame::Paren,
            b'[' => {
                if self.syntax.has(feature::TABLES) && self.prev == b'\n' {
                    return self.table();
                }
                Frame::Bracket
            }
            _ if self.typing != Typing::No
                && !matches!(self.prev, b'a' | b')' | b'>' | b']' | b'}' | b'"') =>
            {
                Frame::Members
            }
            _ if self.awaits == Awaits::Members => Frame::Members,
            _ => match self.prev {
                b'=' | b'(' | b',' | b':' | b'[' | b'?' | b'|' | b'&' | b'r' | b'\n' => Frame::Object,
                _ => Frame::Block,
            },
        };
        if frame == Frame::Block || self.awaits == Awaits::Members && byte == b'{' {
            self.typing = Typing::No;
            self.awaits = Awaits::Nothing;
        }
        self.push(frame);
        self.next = PLAIN;
        self.other(byte);
    }

    /// Reads `[name]` or `[[name]]`.
    fn table(&mut self) {
        let from = self.lexer.pos;
        let end = self.lexer.line_end(from);
        let mut name = from;
        while self.lexer.at(name) == b'[' {
            name += 1;
        }
        let mut to = name;
        while to < end && self.lexer.bytes[to] != b']' {
            to += 1;
        }
        self.lexer.out.token(MARK, name, to);
        while self.lexer.at(to) == b']' {
            to += 1;
        }
        self.lexer.pos = to;
        self.prev = b']';
    }

    fn close(&mut self, byte: u8) {
        if byte == b'}' && matches!(self.frames.last(), Some(Frame::Hole(_))) {
            let Some(Frame::Hole(quote)) = self.frames.last().copied() else { return };
            self.pop();
            let pos = self.lexer.pos;
            self.lexer.pos += 1;
            self.rest_of_string(quote, pos + 1, quote.class);
            return;
        }
        let fits = |frame: &Frame| match byte {
            b')' => matches!(frame, Frame::Paren | Frame::Params | Frame::Bases),
            b']' => *frame == Frame::Bracket,
            _ => matches!(frame, Frame::Block | Frame::Object | Frame::Members | Frame::TagHole),
        };
        // A bracket that fits nothing leaves the frames alone.
        if self.frames.last().is_some_and(fits) {
            let is_paren = byte == b')';
            self.pop();
            if is_paren && self.typing == Typing::Yes {
                self.typing = Typing::Function;
            }
        }
        self.next = PLAIN;
        self.other(byte);
    }

    fn number(&mut self) {
        let from = self.lexer.pos;
        let hex = self.lexer.at(from) == b'0' && matches!(self.lexer.at(from + 1), b'x' | b'X' | b'b' | b'o');
        let mut pos = from + 1;
        loop {
            let byte = self.lexer.at(pos);
            let next = self.lexer.at(pos + 1);
            let goes_on = byte.is_ascii_alphanumeric()
                || byte == b'_'
                || byte == b'.' && next.is_ascii_digit() && self.prev != b'.'
                || matches!(byte, b'+' | b'-')
                    && !hex
                    && matches!(self.lexer.bytes[pos - 1], b'e' | b'E')
                    && next.is_ascii_digit();
            if !goes_on {
                break;
            }
            pos += 1;
        }
        let mut class = NUMBER;
        if self.syntax.has(feature::DATES) && pos - from == 4 && self.lexer.at(pos) == b'-' {
            while matches!(self.lexer.at(pos), b'0'..=b'9' | b'-' | b':' | b'T' | b'Z' | b'.' | b'+') {
                pos += 1;
            }
            class = CONSTANT;
        }
        self.lexer.out.token(class, from, pos);
        self.lexer.pos = pos;
        self.prev = b'0';
    }

    fn name(&mut self) {
        let from = self.lexer.pos;
        let mut to = from + 1;
        while to < self.lexer.end && self.syntax.is_letter(self.lexer.bytes[to]) {
            to += 1;
        }
        let word = &self.lexer.bytes[from..to];
        let after = self.lexer.at(to);
        if matches!(after, b'"' | b'\'' | b'#') && !self.syntax.prefixes.is_empty() && self.prefix(from, to) {
            return;
        }
        let dotted = self.prev == b'.';
        self.prev_before_name = self.prev;
        let next = std::mem::replace(&mut self.next, PLAIN);
        let found = match self.syntax.folded {
            _ if dotted || next == CALL && self.syntax.has(feature::TYPES) => None,
            true => self.syntax.words.get_folded(word),
            false => self.syntax.words.get(word),
        };
        self.lexer.pos = to;
        let is_parameter = self.frames.last() == Some(&Frame::Params)
            && matches!(self.prev, b'(' | b',' | b'*' | b'\n')
            && matches!(after, b':' | b',' | b')' | b'=' | b' ' | b'\n');
        let found = found.filter(|_| !is_parameter);
        let next = if is_parameter { NAME } else { next };
        let is_key = self.is_key(to, after);
        let found = found.filter(|_| !is_key || self.syntax.has(feature::SYMBOLS));
        let found =
            found.filter(|found| !self.syntax.has(feature::TYPES) || self.counts_as_word(found, from, to));
        let class = match found {
            Some(word) => {
                self.next = word.next;
                self.path = word.next == b'P';
                self.keyword(word.class, from, to);
                let is_type = self.typing != Typing::No
                    && (word.class == CONSTANT || &self.lexer.bytes[from..to] == b"void");
                if is_type {
                    self.prev = b'a';
                }
                let is_source = self.syntax.has(feature::BLOCK_TYPES) && after == b'.';
                let is_call =
                    word.class == KEYWORD && after == b'(' && &self.lexer.bytes[from..to] == b"import";
                match word.class {
                    _ if is_type => TYPE,
                    _ if is_source => CONSTANT,
                    _ if is_call => OPERATOR,
                    class => class,
                }
            }
            None => {
                let class = self.class_of_name(from, to, next, dotted, is_key);
                self.prev = b'a';
                self.declared = next;
                self.awaits = match next {
                    b'T' => Awaits::Alias,
                    b'M' => Awaits::Members,
                    _ => self.awaits,
                };
                class
            }
        };
        let is_macro = class == CALL && after == b'!' && self.syntax.has(feature::RUST);
        self.lexer.pos += usize::from(is_macro);
        self.lexer.out.token(class, from, self.lexer.pos);
    }

    /// Tells whether a word of TypeScript is meant as such: many are
    /// names elsewhere.
    fn counts_as_word(&self, found: &super::words::Word, from: usize, to: usize) -> bool {
        let after = self.lexer.at(to);
        let word = &self.lexer.bytes[from..to];
        if after == b':' || after == b'?' && self.lexer.at(to + 1) == b':' {
            return matches!(found.class, CONSTANT | TYPE)
                || matches!(word, b"default" | b"else")
                || self.n_ternaries > 0;
        }
        let is_soft = matches!(
            word,
            b"type"
                | b"namespace"
                | b"interface"
                | b"declare"
                | b"abstract"
                | b"readonly"
                | b"get"
                | b"set"
                | b"static"
                | b"from"
                | b"of"
                | b"as"
                | b"is"
                | b"infer"
                | b"keyof"
                | b"module"
                | b"public"
                | b"private"
                | b"override"
                | b"asserts"
                | b"unique"
                | b"constructor"
                | b"satisfies"
        );
        if !is_soft {
            return true;
        }
        let next = self.lexer.at(self.lexer.skip_blanks(to));
        match word {
            b"constructor" => next == b'(',
            b"module" => next == b'.',
            b"from" => matches!(next, b'"' | b'\''),
            b"as" | b"of" | b"is" => !matches!(self.prev, b'{' | b',' | b'(' | b'=') && after == b' ',
            _ => {
                matches!(after, b' ' | b'\n')
                    && (is_word(next) || matches!(next, b'{' | b'[' | b'*' | b'\n' | b'#' | b'\'' | b'"'))
            }
        }
    }

    /// Tells whether a name is given a function, not far ahead.
    fn is_function(&self, to: usize) -> bool {
        let mut pos = self.lexer.skip_blanks(to);
        pos += usize::from(self.lexer.starts(pos, "?:"));
        let is_key =
            self.lexer.at(pos) == b':' && matches!(self.frames.last(), Some(Frame::Object | Frame::Members));
        let is_given = self.lexer.at(pos) == b'=' && !matches!(self.lexer.at(pos + 1), b'=' | b'>');
        if !is_key && !is_given {
            return false;
        }
        pos = self.lexer.skip_blanks(pos + 1);
        if self.lexer.starts(pos, "async ") || self.lexer.starts(pos, "async(") {
            pos = self.lexer.skip_blanks(pos + 5);
        }
        if self.lexer.starts(pos, "function") {
            return !is_word(self.lexer.at(pos + 8));
        }
        if self.lexer.at(pos) == b'(' {
            let mut n_open = 0usize;
            let end = self.lexer.end.min(pos + 6 * AHEAD);
            while pos < end {
                match self.lexer.bytes[pos] {
                    b'(' => n_open += 1,
                    b')' => n_open -= 1,
                    _ => {}
                }
                pos += 1;
                if n_open == 0 {
                    break;
                }
            }
            pos = self.lexer.skip_blanks(pos);
            return self.lexer.starts(pos, "=>") || is_given && self.lexer.at(pos) == b':';
        }
        let name = pos;
        while pos < name + AHEAD && is_word(self.lexer.at(pos)) {
            pos += 1;
        }
        pos > name && self.lexer.starts(self.lexer.skip_blanks(pos), "=>")
    }

    /// Notes what a known word means for what follows.
    fn keyword(&mut self, class: u8, from: usize, to: usize) {
        self.prev = if matches!(class, KEYWORD | OPERATOR) { b'k' } else { b'a' };
        if !self.syntax.has(feature::TYPES) || class == TYPE {
            return;
        }
        match &self.lexer.bytes[from..to] {
            b"return" | b"default" => self.prev = b'r',
            b"import" => self.imports = self.lexer.at(to) != b'(',
            b"export" => {
                let next = self.lexer.at(self.lexer.skip_blanks(to));
                self.imports = matches!(next, b'{' | b'*');
            }
            b"from" => self.imports = false,
            b"as" if self.imports => self.next = NAME,
            b"as" | b"extends" | b"implements" | b"satisfies" | b"is" => self.typing = Typing::Yes,
            _ => {}
        }
    }

    /// Tells whether a name that ends here is a key.
    fn is_key(&self, to: usize, after: u8) -> bool {
        let begins =
            matches!(self.prev, b'{' | b',' | b'\n' | b'(' | b';' | b'}' | b']' | b'"' | b'0' | b'a');
        if self.syntax.has(feature::COLON_KEYS) && begins && after == b':' && self.lexer.at(to + 1) != b':' {
            return match self.frames.last() {
                Some(Frame::Object) if self.syntax.has(feature::TYPES) => matches!(self.prev, b'{' | b','),
                _ => !self.syntax.has(feature::TYPES),
            };
        }
        if self.syntax.has(feature::RUST) {
            return after == b':'
                && self.lexer.at(to + 1) != b':'
                && matches!(self.prev, b'{' | b',' | b'(' | b'|' | b'k' | b')' | b']');
        }
        if self.syntax.has(feature::EQUALS_KEYS)
            && matches!(
                self.prev,
                b'{' | b',' | b'\n' | b'}' | b']' | b'"' | b'0' | b'a' | b')' | b';' | b'k'
            )
        {
            let pos = self.lexer.skip_blanks(to);
            return self.lexer.at(pos) == b'=' && !matches!(self.lexer.at(pos + 1), b'=' | b'>' | b'~');
        }
        if self.syntax.has(feature::NAMED_ARGUMENTS) && matches!(self.prev, b'(' | b',') && after == b'=' {
            return matches!(self.frames.last(), Some(Frame::Paren | Frame::Params | Frame::Bases))
                && self.lexer.at(to + 1) != b'=';
        }
        false
    }

    fn class_of_name(&self, from: usize, to: usize, next: u8, dotted: bool, is_key: bool) -> u8 {
        let word = &self.lexer.bytes[from..to];
        match next {
            CALL | TYPE | NAME | CONSTANT => return next,
            b'T' if self.imports => return NAME,
            b'T' | b'M' => return TYPE,
            _ => {}
        }
        if self.syntax.has(feature::TYPES) && self.typing == Typing::No && self.is_function(to) {
            return CALL;
        }
        if self.frames.last() == Some(&Frame::Bases) && !is_key {
            return TYPE;
        }
        if self.typing != Typing::No {
            return match self.frames.last() {
                // A parameter of a function's type.
                Some(Frame::Paren) if matches!(self.lexer.at(to), b':' | b'?') => NAME,
                _ => TYPE,
            };
        }
        if self.path {
            return TYPE;
        }
        if is_key {
            return self.syntax.key;
        }
        if self.syntax.has(feature::BLOCK_TYPES) && matches!(self.prev_before_name, b'\n' | b'{' | b'}') {
            let next = self.lexer.at(self.lexer.skip_blanks(to));
            if matches!(next, b'{' | b'"') {
                return TYPE;
            }
        }
        if self.syntax.has(feature::STATEMENT_WORDS)
            && matches!(self.prev_before_name, b'\n' | b'{' | b'}' | b';')
        {
            return KEYWORD;
        }
        if self.syntax.has(feature::CMDLETS) {
            if word[0] == b'-' {
                return NAME;
            }
            if word[0].is_ascii_uppercase() && word.contains(&b'-') {
                return CALL;
            }
        }
        if self.syntax.call != PLAIN && self.is_call(to) {
            return self.syntax.call;
        }
        if self.syntax.has(feature::RUST) && self.lexer.at(to) == b'!' && self.lexer.at(to + 1) != b'=' {
            return CALL;
        }
        if self.syntax.has(feature::SHOUTED) && is_shouted(word) {
            return CONSTANT;
        }
        if dotted && self.syntax.property != TYPE {
            return self.syntax.property;
        }
        if self.syntax.capital != PLAIN && word[0].is_ascii_uppercase() {
            return self.syntax.capital;
        }
        if dotted { self.syntax.property } else { self.syntax.name }
    }

    /// Tells whether a parenthesis follows, perhaps behind type
    /// arguments.
    fn is_call(&self, to: usize) -> bool {
        let byte = self.lexer.at(to);
        if byte == b'(' || byte == b'?' && self.lexer.at(to + 1) == b'(' && self.syntax.has(feature::TYPES) {
            return true;
        }
        if byte == b'<' && self.syntax.has(feature::TYPES) {
            let inner = |n: &usize| {
                let byte = self.lexer.at(to + n);
                is_word(byte)
                    || matches!(
                        byte,
                        b'<' | b'>' | b',' | b'.' | b' ' | b'[' | b']' | b'|' | b'\'' | b'{' | b'}' | b':'
                    )
            };
            let len = 1 + (1..AHEAD).take_while(inner).count();
            return self.lexer.at(to + len) == b'(' && self.lexer.at(to + len - 1) == b'>';
        }
        byte == b' ' && !self.syntax.has(feature::TIGHT_CALLS) && self.lexer.at(to + 1) == b'('
    }

    /// Reads a string with a prefix.
    fn prefix(&mut self, from: usize, to: usize) -> bool {
        let word = &self.lexer.bytes[from..to];
        if word.len() > 3
            || !self.syntax.prefixes.iter().any(|prefix| prefix.as_bytes().eq_ignore_ascii_case(word))
        {
            return false;
        }
        let raw = word.iter().any(|byte| matches!(byte, b'r' | b'R'));
        let holes = word.iter().any(|byte| matches!(byte, b'f' | b'F'));
        if self.syntax.has(feature::RUST) {
            return self.rust_string(from, to, raw);
        }
        let quote = match raw {
            true => super::script::RAW_QUOTES.iter().find(|quote| self.lexer.starts(to, quote.open)),
            false if holes => {
                super::script::FORMAT_QUOTES.iter().find(|quote| self.lexer.starts(to, quote.open))
            }
            false => self.syntax.quotes.iter().find(|quote| self.lexer.starts(to, quote.open)),
        };
        let Some(quote) = quote else { return false };
        self.lexer.out.token(KEYWORD, from, to);
        self.lexer.pos = to + quote.open.len();
        self.rest_of_string(quote, to, STRING);
        true
    }

    /// Reads a Rust string behind its prefix, with or without hashes.
    fn rust_string(&mut self, from: usize, to: usize, raw: bool) -> bool {
        if !raw {
            if !matches!(self.lexer.at(to), b'"' | b'\'') {
                return false;
            }
            self.lexer.out.token(KEYWORD, from, to);
            self.lexer.pos = to;
            return true;
        }
        let mut open = to;
        while self.lexer.at(open) == b'#' {
            open += 1;
        }
        let n_hashes = open - to;
        if self.lexer.at(open) != b'"' {
            return false;
        }
        let mut pos = open + 1;
        loop {
            pos = self.lexer.find(pos, b'"') + 1;
            if pos > self.lexer.end {
                pos = self.lexer.end;
                break;
            }
            let n_found = (0..n_hashes).take_while(|n| self.lexer.at(pos + n) == b'#').count();
            pos += n_found;
            if n_found == n_hashes {
                break;
            }
        }
        self.lexer.out.token(KEYWORD, from, to);
        self.lexer.out.lines(STRING, to, pos);
        self.lexer.pos = pos;
        self.prev = b'"';
        true
    }

    /// Reads a character or a lifetime.
    fn character(&mut self) -> bool {
        let pos = self.lexer.pos;
        let escaped = self.lexer.at(pos + 1) == b'\\';
        let mut to = pos + if escaped { 3 } else { 2 };
        while to < pos + 14 && self.lexer.at(to) != b'\'' && (escaped || self.lexer.at(to) >= 0x80) {
            to += 1;
        }
        let one_line = !self.lexer.bytes[pos..to.min(self.lexer.end)].contains(&b'\n');
        if self.lexer.at(to) == b'\'' && one_line {
            match escaped {
                true => {
                    self.lexer.out.token(STRING, pos, pos + 1);
                    self.lexer.out.token(ESCAPE, pos + 1, to);
                    self.lexer.out.token(STRING, to, to + 1);
                }
                false => self.lexer.out.token(STRING, pos, to + 1),
            }
            self.lexer.pos = to + 1;
            self.prev = b'"';
            return true;
        }
        let mut to = pos + 1;
        while is_word(self.lexer.at(to)) {
            to += 1;
        }
        self.lexer.out.token(KEYWORD, pos, to);
        self.lexer.pos = to;
        self.prev = b'a';
        true
    }

    /// Reads `#[name`, of which the name is highlighted.
    fn attribute(&mut self) -> bool {
        let mut pos = self.lexer.pos + 1;
        if self.lexer.at(pos) == b'!' {
            pos += 1;
        }
        if self.lexer.at(pos) != b'[' {
            return false;
        }
        self.lexer.pos = pos;
        self.open(b'[');
        self.next = CALL;
        true
    }

    fn annotation(&mut self) -> bool {
        let mut to = self.lexer.pos + 1;
        while is_word(self.lexer.at(to)) || self.lexer.at(to) == b'.' {
            to += 1;
        }
        if to == self.lexer.pos + 1 {
            return false;
        }
        self.lexer.out.token(CALL, self.lexer.pos + 1, to);
        self.lexer.pos = to;
        self.prev = b'@';
        true
    }

    fn sigil(&mut self) -> bool {
        let from = self.lexer.pos;
        let mut to = from + 1;
        while self.syntax.is_letter(self.lexer.at(to)) {
            to += 1;
        }
        if to == from + 1 {
            return false;
        }
        self.lexer.out.token(NAME, from, to);
        self.lexer.pos = to;
        self.prev = b'a';
        true
    }

    fn symbol(&mut self) -> bool {
        let from = self.lexer.pos;
        let mut to = from + 1;
        while is_word(self.lexer.at(to)) {
            to += 1;
        }
        if to == from + 1 || self.lexer.at(from + 1).is_ascii_digit() || matches!(self.prev, b':' | b'a') {
            return false;
        }
        self.lexer.out.token(CONSTANT, from, to);
        self.lexer.pos = to;
        self.prev = b'"';
        true
    }

    /// Reads `#include <x>` and its like.
    fn directive(&mut self) -> bool {
        let from = self.lexer.pos;
        let line =
            self.lexer.bytes[..from].iter().rev().take(AHEAD).find(|byte| !matches!(byte, b' ' | b'\t'));
        if line.is_some_and(|byte| *byte != b'\n') {
            return false;
        }
        let begin = self.lexer.skip_blanks(from + 1);
        let mut to = begin;
        while is_word(self.lexer.at(to)) {
            to += 1;
        }
        self.lexer.out.token(KEYWORD, from, to);
        self.lexer.pos = to;
        let path = self.lexer.skip_blanks(to);
        let includes = matches!(&self.lexer.bytes[begin..to], b"include" | b"import");
        if includes && self.lexer.at(path) == b'<' {
            let end = (self.lexer.find(path, b'>') + 1).min(self.lexer.line_end(path));
            self.lexer.out.token(STRING, path, end);
            self.lexer.pos = end;
        }
        true
    }

    /// Reads `<<EOT` up to the line that ends it.
    fn heredoc(&mut self) -> bool {
        let pos = self.lexer.pos;
        let mut name = pos + 2;
        if matches!(self.lexer.at(name), b'-' | b'~' | b'<') {
            name += 1;
        }
        let mut to = name;
        while is_word(self.lexer.at(to)) {
            to += 1;
        }
        if to == name || !self.lexer.bytes[name].is_ascii_uppercase() {
            return false;
        }
        self.lexer.out.token(OPERATOR, pos, name);
        self.lexer.out.token(KEYWORD, name, to);
        let text = self.lexer.line_end(to) + 1;
        let end = heredoc_end(self.lexer, text, name, to);
        self.lexer.out.lines(STRING, text, end);
        let word = self.lexer.skip_blanks(end);
        let behind = (word + to - name).min(self.lexer.end);
        self.lexer.out.token(KEYWORD, word, behind);
        self.lexer.pos = behind.max(to);
        self.prev = b'"';
        true
    }

    fn regex(&mut self) -> bool {
        let from = self.lexer.pos;
        let is_value = matches!(self.prev, b'a' | b'0' | b'"' | b')' | b']' | b'}');
        if is_value || from < self.no_regex_before {
            return false;
        }
        let mut pos = from + 1;
        let mut in_class = false;
        loop {
            match self.lexer.at(pos) {
                0 | b'\n' => {
                    self.no_regex_before = pos;
                    return false;
                }
                b'\\' if self.lexer.at(pos + 1) != b'\n' => pos += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => break,
                _ => {}
            }
            pos += 1;
        }
        self.lexer.out.token(STRING, from, pos + 1);
        let mut to = pos + 1;
        while self.lexer.at(to).is_ascii_lowercase() {
            to += 1;
        }
        self.lexer.out.token(KEYWORD, pos + 1, to);
        self.lexer.pos = to;
        self.prev = b'"';
        true
    }

    /// Reads a mark that decides whether types follow.
    fn punctuation(&mut self, byte: u8, next: u8) -> bool {
        let pos = self.lexer.pos;
        match byte {
            b',' | b';' => {
                let in_tuple = self.frames.last() == Some(&Frame::Bracket);
                if byte == b';' || !in_tuple && self.n_angles == 0 {
                    self.end_types();
                    self.awaits = Awaits::Nothing;
                }
                self.imports &= byte == b',';
                self.next = PLAIN;
                self.other(byte);
                return true;
            }
            b'=' if next == b'>' => {
                match self.typing {
                    Typing::Function => self.typing = Typing::Yes,
                    _ => self.end_types(),
                }
                self.lexer.out.token(KEYWORD, pos, pos + 2);
                self.lexer.pos += 2;
                self.prev = b'k';
                return true;
            }
            b'=' => {
                if next == b'=' {
                    let len = if self.lexer.at(pos + 2) == b'=' { 3 } else { 2 };
                    self.lexer.out.token(OPERATOR, pos, pos + len);
                    self.lexer.pos += len;
                    self.prev = b'=';
                    return true;
                }
                // A type parameter may have a default.
                if self.n_angles == 0 {
                    self.end_types();
                    if self.awaits == Awaits::Alias {
                        self.typing = Typing::Yes;
                    }
                    self.awaits = Awaits::Nothing;
                }
                return false;
            }
            b'?' => {
                if next == b'.' {
                    self.lexer.pos += 1;
                    return true;
                }
                if next == b'?' {
                    self.lexer.out.token(OPERATOR, pos, pos + 2);
                    self.lexer.pos += 2;
                    self.prev = b'?';
                    return true;
                }
                if !matches!(next, b':' | b',' | b')' | b';') && self.typing == Typing::No {
                    self.n_ternaries = self.n_ternaries.saturating_add(1);
                }
                return false;
            }
            b':' => return self.colon(),
            _ => {}
        }
        false
    }

    fn end_types(&mut self) {
        self.typing = Typing::No;
        self.n_angles = 0;
    }

    /// Counts the angles around type arguments; others are operators.
    fn angle(&mut self, byte: u8, next: u8) -> bool {
        let pos = self.lexer.pos;
        if byte == b'>' && self.typing != Typing::No {
            if self.n_angles > 0 {
                self.n_angles -= 1;
                if self.n_angles == 0 {
                    self.typing = self.before_angles;
                }
            }
            self.other(b'>');
            // As behind a name: this may be called, or a body follow.
            self.prev = b'a';
            return true;
        }
        let touches = pos > 0 && !matches!(self.lexer.bytes[pos - 1], b' ' | b'\n' | b'\t')
            || self.typing != Typing::No;
        if byte == b'<' && self.prev == b'a' && touches && !matches!(next, b' ' | b'=' | b'<' | b'0'..=b'9') {
            if self.n_angles == 0 {
                self.before_angles = self.typing;
            }
            self.n_angles = self.n_angles.saturating_add(1);
            self.typing = Typing::Yes;
            self.other(b'<');
            return true;
        }
        false
    }

    fn colon(&mut self) -> bool {
        let in_object = self.frames.last() == Some(&Frame::Object);
        if self.n_ternaries > 0 {
            self.n_ternaries -= 1;
            return false;
        }
        if in_object && self.prev != b')' {
            self.other(b':');
            return true;
        }
        if self.syntax.has(feature::COLON_TYPES) && matches!(self.prev, b'a' | b')' | b'?' | b'}' | b']') {
            self.typing = Typing::Yes;
        }
        false
    }

    /// Tells whether a tag begins here, and opens it.
    fn tag_begin(&mut self) -> bool {
        let pos = self.lexer.pos;
        let next = self.lexer.at(pos + 1);
        let before =
            self.lexer.bytes[..pos].iter().rev().take(AHEAD).find(|byte| !matches!(byte, b' ' | b'\t'));
        let is_first = before == Some(&b'\n') && next.is_ascii_uppercase();
        if is_first && self.n_tags < MAX_TAGS && self.n_angles == 0 && self.prev != b'=' {
            self.begin_tag(pos, false);
            return true;
        }
        let is_value = matches!(self.prev, b'a' | b'0' | b'"' | b']' | b')' | b'<');
        let begins = next.is_ascii_alphabetic() || next == b'>';
        if is_value && self.prev != b')' || !begins || self.n_tags >= MAX_TAGS || self.typing != Typing::No {
            return false;
        }
        if self.prev == b')' && self.syntax.has(feature::TYPES) {
            return false;
        }
        // `<T,>(x)` and `<T extends U>(x)` are type parameters.
        let mut to = pos + 1;
        while is_word(self.lexer.at(to)) {
            to += 1;
        }
        if self.lexer.at(to) == b',' || self.lexer.starts(to, " extends ") {
            return false;
        }
        self.begin_tag(pos, false);
        true
    }

    fn begin_tag(&mut self, pos: usize, closes: bool) {
        let from = pos + if closes { 2 } else { 1 };
        let mut to = from;
        while is_word(self.lexer.at(to)) || matches!(self.lexer.at(to), b'.' | b'-' | b':') {
            to += 1;
        }
        let name = &self.lexer.bytes[from..to];
        let class = if name.contains(&b'.') || name.first().is_some_and(u8::is_ascii_uppercase) {
            TYPE
        } else {
            super::TAG
        };
        self.lexer.out.token(class, from, to);
        self.lexer.pos = to;
        self.n_tags += 1;
        self.push(Frame::Tag { closes });
    }

    /// Reads one thing inside of a tag.
    fn tag(&mut self) {
        let Some(Frame::Tag { closes }) = self.frames.last().copied() else { return };
        let pos = self.lexer.pos;
        match self.lexer.bytes[pos] {
            b'>' => {
                self.lexer.pos += 1;
                self.end_tag();
                match closes {
                    true if self.frames.last() == Some(&Frame::Text) => self.end_tag(),
                    true => {}
                    false => {
                        self.n_tags += 1;
                        self.push(Frame::Text);
                    }
                }
            }
            b'/' if self.lexer.peek(1) == b'>' => {
                self.lexer.pos += 2;
                self.end_tag();
            }
            b'{' => {
                self.lexer.pos += 1;
                self.push(Frame::TagHole);
                self.prev = b'(';
            }
            b'=' => {
                self.lexer.out.token(OPERATOR, pos, pos + 1);
                self.lexer.pos += 1;
            }
            quote @ (b'"' | b'\'') => {
                let to = (self.lexer.find(pos + 1, quote) + 1).min(self.lexer.end);
                self.lexer.out.lines(STRING, pos, to);
                self.lexer.pos = to;
            }
            byte if is_word(byte) => {
                let mut to = pos;
                while is_word(self.lexer.at(to)) || matches!(self.lexer.at(to), b'-' | b':') {
                    to += 1;
                }
                self.lexer.out.token(super::TAG, pos, to);
                self.lexer.pos = to;
            }
            _ => {
                if !self.comment() {
                    self.lexer.pos += 1;
                }
            }
        }
    }

    fn end_tag(&mut self) {
        self.n_tags = self.n_tags.saturating_sub(1);
        self.pop();
        self.prev = b')';
    }

    /// Reads one thing between tags.
    fn text(&mut self) {
        let pos = self.lexer.pos;
        match self.lexer.bytes[pos] {
            b'{' => {
                self.lexer.pos += 1;
                self.push(Frame::TagHole);
                self.prev = b'(';
            }
            b'<' if self.lexer.peek(1) == b'/' => self.begin_tag(pos, true),
            b'<' if (self.lexer.peek(1).is_ascii_alphabetic() || self.lexer.peek(1) == b'>')
                && self.n_tags < MAX_TAGS =>
            {
                self.begin_tag(pos, false);
            }
            b'&' => {
                let to = super::markup::entity_end(self.lexer, pos);
                self.lexer.out.token(CONSTANT, pos, to);
                self.lexer.pos = to.max(pos + 1);
            }
            _ => self.lexer.pos += 1,
        }
    }
}

fn is_shouted(word: &[u8]) -> bool {
    word.len() > 1 && word[0].is_ascii_uppercase() && !word.iter().any(|byte| byte.is_ascii_lowercase())
}

/// Returns the offset behind a comment that may hold others.
fn nested_end(lexer: &Lexer<'_>, from: usize, block: &Block) -> usize {
    let mut depth = 0usize;
    let mut pos = from;
    while pos < lexer.end {
        if lexer.starts(pos, block.open) {
            depth += 1;
            pos += block.open.len();
        } else if lexer.starts(pos, block.close) {
            depth -= 1;
            pos += block.close.len();
            if depth == 0 {
                return pos;
            }
        } else {
            pos += 1;
        }
    }
    lexer.end
}

/// Returns the offset of the line that holds nothing but the word of a
/// heredoc, or the end.
pub(super) fn heredoc_end(lexer: &Lexer<'_>, text: usize, name: usize, name_end: usize) -> usize {
    let word = &lexer.bytes[name..name_end];
    let mut line = text;
    while line < lexer.end {
        let end = lexer.line_end(line);
        let begin = lexer.skip_blanks(line).min(end);
        if lexer.bytes[begin..lexer.trim(begin, end)] == *word {
            return line;
        }
        line = end + 1;
    }
    lexer.end
}
