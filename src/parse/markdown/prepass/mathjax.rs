//! Formulas of an mdBook, `\\( x \\)` and `\\[ x \\]`. They become spans of
//! code with a marker in front, so that nothing in them is Markdown; the
//! writer draws them.

use std::borrow::Cow;

use super::fence;

/// Begin the code of a formula, in a line and on lines of its own.
pub(in super::super) const INLINE: char = '\u{fdd6}';
pub(in super::super) const BLOCK: char = '\u{fdd7}';

/// How many lines a formula may have.
const MAX_LINES: usize = 50;

/// Rewrites the formulas of some lines.
pub(super) fn formulas(lines: &mut [Cow<str>]) {
    let mut open: Option<fence::Fence> = None;
    let mut idx = 0;
    while idx < lines.len() {
        let trimmed = lines[idx].trim_start_matches(['>', ' ', '\t', '-', '*', '+']);
        match open {
            Some(marks) if fence::closes(marks, trimmed) => open = None,
            Some(_) => {}
            None => open = fence::opening(trimmed),
        }
        let may_have = open.is_none() && lines[idx].contains("\\\\");
        idx += if may_have { rewritten(lines, idx) } else { 1 };
    }
}

/// Rewrites the formulas that begin on a line; returns how many lines
/// that were.
fn rewritten(lines: &mut [Cow<str>], idx: usize) -> usize {
    let line = lines[idx].to_string();
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line.as_str();
    while let Some(start) = rest.find(['`', '\\']) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
        if ticks > 0 {
            let length = closing_ticks(&rest[ticks..], ticks).map_or(ticks, |end| end + 2 * ticks);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        } else if let Some(inner) = rest.strip_prefix("\\\\(")
            && let Some(end) = inner.find("\\\\)").filter(|end| !inner[..*end].contains('`'))
        {
            push(&mut out, INLINE, &inner[..end]);
            rest = &inner[end + 3..];
        } else if let Some(inner) = rest.strip_prefix("\\\\[") {
            if let Some(end) = inner.find("\\\\]").filter(|end| !inner[..*end].contains('`')) {
                push(&mut out, BLOCK, &inner[..end]);
                rest = &inner[end + 3..];
            } else if let Some(n_lines) = length(&lines[idx + 1..]) {
                return over_lines(lines, idx, n_lines, out, inner);
            } else {
                out.push_str("\\\\[");
                rest = inner;
            }
        } else {
            let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
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
    let inner =
        lines.iter().take(MAX_LINES).take_while(|line| !line.trim().is_empty() && !line.contains('`'));
    inner.take(MAX_LINES).position(|line| line.contains("\\\\]")).map(|idx| idx + 1)
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

fn closing_ticks(text: &str, n_ticks: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(start) = text[from..].find('`').map(|start| from + start) {
        let length = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if length == n_ticks {
            return Some(start);
        }
        from = start + length;
    }
    None
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
    }
}
