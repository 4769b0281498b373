//! What a text must be to count as a value. Each check returns the value
//! as it is kept, or says what was expected.

use crate::model::forge::Remote;

const THEMES: [&str; 2] = ["default", "plain"];

/// The address of the site, with a slash at its end.
pub fn base_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`\\".contains(c);
    if host.is_empty() || host.contains('@') || text.contains(['?', '#']) || text.contains(is_odd) {
        return Err("expected the address of the site, as `https://dev.acme.example/`".to_string());
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

/// The name of a repository, which is a part of URLs.
pub fn source_name(text: &str) -> Result<String, String> {
    let is_odd = |c: char| c.is_control() || c == '/' || c == '\\';
    match text.trim().is_empty() || text.contains(is_odd) || text == "." || text == ".." {
        true => Err("expected a name without slashes".to_string()),
        false => Ok(text.to_string()),
    }
}

/// The page of a repository, with `{name}` for its name.
pub fn source_url(text: &str) -> Result<String, String> {
    match Remote::parse(&text.replace("{name}", "name")) {
        Some(_) => Ok(text.to_string()),
        None => Err("expected the page of a repository, as `https://github.com/acme/{name}`".to_string()),
    }
}

/// The address that a link is made of, or nothing.
pub fn link_url(text: &str) -> Result<String, String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>`\\".contains(c);
    match text.is_empty() || text == "{value}" || (is_web && !text.contains(is_odd)) {
        true => Ok(text.to_string()),
        false => Err("expected an address, as `https://grafana.acme.example/d/{value}`".to_string()),
    }
}

/// A branch, a tag or a commit.
pub fn git_ref(text: &str) -> Result<String, String> {
    match text.is_empty()
        || text.starts_with('-')
        || text.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        true => Err("expected a branch, a tag or a commit".to_string()),
        false => Ok(text.to_string()),
    }
}

/// One of our themes.
pub fn theme_name(text: &str) -> Result<String, String> {
    match THEMES.contains(&text) {
        true => Ok(text.to_string()),
        false => Err("expected `default` or `plain`".to_string()),
    }
}

/// A colour that is safe to write into a style sheet.
pub fn accent(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    match matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(text.to_string()),
        false => Err("expected a colour, as `#36c` or `#3366cc`".to_string()),
    }
}

/// A host, in lower case.
pub fn host(text: &str) -> Result<String, String> {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_fine) {
        true => Ok(text.to_ascii_lowercase()),
        false => Err("expected a host, as `img.shields.io`".to_string()),
    }
}

/// A BCP 47 tag, as far as its letters go.
pub fn language(text: &str) -> Result<String, String> {
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text.split('-').all(is_part) {
        true => Ok(text.to_string()),
        false => Err("expected a language, as `en` or `pt-BR`".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_end_with_a_slash() {
        assert_eq!(base_url("http://localhost:3000").unwrap(), "http://localhost:3000/");
        assert_eq!(base_url("https://acme.example/a//").unwrap(), "https://acme.example/a/");
        for wrong in
            ["", "acme.example", "ftp://x", "https://", "https:///x", "https://x/?a", "https://u@x", "//x"]
        {
            assert!(base_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn accents_are_hexadecimal() {
        assert!(accent("#abc").is_ok() && accent("#a0B1c2").is_ok());
        for wrong in ["", "#", "abc", "#abcd", "#ggg", "red", "#abc;"] {
            assert!(accent(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn languages_are_tags() {
        assert!(language("en").is_ok() && language("zh-Hant-TW").is_ok());
        for wrong in ["", "en_US", "en-", "english language", "\"", "überlang"] {
            assert!(language(wrong).is_err(), "{wrong}");
        }
    }
}
