//! A repository: one source folder, with what its git metadata says.

use std::path::PathBuf;

use super::forge::Remote;

/// One source of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repo {
    /// Unique in the portal; default: the folder's name.
    pub name: Box<str>,
    /// Where it lies on this machine. Never shown.
    pub root: PathBuf,
    /// Where it is hosted, if it is known.
    pub remote: Option<Remote>,
    /// The branch, tag or commit for links to the host; `HEAD` when
    /// nothing better is known.
    pub git_ref: Box<str>,
    /// The commit that is checked out, in hexadecimal.
    pub head: Option<Box<str>>,
    /// The folder of the source within its git work tree, empty when it
    /// is the top: for a monorepo's folders.
    pub prefix: Box<str>,
    pub rules: SourceRules,
}

/// What the configuration says of a source's entities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceRules {
    /// The kinds that it may declare; all if `None`.
    pub allow: Option<Vec<String>>,
    /// The files or patterns where `discovery = "locations"` begins;
    /// empty for the usual ones.
    pub roots: Vec<String>,
    /// Whether it is a dump of another catalog's entities.
    pub is_dump: bool,
}

impl Repo {
    /// Returns the page of a file at the host.
    pub fn view_url(&self, path: &str) -> Option<String> {
        Some(self.remote.as_ref()?.file_url(&self.git_ref, &self.within_git(path)))
    }

    /// Returns the page of a folder at the host.
    pub fn folder_url(&self, path: &str) -> Option<String> {
        Some(self.remote.as_ref()?.folder_url(&self.git_ref, &self.within_git(path)))
    }

    /// Returns the address that relative addresses of a folder's files
    /// are relative to, in Backstage's form; it ends with a slash.
    pub fn base_url(&self, path: &str) -> Option<String> {
        self.remote.as_ref()?.base_url(&self.git_ref, &self.within_git(path))
    }

    /// Returns the page that edits a file at the host.
    pub fn edit_url(&self, path: &str) -> Option<String> {
        self.remote.as_ref()?.edit_url(&self.git_ref, &self.within_git(path))
    }

    /// Returns the page of a new issue at the host, with a title and a
    /// text filled in.
    pub fn issue_url(&self, title: &str, body: &str) -> Option<String> {
        self.remote.as_ref()?.issue_url(title, body)
    }

    fn within_git(&self, path: &str) -> String {
        match (&*self.prefix, path) {
            ("", path) => path.to_string(),
            (prefix, "") => prefix.to_string(),
            (prefix, path) => format!("{prefix}/{path}"),
        }
    }
}
