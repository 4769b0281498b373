//! Portals in one string, for the tests of this room.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::model::file::{File, FileKind, RepoId, Snapshot};
use crate::model::forge::Remote;
use crate::model::repo::{Repo, SourceRules};

/// Splits `//- repo:path` sections into their texts.
fn files(text: &str) -> BTreeMap<(String, String), String> {
    let mut files = BTreeMap::new();
    for section in text.split("//- ").skip(1) {
        let (head, body) = section.split_once('\n').expect("a section has a first line");
        let (repo, path) = head.split_once(':').expect("a section names `repo:path`");
        files.insert((repo.to_string(), path.to_string()), body.to_string());
    }
    files
}

/// Returns the snapshot of such a portal.
pub(crate) fn snapshot(text: &str) -> Snapshot {
    let files = files(text);
    let mut snapshot = Snapshot::default();
    for name in std::iter::once("").chain(files.keys().map(|(repo, _)| repo.as_str())) {
        if snapshot.repos.last().is_none_or(|repo| &*repo.name != name) {
            snapshot.repos.push(Repo {
                name: name.into(),
                root: PathBuf::from("/").join(name),
                remote: None,
                git_ref: "main".into(),
                head: None,
                prefix: "".into(),
                rules: SourceRules::default(),
            });
        }
    }
    for ((repo, path), text) in &files {
        let idx = snapshot.repos.iter().position(|known| &*known.name == repo).expect("it was just added");
        snapshot.files.push(File {
            repo: RepoId(idx as u32),
            path: path.as_str().into(),
            kind: FileKind::Yaml,
            size_bytes: text.len() as u64,
        });
    }
    snapshot
}

/// Gives a repository a host.
pub(crate) fn host(snapshot: &mut Snapshot, repo: &str, url: &str, git_ref: &str, prefix: &str) {
    let repo = snapshot.repos.iter_mut().find(|known| &*known.name == repo).expect("the repository exists");
    repo.remote = Remote::parse(url);
    repo.git_ref = git_ref.into();
    repo.prefix = prefix.into();
}
