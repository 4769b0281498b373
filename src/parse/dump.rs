//! Dumps of another catalog: what Backstage's `/api/catalog/entities`
//! answers, a list of entities, or `{"items": […]}`.

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::FileId;
use crate::model::yaml::{Document, Node, Value};

use super::yaml;

/// A catalog is one document, however large it is.
const LIMITS: yaml::Limits = yaml::Limits {
    document_bytes: 512 << 20,
    scalar_bytes: 64 << 20,
    n_nodes: 20_000_000,
    ..yaml::DESCRIPTOR
};

/// Returns the entities of a dump as documents, without what their own
/// catalog added: ids, relations, processing errors.
pub fn documents(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> Vec<Document> {
    let text = yaml::text(file, bytes, diags);
    let mut documents = Vec::new();
    for document in yaml::documents_within(&LIMITS, file, &text, diags) {
        let Node { span, value, .. } = document.root;
        let items = match value {
            Value::Sequence(items) => items,
            Value::Mapping(entries) => {
                let is_list = |(key, _): &(Node, Node)| {
                    key.scalar().is_some_and(|key| matches!(&*key.text, "items" | "entities"))
                };
                match entries.into_iter().find(is_list) {
                    Some((_, Node { value: Value::Sequence(items), .. })) => items,
                    _ => {
                        diags.push(not_a_list(span));
                        continue;
                    }
                }
            }
            Value::Scalar(_) => {
                diags.push(not_a_list(span));
                continue;
            }
        };
        documents.extend(items.into_iter().filter_map(|item| entity(item, &text)));
    }
    documents
}

fn not_a_list(span: Span) -> Diagnostic {
    codes::catalog::invalid_field(span, "document", "something else", "a list of entities")
}

fn entity(mut root: Node, text: &str) -> Option<Document> {
    let span = root.span;
    without(&mut root, &["relations", "status", "uid", "etag", "generation"]);
    if let Value::Mapping(entries) = &mut root.value {
        for (key, value) in entries {
            if key.scalar().is_some_and(|key| &*key.text == "metadata") {
                without(value, &["uid", "etag", "generation"]);
            }
        }
    }
    root.mapping()?;
    let source = text.get(span.start as usize..span.end as usize).unwrap_or("").into();
    Some(Document { root, span, source })
}

fn without(node: &mut Node, names: &[&str]) {
    if let Value::Mapping(entries) = &mut node.value {
        entries.retain(|(key, _)| key.scalar().is_none_or(|key| !names.contains(&&*key.text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut diags = Vec::new();
        let found: Vec<String> = documents(FileId(0), text.as_bytes(), &mut diags)
            .iter()
            .map(|of| of.root.to_json().to_string())
            .collect();
        assert_eq!(found, expected, "{diags:?}");
    }

    #[test]
    fn what_the_catalog_added_is_left_out() {
        let entity =
            r#"{"metadata":{"name":"a","uid":"1","etag":"2"},"kind":"X","relations":[],"status":{}}"#;
        let bare = r#"{"metadata":{"name":"a"},"kind":"X"}"#;
        check(&format!("[{entity}, {entity}]"), &[bare, bare]);
        check(&format!("{{\"items\": [{entity}, 1]}}"), &[bare]);
        check("{}", &[]);
        check("3", &[]);
    }
}
