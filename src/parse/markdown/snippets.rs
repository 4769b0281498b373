//! Files that a page brings in: `--8<-- "file"` of MkDocs, and
//! `{{#include file}}` of mdBook. Which files there are, the hallway
//! knows; here is what of them goes where.
//!
//! Every line remembers the file that it came from, so what is said of
//! it later names that file. How much a page may bring in is bounded.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::codes::markdown as codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;

use super::source::{self, Places};
use super::{Flavour, selection};

/// How deep files may bring in others.
const MAX_DEPTH: usize = 16;

/// How much a page may bring in, in bytes and in files.
const MAX_BYTES: usize = 8 * 1024 * 1024;
const MAX_FILES: usize = 1000;

/// A file that a page asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    pub file: FileId,
    pub text: Arc<str>,
}

/// Why a file that a page asked for is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is an address, and nothing is ever fetched.
    Address,
    /// It lies outside of the repository.
    Outside,
    NotFound,
    /// It is no text.
    Binary,
    TooLarge,
}

/// Finds a file by what a page calls it.
pub type Reader<'r> = &'r dyn Fn(&str) -> Result<Included, Refusal>;

/// A line of a page before the pre-pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceLine<'t> {
    pub(super) text: Cow<'t, str>,
    /// The line's number, see [`Places`].
    pub(super) number: u32,
    /// The offset at which it ends.
    pub(super) end: u32,
}

/// Returns the lines of a page's body, with the files that it brings in.
/// The body begins at the offset `start`, on the line `first_number`;
/// `appended` are files that every page of the site ends with.
pub(super) fn lines<'t>(
    flavour: Flavour,
    body: &'t str,
    (start, first_number): (usize, u32),
    appended: &[Box<str>],
    read: Reader<'_>,
    places: &mut Places<'t>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<SourceLine<'t>> {
    let own = places.own_lines(first_number).into_iter().map(|(from, to, number)| SourceLine {
        text: Cow::Borrowed(body.get(from - start..to - start).unwrap_or("")),
        number,
        end: to as u32,
    });
    let asks = match flavour {
        Flavour::TechDocs => memchr::memmem::find(body.as_bytes(), b"8<-").is_some(),
        Flavour::MdBook => memchr::memmem::find(body.as_bytes(), b"{{#").is_some(),
        Flavour::GitHub => false,
    };
    if !asks && appended.is_empty() {
        return own.collect();
    }
    let own: Vec<SourceLine> = own.collect();
    let mut snippets =
        Snippets { flavour, read, places, diags, out: Vec::new(), open: Vec::new(), n_bytes: 0, n_files: 0 };
    let last = own.last().map_or((first_number, start as u32), |line| (line.number, line.end));
    snippets.add(own, "");
    for path in appended {
        let line = SourceLine { text: Cow::Borrowed(""), number: last.0, end: last.1 };
        snippets.push(line.clone(), "");
        snippets.add_file(path, &line, "");
    }
    snippets.out
}

struct Snippets<'s, 't> {
    flavour: Flavour,
    read: Reader<'s>,
    places: &'s mut Places<'t>,
    diags: &'s mut Vec<Diagnostic>,
    out: Vec<SourceLine<'t>>,
    /// The files that are being read.
    open: Vec<FileId>,
    n_bytes: usize,
    n_files: usize,
}

/// What a line asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request<'l> {
    /// The line without the `;` that escapes a request.
    Escaped,
    /// One file.
    File(&'l str),
    /// The start or the end of a list of files.
    List,
}

impl<'t> Snippets<'_, 't> {
    fn add(&mut self, lines: Vec<SourceLine<'t>>, indent: &str) {
        match self.flavour {
            Flavour::MdBook => self.add_book(lines),
            Flavour::TechDocs | Flavour::GitHub => self.add_cut(lines, indent),
        }
    }

    /// Adds lines in which `--8<--` asks for files.
    fn add_cut(&mut self, lines: Vec<SourceLine<'t>>, indent: &str) {
        let mut is_list = false;
        for line in lines {
            if !line.text.contains("8<-") {
                match is_list {
                    true => self.add_listed(&line, indent),
                    false => self.push(line, indent),
                }
                continue;
            }
            match request(&line.text) {
                Some(Request::Escaped) => {
                    let text = Cow::Owned(line.text.replacen(';', "", 1));
                    self.push(SourceLine { text, ..line }, indent);
                }
                Some(Request::List) => is_list = !is_list,
                Some(Request::File(path)) if !is_list => self.add_file(path, &line, indent),
                Some(Request::File(_)) => {}
                None if is_list => self.add_listed(&line, indent),
                None => match selection::section_mark(&line.text) {
                    Some(mark) if mark.is_escaped => {
                        let text = Cow::Owned(line.text.replacen(';', "", 1));
                        self.push(SourceLine { text, ..line }, indent);
                    }
                    Some(_) => {}
                    None => self.push(line, indent),
                },
            }
        }
    }

    /// Adds what a line of a list of files names.
    fn add_listed(&mut self, line: &SourceLine<'t>, indent: &str) {
        match line.text.trim() {
            "" => self.push(SourceLine { text: Cow::Borrowed(""), ..*line }, ""),
            path => self.add_file(path, line, indent),
        }
    }

    /// Adds a file; the line that asks for it is shown when it cannot be
    /// had.
    fn add_file(&mut self, request: &str, line: &SourceLine<'t>, indent: &str) {
        if request.starts_with(';') {
            return;
        }
        let (path, selection) = selection::of_snippet(request);
        let own_indent = &line.text[..line.text.len() - line.text.trim_start().len()];
        let whole = format!("{indent}{own_indent}");
        match self.selected(path, selection, line.number) {
            Some(lines) => lines.into_iter().for_each(|line| self.push(line, &whole)),
            None => self.push(line.clone(), indent),
        }
    }

    /// Adds lines in which `{{#include …}}` asks for files.
    fn add_book(&mut self, lines: Vec<SourceLine<'t>>) {
        for line in lines {
            match line.text.contains("{{#") {
                true => self.add_book_line(&line),
                false => self.push(line, ""),
            }
        }
    }

    fn add_book_line(&mut self, line: &SourceLine<'t>) {
        let mut before = String::new();
        let mut rest: &str = &line.text;
        while let Some(start) = rest.find("{{#") {
            let Some(end) = rest[start..].find("}}").map(|length| start + length) else {
                break;
            };
            before.push_str(&rest[..start]);
            let (written, request) = (&rest[start..end + 2], &rest[start + 3..end]);
            rest = &rest[end + 2..];
            if before.ends_with('\\') {
                before.pop();
                before.push_str(written);
                continue;
            }
            let (name, argument) = request.trim().split_once(char::is_whitespace).unwrap_or((request, ""));
            let argument = argument.trim();
            match name {
                // Nothing is asked for: a page that speaks of the request.
                _ if argument.is_empty() && name != "title" => before.push_str(written),
                "include" | "rustdoc_include" => {
                    let text = std::mem::take(&mut before);
                    self.add_book_file(argument, line, [&text, written]);
                    before = self.take_last(line);
                }
                "playground" | "playpen" => {
                    let path = argument.split_whitespace().next().unwrap_or("");
                    let mark = |text: &str| SourceLine { text: Cow::Owned(text.to_string()), ..*line };
                    self.push(mark("```rust"), "");
                    self.add_book_file(path, line, ["", written]);
                    self.push(mark("```"), "");
                }
                // The title of the chapter in the browser, or a link to a test.
                "title" | "shiftinclude" => {}
                _ => before.push_str(written),
            }
        }
        before.push_str(rest);
        self.push(SourceLine { text: Cow::Owned(before), ..*line }, "");
    }

    /// Adds a file behind the text that stands before the request, or else
    /// the request as it is written.
    fn add_book_file(&mut self, request: &str, line: &SourceLine<'t>, [before, written]: [&str; 2]) {
        let (path, selection) = selection::of_book(request);
        match self.selected(path, selection, line.number) {
            Some(mut lines) => {
                if let Some(first) = lines.first_mut().filter(|_| !before.is_empty()) {
                    first.text = Cow::Owned(format!("{before}{}", first.text));
                }
                self.out.append(&mut lines);
            }
            None => self.push(SourceLine { text: Cow::Owned(format!("{before}{written}")), ..*line }, ""),
        }
    }

    /// Takes the last line back, for what stands behind a request.
    fn take_last(&mut self, line: &SourceLine<'t>) -> String {
        match self.out.pop() {
            Some(last) if last.number >= line.number => last.text.into_owned(),
            Some(last) => {
                self.out.push(last);
                String::new()
            }
            None => String::new(),
        }
    }

    /// Reads what is asked for of a file; `None` when that is refused.
    fn selected(
        &mut self,
        path: &str,
        selection: selection::Selection<'_>,
        number: u32,
    ) -> Option<Vec<SourceLine<'t>>> {
        let span = self.places.line(number);
        let included = match (self.read)(path) {
            Ok(included) => included,
            Err(refusal) => {
                self.report(refused(span, path, refusal));
                return None;
            }
        };
        self.n_bytes += included.text.len();
        self.n_files += 1;
        if self.open.contains(&included.file) {
            self.report(codes::snippet_refused(span, path, "it brings itself in"));
            return None;
        }
        if self.open.len() >= MAX_DEPTH || self.n_bytes > MAX_BYTES || self.n_files > MAX_FILES {
            self.report(codes::snippet_refused(span, path, "the page brings in too much"));
            return None;
        }
        let text = included.text.replace(source::is_forbidden, "\u{fffd}");
        let (offset, first_number) = self.places.add(included.file, text.clone());
        let all: Vec<SourceLine> = source::lines(&text)
            .enumerate()
            .map(|(idx, (start, line))| SourceLine {
                text: Cow::Owned(line.to_string()),
                number: first_number + idx as u32,
                end: (offset + start + line.len()) as u32,
            })
            .collect();
        let Some(chosen) = selection::selected(all, &selection) else {
            self.report(codes::snippet_lines(span, path, &selection.to_string()));
            return None;
        };
        // What it brings in itself is added here, while it is open.
        let outer = std::mem::take(&mut self.out);
        self.open.push(included.file);
        self.add(chosen, "");
        self.open.pop();
        Some(std::mem::replace(&mut self.out, outer))
    }

    fn push(&mut self, line: SourceLine<'t>, indent: &str) {
        self.out.push(match indent.is_empty() || line.text.is_empty() {
            true => line,
            false => SourceLine { text: Cow::Owned(format!("{indent}{}", line.text)), ..line },
        });
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        super::report(self.diags, diagnostic);
    }
}

fn refused(span: Span, path: &str, refusal: Refusal) -> Diagnostic {
    match refusal {
        Refusal::Address => codes::snippet_address(span, path),
        Refusal::NotFound => codes::snippet_not_found(span, path),
        Refusal::Outside => codes::snippet_refused(span, path, "it lies outside of the repository"),
        Refusal::Binary => codes::snippet_refused(span, path, "it is no text in UTF-8"),
        Refusal::TooLarge => codes::snippet_refused(span, path, "it is too large"),
    }
}

/// Reads what a line asks for: `--8<-- "file"`, or `--8<--` around a
/// list.
fn request(line: &str) -> Option<Request<'_>> {
    let text = line.trim();
    let (text, is_escaped) = match text.trim_start_matches(';') {
        rest if rest.len() < text.len() => (rest, true),
        rest => (rest, false),
    };
    let rest = scissors(text)?;
    let request = match rest.trim() {
        "" if rest.is_empty() => Request::List,
        quoted if rest.starts_with([' ', '\t']) => {
            let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let path = quoted[1..].strip_suffix(quote)?.trim();
            if path.is_empty() {
                return None;
            }
            Request::File(path)
        }
        _ => return None,
    };
    Some(if is_escaped { Request::Escaped } else { request })
}

/// Returns what follows `--8<--` at the start of a text.
pub(super) fn scissors(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('-')?.trim_start_matches('-');
    let rest = rest.strip_prefix("8<-")?;
    Some(rest.trim_start_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read() {
        assert_eq!(request("--8<-- \"a b.md\""), Some(Request::File("a b.md")));
        assert_eq!(request("    -8<- 'a.md:3:7'"), Some(Request::File("a.md:3:7")));
        assert_eq!(request("--8<--"), Some(Request::List));
        assert_eq!(request(";--8<-- \"a\""), Some(Request::Escaped));
        assert_eq!(request("see --8<-- \"a\""), None);
        assert_eq!(request("--8<-- a"), None);
        assert_eq!(request("--8<-- \"\""), None);
        assert_eq!(request("# --8<-- [start:a]"), None);
    }

    #[track_caller]
    fn check(flavour: Flavour, body: &str, expected: &str, codes: &[&str]) {
        let read = |path: &str| -> Result<Included, Refusal> {
            let (file, text) = match path {
                "a" => (1, "one\n-8<- \"b\"\nthree\n"),
                "b" => (2, "x\n"),
                "loop" => (3, "--8<-- \"loop\"\n{{#include loop}}"),
                "part.py" => (
                    4,
                    "# --8<-- [start:f]\ndef f():\n    # ANCHOR: in\n    pass\n    # ANCHOR_END: in\n# --8<-- [end:f]\nx\n",
                ),
                "../out" => return Err(Refusal::Outside),
                _ if path.contains("://") => return Err(Refusal::Address),
                _ => return Err(Refusal::NotFound),
            };
            Ok(Included { file: FileId(file), text: text.into() })
        };
        let mut places = Places::new(FileId(0), body, 0);
        let mut diags = Vec::new();
        let lines = lines(flavour, body, (0, 1), &[], &read, &mut places, &mut diags);
        let text: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
        assert_eq!(text.join("|"), expected, "{body}");
        assert_eq!(diags.iter().map(|diag| diag.code.id).collect::<Vec<_>>(), codes, "{body}");
    }

    #[test]
    fn files_are_brought_in() {
        let check = |body, expected, codes: &[&str]| check(Flavour::TechDocs, body, expected, codes);
        check("z\n  --8<-- \"a\"\ny", "z|  one|  x|  three|y", &[]);
        check("--8<--\na\n\nb\n;no\n--8<--\ny", "one|x|three||x|y", &[]);
        check("--8<-- \"part.py:f\"", "def f():|    # ANCHOR: in|    pass|    # ANCHOR_END: in", &[]);
        check("--8<-- \"part.py:7\"", "x", &[]);
        check("--8<-- \"a:2:2\"", "x", &[]);
        check("--8<-- \"loop\"", "--8<-- \"loop\"|{{#include loop}}", &["snippet-refused"]);
        check("--8<-- \"none\"", "--8<-- \"none\"", &["snippet-not-found"]);
        check("--8<-- \"../out\"", "--8<-- \"../out\"", &["snippet-refused"]);
        check("--8<-- \"https://x.example/a\"", "--8<-- \"https://x.example/a\"", &["snippet-address"]);
        check("--8<-- \"a:nothing\"", "--8<-- \"a:nothing\"", &["snippet-lines"]);
        check("a <!-- --8<-- [start:x] -->\nb", "b", &[]);
    }

    #[test]
    fn books_bring_files_in() {
        let check = |body, expected, codes: &[&str]| check(Flavour::MdBook, body, expected, codes);
        check("a {{#include b}} c", "a x c", &[]);
        check("```\n{{#rustdoc_include part.py:in}}\n```", "```|    pass|```", &[]);
        check("{{#include part.py:2:3}}", "def f():|    # ANCHOR: in", &[]);
        check("\\{{#include b}} {{#title T}}x", "{{#include b}} x", &[]);
        check("{{#playground b editable}}", "```rust|x|```|", &[]);
        check("{{#include loop}}", "--8<-- \"loop\"|{{#include loop}}", &["snippet-refused"]);
        check("{{#include none}}", "{{#include none}}", &["snippet-not-found"]);
        check("{{#playground  none x}}", "```rust|{{#playground  none x}}|```|", &["snippet-not-found"]);
        check("what is `{{#include}}`d", "what is `{{#include}}`d", &[]);
    }
}
