//! Code blocks: what a fence's info line says, and their HTML.

use std::borrow::Cow;

use crate::base::highlight;

use super::attrs;
use super::text;

/// What the info line of a fence says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Info {
    pub(super) language: String,
    pub(super) title: Option<String>,
    /// The number of the first line, if lines have numbers.
    pub(super) first_number: Option<u32>,
    /// What the identifiers of its lines begin with, if they have any.
    pub(super) anchor: Option<String>,
    /// Whether its author wants no numbers: `linenums="0"`.
    pub(super) is_unnumbered: bool,
    /// Whether notes stand everywhere in the code, not in comments alone:
    /// `.annotate`.
    pub(super) is_annotated: bool,
    /// What lines begin with that mdBook hides: `hidelines=!`.
    pub(super) hidden_prefix: Option<String>,
    /// Ranges of marked lines, 1-based, both ends included.
    pub(super) marked: Vec<(u32, u32)>,
    /// Lines that comments in the code mark, in their order.
    pub(super) changed: Vec<(u32, LineMark)>,
}

/// What a comment in the code says of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineMark {
    Noticed,
    Added,
    Removed,
}

/// Reads an info line: a language, then options in any of the forms that
/// MkDocs, Docusaurus and rustdoc know. What it cannot read is ignored.
pub(super) fn info(line: &str) -> Info {
    let line = line.trim();
    let mut info = Info::default();
    let end = line.find([' ', '\t', '{', ',']).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    let (word, mut rest) = match word.contains('=') {
        true => ("", line),
        false => (word, rest),
    };
    info.set_language(word);
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        info.add_options(&rest[..start]);
        let inner = &rest[start + 1..start + length];
        match inner.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-' | b' ')) {
            true => info.marked = ranges(inner),
            false => info.add_options(inner),
        }
        rest = &rest[start + length + 1..];
    }
    info.add_options(rest);
    info
}

impl Info {
    /// A language is a word of a few harmless characters; anything else
    /// is none.
    pub(super) fn set_language(&mut self, word: &str) {
        let word = word.trim_start_matches('.');
        let is_language = (1..=40).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#._-".contains(&byte));
        if is_language && self.language.is_empty() {
            self.language = word.to_ascii_lowercase();
        }
    }

    fn add_options(&mut self, text: &str) {
        let text = tidied(text.trim_start_matches(',').trim());
        let text = &*text;
        // A quote that its author forgot to close ends with the line.
        let closed = || text.contains('"').then(|| attrs::parse(&format!("{text}\""))).flatten();
        // Whatever else stands there, a title is something to read.
        let title = || attrs::parse(&text[text.find("title=")?..]);
        let Some(attrs) = attrs::parse(text).or_else(closed).or_else(title) else {
            return;
        };
        if let Some(class) = attrs.classes.first() {
            self.set_language(class);
        }
        self.is_annotated |= is_annotated(&attrs.classes);
        for (name, value) in attrs.others {
            match name.as_str() {
                "hidelines" => self.hidden_prefix = Some(value).filter(|prefix| !prefix.is_empty()),
                "title" | "tab" => self.title = Some(value).filter(|title| !title.trim().is_empty()),
                "linenums" => {
                    let first = value.split_ascii_whitespace().next().and_then(|word| word.parse().ok());
                    self.first_number = first.filter(|number| *number > 0);
                    self.is_unnumbered = self.first_number.is_none();
                }
                "showLineNumbers" => self.first_number = Some(1),
                "hl_lines" => self.marked = ranges(&value),
                _ => {}
            }
        }
    }

    fn is_marked(&self, number: u32) -> bool {
        self.marked.iter().any(|(first, last)| (*first..=*last).contains(&number))
    }
}

/// Returns options with the forms of a title that people write made into
/// the one that is read: `title = "x"`, `title:"x"`.
fn tidied(text: &str) -> Cow<'_, str> {
    let Some((before, after)) = text.split_once("title").filter(|_| !text.contains("title=")) else {
        return match text.split_once("title= ") {
            Some((before, after)) => format!("{before}title={}", after.trim_start()).into(),
            None => text.into(),
        };
    };
    match after.trim_start().strip_prefix([':', '=']) {
        Some(value) => format!("{before}title={}", value.trim_start()).into(),
        None => text.into(),
    }
}

/// Takes the comments out of code that mark lines, as Docusaurus has
/// them: `// highlight-next-line`. `None` when there are none.
pub(super) fn without_marks(code: &str, info: &mut Info) -> Option<String> {
    if !code.contains("highlight-") {
        return None;
    }
    let mut kept = String::with_capacity(code.len());
    let mut number = 0;
    let (mut next, mut open, mut found) = (None, None, false);
    for line in code.split_inclusive('\n') {
        if let Some((mark, place)) = line_mark(line) {
            found = true;
            match place {
                "next-line" => next = Some(mark),
                "start" => open = Some(mark),
                _ => open = None,
            }
            continue;
        }
        number += 1;
        kept.push_str(line);
        info.changed.extend(next.take().or(open).map(|mark| (number, mark)));
    }
    found.then_some(kept)
}

fn line_mark(line: &str) -> Option<(LineMark, &str)> {
    let is_comment = |c: char| c.is_whitespace() || "/#*<!->{}%;".contains(c);
    let text = line.trim_matches(is_comment);
    let place = text.strip_prefix("highlight-")?;
    let (mark, place) = match place.split_once('-') {
        Some(("add", place)) => (LineMark::Added, place),
        Some(("remove", place)) => (LineMark::Removed, place),
        _ => (LineMark::Noticed, place),
    };
    matches!(place, "next-line" | "start" | "end").then_some((mark, place))
}

/// What begins a comment, and what ends it, as they stand in HTML.
const COMMENTS: [(&str, &str); 7] =
    [("# ", ""), ("// ", ""), ("/* ", " */"), ("&lt;!-- ", " --&gt;"), ("-- ", ""), ("; ", ""), ("% ", "")];

/// Turns `(1)` and `(1)!` in comments, or anywhere, into marks of notes:
/// those that the list below the code explains. The latter takes the
/// signs of its comment with it. `body` is the HTML of the code.
pub(super) fn with_notes(body: &str, n_notes: usize, is_anywhere: bool) -> String {
    let mut out = String::with_capacity(body.len() + n_notes * 48);
    let mut rest = body;
    let mut is_in_comment = is_anywhere;
    while let Some(start) = rest.find('(') {
        let inner = &rest[start + 1..];
        let length = inner.bytes().take(4).take_while(u8::is_ascii_digit).count();
        let number: usize = inner[..length].parse().unwrap_or(0);
        let line = match rest[..start].rfind('\n') {
            Some(end) => {
                is_in_comment = is_anywhere;
                &rest[end + 1..start]
            }
            None => &rest[..start],
        };
        is_in_comment |= COMMENTS.iter().any(|(open, _)| line.contains(open));
        let before = &rest[..start];
        let is_apart = (is_anywhere || before.ends_with(' ')) && inner[length..].starts_with(')');
        if !(1..=n_notes).contains(&number) || !is_apart || !is_in_comment {
            out.push_str(&rest[..=start]);
            rest = inner;
            continue;
        }
        rest = &inner[length + 1..];
        let comment = COMMENTS.iter().find(|(open, _)| before.ends_with(open));
        match (rest.strip_prefix('!'), comment) {
            (Some(after), Some((open, close))) => {
                out.push_str(&before[..before.len() - open.len()]);
                rest = after.strip_prefix(close).unwrap_or(after);
            }
            (after, _) => {
                out.push_str(before);
                rest = after.unwrap_or(rest);
            }
        }
        out.push_str(&note(number));
    }
    out.push_str(rest);
    out
}

/// Tells whether a block with such classes has marks of notes, which the
/// list behind it explains.
pub(super) fn is_annotated(classes: &[String]) -> bool {
    classes.iter().any(|class| class == "annotate")
}

/// Returns the mark of a note.
pub(super) fn note(number: usize) -> String {
    format!("<span class=\"cb-note\">{number}</span>")
}

fn ranges(text: &str) -> Vec<(u32, u32)> {
    let range = |word: &str| {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    text.split([' ', ',']).filter_map(range).take(200).collect()
}

/// Returns what people call a language.
pub(super) fn language_name(language: &str) -> String {
    let name = match language {
        "js" => "JavaScript",
        "ts" => "TypeScript",
        "py" => "Python",
        "md" => "Markdown",
        "sh" | "shell" => "Shell",
        "yml" => "YAML",
        "css" | "csv" | "hcl" | "html" | "http" | "ini" | "json" | "jsx" | "php" | "sql" | "toml" | "tsx"
        | "xml" | "yaml" => return language.to_ascii_uppercase(),
        other => {
            let (first, rest) = other.split_at(other.len().min(1));
            return first.to_ascii_uppercase() + rest;
        }
    };
    name.to_string()
}

/// Returns the HTML of a code block. `n_notes` items of the list below
/// explain it.
pub(super) fn html(info: &Info, code: &str, is_highlighted: bool, n_notes: usize) -> String {
    let body = match is_highlighted && !info.language.is_empty() {
        true => Cow::Owned(highlight::html(&info.language, code)),
        false => crate::base::text::escape_html(code),
    };
    let body = if n_notes > 0 { Cow::Owned(with_notes(&body, n_notes, info.is_annotated)) } else { body };
    let has_numbers = info.first_number.is_some();
    let mut out = String::with_capacity(body.len() + 128);
    out.push_str(if has_numbers { "<div class=\"cb-code linenums\">" } else { "<div class=\"cb-code\">" });
    if let Some(title) = &info.title {
        out.push_str("<div class=\"cb-code-title\">");
        text::push(&mut out, title);
        out.push_str("</div>");
    }
    out.push_str("<pre tabindex=\"0\"><code");
    if !info.language.is_empty() {
        out.push_str(" class=\"language-");
        text::push(&mut out, &info.language);
        out.push('"');
    }
    out.push('>');
    match has_numbers || info.anchor.is_some() || !info.marked.is_empty() || !info.changed.is_empty() {
        true => push_lines(&mut out, info, &body),
        false => out.push_str(&body),
    }
    out.push_str("</code></pre></div>\n");
    out
}

fn push_lines(out: &mut String, info: &Info, body: &str) {
    for (idx, line) in body.split_inclusive('\n').enumerate() {
        let number = idx as u32 + 1;
        let place = info.changed.binary_search_by_key(&number, |(number, _)| *number);
        let change = place.ok().map(|idx| info.changed[idx].1);
        let is_marked = change.is_some() || info.is_marked(number);
        match change {
            Some(LineMark::Added) => out.push_str("<span class=\"hll hll-add\">"),
            Some(LineMark::Removed) => out.push_str("<span class=\"hll hll-remove\">"),
            Some(LineMark::Noticed) => out.push_str("<span class=\"hll\">"),
            None if is_marked => out.push_str("<span class=\"hll\">"),
            None => {}
        }
        let shown = info.first_number.unwrap_or(1).saturating_add(idx as u32);
        match (&info.anchor, info.first_number) {
            (Some(block), Some(_)) => out.push_str(&format!(
                "<a class=\"ln\" id=\"{block}-{shown}\" href=\"#{block}-{shown}\" data-ln=\"{shown}\" aria-label=\"Line {shown}\"></a>"
            )),
            (Some(block), None) => out.push_str(&format!("<a id=\"{block}-{shown}\"></a>")),
            (None, Some(_)) => out.push_str(&format!("<span class=\"ln\" data-ln=\"{shown}\"></span>")),
            (None, None) => {}
        }
        out.push_str(line);
        if is_marked {
            out.push_str("</span>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, language: &str, title: Option<&str>, first: Option<u32>, marked: &[(u32, u32)]) {
        let expected = Info {
            language: language.to_string(),
            title: title.map(str::to_string),
            first_number: first,
            marked: marked.to_vec(),
            anchor: None,
            is_unnumbered: line.contains("linenums=\"0\"") || line.contains("linenums=0"),
            is_annotated: line.contains(".annotate"),
            hidden_prefix: None,
            changed: Vec::new(),
        };
        assert_eq!(info(line), expected, "{line}");
    }

    #[test]
    fn info_lines_of_many_tools_are_read() {
        check("", "", None, None, &[]);
        check("{ .json .annotate linenums=0 }", "json", None, None, &[]);
        check("py", "py", None, None, &[]);
        check("py title=\"x.py\"", "py", Some("x.py"), None, &[]);
        check(
            "{.python #id title='a b' hl_lines=\"1-2 4\" linenums=\"5\"}",
            "python",
            Some("a b"),
            Some(5),
            &[(1, 2), (4, 4)],
        );
        check("js {1,3-4} showLineNumbers", "js", None, Some(1), &[(1, 1), (3, 4)]);
        check("rust,ignore", "rust", None, None, &[]);
        check("yaml linenums=\"0\"", "yaml", None, None, &[]);
        check("title=\"x\"", "", Some("x"), None, &[]);
        check("C++", "c++", None, None, &[]);
        check("\"><img onerror=alert(1)>", "", None, None, &[]);
        check("js\" onclick=\"x", "", None, None, &[]);
        check("py {{ }}", "py", None, None, &[]);
        check("ts title=\"a b.ts", "ts", Some("a b.ts"), None, &[]);
        check("yaml title:\"x.yaml\"", "yaml", Some("x.yaml"), None, &[]);
        check("tsx title =\"a/b.ts\"", "tsx", Some("a/b.ts"), None, &[]);
        check("typescript jsx title= src/App.tsx", "typescript", Some("src/App.tsx"), None, &[]);
        check("js some/thing title=\"x\"", "js", Some("x"), None, &[]);
        check("java tab=\"java 2\"", "java", Some("java 2"), None, &[]);
    }

    #[test]
    fn lines_have_anchors_without_numbers_too() {
        let mut info = info("{hl_lines=2}");
        info.anchor = Some("x-0".to_string());
        assert_eq!(
            html(&info, "a\nb\n", true, 0),
            "<div class=\"cb-code\"><pre tabindex=\"0\"><code><a id=\"x-0-1\"></a>a\n\
             <span class=\"hll\"><a id=\"x-0-2\"></a>b\n</span></code></pre></div>\n"
        );
    }

    #[test]
    fn lines_are_marked_and_numbered() {
        let html = html(&info("{hl_lines=2 linenums=9}"), "a\n<\n", true, 0);
        assert_eq!(
            html,
            "<div class=\"cb-code linenums\"><pre tabindex=\"0\"><code><span class=\"ln\" data-ln=\"9\"></span>a\n\
             <span class=\"hll\"><span class=\"ln\" data-ln=\"10\"></span>&lt;\n</span></code></pre></div>\n"
        );
    }

    #[test]
    fn comments_mark_lines() {
        let code = "a\n// highlight-next-line\nb\n<!-- highlight-add-start -->\nc\n# highlight-add-end\nd\n";
        let mut info = Info::default();
        assert_eq!(without_marks(code, &mut info).as_deref(), Some("a\nb\nc\nd\n"));
        assert_eq!(info.changed, [(2, LineMark::Noticed), (3, LineMark::Added)]);
        assert_eq!(without_marks("say highlight-next-line\n", &mut Info::default()), None);
    }

    #[test]
    fn notes_stand_in_comments() {
        assert_eq!(
            with_notes("f(1) # (1) (3) g(1)\n(2)\n// (2)", 2, false),
            "f(1) # <span class=\"cb-note\">1</span> (3) g(1)\n(2)\n// <span class=\"cb-note\">2</span>"
        );
        assert_eq!(with_notes("\"a (1)\", f(2)", 1, true), "\"a <span class=\"cb-note\">1</span>\", f(2)");
    }

    #[test]
    fn an_exclamation_mark_takes_the_comment_away() {
        let check = |code: &str, expected: &str| {
            assert_eq!(with_notes(code, 2, false), expected.replace('@', "<span class=\"cb-note\">1</span>"));
        };
        check("a <span class=\"c\"># (1)!</span>\n# (1)", "a <span class=\"c\">@</span>\n# @");
        check("a /* (1)! */ b", "a @ b");
        check("&lt;!-- (1)! --&gt;", "@");
        check("# say (1)! more", "# say @ more");
    }
}
