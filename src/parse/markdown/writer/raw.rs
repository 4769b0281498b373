//! HTML that a page brings along, taken apart in one linear pass and
//! built anew: allowed tags with allowed attributes, in quotes, closed
//! in order. Everything else becomes text or goes, with a message.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use crate::model::codes::markdown as codes;
use crate::model::doc::LinkKind;

use super::super::attrs::{self, Attrs};
use super::super::{fence, prepass, sanitize, text};
use super::{Events, Frame, MAX_DEPTH, Writer};

/// How many attributes of a tag are read.
const MAX_ATTRIBUTES: usize = 64;

/// Elements that are removed together with what is in them.
const DROPPED_WITH_CONTENT: [&str; 7] = ["script", "style", "svg", "math", "template", "object", "iframe"];

/// Elements that are removed without a word: they only arrange things,
/// or style text.
const DROPPED_SILENTLY: [&str; 20] = [
    "big", "body", "font", "head", "html", "main", "nav", "nobr", "picture", "source", "thead", "tt",
    "address", "hgroup", "marquee", "blink", "acronym", "wbr", "data", "label",
];

/// Elements of HTML that pages may not have.
const REFUSED: &str = "applet area audio base basefont bgsound button canvas datalist dialog embed fieldset form \
    frame frameset iframe image input isindex keygen legend link listing map math menu meta meter noembed \
    noframes noscript object optgroup option output param plaintext portal progress script select slot style svg \
    template textarea title track video xmp";

/// Elements that end where the next one alike begins.
const SELF_ENDING: [&str; 8] = ["p", "li", "dt", "dd", "tr", "td", "th", "tbody"];

const VOID: [&str; 4] = ["br", "hr", "img", "col"];

/// A tag as it was written.
struct TagText<'t> {
    name: &'t str,
    is_close: bool,
    attributes: Vec<(&'t str, &'t str)>,
    n_attributes: usize,
    length: usize,
}

/// What was looked for up to the end of some HTML and is not there, so
/// that it is looked for only once.
#[derive(Default)]
struct Unclosed {
    quotes: HashSet<u8>,
    /// Names of elements.
    names: HashSet<&'static str>,
}

impl<'w> Writer<'w, '_> {
    /// Reads an HTML block to its end.
    pub(super) fn html_block(&mut self, events: &mut Events<'w>) {
        let mut chunk = String::new();
        let mut starts = Vec::new();
        while let Some((event, range)) = events.next() {
            match event {
                Event::End(TagEnd::HtmlBlock) => break,
                Event::Html(html) | Event::Text(html) => {
                    starts.push((chunk.len(), range.start));
                    chunk.push_str(&html);
                }
                _ => {}
            }
        }
        if self.prepared.may_have_formulas {
            chunk = prepass::restored(&chunk, self.options.flavour);
        }
        self.raw(&chunk, &starts);
    }

    /// Reads some HTML. `starts` are offsets of it and the offsets in
    /// the prepared text that they have.
    pub(super) fn raw(&mut self, chunk: &str, starts: &[(usize, usize)]) {
        let mut at = 0;
        let mut unclosed = Unclosed::default();
        while at < chunk.len() {
            let rest = &chunk[at..];
            let Some(start) = rest.find('<') else {
                self.raw_text(rest);
                break;
            };
            self.raw_text(&rest[..start]);
            at += start;
            let rest = &chunk[at..];
            let offset = offset(starts, at);
            if let Some((mark, length)) = super::mark(rest) {
                self.follow(mark);
                // The end of the sentinel's own line.
                at += length + usize::from(rest[length..].starts_with('\n'));
            } else if let Some(length) = declaration(rest) {
                at += length;
            } else if let Some(tag) = tag(rest, &mut unclosed.quotes) {
                let range = offset..offset + tag.length;
                at += tag.length;
                at += self.raw_tag(&tag, &chunk[at..], &range, &mut unclosed);
            } else {
                self.raw_text("<");
                at += 1;
            }
        }
    }

    fn raw_text(&mut self, content: &str) {
        if content.trim().is_empty() {
            self.out.push_str(content);
            return self.text.push_str(content);
        }
        self.block_begins();
        self.push_raw_text(content);
    }

    /// Writes a tag; returns how much of what follows goes with it.
    fn raw_tag(&mut self, tag: &TagText, rest: &str, range: &Range<usize>, unclosed: &mut Unclosed) -> usize {
        let name = tag.name.to_ascii_lowercase();
        if tag.n_attributes > MAX_ATTRIBUTES {
            self.removed(range, &format!("<{name}> with {} attributes", tag.n_attributes));
        }
        if let Some(allowed) = sanitize::allowed_tag(&name) {
            self.written.has_raw = true;
            match tag.is_close {
                true => self.close_tag(allowed),
                false => self.open_tag(allowed, &name, tag, range),
            }
            return 0;
        }
        if DROPPED_SILENTLY.contains(&name.as_str()) {
            return 0;
        }
        let is_html = REFUSED.split(' ').any(|refused| refused == name);
        if !is_html && !tag.is_close && self.is_placeholder(&name, tag) {
            self.placeholder(tag, range);
            return 0;
        }
        if !tag.is_close && is_html {
            self.removed(range, &format!("<{name}>"));
        } else if !tag.is_close {
            let span = self.span(range);
            self.report(codes::unknown_tag(span, tag.name));
        }
        match DROPPED_WITH_CONTENT.into_iter().find(|dropped| *dropped == name && !tag.is_close) {
            Some(name) => length_to_close(rest, name, &mut unclosed.names),
            None => 0,
        }
    }

    /// Tells whether a tag is one of those that authors write for "put
    /// your name here": unknown, without values, and never closed.
    fn is_placeholder(&mut self, name: &str, tag: &TagText) -> bool {
        let prepared = self.prepared;
        let closing = self.closing_tags.get_or_insert_with(|| closing_tags(&prepared.text));
        !closing.contains(name) && tag.attributes.iter().all(|(_, value)| value.is_empty())
    }

    fn placeholder(&mut self, tag: &TagText, range: &Range<usize>) {
        let span = self.span(range);
        let words: Vec<&str> =
            std::iter::once(tag.name).chain(tag.attributes.iter().map(|(name, _)| *name)).collect();
        let words = words.join(" ");
        self.report(codes::placeholder_tag(span, &words));
        self.push_text(&format!("<{words}>"));
    }

    fn close_tag(&mut self, name: &'static str) {
        let is_raw = |frame: &&Frame| matches!(frame, Frame::Raw(_));
        let n_above = self
            .frames
            .iter()
            .rev()
            .take_while(is_raw)
            .position(|frame| matches!(frame, Frame::Raw(open) if *open == name));
        for _ in 0..n_above.map_or(0, |n| n + 1) {
            self.pop();
        }
    }

    fn open_tag(&mut self, allowed: &'static str, name: &str, tag: &TagText, range: &Range<usize>) {
        self.block_begins();
        let mut attrs = Attrs::default();
        if name == "center" {
            attrs.add_align("center");
        }
        let mut others = String::new();
        let (mut href, mut src, mut alt) = (None, None, String::new());
        for (key, value) in &tag.attributes {
            let key = key.to_ascii_lowercase();
            match (key.as_str(), allowed) {
                ("href", "a") => href = Some(text::decoded(value)),
                ("src", "img") => src = Some(text::decoded(value)),
                ("alt", "img") => alt = text::decoded(value),
                ("name", "a") | ("id", _) => attrs.id = attrs.id.or(Some(text::decoded(value))),
                ("class", _) => attrs.add_classes(value),
                ("align", _) => attrs.add_align(value),
                ("width", "img") => attrs.width = attrs::safe_size(value),
                ("height", "img") => attrs.height = attrs::safe_size(value),
                ("title", _) => attrs.title = Some(text::decoded(value)),
                ("style", _) => self.style(allowed, value, &mut attrs, range),
                (key, _) if key.starts_with("on") || key == "srcdoc" || key == "formaction" => {
                    self.removed(range, key);
                }
                (key, name) if sanitize::is_allowed_attribute(name, key) => {
                    attrs::write_attribute(&mut others, key, &text::decoded(value));
                }
                _ => {}
            }
        }
        match allowed {
            "img" => {
                self.write_image(LinkKind::Src, &src.unwrap_or_default(), &alt, &attrs, range);
                return;
            }
            "a" if self.is_in_link() => return,
            _ => {}
        }
        // Font Awesome's own form, which mdBook knows.
        let icon =
            attrs.classes.iter().find_map(|class| class.strip_prefix("fa-").filter(|name| *name != "solid"));
        if let Some(name) = icon.filter(|_| allowed == "i") {
            self.draws_icon(&format!("fontawesome-solid-{name}"), &Attrs::default());
        }
        self.end_alike(allowed);
        if self.frames.len() >= MAX_DEPTH {
            return self.report_depth(range.start);
        }
        let (is_annotated, start) = (fence::is_annotated(&attrs.classes), self.out.len());
        match (allowed, href) {
            ("a", Some(href)) => {
                let title = attrs.title.clone().unwrap_or_default();
                self.write_link_tag(&href, &title, Some(Box::new(attrs)), range);
            }
            _ => {
                let mut out = std::mem::take(&mut self.out);
                out.push('<');
                out.push_str(allowed);
                self.write_id(&mut out, attrs.id.as_deref());
                attrs.write(&mut out);
                if let Some(title) = &attrs.title {
                    attrs::write_attribute(&mut out, "title", title);
                }
                out.push_str(&others);
                out.push('>');
                self.out = out;
            }
        }
        if !VOID.contains(&allowed) {
            if is_annotated {
                self.annotated_open.push((self.frames.len(), start));
            }
            self.frames.push(Frame::Raw(allowed));
        }
    }

    /// Keeps what attributes and classes can say of a style.
    fn style(&mut self, name: &str, value: &str, attrs: &mut Attrs, range: &Range<usize>) {
        let mut style = Attrs::default();
        if !style.add_style(&text::decoded(value)) {
            self.removed(range, "style");
        }
        style.classes.iter().for_each(|class| attrs.add_classes(class));
        if name == "img" {
            attrs.width = style.width.or(attrs.width.take());
            attrs.height = style.height.or(attrs.height.take());
        }
    }

    /// Ends an element that ends where the next one alike begins, such
    /// as a paragraph, with what is open inside of it.
    fn end_alike(&mut self, name: &str) {
        if !SELF_ENDING.contains(&name) {
            return;
        }
        let is_ending = |frame: &&Frame| matches!(frame, Frame::Raw(open) if SELF_ENDING.contains(open));
        let n_above = self
            .frames
            .iter()
            .rev()
            .take_while(is_ending)
            .position(|frame| matches!(frame, Frame::Raw(open) if *open == name));
        for _ in 0..n_above.map_or(0, |n| n + 1) {
            self.pop();
        }
    }

    /// Writes the end of an element whose frame is gone already.
    pub(super) fn close_raw(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn removed(&mut self, range: &Range<usize>, what: &str) {
        let span = self.span(range);
        self.report(codes::removed_html(span, what));
    }
}

fn offset(starts: &[(usize, usize)], at: usize) -> usize {
    let idx = starts.partition_point(|(start, _)| *start <= at).max(1) - 1;
    starts.get(idx).map_or(0, |(start, offset)| offset + (at - start))
}

/// Returns the length of a comment, declaration or instruction.
fn declaration(text: &str) -> Option<usize> {
    let close = match () {
        () if text.starts_with("<!--") => "-->",
        () if text.starts_with("<![CDATA[") => "]]>",
        () if text.starts_with("<?") => "?>",
        () if text.starts_with("<!") => ">",
        () => return None,
    };
    // The shortest comments are `<!-->` and `<!--->`.
    let from = if close == "-->" { 2 } else { close.len() };
    Some(text.get(from..)?.find(close).map_or(text.len(), |end| from + end + close.len()))
}

/// Reads a tag; `None` when it has no end or is none.
fn tag<'t>(text: &'t str, unclosed_quotes: &mut HashSet<u8>) -> Option<TagText<'t>> {
    let bytes = text.as_bytes();
    let is_close = bytes.get(1) == Some(&b'/');
    let start = if is_close { 2 } else { 1 };
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    let length = bytes[start..].iter().take(64).take_while(is_name).count();
    if length == 0 || !bytes[start].is_ascii_alphabetic() {
        return None;
    }
    let mut tag = TagText {
        name: &text[start..start + length],
        is_close,
        attributes: Vec::new(),
        n_attributes: 0,
        length: 0,
    };
    let mut at = start + length;
    loop {
        at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'/').count();
        match bytes.get(at)? {
            b'>' => break,
            b'<' => return None,
            _ => {}
        }
        let is_key = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/' | b'<');
        let n_key = bytes[at..].iter().take_while(is_key).count();
        let key = &text[at..at + n_key];
        at += n_key;
        let gap = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let mut value = "";
        if bytes.get(at + gap) == Some(&b'=') {
            at += gap + 1;
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let length;
            (value, length) = attribute_value(&text[at..], unclosed_quotes)?;
            at += length;
        }
        tag.n_attributes += 1;
        if tag.n_attributes <= MAX_ATTRIBUTES && !key.is_empty() {
            tag.attributes.push((key, value));
        }
    }
    tag.length = at + 1;
    Some(tag)
}

/// Reads the value of an attribute; `None` when its quote has no end,
/// which is remembered, so that it is looked for only once.
fn attribute_value<'t>(text: &'t str, unclosed_quotes: &mut HashSet<u8>) -> Option<(&'t str, usize)> {
    match text.bytes().next()? {
        quote @ (b'"' | b'\'') => {
            if unclosed_quotes.contains(&quote) {
                return None;
            }
            match text[1..].find(char::from(quote)) {
                Some(length) => Some((&text[1..1 + length], length + 2)),
                None => {
                    unclosed_quotes.insert(quote);
                    None
                }
            }
        }
        _ => {
            let is_end = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'<');
            let length = text.bytes().position(is_end)?;
            Some((&text[..length], length))
        }
    }
}

/// Returns where the text goes on behind the closing tag of `name`, or 0
/// if there is none, which is remembered.
fn length_to_close(text: &str, name: &'static str, unclosed: &mut HashSet<&'static str>) -> usize {
    if unclosed.contains(name) {
        return 0;
    }
    let close = format!("</{name}");
    let bytes = text.as_bytes();
    for (offset, _) in text.match_indices("</") {
        let end = offset + close.len();
        if bytes.get(offset..end).is_some_and(|found| found.eq_ignore_ascii_case(close.as_bytes())) {
            return text[end..].find('>').map_or(text.len(), |length| end + length + 1);
        }
    }
    unclosed.insert(name);
    0
}

fn closing_tags(text: &str) -> HashSet<String> {
    let mut names = HashSet::new();
    for (offset, _) in text.match_indices("</") {
        let rest = &text[offset + 2..];
        let length = rest
            .bytes()
            .take(64)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
            .count();
        names.insert(rest[..length].to_ascii_lowercase());
    }
    names
}
