//! Style sheets: CSS, SCSS and Less. A statement is first measured, to
//! know a selector from a declaration.

use super::{CALL, COMMENT, CONSTANT, ESCAPE, KEYWORD, Lexer, NAME, NUMBER, OPERATOR, PLAIN, STRING, TAG};

/// Reads a style sheet.
pub(super) fn read(lexer: &mut Lexer<'_>) {
    while lexer.pos < lexer.end {
        let pos = lexer.pos;
        if comment(lexer) {
            continue;
        }
        match lexer.bytes[pos] {
            b' ' | b'\t' | b'\n' | b'\r' | b'{' | b'}' | b';' => lexer.pos += 1,
            _ => statement(lexer),
        }
    }
}

fn comment(lexer: &mut Lexer<'_>) -> bool {
    let pos = lexer.pos;
    let to = if lexer.starts(pos, "/*") {
        lexer.find_text(pos + 2, "*/") + 2
    } else if lexer.starts(pos, "//") {
        lexer.line_end(pos)
    } else {
        return false;
    };
    lexer.pos = to.min(lexer.end);
    lexer.out.lines(COMMENT, pos, lexer.pos);
    true
}

/// Reads up to a brace or a semicolon.
fn statement(lexer: &mut Lexer<'_>) {
    let from = lexer.pos;
    let mut to = from;
    let mut n_parens = 0usize;
    while to < lexer.end {
        match lexer.bytes[to] {
            b'(' => n_parens += 1,
            b')' => n_parens = n_parens.saturating_sub(1),
            b';' | b'}' if n_parens == 0 => break,
            b'{' if to > from && lexer.bytes[to - 1] == b'#' => to = lexer.find(to, b'}'),
            b'{' => break,
            quote @ (b'"' | b'\'') => to = string_end(lexer, to, quote) - 1,
            b'/' if lexer.starts(to, "/*") => to = lexer.find_text(to, "*/"),
            _ => {}
        }
        to += 1;
    }
    let to = to.min(lexer.end);
    let end = std::mem::replace(&mut lexer.end, to);
    let is_selector = end > to && lexer.bytes[to] == b'{';
    match lexer.bytes[from] {
        b'@' => {
            let mut word = from + 1;
            while is_name(lexer.at(word)) {
                word += 1;
            }
            lexer.out.lines(KEYWORD, from, word);
            lexer.pos = word;
            value(lexer);
        }
        _ if is_selector => selector(lexer),
        _ => {
            let colon = lexer.find(from, b':');
            if colon < lexer.end {
                lexer.out.lines(NAME, from, lexer.trim(from, colon));
                lexer.pos = colon;
            }
            value(lexer);
        }
    }
    lexer.pos = to;
    lexer.end = end;
}

fn string_end(lexer: &Lexer<'_>, from: usize, quote: u8) -> usize {
    let mut pos = from + 1;
    while pos < lexer.end && lexer.bytes[pos] != quote && lexer.bytes[pos] != b'\n' {
        pos += 1 + usize::from(lexer.bytes[pos] == b'\\');
    }
    (pos + 1).min(lexer.end)
}

/// Writes a string up to its last part; returns that.
fn string(lexer: &mut Lexer<'_>, from: usize, quote: u8) -> (u8, usize) {
    let to = string_end(lexer, from, quote);
    let mut pos = from + 1;
    while pos < to {
        if lexer.bytes[pos] != b'\\' || matches!(lexer.at(pos + 1), b'\n' | 0) {
            pos += 1;
            continue;
        }
        let n_digits = (1..7).take_while(|n| lexer.at(pos + n).is_ascii_hexdigit()).count();
        lexer.out.lines(STRING, from, pos);
        lexer.out.lines(ESCAPE, pos, pos + 1 + n_digits.max(1));
        pos += 1 + n_digits.max(1);
    }
    (STRING, to)
}

fn is_name(byte: u8) -> bool {
    super::is_word(byte) || byte == b'-'
}

fn name_end(lexer: &Lexer<'_>, mut pos: usize) -> usize {
    while is_name(lexer.at(pos)) {
        pos += 1;
    }
    pos
}

fn selector(lexer: &mut Lexer<'_>) {
    while lexer.pos < lexer.end {
        let pos = lexer.pos;
        if comment(lexer) {
            continue;
        }
        let byte = lexer.bytes[pos];
        let end = name_end(lexer, pos + 1);
        let (class, to) = match byte {
            b'.' | b'#' | b'%' if end > pos + 1 => (TAG, end),
            b':' if lexer.at(pos + 1) == b':' => (PLAIN, name_end(lexer, pos + 2)),
            b':' => (PLAIN, end),
            b'[' => {
                lexer.out.lines(TAG, pos + 1, end);
                (PLAIN, end)
            }
            b'"' | b'\'' => string(lexer, pos, byte),
            b'>' | b'+' | b'~' | b'*' | b'=' | b'^' | b'$' | b'|' | b'&' => (OPERATOR, pos + 1),
            b'0'..=b'9' => {
                let mut to = pos + 1;
                while matches!(lexer.at(to), b'0'..=b'9' | b'.') {
                    to += 1;
                }
                lexer.out.lines(NUMBER, pos, to);
                (KEYWORD, to + usize::from(lexer.at(to) == b'%'))
            }
            _ if is_name(byte) => (TAG, end),
            _ => (PLAIN, pos + 1),
        };
        lexer.out.lines(class, pos, to);
        lexer.pos = to.max(pos + 1);
    }
}

fn value(lexer: &mut Lexer<'_>) {
    while lexer.pos < lexer.end {
        let pos = lexer.pos;
        if comment(lexer) {
            continue;
        }
        let byte = lexer.bytes[pos];
        let next = lexer.at(pos + 1);
        let (class, to) = match byte {
            b'"' | b'\'' => string(lexer, pos, byte),
            b'#' if next.is_ascii_alphanumeric() => (CONSTANT, name_end(lexer, pos + 1)),
            b'0'..=b'9' | b'.' | b'-' | b'+'
                if byte.is_ascii_digit() || next.is_ascii_digit() || next == b'.' =>
            {
                let mut to = pos + 1;
                while lexer.at(to).is_ascii_digit() || lexer.at(to) == b'.' {
                    to += 1;
                }
                lexer.out.lines(NUMBER, pos, to);
                let unit = to;
                while lexer.at(to).is_ascii_alphabetic() || lexer.at(to) == b'%' {
                    to += 1;
                }
                lexer.pos = to;
                (KEYWORD, {
                    lexer.out.lines(KEYWORD, unit, to);
                    to
                })
            }
            b'$' | b'@' if is_name(next) => (NAME, name_end(lexer, pos + 1)),
            b'!' => (KEYWORD, name_end(lexer, pos + 1)),
            b'\\' => (ESCAPE, pos + 2),
            b'+' | b'*' | b'>' | b'<' | b'=' => (OPERATOR, pos + 1),
            _ if is_name(byte) => {
                let to = name_end(lexer, pos);
                if lexer.at(to) == b'(' {
                    if &lexer.bytes[pos..to] == b"url" && !matches!(lexer.at(to + 1), b'"' | b'\'') {
                        lexer.out.lines(CALL, pos, to);
                        let end = lexer.find(to, b')');
                        lexer.out.lines(STRING, to + 1, end);
                        lexer.pos = end;
                        continue;
                    }
                    (CALL, to)
                } else if lexer.at(to) == b':' || lexer.starts(pos, "--") {
                    (NAME, to)
                } else {
                    (CONSTANT, to)
                }
            }
            _ => (PLAIN, pos + 1),
        };
        lexer.out.lines(class, pos, to);
        lexer.pos = to.max(pos + 1);
    }
}
