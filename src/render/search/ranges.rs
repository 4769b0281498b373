//! The terms in ranges: each is put together and cut into shards on its
//! own, and remembered by the postings that lie in it. Where a range
//! begins is found in the terms themselves, and so is the same for
//! however many parts; a page that has changed changes few of them.

use bitcode::{Decode, Encode};
use serde::Serialize;

use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::base::par::{join, par_map, par_map_into};
use crate::model::site_path::SitePath;

use super::merge::{self, Stretch};
use super::part::{self, MIN_LEVEL, Part};
use super::shards::{self, Shard, Sizes, What};
use super::{File, Want, file_key, name};

/// Goes into the key of each range: whoever changes what the same
/// postings are written as counts this up.
const SHARDS_VERSION: u8 = 2;
/// About so many bytes of shards come of a posting.
const BYTES_OF_POSTING: usize = 3;
/// A range has about so many shards.
const N_SHARDS: usize = 8;
const MAX_RANGES: usize = 64;
/// So many terms of the largest part are put together at once with those
/// of the others that lie between them.
const N_TERMS_AT_ONCE: usize = 512;
const N_RANGES_AT_ONCE: usize = 16;
/// With so many shards, and so many of what lists leave out, they become
/// longer instead of more.
const MANY_SHARDS: usize = 2_200;
const MANY_OF_MORE: usize = 480;

/// What the manifest says of shards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Shards {
    /// What each of them begins with, with spaces between.
    pub from: String,
    /// The hashes in their names, eight characters each.
    pub hash: String,
}

/// A shard as the memo keeps it, without what it holds.
#[derive(Clone, Encode, Decode)]
struct Kept {
    from: String,
    name: String,
    key: Key,
}

/// A shard of a range, with what it holds unless that is known to be as
/// it was.
struct Made {
    kept: Kept,
    bytes: Option<Vec<u8>>,
}

/// The shards of a range, and those of what its lists leave out.
type OfRange = (Vec<Made>, Vec<Made>);

/// What a range begins with, and the next one.
type Range<'p> = (&'p [u8], Option<&'p [u8]>);

/// How large the shards are, and so into how many ranges terms are cut.
#[derive(Clone, Copy)]
struct Plan {
    terms: Sizes,
    more: Sizes,
    n_ranges: usize,
}

/// Writes the shards of all terms, and those of what the lists leave out.
pub fn shards(memo: &Memo, parts: &[Part], keys: &[Key], want: Want) -> [(Shards, Vec<File>); 2] {
    let n_postings: u64 = parts.iter().map(|part| part.outline.n_postings).sum();
    let plan = plan(usize::try_from(n_postings).unwrap_or(usize::MAX));
    let bounds = bounds(parts, plan.n_ranges);
    let ranges: Vec<Range<'_>> =
        bounds.iter().enumerate().map(|(nth, from)| (*from, bounds.get(nth + 1).copied())).collect();
    let firsts = merge::firsts(parts);
    let mut of_ranges: Vec<(Key, Option<OfRange>)> = par_map(&ranges, |(from, to)| match memo.keeps() {
        false => (Key::default(), None),
        true => {
            let key = key(parts, plan, from, *to);
            (key, if want == Want::News { recalled(memo, key) } else { None })
        }
    });
    let missing: Vec<usize> = (0..ranges.len()).filter(|nth| of_ranges[*nth].1.is_none()).collect();
    if memo.keeps() && !missing.is_empty() {
        let indices: Vec<usize> = (0..parts.len()).collect();
        par_map(&indices, |idx| parts[*idx].fetch(memo, keys[*idx]));
    }
    // Some at a time: what is put together takes as much memory as the
    // shards that are cut from it.
    for missing in missing.chunks(N_RANGES_AT_ONCE) {
        let merged = merged(parts, &firsts, missing.iter().map(|nth| ranges[*nth]));
        let missed: Vec<(&[u8], Stretch)> = missing.iter().map(|nth| ranges[*nth].0).zip(merged).collect();
        let made = par_map_into(missed, |(from, stretch)| made(memo, plan, from, &stretch));
        for (nth, made) in missing.iter().zip(made) {
            if memo.keeps() {
                let kept = |made: &[Made]| made.iter().map(|made| made.kept.clone()).collect::<Vec<Kept>>();
                memo.put(of_ranges[*nth].0, &(kept(&made.0), kept(&made.1)));
            }
            of_ranges[*nth].1 = Some(made);
        }
    }
    let (terms, more): (Vec<Vec<Made>>, Vec<Vec<Made>>) =
        of_ranges.into_iter().filter_map(|(_, of_range)| of_range).unzip();
    [("t", terms), ("o", more)].map(|(folder, made)| listed(folder, made.into_iter().flatten()))
}

fn plan(n_postings: usize) -> Plan {
    let n_bytes = n_postings.saturating_mul(BYTES_OF_POSTING);
    // A small index is cut smaller, so that little is fetched of it.
    let min_bytes = (n_bytes.min(1 << 30).next_power_of_two() / 32).clamp(8 << 10, 32 << 10);
    let min_bytes = min_bytes.max(n_bytes / MANY_SHARDS);
    let min_more = (128 << 10).max(n_bytes / MANY_OF_MORE);
    Plan {
        terms: Sizes { min_bytes, max_bytes: 2 * min_bytes },
        more: Sizes { min_bytes: min_more, max_bytes: 2 * min_more },
        n_ranges: (n_bytes / (N_SHARDS * min_bytes)).clamp(1, MAX_RANGES),
    }
}

/// Returns what each range begins with: `n_ranges` at most, the first of
/// them with no term at all.
fn bounds(parts: &[Part], n_ranges: usize) -> Vec<&[u8]> {
    let segments = parts.iter().flat_map(|part| part.outline.segments.iter().skip(1));
    let mut found: Vec<(&[u8], u32)> = Vec::new();
    if n_ranges > 1 {
        found.extend(segments.map(|segment| (&*segment.from, part::level(&segment.from))));
    }
    found.sort_unstable();
    found.dedup();
    let n_of_level = |level: u32| found.iter().filter(|(_, of)| *of >= level).count();
    let level = (MIN_LEVEL..).find(|level| n_of_level(*level) < n_ranges).unwrap_or(MIN_LEVEL);
    let chosen = found.into_iter().filter(|(_, of)| *of >= level).map(|(from, _)| from);
    std::iter::once(&[][..]).chain(chosen).collect()
}

/// Returns the hash of all that the shards of a range are made of.
fn key(parts: &[Part], plan: Plan, from: &[u8], to: Option<&[u8]>) -> Key {
    let Plan { terms, more, n_ranges: _ } = plan;
    let sizes = format!("{SHARDS_VERSION} {terms:?} {more:?} {to:?}");
    let mut of_parts = Vec::with_capacity(parts.len() * 24);
    for part in parts {
        of_parts.extend_from_slice(&part.outline.n_documents.to_le_bytes());
        for segment in &part.outline.segments[part.segments(from, to)] {
            of_parts.extend_from_slice(&segment.key.0);
        }
    }
    hash::key(&[b"shards", sizes.as_bytes(), from, &of_parts])
}

fn recalled(memo: &Memo, key: Key) -> Option<OfRange> {
    let (terms, more): (Vec<Kept>, Vec<Kept>) = memo.get(key)?;
    let made = |kept: Vec<Kept>| kept.into_iter().map(|kept| Made { kept, bytes: None }).collect();
    Some((made(terms), made(more)))
}

/// Puts the terms of ranges together. Ranges are of all sizes, so that
/// each is put together in many pieces at the same time.
fn merged<'p>(parts: &'p [Part], firsts: &[u32], ranges: impl Iterator<Item = Range<'p>>) -> Vec<Stretch> {
    let largest = parts.iter().max_by_key(|part| part.outline.n_postings);
    let mut pieces: Vec<(usize, Range<'p>)> = Vec::new();
    let mut n_ranges = 0;
    for (from, to) in ranges {
        let (mut start, mut n_terms) = (from, 0);
        let mut split = |_: u32, term: &'p [u8]| {
            n_terms += 1;
            if n_terms % N_TERMS_AT_ONCE == 0 {
                pieces.push((n_ranges, (start, Some(term))));
                start = term;
            }
        };
        if let Some(largest) = largest {
            largest.each_term(from, to, &mut split);
        }
        pieces.push((n_ranges, (start, to)));
        n_ranges += 1;
    }
    let stretches = par_map(&pieces, |(_, (from, to))| merge::stretch(parts, firsts, from, *to));
    let mut merged: Vec<Stretch> = (0..n_ranges).map(|_| Stretch::default()).collect();
    for ((range, ..), stretch) in pieces.iter().zip(stretches) {
        merged[*range].append(stretch);
    }
    merged
}

fn made(memo: &Memo, plan: Plan, from: &[u8], stretch: &Stretch) -> OfRange {
    let of = |what: What, sizes: Sizes| {
        let shards = shards::shards(stretch, from, what, sizes);
        shards.into_iter().map(|shard| made_of(memo, shard)).collect()
    };
    join(|| of(What::Lists, plan.terms), || of(What::More, plan.more))
}

fn made_of(memo: &Memo, Shard { from, bytes }: Shard) -> Made {
    let kept = Kept { from, name: name(&bytes, 8), key: file_key(memo, &bytes) };
    Made { kept, bytes: Some(bytes) }
}

fn listed(folder: &str, made: impl Iterator<Item = Made>) -> (Shards, Vec<File>) {
    let mut shards = Shards::default();
    let mut files = Vec::new();
    for (nth, Made { kept: Kept { from, name, key }, bytes }) in made.enumerate() {
        // The first one has all that sorts before it.
        if nth > 0 {
            shards.from.push(' ');
            shards.from.push_str(&from);
        }
        shards.hash.push_str(&name);
        files.push(File { path: SitePath::new(&format!("search/{folder}/{name}.json")), key, held: bytes });
    }
    (shards, files)
}
