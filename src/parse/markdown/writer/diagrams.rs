//! Diagrams: drawn when the portal is built, their source below them.

use crate::base::drawing;
use crate::base::net::drawer;
use crate::model::codes::markdown as codes;

use super::super::{fence, text};
use super::{Purpose, Writer};

/// How many diagrams of a page are drawn.
const MAX_DIAGRAMS: usize = 30;

/// Languages that other programs draw, and what `[diagram.…]` calls them.
/// `dot` is code as often as a drawing.
const LANGUAGES: &[(&str, &str)] = &[
    ("c4plantuml", "plantuml"),
    ("d2", "d2"),
    ("dot", "graphviz"),
    ("graphviz", "graphviz"),
    ("plantuml", "plantuml"),
    ("puml", "plantuml"),
    ("uml", "plantuml"),
];

impl Writer<'_, '_> {
    /// Returns the language that a code block is drawn as, if it is a
    /// diagram. That there is no program for it is said once a page.
    pub(super) fn drawn_language(&mut self, info: &fence::Info, offset: usize) -> Option<String> {
        if info.language.is_empty() || self.purpose != Purpose::Page {
            return None;
        }
        let names = &self.options.extensions.mermaid_names;
        if info.language == "mermaid" || names.iter().any(|name| name.eq_ignore_ascii_case(&info.language)) {
            return Some("mermaid".to_string());
        }
        let named = LANGUAGES.iter().find(|(name, _)| *name == info.language).map(|(_, language)| *language);
        let language = named.unwrap_or(&info.language);
        if self.options.draw.tools.iter().any(|tool| tool.language == language) {
            return Some(language.to_string());
        }
        if named.is_some_and(|_| info.language != "dot") && !std::mem::replace(&mut self.lacks_tool, true) {
            let span = self.line_span(offset);
            self.report(codes::diagram_tool(span, language));
        }
        None
    }

    /// Writes a diagram, whose block begins at `offset`.
    pub(super) fn diagram(&mut self, language: &str, info: &fence::Info, source: &str, offset: usize) {
        self.n_diagrams += 1;
        let shown = fence::html(&fence::Info { title: None, ..info.clone() }, source, false, 0);
        let drawn = match self.n_diagrams {
            n if n > MAX_DIAGRAMS => Err(("the page has too many diagrams".to_string(), None)),
            _ => (self.options.draw.draw)(language, source)
                .map_err(|undrawn| (undrawn.reason, undrawn.line_idx)),
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
                match reason == drawer::OFFLINE {
                    true => self.report(codes::diagram_offline(span, language)),
                    false => self.report(codes::diagram(span, &reason)),
                }
                self.widget(fence::html(info, source, false, 0));
            }
        }
        self.out.push('\n');
    }
}
