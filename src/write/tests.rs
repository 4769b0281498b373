//! What an output folder looks like after each kind of build, and after
//! a build that was killed or that failed at any single operation.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use crate::base;
use crate::base::disk::Disk;
use crate::base::memory::Memory;
use crate::base::world::{Entry, EntryKind, Lock, Stamp, Store, Walk, WalkOptions, World};
use crate::model::failure::{Failure, FailureKind};
use crate::model::site_path::SitePath;

use super::clean::{Cleaned, clean};
use super::swap::{self, Mode, Written};
use super::{generation, journal};

type Pages = &'static [(&'static str, &'static str)];

const OLD: Pages = &[
    ("_cb/old.css", "css 1"),
    ("a/index.html", "a"),
    ("folder/then/file.txt", "was a folder"),
    ("gone/page/index.html", "gone"),
    ("index.html", "home 1"),
    ("shape", "a file that becomes a folder"),
];
const NEW: Pages = &[
    ("_cb/new.css", "css 2"),
    ("a/index.html", "a"),
    ("folder", "is a file now"),
    ("index.html", "home 2"),
    ("new/deep/index.html", "deep"),
    ("new/deep/x.css", "css"),
    ("new/index.html", "new"),
    ("shape/index.html", "a folder"),
];
const FOREIGN: Pages = &[("/out/gone/notes.txt", "mine"), ("/out/keep.txt", "mine too")];

fn write(world: &dyn World, pages: Pages, mode: Mode) -> Result<Written, Failure> {
    let paths: Vec<SitePath> = pages.iter().map(|(path, _)| SitePath::new(path)).collect();
    let produce = |idx: usize| Ok(pages[idx].1.as_bytes().to_vec());
    swap::write(world, Path::new("/out"), &paths, &produce, mode, &AtomicU8::new(0), &mut Vec::new())
}

/// All files of a world but the lock, with their text.
fn files(world: &Memory) -> BTreeMap<String, String> {
    let paths = world.paths().into_iter().filter(|path| !path.ends_with(super::LOCK));
    paths
        .map(|path| {
            let text = String::from_utf8(world.read(&path).unwrap()).unwrap();
            (path.to_str().unwrap().to_string(), text)
        })
        .collect()
}

fn world_with(pages: Pages, foreign: Pages) -> Memory {
    let world = Memory::default();
    write(&world, pages, Mode::InPlace).unwrap();
    for (path, text) in foreign {
        world.write(Path::new(path), text.as_bytes()).unwrap();
    }
    world
}

#[track_caller]
fn refused(result: Result<impl std::fmt::Debug, Failure>, part: &str) {
    let failure = result.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Refusal, "{failure}");
    assert!(failure.message.contains(part), "{failure}");
}

#[test]
fn a_site_replaces_another() {
    for mode in [Mode::InPlace, Mode::Atomic] {
        let world = world_with(OLD, FOREIGN);
        let written = write(&world, NEW, mode).unwrap();
        assert_eq!(written, Written { n_new: 6, n_changed: 1, n_unchanged: 1, n_removed: 4 }, "{mode:?}");
        assert_eq!(files(&world), files(&world_with(NEW, FOREIGN)), "{mode:?}");
        assert!(!world.exists(Path::new("/out/folder/then")));
    }
}

#[test]
fn the_disk_holds_what_was_written() {
    let modes: &[Mode] =
        if cfg!(target_os = "linux") { &[Mode::InPlace, Mode::Atomic] } else { &[Mode::InPlace] };
    for mode in modes {
        let folder = tempfile::tempdir().unwrap();
        for pages in [OLD, NEW, OLD, NEW, NEW] {
            let paths: Vec<SitePath> = pages.iter().map(|(path, _)| SitePath::new(path)).collect();
            let produce = |idx: usize| Ok(pages[idx].1.as_bytes().to_vec());
            let out = &folder.path().join("out");
            swap::write(&Disk, out, &paths, &produce, *mode, &AtomicU8::new(0), &mut Vec::new()).unwrap();
            let walk = Disk.walk(folder.path(), &WalkOptions::default());
            let found: Vec<&str> =
                walk.files.iter().filter_map(|file| file.path.strip_prefix("out/")).collect();
            let site = found.iter().filter(|path| !super::is_reserved(path));
            assert_eq!(
                site.copied().collect::<Vec<_>>(),
                pages.iter().map(|page| page.0).collect::<Vec<_>>()
            );
            assert_eq!(walk.files.len(), pages.len() + 2, "the manifest and the lock: {:?}", walk.files);
        }
    }
}

#[test]
fn a_second_build_writes_nothing() {
    for mode in [Mode::InPlace, Mode::Atomic] {
        let world = Faulty::new(world_with(OLD, FOREIGN), usize::MAX, Fault::Error);
        let written = write(&world, OLD, mode).unwrap();
        assert_eq!(written, Written { n_unchanged: 6, ..Written::default() });
        // The plan of the generation is all that is written, and it goes.
        let n_written = world.n_in_place.load(Ordering::Relaxed);
        assert_eq!(n_written, 0, "{mode:?}");
        assert_eq!(files(&world.inner), files(&world_with(OLD, FOREIGN)));
    }
}

#[test]
fn the_manifest_is_the_same_for_the_same_site() {
    let one = files(&world_with(OLD, &[]));
    let (world, path) = (world_with(NEW, &[]), "/out/.callboard-manifest.json");
    write(&world, OLD, Mode::InPlace).unwrap();
    assert_eq!(one[path], files(&world)[path]);
    let line = one[path].lines().nth(1).unwrap();
    let hash = base::hash::hash(b"css 1").hex();
    assert_eq!(line, format!("{{\"path\":\"_cb/old.css\",\"hash\":\"{hash}\",\"size\":5}},"));
}

#[test]
fn a_file_edited_by_hand_is_replaced_while_the_site_has_it_and_kept_after() {
    for mode in [Mode::InPlace, Mode::Atomic] {
        let world = world_with(OLD, &[("/out/index.html", "mine"), ("/out/_cb/old.css", "mine")]);
        let mut diags = Vec::new();
        let paths: Vec<SitePath> = NEW.iter().map(|(path, _)| SitePath::new(path)).collect();
        let produce = |idx: usize| Ok(NEW[idx].1.as_bytes().to_vec());
        let out = Path::new("/out");
        swap::write(&world, out, &paths, &produce, mode, &AtomicU8::new(0), &mut diags).unwrap();
        assert_eq!(files(&world)["/out/index.html"], "home 2");
        assert_eq!(files(&world)["/out/_cb/old.css"], "mine");
        let ids: Vec<&str> = diags.iter().map(|diag| diag.code.id).collect();
        assert_eq!(ids, ["foreign-output", "edited-output"]);
        assert!(diags[0].message.contains("1 file "), "{}", diags[0].message);
    }
}

#[test]
fn a_foreign_file_in_the_way_stops_everything() {
    for foreign in ["/out/new/index.html", "/out/new", "/out/shape2/x", "/out/folder/mine"] {
        for mode in [Mode::InPlace, Mode::Atomic] {
            let world = world_with(OLD, &[]);
            world.write(Path::new(foreign), b"mine").unwrap();
            let before = files(&world);
            if foreign == "/out/shape2/x" {
                write(&world, NEW, mode).unwrap();
                continue;
            }
            refused(write(&world, NEW, mode), foreign);
            assert_eq!(files(&world), before);
        }
    }
    // The same bytes are no loss: a build that lost its manifest.
    let world = world_with(OLD, &[("/out/new/index.html", "new")]);
    assert_eq!(write(&world, NEW, Mode::InPlace).unwrap().n_unchanged, 2);
}

#[test]
fn an_empty_folder_in_the_way_stops_everything() {
    let world = world_with(OLD, &[]);
    world.create_folder(Path::new("/out/folder/empty")).unwrap();
    refused(write(&world, NEW, Mode::InPlace), "/out/folder/empty");
}

#[test]
fn a_page_that_fails_leaves_the_old_site() {
    let paths: Vec<SitePath> = NEW.iter().map(|(path, _)| SitePath::new(path)).collect();
    let broken = |idx: usize| match idx {
        3 => Err(Failure::environment("broken")),
        idx => Ok(NEW[idx].1.as_bytes().to_vec()),
    };
    for mode in [Mode::InPlace, Mode::Atomic] {
        let (world, signal, out) = (world_with(OLD, FOREIGN), AtomicU8::new(0), Path::new("/out"));
        let failure = swap::write(&world, out, &paths, &broken, mode, &signal, &mut Vec::new()).unwrap_err();
        assert_eq!(failure.message, "broken");
        assert_eq!(files(&world), files(&world_with(OLD, FOREIGN)));

        let stop = AtomicU8::new(2);
        let failure = swap::write(&world, out, &paths, &broken, mode, &stop, &mut Vec::new()).unwrap_err();
        assert_eq!(failure.exit_code(), 130);
        assert_eq!(files(&world), files(&world_with(OLD, FOREIGN)));

        let world = Memory::default();
        swap::write(&world, out, &paths, &broken, mode, &signal, &mut Vec::new()).unwrap_err();
        assert!(!world.exists(out), "a folder that was made for nothing goes again");
    }
}

#[test]
fn unsafe_folders_are_refused() {
    let check = |output: &str, part: &str| {
        let world = Memory::new(&[
            ("/repos/a/x", ""),
            ("/foreign/x", ""),
            ("/file", ""),
            ("/bad/.callboard-manifest.json", "?"),
        ]);
        world.create_folder(Path::new("/empty")).unwrap();
        let sources = [PathBuf::from("/repos/a"), PathBuf::from("/repos/b")];
        let before = files(&world);
        let result = swap::refuse_unsafe(&world, Path::new(output), &sources);
        assert_eq!(files(&world), before);
        match part {
            "" => assert_eq!(result, Ok(()), "{output}"),
            part => refused(result, part),
        }
    };
    check("/", "cannot be the output");
    check("/repos", "contains a source");
    check("/repos/a", "is a source itself");
    check("/repos/x/../a", "is a source itself");
    check("/foreign", "such as `x`");
    check("/file", "is not a folder");
    check("/bad", "cannot understand");
    check("/repos/a/site", "");
    check("/repos/c", "");
    check("/new/deep/folder", "");
    check("/empty", "");
}

#[test]
fn a_held_lock_is_a_refusal() {
    let world = world_with(OLD, &[]);
    let lock = world.lock(Path::new("/out/.callboard-lock")).unwrap();
    refused(write(&world, NEW, Mode::InPlace), "another build");
    drop(lock);
    write(&world, NEW, Mode::InPlace).unwrap();
}

#[test]
fn clean_removes_what_the_manifest_lists() {
    let world = world_with(OLD, FOREIGN);
    world.write(Path::new("/out/a/index.html"), b"edited").unwrap();
    assert_eq!(clean(&world, Path::new("/out")).unwrap(), Cleaned { n_removed: 5, n_kept: 1 });
    let left: Vec<String> = files(&world).into_keys().collect();
    assert_eq!(left, ["/out/a/index.html", "/out/gone/notes.txt", "/out/keep.txt"]);
    refused(clean(&world, Path::new("/out")), "did not write");

    let world = world_with(OLD, &[]);
    clean(&world, Path::new("/out")).unwrap();
    assert!(!world.exists(Path::new("/out")));
    assert_eq!(clean(&world, Path::new("/out")).unwrap(), Cleaned::default());
}

/// Builds NEW over OLD once for every operation, which fails; checks what
/// stands then, and that the next run makes it whole.
#[track_caller]
fn sweep(mode: Mode, fault: Fault) {
    let old = files(&world_with(OLD, FOREIGN));
    let new = files(&world_with(NEW, FOREIGN));
    for n in 0.. {
        let world = Faulty::new(world_with(OLD, FOREIGN), n, fault);
        let result = write(&world, NEW, mode);
        let has_failed = world.n_left.load(Ordering::Relaxed) == GONE;
        assert!(has_failed || result.is_ok(), "{mode:?} {n}: {result:?}");

        let (world, out) = (world.inner, Path::new("/out"));
        if mode == Mode::Atomic {
            // A reader of the folder never sees a mixture.
            let mut seen = files(&world);
            seen.retain(|path, _| path.starts_with("/out/") && !path.ends_with(super::PLAN));
            assert!(seen == old || seen == new, "{fault:?} {n}: {seen:#?}");
        }
        for (path, text) in FOREIGN {
            assert_eq!(world.read(Path::new(path)).unwrap(), text.as_bytes(), "{mode:?} {fault:?} {n}");
        }
        journal::recover(&world, out).unwrap();
        generation::discard(&world, out).unwrap();
        let whole = files(&world);
        assert!(whole == old || whole == new, "{mode:?} {fault:?} {n}: {whole:#?}");
        assert!(result.is_err() || whole == new, "{mode:?} {fault:?} {n}");

        write(&world, NEW, mode).unwrap();
        assert_eq!(files(&world), new, "{mode:?} {fault:?} {n}");
        if !has_failed {
            assert!(n > 20, "a build of so few operations tests nothing");
            return;
        }
    }
}

#[test]
fn a_build_killed_anywhere_leaves_the_old_site_or_the_new() {
    sweep(Mode::InPlace, Fault::Crash);
    sweep(Mode::Atomic, Fault::Crash);
}

#[test]
fn an_operation_that_fails_leaves_the_old_site_or_the_new() {
    sweep(Mode::InPlace, Fault::Error);
    sweep(Mode::Atomic, Fault::Error);
}

#[test]
fn a_recovery_may_be_killed_too() {
    let old = files(&world_with(OLD, FOREIGN));
    let new = files(&world_with(NEW, FOREIGN));
    for mode in [Mode::InPlace, Mode::Atomic] {
        for n in (0..).step_by(3) {
            let first = Faulty::new(world_with(OLD, FOREIGN), n, Fault::Crash);
            let is_done = write(&first, NEW, mode).is_ok();
            // The first operation of the second run is the folder, the
            // next one the lock; recovery comes after.
            let second = Faulty::new(first.inner, 2 + n % 11, Fault::Crash);
            let _crashes = write(&second, NEW, mode);
            let (world, out) = (second.inner, Path::new("/out"));
            journal::recover(&world, out).unwrap();
            generation::discard(&world, out).unwrap();
            let whole = files(&world);
            assert!(whole == old || whole == new, "{mode:?} {n}: {whole:#?}");
            if is_done {
                break;
            }
        }
    }
}

#[test]
fn a_journal_that_leads_elsewhere_is_dropped() {
    for path in ["../victim", "/victim", ".callboard-manifest.json", "a/../../victim"] {
        let world = world_with(OLD, &[("/victim", "mine")]);
        let hash = base::hash::hash(b"mine").hex();
        let journal = format!("[{{\"remove\":{{\"path\":\"{path}\",\"hash\":\"{hash}\"}}}}]");
        world.write(Path::new("/out/.callboard-staging/journal.json"), journal.as_bytes()).unwrap();
        write(&world, OLD, Mode::InPlace).unwrap();
        assert_eq!(files(&world), files(&world_with(OLD, &[("/victim", "mine")])), "{path}");
    }
    let world = world_with(OLD, &[("/out/.callboard-staging/journal.json", "half a jour")]);
    write(&world, NEW, Mode::InPlace).unwrap();
    assert_eq!(files(&world), files(&world_with(NEW, &[])));
}

/// What happens at the chosen operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It fails, and the next ones work.
    Error,
    /// It is half done, and nothing works from there on.
    Crash,
}

/// `n_left` once the fault has struck.
const GONE: usize = usize::MAX - 1;

/// A world whose n-th change fails.
struct Faulty {
    inner: Memory,
    n_left: AtomicUsize,
    fault: Fault,
    /// How many files of the site were touched.
    n_in_place: AtomicUsize,
}

impl Faulty {
    fn new(inner: Memory, n: usize, fault: Fault) -> Self {
        Faulty { inner, n_left: AtomicUsize::new(n), fault, n_in_place: AtomicUsize::new(0) }
    }

    /// Tells whether this operation works.
    fn change(&self) -> io::Result<()> {
        let count = |left| match (left, self.fault) {
            (usize::MAX, _) | (GONE, _) => None,
            (0, _) => Some(GONE),
            (left, _) => Some(left - 1),
        };
        match self.n_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count) {
            Err(GONE) if self.fault == Fault::Crash => Err(io::Error::other("crashed")),
            Ok(0) => Err(io::Error::other("injected")),
            _ => Ok(()),
        }
    }

    fn alive(&self) -> io::Result<()> {
        match self.fault == Fault::Crash && self.n_left.load(Ordering::Relaxed) == GONE {
            true => Err(io::Error::other("crashed")),
            false => Ok(()),
        }
    }

    fn count(&self, path: &Path) {
        let name = path.strip_prefix("/out").ok().and_then(Path::to_str);
        if name.is_some_and(|name| !name.starts_with(".callboard-")) {
            self.n_in_place.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl World for Faulty {
    fn walk(&self, root: &Path, options: &WalkOptions) -> Walk {
        self.inner.walk(root, options)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        self.alive().and_then(|()| self.inner.list(folder))
    }
    fn entry(&self, path: &Path) -> io::Result<EntryKind> {
        self.alive().and_then(|()| self.inner.entry(path))
    }
    fn size_bytes(&self, path: &Path) -> io::Result<u64> {
        self.inner.size_bytes(path)
    }
    fn real_path(&self, path: &Path) -> io::Result<PathBuf> {
        self.inner.real_path(path)
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.alive().and_then(|()| self.inner.read(path))
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.count(path);
        let was_alive = self.alive().is_ok();
        self.change().inspect_err(|_| {
            if was_alive {
                self.inner.write(path, &bytes[..bytes.len() / 2]).unwrap();
            }
        })?;
        self.inner.write(path, bytes)
    }
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.change().and_then(|()| self.inner.create_folder(path))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.count(to);
        self.change().and_then(|()| self.inner.rename(from, to))
    }
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        self.change().and_then(|()| self.inner.exchange(one, other))
    }
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change().and_then(|()| self.inner.hard_link(from, to))
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.count(path);
        self.change().and_then(|()| self.inner.remove_file(path))
    }
    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.change().and_then(|()| self.inner.remove_folder(path))
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        self.change().and_then(|()| self.inner.lock(path))
    }
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.inner.stamp(path)
    }
    fn now_ns(&self) -> i64 {
        self.inner.now_ns()
    }
    fn store(&self, path: &Path) -> io::Result<Box<dyn Store>> {
        self.inner.store(path)
    }
}
