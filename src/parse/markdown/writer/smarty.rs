//! Quotes, dashes and dots as a typesetter has them, where a site asks
//! for `smarty`: what Python-Markdown makes of each. Beyond it, what
//! stands on the other side of a mark counts too: in `"*a*"` the second
//! quote ends something.
//!
//! What is searched for stays as it was written.

use std::borrow::Cow;

use pulldown_cmark::Event;

use crate::base::text::{bytes_of, position};
use crate::model::extensions::Smarty;

use super::marks::Token;

const BEGINS: [bool; 256] = bytes_of(b"\"'-.<>");

/// Splits text where something is typeset.
pub(super) fn typeset<'e>(tokens: Vec<Token<'e>>, smarty: &'e Smarty) -> Vec<Token<'e>> {
    let tokens = if smarty.angled_quotes { unquoted(tokens) } else { tokens };
    let is_plain = |token: &Token| match token {
        Token::Text(text) => position(text.as_bytes(), &BEGINS).is_none(),
        _ => true,
    };
    if tokens.iter().all(is_plain) {
        return tokens;
    }
    let nexts = nexts(&tokens);
    let mut out = Vec::with_capacity(tokens.len() + 16);
    let mut before = None;
    for (token, next) in tokens.into_iter().zip(nexts) {
        match token {
            Token::Text(text) => {
                let last = text.chars().next_back();
                push_text(&mut out, text, smarty, before, next);
                before = last.or(before);
            }
            token => {
                before = shown(&token).map(|(_, last)| last).or(before);
                out.push(token);
            }
        }
    }
    out
}

/// Makes text of what looks like a tag, but stands between two more of
/// its signs: `<<two words>>`.
fn unquoted(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let Token::Event(Event::InlineHtml(html), range) = token else {
            out.push(token);
            continue;
        };
        let inner = html.strip_prefix('<').and_then(|html| html.strip_suffix('>'));
        match (inner, out.last_mut(), tokens.peek_mut()) {
            (Some(inner), Some(Token::Text(before)), Some(Token::Text(after)))
                if before.ends_with('<') && after.starts_with('>') =>
            {
                *before = slice(before, 0, before.len() - 1);
                *after = slice(after, 1, after.len());
                let inner = Cow::Owned(inner.to_string());
                out.extend([Cow::Borrowed("<<"), inner, Cow::Borrowed(">>")].map(Token::Text));
            }
            _ => out.push(Token::Event(Event::InlineHtml(html), range)),
        }
    }
    out
}

/// Returns for each token the first character behind it.
fn nexts(tokens: &[Token]) -> Vec<Option<char>> {
    let mut nexts = vec![None; tokens.len()];
    let mut next = None;
    for (idx, token) in tokens.iter().enumerate().rev() {
        nexts[idx] = next;
        next = shown(token).map(|(first, _)| first).or(next);
    }
    nexts
}

/// Returns the first and the last character that a token shows; for what
/// is no text a letter.
fn shown(token: &Token) -> Option<(char, char)> {
    let ends = |text: &str| Some((text.chars().next()?, text.chars().next_back()?));
    match token {
        Token::Text(text) => ends(text),
        Token::Mark(mark) => ends(mark.text()),
        Token::Event(Event::Text(text), _) => ends(text),
        Token::Event(Event::SoftBreak | Event::HardBreak, _) => Some((' ', ' ')),
        Token::Open(_) | Token::Close => None,
        Token::Event(Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_), _) => Some(('x', 'x')),
        Token::Event(..) => None,
        _ => Some(('x', 'x')),
    }
}

fn push_text<'e>(
    out: &mut Vec<Token<'e>>,
    text: Cow<'e, str>,
    smarty: &'e Smarty,
    before: Option<char>,
    next: Option<char>,
) {
    let (mut from, mut at) = (0, 0);
    while let Some(step) = position(&text.as_bytes()[at..], &BEGINS) {
        at += step;
        let before = text[..at].chars().next_back().or(before);
        let Some((length, signs)) = signs(smarty, &text[at..], before, next) else {
            // A longer run is none of its parts.
            let first = text.as_bytes()[at];
            at += text[at..].bytes().take_while(|byte| *byte == first).count();
            continue;
        };
        if at > from {
            out.push(Token::Text(slice(&text, from, at)));
        }
        for (plain, name) in signs.into_iter().flatten() {
            out.push(Token::Typeset { plain, html: sign(smarty, name) });
        }
        (from, at) = (at + length, at + length);
    }
    if from < text.len() {
        out.push(Token::Text(slice(&text, from, text.len())));
    }
}

fn slice<'e>(text: &Cow<'e, str>, from: usize, to: usize) -> Cow<'e, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[from..to]),
        Cow::Owned(text) => Cow::Owned(text[from..to].to_string()),
    }
}

/// One or two signs: what was written, and the name of what is shown.
type Signs = [Option<(&'static str, &'static str)>; 2];

/// Reads what is typeset at the start of a text; returns its length.
fn signs(smarty: &Smarty, text: &str, before: Option<char>, next: Option<char>) -> Option<(usize, Signs)> {
    let run = |byte: u8| text.bytes().take_while(|other| *other == byte).count();
    let one = |plain: &'static str, name| Some((plain.len(), [Some((plain, name)), None]));
    match text.as_bytes()[0] {
        b'-' if smarty.dashes && before != Some('-') => match run(b'-') {
            2 => one("--", "ndash"),
            3 => one("---", "mdash"),
            _ => None,
        },
        b'.' if smarty.ellipses && before != Some('.') && run(b'.') == 3 => one("...", "ellipsis"),
        b'<' if smarty.angled_quotes && text.starts_with("<<") => one("<<", "left-angle-quote"),
        b'>' if smarty.angled_quotes && text.starts_with(">>") => one(">>", "right-angle-quote"),
        b'"' | b'\'' if smarty.quotes => Some(quotes(text, before, next)),
        _ => None,
    }
}

/// Reads one quote, or two of both kinds side by side.
fn quotes(text: &str, before: Option<char>, next: Option<char>) -> (usize, Signs) {
    const DOUBLE: [&str; 3] = ["\"", "left-double-quote", "right-double-quote"];
    const SINGLE: [&str; 3] = ["'", "left-single-quote", "right-single-quote"];
    let is_double = text.starts_with('"');
    let (this, other) = if is_double { (DOUBLE, SINGLE) } else { (SINGLE, DOUBLE) };
    // All that is looked at is a few characters.
    let mut ahead = text[1..].chars().take(4).chain(next).chain(std::iter::repeat('\0'));
    let ahead: [char; 4] = std::array::from_fn(|_| ahead.next().unwrap_or('\0'));
    let closes_after = before.is_some_and(|c| !matches!(c, ' ' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-'));
    let is_set = text[1..].starts_with(other[0]) && (is_word(ahead[1]) || closes_after);
    if is_set {
        let side = if is_word(ahead[1]) { 1 } else { 2 };
        return (2, [Some((this[0], this[side])), Some((other[0], other[side]))]);
    }
    let is_first = before.is_none() && ahead[0].is_ascii_punctuation() && !is_word(ahead[1]);
    let opens_word = before.is_some_and(|c| c.is_whitespace() || matches!(c, '\u{2013}' | '\u{2014}'))
        && is_word(ahead[0]);
    let ends_before = ahead[0].is_whitespace();
    let is_right = match is_double {
        _ if is_first => true,
        true => !opens_word && (ends_before || closes_after),
        false => {
            let is_decade = ahead[0].is_ascii_digit() && ahead[1].is_ascii_digit() && ahead[2] == 's';
            let is_genitive = ahead[0] == 's' && !is_word(ahead[1]);
            let is_decade = is_decade && !before.is_some_and(is_word);
            is_decade
                || (!opens_word
                    && (ends_before || is_genitive || (closes_after && !ahead[0].is_ascii_digit())))
        }
    };
    (1, [Some((this[0], this[if is_right { 2 } else { 1 }])), None])
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns what is shown for a sign: text with references.
fn sign<'e>(smarty: &'e Smarty, name: &str) -> Cow<'e, str> {
    if let Some((_, own)) = smarty.substitutions.iter().find(|(known, _)| &**known == name) {
        return Cow::Borrowed(own);
    }
    Cow::Borrowed(match name {
        "mdash" => "\u{2014}",
        "ndash" => "\u{2013}",
        "ellipsis" => "\u{2026}",
        "left-angle-quote" => "\u{ab}",
        "right-angle-quote" => "\u{bb}",
        "left-single-quote" => "\u{2018}",
        "right-single-quote" => "\u{2019}",
        "left-double-quote" => "\u{201c}",
        _ => "\u{201d}",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let smarty = Smarty {
            quotes: true,
            angled_quotes: true,
            dashes: true,
            ellipses: true,
            substitutions: Vec::new(),
        };
        let tokens = typeset(vec![Token::Text(Cow::Borrowed(text))], &smarty);
        let shown: String = tokens
            .iter()
            .map(|token| match token {
                Token::Text(text) => &**text,
                Token::Typeset { html, .. } => html,
                _ => "?",
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn quotes_dashes_and_dots_are_typeset() {
        check("\"Quoted\" 'words' -- and---more...", "“Quoted” ‘words’ – and—more…");
        check("don't, the dog's, '80s, dogs' 5'10", "don’t, the dog’s, ’80s, dogs’ 5‘10");
        check("He said, \"'Quoted' words.\"", "He said, “‘Quoted’ words.”");
        check("\"'a b'\" (\"c\") [\"d\"]", "“‘a b’” (“c”) [“d”]");
        check("<<a>> ---- .... a.b -", "«a» ---- .... a.b -");
        check("\".", "”.");
        check("--'word' \u{2014}\"word\"", "–‘word’ —“word”");
    }
}
