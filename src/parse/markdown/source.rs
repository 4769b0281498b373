//! From bytes to text: marks, encodings, and places in the file.
//!
//! The characters U+FDD0 to U+FDEF never get past here. The later steps
//! use them as markers, so a page must not be able to write them.

use std::borrow::Cow;

use crate::model::codes::markdown as codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;

/// The first byte of every marker in UTF-8.
pub(super) const MARKER_LEAD: u8 = 0xef;

/// Begins a paragraph that would be something else without it.
pub(super) const PARAGRAPH: char = '\u{fdd5}';

/// A page's text, and how far its offsets are from those of the file.
pub(super) struct Source<'b> {
    pub(super) text: Cow<'b, str>,
    /// Bytes of the byte order mark.
    pub(super) shift: u32,
}

/// Decodes a page. Whatever the bytes are, there is a text.
pub(super) fn decode<'b>(file: FileId, bytes: &'b [u8], diags: &mut Vec<Diagnostic>) -> Source<'b> {
    let (text, shift) = match bytes {
        [0xff, 0xfe, rest @ ..] => (utf16(file, rest, u16::from_le_bytes, diags), 0),
        [0xfe, 0xff, rest @ ..] => (utf16(file, rest, u16::from_be_bytes, diags), 0),
        [0xef, 0xbb, 0xbf, rest @ ..] => (utf8(file, rest, 3, diags), 3),
        _ => (utf8(file, bytes, 0, diags), 0),
    };
    let may_be_forbidden = memchr::memchr2(0, MARKER_LEAD, text.as_bytes()).is_some();
    let text = match may_be_forbidden && text.contains(is_forbidden) {
        true => Cow::Owned(text.replace(is_forbidden, "\u{fffd}")),
        false => text,
    };
    Source { text, shift }
}

/// Tells whether a character may not stand in a page: NUL, as in
/// CommonMark, and the markers of the later steps.
pub(super) fn is_forbidden(c: char) -> bool {
    c == '\0' || is_marker(c)
}

/// Tells whether a character is a marker of the later steps.
pub(super) fn is_marker(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}')
}

fn utf8<'b>(file: FileId, bytes: &'b [u8], shift: u32, diags: &mut Vec<Diagnostic>) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            let offset = error.valid_up_to();
            let span = Places::new(file, &text, shift).span(offset, offset + 1);
            diags.push(codes::not_utf8(span, offset + shift as usize));
            Cow::Owned(text)
        }
    }
}

fn utf16(
    file: FileId,
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
    diags: &mut Vec<Diagnostic>,
) -> Cow<'static, str> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
    diags.push(codes::utf16_page(Span::of_file(file)));
    Cow::Owned(text)
}

/// Turns offsets into spans. A page may bring in other files: each text
/// has a stretch of the offsets and of the line numbers, one behind the
/// other, the page's own first.
pub(super) struct Places<'t> {
    texts: Vec<Text<'t>>,
}

/// A text, and where its stretch begins. It remembers the last place, so
/// that asking for the places of a long line in their order takes linear
/// time.
struct Text<'t> {
    file: FileId,
    text: Cow<'t, str>,
    shift: u32,
    starts: Vec<u32>,
    first_offset: usize,
    first_number: u32,
    /// An offset and the column there, on the line `last_line_idx`.
    last: (usize, u32),
    last_line_idx: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(file: FileId, text: &'t str, shift: u32) -> Self {
        Places { texts: vec![Text::new(file, Cow::Borrowed(text), shift, 0, 1)] }
    }

    /// Returns the lines of the page itself from a line on: where each
    /// begins, where it ends, and its number. There is at least one.
    pub(super) fn own_lines(&self, first_number: u32) -> Vec<(usize, usize, u32)> {
        let Text { text, starts, .. } = &self.texts[0];
        let first_idx = first_number as usize - 1;
        if first_idx >= starts.len() {
            return vec![(text.len(), text.len(), first_number)];
        }
        let bytes = text.as_bytes();
        let line = |(idx, start): (usize, &u32)| {
            let next = starts.get(idx + 1).map_or(bytes.len(), |next| *next as usize);
            let line = &bytes[*start as usize..next];
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            (*start as usize, *start as usize + line.len(), idx as u32 + 1)
        };
        starts.iter().enumerate().skip(first_idx).map(line).collect()
    }

    /// Adds the text of another file; returns the offset and the number
    /// that its first line has here.
    pub(super) fn add(&mut self, file: FileId, text: String) -> (usize, u32) {
        let (offset, number) = self.texts.last().map_or((0, 1), |last| {
            (last.first_offset + last.text.len() + 1, last.first_number + last.starts.len() as u32)
        });
        self.texts.push(Text::new(file, Cow::Owned(text), 0, offset, number));
        (offset, number)
    }

    /// Returns the span between two offsets.
    pub(super) fn span(&mut self, start: usize, end: usize) -> Span {
        self.text_at(start).span(start, end).0
    }

    /// Returns the span between two offsets if it is on the line of that
    /// number, else that line: where a line was rewritten, offsets are
    /// not exact, but its number is.
    pub(super) fn span_on(&mut self, number: u32, start: usize, end: usize) -> Span {
        match self.text_at(start).span(start, end) {
            (span, found) if found == number => span,
            _ => self.line(number),
        }
    }

    /// Returns the span of a line, without its indentation.
    pub(super) fn line(&mut self, number: u32) -> Span {
        let idx = self.texts.partition_point(|text| text.first_number <= number).max(1) - 1;
        self.texts[idx].line(number)
    }

    fn text_at(&mut self, offset: usize) -> &mut Text<'t> {
        let idx = self.texts.partition_point(|text| text.first_offset <= offset).max(1) - 1;
        &mut self.texts[idx]
    }
}

impl<'t> Text<'t> {
    fn new(file: FileId, text: Cow<'t, str>, shift: u32, first_offset: usize, first_number: u32) -> Self {
        let starts = lines(&text).map(|(start, _)| start as u32).collect();
        Text { file, text, shift, starts, first_offset, first_number, last: (0, 1), last_line_idx: 0 }
    }

    /// Returns a span and the number of its line among all texts.
    fn span(&mut self, start: usize, end: usize) -> (Span, u32) {
        let start = floor_boundary(&self.text, start.saturating_sub(self.first_offset));
        let end = end.saturating_sub(self.first_offset).clamp(start, self.text.len().max(start));
        let line_idx = self.starts.partition_point(|line| *line as usize <= start).max(1) - 1;
        if line_idx != self.last_line_idx || start < self.last.0 {
            let line_start = self.starts.get(line_idx).map_or(0, |line| *line as usize);
            self.last = (line_start, 1);
            self.last_line_idx = line_idx;
        }
        let (from, column) = self.last;
        let column = column + self.text[from..start].chars().count() as u32;
        self.last = (start, column);
        let span = Span {
            file: self.file,
            start: start as u32 + self.shift,
            end: end as u32 + self.shift,
            line: line_idx as u32 + 1,
            column,
        };
        (span, self.first_number + line_idx as u32)
    }

    fn line(&mut self, number: u32) -> Span {
        let line_idx = number.saturating_sub(self.first_number) as usize;
        let start = self.starts.get(line_idx).map_or(self.text.len(), |start| *start as usize);
        let rest = &self.text[start..];
        let line = &rest[..memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())];
        let indent = line.len() - line.trim_start().len();
        let from = self.first_offset + start;
        self.span(from + indent, from + line.len()).0
    }
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Returns the lines of a text without their ends, each with its offset.
/// A line ends with `\n`, `\r\n` or a lone `\r`.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let Some(end) = ends.next() else {
            next = None;
            return (start < text.len() || start == 0).then(|| (start, &text[start..]));
        };
        let ends_double = bytes[end] == b'\r' && bytes.get(end + 1) == Some(&b'\n');
        if ends_double {
            ends.next();
        }
        next = Some(end + 1 + usize::from(ends_double));
        Some((start, &text[start..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, codes: &[&str]) {
        let mut diags = Vec::new();
        let source = decode(FileId(0), bytes, &mut diags);
        assert_eq!(source.text, text);
        assert_eq!(diags.iter().map(|diag| diag.code.id).collect::<Vec<_>>(), codes);
    }

    #[test]
    fn every_encoding_gives_a_text() {
        check(b"a", "a", &[]);
        check(b"\xef\xbb\xbfa", "a", &[]);
        check(b"\xff\xfea\0", "a", &["utf-16-page"]);
        check(b"\xfe\xff\0a\xd8", "a", &["utf-16-page"]);
        check(b"a\xffb", "a\u{fffd}b", &["not-utf8"]);
        check(b"a\0b", "a\u{fffd}b", &[]);
        check("\u{fdd0}x\u{fdef}".as_bytes(), "\u{fffd}x\u{fffd}", &[]);
    }

    #[test]
    fn lines_end_in_three_ways() {
        let all: Vec<_> = lines("a\nb\r\nc\rd\n").map(|(_, line)| line).collect();
        assert_eq!(all, ["a", "b", "c", "d"]);
        assert_eq!(lines("").count(), 1);
        assert_eq!(lines("\n\n").count(), 2);
    }

    #[test]
    fn places_count_characters_and_the_mark() {
        let mut places = Places::new(FileId(0), "ü\nxüy\n", 3);
        let span = places.span(6, 7);
        assert_eq!((span.start, span.line, span.column), (9, 2, 3));
        let span = places.line(2);
        assert_eq!((span.start, span.end, span.line, span.column), (6, 10, 2, 1));
        assert_eq!(places.span(99, 99).line, 2);
    }

    #[test]
    fn places_of_added_texts_follow_one_another() {
        let mut places = Places::new(FileId(0), "a\nb", 0);
        let (offset, number) = places.add(FileId(7), "c\n  de\n".to_string());
        assert_eq!((offset, number), (4, 3));
        let span = places.span_on(number + 1, offset + 5, offset + 6);
        assert_eq!((span.file, span.start, span.line, span.column), (FileId(7), 5, 2, 4));
        let span = places.span_on(number + 1, 1, 1);
        assert_eq!((span.file, span.line, span.column), (FileId(7), 2, 3));
        assert_eq!(places.add(FileId(8), String::new()), (12, 5));
        assert_eq!((places.line(2).file, places.line(5).file), (FileId(0), FileId(8)));
    }
}
