//! Names: what a word is by itself, by what stands around it, and by its
//! case.

use super::super::{CALL, CONSTANT, KEYWORD, NAME, OPERATOR, PLAIN, TYPE, is_word};
use super::syntax::feature;
use super::{AHEAD, Awaits, Code, Frame, Typing};

impl Code<'_, '_> {
    pub(super) fn name(&mut self) {
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
        let dotted = match self.syntax.has(feature::ARROWS) {
            true => self.lexer.bytes[..from].ends_with(b"->"),
            false => self.prev == b'.',
        };
        self.prev_before_name = self.prev;
        if !dotted {
            (self.chain, self.prev_before_chain) = (from, self.prev);
        }
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
        let is_key = self.is_key(from, to, after);
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
    fn is_key(&self, from: usize, to: usize, after: u8) -> bool {
        let begins =
            matches!(self.prev, b'{' | b',' | b'\n' | b'(' | b';' | b'}' | b']' | b'"' | b'0' | b'a' | b'!');
        if self.syntax.has(feature::COLON_KEYS) && begins && after == b':' && self.lexer.at(to + 1) != b':' {
            return match self.frames.last() {
                Some(Frame::Object) if self.syntax.has(feature::TYPES) => matches!(self.prev, b'{' | b','),
                _ => !self.syntax.has(feature::TYPES),
            };
        }
        if self.syntax.has(feature::RUST) {
            return after == b':' && self.lexer.at(to + 1) != b':' && self.is_field(from);
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

    /// Tells whether a name before a colon is a parameter or a field, in
    /// Rust.
    fn is_field(&self, from: usize) -> bool {
        match self.frames.last() {
            Some(Frame::Paren) => matches!(self.prev, b',' | b'(' | b'k'),
            Some(Frame::Block | Frame::Object) => {
                matches!(self.prev, b',' | b'{' | b')' | b']') || self.lexer.bytes[..from].ends_with(b"pub ")
            }
            _ => false,
        }
    }

    /// Tells whether a name stands where a type does, in Go: behind the
    /// name or the parameters that have it, behind a star or brackets.
    fn is_go_type(&self, dotted: bool, to: usize) -> bool {
        let from = self.chain;
        if self.lexer.at(to) == b'.' || from < 3 {
            return false;
        }
        let bytes = self.lexer.bytes;
        let behind_name = matches!(self.prev_before_chain, b'a' | b')');
        let blank = |byte: &&u8| !matches!(byte, b' ' | b'\t');
        if behind_name && bytes[..from].iter().rev().take(AHEAD).find(blank) != Some(&b'\n') {
            return true;
        }
        match (bytes[from - 2], bytes[from - 1]) {
            (b' ', b'*') => is_word(bytes[from - 3]) || bytes[from - 3] == b']',
            (b']' | b'*', b'*') | (_, b']') => true,
            (b'(' | b'\t', b'*') => dotted,
            _ => false,
        }
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
        if dotted && word == b"class" && self.syntax.has(feature::TYPED_NAMES) {
            return CONSTANT;
        }
        if self.frames.last() == Some(&Frame::Paren) {
            let after = self.lexer.at(to);
            let behind_type = matches!(self.prev, b'a' | b']' | b'>') && matches!(after, b',' | b')');
            if self.syntax.has(feature::TYPED_NAMES) && behind_type {
                return NAME;
            }
            if self.syntax.has(feature::OPTIONS) && dotted && after == b')' && word[0].is_ascii_lowercase() {
                return CALL;
            }
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
        if self.syntax.has(feature::GO_TYPES) && self.is_go_type(dotted, to) {
            return TYPE;
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
}

fn is_shouted(word: &[u8]) -> bool {
    word.len() > 1 && word[0].is_ascii_uppercase() && !word.iter().any(|byte| byte.is_ascii_lowercase())
}
