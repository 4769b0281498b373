//! The watcher says when something changed, never what: every change
//! leads to the same pipeline.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind};
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
/// How often files are read where the system sends no events. Reading
/// them is dear, but times of change are compared by the second, and a
/// later change in the same second would never show.
const POLL_EVERY: Duration = Duration::from_secs(2);

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

/// Changes that belong together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// Changed paths, sorted; an empty one stands for those that the
    /// system could not name.
    pub(super) paths: Vec<PathBuf>,
    /// Whether watching must begin anew to see everything: a folder has
    /// appeared, whose children may have come before its watch, or what
    /// is watched has itself come or gone.
    pub(super) is_incomplete: bool,
}

impl Watch {
    /// Waits for a batch of changes, at most for `patience`; an empty one
    /// says that nothing has changed.
    pub(super) fn changes(&self, patience: Duration) -> Batch {
        let mut batch = Batch::default();
        match self.messages.recv_timeout(patience) {
            Ok(message) => self.take(message, &mut batch),
            Err(RecvTimeoutError::Timeout) => {}
            // Without a watcher there is only waiting for a signal.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(patience),
        }
        let end = Instant::now() + LONGEST;
        let mut quiet_until = Instant::now() + QUIET;
        while !batch.paths.is_empty() {
            let now = Instant::now();
            let until = quiet_until.min(end);
            if now >= until {
                break;
            }
            if let Ok(message) = self.messages.recv_timeout(until - now) {
                let n_before = batch.paths.len();
                self.take(message, &mut batch);
                if batch.paths.len() > n_before {
                    quiet_until = Instant::now() + QUIET;
                }
            }
        }
        batch.paths.sort();
        batch.paths.dedup();
        batch
    }

    /// Adds what counts of a message. An error counts: what was lost may
    /// have been a change.
    fn take(&self, message: Message, batch: &mut Batch) {
        let event = match message {
            Ok(event) if !event.need_rescan() => event,
            // A file that cannot be read is met on every round.
            Err(_) if self.polls_because.is_some() => return,
            _ => {
                batch.paths.push(PathBuf::new());
                batch.is_incomplete = true;
                return;
            }
        };
        let is_change = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
            EventKind::Access(_) => false,
            _ => true,
        };
        if !is_change {
            return;
        }
        for path in event.paths {
            if is_relevant(&self.watched, &self.skip, &path) {
                let is_root = self.watched.folders.iter().any(|folder| folder.starts_with(&path));
                batch.is_incomplete |= is_root || event.kind == EventKind::Create(CreateKind::Folder);
                batch.paths.push(path);
            }
        }
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
    if watched.folders.iter().any(|folder| folder.starts_with(path)) {
        return true; // A source, or a folder above it, has come or gone.
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
    Config::default().with_follow_symlinks(false).with_poll_interval(POLL_EVERY).with_compare_contents(true)
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
        watch_nearest(watcher, folder, mode)?;
    }
    Ok(())
}

/// Watches a folder, or, where it is not there, the nearest one above
/// that is: there its coming shows.
fn watch_nearest(watcher: &mut dyn Watcher, folder: &Path, mode: RecursiveMode) -> notify::Result<()> {
    for above in folder.ancestors() {
        let mode = if above == folder { mode } else { RecursiveMode::NonRecursive };
        match watcher.watch(above, mode) {
            Err(error) if is_absence(&error) => {}
            result => return result,
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
    use crate::base::disk::Disk;
    use crate::base::world::World;

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
    fn polling_sees_changes_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("page.md");
        put(&file, "1");
        let watched = Watched { folders: vec![folder.path().to_path_buf()], ..Watched::default() };
        let (sender, messages) = channel();
        let watcher = polling(&watched, sender);
        let polls_because = Some("this test asks for it".to_string());
        let watch = Watch { watched, skip: Vec::new(), messages, _watcher: watcher, polls_because };
        put(&file, "two");
        expect(&watch, "page.md");
    }

    fn put(path: &Path, text: &str) {
        Disk.write(path, text.as_bytes()).unwrap();
    }

    /// Waits until a path with this end has changed.
    #[track_caller]
    fn expect(watch: &Watch, end: &str) -> Batch {
        for _ in 0..50 {
            let batch = watch.changes(Duration::from_millis(100));
            if batch.paths.iter().any(|path| path.ends_with(end)) {
                return batch;
            }
        }
        panic!("no change of `{end}` was noticed");
    }

    #[test]
    fn a_change_on_disk_is_noticed_and_our_own_reading_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        let file = root.join("sub/page.md");
        put(&file, "1");
        let watch = watch(&Watched { folders: vec![root], ..Watched::default() }, &[]);
        Disk.read(&file).unwrap();
        assert_eq!(watch.changes(Duration::from_millis(100)), Batch::default());
        put(&file, "2");
        assert!(!expect(&watch, "sub/page.md").is_incomplete);
    }

    #[test]
    fn a_source_that_comes_later_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repos/late");
        let watched = Watched { folders: vec![root.clone()], ..Watched::default() };
        let first = watch(&watched, &[]);
        put(&root.join("page.md"), "1");
        assert!(expect(&first, "repos").is_incomplete);
        let second = watch(&watched, &[]);
        put(&root.join("page.md"), "2");
        assert!(!expect(&second, "late/page.md").is_incomplete);
    }

    #[test]
    fn a_new_file_beside_a_watched_one_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("book.toml");
        put(&file, "1");
        let watch = watch(&Watched { files: vec![file.clone()], ..Watched::default() }, &[]);
        put(&folder.path().join("other.toml"), "1");
        assert_eq!(watch.changes(Duration::from_millis(200)), Batch::default());
        // As editors save: a new file takes the old one's name.
        put(&folder.path().join("book.toml.new"), "2");
        Disk.rename(&folder.path().join("book.toml.new"), &file).unwrap();
        expect(&watch, "book.toml");
    }
}
