//! Diagnostics of the output folder.

use std::path::Path;

use crate::model::diagnostic::{Code, Diagnostic, Severity};

/// All codes of this file.
pub const ALL: &[&Code] = &[&FOREIGN_OUTPUT, &EDITED_OUTPUT, &CACHE_IGNORED];

/// The output folder holds files that Callboard did not write.
pub static FOREIGN_OUTPUT: Code = Code {
    id: "foreign-output",
    severity: Severity::Info,
    summary: "the output folder holds files that Callboard did not write",
    explanation: "Callboard keeps a list of what it writes in `.callboard-manifest.json` and removes nothing \
        else, so these files stay where they are and are published with the site. If they should not be, \
        remove them yourself. A file that Callboard wrote and that you have changed since counts as yours \
        once the site no longer has a file of that name.",
};

/// `output` holds `n_files` foreign files; `first` is one of them.
pub fn foreign_output(output: &Path, n_files: usize, first: &str) -> Diagnostic {
    let files = if n_files == 1 { "file" } else { "files" };
    let message = format!(
        "the output folder `{}` holds {n_files} {files} that Callboard did not write, such as `{first}`",
        output.display()
    );
    Diagnostic::new(&FOREIGN_OUTPUT, None, message)
        .with_help("they are kept; remove them yourself if they are not meant to be published")
}

/// A file of the output was edited by hand, and is written anew.
pub static EDITED_OUTPUT: Code = Code {
    id: "edited-output",
    severity: Severity::Warning,
    summary: "a file of the output was changed after Callboard wrote it",
    explanation: "The output folder holds what Callboard makes from the sources, so a change there is lost \
        with the next build: the file has been written anew. Change the page in its repository, or replace \
        a template or an asset in the folder that `[theme] dir` names.",
};

/// The file at `path` of the output was edited.
pub fn edited_output(path: &str) -> Diagnostic {
    let message = format!("`{path}` was changed in the output folder, and is written anew");
    Diagnostic::new(&EDITED_OUTPUT, None, message)
        .with_help("change its source, or the theme, instead of the output")
}

/// The cache cannot be used.
pub static CACHE_IGNORED: Code = Code {
    id: "cache-ignored",
    severity: Severity::Info,
    summary: "the cache cannot be used, and everything is made anew",
    explanation: "The folder `.callboard` remembers what earlier builds have made, with checksums. One that \
        is cut off or damaged is not used: this build takes longer, its result is the same, and the next \
        one is fast again. If it happens often, look at the disk, or at what restores the folder in CI.",
};

/// The cache in `folder` is not used; `why` says so: `it is damaged`.
pub fn cache_ignored(folder: &Path, why: &str) -> Diagnostic {
    let message = format!("the cache `{}` is not used: {why}", folder.display());
    Diagnostic::new(&CACHE_IGNORED, None, message).with_help("nothing has to be done; it is made anew")
}
