//! The one door to the outside world. `disk` is the real one, `memory`
//! its twin for tests and for `serve`.

use std::io;
use std::path::{Path, PathBuf};

use super::git::HistoryOf;

/// What lies at a path, without following a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    File,
    Folder,
    Link,
    /// A socket, a pipe, a device: never read.
    Other,
    /// Anything whose name is not UTF-8: [`Entry::name`] only shows it.
    Unnameable,
}

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub name: String,
    pub kind: EntryKind,
    /// The size of a file; 0 for anything else.
    pub size_bytes: u64,
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
    /// Those of the files that are links: what they hold may change
    /// where nothing happens to them.
    pub links: Vec<String>,
    pub problems: Vec<WalkProblem>,
}

/// A lock that is held until it is dropped.
pub trait Lock: Send {}

/// What tells one state of a file from the next without reading it. A
/// restored copy has another one, even at the same place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, bitcode::Encode, bitcode::Decode)]
pub struct Stamp {
    pub size_bytes: u64,
    /// When its content changed last, in nanoseconds of the system's
    /// clock, as the next ones.
    pub modified_ns: i64,
    /// When anything of it changed last, where the system knows that.
    pub changed_ns: i64,
    /// Its number in the file system, where it has one.
    pub inode: u64,
}

impl Stamp {
    /// Tells whether the file would have another stamp if it changed
    /// once more at `now_ns` or later: git's rule for racy entries.
    /// Clocks of file systems tick every few milliseconds, and some know
    /// whole seconds only.
    pub fn is_settled(&self, now_ns: i64) -> bool {
        const TICK_NS: i64 = 20_000_000;
        const COARSE_NS: i64 = 2_000_000_000;
        let last = self.modified_ns.max(self.changed_ns);
        let tick = if self.modified_ns % 1_000_000_000 == 0 { COARSE_NS } else { TICK_NS };
        last.saturating_add(tick) < now_ns
    }
}

/// A file that grows at its end and is read anywhere.
pub trait Store: Send + Sync {
    /// Returns how long the file is.
    fn len_bytes(&self) -> io::Result<u64>;
    /// Reads so many bytes from an offset.
    fn read_at(&self, offset: u64, n_bytes: usize) -> io::Result<Vec<u8>>;
    /// Adds bytes at the end and returns where they begin.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;
}

/// The outside world: a tree of files. All paths are absolute.
pub trait World: Send + Sync {
    /// Walks a folder. Ignore files (`.gitignore`, `.ignore`,
    /// `.callboardignore`) count from `root` down and never from its
    /// parents; hidden folders are entered but `.git` never is; links
    /// are never followed out of `root`. [`walk`](super::walk::walk)
    /// does it over the other methods, alike in every world.
    fn walk(&self, root: &Path, options: &WalkOptions) -> Walk;
    /// Returns the entries of a folder, sorted by name.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// Like [`list`](World::list), where nobody asks for sizes: all are 0.
    fn names(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.list(folder)?;
        entries.iter_mut().for_each(|entry| entry.size_bytes = 0);
        Ok(entries)
    }
    /// Returns what lies at `path`, without following a link.
    fn entry(&self, path: &Path) -> io::Result<EntryKind>;
    /// Returns the size of a file, following links.
    fn size_bytes(&self, path: &Path) -> io::Result<u64>;
    /// Returns the path without links, `.` and `..`.
    fn real_path(&self, path: &Path) -> io::Result<PathBuf>;
    /// Reads a whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Writes a whole file, creating the folders above it. A link at its
    /// place is replaced, never followed.
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
    /// another process holds it. A link is an error.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Lock>>;

    /// Returns the stamp of a file, following links.
    fn stamp(&self, path: &Path) -> io::Result<Stamp>;
    /// Returns the clock that stamps are made with, as far as it is
    /// known. It shows in nothing but the cache.
    fn now_ns(&self) -> i64;
    /// Opens a file to read from it anywhere and to add to its end; it is
    /// created, with the folders above it, if it is not there. A link at
    /// its place is replaced, never followed.
    fn store(&self, path: &Path) -> io::Result<Box<dyn Store>>;

    /// Reads the history of a repository, as far as there is a git to
    /// ask.
    fn history(&self, of: HistoryOf<'_>, on_part: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let (_, _) = (of, on_part);
        Err(io::ErrorKind::Unsupported.into())
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::disk::Disk;
    use crate::base::memory::Memory;

    /// Runs the same check in both worlds, each in an empty folder.
    #[track_caller]
    fn check(script: fn(&dyn World, &Path)) {
        let memory = Memory::new(&[]);
        memory.create_folder(Path::new("/portal")).unwrap();
        script(&memory, Path::new("/portal"));
        let folder = tempfile::tempdir().unwrap();
        script(&Disk, &Disk.real_path(folder.path()).unwrap());
    }

    fn put(world: &dyn World, root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            world.write(&root.join(path), text.as_bytes()).unwrap();
        }
    }

    fn listed(world: &dyn World, folder: &Path) -> String {
        let entries = world.list(folder).unwrap();
        let lines =
            entries.iter().map(|entry| format!("{} {:?} {}", entry.name, entry.kind, entry.size_bytes));
        lines.collect::<Vec<_>>().join(", ")
    }

    fn walked(world: &dyn World, root: &Path, options: &WalkOptions) -> String {
        let walk = world.walk(root, options);
        assert_eq!(walk.problems, []);
        walk.files.iter().map(|file| &*file.path).collect::<Vec<_>>().join(" ")
    }

    fn kind_of<T>(result: io::Result<T>) -> io::ErrorKind {
        result.map(|_| ()).unwrap_err().kind()
    }

    #[test]
    fn writing_creates_the_folders_above() {
        check(|world, root| {
            put(world, root, &[("a/b/c.md", "one"), ("a/b/c.md", "four"), ("a-b", "")]);
            assert_eq!(listed(world, root), "a Folder 0, a-b File 0");
            assert_eq!(listed(world, &root.join("a/b")), "c.md File 4");
            assert_eq!(world.read(&root.join("a/b/c.md")).unwrap(), b"four");
            assert_eq!(world.size_bytes(&root.join("a/b/c.md")).unwrap(), 4);
            assert!(world.is_file(&root.join("a/../a-b")) && world.is_folder(&root.join("a/./b")));
            assert!(!world.exists(&root.join("b")));
            assert_eq!(world.real_path(&root.join("a/b/../../a-b")).unwrap(), root.join("a-b"));
        });
    }

    #[test]
    fn errors_have_the_same_kind() {
        check(|world, root| {
            put(world, root, &[("file", "x"), ("folder/file", "x")]);
            let (file, folder) = (root.join("file"), root.join("folder"));
            assert_eq!(kind_of(world.read(&root.join("none"))), io::ErrorKind::NotFound);
            assert_eq!(kind_of(world.read(&folder)), io::ErrorKind::IsADirectory);
            assert_eq!(kind_of(world.list(&file)), io::ErrorKind::NotADirectory);
            assert_eq!(kind_of(world.list(&root.join("none"))), io::ErrorKind::NotFound);
            assert_eq!(kind_of(world.write(&folder, b"")), io::ErrorKind::IsADirectory);
            assert_eq!(kind_of(world.write(&file.join("x"), b"")), io::ErrorKind::NotADirectory);
            assert_eq!(kind_of(world.remove_folder(&folder)), io::ErrorKind::DirectoryNotEmpty);
            assert_eq!(kind_of(world.remove_file(&root.join("none"))), io::ErrorKind::NotFound);
            assert_eq!(kind_of(world.create_folder(&file)), io::ErrorKind::AlreadyExists);
            assert_eq!(kind_of(world.hard_link(&file, &folder.join("file"))), io::ErrorKind::AlreadyExists);
            assert_eq!(kind_of(world.rename(&file, &root.join("none/file"))), io::ErrorKind::NotFound);
            assert_eq!(kind_of(world.rename(&root.join("none"), &file)), io::ErrorKind::NotFound);
        });
    }

    #[test]
    fn files_and_folders_move() {
        check(|world, root| {
            put(world, root, &[("a/x", "x"), ("a/sub/y", "y"), ("z", "z"), ("old", "old")]);
            world.rename(&root.join("a"), &root.join("b")).unwrap();
            world.rename(&root.join("z"), &root.join("old")).unwrap();
            assert_eq!(listed(world, root), "b Folder 0, old File 1");
            assert_eq!(world.read(&root.join("b/sub/y")).unwrap(), b"y");
            assert_eq!(world.read(&root.join("old")).unwrap(), b"z");
            world.remove_file(&root.join("b/sub/y")).unwrap();
            assert_eq!(listed(world, &root.join("b")), "sub Folder 0, x File 1");
            world.remove_folder(&root.join("b/sub")).unwrap();
            world.hard_link(&root.join("old"), &root.join("b/linked")).unwrap();
            assert_eq!(listed(world, &root.join("b")), "linked File 1, x File 1");
        });
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn folders_change_places() {
        check(|world, root| {
            put(world, root, &[("old/x", "1"), ("new/y/z", "2")]);
            world.exchange(&root.join("old"), &root.join("new")).unwrap();
            assert_eq!(listed(world, &root.join("new")), "x File 1");
            assert_eq!(world.read(&root.join("old/y/z")).unwrap(), b"2");
            assert_eq!(
                kind_of(world.exchange(&root.join("old"), &root.join("none"))),
                io::ErrorKind::NotFound
            );
        });
    }

    #[test]
    fn a_lock_is_held_once() {
        check(|world, root| {
            let path = root.join("site/.lock");
            let held = world.lock(&path).unwrap();
            assert_eq!(kind_of(world.lock(&path)), io::ErrorKind::WouldBlock);
            drop(held);
            assert!(world.lock(&path).is_ok());
            assert!(world.is_file(&path));
        });
    }

    #[test]
    fn a_walk_is_sorted_by_bytes_and_enters_hidden_folders_but_git() {
        check(|world, root| {
            put(
                world,
                root,
                &[("b/x", ""), ("b-x", ""), (".github/y", ""), (".git/config", ""), ("a/.Git", "")],
            );
            assert_eq!(walked(world, root, &WalkOptions::default()), ".github/y b-x b/x");
        });
    }

    #[test]
    fn ignore_files_count_from_the_root_down() {
        check(|world, root| {
            put(
                world,
                root,
                &[(".gitignore", "*.md"), ("r/.gitignore", "build/\n/top\n*.log"), ("r/one.md", "")],
            );
            put(world, root, &[("r/build/x", ""), ("r/top", ""), ("r/sub/top", ""), ("r/a.log", "")]);
            put(
                world,
                root,
                &[("r/sub/.gitignore", "!kept.log\n"), ("r/sub/kept.log", ""), ("r/sub/b.log", "")],
            );
            put(
                world,
                root,
                &[("r/.callboardignore", "!a.log\nsecret"), ("r/sub/secret", ""), ("r/.ignore", "i")],
            );
            put(world, root, &[("r/i", "")]);
            assert_eq!(
                walked(world, &root.join("r"), &WalkOptions::default()),
                ".callboardignore .gitignore .ignore a.log one.md sub/.gitignore sub/kept.log sub/top"
            );
        });
    }

    #[test]
    fn excluded_and_skipped_folders_are_never_entered() {
        check(|world, root| {
            put(
                world,
                root,
                &[("fixtures/x", ""), ("a/fixtures/x", ""), ("a/y.bak", ""), ("site/i", ""), ("a/s", "")],
            );
            let options = WalkOptions {
                exclude: vec!["/fixtures/".into(), "*.bak".into()],
                skip: vec![root.join("a/../site"), root.join("none")],
            };
            assert_eq!(walked(world, root, &options), "a/fixtures/x a/s");
        });
    }

    #[test]
    fn a_root_that_cannot_be_read_is_a_problem() {
        check(|world, root| {
            let walk = world.walk(&root.join("none"), &WalkOptions::default());
            assert!(matches!(
                &walk.problems[..],
                [WalkProblem { path, what: WalkTrouble::Unreadable(_) }] if path.is_empty()
            ));
        });
    }
}
