//! Code blocks: what a fence's info line says, and their HTML.

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
    /// Ranges of marked lines, 1-based, both ends included.
    pub(super) marked: Vec<(u32, u32)>,
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
    fn set_language(&mut self, word: &str) {
        let word = word.trim_start_matches('.');
        let is_language = (1..=40).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+#._-".contains(&byte));
        if is_language && self.language.is_empty() {
            self.language = word.to_ascii_lowercase();
        }
    }

    fn add_options(&mut self, text: &str) {
        let Some(attrs) = attrs::parse(text.trim_start_matches(',').trim()) else {
            return;
        };
        if let Some(class) = attrs.classes.first() {
            self.set_language(class);
        }
        for (name, value) in attrs.others {
            match name.as_str() {
                "title" => self.title = Some(value).filter(|title| !title.trim().is_empty()),
                "linenums" => {
                    let first = value.split_ascii_whitespace().next().and_then(|word| word.parse().ok());
                    self.first_number = first.filter(|number| *number > 0);
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

fn ranges(text: &str) -> Vec<(u32, u32)> {
    let range = |word: &str| {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    text.split([' ', ',']).filter_map(range).take(200).collect()
}

/// Returns the HTML of a code block.
pub(super) fn html(info: &Info, code: &str, is_highlighted: bool) -> String {
    let body = match is_highlighted && !info.language.is_empty() {
        true => highlight::html(&info.language, code),
        false => crate::base::text::escape_html(code).into_owned(),
    };
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
        attrs::write_attribute(&mut out, "class", &format!("language-{}", info.language));
    }
    out.push('>');
    match has_numbers || !info.marked.is_empty() {
        true => push_lines(&mut out, info, &body),
        false => out.push_str(&body),
    }
    out.push_str("</code></pre></div>\n");
    out
}

fn push_lines(out: &mut String, info: &Info, body: &str) {
    for (idx, line) in body.split_inclusive('\n').enumerate() {
        let number = idx as u32 + 1;
        let is_marked = info.is_marked(number);
        if is_marked {
            out.push_str("<span class=\"hll\">");
        }
        if let Some(first) = info.first_number {
            out.push_str(&format!(
                "<span class=\"ln\" data-ln=\"{}\"></span>",
                first.saturating_add(idx as u32)
            ));
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
        };
        assert_eq!(info(line), expected, "{line}");
    }

    #[test]
    fn info_lines_of_many_tools_are_read() {
        check("", "", None, None, &[]);
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
    }

    #[test]
    fn lines_are_marked_and_numbered() {
        let html = html(&info("{hl_lines=2 linenums=9}"), "a\n<\n", true);
        assert_eq!(
            html,
            "<div class=\"cb-code linenums\"><pre tabindex=\"0\"><code><span class=\"ln\" data-ln=\"9\"></span>a\n\
             <span class=\"hll\"><span class=\"ln\" data-ln=\"10\"></span>&lt;\n</span></code></pre></div>\n"
        );
    }
}
