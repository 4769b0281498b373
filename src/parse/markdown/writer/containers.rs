//! Containers: admonitions, details and tabs, as the pre-pass marked
//! them.

use super::super::attrs;
use super::super::prepass::{Container, ContainerKind, CriticKind, Mark, Title};
use super::super::{fence, text};
use super::{Frame, MAX_DEPTH, Purpose, Writer};

/// An open container.
pub(super) struct Open {
    number: usize,
    kind: Kind,
    /// What ends the title.
    title_close: &'static str,
}

impl Open {
    /// Tells whether text in it needs a paragraph of its own.
    pub(super) fn takes_paragraphs(&self) -> bool {
        !matches!(self.kind, Kind::Element("</dd>\n"))
    }
}

enum Kind {
    /// Too deep: nothing is written.
    Flat,
    /// What ends it.
    Element(&'static str),
    /// The name of its element.
    Named(&'static str),
    /// The tabs so far, and what stood before the set.
    TabSet { tabs: Vec<Tab>, before: String },
    /// The title, once it was read, and what stood before the tab.
    Tab { title: Option<String>, is_selected: bool, before: String },
    /// What stood before the note, and its label.
    Note { before: String, label: String },
}

struct Tab {
    title: String,
    content: String,
    is_selected: bool,
}

impl Writer<'_, '_> {
    /// Follows a sentinel.
    pub(super) fn follow(&mut self, mark: Mark) {
        match mark {
            Mark::Open(number) => self.open_container(number),
            Mark::TitleEnd(number) => self.end_title(number),
            Mark::Close(number) => self.end_container(number),
        }
    }

    /// Closes a container, and what the page left open in it. One that
    /// was closed with the list item around it already is forgotten.
    fn end_container(&mut self, number: usize) {
        let is_inner = |frame: &&Frame| !matches!(frame, Frame::Event(_));
        let is_it = |frame: &Frame| matches!(frame, Frame::Container(open) if open.number == number);
        let n_above = self.frames.iter().rev().take_while(is_inner).position(is_it);
        for _ in 0..n_above.map_or(0, |n| n + 1) {
            self.pop();
        }
    }

    fn open_container(&mut self, number: usize) {
        let prepared = self.prepared;
        let Some(container) = prepared.containers.get(number) else {
            return;
        };
        self.block_begins();
        if self.frames.len() + 2 >= MAX_DEPTH {
            return self.frames.push(Frame::Container(Open { number, kind: Kind::Flat, title_close: "" }));
        }
        if fence::is_annotated(&container.classes) {
            self.annotated_open.push((self.frames.len(), self.out.len()));
        }
        self.in_title = container.title == Title::Given;
        self.strips_stop = self.in_title;
        let title_close = title_close(container.kind);
        let kind = match container.kind {
            ContainerKind::Admonition => {
                self.open_titled("div", "admonition ", &container.classes, "");
                self.open_title(
                    "<p class=\"admonition-title\">",
                    &container.classes,
                    container.title,
                    title_close,
                );
                Kind::Element("</div>\n")
            }
            ContainerKind::Details { is_open } => {
                self.open_titled("details", "", &container.classes, if is_open { " open" } else { "" });
                let title = if container.title == Title::None { Title::Default } else { container.title };
                self.open_title("<summary>", &container.classes, title, title_close);
                Kind::Element("</details>\n")
            }
            ContainerKind::TabSet => Kind::TabSet { tabs: Vec::new(), before: std::mem::take(&mut self.out) },
            ContainerKind::Tab { is_selected } => {
                Kind::Tab { title: None, is_selected, before: std::mem::take(&mut self.out) }
            }
            ContainerKind::Note => {
                Kind::Note { before: std::mem::take(&mut self.out), label: container.classes.concat() }
            }
            kind => self.open_plain(kind, container),
        };
        self.frames.push(Frame::Container(Open { number, kind, title_close }));
    }

    /// Opens a container that is one element, or only a mark.
    fn open_plain(&mut self, kind: ContainerKind, container: &Container) -> Kind {
        match kind {
            ContainerKind::Definitions => self.open_element("<dl>\n", "</dl>\n"),
            ContainerKind::Term => self.open_element("<dt>", ""),
            ContainerKind::Meaning => self.open_element("<dd>", "</dd>\n"),
            ContainerKind::Caption => {
                self.out.push_str("<div class=\"caption\">\n");
                if container.title == Title::Given {
                    self.out.push_str("<p class=\"caption-label\">");
                }
                Kind::Element("</div>\n")
            }
            ContainerKind::Element { name } => {
                self.open_titled(name, "", &container.classes, "");
                Kind::Named(name)
            }
            ContainerKind::Contents => {
                if self.purpose == Purpose::Page {
                    self.contents.push(self.written.widgets.len());
                    self.widget(String::new());
                }
                Kind::Element("\n")
            }
            ContainerKind::Critic(kind) => match kind {
                CriticKind::Noticed => self.open_element("<mark class=\"critic block\">\n", "</mark>\n"),
                CriticKind::Added => self.open_element("<ins class=\"critic block\">\n", "</ins>\n"),
                CriticKind::Removed => self.open_element("<del class=\"critic block\">\n", "</del>\n"),
                CriticKind::Remarked => {
                    self.open_element("<div class=\"critic comment block\">\n", "</div>\n")
                }
            },
            ContainerKind::Notes => {
                self.place_footnotes();
                Kind::Element("")
            }
            ContainerKind::Progress { done } => {
                self.out.push_str("<div class=\"progress\">");
                self.widget(format!("<progress value=\"{done}\" max=\"1000\"></progress>"));
                if container.title == Title::Given {
                    self.out.push_str("<p class=\"progress-label\">");
                }
                Kind::Element("</div>\n")
            }
            _ => Kind::Element(""),
        }
    }

    fn open_element(&mut self, open: &str, close: &'static str) -> Kind {
        self.out.push_str(open);
        Kind::Element(close)
    }

    fn open_titled(&mut self, name: &str, class: &str, classes: &[String], attribute: &str) {
        self.out.push('<');
        self.out.push_str(name);
        let classes = format!("{class}{}", classes.join(" "));
        if !classes.trim().is_empty() {
            super::super::attrs::write_attribute(&mut self.out, "class", classes.trim());
        }
        self.out.push_str(attribute);
        self.out.push_str(">\n");
    }

    fn open_title(&mut self, open: &str, classes: &[String], title: Title, close: &str) {
        match title {
            Title::None => {}
            Title::Given => self.out.push_str(open),
            Title::Default => {
                self.out.push_str(open);
                let name = classes.first().map_or("Details", String::as_str);
                let mut chars = name.chars();
                let title: String =
                    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect();
                self.push_text(&title.replace(['-', '_'], " "));
                self.out.push_str(close);
                self.text.push('\n');
            }
        }
    }

    fn end_title(&mut self, number: usize) {
        let is_top = matches!(self.frames.last(), Some(Frame::Container(open)) if open.number == number);
        if !self.in_title || !is_top {
            return;
        }
        self.in_title = false;
        self.text.push('\n');
        if let Some(Frame::Container(open)) = self.frames.last_mut() {
            match &mut open.kind {
                Kind::Tab { title, .. } => *title = Some(std::mem::take(&mut self.out)),
                _ => self.out.push_str(open.title_close),
            }
        }
    }

    /// Writes the end of a container whose frame is gone already.
    pub(super) fn close_container(&mut self, open: Open) {
        if self.in_title {
            self.end_lost_title(&open);
        }
        match open.kind {
            Kind::Flat => self.out.push('\n'),
            Kind::Element(close) => self.out.push_str(close),
            Kind::Named(name) => self.out.push_str(&format!("</{name}>\n")),
            Kind::Tab { title, is_selected, before } => {
                let content = std::mem::replace(&mut self.out, before);
                let tab = Tab { title: title.unwrap_or_default(), content, is_selected };
                match self.frames.last_mut() {
                    Some(Frame::Container(Open { kind: Kind::TabSet { tabs, .. }, .. })) => tabs.push(tab),
                    _ => self.out.push_str(&tab.content),
                }
            }
            Kind::Note { before, label } => {
                let note = std::mem::replace(&mut self.out, before);
                self.define_footnote(label, note);
            }
            Kind::TabSet { tabs, before } => {
                let stray = std::mem::replace(&mut self.out, before);
                self.out.push_str(&stray);
                self.tab_set(&tabs);
            }
        }
    }

    /// Ends a title whose sentinel was swallowed by something broken.
    fn end_lost_title(&mut self, open: &Open) {
        self.in_title = false;
        self.strips_stop = false;
        self.out.push_str(open.title_close);
    }

    fn tab_set(&mut self, tabs: &[Tab]) {
        if tabs.is_empty() {
            return;
        }
        self.n_tab_sets += 1;
        let set = self.n_tab_sets;
        let selected = tabs.iter().position(|tab| tab.is_selected).unwrap_or(0);
        self.out.push_str(&format!("<div class=\"tabbed-set\" data-tabs=\"{}\">\n", tabs.len()));
        let ids: Vec<String> = tabs.iter().enumerate().map(|(idx, tab)| self.tab_id(set, idx, tab)).collect();
        for (idx, id) in ids.iter().enumerate() {
            let checked = if idx == selected { " checked" } else { "" };
            let mut input = "<input type=\"radio\" class=\"tabbed-input\"".to_string();
            attrs::write_attribute(&mut input, "id", id);
            input.push_str(&format!(" name=\"cb-tab-{set}\"{checked}>"));
            self.widget(input);
        }
        self.out.push_str("\n<div class=\"tabbed-labels\">");
        for (tab, id) in tabs.iter().zip(&ids) {
            self.out.push_str("<label");
            attrs::write_attribute(&mut self.out, "for", id);
            self.out.extend([">", &tab.title, "</label>"]);
        }
        self.out.push_str("</div>\n<div class=\"tabbed-content\">\n");
        for tab in tabs {
            self.out.push_str("<div class=\"tabbed-block\">\n");
            self.out.push_str(&tab.content);
            self.out.push_str("</div>\n");
        }
        self.out.push_str("</div>\n</div>\n");
    }

    /// Returns the identifier of a tab: its number, as MkDocs has it, or
    /// its name where the site asks for that.
    fn tab_id(&mut self, set: usize, idx: usize, tab: &Tab) -> String {
        let id = match self.options.extensions.tab_ids.filter(|_| self.purpose == Purpose::Page) {
            Some(ids) => {
                let before = if ids.follows_heading { &*self.heading_id } else { "" };
                self.slugs.tab(ids.rule, before, &text::shown(&tab.title))
            }
            None => {
                let id = format!("__tabbed_{set}_{}", idx + 1);
                let is_taken = self.slugs.is_taken(&id) || self.known_ids.contains(&id);
                if is_taken || self.purpose != Purpose::Page {
                    return format!("cb-tab-{set}-{}", idx + 1);
                }
                id
            }
        };
        self.known_ids.insert(id.clone());
        self.written.anchors.push(id.as_str().into());
        id
    }

    /// Writes text outside of any paragraph, such as what a page put
    /// between its own tags.
    pub(super) fn push_raw_text(&mut self, content: &str) {
        text::push_with_references(&mut self.out, content);
        self.text.push_str(&text::decoded(content));
    }
}

/// Returns what ends the title of a container.
fn title_close(kind: ContainerKind) -> &'static str {
    match kind {
        ContainerKind::Admonition | ContainerKind::Progress { .. } | ContainerKind::Caption => "</p>\n",
        ContainerKind::Details { .. } => "</summary>\n",
        ContainerKind::Term => "</dt>\n",
        _ => "",
    }
}
