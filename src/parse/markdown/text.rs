//! Text in HTML, written so that no marker of ours can be forged.

use crate::base::text::push_escaped;

use super::source::{MARKER_LEAD, is_marker};

/// Appends `text`, escaped for HTML; markers become U+FFFD.
pub(super) fn push(out: &mut String, text: &str) {
    // Most texts have nothing of it. The first byte of all markers is rare.
    let is_odd = |byte: &u8| matches!(*byte, b'&' | b'<' | b'>' | b'"' | b'\'' | MARKER_LEAD);
    if !text.as_bytes().iter().fold(false, |found, byte| found | is_odd(byte)) {
        return out.push_str(text);
    }
    match text.contains(is_marker) {
        true => push_escaped(out, &text.replace(is_marker, "\u{fffd}")),
        false => push_escaped(out, text),
    }
}

/// Appends a number.
pub(super) fn push_number(out: &mut String, number: usize) {
    let mut digits = [b'0'; 20];
    let (mut rest, mut at) = (number, digits.len());
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// Returns code in which the characters that turn the direction of text
/// around can be seen; `None` when it has none. Such characters make
/// code read otherwise than it runs.
pub(super) fn revealed(code: &str) -> Option<String> {
    let is_turning = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // All of them begin with the same byte.
    if memchr::memchr(0xe2, code.as_bytes()).is_none() || !code.contains(is_turning) {
        return None;
    }
    let mut revealed = String::with_capacity(code.len() + 16);
    for c in code.chars() {
        match is_turning(c) {
            true => revealed.push_str(&format!("[U+{:04X}]", u32::from(c))),
            false => revealed.push(c),
        }
    }
    Some(revealed)
}

/// Appends text that may hold character references. Named ones stay,
/// numbered ones become their character, and the rest is escaped.
pub(super) fn push_with_references(out: &mut String, text: &str) {
    references(text, &mut |part| match part {
        Part::Text(text) => push(out, text),
        Part::Char(c) => push(out, c.encode_utf8(&mut [0; 4])),
        Part::Named(name) => {
            out.push('&');
            out.push_str(name);
            out.push(';');
        }
    });
}

/// Returns the text of an attribute with its references resolved, as far
/// as an address needs it. Rare names stay as they are, which is safe as
/// the result is escaped again.
pub(super) fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    references(text, &mut |part| match part {
        Part::Text(text) => decoded.push_str(text),
        Part::Char(c) => decoded.push(c),
        Part::Named(name) => match named(name) {
            Some(c) => decoded.push(c),
            None => {
                decoded.push('&');
                decoded.push_str(name);
                decoded.push(';');
            }
        },
    });
    decoded
}

enum Part<'t> {
    Text(&'t str),
    Char(char),
    Named(&'t str),
}

fn references<'t>(text: &'t str, sink: &mut dyn FnMut(Part<'t>)) {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        sink(Part::Text(&rest[..start]));
        rest = &rest[start..];
        let (part, length) = reference(rest).unwrap_or((Part::Text("&"), 1));
        sink(part);
        rest = &rest[length..];
    }
    sink(Part::Text(rest));
}

fn reference(text: &str) -> Option<(Part<'_>, usize)> {
    if let Some(number) = text.strip_prefix("&#") {
        let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        if length == 0 {
            return None;
        }
        let code = u32::from_str_radix(digits[..length].trim_start_matches('0'), radix).unwrap_or(0);
        let c = char::from_u32(code).filter(|c| !super::source::is_forbidden(*c)).unwrap_or('\u{fffd}');
        let semicolon = usize::from(digits[length..].starts_with(';'));
        return Some((Part::Char(c), skipped + length + semicolon));
    }
    let name = &text[1..];
    let length = name.bytes().take(33).take_while(u8::is_ascii_alphanumeric).count();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name[length..].starts_with(';');
    is_name.then(|| (Part::Named(&name[..length]), length + 2))
}

fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "colon" => ':',
        "sol" => '/',
        "bsol" => '\\',
        "period" => '.',
        "num" => '#',
        "quest" => '?',
        "equals" => '=',
        "percnt" => '%',
        "lowbar" => '_',
        "lpar" => '(',
        "rpar" => ')',
        "Tab" => '\t',
        "NewLine" => '\n',
        _ => return None,
    })
}

/// Returns what a reader sees of HTML of our own: neither its tags nor
/// what markers stand for.
pub(super) fn shown(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let (mut is_in_tag, mut is_marked) = (false, false);
    for c in html.chars() {
        match c {
            '<' => is_in_tag = true,
            '>' => is_in_tag = false,
            c if is_marker(c) => is_marked = !is_marked,
            c if !is_in_tag && !is_marked => text.push(c),
            _ => {}
        }
    }
    decoded(&text)
}

/// Returns the words of a text with one space between each two.
pub(super) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return words;
        }
        let is_gap = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b || *byte >= 0x80;
        let mut end = rest.as_bytes().iter().position(is_gap).unwrap_or(rest.len());
        if rest.as_bytes().get(end).is_some_and(|byte| *byte >= 0x80) {
            // Beyond ASCII a gap may be a character of several bytes.
            end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&rest[..end]);
        rest = &rest[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_one_space_between_them() {
        for text in ["", "  ", "a", " a  b\n\tc ", "ä\u{a0}b", "a\u{2003}ü \u{b}x", "日本 語\r\n"] {
            assert_eq!(words(text), text.split_whitespace().collect::<Vec<_>>().join(" "), "{text:?}");
        }
    }

    #[test]
    fn references_are_kept_resolved_or_escaped() {
        let mut out = String::new();
        push_with_references(&mut out, "a &amp; b & c &hellip; &#60;x&#x3e; &#xFDD0;&#64976; &#0; <");
        assert_eq!(out, "a &amp; b &amp; c &hellip; &lt;x&gt; \u{fffd}\u{fffd} \u{fffd} &lt;");
    }

    #[test]
    fn characters_that_turn_text_around_are_revealed() {
        assert_eq!(revealed("a\u{202e}b\u{2066}").as_deref(), Some("a[U+202E]b[U+2066]"));
        assert_eq!(revealed("aüb"), None);
    }

    #[test]
    fn addresses_are_decoded_as_a_browser_would() {
        assert_eq!(decoded("&#106;avascript&colon;x"), "javascript:x");
        assert_eq!(decoded("&#x6A;ava&Tab;script:"), "java\tscript:");
        assert_eq!(decoded("a?b&c=d&foo;&#;&#x;"), "a?b&c=d&foo;&#;&#x;");
        assert_eq!(decoded("&#x110000;&#99999999999999;"), "\u{fffd}\u{fffd}");
    }
}
