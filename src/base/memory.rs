//! The world's twin in memory, for tests. It knows files and folders,
//! and no links.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::walk;
use super::world::{Entry, EntryKind, Lock, Stamp, Store, Walk, WalkOptions, World};

/// A tree of files in memory.
#[derive(Debug, Default)]
pub struct Memory {
    tree: Arc<Mutex<Tree>>,
    held: Arc<Mutex<BTreeSet<PathBuf>>>,
}

#[derive(Debug, Default)]
struct Tree {
    files: BTreeMap<PathBuf, Vec<u8>>,
    folders: BTreeSet<PathBuf>,
    /// When each file changed, counted in changes of the whole tree.
    changed: BTreeMap<PathBuf, i64>,
    n_changes: i64,
}

/// The time from one change to the next: no whole number of seconds, so
/// that nobody takes the clock for a coarse one.
const STEP_NS: i64 = 1_000_000_001;

impl Memory {
    /// Returns a world of text files at absolute paths.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let memory = Memory::default();
        for (path, text) in files {
            memory.tree().put(&clean(Path::new(path)), text.as_bytes());
        }
        memory
    }

    /// Returns the paths of all files, sorted.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.tree().files.keys().cloned().collect()
    }

    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World for Memory {
    fn walk(&self, root: &Path, options: &WalkOptions) -> Walk {
        walk::walk(self, root, options)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let (tree, folder) = (self.tree(), clean(folder));
        match tree.kind(&folder)? {
            EntryKind::Folder => Ok(tree.list(&folder)),
            _ => Err(ErrorKind::NotADirectory.into()),
        }
    }

    fn entry(&self, path: &Path) -> io::Result<EntryKind> {
        self.tree().kind(&clean(path))
    }

    fn size_bytes(&self, path: &Path) -> io::Result<u64> {
        self.tree().bytes(&clean(path)).map(|bytes| bytes.len() as u64)
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        let path = clean(path);
        self.tree().kind(&path).map(|_| path)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.tree().bytes(&clean(path)).cloned()
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let (mut tree, path) = (self.tree(), clean(path));
        tree.can_be_file(&path)?;
        tree.put(&path, bytes);
        Ok(())
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let (mut tree, path) = (self.tree(), clean(path));
        if tree.files.contains_key(&path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        tree.no_file_above(&path)?;
        tree.put_folders(&path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (mut tree, from, to) = (self.tree(), clean(from), clean(to));
        let kind = tree.kind(&from)?;
        tree.parent_exists(&to)?;
        match (kind, tree.kind(&to)) {
            (EntryKind::Folder, _) if to.starts_with(&from) && to != from => {
                return Err(ErrorKind::InvalidInput.into());
            }
            (EntryKind::Folder, Ok(EntryKind::File)) => return Err(ErrorKind::NotADirectory.into()),
            (EntryKind::File, Ok(EntryKind::Folder)) => return Err(ErrorKind::IsADirectory.into()),
            (EntryKind::Folder, Ok(_)) if to != from && !tree.list(&to).is_empty() => {
                return Err(ErrorKind::DirectoryNotEmpty.into());
            }
            _ => {}
        }
        let moved = tree.take(&from);
        tree.files.remove(&to);
        tree.give(&to, moved);
        Ok(())
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        let (mut tree, one, other) = (self.tree(), clean(one), clean(other));
        tree.kind(&one)?;
        tree.kind(&other)?;
        if one.starts_with(&other) || other.starts_with(&one) {
            return Err(ErrorKind::InvalidInput.into());
        }
        let (of_one, of_other) = (tree.take(&one), tree.take(&other));
        tree.give(&one, of_other);
        tree.give(&other, of_one);
        Ok(())
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (mut tree, from, to) = (self.tree(), clean(from), clean(to));
        let bytes = tree.bytes(&from)?.clone();
        tree.parent_exists(&to)?;
        if tree.kind(&to).is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        tree.put(&to, &bytes);
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let (mut tree, path) = (self.tree(), clean(path));
        tree.bytes(&path)?;
        tree.files.remove(&path);
        Ok(())
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        let (mut tree, path) = (self.tree(), clean(path));
        if tree.kind(&path)? != EntryKind::Folder {
            return Err(ErrorKind::NotADirectory.into());
        }
        if !tree.list(&path).is_empty() {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        tree.folders.remove(&path);
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        let (mut tree, path) = (self.tree(), clean(path));
        tree.can_be_file(&path)?;
        if !tree.files.contains_key(&path) {
            tree.put(&path, b"");
        }
        let held = Arc::clone(&self.held);
        if !held.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone()) {
            return Err(ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(HeldPath { path, held }))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let (tree, path) = (self.tree(), clean(path));
        let size_bytes = tree.bytes(&path)?.len() as u64;
        let changed_ns = tree.changed.get(&path).copied().unwrap_or_default() * STEP_NS;
        Ok(Stamp { size_bytes, modified_ns: changed_ns, changed_ns, inode: 0 })
    }

    fn now_ns(&self) -> i64 {
        (self.tree().n_changes + 1) * STEP_NS
    }

    fn store(&self, path: &Path) -> io::Result<Box<dyn Store>> {
        let (mut tree, path) = (self.tree(), clean(path));
        tree.can_be_file(&path)?;
        if !tree.files.contains_key(&path) {
            tree.put(&path, b"");
        }
        Ok(Box::new(OpenFile { path, tree: Arc::clone(&self.tree) }))
    }
}

/// A file of the tree, by its path.
struct OpenFile {
    path: PathBuf,
    tree: Arc<Mutex<Tree>>,
}

impl OpenFile {
    fn tree(&self) -> MutexGuard<'_, Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for OpenFile {
    fn len_bytes(&self) -> io::Result<u64> {
        self.tree().bytes(&self.path).map(|bytes| bytes.len() as u64)
    }

    fn read_at(&self, offset: u64, n_bytes: usize) -> io::Result<Vec<u8>> {
        let tree = self.tree();
        let bytes = tree.bytes(&self.path)?;
        let range = usize::try_from(offset).ok().and_then(|start| Some(start..start.checked_add(n_bytes)?));
        let part = range.and_then(|range| bytes.get(range));
        part.map(<[u8]>::to_vec).ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }

    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut tree = self.tree();
        let file = tree.files.get_mut(&self.path).ok_or(ErrorKind::NotFound)?;
        let offset = file.len() as u64;
        file.extend_from_slice(bytes);
        tree.touch(&self.path);
        Ok(offset)
    }
}

/// A path that is locked until this is dropped.
struct HeldPath {
    path: PathBuf,
    held: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl Lock for HeldPath {}

impl Drop for HeldPath {
    fn drop(&mut self) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
    }
}

impl Tree {
    fn kind(&self, path: &Path) -> io::Result<EntryKind> {
        if self.files.contains_key(path) {
            return Ok(EntryKind::File);
        }
        match self.folders.contains(path) || path.parent().is_none() {
            true => Ok(EntryKind::Folder),
            false => {
                self.no_file_above(path)?;
                Err(ErrorKind::NotFound.into())
            }
        }
    }

    fn bytes(&self, path: &Path) -> io::Result<&Vec<u8>> {
        match (self.kind(path)?, self.files.get(path)) {
            (_, Some(bytes)) => Ok(bytes),
            _ => Err(ErrorKind::IsADirectory.into()),
        }
    }

    fn list(&self, folder: &Path) -> Vec<Entry> {
        let named = |path: &Path, kind, size_bytes| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            (path.parent() == Some(folder)).then_some(Entry { name, kind, size_bytes })
        };
        let below = |path: &&PathBuf| path.starts_with(folder);
        let files = self.files.range(folder.to_path_buf()..).take_while(|(path, _)| below(path));
        let files = files.filter_map(|(path, bytes)| named(path, EntryKind::File, bytes.len() as u64));
        let folders = self.folders.range(folder.to_path_buf()..).take_while(below);
        let folders = folders.filter_map(|path| named(path, EntryKind::Folder, 0));
        let mut entries: Vec<Entry> = files.chain(folders).collect();
        entries.sort();
        entries
    }

    fn put(&mut self, path: &Path, bytes: &[u8]) {
        if let Some(parent) = path.parent() {
            self.put_folders(parent);
        }
        self.files.insert(path.to_path_buf(), bytes.to_vec());
        self.touch(path);
    }

    fn touch(&mut self, path: &Path) {
        self.n_changes += 1;
        self.changed.insert(path.to_path_buf(), self.n_changes);
    }

    fn put_folders(&mut self, path: &Path) {
        for folder in path.ancestors() {
            if !self.folders.insert(folder.to_path_buf()) {
                break;
            }
        }
    }

    fn can_be_file(&self, path: &Path) -> io::Result<()> {
        if self.folders.contains(path) {
            return Err(ErrorKind::IsADirectory.into());
        }
        self.no_file_above(path)
    }

    fn no_file_above(&self, path: &Path) -> io::Result<()> {
        match path.ancestors().skip(1).any(|above| self.files.contains_key(above)) {
            true => Err(ErrorKind::NotADirectory.into()),
            false => Ok(()),
        }
    }

    fn parent_exists(&self, path: &Path) -> io::Result<()> {
        match path.parent().map(|parent| self.kind(parent)).transpose()? {
            Some(EntryKind::File) => Err(ErrorKind::NotADirectory.into()),
            _ => Ok(()),
        }
    }

    /// Takes out what lies at and below `path`, with paths relative to
    /// it.
    fn take(&mut self, path: &Path) -> Tree {
        let relative = |other: &Path| other.strip_prefix(path).map(Path::to_path_buf).ok();
        let files: Vec<PathBuf> = self.files.keys().filter(|file| file.starts_with(path)).cloned().collect();
        let mut taken = Tree::default();
        for file in files {
            if let (Some(bytes), Some(within)) = (self.files.remove(&file), relative(&file)) {
                taken.files.insert(within, bytes);
            }
        }
        taken.folders = self.folders.iter().filter_map(|folder| relative(folder)).collect();
        self.folders.retain(|folder| !folder.starts_with(path));
        taken
    }

    fn give(&mut self, path: &Path, given: Tree) {
        // Joining an empty path would add a slash at the end.
        let place = |within: PathBuf| match within.as_os_str().is_empty() {
            true => path.to_path_buf(),
            false => path.join(within),
        };
        self.folders.extend(given.folders.into_iter().map(place));
        for (within, bytes) in given.files {
            let path = place(within);
            self.touch(&path);
            self.files.insert(path, bytes);
        }
    }
}

/// Returns the path without `.` and `..`, by its letters.
fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                cleaned.pop();
            }
            part => cleaned.push(part),
        }
    }
    cleaned
}
