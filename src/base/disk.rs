//! The real world: the only file that touches the disk.

#![expect(clippy::disallowed_methods, reason = "this is the door to the disk")]

use std::fs::{self, DirEntry, File, FileType, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use super::git::{self, HistoryOf};
use super::walk;
use super::world::{Entry, EntryKind, Lock, Stamp, Store, Walk, WalkOptions, World};

/// How often a lock that is removed under our hands is taken anew.
const N_LOCK_TRIES: usize = 16;

/// The files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl World for Disk {
    fn history(&self, of: HistoryOf<'_>, on_part: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        git::history(of, on_part)
    }

    fn walk(&self, root: &Path, options: &WalkOptions) -> Walk {
        walk::walk(self, root, options)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        list(folder, |entry| entry.metadata().map_or(0, |metadata| metadata.len()))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        list(folder, |_| 0)
    }

    fn entry(&self, path: &Path) -> io::Result<EntryKind> {
        Ok(kind(fs::symlink_metadata(path)?.file_type()))
    }

    fn size_bytes(&self, path: &Path) -> io::Result<u64> {
        Ok(fs::metadata(path)?.len())
    }

    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        open_replacing_link(path, &options)?.write_all(bytes)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        exchange(one, other)
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        // Another process may remove the file between our opening and our
        // locking it; then what we hold is nobody's lock.
        for _ in 0..N_LOCK_TRIES {
            let file = with_parents(path, || open_here(path, &options))?;
            match file.try_lock() {
                Ok(()) if lies_at(&file, path) => return Ok(Box::new(HeldFile { _file: file })),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let metadata = fs::metadata(path)?;
        let (changed_ns, inode) = identity(&metadata);
        let modified_ns = nanoseconds(metadata.modified()?);
        Ok(Stamp { size_bytes: metadata.len(), modified_ns, changed_ns, inode })
    }

    fn now_ns(&self) -> i64 {
        nanoseconds(SystemTime::now())
    }

    fn store(&self, path: &Path) -> io::Result<Box<dyn Store>> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let file = open_replacing_link(path, &options)?;
        let end = AtomicU64::new(file.metadata()?.len());
        Ok(Box::new(OpenFile { file, end }))
    }
}

fn list(folder: &Path, size_bytes: impl Fn(&DirEntry) -> u64) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // An entry that is gone by now is none.
        let Ok(file_type) = entry.file_type() else { continue };
        let kind = kind(file_type);
        let size_bytes = if kind == EntryKind::File { size_bytes(&entry) } else { 0 };
        entries.push(match entry.file_name().into_string() {
            Ok(name) => Entry { name, kind, size_bytes },
            Err(name) => Entry {
                name: name.to_string_lossy().into_owned(),
                kind: EntryKind::Unnameable,
                size_bytes: 0,
            },
        });
    }
    entries.sort();
    Ok(entries)
}

fn nanoseconds(time: SystemTime) -> i64 {
    let whole = |duration: Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => whole(after),
        Err(before) => -whole(before.duration()),
    }
}

#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    let changed_ns = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
    (changed_ns, metadata.ino())
}

#[cfg(not(unix))]
fn identity(_metadata: &fs::Metadata) -> (i64, u64) {
    (0, 0)
}

/// A file that threads read and add to at the same time.
struct OpenFile {
    file: File,
    /// Where the next bytes are added.
    end: AtomicU64,
}

impl Store for OpenFile {
    fn len_bytes(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_at(&self, offset: u64, n_bytes: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; n_bytes];
        read_exact_at(&self.file, &mut bytes, offset)?;
        Ok(bytes)
    }

    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let offset = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        write_all_at(&self.file, bytes, offset)?;
        Ok(offset)
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(unix)]
fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n_bytes => (bytes, offset) = (&mut bytes[n_bytes..], offset + n_bytes as u64),
        }
    }
    Ok(())
}

#[cfg(windows)]
fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_write(file, bytes, offset)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            n_bytes => (bytes, offset) = (&bytes[n_bytes..], offset + n_bytes as u64),
        }
    }
    Ok(())
}

/// A file that is locked until it is closed.
struct HeldFile {
    _file: File,
}

impl Lock for HeldFile {}

/// Does `action`, and once more with the folders above `path` in place
/// if they were what it lacked: asking first would cost every write.
fn with_parents<T>(path: &Path, action: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match (action(), path.parent()) {
        (Err(error), Some(parent)) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(parent)?;
            action()
        }
        (result, _) => result,
    }
}

/// Opens a file to write to it, with the folders above it; a link at its
/// place, which could lead anywhere, gives way to a new file.
fn open_replacing_link(path: &Path, options: &OpenOptions) -> io::Result<File> {
    let opened = with_parents(path, || open_here(path, options));
    let is_absent = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    if opened.is_ok() || opened.as_ref().is_err_and(is_absent) || !is_link(path) {
        return opened;
    }
    remove_link(path)?;
    options.clone().create_new(true).open(path)
}

/// Opens a file, but no link to one.
#[cfg(unix)]
fn open_here(path: &Path, options: &OpenOptions) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let no_follow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    options.clone().custom_flags(no_follow).open(path).map_err(|error| {
        // Where nothing is, there is no link either.
        match error.kind() != io::ErrorKind::NotFound && is_link(path) {
            true => io::Error::new(error.kind(), "it is a link"),
            false => error,
        }
    })
}

#[cfg(not(unix))]
fn open_here(path: &Path, options: &OpenOptions) -> io::Result<File> {
    match is_link(path) {
        true => Err(io::Error::other("it is a link")),
        false => options.open(path),
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_symlink())
}

fn remove_link(path: &Path) -> io::Result<()> {
    // Elsewhere than on Unix, a link to a folder is a folder to remove.
    fs::remove_file(path).or_else(|error| if cfg!(unix) { Err(error) } else { fs::remove_dir(path) })
}

/// Tells whether it is this file that lies at a path.
#[cfg(unix)]
fn lies_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(there)) => identity(held) == identity(there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn lies_at(_file: &File, path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn kind(file_type: FileType) -> EntryKind {
    if file_type.is_symlink() {
        EntryKind::Link
    } else if file_type.is_dir() {
        EntryKind::Folder
    } else if file_type.is_file() {
        EntryKind::File
    } else {
        EntryKind::Other
    }
}

#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Names the kind of file system at a path if files there may change
/// without an event: where another machine writes to it.
#[cfg(target_os = "linux")]
pub fn eventless(path: &Path) -> Option<&'static str> {
    // The numbers are those of `statfs(2)`.
    match rustix::fs::statfs(path).ok()?.f_type as u32 {
        0x6969 => Some("NFS"),
        0x517b | 0xfe53_4d42 | 0xff53_4d42 => Some("SMB"),
        0x0102_1997 => Some("9P, as WSL has it"),
        0x6573_5546 => Some("FUSE"),
        0x786f_4256 => Some("a folder of VirtualBox"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        _ => None,
    }
}

#[cfg(not(target_os = "linux"))]
pub fn eventless(_path: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::base::world::{WalkProblem, WalkTrouble};

    /// Walks the folder `repo` of a new folder that `fill` has filled.
    fn walked(fill: fn(&Path)) -> Walk {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("repo")).unwrap();
        fill(folder.path());
        let skip = vec![folder.path().join("repo/site")];
        Disk.walk(&folder.path().join("repo"), &WalkOptions { exclude: Vec::new(), skip })
    }

    fn paths(walk: &Walk) -> Vec<&str> {
        walk.files.iter().map(|file| &*file.path).collect()
    }

    fn leaves(path: &str) -> WalkProblem {
        WalkProblem { path: path.to_string(), what: WalkTrouble::LinkLeavesRoot }
    }

    #[test]
    fn a_link_to_a_file_of_the_root_is_that_file() {
        let walk = walked(|top| {
            fs::write(top.join("repo/README.md"), "hello").unwrap();
            symlink("README.md", top.join("repo/index.md")).unwrap();
            symlink("index.md", top.join("repo/twice.md")).unwrap();
        });
        assert_eq!(paths(&walk), ["README.md", "index.md", "twice.md"]);
        assert!(walk.files.iter().all(|file| file.size_bytes == 5));
        assert_eq!(walk.problems, []);
    }

    #[test]
    fn a_link_that_leaves_the_root_is_a_problem() {
        let walk = walked(|top| {
            fs::write(top.join("secret"), "").unwrap();
            symlink("../secret", top.join("repo/a")).unwrap();
            symlink("/etc/passwd", top.join("repo/b")).unwrap();
            symlink("none", top.join("repo/c")).unwrap();
            symlink("d", top.join("repo/d")).unwrap();
            symlink("..", top.join("repo/e")).unwrap();
            fs::create_dir_all(top.join("repo/.git")).unwrap();
            fs::write(top.join("repo/.git/config"), "").unwrap();
            symlink(".git/config", top.join("repo/f")).unwrap();
            symlink("../repo-2/file", top.join("repo/g")).unwrap();
            fs::create_dir_all(top.join("repo-2")).unwrap();
            fs::write(top.join("repo-2/file"), "").unwrap();
        });
        assert_eq!(paths(&walk), [""; 0]);
        assert_eq!(walk.problems, ["a", "b", "c", "d", "e", "f", "g"].map(leaves));
    }

    #[test]
    fn a_folder_behind_a_link_is_not_walked_twice() {
        let walk = walked(|top| {
            fs::create_dir_all(top.join("repo/docs")).unwrap();
            fs::write(top.join("repo/docs/index.md"), "").unwrap();
            symlink("docs", top.join("repo/wiki")).unwrap();
            symlink("..", top.join("repo/docs/loop")).unwrap();
        });
        assert_eq!(paths(&walk), ["docs/index.md"]);
        assert_eq!(walk.problems, []);
    }

    #[test]
    fn a_link_into_a_skipped_folder_is_left_out() {
        let walk = walked(|top| {
            fs::create_dir_all(top.join("repo/site")).unwrap();
            fs::write(top.join("repo/site/index.html"), "").unwrap();
            symlink("site/index.html", top.join("repo/old.html")).unwrap();
        });
        assert_eq!(walk, Walk::default());
    }

    #[test]
    fn a_root_behind_a_link_is_walked() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        fs::write(folder.path().join("real/x"), "").unwrap();
        symlink("x", folder.path().join("real/y")).unwrap();
        symlink("real", folder.path().join("link")).unwrap();
        let walk = Disk.walk(&folder.path().join("link"), &WalkOptions::default());
        assert_eq!(paths(&walk), ["x", "y"]);
    }

    #[test]
    fn an_ignore_file_that_is_a_link_is_never_read() {
        let walk = walked(|top| {
            symlink("/dev/zero", top.join("repo/.gitignore")).unwrap();
            fs::write(top.join("repo/x"), "").unwrap();
        });
        assert_eq!(paths(&walk), ["x"]);
        assert_eq!(walk.problems, [leaves(".gitignore")]);
    }

    #[test]
    fn a_huge_ignore_file_is_a_problem() {
        let walk = walked(|top| fs::write(top.join("repo/.gitignore"), "x\n".repeat(200_000)).unwrap());
        assert_eq!(paths(&walk), [".gitignore"]);
        assert!(matches!(&walk.problems[..], [WalkProblem { path, .. }] if path == ".gitignore"));
    }

    #[test]
    fn a_link_is_never_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
        for target in [&victim, &folder.path().join("none"), &folder.path().join("link")] {
            let relink = || {
                let _absent = fs::remove_file(&link);
                fs::write(&victim, "theirs").unwrap();
                symlink(target, &link).unwrap();
            };
            relink();
            Disk.write(&link, b"ours").unwrap();
            assert_eq!(
                (fs::read(&link).unwrap(), Disk.entry(&link).unwrap()),
                (b"ours".into(), EntryKind::File)
            );
            relink();
            assert_eq!(Disk.store(&link).unwrap().append(b"ours").unwrap(), 0);
            assert_eq!(
                (fs::read(&link).unwrap(), Disk.entry(&link).unwrap()),
                (b"ours".into(), EntryKind::File)
            );
            relink();
            assert!(Disk.lock(&link).is_err());
            assert_eq!(fs::read(&victim).unwrap(), b"theirs");
            assert!(!folder.path().join("none").exists());
        }
    }

    #[test]
    fn special_files_are_left_out() {
        let walk = walked(|top| {
            std::os::unix::net::UnixListener::bind(top.join("repo/socket")).unwrap();
        });
        assert_eq!(walk, Walk::default());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_that_is_not_utf8_is_a_problem() {
        use std::os::unix::ffi::OsStrExt;

        let walk = walked(|top| {
            let name = std::ffi::OsStr::from_bytes(b"b\xe4d.md");
            fs::write(top.join("repo").join(name), "").unwrap();
            fs::write(top.join("repo/ok.md"), "").unwrap();
        });
        assert_eq!(paths(&walk), ["ok.md"]);
        let path = "b\u{fffd}d.md".to_string();
        assert_eq!(walk.problems, [WalkProblem { path, what: WalkTrouble::NameNotUtf8 }]);
    }
}
