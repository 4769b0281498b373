//! The journal: what the second phase is going to do, set down before it
//! starts. A run that finds one finishes it before anything else, so a
//! killed build ends up whole. Every step may be done twice.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::hash;
use crate::base::world::{EntryKind, World};
use crate::model::failure::{Failure, FailureKind};

use super::tree::{self, place};
use super::{STAGING, manifest};

/// The journal's name in the staging folder.
const JOURNAL: &str = "journal.json";
/// Its name until it is whole.
const UNFINISHED: &str = "journal.part";
/// The staged manifest's name.
const MANIFEST: &str = "manifest";

/// One step of the second phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Step {
    /// Moves the staged file of this number to `path`.
    Place { path: String, number: usize, is_new: bool },
    /// Moves the staged folder of this number to `path`, where nothing is.
    Folder { path: String, number: usize },
    /// Removes a file of ours, if it is still as we wrote it.
    Remove { path: String, hash: String },
    /// Moves the staged manifest to its place.
    Manifest,
}

/// Returns the place of a staged file.
pub(super) fn staged(output: &Path, number: usize) -> PathBuf {
    output.join(STAGING).join(number.to_string())
}

/// Returns the place of the staged manifest.
pub(super) fn staged_manifest(output: &Path) -> PathBuf {
    output.join(STAGING).join(MANIFEST)
}

/// Sets down the journal. From here on the build is as good as done.
pub(super) fn set_down(world: &dyn World, output: &Path, steps: &[Step]) -> Result<(), Failure> {
    let unfinished = output.join(STAGING).join(UNFINISHED);
    let text = serde_json::to_vec(steps).expect("strings, numbers and flags are JSON");
    world
        .write(&unfinished, &text)
        .and_then(|()| world.rename(&unfinished, &output.join(STAGING).join(JOURNAL)))
        .map_err(|error| failure("write", &unfinished, &error))
}

/// Finishes what a killed build has left: the second phase, if it had
/// begun; else its staged files are dropped and the old site stands.
pub(super) fn recover(world: &dyn World, output: &Path) -> Result<(), Failure> {
    if !tree::is_there(world, &output.join(STAGING), EntryKind::Folder)? {
        return Ok(());
    }
    let path = output.join(STAGING).join(JOURNAL);
    tree::is_there(world, &path, EntryKind::File)?;
    match world.read(&path) {
        Ok(text) => match serde_json::from_slice::<Vec<Step>>(&text) {
            Ok(steps) if steps.iter().all(is_safe) => finish(world, output, &steps)?,
            // It was renamed into place whole, so a power cut took it
            // before it reached the disk. The next build compares every
            // file by content, which mends whatever was done.
            _ => {}
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failure("read", &path, &error)),
    }
    drop_staging(world, output);
    Ok(())
}

/// Tells whether a journal waits to be finished.
pub(super) fn is_pending(world: &dyn World, output: &Path) -> bool {
    let staging = output.join(STAGING);
    world.entry(&staging).is_ok_and(|kind| kind == EntryKind::Folder) && world.exists(&staging.join(JOURNAL))
}

/// Removes the staging folder, unless its journal is to be finished by
/// the next run.
pub(super) fn drop_staging_unless_pending(world: &dyn World, output: &Path) {
    if !is_pending(world, output) {
        drop_staging(world, output);
    }
}

/// Performs the steps in order.
pub(super) fn finish(world: &dyn World, output: &Path, steps: &[Step]) -> Result<(), Failure> {
    let mut folders = HashSet::new();
    for step in steps {
        match step {
            Step::Place { path, number, is_new } => {
                let from = staged(output, *number);
                if tree::is_there(world, &from, EntryKind::File)? {
                    move_in(world, output, &from, path, *is_new, &mut folders)?;
                }
            }
            Step::Folder { path, number } => {
                let from = staged(output, *number);
                if tree::is_there(world, &from, EntryKind::Folder)? {
                    move_in(world, output, &from, path, true, &mut folders)?;
                }
            }
            Step::Remove { path, hash } => remove(world, output, path, hash)?,
            Step::Manifest => {
                let from = staged_manifest(output);
                if tree::is_there(world, &from, EntryKind::File)? {
                    let to = output.join(manifest::NAME);
                    world.rename(&from, &to).map_err(|error| failure("replace", &to, &error))?;
                }
            }
        }
    }
    remove_if_there(world, &output.join(STAGING).join(JOURNAL))
}

/// Removes a file, or the link at its place.
pub(super) fn remove_if_there(world: &dyn World, path: &Path) -> Result<(), Failure> {
    match world.remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failure("remove", path, &error)),
        _ => Ok(()),
    }
}

/// Removes the staging folder and what in it is ours. What cannot be
/// removed is removed by the next run.
fn drop_staging(world: &dyn World, output: &Path) {
    let folder = output.join(STAGING);
    let Ok(entries) = world.list(&folder) else { return };
    for entry in entries {
        let is_ours =
            is_number(&entry.name) || matches!(entry.name.as_str(), JOURNAL | UNFINISHED | MANIFEST);
        if is_ours {
            drop_staged(world, &folder.join(&entry.name), entry.kind);
        }
    }
    let _left_for_the_next_run = world.remove_folder(&folder);
}

/// Removes what is staged under one name: of a link, the link itself.
fn drop_staged(world: &dyn World, path: &Path, kind: EntryKind) {
    let mut folders = Vec::new();
    let mut entries = vec![(path.to_path_buf(), kind)];
    while let Some((path, kind)) = entries.pop() {
        match kind {
            EntryKind::File | EntryKind::Link => {
                let _left_for_the_next_run = world.remove_file(&path);
            }
            EntryKind::Folder => {
                let below = world.list(&path).unwrap_or_default();
                entries.extend(below.into_iter().map(|entry| (path.join(entry.name), entry.kind)));
                folders.push(path);
            }
            EntryKind::Other | EntryKind::Unnameable => {}
        }
    }
    // Those above were found before those below.
    for folder in folders.into_iter().rev() {
        let _left_for_the_next_run = world.remove_folder(&folder);
    }
}

/// Tells whether a name in the staging folder is that of a staged file or
/// folder.
pub(super) fn is_number(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Moves what is staged to its place. What is not staged any more has been
/// moved before the build was killed.
fn move_in(
    world: &dyn World,
    output: &Path,
    from: &Path,
    path: &str,
    is_new: bool,
    folders: &mut HashSet<PathBuf>,
) -> Result<(), Failure> {
    let to = place(output, path);
    if to.parent().is_none_or(|folder| !folders.contains(folder)) {
        tree::refuse_links_beyond(world, output, path, folders)?;
    }
    if is_new && world.exists(&to) {
        return Err(in_the_way(&to));
    }
    if let Some(folder) = to.parent()
        && !folders.contains(folder)
    {
        world.create_folder(folder).map_err(|error| failure("create", folder, &error))?;
        folders.extend(tree::folders_above(path).map(|folder| place(output, folder)));
    }
    world.rename(from, &to).map_err(|error| failure("replace", &to, &error))
}

/// Removes a file if it still has the hash that we gave it, and the
/// folders above it that are empty then. What lies behind a link stays.
pub(super) fn remove(world: &dyn World, output: &Path, path: &str, hash: &str) -> Result<(), Failure> {
    if tree::refuse_links_above(world, output, path)
        .is_err_and(|failure| failure.kind == FailureKind::Refusal)
    {
        return Ok(());
    }
    let at = place(output, path);
    match world.entry(&at) {
        Ok(EntryKind::File) => {
            let bytes = world.read(&at).map_err(|error| failure("read", &at, &error))?;
            if hash::hash(&bytes).hex() != hash {
                return Ok(()); // Somebody changed it meanwhile: theirs now.
            }
            world.remove_file(&at).map_err(|error| failure("remove", &at, &error))?;
        }
        Ok(_) => return Ok(()),
        Err(_) => {}
    }
    tree::remove_empty_folders(world, output, path);
    Ok(())
}

/// Returns the refusal to replace a file that is not ours.
pub(super) fn in_the_way(path: &Path) -> Failure {
    Failure::refusal(format!("`{}` is in the way, and Callboard did not write it", path.display()))
        .with_help("move it out of the output folder; nothing there has been changed")
}

/// Returns the failure of an operation on a path.
pub(super) fn failure(verb: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::environment(format!("cannot {verb} `{}`: {error}", path.display()))
}

fn is_safe(step: &Step) -> bool {
    match step {
        Step::Place { path, .. } | Step::Folder { path, .. } | Step::Remove { path, .. } => {
            manifest::safe_path(path).is_some()
        }
        Step::Manifest => true,
    }
}
