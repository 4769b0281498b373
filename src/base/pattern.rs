//! Patterns that content brings: globs and regular expressions, each
//! bounded in what it may take to read and to try.
//!
//! Both end in linear time whatever is written (no expression goes
//! back), but a small one can stand for a large machine. So each has a
//! price, and whoever tries them pays from a purse.

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};

/// A longer pattern is none.
const MAX_BYTES: usize = 1000;
/// How large the machine of an expression may be, step by step: the
/// first one that is enough is its price.
const SIZES: &[usize] = &[8 << 10, 32 << 10, 128 << 10];
/// How deep groups may be nested.
const MAX_DEPTH: u32 = 50;

/// What a purse holds at first: enough for a hundred thousand names and
/// patterns as people write them, and a second or two at most.
pub const PURSE: u64 = 50_000_000;

/// How `*` reads a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slashes {
    /// `*` ends at a slash, `**` does not.
    Count,
    /// `*` goes on behind a slash.
    Are,
}

/// A pattern that has been read.
#[derive(Debug)]
pub struct Pattern {
    machine: Machine,
    price: u64,
}

#[derive(Debug)]
enum Machine {
    Glob(GlobMatcher),
    Regex(Regex),
}

/// Reads a glob. What is wrong with it is told in a few words.
pub fn glob(text: &str, slashes: Slashes) -> Result<Pattern, String> {
    bounded(text)?;
    let glob = GlobBuilder::new(text)
        .literal_separator(slashes == Slashes::Count)
        .build()
        .map_err(|error| error.kind().to_string())?;
    Ok(Pattern { machine: Machine::Glob(glob.compile_matcher()), price: 1 + text.len() as u64 / 32 })
}

/// Reads a regular expression. What is wrong with it is told in a few
/// words.
pub fn regex(text: &str) -> Result<Pattern, String> {
    bounded(text)?;
    for size in SIZES {
        let built = RegexBuilder::new(text).size_limit(*size).nest_limit(MAX_DEPTH).build();
        match built {
            Ok(regex) => return Ok(Pattern { machine: Machine::Regex(regex), price: *size as u64 >> 10 }),
            Err(regex::Error::CompiledTooBig(_)) => {}
            // The last line says what, those above it where.
            Err(error) => {
                let text = error.to_string();
                let line = text.lines().last().unwrap_or("it cannot be read");
                return Err(line.trim().trim_start_matches("error: ").to_string());
            }
        }
    }
    Err("it stands for too much".to_string())
}

fn bounded(text: &str) -> Result<(), String> {
    match text.len() {
        ..=MAX_BYTES => Ok(()),
        _ => Err(format!("it is longer than {MAX_BYTES} bytes")),
    }
}

impl Pattern {
    /// Tells whether a text matches: a glob the whole of it, an
    /// expression any part. Nothing does once the purse is empty.
    pub fn is_match(&self, text: &str, purse: &mut u64) -> bool {
        match purse.checked_sub(self.price * (1 + text.len() as u64)) {
            Some(left) => *purse = left,
            None => {
                *purse = 0;
                return false;
            }
        }
        match &self.machine {
            Machine::Glob(glob) => glob.is_match(text),
            Machine::Regex(regex) => regex.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[track_caller]
    fn check(pattern: &Result<Pattern, String>, text: &str, expected: bool) {
        let pattern = pattern.as_ref().expect("it can be read");
        assert_eq!(pattern.is_match(text, &mut PURSE.clone()), expected, "{text}");
    }

    #[test]
    fn patterns_match_names() {
        check(&regex(r"^foo-\d+\.md$"), "foo-12.md", true);
        check(&regex(r"^foo-\d+\.md$"), "a-foo-12.md", false);
        check(&regex("o"), "foo", true);
        check(&glob("*.md", Slashes::Count), "a.md", true);
        check(&glob("*.md", Slashes::Count), "a/b.md", false);
        check(&glob("**/*.md", Slashes::Count), "a/b.md", true);
        check(&glob("*.md", Slashes::Are), "a/b.md", true);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let error = |pattern: Result<Pattern, String>| pattern.expect_err("it cannot be read");
        assert_eq!(error(regex("(a")), "unclosed group");
        assert_eq!(
            error(regex("(?=a)b")),
            "look-around, including look-ahead and look-behind, is not supported"
        );
        assert_eq!(error(regex(r"(\w{50}){50}")), "it stands for too much");
        assert_eq!(error(glob("[a", Slashes::Are)), "unclosed character class; missing ']'");
        assert_eq!(error(glob(&"a".repeat(2000), Slashes::Are)), "it is longer than 1000 bytes");
        assert!(regex(&"(".repeat(400)).is_err());
    }

    #[test]
    fn hostile_patterns_are_bounded() {
        let began = Instant::now();
        let patterns: Vec<Pattern> = [
            "(a+)+$".to_string(),
            "(.*a){12}".to_string(),
            r"(\w|\d|.){20}".to_string(),
            "(?:a?){100}a{100}".to_string(),
            "(x+x+)+y".to_string(),
        ]
        .iter()
        .filter_map(|text| regex(text).ok())
        .collect();
        assert!(patterns.len() >= 3);
        let name = format!("{}b", "a".repeat(250));
        let mut purse = PURSE;
        for _ in 0..20_000 {
            for pattern in &patterns {
                pattern.is_match(&name, &mut purse);
            }
        }
        assert_eq!(purse, 0);
        // Unoptimised, on a busy machine.
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    }
}
