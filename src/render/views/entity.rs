//! The page of an entity.

use std::borrow::Cow;

use crate::base::url::safe_url;
use crate::model::entity::{Entity, EntityId};
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::render::kinds;
use crate::render::place::{Place, description, href};
use crate::render::view::{EntityView, Head, Link, OutLink, Pair, Problem};

use super::{about, catalog, definition, docs, health, people, relations};

/// So many problems are listed.
const MAX_PROBLEMS: usize = 50;

/// Makes the page of an entity.
pub fn view(place: Place, id: EntityId) -> EntityView {
    let site = place.site;
    let entity = site.catalog.entity(id);
    let title = entity.display_name().to_string();
    let description = description(site, id, 200);
    EntityView {
        head: Head {
            description: (!description.is_empty()).then_some(description),
            ..super::head(place, &title)
        },
        icon: kinds::icon(&entity.entity_ref.kind),
        kind: entity.kind.to_string(),
        entity_type: entity.spec_text("type").unwrap_or("").to_string(),
        reference: entity.entity_ref.to_string(),
        crumbs: crumbs(place, id, &title),
        owners: super::owners(place, entity),
        lifecycle: super::lifecycle(entity),
        missing: relations::missing(place, id),
        problems: problems(place, entity),
        about: about::fields(place, id),
        docs: site.docs_of(id).map(|docs_idx| {
            let docs = &site.docs[docs_idx];
            Link {
                title: docs.plan.title.to_string(),
                href: Some(href(place, &docs::entrance_of(place, id, docs))),
            }
        }),
        links: links(entity),
        relations: relations::groups(place, id),
        tables: relations::tables(place, id),
        members: people::members(place, id),
        ownership: people::ownership(place, id),
        definition: definition::definition(place, entity),
        labels: entity.metadata.labels.iter().map(|(key, value)| pair(key, value)).collect(),
        annotations: entity.metadata.annotations.iter().map(|a| pair(&a.key, &a.value)).collect(),
        source: about::source(place, entity),
        yaml: entity.source.to_string(),
        title,
    }
}

/// Catalog, then the kind, then domain and system where there are any.
fn crumbs(place: Place, id: EntityId, title: &str) -> Vec<Link> {
    let entity = place.site.catalog.entity(id);
    let kind = &*entity.entity_ref.kind;
    let list = place.index.kinds.iter().find(|list| &*list.kind == kind);
    let mut crumbs = vec![Link {
        title: list.map_or_else(|| kinds::plural(kind, &entity.kind), |list| list.plural.clone()),
        href: Some(href(place, &SitePath::page(&catalog::folder(kind)))),
    }];
    for parent_kind in ["domain", "system"] {
        let parent = catalog::parents(place, id, parent_kind).next();
        crumbs.extend(parent.map(|parent| Link { title: parent.title, href: parent.href }));
    }
    crumbs.push(Link { title: title.to_string(), href: None });
    crumbs
}

fn links(entity: &Entity) -> Vec<OutLink> {
    let links = entity.metadata.links.iter().map(|link| OutLink {
        title: link.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&link.url).to_string(),
        url: link.url.to_string(),
        icon: kinds::link_icon(link.icon.as_deref()),
        link_type: link.link_type.as_deref().map(str::to_string),
    });
    links.collect()
}

fn pair(key: &str, value: &str) -> Pair {
    let is_plain = !value.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control());
    let url = safe_url(value).filter(|url| is_plain && about::is_web(url));
    Pair { key: key.to_string(), value: value.to_string(), url: url.map(Cow::into_owned) }
}

/// Returns the diagnostics that lie in the entity's document.
fn problems(place: Place, entity: &Entity) -> Vec<Problem> {
    let Site { diagnostics, .. } = place.site;
    let start = (entity.file, entity.document.start);
    let end = (entity.file, entity.document.end);
    let first =
        diagnostics.partition_point(|diag| diag.span.is_none_or(|span| (span.file, span.start) < start));
    diagnostics[first..]
        .iter()
        .take_while(|diag| diag.span.is_some_and(|span| (span.file, span.start) <= end))
        .take(MAX_PROBLEMS)
        .map(|diag| health::problem(place, diag))
        .collect()
}
