//! The cache on disk: records by key, in a folder of two files.
//!
//! ```text
//! index     a checksum, then: salt, generation, name of the blob file,
//!           every record's key and last use, and the small ones whole
//! blob-<n>  the large records one after the other, only ever added to
//! ```
//!
//! The index is read as a whole and replaced as a whole (a new file is
//! renamed over it), so it is always one that some run finished. It says
//! which stretches of the blob file hold records; what a killed run has
//! added behind them is nothing to anybody. Each large record has its own
//! checksum.
//!
//! The pack never fails: what cannot be read is not there, what cannot be
//! written is not kept. Keys are hashes of contents, so that a restored
//! pack is right on any machine and at any path.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::hash::{self, Key, KeyMap};
use super::world::{EntryKind, Lock, Store, World};

/// The index's name.
const INDEX: &str = "index";
/// The new index before it is renamed.
const NEW_INDEX: &str = "index.new";
/// Held by the run that may write.
const LOCK: &str = "lock";
/// What every index begins with; the last digits are the form's number.
const MAGIC: &[u8; 16] = b"callboard-pack-2";
/// What the indexes of all versions begin with.
const MAGIC_OF_ALL: &[u8] = b"callboard-pack-";
/// How much a pack may hold, apart from what the last run used.
pub const LIMIT_BYTES: u64 = 512 << 20;

/// Records by key, some of them on disk.
pub struct Pack {
    folder: PathBuf,
    salt: Key,
    old: Old,
    blob: Box<dyn Store>,
    new: Mutex<KeyMap<New>>,
    /// Whether a large record was not what its checksum says.
    is_broken: AtomicBool,
    /// Whether the folder was made for this pack.
    is_new_folder: bool,
    /// Held until the pack is closed; without it nothing is written.
    lock: Mutex<Option<Box<dyn Lock>>>,
}

/// What the index held.
#[derive(Default)]
struct Old {
    generation: u32,
    blob_number: u64,
    records: KeyMap<Record>,
    bytes: Vec<u8>,
}

struct Record {
    place: Place,
    /// The generation of the run that used it last.
    used: AtomicU32,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// A stretch of the index's bytes.
    Index {
        start: usize,
        end: usize,
    },
    Blob(Stretch),
}

/// A stretch of the blob file.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    offset: u64,
    n_bytes: u32,
    sum: u32,
}

enum New {
    Small(Box<[u8]>),
    Large(Stretch),
}

/// The index as it is written.
#[derive(Default, bitcode::Encode, bitcode::Decode)]
struct Index {
    salt: Key,
    generation: u32,
    blob_number: u64,
    small: Vec<SmallRecord>,
    large: Vec<LargeRecord>,
}

#[derive(bitcode::Encode, bitcode::Decode)]
struct SmallRecord {
    key: Key,
    used: u32,
    n_bytes: u32,
}

#[derive(bitcode::Encode, bitcode::Decode)]
struct LargeRecord {
    key: Key,
    used: u32,
    offset: u64,
    n_bytes: u32,
    sum: u32,
}

/// A pack that was opened.
pub struct Opened {
    /// `None` where the folder cannot be written.
    pub pack: Option<Pack>,
    /// Why what lay there is not used.
    pub ignored: Option<&'static str>,
}

/// Opens the pack in a folder, which is created. Records of another
/// `salt` are not seen.
pub fn open(world: &dyn World, folder: &Path, salt: Key) -> Opened {
    // A link could lead our writing anywhere.
    match world.entry(folder) {
        Ok(EntryKind::Folder) | Err(_) => {}
        Ok(_) => return Opened { pack: None, ignored: Some("it is not a folder") },
    }
    let is_new_folder = !world.exists(folder);
    let Ok(()) = world.create_folder(folder) else { return Opened { pack: None, ignored: None } };
    if let Some(why) = foreign(world, folder) {
        return Opened { pack: None, ignored: Some(why) };
    }
    let Ok(lock) = world.lock(&folder.join(LOCK)) else { return Opened { pack: None, ignored: None } };
    let (mut old, mut ignored) = match world.read(&folder.join(INDEX)) {
        Err(_) => (Old::default(), None),
        Ok(bytes) => match old(bytes, salt) {
            Ok(old) => (old, None),
            Err(why) => (Old::default(), why),
        },
    };
    let mut blob = world.store(&folder.join(blob_name(old.blob_number)));
    let n_bytes = blob.as_ref().ok().and_then(|blob| blob.len_bytes().ok()).unwrap_or(0);
    if old.records.values().any(|record| record.place.end() > n_bytes) {
        (old, ignored) = (Old::default(), Some("it is cut off"));
    }
    if old.records.is_empty() {
        // What lies there belongs to nobody.
        remove_blobs(world, folder, None);
        blob = world.store(&folder.join(blob_name(old.blob_number)));
    }
    let Ok(blob) = blob else { return Opened { pack: None, ignored } };
    let pack = Pack {
        folder: folder.to_path_buf(),
        salt,
        old,
        blob,
        new: Mutex::default(),
        is_broken: AtomicBool::new(false),
        is_new_folder,
        lock: Mutex::new(Some(lock)),
    };
    Opened { pack: Some(pack), ignored }
}

/// Tells why a folder cannot be ours, if it cannot: somebody may have
/// named one of their own, where nothing is ours to replace or remove.
fn foreign(world: &dyn World, folder: &Path) -> Option<&'static str> {
    let Ok(entries) = world.list(folder) else { return Some("it cannot be listed") };
    let is_ours = |name: &str| matches!(name, INDEX | NEW_INDEX | LOCK) || is_blob(name);
    if entries.iter().any(|entry| is_ours(&entry.name) && entry.kind != EntryKind::File) {
        return Some("it holds a link or a folder where a file belongs");
    }
    // A run that was killed, or lost its index to a power cut, leaves
    // our files and no others; the lock among them is always empty.
    let has_lock = entries.iter().any(|entry| entry.name == LOCK && entry.size_bytes == 0);
    if entries.is_empty() || has_lock && entries.iter().all(|entry| is_ours(&entry.name)) {
        return None;
    }
    let index = world.read(&folder.join(INDEX)).unwrap_or_default();
    (!index.starts_with(MAGIC_OF_ALL)).then_some("it is not a cache of Callboard's")
}

/// Reads an index. The error says why it is not used, unless that is an
/// everyday thing.
fn old(bytes: Vec<u8>, salt: Key) -> Result<Old, Option<&'static str>> {
    let Some((head, rest)) = bytes.split_at_checked(MAGIC.len() + 32 + 8) else {
        return Err(Some("it is cut off"));
    };
    if &head[..MAGIC.len()] != MAGIC {
        return Err(Some("it is not a cache of this version"));
    }
    if hash::hash(&bytes[MAGIC.len() + 32..]).0 != head[MAGIC.len()..MAGIC.len() + 32] {
        return Err(Some("it is damaged"));
    }
    let n_bytes = u64::from_le_bytes(head[MAGIC.len() + 32..].try_into().expect("8 bytes were split off"));
    let split = usize::try_from(n_bytes).ok().and_then(|n_bytes| rest.split_at_checked(n_bytes));
    let Some((index, _)) = split else { return Err(Some("it is damaged")) };
    let Ok(index) = bitcode::decode::<Index>(index) else { return Err(Some("it is damaged")) };
    if index.salt != salt {
        return Err(None); // Another version of Callboard.
    }
    let mut records =
        KeyMap::with_capacity_and_hasher(index.small.len() + index.large.len(), Default::default());
    let mut start = MAGIC.len() + 32 + 8 + n_bytes as usize;
    for record in index.small {
        let end = start + record.n_bytes as usize;
        if end > bytes.len() {
            return Err(Some("it is damaged"));
        }
        let place = Place::Index { start, end };
        records.insert(record.key, Record { place, used: AtomicU32::new(record.used) });
        start = end;
    }
    for LargeRecord { key, used, offset, n_bytes, sum } in index.large {
        let place = Place::Blob(Stretch { offset, n_bytes, sum });
        records.insert(key, Record { place, used: AtomicU32::new(used) });
    }
    Ok(Old { generation: index.generation, blob_number: index.blob_number, records, bytes })
}

impl Place {
    /// Returns where it ends in the blob file.
    fn end(&self) -> u64 {
        match self {
            Place::Index { .. } => 0,
            Place::Blob(stretch) => stretch.offset.saturating_add(u64::from(stretch.n_bytes)),
        }
    }
}

impl Pack {
    /// Returns the record of a small value.
    pub fn small(&self, key: Key) -> Option<Vec<u8>> {
        if let Some(record) = self.old.records.get(&key) {
            let Place::Index { start, end } = record.place else { return None };
            record.used.store(self.generation(), Ordering::Relaxed);
            return Some(self.old.bytes[start..end].to_vec());
        }
        match self.added().get(&key) {
            Some(New::Small(bytes)) => Some(bytes.to_vec()),
            _ => None,
        }
    }

    /// Tells whether there is a large value, and keeps it.
    pub fn has_large(&self, key: Key) -> bool {
        match self.old.records.get(&key) {
            Some(record) => {
                record.used.store(self.generation(), Ordering::Relaxed);
                matches!(record.place, Place::Blob(_))
            }
            None => matches!(self.added().get(&key), Some(New::Large(_))),
        }
    }

    /// Returns the record of a large value. One that was there and is
    /// not what it should be breaks the pack.
    pub fn large(&self, key: Key) -> Option<Vec<u8>> {
        let old = self.old.records.get(&key).map(|record| record.place);
        let stretch = match (old, self.added().get(&key)) {
            (Some(Place::Blob(stretch)), _) => stretch,
            (None, Some(New::Large(stretch))) => *stretch,
            _ => return None,
        };
        let bytes = self.blob.read_at(stretch.offset, stretch.n_bytes as usize).ok();
        let sound = bytes.filter(|bytes| sum(bytes) == stretch.sum);
        if sound.is_none() {
            self.is_broken.store(true, Ordering::Relaxed);
        }
        sound
    }

    /// Keeps a small value.
    pub fn put_small(&self, key: Key, bytes: Vec<u8>) {
        self.added().insert(key, New::Small(bytes.into()));
    }

    /// Keeps a large value, on disk at once. Tells whether it could.
    pub fn put_large(&self, key: Key, bytes: &[u8]) -> bool {
        let Ok(n_bytes) = u32::try_from(bytes.len()) else { return false };
        let Ok(offset) = self.blob.append(bytes) else { return false };
        self.added().insert(key, New::Large(Stretch { offset, n_bytes, sum: sum(bytes) }));
        true
    }

    /// Tells whether a record turned out to be damaged; then nothing
    /// that was made from this pack may be used.
    pub fn is_broken(&self) -> bool {
        self.is_broken.load(Ordering::Relaxed)
    }

    /// Marks what is here as not to be used again.
    pub fn set_broken(&self) {
        self.is_broken.store(true, Ordering::Relaxed);
    }

    fn generation(&self) -> u32 {
        self.old.generation.wrapping_add(1)
    }

    fn added(&self) -> MutexGuard<'_, KeyMap<New>> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the index, if anything is new. What the longest time
    /// nobody has used goes first when there is too much.
    pub fn save(&self, world: &dyn World, limit_bytes: u64) {
        if self.is_broken() {
            let _gone = world.remove_file(&self.folder.join(INDEX));
            return;
        }
        if self.added().is_empty() {
            return;
        }
        let mut kept = self.kept(limit_bytes);
        let n_live: u64 = kept.iter().map(|kept| kept.stretch().map_or(0, |it| u64::from(it.n_bytes))).sum();
        let n_blob = self.blob.len_bytes().unwrap_or(u64::MAX);
        let mut blob_number = self.old.blob_number;
        if n_blob > limit_bytes.max(n_live.saturating_mul(2)) {
            blob_number += 1;
            if self.move_blob(world, blob_number, &mut kept).is_none() {
                return;
            }
        }
        let bytes = self.index(blob_number, &kept);
        let (new, index) = (self.folder.join(NEW_INDEX), self.folder.join(INDEX));
        if world.write(&new, &bytes).and_then(|()| world.rename(&new, &index)).is_ok() {
            remove_blobs(world, &self.folder, Some(blob_number));
        }
    }

    /// Closes the pack of a run that was refused: what it has made and
    /// nobody has saved goes again.
    pub fn abandon(&self, world: &dyn World) {
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        // The lock's file goes while it is held: after that, it may be
        // another's.
        if lock.is_some() && self.is_new_folder && !world.exists(&self.folder.join(INDEX)) {
            remove_blobs(world, &self.folder, None);
            let _stays = world.remove_file(&self.folder.join(LOCK));
            let _stays = world.remove_folder(&self.folder);
        }
        lock.take();
    }

    /// Closes the pack: another run may write from now on.
    pub fn close(&self) {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Returns what stays, sorted by key. What this run used stays.
    fn kept(&self, limit_bytes: u64) -> Vec<Kept> {
        let now = self.generation();
        let mut kept: Vec<Kept> = Vec::new();
        let new = self.added();
        for (key, record) in sorted(&self.old.records) {
            let used = record.used.load(Ordering::Relaxed);
            let what = match record.place {
                Place::Index { start, end } => What::Small(self.old.bytes[start..end].into()),
                Place::Blob(stretch) => What::Large(stretch),
            };
            if !new.contains_key(&key) {
                kept.push(Kept { key, used, what });
            }
        }
        for (key, record) in sorted(&new) {
            let what = match record {
                New::Small(bytes) => What::Small(bytes.clone()),
                New::Large(stretch) => What::Large(*stretch),
            };
            kept.push(Kept { key, used: now, what });
        }
        let age = |kept: &Kept| now.wrapping_sub(kept.used);
        kept.sort_by_key(|kept| (age(kept), kept.key));
        let mut total = 0_u64;
        kept.retain(|kept| {
            total += kept.n_bytes();
            age(kept) == 0 || total <= limit_bytes
        });
        kept.sort_by_key(|kept| kept.key);
        kept
    }

    /// Copies the large records into a new blob file.
    fn move_blob(&self, world: &dyn World, blob_number: u64, kept: &mut [Kept]) -> Option<()> {
        let path = self.folder.join(blob_name(blob_number));
        let _absent = world.remove_file(&path);
        let blob = world.store(&path).ok()?;
        for kept in kept {
            if let What::Large(stretch) = &mut kept.what {
                let bytes = self.blob.read_at(stretch.offset, stretch.n_bytes as usize).ok()?;
                stretch.offset = blob.append(&bytes).ok()?;
            }
        }
        Some(())
    }

    fn index(&self, blob_number: u64, kept: &[Kept]) -> Vec<u8> {
        let mut index =
            Index { salt: self.salt, generation: self.generation(), blob_number, ..Index::default() };
        for Kept { key, used, what } in kept {
            let (key, used) = (*key, *used);
            match what {
                What::Small(bytes) => {
                    index.small.push(SmallRecord { key, used, n_bytes: bytes.len() as u32 });
                }
                What::Large(Stretch { offset, n_bytes, sum }) => {
                    index.large.push(LargeRecord {
                        key,
                        used,
                        offset: *offset,
                        n_bytes: *n_bytes,
                        sum: *sum,
                    });
                }
            }
        }
        let encoded = bitcode::encode(&index);
        let mut body = (encoded.len() as u64).to_le_bytes().to_vec();
        body.extend_from_slice(&encoded);
        for kept in kept {
            if let What::Small(bytes) = &kept.what {
                body.extend_from_slice(bytes);
            }
        }
        let mut whole = MAGIC.to_vec();
        whole.extend_from_slice(&hash::hash(&body).0);
        whole.append(&mut body);
        whole
    }
}

/// A record that stays.
struct Kept {
    key: Key,
    used: u32,
    what: What,
}

enum What {
    Small(Box<[u8]>),
    Large(Stretch),
}

impl Kept {
    fn stretch(&self) -> Option<&Stretch> {
        match &self.what {
            What::Small(_) => None,
            What::Large(stretch) => Some(stretch),
        }
    }

    fn n_bytes(&self) -> u64 {
        match &self.what {
            What::Small(bytes) => bytes.len() as u64,
            What::Large(stretch) => u64::from(stretch.n_bytes),
        }
    }
}

fn sorted<V>(records: &KeyMap<V>) -> Vec<(Key, &V)> {
    let mut sorted: Vec<(Key, &V)> = records.iter().map(|(key, value)| (*key, value)).collect();
    sorted.sort_by_key(|(key, _)| *key);
    sorted
}

/// Returns the checksum of a record: it is there to find damage, and no
/// attacker, who could as well write another index.
fn sum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

fn blob_name(number: u64) -> String {
    format!("blob-{number}")
}

/// Tells whether a name is that of a blob file.
fn is_blob(name: &str) -> bool {
    let number = name.strip_prefix("blob-");
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Removes blob files that no index names.
fn remove_blobs(world: &dyn World, folder: &Path, but: Option<u64>) {
    let kept = but.map(blob_name);
    for entry in world.list(folder).unwrap_or_default() {
        if is_blob(&entry.name) && Some(&entry.name) != kept.as_ref() {
            let _stays = world.remove_file(&folder.join(&entry.name));
        }
    }
}

#[cfg(test)]
mod tests;
