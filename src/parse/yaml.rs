//! YAML text to trees with spans, on granit-parser's events. The only
//! file that knows that parser.
//!
//! Content is hostile until shown otherwise: every document has limits,
//! the tree is built without recursion, and aliases are expanded within
//! a budget. A broken document costs only itself.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, StructureStyle, Tag};

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;
use crate::model::yaml::{Document, Node, Scalar, Value};

/// How much one file may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub document_bytes: usize,
    pub scalar_bytes: usize,
    /// How deep lists and mappings may be nested.
    pub depth: usize,
    pub n_nodes: usize,
    pub n_aliases: usize,
    /// The nodes that all aliases of a document expand to.
    pub n_replayed: usize,
    pub n_documents: usize,
}

/// The limits of a file of entities, or of a docs configuration.
pub const DESCRIPTOR: Limits = Limits {
    document_bytes: 1 << 20,
    scalar_bytes: 1 << 20,
    depth: 64,
    n_nodes: 50_000,
    n_aliases: 1_000,
    n_replayed: 100_000,
    n_documents: 1_000,
};

/// The limits of a file that an entity brings in, such as the definition
/// of an API.
pub const DEFINITION: Limits =
    Limits { document_bytes: 16 << 20, scalar_bytes: 16 << 20, n_nodes: 1_000_000, ..DESCRIPTOR };

/// What is reported of one document's keys; a hostile one has thousands.
const MOST_DIAGS: usize = 20;

/// Reads every document of a stream, within the limits of a definition.
/// Never fails; trouble goes to `diags`. Empty documents are left out.
pub fn documents(file: FileId, text: &str, diags: &mut Vec<Diagnostic>) -> Vec<Document> {
    documents_within(&DEFINITION, file, text, diags)
}

/// Reads the first document of a file, such as `mkdocs.yml`, within the
/// limits of a descriptor.
pub fn document(file: FileId, text: &str, diags: &mut Vec<Diagnostic>) -> Option<Document> {
    documents_within(&DESCRIPTOR, file, text, diags).into_iter().next()
}

/// Reads every document of a stream. A broken document costs only
/// itself. Never fails; trouble goes to `diags`. Empty documents are
/// left out.
pub fn documents_within(
    limits: &Limits,
    file: FileId,
    text: &str,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Document> {
    let n_before = diags.len();
    let base = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let places = Places { file, base: base as u32 };
    let clean = without_nul(&text[base..], &places, diags);
    let documents = stream(limits, &places, &clean, diags);
    if !documents.is_empty() || diags.len() == n_before {
        return documents;
    }
    match json(limits, &places, &clean) {
        Some(document) => {
            diags.truncate(n_before);
            vec![document]
        }
        None => documents,
    }
}

/// Returns the text of a file: UTF-8, or UTF-16 that says so by its
/// mark. What cannot be decoded becomes U+FFFD, with an error.
pub fn text<'b>(file: FileId, bytes: &'b [u8], diags: &mut Vec<Diagnostic>) -> Cow<'b, str> {
    let utf16 = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((rest, unit)) = utf16 {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        return Cow::Owned(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
            let offset = before.len() as u32;
            diags.push(codes::yaml::not_utf8(Span {
                file,
                start: offset,
                end: offset + 1,
                line: before.matches('\n').count() as u32 + 1,
                column: before[line_start..].chars().count() as u32 + 1,
            }));
            Cow::Owned(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// Merges the mappings under `<<` into the mappings that hold them, as
/// YAML 1.1 did: keys that are written out win, then earlier mappings.
pub fn merge_keys(node: &mut Node) {
    match &mut node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter_mut().for_each(merge_keys),
        Value::Mapping(entries) => {
            for (_, value) in entries.iter_mut() {
                merge_keys(value);
            }
            let is_merge = |key: &Node| key.scalar().is_some_and(|key| key.plain && &*key.text == "<<");
            let Some(at) = entries.iter().position(|(key, _)| is_merge(key)) else { return };
            let (_, merged) = entries.remove(at);
            let mut known: std::collections::HashSet<Box<str>> =
                entries.iter().filter_map(|(key, _)| Some(key.scalar()?.text.clone())).collect();
            let mappings = match merged.value {
                Value::Sequence(items) => items,
                _ => vec![merged],
            };
            for mapping in mappings {
                let Value::Mapping(added) = mapping.value else { continue };
                for (key, value) in added {
                    if key.scalar().is_some_and(|key| known.insert(key.text.clone())) {
                        entries.push((key, value));
                    }
                }
            }
        }
    }
}

/// Turns the parser's markers into spans of the file.
struct Places {
    file: FileId,
    /// The bytes before the text: those of a byte order mark.
    base: u32,
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

    fn at(&self, marker: &Marker) -> Span {
        self.span(marker, marker)
    }
}

/// The parser takes NUL for the end of the text; another control
/// character of the same length stands in for it.
fn without_nul<'t>(text: &'t str, places: &Places, diags: &mut Vec<Diagnostic>) -> Cow<'t, str> {
    let Some(at) = text.find('\0') else { return Cow::Borrowed(text) };
    let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    diags.push(codes::yaml::nul(Span {
        file: places.file,
        start: places.base + at as u32,
        end: places.base + at as u32 + 1,
        line: text[..at].matches('\n').count() as u32 + 1,
        column: text[line_start..at].chars().count() as u32 + 1,
    }));
    Cow::Owned(text.replace('\0', "\u{1a}"))
}

fn stream(limits: &Limits, places: &Places, text: &str, diags: &mut Vec<Diagnostic>) -> Vec<Document> {
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
            Some(Err(error)) => tree.scan_trouble(&error),
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
struct Built {
    node: Node,
    height: usize,
    n_nodes: usize,
    n_bytes: usize,
}

/// A list or a mapping that is still open.
struct Frame {
    start: Marker,
    end: Marker,
    is_flow: bool,
    anchor: usize,
    tag: Option<Box<str>>,
    items: Items,
    height: usize,
    n_nodes: usize,
    n_bytes: usize,
}

enum Items {
    Sequence(Vec<Node>),
    Mapping {
        entries: Vec<(Node, Node)>,
        /// Where each key stands in `entries`.
        known: HashMap<Box<str>, usize>,
        key: Option<Node>,
    },
}

/// The tree of one document, as far as it has been read.
struct Tree<'l> {
    limits: &'l Limits,
    places: &'l Places,
    text: &'l str,
    /// Where the text of the document begins.
    from: Marker,
    open: Vec<Frame>,
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

    /// Words an error of the parser, and finds the place that a person
    /// would look at.
    fn scan_trouble(&self, error: &ScanError) -> Diagnostic {
        let place = self.places.at(error.marker());
        let open = self.open.iter().rev().find(|frame| frame.is_flow);
        let opened = open.map(|frame| self.places.at(&frame.start));
        let bracket = match open.map(|frame| &frame.items) {
            Some(Items::Mapping { .. }) => "{",
            _ => "[",
        };
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => {
                codes::yaml::limit(place, "the depth of the document", self.limits.depth)
            }
            ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
                let quote = self.text[byte(error.marker()).min(self.text.len())..].chars().next();
                let quote = if quote == Some('\'') { "'" } else { "\"" };
                codes::yaml::unclosed(place, quote, None)
            }
            ErrorKind::InvalidQuotedScalarIndent => {
                let (opening, quote) = self.opening_quote(error.marker()).unwrap_or((place, "\""));
                codes::yaml::unclosed(opening, quote, Some(place))
            }
            ErrorKind::UnclosedFlowCollection { open } => {
                codes::yaml::unclosed(opened.unwrap_or(place), &open.to_string(), None)
            }
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar => codes::yaml::tab(place),
            ErrorKind::UnexpectedCharacter { character: '\t' } => codes::yaml::tab(place),
            kind => match opened {
                Some(opened) if is_eof(kind) || place.line > opened.line => {
                    codes::yaml::unclosed(opened, bracket, Some(place))
                }
                opened => {
                    let (what, help) = wording(error);
                    codes::yaml::syntax(place, &what, help, opened)
                }
            },
        }
    }

    /// Guesses where the quote before `marker` was opened: the last one
    /// that follows a space or a bracket.
    fn opening_quote(&self, marker: &Marker) -> Option<(Span, &'static str)> {
        let before = self.text.get(byte(&self.from)..byte(marker))?;
        let is_opening = |(at, c): &(usize, char)| {
            matches!(c, '"' | '\'')
                && (*at == 0 || before[..*at].ends_with([' ', '\t', '\n', '[', '{', ',', ':']))
        };
        let (at, quote) = before.char_indices().rev().find(is_opening)?;
        let start = byte(&self.from) + at;
        let line_start = self.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let offset = self.places.base + start as u32;
        let n_lines = before[at..].matches('\n').count() as u32;
        let span = Span {
            file: self.places.file,
            start: offset,
            end: offset,
            line: (marker.line() as u32).saturating_sub(n_lines).max(1),
            column: self.text[line_start..start].chars().count() as u32 + 1,
        };
        Some((span, if quote == '"' { "\"" } else { "'" }))
    }
}

fn byte(marker: &Marker) -> usize {
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

fn is_eof(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidFlowScalarIndent
    )
}

/// Says in plain words what is wrong, and what to do about it.
fn wording(error: &ScanError) -> (String, Option<&'static str>) {
    let quote = Some("put the text in quotes");
    match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` where no value may stand".to_string(),
            Some("check the indentation; put text with `: ` in quotes"),
        ),
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("a value cannot start with `{}`", character.escape_default()), quote)
        }
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            ("a value cannot start with `-` and a bracket".to_string(), quote)
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => (
            "this line does not fit the mapping that it is in".to_string(),
            Some("indent it like the keys above it"),
        ),
        ErrorKind::ExpectedBlockSequenceEntry => (
            "this line does not fit the list that it is in".to_string(),
            Some("start it with `- `, like the items above it"),
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("a key without `:`".to_string(), Some("write `key: value`, on one line"))
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar | ErrorKind::InvalidTrailingSingleQuotedScalar => (
            "text after a closing quote".to_string(),
            Some("a quote is closed too early, or one is missing; double a `'` inside of single quotes"),
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "an unknown escape in a quoted text".to_string(),
            Some("write `\\\\` for a backslash, or use single quotes"),
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a closing bracket that was never opened".to_string(), quote)
        }
        _ => (error.info(), None),
    }
}

/// Reads JSON that is not YAML, for instance because of its tabs. Nodes
/// then have the place of the whole text.
fn json(limits: &Limits, places: &Places, text: &str) -> Option<Document> {
    if !text.trim_start().starts_with(['{', '[']) || text.len() > limits.document_bytes {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let span = Span { file: places.file, start: places.base, end: places.base, line: 1, column: 1 };
    let mut n_nodes = 0;
    let root = json_node(limits, value, span, 0, &mut n_nodes)?;
    let end = places.base + text.len() as u32;
    Some(Document { root, span: Span { end, ..span }, source: text.trim_end().into() })
}

fn json_node(
    limits: &Limits,
    value: serde_json::Value,
    span: Span,
    depth: usize,
    n_nodes: &mut usize,
) -> Option<Node> {
    *n_nodes += 1;
    if depth > limits.depth || *n_nodes > limits.n_nodes {
        return None;
    }
    let scalar = |text: String, plain: bool| Value::Scalar(Scalar { text: text.into(), plain });
    let value = match value {
        serde_json::Value::String(text) => scalar(text, false),
        serde_json::Value::Array(items) => Value::Sequence(
            items
                .into_iter()
                .map(|item| json_node(limits, item, span, depth + 1, n_nodes))
                .collect::<Option<_>>()?,
        ),
        serde_json::Value::Object(entries) => Value::Mapping(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let key = Node { span, tag: None, value: scalar(key, false) };
                    Some((key, json_node(limits, value, span, depth + 1, n_nodes)?))
                })
                .collect::<Option<_>>()?,
        ),
        other => scalar(other.to_string(), true),
    };
    Some(Node { span, tag: None, value })
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use expect_test::{Expect, expect};

    use super::*;

    const FILE: FileId = FileId(0);

    fn shown(diags: &[Diagnostic]) -> String {
        diags
            .iter()
            .map(|diag| {
                let span = diag.span.expect("every YAML diagnostic has a place");
                format!("{}:{} {}\n", span.line, span.column, diag.message)
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let mut diags = Vec::new();
        let documents = documents_within(&DESCRIPTOR, FILE, text, &mut diags);
        let mut actual: String = documents
            .iter()
            .map(|document| {
                let span = document.span;
                assert_eq!(&text[span.start as usize..span.end as usize], &*document.source);
                format!("{}:{} {}\n", span.line, span.column, document.root.to_json())
            })
            .collect();
        actual.push_str(&shown(&diags));
        expected.assert_eq(&actual);
    }

    #[test]
    fn documents_are_split_and_empty_ones_are_left_out() {
        check(
            "a: 1\n---\nb: [x, y]\n---\n",
            expect![[r#"
                1:1 {"a":1}
                3:1 {"b":["x","y"]}
            "#]],
        );
        check(
            "# comment\n---\n\n\na: 1\n...\n# end\n---\nb: 2\n---\n---\n",
            expect![[r#"
                5:1 {"a":1}
                9:1 {"b":2}
            "#]],
        );
        check("", expect![[""]]);
        check("# nothing\n---\n", expect![""]);
        check(
            "{\"a\": {\"b\": null, \"c\": 1.10}}",
            expect![[r#"
            1:1 {"a":{"b":null,"c":1.1}}
        "#]],
        );
        check(
            "{\n\t\"a\": [\n\t\t1,\n\t\ttrue\n\t]\n}\n",
            expect![[r#"
            1:1 {"a":[1,true]}
        "#]],
        );
    }

    #[test]
    fn a_broken_document_costs_only_itself() {
        check(
            "a: 1\n---\nb: [x\n---\nc: 3\n",
            expect![[r#"
            1:1 {"a":1}
            5:1 {"c":3}
            3:4 invalid YAML: `[` is never closed
        "#]],
        );
        check(
            "a: \"x\nb: 2\n---\nc: 3\n",
            expect![[r#"
                4:1 {"c":3}
                1:4 invalid YAML: `"` is never closed
            "#]],
        );
        check(
            "a: 1\n---\nb:\n\tc: 2\n---\nc: 3\n",
            expect![[r#"
            1:1 {"a":1}
            6:1 {"c":3}
            4:2 invalid YAML: a tab where only spaces may stand
        "#]],
        );
        check(
            "a: *x\n---\nc: 3\n",
            expect![[r#"
            3:1 {"c":3}
            1:4 alias `*x` names no anchor of this document
        "#]],
        );
    }

    #[test]
    fn trouble_has_the_place_that_a_person_looks_at() {
        check(
            "a:\n  b: {x: 1\nc: 2\n",
            expect![[r#"
            2:6 invalid YAML: `{` is never closed
        "#]],
        );
        check(
            "a:\n  b: [1, 2\nc: 2\nd: 3\n",
            expect![[r#"
                2:6 invalid YAML: `[` is never closed
            "#]],
        );
        check(
            "a: [1, 2",
            expect![[r#"
            1:4 invalid YAML: `[` is never closed
        "#]],
        );
        check(
            "a: 'x",
            expect![[r#"
            1:4 invalid YAML: `'` is never closed
        "#]],
        );
        check(
            "a: b: c\n",
            expect![[r#"
            1:5 invalid YAML: a `:` where no value may stand
        "#]],
        );
        check(
            "a: @x\n",
            expect![[r#"
            1:4 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\n b: 2\n",
            expect![[r#"
            2:3 invalid YAML: a `:` where no value may stand
        "#]],
        );
        check(
            "a:\n- x\n y\n",
            expect![[r#"
            1:1 {"a":["x y"]}
        "#]],
        );
        check(
            "a: %x\n",
            expect![[r#"
            1:4 invalid YAML: a value cannot start with `%`
        "#]],
        );
        check(
            "a: \"x\" y\n",
            expect![[r#"
            1:8 invalid YAML: text after a closing quote
        "#]],
        );
        check(
            "a: &x [*x]\n",
            expect![[r#"
            1:8 an alias repeats a node that it is part of
        "#]],
        );
        check(
            "a: 1\nb: 2\na: 3\n",
            expect![[r#"
            1:1 {"a":1,"b":2}
            3:1 key `a` occurs twice; the first one counts
        "#]],
        );
        check(
            "? [a]\n: 1\n",
            expect![[r#"
            1:1 {}
            1:3 a key is a list, expected a text
        "#]],
        );
        check(
            "a: 1\n\tb: 2\n",
            expect![[r#"
            1:4 invalid YAML: a tab where only spaces may stand
        "#]],
        );
        check(
            "a]: 1\nb: ]\n",
            expect![[r#"
            2:4 invalid YAML: a closing bracket that was never opened
        "#]],
        );
        check(
            "name: {{ x | jsonify }}\n",
            expect![[r#"
            1:1 {"name":{}}
            1:8 a key is a mapping, expected a text
        "#]],
        );
        check(
            "{% if x %}\na: 1\n",
            expect![[r#"
            1:2 invalid YAML: a value cannot start with `%`
        "#]],
        );
    }

    #[test]
    fn columns_count_characters_without_the_mark() {
        check(
            "\u{feff}ä: [ö, @]\r\nb: 1\r\n",
            expect![[r#"
            1:8 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\rb: @\r",
            expect![[r#"
            2:4 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\r\nb: @\r\n",
            expect![[r#"
            2:4 invalid YAML: a value cannot start with `@`
        "#]],
        );
        check(
            "a: 1\0\nb: 2\n",
            expect![[r#"
            1:5 invalid YAML: a NUL character
            1:4 invalid YAML: a value cannot start with `\u{1a}`
        "#]],
        );
    }

    #[track_caller]
    fn refuses(what: &str, text: &str) {
        let from = Instant::now();
        let mut diags = Vec::new();
        documents_within(&DESCRIPTOR, FILE, text, &mut diags);
        assert!(shown(&diags).contains(what), "{}", shown(&diags));
        // A hang would take minutes; debug builds are slow.
        assert!(from.elapsed().as_secs() < 10, "{:?}", from.elapsed());
    }

    #[test]
    fn reports_are_bounded() {
        let mut diags = Vec::new();
        document(FILE, &"a: 1\n".repeat(1_000), &mut diags);
        assert_eq!(diags.len(), MOST_DIAGS);
    }

    #[test]
    fn hostile_documents_end_at_a_limit() {
        refuses("the depth", &"{a: ".repeat(60_000));
        refuses("the depth", &"- ".repeat(50_000));
        refuses("the depth", &"[".repeat(100_000));
        refuses("the depth", &"? ".repeat(50_000));
        refuses("the depth", &nested_block(200));
        refuses("the size", &format!("a: {}\n", "x".repeat((1 << 20) + 1)));
        refuses("the size", &format!("- {}\n", "x".repeat(1_000)).repeat(1_100));
        refuses("the number of nodes", &(0..100_000).map(|n| format!("k{n}: 1\n")).collect::<String>());
        refuses("the number of documents", &"---\na: 1\n".repeat(1_001));
        refuses("the number of aliases", &format!("a: &a x\nb: [{}]\n", "*a,".repeat(1_001)));
    }

    fn nested_block(depth: usize) -> String {
        (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect()
    }

    #[test]
    fn bombs_exceed_the_alias_budget() {
        let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_string();
        for level in 1..10 {
            let item = format!("*a{},", level - 1).repeat(9);
            laughs.push_str(&format!("a{level}: &a{level} [{item}]\n"));
        }
        refuses("the alias budget", &laughs);
        let mut merges = "a0: &a0 {k: v, l: v, m: v}\n".to_string();
        for level in 1..10 {
            let item = format!("*a{},", level - 1).repeat(9);
            merges.push_str(&format!("a{level}: &a{level} {{ <<: [{item}] }}\n"));
        }
        refuses("the alias budget", &merges);
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(500_000), "*a,".repeat(900));
        refuses("the alias budget", &long);
        let deep = format!(
            "a: &a {}x{}\nb: {}*a{}\n",
            "[".repeat(40),
            "]".repeat(40),
            "[".repeat(40),
            "]".repeat(40)
        );
        refuses("the depth", &deep);
    }

    #[test]
    fn aliases_repeat_their_nodes() {
        check(
            "a: &x {k: [1, 2]}\nb: *x\nc: [*x]\n",
            expect![[r#"
            1:1 {"a":{"k":[1,2]},"b":{"k":[1,2]},"c":[{"k":[1,2]}]}
        "#]],
        );
        check(
            "a: &x 1\nb: &x 2\nc: *x\n",
            expect![[r#"
            1:1 {"a":1,"b":2,"c":2}
        "#]],
        );
        check(
            "a: &x 1\n---\nb: *x\n",
            expect![[r#"
            1:1 {"a":1}
            3:4 alias `*x` names no anchor of this document
        "#]],
        );
    }

    #[test]
    fn tags_are_kept_but_for_those_of_the_core_schema() {
        let mut diags = Vec::new();
        let text = "a: !ENV [X, y]\nb: !!python/name:pymdownx.emoji.twemoji\nc: !!str 1\nd: ! x\n";
        let document = document(FILE, text, &mut diags).expect("it is valid");
        let tag = |key: &str| document.root.get(key).and_then(|node| node.tag.as_deref());
        assert_eq!(tag("a"), Some("!ENV"));
        assert_eq!(tag("b"), Some("!!python/name:pymdownx.emoji.twemoji"));
        assert_eq!(tag("c"), None);
        assert_eq!(document.root.get("c").and_then(Node::string), Some("1"));
        assert_eq!(tag("d"), None);
        assert!(diags.is_empty());
    }

    #[test]
    fn merge_keys_fill_what_is_missing() {
        let mut diags = Vec::new();
        let text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}\nd: {<<: *a}\n";
        let mut document = document(FILE, text, &mut diags).expect("it is valid");
        merge_keys(&mut document.root);
        let json = document.root.to_json().to_string();
        assert_eq!(
            json,
            r#"{"a":{"x":1,"y":2},"b":{"y":3,"z":4},"c":{"x":0,"y":2,"z":4},"d":{"x":1,"y":2}}"#
        );
    }

    #[test]
    fn text_is_decoded() {
        let mut diags = Vec::new();
        assert_eq!(text(FILE, b"\xff\xfea\0\xe4\0", &mut diags), "aä");
        assert_eq!(text(FILE, b"\xfe\xff\0a\0\xe4", &mut diags), "aä");
        assert_eq!(text(FILE, "aä".as_bytes(), &mut diags), "aä");
        assert!(diags.is_empty());
        assert_eq!(text(FILE, b"a: 1\nb: \xc3\xa4\xe4x", &mut diags), "a: 1\nb: ä\u{fffd}x");
        assert_eq!(shown(&diags), "2:5 this is not UTF-8\n");
    }
}
