//! The shards: files of neighbouring terms, of which a browser fetches
//! those that hold the words of a query. Where one ends and the next
//! begins is found in the terms themselves, so that a change moves the
//! bounds near it and no others.

use super::digits;
use super::merge::{Entry, Stretch};
use super::vocabulary::push_sorted;

/// One term in so many may begin a shard.
const ONE_IN: u32 = 64;

/// How large shards are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    pub min_bytes: usize,
    pub max_bytes: usize,
}

/// A shard that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// A text between the last term of the shard before and its first.
    pub from: String,
    pub bytes: Vec<u8>,
}

/// Some terms of a stretch.
struct Cut {
    first: usize,
    end: usize,
    n_bytes: usize,
    from: String,
}

/// Which of a term's lists is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Lists,
    /// What the lists leave out.
    More,
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

/// Writes the shards of a stretch, whose terms begin at `from`.
pub fn shards(stretch: &Stretch, from: &[u8], what: What, sizes: Sizes) -> Vec<Shard> {
    let cuts = cuts(stretch, from, what, sizes);
    cuts.into_iter().map(|cut| Shard { bytes: shard(stretch, &cut, what), from: cut.from }).collect()
}

/// Decides which terms go into which shard.
fn cuts(stretch: &Stretch, from: &[u8], what: What, sizes: Sizes) -> Vec<Cut> {
    let mut cuts: Vec<Cut> = Vec::new();
    let mut before: &[u8] = &[];
    for idx in 0..stretch.entries.len() {
        let n_list = what.list(stretch, idx).len();
        if n_list == 0 {
            continue;
        }
        let term = stretch.term(idx);
        let size = term.len() + n_list + 2;
        let is_full = cuts.last().is_none_or(|last| {
            let is_due = last.n_bytes >= sizes.min_bytes && hash(term).is_multiple_of(ONE_IN);
            is_due || last.n_bytes > 0 && last.n_bytes + size > sizes.max_bytes
        });
        if is_full {
            let from = if cuts.is_empty() { sorted_text(from) } else { between(before, term) };
            cuts.push(Cut { first: idx, end: idx, n_bytes: 0, from });
        }
        if let Some(last) = cuts.last_mut() {
            last.n_bytes += size;
            last.end = idx + 1;
        }
        before = term;
    }
    // What is left at the end of a stretch may be too little for a file.
    if let [.., second, last] = &mut *cuts
        && last.n_bytes < sizes.min_bytes / 2
        && second.n_bytes + last.n_bytes <= sizes.max_bytes
    {
        second.end = last.end;
        cuts.pop();
    }
    cuts
}

fn sorted_text(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    push_sorted(&mut text, bytes);
    String::from_utf8_lossy(&text).into_owned()
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
    sorted_text(&term[..n_bytes])
}

/// Returns a hash of a term that is the same for ever.
pub fn hash(term: &[u8]) -> u32 {
    let hash =
        term.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash ^ hash >> 15
}

/// Writes a shard. Neither terms nor lists hold anything that JSON would
/// have to escape. Weights stand apart from distances: they are unlike
/// one another, and so take less room when compressed.
fn shard(stretch: &Stretch, cut: &Cut, what: What) -> Vec<u8> {
    let listed = || (cut.first..cut.end).filter(|idx| !what.list(stretch, *idx).is_empty());
    let mut out = Vec::with_capacity(cut.n_bytes + 48);
    let mut weights = Vec::with_capacity(cut.n_bytes / 2);
    out.extend_from_slice(b"{\"terms\":\"");
    for (nth, idx) in listed().enumerate() {
        if nth > 0 {
            out.push(b' ');
        }
        push_sorted(&mut out, stretch.term(idx));
    }
    out.extend_from_slice(b"\",\"lists\":\"");
    for (nth, idx) in listed().enumerate() {
        if nth > 0 {
            out.push(b' ');
            weights.push(b' ');
        }
        push_apart(what.list(stretch, idx), &mut out, &mut weights);
    }
    out.extend_from_slice(b"\",\"weights\":\"");
    out.append(&mut weights);
    out.extend_from_slice(b"\"}");
    out
}

/// Writes a list and its weights, both with all marks between fields.
fn push_apart(list: &[u8], distances: &mut Vec<u8>, weights: &mut Vec<u8>) {
    let mut rest = list;
    while let Some(first) = rest.first() {
        if *first == digits::NEXT_FIELD {
            distances.push(*first);
            weights.push(*first);
            rest = &rest[1..];
            continue;
        }
        let n_digits = digits::n_digits(rest).min(rest.len());
        distances.extend_from_slice(&rest[..n_digits]);
        match rest.get(n_digits) {
            Some(capped) if *capped == digits::CAPPED => distances.push(*capped),
            weight => weights.extend(weight),
        }
        rest = rest.get(n_digits + 1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, distances: &str, weights: &str) {
        let mut apart = (Vec::new(), Vec::new());
        push_apart(list.as_bytes(), &mut apart.0, &mut apart.1);
        let apart = (String::from_utf8(apart.0).unwrap(), String::from_utf8(apart.1).unwrap());
        assert_eq!(apart, (distances.to_string(), weights.to_string()), "of {list}");
    }

    #[test]
    fn weights_stand_apart() {
        check("#/", "#", "/");
        check("#/Q$}!!$~#/", "#Q$!!$~#", "/}!!/");
        check("!#/", "!#", "!/");
        for broken in ["Q", "", "#", "~~", "QQ!"] {
            push_apart(broken.as_bytes(), &mut Vec::new(), &mut Vec::new());
        }
    }
}
