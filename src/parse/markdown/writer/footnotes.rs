//! Footnotes: collected where they are defined, written at the end of
//! the page in the order in which the text refers to them, and then
//! those that it never refers to, as Python-Markdown does.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::model::extensions::Extensions;

use super::super::pieces::{WIDGET_END, WIDGET_START};
use super::super::{attrs, text};
use super::{Frame, Purpose, Writer};

/// References to one note that lead back; more are not linked.
const MAX_BACK_LINKS: usize = 20;

/// Notes do not take a place that is nested more deeply: they may be
/// deep themselves.
const MAX_PLACE_DEPTH: usize = 10;

#[derive(Default)]
pub(super) struct State {
    /// Labels in the order of their first reference, and how often each
    /// was referred to.
    order: Vec<(String, usize)>,
    /// Indices of `order`. Only ever looked up.
    numbers: HashMap<String, usize>,
    /// Only ever looked up.
    definitions: HashMap<String, String>,
    /// Labels of `definitions`, in their order.
    defined: Vec<String>,
    /// The label of the open definition and what stood before it.
    open: Vec<(String, String)>,
    /// The number of the widget that stands where the notes go.
    place: Option<usize>,
}

impl Writer<'_, '_> {
    pub(super) fn begin_footnote(&mut self, label: &str) {
        let before = std::mem::take(&mut self.out);
        self.footnotes.open.push((label.to_string(), before));
        self.frames.push(Frame::Event(""));
    }

    pub(super) fn end_footnote(&mut self) {
        self.pop_event();
        if let Some((label, before)) = self.footnotes.open.pop() {
            let note = std::mem::replace(&mut self.out, before);
            self.define_footnote(label, note);
        }
    }

    /// Keeps what a note says, if it is the first of its label.
    pub(super) fn define_footnote(&mut self, label: String, note: String) {
        if let Entry::Vacant(entry) = self.footnotes.definitions.entry(label) {
            self.footnotes.defined.push(entry.key().clone());
            entry.insert(note);
        }
    }

    /// Marks where the notes go: they are not all known yet.
    pub(super) fn place_footnotes(&mut self) {
        let is_free = self.footnotes.place.is_none() && self.footnotes.open.is_empty();
        if is_free && self.purpose == Purpose::Page && self.frames.len() <= MAX_PLACE_DEPTH {
            self.footnotes.place = Some(self.written.widgets.len());
            self.widget(String::new());
        }
    }

    pub(super) fn footnote_reference(&mut self, label: &str) {
        let next = self.footnotes.order.len();
        let idx = *self.footnotes.numbers.entry(label.to_string()).or_insert(next);
        if idx == next {
            self.footnotes.order.push((label.to_string(), 0));
        }
        self.footnotes.order[idx].1 += 1;
        let n_references = self.footnotes.order[idx].1;
        let id = note_id(label, idx);
        let colon = separator(self.options.extensions);
        let back = back_id(colon, &id, n_references);
        self.out.push_str("<sup");
        if self.purpose == Purpose::Page && n_references <= MAX_BACK_LINKS {
            attrs::write_attribute(&mut self.out, "id", &back);
            self.written.anchors.push(back.into());
        }
        self.out.push_str("><a class=\"footnote-ref\"");
        if self.purpose == Purpose::Page {
            attrs::write_attribute(&mut self.out, "href", &format!("#fn{colon}{id}"));
        }
        self.out.push('>');
        match self.options.extensions.footnotes.as_deref().and_then(|notes| notes.mark.as_deref()) {
            Some(mark) => text::push_with_references(&mut self.out, &numbered(mark, idx)),
            None => text::push_number(&mut self.out, idx + 1),
        }
        self.out.push_str("</a></sup>");
    }

    pub(super) fn write_footnotes(&mut self) {
        let mut order = std::mem::take(&mut self.footnotes.order);
        let defined = std::mem::take(&mut self.footnotes.defined);
        let numbers = &self.footnotes.numbers;
        order
            .extend(defined.into_iter().filter(|label| !numbers.contains_key(label)).map(|label| (label, 0)));
        if order.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.out);
        self.out.push_str("<section class=\"footnotes\">\n<hr>\n<ol>\n");
        for (idx, (label, n_references)) in order.iter().enumerate() {
            let id = note_id(label, idx);
            self.out.push_str("<li");
            if self.purpose == Purpose::Page {
                let id = format!("fn{}{id}", separator(self.options.extensions));
                attrs::write_attribute(&mut self.out, "id", &id);
                self.written.anchors.push(id.into());
            }
            self.out.push('>');
            let note = self.footnotes.definitions.get(label).map_or("", String::as_str).trim_end();
            let links = self.back_links(&id, idx, *n_references);
            match note.strip_suffix("</p>") {
                Some(note) => self.out.push_str(&format!("{note}{links}</p>")),
                None => self.out.push_str(&format!("{note}{links}")),
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol>\n</section>\n");
        let notes = std::mem::replace(&mut self.out, text);
        let mark = self.footnotes.place.map(|widget| format!("{WIDGET_START}{widget}{WIDGET_END}"));
        match mark.and_then(|mark| self.out.find(&mark)) {
            Some(at) => self.out.insert_str(at, &notes),
            None => self.out.push_str(&notes),
        }
    }

    fn back_links(&self, id: &str, idx: usize, n_references: usize) -> String {
        let mut links = String::new();
        if self.purpose == Purpose::Fragment {
            return links;
        }
        let settings = self.options.extensions.footnotes.as_deref();
        let back_text = settings.and_then(|notes| notes.back_text.as_deref()).unwrap_or("↩");
        let colon = separator(self.options.extensions);
        let back_title = settings.and_then(|notes| notes.back_title.as_deref());
        for n in 1..=n_references.min(MAX_BACK_LINKS) {
            links.push_str(" <a class=\"footnote-backref\"");
            attrs::write_attribute(&mut links, "href", &format!("#{}", back_id(colon, id, n)));
            match back_title {
                Some(title) => attrs::write_attribute(&mut links, "title", &numbered(title, idx)),
                None => {
                    links.push_str(&format!(" aria-label=\"Back to reference {n} of footnote {}\"", idx + 1))
                }
            }
            links.push('>');
            text::push_with_references(&mut links, back_text);
            links.push_str("</a>");
        }
        links
    }
}

fn back_id(colon: &str, id: &str, n: usize) -> String {
    match n {
        1 => format!("fnref{colon}{id}"),
        n => format!("fnref{n}{colon}{id}"),
    }
}

/// Returns what stands between the parts of an identifier.
fn separator(extensions: &Extensions) -> &str {
    extensions.footnotes.as_deref().and_then(|notes| notes.separator.as_deref()).unwrap_or(":")
}

/// Puts the number of a note into a text.
fn numbered(text: &str, idx: usize) -> String {
    text.replace("{}", &(idx + 1).to_string())
}

fn note_id(label: &str, idx: usize) -> String {
    match attrs::safe_id(label) {
        Some(label) if label.len() <= 80 => label.to_string(),
        _ => (idx + 1).to_string(),
    }
}
