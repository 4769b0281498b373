//! A world that is odd but possible: folders are listed backwards, and
//! the clock jumps. What stands in it is that of another world.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use callboard::base::walk;
use callboard::base::world::{Entry, EntryKind, Lock, Stamp, Store, Walk, WalkOptions, World};

/// Another world, seen oddly.
pub(crate) struct Odd<'w> {
    pub(crate) inner: &'w dyn World,
    pub(crate) is_backwards: AtomicBool,
    /// When the clock jumped, and by how much it is wrong from then on.
    jumps: Mutex<Vec<(i64, i64)>>,
    /// How often each file was read.
    pub(crate) n_reads: Mutex<BTreeMap<PathBuf, usize>>,
}

impl<'w> Odd<'w> {
    pub(crate) fn new(inner: &'w dyn World) -> Self {
        Odd {
            inner,
            is_backwards: AtomicBool::new(false),
            jumps: Mutex::default(),
            n_reads: Mutex::default(),
        }
    }

    /// Sets the clock wrong by so much, from now on.
    pub(crate) fn jump(&self, by_ns: i64) {
        self.jumps.lock().expect("nobody panicked").push((self.inner.now_ns(), by_ns));
    }

    /// Returns what the clock showed at a time.
    fn shown(&self, time_ns: i64) -> i64 {
        let jumps = self.jumps.lock().expect("nobody panicked");
        time_ns + jumps.iter().rev().find(|(since, _)| *since <= time_ns).map_or(0, |(_, by)| *by)
    }
}

impl World for Odd<'_> {
    fn walk(&self, root: &Path, options: &WalkOptions) -> Walk {
        walk::walk(self, root, options)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.inner.list(folder)?;
        if self.is_backwards.load(Ordering::Relaxed) {
            entries.reverse();
        }
        Ok(entries)
    }
    fn entry(&self, path: &Path) -> io::Result<EntryKind> {
        self.inner.entry(path)
    }
    fn size_bytes(&self, path: &Path) -> io::Result<u64> {
        self.inner.size_bytes(path)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.inner.real_path(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        *self.n_reads.lock().expect("nobody panicked").entry(path.to_path_buf()).or_default() += 1;
        self.inner.read(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.inner.write(path, bytes)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.inner.create_folder(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)
    }
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.inner.exchange(one, other)
    }
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.hard_link(from, to)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.inner.remove_file(path)
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.inner.remove_folder(path)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        self.inner.lock(path)
    }
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let stamp = self.inner.stamp(path)?;
        let (modified_ns, changed_ns) = (self.shown(stamp.modified_ns), self.shown(stamp.changed_ns));
        Ok(Stamp { modified_ns, changed_ns, ..stamp })
    }
    fn now_ns(&self) -> i64 {
        self.shown(self.inner.now_ns())
    }
    fn store(&self, path: &Path) -> io::Result<Box<dyn Store>> {
        self.inner.store(path)
    }
}
