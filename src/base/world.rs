//! The one door to the outside world. `disk` is the real one, `memory`
//! its twin for tests and for `serve`.

use std::io;
use std::path::{Path, PathBuf};

/// What lies at a path, without following a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    File,
    Folder,
    Link,
    /// A socket, a pipe, a device: never read.
    Other,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub name: String,
    pub kind: EntryKind,
}

/// How to walk a source.
#[derive(Debug, Clone, Default)]
pub struct WalkOptions {
    /// Patterns in gitignore's syntax, relative to the root.
    pub exclude: Vec<String>,
    /// Absolute folders that are never entered: output, cache, theme.
    pub skip: Vec<PathBuf>,
}

/// A file found by a walk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkedFile {
    /// Relative to the root of the walk, with `/` between the parts.
    pub path: String,
    pub size_bytes: u64,
}

/// Something that a walk could not read, or would not follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WalkProblem {
    /// Relative to the root of the walk; empty for the root itself.
    pub path: String,
    pub what: WalkTrouble,
}

/// Why an entry of a walk was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WalkTrouble {
    /// The operating system refused; its message.
    Unreadable(String),
    /// A link that leads out of the root, or nowhere.
    LinkLeavesRoot,
    /// A name that is not UTF-8.
    NameNotUtf8,
}

/// Everything that a walk found, sorted by path, by bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    pub files: Vec<WalkedFile>,
    pub problems: Vec<WalkProblem>,
}

/// A lock that is held until it is dropped.
pub trait Lock: Send {}

/// The outside world: a tree of files. All paths are absolute.
pub trait World: Send + Sync {
    /// Walks a folder. Ignore files (`.gitignore`, `.ignore`,
    /// `.callboardignore`) count from `root` down and never from its
    /// parents; hidden folders are entered but `.git` never is; links
    /// are never followed out of `root`.
    fn walk(&self, root: &Path, options: &WalkOptions) -> Walk;
    /// Returns the entries of a folder, sorted by name.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// Returns what lies at `path`, without following a link.
    fn entry(&self, path: &Path) -> io::Result<EntryKind>;
    /// Returns the path without links, `.` and `..`.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;
    /// Reads a whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Writes a whole file, creating the folders above it.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Creates a folder and those above it.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Moves a file or a folder; replaces a file at `to`.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Exchanges two folders in one step, where the system can.
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()>;
    /// Makes `to` a second name of the file `from`.
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder that is empty.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Takes the lock file at `path` without waiting; `WouldBlock` if
    /// another process holds it.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Lock>>;

    /// Tells whether anything lies at `path`.
    fn exists(&self, path: &Path) -> bool {
        self.entry(path).is_ok()
    }
    /// Tells whether a file lies at `path`, following links.
    fn is_file(&self, path: &Path) -> bool {
        self.real_path(path).and_then(|path| self.entry(&path)).is_ok_and(|kind| kind == EntryKind::File)
    }
    /// Tells whether a folder lies at `path`, following links.
    fn is_folder(&self, path: &Path) -> bool {
        self.real_path(path).and_then(|path| self.entry(&path)).is_ok_and(|kind| kind == EntryKind::Folder)
    }
}
