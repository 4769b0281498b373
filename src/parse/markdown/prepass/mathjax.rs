//! Formulas of an mdBook, `\\( x \\)` and `\\[ x \\]`. They become spans of
//! code with a marker in front, so that nothing in them is Markdown; the
//! writer draws them.

use std::borrow::Cow;

use super::{MAX_LINE_BYTES, fence};

/// Begin the code of a formula, in a line and on lines of its own.
pub(in super::super) const INLINE: char = '\u{fdd6}';
pub(in super::super) const BLOCK: char = '\u{fdd7}';

/// The end of a line in a formula that has several.
pub(in super::super) const LINE_END: char = '\u{fdd8}';

/// Begins a line that goes on as if the one before had no end.
pub(in super::super) const JOIN: char = '\u{fdd9}';

/// How many lines a formula may have.
pub(super) const MAX_LINES: usize = 50;

/// Rewrites the formulas of some lines.
pub(super) fn formulas(lines: &mut [Cow<str>]) {
    outside_of_fences(lines, |lines, idx| match lines[idx].contains("\\\\") {
        true => rewritten(lines, idx),
        false => 1,
    });
}

/// Has lines rewritten that are no code in fences; `rewrite` returns how
/// many lines are done.
pub(super) fn outside_of_fences(
    lines: &mut [Cow<str>],
    mut rewrite: impl FnMut(&mut [Cow<str>], usize) -> usize,
) {
    let mut open: Option<fence::Fence> = None;
    let mut idx = 0;
    while idx < lines.len() {
        let trimmed = super::without_markers(&lines[idx]);
        match open {
            Some(marks) if fence::closes(marks, trimmed) => open = None,
            Some(_) => {}
            None => open = fence::opening(trimmed),
        }
        let may_have = open.is_none() && lines[idx].len() <= MAX_LINE_BYTES;
        idx += if may_have { rewrite(lines, idx).max(1) } else { 1 };
    }
}

/// Where something stands next in a line. It is looked for once, however
/// often it is asked for.
struct Next {
    what: &'static str,
    known: Option<Option<usize>>,
}

impl Next {
    fn of(what: &'static str) -> Self {
        Next { what, known: None }
    }

    /// Returns where it is from a place on. Places never go back.
    fn from(&mut self, line: &str, place: usize) -> Option<usize> {
        let known = self.known.filter(|known| known.is_none_or(|at| at >= place));
        let next = known.unwrap_or_else(|| line[place..].find(self.what).map(|at| place + at));
        self.known = Some(next);
        next
    }
}

/// Rewrites the formulas that begin on a line; returns how many lines
/// that were.
fn rewritten(lines: &mut [Cow<str>], idx: usize) -> usize {
    let line = lines[idx].to_string();
    let (mut round, mut square, mut tick) = (Next::of("\\\\)"), Next::of("\\\\]"), Next::of("`"));
    let mut end_of = |bracket: &mut Next, inner: usize| {
        let end = bracket.from(&line, inner)?;
        tick.from(&line, inner).is_none_or(|tick| tick > end).then_some(end)
    };
    let mut n_further: Option<Option<usize>> = None;
    let mut out = String::with_capacity(line.len() + 8);
    let mut at = 0;
    while let Some(start) = line[at..].find(['`', '\\']).map(|step| at + step) {
        out.push_str(&line[at..start]);
        let (rest, inner) = (&line[start..], start + 3);
        let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
        if ticks > 0 {
            let length = fence::closing_ticks(&rest[ticks..], ticks).map_or(ticks, |end| end + 2 * ticks);
            out.push_str(&rest[..length]);
            at = start + length;
        } else if rest.starts_with("\\\\(")
            && let Some(end) = end_of(&mut round, inner)
        {
            push(&mut out, INLINE, &line[inner..end]);
            at = end + 3;
        } else if rest.starts_with("\\\\[") {
            if let Some(end) = end_of(&mut square, inner) {
                push(&mut out, BLOCK, &line[inner..end]);
                at = end + 3;
            } else if let Some(n_lines) = *n_further.get_or_insert_with(|| length(&lines[idx + 1..])) {
                return over_lines(lines, idx, n_lines, out, &line[inner..]);
            } else {
                out.push_str("\\\\[");
                at = inner;
            }
        } else {
            let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..length]);
            at = start + length;
        }
    }
    out.push_str(&line[at..]);
    lines[idx] = Cow::Owned(out);
    1
}

/// Rewrites a formula that begins with `inner` behind `out` and ends on
/// the last of `n_lines` further lines, which become empty.
fn over_lines(lines: &mut [Cow<str>], idx: usize, n_lines: usize, out: String, inner: &str) -> usize {
    let mut out = out;
    let mut formula = inner.to_string();
    let mut after = String::new();
    for line in &mut lines[idx + 1..=idx + n_lines] {
        let text = line.trim_start_matches(['>', ' ']);
        let (inner, rest) = text.split_once("\\\\]").unwrap_or((text, ""));
        formula.extend([" ", inner]);
        after = rest.to_string();
        *line = Cow::Borrowed("");
    }
    push(&mut out, BLOCK, &formula);
    lines[idx] = Cow::Owned(out + &after);
    n_lines + 1
}

/// Returns how many of some lines a formula goes on for.
fn length(lines: &[Cow<str>]) -> Option<usize> {
    let mut inner =
        lines.iter().take(MAX_LINES).take_while(|line| !line.trim().is_empty() && !line.contains('`'));
    inner.position(|line| line.contains("\\\\]")).map(|idx| idx + 1)
}

/// Appends a formula. What Markdown would take for escaped loses its
/// backslash, as in mdBook.
fn push(out: &mut String, mark: char, formula: &str) {
    out.push('`');
    out.push(mark);
    let mut chars = formula.chars().peekable();
    while let Some(c) = chars.next() {
        let is_escape = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        out.push(if is_escape { chars.next().unwrap_or(c) } else { c });
    }
    out.push('`');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut lines: Vec<Cow<str>> = text.lines().map(Cow::Borrowed).collect();
        formulas(&mut lines);
        let shown = lines.join("\n").replace(INLINE, "I").replace(BLOCK, "B");
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn formulas_become_code() {
        check("a \\\\( \\frac{x}{2} \\\\) b \\\\(y\\\\)", "a `I \\frac{x}{2} ` b `Iy`");
        check("\\\\[ x_i \\\\\\\\ y \\\\]", "`B x_i \\\\ y `");
        check("\\\\[\n  x\n\\\\] end\nnext", "`B x ` end\n\n\nnext");
    }

    #[test]
    fn code_and_what_has_no_end_stay() {
        check("`\\\\(` and `\\\\)`", "`\\\\(` and `\\\\)`");
        check("```\n\\\\( x \\\\)\n```", "```\n\\\\( x \\\\)\n```");
        check("\\\\( x", "\\\\( x");
        check("\\\\[ x\n\n\\\\]", "\\\\[ x\n\n\\\\]");
        check("a\\", "a\\");
        check("\\\\( a `\\\\) b` \\\\( c \\\\)", "\\\\( a `\\\\) b` `I c `");
    }

    #[test]
    fn a_line_of_brackets_is_read_in_one_go() {
        for bracket in ["\\\\( ", "\\\\[ ", "\\\\( \\\\[ "] {
            let line = bracket.repeat(MAX_LINE_BYTES / bracket.len());
            let (page, behind) = (format!("{line}\n").repeat(20), "` \\\\) \\\\]");
            check(&page, page.trim_end_matches('\n'));
            let line = format!("{}{behind}", &line[..line.len() - 60]);
            let mut lines = [Cow::Borrowed(line.as_str())];
            formulas(&mut lines);
            assert_eq!(lines[0], line);
        }
    }
}
