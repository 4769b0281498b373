//! Definition lists: terms on lines of their own, and below each what it
//! means, `:   text`, with all that is indented under it.

use super::super::Flavour;
use super::container::{Container, ContainerKind, Title};
use super::{Line, Prepass, Where, interrupts};

/// How many terms may share a meaning.
const MAX_TERMS: usize = 20;

/// Rewrites a definition list.
pub(super) fn definitions(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    if !prepass.has_colon_line || prepass.flavour == Flavour::GitHub || place.in_paragraph() {
        return None;
    }
    terms(lines, at)?;
    let list = Container { kind: ContainerKind::Definitions, classes: Vec::new(), title: Title::None };
    let mut next = at;
    prepass.container(list, "", &lines[at], |prepass| {
        while let Some(first_meaning) = terms(lines, next) {
            for line in lines[next..first_meaning].iter().filter(|line| !line.is_blank()) {
                let term = Container { kind: ContainerKind::Term, classes: Vec::new(), title: Title::Given };
                prepass.container(term, line.text.trim(), line, |_| {});
            }
            next = meanings(prepass, lines, first_meaning);
            let n_blank = lines[next..].iter().take_while(|line| line.is_blank()).count();
            if terms(lines, next + n_blank).is_some() {
                next += n_blank;
            }
        }
    });
    Some(next)
}

/// Returns the index of the first meaning if terms begin at `lines[at]`.
fn terms(lines: &[Line], at: usize) -> Option<usize> {
    let is_comment = |line: &Line| {
        let text = line.text.trim();
        text.starts_with("<!--") && text.find("-->") == Some(text.len() - 3)
    };
    let is_term = |line: &&Line| {
        let is_text = is_comment(line) || !interrupts(line.text);
        !line.is_blank() && line.indent() < 4 && meaning(line).is_none() && is_text
    };
    let rest = lines.get(at..)?;
    let n_terms = rest.iter().take(MAX_TERMS + 1).take_while(is_term).count();
    let is_apart = rest.get(n_terms).is_some_and(Line::is_blank);
    let next = at + n_terms + usize::from(is_apart);
    let is_list =
        (1..=MAX_TERMS).contains(&n_terms) && lines.get(next).is_some_and(|line| meaning(line).is_some());
    is_list.then_some(next)
}

/// Returns the text behind the colon, and its column.
fn meaning<'t>(line: &Line<'t>) -> Option<(&'t str, usize)> {
    let indent = line.indent();
    let rest = line.text[indent..].strip_prefix(':')?;
    let text = rest.trim_start_matches(' ');
    let gap = rest.len() - text.len();
    (indent < 4 && gap > 0 && !text.trim().is_empty()).then_some((text, indent + 1 + gap))
}

/// Writes the meanings from `lines[at]` on; returns the index of the
/// line after them.
fn meanings(prepass: &mut Prepass, lines: &[Line], at: usize) -> usize {
    let mut at = at;
    while let Some((text, column)) = lines.get(at).and_then(meaning) {
        let end = end(lines, at);
        let rest = &lines[at + 1..end];
        let least = rest.iter().filter(|line| !line.is_blank() && line.indent() >= 2).map(Line::indent).min();
        let unit = if least.is_some_and(|least| least >= 4) { 4 } else { least.unwrap_or(4).min(column) };
        let mut body = vec![Line { text, ..lines[at] }];
        body.extend(rest.iter().map(|line| line.dedented(unit)));
        let container = Container { kind: ContainerKind::Meaning, classes: Vec::new(), title: Title::None };
        prepass.container(container, "", &lines[at], |prepass| prepass.blocks(&body));
        let n_blank = lines[end..].iter().take_while(|line| line.is_blank()).count();
        at = if lines.get(end + n_blank).and_then(meaning).is_some() { end + n_blank } else { end };
    }
    at
}

/// Returns where the meaning at `lines[at]` ends.
fn end(lines: &[Line], at: usize) -> usize {
    let mut end = at + 1;
    let mut was_blank = false;
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        if line.is_blank() {
            was_blank = true;
            continue;
        }
        // Another meaning, or that of the next term.
        if meaning(line).is_some() && line.indent() <= lines[at].indent() {
            break;
        }
        let is_lazy = !was_blank && meaning(line).is_none() && !interrupts(line.text);
        if line.indent() < 2 && !is_lazy {
            break;
        }
        (end, was_blank) = (idx + 1, false);
    }
    end
}
