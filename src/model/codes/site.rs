//! Diagnostics of the rendered site: themes, templates, output.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};

/// All codes of this file.
pub const ALL: &[&Code] =
    &[&CLEANED_SVG, &THEME_TEMPLATE, &THEME_FILE, &COPY_FAILED, &ACTIVE_SVG, &WRONG_FILE_TYPE];

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

/// An SVG of which something was left out.
pub static CLEANED_SVG: Code = Code {
    id: "cleaned-svg",
    severity: Severity::Info,
    summary: "an SVG file is published without what could run or load something",
    explanation: "An SVG file that is opened by its own URL is a document like any other: it may run scripts and \
        fetch from other hosts. Callboard publishes what draws and leaves out the rest: scripts, event handlers, \
        foreign HTML, links to other hosts, and the document type. Tools such as draw.io write plain text beside \
        foreign HTML, which then is shown.",
};

/// An SVG that is more than a picture.
pub static ACTIVE_SVG: Code = Code {
    id: "active-svg",
    severity: Severity::Warning,
    summary: "an SVG image could run or load something",
    explanation: "An SVG file that is opened by its own address is a page of the portal: scripts in it would run, \
        and it could load things from elsewhere. So only drawings are published, without scripts, event handlers, \
        animations, embedded HTML, DOCTYPE and addresses of other files; a grey box stands in for the others. \
        Export it again as a plain or optimised SVG, or as PNG.",
};

/// A file whose bytes are of another type than its name says.
pub static WRONG_FILE_TYPE: Code = Code {
    id: "wrong-file-type",
    severity: Severity::Warning,
    summary: "a file of a docs folder is not what its extension says",
    explanation: "Browsers look into files whose type they doubt, and one that begins like a page would run as \
        part of the portal. So a picture, sound, film or document is published only if it begins as its format \
        does, and else left empty. Often such a file is the pointer of Git LFS, or an error page that was saved \
        as a picture: fetch the real one with `git lfs pull`, or give it the extension that it should have.",
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

/// The SVG at `path` is not inert.
pub fn active_svg(span: Span, path: &str) -> Diagnostic {
    Diagnostic::new(
        &ACTIVE_SVG,
        Some(span),
        format!("`{path}` is not published: it could run or load something"),
    )
    .with_help("export it as a plain SVG, without scripts, links to other files and a DOCTYPE")
}

/// The SVG at `path` is published without what `removed` names.
pub fn cleaned_svg(span: Span, path: &str, removed: &str) -> Diagnostic {
    Diagnostic::new(&CLEANED_SVG, Some(span), format!("`{path}` is published without {removed}"))
        .with_help("look at the picture; if something is missing, export it as a plain SVG")
}

/// The bytes at `path` are of another type.
pub fn wrong_file_type(span: Span, path: &str) -> Diagnostic {
    let extension = path.rsplit('.').next().unwrap_or("");
    Diagnostic::new(
        &WRONG_FILE_TYPE,
        Some(span),
        format!(
            "`{path}` is not published: its content is not that of a `.{}` file",
            extension.to_lowercase()
        ),
    )
    .with_help("give it the extension of what it is; if it is a pointer of Git LFS, run `git lfs pull`")
}
