//! Remote, branch and commit, read from `.git` without running git: a
//! repository's own configuration can name programs that git would run.
//! No include is followed, and every file has a limit.

use std::path::{Component, Path, PathBuf};

use crate::base::par::par_map;
use crate::base::world::World;
use crate::model::forge::Remote;

/// More than any `config`, `HEAD` or loose reference holds.
const SMALL_FILE_LIMIT_BYTES: u64 = 1 << 20;
/// Some hundred thousand references.
const PACKED_REFS_LIMIT_BYTES: u64 = 32 << 20;

/// A checked-out repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkTree {
    /// The folder that holds `.git`.
    pub root: PathBuf,
    /// Where `HEAD` lies: `.git`, or the folder that the file `.git`
    /// names, as in a worktree or a submodule.
    pub git_dir: PathBuf,
}

/// What the metadata of a repository says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GitFacts {
    pub remote: Option<Remote>,
    /// The branch that is checked out, else the default branch of
    /// `origin`.
    pub branch: Option<String>,
    /// The commit that is checked out.
    pub head: Option<String>,
}

/// Finds, for each folder, the nearest `.git` at or above it. Each folder
/// on the way is looked at once.
pub fn work_trees(world: &dyn World, folders: &[&Path]) -> Vec<Option<WorkTree>> {
    let mut unique: Vec<&Path> = folders.iter().flat_map(|folder| folder.ancestors()).collect();
    unique.sort();
    unique.dedup();
    let here = par_map(&unique, |folder| work_tree_here(world, folder));
    let nearest =
        |folder: &Path| folder.ancestors().find_map(|above| here[unique.binary_search(&above).ok()?].clone());
    folders.iter().map(|folder| nearest(folder)).collect()
}

fn work_tree_here(world: &dyn World, root: &Path) -> Option<WorkTree> {
    let dot_git = root.join(".git");
    if world.is_folder(&dot_git) {
        return Some(WorkTree { root: root.to_path_buf(), git_dir: dot_git });
    }
    let text = small_text(world, &dot_git)?;
    let git_dir = root.join(text.strip_prefix("gitdir:")?.trim());
    Some(WorkTree { root: root.to_path_buf(), git_dir })
}

/// Reads the facts of a repository. What cannot be read is not known.
pub fn facts(world: &dyn World, tree: &WorkTree) -> GitFacts {
    let git_dir = &tree.git_dir;
    let common_dir = common_dir(world, tree);
    let remote = small_text(world, &common_dir.join("config")).and_then(|text| remote(&text));
    let Some(head) = small_text(world, &git_dir.join("HEAD")) else {
        return GitFacts { remote, ..GitFacts::default() };
    };
    match head.strip_prefix("ref:").map(str::trim) {
        Some(name) => GitFacts {
            remote,
            branch: branch_of(name, "refs/heads/"),
            head: commit_of(world, &common_dir, name),
        },
        None => GitFacts { remote, branch: origin_branch(world, &common_dir), head: commit(&head) },
    }
}

/// Returns the folder that the work trees of a repository share: objects
/// lie in it.
pub fn common_dir(world: &dyn World, tree: &WorkTree) -> PathBuf {
    match small_text(world, &tree.git_dir.join("commondir")) {
        Some(common) => tree.git_dir.join(common.trim()),
        None => tree.git_dir.clone(),
    }
}

fn small_text(world: &dyn World, path: &Path) -> Option<String> {
    text(world, path, SMALL_FILE_LIMIT_BYTES)
}

fn text(world: &dyn World, path: &Path, limit_bytes: u64) -> Option<String> {
    if !world.is_file(path) || world.size_bytes(path).ok()? > limit_bytes {
        return None;
    }
    Some(String::from_utf8_lossy(&world.read(path).ok()?).into_owned())
}

fn branch_of(name: &str, prefix: &str) -> Option<String> {
    let branch = name.strip_prefix(prefix)?;
    // `.invalid` stands in `HEAD` when references are kept in tables.
    (is_ref(name) && branch != ".invalid").then(|| branch.to_string())
}

fn origin_branch(world: &dyn World, common_dir: &Path) -> Option<String> {
    let head = small_text(world, &common_dir.join("refs/remotes/origin/HEAD"))?;
    branch_of(head.strip_prefix("ref:")?.trim(), "refs/remotes/origin/")
}

fn commit_of(world: &dyn World, common_dir: &Path, name: &str) -> Option<String> {
    if !is_ref(name) {
        return None;
    }
    if let Some(text) = small_text(world, &common_dir.join(name)) {
        return commit(&text);
    }
    let packed = text(world, &common_dir.join("packed-refs"), PACKED_REFS_LIMIT_BYTES)?;
    packed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find_map(|(id, packed_name)| (packed_name.trim_end() == name).then(|| commit(id)).flatten())
}

fn commit(text: &str) -> Option<String> {
    let id = text.trim();
    let is_id = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| id.to_ascii_lowercase())
}

/// Tells whether this can be the name of a reference, and so a path
/// below git's folder.
fn is_ref(name: &str) -> bool {
    let is_odd = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
    name.starts_with("refs/")
        && !name.contains(is_odd)
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

/// Returns the remote `origin` of a configuration, else the only one.
fn remote(config: &str) -> Option<Remote> {
    let mut urls: Vec<(String, String)> = Vec::new();
    let mut current: Option<String> = None;
    for line in config.lines() {
        let line = line.trim();
        if let Some(section) = line.strip_prefix('[') {
            current = remote_name(section);
        } else if let (Some(name), Some((key, value))) = (&current, line.split_once('=')) {
            // A second URL of a remote is one more place to push to.
            let is_first = urls.iter().all(|(known, _)| known != name);
            if key.trim().eq_ignore_ascii_case("url") && is_first {
                urls.push((name.clone(), unquoted(value)));
            }
        }
    }
    let (_, url) = match (urls.iter().find(|(name, _)| name == "origin"), &urls[..]) {
        (Some(origin), _) => origin,
        (None, [only]) => only,
        _ => return None,
    };
    Remote::parse(url)
}

/// Returns `origin` of the rest of `[remote "origin"]`.
fn remote_name(section: &str) -> Option<String> {
    let (word, name) = section.split_once('"')?;
    let (name, _) = name.rsplit_once('"')?;
    word.trim().eq_ignore_ascii_case("remote").then(|| name.to_string())
}

/// Returns a value without quotes and without the comment behind it.
fn unquoted(value: &str) -> String {
    let (mut text, mut is_quoted) = (String::new(), false);
    let mut chars = value.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => is_quoted = !is_quoted,
            '#' | ';' if !is_quoted => break,
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text.trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::memory::Memory;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    const OTHER: &str = "ffffffffffffffffffffffffffffffffffffffff";

    /// Returns remote, branch and the commit's first letters of `/r/sub`.
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &str) {
        let memory = Memory::new(files);
        memory.create_folder(Path::new("/r/sub")).unwrap();
        let tree = work_trees(&memory, &[Path::new("/r/sub")]).remove(0).unwrap();
        let facts = facts(&memory, &tree);
        let found = format!(
            "{} {} {}",
            facts.remote.map_or("-".to_string(), |remote| remote.url),
            facts.branch.as_deref().unwrap_or("-"),
            facts.head.as_deref().map_or("-", |head| &head[..4]),
        );
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn remote_is(config: &str, expected: Option<&str>) {
        assert_eq!(remote(config).map(|remote| remote.url).as_deref(), expected);
    }

    #[test]
    fn a_branch_with_a_loose_reference() {
        check(
            &[
                ("/r/.git/HEAD", "ref: refs/heads/feature/x\n"),
                ("/r/.git/refs/heads/feature/x", &format!("{COMMIT}\n")),
                (
                    "/r/.git/config",
                    "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = git@github.com:acme/x.git\n",
                ),
            ],
            "https://github.com/acme/x feature/x 0123",
        );
    }

    #[test]
    fn a_branch_among_packed_references() {
        let packed =
            format!("# pack-refs with: peeled\n{OTHER} refs/heads/a\n^{OTHER}\n{COMMIT} refs/heads/main\n");
        check(&[("/r/.git/HEAD", "ref: refs/heads/main"), ("/r/.git/packed-refs", &packed)], "- main 0123");
    }

    #[test]
    fn a_detached_head_takes_the_default_branch_of_origin() {
        let origin = ("/r/.git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n");
        check(&[("/r/.git/HEAD", COMMIT), origin], "- trunk 0123");
        check(&[("/r/.git/HEAD", COMMIT)], "- - 0123");
    }

    #[test]
    fn a_worktree_reads_the_common_folder() {
        check(
            &[
                ("/r/.git", "gitdir: ../main/.git/worktrees/r\n"),
                ("/main/.git/worktrees/r/HEAD", "ref: refs/heads/w"),
                ("/main/.git/worktrees/r/commondir", "../..\n"),
                ("/main/.git/config", "[remote \"origin\"]\nurl = https://gitlab.com/a/b/c"),
                ("/main/.git/refs/heads/w", COMMIT),
            ],
            "https://gitlab.com/a/b/c w 0123",
        );
    }

    #[test]
    fn odd_metadata_is_not_known() {
        check(&[("/r/.git/x", "")], "- - -");
        check(&[("/r/.git/HEAD", "ref: refs/heads/../../../secret"), ("/secret", COMMIT)], "- - -");
        check(&[("/r/.git/HEAD", "ref: refs/heads/.invalid")], "- - -");
        check(&[("/r/.git/HEAD", "ref: refs/heads/unborn")], "- unborn -");
        check(&[("/r/.git/HEAD", "nonsense")], "- - -");
        check(&[("/r/.git", "nonsense"), ("/.git/HEAD", "ref: refs/heads/above")], "- above -");
    }

    #[test]
    fn origin_wins_over_other_remotes() {
        let origin = "[remote \"origin\"]\nurl = https://github.com/a/origin\n";
        let fork = "[remote \"fork\"]\nurl = https://github.com/a/fork\n";
        remote_is(&format!("{fork}{origin}"), Some("https://github.com/a/origin"));
        remote_is(fork, Some("https://github.com/a/fork"));
        remote_is(&format!("{fork}{}", fork.replace("\"fork\"", "\"x\"")), None);
        remote_is(&format!("{origin}url = https://github.com/a/second"), Some("https://github.com/a/origin"));
        remote_is("", None);
    }

    #[test]
    fn configurations_are_read_as_git_does() {
        let url =
            |line: &str| format!("[Remote \"origin\"]\n{line}\n[branch \"main\"]\nurl = https://x.y/no");
        remote_is(&url("  URL=\"https://github.com/a/b\" ; comment"), Some("https://github.com/a/b"));
        remote_is(&url("url = https://github.com/a/b # comment"), Some("https://github.com/a/b"));
        remote_is(&url("url = https://me:token@github.com/a/b.git"), Some("https://github.com/a/b"));
        remote_is(&url("url = /srv/git/b.git"), None);
        remote_is(&url("pushurl = https://github.com/a/b"), None);
        remote_is("[include]\npath = /etc/passwd\n[remote\n\"", None);
    }

    #[test]
    fn a_huge_file_is_not_read() {
        let config =
            format!("[remote \"origin\"]\nurl = https://github.com/a/b\n{}", "# x\n".repeat(300_000));
        check(&[("/r/.git/config", &config)], "- - -");
    }
}
