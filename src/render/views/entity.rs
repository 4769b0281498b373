//! The page of an entity.

use std::borrow::Cow;

use crate::base::url::safe_url;
use crate::model::entity::EntityId;
use crate::model::site_path::SitePath;
use crate::render::place::{Place, href, summary};
use crate::render::view::{EntityView, Head, Link, Pair, Table};
use crate::render::{graph, kinds, rows};

use super::{about, catalog, definition, docs, health, inspect, links, people, relations, used_by};

const ORPHAN: &str = "backstage.io/orphan";
/// So many labels, and so many annotations, are listed.
const MAX_PAIRS: usize = 60;

/// So many problems are listed.
const MAX_PROBLEMS: usize = 50;

/// Makes the page of an entity.
pub fn view(place: Place, id: EntityId) -> EntityView {
    let site = place.site;
    let entity = site.catalog.entity(id);
    let title = entity.display_name().to_string();
    let description = summary(place, id).to_string();
    let (missing, n_more_missing) = relations::missing(place, id);
    let tables = relations::tables(place, id);
    let definition = definition::definition(place, entity);
    let diagram_html = graph::system::picture(place, id);
    EntityView {
        head: Head {
            description: (!description.is_empty()).then_some(description),
            ..super::head(place, &title)
        },
        icon: kinds::icon(&entity.entity_ref.kind),
        kind: entity.kind.to_string(),
        entity_type: entity.spec_text("type").unwrap_or("").to_string(),
        reference: entity.entity_ref.to_string(),
        folder: place.index.folders[id.0 as usize].to_string(),
        crumbs: crumbs(place, id, &title),
        owners: super::owners(place, entity),
        lifecycle: super::lifecycle(entity),
        missing,
        n_more_missing,
        is_orphan: entity.annotation(ORPHAN).is_some_and(|orphan| &*orphan.value == "true"),
        problems: rows::problems(site, entity)
            .take(MAX_PROBLEMS)
            .map(|diag| health::problem(place, diag))
            .collect(),
        tabs: tabs(place, id, &tables, diagram_html.is_some(), definition.is_some()),
        graph_html: graph::neighbours::picture(place, id),
        explore: relations::explorer(place, id, None),
        diagram_title: if &*entity.entity_ref.kind == "domain" { "Map" } else { "Diagram" },
        diagram_html,
        used_by: used_by::used_by(place, id),
        inspect: inspect::inspect(place, id),
        about: about::fields(place, id),
        docs: site.docs_of(id).map(|docs_idx| {
            let docs = &site.docs[docs_idx];
            Link {
                title: docs.plan.title.to_string(),
                href: Some(href(place, &docs::entrance_of(place, id, docs))),
            }
        }),
        links: links::links(place, entity),
        relations: relations::groups(place, id),
        tables,
        members: people::members(place, id),
        ownership: people::ownership(place, id),
        definition,
        labels: entity.metadata.labels.iter().take(MAX_PAIRS).map(|(key, value)| pair(key, value)).collect(),
        annotations: entity
            .metadata
            .annotations
            .iter()
            .take(MAX_PAIRS)
            .map(|a| pair(&a.key, &a.value))
            .collect(),
        source: about::source(place, entity),
        yaml: inspect::yaml(entity),
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

/// Backstage's tabs, as parts of one page.
fn tabs(place: Place, id: EntityId, tables: &[Table], has_diagram: bool, has_definition: bool) -> Vec<Link> {
    let entity = place.site.catalog.entity(id);
    let has = |ids: &[&str]| tables.iter().find(|table| ids.contains(&table.id)).map(|table| table.id);
    let section = |title: &str, id: &str| Link { title: title.to_string(), href: Some(format!("#{id}")) };
    let mut tabs = vec![section("Overview", "cb:main")];
    if has_diagram {
        tabs.push(section(if &*entity.entity_ref.kind == "domain" { "Map" } else { "Diagram" }, "diagram"));
    }
    let is_component = &*entity.entity_ref.kind == "component";
    tabs.extend(
        has(&["provided-apis", "consumed-apis"]).filter(|_| is_component).map(|id| section("API", id)),
    );
    tabs.extend(
        has(&["depends-on-components", "depends-on-resources", "depends-on", "dependency-of"])
            .map(|id| section("Dependencies", id)),
    );
    if has_definition {
        tabs.push(section("Definition", "definition"));
    }
    tabs.extend(super::docs_href(place, id).map(|href| Link { title: "Docs".to_string(), href: Some(href) }));
    tabs.push(section("Inspect", "inspect"));
    tabs
}

fn pair(key: &str, value: &str) -> Pair {
    let is_plain = !value.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control());
    let url = safe_url(value).filter(|url| is_plain && about::is_web(url));
    Pair { key: key.to_string(), value: value.to_string(), url: url.map(Cow::into_owned) }
}
