//! What is read of `mkdocs.yml`, and what is said of it.

use expect_test::{Expect, expect};

use super::*;
use crate::model::mkdocs::{NavEntry, NavTarget};

/// Shows what was read and what was said, a line each.
fn shown(text: &[u8]) -> String {
    let mut diags = Vec::new();
    let bases = |_, path: &str| {
        let base =
            "site_name: Base\ntheme: {name: x}\nnav: [b.md]\nmarkdown_extensions:\n  toc: {toc_depth: 3}\n";
        (path == "../base.yml").then(|| (FileId(7), base.as_bytes().to_vec()))
    };
    let config = config(FileId(0), text, &bases, &mut diags);
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

#[test]
fn a_configuration_is_laid_over_the_one_that_it_inherits_from() {
    check(
        "INHERIT: ../base.yml\nsite_description: Own\nmarkdown_extensions:\n  toc: {permalink: true}\n",
        expect![[r#"
            site_name: Base
            description: Own
            nav:
              - = b.md @3
        "#]],
    );
    check(
        "INHERIT: ../../elsewhere.yml\nsite_name: Own\n",
        expect![[r#"
        site_name: Own
        1: warning docs-config-inherit: `INHERIT` is not followed: `../../elsewhere.yml` is not a file of the repository
    "#]],
    );
}

#[test]
fn what_is_not_there_is_named_once() {
    check(
        "plugins:\n- mike\n- material/social\n- redirects: {redirect_maps: {a.md: b.md}}\n- new: {x: y}\n\
         markdown_extensions:\n- toc: {toc_depth: 2-3, slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}\n\
         - markdown.extensions.tables\n- pymdownx.arithmatex: {generic: true}\n- acme.x\n",
        expect![[r#"
            2: info docs-config-unsupported: not supported: `plugins.mike` (only the version that is checked out is shown), `plugins.social` (there are no pictures for social media), `plugins.new` (what it adds to pages is missing), `markdown_extensions.acme.x` (its syntax stays as it is written)
        "#]],
    );
}

#[track_caller]
fn check_order(what: &str, text: &str, expected: Expect) {
    let mut diags = Vec::new();
    let order = match what {
        "category" => orders::category(FileId(0), text.as_bytes(), &mut diags),
        _ => orders::pages(FileId(0), text.as_bytes(), &mut diags),
    };
    let mut lines = vec![format!(
        "{:?} {:?} {:?} hidden {} {:?}",
        order.title, order.position, order.sort, order.is_hidden, order.collapse
    )];
    show_nav(order.nav.as_deref().unwrap_or(&[]), 1, &mut lines);
    lines.extend(diags.iter().map(|diag| format!("{}: {}", diag.code.id, diag.message)));
    expected.assert_eq(&lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn files_order_folders() {
    check_order(
        "pages",
        "title: T\norder: desc\nsort_type: natural\norder_by: title\n",
        expect![[r#"
            Some("T") None Sort { is_descending: Some(true), by_title: Some(true), is_natural: true, ignores_case: false, has_index_first: false } hidden false Collapse { own: None, below: None }
        "#]],
    );
    check_order(
        "pages",
        "hide: true\ncollapse: yes\narrange: [b.md, '...']\n",
        expect![[r#"
            None None Sort { is_descending: None, by_title: None, is_natural: false, ignores_case: false, has_index_first: false } hidden true Collapse { own: Some(true), below: None }
              - = b.md @3
              - = ... @3
        "#]],
    );
    check_order(
        "pages",
        "- not a mapping\n",
        expect![[r#"
            None None Sort { is_descending: None, by_title: None, is_natural: false, ignores_case: false, has_index_first: false } hidden false Collapse { own: None, below: None }
        "#]],
    );
    check_order(
        "pages",
        "nav: [a",
        expect![[r#"
            None None Sort { is_descending: None, by_title: None, is_natural: false, ignores_case: false, has_index_first: false } hidden false Collapse { own: None, below: None }
            yaml-syntax: invalid YAML: `[` is never closed
        "#]],
    );
    check_order(
        "category",
        "{\"label\": \"L\", \"position\": 2.5}",
        expect![[r#"
            Some("L") Some(2500) Sort { is_descending: None, by_title: None, is_natural: false, ignores_case: false, has_index_first: false } hidden false Collapse { own: None, below: None }
        "#]],
    );
    check_order(
        "category",
        "position: .inf\n",
        expect![[r#"
            None None Sort { is_descending: None, by_title: None, is_natural: false, ignores_case: false, has_index_first: false } hidden false Collapse { own: None, below: None }
        "#]],
    );
}

#[track_caller]
fn check_literate(text: &str, expected: Expect) {
    let mut lines = Vec::new();
    show_nav(&orders::literate(FileId(0), text.as_bytes()).unwrap_or_default(), 0, &mut lines);
    expected.assert_eq(&lines.iter().map(|line| format!("{line}\n")).collect::<String>());
}

#[test]
fn a_literate_navigation_is_a_nested_list() {
    check_literate(
        "# Title\n\n* [Home](index.md)\n* Guides\n    - [A](a.md)\n        + [Deep](b.md)\n    - guides/*.md\n* [Dir](dir/)\n* *\n* [Out](https://x.example)\n",
        expect![[r#"
            Home = index.md @3
            Guides: @4
              A: @5
                - = a.md @5
                Deep = b.md @6
              - = guides/*.md @7
            Dir = dir/ @8
            - = * @9
            Out = https://x.example @10
        "#]],
    );
    check_literate(
        "- [Old](old.md)\n\n<!--nav-->\n\n- [New](new.md)\n",
        expect![[r#"
        New = new.md @5
    "#]],
    );
    check_literate("no list\n", expect![[""]]);
    check_literate(
        &(0..20).map(|depth| format!("{}- s{depth}\n", "  ".repeat(depth))).collect::<String>(),
        expect![[r#"
            s0: @1
              s1: @2
                s2: @3
                  s3: @4
                    s4: @5
                      s5: @6
                        s6: @7
                          s7: @8
                          s8: @9
                          s9: @10
                          s10: @11
                          s11: @12
                          s12: @13
                          s13: @14
                          s14: @15
                          s15: @16
                          s16: @17
                          s17: @18
                          s18: @19
                          s19: @20
        "#]],
    );
}
