//! From the parser's events to trees: without recursion, and within the
//! limits of a document.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, StructureStyle, Tag};

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;
use crate::model::yaml::{Document, Node, Scalar, Value};

use super::Limits;
use super::trouble::trouble;

/// What is reported of one document's keys; a hostile one has thousands.
pub(super) const MOST_DIAGS: usize = 20;

/// Turns the parser's markers into spans of the file.
pub(super) struct Places {
    pub(super) file: FileId,
    /// The bytes before the text: those of a byte order mark.
    pub(super) base: u32,
}

impl Places {
    fn span(&self, start: &Marker, end: &Marker) -> Span {
        let start_byte = start.byte_offset().unwrap_or(0) as u32;
        let end_byte = end.byte_offset().unwrap_or(0) as u32;
        Span {
            file: self.file,
            start: self.base + start_byte,
            end: self.base + end_byte.max(start_byte),
            line: start.line() as u32,
            column: start.col() as u32 + 1,
        }
    }

    pub(super) fn at(&self, marker: &Marker) -> Span {
        self.span(marker, marker)
    }
}

pub(super) fn stream(
    limits: &Limits,
    places: &Places,
    text: &str,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let mut options = granit_parser::Options::default();
    options.flow_nesting_limit = limits.depth;
    options.block_nesting_limit = limits.depth;
    options.emit_unresolved_aliases = true;
    options.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut documents = Vec::new();
    let mut tree = Tree::new(limits, places, text, Marker::default());
    let mut n_started = 0;
    loop {
        let trouble = match parser.next_event() {
            None | Some(Ok((Event::StreamEnd, _))) => break,
            Some(Ok((Event::StreamStart, _))) => continue,
            Some(Ok((Event::DocumentStart(is_explicit, _), span))) => {
                n_started += 1;
                if n_started > limits.n_documents {
                    let span = places.at(&span.start);
                    diags.push(codes::yaml::limit(span, "the number of documents", limits.n_documents));
                    break;
                }
                let start = if is_explicit { span.end } else { tree.from };
                tree = Tree::new(limits, places, text, start);
                continue;
            }
            Some(Ok((Event::DocumentEnd, span))) => {
                documents.extend(tree.document(&span.start));
                diags.append(&mut tree.diags);
                tree = Tree::new(limits, places, text, span.end);
                continue;
            }
            Some(Ok((event, span))) => match tree.take(event, &span) {
                Ok(()) => continue,
                Err(trouble) => trouble,
            },
            Some(Err(error)) => trouble(&tree, &error),
        };
        diags.append(&mut tree.diags);
        diags.push(trouble);
        tree = Tree::new(limits, places, text, Marker::default());
        if !parser.proceed_next_document().unwrap_or(false) {
            break;
        }
    }
    documents
}

/// A node that is complete, and what it costs to repeat it.
#[derive(Clone)]
pub(super) struct Built {
    node: Node,
    height: usize,
    n_nodes: usize,
    n_bytes: usize,
}

/// A list or a mapping that is still open.
pub(super) struct Frame {
    pub(super) start: Marker,
    end: Marker,
    pub(super) is_flow: bool,
    anchor: usize,
    tag: Option<Box<str>>,
    pub(super) items: Items,
    height: usize,
    n_nodes: usize,
    n_bytes: usize,
}

pub(super) enum Items {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<(Node, Node)>,
        /// Where each key stands in `entries`.
        known: HashMap<Box<str>, usize>,
        key: Option<Node>,
    },
}

/// The tree of one document, as far as it has been read.
pub(super) struct Tree<'l> {
    pub(super) limits: &'l Limits,
    pub(super) places: &'l Places,
    pub(super) text: &'l str,
    /// Where the text of the document begins.
    pub(super) from: Marker,
    pub(super) open: Vec<Frame>,
    root: Option<Node>,
    /// Nodes that an alias may repeat; `None` while they are open.
    anchors: HashMap<usize, Option<Built>>,
    n_nodes: usize,
    n_aliases: usize,
    n_replayed: usize,
    replayed_bytes: usize,
    diags: Vec<Diagnostic>,
}

impl<'l> Tree<'l> {
    fn new(limits: &'l Limits, places: &'l Places, text: &'l str, from: Marker) -> Self {
        Tree {
            limits,
            places,
            text,
            from,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            n_nodes: 0,
            n_aliases: 0,
            n_replayed: 0,
            replayed_bytes: 0,
            diags: Vec::new(),
        }
    }

    fn take(&mut self, event: Event, span: &granit_parser::Span) -> Result<(), Diagnostic> {
        let size = byte(&span.end).saturating_sub(byte(&self.from));
        if size > self.limits.document_bytes {
            return Err(self.limit(&span.start, "the size of the document", self.limits.document_bytes));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag, span),
            Event::SequenceStart(style, anchor, tag) => {
                self.begin(Items::Sequence(Vec::new()), style, anchor, tag, span)
            }
            Event::MappingStart(style, anchor, tag) => {
                let items = Items::Mapping { entries: Vec::new(), known: HashMap::new(), key: None };
                self.begin(items, style, anchor, tag, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::UnresolvedAlias(name) => {
                Err(codes::yaml::unknown_alias(self.places.span(&span.start, &span.end), &name))
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<Tag>>,
        span: &granit_parser::Span,
    ) -> Result<(), Diagnostic> {
        if text.len() > self.limits.scalar_bytes {
            return Err(self.limit(&span.start, "the length of a text", self.limits.scalar_bytes));
        }
        self.count(&span.start)?;
        let is_string = tag.as_ref().is_some_and(|tag| tag.core_suffix() == Some("str"));
        let plain = style == ScalarStyle::Plain && !is_string;
        // Where nothing is written the parser says `~`.
        let text = if plain && span.start == span.end { "" } else { text };
        let node = Node {
            span: self.places.span(&span.start, &span.end),
            tag: foreign_tag(tag),
            value: Value::Scalar(Scalar { text: text.into(), plain }),
        };
        let built = Built { node, height: 0, n_nodes: 1, n_bytes: text.len() };
        self.finish(built, anchor, &span.start, &span.end)
    }

    fn begin(
        &mut self,
        items: Items,
        style: StructureStyle,
        anchor: usize,
        tag: Option<Cow<Tag>>,
        span: &granit_parser::Span,
    ) -> Result<(), Diagnostic> {
        self.count(&span.start)?;
        if self.open.len() >= self.limits.depth {
            return Err(self.limit(&span.start, "the depth of the document", self.limits.depth));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, None);
        }
        self.open.push(Frame {
            start: span.start,
            end: span.end,
            is_flow: style == StructureStyle::Flow,
            anchor,
            tag: foreign_tag(tag),
            items,
            height: 0,
            n_nodes: 1,
            n_bytes: 0,
        });
        Ok(())
    }

    fn end(&mut self, span: &granit_parser::Span) -> Result<(), Diagnostic> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        // A block ends where its last child ends, not where the next
        // token was found.
        let end = if frame.is_flow { span.end } else { frame.end };
        let value = match frame.items {
            Items::Sequence(items) => Value::Sequence(items),
            Items::Mapping { entries, .. } => Value::Mapping(entries),
        };
        let node = Node { span: self.places.span(&frame.start, &end), tag: frame.tag, value };
        let built = Built { node, height: frame.height + 1, n_nodes: frame.n_nodes, n_bytes: frame.n_bytes };
        self.finish(built, frame.anchor, &frame.start, &end)
    }

    fn alias(&mut self, anchor: usize, span: &granit_parser::Span) -> Result<(), Diagnostic> {
        let place = self.places.span(&span.start, &span.end);
        self.n_aliases += 1;
        if self.n_aliases > self.limits.n_aliases {
            return Err(self.limit(&span.start, "the number of aliases", self.limits.n_aliases));
        }
        let target = match self.anchors.get(&anchor) {
            Some(Some(built)) => built,
            _ => return Err(codes::yaml::self_alias(place)),
        };
        if self.open.len() + target.height > self.limits.depth {
            return Err(self.limit(&span.start, "the depth of the document", self.limits.depth));
        }
        let (n_nodes, n_bytes) = (target.n_nodes, target.n_bytes);
        self.replay(n_nodes, n_bytes, &span.start)?;
        let Some(Some(mut built)) = self.anchors.get(&anchor).cloned() else { return Ok(()) };
        built.node.span = place;
        self.finish(built, 0, &span.start, &span.end)
    }

    /// Adds a complete node to what is open.
    fn finish(
        &mut self,
        built: Built,
        anchor: usize,
        start: &Marker,
        end: &Marker,
    ) -> Result<(), Diagnostic> {
        if anchor != 0 {
            self.replay(built.n_nodes, built.n_bytes, start)?;
            self.anchors.insert(anchor, Some(built.clone()));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(built.node);
            return Ok(());
        };
        frame.end = *end;
        frame.height = frame.height.max(built.height);
        frame.n_nodes += built.n_nodes;
        frame.n_bytes += built.n_bytes;
        match &mut frame.items {
            Items::Sequence(items) => items.push(built.node),
            Items::Mapping { entries, known, key } => match key.take() {
                None => *key = Some(built.node),
                Some(key) => {
                    let trouble = add_entry(entries, known, key, built.node);
                    if self.diags.len() < MOST_DIAGS {
                        self.diags.extend(trouble);
                    }
                }
            },
        }
        Ok(())
    }

    fn count(&mut self, at: &Marker) -> Result<(), Diagnostic> {
        self.n_nodes += 1;
        if self.n_nodes > self.limits.n_nodes {
            return Err(self.limit(at, "the number of nodes", self.limits.n_nodes));
        }
        Ok(())
    }

    fn replay(&mut self, n_nodes: usize, n_bytes: usize, at: &Marker) -> Result<(), Diagnostic> {
        self.n_replayed += n_nodes;
        self.replayed_bytes += n_bytes;
        let is_too_much = self.n_replayed > self.limits.n_replayed
            || self.replayed_bytes > self.limits.document_bytes.saturating_mul(4);
        if is_too_much {
            return Err(self.limit(
                at,
                "what the aliases expand to (the alias budget)",
                self.limits.n_replayed,
            ));
        }
        Ok(())
    }

    fn limit(&self, at: &Marker, what: &str, limit: usize) -> Diagnostic {
        codes::yaml::limit(self.places.at(at), what, limit)
    }

    /// Ends the document at `end`; an empty one gives nothing.
    fn document(&mut self, end: &Marker) -> Option<Document> {
        let root = self.root.take()?;
        let is_empty = root.scalar().is_some_and(|scalar| scalar.plain && scalar.text.is_empty());
        if is_empty && root.tag.is_none() {
            return None;
        }
        let root_start = (root.span.start - self.places.base) as usize;
        let root_end = (root.span.end - self.places.base) as usize;
        let from = byte(&self.from).min(root_start);
        let to = byte(end).clamp(root_end, self.text.len());
        let (start, line, column) = content_start(self.text, from, root_start, &self.from);
        let source = self.text[start..to].trim_end();
        let span = Span {
            file: self.places.file,
            start: self.places.base + start as u32,
            end: self.places.base + (start + source.len()) as u32,
            line,
            column,
        };
        Some(Document { root, span, source: source.into() })
    }
}

pub(super) fn byte(marker: &Marker) -> usize {
    marker.byte_offset().unwrap_or(0)
}

/// Returns the tag as it was written, unless the core schema has it.
fn foreign_tag(tag: Option<Cow<Tag>>) -> Option<Box<str>> {
    let tag = tag?;
    let known = ["str", "int", "float", "bool", "null", "seq", "map"];
    if tag.core_suffix().is_some_and(|suffix| known.contains(&suffix)) || tag.original() == "!" {
        return None;
    }
    Some(tag.original().into())
}

fn add_entry(
    entries: &mut Vec<(Node, Node)>,
    known: &mut HashMap<Box<str>, usize>,
    key: Node,
    value: Node,
) -> Option<Diagnostic> {
    let Some(text) = key.scalar().map(|scalar| scalar.text.clone()) else {
        return Some(codes::yaml::key_not_text(key.span, key.what()));
    };
    if let Some(first) = known.get(&text) {
        let first = entries[*first].0.span;
        return Some(codes::yaml::duplicate_key(key.span, &text, first));
    }
    known.insert(text, entries.len());
    entries.push((key, value));
    None
}

/// Returns where the text of a document begins, after the blank lines
/// that follow `---`: its offset, line and column.
fn content_start(text: &str, from: usize, root_start: usize, marker: &Marker) -> (usize, u32, u32) {
    let (mut start, mut line, mut column) = (from, marker.line().max(1) as u32, marker.col() as u32 + 1);
    let mut offset = from;
    let bytes = text.as_bytes();
    while offset < root_start {
        match bytes[offset] {
            b'\n' => {
                (start, line, column) = (offset + 1, line + 1, 1);
            }
            b'\r' if bytes.get(offset + 1) == Some(&b'\n') => {}
            b'\r' => {
                (start, line, column) = (offset + 1, line + 1, 1);
            }
            b' ' | b'\t' => {}
            _ => break,
        }
        offset += 1;
    }
    if column > 1 {
        // The document follows `---` on its own line.
        column += (offset - start) as u32;
        start = offset;
    }
    (start, line, column)
}
