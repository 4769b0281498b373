//! Diagnostics for people and for machines.

use std::path::{Path, PathBuf};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::base::text::Lines;
use crate::base::world::World;
use crate::model::diagnostic::{Diagnostic, Severity, Span};
use crate::model::file::{FileId, Snapshot};

use super::args::Format;

pub(crate) mod machine;
pub(crate) mod selection;

/// How many diagnostics of each severity there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) n_errors: usize,
    pub(crate) n_warnings: usize,
    pub(crate) n_infos: usize,
}

/// Counts diagnostics by severity.
pub(crate) fn counts(diags: &[Diagnostic]) -> Counts {
    let of = |severity| diags.iter().filter(|diag| diag.severity() == severity).count();
    Counts { n_errors: of(Severity::Error), n_warnings: of(Severity::Warning), n_infos: of(Severity::Info) }
}

/// What a report needs beside the diagnostics.
pub(crate) struct Context<'c> {
    pub(crate) world: &'c dyn World,
    pub(crate) snapshot: &'c Snapshot,
    /// Paths for people are relative to this folder.
    pub(crate) current_folder: &'c Path,
    pub(crate) colored: bool,
}

/// Returns the diagnostics in a form, ready to print; those less bad
/// than `at_least` are left out for people.
pub(crate) fn report(context: &Context, diags: &[Diagnostic], format: Format, at_least: Severity) -> String {
    match format {
        Format::Gitlab => return machine::gitlab(context, diags),
        Format::Sarif => return machine::sarif(context, diags),
        Format::Junit => return machine::junit(context, diags),
        Format::Human | Format::Json | Format::Github => {}
    }
    let mut report = String::new();
    let mut excerpts = Excerpts { context, read: None };
    for diag in diags {
        match format {
            Format::Human if diag.severity() < at_least => {}
            Format::Human => report.push_str(&excerpts.human(diag)),
            Format::Json => report.push_str(&json(context.snapshot, diag)),
            Format::Github => report.push_str(&github(context, diag)),
            Format::Gitlab | Format::Sarif | Format::Junit => {}
        }
        if format != Format::Human {
            report.push('\n');
        }
    }
    report
}

#[derive(Serialize)]
struct JsonDiagnostic<'d> {
    code: &'static str,
    severity: &'static str,
    message: &'d str,
    #[serde(flatten)]
    place: Option<JsonPlace<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<JsonNote<'d>>,
}

#[derive(Serialize)]
struct JsonPlace<'d> {
    repo: &'d str,
    file: &'d str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonNote<'d> {
    message: &'d str,
    #[serde(flatten)]
    place: Option<JsonPlace<'d>>,
}

fn json(snapshot: &Snapshot, diag: &Diagnostic) -> String {
    let place = |span: Option<Span>| {
        span.map(|span| JsonPlace {
            repo: &snapshot.repo_of(span.file).name,
            file: &snapshot.file(span.file).path,
            line: span.line,
            column: span.column,
        })
    };
    let object = JsonDiagnostic {
        code: diag.code.id,
        severity: diag.severity().name(),
        message: &diag.message,
        place: place(diag.span),
        help: diag.help.as_deref(),
        notes: diag
            .notes
            .iter()
            .map(|note| JsonNote { message: &note.message, place: place(note.span) })
            .collect(),
    };
    serde_json::to_string(&object).expect("strings and numbers always serialise")
}

/// An annotation of GitHub Actions. Whatever could begin a command of
/// its own is escaped.
fn github(context: &Context, diag: &Diagnostic) -> String {
    let command = match diag.severity() {
        Severity::Info => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let property = |text: &str| github_text(text).replace(':', "%3A").replace(',', "%2C");
    let place = match diag.span {
        Some(span) => {
            let path = property(&shown_path(context, span.file));
            format!("file={path},line={},col={},", span.line, span.column)
        }
        None => String::new(),
    };
    let help = diag.help.as_deref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    let text = github_text(&format!("{}{help}", diag.message));
    format!("::{command} {place}title={}::{text}", property(diag.code.id))
}

fn github_text(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Reads files for excerpts; diagnostics are sorted, so that one file at
/// a time is enough.
pub(crate) struct Excerpts<'c> {
    pub(crate) context: &'c Context<'c>,
    pub(crate) read: Option<(FileId, Option<Text>)>,
}

/// A file's text with the offsets of its lines: there can be thousands
/// of diagnostics in it.
pub(crate) struct Text {
    text: String,
    starts: Vec<u32>,
}

impl Excerpts<'_> {
    /// Returns the line of a place, with a caret below its column; `None`
    /// for one that nobody could read.
    pub(crate) fn line(&mut self, span: Span) -> Option<String> {
        let Text { text, starts } = self.text(span.file)?;
        let offset = |line: u32| starts.get(line as usize).map_or(text.len(), |start| *start as usize);
        let line = text.get(offset(span.line.checked_sub(1)?)..offset(span.line))?.trim_end();
        let is_short = line.len() <= 400 && (1..=400).contains(&span.column);
        is_short.then(|| format!("{line}\n{}^", " ".repeat(span.column as usize - 1)))
    }

    fn human(&mut self, diag: &Diagnostic) -> String {
        let level = match diag.severity() {
            Severity::Info => Level::INFO,
            Severity::Warning => Level::WARNING,
            Severity::Error => Level::ERROR,
        };
        let title = level.primary_title(printable(&diag.message)).id(diag.code.id);
        let mut group = Group::with_title(title);
        if let Some(span) = diag.span {
            group = self.with_excerpt(group, span);
        }
        let mut groups = vec![group];
        for note in &diag.notes {
            let mut group = Group::with_title(Level::NOTE.secondary_title(printable(&note.message)));
            if let Some(span) = note.span {
                group = group.element(origin(self.context, span));
            }
            groups.push(group);
        }
        if let Some(help) = &diag.help {
            groups.push(Group::with_title(Level::HELP.secondary_title(printable(help))));
        }
        let renderer = if self.context.colored { Renderer::styled() } else { Renderer::plain() };
        format!("{}\n\n", renderer.decor_style(DecorStyle::Ascii).render(&groups))
    }

    fn with_excerpt<'g>(&mut self, group: Group<'g>, span: Span) -> Group<'g> {
        let context = self.context;
        let Some(Text { text, starts }) = self.text(span.file) else {
            return group.element(origin(context, span));
        };
        let offset = |line: u32| starts.get(line as usize - 1).map_or(text.len(), |start| *start as usize);
        let first_line = span.line.saturating_sub(1).max(1);
        let (from, to) = (offset(first_line), offset(span.line.max(1) + 1));
        let (start, end) = (span.start as usize, span.end as usize);
        let is_sound = start <= text.len() && text.is_char_boundary(start) && (from..=to).contains(&start);
        if !is_sound || to - from > 2_000 {
            return group.element(origin(context, span));
        }
        let line_end = start + text[start..to].trim_end_matches(['\r', '\n']).len();
        let end =
            if text.is_char_boundary(end.min(text.len())) { end.clamp(start, line_end) } else { line_end };
        let excerpt = printable_lines(&text[from..to]);
        group.element(
            Snippet::source(excerpt)
                .path(shown_path(context, span.file))
                .line_start(first_line as usize)
                .annotation(AnnotationKind::Primary.span(start - from..end - from)),
        )
    }

    fn text(&mut self, file: FileId) -> Option<&Text> {
        if self.read.as_ref().is_none_or(|(read, _)| *read != file) {
            let bytes = self.context.world.read(&self.context.snapshot.absolute(file)).ok();
            let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            let with_lines = |text: String| Text { starts: Lines::new(&text).into_starts(), text };
            self.read = Some((file, text.map(with_lines)));
        }
        let (_, text) = self.read.as_ref()?;
        text.as_ref()
    }
}

fn origin<'g>(context: &Context, span: Span) -> Origin<'g> {
    Origin::path(shown_path(context, span.file)).line(span.line as usize).char_column(span.column as usize)
}

/// Returns the repository and the path of a problem, both empty where it
/// is in no file.
fn repo_and_path<'s>(snapshot: &'s Snapshot, diag: &Diagnostic) -> (&'s str, &'s str) {
    match diag.span {
        Some(span) => (&snapshot.repo_of(span.file).name, &snapshot.file(span.file).path),
        None => ("", ""),
    }
}

/// Returns a file's path for people: relative to the current folder
/// where it lies below it.
pub(crate) fn shown_path(context: &Context, file: FileId) -> String {
    let absolute = context.snapshot.absolute(file);
    let path: PathBuf = match absolute.strip_prefix(context.current_folder) {
        Ok(relative) => relative.to_path_buf(),
        Err(_) => absolute,
    };
    printable(&path.to_string_lossy())
}

/// Returns text without control characters and without marks that
/// change the direction of writing: a file name or a message may not
/// command the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if is_treacherous(c) { '\u{FFFD}' } else { c }).collect()
}

/// Like [`printable`], keeping line ends and the length in bytes, which
/// the caret counts.
fn printable_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(c),
            c if is_treacherous(c) => shown.extend(std::iter::repeat_n('?', c.len_utf8())),
            c => shown.push(c),
        }
    }
    shown
}

fn is_treacherous(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

/// Like [`printable`], keeping line ends: for our own messages of
/// several lines.
pub(crate) fn printable_paragraphs(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}
