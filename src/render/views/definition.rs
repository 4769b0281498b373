//! API definitions: the source as it is shown, and as it is downloaded.

use std::borrow::Cow;

use crate::base::highlight;
use crate::base::text::escape_html;
use crate::model::entity::Entity;
use crate::model::site_path::{SitePath, entity_folder};
use crate::render::operations::{self, Offer};
use crate::render::place::{Place, href};
use crate::render::view::Definition;

/// Longer definitions are shown in part; the download has them whole.
const MAX_SHOWN_BYTES: usize = 48 << 10;
/// So long may it be once it is highlighted.
const MAX_HTML_BYTES: usize = 160 << 10;

/// Tells whether an entity is an API with a definition.
pub fn has_definition(entity: &Entity) -> bool {
    &*entity.entity_ref.kind == "api" && entity.spec("definition").is_some_and(|node| !node.is_null())
}

/// Returns an API's definition for its page.
pub fn definition(place: Place, entity: &Entity) -> Option<Definition> {
    if !has_definition(entity) {
        return None;
    }
    let source = text(entity)?;
    let (language, extension) = language(entity, &source);
    let shown = prefix(&source, MAX_SHOWN_BYTES);
    let highlighted = place.site.config.markdown.highlight.then(|| highlight::html(language, shown));
    let html = match highlighted {
        Some(html) if html.len() <= MAX_HTML_BYTES => html,
        _ => escape_html(shown).into_owned(),
    };
    Some(Definition {
        api_type: entity.spec_text("type").unwrap_or("").to_string(),
        language,
        html: with_anchors(&html, &operations::offers(entity)),
        download: href(place, &path(entity)?),
        file_name: format!("definition.{}", if language == "xml" { "xml" } else { extension }),
        size: size(source.len()),
        is_cut: shown.len() < source.len(),
    })
}

/// Puts an anchor in front of each line that an offer stands in. Lines
/// are those of the source, however they are coloured.
fn with_anchors(html: &str, offers: &[Offer]) -> String {
    let mut out = String::with_capacity(html.len() + offers.len() * 40);
    let mut offers = offers.iter().filter(|offer| offer.anchor != "definition").peekable();
    for (line_idx, line) in html.split_inclusive('\n').enumerate() {
        while let Some(offer) = offers.next_if(|offer| offer.line_idx <= line_idx) {
            out.push_str(&format!("<span id=\"{}\"></span>", escape_html(&offer.anchor)));
        }
        out.push_str(line);
    }
    out
}

/// Returns how many lines of a definition are shown.
pub fn n_shown_lines(source: &str) -> usize {
    prefix(source, MAX_SHOWN_BYTES).split('\n').count()
}

/// Returns where the definition's download lies.
pub fn path(entity: &Entity) -> Option<SitePath> {
    if !has_definition(entity) {
        return None;
    }
    let (_, extension) = language(entity, &text(entity)?);
    Some(SitePath::new(&format!("{}/definition.{extension}", entity_folder(&entity.entity_ref))))
}

/// Returns the definition's source. A definition that a substitution
/// has turned into a tree is written as JSON.
pub fn text(entity: &Entity) -> Option<Cow<'_, str>> {
    let node = entity.spec("definition")?;
    match node.text() {
        Some(text) => Some(Cow::Borrowed(text)),
        None if node.is_null() => None,
        None => serde_json::to_string_pretty(&node.to_json()).ok().map(Cow::Owned),
    }
}

/// Returns the language of a definition and the extension of its file.
/// A browser runs the scripts of a document of XML, and takes a file of
/// an extension that the host does not know for HTML when it begins
/// like that. So what begins with a tag is published as plain text.
pub fn language(entity: &Entity, source: &str) -> (&'static str, &'static str) {
    let start = source.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    if start.starts_with('<') {
        return ("xml", "txt");
    }
    match entity.spec_text("type").unwrap_or("").to_lowercase().as_str() {
        "graphql" => ("graphql", "graphql"),
        "grpc" | "protobuf" | "proto" => ("protobuf", "proto"),
        "trpc" => ("typescript", "ts"),
        _ if start.starts_with(['{', '[']) => ("json", "json"),
        "wsdl" | "soap" => ("xml", "txt"),
        "openapi" | "asyncapi" | "swagger" => ("yaml", "yaml"),
        _ if start.starts_with("openapi:") || start.starts_with("asyncapi:") => ("yaml", "yaml"),
        _ => ("text", "txt"),
    }
}

fn prefix(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let mut end = max_bytes;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn size(n_bytes: usize) -> String {
    match n_bytes {
        0..1000 => format!("{n_bytes} B"),
        1000..1_000_000 => format!("{:.1} kB", n_bytes as f64 / 1000.0),
        _ => format!("{:.1} MB", n_bytes as f64 / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(prefix("aé", 2), "a");
        assert_eq!(prefix("aé", 3), "aé");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(999), "999 B");
        assert_eq!(size(12_345), "12.3 kB");
        assert_eq!(size(1_250_000), "1.2 MB");
    }
}
