//! What a docs site's configuration says of its Markdown.

/// The settings of Markdown extensions, as far as they change a page.
/// Most of the dialect needs none: what nobody writes costs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Extensions {
    /// What holds formulas, if anything does.
    pub math: Option<MathSyntax>,
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
    pub magic: Option<Box<MagicLinks>>,
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
    /// What the identifiers of lines of code begin with, if they have any.
    pub line_anchors: Option<Box<str>>,
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
    pub keys: Option<Box<Keys>>,
    /// Which quotes, dashes and dots are typeset, if any are.
    pub smarty: Option<Box<Smarty>>,
    pub footnotes: Option<Box<Footnotes>>,
    /// Whether every end of a line is a line break.
    pub breaks_lines: bool,
    /// What an mdBook has turned off.
    pub off: BookSwitches,
}

/// What holds formulas, as `pymdownx.arithmatex` calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MathSyntax {
    /// `$x$`.
    pub dollar: bool,
    /// Whether a dollar with a space behind it is a sign of money.
    pub is_smart: bool,
    /// `\\(x\\)`.
    pub round: bool,
    /// `$$x$$`.
    pub dollars: bool,
    /// `\\[x\\]`.
    pub square: bool,
    /// `\\begin{a}x\\end{a}`.
    pub begin: bool,
}

impl MathSyntax {
    pub const ALL: MathSyntax =
        MathSyntax { dollar: true, is_smart: true, round: true, dollars: true, square: true, begin: true };
}

/// How `++ctrl+c++` is written, as `pymdownx.keys` calls it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Keys {
    /// What stands between two keys.
    pub separator: Box<str>,
    /// Whether keys lie in a `kbd` of their own, as HTML's own text has it.
    pub is_strict: bool,
    /// Whether `PageUp` is `page-up`.
    pub is_camel: bool,
    /// What further keys are called, or known ones are called instead.
    pub labels: Vec<(Box<str>, Box<str>)>,
}

/// What `smarty` makes of quotes, dashes and dots.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Smarty {
    pub quotes: bool,
    pub angled_quotes: bool,
    pub dashes: bool,
    pub ellipses: bool,
    /// What is written instead of the usual signs: by their names, text
    /// with references.
    pub substitutions: Vec<(Box<str>, Box<str>)>,
}

/// How footnotes are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Footnotes {
    /// The line that they take the place of, if it is not the usual one.
    pub place: Option<Box<str>>,
    /// What leads back: text with references.
    pub back_text: Option<Box<str>>,
    /// What is said of what leads back, `{}` is the number.
    pub back_title: Option<Box<str>>,
    /// What a mark looks like, `{}` is the number.
    pub mark: Option<Box<str>>,
    /// What stands in identifiers instead of a colon.
    pub separator: Option<Box<str>>,
}

/// What an mdBook has turned off that is on where nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct BookSwitches {
    pub smart_punctuation: bool,
    pub definition_lists: bool,
    pub admonitions: bool,
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
        math: None,
        mathjax: false,
        hidden_prefixes: Vec::new(),
        snippet_bases: Vec::new(),
        appended: Vec::new(),
        magic: None,
        slugs: SlugRule::Ascii,
        toc_levels: None,
        toc_title: None,
        lowered_by: 0,
        permalink: None,
        permalink_class: None,
        numbers_lines: false,
        line_anchors: None,
        names_languages: false,
        language_names: Vec::new(),
        default_language: None,
        mermaid_names: Vec::new(),
        tab_ids: None,
        ticks_tasks: false,
        critic: Critic::View,
        signs: Signs::NONE_SAID,
        marks: Marks::ALL,
        keys: None,
        smarty: None,
        footnotes: None,
        breaks_lines: false,
        off: BookSwitches { smart_punctuation: false, definition_lists: false, admonitions: false },
    };
}

/// What `pymdownx.magiclink` makes of addresses, and of shorthands for
/// them. All of it is off where nothing is said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MagicLinks {
    /// Whether `#12`, `user/repo#12` and commits are links.
    pub reads_references: bool,
    /// Whether `@user` is a link; `@x:user` with `reads_people`.
    pub reads_mentions: bool,
    pub reads_people: bool,
    /// Whether addresses of repositories and what is in them are short.
    pub shortens: bool,
    /// The same of people.
    pub shortens_people: bool,
    /// Whether addresses are shown without `https://`.
    pub hides_scheme: bool,
    /// Whether pull requests are shown as `#12` too.
    pub is_normal: bool,
    /// Which host is meant where none is named: an index of `hosts`.
    pub host: usize,
    pub hosts: Vec<MagicHost>,
    pub user: Option<Box<str>>,
    pub repo: Option<Box<str>>,
    /// What things are called in titles, by their names.
    pub labels: Vec<(Box<str>, Box<str>)>,
}

/// A host of repositories or of people.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MagicHost {
    /// As shorthands name it.
    pub name: Box<str>,
    /// As titles name it.
    pub label: Box<str>,
    pub kind: MagicKind,
    /// Its address, without a slash at the end.
    pub url: Box<str>,
    /// Names that are no users: addresses below them stay as they are.
    pub excluded: Vec<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MagicKind {
    GitHub,
    GitLab,
    Bitbucket,
    /// People alone.
    Social,
}
