//! The configuration of a docs source, as far as Callboard reads it.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostic, Span};
use super::extensions::Extensions;
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
    /// Holds `{path}`, `{path_noext}` or one of them with `!q`.
    pub edit_uri_template: Option<Box<str>>,
    /// Patterns in gitignore's syntax, relative to the docs folder.
    pub exclude_docs: Vec<Box<str>>,
    pub not_in_nav: Vec<Box<str>>,
    /// Pages that have moved.
    pub redirects: Vec<Redirect>,
    /// Which files of the docs folder say how their folders are ordered.
    pub order_file: Option<OrderFile>,
    /// What those files say, by folder relative to the docs folder.
    pub folders: BTreeMap<Box<str>, FolderNav>,
    /// What `validation` says is not worth a word.
    pub ignored: Ignored,
    /// Where `strict: true` stands.
    pub strict: Option<Span>,
    /// What it says of its Markdown.
    pub extensions: Extensions,
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

/// A page that has moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// A source relative to the docs folder, or a URL path.
    pub from: Box<str>,
    /// The same, or a URL; a fragment may follow.
    pub to: Box<str>,
    pub span: Span,
}

/// Files that say how the folder that they lie in is ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderFile {
    /// `.pages` of the awesome-pages plugin, or its other name.
    AwesomePages(Box<str>),
    /// `SUMMARY.md` of the literate-nav plugin, or its other name.
    LiterateNav(Box<str>),
    /// `_category_.json` or `_category_.yml` of Docusaurus.
    Categories,
}

/// How a folder is ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderNav {
    pub title: Option<Box<str>>,
    /// Entries relative to the folder.
    pub nav: Option<Vec<NavEntry>>,
    /// Thousandths, among its neighbours; Docusaurus.
    pub position: Option<i64>,
    pub sort: Option<Sort>,
    pub is_hidden: bool,
    /// A section of one page only is that page.
    pub collapses: bool,
}

/// How the entries of a folder are sorted that are not listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    pub is_descending: bool,
    pub by_title: bool,
    /// `2` before `10`.
    pub is_natural: bool,
    pub ignores_case: bool,
}

/// What is not worth a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ignored {
    pub omitted_files: bool,
    pub nav_not_found: bool,
    pub broken_links: bool,
    pub broken_anchors: bool,
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
