//! Whether an SVG image is a picture and nothing else. An SVG file that
//! is opened by its own URL is a document: it may run scripts and fetch
//! from other hosts. Only one that is surely inert may be published.
//!
//! The reader below is strict: whatever it does not know is not inert.

/// The elements of SVG that only draw. Not among them: `script`,
/// `foreignObject`, and what animates, which can change a link.
const DRAWING: &[&str] = &[
    "a",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// Namespaces whose elements a browser acts on.
const ACTIVE_NAMESPACES: &[&str] = &["w3.org/1999/xhtml", "w3.org/2000/svg", "w3.org/1998/math"];
const EMBEDDED: &[&str] = &["data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;"];

/// Tells whether an SVG file can neither run anything nor fetch
/// anything.
pub fn is_inert(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    let mut rest = match text.strip_prefix("<?xml ") {
        Some(declaration) => match declaration.split_once("?>") {
            Some((declaration, rest)) if !declaration.contains('<') => rest,
            _ => return false,
        },
        None => text,
    };
    let mut has_root = false;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let after = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->").map(|(_, rest)| rest)
        } else if let Some(end) = rest.strip_prefix("</") {
            end.split_once('>').map(|(_, rest)| rest)
        } else {
            match tag(&rest[1..]) {
                Some((name, after)) => {
                    if !std::mem::replace(&mut has_root, true) && !matches!(name, "svg" | "svg:svg") {
                        return false;
                    }
                    style_body(name, after)
                }
                None => None,
            }
        };
        match after {
            Some(after) => rest = after,
            None => return false,
        }
    }
    has_root
}

/// Reads a start tag after its `<`. Returns its name and what follows,
/// or `None` if anything in it is not surely inert.
fn tag(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'))?;
    let (name, mut rest) = text.split_at(end);
    let is_drawing = match name.split_once(':') {
        None => DRAWING.contains(&name),
        Some(("svg", local)) => DRAWING.contains(&local),
        // The namespace is checked where it is declared.
        Some((prefix, local)) => is_name(prefix) && is_name(local) && !local.eq_ignore_ascii_case("script"),
    };
    if !is_drawing {
        return None;
    }
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            // An empty element has no body: hide the name of `style`.
            return Some((if name.ends_with("style") { "g" } else { name }, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((name, after));
        }
        let (attribute, value) = rest.split_once('=')?;
        let attribute = attribute.trim();
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = value[1..].split_once(quote)?;
        if !is_inert_attribute(attribute, value) {
            return None;
        }
        rest = after;
    }
}

fn is_inert_attribute(name: &str, value: &str) -> bool {
    if !is_name(name) || value.contains('<') {
        return false;
    }
    if name == "xmlns" || name == "xmlns:svg" {
        return value == SVG_NAMESPACE;
    }
    let lower = value.to_ascii_lowercase();
    if name.starts_with("xmlns:") {
        return !value.contains('&') && !ACTIVE_NAMESPACES.iter().any(|active| lower.contains(active));
    }
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    if local.starts_with("on") || name.eq_ignore_ascii_case("xml:base") {
        return false;
    }
    // A number for a character may hide any of what follows.
    if value.contains("&#") {
        return false;
    }
    if matches!(&*local, "href" | "src") {
        return value.starts_with('#') || EMBEDDED.iter().any(|start| lower.starts_with(start));
    }
    is_inert_css(&lower)
}

/// Checks the text of a `<style>`; returns what follows it.
fn style_body<'t>(name: &str, after: &'t str) -> Option<&'t str> {
    if name != "style" && name != "svg:style" {
        return Some(after);
    }
    let (css, _) = after.split_once("</")?;
    let is_inert = !css.contains(['<', '&']) && is_inert_css(&css.to_ascii_lowercase());
    is_inert.then_some(&after[css.len()..])
}

/// Tells whether a style fetches nothing; `css` is in lower case.
fn is_inert_css(css: &str) -> bool {
    let has_far_url = css.split("url(").skip(1).any(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        !rest.starts_with('#') && !rest.starts_with("&quot;#")
    });
    let is_escaped = css.contains('\\') || css.contains("/*") && css.contains("url");
    !has_far_url
        && !is_escaped
        && !["@import", "javascript:", "image-set(", "src(", "expression("]
            .iter()
            .any(|bad| css.contains(bad))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// Returns an SVG file without what could run or fetch something, and
/// what that was, in words; `None` when it cannot be made inert.
pub fn rewritten(bytes: &[u8]) -> Option<(Vec<u8>, String)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_start();
    let mut removed: Vec<String> = Vec::new();
    let mut out = String::with_capacity(text.len());
    // How deep in an element that is left out, and its name.
    let mut skipped: Option<(&str, usize)> = None;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if skipped.is_none() {
            out.push_str(&rest[..at]);
        }
        rest = &rest[at..];
        if let Some(after) = unseen(rest, &mut removed)? {
            rest = after;
            continue;
        }
        let end = tag_end(rest)?;
        let tag = &rest[..end];
        rest = &rest[end..];
        let name = tag_name(tag);
        let (is_end, is_empty) = (tag.starts_with("</"), tag.ends_with("/>"));
        match &mut skipped {
            Some((open, depth)) if *open == name && !is_empty => {
                *depth = if is_end { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    skipped = None;
                }
            }
            Some(_) => {}
            None if is_end => out.push_str(tag),
            None if !is_known(name) => {
                note(&mut removed, format!("`{name}`"));
                skipped = (!is_empty).then_some((name, 1));
            }
            None => {
                push_clean(tag, &mut out, &mut removed);
                if name.ends_with("style") && !is_empty {
                    let (css, after) = rest.split_at(rest.find("</")?);
                    match !css.contains(['<', '&']) && is_inert_css(&css.to_ascii_lowercase()) {
                        true => out.push_str(css),
                        false => note(&mut removed, "a style that loads something".to_string()),
                    }
                    rest = after;
                }
            }
        }
    }
    // What comes out is held to what would have been let through.
    let is_whole = skipped.is_none() && is_inert(out.as_bytes());
    is_whole.then(|| (out.into_bytes(), removed.join(", ")))
}

/// Skips what is no element: declarations, comments, the document type.
/// The outer `None` is for a file that cannot be read.
#[expect(clippy::option_option, reason = "not there, and not readable, are two things")]
fn unseen<'t>(text: &'t str, removed: &mut Vec<String>) -> Option<Option<&'t str>> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some(Some(comment.split_once("-->")?.1));
    }
    if let Some(declaration) = text.strip_prefix("<?") {
        return Some(Some(declaration.split_once("?>")?.1));
    }
    if !text.starts_with("<!") {
        return Some(None);
    }
    // Entities of an internal subset may stand for anything.
    let end = text.find('>')?;
    if text[..end].contains('[') {
        return None;
    }
    note(removed, "the document type".to_string());
    Some(Some(&text[end + 1..]))
}

fn note(removed: &mut Vec<String>, what: String) {
    const MAX_NAMED: usize = 5;
    if removed.len() < MAX_NAMED && !removed.contains(&what) {
        removed.push(what);
    }
}

/// Returns how long the tag at the start of a text is; a `>` in quotes
/// does not end it.
pub fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn tag_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    &name[..end]
}

fn is_known(name: &str) -> bool {
    match name.split_once(':') {
        None => DRAWING.contains(&name),
        Some(("svg", local)) => DRAWING.contains(&local),
        Some((prefix, local)) => is_name(prefix) && is_name(local) && !local.eq_ignore_ascii_case("script"),
    }
}

/// Copies a start tag with those of its attributes that are inert.
fn push_clean(tag: &str, out: &mut String, removed: &mut Vec<String>) {
    let name = tag_name(tag);
    out.push('<');
    out.push_str(name);
    let mut rest = tag[1 + name.len()..].trim_end_matches('>').trim_end_matches('/');
    while let Some((attribute, after)) = rest.split_once('=') {
        let attribute = attribute.trim();
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, after)) = after[1..].split_once(quote) else { break };
        rest = after;
        if is_inert_attribute(attribute, value) {
            out.push_str(&format!(" {attribute}={quote}{value}{quote}"));
        } else {
            note(removed, format!("`{attribute}` of `{name}`"));
        }
    }
    out.push_str(if tag.ends_with("/>") { "/>" } else { ">" });
}

/// Returns the width and height that a picture says it has, else those
/// of what it shows.
pub fn size(bytes: &[u8]) -> Option<[u32; 2]> {
    const HEAD_BYTES: usize = 64 << 10;
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
    };
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag_end(tag)?];
    let value = |name: &str| {
        let after = &tag[tag.find(&format!(" {name}="))? + name.len() + 2..];
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some(after[1..].split_once(quote)?.0)
    };
    let pixels = |text: &str| -> Option<u32> {
        let length: f64 = text.trim().trim_end_matches("px").parse().ok()?;
        (1.0..1e6).contains(&length).then_some(length.round() as u32)
    };
    if let (Some(width), Some(height)) = (value("width").and_then(pixels), value("height").and_then(pixels)) {
        return Some([width, height]);
    }
    let shown: Vec<&str> = value("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).collect();
    match shown[..] {
        [_, _, width, height] => Some([pixels(width)?, pixels(height)?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_inert, rewritten, size};

    #[track_caller]
    fn becomes(svg: &str, expected: &str, removed: &str) {
        let (bytes, said) = rewritten(svg.as_bytes()).expect("it can be made inert");
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        assert_eq!(said, removed);
    }

    #[test]
    fn what_is_not_inert_is_left_out() {
        becomes(
            "<?xml version='1.0'?><!DOCTYPE svg PUBLIC \"a\" \"b\"><svg><script>alert(1)</script><g onclick='x()' id=\"a\"/></svg>",
            "<svg><g id=\"a\"/></svg>",
            "the document type, `script`, `onclick` of `g`",
        );
        becomes(
            "<svg><switch><foreignObject><div><foreignObject/><p>x</p></div></foreignObject><text>x</text></switch></svg>",
            "<svg><switch><text>x</text></switch></svg>",
            "`foreignObject`",
        );
        becomes(
            "<svg><a xlink:href='https://x.example'><text>a</text></a><style>@import 'x';</style><image href=\"//x\"/></svg>",
            "<svg><a><text>a</text></a><style></style><image/></svg>",
            "`xlink:href` of `a`, a style that loads something, `href` of `image`",
        );
        for hopeless in
            ["<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "<svg><g", "no", "<p>x</p>", "<svg><script>"]
        {
            assert!(rewritten(hopeless.as_bytes()).is_none(), "{hopeless}");
        }
    }

    #[test]
    fn sizes_are_what_the_picture_says() {
        assert_eq!(size(b"<svg width=\"10\" height='20px'/>"), Some([10, 20]));
        assert_eq!(size(b"<?xml?><svg viewBox=\"0 0 30.4 40\" width=\"100%\">"), Some([30, 40]));
        assert_eq!(size(b"<svg viewBox=\"0 0 nan 40\">"), None);
        assert_eq!(size(b"<svg width=\"0\" height=\"9\">"), None);
        assert_eq!(size(b"<svg "), None);
    }

    #[track_caller]
    fn inert(body: &str) {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{body}</svg>");
        assert!(is_inert(svg.as_bytes()), "not inert: {svg}");
    }

    #[track_caller]
    fn active(body: &str) {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{body}</svg>");
        assert!(!is_inert(svg.as_bytes()), "inert: {svg}");
    }

    #[test]
    fn drawings_are_inert() {
        inert("");
        inert(
            "<path d='M0 0h9'/><!-- a comment --><g style=\"fill:#fff\"><text x=\"1\">a &amp; b</text></g>",
        );
        inert("<defs><linearGradient id='a'/></defs><rect fill=\"url(#a)\" filter='url(\"#b\")'/>");
        inert("<style>.a { fill: url(#a); color: red }</style><style/>");
        inert("<use href='#a' xlink:href='#a' xmlns:xlink='http://www.w3.org/1999/xlink'/>");
        inert("<image href='data:image/png;base64,AAAA'/>");
        inert("<metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>");
        assert!(is_inert(b"\xef\xbb\xbf<?xml version='1.0'?>\n<svg/>"));
    }

    #[test]
    fn scripts_are_active() {
        active("<script>alert(1)</script>");
        active("<SCRIPT/>");
        active("<svg:script/>");
        active("<x:script xmlns:x='http://www.w3.org/2000/svg'/>");
        active("<x:g xmlns:x='http://www.w3.org/2000/svg'/>");
        active("<g xmlns='http://www.w3.org/1999/xhtml'/>");
        active("<foreignObject><p/></foreignObject>");
        active("<rect onload='alert(1)'/>");
        active("<rect ONCLICK = \"alert(1)\"/>");
        active("<rect/onload='alert(1)'/>");
        active("<a href='javascript:alert(1)'/>");
        active("<a xlink:href='&#106;avascript:alert(1)'/>");
        active("<a><set attributeName='href' to='javascript:alert(1)'/></a>");
        active("<animate attributeName='href' values='x'/>");
        active("<iframe src='x'/>");
        active("<a href=x/>");
    }

    #[test]
    fn fetches_are_active() {
        active("<image href='https://tracker.example/p.png'/>");
        active("<image href='data:image/svg+xml;base64,AAAA'/>");
        active("<use href='other.svg#a'/>");
        active("<rect fill='url(https://x.example/#a)'/>");
        active("<rect style='fill: u\\72l(//x.example)'/>");
        active("<style>@import '//x.example/a.css';</style>");
        active("<style>rect { fill: url( '//x.example' ) }</style>");
        active("<style>rect { fill: red }<![CDATA[ x ]]></style>");
        active("<g xml:base='https://x.example/'/>");
    }

    #[test]
    fn odd_files_are_active() {
        let cases: [&[u8]; 7] = [
            b"",
            b"not svg",
            b"<html/>",
            b"<!DOCTYPE svg><svg/>",
            b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
            b"<?xml-stylesheet href='x.css'?><svg/>",
            b"\xff\xfe<\0s\0v\0g\0",
        ];
        for case in cases {
            assert!(!is_inert(case), "inert: {}", String::from_utf8_lossy(case));
        }
    }
}
