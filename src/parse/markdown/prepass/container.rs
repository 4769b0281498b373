//! Containers with an indented body: admonitions, details and tabs.
//!
//! A container is written as sentinels around its title and its body:
//! `o` opens it, `t` ends the title, `c` closes it. The title begins
//! with an escaped full stop, so that it can be nothing but text.

use crate::model::codes::markdown as codes;

use super::super::source::{MARKER_LEAD, PARAGRAPH};
use super::{Line, Prepass, Where};

/// A container of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Container {
    pub(in super::super) kind: ContainerKind,
    /// The type, then further classes; of a note its label.
    pub(in super::super) classes: Vec<String>,
    pub(in super::super) title: Title,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum ContainerKind {
    Admonition,
    Details {
        is_open: bool,
    },
    TabSet,
    Tab {
        is_selected: bool,
    },
    /// A list of terms and what they mean.
    Definitions,
    Term,
    Meaning,
    /// What belongs under the block above.
    Caption,
    /// An element of `/// html`.
    Element {
        name: &'static str,
    },
    /// The table of contents, `[TOC]`.
    Contents,
    /// A footnote inside of another one.
    Note,
    /// Where the footnotes go.
    Notes,
    /// Blocks between a critic's marks.
    Critic(CriticKind),
    /// How much of something is done, in per mille.
    Progress {
        done: u16,
    },
}

/// What a critic thinks of some blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum CriticKind {
    Noticed,
    Added,
    Removed,
    Remarked,
}

/// Where the title of a container comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Title {
    /// Written between the sentinels.
    Given,
    /// The name of the type.
    Default,
    None,
}

/// A sentinel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Mark {
    Open(usize),
    TitleEnd(usize),
    Close(usize),
}

const MARK: &str = "<!--\u{fdd0}";

/// Reads a sentinel at the start of `text`; returns its length too.
pub(in super::super) fn mark(text: &str) -> Option<(Mark, usize)> {
    let rest = text.strip_prefix(MARK)?;
    let end = rest.find("-->")?;
    let number = rest.get(1..end)?.parse().ok()?;
    let mark = match rest.as_bytes().first()? {
        b'o' => Mark::Open(number),
        b't' => Mark::TitleEnd(number),
        b'c' => Mark::Close(number),
        _ => return None,
    };
    Some((mark, MARK.len() + end + 3))
}

/// Takes out the lines of code that are sentinels, and the marks before
/// paragraphs: where the parser sees the end of a fence later than the
/// pre-pass, some have come into it. What a container would have been
/// called stays.
pub(in super::super) fn without_sentinels(mut code: String, containers: &[Container]) -> String {
    if memchr::memchr(MARKER_LEAD, code.as_bytes()).is_none() {
        return code;
    }
    code.retain(|c| c != PARAGRAPH);
    if !code.contains(MARK) {
        return code;
    }
    let mut kept = String::with_capacity(code.len());
    for line in code.split_inclusive('\n') {
        let Some(start) = line.find(MARK) else {
            kept.push_str(line);
            continue;
        };
        let opened = match mark(&line[start..]) {
            Some((Mark::Open(number), _)) => containers.get(number),
            _ => None,
        };
        if let Some(container) = opened.filter(|container| container.title == Title::Default) {
            kept.push_str(&container.classes.join(" "));
            kept.push('\n');
        }
    }
    kept
}

impl Prepass<'_, '_> {
    /// Writes a container: its title, if it has one of its own, and what
    /// `body` writes.
    pub(super) fn container(
        &mut self,
        container: Container,
        title: &str,
        from: &Line,
        body: impl FnOnce(&mut Self),
    ) {
        let number = self.containers.len();
        let is_titled = container.title == Title::Given;
        self.containers.push(container);
        self.line(&format!("{MARK}o{number}-->"), from);
        if is_titled {
            self.line(&format!("\\.{title}"), from);
            self.line(&format!("{MARK}t{number}-->"), from);
        }
        body(self);
        let last = Line { ..*from };
        self.line(&format!("{MARK}c{number}-->"), &last);
    }

    /// Writes the indented body below `lines[at]`; returns the index of
    /// the line after it.
    fn indented_body(&mut self, lines: &[Line], at: usize, end: usize, unit: usize) {
        let body: Vec<Line> = lines[at + 1..end].iter().map(|line| line.dedented(unit)).collect();
        self.blocks(&body);
    }

    /// Returns where the indented body below `lines[at]` ends, and by
    /// how much it is indented. Two or three spaces are accepted.
    fn body_end(&mut self, lines: &[Line], at: usize, opener: &str) -> (usize, usize) {
        let first = lines[at + 1..].iter().find(|line| !line.is_blank());
        let base = lines[at].indent();
        let indent = first.map_or(0, |line| line.indent()).saturating_sub(base);
        let unit = match indent {
            2 | 3 => {
                let line = first.unwrap_or(&lines[at]);
                let span = self.places.line(line.number);
                self.report(codes::shallow_body(span, opener, indent));
                base + indent
            }
            _ => base + 4,
        };
        let mut end = at + 1;
        for (idx, line) in lines.iter().enumerate().skip(at + 1) {
            if line.is_blank() {
                continue;
            }
            if line.indent() < unit {
                break;
            }
            end = idx + 1;
        }
        (end, unit)
    }
}

/// `!!! note "Title"`.
pub(super) fn admonition(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let rest = lines[at].text.trim().strip_prefix("!!!")?;
    let (classes, title) = classes_and_title(rest)?;
    if classes.is_empty() {
        return None;
    }
    let (end, unit) = prepass.body_end(lines, at, "!!!");
    let container = Container { kind: ContainerKind::Admonition, classes, title: title_kind(title) };
    prepass.container(container, title.unwrap_or(""), &lines[at], |prepass| {
        prepass.indented_body(lines, at, end, unit);
    });
    Some(end)
}

/// `??? note "Title"`, and `???+` for one that is open.
pub(super) fn details(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let rest = lines[at].text.trim().strip_prefix("???")?;
    let (rest, is_open) = match rest.strip_prefix('+') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (classes, title) = classes_and_title(rest)?;
    if classes.is_empty() && title.is_none() {
        return None;
    }
    let (end, unit) = prepass.body_end(lines, at, "???");
    let kind = ContainerKind::Details { is_open };
    let container = Container { kind, classes, title: title_kind(title) };
    prepass.container(container, title.unwrap_or(""), &lines[at], |prepass| {
        prepass.indented_body(lines, at, end, unit);
    });
    Some(end)
}

/// `=== "Title"`, as often as they follow one another. `===!` begins a
/// new set, `===+` is selected.
pub(super) fn tabs(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    tab(lines[at].text)?;
    let set = Container { kind: ContainerKind::TabSet, classes: Vec::new(), title: Title::None };
    let mut next = at;
    prepass.container(set, "", &lines[at], |prepass| {
        let base = lines[at].indent();
        while let Some((flags, title)) = lines.get(next).and_then(|line| tab(line.text)) {
            if (next > at && flags.contains('!')) || lines[next].indent() != base {
                break;
            }
            let (end, unit) = prepass.body_end(lines, next, "===");
            let kind = ContainerKind::Tab { is_selected: flags.contains('+') };
            let container = Container { kind, classes: Vec::new(), title: Title::Given };
            let opener = next;
            prepass.container(container, title, &lines[opener], |prepass| {
                prepass.indented_body(lines, opener, end, unit);
            });
            next = end;
            let blanks = lines[end..].iter().take_while(|line| line.is_blank()).count();
            if lines.get(end + blanks).is_some_and(|line| tab(line.text).is_some()) {
                next = end + blanks;
            }
        }
    });
    Some(next)
}

fn tab(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim().strip_prefix("===")?;
    let (flags, rest) = rest.split_once(' ')?;
    let title = quoted(rest.trim())?;
    flags.bytes().all(|byte| matches!(byte, b'!' | b'+')).then_some((flags, title))
}

/// Tells whether a trimmed line opens a container.
pub(super) fn is_opener(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("!!!") {
        return classes_and_title(rest).is_some_and(|(classes, _)| !classes.is_empty());
    }
    if let Some(rest) = text.strip_prefix("???") {
        let rest = rest.strip_prefix('+').unwrap_or(rest);
        return classes_and_title(rest)
            .is_some_and(|(classes, title)| !classes.is_empty() || title.is_some());
    }
    tab(text).is_some()
}

/// Reads `type more "title"`.
fn classes_and_title(text: &str) -> Option<(Vec<String>, Option<&str>)> {
    let text = text.trim();
    let (words, title) = match text.find('"') {
        Some(start) => (&text[..start], Some(quoted(&text[start..])?)),
        None => (text, None),
    };
    let is_word = |word: &str| word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let words: Vec<&str> = words.split_whitespace().collect();
    words.iter().all(|word| is_word(word)).then(|| (classes(&words), title))
}

fn classes(words: &[&str]) -> Vec<String> {
    words
        .iter()
        .map(|word| word.to_lowercase())
        .filter(|word| super::super::attrs::is_safe_class(word))
        .take(8)
        .collect()
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

fn title_kind(title: Option<&str>) -> Title {
    match title.map(str::trim) {
        None => Title::Default,
        Some("") => Title::None,
        Some(_) => Title::Given,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_loses_the_marks_that_came_into_it() {
        let code = format!("a\n\n- {PARAGRAPH}<b>b</b> \u{ff01}\n");
        assert_eq!(without_sentinels(code, &[]), "a\n\n- <b>b</b> \u{ff01}\n");
        assert_eq!(without_sentinels("a \u{ff01}".to_string(), &[]), "a \u{ff01}");
    }

    #[test]
    fn sentinels_are_no_code() {
        let container =
            |title| Container { kind: ContainerKind::Admonition, classes: vec!["note".to_string()], title };
        let containers = [container(Title::Given), container(Title::Default)];
        let code = format!("a\n  {MARK}o0-->\nb\n> {MARK}c0-->\n{MARK}o1-->\n{MARK}o9-->\n");
        assert_eq!(without_sentinels(code, &containers), "a\nb\nnote\n");
        assert_eq!(without_sentinels("<!-- o1 -->\n".to_string(), &containers), "<!-- o1 -->\n");
    }
}
