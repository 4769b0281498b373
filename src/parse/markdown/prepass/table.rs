//! Tables: pulldown-cmark reads them, but splits cells at pipes in code,
//! which MkDocs does not.

use super::{Line, Prepass, Where, interrupts};

/// Lines longer than this are left as they are.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// Copies a table with the pipes of its code spans escaped.
pub(super) fn table(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let is_table =
        lines[at].text.contains('|') && lines.get(at + 1).is_some_and(|line| is_delimiter(line.text));
    if !is_table {
        return None;
    }
    let mut idx = at;
    while idx < lines.len() && !lines[idx].is_blank() {
        if idx > at + 1 && interrupts(lines[idx].text) {
            break;
        }
        prepass.line(&escaped(lines[idx].text), &lines[idx]);
        idx += 1;
    }
    Some(idx)
}

fn is_delimiter(text: &str) -> bool {
    text.contains('-')
        && (text.contains('|') || text.trim().starts_with(':') || text.trim().ends_with(':'))
        && text.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
}

/// Puts a backslash before every pipe inside of a code span.
fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 4);
    let mut rest = line;
    while let Some(start) = rest.find('`').filter(|_| line.len() <= MAX_LINE_BYTES) {
        let ticks = rest[start..].bytes().take_while(|byte| *byte == b'`').count();
        let inner = &rest[start + ticks..];
        let Some(length) = closing(inner, ticks) else {
            out.push_str(&rest[..start + ticks]);
            rest = inner;
            continue;
        };
        out.push_str(&rest[..start + ticks]);
        let mut previous = ' ';
        for c in inner[..length].chars() {
            if c == '|' && previous != '\\' {
                out.push('\\');
            }
            out.push(c);
            previous = c;
        }
        out.push_str(&inner[length..length + ticks]);
        rest = &inner[length + ticks..];
    }
    out.push_str(rest);
    out
}

/// Returns where a run of exactly so many backticks begins.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut offset = 0;
    while let Some(start) = text[offset..].find('`') {
        let start = offset + start;
        let length = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if length == ticks {
            return Some(start);
        }
        offset = start + length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_in_code_are_escaped() {
        assert_eq!(escaped("| `a|b` | ``c`|d`` | `e |"), "| `a\\|b` | ``c`\\|d`` | `e |");
        assert_eq!(escaped("`a\\|b`"), "`a\\|b`");
    }
}
