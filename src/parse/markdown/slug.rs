//! Anchors of headings: as Python-Markdown makes them, and as GitHub
//! does, for links that were written for GitHub.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::model::extensions::SlugRule;

/// The longest anchor, in bytes; a heading may be as long as a page.
const MAX_BYTES: usize = 200;

/// The anchors of one page so far.
#[derive(Default)]
pub(super) struct Slugs {
    rule: SlugRule,
    /// Only ever looked up.
    known: HashMap<String, Known>,
}

/// What is known of a text as an anchor.
#[derive(Default)]
struct Known {
    is_taken: bool,
    /// The next number to try behind it, to stay linear when thousands
    /// of headings are alike.
    next: u32,
    /// How many headings would have it at GitHub.
    n_github: u32,
}

impl Slugs {
    pub(super) fn new(rule: SlugRule) -> Self {
        Slugs { rule, ..Slugs::default() }
    }

    /// Tells whether a heading has an anchor.
    pub(super) fn is_taken(&self, id: &str) -> bool {
        self.known.get(id).is_some_and(|known| known.is_taken)
    }

    /// Returns the anchor of a heading, and the one that GitHub would
    /// give it if that is another.
    pub(super) fn heading(&mut self, text: &str, id: Option<&str>) -> (String, Option<String>) {
        let github = self.github(text);
        let own = ruled(self.rule, text);
        let anchor = match id {
            Some(id) => self.distinct(id.to_string()),
            None if own.is_empty() && !unicode(text).is_empty() => self.distinct(unicode(text)),
            None => self.distinct(own),
        };
        let alias = (!github.is_empty() && github != anchor).then_some(github);
        (anchor, alias)
    }

    /// Returns the anchor of a tab; `before` is what it begins with.
    pub(super) fn tab(&mut self, rule: SlugRule, before: &str, title: &str) -> String {
        let own = ruled(rule, title);
        self.distinct(if before.is_empty() { own } else { format!("{before}-{own}") })
    }

    fn distinct(&mut self, id: String) -> String {
        // Ids that begin with `cb-` are those of the theme.
        let id = if id.starts_with("cb-") { format!("h-{id}") } else { id };
        if !id.is_empty() && self.take(&id) {
            return id;
        }
        let n_digits = id.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (stem, digits) = id.split_at(id.len() - n_digits);
        let (stem, mut number) = match stem.strip_suffix('_') {
            Some(stem) if is_number(digits) => (stem.to_string(), digits.parse().unwrap_or(0) + 1),
            _ => (id, 1),
        };
        number = number.max(self.known.get(&stem).map_or(0, |known| known.next));
        let mut candidate = String::with_capacity(stem.len() + 8);
        loop {
            candidate.clear();
            candidate.push_str(&stem);
            candidate.push('_');
            super::text::push_number(&mut candidate, number as usize);
            number = number.saturating_add(1);
            if self.take(&candidate) {
                self.known.entry(stem).or_default().next = number;
                return candidate;
            }
        }
    }

    /// Takes an anchor, if nobody has it yet.
    fn take(&mut self, id: &str) -> bool {
        match self.known.get_mut(id) {
            Some(known) => !std::mem::replace(&mut known.is_taken, true),
            None => {
                self.known.insert(id.to_string(), Known { is_taken: true, ..Known::default() });
                true
            }
        }
    }

    fn github(&mut self, text: &str) -> String {
        let mut stem = github(text);
        match self.known.get_mut(&stem) {
            Some(known) => {
                known.n_github += 1;
                if known.n_github > 1 {
                    stem.push('-');
                    super::text::push_number(&mut stem, known.n_github as usize - 1);
                }
            }
            None => {
                self.known.insert(stem.clone(), Known { n_github: 1, ..Known::default() });
            }
        }
        stem
    }
}

fn ruled(rule: SlugRule, text: &str) -> String {
    match rule {
        SlugRule::Ascii => python(text),
        SlugRule::Unicode => unicode(text),
        SlugRule::Lower => github(text),
        SlugRule::Cased => hyphened(start(text.trim())).collect(),
    }
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.len() < 9 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `markdown.extensions.toc.slugify` with its defaults.
fn python(text: &str) -> String {
    let text = start(text);
    if text.is_ascii() {
        return ascii(text);
    }
    let ascii = text.nfkd().filter(char::is_ascii);
    joined(ascii.filter(|c| is_word(*c) || c.is_ascii_whitespace() || *c == '-'))
}

/// The same for the titles that are ASCII, which most are.
fn ascii(text: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_kept = |byte: &u8| is_word(*byte) || *byte == b'-';
    let bytes = text.as_bytes();
    let from = bytes.iter().position(is_kept).unwrap_or(bytes.len());
    let to = bytes.iter().rposition(is_kept).map_or(from, |last| last + 1);
    let mut slug = Vec::with_capacity(to - from);
    for byte in &bytes[from..to] {
        match *byte {
            byte if is_word(byte) => slug.push(byte.to_ascii_lowercase()),
            byte if (byte == b'-' || byte.is_ascii_whitespace()) && slug.last() != Some(&b'-') => {
                slug.push(b'-');
            }
            _ => {}
        }
    }
    String::from_utf8(slug).unwrap_or_default()
}

/// The same for titles without any ASCII, where Python-Markdown gives up.
fn unicode(text: &str) -> String {
    joined(start(text).nfc().filter(|c| is_word(*c) || c.is_whitespace() || *c == '-'))
}

fn github(text: &str) -> String {
    let text = start(text.trim());
    if text.is_ascii() {
        let mut slug = Vec::with_capacity(text.len());
        for byte in text.bytes() {
            match byte {
                b' ' => slug.push(b'-'),
                b'_' | b'-' => slug.push(byte),
                byte if byte.is_ascii_alphanumeric() => slug.push(byte.to_ascii_lowercase()),
                _ => {}
            }
        }
        return String::from_utf8(slug).unwrap_or_default();
    }
    hyphened(text).flat_map(char::to_lowercase).collect()
}

/// Returns the characters of a name, with a hyphen for each space.
fn hyphened(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if is_word(c) || c == '-' => Some(c),
        _ => None,
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn joined(chars: impl Iterator<Item = char>) -> String {
    let text: String = chars.flat_map(char::to_lowercase).collect();
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c == '-' || c.is_whitespace() {
            true if slug.ends_with('-') => {}
            true => slug.push('-'),
            false => slug.push(c),
        }
    }
    slug
}

fn start(text: &str) -> &str {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, id: &str, alias: Option<&str>) {
        let (anchor, also) = Slugs::default().heading(text, None);
        assert_eq!((anchor.as_str(), also.as_deref()), (id, alias), "{text}");
    }

    #[test]
    fn anchors_are_those_of_python_markdown() {
        check("Getting started", "getting-started", None);
        check(
            "code & tags Über Foo_bar--baz! 1.2.3",
            "code-tags-uber-foo_bar-baz-123",
            Some("code--tags-über-foo_bar--baz-123"),
        );
        check("a - b", "a-b", Some("a---b"));
        check("日本語", "日本語", None);
        check("", "_1", None);
        check("CB insights", "h-cb-insights", Some("cb-insights"));
    }

    #[test]
    fn anchors_follow_the_rule_of_the_site() {
        let anchor = |rule, text: &str| Slugs::new(rule).heading(text, None).0;
        assert_eq!(anchor(SlugRule::Unicode, "Über - das"), "über-das");
        assert_eq!(anchor(SlugRule::Lower, "Über - das"), "über---das");
        assert_eq!(anchor(SlugRule::Cased, "Über - das"), "Über---das");
    }

    #[test]
    fn ascii_is_read_alike_in_haste_and_at_leisure() {
        for text in ["Getting started", " .a - B_c--d! ", "--a--", "!", "a . b", "1.2.3 \t x\x0by \x1c"] {
            let slow = joined(text.chars().filter(|c| is_word(*c) || c.is_ascii_whitespace() || *c == '-'));
            assert_eq!(ascii(text), slow, "{text:?}");
        }
    }

    #[test]
    fn a_second_heading_gets_a_number() {
        let mut slugs = Slugs::default();
        let ids: Vec<String> =
            ["a", "a", "a_1", "a", "!", "?"].iter().map(|text| slugs.heading(text, None).0).collect();
        assert_eq!(ids, ["a", "a_1", "a_2", "a_3", "_1", "_2"]);
    }

    #[test]
    fn an_id_of_the_author_wins_and_github_counts_on() {
        let mut slugs = Slugs::default();
        assert_eq!(slugs.heading("A b", Some("x")), ("x".into(), Some("a-b".into())));
        assert_eq!(slugs.heading("A b", None), ("a-b".into(), Some("a-b-1".into())));
    }
}
