//! Strings: escapes, marks and code in them, prefixes, raw ones.

use super::super::{COMMENT, ESCAPE, KEYWORD, NAME, OPERATOR, STRING, is_word, script};
use super::syntax::{Escapes, Lines, Quote, feature};
use super::{AHEAD, Code, Frame, heredoc_end};

impl Code<'_, '_> {
    pub(super) fn string(&mut self) -> bool {
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
    pub(super) fn string_end(&self, mut pos: usize, quote: &Quote) -> usize {
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
    pub(super) fn rest_of_string(&mut self, quote: &'static Quote, from: usize, class: u8) {
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
    pub(super) fn mark_in_string(&self, quote: &Quote, byte: u8, pos: usize) -> usize {
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

    /// Reads a string with a prefix.
    pub(super) fn prefix(&mut self, from: usize, to: usize) -> bool {
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
            true => script::RAW_QUOTES.iter().find(|quote| self.lexer.starts(to, quote.open)),
            false if holes => script::FORMAT_QUOTES.iter().find(|quote| self.lexer.starts(to, quote.open)),
            false => self.syntax.quotes.iter().find(|quote| self.lexer.starts(to, quote.open)),
        };
        let Some(quote) = quote else { return false };
        self.lexer.out.token(KEYWORD, from, to);
        self.lexer.pos = to + quote.open.len();
        self.rest_of_string(quote, to, STRING);
        true
    }

    /// Reads a Rust string behind its prefix, with or without hashes.
    pub(super) fn rust_string(&mut self, from: usize, to: usize, raw: bool) -> bool {
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
    pub(super) fn character(&mut self) -> bool {
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

    /// Reads `<<EOT` up to the line that ends it.
    pub(super) fn heredoc(&mut self) -> bool {
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
}
