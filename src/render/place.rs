//! Where a page stands: what its links start from, and how it speaks
//! of entities.

use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder, shared_folders};

use super::index::Index;
use super::kinds;
use super::view::EntityLink;

/// So much of a description stands in a tooltip.
const MAX_TOOLTIP: usize = 120;

/// The site, seen from one page.
#[derive(Clone, Copy)]
pub struct Place<'s> {
    pub site: &'s Site,
    pub index: &'s Index,
    pub path: &'s SitePath,
    /// For the page that a host shows at any URL, what all its links
    /// begin with: `/` or the path of base-url.
    pub absolute_root: Option<&'s str>,
}

/// Returns the URL of a page or a file of the site.
pub fn href(place: Place, to: &SitePath) -> String {
    match place.absolute_root {
        Some(root) => format!("{root}{}", to.url()),
        None => place.path.relative(to),
    }
}

/// Returns the page of an entity.
pub fn entity_path(entity_ref: &EntityRef) -> SitePath {
    SitePath::page(&entity_folder(entity_ref))
}

/// Returns the URL of an entity's page. Its folder needs no escapes.
pub fn entity_href(place: Place, id: EntityId) -> String {
    let folder = &place.index.folders[id.0 as usize];
    match place.absolute_root {
        Some(root) => format!("{root}{folder}/"),
        None => relative_folder(place.path.as_str(), folder),
    }
}

/// Returns what leads from a file to a folder that needs no escapes.
fn relative_folder(from: &str, folder: &str) -> String {
    let n_shared = shared_folders(from, folder);
    let n_up = from[n_shared..].matches('/').count();
    let mut url = String::with_capacity(n_up * 3 + folder.len() - n_shared + 1);
    for _ in 0..n_up {
        url.push_str("../");
    }
    // The page of the folder itself, or one below it.
    let rest = &folder[n_shared..];
    if from[n_shared..].strip_prefix(rest).is_some_and(|below| below.starts_with('/')) {
        url.truncate((n_up - 1) * 3);
        url.push_str(if n_up == 1 { "./" } else { "" });
        return url;
    }
    url.push_str(rest);
    url.push('/');
    url
}

/// Returns a link to an entity of the catalog.
pub fn link(place: Place, id: EntityId) -> EntityLink {
    let entity = place.site.catalog.entity(id);
    let label = &place.index.labels[id.0 as usize];
    EntityLink {
        title: label.title.to_string(),
        href: Some(entity_href(place, id)),
        icon: label.icon,
        kind: entity.kind.to_string(),
        tooltip: label.tooltip.to_string(),
        note: "",
    }
}

/// Returns a link to an entity that may be missing, which then is text
/// with a mark.
pub fn link_to(place: Place, target: &EntityRef, default_kind: Option<&str>) -> EntityLink {
    link_or_name(place, place.site.catalog.find(target), target, default_kind)
}

/// Like [`link_to`], where it is known already what is there.
pub fn link_or_name(
    place: Place,
    found: Option<EntityId>,
    target: &EntityRef,
    default_kind: Option<&str>,
) -> EntityLink {
    match found {
        Some(id) => link(place, id),
        None => EntityLink {
            title: target.short(default_kind),
            href: None,
            icon: kinds::icon(&target.kind),
            kind: target.kind.to_string(),
            tooltip: format!("{target} is not in the catalog"),
            note: "not found",
        },
    }
}

/// As in Backstage: `ref | type | description`.
pub fn tooltip(entity: &Entity, summary: &str) -> String {
    let mut tooltip = entity.entity_ref.to_string();
    let description = shortened(summary, MAX_TOOLTIP);
    for part in [entity.spec_text("type").unwrap_or(""), &description] {
        if !part.is_empty() {
            tooltip.push_str(" | ");
            tooltip.push_str(part);
        }
    }
    tooltip
}

/// Returns an entity's description as text, a few words of it.
pub fn summary<'s>(place: Place<'s>, id: EntityId) -> &'s str {
    &place.index.summaries[id.0 as usize]
}

/// Returns an entity's description as text without Markdown, at most
/// `max_chars` long.
pub fn description(site: &Site, id: EntityId, max_chars: usize) -> String {
    let html = site.descriptions.get(id.0 as usize).and_then(Option::as_deref);
    html.map(|html| shortened(&text_of(html), max_chars)).unwrap_or_default()
}

/// Returns the text of safe HTML.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let tag = &rest[start..];
        rest = "";
        let Some(end) = tag.find('>') else { break };
        // Words of neighbouring blocks stay apart.
        if tag.starts_with("</p") || tag.starts_with("</li") || tag.starts_with("<br") {
            text.push(' ');
        }
        rest = &tag[end + 1..];
    }
    text.push_str(rest);
    if !text.contains('&') {
        return text;
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.into_iter().fold(text, |text, (entity, c)| text.replace(entity, c))
}

/// Returns the words of a text, at most `max_chars` long.
pub fn shortened(text: &str, max_chars: usize) -> String {
    let mut short = String::new();
    let mut n_chars = 0;
    for word in text.split_whitespace() {
        let n_word = word.chars().count();
        if n_chars + n_word >= max_chars {
            if short.is_empty() {
                short.extend(word.chars().take(max_chars));
            }
            short.push('…');
            return short;
        }
        if n_chars > 0 {
            short.push(' ');
            n_chars += 1;
        }
        short.push_str(word);
        n_chars += n_word;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(html: &str, expected: &str) {
        assert_eq!(text_of(html), expected);
    }

    #[test]
    fn folders_are_found_from_everywhere() {
        let pages = [
            "index.html",
            "catalog/index.html",
            "catalog/a/b/c/index.html",
            "catalog/a/b/cd/index.html",
            "catalog/a/b/c/x/page/2/index.html",
            "catalog/a/x/c/index.html",
            "docs/a/b/c/index.html",
        ];
        for from in pages {
            let from = SitePath::new(from);
            let expected = from.relative(&SitePath::page("catalog/a/b/c"));
            assert_eq!(relative_folder(from.as_str(), "catalog/a/b/c"), expected, "{from}");
        }
    }

    #[test]
    fn text_of_html() {
        check_text("plain", "plain");
        check_text("<p>a <strong>b</strong> &amp;lt; c</p>", "a b &lt; c ");
        check_text("<ul><li>one</li><li>two</li></ul>", "one two ");
        check_text("cut <b", "cut ");
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(shortened("  one \n two ", 20), "one two");
        assert_eq!(shortened("one two three", 9), "one two…");
        assert_eq!(shortened("ééééééééé", 4), "éééé…");
    }
}
