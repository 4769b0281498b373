//! Markdown to safe HTML with holes for links.
//!
//! ```text
//! bytes → source (decode, front matter) → prepass (containers, lists,
//! HTML blocks: plain CommonMark with sentinels, and a line map)
//!   → one pulldown-cmark parse → writer (HTML with markers)
//!   → sanitize (only when the page has HTML of its own) → pieces
//! ```
//!
//! What the writer makes of events is safe by construction: every tag,
//! attribute and URL passes one allow-list. HTML that a page brings along
//! is taken apart and built anew, then goes through a tree sanitiser.
//! Nothing here reads files or knows other pages.
//!
//! # HTML contract
//!
//! A theme styles exactly this; there is never a `style` attribute, a
//! script or an event handler. `{…}` is a placeholder.
//!
//! * Headings: `<h2 id="{id}">Text<a class="headerlink" href="#{id}"
//!   aria-label="Link to this section">#</a></h2>`.
//! * Links: `<a href="…">`; external ones have `rel="noopener
//!   noreferrer"` and `class="external"`; a link that leads nowhere has
//!   no `href`.
//!   Footnote marks: `<sup id="fnref:{label}"><a class="footnote-ref"
//!   href="#fn:{label}">1</a></sup>`.
//! * Images: `<img src="…" alt="…" loading="lazy">`, with `width`,
//!   `height`, and `class="align-left"` or `class="align-right"` where
//!   the author said so. A remote image that is not allowed is `<a
//!   class="remote-image external" href="…">alt</a>`.
//! * Code: `<div class="cb-code"><div class="cb-code-title">x.py</div>
//!   <pre><code class="language-py">…</code></pre></div>`. The title is
//!   there only if given. The spans of `base::highlight` colour the code.
//!   A marked line is `<span class="hll">…</span>`. With line numbers the
//!   outer element is `<div class="cb-code linenums">` and every line
//!   begins with `<span class="ln" data-ln="12"></span>`: show it with
//!   `content: attr(data-ln)`. Lines end with `\n`, also the marked ones.
//!   Where lines have anchors, `.ln` is a link to itself, or each line
//!   begins with `<a id="__codelineno-0-1"></a>`.
//!   `pre` has `tabindex="0"`, so that the keyboard can scroll it.
//!   Code in a line: `<code>…</code>`.
//! * Diagrams: `<figure class="cb-diagram"><div class="cb-diagram-view"
//!   tabindex="0"><svg class="cb-drawing">…</svg></div><details><summary>
//!   Source</summary>{code}</details></figure>`; `cb-drawing-wide`,
//!   `-wider` or `-widest` may follow. Its colours are the variables of
//!   `base::drawing`, `--dg-…`.
//! * Admonitions (`!!!`, `:::`, GitHub's alerts): `<div class="admonition
//!   note"><p class="admonition-title">Note</p>…</div>`; the second class
//!   is the type: note, abstract, info, tip, success, question, warning,
//!   failure, danger, bug, example, quote, important, caution, or any
//!   other word; `inline` and `end` may follow. Without a title element
//!   when the author wanted none.
//! * Details (`???`): `<details class="note"><summary>…</summary>…
//!   </details>`, `open` where the author said so.
//! * Tabs (`===`), which work without a script: `<div class="tabbed-set"
//!   data-tabs="{n}"><input type="radio" class="tabbed-input"
//!   id="__tabbed_{set}_{n}" name="cb-tab-{set}" checked>… <div
//!   class="tabbed-labels"><label for="__tabbed_{set}_{n}">Title</label>…
//!   </div><div class="tabbed-content"><div class="tabbed-block">…</div>…
//!   </div></div>`. All inputs come first, then the labels, then the
//!   blocks: `.tabbed-set > input:nth-child(2):checked ~ .tabbed-content >
//!   .tabbed-block:nth-child(2)` shows the second one.
//! * Tables: `<div class="table"><table><thead>…</thead><tbody>…</tbody>
//!   </table></div>`; cells have `class="align-center"`, `align-right` or
//!   `align-left` where the author aligned the column.
//! * Task lists: `<ul class="task-list"><li class="task-list-item"><input
//!   type="checkbox" disabled checked> …</li></ul>`.
//! * Footnotes, at the page's end: `<section class="footnotes"><hr><ol>
//!   <li id="fn:{label}"><p>… <a class="footnote-backref"
//!   href="#fnref:{label}" aria-label="…">↩</a></p></li></ol></section>`.
//! * Definition lists: `<dl><dt>…</dt><dd>…</dd></dl>`; what belongs
//!   under a block is `<div class="caption">`; `[TOC]` is `<div
//!   class="toc"><ul><li><a>…</a><ul>…</ul></li></ul></div>`; a progress
//!   bar is `<div class="progress"><progress value="850" max="1000">
//!   </progress><p class="progress-label">…</p></div>`.
//! * Lines of code that comments mark are `<span class="hll hll-add">`
//!   and `<span class="hll hll-remove">`; the number of a note that the
//!   list below explains is `<span class="cb-note">1</span>`.
//! * Formulas: `<span class="cb-math" title="{LaTeX}"><math>…</math>
//!   </span>`, with `cb-math-block` where they stand alone.
//! * Keys: `<span class="keys"><kbd>Ctrl</kbd><span>+</span><kbd>C</kbd>
//!   </span>`. Marks of a critic: `<ins class="critic">`, `<del
//!   class="critic">`, `<mark class="critic">`, `<span class="critic
//!   comment">`, and with the class `block` as well around whole blocks, a
//!   comment then as a `<div>`. Words that are explained: `<abbr title="…">`.
//! * Inline: `<mark>`, `<ins>`, `<del>`, `<sub>`, `<sup>`, `<kbd>`, `<span
//!   class="emoji" role="img" title=":smile:">😄</span>`.
//! * Icons of Material for MkDocs: `<svg class="cb-icon {lg middle}"
//!   viewBox="0 0 24 24" aria-hidden="true">…</svg>`, drawn with lines: give
//!   it `fill: none` and `stroke: currentColor`. One that we do not draw is
//!   `<span class="icon-shortcode">:simple-x:</span>`; hide it visually.
//!   In a link a blank beside an icon is `<span class="cb-gap"> </span>`:
//!   an inline block is not underlined.
//! * Definition lists, `<details>`, `<figure>`, `<kbd>` and the like come
//!   through from a page's own HTML; `align` of a page's HTML becomes a
//!   class `align-left`, `align-center` or `align-right`.

mod attrs;
mod emoji;
mod fence;
mod front_matter;
mod icons;
mod mdx;
mod pieces;
mod prepass;
mod sanitize;
mod selection;
mod slug;
pub mod snippets;
mod source;
mod text;
mod writer;

use crate::base::hash::{self, Key};
use crate::base::mermaid::{self, Refusal as Undrawn};
use crate::base::url;
use crate::model::codes::markdown as codes;
use crate::model::config::DiagramTool;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::doc::{Doc, Piece};
use crate::model::extensions::Extensions;
use crate::model::file::FileId;

use self::front_matter::FrontMatter;
use self::snippets::{Reader, Refusal};
use self::source::Places;
use self::writer::{Purpose, Written};

/// Larger pages are not rendered.
const MAX_PAGE_BYTES: usize = 8 * 1024 * 1024;

/// A longer text of an entity is cut.
const MAX_FRAGMENT_BYTES: usize = 64 * 1024;

/// How many diagnostics a page may give.
const MAX_DIAGNOSTICS: usize = 500;

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
#[derive(Debug, Clone, Copy)]
pub struct MarkdownOptions<'o> {
    pub flavour: Flavour,
    /// Whether code is highlighted.
    pub highlight: bool,
    /// Whether the page's text is kept for search.
    pub text: bool,
    /// Hosts whose images a page may show.
    pub remote_images: &'o [String],
    /// What the docs site says of its Markdown.
    pub extensions: &'o Extensions,
    /// Whether pages may hold the components of MDX.
    pub mdx: bool,
    pub draw: Draw<'o>,
}

/// Draws diagrams, or knows them from before.
#[derive(Clone, Copy)]
pub struct Draw<'d> {
    /// What the portal has programs for, beside Mermaid.
    pub tools: &'d [DiagramTool],
    /// Draws the source of a language as safe SVG, see `base::drawing`.
    pub draw: &'d (dyn Fn(&str, &str) -> Result<String, Undrawn> + Sync),
}

impl std::fmt::Debug for Draw<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Draw")
    }
}

impl Draw<'_> {
    /// Draws Mermaid alone, and anew each time.
    pub const ANEW: Draw<'static> = Draw { tools: &[], draw: &|_, source| mermaid::svg(source) };
}

/// Returns the key of the page that [`doc`] makes: it depends on the
/// bytes, the options and the files that it brings in.
pub fn key(source: Key, options: &MarkdownOptions) -> Key {
    let mut parts: Vec<&[u8]> = vec![
        b"page",
        &source.0,
        match options.flavour {
            Flavour::TechDocs => b"techdocs",
            Flavour::GitHub => b"github",
            Flavour::MdBook => b"mdbook",
        },
        if options.highlight { b"highlight" } else { b"" },
        if options.text { b"text" } else { b"" },
        if options.mdx { b"mdx" } else { b"" },
    ];
    let tools = format!("{:?}", options.draw.tools);
    if !options.draw.tools.is_empty() {
        parts.push(tools.as_bytes());
    }
    parts.extend(options.remote_images.iter().map(|host| host.as_bytes()));
    let is_set = *options.extensions != Extensions::NONE;
    let extensions = if is_set { format!("{:?}", options.extensions) } else { String::new() };
    if is_set {
        parts.push(extensions.as_bytes());
    }
    hash::key(&parts)
}

/// Reads one page. Whatever its bytes are, there is a page. `read` finds
/// the files that it brings in.
pub fn doc(file: FileId, bytes: &[u8], options: &MarkdownOptions, read: Reader<'_>) -> Doc {
    doc_by_stages(file, bytes, options, read, &mut |_| {})
}

/// A part of the chain, for those who measure it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Source,
    Prepass,
    Writer,
    Pieces,
}

/// Like [`doc`], telling of each stage that it is over.
pub fn doc_by_stages(
    file: FileId,
    bytes: &[u8],
    options: &MarkdownOptions,
    read: Reader<'_>,
    on_stage: &mut dyn FnMut(Stage),
) -> Doc {
    let mut diags = Vec::new();
    if bytes.len() > MAX_PAGE_BYTES {
        diags.push(codes::page_too_large(Span::of_file(file), bytes.len(), MAX_PAGE_BYTES));
        return stub(file, diags);
    }
    let source = source::decode(file, bytes, &mut diags);
    let mut places = Places::new(file, &source.text, source.shift);
    let (matter, body) = front_matter::split(file, &source.text, &mut places, &mut diags);
    let place = (body.start, body.first_number);
    let text = &source.text[body.start..];
    let appended = &options.extensions.appended;
    let lines = snippets::lines(options.flavour, text, place, appended, read, &mut places, &mut diags);
    let lines = if options.mdx { mdx::markdown(lines, &mut places, &mut diags) } else { lines };
    on_stage(Stage::Source);
    let prepared = prepass::prepared(options.flavour, options.extensions, &lines, &mut places, &mut diags);
    on_stage(Stage::Prepass);
    let written = writer::written(&prepared, options, Purpose::Page, &mut places, &mut diags);
    on_stage(Stage::Writer);
    let doc = finished(file, matter, written, diags);
    on_stage(Stage::Pieces);
    doc
}

/// Reads a short text such as an entity's description. Only links with
/// a scheme are kept. Returns safe HTML.
pub fn fragment(text: &str) -> Box<str> {
    let mut end = text.len().min(MAX_FRAGMENT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let file = FileId(0);
    let mut diags = Vec::new();
    let extensions = Extensions::default();
    let options = MarkdownOptions {
        flavour: Flavour::GitHub,
        highlight: false,
        text: false,
        remote_images: &[],
        extensions: &extensions,
        mdx: false,
        draw: Draw::ANEW,
    };
    let source = source::decode(file, &text.as_bytes()[..end], &mut diags);
    let mut places = Places::new(file, &source.text, 0);
    let nothing = |_: &str| Err(Refusal::NotFound);
    let lines =
        snippets::lines(options.flavour, &source.text, (0, 1), &[], &nothing, &mut places, &mut diags);
    let prepared = prepass::prepared(options.flavour, options.extensions, &lines, &mut places, &mut diags);
    let written = writer::written(&prepared, &options, Purpose::Fragment, &mut places, &mut diags);
    let mut html = String::new();
    for piece in body(&written) {
        match piece {
            Piece::Html(part) => html.push_str(&part),
            Piece::Link(number) => {
                let target = written.links.get(number as usize).and_then(|link| url::safe_url(&link.target));
                if let Some(target) = target {
                    attrs::write_attribute(&mut html, "href", &target);
                }
            }
        }
    }
    html.trim().into()
}

fn finished(file: FileId, matter: FrontMatter, written: Written, diagnostics: Vec<Diagnostic>) -> Doc {
    Doc {
        file,
        key: Key::default(),
        meta_title: matter.title,
        description: matter.description,
        hide: matter.hide,
        search_exclude: matter.search_exclude,
        meta: matter.meta,
        body: body(&written).into(),
        headings: written.headings,
        starts_with_title: written.starts_with_title,
        links: written.links,
        anchors: written.anchors,
        sections: written.sections.into(),
        counted: None,
        diagnostics,
    }
}

/// Returns the pieces of a page. One with HTML of its own is sanitised
/// as a whole first.
fn body(written: &Written) -> Vec<Piece> {
    match written.has_raw {
        true => pieces::pieces(&sanitize::sanitized(&written.html), &written.widgets),
        false => pieces::pieces(&written.html, &written.widgets),
    }
}

fn stub(file: FileId, diagnostics: Vec<Diagnostic>) -> Doc {
    let text = "This page is too large to be shown here. Its source has all of it.";
    Doc {
        file,
        key: Key::default(),
        meta_title: None,
        description: None,
        hide: Vec::new(),
        search_exclude: true,
        meta: Vec::new(),
        headings: Vec::new(),
        starts_with_title: false,
        body: vec![Piece::Html(format!("<p>{text}</p>\n").into())].into(),
        links: Vec::new(),
        anchors: Vec::new(),
        sections: Vec::new().into(),
        counted: None,
        diagnostics,
    }
}

/// Adds a diagnostic, unless the page has given too many.
fn report(diags: &mut Vec<Diagnostic>, diagnostic: Diagnostic) {
    if diags.len() < MAX_DIAGNOSTICS {
        diags.push(diagnostic);
    }
}

#[cfg(test)]
static EXTENSIONS: Extensions = Extensions::NONE;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod hostile_tests;

#[cfg(test)]
mod property_tests;
