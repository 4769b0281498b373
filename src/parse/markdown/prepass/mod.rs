//! The pre-pass: the dialect of TechDocs rewritten as plain CommonMark.
//!
//! Containers such as admonitions become pairs of sentinels, HTML
//! comments on lines of their own that no page can forge, around their
//! dedented bodies. Lists are re-indented to what CommonMark expects.
//! So one parse of the whole page is enough, with one numbering of
//! headings and footnotes, also where containers stand inside of lists.
//!
//! Every construct is a function in a file of its own and an entry in
//! [`constructs`]. Each output line remembers the line it came from, and
//! where that line ends: lines are changed at their start, so counting
//! from the end finds the place in the source.

mod abbreviation;
mod arithmatex;
mod block;
mod caption;
mod container;
mod critic;
mod definition;
mod directive;
mod fence;
mod footnote;
mod heading;
mod html;
mod link;
mod list;
mod mathjax;
mod progress;
mod quote;
mod table;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::model::codes::markdown as codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::extensions::Extensions;

use super::Flavour;
use super::attrs::{self, Attrs};
use super::snippets::SourceLine;
use super::source::Places;

pub(super) use arithmatex::{lines_of, restored};
pub(super) use mathjax::{BLOCK, INLINE, JOIN};

pub(super) use container::{Container, ContainerKind, CriticKind, Mark, Title, mark, without_sentinels};

/// Longer lines are not searched for code and formulas.
const MAX_LINE_BYTES: usize = 64 * 1024;

/// How deep containers, quotes and lists are taken apart. What lies
/// deeper is handed on as it is.
const MAX_DEPTH: usize = 40;

/// Tries to read one construct at `lines[at]`; returns the index of the
/// line after it. `Where` tells whether a paragraph is open.
type Block = fn(&mut Prepass, &[Line], usize, Where) -> Option<usize>;

/// Returns the constructs that a line may begin whose first character,
/// spaces left out, is `first`, in the order in which they are tried.
fn constructs(first: u8) -> &'static [Block] {
    match first {
        b'`' | b'~' => &[fence::fence],
        b'<' => &[html::comment, html::verbatim, html::element, html::inline_element],
        b'!' => &[container::admonition],
        b'?' => &[container::details],
        b'=' => &[container::tabs],
        b':' => &[directive::directive],
        b'/' => &[footnote::place, block::block],
        b'>' => &[quote::fenced, quote::quote],
        b'-' | b'*' | b'_' => &[heading::rule, abbreviation::abbreviation, list::list],
        b'+' | b'0'..=b'9' => &[list::list],
        b'#' => &[heading::atx],
        b'{' => &[critic::critic, heading::attribute_line],
        b'[' => &[footnote::footnote, progress::contents, progress::bar],
        _ => &[],
    }
}

/// The constructs that may begin with anything.
const ANY: &[Block] = &[table::table];

/// A line of the page, cut out of its containers.
#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    text: &'t str,
    /// 1-based, in the file.
    number: u32,
    /// Where the line ends in the source's text.
    end: u32,
}

impl<'t> Line<'t> {
    fn is_blank(&self) -> bool {
        self.text.bytes().all(|byte| byte == b' ' || byte == b'\t')
    }

    fn indent(&self) -> usize {
        indent(self.text)
    }

    /// Returns the first byte that is no space; 0 for a blank line.
    fn first(&self) -> u8 {
        self.text.bytes().find(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(0)
    }

    /// Returns the line without up to `n` leading spaces.
    fn dedented(self, n: usize) -> Line<'t> {
        Line { text: &self.text[self.indent().min(n)..], ..self }
    }

    fn trimmed(self) -> Line<'t> {
        Line { text: self.text.trim_start(), ..self }
    }
}

fn indent(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

/// How much of a line is written with the one before it.
#[derive(Debug, Default)]
struct Taken {
    number: u32,
    n_bytes: usize,
}

impl Taken {
    /// Returns how many bytes of a line are written already.
    fn take(&mut self, line: &Line) -> usize {
        let taken = std::mem::take(self);
        let fits = taken.number == line.number && line.text.is_char_boundary(taken.n_bytes);
        if fits { taken.n_bytes } else { 0 }
    }
}

/// What stands before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Where {
    /// Lines of the open paragraph, 0 if none is open.
    n_paragraph_lines: usize,
}

impl Where {
    fn in_paragraph(self) -> bool {
        self.n_paragraph_lines > 0
    }
}

/// The rewritten page.
pub(super) struct Prepared {
    pub(super) text: String,
    pub(super) containers: Vec<Container>,
    origins: Vec<Origin>,
    /// Attribute lists, by the index of the output line that they
    /// belong to. Only ever looked up.
    attrs: HashMap<u32, Attrs>,
    /// What `*[…]:` explains: the word and its meaning.
    pub(super) abbreviations: Vec<(String, String)>,
    /// Whether formulas may have become code.
    pub(super) may_have_formulas: bool,
}

struct Origin {
    start: u32,
    end: u32,
    source_number: u32,
    source_end: u32,
}

impl Prepared {
    fn line_idx(&self, offset: usize) -> usize {
        self.origins.partition_point(|origin| origin.start as usize <= offset).max(1) - 1
    }

    /// Returns the offset in the source's text of an offset in `text`.
    pub(super) fn source_offset(&self, offset: usize) -> usize {
        match self.origins.get(self.line_idx(offset)) {
            Some(origin) => {
                (origin.source_end as usize).saturating_sub((origin.end as usize).saturating_sub(offset))
            }
            None => 0,
        }
    }

    /// Returns the 1-based line of the source of an offset in `text`.
    pub(super) fn source_line(&self, offset: usize) -> u32 {
        self.origins.get(self.line_idx(offset)).map_or(1, |origin| origin.source_number)
    }

    /// Returns the attribute list of the block that begins at an offset
    /// in `text`.
    pub(super) fn attrs(&self, offset: usize) -> Option<&Attrs> {
        if self.attrs.is_empty() {
            return None;
        }
        self.attrs.get(&(self.line_idx(offset) as u32))
    }
}

/// The state of the pre-pass.
struct Prepass<'p, 't> {
    flavour: Flavour,
    extensions: &'p Extensions,
    text: String,
    origins: Vec<Origin>,
    containers: Vec<Container>,
    attrs: HashMap<u32, Attrs>,
    abbreviations: Vec<(String, String)>,
    captions: caption::Captions,
    /// Labels of the page, if it may have links with a gap before their
    /// labels. Only ever looked up.
    references: HashSet<String>,
    /// What of the next line is written already.
    n_taken: Taken,
    /// Whether some line begins with a colon, so that there may be a
    /// definition list.
    has_colon_line: bool,
    /// What every line begins with: the marks of quotes, the
    /// indentation of lists.
    prefix: String,
    /// What the next line alone begins with: the marker of a list item.
    first: String,
    has_first: bool,
    depth: usize,
    /// Whether a footnote is open.
    in_note: bool,
    /// Whether the page says where its footnotes go.
    has_place: bool,
    /// Lines of a paragraph that a construct has begun and left open.
    n_opened_lines: usize,
    /// Lines that looking ahead may still read, which keeps it linear.
    lookahead: usize,
    places: &'p mut Places<'t>,
    diags: &'p mut Vec<Diagnostic>,
}

/// Rewrites the lines of a page's body.
pub(super) fn prepared(
    flavour: Flavour,
    extensions: &Extensions,
    source: &[SourceLine],
    places: &mut Places,
    diags: &mut Vec<Diagnostic>,
) -> Prepared {
    let mut expanded = expanded(source);
    if extensions.mathjax && flavour == Flavour::MdBook {
        mathjax::formulas(&mut expanded);
    }
    if let Some(syntax) = extensions.math.filter(|_| flavour == Flavour::TechDocs) {
        arithmatex::formulas(&mut expanded, &syntax);
    }
    let lines: Vec<Line> = source
        .iter()
        .zip(&expanded)
        .map(|(line, text)| Line { text, number: line.number, end: line.end })
        .collect();
    let n_bytes: usize = lines.iter().map(|line| line.text.len() + 1).sum();
    let mut prepass = Prepass {
        flavour,
        extensions,
        text: String::with_capacity(n_bytes + n_bytes / 8),
        origins: Vec::with_capacity(lines.len()),
        containers: Vec::new(),
        attrs: HashMap::new(),
        abbreviations: Vec::new(),
        captions: caption::Captions::default(),
        references: link::references(flavour, &lines),
        n_taken: Taken::default(),
        has_colon_line: !extensions.off.definition_lists && lines.iter().any(|line| line.first() == b':'),
        prefix: String::new(),
        first: String::new(),
        has_first: false,
        depth: 0,
        in_note: false,
        has_place: false,
        n_opened_lines: 0,
        lookahead: lines.len() * 20 + 10_000,
        places,
        diags,
    };
    prepass.blocks(&lines);
    lines.last().into_iter().for_each(|last| footnote::inner_labels(&mut prepass, last));
    Prepared {
        text: prepass.text,
        containers: prepass.containers,
        origins: prepass.origins,
        attrs: prepass.attrs,
        abbreviations: prepass.abbreviations,
        may_have_formulas: extensions.mathjax || extensions.math.is_some(),
    }
}

/// Returns a line without its indentation and the marks of quotes and
/// lists before its text.
fn without_markers(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t', '-', '*', '+'])
}

/// Returns a line without the marks of quotes before its text.
fn without_markers_of_quotes(line: &str) -> &str {
    let text = line.trim_start_matches(['>', ' ', '\t']);
    match line[..line.len() - text.len()].rfind('>') {
        Some(last) => line[last + 1..].strip_prefix(' ').unwrap_or(&line[last + 1..]),
        None => line,
    }
}

/// Turns tabs of the indentation into spaces, to stops of four, but
/// keeps those of code in fences, as long as these have an end.
fn expanded<'t>(lines: &'t [SourceLine<'_>]) -> Vec<Cow<'t, str>> {
    let has_tab = |line: &SourceLine| memchr::memchr(b'\t', line.text.as_bytes()).is_some();
    if !lines.iter().any(has_tab) {
        return lines.iter().map(|line| Cow::Borrowed(&*line.text)).collect();
    }
    // The last line that would end a fence, by its mark: one behind it
    // has no end. A longer fence may be misjudged, which is harmless.
    let last = |marks: &str| {
        let ends = |line: &SourceLine| {
            let text = line.text.trim_end();
            text.ends_with(marks) && without_markers(text).starts_with(marks)
        };
        lines.iter().rposition(ends).unwrap_or(0)
    };
    let (last_ticks, last_tildes) = (last("```"), last("~~~"));
    let mut fence: Option<(fence::Fence, usize)> = None;
    let mut expanded = Vec::with_capacity(lines.len());
    for (idx, line) in lines.iter().enumerate() {
        let trimmed = without_markers(&line.text);
        let text = match fence {
            Some((open, _)) if fence::closes(open, trimmed) => {
                fence = None;
                spaced(&line.text, usize::MAX)
            }
            Some((_, indent)) => spaced(&line.text, indent),
            None => {
                let text = spaced(&line.text, usize::MAX);
                // Up to the fence there are marks of quotes and lists.
                let is_closed = idx < if trimmed.starts_with('`') { last_ticks } else { last_tildes };
                let open = fence::opening(trimmed).filter(|_| is_closed);
                fence = open.map(|open| (open, text.len() - trimmed.len()));
                text
            }
        };
        expanded.push(text);
    }
    expanded
}

/// Expands the tabs of a line's indentation up to a column; those after
/// list and quote markers too.
fn spaced(line: &str, max_column: usize) -> Cow<'_, str> {
    if !line.contains('\t') {
        return Cow::Borrowed(line);
    }
    let mut text = String::with_capacity(line.len() + 8);
    let mut column = 0;
    for (offset, c) in line.char_indices() {
        let is_lead = matches!(c, ' ' | '\t' | '>' | '-' | '*' | '+' | '.' | ')') || c.is_ascii_digit();
        if !is_lead || column >= max_column {
            text.push_str(&line[offset..]);
            return Cow::Owned(text);
        }
        let width = if c == '\t' { 4 - column % 4 } else { 1 };
        match c {
            '\t' => text.extend(std::iter::repeat_n(' ', width)),
            c => text.push(c),
        }
        column += width;
    }
    Cow::Owned(text)
}

impl Prepass<'_, '_> {
    /// Rewrites some lines and everything in them.
    fn blocks(&mut self, lines: &[Line]) {
        if self.depth >= MAX_DEPTH {
            if let Some(line) = lines.first() {
                let span = self.places.line(line.number);
                self.report(codes::nested_too_deeply(span));
            }
            return lines.iter().for_each(|line| self.line(line.text, line));
        }
        self.depth += 1;
        let mut at = 0;
        let mut place = Where { n_paragraph_lines: 0 };
        while at < lines.len() {
            let line = &lines[at];
            if line.is_blank() {
                self.blank(line);
                place.n_paragraph_lines = 0;
                at += 1;
            } else if line.indent() >= 4 {
                at = self.indented(lines, at, place);
            } else if let Some(next) = self.construct(lines, at, place) {
                place.n_paragraph_lines = std::mem::take(&mut self.n_opened_lines);
                at = next.max(at + 1);
            } else {
                self.paragraph_line(lines, at);
                place.n_paragraph_lines += 1;
                at += 1;
            }
        }
        self.depth -= 1;
    }

    /// Rewrites the construct that begins at a line, if there is one.
    fn construct(&mut self, lines: &[Line], at: usize, place: Where) -> Option<usize> {
        if self.has_colon_line
            && let Some(next) = definition::definitions(self, lines, at, place)
        {
            return Some(next);
        }
        if self.extensions.footnotes.is_some()
            && let Some(next) = footnote::place(self, lines, at, place)
        {
            return Some(next);
        }
        let blocks = constructs(lines[at].first()).iter().chain(ANY);
        blocks.into_iter().find_map(|block| block(self, lines, at, place))
    }

    /// Copies indented code, or one more line of a paragraph.
    fn indented(&mut self, lines: &[Line], at: usize, place: Where) -> usize {
        if place.in_paragraph() {
            self.line(lines[at].text, &lines[at]);
            return at + 1;
        }
        let mut at = at;
        while at < lines.len() && (lines[at].is_blank() || lines[at].indent() >= 4) {
            match lines[at].is_blank() {
                true => self.blank(&lines[at]),
                false => self.line(lines[at].text, &lines[at]),
            }
            at += 1;
        }
        at
    }

    /// Copies a line of running text. The line above a setext underline
    /// is a heading and may have an attribute list.
    fn paragraph_line(&mut self, lines: &[Line], at: usize) {
        let line = &lines[at];
        let is_heading = lines.get(at + 1).is_some_and(|next| heading::is_underline(next.text));
        if is_heading && let Some((text, attrs)) = attrs::at_end(line.text) {
            self.set_attrs(attrs);
            return self.line(text, line);
        }
        let n_taken = self.n_taken.take(line);
        let text = &line.text[n_taken..];
        if n_taken > 0 && text.trim().is_empty() {
            return;
        }
        let text =
            if self.references.is_empty() { Cow::Borrowed(text) } else { self.joined(text, lines, at) };
        match link::without_spaces(&text) {
            Some(text) => self.line(&text, line),
            None => self.line(&text, line),
        }
    }

    /// Joins a link's text and its label, `[text] [label]`, also over the
    /// end of the line.
    fn joined<'l>(&mut self, text: &'l str, lines: &[Line], at: usize) -> Cow<'l, str> {
        let text = link::joined(text, &self.references);
        let Some(next) = lines.get(at + 1).filter(|_| text.trim_end().ends_with(']')) else {
            return text;
        };
        let start = next.text.trim_start();
        match link::label(start, &self.references) {
            Some(length) if !start[length..].starts_with([':', '(']) => {
                // With the full stop or whatever else is behind it.
                let length = start[length..].find(' ').map_or(start.len(), |gap| length + gap);
                self.n_taken = Taken { number: next.number, n_bytes: next.text.len() - start.len() + length };
                Cow::Owned(format!("{}{}", text.trim_end(), &start[..length]))
            }
            _ => text,
        }
    }

    /// Sets the attribute list of the block that begins with the next
    /// output line.
    fn set_attrs(&mut self, attrs: Attrs) {
        self.attrs.insert(self.origins.len() as u32, attrs);
    }

    /// Writes one line.
    fn line(&mut self, content: &str, from: &Line) {
        self.line_of(&[content], from);
    }

    /// Writes one line of several parts.
    fn line_of(&mut self, parts: &[&str], from: &Line) {
        let start = self.text.len() as u32;
        match std::mem::take(&mut self.has_first) {
            true => self.text.push_str(&self.first),
            false => self.text.push_str(&self.prefix),
        }
        parts.iter().for_each(|part| self.text.push_str(part));
        let end = self.text.len() as u32;
        self.origins.push(Origin { start, end, source_number: from.number, source_end: from.end });
        self.text.push('\n');
    }

    /// Writes an empty line, with the marks of quotes but no spaces at
    /// its end.
    fn blank(&mut self, from: &Line) {
        self.line("", from);
        // Not further back than this line: there may be thousands.
        let start = self.origins.last().map_or(0, |origin| origin.start as usize);
        let end = start + self.text[start..].trim_end_matches(['\n', ' ']).len();
        self.text.truncate(end);
        self.text.push('\n');
        if let Some(origin) = self.origins.last_mut() {
            origin.end = end as u32;
        }
    }

    /// Runs `inner` with longer prefixes: `first` for its first line,
    /// `rest` for the others.
    fn within(&mut self, first: &str, rest: &str, from: &Line, inner: impl FnOnce(&mut Self)) {
        let length = self.prefix.len();
        if !std::mem::replace(&mut self.has_first, true) {
            self.first.clone_from(&self.prefix);
        }
        self.first.push_str(first);
        self.prefix.push_str(rest);
        inner(self);
        if self.has_first {
            self.line("", from);
        }
        self.prefix.truncate(length);
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        super::report(self.diags, diagnostic);
    }
}

/// Tells whether a line would end an open paragraph.
fn interrupts(text: &str) -> bool {
    let trimmed = text.trim_start();
    let is_item = || list::marker(text).is_some_and(|marker| marker.may_interrupt());
    match trimmed.as_bytes().first() {
        Some(b'`' | b'~') => fence::opening(trimmed).is_some(),
        Some(b'>') => true,
        Some(b'#') => heading::is_atx(trimmed),
        Some(b'!' | b'?' | b'=') => container::is_opener(trimmed),
        Some(b':') => directive::is_opener(trimmed),
        Some(b'/') => block::is_fence(trimmed),
        Some(b'<') => html::starts_element(trimmed),
        Some(b'-' | b'*' | b'_') => heading::is_rule(trimmed) || is_item(),
        Some(b'+' | b'0'..=b'9') => is_item(),
        _ => false,
    }
}
