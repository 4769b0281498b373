//! Highlighting of code as HTML with CSS classes: our own lexer for the
//! common languages, grammars for the rest. On the ground floor, because
//! both docs pages and API definitions show code.
//!
//! A class is a single letter; neighbours alike share one span, and no
//! span crosses the end of a line:
//!
//! * `c` comment, `s` string, `e` escape in a string, `n` number
//! * `b` constant and built-in: `true`, `null`, `self`
//! * `k` keyword, `o` operator, `t` type, `f` function
//! * `v` variable, property, key; `a` attribute, tag name
//! * `m` heading or strong text in markup
//! * `i` inserted and `d` deleted line of a diff
//!
//! Punctuation and everything else has no span.

use super::{grammars, lexer, text};

/// Longer code is not highlighted by the lexer.
pub const MAX_LEXED_BYTES: usize = 256 * 1024;

/// Longer code is not highlighted by a grammar.
pub const MAX_BYTES: usize = 128 * 1024;

/// Code with a longer line is not highlighted by a grammar.
pub const MAX_LINE_CHARS: usize = 5000;

/// Tells whether code is too long to highlight as `language`.
pub fn is_too_long(language: &str, code: &str) -> bool {
    if lexer::knows(language) {
        return code.len() > MAX_LEXED_BYTES;
    }
    code.len() > MAX_BYTES || code.lines().any(|line| line.len() > MAX_LINE_CHARS)
}

/// Returns `code` as safe HTML, highlighted as `language` where it is
/// known; plain escaped text otherwise. No `<pre>` around it.
pub fn html(language: &str, code: &str) -> String {
    let highlighted = match is_too_long(language, code) {
        true => None,
        false => lexer::html(language, code).or_else(|| grammars::html(language, code)),
    };
    highlighted.unwrap_or_else(|| text::escape_html(code).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_or_long_code_is_plain() {
        assert_eq!(html("no-such-language", "a < b\n"), "a &lt; b\n");
        let long = "let x = 1;".repeat(MAX_LEXED_BYTES / 10 + 1);
        assert_eq!(html("rust", &long), long);
        assert!(is_too_long("no-such-language", &"x".repeat(MAX_LINE_CHARS + 1)));
        assert!(!is_too_long("rust", &"x".repeat(MAX_LINE_CHARS + 1)));
    }
}
