//! The walk over all sources.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::classify;
use super::git::{self, GitFacts, WorkTree};
use super::sources::{self, SourceFolder};
use crate::base::par::par_map;
use crate::base::world::{Walk, WalkOptions, WalkTrouble, WalkedFile, World};
use crate::model::codes;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use crate::model::forge::Remote;
use crate::model::repo::{Repo, SourceRules};

/// What is escaped of a name that stands in a URL.
const IN_URL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// All sources as they were found, to find what has changed in them
/// without walking them all again.
#[derive(Debug, Clone)]
pub struct Walked {
    pub snapshot: Arc<Snapshot>,
    /// What walking gave, apart from what the configuration gave.
    pub diagnostics: Vec<Diagnostic>,
    pub(super) folders: Vec<SourceFolder>,
    /// As many as `folders`: where not to go.
    pub(super) skip: Vec<Vec<PathBuf>>,
    /// As many as `folders`, without their files: these are the
    /// snapshot's.
    pub(super) walks: Vec<Walk>,
}

/// Walks all sources in parallel and returns what lies there. `skip`
/// holds the folders that are never entered: output, cache, theme.
/// `diags` holds what reading the configuration gave; where that stands
/// is put right.
pub fn walked(
    world: &dyn World,
    config: &Config,
    skip: &[PathBuf],
    diags: &mut [Diagnostic],
) -> Result<Walked, Failure> {
    let mut found = Vec::new();
    let folders = sources::folders(world, config, skip, &mut found)?;
    let repos = repos(world, &folders);
    let skip = skips(world, &folders, skip);
    let tasks: Vec<(&SourceFolder, &Vec<PathBuf>)> = folders.iter().zip(&skip).collect();
    let walks = par_map(&tasks, |(folder, skip)| walk(world, folder, skip));
    let parts = repos.into_iter().zip(walks).map(|(repo, walk)| Part { repo, walk, files: None }).collect();
    Ok(assembled(world, config, parts, Sources { folders, skip, found }, diags))
}

/// A source before its files have numbers.
pub(super) struct Part {
    pub(super) repo: Repo,
    pub(super) walk: Walk,
    /// Its files, if it was not walked.
    pub(super) files: Option<Vec<File>>,
}

/// The sources of a walk.
pub(super) struct Sources {
    pub(super) folders: Vec<SourceFolder>,
    pub(super) skip: Vec<Vec<PathBuf>>,
    /// What finding them gave.
    pub(super) found: Vec<Diagnostic>,
}

pub(super) fn assembled(
    world: &dyn World,
    config: &Config,
    parts: Vec<Part>,
    sources: Sources,
    diags: &mut [Diagnostic],
) -> Walked {
    let mut snapshot = Snapshot { repos: vec![portal(config)], files: portal_files(world, config) };
    let mut diagnostics = sources.found;
    if let Some(home) = config.portal.home.as_ref().filter(|home| !world.is_file(home)) {
        let within = home.strip_prefix(&config.root).unwrap_or(home);
        diagnostics.push(codes::config::missing_home(&within.to_string_lossy()));
    }
    place_config(&snapshot, &mut diagnostics);
    place_config(&snapshot, diags);
    let mut walks = Vec::with_capacity(parts.len());
    for Part { repo, mut walk, files } in parts {
        problems(&repo.name, &walk, &mut diagnostics);
        let id = RepoId(snapshot.repos.len() as u32);
        let walked = std::mem::take(&mut walk.files);
        snapshot.files.extend(files.unwrap_or_default().into_iter().map(|file| File { repo: id, ..file }));
        snapshot.files.extend(walked.into_iter().map(|file| File {
            repo: id,
            kind: if repo.rules.is_dump { FileKind::Yaml } else { classify::kind(&file.path) },
            path: file.path.into(),
            size_bytes: file.size_bytes,
        }));
        snapshot.repos.push(repo);
        walks.push(walk);
    }
    let Sources { folders, skip, .. } = sources;
    Walked { snapshot: Arc::new(snapshot), diagnostics, folders, skip, walks }
}

pub(super) fn walk(world: &dyn World, folder: &SourceFolder, skip: &[PathBuf]) -> Walk {
    if let Some(file) = &folder.only {
        return dump(world, folder, file);
    }
    let options = WalkOptions { exclude: folder.exclude.clone(), skip: skip.to_vec() };
    world.walk(&folder.root, &options)
}

/// Returns, for each source, the folders in it that are not part of it.
fn skips(world: &dyn World, folders: &[SourceFolder], skip: &[PathBuf]) -> Vec<Vec<PathBuf>> {
    let skip: Vec<PathBuf> =
        skip.iter().map(|folder| world.real_path(folder).unwrap_or_else(|_| folder.clone())).collect();
    let within = |(folder, nested): (&SourceFolder, Vec<PathBuf>)| {
        // What does not lie in the source cannot be met there; asking
        // the system about it once for each source takes long.
        let skip = skip.iter().filter(|skip| skip.starts_with(&folder.root)).cloned();
        skip.chain(nested).collect()
    };
    folders.iter().zip(nested(folders)).map(within).collect()
}

/// Returns the one file of a dump of entities.
fn dump(world: &dyn World, folder: &SourceFolder, file: &str) -> Walk {
    let size_bytes = world.size_bytes(&folder.root.join(file)).unwrap_or(0);
    Walk { files: vec![WalkedFile { path: file.to_string(), size_bytes }], ..Walk::default() }
}

fn portal(config: &Config) -> Repo {
    Repo {
        name: "".into(),
        root: config.root.clone(),
        remote: None,
        git_ref: "HEAD".into(),
        head: None,
        prefix: "".into(),
        rules: SourceRules::default(),
    }
}

pub(super) fn portal_files(world: &dyn World, config: &Config) -> Vec<File> {
    let mut files: Vec<File> = [&config.file, &config.portal.home]
        .into_iter()
        .flatten()
        .filter(|path| world.is_file(path))
        .filter_map(|path| {
            let within = slashed(path.strip_prefix(&config.root).ok()?)?;
            Some(File {
                repo: Snapshot::PORTAL,
                kind: classify::kind(&within),
                path: within.into(),
                size_bytes: world.size_bytes(path).unwrap_or(0),
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// Whoever read the configuration knew no ids, and called `book.toml` the
/// first file; a home page may stand before it.
pub(super) fn place_config(snapshot: &Snapshot, diags: &mut [Diagnostic]) {
    let Some(id) = snapshot.find(Snapshot::PORTAL, "book.toml") else { return };
    for span in diags.iter_mut().filter_map(|diag| diag.span.as_mut()) {
        if span.file == FileId(0) {
            span.file = id;
        }
    }
}

pub(super) fn repos(world: &dyn World, folders: &[SourceFolder]) -> Vec<Repo> {
    let roots: Vec<&Path> = folders.iter().map(|folder| &*folder.root).collect();
    let trees = git::work_trees(world, &roots);
    // The sources of a monorepo share their metadata.
    let mut unique: Vec<&WorkTree> = trees.iter().flatten().collect();
    unique.sort();
    unique.dedup();
    let facts = par_map(&unique, |tree| git::facts(world, tree));
    let facts: BTreeMap<&WorkTree, GitFacts> = unique.into_iter().zip(facts).collect();
    folders
        .iter()
        .zip(&trees)
        .map(|(folder, tree)| repo(folder, tree.as_ref().and_then(|tree| Some((tree, facts.get(tree)?)))))
        .collect()
}

/// A URL that a person wrote wins over `origin`. Where it names another
/// repository than the one that the folder is checked out in, the rest
/// of the git metadata is about that other one, and does not count.
fn repo(folder: &SourceFolder, git: Option<(&WorkTree, &GitFacts)>) -> Repo {
    let name = utf8_percent_encode(&folder.name, IN_URL).to_string();
    let written = folder.url.as_ref().and_then(|url| Remote::parse(&url.replace("{name}", &name)));
    let git = git.filter(|(tree, facts)| {
        let is_template = folder.url.as_ref().is_some_and(|url| url.contains("{name}"));
        match (&written, &facts.remote) {
            (Some(written), Some(origin)) => {
                tree.root == folder.root || last(&written.url) == last(&origin.url)
            }
            (Some(_), None) => tree.root == folder.root || !is_template,
            (None, _) => true,
        }
    });
    let facts = git.map(|(_, facts)| facts.clone()).unwrap_or_default();
    let prefix = git.and_then(|(tree, _)| slashed(folder.root.strip_prefix(&tree.root).ok()?));
    Repo {
        name: folder.name.as_str().into(),
        root: folder.root.clone(),
        remote: written.or(facts.remote),
        git_ref: folder.git_ref.clone().or(facts.branch).unwrap_or_else(|| "HEAD".to_string()).into(),
        head: facts.head.map(Into::into),
        prefix: prefix.unwrap_or_default().into(),
        rules: folder.rules.clone(),
    }
}

fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

/// Returns, for each folder, those that lie within it: what a source of
/// its own holds is not part of the source around it.
fn nested(folders: &[SourceFolder]) -> Vec<Vec<PathBuf>> {
    let mut roots: Vec<&PathBuf> =
        folders.iter().filter(|folder| folder.only.is_none()).map(|folder| &folder.root).collect();
    roots.sort();
    folders
        .iter()
        .map(|folder| {
            let first = roots.partition_point(|root| *root <= &folder.root);
            roots[first..]
                .iter()
                .take_while(|root| root.starts_with(&folder.root))
                .map(|root| root.to_path_buf())
                .collect()
        })
        .collect()
}

fn problems(repo: &str, walk: &Walk, diags: &mut Vec<Diagnostic>) {
    for problem in &walk.problems {
        diags.push(match &problem.what {
            WalkTrouble::Unreadable(reason) => codes::sources::unreadable_entry(repo, &problem.path, reason),
            WalkTrouble::LinkLeavesRoot => codes::sources::link_leaves_repository(repo, &problem.path),
            WalkTrouble::NameNotUtf8 => codes::sources::name_not_utf8(repo, &problem.path),
        });
    }
}

/// Returns a relative path with `/` between its parts, on every system.
pub(super) fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.components().map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::memory::Memory;
    use crate::model::config::Source;
    use crate::model::diagnostic::Span;

    /// All files, and all that was said, as a build takes them.
    fn snapshot(
        world: &dyn World,
        config: &Config,
        skip: &[PathBuf],
        diags: &mut Vec<Diagnostic>,
    ) -> Result<Snapshot, Failure> {
        let walked = walked(world, config, skip, diags)?;
        diags.extend(walked.diagnostics);
        Ok(Arc::unwrap_or_clone(walked.snapshot))
    }

    fn source(written: &str) -> Source {
        Source {
            path: Path::new("/portal").join(written),
            written: written.to_string(),
            name: None,
            exclude: Vec::new(),
            url: None,
            git_ref: None,
            allow: None,
            roots: Vec::new(),
            is_dump: false,
            span: None,
        }
    }

    fn config(sources: Vec<Source>) -> Config {
        Config { sources, file: Some("/portal/book.toml".into()), ..Config::of_folder("/portal".into()) }
    }

    fn taken(files: &[(&str, &str)], config: &Config) -> Snapshot {
        let skip = [PathBuf::from("/portal/site")];
        let mut diags = Vec::new();
        let snapshot = snapshot(&Memory::new(files), config, &skip, &mut diags).unwrap();
        assert!(diags.is_empty(), "{diags:?}");
        snapshot
    }

    fn shown(snapshot: &Snapshot) -> Vec<String> {
        let name = |file: &File| format!("{}:{} {:?}", snapshot.repo(file.repo).name, file.path, file.kind);
        snapshot.files.iter().map(name).collect()
    }

    #[test]
    fn files_are_sorted_by_repository_and_path() {
        let files = [
            ("/portal/book.toml", ""),
            ("/portal/about.md", ""),
            ("/portal/other.md", ""),
            ("/portal/repos/b/mkdocs.yml", ""),
            ("/portal/repos/b/docs/index.md", "hello"),
            ("/portal/repos/a/catalog-info.yaml", ""),
            ("/portal/repos/a/.git/HEAD", ""),
        ];
        let mut config = config(vec![source("repos/*")]);
        config.portal.home = Some("/portal/about.md".into());
        let snapshot = taken(&files, &config);
        expect_test::expect![[r#"
            [
                ":about.md Markdown",
                ":book.toml BookToml",
                "a:catalog-info.yaml Yaml",
                "b:docs/index.md Markdown",
                "b:mkdocs.yml Mkdocs",
            ]
        "#]]
        .assert_debug_eq(&shown(&snapshot));
        let index = snapshot.find(RepoId(2), "docs/index.md").unwrap();
        assert_eq!(snapshot.absolute(index), Path::new("/portal/repos/b/docs/index.md"));
        assert_eq!(snapshot.file(index).size_bytes, 5);
    }

    #[test]
    fn spans_of_the_configuration_follow_book_toml() {
        let mut config = config(vec![source("r")]);
        config.portal.home = Some("/portal/about.md".into());
        let memory = Memory::new(&[("/portal/book.toml", ""), ("/portal/about.md", ""), ("/portal/r/x", "")]);
        let mut diags = vec![codes::config::unknown_key(Some(Span::of_file(FileId(0))), "book", "x", None)];
        let snapshot = snapshot(&memory, &config, &[], &mut diags).unwrap();
        assert_eq!(&*snapshot.file(diags[0].span.unwrap().file).path, "book.toml");
    }

    #[test]
    fn a_home_page_that_is_missing_is_said() {
        let mut config = config(vec![source("r")]);
        config.portal.home = Some("/portal/pages/home.md".into());
        let mut diags = Vec::new();
        snapshot(&Memory::new(&[("/portal/r/x", "")]), &config, &[], &mut diags).unwrap();
        assert_eq!(diags[0].message, "the home page `pages/home.md` does not exist");
    }

    #[test]
    fn a_source_within_a_source_is_walked_once() {
        let files = [("/portal/x.md", ""), ("/portal/repos/a/y.md", ""), ("/portal/site/z.md", "")];
        let snapshot = taken(&files, &config(vec![source("."), source("repos/*")]));
        assert_eq!(shown(&snapshot), ["a:y.md Markdown", "portal:x.md Markdown"]);
    }

    #[test]
    fn excludes_are_those_of_the_source() {
        let files = [("/portal/a/fixtures/x.md", ""), ("/portal/b/fixtures/x.md", "")];
        let a = Source { exclude: vec!["fixtures/".to_string()], ..source("a") };
        assert_eq!(shown(&taken(&files, &config(vec![a, source("b")]))), ["b:fixtures/x.md Markdown"]);
    }

    /// Returns URL, ref, commit and prefix of the source `repos/a`.
    #[track_caller]
    fn check_git(dot_git_above: &str, url: Option<&str>, git_ref: Option<&str>, expected: &str) {
        let head = format!("{dot_git_above}/.git/HEAD");
        let main = format!("{dot_git_above}/.git/refs/heads/main");
        let git_config = format!("{dot_git_above}/.git/config");
        let files = [
            (&*head, "ref: refs/heads/main"),
            (&*main, "0123456789abcdef0123456789abcdef01234567"),
            (&*git_config, "[remote \"origin\"]\nurl = https://github.com/acme/mono.git"),
            ("/portal/repos/a/x.md", ""),
        ];
        let a = Source {
            url: url.map(str::to_string),
            git_ref: git_ref.map(str::to_string),
            ..source("repos/a")
        };
        let snapshot = taken(&files, &config(vec![a]));
        let repo = &snapshot.repos[1];
        let found = format!(
            "{} {} {} {}",
            repo.view_url("x.md").unwrap_or_default(),
            repo.git_ref,
            repo.head.as_deref().map_or("-", |head| &head[..4]),
            repo.prefix
        );
        assert_eq!(found.trim(), expected);
    }

    #[test]
    fn git_facts_come_from_the_nearest_work_tree() {
        check_git("/portal/repos/a", None, None, "https://github.com/acme/mono/blob/main/x.md main 0123");
        check_git(
            "/portal",
            None,
            None,
            "https://github.com/acme/mono/blob/main/repos/a/x.md main 0123 repos/a",
        );
        check_git("/elsewhere", None, None, "HEAD -");
    }

    #[test]
    fn a_written_url_and_ref_win() {
        let (url, template) = (Some("https://gitlab.com/g/a"), Some("https://github.com/acme/{name}"));
        check_git("/portal/repos/a", url, None, "https://gitlab.com/g/a/-/blob/main/x.md main 0123");
        check_git("/portal/repos/a", None, Some("v2"), "https://github.com/acme/mono/blob/v2/x.md v2 0123");
        check_git("/portal", template, None, "https://github.com/acme/a/blob/HEAD/x.md HEAD -");
        check_git("/portal", template, Some("main"), "https://github.com/acme/a/blob/main/x.md main -");
        let spaced =
            Source { name: Some("a b".to_string()), url: template.map(str::to_string), ..source("r") };
        let snapshot = taken(&[("/portal/r/x", "")], &config(vec![spaced]));
        assert_eq!(snapshot.repos[1].remote.as_ref().unwrap().url, "https://github.com/acme/a%20b");
        let mirror = Some("https://git.acme.example/github/mono");
        check_git("/portal", mirror, None, "https://git.acme.example/github/mono main 0123 repos/a");
    }
}
