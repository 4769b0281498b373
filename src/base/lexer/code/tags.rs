//! Tags in code, as in JSX.

use super::super::{CONSTANT, OPERATOR, STRING, TAG, TYPE, is_word, markup};
use super::syntax::feature;
use super::{AHEAD, Code, Frame, MAX_TAGS, Typing};

impl Code<'_, '_> {
    /// Tells whether a tag begins here, and opens it.
    pub(super) fn tag_begin(&mut self) -> bool {
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

    pub(super) fn begin_tag(&mut self, pos: usize, closes: bool) {
        let from = pos + if closes { 2 } else { 1 };
        let mut to = from;
        while is_word(self.lexer.at(to)) || matches!(self.lexer.at(to), b'.' | b'-' | b':') {
            to += 1;
        }
        let name = &self.lexer.bytes[from..to];
        let class =
            if name.contains(&b'.') || name.first().is_some_and(u8::is_ascii_uppercase) { TYPE } else { TAG };
        self.lexer.out.token(class, from, to);
        self.lexer.pos = to;
        self.n_tags += 1;
        self.push(Frame::Tag { closes });
    }

    /// Reads one thing inside of a tag.
    pub(super) fn tag(&mut self) {
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
                self.lexer.out.token(TAG, pos, to);
                self.lexer.pos = to;
            }
            _ => {
                if !self.comment() {
                    self.lexer.pos += 1;
                }
            }
        }
    }

    pub(super) fn end_tag(&mut self) {
        self.n_tags = self.n_tags.saturating_sub(1);
        self.pop();
        self.prev = b')';
    }

    /// Reads one thing between tags.
    pub(super) fn text(&mut self) {
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
                let to = markup::entity_end(self.lexer, pos);
                self.lexer.out.token(CONSTANT, pos, to);
                self.lexer.pos = to.max(pos + 1);
            }
            _ => self.lexer.pos += 1,
        }
    }
}
