//! Headings, rules, and lines that are only an attribute list.

use super::super::Flavour;
use super::super::attrs;
use super::{Line, Prepass, Where};

/// Rewrites a heading: its attribute list goes to the side, and
/// `##Title` gets the space that it lacks.
pub(super) fn atx(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let line = &lines[at];
    let trimmed = line.text.trim_start();
    if !is_atx(trimmed) {
        return None;
    }
    let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
    let mut text = trimmed[level..].trim();
    if let Some((before, attrs)) = attrs::at_end(text)
        && (prepass.flavour != Flavour::GitHub || attrs.id.is_some())
    {
        text = before;
        prepass.set_attrs(attrs);
    }
    prepass.line_of(&[&trimmed[..level], " ", text], line);
    Some(at + 1)
}

/// Tells whether a trimmed line is a heading, also one of two marks or
/// more without a space.
pub(super) fn is_atx(text: &str) -> bool {
    let level = text.bytes().take_while(|byte| *byte == b'#').count();
    let rest = &text[level.min(text.len())..];
    match level {
        1 => rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}']),
        2..=6 => {
            rest.is_empty()
                || rest.starts_with([' ', '\t', '\u{a0}'])
                || rest.starts_with(char::is_alphabetic)
        }
        _ => false,
    }
}

/// Tells whether a line underlines a setext heading.
pub(super) fn is_underline(text: &str) -> bool {
    if !matches!(text.trim_start().as_bytes().first(), Some(b'=' | b'-')) {
        return false;
    }
    let trimmed = text.trim();
    super::indent(text) < 4
        && !trimmed.is_empty()
        && (trimmed.bytes().all(|byte| byte == b'=') || trimmed.bytes().all(|byte| byte == b'-'))
}

/// Tells whether a trimmed line is a thematic break.
pub(super) fn is_rule(text: &str) -> bool {
    let Some(mark) = text.bytes().next().filter(|byte| matches!(byte, b'-' | b'*' | b'_')) else {
        return false;
    };
    let mut n_marks = 0;
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' => {}
            byte if byte == mark => n_marks += 1,
            _ => return false,
        }
    }
    n_marks >= 3
}

/// Copies a thematic break. Under a paragraph of several lines `---` is
/// a break in MkDocs, not the underline of a heading.
pub(super) fn rule(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    let line = &lines[at];
    let text = line.text.trim();
    if !is_rule(text) {
        return None;
    }
    let is_underline = is_underline(text) && place.in_paragraph();
    if is_underline && place.n_paragraph_lines > 1 && prepass.flavour == Flavour::TechDocs {
        prepass.blank(line);
    }
    prepass.line(text, line);
    Some(at + 1)
}

/// Drops a line that is only an attribute list, `{: .x }`, for the
/// block above it. The colon may be left out at the end of a paragraph.
pub(super) fn attribute_line(
    prepass: &mut Prepass,
    lines: &[Line],
    at: usize,
    place: Where,
) -> Option<usize> {
    let text = lines[at].text.trim();
    let is_list = text.starts_with("{:") || place.in_paragraph();
    if prepass.flavour == Flavour::GitHub || !is_list || !text.ends_with('}') {
        return None;
    }
    let (before, attrs) = attrs::at_end(text)?;
    if !before.is_empty() {
        return None;
    }
    let first_line_idx = prepass.origins.len().checked_sub(place.n_paragraph_lines.max(1));
    if let Some(idx) = first_line_idx {
        prepass.attrs.entry(idx as u32).or_insert(attrs);
    }
    prepass.blank(&lines[at]);
    Some(at + 1)
}
