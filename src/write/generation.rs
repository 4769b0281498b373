//! `--atomic`: a whole new site is built in a folder beside the output,
//! where unchanged files are second names of the old ones, and the two
//! folders are exchanged in one call. What is left of the old generation
//! is then removed, file by file, as far as it is ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::hash::Hash;
use crate::base::par::par_map;
use crate::base::world::{EntryKind, World};
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use super::journal::{failure, remove_if_there};
use super::manifest::{self, Manifest};
use super::swap::{Build, Staged, State, Written, counts, entries};
use super::tree::{self, Tree, place};
use super::{LOCK, PLAN};

/// Returns the folder that a generation is built in: beside the output,
/// because the two must lie on one file system.
pub(super) fn folder(output: &Path) -> PathBuf {
    let name = output.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    output.with_file_name(format!(".{name}.callboard-next"))
}

/// Builds a generation and exchanges it for the output.
pub(super) fn write(
    build: &Build<'_>,
    old: &Manifest,
    tree: &Tree,
    removed: &BTreeMap<String, Hash>,
    diags: &mut Vec<Diagnostic>,
) -> Result<(Written, Vec<manifest::Entry>), Failure> {
    let written = exchange(build, old, tree, removed, diags);
    // After a failure this is the unfinished generation, else the old
    // one. What cannot be removed harms nobody; the next run tries again.
    let _left_for_the_next_run = discard(build.world, build.output);
    written
}

fn exchange(
    build: &Build<'_>,
    old: &Manifest,
    tree: &Tree,
    removed: &BTreeMap<String, Hash>,
    diags: &mut Vec<Diagnostic>,
) -> Result<(Written, Vec<manifest::Entry>), Failure> {
    let (world, output) = (build.world, build.output);
    let next = folder(output);
    tree::create_real_folder(world, &next)?;
    plan(build, &next)?;
    let staged_at = |idx: usize| {
        let path = build.paths[idx].as_str();
        // A folder that somebody's files have kept may hold links too.
        tree::refuse_links_above(world, &next, path)?;
        Ok(place(&next, path))
    };
    let staged = build.stage(old, tree, &staged_at)?;
    build.report_edited(&staged, diags);
    let written = (counts(&staged, removed.len()), entries(&staged));
    let new = build.manifest(&staged);
    if !written.0.changes_anything() && new == *old {
        return Ok(written);
    }
    carry(build, tree, removed, &staged, &next)?;
    let path = next.join(manifest::NAME);
    world.write(&path, &manifest::bytes(&new)).map_err(|error| failure("write", &path, &error))?;
    build.stop_if_asked()?;
    world.exchange(&next, output).map_err(|error| {
        Failure::environment(format!("cannot exchange `{}` for a new folder: {error}", output.display()))
            .with_help("build without `--atomic`: a mount point or this file system cannot do it")
    })?;
    let _left_for_the_next_run = remove_plan(world, output);
    Ok(written)
}

/// Sets down which paths of the generation are ours, so that a killed
/// build can be told from the files of a person.
fn plan(build: &Build<'_>, next: &Path) -> Result<(), Failure> {
    let paths: Vec<&str> = build.paths.iter().map(SitePath::as_str).collect();
    let path = next.join(PLAN);
    let text = serde_json::to_vec(&paths).expect("strings are JSON");
    build.world.write(&path, &text).map_err(|error| failure("write", &path, &error))
}

fn remove_plan(world: &dyn World, output: &Path) -> Result<(), Failure> {
    remove_if_there(world, &output.join(PLAN))
}

/// Gives the unchanged files, the foreign ones and the lock a second
/// name in the new generation. The lock too, so that it holds on.
fn carry(
    build: &Build<'_>,
    tree: &Tree,
    removed: &BTreeMap<String, Hash>,
    staged: &[Staged],
    next: &Path,
) -> Result<(), Failure> {
    let is_written = |path: &str| {
        let idx = build.paths.binary_search(&SitePath::new(path));
        idx.is_ok_and(|idx| staged[idx].state != State::Unchanged)
    };
    let mut carried: Vec<&str> =
        tree.files().filter(|path| !removed.contains_key(*path) && !is_written(path)).collect();
    carried.push(LOCK);
    let folders: BTreeSet<&str> =
        carried.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    for folder in folders {
        let at = place(next, folder);
        tree::refuse_links_above(build.world, next, folder)?;
        tree::is_there(build.world, &at, EntryKind::Folder)?;
        build.world.create_folder(&at).map_err(|error| failure("create", &at, &error))?;
    }
    let has_failed = AtomicBool::new(false);
    let linked = par_map(&carried, |path| {
        if has_failed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let linked = carry_one(build, path, next);
        if linked.is_err() {
            has_failed.store(true, Ordering::Relaxed);
        }
        linked
    });
    linked.into_iter().collect()
}

fn carry_one(build: &Build<'_>, path: &str, next: &Path) -> Result<(), Failure> {
    build.stop_if_asked()?;
    let (from, to) = (place(build.output, path), place(next, path));
    if build.world.hard_link(&from, &to).is_ok() {
        return Ok(());
    }
    // Some file systems have no second names. What a link leads to is
    // not copied.
    tree::is_there(build.world, &from, EntryKind::File)?;
    let bytes = build.world.read(&from).map_err(|error| failure("read", &from, &error))?;
    build.world.write(&to, &bytes).map_err(|error| failure("write", &to, &error))
}

/// Removes what a build has left beside the output: a generation that
/// was never finished, or the old one after the exchange. A file in it
/// that is neither ours nor in the output is moved there; one that
/// cannot be stays, and so does the folder.
pub(super) fn discard(world: &dyn World, output: &Path) -> Result<(), Failure> {
    let left = folder(output);
    if world.entry(&left).is_ok_and(|kind| kind == EntryKind::Folder) {
        discard_folder(world, output, &left)?;
    }
    remove_plan(world, output)
}

fn discard_folder(world: &dyn World, output: &Path, left: &Path) -> Result<(), Failure> {
    let planned = planned(world, left);
    let listed = manifest::read(world, left).ok().flatten().unwrap_or_default();
    let tree = tree::tree(world, left)?;
    let is_known = world.exists(&left.join(PLAN)) || world.exists(&left.join(manifest::NAME));
    if !is_known && tree.files().next().is_some() {
        return Ok(()); // No build of ours leaves such a folder.
    }
    for path in tree.files() {
        let (here, there) = (place(left, path), place(output, path));
        let site_path = SitePath::new(path);
        let is_ours = planned.contains(path) || listed.files.contains_key(&site_path);
        // Behind a link lies another's folder.
        let is_reachable = tree::refuse_links_above(world, output, path).is_ok();
        if is_ours || is_reachable && is_same(world, &here, &there) {
            world.remove_file(&here).map_err(|error| failure("remove", &here, &error))?;
        } else if !is_reachable {
            continue;
        } else if !world.exists(&there) {
            if let Some(folder) = there.parent() {
                world.create_folder(folder).map_err(|error| failure("create", folder, &error))?;
            }
            world.rename(&here, &there).map_err(|error| failure("move", &here, &error))?;
        }
        tree::remove_empty_folders(world, left, path);
    }
    // What says which files are ours goes last.
    for name in [LOCK, manifest::NAME, PLAN] {
        remove_if_there(world, &left.join(name))?;
    }
    let _holds_foreign_files = world.remove_folder(left);
    Ok(())
}

fn planned(world: &dyn World, left: &Path) -> BTreeSet<String> {
    let Ok(text) = world.read(&left.join(PLAN)) else { return BTreeSet::new() };
    serde_json::from_slice(&text).unwrap_or_default()
}

fn is_same(world: &dyn World, one: &Path, other: &Path) -> bool {
    let is_file = |path: &Path| world.entry(path).is_ok_and(|kind| kind == EntryKind::File);
    is_file(one)
        && is_file(other)
        && matches!((world.read(one), world.read(other)), (Ok(one), Ok(other)) if one == other)
}
