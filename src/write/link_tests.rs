//! Links that a cloned repository has put where we write: nothing behind
//! them is written, moved or removed.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use crate::base::disk::Disk;
use crate::base::hash;
use crate::base::world::{EntryKind, World};
use crate::model::failure::{Failure, FailureKind};
use crate::model::site_path::SitePath;

use super::clean::{Cleaned, clean};
use super::swap::{self, Mode, Written};

/// A clone with an output folder, and a folder of somebody else's beside
/// it with one file, `x`.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Disk.write(&folder.path().join("victim/x"), b"theirs").unwrap();
        Disk.create_folder(&folder.path().join("clone/site")).unwrap();
        Self { folder }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join("clone").join(path)
    }

    fn victim(&self, path: &str) -> PathBuf {
        self.folder.path().join("victim").join(path)
    }

    fn put(&self, path: &str, text: &str) {
        Disk.write(&self.at(path), text.as_bytes()).unwrap();
    }

    /// Makes a link at a path of the clone to one of the other folder.
    fn link(&self, path: &str, to: &str) {
        Disk.create_folder(self.at(path).parent().unwrap()).unwrap();
        symlink(self.victim(to), self.at(path)).unwrap();
    }

    fn write(&self, paths: &[&str], mode: Mode) -> Result<Written, Failure> {
        let paths: Vec<SitePath> = paths.iter().map(|path| SitePath::new(path)).collect();
        let produce = |_: usize| Ok(b"page".to_vec());
        let output = self.at("site");
        swap::write(&Disk, &output, &paths, &produce, mode, &AtomicU8::new(0), &mut Vec::new())
    }

    /// The other folder is as it was.
    #[track_caller]
    fn is_untouched(&self) {
        let names: Vec<String> =
            Disk.list(&self.victim("")).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["x"]);
        assert_eq!(Disk.read(&self.victim("x")).unwrap(), b"theirs");
    }
}

#[track_caller]
fn refused(result: Result<impl std::fmt::Debug, Failure>, link: &Path) {
    let failure = result.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Refusal, "{failure}");
    let name = format!("{}` is a link", link.file_name().unwrap().display());
    assert!(failure.message.contains(&name), "{failure}");
}

#[test]
fn staged_files_replace_links() {
    let place = Place::new();
    place.link("site/.callboard-staging/0", "x");
    place.link("site/.callboard-staging/manifest", "x");
    place.link("site/.callboard-staging/journal.part", "x");
    place.write(&["index.html"], Mode::InPlace).unwrap();
    assert_eq!(Disk.entry(&place.at("site/index.html")).unwrap(), EntryKind::File);
    assert_eq!(Disk.read(&place.at("site/index.html")).unwrap(), b"page");
    place.is_untouched();
}

#[test]
fn a_link_is_no_staging_folder() {
    let place = Place::new();
    place.link("site/.callboard-staging", "");
    refused(place.write(&["index.html"], Mode::InPlace), &place.at("site/.callboard-staging"));
    place.is_untouched();
}

#[test]
fn a_journal_places_nothing_behind_a_link() {
    let place = Place::new();
    place.link("site/a", "");
    place.put("site/.callboard-staging/0", "evil");
    let step = "[{\"place\":{\"path\":\"a/rc\",\"number\":0,\"is_new\":true}}]";
    place.put("site/.callboard-staging/journal.json", step);
    refused(place.write(&["index.html"], Mode::InPlace), &place.at("site/a"));
    refused(clean(&Disk, &place.at("site")), &place.at("site/a"));
    place.is_untouched();
}

#[test]
fn a_journal_places_no_link() {
    let place = Place::new();
    place.link("site/.callboard-staging/0", "x");
    let step = "[{\"place\":{\"path\":\"a\",\"number\":0,\"is_new\":true}}]";
    place.put("site/.callboard-staging/journal.json", step);
    refused(place.write(&["index.html"], Mode::InPlace), &place.at("site/.callboard-staging/0"));
    place.is_untouched();
}

#[test]
fn a_generation_moves_nothing_through_a_link() {
    let place = Place::new();
    place.write(&["index.html"], Mode::InPlace).unwrap();
    place.link("site/a", "");
    place.put("site/.callboard-plan.json", "[]");
    place.put(".site.callboard-next/.callboard-plan.json", "[]");
    place.put(".site.callboard-next/a/new", "evil");
    place.write(&["index.html"], Mode::InPlace).unwrap();
    assert!(Disk.exists(&place.at(".site.callboard-next/a/new")));
    place.is_untouched();
}

#[test]
#[cfg(target_os = "linux")]
fn a_generation_is_not_built_behind_a_link() {
    let place = Place::new();
    place.link(".site.callboard-next", "");
    refused(place.write(&["index.html"], Mode::Atomic), &place.at(".site.callboard-next"));
    let place = Place::new();
    place.link(".site.callboard-next/a", "");
    refused(place.write(&["a/index.html"], Mode::Atomic), &place.at(".site.callboard-next/a"));
    place.is_untouched();
}

#[test]
fn clean_removes_nothing_behind_a_link() {
    let place = Place::new();
    place.write(&["docs/b/y", "docs/x", "index.html"], Mode::InPlace).unwrap();
    let moved = place.at("moved");
    Disk.rename(&place.at("site/docs"), &moved).unwrap();
    symlink(&moved, place.at("site/docs")).unwrap();
    let cleaned = clean(&Disk, &place.at("site")).unwrap();
    assert_eq!(cleaned, Cleaned { n_removed: 1, n_kept: 2 });
    assert_eq!(Disk.read(&moved.join("x")).unwrap(), b"page");
    assert_eq!(Disk.read(&moved.join("b/y")).unwrap(), b"page");
}

#[test]
fn a_journal_removes_nothing_behind_a_link() {
    let place = Place::new();
    place.link("site/a", "");
    let hash = hash::hash(b"theirs").hex();
    let step = format!("[{{\"remove\":{{\"path\":\"a/x\",\"hash\":\"{hash}\"}}}}]");
    place.put("site/.callboard-staging/journal.json", &step);
    clean(&Disk, &place.at("site")).unwrap();
    place.is_untouched();
}

#[test]
fn a_link_is_no_lock() {
    let place = Place::new();
    place.link("site/.callboard-lock", "made");
    assert!(place.write(&["index.html"], Mode::InPlace).is_err());
    place.is_untouched();
}

#[test]
fn a_lock_whose_file_is_removed_is_held_once() {
    let place = Place::new();
    let path = place.at("site/.callboard-lock");
    let (n_holders, n_taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    let Ok(lock) = Disk.lock(&path) else { continue };
                    assert_eq!(n_holders.fetch_add(1, Ordering::SeqCst), 0);
                    n_taken.fetch_add(1, Ordering::SeqCst);
                    std::thread::yield_now();
                    n_holders.fetch_sub(1, Ordering::SeqCst);
                    Disk.remove_file(&path).unwrap();
                    drop(lock);
                }
            });
        }
    });
    assert!(n_taken.into_inner() > 0);
}
