//! The home page.

use crate::render::body;
use crate::render::place::{Place, href, link};
use crate::render::view::{HomeView, OwnerLink};

use super::docs;
use crate::model::site_path::SitePath;

/// So many docs sites and owners are shown.
const MAX_TILES: usize = 12;

/// Makes the home page.
pub fn view(place: Place) -> HomeView {
    let site = place.site;
    let book = &site.config.book;
    let owners = &place.index.owners;
    let mut head = super::head(place, &book.title);
    head.description = book.description.clone();
    HomeView {
        head,
        title: book.title.clone(),
        description: book.description.clone(),
        n_entities: site.catalog.entities.len(),
        n_repos: site.snapshot.sources().count(),
        n_docs_pages: site.docs.iter().map(|docs| docs.pages.len()).sum(),
        kinds: super::kind_links(place, None),
        body_html: site.home.as_ref().map(|home| body::html(place, &home.doc, &home.links, &[])),
        docs: docs::largest(place, MAX_TILES),
        n_more_docs: site.docs.len().saturating_sub(MAX_TILES),
        docs_href: href(place, &SitePath::page("docs")),
        owners: owners
            .iter()
            .take(MAX_TILES)
            .map(|(id, count)| OwnerLink { entity: link(place, *id), count: *count })
            .collect(),
        n_more_owners: owners.len().saturating_sub(MAX_TILES),
    }
}
