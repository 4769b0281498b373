//! Formulas of `pymdownx.arithmatex`: `\( x \)` in a line, `\[ x \]` and
//! `\begin{a} x \end{a}` as paragraphs of their own, and dollars where
//! the site wants them otherwise than the parser has them. As those of
//! an mdBook they become code with a mark in front.
//!
//! One of several lines stands on its first line. The others begin with a
//! mark that joins them, so that no line of a formula is a list.

use std::borrow::Cow;

use crate::model::extensions::MathSyntax;

use super::super::Flavour;
use super::fence;
use super::mathjax::{BLOCK, INLINE, JOIN, LINE_END, MAX_LINES, outside_of_fences};

/// Rewrites the formulas of some lines.
pub(super) fn formulas(lines: &mut [Cow<str>], syntax: &MathSyntax) {
    // Where these are as the parser has them, it reads them.
    let has_dollars =
        !(syntax.dollar && syntax.dollars && syntax.is_smart) && (syntax.dollar || syntax.dollars);
    let may_have = |line: &str| {
        line.contains("\\(")
            || line.contains("\\[")
            || line.contains("\\begin{")
            || has_dollars && line.contains('$')
    };
    if !lines.iter().any(|line| may_have(line)) {
        return;
    }
    let mut dollars = Dollars::default();
    outside_of_fences(lines, |lines, idx| {
        dollars.follow(&lines[idx]);
        if !may_have(&lines[idx]) || dollars.is_open() {
            return 1;
        }
        block(lines, idx, syntax, has_dollars).unwrap_or_else(|| rewritten(lines, idx, syntax, has_dollars))
    });
}

/// Whether `$$` is open, which the parser reads: up to an empty line.
#[derive(Default)]
struct Dollars {
    was_open: bool,
    n_marks: usize,
}

impl Dollars {
    fn follow(&mut self, line: &str) {
        self.was_open = self.n_marks % 2 == 1;
        if super::without_markers(line).is_empty() {
            (self.was_open, self.n_marks) = (false, 0);
        } else if line.contains("$$") {
            self.n_marks += line.matches("$$").count();
        }
    }

    fn is_open(&self) -> bool {
        self.was_open
    }
}

/// Returns where an unescaped sign stands next: a backslash, which is not
/// itself escaped, and a byte, or that byte alone. It is looked for once,
/// however often it is asked for.
struct Next {
    sign: u8,
    has_backslash: bool,
    known: Option<Option<usize>>,
}

impl Next {
    fn of(sign: u8, has_backslash: bool) -> Self {
        Next { sign, has_backslash, known: None }
    }

    /// Returns where it is from a place on. Places never go back.
    fn from(&mut self, line: &str, place: usize) -> Option<usize> {
        let known = self.known.filter(|known| known.is_none_or(|at| at >= place));
        let next = known.unwrap_or_else(|| sign(line, place, self.sign, self.has_backslash));
        self.known = Some(next);
        next
    }
}

/// Finds a sign, with a backslash before it or without.
fn sign(line: &str, place: usize, sign: u8, has_backslash: bool) -> Option<usize> {
    let bytes = line.as_bytes();
    memchr::memchr_iter(sign, &bytes[place..]).map(|step| place + step).find_map(|at| {
        let n_backslashes = bytes[place..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        let is_it = (n_backslashes % 2 == 1) == has_backslash;
        is_it.then(|| at - usize::from(has_backslash))
    })
}

/// Rewrites a formula that is a paragraph and begins on a line; returns
/// how many lines it has.
fn block(lines: &mut [Cow<str>], idx: usize, syntax: &MathSyntax, has_dollars: bool) -> Option<usize> {
    let line = &*lines[idx];
    let text = super::without_markers(line);
    let text =
        text.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')']).trim_start();
    let start = line.len() - text.len();
    let above = idx.checked_sub(1).map_or("", |above| super::without_markers(&lines[above]));
    let has_marker = !line[..start].trim_matches([' ', '>']).is_empty();
    let begins = above.is_empty() || has_marker || above.starts_with(['#', '!', '?', '=', ':', '/', JOIN]);
    let environment = || {
        let (name, _) = text.strip_prefix("\\begin{")?.split_once('}')?;
        let is_name = (1..=40).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'*');
        is_name.then(|| format!("\\end{{{name}}}"))
    };
    let (opened, close) = match text {
        text if syntax.begin && text.starts_with("\\begin{") => (0, Cow::Owned(environment()?)),
        text if syntax.square && text.starts_with("\\[") && (begins || text.trim_end() == "\\[") => {
            (2, "\\]".into())
        }
        text if has_dollars && syntax.dollars && text.starts_with("$$") && begins => (2, "$$".into()),
        _ => return None,
    };
    let n_closed = if opened == 0 { 0 } else { close.len() };
    let is_end = |line: &str| line.trim_end().ends_with(&*close) && (opened > 0 || line.contains(&*close));
    let inner = &text[opened..];
    let n_lines = match is_end(inner) {
        true => 1,
        false => 2 + further(line, &lines[idx + 1..]).position(is_end)?,
    };
    let mut formula = inner.trim_end().to_string();
    for line in &lines[idx + 1..idx + n_lines] {
        formula.push(LINE_END);
        formula.push_str(super::without_markers_of_quotes(line).trim_end());
    }
    formula.truncate(formula.len() - n_closed);
    if formula.contains('`') || formula.replace(LINE_END, "").trim().is_empty() {
        return None;
    }
    let first = format!("{}`{BLOCK}{formula}`", &line[..start]);
    fill(&mut lines[idx + 1..idx + n_lines]);
    lines[idx] = Cow::Owned(first);
    Some(n_lines)
}

/// Returns the lines that a formula may go on for, which begins on a
/// line above them. A list item ends one in a list; in a paragraph it may
/// be a difference.
fn further<'l>(above: &'l str, lines: &'l [Cow<str>]) -> impl Iterator<Item = &'l str> {
    let indent = |line: &str| line.len() - line.trim_start_matches(['>', ' ']).len();
    let is_item = |line: &str| {
        let text = line.trim_start_matches(['>', ' ']);
        let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
        text.starts_with("* ")
            || number.len() < text.len() && (number.starts_with(". ") || number.starts_with(") "))
    };
    let is_sign = |line: &str| line.trim_start_matches(['>', ' ']).starts_with(['-', '+']);
    let (is_list, column) = (is_item(above) || is_sign(above), indent(above));
    let goes_on = move |line: &&str| {
        let is_next = is_item(line) || is_list && is_sign(line) && indent(line) <= column;
        !super::without_markers(line).is_empty() && !line.contains('`') && !is_next
    };
    lines.iter().take(MAX_LINES).map(|line| &**line).take_while(goes_on)
}

/// Puts marks where the further lines of a formula were.
fn fill(lines: &mut [Cow<str>]) {
    for line in lines {
        let indent = line.len() - super::without_markers_of_quotes(line).trim_start().len();
        *line = Cow::Owned(format!("{}{JOIN}", &line[..indent]));
    }
}

/// Rewrites the formulas within a line; returns how many lines are done.
/// One that ends a formula is to be read again, as more may follow it.
fn rewritten(lines: &mut [Cow<str>], idx: usize, syntax: &MathSyntax, has_dollars: bool) -> usize {
    let text = lines[idx].to_string();
    let mut out = String::with_capacity(text.len() + 8);
    let Some(start) = piece(&text, syntax, has_dollars, &mut out) else {
        lines[idx] = Cow::Owned(out);
        return 1;
    };
    // It goes on behind this line, or nowhere.
    let (inner, below) = (&text[start + 2..], &lines[idx + 1..]);
    let Some(n_lines) = length(&text, below).filter(|_| !inner.contains('`')) else {
        // Nor does any other of this line.
        let syntax = MathSyntax { round: false, ..*syntax };
        piece(&text[start..], &syntax, has_dollars, &mut out);
        lines[idx] = Cow::Owned(out);
        return 1;
    };
    let (formula, after) = over_lines(inner, &below[..n_lines]);
    out.push_str(&format!("`{INLINE}{formula}`"));
    lines[idx] = Cow::Owned(out);
    fill(&mut lines[idx + 1..=idx + n_lines]);
    lines[idx + n_lines].to_mut().push_str(&after);
    n_lines
}

/// Rewrites a line, or what is left of it, up to a formula that it does
/// not end; returns where that begins.
fn piece(line: &str, syntax: &MathSyntax, has_dollars: bool, out: &mut String) -> Option<usize> {
    let (mut round, mut dollar) = (Next::of(b')', true), Next::of(b'$', false));
    let mut tick = Next::of(b'`', false);
    let mut at = 0;
    while let Some(start) = line[at..].find(['`', '\\', '$']).map(|step| at + step) {
        out.push_str(&line[at..start]);
        let rest = &line[start..];
        let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
        if ticks > 0 {
            let length = fence::closing_ticks(&rest[ticks..], ticks).map_or(ticks, |end| end + 2 * ticks);
            out.push_str(&rest[..length]);
            at = start + length;
        } else if syntax.round && rest.starts_with("\\(") {
            let inner = start + 2;
            let Some(end) = round.from(line, inner) else { return Some(start) };
            if end > inner && tick.from(line, inner).is_none_or(|tick| tick > end) {
                out.push_str(&format!("`{INLINE}{}`", &line[inner..end]));
                at = end + 2;
            } else {
                out.push_str("\\(");
                at = inner;
            }
        } else if has_dollars
            && rest.starts_with('$')
            && let Some(end) = of_dollars(line, start, syntax, &mut dollar, &mut tick)
        {
            let n_signs = if rest.starts_with("$$") { 2 } else { 1 };
            let mark = if n_signs == 2 { BLOCK } else { INLINE };
            out.push_str(&format!("`{mark}{}`", &line[start + n_signs..end]));
            at = end + n_signs;
        } else {
            let length =
                1 + rest[1..].chars().next().filter(|_| rest.starts_with('\\')).map_or(0, char::len_utf8);
            out.push_str(&rest[..length]);
            at = start + length;
        }
    }
    out.push_str(&line[at..]);
    None
}

/// Returns where a formula between dollars ends that begins at a place.
fn of_dollars(
    line: &str,
    start: usize,
    syntax: &MathSyntax,
    dollar: &mut Next,
    tick: &mut Next,
) -> Option<usize> {
    let is_double = line[start..].starts_with("$$");
    let inner = start + if is_double { 2 } else { 1 };
    let end = dollar.from(line, inner)?;
    let formula = &line[inner..end];
    let is_smart = syntax.is_smart && !is_double;
    let is_apart = formula.starts_with(char::is_whitespace) || formula.ends_with(char::is_whitespace);
    let is_closed = if is_double { line[end..].starts_with("$$") && syntax.dollars } else { syntax.dollar };
    let is_free = tick.from(line, inner).is_none_or(|tick| tick > end);
    (is_closed && is_free && !formula.is_empty() && !(is_smart && is_apart)).then_some(end)
}

/// Returns how many of some lines a formula in the line above goes on for.
fn length(above: &str, lines: &[Cow<str>]) -> Option<usize> {
    let end = |line: &str| sign(line, 0, b')', true);
    let begin = |line: &str| sign(line, 0, b'(', true);
    let mut below = further(above, lines).enumerate();
    let (idx, line) = below.find(|(_, line)| end(line).is_some() || begin(line).is_some())?;
    // Another one that begins first is no part of this one.
    let is_end = end(line).is_some_and(|end| begin(line).is_none_or(|begin| end < begin));
    is_end.then_some(idx + 1)
}

/// Returns the formula in a line that begins with `inner` and ends on the
/// last of some lines, and what is behind it.
fn over_lines(inner: &str, lines: &[Cow<str>]) -> (String, String) {
    let mut formula = inner.to_string();
    let mut after = String::new();
    for line in lines {
        let text = super::without_markers_of_quotes(line);
        formula.push(LINE_END);
        match sign(text, 0, b')', true) {
            Some(end) => {
                formula.push_str(&text[..end]);
                after = text[end + 2..].to_string();
            }
            None => formula.push_str(text),
        }
    }
    (formula, after)
}

/// Returns a formula with the ends of its lines, and without what LaTeX
/// does not read of a line: what follows a `%`.
pub(in super::super) fn lines_of(formula: &str) -> Cow<'_, str> {
    if !formula.contains(LINE_END) {
        return Cow::Borrowed(formula);
    }
    let read = |line: &str| sign(line, 0, b'%', false).map_or(line.len(), |at| at);
    let lines: Vec<&str> = formula.split(LINE_END).map(|line| &line[..read(line)]).collect();
    Cow::Owned(lines.join("\n"))
}

/// Returns text with its formulas as they were written, for where it is
/// code or HTML.
pub(in super::super) fn restored(text: &str, flavour: Flavour) -> String {
    let backslash = if flavour == Flavour::MdBook { "\\\\" } else { "\\" };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find([INLINE, BLOCK, JOIN]) {
        let mark = rest[start..].chars().next().unwrap_or(JOIN);
        let after = &rest[start + mark.len_utf8()..];
        let Some(end) = after.find('`').filter(|_| mark != JOIN) else {
            out.push_str(&rest[..start]);
            let line = out.trim_end_matches(' ');
            let length = line.strip_suffix('\n').unwrap_or(line).len();
            out.truncate(if mark == JOIN { length } else { out.len() });
            rest = after;
            continue;
        };
        let formula = &after[..end];
        out.push_str(rest[..start].strip_suffix('`').unwrap_or(&rest[..start]));
        let [open, close] = match mark {
            BLOCK if formula.starts_with("\\begin{") => ["", ""],
            BLOCK => ["[", "]"],
            _ => ["(", ")"],
        };
        let has_signs = !open.is_empty();
        out.push_str(if has_signs { backslash } else { "" });
        out.push_str(open);
        out.push_str(&formula.replace(LINE_END, "\n"));
        out.push_str(if has_signs { backslash } else { "" });
        out.push_str(close);
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, syntax: &MathSyntax) -> String {
        let mut lines: Vec<Cow<str>> = text.split('\n').map(Cow::Borrowed).collect();
        formulas(&mut lines, syntax);
        let shown = lines.join("\n").replace(INLINE, "I").replace(BLOCK, "B");
        shown.replace(LINE_END, "/").replace(JOIN, "J")
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(shown(text, &MathSyntax::ALL), expected, "{text}");
    }

    #[test]
    fn formulas_in_lines_become_code() {
        check("a \\(x_i\\) b \\( y \\)", "a `Ix_i` b `I y `");
        check("a \\(x +\n- y\\) b \\(z\\)\nc", "a `Ix +/- y`\nJ b `Iz`\nc");
        check("> a \\(x\n> y\n> z\\)", "> a `Ix/y/z`\n> J\n> J");
        check("\\(a \\\\) b\\)", "`Ia \\\\) b`");
        for text in [
            "\\\\(x\\)",
            "\\(\\)",
            "\\(x",
            "`\\(` x\\)",
            "\\(a ` b\\)",
            "\\(x\n\ny\\)",
            "- \\(x\n- y\\)",
            "\\(x\n* y\\)",
            "$x$",
            "\\[1\\] is x",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn formulas_of_their_own_become_code() {
        check("\\[ x \\]", "`B x `");
        check("a\n\n\\[\n  x\n\\]\n\nb", "a\n\n`B/  x/`\n  J\nJ\n\nb");
        check("a\n\\[\nx\n\\]", "a\n`B/x/`\nJ\nJ");
        check("- \\[ x \\]", "- `B x `");
        check(
            "\\begin{align*}\na &= b \\\\\n\\end{align*}",
            "`B\\begin{align*}/a &= b \\\\/\\end{align*}`\nJ\nJ",
        );
        for text in [
            "see \\[1\\]",
            "\\[1\\]: a",
            "\\[ x\n\n\\]",
            "\\begin{a}\nx\n\\end{b}",
            "$$\n\\begin{a}\nx\n\\end{a}\n$$",
            "```\n\\[ x \\]\n```",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn dollars_are_read_where_the_parser_would_read_them_otherwise() {
        let any = MathSyntax { is_smart: false, ..MathSyntax::ALL };
        assert_eq!(shown("a $ x $ b \\$5 $$y$$", &any), "a `I x ` b \\$5 `By`");
        assert_eq!(shown("$$\nx\n$$", &any), "`B/x/`\nJ\nJ");
        let block = MathSyntax { dollar: false, ..MathSyntax::ALL };
        assert_eq!(shown("$x$ $$y$$", &block), "$x$ `By`");
        let inline = MathSyntax { dollars: false, ..MathSyntax::ALL };
        assert_eq!(shown("$x$ and 5$ or 6$", &inline), "`Ix` and 5$ or 6$");
    }

    #[test]
    fn what_was_written_can_be_restored() {
        let text = "a \\(x\ny\\) b\n\\[\nx\n\\]\n\n\\begin{a}\n\\end{a}\n";
        let mut lines: Vec<Cow<str>> = text.split('\n').map(Cow::Borrowed).collect();
        formulas(&mut lines, &MathSyntax::ALL);
        assert_eq!(restored(&lines.join("\n"), Flavour::TechDocs), text);
    }

    #[test]
    fn hostile_pages_are_read_in_linear_time() {
        let any = MathSyntax { is_smart: false, ..MathSyntax::ALL };
        for sign in ["\\( ", "\\[ ", "$ ", "$$ ", "\\begin{a} ", "\\(\\[$", "\\\\", "` \\( "] {
            let line = sign.repeat(60_000 / sign.len());
            let lines = format!("{sign}\n").repeat(20_000);
            for text in
                [&*line, &lines, &format!("{line}\n").repeat(16), &format!("{line}\n{line}\\)\n\n").repeat(8)]
            {
                let started = std::time::Instant::now();
                shown(text, &any);
                shown(text, &MathSyntax::ALL);
                assert!(started.elapsed().as_secs() < 5, "{sign}");
            }
        }
    }
}
