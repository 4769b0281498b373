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
