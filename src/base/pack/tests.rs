//! What a pack keeps, and what it makes of damage.

use std::path::{Path, PathBuf};

use super::*;
use crate::base::hash::key;
use crate::base::memory::Memory;

const FOLDER: &str = "/portal/.callboard";

fn of(text: &str) -> Key {
    key(&[text.as_bytes()])
}

fn opened(world: &Memory, salt: &str) -> (Pack, Option<&'static str>) {
    let opened = open(world, Path::new(FOLDER), of(salt));
    (opened.pack.expect("the folder can be written"), opened.ignored)
}

/// A pack of one small and one large record.
fn filled() -> Memory {
    let world = Memory::default();
    let (pack, _) = opened(&world, "salt");
    pack.put_small(of("small"), b"one".to_vec());
    assert!(pack.put_large(of("large"), b"two"));
    pack.save(&world, LIMIT_BYTES);
    world
}

fn file(world: &Memory, name: &str) -> PathBuf {
    let path = Path::new(FOLDER).join(name);
    assert!(world.exists(&path), "{name}");
    path
}

#[test]
fn what_is_put_is_there_the_next_time() {
    let world = filled();
    let (pack, ignored) = opened(&world, "salt");
    assert_eq!(ignored, None);
    assert_eq!(pack.small(of("small")).as_deref(), Some(&b"one"[..]));
    assert!(pack.has_large(of("large")) && !pack.has_large(of("small")));
    assert_eq!(pack.large(of("large")).as_deref(), Some(&b"two"[..]));
    assert_eq!(pack.small(of("other")), None);
    assert_eq!(pack.large(of("other")), None);
    assert!(!pack.is_broken());
}

#[test]
fn what_is_put_is_there_at_once() {
    let (world, _) = (Memory::default(), ());
    let (pack, _) = opened(&world, "salt");
    pack.put_small(of("small"), b"one".to_vec());
    pack.put_large(of("large"), b"two");
    assert_eq!(pack.small(of("small")).as_deref(), Some(&b"one"[..]));
    assert_eq!(pack.large(of("large")).as_deref(), Some(&b"two"[..]));
}

#[test]
fn records_of_other_code_are_not_seen() {
    let world = filled();
    let (pack, ignored) = opened(&world, "other");
    assert_eq!((pack.small(of("small")), ignored), (None, None));
}

/// Spoils one file of a pack at every place, which must show at once or
/// when the record is read.
#[track_caller]
fn spoil(name: &str, how: fn(&mut Vec<u8>, usize)) {
    let n_bytes = filled().read(&file(&filled(), name)).unwrap().len();
    for at in 0..n_bytes {
        let world = filled();
        let path = file(&world, name);
        let mut bytes = world.read(&path).unwrap();
        how(&mut bytes, at);
        world.write(&path, &bytes).unwrap();
        let (pack, ignored) = opened(&world, "salt");
        let small = pack.small(of("small"));
        let large = pack.has_large(of("large")).then(|| pack.large(of("large"))).flatten();
        assert!(ignored.is_some() || pack.is_broken(), "{name} at {at} is not noticed");
        assert!(small.is_none_or(|bytes| bytes == b"one"), "{name} at {at}");
        assert!(large.is_none_or(|bytes| bytes == b"two"), "{name} at {at}");
    }
}

#[test]
fn damage_is_noticed() {
    spoil("index", |bytes, at| bytes.truncate(at));
    spoil("index", |bytes, at| bytes[at] ^= 4);
    spoil("blob-0", |bytes, at| bytes.truncate(at));
    spoil("blob-0", |bytes, at| bytes[at] ^= 4);
}

#[test]
fn a_broken_pack_is_removed() {
    let world = filled();
    world.write(&file(&world, "blob-0"), b"tw!").unwrap();
    let (pack, _) = opened(&world, "salt");
    assert_eq!(pack.large(of("large")), None);
    pack.save(&world, LIMIT_BYTES);
    drop(pack);
    let (pack, ignored) = opened(&world, "salt");
    assert_eq!((pack.small(of("small")), ignored), (None, None));
}

#[test]
fn only_one_run_at_a_time_has_it() {
    let world = filled();
    let (pack, _) = opened(&world, "salt");
    assert!(open(&world, Path::new(FOLDER), of("salt")).pack.is_none());
    pack.close();
    assert!(open(&world, Path::new(FOLDER), of("salt")).pack.is_some());
}

#[test]
fn a_folder_that_is_none_is_left_alone() {
    let world = Memory::new(&[(FOLDER, "mine")]);
    let opened = open(&world, Path::new(FOLDER), of("salt"));
    assert!(opened.pack.is_none() && opened.ignored.is_some());
    assert_eq!(world.read(Path::new(FOLDER)).unwrap(), b"mine");
}

#[test]
fn what_nobody_used_for_long_goes_first() {
    let world = filled();
    for run in 0..3 {
        let (pack, _) = opened(&world, "salt");
        assert!(pack.has_large(of("large")));
        pack.put_large(of(&format!("run {run}")), &[run; 40]);
        pack.save(&world, 64);
    }
    let (pack, ignored) = opened(&world, "salt");
    assert_eq!(ignored, None);
    assert_eq!(pack.large(of("large")).as_deref(), Some(&b"two"[..]));
    assert_eq!(pack.large(of("run 2")).as_deref(), Some(&[2; 40][..]));
    assert!(!pack.has_large(of("run 0")) && !pack.has_large(of("run 1")));
    assert_eq!(pack.small(of("small")), None);
    // What went is no longer on disk either.
    let left: u64 = world.list(Path::new(FOLDER)).unwrap().iter().map(|entry| entry.size_bytes).sum();
    assert!(left < 400, "{left}");
}

#[test]
fn a_foreign_folder_is_not_used() {
    let foreign: [&[(&str, &str)]; 5] = [
        &[("blob-1", "mine")],
        &[("index", "mine"), ("blob-1", "mine")],
        &[("index", "mine"), ("lock", ""), ("notes", "mine")],
        &[("lock", "mine"), ("blob-1", "mine")],
        &[("notes/blob-1", "mine")],
    ];
    for files in foreign {
        let world = Memory::default();
        for (name, text) in files {
            world.write(&Path::new(FOLDER).join(name), text.as_bytes()).unwrap();
        }
        let opened = open(&world, Path::new(FOLDER), of("salt"));
        assert!(opened.pack.is_none() && opened.ignored.is_some(), "{files:?}");
        assert_eq!(world.paths().len(), files.len(), "{files:?}");
    }
}

#[test]
fn only_blobs_are_removed() {
    let world = filled();
    for name in ["blob-7", "blob-", "blob-7.txt"] {
        world.write(&Path::new(FOLDER).join(name), b"").unwrap();
    }
    let (pack, ignored) = opened(&world, "other");
    pack.put_small(of("x"), b"x".to_vec());
    pack.save(&world, LIMIT_BYTES);
    let names: Vec<String> =
        world.list(Path::new(FOLDER)).unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!((ignored, names.join(" ")), (None, "blob- blob-0 blob-7.txt index lock".to_string()));
}

#[test]
fn what_a_killed_first_run_has_left_is_used() {
    let world = Memory::default();
    for (name, text) in [("lock", ""), ("blob-0", "half"), ("index.new", "half")] {
        world.write(&Path::new(FOLDER).join(name), text.as_bytes()).unwrap();
    }
    let (pack, ignored) = opened(&world, "salt");
    assert!(pack.put_large(of("large"), b"two"));
    assert_eq!((pack.large(of("large")), ignored), (Some(b"two".to_vec()), None));
}

#[test]
#[cfg(unix)]
fn a_pack_writes_through_no_link() {
    use crate::base::disk::Disk;

    for name in ["index", "index.new", "lock", "blob-0"] {
        let folder = tempfile::tempdir().unwrap();
        let (pack, victim) = (folder.path().join(".callboard"), folder.path().join("victim"));
        Disk.write(&victim, b"").unwrap();
        Disk.write(&pack.join("lock"), b"").unwrap();
        let _absent = Disk.remove_file(&pack.join(name));
        std::os::unix::fs::symlink(&victim, pack.join(name)).unwrap();
        let opened = open(&Disk, &pack, of("salt"));
        if let Some(pack) = &opened.pack {
            pack.put_small(of("small"), b"one".to_vec());
            pack.put_large(of("large"), b"two");
            pack.save(&Disk, LIMIT_BYTES);
        }
        assert!(opened.ignored.is_some(), "{name}");
        assert_eq!(Disk.read(&victim).unwrap(), b"", "{name}");
    }
}
