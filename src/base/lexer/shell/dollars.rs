//! What a dollar or a backtick begins, and text that is given to a
//! command.

use super::super::{CALL, CONSTANT, KEYWORD, NAME, OPERATOR, PLAIN, STRING, code, is_word};
use super::{Dollars, Frame, MAX_DEPTH, Place, Shell};

impl Shell<'_, '_> {
    pub(super) fn heredoc_text(&mut self, from: usize, to: usize, expands: bool) {
        let text = self.lexer.pos;
        let end = code::heredoc_end(self.lexer, text, from, to);
        if expands {
            let outer = std::mem::replace(&mut self.lexer.end, end);
            let mut from = text;
            while self.lexer.pos < end {
                let pos = self.lexer.pos;
                if self.lexer.bytes[pos] == b'$'
                    && (is_word(self.lexer.peek(1)) || self.lexer.peek(1) == b'{')
                {
                    self.lexer.out.lines(STRING, from, pos);
                    self.variable(STRING);
                    from = self.lexer.pos;
                } else {
                    self.lexer.pos += 1;
                }
            }
            self.lexer.out.lines(STRING, from, end);
            self.lexer.end = outer;
        } else {
            self.lexer.out.lines(STRING, text, end);
        }
        let word = self.lexer.skip_blanks(end);
        let behind = (word + to - from).min(self.lexer.end);
        self.lexer.out.token(KEYWORD, word, behind);
        self.lexer.pos = behind.max(text);
    }

    /// Reads what a dollar begins. `class` is that of the text around.
    pub(super) fn dollar(&mut self, class: u8) {
        let mut pos = self.lexer.pos;
        if self.dollars == Dollars::Make {
            match self.lexer.peek(1) {
                b'(' => return self.make_variable(),
                b'@' | b'<' | b'^' | b'*' | b'?' | b'+' => {
                    self.lexer.out.token(CONSTANT, pos, pos + 2);
                    self.lexer.pos += 2;
                    return;
                }
                b'$' => {
                    self.lexer.out.token(class, pos, pos + 1);
                    pos += 1;
                    self.lexer.pos = pos;
                }
                _ => {}
            }
        }
        let place = if self.place == Place::Command { Place::Argument } else { self.place };
        let deep = self.frames.len() >= MAX_DEPTH;
        match self.lexer.peek(1) {
            b'(' if deep => {
                self.lexer.out.token(class, pos, pos + 2);
                self.lexer.pos += 2;
            }
            b'(' if self.lexer.peek(2) == b'(' => {
                self.lexer.out.token(class, pos, pos + 3);
                self.lexer.pos += 3;
                self.frames.push(Frame::Sum(place));
            }
            b'(' => {
                self.lexer.out.token(class, pos, pos + 2);
                self.lexer.pos += 2;
                self.frames.push(Frame::Paren(place));
                self.place = Place::Command;
            }
            b'\'' if class == PLAIN => {
                let to = (self.lexer.find(pos + 2, b'\'') + 1).min(self.lexer.end);
                self.lexer.out.lines(STRING, pos, to);
                self.lexer.pos = to;
            }
            _ => self.variable(class),
        }
    }

    /// Reads `$(NAME)`, or the begin of `$(function …)`.
    pub(super) fn make_variable(&mut self) {
        let name = self.lexer.pos + 2;
        let mut to = name;
        while is_word(self.lexer.at(to)) || self.lexer.at(to) == b'-' {
            to += 1;
        }
        let is_function = self.lexer.at(to) == b' ' && self.frames.len() < MAX_DEPTH;
        self.lexer.out.token(if is_function { CALL } else { NAME }, name, to);
        self.lexer.pos = to + usize::from(self.lexer.at(to) == b')');
        if is_function {
            let place = if self.place == Place::Command { Place::Argument } else { self.place };
            self.frames.push(Frame::Paren(place));
            let runs = &self.lexer.bytes[name..to] == b"shell";
            self.place = if runs { Place::Command } else { Place::Argument };
        }
    }

    /// Reads `$name` or `${name…}`.
    pub(super) fn variable(&mut self, class: u8) {
        let pos = self.lexer.pos;
        let next = self.lexer.peek(1);
        if next == b'{' {
            let mut to = pos + 2;
            while matches!(self.lexer.at(to), b'#' | b'!') {
                to += 1;
            }
            self.lexer.out.token(class, pos, to);
            let name = to;
            while is_word(self.lexer.at(to)) || matches!(self.lexer.at(to), b'[' | b']' | b'@') {
                to += 1;
            }
            self.lexer.out.token(NAME, name, to);
            let rest = to;
            while matches!(
                self.lexer.at(to),
                b':' | b'-' | b'+' | b'=' | b'?' | b'%' | b'#' | b'/' | b',' | b'^'
            ) {
                to += 1;
            }
            self.lexer.out.token(OPERATOR, rest, to);
            let rest = to;
            while !matches!(self.lexer.at(to), b'}' | b'"' | b'\n' | 0) {
                to += 1;
            }
            let to = to + usize::from(self.lexer.at(to) == b'}');
            self.lexer.out.token(class, rest, to);
            self.lexer.pos = to;
            return;
        }
        let mut to = pos + 1;
        if next.is_ascii_digit() {
            to += 1;
        } else {
            while is_word(self.lexer.at(to)) && self.lexer.at(to) < 0x80 {
                to += 1;
            }
        }
        self.lexer.out.token(class, pos, pos + 1);
        if to > pos + 1 {
            self.lexer.out.token(NAME, pos + 1, to);
        } else if matches!(next, b'@' | b'?' | b'#' | b'*' | b'!' | b'$' | b'-') {
            to += 1;
            self.lexer.out.token(CONSTANT, pos + 1, to);
        }
        self.lexer.pos = to;
    }

    pub(super) fn backtick(&mut self, class: u8) {
        let pos = self.lexer.pos;
        self.lexer.out.token(class, pos, pos + 1);
        self.lexer.pos += 1;
        let open = self.frames.iter().rposition(|frame| matches!(frame, Frame::Backtick(_)));
        match open {
            Some(open) => {
                if let Frame::Backtick(place) = self.frames[open] {
                    self.place = place;
                }
                self.frames.truncate(open);
            }
            None if self.frames.len() < MAX_DEPTH => {
                let place = if self.place == Place::Command { Place::Argument } else { self.place };
                self.frames.push(Frame::Backtick(place));
                self.place = Place::Command;
            }
            None => {}
        }
        if matches!(self.frames.last(), Some(Frame::Quote)) && open.is_some() {
            self.lexer.out.token(STRING, pos, pos + 1);
        }
    }
}
