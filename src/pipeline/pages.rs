//! Pages: read, or recalled from an earlier run, with the files that
//! they bring in.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::base::drawing;
use crate::base::hash::{self, Key};
use crate::base::mermaid::{self, Refusal as Undrawn};
use crate::base::net::drawer;
use crate::base::par::par_map;
use crate::base::spans;
use crate::base::tool;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::doc::{self, Doc};
use crate::model::docs_site::{DocsPlan, DocsSource, GeneratedPage};
use crate::model::extensions::Extensions;
use crate::model::file::{FileId, Snapshot};
use crate::model::site::HomeDoc;
use crate::parse;
use crate::parse::markdown::{Draw, Flavour, MarkdownOptions};

use super::snippets::Snippets;
use super::{Inputs, read};

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
    let draw = |language: &str, source: &str| diagram(inputs, config, language, source);
    let options = MarkdownOptions { draw: Draw { tools: &config.tools, draw: &draw }, ..options };
    let snippets = Snippets::of(inputs.snapshot, plan);
    let generated: HashMap<FileId, &GeneratedPage> =
        plan.generated.iter().map(|(idx, page)| (plan.pages[*idx].file, page)).collect();
    par_map(&plan.pages, |page| {
        let options = MarkdownOptions { mdx: options.mdx || page.source.ends_with(".mdx"), ..options };
        if let Some(generated) = generated.get(&page.file) {
            return self::generated(inputs, page.file, generated, &options);
        }
        spans::piece("parse", || inputs.shown(page.file), || doc(inputs, page.file, &options, &snippets))
    })
}

/// Returns a page that nobody has written: a title and a few words. What
/// is listed below them is known when it is rendered.
fn generated(inputs: &Inputs<'_>, file: FileId, page: &GeneratedPage, options: &MarkdownOptions) -> Arc<Doc> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let description = page.description.as_deref().map(one_line).unwrap_or_default();
    let text = format!("# {}\n\n{description}\n", one_line(&page.title));
    let key = parse::markdown::key(hash::key(&[b"generated", text.as_bytes()]), options);
    if let Some(doc) = inputs.recalled(key, file) {
        return doc;
    }
    let nothing = |_: &str| Err(parse::markdown::snippets::Refusal::NotFound);
    let mut doc = parse::markdown::doc(file, text.as_bytes(), options, &nothing);
    // Their places would be those of a text that is in no file.
    doc.diagnostics.clear();
    doc.description = (!description.is_empty()).then(|| description.into());
    Arc::new(doc::kept(inputs.memo, Doc { key, ..doc }))
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
    Some(HomeDoc { doc: doc(inputs, file, &options, &Snippets::below_root()), links: Vec::new() })
}

/// Draws a diagram, or recalls it from another page or an earlier run.
fn diagram(inputs: &Inputs<'_>, config: &Config, language: &str, source: &str) -> Result<String, Undrawn> {
    let memo = inputs.memo;
    let tool = config.tools.iter().find(|tool| tool.language == language);
    let command = tool.map_or(&[][..], |tool| &tool.command);
    let server = tool.and_then(|tool| tool.server.as_deref());
    let said = server.map_or_else(|| command.join("\0"), |server| format!("\0{server}"));
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
    // What fails may do better the next time.
    let written = match server {
        Some(_) if config.is_offline => Err(drawer::OFFLINE.to_string()),
        Some(server) => inputs.drawer.drawn(server, source),
        None => tool::output(command, &config.root, source.as_bytes()),
    };
    let written = written.map_err(refused)?;
    let svg = drawing::inline(&String::from_utf8_lossy(&written), &format!("Diagram ({language})"));
    let drawn = svg.map_err(|reason| refused(reason.to_string()));
    memo.put_large(key, &drawn);
    drawn
}

/// Tells whether a diagram was not drawn that may be the next time.
fn is_undrawn(doc: &Doc, options: &MarkdownOptions) -> bool {
    !options.draw.tools.is_empty() && undrawn(doc).next().is_some()
}

fn undrawn(doc: &Doc) -> impl Iterator<Item = &Diagnostic> {
    let is_of_diagram = |diag: &&Diagnostic| ["diagram", "diagram-tool"].contains(&diag.code.id);
    doc.diagnostics.iter().filter(is_of_diagram)
}

/// Returns the key of a page that lacks drawings: it is not the one that
/// has them.
fn undrawn_key(key: Key, doc: &Doc) -> Key {
    let said: String = undrawn(doc).map(|diag| format!("{} {:?}\n", diag.message, diag.span)).collect();
    hash::key(&[b"undrawn", &key.0, said.as_bytes()])
}

/// Reads a page, or recalls what an earlier run has read. A page that
/// brings in other files is read anew each time: which ones they are is
/// not known before.
fn doc(inputs: &Inputs<'_>, file: FileId, options: &MarkdownOptions, snippets: &Snippets) -> Arc<Doc> {
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
            let read = |path: &str| snippets.included(inputs, file, path, &included);
            let doc = parse::markdown::doc(file, &bytes, options, &read);
            Arc::new(match included.into_inner() {
                _ if is_undrawn(&doc, options) => Doc { key: undrawn_key(key, &doc), ..doc },
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
