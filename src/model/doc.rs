//! A parsed page of Markdown: an object file whose links are holes.

use super::diagnostic::{Diagnostic, Span};
use super::file::FileId;

/// What parsing one page gives. It depends on that page alone; link
/// targets are found later, by `resolve`.
#[derive(Debug, Clone)]
pub struct Doc {
    pub file: FileId,
    /// `title` of the front matter.
    pub meta_title: Option<Box<str>>,
    /// `description` of the front matter.
    pub description: Option<Box<str>>,
    /// `hide` of the front matter: `toc`, `navigation`.
    pub hide: Vec<Box<str>>,
    /// `search: exclude: true` of the front matter.
    pub search_exclude: bool,
    /// In the order of the page.
    pub headings: Vec<Heading>,
    /// Tells whether the first block of the page is a level-1 heading,
    /// which then is the page's title.
    pub starts_with_title: bool,
    /// Safe HTML with holes.
    pub body: Vec<Piece>,
    /// What the holes of `body` lead to.
    pub links: Vec<DocLink>,
    /// Every further `id` of the page that a link may name.
    pub anchors: Vec<Box<str>>,
    /// The page's text for search, one section for each heading, after
    /// one for what stands before the first heading.
    pub sections: Vec<Section>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor, as Python-Markdown makes it.
    pub id: Box<str>,
    /// The anchor that GitHub makes, where it differs.
    pub alias: Option<Box<str>>,
    /// The text alone.
    pub text: Box<str>,
    pub span: Span,
}

/// A stretch of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// HTML that is safe to send to a browser as it is.
    Html(Box<str>),
    /// A hole for the `href` or `src` attribute of `links[n]`, of the
    /// form ` href="…"` with the space before it.
    Link(u32),
}

/// Which attribute a link's hole stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// `<a href>`.
    Href,
    /// `<img src>` and other media.
    Src,
}

/// A link as its author wrote it, entities and escapes decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocLink {
    pub kind: LinkKind,
    pub target: Box<str>,
    pub span: Span,
}

/// The text of a page from one heading to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// An index into [`Doc::headings`].
    pub heading: Option<u32>,
    pub text: Box<str>,
}

impl Doc {
    /// Returns the anchor of the page that `fragment` means, if any:
    /// itself, or the anchor of the heading that has it as an alias.
    pub fn anchor(&self, fragment: &str) -> Option<&str> {
        let heading = self
            .headings
            .iter()
            .find(|heading| &*heading.id == fragment)
            .or_else(|| self.headings.iter().find(|heading| heading.alias.as_deref() == Some(fragment)));
        match heading {
            Some(heading) => Some(&heading.id),
            None => self.anchors.iter().find(|anchor| &***anchor == fragment).map(|anchor| &**anchor),
        }
    }
}
