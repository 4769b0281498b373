//! `INHERIT`: one configuration over another one. Mappings are merged,
//! anything else is replaced.

use super::{Bases, root};
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::file::FileId;
use crate::model::yaml::{Node, Value};

/// How many configurations may lie above one another.
const MAX_BASES: usize = 8;

/// Returns a configuration with those that it inherits from below it.
/// One that cannot be found is a diagnostic.
pub(super) fn inherited(file: FileId, own: Node, bases: &Bases, diags: &mut Vec<Diagnostic>) -> Node {
    let mut layers = vec![own];
    let mut seen = vec![file];
    while let Some((key, value)) = layers[layers.len() - 1].entry("INHERIT") {
        let (span, written) = (key.span, value.text().unwrap_or("").trim());
        let base = bases(seen[seen.len() - 1], written);
        let trouble = match &base {
            None => Some(format!("`{written}` is not a file of the repository")),
            Some((file, _)) if seen.contains(file) => Some(format!("`{written}` inherits from itself")),
            Some(_) if seen.len() > MAX_BASES => Some("too many files inherit from one another".to_string()),
            Some(_) => None,
        };
        let (None, Some((base, bytes))) = (&trouble, base) else {
            diags.push(codes::docs::docs_config_inherit(span, &trouble.unwrap_or_default()));
            break;
        };
        let Some(node) = root(base, &bytes, diags) else { break };
        seen.push(base);
        layers.push(node);
    }
    let mut whole = layers.pop().expect("the configuration itself is a layer");
    while let Some(layer) = layers.pop() {
        whole = merged(whole, layer);
    }
    whole
}

// The reader of YAML limits how deep a document may be nested.
fn merged(below: Node, above: Node) -> Node {
    let (Value::Mapping(mut below), Value::Mapping(entries)) = (below.value, &above.value) else {
        return above;
    };
    for (key, value) in entries {
        let name = key.scalar().map(|scalar| &scalar.text);
        let place = below.iter().position(|(key, _)| key.scalar().map(|scalar| &scalar.text) == name);
        match place {
            Some(idx) if name.is_some() => {
                let (_, old) = below.remove(idx);
                below.insert(idx, (key.clone(), merged(old, value.clone())));
            }
            _ => below.push((key.clone(), value.clone())),
        }
    }
    Node { value: Value::Mapping(below), ..above }
}
