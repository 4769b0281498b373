//! The watcher says when something changed, never what: every change
//! leads to the same pipeline.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Config, ErrorKind, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

/// What to watch. Paths are absolute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watched {
    /// Folders with everything below them: sources, a theme's folder.
    pub folders: Vec<PathBuf>,
    /// Single files: `book.toml`, a home page, a logo.
    pub files: Vec<PathBuf>,
    /// Folders whose own entries matter, and nothing below: where a glob
    /// of `[[source]]` looks for repositories.
    pub parents: Vec<PathBuf>,
}

/// Editors save in several steps; a batch ends after this silence.
const QUIET: Duration = Duration::from_millis(60);
/// A batch ends after this time even if changes go on.
const LONGEST: Duration = Duration::from_millis(500);
/// How often files are looked at where the system sends no events.
const POLL_EVERY: Duration = Duration::from_secs(1);

type Message = notify::Result<Event>;

/// A running watch.
pub(super) struct Watch {
    watched: Watched,
    skip: Vec<PathBuf>,
    messages: Receiver<Message>,
    /// Stops when it is dropped.
    _watcher: Box<dyn Watcher>,
    /// Why files are polled, if they are.
    pub(super) polls_because: Option<String>,
}

/// Starts to watch. Nothing in the folders of `skip` counts.
pub(super) fn watch(watched: &Watched, skip: &[PathBuf]) -> Watch {
    let (sender, messages) = channel();
    let (watcher, polls_because) = match native(watched, sender.clone()) {
        Ok(watcher) => (watcher, None),
        Err(error) => (polling(watched, sender), Some(reason(&error))),
    };
    Watch { watched: watched.clone(), skip: skip.to_vec(), messages, _watcher: watcher, polls_because }
}

impl Watch {
    /// Waits for a batch of changes, at most for `patience`; returns some
    /// of the changed paths, sorted, or nothing.
    pub(super) fn changes(&self, patience: Duration) -> Vec<PathBuf> {
        let mut changes = match self.messages.recv_timeout(patience) {
            Ok(message) => self.relevant(message),
            Err(RecvTimeoutError::Timeout) => return Vec::new(),
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(patience);
                return Vec::new();
            }
        };
        if changes.is_empty() {
            return changes;
        }
        let end = Instant::now() + LONGEST;
        let mut quiet_until = Instant::now() + QUIET;
        loop {
            let now = Instant::now();
            let until = quiet_until.min(end);
            if now >= until {
                break;
            }
            if let Ok(message) = self.messages.recv_timeout(until - now) {
                let more = self.relevant(message);
                if !more.is_empty() {
                    quiet_until = Instant::now() + QUIET;
                    changes.extend(more);
                }
            }
        }
        changes.sort();
        changes.dedup();
        changes
    }

    /// Returns the paths of a message that count. An error counts: what
    /// was lost may have been a change.
    fn relevant(&self, message: Message) -> Vec<PathBuf> {
        let event = match message {
            Ok(event) => event,
            Err(error) => return error.paths.into_iter().chain([PathBuf::new()]).take(1).collect(),
        };
        if event.need_rescan() {
            return vec![PathBuf::new()];
        }
        let is_change = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
            EventKind::Access(_) => false,
            _ => true,
        };
        if !is_change {
            return Vec::new();
        }
        event.paths.into_iter().filter(|path| is_relevant(&self.watched, &self.skip, path)).collect()
    }
}

fn is_relevant(watched: &Watched, skip: &[PathBuf], path: &Path) -> bool {
    if watched.files.iter().any(|file| file == path) {
        return true;
    }
    if skip.iter().any(|folder| path.starts_with(folder)) || is_temporary(path) {
        return false;
    }
    if watched.parents.iter().any(|parent| path.parent() == Some(parent)) {
        return true;
    }
    let Some(within) = watched.folders.iter().find_map(|folder| path.strip_prefix(folder).ok()) else {
        return false;
    };
    let is_left_out = |part: Component<'_>| {
        matches!(part.as_os_str().to_str(), Some(".git" | ".hg" | ".svn" | "node_modules"))
    };
    !within.components().any(is_left_out)
}

/// Tells whether a file is an editor's own, and soon gone.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_swap = [".swp", ".swo", ".swx", ".swpx", "~", ".tmp"].iter().any(|end| name.ends_with(end));
    let is_lock = name.starts_with(".#") || (name.starts_with('#') && name.ends_with('#'));
    is_swap || is_lock || name == "4913" || name.contains("___jb_") || name == ".DS_Store"
}

fn config() -> Config {
    Config::default().with_follow_symlinks(false).with_poll_interval(POLL_EVERY)
}

fn native(watched: &Watched, sender: Sender<Message>) -> notify::Result<Box<dyn Watcher>> {
    let mut watcher = RecommendedWatcher::new(sender, config())?;
    add(&mut watcher, watched)?;
    Ok(Box::new(watcher))
}

fn polling(watched: &Watched, sender: Sender<Message>) -> Box<dyn Watcher> {
    let watcher = PollWatcher::new(sender.clone(), config());
    match watcher {
        Ok(mut watcher) => {
            // Whatever cannot be polled is not there.
            let _nothing_better_is_left = add(&mut watcher, watched);
            Box::new(watcher)
        }
        Err(_) => Box::new(notify::NullWatcher),
    }
}

fn add(watcher: &mut dyn Watcher, watched: &Watched) -> notify::Result<()> {
    let shallow = watched.files.iter().filter_map(|file| file.parent());
    let shallow = shallow.chain(watched.parents.iter().map(PathBuf::as_path));
    let mut shallow: Vec<&Path> = shallow.filter(|folder| !is_below_any(folder, &watched.folders)).collect();
    shallow.sort();
    shallow.dedup();
    let deep = watched.folders.iter().filter(|folder| !has_other_above(folder, &watched.folders));
    let all = shallow.into_iter().map(|folder| (folder, RecursiveMode::NonRecursive));
    for (folder, mode) in all.chain(deep.map(|folder| (folder.as_path(), RecursiveMode::Recursive))) {
        match watcher.watch(folder, mode) {
            Err(error) if is_absence(&error) => {}
            result => result?,
        }
    }
    Ok(())
}

fn is_absence(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::PathNotFound => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn is_below_any(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}

fn has_other_above(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| folder != path && path.starts_with(folder))
}

fn reason(error: &notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached; \
             `sysctl fs.inotify.max_user_watches=524288` raises it"
            .to_string(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched() -> (Watched, Vec<PathBuf>) {
        let watched = Watched {
            folders: vec!["/p/repos/a".into(), "/p/theme".into()],
            files: vec!["/p/book.toml".into()],
            parents: vec!["/p/repos".into()],
        };
        (watched, vec!["/p/repos/a/site".into()])
    }

    #[track_caller]
    fn check(path: &str, expected: bool) {
        let (watched, skip) = watched();
        assert_eq!(is_relevant(&watched, &skip, Path::new(path)), expected, "{path}");
    }

    #[test]
    fn only_sources_count() {
        check("/p/book.toml", true);
        check("/p/book.toml~", false);
        check("/p/other.toml", false);
        check("/p/repos/a/docs/index.md", true);
        check("/p/repos/a/site/index.html", false);
        check("/p/repos/a/.git/index", false);
        check("/p/repos/a/node_modules/x/README.md", false);
        check("/p/repos/new", true);
        check("/p/repos/new/deep", false);
        check("/elsewhere", false);
    }

    #[test]
    fn editors_files_do_not_count() {
        for name in ["4913", ".x.md.swp", "x.md~", ".#x.md", "#x.md#", "x.md___jb_tmp___"] {
            check(&format!("/p/repos/a/{name}"), false);
        }
        check("/p/repos/a/x.md", true);
    }

    #[test]
    fn a_change_on_disk_is_noticed_and_our_own_reading_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        let file = root.join("sub/page.md");
        let world = crate::base::disk::Disk;
        crate::base::world::World::write(&world, &file, b"1").unwrap();
        let watch = watch(&Watched { folders: vec![root], ..Watched::default() }, &[]);
        crate::base::world::World::read(&world, &file).unwrap();
        assert_eq!(watch.changes(Duration::from_millis(100)), Vec::<PathBuf>::new());
        crate::base::world::World::write(&world, &file, b"2").unwrap();
        let mut found = Vec::new();
        for _ in 0..50 {
            found = watch.changes(Duration::from_millis(100));
            if !found.is_empty() {
                break;
            }
        }
        assert!(found.iter().any(|path| path.ends_with("sub/page.md")), "{found:?}");
    }
}
