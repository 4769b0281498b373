//! What a served page has beyond a built one: a script that listens for
//! changes, and the message that it gets.

use serde::Serialize;

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
    /// Whether the site that stands is older than the sources.
    stale: bool,
    problems: &'m [Problem],
    n_problems: usize,
}

/// Returns the page with our script at the end of its head, where it
/// runs before any content can be in its way.
pub(super) fn with_script(page: Vec<u8>, generation: &str) -> Vec<u8> {
    let end = b"</head>";
    let Some(at) = page.windows(end.len()).position(|window| window == end) else { return page };
    let tag = format!("<script src=\"/__callboard/live.js\" data-generation=\"{generation}\"></script>");
    let mut whole = Vec::with_capacity(page.len() + tag.len());
    whole.extend_from_slice(&page[..at]);
    whole.extend_from_slice(tag.as_bytes());
    whole.extend_from_slice(&page[at..]);
    whole
}

/// Returns the message that a site stands, and what is wrong with it.
pub(super) fn standing(generation: &str, problems: &[Problem]) -> String {
    message(generation, false, problems)
}

/// Returns the message that the last change could not be built.
pub(super) fn failed(generation: &str, failure: &Failure) -> String {
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
    message(generation, true, &[problem])
}

fn message(generation: &str, stale: bool, problems: &[Problem]) -> String {
    let shown = &problems[..problems.len().min(MAX_SHOWN)];
    let message = Message { generation, stale, problems: shown, n_problems: problems.len() };
    serde_json::to_string(&message).expect("strings and numbers are JSON")
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
        let page = with_script(b"<head><title>x</title></head><body></head></body>".to_vec(), "1-2");
        let page = String::from_utf8(page).unwrap();
        let tag = "<script src=\"/__callboard/live.js\" data-generation=\"1-2\"></script>";
        assert_eq!(page, format!("<head><title>x</title>{tag}</head><body></head></body>"));
        assert_eq!(with_script(b"no head".to_vec(), "1"), b"no head");
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
        let message = failed("7", &failure);
        assert!(!message.contains('\n'), "{message}");
        assert!(message.starts_with("{\"generation\":\"7\",\"stale\":true,"), "{message}");
    }
}
