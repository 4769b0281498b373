//! The URL filter: one rule for every address that content brings along,
//! in links of entities, Markdown and raw HTML alike.
//!
//! Nothing is decoded here. Whoever reads HTML hands over the value of
//! the attribute with its character references resolved, as a browser
//! would see it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS};

/// What is escaped in a path of a URL, beyond everything that is not
/// ASCII.
pub const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The schemes that content may link to.
pub const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Returns an absolute URL of an allowed scheme, without the characters
/// that browsers skip or hide. `None` for every other scheme, for
/// relative links and for addresses that start with `//`.
pub fn safe_url(text: &str) -> Option<Cow<'_, str>> {
    let url = stripped(text);
    let (scheme, rest) = url.split_at(scheme_end(&url)?);
    let is_allowed = SCHEMES.iter().any(|allowed| allowed.eq_ignore_ascii_case(scheme));
    if !is_allowed || rest.len() < 2 {
        return None;
    }
    let is_web = scheme.len() >= 4 && scheme[..4].eq_ignore_ascii_case("http");
    if is_web && !has_host(&rest[1..]) {
        return None;
    }
    Some(url)
}

/// Returns a URL that is safe to link to: an absolute one as
/// [`safe_url`], or one relative to the page, the site or just a
/// fragment. Never one that names another host without a scheme.
pub fn safe_link(text: &str) -> Option<Cow<'_, str>> {
    let url = stripped(text);
    if scheme_end(&url).is_some() {
        return safe_url(text);
    }
    let mut start = url.bytes();
    let is_slash = |byte: Option<u8>| matches!(byte, Some(b'/' | b'\\'));
    let names_host = is_slash(start.next()) && is_slash(start.next());
    (!names_host).then_some(url)
}

/// Returns the text without the characters that make one URL look like
/// another: spaces around it, control characters, line separators and
/// invisible format characters anywhere.
fn stripped(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || is_hidden(c));
    let has_hidden = match trimmed.is_ascii() {
        true => trimmed.bytes().any(|byte| byte.is_ascii_control()),
        false => trimmed.contains(is_hidden),
    };
    if !has_hidden {
        return Cow::Borrowed(trimmed);
    }
    Cow::Owned(trimmed.chars().filter(|c| !is_hidden(*c)).collect())
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns where the scheme ends: at a `:` before any `/`, `\`, `?` and
/// `#`. Whether what stands before is a good name does not matter, so
/// that nothing slips through by being odd.
fn scheme_end(url: &str) -> Option<usize> {
    let end = url.find([':', '/', '\\', '?', '#'])?;
    (url.as_bytes()[end] == b':').then_some(end)
}

fn has_host(rest: &str) -> bool {
    let host = rest.strip_prefix("//").unwrap_or("");
    !host.is_empty() && !host.starts_with(['/', '\\', '?', '#', ':', '@'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn absolute(text: &str, expected: Option<&str>) {
        assert_eq!(safe_url(text).as_deref(), expected, "{text:?}");
    }

    #[track_caller]
    fn link(text: &str, expected: Option<&str>) {
        assert_eq!(safe_link(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn four_schemes_are_allowed() {
        absolute("https://a.example/x?y#z", Some("https://a.example/x?y#z"));
        absolute("HTTP://a.example", Some("HTTP://a.example"));
        absolute("mailto:jane@a.example", Some("mailto:jane@a.example"));
        absolute("tel:+4930123", Some("tel:+4930123"));
        absolute(" https://a.example ", Some("https://a.example"));
        absolute("ftp://a.example", None);
        absolute("https:", None);
        absolute("https://", None);
        absolute("https:///a.example", None);
        absolute("https:a.example", None);
    }

    #[test]
    fn scripts_are_refused_however_they_are_written() {
        for text in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\u{200b}script:alert(1)",
            "javascript\u{ad}:alert(1)",
            "vbscript:x",
            "data:text/html,<script>",
            "blob:https://a.example/1",
            "file:///etc/passwd",
            "x y:alert(1)",
            ":alert(1)",
        ] {
            absolute(text, None);
            link(text, None);
        }
    }

    #[test]
    fn hidden_characters_are_removed() {
        absolute("https://a.ex\u{202e}ample/\tb", Some("https://a.example/b"));
        link("a\u{200b}.md", Some("a.md"));
    }

    #[test]
    fn relative_links_stay_but_other_hosts_do_not() {
        link("guide/a.md", Some("guide/a.md"));
        link("../a.md?b=c:d", Some("../a.md?b=c:d"));
        link("./a:b", Some("./a:b"));
        link("#x:y", Some("#x:y"));
        link("/root", Some("/root"));
        link("", Some(""));
        link("//evil.example", None);
        link("\\\\evil.example", None);
        link("/\\evil.example", None);
        link("/\t/evil.example", None);
        link("\u{200b}//evil.example", None);
        absolute("guide/a.md", None);
        absolute("//evil.example", None);
    }
}
