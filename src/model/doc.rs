//! A parsed page of Markdown: an object file whose links are holes.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bitcode::{Decode, DecodeOwned, Encode};

use super::codes;
use super::diagnostic::{Diagnostic, Note, Span};
use super::file::FileId;
use crate::base::hash::{self, Key};
use crate::base::memo::Memo;

/// What parsing one page gives. It depends on that page alone; link
/// targets are found later, by `resolve`.
#[derive(Debug, Clone)]
pub struct Doc {
    pub file: FileId,
    /// The hash of all that the page was made from.
    pub key: Key,
    /// `title` of the front matter.
    pub meta_title: Option<Box<str>>,
    /// `description` of the front matter.
    pub description: Option<Box<str>>,
    /// `hide` of the front matter: `toc`, `navigation`.
    pub hide: Vec<Box<str>>,
    /// `search: exclude: true` of the front matter.
    pub search_exclude: bool,
    /// What else the front matter says that counts here, by key.
    pub meta: Vec<(Box<str>, Box<str>)>,
    /// In the order of the page.
    pub headings: Vec<Heading>,
    /// Tells whether the first block of the page is a level-1 heading,
    /// which then is the page's title.
    pub starts_with_title: bool,
    /// Safe HTML with holes.
    pub body: Held<Piece>,
    /// What the holes of `body` lead to.
    pub links: Vec<DocLink>,
    /// Every further `id` of the page that a link may name.
    pub anchors: Vec<Box<str>>,
    /// The page's text for search, one section for each heading, after
    /// one for what stands before the first heading.
    pub sections: Held<Section>,
    /// The same counted, where the text is not kept.
    pub counted: Option<Box<Counted>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Which words of the search stand in the text of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Which words are meant: an index into the site's.
    pub words: usize,
    /// Each term once, by its number there.
    pub terms: Box<[u32]>,
    /// How much each of them weighs, as the search has it.
    pub weights: Box<[u8]>,
    /// How the text begins.
    pub lead: Box<str>,
}

/// Words of the search by number, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub bytes: Vec<u8>,
    /// Where each ends.
    pub ends: Vec<u32>,
}

impl Words {
    /// Returns a word as the search sorts it.
    pub fn word(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.bytes[start..self.ends[number] as usize]
    }
}

/// The large part of a page: in memory, or in the memo until somebody
/// asks for it.
#[derive(Debug, Clone)]
pub enum Held<T> {
    Here(Vec<T>),
    Stored(Stored),
}

/// A value that lies in the memo.
#[derive(Clone)]
pub struct Stored {
    pub memo: Arc<Memo>,
    pub key: Key,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
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
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Piece {
    /// HTML that is safe to send to a browser as it is.
    Html(Box<str>),
    /// A hole for the `href` or `src` attribute of `links[n]`, of the
    /// form ` href="…"` with the space before it.
    Link(u32),
}

/// Which attribute a link's hole stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum LinkKind {
    /// `<a href>`.
    Href,
    /// `<img src>` and other media.
    Src,
}

/// A link as its author wrote it, entities and escapes decoded.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DocLink {
    pub kind: LinkKind,
    pub target: Box<str>,
    pub span: Span,
}

/// The text of a page from one heading to the next.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Section {
    /// An index into [`Doc::headings`].
    pub heading: Option<u32>,
    pub text: Box<str>,
    /// What stands in blocks of code.
    pub code: Box<str>,
}

impl Doc {
    /// Returns what the front matter says, of the keys that are kept.
    pub fn meta_value(&self, key: &str) -> Option<&str> {
        self.meta.iter().find(|(known, _)| **known == *key).map(|(_, value)| &**value)
    }
}

impl<T: Clone + DecodeOwned> Held<T> {
    /// Returns the items. Should the memo have lost them, there are none,
    /// and the memo is broken.
    pub fn get(&self) -> Cow<'_, [T]> {
        match self {
            Held::Here(items) => Cow::Borrowed(items),
            Held::Stored(stored) => Cow::Owned(stored.memo.large(stored.key).unwrap_or_default()),
        }
    }
}

impl<T> From<Vec<T>> for Held<T> {
    fn from(items: Vec<T>) -> Self {
        Held::Here(items)
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored({:?})", self.key)
    }
}

impl Doc {
    /// Returns the page as another file's, which holds the same; `None`
    /// if something of it lies in a third one.
    pub fn moved(&self, file: FileId) -> Option<Doc> {
        let mut doc = self.clone();
        let own = self.file;
        for span in doc.spans() {
            if span.file != own {
                return None;
            }
            span.file = file;
        }
        Some(Doc { file, ..doc })
    }

    fn spans(&mut self) -> impl Iterator<Item = &mut Span> {
        let diagnostics = self.diagnostics.iter_mut().flat_map(|diag| {
            diag.span.iter_mut().chain(diag.notes.iter_mut().filter_map(|note| note.span.as_mut()))
        });
        let headings = self.headings.iter_mut().map(|heading| &mut heading.span);
        headings.chain(self.links.iter_mut().map(|link| &mut link.span)).chain(diagnostics)
    }
}

/// All of a page but the large parts, as the memo keeps it. Spans name
/// file 0: which number a file has is no matter of its content.
#[derive(Encode, Decode)]
struct Summary {
    meta_title: Option<Box<str>>,
    description: Option<Box<str>>,
    hide: Vec<Box<str>>,
    search_exclude: bool,
    meta: Vec<(Box<str>, Box<str>)>,
    headings: Vec<Heading>,
    starts_with_title: bool,
    links: Vec<DocLink>,
    anchors: Vec<Box<str>>,
    diagnostics: Vec<SavedDiagnostic>,
}

#[derive(Encode, Decode)]
struct SavedDiagnostic {
    code: Box<str>,
    message: String,
    span: Option<Span>,
    notes: Vec<(String, Option<Span>)>,
    help: Option<String>,
}

/// Returns the page of a key, if the memo has all of it.
pub fn recalled(memo: &Arc<Memo>, key: Key, file: FileId) -> Option<Doc> {
    if !memo.keeps() || !memo.has_large(part(key, b"body")) || !memo.has_large(part(key, b"sections")) {
        return None;
    }
    let mut saved: Summary = memo.get(key)?;
    for span in saved.spans() {
        span.file = file;
    }
    let diagnostics: Option<Vec<Diagnostic>> = saved.diagnostics.into_iter().map(diagnostic).collect();
    let stored = |name: &[u8]| Stored { memo: Arc::clone(memo), key: part(key, name) };
    Some(Doc {
        file,
        key,
        meta_title: saved.meta_title,
        description: saved.description,
        hide: saved.hide,
        search_exclude: saved.search_exclude,
        meta: saved.meta,
        headings: saved.headings,
        starts_with_title: saved.starts_with_title,
        body: Held::Stored(stored(b"body")),
        links: saved.links,
        anchors: saved.anchors,
        sections: Held::Stored(stored(b"sections")),
        counted: None,
        diagnostics: diagnostics?,
    })
}

/// Keeps a page in the memo, and its large parts out of memory.
pub fn kept(memo: &Arc<Memo>, mut doc: Doc) -> Doc {
    let of_file = |span: &Span| span.file == doc.file;
    let is_own = |diag: &Diagnostic| {
        diag.span.iter().all(of_file) && diag.notes.iter().all(|note| note.span.iter().all(of_file))
    };
    if !memo.keeps() || !doc.diagnostics.iter().all(is_own) {
        return doc;
    }
    let mut summary = Summary {
        meta_title: doc.meta_title.clone(),
        description: doc.description.clone(),
        hide: doc.hide.clone(),
        search_exclude: doc.search_exclude,
        meta: doc.meta.clone(),
        headings: doc.headings.clone(),
        starts_with_title: doc.starts_with_title,
        links: doc.links.clone(),
        anchors: doc.anchors.clone(),
        diagnostics: doc.diagnostics.iter().map(saved).collect(),
    };
    for span in summary.spans() {
        span.file = FileId(0);
    }
    memo.put(doc.key, &summary);
    doc.body = stored(memo, part(doc.key, b"body"), doc.body);
    doc.sections = stored(memo, part(doc.key, b"sections"), doc.sections);
    doc
}

fn stored<T: Encode>(memo: &Arc<Memo>, key: Key, held: Held<T>) -> Held<T> {
    match held {
        Held::Here(items) if memo.put_large(key, &items) => {
            Held::Stored(Stored { memo: Arc::clone(memo), key })
        }
        held => held,
    }
}

fn part(key: Key, name: &[u8]) -> Key {
    hash::key(&[&key.0, name])
}

fn saved(diag: &Diagnostic) -> SavedDiagnostic {
    SavedDiagnostic {
        code: diag.code.id.into(),
        message: diag.message.clone(),
        span: diag.span,
        notes: diag.notes.iter().map(|note| (note.message.clone(), note.span)).collect(),
        help: diag.help.clone(),
    }
}

fn diagnostic(saved: SavedDiagnostic) -> Option<Diagnostic> {
    Some(Diagnostic {
        code: codes::find(&saved.code)?,
        message: saved.message,
        span: saved.span,
        notes: saved.notes.into_iter().map(|(message, span)| Note { message, span }).collect(),
        help: saved.help,
    })
}

impl Summary {
    fn spans(&mut self) -> impl Iterator<Item = &mut Span> {
        let diagnostics = self.diagnostics.iter_mut().flat_map(|diag| {
            diag.span.iter_mut().chain(diag.notes.iter_mut().filter_map(|(_, span)| span.as_mut()))
        });
        let headings = self.headings.iter_mut().map(|heading| &mut heading.span);
        headings.chain(self.links.iter_mut().map(|link| &mut link.span)).chain(diagnostics)
    }
}
