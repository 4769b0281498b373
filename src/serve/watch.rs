//! The watcher says when something changed, never what: every change
//! leads to the same pipeline.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RemoveKind};
use notify::{Config, ErrorKind, Event, RecommendedWatcher, RecursiveMode, Watcher, WatcherKind};

use crate::base::disk::{self, Disk};
use crate::base::ignored::Ignored;
use crate::base::world::{EntryKind, World};

use super::poll::{self, Poll};
use super::sift::{deepest, has_other_above, is_below_any, is_relevant};

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
/// How often a folder that comes and goes is tried.
const MAX_TRIES: usize = 10;

pub(super) type Message = notify::Result<Event>;

/// A running watch.
pub(super) struct Watch {
    pub(super) watched: Watched,
    pub(super) skip: Vec<PathBuf>,
    pub(super) messages: Receiver<Message>,
    pub(super) source: Source,
    /// Why files are polled, if they are.
    pub(super) polls_because: Option<String>,
}

/// Where events come from, until it is dropped.
pub(super) enum Source {
    Native(Box<dyn Watcher>),
    Polled(#[expect(dead_code, reason = "it polls until it is dropped")] Poll),
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
    let (source, polls_because) = match started {
        Ok(watcher) => (Source::Native(watcher), None),
        Err(because) => (Source::Polled(poll::poll(watched, sender, poll::REST)), Some(because)),
    };
    Watch { watched: watched.clone(), skip: skip.to_vec(), messages, source, polls_because }
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
        let Source::Native(watcher) = &mut self.source else { return };
        if !is_by_folder || gathering.is_incomplete {
            return; // Watched as a whole, or all of it anew.
        }
        for path in &gathering.appeared {
            if !matches!(Disk.entry(path), Ok(EntryKind::Folder)) {
                continue;
            }
            match watcher.watch(path, RecursiveMode::Recursive) {
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

fn config() -> Config {
    Config::default().with_follow_symlinks(false)
}

fn native(watched: &Watched, sender: Sender<Message>) -> notify::Result<Box<dyn Watcher>> {
    let mut watcher = RecommendedWatcher::new(sender, config())?;
    add(&mut watcher, watched)?;
    Ok(Box::new(watcher))
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

pub(super) fn reason(error: &notify::Error) -> String {
    match error.kind {
        ErrorKind::MaxFilesWatch => "the system's limit of watched folders is reached; \
             `sysctl fs.inotify.max_user_watches=524288` raises it"
            .to_string(),
        _ => error.to_string(),
    }
}
