//! Languages that a line at a time decides: diffs, settings, messages,
//! recipes.

use super::{
    CALL, COMMENT, CONSTANT, DELETED, Grammar, INSERTED, KEYWORD, Lexer, MARK, NAME, NUMBER, OPERATOR,
    STRING, TYPE,
};

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
            b'[' => {
                let close = (begin..to).rfind(|pos| lexer.bytes[*pos] == b']').unwrap_or(to);
                return lexer.out.token(MARK, begin + 1, close);
            }
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
        && text.iter().filter(|byte| **byte == b'.').count() < 2
        && text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

/// Reads a recipe for an image.
pub(super) fn read_dockerfile(lexer: &mut Lexer<'_>) {
    let mut goes_on = false;
    each_line(lexer, |lexer, from, to| {
        let begin = lexer.skip_blanks(from);
        if lexer.at(begin) == b'#' {
            return lexer.out.token(COMMENT, begin, to);
        }
        let was_going_on = std::mem::replace(&mut goes_on, to > begin && lexer.bytes[to - 1] == b'\\');
        let mut pos = begin;
        if !was_going_on {
            while lexer.at(pos).is_ascii_alphabetic() {
                pos += 1;
            }
            if is_instruction(&lexer.bytes[begin..pos]) {
                lexer.out.token(KEYWORD, begin, pos);
            }
        }
        let is_from = lexer.bytes[begin..pos].eq_ignore_ascii_case(b"from");
        arguments(lexer, pos, to, is_from);
    });
}

fn is_instruction(word: &[u8]) -> bool {
    const INSTRUCTIONS: &[&str] = &[
        "add",
        "arg",
        "cmd",
        "copy",
        "entrypoint",
        "env",
        "expose",
        "from",
        "healthcheck",
        "label",
        "maintainer",
        "onbuild",
        "run",
        "shell",
        "stopsignal",
        "user",
        "volume",
        "workdir",
    ];
    INSTRUCTIONS.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

/// Writes what stands behind an instruction: strings, and the name and
/// tag of a stage.
fn arguments(lexer: &mut Lexer<'_>, mut pos: usize, to: usize, is_from: bool) {
    while pos < to {
        let byte = lexer.bytes[pos];
        if matches!(byte, b'"' | b'\'') {
            let mut end = pos + 1;
            while end < to && lexer.bytes[end] != byte {
                end += 1 + usize::from(lexer.bytes[end] == b'\\');
            }
            let end = (end + 1).min(to);
            lexer.out.token(STRING, pos, end);
            pos = end;
        } else if !is_from && byte == b'-' && lexer.starts(pos, "--from=") {
            let end = (pos + 7..to).find(|pos| lexer.bytes[*pos] == b' ').unwrap_or(to);
            lexer.out.token(NAME, pos + 7, end);
            pos = end;
        } else if is_from && byte == b':' {
            let end = (pos..to).find(|pos| lexer.bytes[*pos] == b' ').unwrap_or(to);
            lexer.out.token(TYPE, pos + 1, end);
            pos = end;
        } else if is_from
            && byte == b' '
            && lexer.bytes[pos + 1..to].get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"as "))
        {
            lexer.out.token(KEYWORD, pos + 1, pos + 3);
            lexer.out.token(NAME, pos + 4, to);
            pos = to;
        } else {
            pos += 1;
        }
    }
}

/// Reads a request or a response with its body.
pub(super) fn read_http(lexer: &mut Lexer<'_>) {
    let mut is_first = true;
    while lexer.pos < lexer.end {
        let from = lexer.pos;
        let end = lexer.line_end(from);
        let to = lexer.trim(from, end);
        if from == to && !is_first {
            break;
        }
        let word = (from..to).find(|pos| matches!(lexer.bytes[*pos], b' ' | b':')).unwrap_or(to);
        let begins = lexer.at(from).is_ascii_uppercase() && is_first;
        if begins && lexer.starts(from, "HTTP/") {
            lexer.out.token(CONSTANT, from, word);
            let code = lexer.skip_blanks(word);
            let code_end = (code..to).find(|pos| !lexer.bytes[*pos].is_ascii_digit()).unwrap_or(to);
            lexer.out.token(NUMBER, code, code_end.max(code));
        } else if begins && lexer.at(word) != b':' {
            lexer.out.token(KEYWORD, from, word);
            let line = &lexer.bytes[from..to];
            if let Some(blank) = line.iter().rposition(|byte| *byte == b' ')
                && lexer.starts(from + blank, " HTTP/")
            {
                lexer.out.token(CONSTANT, from + blank + 1, to);
            }
        } else if lexer.at(word) == b':' && word > from {
            lexer.out.token(NAME, from, word);
            lexer.out.token(STRING, lexer.skip_blanks(word + 1), to);
        }
        is_first = is_first && from == to;
        lexer.pos = end + 1;
    }
    let body = (lexer.pos..lexer.end).find(|pos| !lexer.bytes[*pos].is_ascii_whitespace());
    let Some(body) = body else { return };
    let grammar = match lexer.bytes[body] {
        b'{' | b'[' => Grammar::Code(&super::config::JSON),
        b'<' => Grammar::Markup,
        _ => Grammar::Plain,
    };
    lexer.run_part(grammar, body, lexer.end, 0);
}

/// Reads rules and their recipes.
pub(super) fn read_make(lexer: &mut Lexer<'_>) {
    while lexer.pos < lexer.end {
        let from = lexer.pos;
        let begin = lexer.skip_blanks(from);
        let mut end = lexer.line_end(from);
        let mut to = lexer.trim(from, end);
        let is_recipe = lexer.at(from) == b'\t' && lexer.at(begin) != b'#';
        if lexer.at(begin) == b'#' {
            lexer.out.token(COMMENT, begin, to);
        } else if !is_recipe {
            rule(lexer, begin, to);
        }
        // A line goes on behind a backslash.
        while to > from && lexer.bytes[to - 1] == b'\\' && end < lexer.end {
            let line = end + 1;
            end = lexer.line_end(line);
            to = lexer.trim(line, end);
            if !is_recipe {
                variables(lexer, lexer.skip_blanks(line).min(to), to, STRING);
            }
        }
        if is_recipe {
            recipe(lexer, begin, end);
        }
        lexer.pos = end + 1;
    }
}

fn recipe(lexer: &mut Lexer<'_>, begin: usize, end: usize) {
    let mut pos = begin;
    while matches!(lexer.at(pos), b'@' | b'-') {
        pos += 1;
    }
    lexer.out.token(CONSTANT, begin, pos);
    let outer = std::mem::replace(&mut lexer.end, end);
    lexer.pos = pos;
    super::shell::read_recipe(lexer);
    lexer.end = outer;
}

/// Reads an assignment, a directive or the head of a rule.
fn rule(lexer: &mut Lexer<'_>, from: usize, to: usize) {
    const DIRECTIVES: &[&str] = &[
        "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif", "include", "-include", "sinclude", "define",
        "endef", "export", "unexport", "override", "vpath",
    ];
    let mut from = from;
    let mut word = from;
    while lexer.at(word).is_ascii_lowercase() || lexer.at(word) == b'-' {
        word += 1;
    }
    if DIRECTIVES.iter().any(|known| known.as_bytes() == &lexer.bytes[from..word]) {
        lexer.out.token(KEYWORD, from, word);
        from = lexer.skip_blanks(word).min(to);
    }
    let Some(sign) = (from..to).find(|pos| matches!(lexer.bytes[*pos], b'=' | b':')) else {
        return variables(lexer, from, to, super::PLAIN);
    };
    let is_rule = lexer.bytes[sign] == b':' && lexer.at(sign + 1) != b'=' && !lexer.starts(sign, "::=");
    let mut name_end = sign;
    while name_end > from && matches!(lexer.bytes[name_end - 1], b'?' | b'+' | b'!') {
        name_end -= 1;
    }
    let behind = if lexer.at(sign + 1) == b'=' { sign + 2 } else { sign + 1 };
    variables(lexer, from, lexer.trim(from, name_end), if is_rule { CALL } else { NAME });
    lexer.out.token(OPERATOR, name_end, behind);
    variables(lexer, lexer.skip_blanks(behind).min(to), to, STRING);
}

/// Writes text with `$(NAME)` and `%` in it.
fn variables(lexer: &mut Lexer<'_>, from: usize, to: usize, class: u8) {
    let (mut done, mut pos) = (from, from);
    while pos < to {
        let next = lexer.at(pos + 1);
        let (name, class_of_name) = match lexer.bytes[pos] {
            b'$' if matches!(next, b'(' | b'{') => (pos + 2, NAME),
            b'$' if matches!(next, b'@' | b'<' | b'^' | b'*' | b'?' | b'+') => (pos, CONSTANT),
            b'%' => (pos, CONSTANT),
            _ => {
                pos += 1;
                continue;
            }
        };
        lexer.out.token(class, done, pos);
        if class_of_name == CONSTANT {
            done = (name + if lexer.bytes[pos] == b'$' { 2 } else { 1 }).min(to);
            lexer.out.token(CONSTANT, name, done);
        } else {
            let is_name = |pos: &usize| super::is_word(lexer.bytes[*pos]) || lexer.bytes[*pos] == b'-';
            let end = (name..to).find(|pos| !is_name(pos)).unwrap_or(to);
            // What has arguments is a function.
            lexer.out.token(if lexer.at(end) == b' ' { CALL } else { NAME }, name, end);
            done = (end + usize::from(matches!(lexer.at(end), b')' | b'}'))).min(to);
        }
        pos = done.max(pos + 1);
    }
    lexer.out.token(class, done, to);
}
