//! The walk over a folder, alike in every world: breadth first, a level
//! at a time, the folders of a level in parallel.
//!
//! We list folders ourselves and take only the matching of patterns from
//! `ignore`: its walker opens a `.gitignore` that is a link to anywhere,
//! such as a device without an end, and knows no world but the disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::base::par::par_map;
use crate::base::world::{Entry, EntryKind, Walk, WalkOptions, WalkProblem, WalkTrouble, WalkedFile, World};

/// The ignore files of a folder; a later one wins over an earlier one.
pub(super) const IGNORE_FILES: [&str; 3] = [".gitignore", ".ignore", ".callboardignore"];
/// An ignore file that is larger is not one that a person wrote.
pub(super) const IGNORE_FILE_LIMIT_BYTES: u64 = 256 << 10;

/// Walks `root` as [`World::walk`] promises.
pub fn walk(world: &dyn World, root: &Path, options: &WalkOptions) -> Walk {
    let mut walk = Walk::default();
    let real_root = match world.real_path(root) {
        Ok(real_root) => real_root,
        Err(error) => {
            walk.problem("", WalkTrouble::Unreadable(error.to_string()));
            return walk;
        }
    };
    let real = |folder: &PathBuf| world.real_path(folder).unwrap_or_else(|_| folder.clone());
    let tree = Tree {
        world,
        exclude: patterns("", options.exclude.iter().map(String::as_str))
            .unwrap_or_else(|_| Gitignore::empty()),
        skip: options.skip.iter().map(real).collect(),
        root: real_root,
    };
    let mut level = vec![Folder { path: String::new(), ignores: None }];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (found, folders) in par_map(&level, |folder| tree.visit(folder)) {
            walk.files.extend(found.files);
            walk.links.extend(found.links);
            walk.problems.extend(found.problems);
            next.extend(folders);
        }
        level = next;
    }
    walk.files.sort();
    walk.links.sort();
    walk.problems.sort();
    walk
}

/// Compiles patterns in gitignore's syntax, relative to `folder`. The
/// error names the pattern that is wrong.
pub fn patterns<'p>(folder: &str, lines: impl IntoIterator<Item = &'p str>) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new(folder);
    for line in lines {
        builder.add_line(None, line).map_err(|error| error.to_string())?;
    }
    builder.build().map_err(|error| error.to_string())
}

impl Walk {
    fn problem(&mut self, path: &str, what: WalkTrouble) {
        self.problems.push(WalkProblem { path: path.to_string(), what });
    }
}

struct Tree<'w> {
    world: &'w dyn World,
    root: PathBuf,
    exclude: Gitignore,
    skip: BTreeSet<PathBuf>,
}

struct Folder {
    path: String,
    ignores: Option<Arc<Ignores>>,
}

/// The patterns of a folder, by the order of [`IGNORE_FILES`], and those
/// of the folders above it.
pub(super) struct Ignores {
    pub(super) above: Option<Arc<Ignores>>,
    pub(super) patterns: [Option<Gitignore>; IGNORE_FILES.len()],
}

impl Tree<'_> {
    fn visit(&self, folder: &Folder) -> (Walk, Vec<Folder>) {
        let (mut walk, mut folders) = (Walk::default(), Vec::new());
        let entries = match self.world.list(&self.absolute(&folder.path)) {
            Ok(entries) => entries,
            Err(error) => {
                walk.problem(&folder.path, WalkTrouble::Unreadable(error.to_string()));
                return (walk, folders);
            }
        };
        let ignores = self.ignores(folder, &entries, &mut walk);
        for entry in &entries {
            let path = match &*folder.path {
                "" => entry.name.clone(),
                above => format!("{above}/{}", entry.name),
            };
            let is_folder = entry.kind == EntryKind::Folder;
            // Some systems tell no case apart.
            if entry.name.eq_ignore_ascii_case(".git")
                || self.exclude.matched(&path, is_folder).is_ignore()
                || is_ignored(ignores.as_deref(), &path, is_folder)
            {
                continue;
            }
            match entry.kind {
                EntryKind::File => walk.files.push(WalkedFile { path, size_bytes: entry.size_bytes }),
                EntryKind::Folder if self.skip.contains(&self.absolute(&path)) => {}
                EntryKind::Folder => folders.push(Folder { path, ignores: ignores.clone() }),
                EntryKind::Link => self.follow(path, &mut walk),
                EntryKind::Other => {}
                EntryKind::Unnameable => walk.problem(&path, WalkTrouble::NameNotUtf8),
            }
        }
        (walk, folders)
    }

    fn ignores(&self, folder: &Folder, entries: &[Entry], walk: &mut Walk) -> Option<Arc<Ignores>> {
        let patterns = IGNORE_FILES.map(|name| {
            let entry = entries.iter().find(|entry| entry.name == name && entry.kind == EntryKind::File)?;
            let path = format!("{}/{name}", folder.path);
            let path = path.trim_start_matches('/');
            if entry.size_bytes > IGNORE_FILE_LIMIT_BYTES {
                walk.problem(path, WalkTrouble::Unreadable("it is too large for an ignore file".to_string()));
                return None;
            }
            match self.world.read(&self.absolute(path)) {
                Ok(bytes) => Some(tolerant_patterns(&folder.path, &bytes)),
                Err(error) => {
                    walk.problem(path, WalkTrouble::Unreadable(error.to_string()));
                    None
                }
            }
        });
        match patterns.iter().any(Option::is_some) {
            true => Some(Arc::new(Ignores { above: folder.ignores.clone(), patterns })),
            false => folder.ignores.clone(),
        }
    }

    /// A link counts as the file it leads to, if that lies in the root.
    /// A folder behind a link is found by its own path.
    fn follow(&self, path: String, walk: &mut Walk) {
        let Ok(real) = self.world.real_path(&self.absolute(&path)) else {
            return walk.problem(&path, WalkTrouble::LinkLeavesRoot);
        };
        let is_inside = real.strip_prefix(&self.root).is_ok_and(|within| {
            within.components().all(|part| !part.as_os_str().eq_ignore_ascii_case(".git"))
        });
        if !is_inside {
            return walk.problem(&path, WalkTrouble::LinkLeavesRoot);
        }
        if self.skip.iter().any(|skip| real.starts_with(skip)) {
            return;
        }
        if let (Ok(EntryKind::File), Ok(size_bytes)) = (self.world.entry(&real), self.world.size_bytes(&real))
        {
            walk.links.push(path.clone());
            walk.files.push(WalkedFile { path, size_bytes });
        }
    }

    fn absolute(&self, path: &str) -> PathBuf {
        match path {
            "" => self.root.clone(),
            path => self.root.join(path),
        }
    }
}

/// Compiles an ignore file; a line that is wrong counts for nothing, as
/// it does for git.
pub(super) fn tolerant_patterns(folder: &str, bytes: &[u8]) -> Gitignore {
    let text = String::from_utf8_lossy(bytes);
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _wrong_line = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

pub(super) fn is_ignored(ignores: Option<&Ignores>, path: &str, is_folder: bool) -> bool {
    (0..IGNORE_FILES.len())
        .rev()
        .find_map(|file_idx| {
            std::iter::successors(ignores, |ignores| ignores.above.as_deref())
                .filter_map(|ignores| ignores.patterns[file_idx].as_ref())
                .find_map(|patterns| match patterns.matched(path, is_folder) {
                    Match::None => None,
                    Match::Ignore(_) => Some(true),
                    Match::Whitelist(_) => Some(false),
                })
        })
        .unwrap_or(false)
}
