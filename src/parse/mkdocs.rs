//! `mkdocs.yml`, read tolerantly: unknown keys and tags are no trouble,
//! a broken file leaves the defaults. The environment is never read and
//! nothing that the file names is ever run.

use super::yaml;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Severity, Span};
use crate::model::file::FileId;
use crate::model::mkdocs::{DocsConfig, NavEntry, NavTarget};
use crate::model::yaml::{Node, Value};

/// Sections of `nav` below this depth are flattened into it.
const MAX_NAV_DEPTH: usize = 8;
/// Keys that would run code or scripts of the repository.
const ACTIVE_KEYS: &[&str] = &["hooks", "extra_javascript", "extra_templates"];
/// Plugins that generate or run content, without which pages differ.
const ACTIVE_PLUGINS: &[&str] =
    &["macros", "gen-files", "exec", "markdown-exec", "simple-hooks", "mkdocs-simple-hooks", "mkdocstrings"];

/// Reads `mkdocs.yml`. What cannot be read is left at its default.
pub fn config(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> DocsConfig {
    let Ok(text) = std::str::from_utf8(bytes) else {
        diags.push(codes::docs::docs_config_broken(Span::of_file(file), "it is not UTF-8"));
        return DocsConfig::default();
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let before = diags.len();
    let documents = yaml::documents(file, text, diags);
    let Some(document) = documents.into_iter().next() else {
        let is_reported = diags[before..].iter().any(|diag| diag.severity() == Severity::Error);
        if !is_reported {
            diags.push(codes::docs::docs_config_broken(Span::of_file(file), "it is empty"));
        }
        return DocsConfig::default();
    };
    of_node(&document.root, diags)
}

fn of_node(root: &Node, diags: &mut Vec<Diagnostic>) -> DocsConfig {
    if root.mapping().is_none() {
        let what = format!("it is {}, expected a mapping", root.what());
        diags.push(codes::docs::docs_config_broken(root.span, &what));
        return DocsConfig::default();
    }
    ignored(root, diags);
    DocsConfig {
        site_name: text(root, "site_name", diags),
        site_description: text(root, "site_description", diags),
        docs_dir: text(root, "docs_dir", diags).map(|dir| (dir, root.get("docs_dir").map(|node| node.span))),
        nav: root.get("nav").or_else(|| root.get("pages")).and_then(|nav| self::nav(nav, diags)),
        repo_url: text(root, "repo_url", diags),
        edit_uri: text(root, "edit_uri", diags),
        exclude_docs: patterns(root, "exclude_docs"),
        not_in_nav: patterns(root, "not_in_nav"),
    }
}

/// Names everything that would run code, in one diagnostic.
fn ignored(root: &Node, diags: &mut Vec<Diagnostic>) {
    let mut first: Option<Span> = None;
    let mut names: Vec<String> = Vec::new();
    let mut add = |span: Span, name: String| {
        first = Some(first.map_or(span, |first| if span.start < first.start { span } else { first }));
        if !names.contains(&name) {
            names.push(name);
        }
    };
    for key in ACTIVE_KEYS {
        if let Some((key_node, value)) = root.entry(key)
            && !value.is_null()
        {
            add(key_node.span, format!("`{key}`"));
        }
    }
    if let Some((key_node, value)) = root.get("theme").and_then(|theme| theme.entry("custom_dir"))
        && !value.is_null()
    {
        add(key_node.span, "`theme.custom_dir`".to_string());
    }
    for (name, span) in plugins(root) {
        if ACTIVE_PLUGINS.contains(&name) {
            add(span, format!("`plugins.{name}`"));
        }
    }
    for (key, value) in root.mapping().unwrap_or(&[]) {
        let is_bare_env = is_env(value) && env_default(value).is_none();
        if let Some(key) = key.scalar()
            && is_bare_env
        {
            add(value.span, format!("`!ENV` of `{}`", key.text));
        }
    }
    if let Some((key_node, _)) = root.entry("INHERIT") {
        add(key_node.span, "`INHERIT`".to_string());
    }
    if let Some(span) = first {
        diags.push(codes::docs::docs_config_ignored(span, &names));
    }
}

/// Returns the names of the plugins: a list of names or of mappings, or
/// a mapping.
fn plugins(root: &Node) -> Vec<(&str, Span)> {
    let Some(plugins) = root.get("plugins") else {
        return Vec::new();
    };
    let entries = plugins.mapping().unwrap_or(&[]).iter();
    let items = plugins.sequence().unwrap_or(&[]).iter();
    let keyed =
        items.clone().flat_map(|item| item.mapping().unwrap_or(&[])).chain(entries).map(|(key, _)| key);
    items.chain(keyed).filter_map(|node| Some((node.text()?, node.span))).collect()
}

fn text(root: &Node, key: &str, diags: &mut Vec<Diagnostic>) -> Option<Box<str>> {
    let written = root.get(key)?;
    let node = if is_env(written) { env_default(written)? } else { written };
    if node.is_null() {
        return None;
    }
    match node.text() {
        Some(text) => Some(text.trim().into()),
        None => {
            diags.push(codes::docs::docs_config_value(node.span, key, node.what(), "a text"));
            None
        }
    }
}

fn is_env(node: &Node) -> bool {
    node.tag.as_deref().is_some_and(|tag| tag.trim_start_matches('!') == "ENV")
}

/// Returns the default of `!ENV [VARIABLE, default]`.
fn env_default(node: &Node) -> Option<&Node> {
    match node.sequence()? {
        [_, .., default] => Some(default),
        _ => None,
    }
}

/// Reads patterns in gitignore's syntax, one a line, or as a list.
fn patterns(root: &Node, key: &str) -> Vec<Box<str>> {
    const MAX_PATTERNS: usize = 1000;
    let Some(node) = root.get(key) else {
        return Vec::new();
    };
    let items = node.sequence().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(Node::text).flat_map(str::lines).map(Box::from).take(MAX_PATTERNS).collect()
}

/// Reads `nav`; `None` when there is none, so that it is derived.
fn nav(node: &Node, diags: &mut Vec<Diagnostic>) -> Option<Vec<NavEntry>> {
    if node.is_null() {
        return None;
    }
    if is_env(node) {
        return env_default(node).and_then(|node| nav(node, diags));
    }
    let mut entries = Vec::new();
    push_entries(node, 1, &mut entries, diags);
    Some(entries)
}

// The reader of YAML limits how deep a document may be nested.
fn push_entries(node: &Node, depth: usize, entries: &mut Vec<NavEntry>, diags: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Scalar(_) => match node.text() {
            Some(path) => {
                let target = NavTarget::Path(path.trim().into());
                entries.push(NavEntry { title: None, target, span: node.span });
            }
            None => diags.push(codes::docs::nav_entry(node.span, "it is empty")),
        },
        // A list in a list is part of the list around it.
        Value::Sequence(items) => items.iter().for_each(|item| push_entries(item, depth, entries, diags)),
        Value::Mapping(pairs) => {
            pairs.iter().for_each(|(key, value)| push_titled(key, value, depth, entries, diags));
        }
    }
}

fn push_titled(
    key: &Node,
    value: &Node,
    depth: usize,
    entries: &mut Vec<NavEntry>,
    diags: &mut Vec<Diagnostic>,
) {
    let title = key.text().map(str::trim).filter(|title| !title.is_empty());
    let shown = title.unwrap_or("");
    if value.is_null() {
        // `- page.md:` is a page whose colon slipped in.
        let is_page = shown.ends_with(".md");
        match is_page {
            true => {
                entries.push(NavEntry { title: None, target: NavTarget::Path(shown.into()), span: key.span })
            }
            false => diags.push(codes::docs::nav_entry(key.span, &format!("`{shown}` has no page"))),
        }
        return;
    }
    if let Some(path) = value.text() {
        let target = NavTarget::Path(path.trim().into());
        entries.push(NavEntry { title: title.map(Box::from), target, span: value.span });
        return;
    }
    let mut items = Vec::new();
    push_entries(value, depth + 1, &mut items, diags);
    if depth > MAX_NAV_DEPTH {
        entries.append(&mut items);
        return;
    }
    let target = NavTarget::Section(items);
    entries.push(NavEntry { title: Some(shown.into()), target, span: key.span });
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Shows what was read and what was said, a line each.
    fn shown(text: &[u8]) -> String {
        let mut diags = Vec::new();
        let config = config(FileId(0), text, &mut diags);
        let mut lines = Vec::new();
        let mut field = |name: &str, value: &Option<Box<str>>| {
            lines.extend(value.as_ref().map(|value| format!("{name}: {value}")));
        };
        field("site_name", &config.site_name);
        field("description", &config.site_description);
        field("docs_dir", &config.docs_dir.map(|(dir, _)| dir));
        field("repo_url", &config.repo_url);
        field("edit_uri", &config.edit_uri);
        for (name, patterns) in [("exclude", config.exclude_docs), ("not_in_nav", config.not_in_nav)] {
            lines.extend(patterns.iter().map(|pattern| format!("{name}: {pattern}")));
        }
        if let Some(nav) = &config.nav {
            lines.push("nav:".to_string());
            show_nav(nav, 1, &mut lines);
        }
        lines.extend(diags.iter().map(|diag| {
            let line = diag.span.map_or(0, |span| span.line);
            format!("{line}: {} {}: {}", diag.severity().name(), diag.code.id, diag.message)
        }));
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    fn show_nav(nav: &[NavEntry], depth: usize, lines: &mut Vec<String>) {
        for entry in nav {
            let (indent, title) = ("  ".repeat(depth), entry.title.as_deref().unwrap_or("-"));
            match &entry.target {
                NavTarget::Path(path) => lines.push(format!("{indent}{title} = {path} @{}", entry.span.line)),
                NavTarget::Section(items) => {
                    lines.push(format!("{indent}{title}: @{}", entry.span.line));
                    show_nav(items, depth + 1, lines);
                }
            }
        }
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&shown(text.as_bytes()));
    }

    #[test]
    fn reads_the_usual_keys() {
        check(
            "site_name: Payments\nsite_description: How it works\ndocs_dir: doc\nrepo_url: https://x.example/r\n\
             edit_uri: edit/main/doc\ntheme:\n  name: material\nplugins: [techdocs-core]\nsite_dir: /tmp/x\n",
            expect![[r#"
                site_name: Payments
                description: How it works
                docs_dir: doc
                repo_url: https://x.example/r
                edit_uri: edit/main/doc
            "#]],
        );
        check(
            "site_name: 1.10\nexclude_docs: |\n  drafts/\n  *.tmp\nnot_in_nav: /a.md\n",
            expect![[r#"
            site_name: 1.10
            exclude: drafts/
            exclude: *.tmp
            not_in_nav: /a.md
        "#]],
        );
    }

    #[test]
    fn nav_takes_every_form() {
        check(
            "nav:\n- index.md\n- Setup: setup.md\n- Guides:\n  - guides/a.md\n  - B: guides/b.md\n  - Deep:\n    - C: c.md\n- Chat: https://chat.example\n",
            expect![[r#"
                nav:
                  - = index.md @2
                  Setup = setup.md @3
                  Guides: @4
                    - = guides/a.md @5
                    B = guides/b.md @6
                    Deep: @7
                      C = c.md @8
                  Chat = https://chat.example @9
            "#]],
        );
        check(
            "nav:\n  Home: index.md\n  More:\n    A: a.md\n",
            expect![[r#"
            nav:
              Home = index.md @2
              More: @3
                A = a.md @4
        "#]],
        );
        check("nav:\n", expect![""]);
        check(
            "nav: index.md\n",
            expect![[r#"
            nav:
              - = index.md @1
        "#]],
        );
        check(
            "nav:\n- Empty:\n- a.md:\n-\n- b.md\n",
            expect![[r#"
            nav:
              - = a.md @3
              - = b.md @5
            2: warning nav-entry: entry of the navigation is left out: `Empty` has no page
            4: warning nav-entry: entry of the navigation is left out: it is empty
        "#]],
        );
    }

    #[test]
    fn tags_survive_and_the_environment_is_not_read() {
        check(
            "site_name: !ENV [PATH, HOME, Fallback]\nrepo_url: !ENV PATH\nmarkdown_extensions:\n- pymdownx.emoji:\n    \
             emoji_index: !!python/name:material.extensions.emoji.twemoji\n    slug: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n",
            expect![[r#"
                site_name: Fallback
                2: warning docs-config-ignored: not supported and ignored: `!ENV` of `repo_url`
            "#]],
        );
    }

    #[test]
    fn what_would_run_code_is_named_once() {
        check(
            "site_name: x\nhooks: [a.py]\nplugins:\n- search\n- macros\n- gen-files:\n    scripts: [a.py]\nextra_javascript: [x.js]\ntheme:\n  name: material\n  custom_dir: overrides\n",
            expect![[r#"
                site_name: x
                2: warning docs-config-ignored: not supported and ignored: `hooks`, `extra_javascript`, `theme.custom_dir`, `plugins.macros`, `plugins.gen-files`
            "#]],
        );
        check(
            "plugins:\n  search: {}\n  macros:\n    module_name: x\n",
            expect![[r#"
            3: warning docs-config-ignored: not supported and ignored: `plugins.macros`
        "#]],
        );
    }

    #[test]
    fn broken_files_leave_the_defaults() {
        check(
            "",
            expect![[r#"
            1: error docs-config-broken: this docs configuration is not used: it is empty
        "#]],
        );
        check(
            "- a\n- b\n",
            expect![[r#"
            1: error docs-config-broken: this docs configuration is not used: it is a list, expected a mapping
        "#]],
        );
        check(
            "site_name: [a\n",
            expect![[r#"
            1: error yaml-syntax: invalid YAML: `[` is never closed
        "#]],
        );
        check(
            "site_name: {a: b}\ndocs_dir: [x]\n",
            expect![[r#"
            1: warning docs-config-value: `site_name` is a mapping, expected a text
            2: warning docs-config-value: `docs_dir` is a list, expected a text
        "#]],
        );
        expect![[r#"
            1: error docs-config-broken: this docs configuration is not used: it is not UTF-8
        "#]]
        .assert_eq(&shown(b"site_name: \xff\n"));
        expect![[r#"
            site_name: Marked
        "#]]
        .assert_eq(&shown(b"\xef\xbb\xbfsite_name: Marked\r\n"));
    }

    #[test]
    fn deep_sections_are_flattened() {
        let mut text = "nav:\n".to_string();
        for depth in 0..12 {
            text.push_str(&format!("{}- s{depth}:\n", "  ".repeat(depth)));
        }
        text.push_str(&format!("{}- a.md\n", "  ".repeat(12)));
        check(
            &text,
            expect![[r#"
                nav:
                  s0: @2
                    s1: @3
                      s2: @4
                        s3: @5
                          s4: @6
                            s5: @7
                              s6: @8
                                s7: @9
                                  - = a.md @14
            "#]],
        );
    }
}
