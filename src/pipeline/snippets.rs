//! The files that pages bring in: each is read once for all pages of a
//! docs site, however many ask for it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::hash::{self, Key};
use crate::model::docs_site::{DocsPlan, DocsSource};
use crate::model::file::{FileId, Snapshot, folder_of, join};
use crate::parse::markdown::snippets::{Included, Refusal};

use super::Inputs;

/// The largest file that a page may bring in.
const MAX_SNIPPET_BYTES: u64 = 8 * 1024 * 1024;

/// So much text of snippets is kept for the next page.
const MAX_KEPT_BYTES: usize = 32 * 1024 * 1024;

/// Where the pages of a docs site find what they bring in.
pub(super) struct Snippets {
    /// Folders, in the order in which they are looked through; none
    /// means beside the page.
    bases: Vec<Box<str>>,
    read: Mutex<Texts>,
}

/// What was read so far.
#[derive(Default)]
struct Texts {
    by_file: HashMap<FileId, Read>,
    n_bytes: usize,
}

/// A text and its hash.
type Read = Result<(Arc<str>, Key), Refusal>;

impl Snippets {
    /// Returns those of a docs site.
    pub(super) fn of(snapshot: &Snapshot, plan: &DocsPlan) -> Self {
        Snippets { bases: bases(snapshot, plan), read: Mutex::default() }
    }

    /// Returns those of a page that belongs to no docs site.
    pub(super) fn below_root() -> Self {
        Snippets { bases: vec!["".into()], read: Mutex::default() }
    }

    /// Finds a file that a page brings in, within its repository, and
    /// notes in `included` what was asked for and what was found.
    pub(super) fn included(
        &self,
        inputs: &Inputs<'_>,
        page: FileId,
        path: &str,
        included: &RefCell<Vec<Key>>,
    ) -> Result<Included, Refusal> {
        let found = self.file(inputs, page, path).and_then(|file| Ok((file, self.text(inputs, file)?)));
        let (name, text) = match &found {
            Ok((file, (_, key))) => (&*inputs.snapshot.file(*file).path, *key),
            Err(_) => ("", Key::default()),
        };
        let reason = format!("{:?}", found.as_ref().err());
        let key = hash::key(&[path.as_bytes(), name.as_bytes(), &text.0, reason.as_bytes()]);
        included.borrow_mut().push(key);
        found.map(|(file, (text, _))| Included { file, text })
    }

    fn file(&self, inputs: &Inputs<'_>, page: FileId, path: &str) -> Result<FileId, Refusal> {
        let snapshot = inputs.snapshot;
        let is_drive = path.as_bytes().get(1) == Some(&b':');
        if path.contains("://") {
            return Err(if path.starts_with("file:") { Refusal::Outside } else { Refusal::Address });
        }
        if path.starts_with(['/', '\\', '~']) || is_drive {
            return Err(Refusal::Outside);
        }
        let (repo, beside) = (snapshot.file(page).repo, folder_of(&snapshot.file(page).path));
        let beside: &[Box<str>] = if self.bases.is_empty() { &[beside.into()] } else { &self.bases };
        let joined: Vec<String> = beside.iter().filter_map(|base| join(base, path)).collect();
        let found = joined.iter().find_map(|path| snapshot.find(repo, path));
        found.ok_or(if joined.is_empty() { Refusal::Outside } else { Refusal::NotFound })
    }

    /// Reads a file, unless a page before has.
    fn text(&self, inputs: &Inputs<'_>, file: FileId) -> Read {
        let texts = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts().by_file.get(&file) {
            return known.clone();
        }
        let read = read(inputs, file);
        let mut texts = texts();
        let n_bytes = read.as_ref().map_or(0, |(text, _)| text.len());
        if texts.n_bytes + n_bytes <= MAX_KEPT_BYTES {
            texts.n_bytes += n_bytes;
            // Whoever was first counts: all pages see the same text.
            return texts.by_file.entry(file).or_insert(read).clone();
        }
        read
    }
}

fn read(inputs: &Inputs<'_>, file: FileId) -> Read {
    if inputs.snapshot.file(file).size_bytes > MAX_SNIPPET_BYTES {
        return Err(Refusal::TooLarge);
    }
    let bytes = inputs.bytes(file).map_err(|_| Refusal::NotFound)?;
    let text = String::from_utf8(bytes).map_err(|_| Refusal::Binary)?;
    if text.contains('\0') {
        return Err(Refusal::Binary);
    }
    let key = hash::key(&[text.as_bytes()]);
    Ok((text.into(), key))
}

/// Returns the folders in which a page's snippets are looked for, in
/// their order; mdBook looks beside the page alone.
fn bases(snapshot: &Snapshot, plan: &DocsPlan) -> Vec<Box<str>> {
    if plan.source == DocsSource::MdBook {
        return Vec::new();
    }
    let config = plan.config.map(|file| folder_of(&snapshot.file(file).path));
    let beside = config.unwrap_or(&plan.root);
    let named: Vec<String> =
        plan.extensions.snippet_bases.iter().filter_map(|base| join(beside, base)).collect();
    let others = [beside, &*plan.root, &*plan.docs_dir, ""];
    let mut bases: Vec<Box<str>> = Vec::new();
    for base in named.iter().map(String::as_str).chain(others) {
        if !bases.iter().any(|known| **known == *base) {
            bases.push(base.into());
        }
    }
    bases
}
