//! Which file of which repository a URL of a host means.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::model::file::{RepoId, Snapshot};

/// The repositories of a portal by the URLs of their remotes.
pub struct Remotes<'s> {
    snapshot: &'s Snapshot,
    by_url: HashMap<String, Vec<RepoId>>,
}

/// A place in a repository of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub repo: RepoId,
    /// Relative to the source; empty for its root.
    pub path: String,
    /// Whether the URL names the branch that the source has checked out,
    /// or none, so that its content is what the portal shows.
    pub is_current: bool,
}

impl<'s> Remotes<'s> {
    /// Reads the remotes of all repositories.
    pub fn new(snapshot: &'s Snapshot) -> Self {
        let mut by_url: HashMap<String, Vec<RepoId>> = HashMap::new();
        for repo in snapshot.sources() {
            if let Some(remote) = &snapshot.repo(repo).remote {
                by_url.entry(key(&remote.url)).or_default().push(repo);
            }
        }
        Remotes { snapshot, by_url }
    }

    /// Finds what a URL means: a repository, or a file or a folder of
    /// one, in the shape of any host. Fragment and query are ignored.
    pub fn place(&self, url: &str) -> Option<Place> {
        if self.by_url.is_empty() || !(url.starts_with("http://") || url.starts_with("https://")) {
            return None;
        }
        let (url, query) = split_query(url.split('#').next().unwrap_or(url));
        let url = url.trim_end_matches('/');
        // The longest prefix that is a remote: at most so many parts.
        let ends = url.rmatch_indices('/').map(|(at, _)| at).take(24);
        let end = std::iter::once(url.len())
            .chain(ends)
            .find(|end| self.by_url.contains_key(&key(&url[..*end])))?;
        let repos = &self.by_url[&key(&url[..end])];
        let rest = percent_decode_str(url[end..].trim_start_matches('/')).decode_utf8().ok()?;
        let git_ref = &*self.snapshot.repo(repos[0]).git_ref;
        let (named_ref, path) = shape(&rest, query, git_ref)?;
        let is_current = match named_ref {
            None | Some("HEAD") => true,
            Some(named) => named == git_ref || (git_ref == "HEAD" && matches!(named, "main" | "master")),
        };
        let path = crate::model::file::join("", path)?;
        self.within(repos, &path).map(|(repo, path)| Place { repo, path, is_current })
    }

    /// Finds the source of a path, of several that share one remote: the
    /// one with the longest prefix.
    fn within(&self, repos: &[RepoId], path: &str) -> Option<(RepoId, String)> {
        repos
            .iter()
            .filter_map(|repo| {
                let prefix = &*self.snapshot.repo(*repo).prefix;
                let rest = if path == prefix { "" } else { crate::model::file::below(path, prefix)? };
                Some((prefix.len(), *repo, rest.to_string()))
            })
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|(_, repo, rest)| (repo, rest))
    }
}

/// Splits what follows a repository's URL into ref and path.
fn shape<'r>(rest: &'r str, query: &'r str, git_ref: &str) -> Option<(Option<&'r str>, &'r str)> {
    if let Some(path) = parameter(query, "path=") {
        return Some((parameter(query, "version=GB"), path.trim_start_matches('/')));
    }
    if rest.is_empty() {
        return Some((None, ""));
    }
    if let Some(path) = rest.strip_prefix("browse") {
        return Some((parameter(query, "at="), path.trim_start_matches('/')));
    }
    let rest = rest.strip_prefix("-/").unwrap_or(rest);
    let after = ["blob/", "tree/", "raw/", "src/branch/", "src/", "edit/"]
        .iter()
        .find_map(|shape| rest.strip_prefix(shape))?;
    // A branch may hold slashes: the one that is checked out is known.
    let known = after.strip_prefix(git_ref).filter(|path| path.is_empty() || path.starts_with('/'));
    match known {
        Some(path) => Some((Some(&after[..git_ref.len()]), path.trim_start_matches('/'))),
        None => {
            let (named, path) = after.split_once('/').unwrap_or((after, ""));
            Some((Some(named), path))
        }
    }
}

fn parameter<'q>(query: &'q str, start: &str) -> Option<&'q str> {
    query.split('&').find_map(|pair| pair.strip_prefix(start))
}

fn split_query(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

/// Returns a URL of a repository in the form that compares: without the
/// scheme, in lower case, since hosts ignore the case of owner and name.
fn key(url: &str) -> String {
    let url = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    url.strip_suffix(".git").unwrap_or(url).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<(&str, &str, bool)>) {
        let snapshot = fixture::snapshot(&["mono@a:x.md", "mono@a/b:x.md", "pay:x.md"]);
        let remotes = Remotes::new(&snapshot);
        let place = remotes.place(url);
        let found =
            place.as_ref().map(|place| (&*snapshot.repo(place.repo).name, &*place.path, place.is_current));
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn urls_of_every_host_have_a_place() {
        let docs = Some(("pay", "docs/x.md", true));
        check("https://github.com/Acme/pay/blob/main/docs/x.md#L1", docs);
        check("http://GitHub.com/acme/PAY.git/tree/main/docs/x.md/", docs);
        check("https://github.com/acme/pay/-/blob/main/docs/x.md?a=b", docs);
        check("https://github.com/acme/pay/src/branch/main/docs/x.md", docs);
        check("https://github.com/acme/pay/browse/docs/x.md?at=main", docs);
        check("https://github.com/acme/pay?path=/docs/x.md&version=GBmain", docs);
        check("https://github.com/acme/pay/blob/HEAD/docs%2Fx.md", docs);
        check("https://github.com/acme/pay/blob/v1/docs/x.md", Some(("pay", "docs/x.md", false)));
        check("https://github.com/acme/pay", Some(("pay", "", true)));
    }

    #[test]
    fn monorepos_have_the_longest_prefix() {
        check("https://github.com/acme/mono/blob/main/a/b/x.md", Some(("mono@a/b", "x.md", true)));
        check("https://github.com/acme/mono/blob/main/a/x.md", Some(("mono@a", "x.md", true)));
        check("https://github.com/acme/mono/blob/main/c/x.md", None);
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
            check(url, None);
        }
    }
}
