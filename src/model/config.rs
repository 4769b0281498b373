//! The portal's configuration, as `book.toml` gives it after defaults
//! and `CALLBOARD_…` variables. Paths are absolute.

use std::path::PathBuf;

use super::diagnostic::Span;

/// Everything that a person may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The folder of `book.toml`, or the folder that was named.
    pub root: PathBuf,
    /// `book.toml`, if there is one.
    pub file: Option<PathBuf>,
    pub book: Book,
    pub portal: Portal,
    pub sources: Vec<Source>,
    pub build: Build,
    pub theme: Theme,
    pub search: Search,
    pub markdown: Markdown,
    pub content: Content,
    pub catalog: Catalog,
    pub docs: Docs,
    /// Sorted by language.
    pub tools: Vec<DiagramTool>,
    /// No server is asked to draw.
    pub is_offline: bool,
}

/// `[diagram.LANGUAGE]`: what draws fences of a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramTool {
    pub language: String,
    /// A program and its arguments: the source comes in, SVG goes out.
    /// Empty where a server draws.
    pub command: Vec<String>,
    /// The address that a source is sent to, and that answers with SVG.
    pub server: Option<String>,
}

/// `[book]`, with mdBook's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    pub title: String,
    pub description: Option<String>,
    pub authors: Vec<String>,
    /// A BCP 47 tag; default `en`.
    pub language: String,
}

/// `[portal]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Portal {
    /// Shown as "Acme Catalog".
    pub organization: Option<String>,
    /// Ends with a slash. Only canonical links, the sitemap and feeds
    /// need it.
    pub base_url: Option<String>,
    /// A Markdown file for the home page.
    pub home: Option<PathBuf>,
}

/// `[[source]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// A folder, or a glob whose every folder is one repository.
    pub path: PathBuf,
    /// `path` as it was written, for messages.
    pub written: String,
    pub name: Option<String>,
    /// Patterns in gitignore's syntax.
    pub exclude: Vec<String>,
    /// The page at the host; `{name}` stands for the repository's name.
    pub url: Option<String>,
    pub git_ref: Option<String>,
    /// The kinds that it may declare, in place of those of `[catalog]`.
    pub allow: Option<Vec<String>>,
    /// The files or patterns where `discovery = "locations"` begins.
    pub roots: Vec<String>,
    /// Whether `path` is a dump of another catalog's entities.
    pub is_dump: bool,
    /// Where its `path` is written, if in `book.toml`; `FileId(0)`.
    pub span: Option<Span>,
}

/// `[build]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// Where the site goes; default `site` beside `book.toml`.
    pub build_dir: PathBuf,
}

/// `[theme]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// `default` or `plain`.
    pub name: String,
    pub logo: Option<PathBuf>,
    pub favicon: Option<PathBuf>,
    /// `#rgb` or `#rrggbb`.
    pub accent: Option<String>,
    /// Files here replace the theme's, one by one.
    pub dir: Option<PathBuf>,
}

/// `[search]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    pub enable: bool,
    /// Whose words are stemmed; default the book's.
    pub language: Option<String>,
    /// Further words that are too common to count.
    pub stop_words: Vec<String>,
    /// Words that count though the language says otherwise.
    pub keep_words: Vec<String>,
    /// Patterns of pages that are left out: `repository/path`.
    pub exclude: Vec<String>,
    /// How many results are listed.
    pub limit: usize,
    /// Whether results show a piece of the page's text.
    pub teasers: bool,
    pub boost: Boost,
}

/// What a match in a field counts, in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boost {
    pub title: u32,
    pub headings: u32,
    pub tags: u32,
    pub body: u32,
}

impl Default for Search {
    fn default() -> Self {
        Search {
            enable: true,
            language: None,
            stop_words: Vec::new(),
            keep_words: Vec::new(),
            exclude: Vec::new(),
            limit: 50,
            teasers: true,
            boost: Boost { title: 800, headings: 400, tags: 200, body: 100 },
        }
    }
}

/// `[markdown]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// Whether code is highlighted.
    pub highlight: bool,
}

/// `[content]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Hosts whose images a page may show.
    pub remote_images: Vec<String>,
}

/// `[catalog]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    pub rules: Rules,
    /// Sorted by annotation.
    pub links: Vec<AnnotationLink>,
}

/// `[catalog.link]`: turns the value of an annotation into a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationLink {
    pub annotation: String,
    pub title: String,
    pub icon: Option<String>,
    /// `{value}` stands for the value, `{1}` to `{9}` for its parts
    /// between slashes; empty for no link at all.
    pub url: String,
}

/// What `[catalog]` says of which entities there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    pub discovery: Discovery,
    /// The kinds that a source may declare, unless it says so itself.
    pub allow: Option<Vec<String>>,
    /// Namespaces, and the sources that alone may use them; sorted.
    pub reserved: Vec<(String, Vec<String>)>,
    /// Hosts that annotations may lead to for sources, beside each
    /// repository's own.
    pub hosts: Vec<String>,
}

/// How entities are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Discovery {
    /// Every file that holds one.
    #[default]
    Content,
    /// What the roots of the repositories and their Locations lead to.
    Locations,
}

/// `[docs]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Docs {
    /// Whether git is asked when pages were written, and by whom.
    pub history: bool,
    /// Whether each docs site has a page that holds all of it.
    pub print: bool,
    /// Whether the docs are written once more in the form of TechDocs.
    pub techdocs_output: bool,
}

impl Default for Docs {
    fn default() -> Self {
        Docs { history: true, print: false, techdocs_output: false }
    }
}

impl Config {
    /// Returns the defaults for a folder without `book.toml`. The title
    /// is the folder's name.
    pub fn of_folder(root: PathBuf) -> Self {
        let title = root.file_name().map_or("Portal".into(), |name| name.to_string_lossy().into_owned());
        Config {
            file: None,
            book: Book { title, description: None, authors: Vec::new(), language: "en".to_string() },
            portal: Portal::default(),
            sources: Vec::new(),
            build: Build { build_dir: root.join("site") },
            theme: Theme { name: "default".to_string(), logo: None, favicon: None, accent: None, dir: None },
            search: Search::default(),
            markdown: Markdown { highlight: true },
            content: Content::default(),
            catalog: Catalog::default(),
            docs: Docs::default(),
            tools: Vec::new(),
            is_offline: false,
            root,
        }
    }
}
