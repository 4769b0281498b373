//! HTML blocks. Python-Markdown reads an element up to its end, blank
//! lines or not; GitHub stops at the blank line and reads Markdown from
//! there. Here the text itself tells which was meant.

use crate::model::codes::markdown as codes;

use super::super::Flavour;
use super::super::source::PARAGRAPH;
use super::{Line, Prepass, Where, fence, interrupts};

/// Elements that begin a block, as in CommonMark.
const BLOCK_TAGS: [&str; 62] = [
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// Elements inside of which GitHub's rule may apply.
const MARKDOWN_TAGS: [&str; 12] = [
    "details",
    "div",
    "section",
    "center",
    "p",
    "figure",
    "td",
    "article",
    "aside",
    "blockquote",
    "main",
    "header",
];

/// Elements whose missing end is worth a message.
const PAIRED_TAGS: [&str; 8] = ["details", "div", "section", "center", "figure", "table", "ul", "ol"];

const VERBATIM_TAGS: [&str; 4] = ["pre", "script", "style", "textarea"];

/// Copies a comment; it may have blank lines.
pub(super) fn comment(prepass: &mut Prepass, lines: &[Line], at: usize, place: Where) -> Option<usize> {
    let text = lines[at].text.trim_start();
    if !text.starts_with("<!--") {
        return None;
    }
    let text_after = text.rfind("-->").map_or("", |end| text[end + 3..].trim());
    let begins_paragraph = !text_after.is_empty() && !place.in_paragraph();
    if begins_paragraph && prepass.flavour == Flavour::TechDocs && !text_after.starts_with('<') {
        // The comment is part of a paragraph then.
        prepass.line(&format!("{PARAGRAPH}{text}"), &lines[at]);
        prepass.n_opened_lines = 1;
        return Some(at + 1);
    }
    if let Some(rest) = text.find("-->").map(|end| text[end + 3..].trim_start())
        && prepass.flavour == Flavour::TechDocs
        && place.in_paragraph()
        && !(rest.is_empty() || rest.starts_with('<') || interrupts(rest))
    {
        // No page shows the comment, and what follows goes on with the paragraph.
        prepass.line(rest, &lines[at]);
        prepass.n_opened_lines = place.n_paragraph_lines + 1;
        return Some(at + 1);
    }
    Some(until(prepass, lines, at, &["-->"], "-->"))
}

/// Copies what CommonMark reads up to a mark of its own: scripts,
/// preformatted text, declarations.
pub(super) fn verbatim(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let text = lines[at].text.trim_start();
    let closer = match tag_name(text) {
        Some(name) if VERBATIM_TAGS.contains(&name.as_str()) && !text.starts_with("</") => {
            format!("</{name}>")
        }
        _ if text.starts_with("<![CDATA[") => "]]>".to_string(),
        _ if text.starts_with("<?") => "?>".to_string(),
        _ if text.starts_with("<!") && text[2..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
            ">".to_string()
        }
        _ => return None,
    };
    let closers: Vec<String> = match closer.starts_with("</") {
        true => VERBATIM_TAGS.iter().map(|name| format!("</{name}>")).collect(),
        false => vec![closer.clone()],
    };
    let closers: Vec<&str> = closers.iter().map(String::as_str).collect();
    Some(until(prepass, lines, at, &closers, &closer))
}

/// Copies lines up to one that has a closer; writes `missing` at the end
/// when there is none, so that nothing beyond is swallowed.
fn until(prepass: &mut Prepass, lines: &[Line], at: usize, closers: &[&str], missing: &str) -> usize {
    for (idx, line) in lines.iter().enumerate().skip(at) {
        match line.text.is_empty() {
            true => prepass.blank(line),
            false => prepass.line(line.text, line),
        }
        let text = line.text.to_ascii_lowercase();
        if closers.iter().any(|closer| text.contains(closer)) {
            return idx + 1;
        }
    }
    let opener: String = lines[at].text.trim().chars().take(12).collect();
    let span = prepass.places.line(lines[at].number);
    prepass.report(codes::unclosed_block(span, &opener, missing));
    prepass.line(missing, lines.last().unwrap_or(&lines[at]));
    lines.len()
}

/// Rewrites a block element.
pub(super) fn element(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let text = lines[at].text.trim_start();
    let name = tag_name(text).filter(|name| BLOCK_TAGS.contains(&name.as_str()))?;
    if text.starts_with("</") {
        return Some(until_blank(prepass, lines, at));
    }
    let Some(end) = closing(prepass, lines, at, &name) else {
        if PAIRED_TAGS.contains(&name.as_str()) {
            let span = prepass.places.line(lines[at].number);
            prepass.report(codes::unclosed_block(span, &format!("<{name}>"), &format!("</{name}>")));
        }
        return Some(until_blank(prepass, lines, at));
    };
    if let Some(next) = with_markdown(prepass, lines, at, end, &name) {
        return Some(next);
    }
    let block = &lines[at..=end];
    if !block.iter().any(Line::is_blank) {
        block.iter().for_each(|line| prepass.line(line.text, line));
        prepass.blank(&lines[end]);
        return Some(end + 1);
    }
    if MARKDOWN_TAGS.contains(&name.as_str()) && has_markdown(block) {
        return Some(until_blank(prepass, lines, at));
    }
    let has_pre = block.iter().any(|line| line.text.contains("<pre"));
    for line in block {
        match (line.is_blank(), has_pre) {
            // A blank line would end the block, so it gets a space that
            // does not look like one.
            (true, true) => prepass.line("&#32;", line),
            (true, false) => {}
            (false, true) => prepass.line(line.text, line),
            (false, false) => {
                prepass.line(if line.indent() >= 4 { line.trimmed().text } else { line.text }, line)
            }
        }
    }
    prepass.blank(&lines[end]);
    Some(end + 1)
}

/// Elements of running text that may well stand alone on their lines.
const INLINE_TAGS: [&str; 20] = [
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup",
];

/// Reads a line that begins with an element of running text, or that is
/// one tag of any other kind. CommonMark reads HTML up to the next blank
/// line if the tag is alone on its line, MkDocs a paragraph. A tag that
/// no page may have ends with its line, since it is left out or shown.
pub(super) fn inline_element(
    prepass: &mut Prepass,
    lines: &[Line],
    at: usize,
    place: Where,
) -> Option<usize> {
    let text = lines[at].text.trim_start();
    let is_inline = tag_name(text).is_some_and(|name| INLINE_TAGS.contains(&name.as_str()));
    match prepass.flavour {
        _ if place.in_paragraph() => return None,
        Flavour::TechDocs if is_inline => {}
        Flavour::TechDocs if is_tag(text) => {
            prepass.line(text, &lines[at]);
            prepass.blank(&lines[at]);
            return Some(at + 1);
        }
        Flavour::TechDocs => return None,
        _ if is_tag(text) => return Some(until_blank(prepass, lines, at)),
        _ => return None,
    }
    prepass.line(&format!("{PARAGRAPH}{text}"), &lines[at]);
    prepass.n_opened_lines = 1;
    Some(at + 1)
}

/// Copies lines up to the next blank one, where CommonMark ends an HTML
/// block.
fn until_blank(prepass: &mut Prepass, lines: &[Line], at: usize) -> usize {
    let n_lines = lines[at..].iter().take_while(|line| !line.is_blank()).count();
    let block = &lines[at..at + n_lines];
    block.iter().for_each(|line| prepass.line(line.text, line));
    if let Some(last) = block.last() {
        prepass.blank(last);
    }
    at + n_lines
}

/// Tells whether some line after a blank one is neither deeply indented
/// nor HTML.
fn has_markdown(block: &[Line]) -> bool {
    block.windows(2).any(|pair| {
        let next = &pair[1];
        pair[0].is_blank()
            && !next.is_blank()
            && next.indent() < 4
            && !next.text.trim_start().starts_with('<')
    })
}

/// Rewrites `<div markdown>`: the tags stay, Markdown is read between
/// them.
fn with_markdown(prepass: &mut Prepass, lines: &[Line], at: usize, end: usize, name: &str) -> Option<usize> {
    let text = lines[at].text.trim_start();
    let tag_end = text.find('>')?;
    let (tag, after) = text.split_at(tag_end + 1);
    if !has_markdown_attribute(tag) {
        return None;
    }
    if end == at {
        return on_one_line(prepass, &lines[at], tag, after, name).map(|n| at + n);
    }
    let last = lines[end].text.trim_end();
    let close = format!("</{name}>");
    let before_close = last.len().checked_sub(close.len()).filter(|start| last.is_char_boundary(*start))?;
    if !last[before_close..].eq_ignore_ascii_case(&close) {
        return None;
    }
    prepass.line(tag, &lines[at]);
    prepass.blank(&lines[at]);
    let inner = &lines[at + 1..end];
    let least = inner.iter().filter(|line| !line.is_blank()).map(Line::indent).min().unwrap_or(0);
    let mut body: Vec<Line> = Vec::with_capacity(inner.len() + 2);
    if !after.trim().is_empty() {
        body.push(Line { text: after.trim_start(), ..lines[at] });
    }
    body.extend(inner.iter().map(|line| line.dedented(least)));
    if !last[..before_close].trim().is_empty() {
        body.push(Line { text: last[..before_close].trim_start(), ..lines[end] });
    }
    prepass.blocks(&body);
    prepass.blank(&lines[end]);
    prepass.line(&close, &lines[end]);
    prepass.blank(&lines[end]);
    Some(end + 1)
}

/// Rewrites `<p markdown>text</p>`.
fn on_one_line(prepass: &mut Prepass, line: &Line, tag: &str, after: &str, name: &str) -> Option<usize> {
    let close = format!("</{name}>");
    let text = after.trim_end().strip_suffix(close.as_str())?;
    if text.contains('<') {
        return None;
    }
    prepass.line(tag, line);
    prepass.blank(line);
    prepass.line(text.trim(), line);
    prepass.blank(line);
    prepass.line(&close, line);
    prepass.blank(line);
    Some(1)
}

fn has_markdown_attribute(tag: &str) -> bool {
    let inner = tag.trim_end_matches(['>', '/']);
    inner.split_ascii_whitespace().skip(1).any(|part| {
        let value = part.strip_prefix("markdown").map(|value| value.trim_matches(['=', '"', '\'']));
        matches!(value, Some("" | "1" | "block" | "true" | "span"))
    })
}

/// Finds the line with the end of the element that begins at
/// `lines[at]`, past elements inside of it and past code.
fn closing(prepass: &mut Prepass, lines: &[Line], at: usize, name: &str) -> Option<usize> {
    let mut fence: Option<fence::Fence> = None;
    let mut depth = 0_usize;
    for (idx, line) in lines.iter().enumerate().skip(at) {
        prepass.lookahead = prepass.lookahead.checked_sub(1)?;
        let text = line.text.trim();
        match fence {
            Some(marks) if fence::closes(marks, text) => fence = None,
            Some(_) => continue,
            None => fence = fence::opening(text),
        }
        if fence.is_some() {
            continue;
        }
        let text = text.to_ascii_lowercase();
        let (opens, closes) = tags(&text, name);
        depth += opens;
        if closes >= depth {
            return Some(idx);
        }
        depth -= closes;
    }
    None
}

fn tags(text: &str, name: &str) -> (usize, usize) {
    let (mut opens, mut closes) = (0, 0);
    for (offset, _) in text.match_indices('<') {
        let rest = &text[offset + 1..];
        let (rest, is_close) = match rest.strip_prefix('/') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let is_tag = rest
            .strip_prefix(name)
            .is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'));
        match (is_tag, is_close) {
            (true, true) => closes += 1,
            (true, false) => opens += 1,
            _ => {}
        }
    }
    (opens, closes)
}

/// Tells whether a trimmed line begins an HTML block that ends a
/// paragraph.
pub(super) fn starts_element(text: &str) -> bool {
    text.starts_with("<!--")
        || tag_name(text)
            .is_some_and(|name| BLOCK_TAGS.contains(&name.as_str()) || VERBATIM_TAGS.contains(&name.as_str()))
}

/// Tells whether a line without its indentation is one tag, of whatever
/// name, and nothing else.
fn is_tag(text: &str) -> bool {
    let text = text.trim_end();
    let Some(inner) = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) else {
        return false;
    };
    let name = inner.strip_prefix('/').unwrap_or(inner);
    let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let ends_well = name[length..].is_empty() || name[length..].starts_with([' ', '\t', '/']);
    ends_well && name.starts_with(|c: char| c.is_ascii_alphabetic()) && !inner.contains(['<', '>'])
}

/// Returns the lower-case name of the tag at the start of `text`.
fn tag_name(text: &str) -> Option<String> {
    let rest = text.strip_prefix('<')?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let length = rest.bytes().take(20).take_while(u8::is_ascii_alphanumeric).count();
    let ends_well = rest[length..].is_empty() || rest[length..].starts_with([' ', '\t', '>', '/']);
    (length > 0 && ends_well).then(|| rest[..length].to_ascii_lowercase())
}
