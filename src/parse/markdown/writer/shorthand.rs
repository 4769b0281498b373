//! Shorthands for what lies at the host of a repository: `#12`, `!12`,
//! `@user`, `@user/repo`, `user/repo#12`, `repo#12`.

use crate::model::extensions::Shorthand;

/// The longest name of a user or a repository.
const MAX_NAME: usize = 100;

/// Reads a shorthand whose sign stands at `text[at..]`; returns where it
/// begins, how long it is, and what it means.
pub(super) fn read(shorthand: &Shorthand, text: &str, at: usize) -> Option<(usize, usize, String)> {
    let host = &shorthand.host;
    let after = &text[at + 1..];
    if text.as_bytes()[at] == b'@' {
        let user = name(after)?;
        let rest = &after[user.len()..];
        return Some(match rest.strip_prefix('/').and_then(name) {
            Some(repo) => (at, 2 + user.len() + repo.len(), format!("{host}/{user}/{repo}")),
            None => (at, 1 + user.len(), format!("{host}/{user}")),
        });
    }
    let digits = after.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let ends_well = !after[digits..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if !(1..10).contains(&digits) || !ends_well {
        return None;
    }
    let kind = if text.as_bytes()[at] == b'#' { "issues" } else { "pull" };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./".contains(byte);
    let n_before =
        text.as_bytes()[..at].iter().rev().take(2 * MAX_NAME).take_while(|byte| is_name(byte)).count();
    let before = &text[at - n_before..at];
    let project = match before.split_once('/') {
        None if before.is_empty() => format!("{}/{}", shorthand.user, shorthand.repo.as_deref()?),
        None => format!("{}/{before}", shorthand.user),
        Some((user, repo)) if !user.is_empty() && !repo.is_empty() && !repo.contains('/') => {
            before.to_string()
        }
        Some(_) => return None,
    };
    let target = format!("{host}/{project}/{kind}/{}", &after[..digits]);
    Some((at - n_before, n_before + 1 + digits, target))
}

fn name(text: &str) -> Option<&str> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let length = text.as_bytes().iter().take(MAX_NAME).take_while(|byte| is_name(byte)).count();
    let name = text[..length].trim_end_matches(['-', '_']);
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let shorthand =
            Shorthand { host: "https://github.com".into(), user: "acme".into(), repo: Some("pay".into()) };
        let at = text.find(['#', '!', '@']).expect("a sign");
        let found =
            read(&shorthand, text, at).map(|(start, length, target)| (&text[start..start + length], target));
        assert_eq!(found.as_ref().map(|(text, target)| (*text, target.as_str())), expected);
    }

    #[test]
    fn shorthands_are_read() {
        check("see #12.", Some(("#12", "https://github.com/acme/pay/issues/12")));
        check("!7", Some(("!7", "https://github.com/acme/pay/pull/7")));
        check("x b/c#1", Some(("b/c#1", "https://github.com/b/c/issues/1")));
        check("shop#1", Some(("shop#1", "https://github.com/acme/shop/issues/1")));
        check("by @jo-do,", Some(("@jo-do", "https://github.com/jo-do")));
        check("@jo/x", Some(("@jo/x", "https://github.com/jo/x")));
        check("#12a", None);
        check("# 1", None);
        check("wow!", None);
    }
}
