//! The little of XML that drawings are written in: elements, their
//! attributes and text, as a tree in one list.

use std::borrow::Cow;

/// More elements, or deeper ones, are no drawing for a page.
const MAX_NODES: usize = 20_000;
const MAX_DEPTH: usize = 64;

/// An element, or a stretch of text.
#[derive(Debug)]
pub(super) struct Node<'x> {
    /// Empty for text.
    pub(super) name: &'x str,
    pub(super) text: Cow<'x, str>,
    pub(super) attributes: Vec<(&'x str, Cow<'x, str>)>,
    pub(super) children: Vec<usize>,
}

impl<'x> Node<'x> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }
}

/// Reads a document. The root is the last node.
pub(super) fn nodes(text: &str) -> Result<Vec<Node<'_>>, &'static str> {
    const BROKEN: &str = "it is no sound XML";
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<Node> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some(start) = rest.find('<') {
        add_text(&mut open, &mut nodes, decoded(&rest[..start]));
        rest = &rest[start..];
        if nodes.len() > MAX_NODES {
            return Err("it has too many elements");
        }
        if let Some(section) = rest.strip_prefix("<![CDATA[") {
            let (inside, after) = section.split_once("]]>").ok_or(BROKEN)?;
            add_text(&mut open, &mut nodes, inside.into());
            rest = after;
        } else if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").ok_or(BROKEN)?.1;
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            let (declaration, after) = rest.split_once('>').ok_or(BROKEN)?;
            // Entities of a document type may stand for anything.
            if declaration.contains('[') {
                return Err(BROKEN);
            }
            rest = after;
        } else if let Some(end) = rest.strip_prefix("</") {
            let (name, after) = end.split_once('>').ok_or(BROKEN)?;
            let node = open.pop().filter(|node| node.name == local(name.trim())).ok_or(BROKEN)?;
            rest = after;
            let idx = nodes.len();
            nodes.push(node);
            match open.last_mut() {
                Some(parent) => parent.children.push(idx),
                None => return Ok(nodes),
            }
        } else {
            let end = super::super::svg::tag_end(rest).ok_or(BROKEN)?;
            let node = element(&rest[1..end - 1]).ok_or(BROKEN)?;
            let is_empty = rest[..end].ends_with("/>");
            rest = &rest[end..];
            open.push(node);
            if open.len() > MAX_DEPTH {
                return Err("it is nested too deeply");
            }
            if is_empty && let Some(node) = open.pop() {
                let idx = nodes.len();
                nodes.push(node);
                match open.last_mut() {
                    Some(parent) => parent.children.push(idx),
                    None => return Ok(nodes),
                }
            }
        }
    }
    Err(BROKEN)
}

fn add_text<'x>(open: &mut [Node<'x>], nodes: &mut Vec<Node<'x>>, text: Cow<'x, str>) {
    if let Some(parent) = open.last_mut().filter(|_| !text.is_empty()) {
        parent.children.push(nodes.len());
        nodes.push(Node { name: "", text, attributes: Vec::new(), children: Vec::new() });
    }
}

/// Reads what stands between the brackets of a start tag.
fn element(tag: &str) -> Option<Node<'_>> {
    let tag = tag.strip_suffix('/').unwrap_or(tag);
    let end = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let mut attributes = Vec::new();
    while let Some((attribute, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        attributes.push((local(attribute.trim()), decoded(value)));
        rest = after;
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    let is_sound = !name.is_empty() && name.bytes().all(is_name);
    is_sound.then(|| Node { name: local(name), text: "".into(), attributes, children: Vec::new() })
}

/// Returns a name without the namespace before it.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Resolves references to characters.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&rest[1..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out.into()
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_text_become_a_tree() {
        let nodes = nodes(
            "<?xml version='1.0'?><!DOCTYPE svg><svg:svg a='1' x:b = \"&lt;&#65;\"><!-- <x> --><g/>T&amp;<![CDATA[<y>]]></svg:svg>",
        )
        .expect("sound");
        let root = nodes.last().expect("a root");
        assert_eq!((root.name, root.get("a"), root.get("b")), ("svg", Some("1"), Some("<A")));
        let children: Vec<_> =
            root.children.iter().map(|idx| (nodes[*idx].name, &*nodes[*idx].text)).collect();
        assert_eq!(children, [("g", ""), ("", "T&"), ("", "<y>")]);
    }

    #[test]
    fn what_is_not_sound_is_refused() {
        for broken in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a b=c/>",
            "<a b='/>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
            "<a<b/>",
            "< a/>",
        ] {
            assert!(nodes(broken).is_err(), "{broken}");
        }
        assert!(nodes(&"<g>".repeat(MAX_DEPTH + 1)).is_err());
        let many = format!("<g>{}</g>", "<g/>".repeat(MAX_NODES + 1));
        assert!(nodes(&many).is_err());
    }
}
