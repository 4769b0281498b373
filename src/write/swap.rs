//! Two phases: stage every new or changed file, then rename all of them
//! into place under a journal.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::base::hash::{self, Hash};
use crate::base::par::{join, par_map_indexed};
use crate::base::world::{EntryKind, Lock, Stamp, World};
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use super::journal::{self, failure};
use super::manifest::{self, Manifest};
use super::tree::{self, Tree, place};
use super::{LOCK, generation, staging};

/// How a site reaches its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Changed files are renamed into place one by one, under a journal.
    InPlace,
    /// A whole new folder is exchanged for the old one in one call.
    Atomic,
}

/// What a write did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub n_new: usize,
    pub n_changed: usize,
    pub n_unchanged: usize,
    pub n_removed: usize,
}

impl Written {
    /// Tells whether any file is another one than before.
    pub(super) fn changes_anything(&self) -> bool {
        self.n_new + self.n_changed + self.n_removed > 0
    }
}

/// The bytes of a site's files, made on demand.
pub type Produce<'p> = &'p (dyn Fn(usize) -> Result<Vec<u8>, Failure> + Sync);

/// What is known of a file before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    No,
    /// It would be this, which is what lies at its place.
    Untouched(manifest::Entry),
    /// It would be this; what lies at its place has to be looked at.
    Content(manifest::Entry),
}

/// Tells what is known of a file whose place holds one with this stamp.
pub type Foreknown<'f> = &'f (dyn Fn(usize, &Stamp) -> Known + Sync);

/// Tells where a file is staged, unless that is no place of ours.
pub(super) type StagedAt<'s> = &'s (dyn Fn(usize) -> Result<PathBuf, Failure> + Sync);

/// The files of a site: `paths` is sorted, each once.
#[derive(Clone, Copy)]
pub struct Job<'j> {
    pub paths: &'j [SitePath],
    pub produce: Produce<'j>,
    pub foreknown: Foreknown<'j>,
}

/// Returns the folders of a build that a walk of the sources must skip:
/// the output, and the generation that `--atomic` builds beside it.
pub fn skipped(output: &Path) -> Vec<PathBuf> {
    vec![output.to_path_buf(), generation::folder(output)]
}

/// Refuses an output folder that equals or contains a source, or holds
/// foreign files and no manifest. `sources` are without links. One inside of a source is fine, because
/// no walk enters it. Changes nothing.
pub fn refuse_unsafe(world: &dyn World, output: &Path, sources: &[PathBuf]) -> Result<(), Failure> {
    let output = resolved(world, output);
    if output.parent().is_none() {
        return Err(Failure::refusal(format!("`{}` cannot be the output folder", output.display()))
            .with_help("name a folder of its own with `--dest-dir`"));
    }
    for source in sources {
        let what = if *source == output {
            "is a source itself"
        } else if source.starts_with(&output) {
            "contains a source"
        } else {
            continue;
        };
        let message = format!("the output folder `{}` {what}: `{}`", output.display(), source.display());
        return Err(Failure::refusal(message).with_help("name a folder of its own with `--dest-dir`"));
    }
    refuse_foreign(world, &output)
}

/// Writes a site: `produce(n)` gives the bytes of `paths[n]`, in
/// parallel and in any order. `paths` is sorted, each once. `signal` is
/// the number of the signal that asks to stop, 0 while there is none; it
/// is heeded until the first file is moved into place. `diags` gets what
/// was found in the folder that we did not leave there.
pub fn write(
    world: &dyn World,
    output: &Path,
    paths: &[SitePath],
    produce: Produce<'_>,
    mode: Mode,
    signal: &AtomicU8,
    diags: &mut Vec<Diagnostic>,
) -> Result<Written, Failure> {
    let nothing = |_: usize, _: &Stamp| Known::No;
    let job = Job { paths, produce, foreknown: &nothing };
    write_foreknown(world, output, job, mode, signal, diags).map(|(written, _)| written)
}

/// Like [`write`], and makes no file of which enough is known. Returns
/// the manifest's entries too, in the order of `paths`.
pub fn write_foreknown(
    world: &dyn World,
    output: &Path,
    job: Job<'_>,
    mode: Mode,
    signal: &AtomicU8,
    diags: &mut Vec<Diagnostic>,
) -> Result<(Written, Vec<manifest::Entry>), Failure> {
    let output = &resolved(world, output);
    refuse_foreign(world, output)?;
    let was_there = world.exists(output);
    let lock = lock(world, output)?;
    let Job { paths, produce, foreknown } = job;
    let build = Build { world, output, paths, produce, foreknown, signal };
    let written = build.write(mode, diags);
    if written.is_err() && !was_there {
        // Both fail where the second phase had begun, as they should. The
        // lock is still held: after that, its file may be another's.
        let _left_for_the_next_run = remove_if_unused(world, output);
    }
    drop(lock);
    written
}

/// Takes the lock of an output folder, which is created.
pub(super) fn lock(world: &dyn World, output: &Path) -> Result<Box<dyn Lock>, Failure> {
    world.create_folder(output).map_err(|error| failure("create", output, &error))?;
    let path = output.join(LOCK);
    world.lock(&path).map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => {
            Failure::refusal(format!("another build is writing to `{}`", output.display()))
                .with_help("wait until it is done, or build into another folder")
        }
        _ => failure("lock", &path, &error),
    })
}

fn remove_if_unused(world: &dyn World, output: &Path) -> io::Result<()> {
    if world.list(output)?.iter().all(|entry| entry.name == LOCK) {
        world.remove_file(&output.join(LOCK))?;
        world.remove_folder(output)?;
    }
    Ok(())
}

/// Refuses what is no folder, and a folder with files and no manifest.
pub(super) fn refuse_foreign(world: &dyn World, output: &Path) -> Result<(), Failure> {
    match world.entry(output) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failure("read", output, &error)),
        Ok(EntryKind::Folder) => {}
        Ok(_) => {
            return Err(Failure::refusal(format!("`{}` is not a folder", output.display()))
                .with_help("name a folder with `--dest-dir`"));
        }
    }
    let entries = world.names(output).map_err(|error| failure("list", output, &error))?;
    let foreign = entries.iter().find(|entry| !super::is_reserved(&entry.name));
    // A build killed in its second phase may have placed files and no
    // manifest yet; its journal says that they are ours.
    let is_ours = journal::is_pending(world, output) || manifest::is_there(world, output)?;
    match foreign {
        Some(entry) if !is_ours => Err(Failure::refusal(format!(
            "`{}` holds files that Callboard did not write, such as `{}`",
            output.display(),
            entry.name
        ))
        .with_help("name an empty folder with `--dest-dir`")),
        _ => Ok(()),
    }
}

/// Resolves links in the part of a path that exists, so that two names of
/// one folder compare as one.
pub fn resolved(world: &dyn World, path: &Path) -> PathBuf {
    for above in path.ancestors() {
        if let Ok(real) = world.real_path(above) {
            let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
            return match rest.as_os_str().is_empty() {
                true => real,
                false => real.join(rest),
            };
        }
    }
    path.to_path_buf()
}

/// What a build knows from the start.
pub(super) struct Build<'b> {
    pub(super) world: &'b dyn World,
    pub(super) output: &'b Path,
    pub(super) paths: &'b [SitePath],
    pub(super) produce: Produce<'b>,
    pub(super) foreknown: Foreknown<'b>,
    pub(super) signal: &'b AtomicU8,
}

/// What became of one file in the first phase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Staged {
    pub(super) entry: manifest::Entry,
    pub(super) state: State,
    /// Whether somebody had edited the file that we wrote last time.
    pub(super) was_edited: bool,
}

/// How a file compares to what lies at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    New,
    Changed,
    Unchanged,
}

impl Build<'_> {
    fn write(
        &self,
        mode: Mode,
        diags: &mut Vec<Diagnostic>,
    ) -> Result<(Written, Vec<manifest::Entry>), Failure> {
        journal::recover(self.world, self.output)?;
        generation::discard(self.world, self.output)?;
        let (old, tree) =
            join(|| manifest::read(self.world, self.output), || tree::tree(self.world, self.output));
        let (old, tree) = (old?.unwrap_or_default(), tree?);
        let removed = self.removed(&old, &tree, diags)?;
        self.refuse_obstacles(&tree, &removed)?;
        match mode {
            Mode::InPlace => {
                let written = self.write_in_place(&old, &tree, &removed, diags);
                journal::drop_staging_unless_pending(self.world, self.output);
                written
            }
            Mode::Atomic => generation::write(self, &old, &tree, &removed, diags),
        }
    }

    fn write_in_place(
        &self,
        old: &Manifest,
        tree: &Tree,
        removed: &BTreeMap<String, Hash>,
        diags: &mut Vec<Diagnostic>,
    ) -> Result<(Written, Vec<manifest::Entry>), Failure> {
        let staging = staging::staging(self.world, self.output, self.paths, tree)?;
        let staged = self.stage(old, tree, &|idx| Ok(staging.place(self.output, idx)))?;
        self.report_edited(&staged, diags);
        let written = (counts(&staged, removed.len()), entries(&staged));
        let new = self.manifest(&staged);
        if !written.0.changes_anything() && new == *old {
            return Ok(written);
        }
        let path = journal::staged_manifest(self.output);
        let bytes = manifest::bytes(&new);
        self.world.write(&path, &bytes).map_err(|error| failure("write", &path, &error))?;
        let steps = staging.steps(&staged, removed);
        self.stop_if_asked()?;
        journal::set_down(self.world, self.output, &steps)?;
        match journal::finish(self.world, self.output, &steps) {
            Ok(()) => Ok(written),
            Err(failure) if failure.help.is_some() => Err(failure),
            Err(failure) => Err(failure.with_help("the next build finishes what this one has begun")),
        }
    }

    /// Makes all files, and writes those that are new or changed to where
    /// `staged_at` says. No bytes are held once a file is done.
    pub(super) fn stage(
        &self,
        old: &Manifest,
        tree: &Tree,
        staged_at: StagedAt<'_>,
    ) -> Result<Vec<Staged>, Failure> {
        let has_failed = AtomicBool::new(false);
        let staged = par_map_indexed(self.paths, |idx, path| {
            if has_failed.load(Ordering::Relaxed) {
                return None;
            }
            let staged = self.stage_one(idx, path, old, tree, staged_at);
            if staged.is_err() {
                has_failed.store(true, Ordering::Relaxed);
            }
            Some(staged)
        });
        // The files left out stand beside a failure, which ends this.
        staged.into_iter().flatten().collect()
    }

    fn stage_one(
        &self,
        idx: usize,
        path: &SitePath,
        old: &Manifest,
        tree: &Tree,
        staged_at: StagedAt<'_>,
    ) -> Result<Staged, Failure> {
        self.stop_if_asked()?;
        let at = place(self.output, path.as_str());
        let kind = tree.kind(path.as_str());
        if kind == Some(EntryKind::File)
            && let Some(ours) = old.files.get(path)
            && self.is_as_known(idx, &at, ours)
        {
            return Ok(Staged { entry: *ours, state: State::Unchanged, was_edited: false });
        }
        let bytes = (self.produce)(idx)?;
        let entry = manifest::Entry { hash: hash::hash(&bytes), size_bytes: bytes.len() as u64 };
        let on_disk = match kind {
            Some(EntryKind::File) => {
                Some(self.world.read(&at).map_err(|error| failure("read", &at, &error))?)
            }
            _ => None,
        };
        if on_disk.as_ref() == Some(&bytes) {
            return Ok(Staged { entry, state: State::Unchanged, was_edited: false });
        }
        let ours = old.files.get(path);
        let is_there = kind.is_some_and(|kind| kind != EntryKind::Folder);
        if is_there && ours.is_none() {
            return Err(journal::in_the_way(&at));
        }
        let hash_on_disk = on_disk.as_deref().map(hash::hash);
        let was_edited = is_there && ours.map(|ours| ours.hash) != hash_on_disk;
        let to = staged_at(idx)?;
        if self.begins_folder(idx, tree)
            && let Some(folder) = to.parent()
        {
            // To write would make it too, after having failed once. If it
            // cannot be made, that is where it is said.
            let _made = self.world.create_folder(folder);
        }
        self.world.write(&to, &bytes).map_err(|error| failure("write", &to, &error))?;
        let state = if is_there { State::Changed } else { State::New };
        Ok(Staged { entry, state, was_edited })
    }

    /// Tells whether a file is the first one of a folder that the output
    /// lacks.
    fn begins_folder(&self, idx: usize, tree: &Tree) -> bool {
        let Some((own, _)) = self.paths[idx].as_str().rsplit_once('/') else { return false };
        let before = idx.checked_sub(1).map(|before| self.paths[before].as_str());
        let shares = |before: &str| before.strip_prefix(own).is_some_and(|rest| rest.starts_with('/'));
        !before.is_some_and(shares) && tree.kind(own).is_none()
    }

    /// Tells whether a file that we wrote is what it would be made to
    /// again, without making it.
    fn is_as_known(&self, idx: usize, at: &Path, ours: &manifest::Entry) -> bool {
        let Ok(stamp) = self.world.stamp(at) else { return false };
        match (self.foreknown)(idx, &stamp) {
            Known::No => false,
            Known::Untouched(entry) => entry == *ours,
            Known::Content(entry) => {
                let is_it = |bytes: Vec<u8>| hash::hash(&bytes) == entry.hash;
                entry == *ours && self.world.read(at).is_ok_and(is_it)
            }
        }
    }

    /// Stops if a signal has come.
    pub(super) fn stop_if_asked(&self) -> Result<(), Failure> {
        match self.signal.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(Failure::interrupted(signal)),
        }
    }

    /// Returns the files of the old site that the new one lacks and that
    /// are still as we wrote them. Says what in the folder is not ours.
    fn removed(
        &self,
        old: &Manifest,
        tree: &Tree,
        diags: &mut Vec<Diagnostic>,
    ) -> Result<BTreeMap<String, Hash>, Failure> {
        let mut removed = BTreeMap::new();
        let mut foreign = Vec::new();
        for path in tree.files() {
            let site_path = SitePath::new(path);
            if self.paths.binary_search(&site_path).is_ok() {
                continue;
            }
            match old.files.get(&site_path) {
                Some(entry) if self.hash_on_disk(tree, path)? == Some(entry.hash) => {
                    removed.insert(path.to_string(), entry.hash);
                }
                _ => foreign.push(path),
            }
        }
        if let Some(first) = foreign.first() {
            diags.push(codes::output::foreign_output(self.output, foreign.len(), first));
        }
        Ok(removed)
    }

    fn hash_on_disk(&self, tree: &Tree, path: &str) -> Result<Option<Hash>, Failure> {
        if tree.kind(path) != Some(EntryKind::File) {
            return Ok(None);
        }
        let at = place(self.output, path);
        let bytes = self.world.read(&at).map_err(|error| failure("read", &at, &error))?;
        Ok(Some(hash::hash(&bytes)))
    }

    /// Refuses a file where the site needs a folder, and the reverse,
    /// unless it is ours and goes away.
    fn refuse_obstacles(&self, tree: &Tree, removed: &BTreeMap<String, Hash>) -> Result<(), Failure> {
        let is_foreign = |path: &str| !removed.contains_key(path);
        let mut seen: HashSet<&str> = HashSet::new();
        for path in self.paths {
            let path = path.as_str();
            if tree.kind(path) == Some(EntryKind::Folder)
                && let Some(below) = tree.lasting_below(path, is_foreign)
            {
                return Err(journal::in_the_way(&place(self.output, below)));
            }
            for folder in tree::folders_above(path) {
                if !seen.insert(folder) {
                    break;
                }
                let kind = tree.kind(folder);
                if kind.is_some_and(|kind| kind != EntryKind::Folder) && is_foreign(folder) {
                    return Err(journal::in_the_way(&place(self.output, folder)));
                }
            }
        }
        Ok(())
    }

    /// Returns the new site's manifest.
    pub(super) fn manifest(&self, staged: &[Staged]) -> Manifest {
        let files = self.paths.iter().cloned().zip(staged.iter().map(|staged| staged.entry));
        Manifest { files: files.collect() }
    }

    /// Says which files of ours somebody had edited; they are replaced.
    pub(super) fn report_edited(&self, staged: &[Staged], diags: &mut Vec<Diagnostic>) {
        for (path, staged) in self.paths.iter().zip(staged) {
            if staged.was_edited {
                diags.push(codes::output::edited_output(path.as_str()));
            }
        }
    }
}

/// Returns the manifest's entries.
pub(super) fn entries(staged: &[Staged]) -> Vec<manifest::Entry> {
    staged.iter().map(|staged| staged.entry).collect()
}

/// Counts what was done.
pub(super) fn counts(staged: &[Staged], n_removed: usize) -> Written {
    let n = |state: State| staged.iter().filter(|staged| staged.state == state).count();
    Written {
        n_new: n(State::New),
        n_changed: n(State::Changed),
        n_unchanged: n(State::Unchanged),
        n_removed,
    }
}
