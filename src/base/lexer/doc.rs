//! Markdown: headings, fences in their own languages, strong text, code,
//! links and tags.

use super::{COMMENT, CONSTANT, Grammar, Lexer, MARK, STRING, TAG, is_word};

/// Fences are read in languages nested no deeper.
const MAX_DEPTH: usize = 3;

/// Reads Markdown.
pub(super) fn read_markdown(lexer: &mut Lexer<'_>, depth: usize) {
    front_matter(lexer, depth);
    while lexer.pos < lexer.end {
        line(lexer, depth);
    }
}

/// Reads the YAML between `---` at the begin.
fn front_matter(lexer: &mut Lexer<'_>, depth: usize) {
    let from = lexer.pos;
    if from > 0 || !lexer.starts(from, "---\n") {
        return;
    }
    let to = lexer.find_text(from + 3, "\n---");
    if to < lexer.end {
        lexer.run_part(Grammar::Yaml, from + 4, to + 1, depth);
        lexer.pos = lexer.line_end(to + 1);
    }
}

fn line(lexer: &mut Lexer<'_>, depth: usize) {
    let from = lexer.pos;
    let end = lexer.line_end(from);
    let mut begin = lexer.skip_blanks(from);
    while lexer.at(begin) == b'>' {
        begin = lexer.skip_blanks(begin + 1);
    }
    let to = lexer.trim(begin.min(end), end);
    match lexer.at(begin) {
        b'#' => {
            let n_signs = (0..7).take_while(|n| lexer.at(begin + n) == b'#').count();
            if n_signs <= 6 && matches!(lexer.at(begin + n_signs), b' ' | b'\n' | 0) {
                lexer.out.token(MARK, begin, to);
                lexer.pos = end + 1;
                return;
            }
        }
        mark @ (b'`' | b'~') => {
            let mut n_marks = 0;
            while lexer.at(begin + n_marks) == mark {
                n_marks += 1;
            }
            let info = lexer.skip_blanks(begin + n_marks);
            if n_marks >= 3 && !lexer.bytes[info.min(end)..end].contains(&b'`') {
                return fence(lexer, mark, n_marks, info, end, depth);
            }
        }
        _ => {}
    }
    lexer.pos = begin;
    while lexer.pos < end {
        inline(lexer, end);
    }
    lexer.pos = lexer.pos.max(end + 1);
}

/// Reads a fence, whose info begins at `info`.
fn fence(lexer: &mut Lexer<'_>, mark: u8, n_marks: usize, info: usize, end: usize, depth: usize) {
    let mut to = info;
    while is_word(lexer.at(to)) || matches!(lexer.at(to), b'-' | b'+' | b'#') {
        to += 1;
    }
    lexer.out.token(CONSTANT, info, to);
    let text = (end + 1).min(lexer.end);
    let mut line = text;
    let closing = loop {
        if line >= lexer.end {
            break lexer.end;
        }
        let begin = lexer.skip_blanks(line);
        let mut found = 0;
        while lexer.at(begin + found) == mark {
            found += 1;
        }
        if found >= n_marks {
            break line;
        }
        line = lexer.line_end(begin) + 1;
    };
    let language = &lexer.bytes[info..to];
    let mut lowered = [0; 24];
    let known = lowered.get_mut(..language.len()).and_then(|lowered| {
        lowered.copy_from_slice(language);
        lowered.make_ascii_lowercase();
        super::grammar(std::str::from_utf8(lowered).ok()?)
    });
    match known {
        Some(grammar) if depth < MAX_DEPTH => lexer.run_part(grammar, text, closing, depth),
        _ => lexer.pos = closing,
    }
    lexer.pos = lexer.line_end(closing) + 1;
}

/// Reads one thing inside of a line.
fn inline(lexer: &mut Lexer<'_>, end: usize) {
    let pos = lexer.pos;
    match lexer.bytes[pos] {
        b'\\' => lexer.pos += 2,
        b'`' => {
            let mut from = pos;
            while from < end && lexer.bytes[from] == b'`' {
                from += 1;
            }
            let to = closing(lexer, from, end, b'`', from - pos);
            lexer.out.token(STRING, pos, to.unwrap_or(pos));
            lexer.pos = to.unwrap_or(from);
        }
        b'*' if lexer.starts(pos, "**") && !matches!(lexer.at(pos + 2), b' ' | b'\n' | b'*' | 0) => {
            let to = closing(lexer, pos + 3, end, b'*', 2);
            lexer.out.token(MARK, pos, to.unwrap_or(pos));
            lexer.pos = to.unwrap_or(pos + 2);
        }
        b']' if lexer.at(pos + 1) == b'(' => {
            let mut to = pos + 2;
            while to < end && !matches!(lexer.bytes[to], b')' | b' ') {
                to += 1;
            }
            lexer.out.token(STRING, pos + 2, to);
            lexer.pos = to;
        }
        b'<' if lexer.starts(pos, "<!--") => {
            lexer.pos = (lexer.find_text(pos + 4, "-->") + 3).min(lexer.end);
            lexer.out.lines(COMMENT, pos, lexer.pos);
        }
        b'<' if lexer.starts(pos, "<http") => {
            let mut to = pos + 1;
            while to < end && lexer.bytes[to] != b'>' {
                to += 1;
            }
            lexer.out.token(STRING, pos + 1, to);
            lexer.pos = to;
        }
        b'<' => {
            let from = pos + 1 + usize::from(lexer.at(pos + 1) == b'/');
            let mut to = from;
            while is_word(lexer.at(to)) || lexer.at(to) == b'-' || lexer.at(to) == b'.' {
                to += 1;
            }
            lexer.out.token(TAG, from, to);
            lexer.pos = to.max(pos + 1);
        }
        _ => lexer.pos += 1,
    }
}

/// Returns the offset behind the next run of exactly `n` marks, not far
/// ahead on the line.
fn closing(lexer: &Lexer<'_>, from: usize, end: usize, mark: u8, n: usize) -> Option<usize> {
    let end = end.min(from + 1000);
    let mut pos = from;
    while pos < end {
        if lexer.bytes[pos] != mark {
            pos += 1;
            continue;
        }
        let run = pos;
        while pos < end && lexer.bytes[pos] == mark {
            pos += 1;
        }
        if pos - run == n {
            return Some(pos);
        }
    }
    None
}
