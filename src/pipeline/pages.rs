//! Pages: read, or recalled from an earlier run, with the files that
//! they bring in.

use std::cell::RefCell;
use std::collections::HashMap;
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
    let draw = |language: &str, source: &str| diagram(inputs.memo, config, language, source);
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
