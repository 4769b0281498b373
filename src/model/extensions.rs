//! What a docs site's configuration says of its Markdown.

/// The settings of Markdown extensions, as far as they change a page.
/// Most of the dialect needs none: what nobody writes costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Extensions {
    /// Whether dollars hold formulas.
    pub math: bool,
    /// Whether `\\(` and `\\[` of an mdBook do, which its readers' browsers
    /// draw by MathJax.
    pub mathjax: bool,
    /// What lines of code begin with that an mdBook hides, by language.
    pub hidden_prefixes: Vec<(Box<str>, Box<str>)>,
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
    /// Further classes of that link.
    pub permalink_class: Option<Box<str>>,
    /// Whether every code block has line numbers.
    pub numbers_lines: bool,
    /// Whether each number of a line is a link to that line.
    pub anchors_lines: bool,
    /// Whether code blocks without a title are called by their language.
    pub names_languages: bool,
    /// What languages are called in such titles, where it was said.
    pub language_names: Vec<(Box<str>, Box<str>)>,
    /// The language of code blocks that name none.
    pub default_language: Option<Box<str>>,
    /// Languages of code blocks that are Mermaid's by another name.
    pub mermaid_names: Vec<Box<str>>,
    /// How tabs get identifiers, if they do.
    pub tab_ids: Option<TabIds>,
    /// Whether the boxes of task lists can be ticked.
    pub ticks_tasks: bool,
    pub critic: Critic,
    pub signs: Signs,
    pub marks: Marks,
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

/// How identifiers of tabs are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TabIds {
    pub rule: SlugRule,
    /// Whether that of the heading above comes first.
    pub follows_heading: bool,
}

/// What becomes of a critic's marks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Critic {
    /// They are shown.
    #[default]
    View,
    /// The text is as the critic wants it.
    Accept,
    /// The text is as it was.
    Reject,
}

/// Which characters stand for signs, as `pymdownx.smartsymbols` calls
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signs {
    pub trademark: bool,
    pub copyright: bool,
    pub registered: bool,
    pub care_of: bool,
    pub plusminus: bool,
    pub arrows: bool,
    pub notequal: bool,
    pub fractions: bool,
    pub ordinal_numbers: bool,
}

impl Default for Signs {
    fn default() -> Self {
        Signs::NONE_SAID
    }
}

impl Signs {
    /// What holds where nothing is said. Fractions stay as they were
    /// written: `1/2` is as often a date or a version.
    pub const NONE_SAID: Signs = Signs {
        trademark: true,
        copyright: true,
        registered: true,
        care_of: false,
        plusminus: true,
        arrows: true,
        notequal: true,
        fractions: false,
        ordinal_numbers: false,
    };
}

/// Which marks in text are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marks {
    pub insert: bool,
    pub superscript: bool,
    pub delete: bool,
    pub subscript: bool,
}

impl Default for Marks {
    fn default() -> Self {
        Marks::ALL
    }
}

impl Marks {
    pub const ALL: Marks = Marks { insert: true, superscript: true, delete: true, subscript: true };
}

impl Extensions {
    /// Nothing is set.
    pub const NONE: Extensions = Extensions {
        math: false,
        mathjax: false,
        hidden_prefixes: Vec::new(),
        snippet_bases: Vec::new(),
        appended: Vec::new(),
        shorthand: None,
        slugs: SlugRule::Ascii,
        toc_levels: None,
        toc_title: None,
        lowered_by: 0,
        permalink: None,
        permalink_class: None,
        numbers_lines: false,
        anchors_lines: false,
        names_languages: false,
        language_names: Vec::new(),
        default_language: None,
        mermaid_names: Vec::new(),
        tab_ids: None,
        ticks_tasks: false,
        critic: Critic::View,
        signs: Signs::NONE_SAID,
        marks: Marks::ALL,
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
