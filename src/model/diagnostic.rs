//! Trouble with content, as data: collected, never printed where it is
//! found. The constructors are in [`codes`](super::codes).

use super::file::FileId;

/// A place in a file: byte offsets, and the 1-based line and column
/// (in Unicode scalars) of its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, bitcode::Encode, bitcode::Decode)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
    pub line: u32,
    pub column: u32,
}

impl Span {
    /// Returns the span of a file as a whole: its first character.
    pub fn of_file(file: FileId) -> Self {
        Span { file, start: 0, end: 0, line: 1, column: 1 }
    }
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know; nothing is lost.
    Info,
    /// Something is shown other than its author meant.
    Warning,
    /// The unit that the message names is missing or broken.
    Error,
}

impl Severity {
    /// Returns the lower-case name: `info`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A kind of diagnostic, declared once in [`codes`](super::codes).
#[derive(Debug)]
pub struct Code {
    /// The id, in lower case with hyphens: `unknown-owner`.
    pub id: &'static str,
    pub severity: Severity,
    /// One sentence: what it means.
    pub summary: &'static str,
    /// Markdown: why it matters and how to mend it; printed by
    /// `callboard explain` and in the guide.
    pub explanation: &'static str,
}

/// A further place that a diagnostic names: "first defined here".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note {
    pub message: String,
    pub span: Option<Span>,
}

/// One problem of some content.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub code: &'static Code,
    /// Lower case, no full stop, names the thing in backticks.
    pub message: String,
    pub span: Option<Span>,
    pub notes: Vec<Note>,
    /// What to do, with the nearest valid name where there is one.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Returns a diagnostic of `code`; only constructors in `codes` call
    /// it.
    pub fn new(code: &'static Code, span: Option<Span>, message: String) -> Self {
        Diagnostic { code, message: printable(message), span, notes: Vec::new(), help: None }
    }

    /// Returns the diagnostic with advice added.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(printable(help.into()));
        self
    }

    /// Returns the diagnostic with a further place added.
    pub fn with_note(mut self, message: impl Into<String>, span: Option<Span>) -> Self {
        self.notes.push(Note { message: printable(message.into()), span });
        self
    }

    /// Returns how bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity
    }
}

/// Sorts by repository and path (the order of file ids), offset, code
/// and message, and removes what is said twice.
pub fn sort(diags: &mut Vec<Diagnostic>) {
    diags.sort_by(|a, b| key(a).cmp(&key(b)));
    diags.dedup_by(|a, b| key(a) == key(b));
}

fn key(diag: &Diagnostic) -> (Option<Span>, &'static str, &str, &[Note]) {
    (diag.span, diag.code.id, &diag.message, &diag.notes)
}

/// What is shown of one message.
const MOST_CHARS: usize = 600;

/// Messages quote content, which may hold anything: characters that
/// steer a terminal or turn text around are replaced, and what is very
/// long is cut.
fn printable(text: String) -> String {
    let is_odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.len() <= MOST_CHARS && !text.contains(is_odd) {
        return text;
    }
    let mut shown: String =
        text.chars().take(MOST_CHARS).map(|c| if is_odd(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_printable() {
        assert_eq!(printable("`ä`".to_string()), "`ä`");
        assert_eq!(printable("a\u{1b}[31m\u{202e}b\nc".to_string()), "a\u{fffd}[31m\u{fffd}b\u{fffd}c");
        assert_eq!(printable("x".repeat(600)).len(), 600);
        assert_eq!(printable("x".repeat(601)).chars().count(), 601);
        assert!(printable("x".repeat(601)).ends_with("x…"));
    }
}
