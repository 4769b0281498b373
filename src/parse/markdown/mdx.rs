//! The harmless part of MDX, which Docusaurus reads: imports, exports
//! and comments are left out, tabs and admonitions become blocks of the
//! dialect, and of other components what is inside of them is kept.
//! Nothing is run. Lines keep their numbers.

use std::borrow::Cow;

use crate::model::codes::markdown as codes;
use crate::model::diagnostic::Diagnostic;

use super::snippets::SourceLine;
use super::source::Places;

/// Over how many lines a tag may go.
const MAX_TAG_LINES: usize = 40;
/// How long a tag may be, or code in a line that may hold one.
const MAX_BYTES: usize = 4_000;
/// How many tags of a line may have no end, or be none, before the rest
/// of it is left as it is.
const MAX_BROKEN: usize = 200;
/// How many names are told.
const MAX_NAMES: usize = 5;
/// Blocks in blocks have fewer slashes, from this many down to three.
const MAX_SLASHES: usize = 12;

/// Returns the lines without what is no Markdown.
pub(super) fn markdown<'t>(
    lines: Vec<SourceLine<'t>>,
    places: &mut Places<'t>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<SourceLine<'t>> {
    let mut reader = Reader::default();
    let mut rest = lines.into_iter().peekable();
    while let Some(line) = rest.next() {
        if reader.is_left_alone(&line.text) {
            reader.out.push(line);
            continue;
        }
        let mut line = line;
        let mut n_joined = 0;
        // A tag over several lines is read as one.
        while n_joined < MAX_TAG_LINES && is_open(&line.text) {
            let Some(next) = rest.next() else { break };
            n_joined += 1;
            line.text = Cow::Owned(format!("{} {}", line.text, next.text.trim()));
            line.end = next.end;
        }
        reader.line(line);
    }
    if let Some((number, names)) = reader.left_out {
        super::report(diags, codes::component_left_out(places.line(number), &names.join("`, `")));
    }
    reader.out
}

#[derive(Default)]
struct Reader<'t> {
    out: Vec<SourceLine<'t>>,
    /// The marks of the open fence.
    fence: Option<(u8, usize)>,
    is_in_module: bool,
    is_in_comment: bool,
    was_blank: bool,
    /// The blocks that are open: their marks.
    blocks: Vec<String>,
    /// Whether the next tab begins a new set.
    begins_tabs: bool,
    /// The first line of a component that is left out, and the names.
    left_out: Option<(u32, Vec<String>)>,
}

impl<'t> Reader<'t> {
    /// Follows fences, and tells whether a line has nothing of MDX.
    fn is_left_alone(&mut self, text: &str) -> bool {
        let trimmed = text.trim_start();
        let mark = trimmed.bytes().next().unwrap_or(0);
        let length = trimmed.bytes().take_while(|byte| *byte == mark).count();
        let is_fence = matches!(mark, b'`' | b'~') && length >= 3 && !self.is_in_comment;
        match self.fence {
            Some((open, least)) => {
                if is_fence && mark == open && length >= least && trimmed[length..].trim().is_empty() {
                    self.fence = None;
                }
                return true;
            }
            None if is_fence && !trimmed[length..].contains('`') => {
                self.fence = Some((mark, length));
                self.is_in_module = false;
                return true;
            }
            None => {}
        }
        let is_blank = trimmed.is_empty();
        let is_after_blank = std::mem::replace(&mut self.was_blank, is_blank) || self.out.is_empty();
        self.is_in_module = !is_blank && (self.is_in_module || is_after_blank && is_module(text));
        let has_markup = self.is_in_module || self.is_in_comment || text.contains(['<', '{']);
        !has_markup
    }

    fn line(&mut self, line: SourceLine<'t>) {
        if self.is_in_module {
            return self.push(&line, "");
        }
        let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
        let mut kept = String::with_capacity(line.text.len());
        let mut n_broken = 0;
        let mut rest: &str = &line.text;
        loop {
            if self.is_in_comment {
                let Some(end) = rest.find("*/}") else { break };
                self.is_in_comment = false;
                rest = &rest[end + 3..];
            }
            let Some(start) = rest.find(['<', '{', '`']) else {
                kept.push_str(rest);
                break;
            };
            kept.push_str(&rest[..start]);
            rest = &rest[start..];
            if rest.starts_with('`') {
                let length = code_len(rest);
                kept.push_str(&rest[..length]);
                rest = &rest[length..];
            } else if let Some(after) = rest.strip_prefix("{/*") {
                self.is_in_comment = true;
                rest = after;
            } else if let Some(tag) = Tag::at_start(rest) {
                rest = &rest[tag.length..];
                self.tag(&tag, &line, indent, &mut kept);
            } else if n_broken == MAX_BROKEN {
                kept.push_str(rest);
                break;
            } else {
                n_broken += usize::from(rest.starts_with('<'));
                let length = rest.chars().next().map_or(0, char::len_utf8);
                kept.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
        if kept.trim().is_empty() {
            kept.clear();
        }
        match kept == line.text {
            true => self.out.push(line),
            false => self.push(&line, &kept),
        }
    }

    /// Writes what stands for a tag; `kept` is the line before it.
    fn tag(&mut self, tag: &Tag, line: &SourceLine<'t>, indent: &str, kept: &mut String) {
        match tag.name {
            "Tabs" | "" => self.begins_tabs |= !tag.is_end,
            "TabItem" | "Admonition" if tag.is_end => {
                let Some(marks) = self.blocks.pop() else { return };
                self.flush(line, kept);
                self.push(line, "");
                self.push(line, &format!("{indent}{marks}"));
            }
            "TabItem" | "Admonition" if !tag.is_empty => {
                self.flush(line, kept);
                let marks = "/".repeat(MAX_SLASHES.saturating_sub(self.blocks.len()).max(3));
                self.push(line, "");
                for opener in self.opener(tag) {
                    self.push(line, &format!("{indent}{}", opener.replace("///", &marks)));
                }
                self.push(line, "");
                self.blocks.push(marks);
            }
            name => {
                let (_, names) = self.left_out.get_or_insert_with(|| (line.number, Vec::new()));
                if names.len() < MAX_NAMES && !names.iter().any(|known| known == name) {
                    names.push(name.to_string());
                }
            }
        }
    }

    /// Returns the lines that open a block, with `///` for its marks.
    fn opener(&mut self, tag: &Tag) -> Vec<String> {
        let clean = |text: String| text.replace(['\n', '|'], " ");
        if tag.name == "Admonition" {
            let kind = tag.attribute("type").unwrap_or_else(|| "note".to_string());
            let kind = match kind.as_str() {
                "tip" | "info" | "warning" | "danger" | "caution" => kind,
                _ => "note".to_string(),
            };
            let title = tag.attribute("title").map(clean).map(|title| format!(" | {title}"));
            return vec![format!("/// {kind}{}", title.unwrap_or_default())];
        }
        let label = tag.attribute("label").or_else(|| tag.attribute("value")).map(clean);
        let mut lines = vec![format!("/// tab | {}", label.as_deref().unwrap_or("Tab"))];
        if std::mem::take(&mut self.begins_tabs) {
            lines.push("    new: true".to_string());
        }
        if tag.attributes.split_whitespace().any(|word| word == "default") {
            lines.push("    select: true".to_string());
        }
        lines
    }

    fn flush(&mut self, line: &SourceLine<'t>, kept: &mut String) {
        if !kept.trim().is_empty() {
            self.push(line, kept);
        }
        kept.clear();
    }

    fn push(&mut self, line: &SourceLine<'t>, text: &str) {
        self.out.push(SourceLine { text: Cow::Owned(text.to_string()), ..*line });
    }
}

/// A tag of a component, or of a fragment, whose name is empty.
struct Tag<'l> {
    name: &'l str,
    attributes: &'l str,
    is_end: bool,
    is_empty: bool,
    length: usize,
}

impl<'l> Tag<'l> {
    fn at_start(text: &'l str) -> Option<Tag<'l>> {
        let inner = text.strip_prefix('<')?;
        let (inner, is_end) = match inner.strip_prefix('/') {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        let name = &inner[..inner.find(|c| !is_name(c)).unwrap_or(inner.len())];
        let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
        let is_fragment = name.is_empty() && inner.starts_with('>');
        if !(is_component || is_fragment) {
            return None;
        }
        let rest = &inner[name.len()..];
        if !rest.starts_with(['>', '/', ' ', '\t']) {
            return None;
        }
        let end = tag_end(rest)?;
        let attributes = &rest[..end];
        let is_empty = attributes.ends_with('/');
        let length = text.len() - inner.len() + name.len() + end + 1;
        Some(Tag { name, attributes: attributes.trim_end_matches('/'), is_end, is_empty, length })
    }

    /// Returns the value of an attribute: a text, in braces or not.
    fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            let start = rest.find(name)?;
            let is_word = rest[..start].ends_with([' ', '\t']);
            rest = &rest[start + name.len()..];
            let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| is_word) else { continue };
            let value = value.trim_start();
            let value = value.strip_prefix('{').unwrap_or(value).trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            return Some(value[1..].split(quote).next().unwrap_or("").to_string());
        }
    }
}

/// Returns where the `>` of a tag is; none in quotes or braces.
fn tag_end(text: &str) -> Option<usize> {
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, byte) in text.bytes().enumerate().take(MAX_BYTES) {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'{') => depth += 1,
            (None, b'}') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// Tells whether a line ends inside of a component's tag.
fn is_open(text: &str) -> bool {
    let Some(start) = text.rfind('<') else { return false };
    let after = &text[start + 1..];
    let name = after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.').len();
    after.starts_with(|c: char| c.is_ascii_uppercase())
        && after[name..].starts_with(|c: char| c.is_ascii_whitespace())
        && tag_end(&after[name..]).is_none()
        || after.starts_with(|c: char| c.is_ascii_uppercase()) && name == after.len()
}

fn is_module(text: &str) -> bool {
    let import = text.strip_prefix("import ").is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(['{', '*', '"', '\'']) || text.contains(" from ")
    });
    let export = text.strip_prefix("export ").is_some_and(|rest| {
        let word = rest.trim_start().split([' ', '{', '*', '(']).next().unwrap_or("");
        matches!(word, "" | "const" | "default" | "function" | "let" | "var" | "class" | "async")
    });
    import || export
}

/// Returns how long the code in a line is that `text` begins with; the
/// marks alone where it has no end.
fn code_len(text: &str) -> usize {
    let length = text.bytes().take_while(|byte| *byte == b'`').count();
    let marks = &text[..length];
    let text = &text[..text.floor_char_boundary(MAX_BYTES.max(length))];
    let mut from = length;
    while let Some(at) = text[from..].find(marks) {
        let start = from + at;
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == length {
            return start + length;
        }
        from = start + run;
    }
    length
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::source;
    use super::*;
    use crate::model::file::FileId;

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let mut places = Places::new(FileId(0), text, 0);
        let lines = source::lines(text)
            .enumerate()
            .map(|(idx, (offset, line))| SourceLine {
                text: Cow::Borrowed(line),
                number: idx as u32 + 1,
                end: (offset + line.len()) as u32,
            })
            .collect();
        let mut diags = Vec::new();
        let mut shown = String::new();
        for line in markdown(lines, &mut places, &mut diags) {
            shown.push_str(&format!("{:>2} {}\n", line.number, line.text));
        }
        diags.iter().for_each(|diag| shown.push_str(&format!("{}\n", diag.message)));
        expected.assert_eq(&shown);
    }

    #[test]
    fn modules_and_comments_are_left_out() {
        check(
            "import A from 'a';\nimport {\n  B,\n} from 'b';\n\n# T {/* c */}\n\nimport is a word\n{/* a\nb */}z `{/*`\n",
            expect![[r"
                 1 
                 2 
                 3 
                 4 
                 5 
                 6 # T 
                 7 
                 8 import is a word
                 9 
                10 z `{/*`
            "]],
        );
    }

    #[test]
    fn tabs_become_blocks() {
        check(
            "<Tabs>\n<TabItem\n  value=\"a\"\n  label={'A b'} default>\n\n```\n<X/>\n```\n\n</TabItem><TabItem value=\"c\">C</TabItem>\n</Tabs>\n",
            expect![[r"
                 1 
                 2 
                 2 //////////// tab | A b
                 2     new: true
                 2     select: true
                 2 
                 2 
                 5 
                 6 ```
                 7 <X/>
                 8 ```
                 9 
                10 
                10 ////////////
                10 
                10 //////////// tab | c
                10 
                10 C
                10 
                10 ////////////
                10 
                11 
            "]],
        );
    }

    #[test]
    fn of_other_components_the_inside_is_kept() {
        check(
            "a <Hint x={() => 1}>*b*</Hint> c <Foo /> 1 < 2 <b>x</b> <name>\n\n<Admonition type=\"tip\" title=\"T\">\nx\n</Admonition>\n<>y</>\n",
            expect![[r"
                 1 a *b* c  1 < 2 <b>x</b> <name>
                 2 
                 3 
                 3 //////////// tip | T
                 3 
                 3 
                 4 x
                 5 
                 5 ////////////
                 5 
                 6 y
                component `Hint`, `Foo` is left out; what is inside of it is shown
            "]],
        );
    }
}
