//! Docs sites: the pages of one entity's documentation and how they
//! hang together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::hash::Key;

use super::diagnostic::Span;
use super::doc::Doc;
use super::entity::EntityId;
use super::extensions::Extensions;
use super::file::{FileId, RepoId};
use super::git_words::{DocsHistory, GitWords};
use super::history::PageHistory;
use super::mkdocs::{Collapse, Ignored, Sort};
use super::site_path::SitePath;

/// What the index of a section is called that has no title of its own.
pub const OVERVIEW: &str = "Overview";

/// What a docs site is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocsSource {
    /// `mkdocs.yaml` or `mkdocs.yml`.
    Mkdocs,
    /// mdBook's `book.toml` and `SUMMARY.md`.
    MdBook,
    /// A folder of Markdown beside the configuration of Docusaurus.
    Docusaurus,
    /// A folder of Markdown.
    Folder,
    /// A folder of architecture decision records.
    Decisions,
    /// A README alone.
    Readme,
}

/// A docs site before its pages are read: which files belong to it, and
/// where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// What the configuration says of its Markdown.
    pub extensions: Extensions,
    /// Sorted by file.
    pub pages: Vec<PlannedPage>,
    /// Those of the pages that list what is in their sections.
    pub generated: BTreeMap<usize, GeneratedPage>,
    /// The pages that sections lead to because a file says so, sorted.
    pub section_pages: Vec<usize>,
    /// Files that are copied, sorted by file.
    pub assets: Vec<DocsAsset>,
    /// The `nav` of the configuration; `None` derives it from the files.
    pub nav: Option<Vec<PlannedNav>>,
    /// What is said of the order of folders, relative to the docs
    /// folder.
    pub folders: BTreeMap<Box<str>, PlannedFolder>,
    /// How folders are sorted of which nothing is said.
    pub sort: Sort,
    /// Whether sections of one entry collapse where nothing is said.
    pub collapses: bool,
    /// Patterns in gitignore's syntax: pages that a navigation which is
    /// derived leaves out.
    pub not_in_nav: Vec<Box<str>>,
    /// Sorted by path.
    pub redirects: Vec<PlannedRedirect>,
    /// Which pages are architecture decision records, if any are.
    pub decisions: Option<PlannedDecisions>,
    /// The docs folder itself, and those that are included; the one with
    /// the longest prefix of a page's source is the page's.
    pub parts: Vec<DocsPart>,
    pub ignored: Ignored,
    /// Where `strict: true` stands.
    pub strict: Option<Span>,
    /// What stands for words of git plugins, if there are any.
    pub git_words: Option<Box<GitWords>>,
}

impl DocsPlan {
    /// Returns the plan of a folder of a repository of which nothing is
    /// known yet.
    pub fn of_folder(repo: RepoId, source: DocsSource, base: &str) -> Self {
        DocsPlan {
            repo,
            source,
            config: None,
            root: "".into(),
            docs_dir: "docs".into(),
            entities: Vec::new(),
            base: base.into(),
            title: "".into(),
            description: None,
            pages: Vec::new(),
            generated: BTreeMap::new(),
            section_pages: Vec::new(),
            assets: Vec::new(),
            nav: None,
            folders: BTreeMap::new(),
            sort: Sort::default(),
            collapses: false,
            not_in_nav: Vec::new(),
            redirects: Vec::new(),
            decisions: None,
            parts: Vec::new(),
            ignored: Ignored::default(),
            strict: None,
            git_words: None,
            extensions: Extensions::default(),
        }
    }

    /// Tells whether a page is that of its folder, or of the section
    /// that leads to it.
    pub fn is_of_section(&self, page_idx: usize) -> bool {
        self.pages.get(page_idx).is_some_and(PlannedPage::is_index)
            || self.section_pages.binary_search(&page_idx).is_ok()
    }

    /// Returns the URL that edits a page, where the configuration has
    /// one.
    pub fn edit_url(&self, source: &str) -> Option<String> {
        let parts = self.parts.iter().filter(|part| source.starts_with(&*part.prefix));
        let part = parts.max_by_key(|part| part.prefix.len())?;
        let template = part.edit.as_deref()?;
        let path = &source[part.prefix.len()..];
        let noext = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let quoted = |text: &str| SitePath::quoted(text);
        Some(
            template
                .replace("{path!q}", &quoted(path))
                .replace("{path_noext!q}", &quoted(noext))
                .replace("{path}", path)
                .replace("{path_noext}", noext),
        )
    }
}

/// A folder of docs that is part of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocsPart {
    /// Stands before the sources of its pages, with a slash at the end;
    /// empty for the site's own.
    pub prefix: Box<str>,
    /// The folder of its configuration, relative to the repository.
    pub root: Box<str>,
    /// The URL that edits a page, with `{path}` and the like for the
    /// page's path; where the configuration has one.
    pub edit: Option<Box<str>>,
}

/// What stands above the list of what is in a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedPage {
    pub title: Box<str>,
    pub description: Option<Box<str>>,
}

/// What is said of the order of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedFolder {
    pub title: Option<Box<str>>,
    pub nav: Option<Vec<PlannedNav>>,
    /// Thousandths, among its neighbours.
    pub position: Option<i64>,
    pub sort: Sort,
    pub is_hidden: bool,
    pub collapse: Collapse,
    /// The page that the section leads to.
    pub page: Option<usize>,
}

/// Architecture decision records among the pages of a docs site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDecisions {
    /// Stands before their sources; empty, or with a slash at the end.
    pub prefix: Box<str>,
    /// Where the list of them goes: to the folder's own URL, unless a
    /// page of the folder stands there.
    pub path: SitePath,
}

/// A page that leads on to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRedirect {
    /// What the page was called: `old/setup.md`.
    pub source: Box<str>,
    pub path: SitePath,
    pub target: LinkTarget,
    /// The page of the same docs site that it leads to, if it does.
    pub page: Option<usize>,
}

/// A page before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPage {
    pub file: FileId,
    /// Relative to the docs folder: `guides/setup.md`.
    pub source: Box<str>,
    pub path: SitePath,
}

impl PlannedPage {
    /// Whether this is the page of its folder.
    pub fn is_index(&self) -> bool {
        is_index(self.source.rsplit('/').next().unwrap_or(&self.source))
    }
}

/// Tells whether a file name is that of a folder's own page.
pub fn is_index(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.eq_ignore_ascii_case("index") || stem.eq_ignore_ascii_case("readme")
}

/// A file that is copied into the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocsAsset {
    pub file: FileId,
    /// Its path as its author knows it.
    pub path: SitePath,
    /// What its content is, once it was looked into.
    pub look: AssetLook,
}

/// What the content of a file is that is copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, bitcode::Encode, bitcode::Decode)]
pub struct AssetLook {
    /// The content is not what the name says, so it is not published.
    pub is_wrong: bool,
    /// Width and height of a picture.
    pub size: Option<[u32; 2]>,
    /// It is published as it is.
    pub is_whole: bool,
    /// The hash of what is published, once it was read.
    pub content: Option<Key>,
}

impl DocsAsset {
    /// Returns where the file is published: under a name that says what
    /// is in it, so that browsers and hosts may keep it for ever.
    pub fn published(&self) -> SitePath {
        match self.look.content {
            Some(content) => self.path.with_mark(&content.short()),
            None => self.path.clone(),
        }
    }
}

/// An entry of a configuration's `nav`.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// All of a folder, as the folder's own order has it.
    Folder {
        title: Option<Box<str>>,
        folder: Box<str>,
    },
    /// What the list around it does not name of a folder.
    Rest {
        folder: Box<str>,
        takes: Takes,
        /// Whether pages stand in no section of their folder's.
        is_flat: bool,
    },
}

/// What of the rest of a folder an entry stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// All that no pattern of the list matches.
    All,
    /// Pages and folders right in the folder whose names match.
    Names(RestPattern),
    /// Pages whose paths below the folder match.
    Paths(RestPattern),
    /// Pages whose paths below the folder match, or their names alone;
    /// `*` goes on behind a slash.
    Any(Box<str>),
}

/// A pattern as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestPattern {
    Glob(Box<str>),
    Regex(Box<str>),
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
    /// What git knows of all pages together, where words stand for it.
    pub history: DocsHistory,
}

/// A page of a docs site.
#[derive(Debug, Clone)]
pub struct DocPage {
    pub title: Box<str>,
    pub doc: Arc<Doc>,
    /// What the links of `doc` lead to; as long as `doc.links`.
    pub links: Vec<LinkTarget>,
    /// What git knows of the page, if it was asked.
    pub history: Option<PageHistory>,
    /// Width and height of pictures, by link, in the order of the links.
    pub sizes: Vec<(u32, [u32; 2])>,
}

impl DocPage {
    /// Returns a page whose links are not known yet.
    pub fn new(title: &str, doc: Arc<Doc>) -> Self {
        DocPage { title: title.into(), doc, links: Vec::new(), history: None, sizes: Vec::new() }
    }
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
