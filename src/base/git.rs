//! The history of a repository, asked of git in a clean room. What a
//! repository brings can name programs that git would run: in its
//! `config`, its hooks, its attributes. None of it is ever read: git
//! gets an empty folder of ours for a repository, and of the real one
//! its objects alone. Nothing is fetched, and no file of the work tree
//! is looked at.

use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many commits are asked for, the newest first.
const MAX_COMMITS: &str = "--max-count=500000";

/// Whose history is asked for.
#[derive(Debug, Clone, Copy)]
pub struct HistoryOf<'h> {
    /// The folder of git's objects.
    pub objects: &'h Path,
    /// The commit, in hexadecimal.
    pub head: &'h str,
    /// Only this folder counts, unless it is empty.
    pub folder: &'h str,
}

/// Calls `on_part` with every part of the history: `\x01<seconds>\x02
/// <author>` begins a commit, any other part is the path of a file that
/// it changed.
#[expect(clippy::disallowed_methods, reason = "the door to git; what it runs is fixed here")]
pub fn history(of: HistoryOf<'_>, on_part: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let is_commit = matches!(of.head.len(), 40 | 64) && of.head.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_commit {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a commit"));
    }
    let room = Room::new(of.head.len() == 64)?;
    let nothing = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let mut command = Command::new("git");
    command.env_clear();
    for name in ["PATH", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("GIT_DIR", &room.folder)
        .env("GIT_OBJECT_DIRECTORY", of.objects)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", nothing)
        .env("GIT_ATTR_NOSYSTEM", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .current_dir(&room.folder)
        .args(["--no-pager", "--literal-pathspecs", "log", "-z", "--name-only", MAX_COMMITS])
        .args(["--no-renames", "--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-notes"])
        .args(["--no-color", "--no-decorate", "--no-mailmap", "--format=%x01%at%x02%an", of.head, "--"])
        .args((!of.folder.is_empty()).then_some(of.folder))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn()?;
    let read = child.stdout.take().map_or(Ok(()), |out| parts(&mut BufReader::new(out), on_part));
    let status = child.wait()?;
    read?;
    match status.success() {
        true => Ok(()),
        false => Err(io::Error::other("git could not read the history")),
    }
}

fn parts(out: &mut dyn io::BufRead, on_part: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut part = Vec::new();
    while out.read_until(0, &mut part)? > 0 {
        let bytes = part.strip_suffix(b"\0").unwrap_or(&part);
        let bytes = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        if !bytes.is_empty() {
            on_part(bytes);
        }
        part.clear();
    }
    Ok(())
}

/// A repository of our own with nothing in it, removed when it is
/// dropped.
struct Room {
    folder: PathBuf,
}

impl Room {
    #[expect(clippy::disallowed_methods, reason = "the room lies outside of everything that is read")]
    fn new(is_sha256: bool) -> io::Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("callboard-git-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        // Whatever lies there is not ours, and so is an error.
        create_private(&folder)?;
        let room = Room { folder };
        std::fs::create_dir(room.folder.join("refs"))?;
        std::fs::create_dir(room.folder.join("objects"))?;
        std::fs::write(room.folder.join("HEAD"), "ref: refs/heads/none\n")?;
        let format = if is_sha256 { "[extensions]\n\tobjectFormat = sha256\n" } else { "" };
        let config = format!("[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n{format}");
        std::fs::write(room.folder.join("config"), config)?;
        Ok(room)
    }
}

impl Drop for Room {
    #[expect(clippy::disallowed_methods, reason = "only what `new` made is removed")]
    fn drop(&mut self) {
        for file in ["HEAD", "config"] {
            let _gone = std::fs::remove_file(self.folder.join(file));
        }
        for folder in ["refs", "objects", ""] {
            let _gone = std::fs::remove_dir(self.folder.join(folder));
        }
    }
}

#[cfg(unix)]
fn create_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "the room lies outside of everything that is read")]
fn create_private(folder: &Path) -> io::Result<()> {
    std::fs::create_dir(folder)
}
