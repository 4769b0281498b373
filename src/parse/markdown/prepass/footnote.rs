//! Footnotes, `[^1]: text`, re-indented to four spaces. What follows a
//! blank line belongs to the note if it is indented, as in MkDocs.
//!
//! For the parser a note inside of a note ends the outer one. So it
//! becomes a container, and its label is defined at the end of the page.

use super::super::Flavour;
use super::container::{Container, ContainerKind, Title};
use super::{Line, Prepass, Where, interrupts};

/// The longest label, in bytes.
const MAX_LABEL: usize = 200;

/// Rewrites a note.
pub(super) fn footnote(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let (label, text) = opening(lines[at].text.trim_start())?;
    let base = lines[at].indent();
    let mut end = at + 1;
    let mut was_blank = text.is_empty();
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        if line.is_blank() {
            was_blank = true;
            continue;
        }
        let belongs = match line.indent() {
            indent if indent >= base + 2 => true,
            _ => !was_blank && opening(line.text.trim_start()).is_none() && !interrupts(line.text),
        };
        if !belongs {
            break;
        }
        (end, was_blank) = (idx + 1, false);
    }
    let rest = &lines[at + 1..end];
    let least =
        rest.iter().filter(|line| !line.is_blank() && line.indent() >= base + 2).map(Line::indent).min();
    let unit = least.unwrap_or(4).min(base + 4);
    let mut body = Vec::with_capacity(rest.len() + 1);
    if !text.is_empty() {
        body.push(Line { text, ..lines[at] });
    }
    let n_blank = if text.is_empty() { rest.iter().take_while(|line| line.is_blank()).count() } else { 0 };
    body.extend(rest[n_blank..].iter().map(|line| line.dedented(unit)));
    if prepass.in_note {
        let note =
            Container { kind: ContainerKind::Note, classes: vec![label.to_string()], title: Title::None };
        prepass.container(note, "", &lines[at], |prepass| prepass.blocks(&body));
        return Some(end);
    }
    prepass.in_note = true;
    prepass.within(&format!("[^{label}]: "), "    ", &lines[at], |prepass| prepass.blocks(&body));
    prepass.in_note = false;
    Some(end)
}

/// The line that the notes take the place of, if nothing else is said.
const PLACE: &str = "///Footnotes Go Here///";

/// Rewrites the line that says where the notes go, the first one of a
/// page.
pub(super) fn place(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let place = prepass.extensions.footnotes.as_deref().and_then(|notes| notes.place.as_deref());
    let is_place = lines[at].text.trim() == place.unwrap_or(PLACE);
    if !is_place || prepass.flavour != Flavour::TechDocs || prepass.in_note || prepass.has_place {
        return None;
    }
    prepass.has_place = true;
    let container = Container { kind: ContainerKind::Notes, classes: Vec::new(), title: Title::None };
    prepass.container(container, "", &lines[at], |_| {});
    Some(at + 1)
}

/// Defines the labels of notes inside of notes, so that the parser knows
/// them. What they say is there already.
pub(super) fn inner_labels(prepass: &mut Prepass, last: &Line) {
    let notes = prepass.containers.iter().filter(|container| container.kind == ContainerKind::Note);
    let labels: Vec<String> = notes.flat_map(|note| &note.classes).cloned().collect();
    if !labels.is_empty() {
        prepass.blank(last);
    }
    labels.iter().for_each(|label| prepass.line(&format!("[^{label}]:"), last));
}

fn opening(text: &str) -> Option<(&str, &str)> {
    let (label, text) = text.strip_prefix("[^")?.split_once("]:")?;
    let is_label = (1..=MAX_LABEL).contains(&label.len()) && !label.contains(['[', ']']);
    is_label.then(|| (label, text.trim()))
}
