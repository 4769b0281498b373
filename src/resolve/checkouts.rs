//! Addresses of files at git hosts, mapped to the sources of the portal:
//! `https://github.com/acme/pay/blob/main/api.yaml` is `api.yaml` of the
//! source whose remote is `github.com/acme/pay`. A source whose remote is
//! not known, such as an unpacked archive, is known by its name: `pay`,
//! or `acme__pay`. Nothing is fetched.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::model::file::{FileId, RepoId, Snapshot, below, join};

/// A file, a folder or a pattern of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub repo: RepoId,
    /// Relative to the source; empty for its root.
    pub path: String,
    /// Whether the address names the branch that the source has checked
    /// out, or none, so that its content is what the portal shows.
    pub is_current: bool,
}

/// The sources by the address of their remote.
pub struct Checkouts<'s> {
    snapshot: &'s Snapshot,
    /// By host and path in lower case. A monorepo may be several sources:
    /// the deepest folder of it comes first.
    by_remote: HashMap<String, Vec<RepoId>>,
    /// Sources without a remote, by their names in lower case.
    by_name: HashMap<String, Vec<RepoId>>,
}

/// What may stand between owner and name in the name of a folder.
const JOINTS: &[&str] = &["__", "--", "-", "_", "."];

/// Returns the sources by the address of their remote.
pub fn checkouts(snapshot: &Snapshot) -> Checkouts<'_> {
    let mut by_remote: HashMap<String, Vec<RepoId>> = HashMap::new();
    let mut by_name: HashMap<String, Vec<RepoId>> = HashMap::new();
    for repo in snapshot.sources() {
        match &snapshot.repo(repo).remote {
            Some(remote) => {
                let key = remote.url.trim_start_matches("https://").trim_start_matches("http://");
                by_remote.entry(key.to_lowercase()).or_default().push(repo);
            }
            None => by_name.entry(snapshot.repo(repo).name.to_lowercase()).or_default().push(repo),
        }
    }
    #[expect(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
    for repos in by_remote.values_mut() {
        repos.sort_by_key(|repo| (std::cmp::Reverse(snapshot.repo(*repo).prefix.len()), *repo));
    }
    Checkouts { snapshot, by_remote, by_name }
}

/// Returns the likeliest of [`places`].
pub fn place(checkouts: &Checkouts, url: &str) -> Option<Place> {
    places(checkouts, url).into_iter().next()
}

/// Returns what an address may stand for, the likeliest first. Where a
/// branch ends and a path begins cannot be seen, so several splits are
/// tried: the branch that is checked out, then one part, two and three.
pub fn places(checkouts: &Checkouts, url: &str) -> Vec<Place> {
    places_found(checkouts, url).unwrap_or_default()
}

/// Finds the file that an address stands for. `Err` holds the likeliest
/// place when the repository is a source but has no such file; `Ok(None)`
/// means that it is none of the sources.
pub fn file(checkouts: &Checkouts, url: &str) -> Result<Option<FileId>, Place> {
    let places = places(checkouts, url);
    let found = places.iter().find_map(|place| checkouts.snapshot.find(place.repo, &place.path));
    match (found, places.into_iter().next()) {
        (Some(file), _) => Ok(Some(file)),
        (None, Some(place)) => Err(place),
        (None, None) => Ok(None),
    }
}

/// Tells whether any file lies in a folder of a repository. Looks at one
/// file, not at all of them.
pub fn has_folder(snapshot: &Snapshot, repo: RepoId, folder: &str) -> bool {
    let first = snapshot.files.partition_point(|file| {
        let is_before = match below(&file.path, folder) {
            Some(_) => false,
            None => *file.path < *format!("{folder}/"),
        };
        file.repo < repo || file.repo == repo && is_before
    });
    snapshot.files.get(first).is_some_and(|file| file.repo == repo && below(&file.path, folder).is_some())
}

fn places_found(checkouts: &Checkouts, url: &str) -> Option<Vec<Place>> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.split('#').next()?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next()?.to_lowercase();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if host == "raw.githubusercontent.com" && parts.len() > 3 {
        let repos = repos(checkouts, "github.com", &parts[..2])?;
        let rest = match parts[2..] {
            ["refs", "heads" | "tags", ..] => &parts[4..],
            _ => &parts[2..],
        };
        return Some(repos.iter().flat_map(|repo| splits(checkouts, *repo, rest)).collect());
    }
    // Groups nest on GitLab, so the longest remote wins.
    let n_parts =
        (1..=parts.len().min(12)).rev().find(|n| repos(checkouts, &host, &parts[..*n]).is_some())?;
    let repos = repos(checkouts, &host, &parts[..n_parts])?;
    let rest = &parts[n_parts..];
    Some(repos.iter().flat_map(|repo| candidates(checkouts, *repo, rest, query)).collect())
}

/// Returns the sources of a repository's address: by their remotes, else
/// by owner and name.
fn repos<'c>(checkouts: &'c Checkouts, host: &str, parts: &[&str]) -> Option<&'c Vec<RepoId>> {
    if let Some(repos) = checkouts.by_remote.get(&key(host, parts)) {
        return Some(repos);
    }
    let [owner, name] = parts else { return None };
    if checkouts.by_name.is_empty() || !host.contains('.') {
        return None;
    }
    let (owner, name) = (owner.to_lowercase(), name.to_lowercase());
    let name = name.strip_suffix(".git").unwrap_or(&name);
    let joined = JOINTS.iter().map(|joint| format!("{owner}{joint}{name}"));
    joined.chain([name.to_string()]).find_map(|name| checkouts.by_name.get(&name))
}

fn key(host: &str, parts: &[&str]) -> String {
    let path = parts.join("/").to_lowercase();
    format!("{host}/{}", path.strip_suffix(".git").unwrap_or(&path))
}

/// Reads what follows the repository in an address, in the shapes of all
/// hosts.
fn candidates(checkouts: &Checkouts, repo: RepoId, rest: &[&str], query: &str) -> Vec<Place> {
    let rest = rest.strip_prefix(&["-"]).unwrap_or(rest);
    match rest {
        [] => {
            let path = percent_decode_str(parameter(query, "path=").unwrap_or("")).decode_utf8_lossy();
            let named_ref = parameter(query, "version=GB");
            within(checkouts, repo, path.trim_start_matches('/'), named_ref).into_iter().collect()
        }
        ["browse", path @ ..] => {
            within(checkouts, repo, &path.join("/"), parameter(query, "at=")).into_iter().collect()
        }
        ["src" | "raw", "branch" | "tag" | "commit", rest @ ..] => splits(checkouts, repo, rest),
        ["blob" | "tree" | "raw" | "edit" | "blame" | "src", rest @ ..] => splits(checkouts, repo, rest),
        _ => Vec::new(),
    }
}

/// Splits `<ref>/<path>` where the reference may end.
fn splits(checkouts: &Checkouts, repo: RepoId, rest: &[&str]) -> Vec<Place> {
    if rest.contains(&"..") {
        return Vec::new();
    }
    let whole = rest.join("/");
    let git_ref = &*checkouts.snapshot.repo(repo).git_ref;
    let known = if whole == git_ref { Some("") } else { below(&whole, git_ref) };
    let known = known.filter(|_| !git_ref.is_empty()).map(|path| (git_ref.to_string(), path.to_string()));
    let guessed = (1..=3.min(rest.len())).map(|n| (rest[..n].join("/"), rest[n..].join("/")));
    let mut found: Vec<Place> = Vec::new();
    for (named_ref, path) in known.into_iter().chain(guessed) {
        let place = within(checkouts, repo, &path, Some(&named_ref));
        found.extend(place.filter(|place| found.iter().all(|known| known.path != place.path)));
    }
    found
}

fn parameter<'q>(query: &'q str, start: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(start))
}

/// Returns the place of a path of the git work tree, if it lies in the
/// source.
fn within(checkouts: &Checkouts, repo: RepoId, path: &str, named_ref: Option<&str>) -> Option<Place> {
    let path = join("", path)?;
    let source = checkouts.snapshot.repo(repo);
    let path = if *path == *source.prefix { "" } else { below(&path, &source.prefix)? };
    let is_current = match named_ref {
        None | Some("HEAD") => true,
        Some(named) => {
            *named == *source.git_ref || (&*source.git_ref == "HEAD" && matches!(named, "main" | "master"))
        }
    };
    Some(Place { repo, path: path.to_string(), is_current })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::{fixture, testing};

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        let mut snapshot = testing::snapshot(
            "//- pay:docs/api.yaml\nx\n//- pay:api.yaml\nx\n//- lab:a b.yaml\nx\n//- mono:sub/c.yaml\nx\n",
        );
        testing::host(&mut snapshot, "pay", "https://github.com/Acme/pay", "release/1", "");
        testing::host(&mut snapshot, "lab", "https://gitlab.com/acme/team/lab", "main", "");
        testing::host(&mut snapshot, "mono", "https://bitbucket.org/acme/mono", "main", "services/mono");
        let checkouts = checkouts(&snapshot);
        let found = match file(&checkouts, url) {
            Ok(Some(file)) => Some(format!("{}:{}", snapshot.repo_of(file).name, snapshot.file(file).path)),
            Ok(None) => None,
            Err(place) => Some(format!("missing {}", place.path)),
        };
        assert_eq!(found.as_deref(), expected, "{url}");
    }

    #[test]
    fn addresses_of_all_hosts_are_mapped() {
        check("https://github.com/acme/pay/blob/main/api.yaml", Some("pay:api.yaml"));
        check("https://github.com/acme/PAY/blob/release/1/docs/api.yaml", Some("pay:docs/api.yaml"));
        check("https://github.com/acme/pay/blob/feature/x/docs/api.yaml", Some("pay:docs/api.yaml"));
        check("https://github.com/acme/pay/raw/main/api.yaml?raw=true#L1", Some("pay:api.yaml"));
        check("https://raw.githubusercontent.com/acme/pay/main/docs/api.yaml", Some("pay:docs/api.yaml"));
        check("https://raw.githubusercontent.com/acme/pay/refs/heads/main/api.yaml", Some("pay:api.yaml"));
        check("https://gitlab.com/acme/team/lab/-/blob/main/a%20b.yaml", Some("lab:a b.yaml"));
        check("https://bitbucket.org/acme/mono/src/main/services/mono/sub/c.yaml", Some("mono:sub/c.yaml"));
    }

    #[test]
    fn sources_without_a_remote_are_known_by_name() {
        check_place("https://github.com/acme/local/blob/main/x.md", Some(("local", "x.md", true)));
        check_place("https://github.com/Local/One/tree/main/a", Some(("local__one", "a", true)));
        check_place("https://github.com/local/two/tree/main/a", None);
    }

    #[test]
    fn folders_are_found_by_their_files() {
        let snapshot = testing::snapshot("//- a:b/c/d\nx\n//- a:b-c\nx\n//- a:b.c\nx\n//- b:a/x\nx\n");
        let check = |repo: u32, folder: &str, expected: bool| {
            assert_eq!(has_folder(&snapshot, RepoId(repo), folder), expected, "{repo} {folder}");
        };
        check(1, "", true);
        check(1, "b", true);
        check(1, "b/c", true);
        check(1, "b/c/d", false);
        check(1, "b-c", false);
        check(1, "a", false);
        check(2, "a", true);
        check(2, "b", false);
        check(0, "", false);
    }

    #[test]
    fn what_is_not_there_is_told_apart() {
        check("https://github.com/acme/pay/blob/main/none.yaml", Some("missing none.yaml"));
        check("https://github.com/acme/other/blob/main/api.yaml", None);
        check("https://github.com/acme/pay/issues/1", None);
        check("https://bitbucket.org/acme/mono/src/main/other/c.yaml", None);
        check("https://github.com/acme/pay/blob/main/../../../etc/passwd", None);
        check("file:///etc/passwd", None);
    }

    #[track_caller]
    fn check_place(url: &str, expected: Option<(&str, &str, bool)>) {
        let snapshot =
            fixture::snapshot(&["local:x.md", "local__one:x.md", "mono@a:x.md", "mono@a/b:x.md", "pay:x.md"]);
        let place = place(&checkouts(&snapshot), url);
        let found =
            place.as_ref().map(|place| (&*snapshot.repo(place.repo).name, &*place.path, place.is_current));
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn urls_of_every_host_have_a_place() {
        let docs = Some(("pay", "docs/x.md", true));
        check_place("https://github.com/Acme/pay/blob/main/docs/x.md#L1", docs);
        check_place("http://GitHub.com/acme/PAY.git/tree/main/docs/x.md/", docs);
        check_place("https://github.com/acme/pay/-/blob/main/docs/x.md?a=b", docs);
        check_place("https://github.com/acme/pay/src/branch/main/docs/x.md", docs);
        check_place("https://github.com/acme/pay/browse/docs/x.md?at=main", docs);
        check_place("https://github.com/acme/pay?path=/docs/x.md&version=GBmain", docs);
        check_place("https://github.com/acme/pay/blob/HEAD/docs%2Fx.md", docs);
        check_place("https://github.com/acme/pay/blob/v1/docs/x.md", Some(("pay", "docs/x.md", false)));
        check_place("https://github.com/acme/pay", Some(("pay", "", true)));
    }

    #[test]
    fn monorepos_have_the_longest_prefix() {
        check_place("https://github.com/acme/mono/blob/main/a/b/x.md", Some(("mono@a/b", "x.md", true)));
        check_place("https://github.com/acme/mono/blob/main/a/x.md", Some(("mono@a", "x.md", true)));
        check_place("https://github.com/acme/mono/blob/main/c/x.md", None);
    }

    #[test]
    fn other_urls_have_none() {
        for url in [
            "https://github.com/acme/payments/blob/main/x.md",
            "https://github.com/acme/pay/issues/1",
            "https://github.com/acme/pay/blob/main/../../x",
            "ftp://github.com/acme/pay",
            "https://github.com",
            "https://github.com/acme/pay/blob/main/%ff",
            "",
        ] {
            check_place(url, None);
        }
    }
}
