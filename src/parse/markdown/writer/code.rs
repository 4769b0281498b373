//! Code blocks.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event};

use crate::base::highlight;
use crate::model::codes::markdown as codes;

use super::super::{fence, text};
use super::{Events, Purpose, Writer};

impl<'w> Writer<'w, '_> {
    /// Reads a code block to its end and puts it in as a widget.
    pub(super) fn code_block(&mut self, kind: CodeBlockKind, range: Range<usize>, events: &mut Events<'w>) {
        let mut code = String::new();
        while let Some((event, _)) = events.next() {
            match event {
                Event::End(_) => break,
                Event::Text(part) => code.push_str(&part),
                _ => {}
            }
        }
        let info = match &kind {
            CodeBlockKind::Fenced(line) => fence::info(line),
            CodeBlockKind::Indented => fence::Info::default(),
        };
        let is_highlighted = self.options.highlight && self.purpose == Purpose::Page;
        if is_highlighted && !info.language.is_empty() && highlight::is_too_long(&info.language, &code) {
            let span = self.line_span(range.start);
            self.report(codes::code_not_highlighted(span));
        }
        if let Some(revealed) = text::revealed(&code) {
            let span = self.line_span(range.start);
            self.report(codes::turned_code(span));
            code = revealed;
        }
        self.text.push_str(&code);
        self.text.push('\n');
        self.widget(fence::html(&info, &code, is_highlighted));
        self.out.push('\n');
    }
}
