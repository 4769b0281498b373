//! Lists, re-indented. MkDocs, Material and GitHub ask for two, four or
//! as many spaces as the marker is wide; authors write all of them, and
//! all are read here as they were meant.

use super::{Line, Prepass, Where, fence, heading, interrupts};

/// The marker of a list item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marker<'t> {
    indent: usize,
    /// `-`, `*`, `+`, `1.` or `1)`.
    mark: &'t str,
    /// The column of the text.
    content: usize,
    text: &'t str,
}

impl Marker<'_> {
    fn is_ordered(&self) -> bool {
        self.mark.len() > 1
    }

    /// Tells whether the item may end a paragraph: it has text, and is
    /// not just a number that happened to begin a line.
    pub(super) fn may_interrupt(&self) -> bool {
        !self.text.trim().is_empty() && (!self.is_ordered() || matches!(self.mark, "1." | "1)"))
    }
}

/// Reads the marker of a list item at the start of a line.
pub(super) fn marker(text: &str) -> Option<Marker<'_>> {
    let indent = super::indent(text);
    let rest = &text[indent..];
    let digits = rest.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let width = match (digits, rest.as_bytes().get(digits)?) {
        (0, b'-' | b'*' | b'+') => 1,
        (1..=9, b'.' | b')') => digits + 1,
        _ => return None,
    };
    let (mark, after) = rest.split_at(width);
    let spaces = super::indent(after);
    let is_marker = after.is_empty() || spaces > 0;
    if indent >= 4 || !is_marker || heading::is_rule(rest) {
        return None;
    }
    // Five spaces and more are one, and code.
    let has_text = after.as_bytes().get(spaces).is_some_and(u8::is_ascii_graphic) || !after.trim().is_empty();
    let gap = if !has_text || spaces >= 5 { 1 } else { spaces };
    Some(Marker { indent, mark, content: indent + width + gap, text: after.get(gap..).unwrap_or("") })
}

/// Returns the text of a line that begins an item with a bullet.
pub(super) fn item_text(text: &str) -> Option<&str> {
    marker(text).filter(|marker| !marker.is_ordered()).map(|marker| marker.text.trim_start())
}

/// Rewrites a list: every item gets the indentation that CommonMark
/// expects.
pub(super) fn list(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    let first = marker(lines[at].text)?;
    if place.in_paragraph() && !first.may_interrupt() {
        return None;
    }
    let mut at = at;
    loop {
        let marker = marker(lines[at].text)?;
        let end = item_end(lines, at, marker);
        item(prepass, &lines[at..end.index], marker, end.least);
        let n_blank = lines[end.index..].iter().take_while(|line| line.is_blank()).count();
        let next = end.index + n_blank;
        if !lines.get(next).is_some_and(|line| is_sibling(line.text, first)) {
            return Some(end.index);
        }
        lines[end.index..next].iter().for_each(|line| prepass.blank(line));
        at = next;
    }
}

fn is_sibling(text: &str, first: Marker) -> bool {
    marker(text).is_some_and(|marker| {
        marker.indent.abs_diff(first.indent) <= 1 && marker.is_ordered() == first.is_ordered()
    })
}

struct ItemEnd {
    /// The index of the line after the item, blank lines left out.
    index: usize,
    /// The least indentation of the lines after the first that are
    /// neither blank, nor lazy, nor inside of code.
    least: Option<usize>,
}

/// Finds the end of the item at `lines[at]`.
fn item_end(lines: &[Line], at: usize, marker: Marker) -> ItemEnd {
    let min_indent = marker.indent + 2;
    let mut least: Option<usize> = None;
    let mut index = at + 1;
    let mut was_blank = false;
    let mut fence = fence::opening(marker.text).map(|open| (open, marker.content));
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        let indent = line.indent();
        let text = &line.text[indent..];
        if line.is_blank() {
            was_blank = true;
            continue;
        }
        if let Some((open, fence_indent)) = fence {
            let is_inside = indent >= min_indent || fence_indent < min_indent;
            if is_inside {
                if fence::closes(open, text.trim_start()) {
                    fence = None;
                }
                (index, was_blank) = (idx + 1, false);
                continue;
            }
            fence = None;
        }
        let opening = fence::opening(text.trim_start());
        let belongs = match () {
            () if indent >= min_indent => true,
            () if was_blank || super::list::marker(line.text).is_some() => false,
            () if opening.is_some() => has_close(&lines[idx + 1..], line),
            () => !interrupts(line.text),
        };
        if !belongs {
            break;
        }
        if let Some(open) = opening {
            fence = Some((open, indent));
        }
        if indent >= min_indent {
            least = Some(least.map_or(indent, |least| least.min(indent)));
        }
        (index, was_blank) = (idx + 1, false);
    }
    ItemEnd { index, least }
}

/// Tells whether an unindented fence right below an item is closed
/// before the text goes on without indentation for good.
fn has_close(lines: &[Line], opener: &Line) -> bool {
    let Some(open) = fence::opening(opener.text.trim_start()) else {
        return false;
    };
    lines.iter().take(400).any(|line| fence::closes(open, line.text.trim_start()))
}

fn item(prepass: &mut Prepass, lines: &[Line], marker: Marker, least: Option<usize>) {
    let least = least.unwrap_or(marker.content);
    let wide = marker.indent + 4;
    let base = match least {
        // Indented code, by the marker's own width.
        least if (1..4).contains(&least.saturating_sub(wide)) && least >= marker.content + 4 => {
            marker.content
        }
        least if least >= wide && marker.content <= wide => wide,
        least if least >= marker.content => marker.content,
        least => least,
    };
    let first = Line { text: marker.text, ..lines[0] };
    let mut start = String::with_capacity(16);
    start.push_str(marker.mark);
    start.push(' ');
    // As many spaces: the widest mark has nine digits.
    let rest = &"                "[..start.len().min(16)];
    if lines.len() == 1 {
        // Most items have one line.
        let body = [first];
        let body = if first.text.is_empty() { &body[..0] } else { &body[..] };
        return prepass.within(&start, rest, &lines[0], |prepass| prepass.blocks(body));
    }
    let mut body = Vec::with_capacity(lines.len());
    body.push(first);
    body.extend(lines[1..].iter().map(|line| line.dedented(base)));
    prepass.within(&start, rest, &lines[0], |prepass| prepass.blocks(&body));
}
