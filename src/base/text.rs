//! Small tools for text: lines and columns, HTML escapes, the nearest
//! name.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// How many marks of a title may stand on one letter.
const MAX_MARKS: usize = 16;

/// The offsets at which the lines of a text begin, to turn a byte offset
/// into a line and a column.
#[derive(Debug, Clone)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
}

impl<'t> Lines<'t> {
    /// Reads where the lines of `text` begin. A line ends with `\n`,
    /// `\r\n` or a lone `\r`.
    pub fn new(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (offset, byte) in bytes.iter().enumerate() {
            let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(offset + 1) != Some(&b'\n'));
            if ends_line {
                starts.push(offset as u32 + 1);
            }
        }
        Lines { text, starts }
    }

    /// Returns the offsets alone, to keep them beside a text.
    pub fn into_starts(self) -> Vec<u32> {
        self.starts
    }

    /// Returns the 1-based line number and the 1-based column, counted
    /// in Unicode scalars, of a byte offset.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line_idx = self.starts.partition_point(|start| *start as usize <= offset) - 1;
        let start = self.starts[line_idx] as usize;
        let column = self.text[start..offset].chars().count() as u32 + 1;
        (line_idx as u32 + 1, column)
    }

    /// Returns the byte offset at which a 1-based line begins, or the
    /// text's length when there is no such line.
    pub fn offset(&self, line_number: u32) -> usize {
        let line_idx = (line_number as usize).saturating_sub(1);
        match self.starts.get(line_idx) {
            Some(start) => *start as usize,
            None => self.text.len(),
        }
    }
}

/// Escapes `text` for HTML, both between tags and inside of a quoted
/// attribute.
pub fn escape_html(text: &str) -> Cow<'_, str> {
    if position(text.as_bytes(), &SPECIAL).is_none() {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    push_escaped(&mut escaped, text);
    Cow::Owned(escaped)
}

/// Appends `text` to `out`, escaped as [`escape_html`] does.
pub fn push_escaped(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while let Some(step) = position(&bytes[at..], &SPECIAL) {
        at += step;
        let escape = match bytes[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        };
        out.push_str(&text[from..at]);
        out.push_str(escape);
        at += 1;
        from = at;
    }
    out.push_str(&text[from..]);
}

/// What has to be escaped.
const SPECIAL: [bool; 256] = bytes_of(b"&<>\"'");

/// Returns a table in which some bytes are marked, to find them by one
/// look at each byte.
pub const fn bytes_of(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut idx = 0;
    while idx < bytes.len() {
        table[bytes[idx] as usize] = true;
        idx += 1;
    }
    table
}

/// Returns where the first of the marked bytes is.
pub fn position(bytes: &[u8], table: &[bool; 256]) -> Option<usize> {
    bytes.iter().position(|byte| table[usize::from(*byte)])
}

/// Returns a title with no more marks on a letter than any language
/// has: thousands of them would cover the page.
pub fn calmed(title: &str) -> Cow<'_, str> {
    if title.is_ascii() {
        return Cow::Borrowed(title);
    }
    let mut n_marks = 0;
    let kept = title.chars().filter(|c| {
        n_marks = if is_combining_mark(*c) { n_marks + 1 } else { 0 };
        n_marks <= MAX_MARKS
    });
    Cow::Owned(kept.collect())
}

/// Returns the candidate most like `name`, if one is near enough to be
/// worth suggesting. Ties go to the candidate that sorts first.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lowered = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 8)
        .map(|candidate| (strsim::jaro_winkler(&lowered, &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness >= 0.86)
        .max_by(|(a, a_name), (b, b_name)| a.total_cmp(b).then_with(|| b_name.cmp(a_name)))
        .map(|(_, candidate)| candidate)
}
