//! `markdown_extensions` of `mkdocs.yml`, as far as a page depends on it.

mod inline;
mod magiclink;

use crate::model::extensions::{Critic, Extensions, MathSyntax, SlugRule, TabIds};
use crate::model::yaml::Node;

/// How many folders and files a setting may name.
const MAX_NAMES: usize = 32;

/// Reads the value of `markdown_extensions`: a list of names and of
/// mappings, or a mapping.
pub fn extensions(node: &Node) -> Extensions {
    let mut found = Extensions::default();
    for item in node.sequence().unwrap_or(&[]) {
        match item.mapping() {
            Some(entries) => {
                entries.iter().for_each(|(name, settings)| add(&mut found, name, Some(settings)))
            }
            None => add(&mut found, item, None),
        }
    }
    for (name, settings) in node.mapping().unwrap_or(&[]) {
        add(&mut found, name, Some(settings));
    }
    found
}

fn add(found: &mut Extensions, name: &Node, settings: Option<&Node>) {
    let settings = settings.filter(|settings| settings.mapping().is_some());
    let name = name.text().map(|name| name.strip_prefix("markdown.extensions.").unwrap_or(name));
    match name {
        Some("pymdownx.arithmatex") => found.math = Some(inline::math(settings)),
        Some("mdx_math" | "markdown_katex") => found.math = Some(MathSyntax::ALL),
        Some("pymdownx.snippets") => {
            found.snippet_bases = names(settings.and_then(|settings| settings.get("base_path")));
            found.appended = names(settings.and_then(|settings| settings.get("auto_append")));
        }
        Some("pymdownx.magiclink") => found.magic = settings.and_then(magiclink::links),
        Some("toc") => {
            if let Some(settings) = settings {
                add_toc(found, settings);
            }
        }
        Some("pymdownx.highlight" | "codehilite") => {
            if let Some(settings) = settings {
                add_code(found, settings);
            }
        }
        Some("pymdownx.superfences") => {
            let fences = settings.and_then(|settings| settings.get("custom_fences"));
            found.mermaid_names = fences.map(mermaid_names).unwrap_or_default();
        }
        // Where its members are set through it.
        Some("pymdownx.extra") => {
            let members = settings.and_then(Node::mapping).unwrap_or(&[]);
            let is_member = |name: &Node| name.text().is_some_and(|name| name != "pymdownx.extra");
            members
                .iter()
                .filter(|(name, _)| is_member(name))
                .for_each(|(name, settings)| add(found, name, Some(settings)));
        }
        Some("pymdownx.tabbed" | "pymdownx.blocks.tab") => {
            let slugify = settings.and_then(|settings| settings.get("slugify"));
            found.tab_ids =
                slugify.filter(|node| !node.is_null() && node.bool() != Some(false)).map(|slugify| TabIds {
                    rule: slug_rule(slugify),
                    follows_heading: is_set(settings, "combine_header_slug") == Some(true),
                });
        }
        Some("pymdownx.tasklist") => found.ticks_tasks = is_set(settings, "clickable_checkbox") == Some(true),
        Some("pymdownx.critic") => {
            found.critic = match settings.and_then(|settings| settings.get("mode")?.text()) {
                Some("accept") => Critic::Accept,
                Some("reject") => Critic::Reject,
                _ => Critic::View,
            };
        }
        Some("pymdownx.smartsymbols") => add_signs(found, settings),
        Some("pymdownx.caret") => {
            found.marks.insert = is_set(settings, "insert").unwrap_or(true);
            found.marks.superscript = is_set(settings, "superscript").unwrap_or(true);
        }
        Some("pymdownx.tilde") => {
            found.marks.delete = is_set(settings, "delete").unwrap_or(true);
            found.marks.subscript = is_set(settings, "subscript").unwrap_or(true);
        }
        Some("pymdownx.keys") => found.keys = settings.and_then(inline::keys),
        Some("smarty") => found.smarty = Some(inline::smarty(settings)),
        Some("footnotes") => found.footnotes = settings.and_then(inline::footnotes),
        Some("nl2br") => found.breaks_lines = true,
        _ => {}
    }
}

fn is_set(settings: Option<&Node>, key: &str) -> Option<bool> {
    settings?.get(key)?.bool()
}

fn add_code(found: &mut Extensions, settings: &Node) {
    let is_on = |key: &str| is_set(Some(settings), key).unwrap_or(false);
    found.numbers_lines |= is_on("linenums");
    // The name that has no spaces is what an identifier may begin with.
    let is_name = |name: &str| !name.is_empty() && name.len() <= 40 && !name.contains(char::is_whitespace);
    let given = text(settings, "line_anchors").filter(|name| is_name(name));
    found.line_anchors = given.or(is_on("anchor_linenums").then(|| "__codelineno".into()));
    found.names_languages |= is_on("auto_title");
    found.default_language = text(settings, "default_lang").filter(|language| !language.is_empty());
    // The other way round than a title is looked up: by Pygments' name.
    let names = settings.get("auto_title_map").and_then(Node::mapping).unwrap_or(&[]);
    let name = |(from, to): &(Node, Node)| Some((from.text()?.trim().into(), to.text()?.trim().into()));
    found.language_names = names.iter().filter_map(name).take(MAX_NAMES).collect();
}

/// Returns the names of fences that Mermaid draws: its class says so, or
/// the function that a plugin has for it.
fn mermaid_names(fences: &Node) -> Vec<Box<str>> {
    let is_mermaid = |fence: &&Node| {
        let format = fence.get("format");
        let said = [format.and_then(|node| node.tag.as_deref()), format.and_then(Node::text)];
        fence.get("class").and_then(Node::text) == Some("mermaid")
            || said.iter().flatten().any(|name| name.contains("mermaid"))
    };
    let fences = fences.sequence().unwrap_or(&[]).iter().filter(is_mermaid);
    fences.filter_map(|fence| fence.get("name")?.text()).take(MAX_NAMES).map(Box::from).collect()
}

fn add_signs(found: &mut Extensions, settings: Option<&Node>) {
    let signs = &mut found.signs;
    for (key, sign) in [
        ("trademark", &mut signs.trademark),
        ("copyright", &mut signs.copyright),
        ("registered", &mut signs.registered),
        ("care_of", &mut signs.care_of),
        ("plusminus", &mut signs.plusminus),
        ("arrows", &mut signs.arrows),
        ("notequal", &mut signs.notequal),
        ("fractions", &mut signs.fractions),
        ("ordinal_numbers", &mut signs.ordinal_numbers),
    ] {
        *sign = is_set(settings, key).unwrap_or(*sign);
    }
}

fn add_toc(found: &mut Extensions, toc: &Node) {
    found.toc_levels = toc_levels(toc);
    found.toc_title = text(toc, "title").filter(|title| !title.is_empty());
    let base: u8 = text(toc, "baselevel").and_then(|level| level.parse().ok()).unwrap_or(1);
    found.lowered_by = base.clamp(1, 6) - 1;
    found.permalink = match toc.get("permalink") {
        Some(node) if node.bool() == Some(false) => Some("".into()),
        Some(node) if node.bool() == Some(true) => None,
        _ => text(toc, "permalink").filter(|sign| (1..=8).contains(&sign.chars().count())),
    };
    found.permalink_class = text(toc, "permalink_class").filter(|classes| !classes.is_empty());
    found.slugs = toc.get("slugify").map(slug_rule).unwrap_or_default();
}

fn text(node: &Node, key: &str) -> Option<Box<str>> {
    node.get(key)?.text().map(|text| text.trim().into())
}

/// Reads `toc_depth`: `3` or `2-4`; and `0` is none at all.
fn toc_levels(toc: &Node) -> Option<(u8, u8)> {
    let text = text(toc, "toc_depth")?;
    let level = |text: &str| text.trim().parse::<u8>().ok().map(|level| level.min(6));
    match text.split_once('-') {
        Some((top, bottom)) => Some((level(top)?, level(bottom)?)),
        None => Some((1, level(&text)?)),
    }
}

/// Reads which function makes identifiers, which a tag names or a text.
fn slug_rule(slugify: &Node) -> SlugRule {
    let said = [slugify.tag.as_deref(), slugify.text()];
    let has = |part: &str| said.iter().flatten().any(|text| text.contains(part));
    if has("slugify_unicode") {
        return SlugRule::Unicode;
    }
    if !has("pymdownx.slugs") {
        return SlugRule::Ascii;
    }
    let case = slugify.get("kwds").and_then(|kwds| kwds.get("case")).and_then(Node::text);
    match case {
        _ if has("uslugify_cased") => SlugRule::Cased,
        None | Some("none") if !has("uslugify") && !has("gfm") => SlugRule::Cased,
        _ => SlugRule::Lower,
    }
}

fn names(node: Option<&Node>) -> Vec<Box<str>> {
    let Some(node) = node else { return Vec::new() };
    let items = node.sequence().unwrap_or(&[]).iter().filter_map(Node::text);
    node.text().into_iter().chain(items).take(MAX_NAMES).map(Box::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::file::FileId;
    use crate::parse::yaml;

    fn read(text: &str) -> Extensions {
        let documents = yaml::documents(FileId(0), text, &mut Vec::new());
        extensions(&documents[0].root)
    }

    #[test]
    fn settings_are_read_from_lists_and_mappings() {
        let list = read(
            "- admonition\n- pymdownx.snippets:\n    base_path: [a, b]\n    auto_append: c.md\n- pymdownx.arithmatex\n",
        );
        assert_eq!((list.math.is_some(), list.snippet_bases.len(), list.appended.len()), (true, 2, 1));
        let mapping = read("pymdownx.magiclink:\n  repo_url_shorthand: true\n  user: acme\n  repo: pay\n");
        assert_eq!(mapping.magic.expect("it is on").user, Some("acme".into()));
        assert_eq!(read("pymdownx.magiclink:\n  user: acme\n").magic, None);
        assert_eq!(read("nonsense"), Extensions::default());
        assert_eq!(Extensions::NONE, Extensions::default());
    }

    #[test]
    fn settings_of_toc_and_of_code_are_read() {
        let found = read(
            "- toc:\n    toc_depth: 2-4\n    title: Inside\n    baselevel: 2\n    permalink: §\n- nl2br\n- pymdownx.highlight:\n    linenums: true\n    auto_title: yes\n",
        );
        assert_eq!((found.toc_levels, found.toc_title.as_deref()), (Some((2, 4)), Some("Inside")));
        assert_eq!((found.lowered_by, found.permalink.as_deref()), (1, Some("§")));
        assert!(found.breaks_lines && found.numbers_lines && found.names_languages);
        assert_eq!(read("toc:\n  permalink: false\n  toc_depth: 0\n").permalink.as_deref(), Some(""));
        assert_eq!(read("toc:\n  permalink: true\n  baselevel: 99\n").lowered_by, 5);
    }

    #[test]
    fn settings_of_marks_and_tabs_are_read() {
        let found = read(
            "- pymdownx.smartsymbols: {arrows: false, fractions: true}\n- pymdownx.critic: {mode: accept}\n- pymdownx.tilde: {subscript: false}\n- pymdownx.tasklist: {clickable_checkbox: true}\n- pymdownx.tabbed:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n    combine_header_slug: true\n",
        );
        assert!(
            !found.signs.arrows && found.signs.fractions && found.signs.copyright && !found.signs.care_of
        );
        assert_eq!((found.critic, found.marks.subscript, found.marks.delete), (Critic::Accept, false, true));
        assert!(found.ticks_tasks);
        assert_eq!(found.tab_ids, Some(TabIds { rule: SlugRule::Lower, follows_heading: true }));
        assert_eq!(read("- pymdownx.tabbed: {alternate_style: true}\n").tab_ids, None);
    }

    #[test]
    fn fences_that_mermaid_draws_are_known_by_class_or_function() {
        let found = read(
            "- pymdownx.superfences:\n    custom_fences:\n    - {name: diagram, class: mermaid, format: !!python/name:pymdownx.superfences.fence_code_format }\n    - {name: flow, class: x, format: !!python/name:mermaid2.fence_mermaid_custom }\n    - {name: other, class: other}\n",
        );
        assert_eq!(found.mermaid_names, ["diagram".into(), "flow".into()]);
        let through_extra = read(
            "pymdownx.extra:\n  pymdownx.superfences:\n    custom_fences: [{name: x, class: mermaid}]\n",
        );
        assert_eq!(through_extra.mermaid_names, ["x".into()]);
    }

    #[test]
    fn functions_that_make_identifiers_are_known_by_name() {
        let rule = |text: &str| read(&format!("- toc:\n    slugify: {text}\n")).slugs;
        assert_eq!(
            rule("!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}"),
            SlugRule::Lower
        );
        assert_eq!(rule("!!python/object/apply:pymdownx.slugs.slugify {}"), SlugRule::Cased);
        assert_eq!(rule("!!python/name:pymdownx.slugs.uslugify"), SlugRule::Lower);
        assert_eq!(rule("!!python/name:pymdownx.slugs.uslugify_cased"), SlugRule::Cased);
        assert_eq!(rule("!!python/name:markdown.extensions.toc.slugify_unicode"), SlugRule::Unicode);
        assert_eq!(rule("!!python/name:os.system"), SlugRule::Ascii);
    }
}
