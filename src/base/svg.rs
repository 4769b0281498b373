//! Which SVG files may be published as they are.

/// Tells whether nothing in an SVG runs, loads or links.
pub fn is_inert(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.to_ascii_lowercase();
    let banned =
        ["<script", "<foreignobject", "<iframe", "<!entity", "<?xml-stylesheet", "javascript:", "@import"];
    let handler = text.match_indices(" on").any(|(at, _)| {
        text[at + 3..].trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start().starts_with('=')
    });
    text.contains("<svg") && !handler && !banned.iter().any(|banned| text.contains(banned))
}
