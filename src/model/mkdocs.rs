//! The configuration of a docs source, as far as Callboard reads it.

use super::diagnostic::{Diagnostic, Span};
use super::file::FileId;

/// What `mkdocs.yml` says, or mdBook's `book.toml` and `SUMMARY.md`.
#[derive(Debug, Clone, Default)]
pub struct DocsConfig {
    pub site_name: Option<Box<str>>,
    pub site_description: Option<Box<str>>,
    /// As written; default `docs` for MkDocs, `src` for mdBook.
    pub docs_dir: Option<(Box<str>, Option<Span>)>,
    pub nav: Option<Vec<NavEntry>>,
    pub repo_url: Option<Box<str>>,
    pub edit_uri: Option<Box<str>>,
    /// Patterns in gitignore's syntax, relative to the docs folder.
    pub exclude_docs: Vec<Box<str>>,
    pub not_in_nav: Vec<Box<str>>,
}

/// An entry of `nav` as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    pub title: Option<Box<str>>,
    pub target: NavTarget,
    pub span: Span,
}

/// What an entry of `nav` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NavTarget {
    /// A path relative to the docs folder, or a URL.
    Path(Box<str>),
    Section(Vec<NavEntry>),
}

/// A configuration file that was read.
#[derive(Debug, Clone)]
pub struct ReadDocsConfig {
    pub file: FileId,
    /// `None` when the file configures no docs after all.
    pub config: Option<DocsConfig>,
    /// What reading it said; a template's skeleton is not held to it.
    pub diagnostics: Vec<Diagnostic>,
}
