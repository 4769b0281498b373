//! Which changes count: those of what a build reads, and not what
//! editors and version control do beside it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use notify::event::{EventKind, ModifyKind};

use super::watch::Watched;

/// Tells whether a change at a path may change the site.
pub(super) fn is_relevant(watched: &Watched, skip: &[PathBuf], path: &Path, kind: &EventKind) -> bool {
    if watched.files.iter().any(|file| file == path) {
        return true;
    }
    let (folder, skipped) = (deepest(&watched.folders, path), deepest(skip, path));
    // A theme may be watched although the walk of its source skips it.
    if skipped > folder || is_temporary(path) {
        return false;
    }
    // What else happens there to a file is nothing to us, and that file
    // may be where our own messages go.
    let is_entry = !matches!(
        kind,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_))
    );
    if is_entry && watched.parents.iter().any(|parent| path.parent() == Some(parent)) {
        return true;
    }
    if watched.folders.iter().any(|folder| folder.starts_with(path)) {
        return true; // A source, or a folder above it, has come or gone.
    }
    let Some(within) = folder.and_then(|folder| path.strip_prefix(folder).ok()) else { return false };
    !within.iter().any(is_left_out)
}

/// Tells whether nothing in a folder of this name ever counts.
pub(super) fn is_left_out(name: &OsStr) -> bool {
    matches!(name.to_str(), Some(".git" | ".hg" | ".svn" | "node_modules"))
}

/// Returns the deepest of some folders that hold a path.
pub(super) fn deepest<'f>(folders: &'f [PathBuf], path: &Path) -> Option<&'f Path> {
    let above = folders.iter().map(PathBuf::as_path).filter(|folder| path.starts_with(folder));
    above.max_by_key(|folder| folder.components().count())
}

/// Tells whether a file is an editor's own, and soon gone.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let is_swap = [".swp", ".swo", ".swx", ".swpx", "~", ".tmp"].iter().any(|end| name.ends_with(end));
    let is_lock = name.starts_with(".#") || (name.starts_with('#') && name.ends_with('#'));
    is_swap || is_lock || name == "4913" || name.contains("___jb_") || name == ".DS_Store"
}

pub(super) fn is_below_any(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}

pub(super) fn has_other_above(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| folder != path && path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use notify::event::CreateKind;

    use super::*;

    fn watched() -> (Watched, Vec<PathBuf>) {
        let watched = Watched {
            folders: vec!["/p/repos/a".into(), "/p/theme".into()],
            files: vec!["/p/book.toml".into()],
            parents: vec!["/p/repos".into()],
        };
        (watched, vec!["/p/repos/a/site".into()])
    }

    #[track_caller]
    fn check(path: &str, expected: bool) {
        let (watched, skip) = watched();
        let kind = EventKind::Create(CreateKind::Any);
        assert_eq!(is_relevant(&watched, &skip, Path::new(path), &kind), expected, "{path}");
    }

    #[test]
    fn only_sources_count() {
        check("/p/book.toml", true);
        check("/p/book.toml~", false);
        check("/p/other.toml", false);
        check("/p/repos/a/docs/index.md", true);
        check("/p/repos/a/site/index.html", false);
        check("/p/repos/a/.git/index", false);
        check("/p/repos/a/node_modules/x/README.md", false);
        check("/p/repos/new", true);
        check("/p/repos/new/deep", false);
        check("/elsewhere", false);
    }

    #[test]
    fn editors_files_do_not_count() {
        for name in ["4913", ".x.md.swp", "x.md~", ".#x.md", "#x.md#", "x.md___jb_tmp___"] {
            check(&format!("/p/repos/a/{name}"), false);
        }
        check("/p/repos/a/x.md", true);
    }

    #[test]
    fn a_watched_theme_counts_although_walks_skip_it() {
        let (mut watched, mut skip) = watched();
        skip.push("/p/theme".into());
        let (page, kind) = (Path::new("/p/theme/page.html"), EventKind::Any);
        assert!(is_relevant(&watched, &skip, page, &kind));
        watched.folders = vec!["/p".into()];
        assert!(!is_relevant(&watched, &skip, page, &kind));
    }
}
