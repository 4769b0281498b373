//! `health.json`: every problem with its place, and what the catalog
//! does not say.

use crate::model::diagnostic::Diagnostic;
use crate::model::entity::EntityId;
use crate::model::site::Site;
use crate::render::gaps::Gap;
use crate::render::index::Index;
use crate::render::json;
use crate::render::views::about::line_url;

/// Returns the file. Its problems are those of `/health/`, in the order
/// of repositories and files.
pub fn health(site: &Site, index: &Index) -> String {
    let mut text = String::from("{\"counts\":{");
    json::push_number(&mut text, "errors", index.counts.n_errors);
    json::push_number(&mut text, "warnings", index.counts.n_warnings);
    json::push_number(&mut text, "infos", index.counts.n_infos);
    text.push_str("},\n\"problems\":[");
    for (idx, diag) in site.diagnostics.iter().enumerate() {
        text.push_str(if idx > 0 { ",\n" } else { "" });
        let owner = index.problem_owners.get(idx).and_then(Option::as_ref);
        push_problem(site, diag, owner.copied(), &mut text);
    }
    text.push_str("],\n\"dangling\":[");
    for (idx, dangling) in index.dangling.iter().enumerate() {
        let relation = &site.catalog.relations_of(dangling.from)[dangling.relation_idx];
        text.push_str(if idx > 0 { ",\n{" } else { "{" });
        json::push_pair(&mut text, "entityRef", &reference(site, dangling.from));
        json::push_pair(&mut text, "type", relation.kind.name());
        json::push_pair(&mut text, "targetRef", &relation.target.to_string());
        text.push('}');
    }
    text.push_str("],\n\"without\":{");
    for gap in Gap::ALL {
        json::push_key(&mut text, gap.name());
        let references: Vec<String> = gap.entities(site).into_iter().map(|id| reference(site, id)).collect();
        json::push_texts(&mut text, references.iter().map(String::as_str));
    }
    text.push_str("}}\n");
    text
}

fn push_problem(site: &Site, diag: &Diagnostic, owner: Option<EntityId>, text: &mut String) {
    text.push('{');
    json::push_pair(text, "code", diag.code.id);
    json::push_pair(text, "severity", diag.severity().name());
    json::push_pair(text, "message", &diag.message);
    if let Some(span) = diag.span {
        let (file, repo) = (site.snapshot.file(span.file), site.snapshot.repo_of(span.file));
        json::push_pair(text, "repository", &repo.name);
        json::push_pair(text, "file", &file.path);
        json::push_number(text, "line", span.line as usize);
        json::push_number(text, "column", span.column as usize);
        if let Some(url) = line_url(repo, &file.path, span.line) {
            json::push_pair(text, "url", &url);
        }
    }
    if let Some(owner) = owner {
        json::push_pair(text, "owner", &reference(site, owner));
    }
    if let Some(help) = &diag.help {
        json::push_pair(text, "help", help);
    }
    text.push('}');
}

fn reference(site: &Site, id: EntityId) -> String {
    site.catalog.entity(id).entity_ref.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{index, testing};

    #[test]
    fn problems_have_a_place_and_an_owner() {
        let site = testing::site();
        let text = health(&site, &index::index(&site));
        let health: serde_json::Value = serde_json::from_str(&text).unwrap();
        let problem = &health["problems"][0];
        assert_eq!(problem["code"], "unknown-key");
        assert_eq!(problem["repository"], "shop");
        assert_eq!(problem["line"], 12);
        assert_eq!(problem["url"], "https://github.com/acme/shop/blob/main/catalog-info.yaml#L12");
        assert_eq!(problem["owner"], "group:default/tills");
        assert_eq!(health["dangling"][0]["targetRef"], "resource:default/gone");
        assert_eq!(health["without"]["docs"], serde_json::json!(["system:default/till-system"]));
        assert_eq!(health["counts"]["warnings"], 1);
    }
}
