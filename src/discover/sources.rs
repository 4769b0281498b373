//! From the sources of the configuration to folders, one for each
//! repository: globs, names, and the folder without a configuration.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use crate::base::par::{par_map, par_map_into};
use crate::base::walk::patterns;
use crate::base::world::{EntryKind, World};
use crate::model::codes;
use crate::model::config::{Config, Portal, Source};
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::repo::SourceRules;

/// How far `**` goes down.
const GLOB_DEPTH_LIMIT: usize = 16;
/// What our own output holds, wherever it lies.
const MANIFEST: &str = ".callboard-manifest.json";

/// The folder of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFolder {
    /// Unique in the portal.
    pub name: String,
    /// Without links.
    pub root: PathBuf,
    pub exclude: Vec<String>,
    pub url: Option<String>,
    pub git_ref: Option<String>,
    pub rules: SourceRules,
    /// The only file that counts, for a dump of entities.
    pub only: Option<String>,
    is_explicit: bool,
}

/// Returns the folders of all sources, sorted by name. `skip` are
/// folders that no glob finds.
pub fn folders(
    world: &dyn World,
    config: &Config,
    skip: &[PathBuf],
    diags: &mut Vec<Diagnostic>,
) -> Result<Vec<SourceFolder>, Failure> {
    let skip: Vec<PathBuf> =
        skip.iter().map(|folder| world.real_path(folder).unwrap_or_else(|_| folder.clone())).collect();
    let mut by_root: BTreeMap<PathBuf, SourceFolder> = BTreeMap::new();
    let found = match config.sources.is_empty() {
        true => without_configuration(world, config, &skip)?,
        false => {
            let mut found = Vec::new();
            for source in &config.sources {
                found.extend(of_source(world, config, source, &skip, diags)?);
            }
            found
        }
    };
    for folder in found {
        let place = match &folder.only {
            Some(file) => folder.root.join(file),
            None => folder.root.clone(),
        };
        match by_root.get(&place) {
            Some(known) if known.is_explicit || !folder.is_explicit => {}
            _ => {
                by_root.insert(place, folder);
            }
        }
    }
    let mut folders: Vec<SourceFolder> = by_root.into_values().collect();
    folders.sort_by(|a, b| a.name.cmp(&b.name));
    match folders.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some(pair) => Err(two_alike(&pair[0], &pair[1])),
        None => Ok(folders),
    }
}

fn two_alike(one: &SourceFolder, other: &SourceFolder) -> Failure {
    Failure::usage(format!(
        "two repositories have the name `{}`: `{}` and `{}`",
        one.name,
        one.root.display(),
        other.root.display()
    ))
    .with_help("give one of them a `[[source]]` with its `path` and another `name`")
}

fn of_source(
    world: &dyn World,
    config: &Config,
    source: &Source,
    skip: &[PathBuf],
    diags: &mut Vec<Diagnostic>,
) -> Result<Vec<SourceFolder>, Failure> {
    if let Err(wrong) = patterns("", source.exclude.iter().map(String::as_str)) {
        return Err(failure(
            config,
            source,
            &format!("`exclude` of the source `{}`: {wrong}", source.written),
        ));
    }
    if source.is_dump {
        return of_dump(world, config, source, diags);
    }
    // A folder may have a name that looks like a glob.
    if is_glob(&source.written) && !world.is_folder(&source.path) {
        return of_glob(world, config, source, skip, diags);
    }
    match world.real_path(&source.path) {
        Ok(root) if world.is_folder(&root) => named(config, source, &source.path, root, true, diags),
        Ok(_) => {
            diags.push(codes::sources::missing_source(source.span, &source.written, "it is no folder"));
            Ok(Vec::new())
        }
        Err(error) => {
            diags.push(codes::sources::missing_source(source.span, &source.written, &error.to_string()));
            Ok(Vec::new())
        }
    }
}

/// A file of another catalog's entities is a repository of one file.
fn of_dump(
    world: &dyn World,
    config: &Config,
    source: &Source,
    diags: &mut Vec<Diagnostic>,
) -> Result<Vec<SourceFolder>, Failure> {
    let real = world.real_path(&source.path).ok().filter(|path| world.is_file(path));
    let parts = real.as_ref().and_then(|path| Some((path.parent()?, path.file_name()?.to_str()?)));
    let Some((folder, file)) = parts else {
        diags.push(codes::sources::missing_source(source.span, &source.written, "it is no file"));
        return Ok(Vec::new());
    };
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let with_name =
        Source { name: Some(source.name.clone().unwrap_or_else(|| stem.to_string())), ..source.clone() };
    let mut folders = named(config, &with_name, folder, folder.to_path_buf(), true, diags)?;
    for folder in &mut folders {
        folder.only = Some(file.to_string());
    }
    Ok(folders)
}

fn of_glob(
    world: &dyn World,
    config: &Config,
    source: &Source,
    skip: &[PathBuf],
    diags: &mut Vec<Diagnostic>,
) -> Result<Vec<SourceFolder>, Failure> {
    if source.name.is_some() {
        let message = "has a `name`, but its `path` stands for many repositories";
        return Err(failure(config, source, &format!("the source `{}` {message}", source.written))
            .with_help("remove `name`, or add a `[[source]]` with the path of that one repository"));
    }
    let mut folders = Vec::new();
    for (root, path) in matches(world, config, source, skip)? {
        folders.extend(named(config, source, &path, root, false, diags)?);
    }
    if folders.is_empty() {
        diags.push(codes::sources::empty_glob(source.span, &source.written));
    }
    Ok(folders)
}

/// Returns a failure at the place where a source is written.
fn failure(config: &Config, source: &Source, message: &str) -> Failure {
    match (&config.file, source.span) {
        (Some(file), Some(span)) => {
            Failure::usage(format!("{}:{}:{}: {message}", file.display(), span.line, span.column))
        }
        _ => Failure::usage(message),
    }
}

/// The name is that of `path`, which may be a link to `root`.
fn named(
    config: &Config,
    source: &Source,
    path: &Path,
    root: PathBuf,
    is_explicit: bool,
    diags: &mut Vec<Diagnostic>,
) -> Result<Vec<SourceFolder>, Failure> {
    let name = match (&source.name, path.file_name().or(root.file_name())) {
        (Some(name), _) => name.clone(),
        (None, Some(name)) => match name.to_str() {
            Some(name) => name.to_string(),
            None => {
                diags.push(codes::sources::name_not_utf8(&source.written, &name.to_string_lossy()));
                return Ok(Vec::new());
            }
        },
        (None, None) => {
            return Err(Failure::usage(format!("the source `{}` has no name", source.written))
                .with_help("give it a `name`"));
        }
    };
    Ok(vec![SourceFolder {
        name,
        root,
        exclude: source.exclude.clone(),
        url: source.url.clone(),
        git_ref: source.git_ref.clone(),
        rules: SourceRules {
            allow: source.allow.clone().or_else(|| config.catalog.rules.allow.clone()),
            roots: source.roots.clone(),
            is_dump: source.is_dump,
        },
        only: None,
        is_explicit,
    }])
}

/// The root itself where it looks like a repository, else every folder
/// in it.
fn without_configuration(
    world: &dyn World,
    config: &Config,
    skip: &[PathBuf],
) -> Result<Vec<SourceFolder>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::environment(format!("cannot read `{}`: {error}", config.root.display()))
    };
    let root = world.real_path(&config.root).map_err(unreadable)?;
    let is_repository = world.list(&root).map_err(unreadable)?.iter().any(|entry| {
        let name = entry.name.to_ascii_lowercase();
        match entry.kind {
            EntryKind::Folder => name == "docs",
            _ => {
                name.starts_with("catalog-info.y")
                    || name.starts_with("readme")
                    || matches!(&*entry.name, "mkdocs.yml" | "mkdocs.yaml")
                    // With `[portal]` it is ours, and no mdBook's.
                    || entry.name == "book.toml" && config.portal == Portal::default()
            }
        }
    });
    let folder = |path: PathBuf| {
        let name = path.file_name().map_or("portal".into(), |name| name.to_string_lossy().into_owned());
        let (exclude, url, git_ref) = (Vec::new(), None, None);
        let root = world.real_path(&path).ok()?;
        let rules = SourceRules { allow: config.catalog.rules.allow.clone(), ..SourceRules::default() };
        Some(SourceFolder { name, root, exclude, url, git_ref, rules, only: None, is_explicit: false })
    };
    let paths = match is_repository {
        true => vec![config.root.clone()],
        false => below(world, &root, None, skip),
    };
    Ok(paths.into_iter().filter_map(folder).collect())
}

fn is_glob(written: &str) -> bool {
    written.contains(['*', '?', '[', '{'])
}

/// Returns the folders that a glob finds, each without links and as it
/// was found, in the order of their paths. Part by part, so that only folders on the way are read.
fn matches(
    world: &dyn World,
    config: &Config,
    source: &Source,
    skip: &[PathBuf],
) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
    let mut found = vec![config.root.clone()];
    for part in Path::new(&source.written).components() {
        let text = part.as_os_str().to_string_lossy();
        found = match part {
            Component::Normal(_) if text == "**" => descend(world, found, skip),
            Component::Normal(_) if is_glob(&text) => {
                let glob = matcher(&text).map_err(|wrong| {
                    failure(config, source, &format!("the source `{}` is no glob: {wrong}", source.written))
                })?;
                found.iter().flat_map(|folder| below(world, folder, Some(&glob), skip)).collect()
            }
            _ => found
                .into_iter()
                .map(|folder| folder.join(part))
                .filter(|path| world.is_folder(path))
                .collect(),
        };
    }
    let real = par_map_into(found, |folder| Some((world.real_path(&folder).ok()?, folder)));
    let mut real: Vec<(PathBuf, PathBuf)> = real.into_iter().flatten().collect();
    real.sort();
    real.dedup_by(|a, b| a.0 == b.0);
    Ok(real)
}

fn matcher(part: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(part).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}

/// Returns the folders and all that lie below them. Links are not
/// followed, so this ends.
fn descend(world: &dyn World, from: Vec<PathBuf>, skip: &[PathBuf]) -> Vec<PathBuf> {
    let (mut all, mut level) = (from.clone(), from);
    for _depth in 0..GLOB_DEPTH_LIMIT {
        let is_folder = |path: &PathBuf| world.entry(path).is_ok_and(|kind| kind == EntryKind::Folder);
        level = level.iter().flat_map(|folder| below(world, folder, None, skip)).filter(is_folder).collect();
        all.extend(level.iter().cloned());
    }
    all
}

/// Returns the folders in a folder that `glob` matches; never hidden
/// ones, those to skip, or a site that we wrote.
fn below(world: &dyn World, folder: &Path, glob: Option<&GlobMatcher>, skip: &[PathBuf]) -> Vec<PathBuf> {
    let mut entries = world.names(folder).unwrap_or_default();
    entries.retain(|entry| {
        matches!(entry.kind, EntryKind::Folder | EntryKind::Link)
            && !entry.name.starts_with('.')
            && glob.is_none_or(|glob| glob.is_match(&entry.name))
    });
    let found = par_map(&entries, |entry| {
        let path = folder.join(&entry.name);
        let real = match entry.kind {
            EntryKind::Link => world.real_path(&path).ok().filter(|real| world.is_folder(real))?,
            _ => path.clone(),
        };
        let is_ours = skip.contains(&real) || world.exists(&real.join(MANIFEST));
        (!is_ours).then_some(path)
    });
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::memory::Memory;
    use crate::model::diagnostic::Span;
    use crate::model::file::FileId;

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
            span: Some(Span { file: FileId(0), start: 20, end: 27, line: 2, column: 8 }),
        }
    }

    fn found(files: &[&str], sources: Vec<Source>) -> Result<(String, Vec<String>), String> {
        let files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "")).collect();
        let memory = Memory::new(&files);
        memory.create_folder(Path::new("/portal")).unwrap();
        let mut diags = Vec::new();
        let file = Some("/portal/book.toml".into());
        let config = Config { sources, file, ..Config::of_folder("/portal".into()) };
        let skip = [PathBuf::from("/portal/site")];
        let folders = folders(&memory, &config, &skip, &mut diags).map_err(|failure| failure.message)?;
        let folders: Vec<_> =
            folders.iter().map(|folder| format!("{}={}", folder.name, folder.root.display())).collect();
        Ok((folders.join(" "), diags.into_iter().map(shown).collect()))
    }

    fn shown(diag: Diagnostic) -> String {
        format!("{}: {}", diag.span.unwrap().line, diag.message)
    }

    #[track_caller]
    fn check(files: &[&str], written: &[&str], expected: &str) {
        let sources = written.iter().map(|written| source(written)).collect();
        assert_eq!(found(files, sources).unwrap(), (expected.to_string(), Vec::new()));
    }

    const REPOS: [&str; 6] = [
        "/portal/repos/a/x",
        "/portal/repos/b/c/x",
        "/portal/repos/.hidden/x",
        "/portal/repos/file",
        "/portal/site/x",
        "/payments/x",
    ];

    #[test]
    fn a_path_is_one_repository() {
        check(&REPOS, &["repos"], "repos=/portal/repos");
        check(&REPOS, &["../payments", "repos/a"], "a=/portal/repos/a payments=/payments");
        check(&REPOS, &["."], "portal=/portal");
    }

    #[test]
    fn globs_match_folders_alone() {
        check(&REPOS, &["repos/*"], "a=/portal/repos/a b=/portal/repos/b");
        check(&REPOS, &["*"], "repos=/portal/repos");
        check(&REPOS, &["repos/[b-z]"], "b=/portal/repos/b");
        check(&REPOS, &["{repos,more}/?"], "a=/portal/repos/a b=/portal/repos/b");
        check(&REPOS, &["repos/*/c"], "c=/portal/repos/b/c");
        check(&REPOS, &["**/c"], "c=/portal/repos/b/c");
        check(&REPOS, &["../pay*"], "payments=/payments");
    }

    #[test]
    fn a_site_that_we_wrote_matches_no_glob() {
        check(&["/portal/old/.callboard-manifest.json", "/portal/a/x"], &["*"], "a=/portal/a");
    }

    #[test]
    fn a_folder_may_look_like_a_glob() {
        check(&["/portal/[x]/y"], &["[x]"], "[x]=/portal/[x]");
    }

    #[test]
    fn a_folder_found_twice_is_one_source() {
        check(&REPOS, &["repos/*", "repos/a", "repos/b"], "a=/portal/repos/a b=/portal/repos/b");
        let named = Source { name: Some("z".to_string()), ..source("repos/a") };
        let expected = "b=/portal/repos/b z=/portal/repos/a".to_string();
        assert_eq!(found(&REPOS, vec![source("repos/*"), named.clone()]).unwrap().0, expected);
        assert_eq!(found(&REPOS, vec![named, source("repos/*")]).unwrap().0, expected);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_gives_its_name_and_where_it_leads() {
        use std::os::unix::fs::symlink;

        use crate::base::disk::Disk;

        let top = tempfile::tempdir().unwrap();
        let root = Disk.real_path(top.path()).unwrap();
        Disk.write(&root.join("v3/x"), b"").unwrap();
        Disk.create_folder(&root.join("repos")).unwrap();
        symlink("../v3", root.join("repos/payments")).unwrap();
        symlink("../none", root.join("repos/dangling")).unwrap();
        for written in ["repos/*", "repos/payments", "**/payments"] {
            let sources = vec![Source { path: root.join(written), ..source(written) }];
            let config = Config { sources, ..Config::of_folder(root.clone()) };
            let folders = folders(&Disk, &config, &[], &mut Vec::new()).unwrap();
            assert_eq!(folders.len(), 1, "{written}");
            assert_eq!((&*folders[0].name, &folders[0].root), ("payments", &root.join("v3")));
        }
    }

    #[test]
    fn names_are_unique() {
        assert_eq!(
            found(&["/portal/x/a/f", "/portal/y/a/f"], vec![source("x/*"), source("y/*")]).unwrap_err(),
            "two repositories have the name `a`: `/portal/x/a` and `/portal/y/a`"
        );
    }

    #[test]
    fn a_glob_takes_no_name() {
        let named = Source { name: Some("z".to_string()), ..source("repos/*") };
        assert_eq!(
            found(&REPOS, vec![named]).unwrap_err(),
            "/portal/book.toml:2:8: the source `repos/*` has a `name`, but its `path` stands for many repositories"
        );
    }

    #[test]
    fn broken_globs_and_patterns_stop() {
        assert!(
            found(&REPOS, vec![source("repos/[a")])
                .unwrap_err()
                .starts_with("/portal/book.toml:2:8: the source `repos/[a` is no glob: ")
        );
        let exclude = Source { exclude: vec!["{a".to_string()], ..source("repos/a") };
        assert!(
            found(&REPOS, vec![exclude])
                .unwrap_err()
                .starts_with("/portal/book.toml:2:8: `exclude` of the source `repos/a`")
        );
    }

    #[test]
    fn the_rest_is_built_without_a_source_that_is_missing() {
        let sources = ["repos/a", "none", "repos/file", "x/*"].map(source).to_vec();
        let (folders, diags) = found(&REPOS, sources).unwrap();
        assert_eq!(folders, "a=/portal/repos/a");
        assert_eq!(
            diags,
            [
                "2: the source `none` is left out: entity not found",
                "2: the source `repos/file` is left out: it is no folder",
                "2: no folder matches the source `x/*`",
            ]
        );
    }

    #[test]
    fn without_configuration_a_repository_is_one_source() {
        for marker in [
            "catalog-info.yaml",
            "Catalog-Info.yml",
            "mkdocs.yml",
            "mkdocs.yaml",
            "book.toml",
            "docs/x",
            "readme.rst",
        ] {
            check(&[&format!("/portal/{marker}"), "/portal/sub/x"], &[], "portal=/portal");
        }
    }

    #[test]
    fn without_configuration_any_other_folder_holds_repositories() {
        check(
            &["/portal/b/README.md", "/portal/a/x", "/portal/.git/x", "/portal/site/x", "/portal/x.md"],
            &[],
            "a=/portal/a b=/portal/b",
        );
        check(&[], &[], "");
    }
}
