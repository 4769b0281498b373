//! Quotes, and GitHub's alerts, which are quotes that begin with
//! `[!NOTE]`. Alerts may stand anywhere, and may have a title.

use super::container::{Container, ContainerKind, Title};
use super::{Line, Prepass, Where, interrupts};

const TYPES: [&str; 17] = [
    "note",
    "tip",
    "important",
    "warning",
    "caution",
    "info",
    "danger",
    "success",
    "question",
    "failure",
    "bug",
    "example",
    "quote",
    "abstract",
    "hint",
    "error",
    "attention",
];

/// Rewrites a quote.
pub(super) fn quote(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    stripped(&lines[at])?;
    let inner: Vec<Line> = lines[at..].iter().map_while(stripped).collect();
    let end = at + inner.len();
    if let Some((kind, title)) = alert(inner[0].text).filter(|_| !prepass.extensions.off.admonitions) {
        return Some(alert_block(prepass, lines, &inner, end, kind, title));
    }
    prepass.within("> ", "> ", &lines[at], |prepass| prepass.blocks(&inner));
    // Text that follows without a mark still belongs to the paragraph.
    let n_lazy = match inner.last().is_some_and(|line| !line.is_blank()) {
        true => lines[end..].iter().take_while(|line| !line.is_blank() && !interrupts(line.text)).count(),
        false => 0,
    };
    for line in &lines[end..end + n_lazy] {
        prepass.line(line.text, line);
    }
    Some(end + n_lazy)
}

/// Rewrites a quote between two lines of `>>>`, as GitLab has it; it may
/// be an alert.
pub(super) fn fenced(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    let rest = lines[at].text.trim().strip_prefix(">>>")?;
    let alert = alert(rest);
    if !rest.trim().is_empty() && alert.is_none() {
        return None;
    }
    let mut end = None;
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        prepass.lookahead = prepass.lookahead.checked_sub(1)?;
        if line.text.trim() == ">>>" {
            end = Some(idx);
            break;
        }
    }
    let end = end?;
    let body = &lines[at + 1..end];
    match alert {
        Some((kind, title)) => {
            let title_kind = if title.is_empty() { Title::Default } else { Title::Given };
            let classes = classes(kind);
            let container = Container { kind: ContainerKind::Admonition, classes, title: title_kind };
            prepass.container(container, title, &lines[at], |prepass| prepass.blocks(body));
        }
        None => prepass.within("> ", "> ", &lines[at], |prepass| prepass.blocks(body)),
    }
    Some(end + 1)
}

fn alert_block(
    prepass: &mut Prepass,
    lines: &[Line],
    inner: &[Line],
    end: usize,
    kind: String,
    title: &str,
) -> usize {
    let lazy: Vec<Line> = lines[end..]
        .iter()
        .take_while(|line| !line.is_blank() && !interrupts(line.text) && inner.len() > 1)
        .map(|line| line.trimmed())
        .collect();
    let container = Container {
        kind: ContainerKind::Admonition,
        classes: classes(kind),
        title: if title.is_empty() { Title::Default } else { Title::Given },
    };
    let end = end + lazy.len();
    let body: Vec<Line> = inner[1..].iter().copied().chain(lazy).collect();
    prepass.container(container, title, &inner[0], |prepass| prepass.blocks(&body));
    end
}

/// Returns the classes of an alert. GitHub's `[!CAUTION]` tells of danger,
/// where an admonition of that name elsewhere is a warning.
fn classes(kind: String) -> Vec<String> {
    match kind.as_str() {
        "caution" => vec![kind, "danger".to_string()],
        _ => vec![kind],
    }
}

fn stripped<'t>(line: &Line<'t>) -> Option<Line<'t>> {
    if line.indent() >= 4 {
        return None;
    }
    let text = line.text.trim_start().strip_prefix('>')?;
    Some(Line { text: text.strip_prefix(' ').unwrap_or(text), ..*line })
}

fn alert(text: &str) -> Option<(String, &str)> {
    let (kind, title) = text.trim().strip_prefix("[!")?.split_once(']')?;
    let kind = kind.to_ascii_lowercase();
    TYPES.contains(&kind.as_str()).then(|| (kind, title.trim_start_matches(['+', '-']).trim()))
}
