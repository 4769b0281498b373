//! The writer: events of pulldown-cmark in, HTML with markers out.
//!
//! Two kinds of marker stand in the HTML until the end. A widget is HTML
//! of our own that no sanitiser needs to see, such as highlighted code.
//! A hole is the address of a link. Both are made of characters that no
//! page can contain, see `source`.
//!
//! Everything open is a [`Frame`], also the elements of the page's own
//! HTML, so the output is balanced and never deeper than [`MAX_DEPTH`].

mod code;
mod containers;
mod diagrams;
mod footnotes;
mod headings;
mod inline;
mod keys;
mod links;
mod magic;
mod marks;
mod math;
mod raw;
mod smarty;
mod tables;

use std::collections::{HashSet, VecDeque};
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::model::codes::markdown as codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::doc::{DocLink, Heading, Section};

use super::pieces::{WIDGET_END, WIDGET_START};
use super::prepass::{self, Prepared};
use super::slug::Slugs;
use super::source::Places;
use super::text;
use super::{Flavour, MarkdownOptions, fence};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 90;

/// The highest number of a note in code.
const MAX_NOTES: usize = 99;

/// What a page is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Page,
    /// A short text: no anchors, no colours.
    Fragment,
}

/// Something open.
enum Frame {
    /// Of an event that will end for sure. What it writes then.
    Event(&'static str),
    /// An element of the page's own HTML; its name.
    Raw(&'static str),
    Container(containers::Open),
}

/// What the writer gives.
pub(super) struct Written {
    pub(super) html: String,
    pub(super) widgets: Vec<String>,
    /// Whether the page has HTML of its own.
    pub(super) has_raw: bool,
    pub(super) headings: Vec<Heading>,
    pub(super) starts_with_title: bool,
    pub(super) links: Vec<DocLink>,
    pub(super) anchors: Vec<Box<str>>,
    pub(super) sections: Vec<Section>,
}

struct Writer<'w, 't> {
    options: &'w MarkdownOptions<'w>,
    purpose: Purpose,
    prepared: &'w Prepared,
    places: &'w mut Places<'t>,
    diags: &'w mut Vec<Diagnostic>,
    out: String,
    frames: Vec<Frame>,
    written: Written,
    slugs: Slugs,
    /// Text of the open section.
    text: String,
    /// The code of the section so far.
    code: String,
    open_heading: Option<u32>,
    /// The identifier of the heading above.
    heading_id: String,
    /// How many code blocks there were.
    n_blocks: usize,
    has_block: bool,
    /// Whether a container's title is being read.
    in_title: bool,
    /// Whether the next text begins with the full stop that keeps a
    /// title from being anything else.
    strips_stop: bool,
    n_tab_sets: usize,
    /// The block before, if a list behind it explains its marks. It is
    /// forgotten as soon as another block begins.
    annotated: Option<Range<usize>>,
    /// Open blocks of that kind: how many frames there were, and where
    /// they begin.
    annotated_open: Vec<(usize, usize)>,
    /// Widgets that become the table of contents.
    contents: Vec<usize>,
    n_formulas: usize,
    n_icons: usize,
    n_diagrams: usize,
    /// Whether it was said that there is no program for a diagram.
    lacks_tool: bool,
    /// The run of the last heading, empty.
    spare_run: Run<'w>,
    table: tables::State,
    footnotes: footnotes::State,
    remote_images: Option<(Span, String, usize)>,
    /// Names of all closing tags of the page, once they were needed.
    closing_tags: Option<HashSet<String>>,
    /// The ids beside those of headings.
    known_ids: HashSet<String>,
    /// Whether it is known that the page is nested too deeply. The
    /// diagnostics cannot tell: they take no more after some hundreds.
    is_too_deep: bool,
}

/// The run of inline events of one block.
type Run<'e> = Vec<(Event<'e>, Range<usize>)>;

/// Events with a look ahead.
struct Events<'e> {
    parser: pulldown_cmark::OffsetIter<'e>,
    ahead: VecDeque<(Event<'e>, Range<usize>)>,
}

impl<'e> Events<'e> {
    fn next(&mut self) -> Option<(Event<'e>, Range<usize>)> {
        self.ahead.pop_front().or_else(|| self.parser.next())
    }

    fn peek(&mut self, n: usize) -> Option<&Event<'e>> {
        while self.ahead.len() <= n {
            self.ahead.push_back(self.parser.next()?);
        }
        self.ahead.get(n).map(|(event, _)| event)
    }

    /// Returns how many notes the numbered list may have that comes next;
    /// 0 if none does.
    fn n_items_ahead(&mut self) -> usize {
        match self.peek(0) {
            Some(Event::Start(Tag::List(Some(1)))) => MAX_NOTES,
            _ => 0,
        }
    }

    /// Tells whether the item that has just begun is one of a task list.
    fn is_task(&mut self, from: usize) -> bool {
        match self.peek(from) {
            Some(Event::TaskListMarker(_)) => true,
            Some(Event::Start(Tag::Paragraph)) => {
                matches!(self.peek(from + 1), Some(Event::TaskListMarker(_)))
            }
            _ => false,
        }
    }
}

/// Writes a page.
pub(super) fn written(
    prepared: &Prepared,
    options: &MarkdownOptions,
    purpose: Purpose,
    places: &mut Places,
    diags: &mut Vec<Diagnostic>,
) -> Written {
    let is_too_deep = diags.iter().any(|diag| diag.code.id == codes::NESTED_TOO_DEEPLY.id);
    let mut writer = Writer {
        options,
        purpose,
        prepared,
        places,
        diags,
        out: String::with_capacity(prepared.text.len() * 3 / 2),
        frames: Vec::new(),
        written: Written {
            html: String::new(),
            widgets: Vec::new(),
            has_raw: false,
            headings: Vec::new(),
            starts_with_title: false,
            links: Vec::new(),
            anchors: Vec::new(),
            sections: Vec::new(),
        },
        slugs: Slugs::new(options.extensions.slugs),
        text: String::new(),
        code: String::new(),
        open_heading: None,
        heading_id: String::new(),
        n_blocks: 0,
        has_block: false,
        in_title: false,
        strips_stop: false,
        n_tab_sets: 0,
        annotated: None,
        annotated_open: Vec::new(),
        contents: Vec::new(),
        n_formulas: 0,
        n_icons: 0,
        n_diagrams: 0,
        lacks_tool: false,
        spare_run: Run::new(),
        table: tables::State::default(),
        footnotes: footnotes::State::default(),
        remote_images: None,
        closing_tags: None,
        is_too_deep,
        known_ids: HashSet::new(),
    };
    writer.page();
    writer.finished()
}

impl<'w> Writer<'w, '_> {
    fn page(&mut self) {
        let mut syntax = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
        let extensions = self.options.extensions;
        // Other dollars than these are the pre-pass's.
        let has_dollars = extensions.math.is_some_and(|math| math.dollar && math.dollars && math.is_smart);
        syntax.set(Options::ENABLE_MATH, self.options.flavour == Flavour::GitHub || has_dollars);
        // mdBook's own default since 0.5.
        let is_smart = self.options.flavour == Flavour::MdBook && !extensions.off.smart_punctuation;
        syntax.set(Options::ENABLE_SMART_PUNCTUATION, is_smart);
        let prepared = self.prepared;
        let parser = Parser::new_ext(&prepared.text, syntax).into_offset_iter();
        let mut events = Events { parser, ahead: VecDeque::new() };
        let mut run: Run = Vec::with_capacity(32);
        while let Some((event, range)) = events.next() {
            if is_inline(&event) {
                run.push((event, range));
                continue;
            }
            if !run.is_empty() {
                self.run(&mut run);
            }
            match event {
                Event::Start(tag) => self.start(tag, range, &mut events),
                Event::End(tag) => self.end(tag),
                Event::Rule => {
                    self.block_begins();
                    self.out.push_str("<hr>\n");
                }
                _ => {}
            }
        }
        if !run.is_empty() {
            self.run(&mut run);
        }
        while !self.frames.is_empty() {
            self.pop();
        }
    }

    fn finished(mut self) -> Written {
        self.write_footnotes();
        self.end_section();
        self.fill_contents();
        if let Some((span, host, n_images)) = self.remote_images.take() {
            self.report(codes::remote_images(span, &host, n_images));
        }
        self.written.html = self.out;
        self.written
    }

    /// Writes the inline events of a block that has no paragraph of its
    /// own: the text of tight lists, and of containers in them.
    fn run(&mut self, run: &mut Run<'w>) {
        let needs_paragraph = !self.in_title
            && matches!(self.frames.last(), Some(Frame::Container(open)) if open.takes_paragraphs());
        if needs_paragraph {
            self.push("<p>", "</p>\n");
        }
        self.inline(run);
        if needs_paragraph {
            self.pop_event();
        }
    }

    fn start(&mut self, tag: Tag<'w>, range: Range<usize>, events: &mut Events<'w>) {
        if matches!(tag, Tag::List(Some(1))) {
            self.explain_notes();
        }
        if !matches!(tag, Tag::HtmlBlock | Tag::Heading { .. }) {
            self.block_begins();
        }
        match tag {
            Tag::Paragraph if self.in_title => self.push("", ""),
            Tag::Paragraph => self.paragraph(range),
            Tag::Heading { level, .. } => self.heading(level as u8, range, events),
            Tag::BlockQuote(_) => self.push_deep("<blockquote>\n", "</blockquote>\n", range, 0),
            Tag::CodeBlock(kind) => self.code_block(kind, range, events),
            Tag::HtmlBlock => self.html_block(events),
            Tag::List(start) => {
                let is_task_list =
                    matches!(events.peek(0), Some(Event::Start(Tag::Item))) && events.is_task(1);
                self.list(start, is_task_list, range);
            }
            Tag::Item => {
                let open = match events.is_task(0) {
                    true => "<li class=\"task-list-item\">",
                    false => "<li>",
                };
                self.push_deep(open, "</li>\n", range, 0);
            }
            Tag::FootnoteDefinition(label) => self.begin_footnote(&label),
            Tag::Table(alignments) => self.begin_table(alignments, range),
            Tag::TableHead => {
                self.push_in_table("<thead>\n<tr>", "</tr>\n</thead>\n<tbody>\n", range);
            }
            Tag::TableRow => self.push_in_table("<tr>", "</tr>\n", range),
            Tag::TableCell => self.begin_cell(range),
            _ => self.push("", ""),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            // Read to their end when they began.
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock => {}
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::Table => self.end_table(),
            TagEnd::TableCell => self.end_cell(),
            _ => {
                self.pop_event();
                self.text.push('\n');
            }
        }
    }

    fn paragraph(&mut self, range: Range<usize>) {
        let Some(attrs) = self.prepared.attrs(range.start) else {
            return self.push("<p>", "</p>\n");
        };
        let (mut open, attrs) = ("<p".to_string(), attrs.clone());
        self.write_id(&mut open, attrs.id.as_deref());
        attrs.write(&mut open);
        open.push('>');
        if fence::is_annotated(&attrs.classes) {
            self.annotated_open.push((self.frames.len(), self.out.len()));
        }
        self.push(&open, "</p>\n");
    }

    fn list(&mut self, start: Option<u64>, is_task_list: bool, range: Range<usize>) {
        match (start, is_task_list) {
            (None, true) => self.push_deep("<ul class=\"task-list\">\n", "</ul>\n", range, 1),
            (None, false) => self.push_deep("<ul>\n", "</ul>\n", range, 1),
            (Some(1), _) => self.push_deep("<ol>\n", "</ol>\n", range, 1),
            (Some(n), _) => self.push_deep(&format!("<ol start=\"{n}\">\n"), "</ol>\n", range, 1),
        }
    }

    /// Remembers that the page has begun, for its title.
    fn block_begins(&mut self) {
        self.has_block = true;
        self.annotated = None;
    }

    /// Makes marks of notes of `(1)`, `(2)` and so on in the block before
    /// the list that is about to begin, if its author asks for that.
    fn explain_notes(&mut self) {
        let Some(range) = self.annotated.take() else { return };
        let is_behind = self.out.get(range.end..).is_some_and(|between| between.trim().is_empty());
        if !is_behind || self.purpose != Purpose::Page || !self.out.is_char_boundary(range.start) {
            return;
        }
        let after = self.out.split_off(range.end);
        let block = self.out.split_off(range.start);
        let mut rest = block.as_str();
        while let Some(start) = rest.find(['(', '<']) {
            let tag = rest[start..].starts_with('<').then(|| rest[start..].find('>')).flatten();
            let inner = &rest[start + 1..];
            let length = inner.bytes().take(2).take_while(u8::is_ascii_digit).count();
            let number = inner[..length].parse().unwrap_or(0);
            let is_note =
                tag.is_none() && (1..=MAX_NOTES).contains(&number) && inner[length..].starts_with(')');
            let end = start + 1 + tag.unwrap_or(0);
            self.out.push_str(&rest[..if is_note { start } else { end }]);
            rest = match is_note {
                true => {
                    self.widget(fence::note(number));
                    &inner[length + 1..]
                }
                false => &rest[end..],
            };
        }
        self.out.push_str(rest);
        self.out.push_str(&after);
    }

    /// Opens an element, unless it would be too deep.
    fn push(&mut self, open: &str, close: &'static str) {
        if self.frames.len() >= MAX_DEPTH {
            return self.frames.push(Frame::Event(""));
        }
        self.out.push_str(open);
        self.frames.push(Frame::Event(close));
    }

    /// Opens an element as [`push`](Self::push) does, which needs
    /// `n_inner` levels inside of it, and reports one that is too deep.
    fn push_deep(&mut self, open: &str, close: &'static str, range: Range<usize>, n_inner: usize) {
        if self.frames.len() + n_inner < MAX_DEPTH {
            return self.push(open, close);
        }
        self.report_depth(range.start);
        self.frames.push(Frame::Event(""));
        self.out.push('\n');
    }

    fn report_depth(&mut self, offset: usize) {
        if !std::mem::replace(&mut self.is_too_deep, true) {
            let span = self.line_span(offset);
            self.report(codes::nested_too_deeply(span));
        }
    }

    /// Closes the innermost event, and what the page left open in it.
    fn pop_event(&mut self) {
        while !matches!(self.frames.last(), None | Some(Frame::Event(_))) {
            self.pop();
        }
        self.pop();
    }

    /// Closes the innermost frame.
    fn pop(&mut self) {
        match self.frames.pop() {
            Some(Frame::Event(close)) => self.out.push_str(close),
            Some(Frame::Raw(name)) => self.close_raw(name),
            Some(Frame::Container(open)) => self.close_container(open),
            None => {}
        }
        self.annotated = None;
        if let Some((_, start)) = self.annotated_open.pop_if(|(n_frames, _)| *n_frames == self.frames.len()) {
            self.annotated = Some(start..self.out.len());
        }
    }

    /// Puts in HTML of our own that must not be sanitised.
    fn widget(&mut self, html: String) {
        self.out.push(WIDGET_START);
        text::push_number(&mut self.out, self.written.widgets.len());
        self.out.push(WIDGET_END);
        self.written.widgets.push(html);
    }

    fn push_text(&mut self, content: &str) {
        text::push(&mut self.out, content);
        self.text.push_str(content);
    }

    fn end_section(&mut self) {
        if !self.options.text {
            self.text.clear();
            return self.code.clear();
        }
        let (text, code) = (self.text.trim(), self.code.trim());
        if !text.is_empty() || !code.is_empty() || self.open_heading.is_some() {
            let heading = self.open_heading;
            self.written.sections.push(Section { heading, text: text.into(), code: code.into() });
        }
        // Both keep their room for the next section.
        self.text.clear();
        self.code.clear();
    }

    fn span(&mut self, range: &Range<usize>) -> Span {
        let start = self.prepared.source_offset(range.start);
        let line = self.prepared.source_line(range.start);
        let end = self.prepared.source_offset(range.end).max(start);
        self.places.span_on(line, start, end)
    }

    fn line_span(&mut self, offset: usize) -> Span {
        let line = self.prepared.source_line(offset);
        self.places.line(line)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        super::report(self.diags, diagnostic);
    }

    /// Writes an `id` that the author chose, if it is safe and new.
    fn write_id(&mut self, out: &mut String, id: Option<&str>) {
        let Some(id) = id.and_then(super::attrs::safe_id) else {
            return;
        };
        let is_new = || !self.slugs.is_taken(id) && !self.known_ids.contains(id);
        if self.purpose == Purpose::Page && is_new() {
            self.known_ids.insert(id.to_string());
            super::attrs::write_attribute(out, "id", id);
            self.written.anchors.push(id.into());
        }
    }
}

fn is_inline(event: &Event) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        ),
        Event::Html(_) | Event::Rule => false,
        _ => true,
    }
}

/// Reads a sentinel of the pre-pass.
fn mark(text: &str) -> Option<(prepass::Mark, usize)> {
    prepass::mark(text)
}
