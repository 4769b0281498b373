//! Diagrams: drawn when the portal is built, their source below them.

use crate::base::drawing;
use crate::model::codes::markdown as codes;

use super::super::{fence, text};
use super::{Purpose, Writer};

/// How many diagrams of a page are drawn.
const MAX_DIAGRAMS: usize = 30;

impl Writer<'_, '_> {
    /// Tells whether a code block is a diagram.
    pub(super) fn is_diagram(&self, info: &fence::Info) -> bool {
        let names = &self.options.extensions.mermaid_names;
        let is_named = || names.iter().any(|name| name.eq_ignore_ascii_case(&info.language));
        self.purpose == Purpose::Page && (info.language == "mermaid" || is_named())
    }

    /// Writes a diagram, whose block begins at `offset`.
    pub(super) fn diagram(&mut self, info: &fence::Info, source: &str, offset: usize) {
        self.n_diagrams += 1;
        let shown = fence::html(&fence::Info { title: None, ..info.clone() }, source, false, 0);
        let drawn = match self.n_diagrams {
            n if n > MAX_DIAGRAMS => Err(("the page has too many diagrams".to_string(), None)),
            _ => (self.options.draw.0)(source).map_err(|undrawn| (undrawn.reason, undrawn.line_idx)),
        };
        match drawn {
            Ok(svg) => {
                let svg = svg.replace(drawing::ID, &format!("cb-d{}-", self.n_diagrams));
                let mut html = "<figure class=\"cb-diagram\">".to_string();
                html.push_str(&format!("<div class=\"cb-diagram-view\" tabindex=\"0\">{svg}</div>\n"));
                if let Some(title) = &info.title {
                    html.push_str("<figcaption>");
                    text::push(&mut html, title);
                    html.push_str("</figcaption>");
                }
                html.push_str(&format!("<details><summary>Source</summary>\n{shown}</details></figure>\n"));
                self.widget(html);
            }
            Err((reason, line_idx)) => {
                let begins = self.prepared.text.get(offset..).unwrap_or("");
                let breaks = begins.match_indices('\n').map(|(at, _)| at + 1);
                let line = line_idx.and_then(|idx| breaks.into_iter().nth(idx)).unwrap_or(0);
                let span = self.line_span(offset + line);
                self.report(codes::diagram(span, &reason));
                self.widget(fence::html(info, source, false, 0));
            }
        }
        self.out.push('\n');
    }
}
