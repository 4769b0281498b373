//! What is published of a file that is copied: an SVG only as far as
//! nothing in it runs or loads, any other only if it is what its name
//! says.

use std::borrow::Cow;

use super::{magic, svg};

/// Shown in place of an SVG that could run or load something.
const BLOCKED_SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"48\" \
    viewBox=\"0 0 240 48\"><rect width=\"240\" height=\"48\" rx=\"6\" fill=\"#e3e6ea\"/>\
    <text x=\"120\" y=\"29\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"13\" \
    fill=\"#4a5360\">image left out: it is not inert</text></svg>\n";

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Whole,
    /// Without this.
    Cleaned(String),
    /// A picture in its place says that it is left out.
    Blocked,
    /// It is not what its name says.
    Wrong,
}

/// Returns what is published of a file, by its extension in lower case.
pub fn published<'b>(extension: &str, bytes: &'b [u8]) -> (Cow<'b, [u8]>, Fate) {
    match extension {
        "svg" if svg::is_inert(bytes) => (Cow::Borrowed(bytes), Fate::Whole),
        "svg" => match svg::rewritten(bytes) {
            Some((bytes, removed)) => (Cow::Owned(bytes), Fate::Cleaned(removed)),
            None => (Cow::Borrowed(BLOCKED_SVG.as_bytes()), Fate::Blocked),
        },
        _ if magic::is_of_type(extension, bytes) => (Cow::Borrowed(bytes), Fate::Whole),
        _ => (Cow::Borrowed(b""), Fate::Wrong),
    }
}
