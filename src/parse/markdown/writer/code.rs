//! Code blocks.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event};

use crate::base::highlight;
use crate::model::codes::markdown as codes;

use super::super::{Flavour, fence, prepass, text};
use super::math::Display;
use super::{Events, Purpose, Writer};

impl<'w> Writer<'w, '_> {
    /// Reads a code block to its end and puts it in as a widget.
    pub(super) fn code_block(&mut self, kind: CodeBlockKind, range: Range<usize>, events: &mut Events<'w>) {
        let mut code = String::with_capacity(range.len());
        while let Some((event, _)) = events.next() {
            match event {
                Event::End(_) => break,
                Event::Text(part) => code.push_str(&part),
                _ => {}
            }
        }
        code = prepass::without_sentinels(code, &self.prepared.containers);
        if self.prepared.may_have_formulas {
            code = prepass::restored(&code, self.options.flavour);
        }
        let mut info = match &kind {
            CodeBlockKind::Fenced(line) => fence::info(line),
            CodeBlockKind::Indented => fence::Info::default(),
        };
        if let Some(language) = &self.options.extensions.default_language
            && info.language.is_empty()
        {
            info.set_language(language);
        }
        if info.language == "math" && self.purpose == Purpose::Page {
            self.formula(&code, Display::Block, &range);
            return self.out.push('\n');
        }
        if let Some(kept) = fence::without_marks(&code, &mut info) {
            code = kept;
        }
        if self.options.flavour == Flavour::MdBook {
            let prefixes = &self.options.extensions.hidden_prefixes;
            let given = || prefixes.iter().find(|(language, _)| **language == *info.language);
            match info.hidden_prefix.as_deref().or_else(|| given().map(|(_, prefix)| &**prefix)) {
                Some(prefix) => code = without_prefixed(&code, prefix),
                None if info.language == "rust" => code = without_hidden(&code),
                None => {}
            }
        }
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
        let extensions = self.options.extensions;
        if extensions.numbers_lines && !info.is_unnumbered && self.purpose == Purpose::Page {
            info.first_number.get_or_insert(1);
        }
        if extensions.names_languages && info.title.is_none() && !info.language.is_empty() {
            let name = fence::language_name(&info.language);
            let names = &extensions.language_names;
            let given = names.iter().find(|(from, _)| **from == *name).map(|(_, to)| to.to_string());
            info.title = Some(given.unwrap_or(name)).filter(|title| !title.is_empty());
        }
        if let Some(name) = extensions.line_anchors.as_deref().and_then(super::super::attrs::safe_id)
            && self.purpose == Purpose::Page
        {
            let block = format!("{name}-{}", self.n_blocks);
            self.written.anchors.push(block.as_str().into());
            info.anchor = Some(block);
        }
        self.n_blocks += 1;
        if let Some(title) = &info.title {
            self.text.push_str(title);
            self.text.push('\n');
        }
        self.code.push_str(&code);
        self.code.push('\n');
        if let Some(language) = self.drawn_language(&info, range.start) {
            return self.diagram(&language, &info, &code, range.start);
        }
        let n_notes = if may_have_notes(&code) { events.n_items_ahead() } else { 0 };
        self.widget(fence::html(&info, &code, is_highlighted, n_notes));
        self.out.push('\n');
    }
}

/// Tells whether some comment of the code may name a note: `(1)`.
fn may_have_notes(code: &str) -> bool {
    code.contains("(1)")
}

/// Leaves out the lines of Rust that only a test needs, `# use x;`.
fn without_hidden(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    for line in code.split_inclusive('\n') {
        let text = line.trim_start();
        let is_hidden = text.starts_with("# ") || text.trim_end() == "#";
        match text.strip_prefix("##") {
            Some(rest) => {
                kept.push_str(&line[..line.len() - text.len()]);
                kept.push('#');
                kept.push_str(rest);
            }
            None if is_hidden => {}
            None => kept.push_str(line),
        }
    }
    kept
}

/// Leaves out the lines that begin with a prefix of the book's own.
fn without_prefixed(code: &str, prefix: &str) -> String {
    code.split_inclusive('\n').filter(|line| !line.trim_start().starts_with(prefix)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_lines_are_left_out() {
        assert_eq!(
            without_hidden("# use x;\nfn a() {\n#\n  ##[b]\n#[c]\n}\n"),
            "fn a() {\n  #[b]\n#[c]\n}\n"
        );
        assert_eq!(without_prefixed("~a\nb:\n~    c\n    ~d\n    e ~\n", "~"), "b:\n    e ~\n");
    }
}
