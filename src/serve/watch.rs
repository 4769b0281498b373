//! The watcher says when something changed, never what: every change
//! leads to the same pipeline.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RemoveKind};
use notify::{
    Config, ErrorKind, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher, WatcherKind,
};

use crate::base::disk::{self, Disk};
use crate::base::ignored::Ignored;
use crate::base::world::{EntryKind, World};

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

/// Editors save in several steps; a batch ends after this silence. It
/// is part of the time from a save to the page.
const QUIET: Duration = Duration::from_millis(10);
/// A batch ends after this time even if changes go on.
const LONGEST: Duration = Duration::from_millis(500);
/// More files than these at once are a checkout or a search and replace,
/// which has pauses and should be built once.
const MANY_PATHS: usize = 50;
const QUIET_OF_MANY: Duration = Duration::from_millis(150);
const LONGEST_OF_MANY: Duration = Duration::from_secs(2);
/// How long an empty file is waited for: it has been truncated, and is
/// about to be written.
const EMPTY: Duration = Duration::from_millis(100);
/// How often files are read where the system sends no events. Reading
/// them is dear, but times of change are compared by the second, and a
/// later change in the same second would never show.
const POLL_EVERY: Duration = Duration::from_secs(2);

/// How often a folder that comes and goes is tried.
const MAX_TRIES: usize = 10;

type Message = notify::Result<Event>;

/// A running watch.
pub(super) struct Watch {
    watched: Watched,
    skip: Vec<PathBuf>,
    messages: Receiver<Message>,
    /// Stops when it is dropped.
    watcher: Box<dyn Watcher>,
    /// Why files are polled, if they are.
    pub(super) polls_because: Option<String>,
}

/// Starts to watch. Nothing in the folders of `skip` counts, but for
/// what is watched inside of them.
pub(super) fn watch(watched: &Watched, skip: &[PathBuf]) -> Watch {
    let (sender, messages) = channel();
    let far = watched.folders.iter().find_map(|folder| disk::eventless(folder));
    let started = match far {
        Some(kind) => Err(format!("changes on {kind} may come without an event")),
        None => native(watched, sender.clone()).map_err(|error| reason(&error)),
    };
    let (watcher, polls_because) = match started {
        Ok(watcher) => (watcher, None),
        Err(because) => (polling(watched, sender), Some(because)),
    };
    Watch { watched: watched.clone(), skip: skip.to_vec(), messages, watcher, polls_because }
}

/// Changes that belong together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// Changed paths, sorted; an empty one stands for those that the
    /// system could not name.
    pub(super) paths: Vec<PathBuf>,
    /// Whether watching must begin anew to see everything: what is
    /// watched has itself come or gone, or something was lost.
    pub(super) is_incomplete: bool,
}

/// A batch while it comes in.
#[derive(Default)]
struct Gathering {
    paths: BTreeSet<PathBuf>,
    is_incomplete: bool,
    /// What may be a new folder.
    appeared: BTreeSet<PathBuf>,
    /// The ignore files of each watched folder.
    ignored: BTreeMap<PathBuf, Ignored<'static>>,
}

impl Watch {
    /// Waits for a batch of changes, at most for `patience`; an empty one
    /// says that nothing has changed.
    pub(super) fn changes(&mut self, patience: Duration) -> Batch {
        let mut gathering = Gathering::default();
        let end_of_patience = Instant::now() + patience;
        let (mut first, mut last) = (None, Instant::now());
        let mut empty_since = None;
        loop {
            let now = Instant::now();
            let (quiet, longest) = match gathering.paths.len() > MANY_PATHS {
                true => (QUIET_OF_MANY, LONGEST_OF_MANY),
                false => (QUIET, LONGEST),
            };
            let end = first.map_or(end_of_patience, |first| (last + quiet).min(first + longest));
            let left = end.checked_duration_since(now).filter(|left| !left.is_zero());
            let message = match left {
                Some(left) => self.messages.recv_timeout(left),
                // Even without patience, what is there is taken.
                None => self.messages.try_recv().map_err(|_| RecvTimeoutError::Timeout),
            };
            match message {
                Ok(message) => {
                    if self.take(message, &mut gathering) {
                        last = Instant::now();
                        first.get_or_insert(last);
                    }
                }
                Err(RecvTimeoutError::Timeout) if gathering.has_empty_file() => {
                    let since = *empty_since.get_or_insert(now);
                    if now >= since + EMPTY {
                        break;
                    }
                    (last, first) = (now, Some(now));
                }
                Err(RecvTimeoutError::Timeout) => break,
                // Without a watcher there is only waiting for a signal.
                Err(RecvTimeoutError::Disconnected) => {
                    std::thread::sleep(patience);
                    break;
                }
            }
        }
        self.arm(&mut gathering);
        Batch { paths: gathering.paths.into_iter().collect(), is_incomplete: gathering.is_incomplete }
    }

    /// Adds what counts of a message, and tells whether anything does. An
    /// error counts: what was lost may have been a change.
    fn take(&self, message: Message, gathering: &mut Gathering) -> bool {
        let event = match message {
            Ok(event) if !event.need_rescan() => event,
            // A file that cannot be read is met on every round.
            Err(_) if self.polls_because.is_some() => return false,
            _ => {
                gathering.paths.insert(PathBuf::new());
                gathering.is_incomplete = true;
                return true;
            }
        };
        let is_change = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
            EventKind::Access(_) => false,
            _ => true,
        };
        if !is_change {
            return false;
        }
        let mut counts = false;
        for path in event.paths {
            let may_be_folder = may_be_folder(&event.kind);
            if gathering.paths.contains(&path) && !may_be_folder {
                counts = true;
                continue;
            }
            if !is_relevant(&self.watched, &self.skip, &path, &event.kind)
                || gathering.is_ignored(&self.watched, &path, &event.kind)
            {
                continue;
            }
            counts = true;
            gathering.is_incomplete |= self.watched.folders.iter().any(|folder| folder.starts_with(&path));
            if may_be_folder && is_below_any(&path, &self.watched.folders) {
                gathering.appeared.insert(path.clone());
            }
            gathering.paths.insert(path);
        }
        counts
    }

    /// Watches new folders before anybody reads them. The library does
    /// so too, but later, and what comes into a folder in between has
    /// neither an event nor a reader.
    fn arm(&mut self, gathering: &mut Gathering) {
        let is_by_folder = matches!(RecommendedWatcher::kind(), WatcherKind::Inotify | WatcherKind::Kqueue);
        if !is_by_folder || self.polls_because.is_some() || gathering.is_incomplete {
            return; // Watched as a whole, or all of it anew.
        }
        for path in &gathering.appeared {
            if !matches!(Disk.entry(path), Ok(EntryKind::Folder)) {
                continue;
            }
            match self.watcher.watch(path, RecursiveMode::Recursive) {
                Err(error) if !is_absence(&error) => gathering.is_incomplete = true,
                _ => {}
            }
        }
    }
}

/// Tells whether an event may say that a folder has appeared.
fn may_be_folder(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(CreateKind::Folder | CreateKind::Any) | EventKind::Modify(ModifyKind::Name(_))
    )
}

impl Gathering {
    /// Tells whether a file that has changed is empty now.
    fn has_empty_file(&self) -> bool {
        let is_empty = |path: &PathBuf| {
            matches!(Disk.entry(path), Ok(EntryKind::File)) && matches!(Disk.size_bytes(path), Ok(0))
        };
        self.paths.len() <= MANY_PATHS && self.paths.iter().any(is_empty)
    }

    /// Tells whether an ignore file leaves a path out of every build.
    fn is_ignored(&mut self, watched: &Watched, path: &Path, kind: &EventKind) -> bool {
        if watched.files.iter().any(|file| file == path) {
            return false;
        }
        let Some(folder) = deepest(&watched.folders, path) else { return false };
        let within = path.strip_prefix(folder).ok().and_then(Path::to_str).unwrap_or_default();
        if within.is_empty() {
            return false;
        }
        if within.ends_with("ignore") {
            // What it says from now on is not known yet.
            self.ignored.clear();
            return false;
        }
        let is_folder = match kind {
            EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder) => true,
            EventKind::Remove(_) => false,
            _ => matches!(Disk.entry(path), Ok(EntryKind::Folder)),
        };
        let within = within.replace(std::path::MAIN_SEPARATOR, "/");
        let ignored = self.ignored.entry(folder.to_path_buf()).or_insert_with(|| Ignored::new(&Disk, folder));
        ignored.leaves_out(&within, is_folder)
    }
}

fn is_relevant(watched: &Watched, skip: &[PathBuf], path: &Path, kind: &EventKind) -> bool {
    if watched.files.iter().any(|file| file == path) {
        return true;
    }
    let (folder, skipped) = (deepest(&watched.folders, path), deepest(skip, path));
    // A theme may be watched although the walk of its source skips it.
    if skipped > folder || is_temporary(path) {
        return false;
    }
    // What else happens there to a file is nothing to us, and that file
    // may be where our own messages go.
    let is_entry = !matches!(
        kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_))
    );
    if is_entry && watched.parents.iter().any(|parent| path.parent() == Some(parent)) {
        return true;
    }
    if watched.folders.iter().any(|folder| folder.starts_with(path)) {
        return true; // A source, or a folder above it, has come or gone.
    }
    let Some(within) = folder.and_then(|folder| path.strip_prefix(folder).ok()) else { return false };
    let is_left_out = |part: &OsStr| matches!(part.to_str(), Some(".git" | ".hg" | ".svn" | "node_modules"));
    !within.iter().any(is_left_out)
}

/// Returns the deepest of some folders that hold a path.
fn deepest<'f>(folders: &'f [PathBuf], path: &Path) -> Option<&'f Path> {
    let above = folders.iter().map(PathBuf::as_path).filter(|folder| path.starts_with(folder));
    above.max_by_key(|folder| folder.components().count())
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
    for _ in 0..MAX_TRIES {
        let mut missing = None;
        for above in folder.ancestors() {
            let mode = if above == folder { mode } else { RecursiveMode::NonRecursive };
            match watcher.watch(above, mode) {
                Err(error) if is_absence(&error) => missing = Some(above),
                result => {
                    result?;
                    break;
                }
            }
        }
        // What was missing may have come before the folder above it was
        // watched.
        if missing.is_none_or(|missing| !Disk.exists(missing)) {
            break;
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
        let kind = EventKind::Create(CreateKind::Any);
        assert_eq!(is_relevant(&watched, &skip, Path::new(path), &kind), expected, "{path}");
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
        let mut watch = Watch { watched, skip: Vec::new(), messages, watcher, polls_because };
        put(&file, "two");
        expect(&mut watch, "page.md");
    }

    #[test]
    fn a_watched_theme_counts_although_walks_skip_it() {
        let (mut watched, mut skip) = watched();
        skip.push("/p/theme".into());
        let (page, kind) = (Path::new("/p/theme/page.html"), EventKind::Any);
        assert!(is_relevant(&watched, &skip, page, &kind));
        watched.folders = vec!["/p".into()];
        assert!(!is_relevant(&watched, &skip, page, &kind));
    }

    /// Watches a new folder. The folder goes when the first is dropped.
    fn fresh() -> (tempfile::TempDir, PathBuf, Watch) {
        let folder = tempfile::tempdir().unwrap();
        let root = Disk.real_path(folder.path()).unwrap();
        let watch = watch(&Watched { folders: vec![root.clone()], ..Watched::default() }, &[]);
        (folder, root, watch)
    }

    #[test]
    fn what_is_ignored_does_not_count_unless_that_changes() {
        let (_folder, root, mut watch) = fresh();
        put(&root.join(".gitignore"), "target/\n*.log\n");
        put(&root.join("target/x"), "1");
        expect(&mut watch, ".gitignore");
        put(&root.join("target/debug/deps/x"), "1");
        put(&root.join("target/x"), "2");
        put(&root.join("sub.log"), "2");
        assert_eq!(watch.changes(Duration::from_millis(150)), Batch::default());
        put(&root.join(".gitignore"), "*.log\n");
        expect(&mut watch, ".gitignore");
        put(&root.join("target/x"), "3");
        expect(&mut watch, "target/x");
    }

    #[test]
    fn only_the_coming_and_going_of_neighbours_counts() {
        let folder = tempfile::tempdir().unwrap();
        let root = Disk.real_path(folder.path()).unwrap();
        let mut watch = watch(&Watched { parents: vec![root.clone()], ..Watched::default() }, &[]);
        put(&root.join("serve.log"), "1");
        expect(&mut watch, "serve.log");
        put(&root.join("serve.log"), "2");
        assert_eq!(watch.changes(Duration::from_millis(150)), Batch::default());
        Disk.remove_file(&root.join("serve.log")).unwrap();
        expect(&mut watch, "serve.log");
    }

    #[test]
    fn nothing_in_a_new_tree_is_missed() {
        let (_folder, root, mut watch) = fresh();
        for n in 0..5 {
            put(&root.join(format!("{n}/a/b/c/d/x.md")), "1");
            let batch = expect(&mut watch, &n.to_string());
            assert!(!batch.is_incomplete);
            put(&root.join(format!("{n}/a/b/c/d/y.md")), "1");
            expect(&mut watch, &format!("{n}/a/b/c/d/y.md"));
        }
        put(&root.join("0/moved/z.md"), "1");
        expect(&mut watch, "0/moved");
        Disk.rename(&root.join("0/moved"), &root.join("1/moved")).unwrap();
        expect(&mut watch, "1/moved");
        put(&root.join("1/moved/z.md"), "2");
        expect(&mut watch, "1/moved/z.md");
    }

    #[test]
    fn a_file_that_is_being_saved_is_waited_for() {
        let (_folder, root, mut watch) = fresh();
        let page = root.join("page.md");
        put(&page, "");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(30));
                put(&page, "text");
            });
            expect(&mut watch, "page.md");
            assert_eq!(Disk.read(&page).unwrap(), b"text");
        });
        // One that stays empty counts, a little later.
        put(&page, "");
        expect(&mut watch, "page.md");
    }

    #[test]
    fn saving_by_rename_is_one_change() {
        let (_folder, root, mut watch) = fresh();
        let page = root.join("page.md");
        put(&page, "1");
        expect(&mut watch, "page.md");
        put(&root.join("4913"), "");
        Disk.remove_file(&root.join("4913")).unwrap();
        Disk.rename(&page, &root.join("page.md~")).unwrap();
        put(&page, "2");
        Disk.remove_file(&root.join("page.md~")).unwrap();
        let batch = expect(&mut watch, "page.md");
        let later = watch.changes(Duration::from_millis(100));
        assert!(batch.paths.iter().chain(&later.paths).all(|path| *path == page), "{batch:?} {later:?}");
    }

    #[test]
    fn a_change_is_told_soon_and_a_storm_is_told_once() {
        let (_folder, root, mut watch) = fresh();
        let mut time = |n: usize| {
            let began = Instant::now();
            put(&root.join("page.md"), &n.to_string());
            expect(&mut watch, "page.md");
            began.elapsed()
        };
        let best = (0..5).map(&mut time).min().unwrap();
        assert!(best < Duration::from_millis(40), "{best:?}");
        let storm: Vec<PathBuf> = (0..500).map(|n| root.join(format!("{n:03}.md"))).collect();
        storm.iter().for_each(|path| put(path, "1"));
        expect(&mut watch, "499.md");
        storm.iter().for_each(|path| Disk.rename(path, &path.with_extension("txt")).unwrap());
        let (mut n_batches, mut paths) = (0, BTreeSet::new());
        while paths.len() < 1000 {
            let batch = watch.changes(Duration::from_secs(5));
            assert!(!batch.paths.is_empty(), "only {} paths were told", paths.len());
            paths.extend(batch.paths);
            n_batches += 1;
        }
        assert!(n_batches <= 5, "{n_batches} batches");
    }

    #[test]
    fn a_watched_folder_may_go_and_come_again() {
        let (folder, root, _unused) = fresh();
        let source = root.join("source");
        put(&source.join("page.md"), "1");
        let watched = Watched { folders: vec![source.clone()], ..Watched::default() };
        let mut first = watch(&watched, &[]);
        Disk.remove_file(&source.join("page.md")).unwrap();
        Disk.remove_folder(&source).unwrap();
        assert!(expect(&mut first, "source").is_incomplete);
        let mut second = watch(&watched, &[]);
        put(&source.join("page.md"), "2");
        assert!(expect(&mut second, "source").is_incomplete);
        let mut third = watch(&watched, &[]);
        put(&source.join("page.md"), "3");
        expect(&mut third, "page.md");
        // Another folder takes its place.
        put(&root.join("other/page.md"), "4");
        Disk.rename(&source, &root.join("old")).unwrap();
        Disk.rename(&root.join("other"), &source).unwrap();
        assert!(expect(&mut third, "source").is_incomplete);
        drop(folder);
    }

    fn put(path: &Path, text: &str) {
        Disk.write(path, text.as_bytes()).unwrap();
    }

    /// Waits until a path with this end has changed.
    #[track_caller]
    fn expect(watch: &mut Watch, end: &str) -> Batch {
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
        let mut watch = watch(&Watched { folders: vec![root], ..Watched::default() }, &[]);
        Disk.read(&file).unwrap();
        assert_eq!(watch.changes(Duration::from_millis(100)), Batch::default());
        put(&file, "2");
        assert!(!expect(&mut watch, "sub/page.md").is_incomplete);
    }

    #[test]
    fn a_source_that_comes_later_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repos/late");
        let watched = Watched { folders: vec![root.clone()], ..Watched::default() };
        let mut first = watch(&watched, &[]);
        put(&root.join("page.md"), "1");
        assert!(expect(&mut first, "repos").is_incomplete);
        let mut second = watch(&watched, &[]);
        put(&root.join("page.md"), "2");
        assert!(!expect(&mut second, "late/page.md").is_incomplete);
    }

    #[test]
    fn a_new_file_beside_a_watched_one_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("book.toml");
        put(&file, "1");
        let mut watch = watch(&Watched { files: vec![file.clone()], ..Watched::default() }, &[]);
        put(&folder.path().join("other.toml"), "1");
        assert_eq!(watch.changes(Duration::from_millis(200)), Batch::default());
        // As editors save: a new file takes the old one's name.
        put(&folder.path().join("book.toml.new"), "2");
        Disk.rename(&folder.path().join("book.toml.new"), &file).unwrap();
        expect(&mut watch, "book.toml");
    }
}
