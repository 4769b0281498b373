//! Labels that a drawing brings along as HTML, as plain text of SVG: the
//! words, broken into lines that fit where the HTML would have stood.

use super::xml::Node;

/// How high a line is and how wide a letter, by the size of the font.
const LINE: f64 = 1.35;
const LETTER: f64 = 0.56;

const FONT_SIZE: f64 = 13.0;
const MAX_LINES: usize = 40;

/// A label, and where it stands.
pub(super) struct Label {
    pub(super) lines: Vec<String>,
    pub(super) x: f64,
    /// Of the first line's middle.
    pub(super) y: f64,
    pub(super) step: f64,
    pub(super) is_centred: bool,
}

/// Reads a `foreignObject`; `None` if it has no words or no size.
pub(super) fn label(nodes: &[Node], node: &Node) -> Option<Label> {
    let number = |name: &str| {
        let number: f64 = node.get(name)?.trim().parse().ok()?;
        (number.is_finite() && number.abs() < 100_000.0).then_some(number)
    };
    let (width, height) = (number("width")?, number("height")?);
    let mut words = String::new();
    collect(nodes, node, &mut words);
    let fitting = (width / (FONT_SIZE * LETTER)).floor().max(8.0) as usize;
    let lines = lines(&words, fitting);
    let is_left = has_style(nodes, node, "text-align: left") || has_style(nodes, node, "text-align:left");
    let (x, y) = (number("x").unwrap_or(0.0), number("y").unwrap_or(0.0));
    let step = FONT_SIZE * LINE;
    let above = (lines.len().checked_sub(1)? as f64) * step / 2.0;
    Some(Label {
        lines,
        x: if is_left { x } else { x + width / 2.0 },
        y: y + height / 2.0 - above,
        step,
        is_centred: !is_left,
    })
}

fn collect(nodes: &[Node], node: &Node, words: &mut String) {
    for child in node.children.iter().filter_map(|idx| nodes.get(*idx)) {
        words.push_str(&child.text);
        collect(nodes, child, words);
        if matches!(child.name, "br" | "p" | "div" | "li") {
            words.push('\n');
        }
    }
}

fn has_style(nodes: &[Node], node: &Node, part: &str) -> bool {
    let children = node.children.iter().filter_map(|idx| nodes.get(*idx));
    node.get("style").is_some_and(|style| style.contains(part))
        || children.into_iter().any(|child| has_style(nodes, child, part))
}

fn lines(words: &str, fitting: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in words.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let is_full = !line.is_empty() && line.chars().count() + 1 + word.chars().count() > fitting;
            if is_full {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines.truncate(MAX_LINES);
    lines
}
