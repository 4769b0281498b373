//! Which lines of a file a page brings in: all, ranges, or a section
//! between marks.

use std::fmt;

use super::snippets::{SourceLine, scissors};

/// How many ranges one request may have.
const MAX_RANGES: usize = 100;

/// The lines that are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Selection<'s> {
    All,
    /// Pairs of a first and a last line, 1-based; negative ones count
    /// from the end.
    Ranges(Vec<(Option<i64>, Option<i64>)>),
    /// Between `--8<-- [start:name]` and `[end:name]`.
    Section(&'s str),
    /// Between `ANCHOR: name` and `ANCHOR_END: name`.
    Anchor(&'s str),
    /// What cannot be read.
    Nonsense(&'s str),
}

impl fmt::Display for Selection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Selection::All => write!(f, "all lines"),
            Selection::Ranges(_) => write!(f, "lines that are asked for"),
            Selection::Section(name) | Selection::Anchor(name) => write!(f, "section `{name}`"),
            Selection::Nonsense(text) => write!(f, "range `{text}`"),
        }
    }
}

/// A mark of a section in a file.
pub(super) struct SectionMark<'l> {
    pub(super) is_escaped: bool,
    is_start: bool,
    name: &'l str,
}

/// Splits `file:3:7,9` or `file:section` of `--8<--`.
pub(super) fn of_snippet(request: &str) -> (&str, Selection<'_>) {
    let Some((path, rest)) = split(request) else {
        return (request.trim(), Selection::All);
    };
    if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return (path, Selection::Section(rest));
    }
    match ranges(rest) {
        Some(ranges) => (path, Selection::Ranges(ranges)),
        None => (path, Selection::Nonsense(rest)),
    }
}

/// Splits `file:3:7` or `file:anchor` of `{{#include}}`. A single number
/// is one line.
pub(super) fn of_book(request: &str) -> (&str, Selection<'_>) {
    let (path, rest) = match request.trim().split_once(':') {
        Some((path, rest)) => (path, rest),
        None => return (request.trim(), Selection::All),
    };
    let number = |text: &str| text.trim().parse::<i64>().ok().filter(|number| *number >= 0);
    let selection = match rest.split_once(':') {
        None if rest.is_empty() => Selection::All,
        None => match number(rest) {
            Some(line) => Selection::Ranges(vec![(Some(line), Some(line))]),
            None => Selection::Anchor(rest),
        },
        Some((first, last)) => match (number(first), number(last)) {
            (first_number, last_number)
                if (first_number.is_some() || first.is_empty())
                    && (last_number.is_some() || last.is_empty()) =>
            {
                Selection::Ranges(vec![(first_number, last_number)])
            }
            _ => Selection::Nonsense(rest),
        },
    };
    (path, selection)
}

/// Splits a path from what follows its first colon, if that may be a
/// selection: a drive or a scheme is none.
fn split(request: &str) -> Option<(&str, &str)> {
    let (path, rest) = request.split_once(':')?;
    let is_selection = !path.trim().is_empty()
        && !rest.is_empty()
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | ','));
    is_selection.then(|| (path.trim(), rest))
}

fn ranges(text: &str) -> Option<Vec<(Option<i64>, Option<i64>)>> {
    let number = |text: &str| match text {
        "" => Some(None),
        text => text.parse::<i64>().ok().map(Some),
    };
    let range = |part: &str| match part.split_once(':') {
        Some((first, last)) => Some((number(first)?, number(last)?)),
        None => Some((number(part)?, None)),
    };
    text.split(',').take(MAX_RANGES).map(range).collect()
}

/// Returns the lines that are asked for; `None` when there are none of
/// that name or number.
pub(super) fn selected<'t>(
    lines: Vec<SourceLine<'t>>,
    selection: &Selection<'_>,
) -> Option<Vec<SourceLine<'t>>> {
    match selection {
        Selection::All => Some(lines),
        Selection::Nonsense(_) => None,
        Selection::Ranges(ranges) => {
            let mut chosen = Vec::new();
            for (first, last) in ranges {
                let (from, to) = bounds(lines.len() as i64, *first, *last)?;
                chosen.extend_from_slice(&lines[from..to]);
            }
            Some(chosen)
        }
        Selection::Section(name) => between(lines, |text| {
            let mark = section_mark(text).filter(|mark| !mark.is_escaped)?;
            Some((mark.is_start, mark.name == *name))
        }),
        Selection::Anchor(name) => between(lines, |text| {
            let (is_start, found) = anchor(text)?;
            Some((is_start, found == *name))
        }),
    }
}

/// Returns the indices of a range; `None` when it is beyond the file, or
/// ends before it begins.
fn bounds(n_lines: i64, first: Option<i64>, last: Option<i64>) -> Option<(usize, usize)> {
    let from = match first {
        None | Some(0) => 0,
        Some(number) if number < 0 => n_lines.checked_add(number)?.max(0),
        Some(number) => number - 1,
    };
    let to = match last {
        None => n_lines,
        Some(number) if number < 0 => n_lines.checked_add(number)?.checked_add(1)?.max(0),
        Some(number) => number.min(n_lines),
    };
    (from <= to && from <= n_lines).then_some((from as usize, to as usize))
}

/// Returns the lines between the two marks of a name, without marks of
/// other names. `mark` tells of a line whether it is a start, and
/// whether it has the name.
fn between<'t>(
    lines: Vec<SourceLine<'t>>,
    mark: impl Fn(&str) -> Option<(bool, bool)>,
) -> Option<Vec<SourceLine<'t>>> {
    let mut chosen = None;
    for line in lines {
        match (mark(&line.text), &mut chosen) {
            (Some((true, true)), None) => chosen = Some(Vec::new()),
            (Some((false, true)), Some(_)) => break,
            (None, Some(chosen)) => chosen.push(line),
            _ => {}
        }
    }
    chosen
}

/// Reads `--8<-- [start:name]` anywhere in a line.
pub(super) fn section_mark(line: &str) -> Option<SectionMark<'_>> {
    let at = line.find("8<-")?;
    let before = line[..at].trim_end_matches('-');
    let rest = scissors(&line[before.len()..])?;
    // In running text it is code that shows one.
    if before.ends_with('`') {
        return None;
    }
    let inner = rest.trim_start().strip_prefix('[')?;
    let (inner, _) = inner.split_once(']')?;
    let (kind, name) = inner.split_once(':')?;
    let is_start = match kind.trim().to_ascii_lowercase().as_str() {
        "start" => true,
        "end" => false,
        _ => return None,
    };
    let name = name.trim();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_name.then(|| SectionMark { is_escaped: before.ends_with(';'), is_start, name })
}

fn anchor(line: &str) -> Option<(bool, &str)> {
    let at = line.find("ANCHOR")?;
    let rest = &line[at + "ANCHOR".len()..];
    let (rest, is_start) = match rest.strip_prefix("_END") {
        Some(rest) => (rest, false),
        None => (rest, true),
    };
    let rest = rest.strip_prefix(':')?.trim_start();
    let length =
        rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    (length > 0).then(|| (is_start, &rest[..length]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_split() {
        assert_eq!(of_snippet("a.md"), ("a.md", Selection::All));
        assert_eq!(of_snippet("a.md:2"), ("a.md", Selection::Ranges(vec![(Some(2), None)])));
        assert_eq!(
            of_snippet("a.md::7,-3:-1"),
            ("a.md", Selection::Ranges(vec![(None, Some(7)), (Some(-3), Some(-1))]))
        );
        assert_eq!(of_snippet("a.md:part"), ("a.md", Selection::Section("part")));
        assert_eq!(of_snippet("a.md:1:2:3"), ("a.md", Selection::Nonsense("1:2:3")));
        assert_eq!(of_snippet("https://x.example/a"), ("https://x.example/a", Selection::All));
        assert_eq!(of_book("a.rs:5"), ("a.rs", Selection::Ranges(vec![(Some(5), Some(5))])));
        assert_eq!(of_book("a.rs::5"), ("a.rs", Selection::Ranges(vec![(None, Some(5))])));
        assert_eq!(of_book("a.rs:x"), ("a.rs", Selection::Anchor("x")));
        assert_eq!(of_book("a.rs:5:x"), ("a.rs", Selection::Nonsense("5:x")));
    }

    #[test]
    fn ranges_have_bounds() {
        assert_eq!(bounds(5, Some(2), Some(3)), Some((1, 3)));
        assert_eq!(bounds(5, Some(-2), None), Some((3, 5)));
        assert_eq!(bounds(5, None, Some(-2)), Some((0, 4)));
        assert_eq!(bounds(5, Some(2), Some(99)), Some((1, 5)));
        assert_eq!(bounds(5, Some(5), Some(3)), None);
        assert_eq!(bounds(5, Some(99), None), None);
        assert_eq!(bounds(5, Some(i64::MIN), Some(i64::MIN)), Some((0, 0)));
    }
}
