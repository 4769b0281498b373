//! Tables: pulldown-cmark reads them, but splits cells at pipes in code,
//! which MkDocs does not, and drops the cells that a row has too many.

use std::borrow::Cow;

use crate::model::codes::markdown as codes;

use super::{Line, MAX_LINE_BYTES, Prepass, Where, fence, interrupts};

/// Copies a table with the pipes of its code spans escaped, and with
/// those of rows that are too long, so that what is beyond the last
/// column stands in it.
pub(super) fn table(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let is_table =
        lines.get(at + 1).is_some_and(|line| is_delimiter(line.text)) && lines[at].text.contains('|');
    if !is_table {
        return None;
    }
    let n_columns = n_cells(lines[at + 1].text);
    let mut idx = at;
    while idx < lines.len() && !lines[idx].is_blank() {
        if idx > at + 1 && interrupts(lines[idx].text) {
            break;
        }
        let row = escaped(lines[idx].text);
        // A head that is longer than the line below it is no table.
        match surplus(&row, n_columns).filter(|_| idx > at) {
            Some(start) => {
                let span = prepass.places.line(lines[idx].number);
                prepass.report(codes::row_too_long(span, n_columns));
                prepass.line(&joined(&row, start), &lines[idx]);
            }
            None => prepass.line(&row, &lines[idx]),
        }
        idx += 1;
    }
    Some(idx)
}

fn is_delimiter(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'))
        && text.contains('-')
        && (text.contains('|') || text.trim().starts_with(':') || text.trim().ends_with(':'))
}

/// Returns how many cells a line without escaped pipes has.
fn n_cells(line: &str) -> usize {
    let inner = line.trim();
    let inner = inner.strip_prefix('|').unwrap_or(inner);
    inner.strip_suffix('|').unwrap_or(inner).bytes().filter(|byte| *byte == b'|').count() + 1
}

/// Returns where the pipe stands that ends the last column of a row, if
/// there is something behind it.
fn surplus(row: &str, n_columns: usize) -> Option<usize> {
    let lead = row.len() - row.trim_start().len();
    let lead = lead + usize::from(row[lead..].starts_with('|'));
    let (start, _) = pipes(row, lead).nth(n_columns - 1)?;
    row[start..].contains(|c: char| c != '|' && !c.is_whitespace()).then_some(start)
}

/// Puts a backslash before every pipe from `start` on, but for those at
/// the end.
fn joined(row: &str, start: usize) -> String {
    let end = row.trim_end_matches(|c: char| c == '|' || c.is_whitespace()).len();
    let mut out = row[..start].to_string();
    let mut from = start;
    for (at, _) in pipes(row, start).take_while(|(at, _)| *at < end) {
        out.push_str(&row[from..at]);
        out.push('\\');
        from = at;
    }
    out.push_str(&row[from..]);
    out
}

/// Returns the pipes of a row that no backslash escapes.
fn pipes(row: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    row[from..]
        .match_indices('|')
        .map(move |(at, pipe)| (from + at, pipe))
        .filter(|(at, _)| !row[..*at].ends_with('\\'))
}

/// Puts a backslash before every pipe inside of a code span.
fn escaped(line: &str) -> Cow<'_, str> {
    if !line.contains('`') || line.len() > MAX_LINE_BYTES {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len() + 4);
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].bytes().take_while(|byte| *byte == b'`').count();
        let inner = &rest[start + ticks..];
        let Some(length) = fence::closing_ticks(inner, ticks) else {
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
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_in_code_are_escaped() {
        assert_eq!(escaped("| `a|b` | ``c`|d`` | `e |"), "| `a\\|b` | ``c`\\|d`` | `e |");
        assert_eq!(escaped("`a\\|b`"), "`a\\|b`");
    }

    #[test]
    fn what_is_beyond_the_last_column_stands_in_it() {
        let joined = |row: &str| surplus(row, 2).map(|start| joined(row, start));
        assert_eq!(joined("| a | b | c | d | "), Some("| a | b \\| c \\| d | ".to_string()));
        assert_eq!(joined("a|b|c"), Some("a|b\\|c".to_string()));
        assert_eq!(joined(" a \\| b | c |"), None);
        assert_eq!(joined("| a | b |"), None);
        assert_eq!(joined("| a | b | | |"), None);
        assert_eq!((n_cells("|-|:-:|"), n_cells("-:"), n_cells(" - | - ")), (2, 1, 2));
    }
}
