//! `mkdocs.yml`, read tolerantly: unknown keys and tags are no trouble,
//! a broken file leaves the defaults. The environment is never read and
//! nothing that the file names is ever run.

mod git_words;
mod merge;
mod nav;
pub mod orders;
mod plugins;
mod settings;

use super::{extensions, yaml};
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Severity, Span};
use crate::model::file::FileId;
use crate::model::mkdocs::DocsConfig;
use crate::model::yaml::Node;

/// Finds the file that `INHERIT` of a file names, if it is in the same
/// repository, and reads it.
pub type Bases<'b> = dyn Fn(FileId, &str) -> Option<(FileId, Vec<u8>)> + 'b;

/// Reads `mkdocs.yml`. What cannot be read is left at its default.
pub fn config(file: FileId, bytes: &[u8], bases: &Bases, diags: &mut Vec<Diagnostic>) -> DocsConfig {
    match root(file, bytes, diags) {
        Some(root) => of_node(&merge::inherited(file, root, bases, diags), diags),
        None => DocsConfig::default(),
    }
}

/// Reads the only document of a file.
fn root(file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> Option<Node> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        diags.push(codes::docs::docs_config_broken(Span::of_file(file), "it is not UTF-8"));
        return None;
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let before = diags.len();
    let documents = yaml::documents(file, text, diags);
    let Some(document) = documents.into_iter().next() else {
        let is_reported = diags[before..].iter().any(|diag| diag.severity() == Severity::Error);
        if !is_reported {
            diags.push(codes::docs::docs_config_broken(Span::of_file(file), "it is empty"));
        }
        return None;
    };
    if document.root.mapping().is_none() {
        let what = format!("it is {}, expected a mapping", document.root.what());
        diags.push(codes::docs::docs_config_broken(document.root.span, &what));
        return None;
    }
    Some(document.root)
}

fn of_node(root: &Node, diags: &mut Vec<Diagnostic>) -> DocsConfig {
    plugins::unsupported(root, diags);
    let (sort, collapses) = plugins::order_defaults(root);
    let mut exclude_docs = patterns(root, "exclude_docs");
    // A build leaves out drafts; only MkDocs' own server shows them.
    exclude_docs.append(&mut patterns(root, "draft_docs"));
    exclude_docs.append(&mut plugins::excluded(root));
    DocsConfig {
        site_name: text(root, "site_name", diags),
        site_description: text(root, "site_description", diags),
        docs_dir: text(root, "docs_dir", diags).map(|dir| (dir, root.get("docs_dir").map(|node| node.span))),
        nav: root.get("nav").or_else(|| root.get("pages")).and_then(|nav| nav::nav(nav, diags)),
        repo_url: text(root, "repo_url", diags),
        edit_uri: text(root, "edit_uri", diags),
        edit_uri_template: text(root, "edit_uri_template", diags),
        exclude_docs,
        not_in_nav: patterns(root, "not_in_nav"),
        extensions: root.get("markdown_extensions").map(extensions::extensions).unwrap_or_default(),
        redirects: plugins::redirects(root),
        order_file: plugins::order_file(root),
        sort,
        collapses,
        git_words: git_words::git_words(root),
        ignored: settings::ignored(root),
        strict: root.get("strict").filter(|node| node.bool() == Some(true)).map(|node| node.span),
        ..DocsConfig::default()
    }
}

fn text(root: &Node, key: &str, diags: &mut Vec<Diagnostic>) -> Option<Box<str>> {
    let written = root.get(key)?;
    let node = if is_env(written) { env_default(written)? } else { written };
    if node.is_null() {
        return None;
    }
    match node.text() {
        Some(text) => Some(text.trim().into()),
        None => {
            diags.push(codes::docs::docs_config_value(node.span, key, node.what(), "a text"));
            None
        }
    }
}

fn is_env(node: &Node) -> bool {
    node.tag.as_deref().is_some_and(|tag| tag.trim_start_matches('!') == "ENV")
}

/// Returns the default of `!ENV [VARIABLE, default]`.
fn env_default(node: &Node) -> Option<&Node> {
    match node.sequence()? {
        [_, .., default] => Some(default),
        _ => None,
    }
}

/// Reads patterns in gitignore's syntax, one a line, or as a list.
fn patterns(root: &Node, key: &str) -> Vec<Box<str>> {
    const MAX_PATTERNS: usize = 1000;
    let Some(node) = root.get(key) else {
        return Vec::new();
    };
    let items = node.sequence().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(Node::text).flat_map(str::lines).map(Box::from).take(MAX_PATTERNS).collect()
}

#[cfg(test)]
mod tests;
