//! What a served page has beyond a built one: a script that listens for
//! changes, and the message that it gets.

use serde::Serialize;

use crate::base::hash;
use crate::model::failure::Failure;

use super::Problem;

/// The script of every served page.
pub(super) const SCRIPT: &str = include_str!("live.js");
/// The look of its box.
pub(super) const STYLE: &str = include_str!("live.css");

/// How many problems the box shows.
const MAX_SHOWN: usize = 20;

/// The message to every page.
#[derive(Serialize)]
struct Message<'m> {
    generation: &'m str,
    /// The last generation with other pictures or sounds. Pages do not
    /// name these by content, so they cannot see it by themselves.
    media: &'m str,
    /// Whether the site that stands is older than the sources.
    stale: bool,
    /// Where to go, if the person at the keyboard wants to follow.
    navigate: Option<&'m str>,
    problems: &'m [Problem],
    n_problems: usize,
}

/// Returns a name of what a page shows, in two parts: all but its
/// stylesheets, and these. A page that knows its own can tell whether it
/// is outdated, and whether other stylesheets are all it needs.
pub(super) fn tag(page: &[u8]) -> String {
    let head = &page[..end_of_head(page).unwrap_or(0)];
    let (mut styles, mut rest, mut kept) = (Vec::new(), Vec::new(), 0);
    for link in find_all(head, b"<link") {
        let Some(end) = find_all(&head[link..], b">").next().map(|end| link + end + 1) else { break };
        if link >= kept && find_all(&head[link..end], b"stylesheet").next().is_some() {
            rest.extend_from_slice(&page[kept..link]);
            styles.extend_from_slice(&page[link..end]);
            kept = end;
        }
    }
    rest.extend_from_slice(&page[kept..]);
    // The script is part of the page, and changes with the version.
    rest.extend_from_slice(env!("CARGO_PKG_VERSION").as_bytes());
    format!("{}.{}", hash::hash(&rest).short(), hash::hash(&styles).short())
}

/// Returns the page with our script at the end of its head, where it
/// runs before any content can be in its way.
pub(super) fn with_script(page: Vec<u8>, tag: &str) -> Vec<u8> {
    let Some(at) = end_of_head(&page) else { return page };
    let script = format!("<script src=\"/__callboard/live.js\" data-tag=\"{tag}\"></script>");
    let mut whole = Vec::with_capacity(page.len() + script.len());
    whole.extend_from_slice(&page[..at]);
    whole.extend_from_slice(script.as_bytes());
    whole.extend_from_slice(&page[at..]);
    whole
}

fn end_of_head(page: &[u8]) -> Option<usize> {
    find_all(page, b"</head>").next()
}

fn find_all<'t>(text: &'t [u8], part: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    text.windows(part.len()).enumerate().filter(move |(_, window)| *window == part).map(|(at, _)| at)
}

/// Returns the message that a site stands, and what is wrong with it.
pub(super) fn standing(
    generation: &str,
    media: &str,
    navigate: Option<&str>,
    problems: &[Problem],
) -> String {
    let message = Message { generation, media, stale: false, navigate, problems: &[], n_problems: 0 };
    written(message, problems)
}

/// Returns the message that the last change could not be built.
pub(super) fn failed(generation: &str, media: &str, failure: &Failure) -> String {
    let problem = Problem {
        severity: "error".to_string(),
        code: None,
        message: failure.message.clone(),
        file: None,
        line: None,
        column: None,
        excerpt: None,
        help: failure.help.clone(),
    };
    let message = Message { generation, media, stale: true, navigate: None, problems: &[], n_problems: 0 };
    written(message, &[problem])
}

fn written(message: Message<'_>, problems: &[Problem]) -> String {
    let shown: Vec<Problem> = problems.iter().take(MAX_SHOWN).map(clean).collect();
    let message = Message { problems: &shown, n_problems: problems.len(), ..message };
    serde_json::to_string(&message).expect("strings and numbers are JSON")
}

/// Returns a problem without what would paint a terminal or turn the
/// order of letters around.
fn clean(problem: &Problem) -> Problem {
    let text = |text: &Option<String>| text.as_deref().map(clean_text);
    Problem {
        severity: problem.severity.clone(),
        code: text(&problem.code),
        message: clean_text(&problem.message),
        file: text(&problem.file),
        line: problem.line,
        column: problem.column,
        excerpt: text(&problem.excerpt),
        help: text(&problem.help),
    }
}

fn clean_text(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.next_if_eq(&'[').is_some() => {
                // A colour: numbers up to a letter.
                while chars.next_if(|c| matches!(c, '0'..='?' | ' '..='/')).is_some() {}
                let _the_letter = chars.next_if(|c| matches!(c, '@'..='~'));
            }
            '\n' | '\t' => cleaned.push(c),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                cleaned.extend(c.escape_unicode());
            }
            c if c.is_control() => cleaned.extend(c.escape_unicode()),
            c => cleaned.push(c),
        }
    }
    cleaned
}

/// Returns the errors that were not there when serving began: those are
/// what the person at the keyboard has just caused. `known` are the old
/// ones; it loses what has been mended, so that it counts as new when it
/// comes again.
pub(super) fn fresh(known: &mut Vec<Problem>, now: &[Problem]) -> Vec<Problem> {
    let is_error = |problem: &&Problem| problem.severity == "error";
    known.retain(|problem| now.contains(problem));
    now.iter().filter(is_error).filter(|problem| !known.contains(problem)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str) -> Problem {
        Problem {
            severity: "error".to_string(),
            code: Some("x".to_string()),
            message: message.to_string(),
            file: Some("a.md".to_string()),
            line: Some(1),
            column: Some(2),
            excerpt: None,
            help: None,
        }
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_head() {
        let page = with_script(b"<head><title>x</title></head><body></head></body>".to_vec(), "1.2");
        let page = String::from_utf8(page).unwrap();
        let tag = "<script src=\"/__callboard/live.js\" data-tag=\"1.2\"></script>";
        assert_eq!(page, format!("<head><title>x</title>{tag}</head><body></head></body>"));
        assert_eq!(with_script(b"no head".to_vec(), "1"), b"no head");
    }

    #[test]
    fn a_tag_tells_stylesheets_from_the_rest() {
        let parts = |head: &str, body: &str| {
            let tag = tag(format!("<html><head>{head}</head><body>{body}</body></html>").as_bytes());
            let (rest, styles) = tag.split_once('.').unwrap();
            (rest.to_string(), styles.to_string())
        };
        let style = |name: &str| format!("<link rel=\"stylesheet\" href=\"{name}.css\"><title>t</title>");
        let first = parts(&style("a"), "x");
        assert_eq!(parts(&style("a"), "x"), first);
        let restyled = parts(&style("b"), "x");
        assert!(restyled.0 == first.0 && restyled.1 != first.1);
        let rewritten = parts(&style("a"), "y");
        assert!(rewritten.0 != first.0 && rewritten.1 == first.1);
        let icon = |name: &str| parts(&format!("<link rel=\"icon\" href=\"{name}\">"), "");
        assert!(icon("a").0 != icon("b").0 && icon("a").1 == icon("b").1);
        for odd in ["<link", "<link <link rel=stylesheet>", "stylesheet", "<link rel=stylesheet"] {
            assert_ne!(parts(odd, "x").0, parts(odd, "y").0, "{odd}");
        }
        assert_ne!(tag(b"no head"), tag(b"no heads"));
    }

    #[test]
    fn what_would_paint_a_terminal_is_left_out() {
        assert_eq!(clean_text("a\u{1b}[1;31mred\u{1b}[0m\n\tb"), "ared\n\tb");
        assert_eq!(clean_text("\u{1b}]0;x\u{7}\u{202e}"), "\\u{1b}]0;x\\u{7}\\u{202e}");
        assert_eq!(clean_text("\u{1b}["), "");
    }

    #[test]
    fn only_new_errors_are_shown() {
        let mut known = vec![error("old"), error("older")];
        assert_eq!(fresh(&mut known, &[error("old"), error("new")]), [error("new")]);
        assert_eq!(known, [error("old")]);
        assert_eq!(fresh(&mut known, &[error("old"), error("older")]), [error("older")]);
        let warning = Problem { severity: "warning".to_string(), ..error("w") };
        assert_eq!(fresh(&mut known, &[warning]), []);
    }

    #[test]
    fn a_message_is_one_line() {
        let failure = Failure::usage("two\nlines").with_help("do \"this\"");
        let message = failed("7", "5", &failure);
        assert!(!message.contains('\n'), "{message}");
        assert!(message.starts_with("{\"generation\":\"7\",\"media\":\"5\",\"stale\":true,"), "{message}");
    }
}
