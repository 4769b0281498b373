//! Settings of `mkdocs.yml` that are more than a text: of extensions and
//! of `validation`.

use crate::model::mkdocs::Ignored;
use crate::model::yaml::Node;

/// Returns the names of extensions or plugins and what is set for them:
/// a list of names or of mappings, or a mapping.
pub(super) fn listed<'n>(root: &'n Node, key: &str) -> Vec<(&'n Node, Option<&'n Node>)> {
    let Some(list) = root.get(key) else { return Vec::new() };
    let mut entries = Vec::new();
    for item in list.sequence().unwrap_or(std::slice::from_ref(list)) {
        match item.mapping() {
            Some(pairs) => entries.extend(pairs.iter().map(|(name, value)| (name, Some(value)))),
            None => entries.push((item, None)),
        }
    }
    entries.retain(|(name, _)| name.text().is_some());
    entries
}

/// Returns what is set for a Markdown extension.
pub(super) fn extension<'n>(root: &'n Node, name: &str) -> Option<&'n Node> {
    let is_named = |node: &Node| {
        node.text()
            .is_some_and(|text| text == name || text.strip_prefix("markdown.extensions.") == Some(name))
    };
    listed(root, "markdown_extensions").into_iter().find(|(node, _)| is_named(node)).and_then(|(_, set)| set)
}

/// Reads `toc_depth`: `3` or `2-4`; and `0` is none at all.
pub(super) fn toc_levels(toc: &Node) -> Option<(u8, u8)> {
    let text = toc.get("toc_depth")?.text()?.trim();
    let level = |text: &str| text.trim().parse::<u8>().ok().map(|level| level.min(6));
    match text.split_once('-') {
        Some((top, bottom)) => Some((level(top)?, level(bottom)?)),
        None => Some((1, level(text)?)),
    }
}

/// Tells whether `slugify` names a function that keeps letters beyond
/// ASCII: one of pymdownx, or Python-Markdown's `slugify_unicode`.
pub(super) fn has_unicode_slugs(toc: &Node) -> bool {
    let Some(slugify) = toc.get("slugify") else { return false };
    let tag = slugify.tag.as_deref().unwrap_or("");
    let name = slugify.text().unwrap_or("");
    [tag, name].iter().any(|text| text.contains("pymdownx.slugs") || text.contains("slugify_unicode"))
}

/// Reads `validation`; a key directly below it counts for both parts.
pub(super) fn ignored(root: &Node) -> Ignored {
    let Some(validation) = root.get("validation") else { return Ignored::default() };
    let is_ignored = |part: &str, key: &str| {
        let own = validation.get(part).and_then(|part| part.get(key));
        own.or_else(|| validation.get(key)).and_then(Node::text) == Some("ignore")
    };
    Ignored {
        omitted_files: is_ignored("nav", "omitted_files"),
        nav_not_found: is_ignored("nav", "not_found"),
        broken_links: is_ignored("links", "not_found"),
        broken_anchors: is_ignored("links", "anchors"),
    }
}
