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
}

/// What `#12` and `@user` mean.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shorthand {
    /// With its scheme.
    pub host: Box<str>,
    pub user: Box<str>,
    pub repo: Option<Box<str>>,
}
