//! What is published of a file that is copied: an SVG only as far as
//! nothing in it runs or loads, any other only if it is what its name
//! says.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{magic, svg};

/// How much is held between the look into files and their copies.
const MAX_HELD_BYTES: usize = 32 << 20;

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

/// What is published of files that somebody has looked into, until they
/// are copied: so a file is read, and an SVG taken apart, once. No more
/// is held than a portal of any size can bear; the rest is read again.
#[derive(Debug, Default)]
pub struct Larder {
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    n_bytes: usize,
    files: HashMap<u32, (Vec<u8>, Fate)>,
}

impl Larder {
    /// Holds what is published of a file, by its number, if there is
    /// room for it.
    pub fn hold(&self, file: u32, bytes: Vec<u8>, fate: Fate) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.n_bytes + bytes.len() <= MAX_HELD_BYTES && !shelf.files.contains_key(&file) {
            shelf.n_bytes += bytes.len();
            shelf.files.insert(file, (bytes, fate));
        }
    }

    /// Gives what is held of a file away.
    pub fn take(&self, file: u32) -> Option<(Vec<u8>, Fate)> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let found = shelf.files.remove(&file)?;
        shelf.n_bytes -= found.0.len();
        Some(found)
    }
}

/// Returns what is published of a file that was read.
pub fn published_whole(extension: &str, bytes: Vec<u8>) -> (Vec<u8>, Fate) {
    let (published, fate) = published(extension, &bytes);
    match fate {
        Fate::Whole => (bytes, Fate::Whole),
        fate => (published.into_owned(), fate),
    }
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
