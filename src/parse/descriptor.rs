//! Descriptor files: which documents of a YAML file are entities.
//!
//! The content decides, never the file's name: real descriptors have
//! hundreds of names. Most YAML files of a repository are none of our
//! business and are left after one look at their bytes.

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Severity, Span};
use crate::model::file::FileId;
use crate::model::yaml::{Document, Node, Value};

use super::yaml;

/// What every `apiVersion` of an entity contains.
const MARK: &str = "backstage.io";

/// The tags of one document that are reported.
const MOST_TAGS: usize = 20;

/// Returns the documents of a YAML file that are entities by their
/// content: an `apiVersion` that contains `backstage.io`, and a `kind`.
pub fn documents(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> Vec<Document> {
    let mut found = Vec::new();
    let text = yaml::text(file, bytes, &mut found);
    if !text.contains(MARK) || !text.contains("apiVersion") {
        return Vec::new();
    }
    let documents = yaml::documents_within(&yaml::DESCRIPTOR, file, &text, &mut found);
    let is_broken = found.iter().any(|diag| diag.severity() == Severity::Error);
    if is_broken && !text.lines().any(is_entity_line) {
        found.clear();
    }
    let mut reports = Vec::new();
    let entities: Vec<Document> =
        documents.into_iter().filter(|document| is_entity(&document.root, &mut reports)).collect();
    let is_unrendered =
        is_broken && is_unrendered(&text, &found) || entities.iter().any(|entity| has_no_name(&entity.root));
    if is_unrendered && !found.is_empty() {
        diags.push(codes::catalog::unrendered_template(Span::of_file(file)));
    } else if is_broken || !entities.is_empty() {
        diags.append(&mut found);
    }
    diags.append(&mut reports);
    for document in &entities {
        let mut found = Vec::new();
        report_tags(&document.root, &mut found);
        diags.extend(found.into_iter().take(MOST_TAGS));
    }
    entities
}

fn is_entity(root: &Node, diags: &mut Vec<Diagnostic>) -> bool {
    let first = root.sequence().and_then(<[Node]>::first);
    if first.is_some_and(|item| is_entity(item, &mut Vec::new())) {
        let expected = "one entity; put `---` between two of them";
        diags.push(codes::catalog::invalid_field(root.span, "document", "a list", expected));
        return false;
    }
    let api_version = root.get("apiVersion");
    if !api_version.and_then(Node::text).is_some_and(|version| version.contains(MARK)) {
        return false;
    }
    if root.get("kind").is_some() {
        return true;
    }
    let is_core = |version: &Node| {
        version
            .text()
            .is_some_and(|text| text.starts_with(MARK) || text.starts_with("scaffolder.backstage.io/"))
    };
    if let Some(version) = api_version.filter(|version| is_core(version)) {
        diags.push(codes::catalog::missing_field(version.span, "kind"));
    }
    false
}

/// Tells whether the name is a list or a mapping, as YAML reads a
/// placeholder without quotes.
fn has_no_name(root: &Node) -> bool {
    let name = root.get("metadata").and_then(|metadata| metadata.get("name"));
    name.is_some_and(|name| name.scalar().is_none())
}

/// Tells whether a line says `apiVersion: …backstage.io…`, so that a
/// file that cannot be read was meant to hold entities.
fn is_entity_line(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '{', '-', '"', '\'', '\u{feff}']);
    line.strip_prefix("apiVersion")
        .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':') && rest.contains(MARK))
}

/// Tells whether the trouble comes from placeholders: they stand on the
/// line in question, or a line begins with a statement. A software
/// template that holds them in its texts is YAML all the same.
fn is_unrendered(text: &str, found: &[Diagnostic]) -> bool {
    let is_template = text.lines().any(|line| line.trim_end() == "kind: Template");
    let has_statement = !is_template
        && text.lines().any(|line| {
            let line = line.trim_start();
            ["{%", "{{", "${{", "<%"].iter().any(|start| line.starts_with(start))
        });
    if has_statement {
        return true;
    }
    let lines = crate::base::text::Lines::new(text);
    found.iter().filter_map(|diag| diag.span).any(|span| {
        let line = &text[lines.offset(span.line)..lines.offset(span.line + 1)];
        has_placeholder(line)
    })
}

fn has_placeholder(text: &str) -> bool {
    ["{{", "{%", "<%"].iter().any(|start| text.contains(start))
}

/// Tags do nothing in an entity, whoever wrote them expected otherwise.
fn report_tags(node: &Node, diags: &mut Vec<Diagnostic>) {
    if let Some(tag) = &node.tag {
        diags.push(codes::yaml::unknown_tag(node.span, tag));
    }
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| report_tags(item, diags)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                report_tags(key, diags);
                report_tags(value, diags);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, n_documents: usize, expected: &[&str]) {
        let mut diags = Vec::new();
        let documents = documents(FileId(0), text.as_bytes(), &mut diags);
        let codes: Vec<&str> = diags.iter().map(|diag| diag.code.id).collect();
        assert_eq!((documents.len(), &codes[..]), (n_documents, expected), "{diags:?}");
    }

    const ENTITY: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n";

    #[test]
    fn content_decides() {
        check(ENTITY, 1, &[]);
        check(&format!("{ENTITY}---\n{ENTITY}---\n"), 2, &[]);
        check(r#"{"apiVersion": "backstage.io/v1alpha1", "kind": "API"}"#, 1, &[]);
        check("apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n", 1, &[]);
        check("apiVersion: devtools.example/v1\nkind: Component\nurl: backstage.io\n", 0, &[]);
        check(
            "apiVersion: v1\nkind: ConfigMap\nx: |\n  apiVersion: backstage.io/v1alpha1\n  kind: API\n",
            0,
            &[],
        );
        check("- backstage.io\n", 0, &[]);
        check("apiVersion: backstage.io/v1alpha1\nmetadata: {name: a}\n", 0, &["missing-field"]);
        check(&ENTITY.replace("Component", "!include x"), 1, &["yaml-tag"]);
    }

    #[test]
    fn trouble_of_other_files_is_theirs() {
        check("a: [b # backstage.io\n", 0, &[]);
        check(&format!("{ENTITY}---\na: [b\n"), 1, &["yaml-syntax"]);
        check(&format!("{ENTITY}---\n- x\n"), 1, &[]);
        check("- apiVersion: backstage.io/v1alpha1\n  kind: API\n", 0, &["invalid-field"]);
    }

    #[test]
    fn templates_that_were_never_rendered_are_one_note() {
        check(&format!("{{%- if x %}}\n{ENTITY}{{% endif %}}\n"), 0, &["unrendered-template"]);
        check(&ENTITY.replace("name: a", "name: {{ x | y }}, z: {{ v }}"), 1, &["unrendered-template"]);
        check(&ENTITY.replace("{name: a}", "\n  name: ${{ values.name }}"), 1, &[]);
        check(&format!("{ENTITY}spec:\n  type: {{{{ x }}}}\n"), 1, &["yaml-key"]);
        let template = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\n";
        check(&format!("{template}a: ${{{{ parameters.x }}}}\nb: \"c\" d\n"), 0, &["yaml-syntax"]);
        check(&format!("{template}a: |\n  {{% if x %}}\nb: \"c\" d\n"), 0, &["yaml-syntax"]);
    }
}
