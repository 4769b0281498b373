//! Looks at the stamps of all watched files again and again, where the
//! system sends no events. No file is read for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use notify::Event;
use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind};

use crate::base::disk::Disk;
use crate::base::world::{EntryKind, Stamp, World};

use super::sift;
use super::watch::Watched;

/// How long to rest between two looks.
pub(super) const REST: Duration = Duration::from_secs(1);
/// Of the time, looking may take one part in so many.
const SHARE: u32 = 5;
/// How soon it ends when nobody listens any more.
const PATIENCE: Duration = Duration::from_millis(100);

/// Polls until it is dropped.
pub(super) struct Poll {
    is_over: Arc<AtomicBool>,
}

impl Drop for Poll {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

/// Everything that was seen. A folder has no stamp of its own: what
/// comes and goes in it is seen itself.
type Seen = BTreeMap<PathBuf, Option<Stamp>>;

/// Starts to poll; what changes from now on is seen.
pub(super) fn poll(watched: &Watched, sender: Sender<notify::Result<Event>>, rest: Duration) -> Poll {
    let is_over = Arc::new(AtomicBool::new(false));
    let (watched, is_ended) = (watched.clone(), Arc::clone(&is_over));
    let mut old = seen(&watched);
    let look_again = move || {
        loop {
            let began = Instant::now();
            let new = seen(&watched);
            let is_heard = events(&old, &new).into_iter().all(|event| sender.send(Ok(event)).is_ok());
            old = new;
            let end = Instant::now() + rest.max(began.elapsed() * SHARE);
            while Instant::now() < end {
                if !is_heard || is_ended.load(Ordering::Relaxed) {
                    return;
                }
                thread::sleep(PATIENCE.min(end.saturating_duration_since(Instant::now())));
            }
        }
    };
    // Without a thread nothing is noticed, and nothing else is lost.
    let _no_thread = thread::Builder::new().spawn(look_again);
    Poll { is_over }
}

fn seen(watched: &Watched) -> Seen {
    let mut seen = Seen::new();
    for parent in &watched.parents {
        for entry in Disk.list(parent).unwrap_or_default() {
            seen.insert(parent.join(&entry.name), None);
        }
    }
    let mut folders: Vec<PathBuf> = watched.folders.clone();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = Disk.list(&folder) else { continue };
        for entry in entries {
            let path = folder.join(&entry.name);
            match entry.kind {
                EntryKind::Folder if sift::is_left_out(entry.name.as_ref()) => {}
                EntryKind::Folder => {
                    seen.insert(path.clone(), None);
                    folders.push(path);
                }
                _ => look(&path, &mut seen),
            }
        }
        seen.insert(folder, None);
    }
    watched.files.iter().filter(|file| Disk.exists(file)).for_each(|file| look(file, &mut seen));
    seen
}

fn look(path: &Path, seen: &mut Seen) {
    seen.insert(path.to_path_buf(), Disk.stamp(path).ok());
}

/// Returns what has come, gone or changed.
fn events(old: &Seen, new: &Seen) -> Vec<Event> {
    let gone = old.keys().filter(|path| !new.contains_key(*path));
    let gone = gone.map(|path| (path, EventKind::Remove(RemoveKind::Any)));
    let here = new.iter().filter_map(|(path, stamp)| match old.get(path) {
        None => Some((path, EventKind::Create(CreateKind::Any))),
        Some(known) if known != stamp => Some((path, EventKind::Modify(ModifyKind::Any))),
        Some(_) => None,
    });
    gone.chain(here).map(|(path, kind)| Event::new(kind).add_path(path.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, text: &str) {
        Disk.write(path, text.as_bytes()).unwrap();
    }

    #[test]
    fn what_comes_changes_and_goes_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let watched = Watched {
            folders: vec![root.join("a")],
            files: vec![root.join("book.toml")],
            parents: vec![root.to_path_buf()],
        };
        let mut old = seen(&watched);
        let mut shown = || {
            let new = seen(&watched);
            let name = |event: &Event| {
                let path = event.paths[0].strip_prefix(root).unwrap().to_string_lossy().into_owned();
                let kind = match event.kind {
                    EventKind::Create(_) => '+',
                    EventKind::Remove(_) => '-',
                    _ => '~',
                };
                format!("{kind}{path}")
            };
            let events: Vec<String> = events(&old, &new).iter().map(name).collect();
            old = new;
            events.join(" ")
        };
        assert_eq!(shown(), "");
        put(&root.join("a/b/x.md"), "1");
        put(&root.join("a/.git/HEAD"), "1");
        put(&root.join("other"), "1");
        assert_eq!(shown(), "+a +a/b +a/b/x.md +other");
        put(&root.join("a/b/x.md"), "22");
        put(&root.join("a/.git/HEAD"), "22");
        put(&root.join("other"), "22");
        put(&root.join("book.toml"), "1");
        assert_eq!(shown(), "~a/b/x.md +book.toml");
        put(&root.join("book.toml"), "22");
        Disk.rename(&root.join("a/b"), &root.join("a/c")).unwrap();
        assert_eq!(shown(), "-a/b -a/b/x.md +a/c +a/c/x.md ~book.toml");
    }
}
