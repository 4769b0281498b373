//! Headings: their anchors, and the sections of the page's text.

use std::ops::Range;

use pulldown_cmark::Event;

use crate::base::text::calmed;
use crate::model::doc::Heading;
use crate::model::extensions::Extensions;

use super::super::{attrs, text};
use super::{Events, Frame, Purpose, Run, Writer};

/// The longest text of a heading that is kept for lists, in characters.
const MAX_TEXT: usize = 500;

impl<'w> Writer<'w, '_> {
    /// Reads a heading to its end.
    pub(super) fn heading(&mut self, level: u8, range: Range<usize>, events: &mut Events<'w>) {
        let mut run: Run = std::mem::take(&mut self.spare_run);
        while let Some((event, range)) = events.next() {
            if matches!(event, Event::End(pulldown_cmark::TagEnd::Heading(_))) {
                break;
            }
            let event = match event {
                Event::Text(text) if !text.is_ascii() => Event::Text(calmed(&text).into_owned().into()),
                event => event,
            };
            run.push((event, range));
        }
        let level = (level + self.options.extensions.lowered_by).min(6);
        let is_title = !self.has_block && level == 1;
        self.block_begins();
        self.end_section();
        // What stands before the content is known only when it is read.
        let start = self.out.len();
        self.frames.push(Frame::Event(""));
        self.inline(&mut run);
        self.spare_run = run;
        self.pop_event();
        let mut text = text::words(&self.text);
        self.text.clear();
        if text.len() > MAX_TEXT
            && let Some((end, _)) = text.char_indices().nth(MAX_TEXT)
        {
            text.truncate(end);
        }
        if self.purpose == Purpose::Fragment {
            self.text = text;
            self.out.insert_str(start, "<p><strong>");
            return self.out.push_str("</strong></p>\n");
        }
        let prepared = self.prepared;
        let chosen = prepared.attrs(range.start);
        let (id, alias) = self.slugs.heading(&text, chosen.and_then(|attrs| attrs.id.as_deref()));
        let mut open = String::with_capacity(id.len() + 32);
        open.push_str("<h");
        text::push_number(&mut open, level.into());
        attrs::write_attribute(&mut open, "id", &id);
        if let Some(chosen) = chosen {
            chosen.write(&mut open);
        }
        open.push('>');
        self.out.insert_str(start, &open);
        let sign = self.options.extensions.permalink.as_deref().unwrap_or("#");
        if !sign.is_empty() {
            let mut link = attrs::Attrs::default();
            if let Some(classes) = &self.options.extensions.permalink_class {
                link.add_classes(classes);
            }
            self.out.push_str("<a class=\"headerlink");
            let others = link.classes.iter().filter(|class| *class != "headerlink");
            others.for_each(|class| self.out.extend([" ", class]));
            self.out.push_str("\" href=\"#");
            text::push(&mut self.out, &id);
            self.out.push_str("\" aria-label=\"Link to this section\">");
            text::push(&mut self.out, sign);
            self.out.push_str("</a>");
        }
        self.out.push_str("</h");
        text::push_number(&mut self.out, level.into());
        self.out.push_str(">\n");
        let span = self.line_span(range.start);
        self.open_heading = Some(self.written.headings.len() as u32);
        self.written.starts_with_title |= is_title;
        if self.options.extensions.tab_ids.is_some() {
            self.heading_id.clone_from(&id);
        }
        self.written.headings.push(Heading {
            level,
            id: id.into(),
            alias: alias.map(Into::into),
            text: text.into(),
            span,
        });
    }

    /// Fills in the tables of contents that the page asks for: all
    /// headings below the title, nested by their levels.
    pub(super) fn fill_contents(&mut self) {
        let places = std::mem::take(&mut self.contents);
        for (idx, place) in places.into_iter().enumerate() {
            // Many of them would be large; the first one is enough.
            let html = match idx {
                0 => contents(&self.written.headings, self.options.extensions),
                _ => String::new(),
            };
            if let Some(widget) = self.written.widgets.get_mut(place) {
                *widget = html;
            }
        }
    }
}

fn contents(headings: &[Heading], extensions: &Extensions) -> String {
    let mut html = "<div class=\"toc\">".to_string();
    if let Some(title) = &extensions.toc_title {
        html.push_str("<p class=\"toctitle\">");
        text::push(&mut html, title);
        html.push_str("</p>");
    }
    let (highest, lowest) = extensions.toc_levels.unwrap_or((1, 6));
    let mut open: Vec<u8> = Vec::new();
    for heading in headings.iter().filter(|heading| (highest..=lowest).contains(&heading.level)) {
        while open.last().is_some_and(|level| *level > heading.level) {
            html.push_str("</li></ul>");
            open.pop();
        }
        match open.last() {
            Some(level) if *level == heading.level => html.push_str("</li>\n<li>"),
            _ => {
                html.push_str("<ul>\n<li>");
                open.push(heading.level);
            }
        }
        html.push_str("<a");
        attrs::write_attribute(&mut html, "href", &format!("#{}", heading.id));
        html.push('>');
        text::push(&mut html, &heading.text);
        html.push_str("</a>");
    }
    open.iter().for_each(|_| html.push_str("</li></ul>"));
    html.push_str("</div>\n");
    html
}
