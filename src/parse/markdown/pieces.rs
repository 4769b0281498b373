//! HTML with markers to pieces with holes: the last step of a page.

use crate::model::doc::Piece;

use super::source::{MARKER_LEAD, is_marker};

/// Around the number of a widget, between tags.
pub(super) const WIDGET_START: char = '\u{fdd1}';
pub(super) const WIDGET_END: char = '\u{fdd2}';

/// Around the number of a link, as the whole value of an attribute.
pub(super) const HOLE_START: char = '\u{fdd3}';
pub(super) const HOLE_END: char = '\u{fdd4}';

/// Puts widgets in and cuts holes. A marker that is not exactly where
/// the writer puts them is dropped.
pub(super) fn pieces(html: &str, widgets: &[String]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = next_marker(rest) {
        let (before, after) = rest.split_at(start);
        text.push_str(before);
        let mut chars = after.chars();
        let marker = chars.next();
        rest = chars.as_str();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: Option<u32> = rest[..digits].parse().ok();
        let (Some(number), Some(marker)) = (number, marker) else {
            continue;
        };
        let after = &rest[digits..];
        if marker == WIDGET_START
            && let Some(after) = after.strip_prefix(WIDGET_END)
        {
            text.push_str(widgets.get(number as usize).map_or("", String::as_str));
            rest = after;
        } else if marker == HOLE_START
            && let Some(after) = after.strip_prefix(HOLE_END).and_then(|after| after.strip_prefix('"'))
            && let Some(length) = attribute_start(&text)
        {
            pieces.push(Piece::Html(text[..length].into()));
            pieces.push(Piece::Link(number));
            text.clear();
            rest = after;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Html(text.into()));
    }
    pieces
}

fn next_marker(html: &str) -> Option<usize> {
    let mut leads = memchr::memchr_iter(MARKER_LEAD, html.as_bytes());
    leads.find(|lead| html[*lead..].starts_with(is_marker))
}

/// Returns where the attribute begins whose value would come next.
fn attribute_start(text: &str) -> Option<usize> {
    let rest = text.strip_suffix(" href=\"").or_else(|| text.strip_suffix(" src=\""))?;
    Some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let written: String = pieces(html, &["<w>".to_string()])
            .iter()
            .map(|piece| match piece {
                Piece::Html(html) => html.to_string(),
                Piece::Link(number) => format!("[{number}]"),
            })
            .collect();
        assert_eq!(written, expected);
    }

    #[test]
    fn markers_become_widgets_and_holes() {
        check("a\u{fdd1}0\u{fdd2}b", "a<w>b");
        check("<a href=\"\u{fdd3}7\u{fdd4}\">x</a>", "<a[7]>x</a>");
        check("<img src=\"\u{fdd3}7\u{fdd4}\">", "<img[7]>");
    }

    #[test]
    fn stray_markers_vanish() {
        check("a\u{fdd1}9\u{fdd2}b", "ab");
        check("a\u{fdd3}7\u{fdd4}b", "a7b");
        check("\u{fdd0}\u{fdd1}x\u{fdd4}", "x");
    }
}
