//! The shards: files of neighbouring terms, of which a browser fetches
//! those that hold the words of a query. Where one ends and the next
//! begins is found in the terms themselves, so that a change moves the
//! bounds near it and no others.

use serde::Serialize;

use crate::base::par::par_map;
use crate::model::site_path::SitePath;

use super::merge::{Entry, Stretch};
use super::vocabulary::push_sorted;
use super::{File, name};

/// One term in so many may begin a shard.
const ONE_IN: u32 = 64;

/// How large shards are.
struct Sizes {
    folder: &'static str,
    min_bytes: usize,
    max_bytes: usize,
}

/// What the manifest says of shards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Shards {
    /// What each of them begins with, with spaces between.
    pub from: String,
    /// The hashes in their names, eight characters each.
    pub hash: String,
}

/// Some terms of a stretch.
struct Piece<'s> {
    stretch: &'s Stretch,
    first: usize,
    end: usize,
}

/// Which of a term's lists is meant.
#[derive(Clone, Copy)]
enum What {
    Lists,
    More,
}

/// Writes the shards of all terms.
pub fn terms(stretches: &[Stretch]) -> (Shards, Vec<File>) {
    let n_bytes: usize = stretches.iter().map(|stretch| stretch.terms.len() + stretch.lists.len()).sum();
    // A small index is cut smaller, so that little is fetched of it.
    let min_bytes = (n_bytes.next_power_of_two() / 32).clamp(8 << 10, 32 << 10);
    let sizes = Sizes { folder: "t", min_bytes, max_bytes: 2 * min_bytes };
    shards(stretches, What::Lists, &sizes)
}

/// Writes the shards of what the lists leave out.
pub fn more(stretches: &[Stretch]) -> (Shards, Vec<File>) {
    shards(stretches, What::More, &Sizes { folder: "o", min_bytes: 128 << 10, max_bytes: 256 << 10 })
}

impl What {
    fn end(self, entry: Entry) -> usize {
        match self {
            What::Lists => entry.list as usize,
            What::More => entry.more as usize,
        }
    }

    fn text(self, stretch: &Stretch) -> &[u8] {
        match self {
            What::Lists => &stretch.lists,
            What::More => &stretch.more,
        }
    }

    /// Returns the text of a term's list.
    fn list(self, stretch: &Stretch, idx: usize) -> &[u8] {
        &self.text(stretch)[self.end(stretch.start(idx))..self.end(stretch.entries[idx])]
    }
}

fn shards(stretches: &[Stretch], what: What, sizes: &Sizes) -> (Shards, Vec<File>) {
    let (cuts, from) = cuts(stretches, what, sizes);
    let files = par_map(&cuts, |pieces| {
        let bytes = shard(pieces, what);
        let name = name(&bytes, 8);
        (name.clone(), File { path: path(sizes.folder, &name), bytes })
    });
    let mut shards = Shards { from: from.join(" "), hash: String::new() };
    let mut written = Vec::with_capacity(files.len());
    for (name, file) in files {
        shards.hash.push_str(&name);
        written.push(file);
    }
    (shards, written)
}

fn path(folder: &str, name: &str) -> SitePath {
    SitePath::new(&format!("search/{folder}/{name}.json"))
}

/// Decides which terms go into which shard, and finds a text between
/// the last term of each and the first of the next.
fn cuts<'s>(stretches: &'s [Stretch], what: What, sizes: &Sizes) -> (Vec<Vec<Piece<'s>>>, Vec<String>) {
    let mut cuts: Vec<Vec<Piece<'s>>> = Vec::new();
    let mut from: Vec<String> = Vec::new();
    let mut n_bytes = 0;
    let mut before: &[u8] = &[];
    for stretch in stretches {
        for idx in 0..stretch.entries.len() {
            let n_list = what.list(stretch, idx).len();
            if n_list == 0 {
                continue;
            }
            let term = stretch.term(idx);
            let size = term.len() + n_list + 2;
            let is_due = n_bytes >= sizes.min_bytes && hash(term).is_multiple_of(ONE_IN);
            if cuts.is_empty() || is_due || n_bytes > 0 && n_bytes + size > sizes.max_bytes {
                from.push(if cuts.is_empty() { String::new() } else { between(before, term) });
                cuts.push(Vec::new());
                n_bytes = 0;
            }
            n_bytes += size;
            before = term;
            if let Some(pieces) = cuts.last_mut() {
                match pieces.last_mut() {
                    Some(piece) if std::ptr::eq(piece.stretch, stretch) => piece.end = idx + 1,
                    _ => pieces.push(Piece { stretch, first: idx, end: idx + 1 }),
                }
            }
        }
    }
    (cuts, from)
}

/// Returns the shortest beginning of a term that sorts after the one
/// before it.
fn between(before: &[u8], term: &[u8]) -> String {
    let n_shared = before.iter().zip(term).take_while(|(a, b)| a == b).count();
    let mut n_bytes = (n_shared + 1).min(term.len());
    // Whole characters only.
    while term.get(n_bytes).is_some_and(|byte| byte & 0xc0 == 0x80) {
        n_bytes += 1;
    }
    let mut text = Vec::new();
    push_sorted(&mut text, &term[..n_bytes]);
    String::from_utf8_lossy(&text).into_owned()
}

/// Returns a hash of a term that is the same for ever.
fn hash(term: &[u8]) -> u32 {
    let hash =
        term.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash ^ hash >> 15
}

/// Writes a shard. Neither terms nor lists hold anything that JSON would
/// have to escape.
fn shard(pieces: &[Piece<'_>], what: What) -> Vec<u8> {
    let n_bytes: usize = pieces
        .iter()
        .map(|piece| {
            let (first, last) = (piece.stretch.start(piece.first), piece.stretch.start(piece.end));
            (last.term - first.term) as usize + what.end(last) - what.end(first)
                + 2 * (piece.end - piece.first)
        })
        .sum();
    let mut out = Vec::with_capacity(n_bytes + 32);
    out.extend_from_slice(b"{\"terms\":\"");
    for (nth, (stretch, idx)) in entries(pieces, what).enumerate() {
        if nth > 0 {
            out.push(b' ');
        }
        push_sorted(&mut out, stretch.term(idx));
    }
    out.extend_from_slice(b"\",\"lists\":\"");
    for (nth, (stretch, idx)) in entries(pieces, what).enumerate() {
        if nth > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(what.list(stretch, idx));
    }
    out.extend_from_slice(b"\"}");
    out
}

/// Returns the terms that have a list.
fn entries<'s>(pieces: &[Piece<'s>], what: What) -> impl Iterator<Item = (&'s Stretch, usize)> {
    pieces
        .iter()
        .flat_map(|piece| {
            let stretch = piece.stretch;
            (piece.first..piece.end).map(move |idx| (stretch, idx))
        })
        .filter(move |(stretch, idx)| !what.list(stretch, *idx).is_empty())
}
