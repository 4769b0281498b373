//! The inline events of one block.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::model::codes::markdown as codes;
use crate::model::doc::LinkKind;

use super::super::Flavour;
use super::super::attrs::{self, Attrs};
use super::super::text;
use super::marks::{self, Token};
use super::{Frame, MAX_DEPTH, Run, Writer};

impl<'w> Writer<'w, '_> {
    /// Writes a run of inline events.
    pub(super) fn inline(&mut self, mut run: Run<'w>) {
        self.strip_stop(&mut run);
        if marks::is_plain(&run) {
            for (event, range) in run {
                self.inline_event(event, Attrs::default(), range);
            }
            return;
        }
        let mut tokens = marks::tokens(&self.prepared.text, run, self.options.flavour);
        let ends = ends(&tokens);
        let mut idx = 0;
        while idx < tokens.len() {
            let token = std::mem::replace(&mut tokens[idx], Token::Text(Cow::Borrowed("")));
            match token {
                Token::Text(content) => self.push_text(&content),
                Token::Open(name) => {
                    let (open, close) = marks::tags(name);
                    self.push(open, close);
                }
                Token::Close => self.pop_event(),
                Token::Mark(mark) => self.push_text(mark.text()),
                Token::Url { text, target, start } => self.bare_url(text, &target, start),
                Token::Emoji { name, emoji } => self.emoji(name, emoji),
                Token::Icon(shortcode) => {
                    self.attrs_after(&mut tokens, idx);
                    self.icon(shortcode);
                }
                Token::Event(Event::Start(Tag::Image { dest_url, title, .. }), range) => {
                    let end = ends[idx].min(tokens.len() - 1);
                    let alt = alt(&tokens[idx + 1..end]);
                    let attrs = self.attrs_after(&mut tokens, end);
                    self.image(&dest_url, &title, &alt, attrs, range);
                    idx = end;
                }
                Token::Event(event, range) => {
                    let attrs = match &event {
                        Event::Start(_) | Event::Code(_) => self.attrs_after(&mut tokens, ends[idx]),
                        _ => Attrs::default(),
                    };
                    self.inline_event(event, attrs, range);
                }
            }
            idx += 1;
        }
    }

    fn inline_event(&mut self, event: Event<'w>, attrs: Attrs, range: Range<usize>) {
        match event {
            Event::Start(Tag::Emphasis) => self.push_with("em", "</em>", attrs),
            Event::Start(Tag::Strong) => self.push_with("strong", "</strong>", attrs),
            Event::Start(Tag::Strikethrough) => self.push_with("del", "</del>", attrs),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                let target = match link_type {
                    LinkType::Email => Cow::Owned(format!("mailto:{dest_url}")),
                    _ => Cow::Borrowed(&*dest_url),
                };
                self.open_link(&target, &title, attrs, &range);
            }
            Event::End(TagEnd::Link) => self.pop_event(),
            Event::Start(_) => self.push("", ""),
            Event::End(_) => self.pop_event(),
            Event::Text(text) => self.push_text(&text),
            Event::Code(code) => self.code(code.trim(), attrs, &range),
            Event::InlineMath(math) | Event::DisplayMath(math) => self.code(&math, attrs, &range),
            Event::InlineHtml(html) | Event::Html(html) => self.raw(&html, &[(0, range.start)]),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => {
                self.out.push('\n');
                self.text.push('\n');
            }
            Event::HardBreak => {
                self.out.push_str("<br>\n");
                self.text.push('\n');
            }
            Event::TaskListMarker(is_done) => {
                let checked = if is_done { " checked" } else { "" };
                self.widget(format!("<input type=\"checkbox\" disabled{checked}>"));
                self.out.push(' ');
            }
            Event::Rule => {}
        }
    }

    /// Removes the full stop that keeps a container's title from being
    /// anything but text.
    fn strip_stop(&mut self, run: &mut Run<'w>) {
        if !std::mem::take(&mut self.strips_stop) {
            return;
        }
        if let Some((Event::Text(text), range)) = run.first_mut()
            && text.starts_with('.')
        {
            *text = text[1..].to_string().into();
            let prepared = self.prepared;
            range.start += 1;
            if let Some(slice) = prepared.text.get(range.clone()).filter(|slice| *slice == &**text) {
                *text = slice.into();
            }
        }
    }

    fn push_with(&mut self, name: &str, close: &'static str, attrs: Attrs) {
        if attrs == Attrs::default() && self.frames.len() < MAX_DEPTH {
            self.out.push('<');
            self.out.push_str(name);
            self.out.push('>');
            return self.frames.push(Frame::Event(close));
        }
        let mut open = format!("<{name}");
        self.write_id(&mut open, attrs.id.as_deref());
        attrs.write(&mut open);
        open.push('>');
        self.push(&open, close);
    }

    fn code(&mut self, code: &str, attrs: Attrs, range: &Range<usize>) {
        self.push_with("code", "</code>", attrs);
        match text::revealed(code) {
            Some(revealed) => {
                let span = self.span(range);
                self.report(codes::turned_code(span));
                self.push_text(&revealed);
            }
            None => self.push_text(code),
        }
        self.pop_event();
    }

    fn emoji(&mut self, name: &str, emoji: &str) {
        self.out.push_str("<span class=\"emoji\" role=\"img\"");
        attrs::write_attribute(&mut self.out, "title", name);
        self.out.push('>');
        self.out.push_str(emoji);
        self.out.push_str("</span>");
        self.text.push_str(emoji);
    }

    /// Writes the shortcode of an icon that we do not draw, for readers
    /// who cannot see one anyway; it is no part of the page's text.
    fn icon(&mut self, shortcode: &str) {
        self.out.push_str("<span class=\"icon-shortcode\">");
        text::push(&mut self.out, shortcode);
        self.out.push_str("</span>");
    }

    fn bare_url(&mut self, text: &str, target: &str, start: usize) {
        if self.is_in_link() {
            return self.push_text(text);
        }
        self.open_link(target, "", Attrs::default(), &(start..start + text.len()));
        self.push_text(text);
        self.pop_event();
    }

    /// Tells whether a link is open already; links cannot be nested.
    pub(super) fn is_in_link(&self) -> bool {
        self.frames.len() >= MAX_DEPTH
            || self.frames.iter().any(|frame| matches!(frame, Frame::Event("</a>") | Frame::Raw("a")))
    }

    /// Takes the attribute list right behind the token at `end`.
    fn attrs_after(&self, tokens: &mut [Token<'w>], end: usize) -> Attrs {
        if self.options.flavour == Flavour::GitHub {
            return Attrs::default();
        }
        let Some(Token::Text(text)) = tokens.get_mut(end + 1) else {
            return Attrs::default();
        };
        match attrs::at_start(text) {
            Some((attrs, length)) => {
                *text = match text {
                    Cow::Borrowed(text) => Cow::Borrowed(&text[length..]),
                    Cow::Owned(text) => Cow::Owned(text[length..].to_string()),
                };
                attrs
            }
            None => Attrs::default(),
        }
    }

    fn image(&mut self, target: &str, title: &str, alt: &str, attrs: Attrs, range: Range<usize>) {
        let mut attrs = attrs;
        attrs.title = Some(title.to_string()).filter(|title| !title.is_empty()).or(attrs.title);
        self.write_image(LinkKind::Src, target, alt, &attrs, &range);
    }
}

/// Returns for each token that begins something where that ends, and for
/// the others where they are.
fn ends(tokens: &[Token]) -> Vec<usize> {
    let mut ends: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (idx, token) in tokens.iter().enumerate() {
        match token {
            Token::Event(Event::Start(_), _) => open.push(idx),
            Token::Event(Event::End(_), _) => {
                if let Some(start) = open.pop() {
                    ends[start] = idx;
                }
            }
            _ => {}
        }
    }
    ends
}

/// Returns the plain text of some tokens.
fn alt(tokens: &[Token]) -> String {
    let mut alt = String::new();
    for token in tokens {
        match token {
            Token::Text(text) => alt.push_str(text),
            Token::Url { text, .. } => alt.push_str(text),
            Token::Emoji { emoji, .. } => alt.push_str(emoji),
            Token::Mark(mark) => alt.push_str(mark.text()),
            Token::Event(Event::Text(text) | Event::Code(text), _) => alt.push_str(text),
            Token::Event(Event::SoftBreak | Event::HardBreak, _) => alt.push(' '),
            _ => {}
        }
    }
    alt
}
