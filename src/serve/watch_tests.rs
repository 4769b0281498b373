//! What the watcher tells, on a real disk.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Instant;

use crate::base::disk::Disk;
use crate::base::world::World;

use super::watch::{Batch, Source, watch};
use super::*;

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

/// Returns a watch that hears what is sent to it, and nothing else.
fn told(watched: Watched) -> (std::sync::mpsc::Sender<super::watch::Message>, Watch) {
    let (sender, messages) = channel();
    let (unheard, _) = channel();
    let source = Source::Polled(poll::poll(&Watched::default(), unheard, Duration::from_secs(60)));
    (sender, Watch { watched, skip: Vec::new(), messages, source, polls_because: None })
}

#[test]
fn an_overflow_of_events_asks_for_a_look_at_everything() {
    use notify::event::{Event, EventKind, Flag};
    let folder = tempfile::tempdir().unwrap();
    let (sender, mut watch) =
        told(Watched { folders: vec![folder.path().to_path_buf()], ..Watched::default() });
    sender.send(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan))).unwrap();
    let everything = Batch { paths: vec![PathBuf::new()], is_incomplete: true };
    assert_eq!(watch.changes(Duration::from_secs(5)), everything);
    // So does an error of the system, whatever it is about.
    sender.send(Err(notify::Error::generic("the queue is gone"))).unwrap();
    assert_eq!(watch.changes(Duration::from_secs(5)), everything);
    assert_eq!(watch.changes(Duration::from_millis(10)), Batch::default());
    // The pipeline is then told that nobody knows what has changed.
    let mut changes = Changes::default();
    changes.add(everything);
    assert_eq!(changes.since_last_site(), None);
}

#[test]
fn a_limit_of_the_system_is_named_with_its_remedy() {
    let reason = super::watch::reason(&notify::Error::new(notify::ErrorKind::MaxFilesWatch));
    assert!(reason.contains("`sysctl fs.inotify.max_user_watches="), "{reason}");
}

#[test]
fn polling_sees_changes_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.md");
    put(&file, "1");
    let watched = Watched { folders: vec![folder.path().to_path_buf()], ..Watched::default() };
    let (sender, messages) = channel();
    let source = Source::Polled(poll::poll(&watched, sender, Duration::from_millis(20)));
    let polls_because = Some("this test asks for it".to_string());
    let mut watch = Watch { watched, skip: Vec::new(), messages, source, polls_because };
    put(&file, "two");
    expect(&mut watch, "page.md");
}
