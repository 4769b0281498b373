//! Fenced code: copied untouched, but for its indentation.

use crate::model::codes::markdown as codes;

use super::{Line, Prepass, Where};

/// The marks that open a fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    mark: u8,
    length: usize,
}

/// Reads the opening of a fence at the start of `text`.
pub(super) fn opening(text: &str) -> Option<Fence> {
    let mark = *text.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = text.bytes().take_while(|byte| *byte == mark).count();
    let has_tick_in_info = mark == b'`' && text[length..].contains('`');
    (length >= 3 && !has_tick_in_info).then_some(Fence { mark, length })
}

/// Tells whether a line without its indentation closes a fence.
pub(super) fn closes(fence: Fence, text: &str) -> bool {
    let length = text.bytes().take_while(|byte| *byte == fence.mark).count();
    length >= fence.length && text[length..].trim().is_empty()
}

/// Returns where a run of exactly so many backticks begins.
pub(super) fn closing_ticks(text: &str, ticks: usize) -> Option<usize> {
    let mut offset = 0;
    while let Some(start) = text[offset..].find('`') {
        let start = offset + start;
        let length = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if length == ticks {
            return Some(start);
        }
        offset = start + length;
    }
    None
}

/// Copies a fenced code block. One without an end ends with its
/// container, and gets the missing line.
pub(super) fn fence(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let indent = lines[at].indent();
    let fence = opening(&lines[at].text[indent..])?;
    prepass.line(&lines[at].text[indent..], &lines[at]);
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        // As it will stand there, so that both parsers see the same end.
        let inner = line.dedented(indent);
        if inner.indent() < 4 && closes(fence, inner.text.trim_start()) {
            prepass.line(line.text.trim(), line);
            return Some(idx + 1);
        }
        match line.text.is_empty() {
            true => prepass.blank(line),
            false => prepass.line(inner.text, line),
        }
    }
    let marks = String::from(char::from(fence.mark)).repeat(fence.length);
    let span = prepass.places.line(lines[at].number);
    prepass.report(codes::unclosed_block(span, &marks, &marks));
    prepass.line(&marks, lines.last().unwrap_or(&lines[at]));
    Some(lines.len())
}
