//! Files of the sources, and the snapshot that holds them all.

use super::repo::Repo;

/// An index into [`Snapshot::repos`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoId(pub u32);

/// An index into [`Snapshot::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, bitcode::Encode, bitcode::Decode)]
pub struct FileId(pub u32);

/// What a file may be, judged by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `.yaml` or `.yml` (or `.json`): may hold entities.
    Yaml,
    /// `mkdocs.yaml` or `mkdocs.yml`.
    Mkdocs,
    /// `book.toml`: of mdBook, or a portal of its own.
    BookToml,
    /// `docusaurus.config.js` or `.ts`, which is never run.
    Docusaurus,
    /// A Markdown page: `.md`, `.markdown`, `.mdown`, `.mkdn`, `.mkd`,
    /// and `.mdx` as far as it is Markdown.
    Markdown,
    Other,
}

/// One file of a source. Its bytes are read when a room needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub repo: RepoId,
    /// Relative to the repository's root, with `/` between the parts and
    /// no `.` or `..` among them.
    pub path: Box<str>,
    pub kind: FileKind,
    pub size_bytes: u64,
}

/// All repositories and their files, sorted by repository name and path,
/// by bytes; an id is an index. The first repository is the portal
/// itself, with an empty name and no remote: it holds `book.toml` and the
/// home page's Markdown, where there are such files, and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub repos: Vec<Repo>,
    pub files: Vec<File>,
}

impl Snapshot {
    /// The portal itself.
    pub const PORTAL: RepoId = RepoId(0);

    /// Returns the ids of the repositories, without the portal itself.
    pub fn sources(&self) -> impl Iterator<Item = RepoId> + '_ {
        (1..self.repos.len()).map(|idx| RepoId(idx as u32))
    }

    /// Returns the file of an id.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// Returns the repository of an id.
    pub fn repo(&self, id: RepoId) -> &Repo {
        &self.repos[id.0 as usize]
    }

    /// Returns the repository that a file belongs to.
    pub fn repo_of(&self, id: FileId) -> &Repo {
        self.repo(self.file(id).repo)
    }

    /// Returns the absolute path of a file.
    pub fn absolute(&self, id: FileId) -> std::path::PathBuf {
        let file = self.file(id);
        self.repo(file.repo).root.join(&*file.path)
    }

    /// Finds the file at a path of a repository.
    pub fn find(&self, repo: RepoId, path: &str) -> Option<FileId> {
        self.files
            .binary_search_by(|file| (file.repo, &*file.path).cmp(&(repo, path)))
            .ok()
            .map(|idx| FileId(idx as u32))
    }

    /// Returns the ids of all files of a repository, in order.
    pub fn files_of(&self, repo: RepoId) -> impl Iterator<Item = FileId> + '_ {
        let first = self.files.partition_point(|file| file.repo < repo);
        let last = self.files.partition_point(|file| file.repo <= repo);
        (first..last).map(|idx| FileId(idx as u32))
    }

    /// Returns the ids of all files below a folder of a repository, in
    /// order; the empty folder is the root.
    pub fn files_below(&self, repo: RepoId, folder: &str) -> impl Iterator<Item = FileId> + use<> {
        // All paths below a folder lie between `folder/` and `folder0`,
        // since `0` follows `/`.
        let (start, end) = (format!("{folder}/"), format!("{folder}0"));
        let before = |end: &str| self.files.partition_point(|file| (file.repo, &*file.path) < (repo, end));
        let (first, last) = match folder {
            "" => (before(""), self.files.partition_point(|file| file.repo <= repo)),
            _ => (before(&start), before(&end)),
        };
        (first..last).map(|idx| FileId(idx as u32))
    }
}

/// Returns the part of `path` below `folder`, if it lies there; the
/// empty folder is the root.
pub fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// Returns the folder of a path, empty for the root.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Joins `relative` to `folder` and resolves `.` and `..`; `None` when
/// the result would leave the root or `relative` is absolute.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') || relative.contains('\\') || relative.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns the path that a descriptor names by `target`: relative to its
/// own folder or, as in addresses, from the root of the repository where
/// a slash stands first. `None` if it leads out.
pub fn target(folder: &str, target: &str) -> Option<String> {
    match target.strip_prefix('/') {
        Some(rest) => join("", rest),
        None => join(folder, target),
    }
}
