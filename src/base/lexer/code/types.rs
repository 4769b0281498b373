//! Types behind colons and in angles, as in TypeScript, and words that
//! are words in places only.

use super::super::words::Word;
use super::super::{CONSTANT, KEYWORD, OPERATOR, PLAIN, TYPE, is_word};
use super::syntax::feature;
use super::{AHEAD, Awaits, Code, Frame, Typing};

impl Code<'_, '_> {
    /// Tells whether a word of TypeScript is meant as such: many are
    /// names elsewhere.
    pub(super) fn counts_as_word(&self, found: &Word, from: usize, to: usize) -> bool {
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
    pub(super) fn is_function(&self, to: usize) -> bool {
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

    /// Reads a mark that decides whether types follow.
    pub(super) fn punctuation(&mut self, byte: u8, next: u8) -> bool {
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

    pub(super) fn end_types(&mut self) {
        self.typing = Typing::No;
        self.n_angles = 0;
    }

    /// Counts the angles around type arguments; others are operators.
    pub(super) fn angle(&mut self, byte: u8, next: u8) -> bool {
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

    pub(super) fn colon(&mut self) -> bool {
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
}
