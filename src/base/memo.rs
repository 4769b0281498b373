//! The memo: values by the hash of all that they depend on, kept in the
//! pack from run to run. Without a pack nothing is kept, and everything
//! is made anew: a memo saves time and nothing else.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use bitcode::{DecodeOwned, Encode};

use super::hash::{self, Key, KeyMap};
use super::pack::{self, Pack};
use super::world::{Stamp, World};

/// Values by key.
#[derive(Default)]
pub struct Memo {
    pack: Option<Pack>,
    seen: Option<Seen>,
}

/// Files that were read, by name, with what they held.
struct Seen {
    old: KeyMap<(Stamp, Key)>,
    new: Mutex<KeyMap<(Stamp, Key)>>,
    /// When this run began.
    began_ns: i64,
}

/// Whether files whose stamps are as before are read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    Stamps,
    ContentOnly,
}

/// Opens the memo in a folder. The second value says why a memo that
/// lies there is not used.
pub fn open(world: &dyn World, folder: &Path, salt: Key, trust: Trust) -> (Memo, Option<&'static str>) {
    let opened = pack::open(world, folder, salt);
    let mut memo = Memo { pack: opened.pack, ..Memo::default() };
    if trust == Trust::Stamps && memo.keeps() {
        let old: Vec<(Key, (Stamp, Key))> = memo.get(seen_key()).unwrap_or_default();
        let old = old.into_iter().collect();
        memo.seen = Some(Seen { old, new: Mutex::default(), began_ns: world.now_ns() });
    }
    (memo, opened.ignored)
}

fn seen_key() -> Key {
    hash::key(&[b"files that were read"])
}

impl Memo {
    /// Tells whether anything can be kept.
    pub fn keeps(&self) -> bool {
        self.pack.is_some()
    }

    /// Returns a value, if it is known.
    pub fn get<V: DecodeOwned>(&self, key: Key) -> Option<V> {
        let pack = self.pack.as_ref()?;
        pack.small(key).and_then(|bytes| bitcode::decode(&bytes).ok())
    }

    /// Keeps a value.
    pub fn put<V: Encode>(&self, key: Key, value: &V) {
        if let Some(pack) = &self.pack {
            pack.put_small(key, bitcode::encode(value));
        }
    }

    /// Tells whether a large value is known, without reading it.
    pub fn has_large(&self, key: Key) -> bool {
        self.pack.as_ref().is_some_and(|pack| pack.has_large(key))
    }

    /// Returns a large value that was known. If it cannot be read any
    /// more, the memo is broken from then on.
    pub fn large<V: DecodeOwned>(&self, key: Key) -> Option<V> {
        let pack = self.pack.as_ref()?;
        let value = pack.large(key).and_then(|bytes| bitcode::decode(&bytes).ok());
        if value.is_none() {
            pack.set_broken();
        }
        value
    }

    /// Keeps a large value out of memory. Tells whether it could.
    pub fn put_large<V: Encode>(&self, key: Key, value: &V) -> bool {
        self.pack.as_ref().is_some_and(|pack| pack.put_large(key, &bitcode::encode(value)))
    }

    /// Tells whether a value that was promised could not be read. Then
    /// what this run has made must not be used.
    pub fn is_broken(&self) -> bool {
        self.pack.as_ref().is_some_and(Pack::is_broken)
    }

    /// Returns what a file holds if it is as it was when it was read.
    pub fn content(&self, name: Key, stamp: &Stamp) -> Option<Key> {
        let (known, content) = self.seen.as_ref()?.old.get(&name)?;
        (known == stamp).then_some(*content)
    }

    /// Keeps what a file holds. `stamp` was taken before it was read.
    pub fn learn(&self, name: Key, stamp: Stamp, content: Key) {
        let Some(seen) = &self.seen else { return };
        if stamp.is_settled(seen.began_ns) && seen.old.get(&name) != Some(&(stamp, content)) {
            seen.new.lock().unwrap_or_else(PoisonError::into_inner).insert(name, (stamp, content));
        }
    }

    fn save_seen(&self) {
        let Some(seen) = &self.seen else { return };
        let new = seen.new.lock().unwrap_or_else(PoisonError::into_inner);
        if new.is_empty() {
            return;
        }
        let mut all = seen.old.clone();
        all.extend(new.iter().map(|(name, file)| (*name, *file)));
        let mut all: Vec<(Key, (Stamp, Key))> = all.into_iter().collect();
        all.sort_by_key(|(name, _)| *name);
        self.put(seen_key(), &all);
    }

    /// Writes what is new. A broken memo is removed.
    pub fn save(&self, world: &dyn World) {
        self.save_seen();
        if let Some(pack) = &self.pack {
            pack.save(world, pack::LIMIT_BYTES);
        }
    }

    /// Removes what was made for nothing, after a run that failed.
    pub fn abandon(&self, world: &dyn World) {
        if let Some(pack) = &self.pack {
            pack.abandon(world);
        }
    }

    /// Lets another run write.
    pub fn close(&self) {
        if let Some(pack) = &self.pack {
            pack.close();
        }
    }
}
