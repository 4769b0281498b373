//! What has changed since a walk, without walking all of it again: only
//! folders in which something has come or gone are listed anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::sources;
use super::walk::{self, Part, Sources, Walked, place_config, portal_files, repos, slashed};
use crate::base::world::{EntryKind, World};
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::file::{File, FileId, RepoId, Snapshot};

/// More paths than these at once are a checkout, which may have changed
/// what no path tells of.
const MANY_PATHS: usize = 500;

/// What of a snapshot may be other than it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Files that may hold something else, sorted.
    pub files: Vec<FileId>,
    /// Whether files have come or gone, and numbers mean others.
    pub is_renumbered: bool,
}

/// What some paths mean.
#[derive(Default)]
struct Changes {
    /// The sizes of files that are still files, by their source.
    in_place: BTreeMap<(usize, FileId), u64>,
    /// Sources in which something has come or gone.
    sources: BTreeSet<usize>,
}

/// Looks again at what lies at some paths, which are all that may have
/// changed since `last`. `None` if only a whole walk tells.
pub fn rewalked(
    world: &dyn World,
    config: &Config,
    skip: &[PathBuf],
    last: &Walked,
    changed: &[PathBuf],
    diags: &mut [Diagnostic],
) -> Result<Option<(Walked, Touched)>, Failure> {
    // A dump may lie in the folder of another source.
    let has_dump = last.folders.iter().any(|folder| folder.only.is_some());
    let changes = match has_dump || changed.len() > MANY_PATHS {
        true => None,
        false => changes(world, config, skip, last, changed),
    };
    let Some(changes) = changes.filter(|changes| is_same_git(world, last, changes)) else { return Ok(None) };
    let portal = portal_files(world, config);
    let is_same_portal =
        last.snapshot.files_of(Snapshot::PORTAL).map(|id| last.snapshot.file(id)).eq(&portal);
    if changes.sources.is_empty() && is_same_portal {
        let walked = in_place(last, &changes);
        place_config(&walked.snapshot, diags);
        let touched = touched(last, &walked, &changes);
        return Ok(Some((walked, touched)));
    }
    let mut found = Vec::new();
    if sources::folders(world, config, skip, &mut found)? != last.folders {
        return Ok(None);
    }
    let parts = (0..last.folders.len()).map(|idx| part(world, last, &changes, idx)).collect();
    let sources = Sources { folders: last.folders.clone(), skip: last.skip.clone(), found };
    let walked = walk::assembled(world, config, parts, sources, diags);
    let touched = touched(last, &walked, &changes);
    Ok(Some((walked, touched)))
}

/// Sorts changed paths out; `None` if they may mean other sources.
fn changes(
    world: &dyn World,
    config: &Config,
    skip: &[PathBuf],
    last: &Walked,
    changed: &[PathBuf],
) -> Option<Changes> {
    let roots: HashMap<&Path, usize> =
        last.folders.iter().enumerate().map(|(idx, folder)| (&*folder.root, idx)).collect();
    let alone = [&config.file, &config.portal.home, &config.theme.logo, &config.theme.favicon];
    let mut changes = Changes::default();
    for path in changed {
        let source = path.ancestors().find_map(|above| Some((above, *roots.get(above)?)));
        let is_deeper = |skip: &PathBuf| source.is_none_or(|(root, _)| skip.starts_with(root));
        if skip.iter().any(|skip| path.starts_with(skip) && is_deeper(skip)) {
            continue;
        }
        let Some((root, source)) = source else {
            match alone.iter().any(|file| file.as_ref() == Some(path)) {
                true => continue,
                false => return None,
            }
        };
        let within = path.strip_prefix(root).ok().and_then(slashed)?;
        // An ignore file may bring others or take them away.
        let known = match within.ends_with("ignore") {
            true => None,
            false => last.snapshot.find(repo_of(source), &within),
        };
        match known.filter(|_| matches!(world.entry(path), Ok(EntryKind::File))) {
            Some(file) => {
                changes.in_place.insert((source, file), world.size_bytes(path).ok()?);
            }
            None => {
                changes.sources.insert(source);
            }
        }
    }
    Some(changes)
}

fn repo_of(source: usize) -> RepoId {
    RepoId(source as u32 + 1)
}

/// Tells whether git says the same of the sources that have changed.
fn is_same_git(world: &dyn World, last: &Walked, changes: &Changes) -> bool {
    let of_files = changes.in_place.keys().map(|(source, _)| *source);
    let sources: BTreeSet<usize> = of_files.chain(changes.sources.iter().copied()).collect();
    let folders: Vec<_> = sources.iter().map(|source| last.folders[*source].clone()).collect();
    let known = sources.iter().map(|source| last.snapshot.repo(repo_of(*source)));
    known.eq(&repos(world, &folders))
}

/// Returns a walk in which files have other sizes, at most.
fn in_place(last: &Walked, changes: &Changes) -> Walked {
    let mut walked = last.clone();
    let is_other =
        |((_, file), size): &(&(usize, FileId), &u64)| last.snapshot.file(*file).size_bytes != **size;
    let mut others = changes.in_place.iter().filter(is_other).peekable();
    if others.peek().is_some() {
        let snapshot = Arc::make_mut(&mut walked.snapshot);
        others.for_each(|((_, file), size)| snapshot.files[file.0 as usize].size_bytes = *size);
    }
    walked
}

/// Returns a source, walked again if something has come or gone there.
fn part(world: &dyn World, last: &Walked, changes: &Changes, source: usize) -> Part {
    let repo = last.snapshot.repo(repo_of(source)).clone();
    if changes.sources.contains(&source) {
        let walk = walk::walk(world, &last.folders[source], &last.skip[source]);
        return Part { repo, walk, files: None };
    }
    let file = |id: FileId| {
        let file = last.snapshot.file(id).clone();
        let size_bytes = changes.in_place.get(&(source, id)).copied().unwrap_or(file.size_bytes);
        File { size_bytes, ..file }
    };
    let files = last.snapshot.files_of(repo_of(source)).map(file).collect();
    Part { repo, walk: last.walks[source].clone(), files: Some(files) }
}

/// Returns which files of a new walk may hold something else than the
/// same files of the last one.
fn touched(last: &Walked, walked: &Walked, changes: &Changes) -> Touched {
    let (old, new) = (&last.snapshot, &walked.snapshot);
    let mut files: BTreeSet<FileId> = new.files_of(Snapshot::PORTAL).collect();
    for (source, file) in changes.in_place.keys() {
        files.extend(new.find(repo_of(*source), &old.file(*file).path));
        // What a link leads to may be the file that has changed.
        files.extend(walked.walks[*source].links.iter().filter_map(|path| new.find(repo_of(*source), path)));
    }
    files.extend(changes.sources.iter().flat_map(|source| new.files_of(repo_of(*source))));
    let is_same = |(a, b): (&File, &File)| a.repo == b.repo && a.path == b.path;
    let is_renumbered = old.files.len() != new.files.len() || !old.files.iter().zip(&new.files).all(is_same);
    Touched { files: files.into_iter().collect(), is_renumbered }
}
