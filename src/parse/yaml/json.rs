//! JSON that is not YAML: the second try for a file that looks like it.

use crate::model::diagnostic::Span;
use crate::model::yaml::{Document, Node, Scalar, Value};

use super::Limits;
use super::tree::Places;

/// Reads JSON that is not YAML, for instance because of its tabs. Nodes
/// then have the place of the whole text.
pub(super) fn json(limits: &Limits, places: &Places, text: &str) -> Option<Document> {
    if !text.trim_start().starts_with(['{', '[']) || text.len() > limits.document_bytes {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let span = Span { file: places.file, start: places.base, end: places.base, line: 1, column: 1 };
    let mut n_nodes = 0;
    let root = json_node(limits, value, span, 0, &mut n_nodes)?;
    let end = places.base + text.len() as u32;
    Some(Document { root, span: Span { end, ..span }, source: text.trim_end().into() })
}

fn json_node(
    limits: &Limits,
    value: serde_json::Value,
    span: Span,
    depth: usize,
    n_nodes: &mut usize,
) -> Option<Node> {
    *n_nodes += 1;
    if depth > limits.depth || *n_nodes > limits.n_nodes {
        return None;
    }
    let scalar = |text: String, plain: bool| Value::Scalar(Scalar { text: text.into(), plain });
    let value = match value {
        serde_json::Value::String(text) => scalar(text, false),
        serde_json::Value::Array(items) => Value::Sequence(
            items
                .into_iter()
                .map(|item| json_node(limits, item, span, depth + 1, n_nodes))
                .collect::<Option<_>>()?,
        ),
        serde_json::Value::Object(entries) => Value::Mapping(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let key = Node { span, tag: None, value: scalar(key, false) };
                    Some((key, json_node(limits, value, span, depth + 1, n_nodes)?))
                })
                .collect::<Option<_>>()?,
        ),
        other => scalar(other.to_string(), true),
    };
    Some(Node { span, tag: None, value })
}
