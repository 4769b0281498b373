//! The About card: Backstage's fields in Backstage's order, and where an
//! entity comes from.

use std::borrow::Cow;

use crate::base::text::escape_html;
use crate::base::url::safe_url;
use crate::model::entity::{Entity, EntityId};
use crate::model::file::folder_of;
use crate::model::forge::Forge;
use crate::model::relation::{Relation, RelationKind};
use crate::model::repo::Repo;
use crate::model::yaml::Node;
use crate::render::place::{Place, link_or_name, summary};
use crate::render::provenance;
use crate::render::view::{EntityLink, Field, Link, Source};

use super::catalog;

/// So long is a description that stands on its page as a whole.
const MAX_DESCRIPTION: usize = 60_000;
/// So many tags, targets and groups are listed.
const MAX_ITEMS: usize = 60;

/// Returns the rows of the card.
pub fn fields(place: Place, id: EntityId) -> Vec<Field> {
    let entity = place.site.catalog.entity(id);
    let kind = &*entity.entity_ref.kind;
    let mut fields = vec![Field {
        label: "Description",
        html: description_html(place, id),
        empty: "No description",
        ..Field::default()
    }];
    if !matches!(kind, "group" | "user" | "location") || entity.targets("owner").next().is_some() {
        let owners = super::owners(place, entity);
        fields.push(Field { label: "Owner", entities: owners, empty: "No Owner", ..Field::default() });
    }
    push_profile(place, entity, &mut fields);
    push_parents(place, id, &mut fields);
    let tags: Vec<String> = entity.metadata.tags.iter().take(MAX_ITEMS).map(ToString::to_string).collect();
    if !tags.is_empty() || !matches!(kind, "group" | "user") {
        fields.push(Field { label: "Tags", tags, empty: "No Tags", ..Field::default() });
    }
    fields.push(Field { label: "Kind", texts: vec![entity.kind.to_string()], ..Field::default() });
    if let Some(entity_type) = entity.spec_text("type") {
        fields.push(Field { label: "Type", texts: vec![entity_type.to_string()], ..Field::default() });
    }
    if let Some(lifecycle) = super::lifecycle(entity) {
        fields.push(Field { label: "Lifecycle", lifecycle: Some(lifecycle), ..Field::default() });
    }
    let docs = super::docs::further(place, id);
    if !docs.is_empty() {
        let link = |link: &Link| {
            let href = escape_html(link.href.as_deref().unwrap_or(""));
            format!("<a href=\"{href}\">{}</a>", escape_html(&link.title))
        };
        let html = docs.iter().map(link).collect::<Vec<_>>().join(", ");
        fields.push(Field { label: "More docs", html: Some(html), ..Field::default() });
    }
    if kind == "location" {
        let targets = catalog::targets(entity).into_iter().take(MAX_ITEMS).collect();
        fields.push(Field { label: "Targets", texts: targets, empty: "No Targets", ..Field::default() });
    }
    fields
}

/// Returns the description, or of a very long one the beginning.
fn description_html(place: Place, id: EntityId) -> Option<String> {
    let html = place.site.descriptions.get(id.0 as usize)?.as_deref()?;
    Some(match html.len() <= MAX_DESCRIPTION {
        true => html.to_string(),
        false => format!("<p>{}</p>", escape_html(summary(place, id))),
    })
}

/// Domain, System and Parent Component, each where Backstage shows it.
fn push_parents(place: Place, id: EntityId, fields: &mut Vec<Field>) {
    let kind = &*place.site.catalog.entity(id).entity_ref.kind;
    let mut push = |label, of_kind, is_always, empty| {
        let entities: Vec<EntityLink> = catalog::parents(place, id, of_kind).collect();
        if is_always || !entities.is_empty() {
            fields.push(Field { label, entities, empty, ..Field::default() });
        }
    };
    push("Domain", "domain", kind == "system", "No Domain");
    push("System", "system", matches!(kind, "api" | "component"), "No System");
    push("Parent Component", "component", false, "");
}

/// Email, parent and children of groups and users.
fn push_profile(place: Place, entity: &Entity, fields: &mut Vec<Field>) {
    let kind = &*entity.entity_ref.kind;
    if !matches!(kind, "group" | "user") {
        return;
    }
    let profile = entity.spec("profile");
    if let Some(email) = profile.and_then(|profile| profile.get("email")).and_then(Node::text) {
        let url = email.contains('@').then(|| format!("mailto:{email}"));
        let url = url.and_then(|url| safe_url(&url).map(Cow::into_owned));
        let url = Link { title: email.to_string(), href: url };
        fields.push(Field { label: "Email", url: Some(url), ..Field::default() });
    }
    let Some(id) = place.site.catalog.find(&entity.entity_ref) else { return };
    for (label, relation) in [
        ("Parent Group", RelationKind::ChildOf),
        ("Child Groups", RelationKind::ParentOf),
        ("Member of", RelationKind::MemberOf),
    ] {
        let related = place.site.catalog.relations_of(id).iter().filter(|other| other.kind == relation);
        let link =
            |relation: &Relation| link_or_name(place, relation.entity, &relation.target, Some("group"));
        let entities: Vec<EntityLink> = related.take(MAX_ITEMS).map(link).collect();
        if !entities.is_empty() {
            fields.push(Field { label, entities, ..Field::default() });
        }
    }
}

/// Returns where an entity's descriptor lies. The annotations that
/// Backstage knows win over what the repository says.
pub fn source(place: Place, entity: &Entity) -> Source {
    let file = place.site.snapshot.file(entity.file);
    let repo = place.site.snapshot.repo(file.repo);
    let line = entity.name_span.line;
    Source {
        repo: repo.name.to_string(),
        path: file.path.to_string(),
        line,
        view: provenance::own_view_url(entity).or_else(|| line_url(repo, &file.path, line)),
        edit: provenance::own_edit_url(entity).or_else(|| repo.edit_url(&file.path)),
        code: provenance::source_location(entity).or_else(|| repo.folder_url(folder_of(&file.path))),
    }
}

/// Tells whether a safe URL leads to a page of the web.
pub fn is_web(url: &str) -> bool {
    url.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"))
}

/// Returns the page of the host that shows a line of a file.
pub fn line_url(repo: &Repo, path: &str, line: u32) -> Option<String> {
    let url = repo.view_url(path)?;
    let forge = repo.remote.as_ref()?.forge;
    Some(match forge {
        Forge::GitHub | Forge::GitLab | Forge::Gitea if line > 1 => format!("{url}#L{line}"),
        Forge::BitbucketCloud if line > 1 => format!("{url}#lines-{line}"),
        _ => url,
    })
}

/// Returns a message as HTML, with `<code>` for what stands in
/// backticks.
pub fn message_html(message: &str) -> String {
    let mut html = String::with_capacity(message.len() + 32);
    let n_ticks = message.matches('`').count();
    for (idx, part) in message.split('`').enumerate() {
        let is_code = idx % 2 == 1 && idx < n_ticks;
        if is_code {
            html.push_str("<code>");
            html.push_str(&escape_html(part));
            html.push_str("</code>");
            continue;
        }
        if idx % 2 == 1 {
            html.push('`');
        }
        html.push_str(&escape_html(part));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &str) {
        assert_eq!(message_html(message), expected);
    }

    #[test]
    fn backticks_become_code() {
        check("owner `a<b>` is `x`", "owner <code>a&lt;b&gt;</code> is <code>x</code>");
        check("plain", "plain");
        check("one ` alone", "one ` alone");
        check("`all`", "<code>all</code>");
    }
}
