//! Diagnostics of sources: folders, files, git metadata.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::model::file::FileId;

/// All codes of this file.
pub const ALL: &[&Code] =
    &[&MISSING_SOURCE, &EMPTY_GLOB, &UNREADABLE_FILE, &LINK_LEAVES_REPOSITORY, &NAME_NOT_UTF8];

/// A source whose folder does not exist.
pub static MISSING_SOURCE: Code = Code {
    id: "missing-source",
    severity: Severity::Error,
    summary: "a source that is no folder",
    explanation: "A `[[source]]` of `book.toml` names a folder that does not exist, cannot be read, or is a file. \
        The rest of the portal is built without it. Paths are relative to `book.toml`; in CI, check that the \
        repository was checked out before the build.\n\n\
        ```toml\n\
        [[source]]\n\
        path = \"../payments\"\n\
        ```",
};

/// A glob that no folder matches.
pub static EMPTY_GLOB: Code = Code {
    id: "empty-glob",
    severity: Severity::Warning,
    summary: "a source's glob that no folder matches",
    explanation: "A glob such as `repos/*` makes every folder that it matches a repository, and this one matches \
        none. Globs match folders alone, never those whose name begins with a dot, and never the output. `*` \
        stays within one level; `**` goes down through all.",
};

/// A file or folder that the system does not let us read.
pub static UNREADABLE_FILE: Code = Code {
    id: "unreadable-file",
    severity: Severity::Error,
    summary: "a file or folder that cannot be read",
    explanation: "The operating system refused to open a file or a folder of a source. What it holds is missing \
        from the portal. Most often its permissions are wrong; if it is not meant to be shown, name it in \
        `exclude` of the source or in a `.callboardignore` file.",
};

/// A symbolic link that leads out of its repository, or nowhere.
pub static LINK_LEAVES_REPOSITORY: Code = Code {
    id: "link-leaves-repository",
    severity: Severity::Error,
    summary: "a symbolic link that leads out of its repository, or nowhere",
    explanation: "A repository may show only what lies in it, so a symbolic link is followed only to a file of the \
        same repository. Otherwise a link to `/etc/passwd` would put that file on a public page. Replace the \
        link by a copy, or exclude it with `.callboardignore`.",
};

/// A name of a file that is not UTF-8.
pub static NAME_NOT_UTF8: Code = Code {
    id: "name-not-utf8",
    severity: Severity::Error,
    summary: "a file or folder whose name is not UTF-8",
    explanation: "The name cannot become a URL that every browser understands, so the file or the folder is left \
        out. Rename it; `convmv` renames a whole tree from an old encoding.",
};

/// The source written as `written` is no folder; `reason` says why.
pub fn missing_source(span: Option<Span>, written: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_SOURCE, span, format!("the source `{written}` is left out: {reason}"))
        .with_help("correct its `path`, which is relative to `book.toml`, or check the repository out first")
}

/// No folder matches the glob of a source.
pub fn empty_glob(span: Option<Span>, written: &str) -> Diagnostic {
    Diagnostic::new(&EMPTY_GLOB, span, format!("no folder matches the source `{written}`"))
        .with_help("correct the glob, or remove the source")
}

/// `path` of the repository `repo` cannot be read; an empty path is its
/// root.
pub fn unreadable_entry(repo: &str, path: &str, reason: &str) -> Diagnostic {
    let message = match path {
        "" => format!("the repository `{repo}` cannot be read: {reason}"),
        path => format!("`{path}` of `{repo}` cannot be read: {reason}"),
    };
    Diagnostic::new(&UNREADABLE_FILE, None, message).with_help(UNREADABLE_HELP)
}

/// A file that was found cannot be read.
pub fn unreadable_file(file: FileId, reason: &str) -> Diagnostic {
    let message = format!("the file cannot be read: {reason}");
    Diagnostic::new(&UNREADABLE_FILE, Some(Span::of_file(file)), message).with_help(UNREADABLE_HELP)
}

const UNREADABLE_HELP: &str = "correct its permissions, or name it in `exclude` of the source";

/// The link at `path` of the repository `repo` leads out of it.
pub fn link_leaves_repository(repo: &str, path: &str) -> Diagnostic {
    let message = format!("the link `{path}` of `{repo}` leads out of the repository, or nowhere");
    Diagnostic::new(&LINK_LEAVES_REPOSITORY, None, message)
        .with_help("replace the link by a copy, or name it in `.callboardignore`")
}

/// The name of `path` of the repository `repo` is not UTF-8; `path` shows
/// it as well as it can be shown.
pub fn name_not_utf8(repo: &str, path: &str) -> Diagnostic {
    Diagnostic::new(&NAME_NOT_UTF8, None, format!("the name of `{path}` of `{repo}` is not UTF-8"))
        .with_help("rename it")
}
