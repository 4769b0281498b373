//! The HTML that grows: text that is only escaped, and spans around
//! tokens. Neighbours alike share a span; no span crosses a line's end.

use crate::base::text::push_escaped;

/// Writes code as HTML, token by token, in the code's order.
pub(super) struct Out<'c> {
    code: &'c str,
    html: String,
    /// Everything before this offset is written.
    done: usize,
    /// The class of the open span, or [`super::PLAIN`].
    open: u8,
}

impl<'c> Out<'c> {
    pub(super) fn new(code: &'c str) -> Self {
        Out { code, html: String::with_capacity(code.len() * 2 + 64), done: 0, open: super::PLAIN }
    }

    /// Writes a token that stays on its line, and the plain text before
    /// it.
    pub(super) fn token(&mut self, class: u8, from: usize, to: usize) {
        let from = self.boundary(from.max(self.done));
        let to = self.boundary(to);
        if class == super::PLAIN || from >= to {
            return;
        }
        debug_assert!(!self.code[from..to].contains('\n'), "a token that crosses a line's end: use `lines`");
        let gap = &self.code[self.done..from];
        if class == self.open && gap.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
            self.html.push_str(gap);
        } else {
            self.close();
            push_escaped(&mut self.html, gap);
            self.html.push_str("<span class=\"");
            self.html.push(class as char);
            self.html.push_str("\">");
            self.open = class;
        }
        push_escaped(&mut self.html, &self.code[from..to]);
        self.done = to;
    }

    /// Writes a token that may go over several lines: a span for each
    /// line that has text.
    pub(super) fn lines(&mut self, class: u8, from: usize, to: usize) {
        let to = self.boundary(to);
        let mut from = self.boundary(from.max(self.done));
        while from < to {
            let rest = &self.code.as_bytes()[from..to];
            let len = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let line = &rest[..len];
            let blank = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r');
            if let (Some(first), Some(last)) = (line.iter().position(blank), line.iter().rposition(blank)) {
                self.token(class, from + first, from + last + 1);
            }
            from += len + 1;
        }
    }

    /// Returns the finished HTML.
    pub(super) fn finish(mut self) -> String {
        self.close();
        push_escaped(&mut self.html, &self.code[self.done..]);
        self.html
    }

    fn close(&mut self) {
        if self.open != super::PLAIN {
            self.html.push_str("</span>");
            self.open = super::PLAIN;
        }
    }

    /// Returns the first boundary between characters from an offset on.
    fn boundary(&self, mut offset: usize) -> usize {
        while !self.code.is_char_boundary(offset) && offset < self.code.len() {
            offset += 1;
        }
        offset.min(self.code.len())
    }
}
