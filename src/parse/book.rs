//! mdBook's `book.toml` and `SUMMARY.md`, read as the configuration of a
//! docs source.

use std::ops::Range;

use crate::base::text::Lines;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::extensions::{BookSwitches, Extensions};
use crate::model::file::{FileId, folder_of, join};
use crate::model::mkdocs::{DocsConfig, NavEntry, NavTarget, Redirect};

/// Chapters below this depth are not nested further.
const MAX_DEPTH: usize = 8;

/// Reads mdBook's `book.toml`. `None` when it is no book: without
/// `[book]`, or a portal of its own.
pub fn config(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> Option<DocsConfig> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        diags.push(codes::docs::docs_config_broken(Span::of_file(file), "it is not UTF-8"));
        return None;
    };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let span = span(file, &Lines::new(text), range);
            diags.push(codes::docs::docs_config_broken(span, error.message()));
            return None;
        }
    };
    if table.contains_key("portal") || table.contains_key("source") {
        diags.push(codes::docs::nested_portal(Span::of_file(file)));
        return None;
    }
    let book = table.get("book")?.as_table()?;
    let text_of = |key: &str| book.get(key).and_then(toml::Value::as_str).map(Box::from);
    let html = table.get("output").and_then(|output| output.get("html"));
    let html_text = |key: &str| html.and_then(|html| html.get(key)).and_then(toml::Value::as_str);
    Some(DocsConfig {
        site_name: text_of("title"),
        site_description: text_of("description"),
        docs_dir: text_of("src").map(|src| (src, None)),
        repo_url: html_text("git-repository-url").map(Box::from),
        // mdBook's path begins at the root of the repository.
        edit_uri_template: html_text("edit-url-template").map(|text| edit_template(text, book).into()),
        redirects: redirects(file, html),
        extensions: extensions(html),
        ..DocsConfig::default()
    })
}

/// Returns the template of mdBook with the folder of the chapters put
/// before their paths.
fn edit_template(template: &str, book: &toml::Table) -> String {
    let src = book.get("src").and_then(toml::Value::as_str).unwrap_or("src").trim_matches('/');
    match src {
        "" | "." => template.to_string(),
        src => template.replace("{path}", &format!("{src}/{{path}}")),
    }
}

/// Reads what changes how the text of a page is read.
fn extensions(html: Option<&toml::Value>) -> Extensions {
    let of_html = |key: &str| html.and_then(|html| html.get(key));
    let prefixes = of_html("code").and_then(|code| code.get("hidelines")).and_then(toml::Value::as_table);
    let prefix = |(language, prefix): (&String, &toml::Value)| {
        let prefix = prefix.as_str().filter(|prefix| !prefix.is_empty())?;
        Some((Box::from(language.as_str()), Box::from(prefix)))
    };
    let switch = |key: &str| of_html(key).and_then(toml::Value::as_bool);
    let off = BookSwitches {
        // The second is what it was called before.
        smart_punctuation: switch("smart-punctuation").or(switch("curly-quotes")) == Some(false),
        definition_lists: switch("definition-lists") == Some(false),
        admonitions: switch("admonitions") == Some(false),
    };
    Extensions {
        off,
        mathjax: switch("mathjax-support").unwrap_or(false),
        hidden_prefixes: prefixes.into_iter().flatten().filter_map(prefix).collect(),
        ..Extensions::default()
    }
}

/// Reads `[output.html.redirect]`: the target is relative to the page
/// that leads on.
fn redirects(file: FileId, html: Option<&toml::Value>) -> Vec<Redirect> {
    let table = html.and_then(|html| html.get("redirect")).and_then(toml::Value::as_table);
    let redirect = |(from, to): (&String, &toml::Value)| {
        let (from, to) = (from.trim_start_matches('/'), to.as_str()?);
        let is_relative = !to.starts_with('/') && !to.contains("://");
        let resolved = is_relative.then(|| join(folder_of(from), to)).flatten();
        Some(Redirect {
            from: from.into(),
            to: resolved.as_deref().unwrap_or(to).into(),
            span: Span::of_file(file),
        })
    };
    table.into_iter().flatten().filter_map(redirect).collect()
}

/// Reads the chapters of `SUMMARY.md`: links at the left margin, parts
/// under headings, nested lists.
pub fn summary(file: FileId, bytes: &[u8]) -> Vec<NavEntry> {
    let text = String::from_utf8_lossy(bytes);
    let lines = Lines::new(&text);
    // The path of open lists: (indent, entries). The first is the top or
    // the part.
    let mut top: Vec<NavEntry> = Vec::new();
    let mut part: Option<NavEntry> = None;
    let mut open: Vec<(usize, Vec<NavEntry>)> = vec![(0, Vec::new())];
    let mut offset = 0;
    for (line_idx, line) in text.split_inclusive('\n').enumerate() {
        let start = offset;
        offset += line.len();
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let heading = content.strip_prefix("# ").filter(|_| indent == 0);
        if let Some(title) = heading {
            // The title of the summary itself is no part.
            if line_idx == 0
                || (top.is_empty() && part.is_none() && open[0].1.is_empty() && title == "Summary")
            {
                continue;
            }
            close_part(&mut top, &mut part, &mut open);
            let title_span = span(file, &lines, start + indent..start + indent + content.len());
            part = Some(NavEntry {
                title: Some(title.trim().into()),
                target: NavTarget::Section(Vec::new()),
                span: title_span,
            });
            continue;
        }
        if content.len() >= 3 && content.bytes().all(|byte| byte == b'-') {
            close_part(&mut top, &mut part, &mut open);
            continue;
        }
        let item = content.strip_prefix(['-', '*', '+']).map(str::trim_start);
        let Some((title, path)) = link(item.unwrap_or(content)) else { continue };
        let at = span(file, &lines, start + indent..start + indent + content.len());
        let entry = NavEntry { title: Some(title.into()), target: NavTarget::Path(path.into()), span: at };
        if item.is_none() {
            close_part(&mut top, &mut part, &mut open);
            top.push(entry);
            continue;
        }
        nest(&mut open, indent, entry);
    }
    close_part(&mut top, &mut part, &mut open);
    top.into_iter().filter(|entry| entry.target != NavTarget::Path("".into())).collect()
}

/// Adds a chapter below the last one that is indented less.
fn nest(open: &mut Vec<(usize, Vec<NavEntry>)>, indent: usize, entry: NavEntry) {
    while open.len() > 1 && open[open.len() - 1].0 > indent {
        fold(open);
    }
    let depth = open.len();
    let (last_indent, entries) = open.last_mut().expect("the top never closes");
    if entries.is_empty() {
        *last_indent = indent;
        entries.push(entry);
    } else if indent > *last_indent && depth < MAX_DEPTH {
        open.push((indent, vec![entry]));
    } else {
        entries.push(entry);
    }
}

/// Closes the innermost list: its chapter becomes a section that begins
/// with the chapter's own page.
fn fold(open: &mut Vec<(usize, Vec<NavEntry>)>) {
    let Some((_, children)) = open.pop() else { return };
    let Some((_, siblings)) = open.last_mut() else { return };
    let Some(parent) = siblings.pop() else { return };
    let (title, at) = (parent.title.clone(), parent.span);
    let has_page = parent.target != NavTarget::Path("".into());
    let mut items = if has_page { vec![parent] } else { Vec::new() };
    items.extend(children.into_iter().filter(|child| child.target != NavTarget::Path("".into())));
    siblings.push(NavEntry { title, target: NavTarget::Section(items), span: at });
}

fn close_part(top: &mut Vec<NavEntry>, part: &mut Option<NavEntry>, open: &mut Vec<(usize, Vec<NavEntry>)>) {
    while open.len() > 1 {
        fold(open);
    }
    let (_, mut chapters) = std::mem::take(&mut open[0]);
    chapters.retain(|chapter| chapter.target != NavTarget::Path("".into()));
    match part.take() {
        Some(mut part) if !chapters.is_empty() => {
            part.target = NavTarget::Section(chapters);
            top.push(part);
        }
        _ => top.append(&mut chapters),
    }
}

/// Reads `[title](path)` at the beginning of a text.
pub fn link(text: &str) -> Option<(String, String)> {
    let rest = text.strip_prefix('[')?;
    let end = rest.find("](")?;
    let after = &rest[end + 2..];
    let close = after.rfind(')')?;
    let path = after[..close].trim();
    let path = path.strip_prefix('<').and_then(|path| path.strip_suffix('>')).unwrap_or(path);
    // A title in quotes may follow the path.
    let path = path.split_once(" \"").map_or(path, |(path, _)| path);
    let title = rest[..end].replace(['`', '*', '\\'], "");
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .map_or(path.to_string(), |path| path.into_owned());
    Some((title.trim().to_string(), path.trim_start_matches("./").to_string()))
}

pub fn span(file: FileId, lines: &Lines, range: Range<usize>) -> Span {
    let (line, column) = lines.line_column(range.start);
    Span { file, start: range.start as u32, end: range.end as u32, line, column }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check_summary(text: &str, expected: Expect) {
        let mut lines = Vec::new();
        show(&summary(FileId(0), text.as_bytes()), 0, &mut lines);
        expected.assert_eq(&lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    }

    fn show(nav: &[NavEntry], depth: usize, lines: &mut Vec<String>) {
        for entry in nav {
            let (indent, title) = ("  ".repeat(depth), entry.title.as_deref().unwrap_or("-"));
            let (line, column) = (entry.span.line, entry.span.column);
            match &entry.target {
                NavTarget::Path(path) => lines.push(format!("{indent}{title} = {path} @{line}:{column}")),
                NavTarget::Section(items) => {
                    lines.push(format!("{indent}{title}: @{line}:{column}"));
                    show(items, depth + 1, lines);
                }
            }
        }
    }

    #[test]
    fn summaries_become_navigations() {
        check_summary(
            "# Summary\n\n[Intro](README.md)\n\n# Guide\n\n- [Install](guide/install.md)\n- [Use `it`](./guide/use.md)\n    - \
             [Deep](guide/deep.md)\n        * [Deeper](<guide/deeper one.md>)\n    - [Draft]()\n- [Last](a%20b.md \"t\")\n\n---\n\n[People](people.md)\n",
            expect![[r#"
                Intro = README.md @3:1
                Guide: @5:1
                  Install = guide/install.md @7:1
                  Use it: @8:1
                    Use it = guide/use.md @8:1
                    Deep: @9:5
                      Deep = guide/deep.md @9:5
                      Deeper = guide/deeper one.md @10:9
                  Last = a b.md @12:1
                People = people.md @16:1
            "#]],
        );
        check_summary(
            "- [A](a.md)\n- [Draft]()\n  - [B](b.md)\ntext\n- no link\n",
            expect![[r#"
            A = a.md @1:1
            Draft: @2:1
              B = b.md @3:3
        "#]],
        );
        check_summary(
            "  - [A](a.md)\n- [B](b.md)\n",
            expect![[r#"
            A = a.md @1:3
            B = b.md @2:1
        "#]],
        );
        check_summary("", expect![""]);
    }

    #[track_caller]
    fn check_book(text: &str, expected: Expect) {
        let mut diags = Vec::new();
        let config = config(FileId(0), text.as_bytes(), &mut diags);
        let config = config.map(|config| (config.site_name, config.site_description, config.docs_dir));
        let said: Vec<String> =
            diags.iter().map(|diag| format!("{}: {}", diag.code.id, diag.message)).collect();
        expected.assert_eq(&format!("{config:?}; {}.\n", said.join(" ")));
    }

    #[test]
    fn only_books_are_books() {
        check_book(
            "[book]\ntitle = \"T\"\ndescription = \"D\"\nsrc = \"text\"\n",
            expect![[r#"
                Some((Some("T"), Some("D"), Some(("text", None)))); .
            "#]],
        );
        check_book(
            "[book]\n",
            expect![[r#"
                Some((None, None, None)); .
            "#]],
        );
        check_book(
            "[package]\n",
            expect![[r#"
                None; .
            "#]],
        );
        check_book(
            "[book]\n[portal]\n",
            expect![[r#"
                None; nested-portal: this `book.toml` is a portal of its own and is not followed.
            "#]],
        );
        check_book(
            "[book]\n[[source]]\npath = \"/\"\n",
            expect![[r#"
                None; nested-portal: this `book.toml` is a portal of its own and is not followed.
            "#]],
        );
        check_book(
            "[book\n",
            expect![[r#"
                None; docs-config-broken: this docs configuration is not used: unclosed table, expected `]`.
            "#]],
        );
    }
}
