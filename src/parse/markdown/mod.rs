//! Markdown to safe HTML with holes for links.

use crate::model::diagnostic::Diagnostic;
use crate::model::doc::Doc;
use crate::model::file::FileId;

/// Whose Markdown it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// MkDocs, TechDocs and plain docs folders.
    TechDocs,
    /// A README.
    GitHub,
    /// mdBook.
    MdBook,
}

/// How pages are read.
#[derive(Debug, Clone)]
pub struct MarkdownOptions<'o> {
    pub flavour: Flavour,
    /// Whether code is highlighted.
    pub highlight: bool,
    /// Hosts whose images a page may show.
    pub remote_images: &'o [String],
}

/// Reads one page.
pub fn doc(file: FileId, _bytes: &[u8], _options: &MarkdownOptions) -> Doc {
    Doc {
        file,
        meta_title: None,
        description: None,
        hide: Vec::new(),
        search_exclude: false,
        headings: Vec::new(),
        starts_with_title: false,
        body: Vec::new(),
        links: Vec::new(),
        anchors: Vec::new(),
        sections: Vec::new(),
        diagnostics: Vec::new(),
    }
}

/// Reads a short text such as an entity's description. Only links with
/// a scheme are kept. Returns safe HTML.
pub fn fragment(text: &str) -> Box<str> {
    let mut unused: Vec<Diagnostic> = Vec::new();
    unused.clear();
    crate::base::text::escape_html(text).into_owned().into()
}
