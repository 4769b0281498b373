//! Directives between colons, `:::note Title` … `:::`, as Docusaurus
//! has them and many pages of Backstage users do.

use crate::model::codes::markdown as codes;

use super::container::{Container, ContainerKind, Title};
use super::{Line, Prepass, Where, fence};

const TYPES: [&str; 9] =
    ["note", "tip", "info", "caution", "warning", "danger", "important", "success", "secondary"];

struct Opener<'t> {
    n_colons: usize,
    kind: String,
    title: &'t str,
}

/// Rewrites a directive as an admonition.
pub(super) fn directive(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let opener = opener(lines[at].text.trim())?;
    let end = closing(prepass, lines, at, opener.n_colons);
    if end.is_none() {
        let span = prepass.places.line(lines[at].number);
        prepass.report(codes::unclosed_block(span, &format!(":::{}", opener.kind), ":::"));
    }
    let title = if opener.title.is_empty() { Title::Default } else { Title::Given };
    let container = Container { kind: ContainerKind::Admonition, classes: vec![opener.kind], title };
    let body_end = end.unwrap_or(lines.len());
    let indent = lines[at].indent();
    prepass.container(container, opener.title, &lines[at], |prepass| {
        let body: Vec<Line> = lines[at + 1..body_end].iter().map(|line| line.dedented(indent)).collect();
        prepass.blocks(&body);
    });
    Some(end.map_or(lines.len(), |end| end + 1))
}

/// Tells whether a trimmed line opens a directive.
pub(super) fn is_opener(text: &str) -> bool {
    opener(text).is_some()
}

fn opener(text: &str) -> Option<Opener<'_>> {
    let n_colons = text.bytes().take_while(|byte| *byte == b':').count();
    if n_colons < 3 {
        return None;
    }
    let rest = text[n_colons..].trim();
    let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let kind = rest[..length].to_ascii_lowercase();
    if !TYPES.contains(&kind.as_str()) {
        return None;
    }
    let title = &rest[length..];
    let title = match title.strip_prefix('[') {
        Some(title) => title.trim_end().strip_suffix(']')?,
        None if title.is_empty() || title.starts_with(' ') => title,
        None => return None,
    };
    Some(Opener { n_colons, kind, title: title.trim() })
}

/// Finds the line of colons that ends a directive, past those inside of
/// it and past code.
fn closing(prepass: &mut Prepass, lines: &[Line], at: usize, n_colons: usize) -> Option<usize> {
    let mut fence: Option<fence::Fence> = None;
    let mut open = vec![n_colons];
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        prepass.lookahead = prepass.lookahead.checked_sub(1)?;
        let text = line.text.trim();
        match fence {
            Some(marks) if fence::closes(marks, text) => fence = None,
            Some(_) => continue,
            None => fence = fence::opening(text),
        }
        if let Some(inner) = opener(text) {
            open.push(inner.n_colons);
        } else if text.len() >= 3 && text.bytes().all(|byte| byte == b':') {
            // A longer line of colons ends what was opened inside, too.
            while open.last().is_some_and(|inner| *inner < text.len()) && open.len() > 1 {
                open.pop();
            }
            open.pop();
            if open.is_empty() {
                return Some(idx);
            }
        }
    }
    None
}
