//! What a repository may say of itself and what not: kinds, namespaces,
//! who may read it, where its buttons lead, and whether a definition is
//! one.

use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::config::Rules;
use crate::model::diagnostic::Diagnostic;
use crate::model::entity::Entity;
use crate::model::file::{RepoId, Snapshot, folder_of};
use crate::model::yaml::Node;

use super::catalog::Files;

/// For whom an entity is.
const VISIBILITY: &str = "callboard.dev/visibility";
/// What takes the place of addresses of our own.
const ADDRESSES: [&str; 3] =
    ["backstage.io/source-location", "backstage.io/view-url", "backstage.io/edit-url"];
/// So much of a definition is looked at.
const DEFINITION_BYTES: usize = 64 << 10;

/// Tells whether a source may declare an entity: its kind, and its
/// namespace. A `Group` or a `User` decides who owns what, so not every
/// repository may be trusted with them.
pub fn is_allowed(snapshot: &Snapshot, rules: &Rules, entity: &Entity, diags: &mut Vec<Diagnostic>) -> bool {
    let repo = snapshot.repo_of(entity.file);
    let allow = repo.rules.allow.as_ref();
    if let Some(allow) =
        allow.filter(|allow| allow.iter().all(|kind| !kind.eq_ignore_ascii_case(&entity.kind)))
    {
        diags.push(codes::catalog::kind_not_allowed(entity.name_span, &entity.kind, &repo.name, allow));
        return false;
    }
    let namespace = &*entity.entity_ref.namespace;
    let reserved = rules.reserved.iter().find(|(reserved, _)| reserved == namespace);
    match reserved {
        Some((_, sources)) if sources.iter().all(|source| **source != *repo.name) => {
            diags.push(codes::catalog::reserved_namespace(entity.name_span, namespace, &repo.name));
            false
        }
        _ => true,
    }
}

/// Tells whether an entity is for every reader of the site.
pub fn is_public(entity: &Entity, diags: &mut Vec<Diagnostic>) -> bool {
    let Some(visibility) = entity.annotation(VISIBILITY) else { return true };
    let is_public = &*visibility.value == "public";
    if !is_public {
        let name = entity.entity_ref.to_string();
        diags.push(codes::catalog::not_public(visibility.span, &name, &visibility.value));
    }
    is_public
}

/// Returns the folder of an entity's descriptor.
pub fn folder(snapshot: &Snapshot, entity: &Entity) -> (RepoId, Box<str>) {
    let file = snapshot.file(entity.file);
    (file.repo, folder_of(&file.path).into())
}

/// Takes annotations away that lead to another host than that of the
/// repository, or to no page at all.
pub fn addresses(snapshot: &Snapshot, rules: &Rules, entity: &mut Entity, diags: &mut Vec<Diagnostic>) {
    let repo = snapshot.repo_of(entity.file);
    let own = repo.remote.as_ref().and_then(|remote| host(&remote.url));
    entity.metadata.annotations.retain(|annotation| {
        if !ADDRESSES.contains(&&*annotation.key) {
            return true;
        }
        let url = annotation.value.trim();
        let url = url.strip_prefix("url:").unwrap_or(url);
        if safe_url(url).is_none() {
            // The other two have been reported as fields.
            if &*annotation.key == ADDRESSES[0] {
                let field = format!("metadata.annotations.{}", annotation.key);
                diags.push(codes::catalog::unsafe_url(annotation.span, &field, url));
            }
            return false;
        }
        let (Some(host), Some(own)) = (host(url), own) else { return true };
        let is_known = host.eq_ignore_ascii_case(own)
            || rules.hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host));
        if !is_known {
            diags.push(codes::catalog::foreign_address(annotation.span, &annotation.key, host, own));
        }
        is_known
    });
}

/// Returns the host of an address, with its port.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

/// Looks into the definition of an API that is written in the descriptor
/// itself.
pub fn definition(files: &Files, entity: &Entity, diags: &mut Vec<Diagnostic>) {
    let keys: &[&str] = match (&*entity.entity_ref.kind, entity.spec_text("type")) {
        ("api", Some("openapi")) => &["openapi", "swagger"],
        ("api", Some("asyncapi")) => &["asyncapi"],
        _ => return,
    };
    let Some(node) = entity.spec("definition") else { return };
    let Some(text) = node.string().filter(|text| text.len() <= DEFINITION_BYTES) else { return };
    // What is brought in takes the place of a shorter text.
    let is_inline = (node.span.end - node.span.start) as usize >= text.len();
    if !is_inline || text.trim().is_empty() || text.contains("{{") {
        return;
    }
    let mut found = Vec::new();
    let nodes = (files.nodes)(entity.file, text, &mut found);
    let wrong = found.into_iter().find(|diag| diag.severity() == crate::model::diagnostic::Severity::Error);
    let has_key = |root: &Node| keys.iter().any(|key| root.get(key).is_some());
    let why = match (nodes.first(), wrong) {
        (_, Some(diag)) => {
            let line = diag.span.map_or(1, |span| span.line);
            format!("line {line} of it: {}", diag.message)
        }
        (Some(root), None) if has_key(root) => return,
        (Some(root), None) if root.mapping().is_some() => format!("it has no `{}`", keys.join("` and no `")),
        (Some(root), None) => format!("it is {}, expected a mapping", root.what()),
        (None, None) => "it holds nothing".to_string(),
    };
    diags.push(codes::catalog::broken_definition(node.span, keys[0], &why));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(host(url), expected, "{url}");
    }

    #[test]
    fn hosts_are_those_that_a_browser_would_ask() {
        check("https://github.com/acme/pay", Some("github.com"));
        check("https://github.com@evil.example/x", Some("evil.example"));
        check("https://github.com:8443?x", Some("github.com:8443"));
        check("https://evil.example\\@github.com/", Some("evil.example"));
        check("./docs", None);
    }
}
