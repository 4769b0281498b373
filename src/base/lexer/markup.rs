//! Tags: XML and HTML, with the scripts and styles in it.

use super::{COMMENT, CONSTANT, Grammar, KEYWORD, Lexer, STRING, TAG, is_word, web};

/// Scripts are read in languages nested no deeper.
const MAX_DEPTH: usize = 3;

/// Reads text with tags.
pub(super) fn read(lexer: &mut Lexer<'_>, depth: usize) {
    while lexer.pos < lexer.end {
        let pos = lexer.pos;
        match lexer.bytes[pos] {
            b'<' => angle(lexer, depth),
            b'&' => {
                let to = entity_end(lexer, pos);
                lexer.out.token(CONSTANT, pos, to);
                lexer.pos = to.max(pos + 1);
            }
            _ => lexer.pos += 1,
        }
    }
}

fn angle(lexer: &mut Lexer<'_>, depth: usize) {
    let pos = lexer.pos;
    if lexer.starts(pos, "<!--") {
        lexer.pos = (lexer.find_text(pos + 4, "-->") + 3).min(lexer.end);
        return lexer.out.lines(COMMENT, pos, lexer.pos);
    }
    if lexer.starts(pos, "<![CDATA[") {
        lexer.out.token(KEYWORD, pos + 3, pos + 8);
        let to = lexer.find_text(pos + 9, "]]>");
        lexer.out.lines(STRING, pos + 9, to);
        lexer.pos = (to + 3).min(lexer.end);
        return;
    }
    match lexer.at(pos + 1) {
        b'!' => {
            let to = name_end(lexer, pos + 2);
            lexer.out.token(KEYWORD, pos + 2, to);
            let name = lexer.skip_blanks(to);
            let end = name_end(lexer, name);
            lexer.out.token(CONSTANT, name, end);
            lexer.pos = end;
            attributes(lexer);
        }
        b'/' | b'?' => tag(lexer, pos + 2, depth),
        byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => tag(lexer, pos + 1, depth),
        _ => lexer.pos += 1,
    }
}

/// Reads a tag, and the script or style that it begins.
fn tag(lexer: &mut Lexer<'_>, name: usize, depth: usize) {
    let to = name_end(lexer, name);
    lexer.out.token(TAG, name, to);
    lexer.pos = to.max(name);
    attributes(lexer);
    if lexer.bytes[name - 1] != b'<' || lexer.bytes[lexer.pos.max(2) - 2] == b'/' || depth >= MAX_DEPTH {
        return;
    }
    let (grammar, close) = match &lexer.bytes[name..to] {
        b"script" => (Grammar::Code(&web::JAVASCRIPT), "</script"),
        b"style" => (Grammar::Style, "</style"),
        _ => return,
    };
    let from = lexer.pos.min(lexer.end);
    let to = lexer.find_text(from, close);
    lexer.run_part(grammar, from, to, depth);
}

/// Reads a tag in other text, from its name to the end of the tag at
/// `end`.
pub(super) fn read_tag(lexer: &mut Lexer<'_>, name: usize, end: usize) {
    let outer = std::mem::replace(&mut lexer.end, end);
    tag(lexer, name, MAX_DEPTH);
    lexer.end = outer;
}

/// Reads attributes, and steps over the end of the tag.
fn attributes(lexer: &mut Lexer<'_>) {
    let mut is_value = false;
    let mut is_style = false;
    while lexer.pos < lexer.end {
        let pos = lexer.pos;
        let byte = lexer.bytes[pos];
        match byte {
            b'>' => {
                lexer.pos += 1;
                return;
            }
            // A tag that does not end.
            b'<' => return,
            b'"' | b'\'' => {
                quoted(lexer, byte, is_style);
                is_value = false;
            }
            b'=' => {
                is_value = true;
                lexer.pos += 1;
            }
            _ if is_value && byte > b' ' => {
                let mut to = pos + 1;
                while !matches!(lexer.at(to), 0..=b' ' | b'>') {
                    to += 1;
                }
                lexer.out.token(STRING, pos, to);
                lexer.pos = to;
                is_value = false;
            }
            _ if is_word(byte) || matches!(byte, b'@' | b':' | b'#' | b'(' | b'[' | b'*') => {
                let mut to = name_end(lexer, pos + 1);
                while matches!(lexer.at(to), b')' | b']') {
                    to += 1;
                }
                lexer.out.token(TAG, pos, to);
                is_style = &lexer.bytes[pos..to] == b"style";
                lexer.pos = to;
            }
            _ => lexer.pos += 1,
        }
    }
}

/// Reads a value in quotes: text with entities, or declarations.
fn quoted(lexer: &mut Lexer<'_>, quote: u8, is_style: bool) {
    let from = lexer.pos;
    let to = (lexer.find(from + 1, quote) + 1).min(lexer.end);
    if is_style && to > from + 1 && lexer.bytes[to - 1] == quote {
        lexer.out.token(STRING, from, from + 1);
        lexer.run_part(Grammar::Style, from + 1, to - 1, 0);
        lexer.out.token(STRING, to - 1, to);
        lexer.pos = to;
        return;
    }
    let (mut done, mut pos) = (from, from);
    while let Some(found) = lexer.bytes[pos..to].iter().position(|byte| *byte == b'&') {
        let sign = pos + found;
        let end = entity_end(lexer, sign).min(to);
        if end > sign {
            lexer.out.lines(STRING, done, sign);
            lexer.out.token(CONSTANT, sign, end);
            done = end;
        }
        pos = end.max(sign + 1);
    }
    lexer.out.lines(STRING, done, to);
    lexer.pos = to;
}

fn name_end(lexer: &Lexer<'_>, mut pos: usize) -> usize {
    while is_word(lexer.at(pos)) || matches!(lexer.at(pos), b'-' | b':' | b'.') {
        pos += 1;
    }
    pos
}

/// Returns the offset behind `&name;`, or that of the ampersand.
pub(super) fn entity_end(lexer: &Lexer<'_>, pos: usize) -> usize {
    let mut to = pos + 1;
    while to < pos + 12 && (lexer.at(to).is_ascii_alphanumeric() || lexer.at(to) == b'#') {
        to += 1;
    }
    if to > pos + 1 && lexer.at(to) == b';' { to + 1 } else { pos }
}
