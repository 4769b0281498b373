//! The engine for programming and configuration languages: a step per
//! token, decided by its first byte and the language's [`Syntax`].
//!
//! Every look ahead is bounded or remembered, so that no input costs
//! more than linear time.

mod names;
mod strings;
pub(super) mod syntax;
mod tags;
mod types;

use super::{
    CALL, COMMENT, CONSTANT, KEYWORD, Lexer, MARK, NAME, NUMBER, OPERATOR, PLAIN, STRING, TYPE, is_word,
};
use syntax::{Block, Kind, Nested, Quote, Syntax, feature};

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
        chain: 0,
        prev_before_chain: b'\n',
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
    /// Where the names behind dots began that the last one belongs to,
    /// and what `prev` was there.
    chain: usize,
    prev_before_chain: u8,
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
        if byte == b'.' && self.syntax.has(feature::RUST) && self.lexer.at(pos + 1) == b'.' {
            let len = 2 + usize::from(matches!(self.lexer.at(pos + 2), b'.' | b'='));
            self.lexer.out.token(OPERATOR, pos, pos + len);
            self.lexer.pos += len;
            self.prev = b'=';
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
        let is_this = &self.lexer.bytes[from..to] == b"$this";
        self.lexer.out.token(if is_this { CONSTANT } else { NAME }, from, to);
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
