//! What a docs site's configuration says of its Markdown.

/// The settings of Markdown extensions, as far as they change a page.
/// Most of the dialect needs none: what nobody writes costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Extensions {
    /// Whether dollars hold formulas.
    pub math: bool,
    /// Folders in which snippets are looked for, relative to the
    /// configuration.
    pub snippet_bases: Vec<Box<str>>,
    /// Snippets that every page ends with.
    pub appended: Vec<Box<str>>,
    pub shorthand: Option<Shorthand>,
    /// How identifiers of headings are made.
    pub slugs: SlugRule,
    /// Which levels of headings a table of contents has, if given.
    pub toc_levels: Option<(u8, u8)>,
    /// What a table of contents is called.
    pub toc_title: Option<Box<str>>,
    /// By how many levels headings are lowered.
    pub lowered_by: u8,
    /// What a heading's link to itself looks like; empty for no link.
    pub permalink: Option<Box<str>>,
    /// Whether every code block has line numbers.
    pub numbers_lines: bool,
    /// Whether code blocks without a title are called by their language.
    pub names_languages: bool,
    /// Whether every end of a line is a line break.
    pub breaks_lines: bool,
}

/// How identifiers of headings are made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum SlugRule {
    /// As Python-Markdown has it: ASCII alone.
    #[default]
    Ascii,
    /// The same with the letters of all scripts.
    Unicode,
    /// pymdownx's: all letters, a hyphen for each space, lower case.
    Lower,
    /// The same with the case as it is.
    Cased,
}

impl Extensions {
    /// Nothing is set.
    pub const NONE: Extensions = Extensions {
        math: false,
        snippet_bases: Vec::new(),
        appended: Vec::new(),
        shorthand: None,
        slugs: SlugRule::Ascii,
        toc_levels: None,
        toc_title: None,
        lowered_by: 0,
        permalink: None,
        numbers_lines: false,
        names_languages: false,
        breaks_lines: false,
    };
}

/// What `#12` and `@user` mean.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shorthand {
    /// With its scheme.
    pub host: Box<str>,
    pub user: Box<str>,
    pub repo: Option<Box<str>>,
}
