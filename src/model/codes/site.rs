//! Diagnostics of the rendered site: themes, templates, output.

use crate::model::diagnostic::{Code, Diagnostic, Severity};

/// All codes of this file.
pub const ALL: &[&Code] = &[&THEME_TEMPLATE, &THEME_FILE, &COPY_FAILED];

/// A template of the theme folder that cannot be used.
pub static THEME_TEMPLATE: Code = Code {
    id: "theme-template",
    severity: Severity::Error,
    summary: "a template of the theme folder that cannot be used",
    explanation: "The built-in template of the same name takes its place, so pages are complete but look \
        as if the file were not there.\n\nTemplates are written in Tera 2. A template receives `shell` (the \
        portal) and `page` (this page); a name that neither of them has is an error. Write \
        `{% if page.subtitle %}` only for fields that exist, and copy the built-in template as a start.",
};

/// A file of the theme that cannot be used.
pub static THEME_FILE: Code = Code {
    id: "theme-file",
    severity: Severity::Warning,
    summary: "a file that `[theme]` names cannot be used",
    explanation: "The logo, the favicon, `theme.toml` or an asset of the theme folder could not be read, so \
        the built-in one takes its place. Paths in `[theme]` are relative to `book.toml`.",
};

/// A file that a docs page needs could not be copied.
pub static COPY_FAILED: Code = Code {
    id: "copy-failed",
    severity: Severity::Error,
    summary: "a file of a docs folder could not be copied into the site",
    explanation: "The file was there when the sources were walked, but could not be read when the site was \
        written. The pages that show it have a gap. Check its permissions, and that nothing changes the \
        sources while they are built.",
};

/// The template `name` of the theme folder fails with `error`.
pub fn theme_template(name: &str, error: &str) -> Diagnostic {
    Diagnostic::new(&THEME_TEMPLATE, None, format!("template `{name}` cannot be used: {error}"))
        .with_help("compare it with the built-in template, which takes its place meanwhile")
}

/// `path` was to be the `what` of the theme.
pub fn theme_file(what: &str, path: &str, error: &str) -> Diagnostic {
    Diagnostic::new(&THEME_FILE, None, format!("{what} `{path}` cannot be used: {error}"))
        .with_help("check the path in `[theme]`, which is relative to `book.toml`")
}

/// The asset at `path` of `repo` could not be read.
pub fn copy_failed(repo: &str, path: &str, error: &str) -> Diagnostic {
    Diagnostic::new(&COPY_FAILED, None, format!("`{path}` of `{repo}` could not be copied: {error}"))
        .with_help("check its permissions, and build again")
}
