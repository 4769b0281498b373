//! From the site to views: one function for each template, and what
//! they share.

pub mod about;
pub mod catalog;
pub mod decisions;
pub mod definition;
pub mod docs;
pub mod entity;
pub mod graph;
pub mod health;
pub mod home;
pub mod inspect;
pub mod links;
pub mod org;
pub mod people;
pub mod print;
pub mod relations;
pub mod search;
pub mod used_by;

use crate::model::diagnostic::Span;
use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::site_path::SitePath;

use super::index::KindList;
use super::kinds;
use super::place::{Place, href};
use super::view::{EntityLink, Head, KindLink, Lifecycle, Link, NotFoundView, Pages, RedirectView};

/// So many kinds stand in a menu.
const MAX_KINDS: usize = 40;

/// Returns what goes into the `<head>` of a page.
pub fn head(place: Place, title: &str) -> Head {
    let config = &place.site.config;
    let site_title = &config.book.title;
    Head {
        title: match title == site_title {
            true => title.to_string(),
            false => format!("{title} · {site_title}"),
        },
        description: None,
        canonical: config.portal.base_url.as_ref().map(|base| format!("{base}{}", place.path.url())),
        noindex: false,
    }
}

/// Returns the path of a page of a list; the first is the list's own.
pub fn page_path(folder: &str, number: usize) -> SitePath {
    match number {
        0 | 1 => SitePath::page(folder),
        number => SitePath::page(&format!("{folder}/page/{number}")),
    }
}

/// Returns the links between the pages of a list; `None` if one page
/// holds it all.
pub fn pages(place: Place, folder: &str, current: usize, total: usize) -> Option<Pages> {
    if total < 2 {
        return None;
    }
    let to = |number: usize| href(place, &page_path(folder, number));
    let mut numbers = Vec::new();
    let mut last = 0;
    for number in 1..=total {
        if number == 1 || number == total || number.abs_diff(current) <= 2 {
            if number > last + 1 {
                numbers.push(Link { title: String::new(), href: None });
            }
            last = number;
            let href = (number != current).then(|| to(number));
            numbers.push(Link { title: number.to_string(), href });
        }
    }
    Some(Pages {
        current,
        total,
        prev: (current > 1).then(|| to(current - 1)),
        next: (current < total).then(|| to(current + 1)),
        numbers,
    })
}

/// Returns links to the kinds of the catalog.
pub fn kind_links(place: Place, current: Option<&str>) -> Vec<KindLink> {
    let link = |list: &KindList| KindLink {
        title: list.plural.clone(),
        href: href(place, &SitePath::page(&catalog::folder(&list.kind))),
        icon: kinds::icon(&list.kind),
        count: list.entities.len(),
        current: current == Some(&list.kind),
    };
    // Those that Backstage knows come first; content can make up any number.
    place.index.kinds.iter().take(MAX_KINDS).map(link).collect()
}

/// Returns links to the owners of an entity.
pub fn owners(place: Place, entity: &Entity) -> Vec<EntityLink> {
    let owners = entity.targets("owner");
    match entity.inferred_owner {
        Some(span) => owners.map(|target| inferred(place, target, span)).collect(),
        None => owners.map(|target| super::place::link_to(place, target, Some("group"))).collect(),
    }
}

/// Returns a link to an owner that is a guess, with what it comes from.
pub fn inferred(place: Place, owner: &EntityRef, span: Span) -> EntityLink {
    let link = super::place::link_to(place, owner, Some("group"));
    let file = place.site.snapshot.file(span.file);
    let tooltip = format!("{} | inferred from {}:{}", link.tooltip, file.path, span.line);
    let note = if link.href.is_some() { "inferred" } else { "inferred, not found" };
    EntityLink { tooltip, note, ..link }
}

/// Returns the lifecycle of an entity. Backstage's three words, and
/// words that teams use for the same, have a tone.
pub fn lifecycle(entity: &Entity) -> Option<Lifecycle> {
    let text = entity.spec_text("lifecycle").filter(|text| !text.is_empty())?;
    let tone = match &*text.to_lowercase() {
        "production" | "prod" | "stable" | "ga" | "active" | "live" => "good",
        "experimental" | "development" | "dev" | "beta" | "alpha" | "preview" | "incubating" => "new",
        "deprecated" | "retired" | "end-of-life" | "eol" | "archived" | "sunset" | "obsolete" => "old",
        _ => "plain",
    };
    Some(Lifecycle { text: text.to_string(), tone })
}

/// Returns the href of an entity's docs.
pub fn docs_href(place: Place, id: EntityId) -> Option<String> {
    let docs = &place.site.docs[place.site.docs_of(id)?];
    Some(href(place, &docs::entrance_of(place, id, docs)))
}

/// Makes the page for URLs that lead nowhere.
pub fn not_found(place: Place) -> NotFoundView {
    let to = |folder: &str| href(place, &SitePath::page(folder));
    NotFoundView {
        head: Head { noindex: true, canonical: None, ..head(place, "Page not found") },
        home: to(""),
        catalog: to("catalog"),
        docs: to("docs"),
        search: place.site.config.search.enable.then(|| to("search")),
    }
}

/// Makes a page that leads on to another one.
pub fn redirect(place: Place, title: &str, to: &SitePath) -> RedirectView {
    let base = place.site.config.portal.base_url.as_ref();
    RedirectView {
        head: Head {
            noindex: true,
            canonical: base.map(|base| format!("{base}{}", to.url())),
            ..head(place, title)
        },
        title: title.to_string(),
        href: href(place, to),
    }
}
