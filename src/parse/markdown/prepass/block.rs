//! Blocks between slashes, `/// note | Title` … `///`, as
//! pymdown-extensions has them. Their options are indented below the
//! first line; their body is not. More slashes hold fewer.

use crate::model::codes::markdown as codes;

use super::super::Flavour;
use super::super::attrs::{self, Attrs};
use super::container::{Container, ContainerKind, Title};
use super::{Line, Prepass, Where, fence, list};

/// Types of admonitions that have a block of their own name.
const TYPES: [&str; 22] = [
    "abstract",
    "attention",
    "bug",
    "caution",
    "danger",
    "error",
    "example",
    "failure",
    "hint",
    "important",
    "info",
    "new",
    "note",
    "question",
    "quote",
    "settings",
    "success",
    "summary",
    "tip",
    "todo",
    "warning",
    "admonition",
];

/// Elements that `/// html` may write.
const ELEMENTS: [&str; 18] = [
    "article",
    "aside",
    "blockquote",
    "div",
    "figcaption",
    "figure",
    "footer",
    "header",
    "ins",
    "del",
    "kbd",
    "mark",
    "p",
    "section",
    "small",
    "span",
    "sub",
    "sup",
];

/// What the first line of a block says.
struct Opener<'t> {
    n_slashes: usize,
    name: &'t str,
    argument: &'t str,
}

/// What the lines below the first one say.
#[derive(Default)]
struct Settings {
    kind: Option<String>,
    is_open: bool,
    is_new: bool,
    is_selected: bool,
    classes: Vec<String>,
    n_lines: usize,
}

/// Rewrites a block.
pub(super) fn block(prepass: &mut Prepass, lines: &[Line], at: usize, _: Where) -> Option<usize> {
    if prepass.flavour != Flavour::TechDocs {
        return None;
    }
    let opener = opener(lines[at].text.trim())?;
    if opener.name == "tab" {
        return Some(tabs(prepass, lines, at));
    }
    let end = end(prepass, lines, at, opener.n_slashes);
    let settings = settings(&lines[at + 1..end]);
    let body = body(lines, at, end, &settings);
    let next = (end + 1).min(lines.len());
    if matches!(opener.name, "define" | "definition") {
        definitions(prepass, &body, &lines[at]);
        return Some(next);
    }
    if let Some(label) = prepass.captions.label(opener.name, opener.argument) {
        let caption = Container { kind: ContainerKind::Caption, classes: Vec::new(), title: Title::Given };
        prepass.container(caption, &label, &lines[at], |prepass| prepass.blocks(&body));
        return Some(next);
    }
    let (container, title) = container(&opener, &settings);
    prepass.container(container, title, &lines[at], |prepass| prepass.blocks(&body));
    Some(next)
}

/// Tells whether a trimmed line begins or ends a block.
pub(super) fn is_fence(text: &str) -> bool {
    closer(text).is_some() || opener(text).is_some()
}

fn opener(text: &str) -> Option<Opener<'_>> {
    let n_slashes = text.bytes().take_while(|byte| *byte == b'/').count();
    let rest = text[n_slashes..].strip_prefix(' ')?;
    let (name, argument) = rest.split_once('|').unwrap_or((rest, ""));
    let name = name.trim();
    let is_known = TYPES.contains(&name)
        || matches!(name, "details" | "tab" | "html" | "define" | "definition" | "caption")
        || name.ends_with("-caption")
        || name.strip_prefix("details-").is_some_and(|kind| TYPES.contains(&kind));
    (n_slashes >= 3 && is_known && name.len() <= 40).then(|| Opener {
        n_slashes,
        name,
        argument: argument.trim(),
    })
}

fn closer(text: &str) -> Option<usize> {
    let text = text.trim();
    (text.len() >= 3 && text.bytes().all(|byte| byte == b'/')).then_some(text.len())
}

/// Finds the line that ends a block; the end of the lines if there is
/// none.
fn end(prepass: &mut Prepass, lines: &[Line], at: usize, n_slashes: usize) -> usize {
    let mut fence: Option<fence::Fence> = None;
    let mut open = vec![n_slashes];
    for (idx, line) in lines.iter().enumerate().skip(at + 1) {
        match prepass.lookahead.checked_sub(1) {
            Some(left) => prepass.lookahead = left,
            None => break,
        }
        let text = line.text.trim();
        match fence {
            Some(marks) if fence::closes(marks, text) => fence = None,
            Some(_) => continue,
            None => fence = fence::opening(text),
        }
        if let Some(length) = closer(text) {
            if let Some(depth) = open.iter().rposition(|inner| *inner == length) {
                open.truncate(depth);
            }
        } else if line.indent() < 4
            && let Some(inner) = opener(text)
        {
            open.push(inner.n_slashes);
        }
        if open.is_empty() {
            return idx;
        }
    }
    let span = prepass.places.line(lines[at].number);
    let marks = "/".repeat(n_slashes);
    prepass.report(codes::unclosed_block(span, lines[at].text.trim(), &marks));
    lines.len()
}

/// Reads the options: `key: value` lines, indented by four.
fn settings(lines: &[Line]) -> Settings {
    let mut settings = Settings::default();
    for line in lines.iter().take(50).take_while(|line| line.indent() >= 4 && !line.is_blank()) {
        let Some((key, value)) = line.text.trim().split_once(':') else { break };
        settings.n_lines += 1;
        let value = value.trim();
        let is_true = value.eq_ignore_ascii_case("true");
        match key.trim() {
            "type" => settings.kind = Some(value.trim_matches(['"', '\'']).to_lowercase()),
            "open" => settings.is_open = is_true,
            "new" => settings.is_new = is_true,
            "select" => settings.is_selected = is_true,
            "attrs" => settings.classes = classes(value),
            _ => {}
        }
    }
    settings
}

/// Reads the classes of `{class: a b, id: c}`.
fn classes(value: &str) -> Vec<String> {
    let inner = value.trim_start_matches('{').trim_end_matches('}');
    let mut attrs = Attrs::default();
    for pair in inner.split(',') {
        if let Some(("class", value)) =
            pair.split_once(':').map(|(key, value)| (key.trim().trim_matches('\''), value))
        {
            attrs.add_classes(value.trim().trim_matches(['"', '\'']));
        }
    }
    attrs.classes
}

fn body<'t>(lines: &[Line<'t>], at: usize, end: usize, settings: &Settings) -> Vec<Line<'t>> {
    let indent = lines[at].indent();
    lines[at + 1 + settings.n_lines..end].iter().map(|line| line.dedented(indent)).collect()
}

fn container<'t>(opener: &Opener<'t>, settings: &Settings) -> (Container, &'t str) {
    let title = if opener.argument.is_empty() { Title::Default } else { Title::Given };
    let kind_of = |own: &str| -> Vec<String> {
        let kind = settings.kind.clone().filter(|kind| attrs::is_safe_class(kind));
        let own = (!matches!(own, "admonition" | "details")).then(|| own.to_string());
        kind.or(own).into_iter().chain(settings.classes.clone()).collect()
    };
    match opener.name {
        "html" => {
            let (name, classes) = selector(opener.argument);
            (Container { kind: ContainerKind::Element { name }, classes, title: Title::None }, "")
        }
        name if name.ends_with("caption") => {
            (Container { kind: ContainerKind::Caption, classes: Vec::new(), title: Title::None }, "")
        }
        name if name.starts_with("details") => {
            let classes = kind_of(name.strip_prefix("details-").unwrap_or(name));
            let kind = ContainerKind::Details { is_open: settings.is_open };
            (Container { kind, classes, title }, opener.argument)
        }
        name => {
            let mut classes = kind_of(name);
            if classes.is_empty() {
                classes.push("note".to_string());
            }
            (Container { kind: ContainerKind::Admonition, classes, title }, opener.argument)
        }
    }
}

/// Reads `div.class#id[name=value]`.
fn selector(text: &str) -> (&'static str, Vec<String>) {
    let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = ELEMENTS.into_iter().find(|known| *known == &text[..length]).unwrap_or("div");
    let mut attrs = Attrs::default();
    let rest = text[length..].split('[').next().unwrap_or("");
    for part in rest.split('.').skip(1) {
        attrs.add_classes(part.split('#').next().unwrap_or(""));
    }
    (name, attrs.classes)
}

/// Writes the tabs that follow one another.
fn tabs(prepass: &mut Prepass, lines: &[Line], at: usize) -> usize {
    let set = Container { kind: ContainerKind::TabSet, classes: Vec::new(), title: Title::None };
    let mut next = at;
    prepass.container(set, "", &lines[at], |prepass| {
        let mut start = at;
        while let Some(opener) = lines.get(start).and_then(|line| opener(line.text.trim())) {
            if opener.name != "tab" {
                break;
            }
            let end = end(prepass, lines, start, opener.n_slashes);
            let settings = settings(&lines[start + 1..end]);
            if settings.is_new && start > at {
                break;
            }
            let body = body(lines, start, end, &settings);
            let kind = ContainerKind::Tab { is_selected: settings.is_selected };
            let container = Container { kind, classes: Vec::new(), title: Title::Given };
            let title = if opener.argument.is_empty() { "Tab" } else { opener.argument };
            prepass.container(container, title, &lines[start], |prepass| prepass.blocks(&body));
            next = (end + 1).min(lines.len());
            start = next + lines[next..].iter().take_while(|line| line.is_blank()).count();
        }
    });
    next.max(at + 1)
}

/// Writes a definition list: paragraphs are terms, lists their meanings.
fn definitions(prepass: &mut Prepass, body: &[Line], from: &Line) {
    let plain = |kind| Container { kind, classes: Vec::new(), title: Title::None };
    prepass.container(plain(ContainerKind::Definitions), "", from, |prepass| {
        let mut at = 0;
        while at < body.len() {
            let line = &body[at];
            if line.is_blank() {
                at += 1;
                continue;
            }
            let Some(text) = list::item_text(line.text) else {
                let term = Container { kind: ContainerKind::Term, classes: Vec::new(), title: Title::Given };
                prepass.container(term, line.text.trim(), line, |_| {});
                at += 1;
                continue;
            };
            let rest = &body[at + 1..];
            let n_rest = rest.iter().take_while(|line| line.is_blank() || line.indent() >= 2).count();
            let mut inner = vec![Line { text, ..*line }];
            inner.extend(rest[..n_rest].iter().map(|line| line.dedented(4)));
            prepass.container(plain(ContainerKind::Meaning), "", line, |prepass| prepass.blocks(&inner));
            at += 1 + n_rest;
        }
    });
}
