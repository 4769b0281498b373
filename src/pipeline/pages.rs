//! Pages: read, or recalled from an earlier run, with the files that
//! they bring in.

use std::cell::RefCell;
use std::sync::Arc;

use crate::base::drawing;
use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::base::mermaid::{self, Refusal as Undrawn};
use crate::base::par::par_map;
use crate::base::spans;
use crate::base::tool;
use crate::model::config::Config;
use crate::model::doc::{self, Doc};
use crate::model::docs_site::{DocsPlan, DocsSource};
use crate::model::extensions::Extensions;
use crate::model::file::{FileId, Snapshot, folder_of, join};
use crate::model::site::HomeDoc;
use crate::parse;
use crate::parse::markdown::snippets::{Included, Refusal};
use crate::parse::markdown::{Draw, Flavour, MarkdownOptions};

use super::{Inputs, read};

/// The largest file that a page may bring in.
const MAX_SNIPPET_BYTES: u64 = 8 * 1024 * 1024;

/// Returns the pages of a docs site.
pub(super) fn docs(inputs: &Inputs<'_>, config: &Config, plan: &DocsPlan) -> Vec<Arc<Doc>> {
    let options = MarkdownOptions {
        flavour: match plan.source {
            DocsSource::Mkdocs | DocsSource::Folder | DocsSource::Docusaurus | DocsSource::Decisions => {
                Flavour::TechDocs
            }
            DocsSource::MdBook => Flavour::MdBook,
            DocsSource::Readme => Flavour::GitHub,
        },
        highlight: config.markdown.highlight,
        text: config.search.enable || config.docs.techdocs_output || plan.decisions.is_some(),
        remote_images: &config.content.remote_images,
        extensions: &plan.extensions,
        mdx: plan.source == DocsSource::Docusaurus,
        draw: Draw::ANEW,
    };
    let draw = |language: &str, source: &str| diagram(inputs.memo, config, language, source);
    let options = MarkdownOptions { draw: Draw { tools: &config.tools, draw: &draw }, ..options };
    let bases = snippet_bases(inputs.snapshot, plan);
    par_map(&plan.pages, |page| {
        let options = MarkdownOptions { mdx: options.mdx || page.source.ends_with(".mdx"), ..options };
        spans::piece("parse", || inputs.shown(page.file), || doc(inputs, page.file, &options, &bases))
    })
}

/// Returns the portal's own first page, if it has one.
pub(super) fn home(inputs: &Inputs<'_>, config: &Config) -> Option<HomeDoc> {
    let options = MarkdownOptions {
        flavour: Flavour::TechDocs,
        highlight: config.markdown.highlight,
        text: false,
        remote_images: &config.content.remote_images,
        extensions: &Extensions::NONE,
        mdx: false,
        draw: Draw::ANEW,
    };
    let path = config.portal.home.as_ref()?.strip_prefix(&config.root).ok()?;
    let file = inputs.snapshot.find(Snapshot::PORTAL, path.to_str()?)?;
    Some(HomeDoc { doc: doc(inputs, file, &options, &["".into()]), links: Vec::new() })
}

/// Draws a diagram, or recalls it from another page or an earlier run.
fn diagram(memo: &Memo, config: &Config, language: &str, source: &str) -> Result<String, Undrawn> {
    let tool = config.tools.iter().find(|tool| tool.language == language);
    let command = tool.map_or(&[][..], |tool| &tool.command);
    let said = command.join("\0");
    let key = hash::key(&[b"diagram", language.as_bytes(), said.as_bytes(), source.as_bytes()]);
    if memo.has_large(key)
        && let Some(known) = memo.large(key)
    {
        return known;
    }
    let refused = |reason: String| Undrawn { reason, line_idx: None };
    if tool.is_none() {
        let drawn = mermaid::svg(source);
        memo.put_large(key, &drawn);
        return drawn;
    }
    // A program that fails may do better the next time.
    let written = tool::output(command, &config.root, source.as_bytes()).map_err(refused)?;
    let svg = drawing::inline(&String::from_utf8_lossy(&written), &format!("Diagram ({language})"));
    let drawn = svg.map_err(|reason| refused(reason.to_string()));
    memo.put_large(key, &drawn);
    drawn
}

/// Reads a page, or recalls what an earlier run has read. A page that
/// brings in other files is read anew each time: which ones they are is
/// not known before.
fn doc(inputs: &Inputs<'_>, file: FileId, options: &MarkdownOptions, bases: &[Box<str>]) -> Arc<Doc> {
    let recalled = |content: Key| inputs.recalled(parse::markdown::key(content, options), file);
    if let Some(doc) = inputs.content(file).and_then(recalled) {
        return doc;
    }
    let mut diags = Vec::new();
    let bytes = read(inputs, file, &mut diags).unwrap_or_default();
    let content = inputs.content_read(file);
    let mut doc = match content.and_then(recalled) {
        Some(doc) => doc,
        None => {
            let key = content.map_or(Key::default(), |content| parse::markdown::key(content, options));
            let included = RefCell::new(Vec::new());
            let read = |path: &str| included_file(inputs, file, bases, path, &included);
            let doc = parse::markdown::doc(file, &bytes, options, &read);
            Arc::new(match included.into_inner() {
                none if none.is_empty() => doc::kept(inputs.memo, Doc { key, ..doc }),
                _ if content.is_none() => doc,
                included => {
                    let mut parts: Vec<&[u8]> = vec![&key.0];
                    parts.extend(included.iter().map(|part| part.0.as_slice()));
                    Doc { key: hash::key(&parts), ..doc }
                }
            })
        }
    };
    if !diags.is_empty() {
        Arc::make_mut(&mut doc).diagnostics.append(&mut diags);
    }
    doc
}

/// Returns the folders in which a page's snippets are looked for, in
/// their order; mdBook looks beside the page alone.
fn snippet_bases(snapshot: &Snapshot, plan: &DocsPlan) -> Vec<Box<str>> {
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

/// Finds a file that a page brings in, within its repository, and notes
/// in `included` what was asked for and what was found.
fn included_file(
    inputs: &Inputs<'_>,
    page: FileId,
    bases: &[Box<str>],
    path: &str,
    included: &RefCell<Vec<Key>>,
) -> Result<Included, Refusal> {
    let found = snippet(inputs, page, bases, path);
    let (file, text) = match &found {
        Ok(found) => (&*inputs.snapshot.file(found.file).path, found.text.as_str()),
        Err(_) => ("", ""),
    };
    let reason = format!("{:?}", found.as_ref().err());
    let key = hash::key(&[path.as_bytes(), file.as_bytes(), text.as_bytes(), reason.as_bytes()]);
    included.borrow_mut().push(key);
    found
}

fn snippet(inputs: &Inputs<'_>, page: FileId, bases: &[Box<str>], path: &str) -> Result<Included, Refusal> {
    let snapshot = inputs.snapshot;
    let is_drive = path.as_bytes().get(1) == Some(&b':');
    if path.contains("://") {
        return Err(if path.starts_with("file:") { Refusal::Outside } else { Refusal::Address });
    }
    if path.starts_with(['/', '\\', '~']) || is_drive {
        return Err(Refusal::Outside);
    }
    let (repo, beside) = (snapshot.file(page).repo, folder_of(&snapshot.file(page).path));
    let beside: &[Box<str>] = if bases.is_empty() { &[beside.into()] } else { bases };
    let joined: Vec<String> = beside.iter().filter_map(|base| join(base, path)).collect();
    let Some(file) = joined.iter().find_map(|path| snapshot.find(repo, path)) else {
        return Err(if joined.is_empty() { Refusal::Outside } else { Refusal::NotFound });
    };
    if snapshot.file(file).size_bytes > MAX_SNIPPET_BYTES {
        return Err(Refusal::TooLarge);
    }
    let bytes = inputs.bytes(file).map_err(|_| Refusal::NotFound)?;
    let text = String::from_utf8(bytes).map_err(|_| Refusal::Binary)?;
    match text.contains('\0') {
        true => Err(Refusal::Binary),
        false => Ok(Included { file, text }),
    }
}
