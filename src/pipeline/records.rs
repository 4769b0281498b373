//! What the last build knew of each file of the site: what it was made
//! of, what came of it, and the stamp of the file. A file that would be
//! made of the same and lies there untouched is not made again.

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::hash::{self, Hash, Key, KeyMap};
use crate::base::memo::Memo;
use crate::base::par::par_map_indexed;
use crate::base::world::{Stamp, World};
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;
use crate::render::outputs::{Group, Outputs, Parts};
use crate::write::manifest::Entry;
use crate::write::swap::Known;

/// What is known of one file.
#[derive(Debug, Clone, PartialEq, Eq, bitcode::Encode, bitcode::Decode)]
struct Record {
    /// The hashes of the parts that it was made of, in their order.
    parts: Vec<Key>,
    hash: Hash,
    size_bytes: u64,
    /// The stamp of the file, unless it could change unseen.
    stamp: Option<Stamp>,
}

/// What is known of many files at once.
#[derive(Debug, Clone, Default, PartialEq, Eq, bitcode::Encode, bitcode::Decode)]
struct Wholes {
    /// What the whole site is made of.
    site: Key,
    /// What all pages of the catalog are made of.
    catalog: Key,
    /// What the pages of each docs site are made of, by its base.
    docs: Vec<(Key, Key)>,
}

/// The records of the last build, beside the files of this one.
pub struct Records<'r> {
    memo: &'r Memo,
    world: &'r dyn World,
    outputs: &'r Outputs,
    old: KeyMap<Record>,
    wholes: Wholes,
    /// Whether the whole site is as it was. Then nobody asks for the parts.
    is_as_before: bool,
    is_catalog_as_before: bool,
    /// Whether the pages of each docs site are as they were.
    are_docs_as_before: Vec<bool>,
    /// What each file is made of, once somebody has asked.
    parts: Vec<OnceLock<Option<Parts>>>,
    /// Which files lie there untouched.
    untouched: Vec<AtomicBool>,
}

impl<'r> Records<'r> {
    /// Recalls the records.
    pub fn of(memo: &'r Memo, world: &'r dyn World, outputs: &'r Outputs) -> Self {
        let (before, old): (Wholes, Vec<(Key, Record)>) = memo.get(key()).unwrap_or_default();
        let parts = outputs.paths.iter().map(|_| OnceLock::new()).collect();
        let untouched = outputs.paths.iter().map(|_| AtomicBool::new(false)).collect();
        let old = old.into_iter().collect();
        let (wholes, are_docs_as_before) = match memo.keeps() {
            true => wholes(outputs, &before),
            false => (Wholes::default(), Vec::new()),
        };
        let is_as_before = wholes.site == before.site;
        let is_catalog_as_before = wholes.catalog == before.catalog;
        Records {
            memo,
            world,
            outputs,
            old,
            wholes,
            is_as_before,
            is_catalog_as_before,
            are_docs_as_before,
            parts,
            untouched,
        }
    }

    /// Tells what is known of a file whose place holds one with `stamp`.
    pub fn foreknown(&self, idx: usize, stamp: &Stamp) -> Known {
        let Some(record) = self.old.get(&name(&self.outputs.paths[idx])) else { return Known::No };
        let is_group_as_before = || match self.outputs.group_of(idx) {
            Some(Group::Catalog) => self.is_catalog_as_before,
            Some(Group::Docs(site_idx)) => self.are_docs_as_before.get(site_idx) == Some(&true),
            None => false,
        };
        let is_same = self.is_as_before && !self.outputs.is_copied(idx)
            || is_group_as_before()
            || self.parts(idx).is_some_and(|parts| is_made_of(record, parts));
        let entry = Entry { hash: record.hash, size_bytes: record.size_bytes };
        match is_same {
            false => Known::No,
            // What a page is made of may lack what the memo has lost.
            true if self.memo.is_broken() => Known::No,
            true if record.stamp.as_ref() == Some(stamp) => {
                self.untouched[idx].store(true, Ordering::Relaxed);
                Known::Untouched(entry)
            }
            true if record.size_bytes == stamp.size_bytes => Known::Content(entry),
            true => Known::No,
        }
    }

    /// Returns the bytes of a file, and keeps what they are made of.
    pub fn bytes(&self, idx: usize) -> Result<Vec<u8>, Failure> {
        if !self.memo.keeps() || self.parts[idx].get().is_some() {
            return self.outputs.bytes(self.world, idx);
        }
        let (bytes, parts) = self.outputs.bytes_and_parts(self.world, idx)?;
        let _known = self.parts[idx].set(parts);
        Ok(bytes)
    }

    /// Keeps what this build knows; `entries` are what it wrote.
    pub fn keep(&self, output: &Path, entries: &[Entry]) {
        if !self.memo.keeps() {
            return;
        }
        let now_ns = self.world.now_ns();
        let is_untouched = |untouched: &AtomicBool| untouched.load(Ordering::Relaxed);
        let is_all_untouched =
            self.untouched.len() == self.old.len() && self.untouched.iter().all(is_untouched);
        if is_all_untouched && self.is_as_before {
            return;
        }
        let mut new: Vec<(Key, Record)> = par_map_indexed(&self.outputs.paths, |idx, path| {
            if is_untouched(&self.untouched[idx]) {
                let name = name(path);
                return Some((name, self.old.get(&name)?.clone()));
            }
            let parts = self.parts(idx).filter(|_| !self.outputs.is_troubled(idx))?;
            let stamp = self.world.stamp(&output.join(path.as_str())).ok();
            let record = Record {
                parts: parts.iter().map(|(_, key)| *key).collect(),
                hash: entries[idx].hash,
                size_bytes: entries[idx].size_bytes,
                stamp: stamp.filter(|stamp| stamp.is_settled(now_ns)),
            };
            Some((name(path), record))
        })
        .into_iter()
        .flatten()
        .collect();
        new.sort_by_key(|(name, _)| *name);
        let is_old = |(name, record): &(Key, Record)| self.old.get(name) == Some(record);
        if !self.is_as_before || new.len() != self.old.len() || !new.iter().all(is_old) {
            self.memo.put(key(), &(self.wholes.clone(), new));
        }
    }

    /// Says which parts of a file are other ones than in the last build.
    pub fn explanation(&self, path: &str) -> Result<String, Failure> {
        let idx = found(&self.outputs.paths, path)
            .ok_or_else(|| Failure::usage(format!("the site has no file `{path}`")))?;
        let path = &self.outputs.paths[idx];
        let Some(parts) = self.parts(idx) else {
            return Ok(format!("`{path}` is made in every build\n"));
        };
        let record = self.old.get(&name(path));
        let mut text = match record {
            None => format!("`{path}` is new to the cache\n"),
            Some(record) if is_made_of(record, parts) => format!("`{path}` is made of the same as before\n"),
            Some(_) => format!("`{path}` is made anew\n"),
        };
        for (part_idx, (part, key)) in parts.iter().enumerate() {
            let before = record.and_then(|record| record.parts.get(part_idx));
            let state = match before {
                None => "new",
                Some(before) if before == key => "same",
                Some(_) => "changed",
            };
            text.push_str(&format!("  {part:<12} {} {state}\n", key.short()));
        }
        Ok(text)
    }

    fn parts(&self, idx: usize) -> Option<&Parts> {
        self.parts[idx].get_or_init(|| self.outputs.parts(self.world, idx)).as_ref()
    }
}

/// Returns what the files of a site are made of, and which of its docs
/// are as `before`.
fn wholes(outputs: &Outputs, before: &Wholes) -> (Wholes, Vec<bool>) {
    let site = outputs.whole_key();
    if site == before.site {
        return (before.clone(), Vec::new());
    }
    let groups = outputs.group_keys();
    let known: KeyMap<Key> = before.docs.iter().copied().collect();
    let names = outputs.site.docs.iter().map(|docs| hash::key(&[docs.plan.base.as_bytes()]));
    let docs: Vec<(Key, Option<Key>)> = names.zip(groups.docs).collect();
    let as_before = docs.iter().map(|(name, key)| key.is_some() && known.get(name) == key.as_ref()).collect();
    let docs = docs.into_iter().filter_map(|(name, key)| Some((name, key?))).collect();
    (Wholes { site, catalog: groups.catalog, docs }, as_before)
}

fn key() -> Key {
    hash::key(&[b"files that were written"])
}

fn name(path: &SitePath) -> Key {
    hash::key(&[b"output", path.as_str().as_bytes()])
}

fn is_made_of(record: &Record, parts: &Parts) -> bool {
    record.parts.iter().eq(parts.iter().map(|(_, key)| key))
}

/// Finds a file by its path, or a page by its folder.
fn found(paths: &[SitePath], path: &str) -> Option<usize> {
    let path = path.trim_start_matches('/');
    let file = paths.binary_search(&SitePath::new(path.trim_end_matches('/')));
    file.or_else(|_| paths.binary_search(&SitePath::page(path.trim_end_matches('/')))).ok()
}
