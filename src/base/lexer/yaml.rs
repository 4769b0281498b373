//! YAML, line by line: keys, scalars by what they are, block scalars by
//! their indentation.

use super::{COMMENT, CONSTANT, ESCAPE, KEYWORD, Lexer, NAME, NUMBER, PLAIN, STRING, TYPE};

/// Reads YAML.
pub(super) fn read(lexer: &mut Lexer<'_>) {
    let mut yaml = Yaml { lexer, n_open: 0, indent: 0 };
    while yaml.lexer.pos < yaml.lexer.end {
        yaml.line();
    }
}

struct Yaml<'l, 'c> {
    lexer: &'l mut Lexer<'c>,
    /// Open brackets and braces.
    n_open: usize,
    /// How far the present line's innermost key or item is indented.
    indent: usize,
}

impl Yaml<'_, '_> {
    /// Reads a line; with it the lines of a scalar that goes on.
    fn line(&mut self) {
        let begin = self.lexer.pos;
        if self.n_open == 0 {
            if self.lexer.at(begin) == b'%' {
                self.lexer.pos = self.lexer.line_end(begin) + 1;
                return;
            }
            let is_marker = self.lexer.starts(begin, "---") || self.lexer.starts(begin, "...");
            if is_marker && matches!(self.lexer.at(begin + 3), b' ' | b'\n' | b'\r' | 0) {
                self.lexer.pos += 3;
            }
        }
        self.lexer.pos = self.lexer.skip_blanks(self.lexer.pos);
        self.indent = self.lexer.pos - begin;
        let mut may_be_key = true;
        loop {
            let pos = self.lexer.skip_blanks(self.lexer.pos);
            self.lexer.pos = pos;
            let byte = self.lexer.at(pos);
            let next = self.lexer.at(pos + 1);
            match byte {
                b'\n' | 0 | b'\r' => break,
                b'#' => {
                    let to = self.lexer.line_end(pos);
                    self.lexer.out.token(COMMENT, pos, self.lexer.trim(pos, to));
                    self.lexer.pos = to;
                    break;
                }
                b'-' | b'?' if matches!(next, b' ' | b'\n' | b'\r' | 0) && may_be_key && self.n_open == 0 => {
                    self.indent = pos - begin;
                    self.lexer.pos += 1;
                    continue;
                }
                b'[' | b'{' => {
                    self.n_open += 1;
                    self.lexer.pos += 1;
                    may_be_key = true;
                    continue;
                }
                b']' | b'}' if self.n_open > 0 => {
                    self.n_open -= 1;
                    self.lexer.pos += 1;
                }
                b',' if self.n_open > 0 => {
                    self.lexer.pos += 1;
                    may_be_key = true;
                    continue;
                }
                b':' if self.ends_key(pos + 1) => self.lexer.pos += 1,
                b'&' | b'*' if next > b' ' => self.word(NAME),
                b'!' => self.word(TYPE),
                b'|' | b'>' if self.n_open == 0 => {
                    self.block(pos);
                    return;
                }
                b'"' | b'\'' => {
                    self.quoted(byte, pos, begin);
                    continue;
                }
                _ => {
                    self.plain(pos, begin, may_be_key);
                }
            }
            may_be_key = self.n_open > 0 && may_be_key;
        }
        self.lexer.pos = self.lexer.line_end(self.lexer.pos) + 1;
    }

    /// Tells whether a colon before `pos` ends a key.
    fn ends_key(&self, pos: usize) -> bool {
        match self.lexer.at(pos) {
            b' ' | b'\n' | b'\r' | b'\t' | 0 => true,
            b',' | b'[' | b'{' | b']' | b'}' => self.n_open > 0,
            _ => false,
        }
    }

    fn word(&mut self, class: u8) {
        let from = self.lexer.pos;
        let mut to = from + 1;
        while !matches!(self.lexer.at(to), b' ' | b'\n' | b'\r' | b'\t' | b',' | b']' | b'}' | 0) {
            to += 1;
        }
        self.lexer.out.token(class, from, to);
        self.lexer.pos = to;
    }

    /// Reads a string in quotes, perhaps over several lines.
    fn quoted(&mut self, quote: u8, from: usize, begin: usize) {
        let mut pos = from + 1;
        while pos < self.lexer.end {
            match self.lexer.bytes[pos] {
                b'\\' if quote == b'"' => pos += 1,
                byte if byte == quote => {
                    if quote == b'"' || self.lexer.at(pos + 1) != b'\'' {
                        break;
                    }
                    pos += 1;
                }
                _ => {}
            }
            pos += 1;
        }
        let to = (pos + 1).min(self.lexer.end);
        let colon = self.lexer.skip_blanks(to);
        let is_key = self.lexer.at(colon) == b':' && (self.n_open > 0 || self.ends_key(colon + 1));
        if is_key {
            self.lexer.out.lines(NAME, from, to);
            if self.n_open == 0 {
                self.indent = from - begin;
            }
        } else {
            self.escapes(quote, from, to);
        }
        self.lexer.pos = if is_key { colon + 1 } else { to };
    }

    /// Writes a string with its escapes.
    fn escapes(&mut self, quote: u8, from: usize, to: usize) {
        let (mut done, mut pos) = (from, from + 1);
        while pos + 1 < to {
            let pair = (self.lexer.bytes[pos], self.lexer.bytes[pos + 1]);
            let len = match pair {
                (b'\\', b'\n') => 0,
                (b'\\', b'x') if quote == b'"' => 4,
                (b'\\', b'u') if quote == b'"' => 6,
                (b'\\', _) if quote == b'"' => 2,
                (b'\'', b'\'') if quote == b'\'' => 2,
                _ => 0,
            };
            if len > 0 && pos + len < to {
                self.lexer.out.lines(STRING, done, pos);
                self.lexer.out.lines(ESCAPE, pos, pos + len);
                done = pos + len;
                pos = done;
            } else {
                pos += 1;
            }
        }
        self.lexer.out.lines(STRING, done, to);
    }

    /// Reads a plain scalar: a key, or a value up to the line's end.
    fn plain(&mut self, from: usize, begin: usize, may_be_key: bool) {
        let mut pos = from;
        let mut is_key = false;
        loop {
            match self.lexer.at(pos) {
                b'\n' | 0 => break,
                b':' if self.ends_key(pos + 1) => {
                    is_key = may_be_key || self.n_open > 0;
                    if is_key {
                        break;
                    }
                }
                b'#' if pos > from && matches!(self.lexer.bytes[pos - 1], b' ' | b'\t') => break,
                b',' | b']' | b'}' | b'[' | b'{' if self.n_open > 0 => break,
                _ => {}
            }
            pos += 1;
        }
        let end = self.lexer.trim(from, pos.min(self.lexer.end));
        if is_key {
            let class = if &self.lexer.bytes[from..end] == b"<<" { KEYWORD } else { NAME };
            self.lexer.out.token(class, from, end);
            if self.n_open == 0 {
                self.indent = from - begin;
            }
            self.lexer.pos = pos + 1;
            return;
        }
        let class = scalar(&self.lexer.bytes[from..end]);
        self.lexer.out.token(class, from, end);
        self.lexer.pos = pos.max(from + 1).min(self.lexer.end);
    }

    /// Reads a block scalar: its header, and all lines that are further
    /// indented than the key or item that it belongs to.
    fn block(&mut self, from: usize) {
        let mut to = from + 1;
        while matches!(self.lexer.at(to), b'-' | b'+' | b'0'..=b'9') {
            to += 1;
        }
        self.lexer.out.token(KEYWORD, from, to);
        let rest = self.lexer.skip_blanks(to);
        let end = self.lexer.line_end(rest);
        if self.lexer.at(rest) == b'#' {
            self.lexer.out.token(COMMENT, rest, self.lexer.trim(rest, end));
        }
        let mut line = end + 1;
        let text = line;
        while line < self.lexer.end {
            let begin = self.lexer.skip_blanks(line);
            let is_blank = matches!(self.lexer.at(begin), b'\n' | b'\r' | 0);
            if !is_blank && begin - line <= self.indent {
                break;
            }
            line = self.lexer.line_end(begin) + 1;
        }
        self.lexer.out.lines(STRING, text.min(self.lexer.end), line.min(self.lexer.end));
        self.lexer.pos = line.min(self.lexer.end);
    }
}

/// Returns the class of a plain scalar.
fn scalar(text: &[u8]) -> u8 {
    match text {
        [] => PLAIN,
        b"true" | b"false" | b"True" | b"False" | b"TRUE" | b"FALSE" => CONSTANT,
        b"yes" | b"no" | b"on" | b"off" | b"Yes" | b"No" | b"On" | b"Off" | b"YES" | b"NO" | b"ON"
        | b"OFF" => CONSTANT,
        b"null" | b"~" | b"Null" | b"NULL" => CONSTANT,
        _ if is_number(text) => NUMBER,
        _ => STRING,
    }
}

/// Numbers, versions and dates.
fn is_number(text: &[u8]) -> bool {
    let first = text[0];
    if text.starts_with(b"0x") {
        return text.len() > 2 && text[2..].iter().all(u8::is_ascii_hexdigit);
    }
    let sign = usize::from(matches!(first, b'-' | b'+'));
    text.get(sign).is_some_and(u8::is_ascii_digit)
        && text[sign..].iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-' | b':'))
        && text[text.len() - 1].is_ascii_digit()
}
