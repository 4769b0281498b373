//! The inline events of one block.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::base::highlight;
use crate::model::codes::markdown as codes;
use crate::model::doc::LinkKind;
use crate::model::extensions::Critic;

use super::super::Flavour;
use super::super::attrs::{self, Attrs};
use super::super::icons;
use super::super::prepass;
use super::super::source::{MARKER_LEAD, PARAGRAPH};
use super::super::text;
use super::marks::{self, Mark, Token};
use super::{Frame, MAX_DEPTH, Purpose, Run, Writer, magic, math, smarty};

/// The longest code in a line that is coloured.
const MAX_COLOURED: usize = 2000;

/// How many icons of a page are drawn.
const MAX_ICONS: usize = 2000;

impl<'w> Writer<'w, '_> {
    /// Writes a run of inline events.
    pub(super) fn inline(&mut self, run: &mut Run<'w>) {
        self.strip_stop(run);
        let extensions = self.options.extensions;
        let asks_more = !self.prepared.abbreviations.is_empty()
            || extensions.magic.is_some()
            || extensions.smarty.is_some()
            || marks::reads_numbers(&extensions.signs);
        if !asks_more && marks::is_plain(run) {
            for (event, range) in run.drain(..) {
                self.inline_event(event, None, range);
            }
            return;
        }
        let mut tokens = marks::tokens(&self.prepared.text, run, self.options.flavour, extensions);
        criticised(&mut tokens, extensions.critic);
        if let Some(smarty) =
            extensions.smarty.as_deref().filter(|_| self.options.flavour == Flavour::TechDocs)
        {
            tokens = smarty::typeset(tokens, smarty);
        }
        let ends = ends(&tokens);
        let mut idx = 0;
        while idx < tokens.len() {
            let token = std::mem::replace(&mut tokens[idx], Token::Text(Cow::Borrowed("")));
            match token {
                Token::Text(content) => self.words(&content),
                Token::Open(name) => {
                    let (open, close) = marks::tags(name);
                    self.push(open, close);
                }
                Token::Close => self.pop_event(),
                Token::Mark(mark) => self.push_text(mark.text()),
                Token::Url { text, target, start } => self.bare_url(text, &target, start),
                Token::Emoji { name, emoji } => {
                    self.attrs_after(&mut tokens, idx);
                    self.emoji(name, emoji);
                }
                Token::Sign(sign) => self.push_text(sign),
                Token::Magic(found, range) => self.magic_link(&found, &range),
                Token::Typeset { plain, html } => {
                    text::push_with_references(&mut self.out, &html);
                    self.text.push_str(plain);
                }
                Token::Keys(keys) => self.keys(&keys),
                Token::Icon(shortcode) => {
                    let attrs = self.attrs_after(&mut tokens, idx).unwrap_or_default();
                    self.icon_in_line(shortcode, &attrs, tokens.get_mut(idx + 1));
                }
                Token::Event(Event::Start(Tag::Image { dest_url, title, .. }), range) => {
                    let end = ends[idx].min(tokens.len() - 1);
                    let alt = alt(&tokens[idx + 1..end]);
                    let attrs = self.attrs_after(&mut tokens, end).map(|attrs| *attrs).unwrap_or_default();
                    self.image(&dest_url, &title, &alt, attrs, range);
                    idx = end;
                }
                Token::Event(event, range) => {
                    let event = self.shortened(event, tokens.get_mut(idx + 1..).unwrap_or(&mut []));
                    let attrs = match &event {
                        Event::Start(_) | Event::Code(_) => self.attrs_after(&mut tokens, ends[idx]),
                        _ => None,
                    };
                    self.inline_event(event, attrs, range);
                }
            }
            idx += 1;
        }
    }

    fn inline_event(&mut self, event: Event<'w>, attrs: Option<Box<Attrs>>, range: Range<usize>) {
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
            Event::Text(text) => {
                let revealed = (!text.is_ascii() && self.is_in_link()).then(|| text::revealed(&text));
                match revealed.flatten() {
                    Some(revealed) => {
                        let span = self.span(&range);
                        self.report(codes::turned_link(span));
                        self.push_text(&revealed);
                    }
                    None => self.push_text(&text),
                }
            }
            Event::Code(code) => self.code_event(&code, attrs, &range),
            Event::InlineMath(math) => self.formula(&math, math::Display::Inline, &range),
            Event::DisplayMath(math) => self.formula(&math, math::Display::Block, &range),
            Event::InlineHtml(html) | Event::Html(html) => self.raw(&html, &[(0, range.start)]),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => {
                self.out.push_str(if self.options.extensions.breaks_lines { "<br>\n" } else { "\n" });
                self.text.push('\n');
            }
            Event::HardBreak => {
                self.out.push_str("<br>\n");
                self.text.push('\n');
            }
            Event::TaskListMarker(is_done) => {
                let checked = if is_done { " checked" } else { "" };
                let disabled = if self.options.extensions.ticks_tasks { "" } else { " disabled" };
                self.widget(format!("<input type=\"checkbox\"{disabled}{checked}>"));
                self.out.push(' ');
            }
            Event::Rule => {}
        }
    }

    /// Removes what keeps text from being something else: the full stop
    /// before a container's title, the mark before an element.
    fn strip_stop(&mut self, run: &mut Run<'w>) {
        if self.prepared.may_have_formulas {
            join_lines(run);
        }
        // The mark may begin a line further down, as where a paragraph
        // goes on behind a list item.
        let may_begin = |text: &str| text.as_bytes().first() == Some(&MARKER_LEAD);
        if run.iter().any(|(event, _)| matches!(event, Event::Text(text) if may_begin(text))) {
            run.retain_mut(|(event, range)| {
                let Event::Text(text) = event else { return true };
                let Some(rest) = text.strip_prefix(PARAGRAPH) else { return true };
                let rest = rest.to_string();
                *text = rest.into();
                range.start += PARAGRAPH.len_utf8();
                !text.is_empty()
            });
        }
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

    fn push_with(&mut self, name: &str, close: &'static str, attrs: Option<Box<Attrs>>) {
        let Some(attrs) = attrs.filter(|_| self.frames.len() < MAX_DEPTH) else {
            if self.frames.len() >= MAX_DEPTH {
                return self.frames.push(Frame::Event(""));
            }
            self.out.push('<');
            self.out.push_str(name);
            self.out.push('>');
            return self.frames.push(Frame::Event(close));
        };
        let mut open = format!("<{name}");
        self.write_id(&mut open, attrs.id.as_deref());
        attrs.write(&mut open);
        open.push('>');
        self.push(&open, close);
    }

    pub(super) fn code(&mut self, code: &str, attrs: Option<Box<Attrs>>, range: &Range<usize>) {
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

    /// Writes code, or the formula that the pre-pass made code of.
    fn code_event(&mut self, code: &str, attrs: Option<Box<Attrs>>, range: &Range<usize>) {
        if let Some(formula) = code.strip_prefix(prepass::INLINE) {
            self.formula(&prepass::lines_of(formula), math::Display::Inline, range);
        } else if let Some(formula) = code.strip_prefix(prepass::BLOCK) {
            self.formula(&prepass::lines_of(formula), math::Display::Block, range);
        } else {
            self.code_span(code.trim(), attrs, range);
        }
    }

    /// Writes code in a line, which may name its language: `#!py x`.
    fn code_span(&mut self, code: &str, attrs: Option<Box<Attrs>>, range: &Range<usize>) {
        let is_known = self.options.flavour == Flavour::TechDocs;
        // A space before it, which is not part of the code, escapes it.
        let is_escaped = || {
            let source = self.prepared.text.get(range.clone()).unwrap_or("");
            source.trim_start_matches('`').starts_with(' ')
        };
        let (language, code) = match named_language(code).filter(|_| is_known && !is_escaped()) {
            Some((language, code)) => (language, code),
            None => return self.code(code, attrs, range),
        };
        if !self.options.highlight || self.purpose == Purpose::Fragment || code.len() > MAX_COLOURED {
            return self.code(code, attrs, range);
        }
        let mut attrs = attrs.unwrap_or_default();
        attrs.add_classes(&format!("language-{language}"));
        let code = text::revealed(code).unwrap_or_else(|| code.to_string());
        self.push_with("code", "</code>", Some(attrs));
        self.text.push_str(&code);
        self.widget(highlight::html(language, &code).trim_end_matches('\n').to_string());
        self.pop_event();
    }

    /// Writes text with the words explained that the page explains.
    fn words(&mut self, content: &str) {
        let prepared = self.prepared;
        if prepared.abbreviations.is_empty() {
            return self.push_text(content);
        }
        let mut rest = content;
        while let Some((start, length, meaning)) = next_abbreviation(&prepared.abbreviations, rest) {
            self.push_text(&rest[..start]);
            self.out.push_str("<abbr");
            attrs::write_attribute(&mut self.out, "title", meaning);
            self.out.push('>');
            self.push_text(&rest[start..start + length]);
            self.out.push_str("</abbr>");
            rest = &rest[start + length..];
        }
        self.push_text(rest);
    }

    fn keys(&mut self, keys: &[Cow<'_, str>]) {
        let settings = self.options.extensions.keys.as_deref();
        let name = if settings.is_some_and(|settings| settings.is_strict) { "kbd" } else { "span" };
        let separator = settings.map_or("+", |settings| &*settings.separator);
        self.out.extend(["<", name, " class=\"keys\">"]);
        for (idx, key) in keys.iter().enumerate() {
            if idx > 0 && !separator.is_empty() {
                self.out.push_str("<span>");
                self.push_text(separator);
                self.out.push_str("</span>");
            }
            self.out.push_str("<kbd>");
            self.push_text(key);
            self.out.push_str("</kbd>");
        }
        self.out.extend(["</", name, ">"]);
    }

    fn emoji(&mut self, name: &str, emoji: &str) {
        self.out.push_str("<span class=\"emoji\" role=\"img\"");
        attrs::write_attribute(&mut self.out, "title", name);
        self.out.push('>');
        self.out.push_str(emoji);
        self.out.push_str("</span>");
        self.text.push_str(emoji);
    }

    /// Writes an icon, which says nothing that the text beside it does
    /// not. Of one that we do not draw it writes the shortcode, for
    /// readers who cannot see one anyway; that is no part of the page's
    /// text.
    fn icon(&mut self, shortcode: &str, attrs: &Attrs) {
        if self.draws_icon(shortcode.trim_matches(':'), attrs) {
            return;
        }
        self.out.push_str("<span class=\"icon-shortcode\">");
        text::push(&mut self.out, shortcode);
        self.out.push_str("</span>");
    }

    /// Draws an icon, if it is one that we draw.
    pub(super) fn draws_icon(&mut self, name: &str, attrs: &Attrs) -> bool {
        let Some(drawing) = icons::icon(name).filter(|_| self.n_icons < MAX_ICONS) else {
            return false;
        };
        self.n_icons += 1;
        let classes: String = attrs.classes.iter().map(|class| format!(" {class}")).collect();
        let mut icon = format!("<svg class=\"cb-icon{classes}\" viewBox=\"0 0 24 24\"");
        match &attrs.title {
            Some(title) => {
                icon.push_str(" role=\"img\"><title>");
                text::push(&mut icon, title);
                icon.push_str("</title>");
            }
            None => icon.push_str(" aria-hidden=\"true\">"),
        }
        self.widget(icon + drawing + "</svg>");
        true
    }

    fn bare_url(&mut self, text: &str, target: &str, start: usize) {
        if self.is_in_link() {
            return self.push_text(text);
        }
        self.open_link(target, "", None, &(start..start + text.len()));
        self.push_text(text);
        self.pop_event();
    }

    fn magic_link(&mut self, found: &magic::Found, range: &Range<usize>) {
        if self.is_in_link() {
            return self.push_text(&found.text);
        }
        self.open_link(&found.target, &found.title, None, range);
        self.push_text(&found.text);
        self.pop_event();
    }

    /// Shortens the text of a link that is its own address, if the site
    /// asks for that. `next` is what follows the start of the link.
    fn shortened(&self, event: Event<'w>, next: &mut [Token<'w>]) -> Event<'w> {
        let Some(magic) = self.options.extensions.magic.as_deref() else { return event };
        let Event::Start(Tag::Link { link_type, dest_url, title, id }) = event else { return event };
        let mut title = title;
        if let [Token::Text(text), Token::Event(Event::End(TagEnd::Link), _), ..] = next
            && **text == *dest_url
            && let Some(found) = magic::short(magic, &dest_url)
        {
            *text = Cow::Owned(found.text);
            title = if title.is_empty() { found.title.into() } else { title };
        }
        Event::Start(Tag::Link { link_type, dest_url, title, id })
    }

    /// Writes an icon. In a link the blanks beside it are apart from the
    /// text, or they would be underlined.
    fn icon_in_line(&mut self, shortcode: &str, attrs: &Attrs, next: Option<&mut Token<'w>>) {
        const GAP: &str = "<span class=\"cb-gap\"> </span>";
        if !self.is_in_link() {
            return self.icon(shortcode, attrs);
        }
        if self.out.ends_with(' ') {
            self.out.pop();
            self.widget(GAP.to_string());
        }
        self.icon(shortcode, attrs);
        if let Some(Token::Text(text)) = next
            && text.starts_with(' ')
        {
            *text = match text {
                Cow::Borrowed(text) => Cow::Borrowed(&text[1..]),
                Cow::Owned(text) => Cow::Owned(text[1..].to_string()),
            };
            self.text.push(' ');
            self.widget(GAP.to_string());
        }
    }

    /// Tells whether a link is open already; links cannot be nested.
    pub(super) fn is_in_link(&self) -> bool {
        self.frames.len() >= MAX_DEPTH
            || self.frames.iter().any(|frame| matches!(frame, Frame::Event("</a>") | Frame::Raw("a")))
    }

    /// Takes the attribute list right behind the token at `end`.
    fn attrs_after(&self, tokens: &mut [Token<'w>], end: usize) -> Option<Box<Attrs>> {
        if self.options.flavour == Flavour::GitHub {
            return None;
        }
        let Some(Token::Text(text)) = tokens.get_mut(end + 1) else {
            return None;
        };
        let (attrs, length) = attrs::at_start(text)?;
        *text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[length..]),
            Cow::Owned(text) => Cow::Owned(text[length..].to_string()),
        };
        Some(Box::new(attrs))
    }

    fn image(&mut self, target: &str, title: &str, alt: &str, attrs: Attrs, range: Range<usize>) {
        let mut attrs = attrs;
        attrs.title = Some(title.to_string()).filter(|title| !title.is_empty()).or(attrs.title);
        self.write_image(LinkKind::Src, target, alt, &attrs, &range);
    }
}

/// Takes out the ends of lines where the next one goes on as if there
/// were none: they were part of a formula.
fn join_lines(run: &mut Run) {
    for idx in 0..run.len() {
        let (before, rest) = run.split_at_mut(idx);
        let Some((Event::Text(text), range)) = rest.first_mut() else { continue };
        let Some(after) = text.strip_prefix(prepass::JOIN) else { continue };
        *text = after.to_string().into();
        range.start += prepass::JOIN.len_utf8();
        if let Some((event, _)) = before.last_mut().filter(|(event, _)| matches!(event, Event::SoftBreak)) {
            *event = Event::Text("".into());
        }
    }
}

/// Does what a critic wants, or keeps what there was, if the site asks
/// for the one or the other instead of both.
fn criticised(tokens: &mut Vec<Token>, critic: Critic) {
    let is_out = |mark: Mark| {
        matches!(
            (critic, mark),
            (Critic::Accept, Mark::Removed | Mark::Replaced | Mark::Remarked)
                | (Critic::Reject, Mark::Added | Mark::Remarked)
        )
    };
    let is_critics = |mark: Mark| {
        matches!(mark, Mark::Added | Mark::Removed | Mark::Replaced | Mark::Noticed | Mark::Remarked)
    };
    if critic == Critic::View {
        return;
    }
    // Of what is open: whether its mark itself is to be seen.
    let mut open: Vec<bool> = Vec::new();
    // How many marks were open where what is left out began.
    let mut left_out: Option<usize> = None;
    tokens.retain(|token| match token {
        Token::Open(mark) => {
            if left_out.is_none() && is_out(*mark) {
                left_out = Some(open.len());
            }
            open.push(!is_critics(*mark));
            left_out.is_none() && !is_critics(*mark)
        }
        Token::Close => {
            let is_seen = open.pop().unwrap_or(true) && left_out.is_none();
            left_out = left_out.filter(|n_open| *n_open < open.len());
            is_seen
        }
        _ => left_out.is_none(),
    });
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
            Token::Sign(sign) => alt.push_str(sign),
            Token::Magic(found, _) => alt.push_str(&found.text),
            Token::Typeset { plain, .. } => alt.push_str(plain),
            Token::Event(Event::Text(text) | Event::Code(text), _) => alt.push_str(text),
            Token::Event(Event::SoftBreak | Event::HardBreak, _) => alt.push(' '),
            _ => {}
        }
    }
    alt
}

/// Splits the language off code in a line: `#!py x` or `:::py x`.
fn named_language(code: &str) -> Option<(&str, &str)> {
    let rest = code.strip_prefix("#!").or_else(|| code.strip_prefix(":::"))?;
    let (language, code) = rest.split_once(' ')?;
    let is_language = (1..=40).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#._-".contains(&byte));
    is_language.then(|| (language, code.trim()))
}

/// Finds the first word of a text that is explained; of several, the
/// longest.
fn next_abbreviation<'a>(words: &'a [(String, String)], text: &str) -> Option<(usize, usize, &'a str)> {
    let mut starts = [false; 256];
    words
        .iter()
        .filter_map(|(word, _)| word.bytes().next())
        .for_each(|byte| starts[usize::from(byte)] = true);
    let mut before = ' ';
    for (offset, c) in text.char_indices() {
        let is_start = !is_word(before) || !is_word(c);
        before = c;
        if !is_start || !starts[usize::from(text.as_bytes()[offset])] {
            continue;
        }
        let rest = &text[offset..];
        let ends_well = |word: &str| {
            let next = rest[word.len()..].chars().next();
            !(word.ends_with(is_word) && next.is_some_and(is_word))
        };
        let found = words
            .iter()
            .filter(|(word, meaning)| {
                !meaning.is_empty() && rest.starts_with(word.as_str()) && ends_well(word)
            })
            .max_by_key(|(word, _)| word.len());
        if let Some((word, meaning)) = found {
            return Some((offset, word.len(), meaning));
        }
    }
    None
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
