//! Same input, same bytes: for any number of threads, checkout path,
//! locale, time zone, order of folders, and a second time over the same
//! folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::Ordering;

use callboard::base::disk::Disk;
use callboard::base::world::World;
use callboard::render::outputs;

use crate::odd_world::Odd;
use crate::portal;

#[test]
fn the_example_site_is_the_same_bytes_everywhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let elsewhere = folder.path().join("a rather/different path");
    copy(&portal::root().join("example-site"), &elsewhere);

    let one = build(&portal::root().join("example-site"), &folder.path().join("one"), "1", "UTC", "C");
    let other = build(&elsewhere, &folder.path().join("other"), "16", "Asia/Kathmandu", "tr_TR.UTF-8");
    assert_same(&one, &other);
}

#[test]
fn the_order_of_folders_shows_nowhere() {
    let world = Odd::new(&Disk);
    let root = world.real_path(&portal::root().join("example-site")).expect("it is there");
    let one = rendered(&world, &root);
    world.is_backwards.store(true, Ordering::Relaxed);
    let other = rendered(&world, &root);
    assert!(one.len() > 50, "{} files", one.len());
    assert_same(&one, &other);
}

/// Returns the files of a portal's site, and what is said of it.
fn rendered(world: &dyn World, root: &Path) -> Vec<(String, Vec<u8>)> {
    let (site, theme) = portal::site(world, root, "default");
    let outputs = outputs::outputs(&site, &theme);
    let mut files: Vec<(String, Vec<u8>)> = (0..outputs.paths.len())
        .map(|idx| (outputs.paths[idx].to_string(), outputs.bytes(world, idx).expect("it renders")))
        .collect();
    let mut diags = outputs.site.diagnostics.clone();
    diags.append(&mut outputs.diagnostics());
    files.push(("what is said".to_string(), portal::text(&outputs.site.snapshot, &diags).into_bytes()));
    files
}

#[test]
fn a_second_build_rewrites_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = folder.path().join("site");
    build(&portal::root().join("example-site"), &output, "2", "UTC", "C");
    let before = modified(&output);
    std::thread::sleep(std::time::Duration::from_millis(20));
    build(&portal::root().join("example-site"), &output, "2", "UTC", "C");
    assert_eq!(before, modified(&output), "a file was written again though nothing changed");
}

fn build(portal: &Path, output: &Path, threads: &str, zone: &str, language: &str) -> Vec<(String, Vec<u8>)> {
    let run = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .arg("build")
        .arg(portal)
        .arg("-d")
        .arg(output)
        .args(["-j", threads])
        .env("TZ", zone)
        .env("LANG", language)
        .env("LC_ALL", language)
        .output()
        .expect("the binary runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    portal::files_below(output)
}

fn assert_same(one: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)]) {
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(names(one), names(other));
    for ((path, one), (_, other)) in one.iter().zip(other) {
        assert!(one == other, "`{path}` differs");
    }
}

fn modified(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("the site is readable"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let modified = entry.metadata().expect("it has metadata").modified().expect("it has a time");
            (entry.into_path(), modified)
        })
        .collect()
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in portal::files_below(from) {
        let path = to.join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
        std::fs::write(path, bytes).expect("files can be written");
    }
}
