//! `markdown_extensions` of `mkdocs.yml`, as far as a page depends on it.

use crate::model::extensions::{Extensions, Shorthand, SlugRule};
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
        Some("pymdownx.arithmatex" | "mdx_math" | "markdown_katex") => found.math = true,
        Some("pymdownx.snippets") => {
            found.snippet_bases = names(settings.and_then(|settings| settings.get("base_path")));
            found.appended = names(settings.and_then(|settings| settings.get("auto_append")));
        }
        Some("pymdownx.magiclink") => found.shorthand = settings.and_then(shorthand),
        Some("toc") => {
            if let Some(settings) = settings {
                add_toc(found, settings);
            }
        }
        Some("pymdownx.highlight" | "codehilite") => {
            let is_on = |key: &str| settings.and_then(|node| node.get(key)?.bool()).unwrap_or(false);
            found.numbers_lines |= is_on("linenums");
            found.names_languages |= is_on("auto_title");
        }
        Some("nl2br") => found.breaks_lines = true,
        _ => {}
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

fn shorthand(settings: &Node) -> Option<Shorthand> {
    settings.get("repo_url_shorthand").and_then(Node::bool).filter(|is_on| *is_on)?;
    let host = match settings.get("provider").and_then(Node::text) {
        None | Some("github") => "https://github.com",
        Some("gitlab") => "https://gitlab.com",
        Some("bitbucket") => "https://bitbucket.org",
        Some(_) => return None,
    };
    let name = |key: &str| {
        let name = settings.get(key).and_then(Node::text)?.trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (!name.is_empty() && name.len() <= 100 && name.bytes().all(is_name)).then(|| Box::from(name))
    };
    Some(Shorthand { host: host.into(), user: name("user")?, repo: name("repo") })
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
        assert_eq!((list.math, list.snippet_bases.len(), list.appended.len()), (true, 2, 1));
        let mapping = read("pymdownx.magiclink:\n  repo_url_shorthand: true\n  user: acme\n  repo: pay\n");
        assert_eq!(mapping.shorthand.expect("it is on").user, "acme".into());
        assert_eq!(read("pymdownx.magiclink:\n  user: acme\n").shorthand, None);
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
