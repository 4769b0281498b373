//! Docs sites: the pages of one entity's documentation and how they
//! hang together.

use super::diagnostic::Span;
use super::doc::Doc;
use super::entity::EntityId;
use super::file::{FileId, RepoId};
use super::site_path::SitePath;

/// What a docs site is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocsSource {
    /// `mkdocs.yaml` or `mkdocs.yml`.
    Mkdocs,
    /// mdBook's `book.toml` and `SUMMARY.md`.
    MdBook,
    /// A folder of Markdown.
    Folder,
    /// A README alone.
    Readme,
}

/// A docs site before its pages are read: which files belong to it, and
/// where they go.
#[derive(Debug, Clone)]
pub struct DocsPlan {
    pub repo: RepoId,
    pub source: DocsSource,
    /// `mkdocs.yml` or `book.toml`.
    pub config: Option<FileId>,
    /// The folder that `techdocs-ref` names, relative to the repository.
    pub root: Box<str>,
    /// The folder that holds the pages, relative to the repository.
    pub docs_dir: Box<str>,
    /// The entities that have these docs. The first one's URL holds the
    /// pages, the others redirect there.
    pub entities: Vec<EntityId>,
    /// `docs/<namespace>/<kind>/<name>`.
    pub base: Box<str>,
    /// `site_name`, or the entity's name.
    pub title: Box<str>,
    pub description: Option<Box<str>>,
    /// Sorted by file.
    pub pages: Vec<PlannedPage>,
    /// Files that are copied, sorted by file.
    pub assets: Vec<DocsAsset>,
    /// The `nav` of the configuration; `None` derives it from the files.
    pub nav: Option<Vec<PlannedNav>>,
    /// `repo_url` joined with `edit_uri`, where the configuration has
    /// them; the page's path is appended.
    pub edit_base: Option<Box<str>>,
}

/// A page before it is read.
#[derive(Debug, Clone)]
pub struct PlannedPage {
    pub file: FileId,
    /// Relative to the docs folder: `guides/setup.md`.
    pub source: Box<str>,
    pub path: SitePath,
}

/// A file that is copied into the site.
#[derive(Debug, Clone)]
pub struct DocsAsset {
    pub file: FileId,
    pub path: SitePath,
}

/// An entry of a configuration's `nav`.
#[derive(Debug, Clone)]
pub enum PlannedNav {
    /// An index into [`DocsPlan::pages`].
    Page {
        title: Option<Box<str>>,
        page: usize,
    },
    Section {
        title: Box<str>,
        items: Vec<PlannedNav>,
    },
    /// Anything with a scheme.
    Link {
        title: Box<str>,
        url: Box<str>,
        span: Span,
    },
}

/// A docs site, whole.
#[derive(Debug, Clone)]
pub struct DocsSite {
    pub plan: DocsPlan,
    /// As long as `plan.pages`, in the same order.
    pub pages: Vec<DocPage>,
    pub nav: Vec<NavItem>,
    /// Indices of pages in the order of the navigation, for "previous"
    /// and "next"; pages outside of it are not in here.
    pub order: Vec<usize>,
    /// The page that the site's base URL shows, if any.
    pub home: Option<usize>,
}

/// A page of a docs site.
#[derive(Debug, Clone)]
pub struct DocPage {
    pub title: Box<str>,
    pub doc: Doc,
    /// What the links of `doc` lead to; as long as `doc.links`.
    pub links: Vec<LinkTarget>,
}

/// An entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NavItem {
    /// An index into [`DocsSite::pages`].
    Page {
        title: Box<str>,
        page: usize,
    },
    Section {
        title: Box<str>,
        items: Vec<NavItem>,
    },
    /// A safe URL outside of the portal.
    Link {
        title: Box<str>,
        url: Box<str>,
    },
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page or a file of the portal, and the fragment without `#`.
    Site { path: SitePath, fragment: Option<Box<str>> },
    /// An anchor of the same page.
    Fragment(Box<str>),
    /// A safe URL outside of the portal, as it goes into the attribute,
    /// unescaped.
    External(Box<str>),
    /// Nothing: shown as text, with a mark.
    Broken,
}
