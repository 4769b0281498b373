//! What lies in an output folder: every file, ours or not, listed once
//! before anything changes, so that all decisions are made on it.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::base::par::par_map;
use crate::base::world::{Entry, EntryKind, World};
use crate::model::failure::Failure;

use super::journal::failure;

/// Everything in an output folder but our own four names, by its path
/// relative to the folder. Links are entries, and are never followed.
#[derive(Debug, Default)]
pub(super) struct Tree {
    entries: BTreeMap<String, EntryKind>,
}

impl Tree {
    /// Returns what lies at a path.
    pub(super) fn kind(&self, path: &str) -> Option<EntryKind> {
        self.entries.get(path).copied()
    }

    /// Returns everything that is not a folder.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|(_, kind)| **kind != EntryKind::Folder).map(|(path, _)| path.as_str())
    }

    /// Returns something below a folder that would keep the folder from
    /// being removed: a file that lasts, or a folder without files.
    pub(super) fn lasting_below(&self, folder: &str, lasts: impl Fn(&str) -> bool) -> Option<&str> {
        let prefix = format!("{folder}/");
        let below = self.entries.range(prefix.clone()..);
        let mut below = below.take_while(|(path, _)| path.starts_with(&prefix)).peekable();
        if below.peek().is_none() {
            return self.entries.get_key_value(folder).map(|(path, _)| path.as_str());
        }
        let lasting = below.find(|(path, kind)| match kind {
            EntryKind::Folder => !self.has_files_below(path),
            _ => lasts(path),
        });
        lasting.map(|(path, _)| path.as_str())
    }

    fn has_files_below(&self, folder: &str) -> bool {
        let prefix = format!("{folder}/");
        let below = self.entries.range(prefix.clone()..);
        below.take_while(|(path, _)| path.starts_with(&prefix)).any(|(_, kind)| *kind != EntryKind::Folder)
    }
}

/// Lists an output folder; an absent one is empty.
pub(super) fn tree(world: &dyn World, output: &Path) -> Result<Tree, Failure> {
    let mut entries = BTreeMap::new();
    let mut folders = vec![String::new()];
    while !folders.is_empty() {
        let listed = par_map(&folders, |folder| list(world, output, folder));
        let mut below = Vec::new();
        for (folder, listed) in folders.iter().zip(listed) {
            for entry in listed? {
                if folder.is_empty() && super::is_reserved(&entry.name) {
                    continue;
                }
                let path = match folder.as_str() {
                    "" => entry.name,
                    folder => format!("{folder}/{}", entry.name),
                };
                if entry.kind == EntryKind::Folder {
                    below.push(path.clone());
                }
                entries.insert(path, entry.kind);
            }
        }
        folders = below;
    }
    Ok(Tree { entries })
}

fn list(world: &dyn World, output: &Path, folder: &str) -> Result<Vec<Entry>, Failure> {
    match world.names(&place(output, folder)) {
        Ok(listed) => Ok(listed),
        Err(error) if folder.is_empty() && error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => {
            let path = place(output, folder);
            Err(Failure::environment(format!("cannot list `{}`: {error}", path.display())))
        }
    }
}

/// Returns the absolute place of a path of the site; the empty path is
/// the output itself.
pub(super) fn place(output: &Path, path: &str) -> PathBuf {
    match path {
        "" => output.to_path_buf(),
        path => output.join(path),
    }
}

/// Returns the folders above a path, the nearest first, without the
/// output itself.
pub(super) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        folder.rsplit_once('/').map(|(above, _)| above)
    })
}

/// Refuses a path of the site where something above it, within the
/// output, is there and no real folder: behind a link lies what is not
/// ours to write or to remove.
pub(super) fn refuse_links_above(world: &dyn World, output: &Path, path: &str) -> Result<(), Failure> {
    refuse_links_beyond(world, output, path, &HashSet::new())
}

/// Like [`refuse_links_above`], and passes over folders that are known to
/// be real.
pub(super) fn refuse_links_beyond(
    world: &dyn World,
    output: &Path,
    path: &str,
    known: &HashSet<PathBuf>,
) -> Result<(), Failure> {
    // The farthest first: what lies behind a link is never looked at.
    let above: Vec<&str> = folders_above(path).collect();
    for folder in above.into_iter().rev() {
        let at = place(output, folder);
        if known.contains(&at) {
            continue;
        }
        match world.entry(&at) {
            Ok(EntryKind::Folder) => {}
            Ok(_) => return Err(not_real(&at, "folder")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failure("read", &at, &error)),
        }
    }
    Ok(())
}

/// Creates a folder of ours; a link at its place is a refusal.
pub(super) fn create_real_folder(world: &dyn World, path: &Path) -> Result<(), Failure> {
    if is_there(world, path, EntryKind::Folder)? {
        return Ok(());
    }
    world.create_folder(path).map_err(|error| failure("create", path, &error))
}

/// Tells whether something of ours lies at a path; what is not of its
/// kind, such as a link, is a refusal.
pub(super) fn is_there(world: &dyn World, path: &Path, kind: EntryKind) -> Result<bool, Failure> {
    match world.entry(path) {
        Ok(found) if found == kind => Ok(true),
        Ok(_) => Err(not_real(path, if kind == EntryKind::Folder { "folder" } else { "file" })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failure("read", path, &error)),
    }
}

fn not_real(path: &Path, what: &str) -> Failure {
    Failure::refusal(format!("`{}` is a link or the like, and no real {what}", path.display()))
        .with_help("Callboard writes through no link: remove it, or name another folder with `--dest-dir`")
}

/// Removes the folders above a removed file that are empty now.
pub(super) fn remove_empty_folders(world: &dyn World, output: &Path, path: &str) {
    for folder in folders_above(path) {
        match world.remove_folder(&place(output, folder)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // It holds something, so those above it do too. An empty
            // folder that stays behind harms nobody.
            Err(_) => return,
        }
    }
}
