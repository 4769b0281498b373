//! Links that MkDocs reads and CommonMark does not: to files with spaces
//! in their names, `[a](my page.md)`, and with a gap before their label,
//! `[a] [b]`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::Flavour;
use super::Line;

/// How far a target may reach, in bytes.
const MAX_TARGET: usize = 300;

/// Puts targets with spaces between `<` and `>`; `None` when a line has
/// none. A target counts if it ends like a file, so that titles and
/// remarks in brackets stay as they are.
pub(super) fn without_spaces(line: &str) -> Option<String> {
    let mut out = String::new();
    let mut from = 0;
    for offset in memchr::memchr_iter(b']', line.as_bytes()) {
        if line.as_bytes().get(offset + 1) != Some(&b'(') {
            continue;
        }
        let start = offset + 2;
        let rest = &line[start..];
        let Some(length) = rest.bytes().take(MAX_TARGET).position(|byte| matches!(byte, b')' | b'(' | b'`'))
        else {
            continue;
        };
        let target = &rest[..length];
        if start >= from && rest.as_bytes()[length] == b')' && is_file_with_spaces(target) {
            out.push_str(&line[from..start]);
            out.push_str(&format!("<{}>", target.trim()));
            from = start + length;
        }
    }
    if from == 0 {
        return None;
    }
    out.push_str(&line[from..]);
    Some(out)
}

fn is_file_with_spaces(target: &str) -> bool {
    let target = target.trim();
    let path = target.split('#').next().unwrap_or(target);
    let is_extension =
        |name: &str| (2..=5).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    path.contains(' ')
        && !target.contains(['<', '>', '"', '\''])
        && path.rsplit_once('.').is_some_and(|(_, extension)| is_extension(extension))
}

/// Returns the labels that the page gives addresses to; none when no
/// link of it may need them.
pub(super) fn references(flavour: Flavour, lines: &[Line]) -> HashSet<String> {
    let has_gap = |pair: &[Line]| pair[0].text.ends_with(']') && pair[1].text.trim_start().starts_with('[');
    let needs = flavour == Flavour::TechDocs
        && (lines.iter().any(|line| has_gap_within(line.text)) || lines.windows(2).any(has_gap));
    if !needs {
        return HashSet::new();
    }
    let definition = |line: &Line| {
        let (label, _) = line.text.trim_start().strip_prefix('[')?.split_once("]:")?;
        (!label.starts_with('^') && !label.contains(['[', ']'])).then(|| normal(label))
    };
    lines.iter().filter_map(definition).collect()
}

fn has_gap_within(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b']', bytes).any(|end| bytes[end..].starts_with(b"] ["))
}

/// Joins `[text] [label]` where the page knows the label.
pub(super) fn joined<'l>(line: &'l str, references: &HashSet<String>) -> Cow<'l, str> {
    let mut out = String::new();
    let mut from = 0;
    for (offset, _) in line.match_indices("] [") {
        // The box of a task is no text of a link.
        let is_task = matches!(line[..=offset].trim_start(), "[ ]" | "[x]" | "[X]");
        if !is_task && label(&line[offset + 2..], references).is_some() {
            out.push_str(&line[from..=offset]);
            from = offset + 2;
        }
    }
    if from == 0 {
        return Cow::Borrowed(line);
    }
    out.push_str(&line[from..]);
    Cow::Owned(out)
}

/// Returns the length of a label at the start of a text, if the page
/// knows it.
pub(super) fn label(text: &str, references: &HashSet<String>) -> Option<usize> {
    let inner = text.strip_prefix('[')?;
    let length = inner.bytes().take(MAX_TARGET).position(|byte| matches!(byte, b'[' | b']'))?;
    let is_known = inner.as_bytes()[length] == b']' && references.contains(&normal(&inner[..length]));
    is_known.then_some(length + 2)
}

fn normal(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(without_spaces(line).as_deref(), expected, "{line}");
    }

    #[test]
    fn links_with_a_gap_are_joined() {
        let known = HashSet::from(["b c".to_string()]);
        assert_eq!(joined("x [a] [B  c] [d] [e]", &known), "x [a][B  c] [d] [e]");
        assert_eq!(joined("[ ] [x]", &known), "[ ] [x]");
        assert_eq!(joined("[x] [b c] [a] [b c]", &known), "[x] [b c] [a][b c]");
        assert_eq!(label("[b c] d", &known), Some(5));
    }

    #[test]
    fn only_files_with_spaces_change() {
        check("a [b](my page.md) c", Some("a [b](<my page.md>) c"));
        check("![a](x y.png) [b](z w.md#v)", Some("![a](<x y.png>) [b](<z w.md#v>)"));
        check("[a](b.md \"c d.md\")", None);
        check("[a](<b c.md>)", None);
        check("[a](b c)", None);
        check("[a](b.md) x.md)", None);
        check("[a](b", None);
    }
}
