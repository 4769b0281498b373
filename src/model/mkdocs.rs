//! The configuration of a docs source, as far as Callboard reads it.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostic, Span};
use super::extensions::Extensions;
use super::file::FileId;
use super::git_words::GitWords;

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
    /// How folders are sorted whose files say nothing of it.
    pub sort: Sort,
    /// Whether sections of one entry collapse where no file says so.
    pub collapses: bool,
    /// What those files say, by folder relative to the docs folder.
    pub folders: BTreeMap<Box<str>, FolderNav>,
    /// What stands for words of git plugins, if there are any.
    pub git_words: Option<Box<GitWords>>,
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
    pub sort: Sort,
    pub is_hidden: bool,
    pub collapse: Collapse,
    /// Where the section's title leads to.
    pub link: Option<FolderLink>,
}

/// Where the title of a section leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FolderLink {
    /// A page, by what Docusaurus calls it.
    Page(Box<str>),
    /// A page that lists what is in the section, which `file` asks for.
    Generated { file: FileId, title: Option<Box<str>>, description: Option<Box<str>>, slug: Option<Box<str>> },
}

/// How the entries of a folder are sorted, as far as it is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    pub is_descending: Option<bool>,
    pub by_title: Option<bool>,
    /// `2` before `10`.
    pub is_natural: bool,
    pub ignores_case: bool,
    /// The index comes first, however the others are sorted.
    pub has_index_first: bool,
}

impl Sort {
    /// Returns what is said, and what is said elsewhere of what is not.
    pub fn or(self, other: Sort) -> Sort {
        Sort {
            is_descending: self.is_descending.or(other.is_descending),
            by_title: self.by_title.or(other.by_title),
            is_natural: self.is_natural || other.is_natural,
            ignores_case: self.ignores_case || other.ignores_case,
            has_index_first: self.has_index_first || other.has_index_first,
        }
    }

    /// Tells whether the entries are sorted in any other way than
    /// without a word.
    pub fn is_said(self) -> bool {
        self.is_descending.is_some() || self.by_title.is_some() || self.is_natural
    }
}

/// Whether a section of one entry only is that entry, as far as it is
/// said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Collapse {
    /// Of the folder itself.
    pub own: Option<bool>,
    /// Of the folder and those below it.
    pub below: Option<bool>,
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
