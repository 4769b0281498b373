//! Diagnostics of `book.toml` and `CALLBOARD_…` variables.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};

/// All codes of this file.
pub const ALL: &[&Code] = &[&UNKNOWN_KEY, &MISSING_HOME];

/// A key that Callboard does not know.
pub static UNKNOWN_KEY: Code = Code {
    id: "unknown-key",
    severity: Severity::Warning,
    summary: "a key of `book.toml` that Callboard does not know",
    explanation: "The key has no effect. Most often it is misspelt, or stands in the wrong table.\n\n\
        ```toml\n\
        [portal]\n\
        organisation = \"Acme\"  # unknown: did you mean `organization`?\n\
        ```\n\n\
        Tables that only mdBook reads, such as `[output.html]`, are accepted, so that a book can be a \
        portal too. A variable counts by the same rule: `CALLBOARD_PORTAL__BASE_URL` sets `base-url` of \
        `[portal]`.",
};

/// `key` is not known in `table`; `nearest` is a valid name like it.
pub fn unknown_key(span: Option<Span>, table: &str, key: &str, nearest: Option<&str>) -> Diagnostic {
    let place = if table.is_empty() { "at the top level".to_string() } else { format!("in `[{table}]`") };
    let diagnostic = Diagnostic::new(&UNKNOWN_KEY, span, format!("unknown key `{key}` {place}"));
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `{nearest}`?")),
        None => diagnostic.with_help("remove it, or move it to the table that it belongs to"),
    }
}

/// The variable `name` sets `key` of `table`, which is not known;
/// `nearest` is a valid name like it.
pub fn unknown_variable(name: &str, table: &str, key: &str, nearest: Option<&str>) -> Diagnostic {
    let message = format!("the variable `{name}` sets `{key}` in `[{table}]`, which is not a key of it");
    let diagnostic = Diagnostic::new(&UNKNOWN_KEY, None, message);
    match nearest {
        Some(nearest) => diagnostic.with_help(format!("did you mean `{nearest}`?")),
        None => diagnostic.with_help("unset the variable"),
    }
}

/// A home page that does not exist.
pub static MISSING_HOME: Code = Code {
    id: "missing-home",
    severity: Severity::Error,
    summary: "a `home` of `[portal]` that does not exist",
    explanation: "`home` names a Markdown file whose text opens the portal's home page. There is no such file, so the \
        home page is built without it. The path is relative to `book.toml`.\n\n\
        ```toml\n\
        [portal]\n\
        home = \"home.md\"\n\
        ```",
};

/// The file `path`, relative to `book.toml`, is no home page.
pub fn missing_home(path: &str) -> Diagnostic {
    Diagnostic::new(&MISSING_HOME, None, format!("the home page `{path}` does not exist"))
        .with_help("write the file, or correct `home` of `[portal]`")
}
