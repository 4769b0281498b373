//! Languages that a line at a time decides: diffs, settings, messages,
//! recipes.

use super::{COMMENT, CONSTANT, DELETED, Grammar, INSERTED, KEYWORD, Lexer, MARK, NAME, NUMBER, STRING};

/// Calls `read` with the bounds of each line, without the blanks at its
/// end.
fn each_line(lexer: &mut Lexer<'_>, mut read: impl FnMut(&mut Lexer<'_>, usize, usize)) {
    while lexer.pos < lexer.end {
        let from = lexer.pos;
        let end = lexer.line_end(from);
        read(lexer, from, lexer.trim(from, end));
        lexer.pos = end + 1;
    }
}

pub(super) fn read_diff(lexer: &mut Lexer<'_>) {
    each_line(lexer, |lexer, from, to| {
        let class = match lexer.at(from) {
            _ if lexer.starts(from, "--- ") || lexer.starts(from, "+++ ") => MARK,
            b'+' | b'>' => INSERTED,
            b'-' | b'<' => DELETED,
            b'!' => INSERTED,
            b'@' if lexer.starts(from, "@@") => MARK,
            _ if lexer.starts(from, "diff ") || lexer.starts(from, "index ") => MARK,
            _ => super::PLAIN,
        };
        lexer.out.token(class, from, to);
    });
}

pub(super) fn read_ini(lexer: &mut Lexer<'_>) {
    each_line(lexer, |lexer, from, to| {
        let begin = lexer.skip_blanks(from);
        match lexer.at(begin) {
            b';' | b'#' => return lexer.out.token(COMMENT, begin, to),
            b'[' => return lexer.out.token(MARK, begin, to),
            _ => {}
        }
        let sign = (begin..to).find(|pos| matches!(lexer.bytes[*pos], b'=' | b':'));
        match sign {
            Some(sign) if begin == from || lexer.bytes[sign] == b'=' => {
                lexer.out.token(NAME, begin, lexer.trim(begin, sign));
                value(lexer, lexer.skip_blanks(sign + 1), to);
            }
            _ => lexer.out.token(STRING, begin, to),
        }
    });
}

pub(super) fn read_properties(lexer: &mut Lexer<'_>) {
    let mut goes_on = false;
    each_line(lexer, |lexer, from, to| {
        let begin = lexer.skip_blanks(from);
        let was_going_on = std::mem::replace(&mut goes_on, to > begin && lexer.bytes[to - 1] == b'\\');
        if was_going_on {
            return lexer.out.token(STRING, begin, to);
        }
        if matches!(lexer.at(begin), b'#' | b'!') {
            goes_on = false;
            return lexer.out.token(COMMENT, begin, to);
        }
        let sign = (begin..to).find(|pos| matches!(lexer.bytes[*pos], b'=' | b':' | b' ')).unwrap_or(to);
        lexer.out.token(NAME, begin, sign);
        let mut pos = lexer.skip_blanks(sign);
        if matches!(lexer.at(pos), b'=' | b':') {
            pos = lexer.skip_blanks(pos + 1);
        }
        value(lexer, pos, to);
    });
}

/// Writes the value of a setting.
fn value(lexer: &mut Lexer<'_>, from: usize, to: usize) {
    let to = to.max(from);
    let class = match &lexer.bytes[from..to] {
        b"true" | b"false" | b"on" | b"off" | b"yes" | b"no" | b"null" => CONSTANT,
        text if is_number(text) => NUMBER,
        _ => STRING,
    };
    lexer.out.token(class, from, to);
}

fn is_number(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_digit)
        && text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

pub(super) fn read_dockerfile(lexer: &mut Lexer<'_>) {
    lexer.pos = lexer.end;
}

pub(super) fn read_http(lexer: &mut Lexer<'_>) {
    let _ = (KEYWORD, Grammar::Http);
    lexer.pos = lexer.end;
}

pub(super) fn read_make(lexer: &mut Lexer<'_>) {
    lexer.pos = lexer.end;
}
