//! Whether a walk would leave out a single path: the same ignore files
//! as in [`walk`](super::walk), asked for one path at a time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::walk::{IGNORE_FILE_LIMIT_BYTES, IGNORE_FILES, Ignores, is_ignored, tolerant_patterns};
use super::world::{EntryKind, World};

/// The ignore files below a root, each read once, when a path needs it.
pub struct Ignored<'w> {
    world: &'w dyn World,
    root: PathBuf,
    /// By folder, relative to the root.
    known: BTreeMap<String, Option<Arc<Ignores>>>,
}

impl<'w> Ignored<'w> {
    pub fn new(world: &'w dyn World, root: &Path) -> Self {
        Ignored { world, root: root.to_path_buf(), known: BTreeMap::new() }
    }

    /// Tells whether a walk of the root leaves a path out, or a folder
    /// above it. `path` is relative to the root, with `/` between the
    /// parts.
    pub fn leaves_out(&mut self, path: &str, is_folder: bool) -> bool {
        let mut ignores = self.ignores("", None);
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let above = &path[..end];
            let is_folder = is_folder || end < path.len();
            let is_git = above.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(".git"));
            if is_git || is_ignored(ignores.as_deref(), above, is_folder) {
                return true;
            }
            if end < path.len() {
                ignores = self.ignores(above, ignores);
            }
        }
        false
    }

    fn ignores(&mut self, folder: &str, above: Option<Arc<Ignores>>) -> Option<Arc<Ignores>> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let patterns = IGNORE_FILES.map(|name| {
            let path = self.root.join(folder).join(name);
            let is_small = self.world.entry(&path).ok()? == EntryKind::File
                && self.world.size_bytes(&path).ok()? <= IGNORE_FILE_LIMIT_BYTES;
            let bytes = is_small.then(|| self.world.read(&path))?.ok()?;
            Some(tolerant_patterns(folder, &bytes))
        });
        let ignores = match patterns.iter().any(Option::is_some) {
            true => Some(Arc::new(Ignores { above, patterns })),
            false => above,
        };
        self.known.insert(folder.to_string(), ignores.clone());
        ignores
    }
}

#[cfg(test)]
mod tests {
    use crate::base::memory::Memory;
    use crate::base::world::WalkOptions;

    use super::*;

    #[test]
    fn a_path_is_left_out_exactly_if_a_walk_does_so() {
        let paths = [
            ".gitignore",
            "a.md",
            "a.log",
            "kept.log",
            "target/debug/x",
            "target/.gitignore",
            "sub/.gitignore",
            "sub/target",
            "sub/b.log",
            "sub/deep/only.md",
            "sub/deep/x.md",
            "top",
            "sub/top",
            ".git/config",
            "sub/.Git",
            ".callboardignore",
            "secret/x",
        ];
        let text = |path: &str| match path {
            ".gitignore" => "target/\n*.log\n/top\n",
            "target/.gitignore" => "!*",
            "sub/.gitignore" => "!b.log\ndeep/only.md\n",
            ".callboardignore" => "!kept.log\nsecret",
            _ => "",
        };
        let files: Vec<(String, &str)> =
            paths.iter().map(|path| (format!("/r/{path}"), text(path))).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let world = Memory::new(&files);
        let walked = world.walk(Path::new("/r"), &WalkOptions::default());
        let mut ignored = Ignored::new(&world, Path::new("/r"));
        for path in paths {
            let is_walked = walked.files.iter().any(|file| file.path == path);
            assert_eq!(ignored.leaves_out(path, false), !is_walked, "{path}");
        }
        assert!(ignored.leaves_out("target", true) && !ignored.leaves_out("target", false));
        assert!(!ignored.leaves_out("sub", true));
    }
}
