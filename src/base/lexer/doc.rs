//! Markdown: headings, fences in their own languages, strong text, code,
//! links and tags.

use super::{COMMENT, CONSTANT, Grammar, Lexer, MARK, STRING, is_word, markup};

/// Fences are read in languages nested no deeper.
const MAX_DEPTH: usize = 3;

/// No tag is longer.
const MAX_TAG: usize = 600;

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
                lexer.pos = begin + n_signs;
                while lexer.pos < end {
                    inline(lexer, end, Some(begin));
                }
                before(lexer, Some(begin), to);
                lexer.pos = lexer.pos.max(end + 1);
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
        b'[' => definition(lexer, begin, to),
        _ => {}
    }
    lexer.pos = begin;
    while lexer.pos < end {
        inline(lexer, end, None);
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

/// Reads the target in `[name]: target`.
fn definition(lexer: &mut Lexer<'_>, begin: usize, to: usize) {
    let name = lexer.bytes[begin..to].iter().position(|byte| *byte == b']').map(|at| begin + at);
    let Some(name) = name.filter(|name| lexer.at(name + 1) == b':') else { return };
    let target = lexer.skip_blanks(name + 2).min(to);
    let len = lexer.bytes[target..to].iter().position(|byte| *byte == b' ');
    lexer.out.token(STRING, target, len.map_or(to, |len| target + len));
}

/// Writes the text of a heading that begins at `heading` up to `to`,
/// unless it is written.
fn before(lexer: &mut Lexer<'_>, heading: Option<usize>, to: usize) {
    if let Some(from) = heading {
        lexer.out.token(MARK, from, lexer.trim(from, to));
    }
}

/// Reads one thing inside of a line.
fn inline(lexer: &mut Lexer<'_>, end: usize, heading: Option<usize>) {
    let pos = lexer.pos;
    match lexer.bytes[pos] {
        b'\\' => lexer.pos += 2,
        b'`' => {
            let mut from = pos;
            while from < end && lexer.bytes[from] == b'`' {
                from += 1;
            }
            let to = closing(lexer, from, end, b'`', from - pos);
            if let Some(to) = to {
                before(lexer, heading, pos);
                lexer.out.token(STRING, pos, to);
            }
            lexer.pos = to.unwrap_or(from);
        }
        mark @ (b'*' | b'_') if is_strong(lexer, pos, mark) => {
            let to = closing(lexer, pos + 3, end, mark, 2);
            lexer.out.token(MARK, pos, to.unwrap_or(pos));
            lexer.pos = to.unwrap_or(pos + 2);
        }
        b']' if lexer.at(pos + 1) == b'(' => {
            let mut to = pos + 2;
            while to < end && !matches!(lexer.bytes[to], b')' | b' ') {
                to += 1;
            }
            target(lexer, pos + 2, to, heading);
        }
        b'<' if lexer.starts(pos, "<!--") => {
            before(lexer, heading, pos);
            lexer.pos = (lexer.find_text(pos + 4, "-->") + 3).min(lexer.end);
            lexer.out.lines(COMMENT, pos, lexer.pos);
        }
        b'<' if lexer.starts(pos, "<http") => {
            let mut to = pos + 1;
            while to < end && lexer.bytes[to] != b'>' {
                to += 1;
            }
            target(lexer, pos + 1, to, heading);
        }
        b'<' => {
            let from = pos + 1 + usize::from(lexer.at(pos + 1) == b'/');
            if !lexer.at(from).is_ascii_alphabetic() {
                lexer.pos += 1;
                return;
            }
            before(lexer, heading, pos);
            markup::read_tag(lexer, from, tag_end(lexer, from));
        }
        b'h' if lexer.starts(pos, "http") && is_url(lexer, pos) => {
            let mut to = pos;
            while to < end
                && !matches!(lexer.bytes[to], b' ' | b'\t' | b')' | b'>' | b'<' | b'*' | b'"' | b'|')
            {
                to += 1;
            }
            while matches!(lexer.bytes[to - 1], b'.' | b',' | b':' | b';' | b'!' | b'?' | b'\r') {
                to -= 1;
            }
            target(lexer, pos, to, heading);
        }
        _ => lexer.pos += 1,
    }
}

fn is_strong(lexer: &Lexer<'_>, pos: usize, mark: u8) -> bool {
    let after = lexer.at(pos + 2);
    let in_word = mark == b'_' && pos > 0 && is_word(lexer.bytes[pos - 1]);
    lexer.at(pos + 1) == mark && !in_word && after != mark && !matches!(after, b' ' | b'\n' | 0)
}

fn is_url(lexer: &Lexer<'_>, pos: usize) -> bool {
    let scheme = if lexer.at(pos + 4) == b's' { pos + 5 } else { pos + 4 };
    lexer.starts(scheme, "://") && lexer.at(scheme + 3) > b' ' && (pos == 0 || !is_word(lexer.bytes[pos - 1]))
}

/// Writes what a link leads to.
fn target(lexer: &mut Lexer<'_>, from: usize, to: usize, heading: Option<usize>) {
    before(lexer, heading, from);
    lexer.out.token(STRING, from, to);
    lexer.pos = to;
}

/// Returns the end of a tag, not far ahead and in its paragraph; that of
/// its name if there is none.
fn tag_end(lexer: &Lexer<'_>, from: usize) -> usize {
    let mut name = from;
    while is_word(lexer.at(name)) || matches!(lexer.at(name), b'-' | b'.') {
        name += 1;
    }
    let mut pos = name;
    while pos < lexer.end.min(from + MAX_TAG) {
        match lexer.bytes[pos] {
            b'>' => return pos + 1,
            b'<' => break,
            b'\n' if lexer.at(lexer.skip_blanks(pos + 1)) == b'\n' => break,
            _ => pos += 1,
        }
    }
    name
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
