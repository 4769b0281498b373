//! Where files wait until all of them are made: each under its number;
//! or, where the output lacks the folder that a file goes to, in such a
//! folder, which then arrives whole, in one move.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use crate::base::hash::Hash;
use crate::base::world::World;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use super::STAGING;
use super::journal::{self, Step, failure};
use super::swap::{Staged, State};
use super::tree::{self, Tree, folders_above};

/// What waits where.
pub(super) struct Staging<'s> {
    paths: &'s [SitePath],
    folders: Vec<NewFolder<'s>>,
    /// For each path, the one of `folders` that it waits in.
    folder_of: Vec<Option<usize>>,
}

/// A folder that the output lacks, though not the folder above it.
struct NewFolder<'s> {
    path: &'s str,
    /// What it is called while it waits: the number of its first file.
    number: usize,
    has_pages: bool,
}

/// Makes the staging folder, and plans who waits where. `paths` is sorted,
/// each once; `tree` is what lies in the output.
pub(super) fn staging<'s>(
    world: &dyn World,
    output: &Path,
    paths: &'s [SitePath],
    tree: &Tree,
) -> Result<Staging<'s>, Failure> {
    let folder = output.join(STAGING);
    tree::create_real_folder(world, &folder)?;
    // What a killed build had left is gone by now, unless it could not be
    // removed; and what lies behind a link is not ours to write.
    let left = world.list(&folder).map_err(|error| failure("list", &folder, &error))?;
    if let Some(entry) = left.iter().find(|entry| journal::is_number(&entry.name)) {
        return Err(journal::in_the_way(&folder.join(&entry.name)));
    }
    Ok(plan(paths, tree))
}

fn plan<'s>(paths: &'s [SitePath], tree: &Tree) -> Staging<'s> {
    let mut folders: Vec<NewFolder<'_>> = Vec::new();
    let mut folder_of = Vec::with_capacity(paths.len());
    for (number, path) in paths.iter().enumerate() {
        let path = path.as_str();
        let has_pages = is_page(path);
        // What is sorted keeps the files of a folder together.
        if let Some(last) = folders.last_mut()
            && path.strip_prefix(last.path).is_some_and(|rest| rest.starts_with('/'))
        {
            last.has_pages |= has_pages;
            folder_of.push(Some(folders.len() - 1));
            continue;
        }
        let highest = folders_above(path).take_while(|folder| tree.kind(folder).is_none()).last();
        folder_of.push(highest.map(|path| {
            folders.push(NewFolder { path, number, has_pages });
            folders.len() - 1
        }));
    }
    Staging { paths, folders, folder_of }
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

impl Staging<'_> {
    /// Returns the place where a file waits.
    pub(super) fn place(&self, output: &Path, number: usize) -> PathBuf {
        match self.folder_of[number] {
            None => journal::staged(output, number),
            Some(folder_idx) => {
                let folder = &self.folders[folder_idx];
                let rest = &self.paths[number].as_str()[folder.path.len() + 1..];
                journal::staged(output, folder.number).join(rest)
            }
        }
    }

    /// Returns the steps of the second phase: what stands in the way goes
    /// first, then come assets, pages, the manifest, and the other
    /// removals. So a page never lacks what it shows.
    pub(super) fn steps(&self, staged: &[Staged], removed: &BTreeMap<String, Hash>) -> Vec<Step> {
        let mut folders: HashSet<&str> = HashSet::new();
        // Only what goes can stand in the way.
        for path in self.paths.iter().filter(|_| !removed.is_empty()) {
            folders.extend(
                folders_above(path.as_str())
                    .take_while(|folder| !folders.contains(folder))
                    .collect::<Vec<_>>(),
            );
        }
        let is_file = |folder: &str| self.paths.binary_search(&SitePath::new(folder)).is_ok();
        let (first, last): (Vec<_>, Vec<_>) = removed
            .iter()
            .partition(|(path, _)| folders.contains(path.as_str()) || folders_above(path).any(is_file));
        let remove = |(path, hash): (&String, &Hash)| Step::Remove { path: path.clone(), hash: hash.hex() };
        let (pages, assets): (Vec<usize>, Vec<usize>) = (0..self.paths.len())
            .filter(|idx| staged[*idx].state != State::Unchanged && self.folder_of[*idx].is_none())
            .partition(|idx| is_page(self.paths[*idx].as_str()));
        let placed = |number: usize| Step::Place {
            path: self.paths[number].as_str().to_string(),
            number,
            is_new: staged[number].state == State::New,
        };
        let arrived = |has_pages: bool| {
            let folders = self.folders.iter().filter(move |folder| folder.has_pages == has_pages);
            folders.map(|folder| Step::Folder { path: folder.path.to_string(), number: folder.number })
        };
        let mut steps: Vec<Step> = first.into_iter().map(remove).collect();
        steps.extend(assets.into_iter().map(placed));
        steps.extend(arrived(false));
        steps.extend(arrived(true));
        steps.extend(pages.into_iter().map(placed));
        steps.push(Step::Manifest);
        steps.extend(last.into_iter().map(remove));
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::memory::Memory;

    /// Tells where each of `new` waits when the output holds `old`.
    fn places(old: &[&str], new: &[&str]) -> Vec<String> {
        let (world, out) = (Memory::default(), Path::new("/out"));
        for path in old {
            world.write(&out.join(path), b"").unwrap();
        }
        let paths: Vec<SitePath> = new.iter().map(|path| SitePath::new(path)).collect();
        let staging = plan(&paths, &tree::tree(&world, out).unwrap());
        let at = |number| staging.place(Path::new(""), number).strip_prefix(STAGING).unwrap().to_owned();
        (0..new.len()).map(|number| at(number).to_str().unwrap().to_string()).collect()
    }

    #[test]
    fn files_of_a_new_folder_wait_in_it() {
        let new = ["a.css", "b/c/x", "b/c/y", "b/d", "b.txt", "e/x"];
        assert_eq!(places(&[], &new), ["0", "1/c/x", "1/c/y", "1/d", "4", "5/x"]);
        assert_eq!(places(&["b/z"], &new), ["0", "1/x", "1/y", "3", "4", "5/x"]);
        assert_eq!(places(&["b/c/x", "e/x"], &new), ["0", "1", "2", "3", "4", "5"]);
        // A file that gives way to a folder is no folder yet.
        assert_eq!(places(&["e"], &["e/f/x", "e/y"]), ["0/x", "1"]);
    }
}
