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

#[cfg(test)]
mod tests {
    use super::is_inert;

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
