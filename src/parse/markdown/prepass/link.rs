//! Links to files with spaces in their names, `[a](my page.md)`, which
//! MkDocs reads and CommonMark does not.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Option<&str>) {
        assert_eq!(without_spaces(line).as_deref(), expected, "{line}");
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
