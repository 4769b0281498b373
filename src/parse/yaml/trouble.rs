//! What is wrong with a document, in plain words and at the place that a
//! person would look at.

use granit_parser::{ErrorKind, Marker, ScanError};

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};

use super::tree::{Items, Tree, byte};

/// Words an error of the parser, and finds the place that a person
/// would look at.
pub(super) fn trouble(tree: &Tree, error: &ScanError) -> Diagnostic {
    let place = tree.places.at(error.marker());
    let open = tree.open.iter().rev().find(|frame| frame.is_flow);
    let opened = open.map(|frame| tree.places.at(&frame.start));
    let bracket = match open.map(|frame| &frame.items) {
        Some(Items::Mapping { .. }) => "{",
        _ => "[",
    };
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => {
            codes::yaml::limit(place, "the depth of the document", tree.limits.depth)
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            let quote = tree.text[byte(error.marker()).min(tree.text.len())..].chars().next();
            let quote = if quote == Some('\'') { "'" } else { "\"" };
            codes::yaml::unclosed(place, quote, None)
        }
        ErrorKind::InvalidQuotedScalarIndent => {
            let (opening, quote) = opening_quote(tree, error.marker()).unwrap_or((place, "\""));
            codes::yaml::unclosed(opening, quote, Some(place))
        }
        ErrorKind::UnclosedFlowCollection { open } => {
            codes::yaml::unclosed(opened.unwrap_or(place), &open.to_string(), None)
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => codes::yaml::tab(place),
        ErrorKind::UnexpectedCharacter { character: '\t' } => codes::yaml::tab(place),
        kind => match opened {
            Some(opened) if is_eof(kind) || place.line > opened.line => {
                codes::yaml::unclosed(opened, bracket, Some(place))
            }
            opened => {
                let (what, help) = wording(error);
                codes::yaml::syntax(place, &what, help, opened)
            }
        },
    }
}

/// Guesses where the quote before `marker` was opened: the last one
/// that follows a space or a bracket.
fn opening_quote(tree: &Tree, marker: &Marker) -> Option<(Span, &'static str)> {
    let before = tree.text.get(byte(&tree.from)..byte(marker))?;
    let is_opening = |(at, c): &(usize, char)| {
        matches!(c, '"' | '\'')
            && (*at == 0 || before[..*at].ends_with([' ', '\t', '\n', '[', '{', ',', ':']))
    };
    let (at, quote) = before.char_indices().rev().find(is_opening)?;
    let start = byte(&tree.from) + at;
    let line_start = tree.text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let offset = tree.places.base + start as u32;
    let n_lines = n_line_breaks(&before[at..]);
    let span = Span {
        file: tree.places.file,
        start: offset,
        end: offset,
        line: (marker.line() as u32).saturating_sub(n_lines).max(1),
        column: tree.text[line_start..start].chars().count() as u32 + 1,
    };
    Some((span, if quote == '"' { "\"" } else { "'" }))
}

fn is_eof(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidFlowScalarIndent
    )
}

/// Says in plain words what is wrong, and what to do about it.
fn wording(error: &ScanError) -> (String, Option<&'static str>) {
    let quote = Some("put the text in quotes");
    match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` where no value may stand".to_string(),
            Some("check the indentation; put text with `: ` in quotes"),
        ),
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("a value cannot start with `{}`", character.escape_default()), quote)
        }
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            ("a value cannot start with `-` and a bracket".to_string(), quote)
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => (
            "this line does not fit the mapping that it is in".to_string(),
            Some("indent it like the keys above it"),
        ),
        ErrorKind::ExpectedBlockSequenceEntry => (
            "this line does not fit the list that it is in".to_string(),
            Some("start it with `- `, like the items above it"),
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("a key without `:`".to_string(), Some("write `key: value`, on one line"))
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar | ErrorKind::InvalidTrailingSingleQuotedScalar => (
            "text after a closing quote".to_string(),
            Some("a quote is closed too early, or one is missing; double a `'` inside of single quotes"),
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "an unknown escape in a quoted text".to_string(),
            Some("write `\\\\` for a backslash, or use single quotes"),
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a closing bracket that was never opened".to_string(), quote)
        }
        _ => (error.info(), None),
    }
}

fn n_line_breaks(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends_line = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(|at| ends_line(*at)).count() as u32
}
