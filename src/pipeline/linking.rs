//! Where the links of all pages lead. They are looked up page by page,
//! and those of a site that went before are taken over where the tables
//! are still the same.

use std::sync::Arc;

use crate::base::par::par_map;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::doc::Doc;
use crate::model::docs_site::DocsSite;
use crate::model::entity::{Catalog, Entity};
use crate::model::site::HomeDoc;
use crate::resolve;
use crate::resolve::links::PageLinks;

use super::Inputs;
use super::past::Known;

/// The links of one page, with what there is to say of them.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    links: PageLinks,
    diagnostics: Vec<Diagnostic>,
}

/// Finds the links of all pages, by docs site and page, and those of the
/// home page.
pub(super) fn links(
    inputs: &Inputs<'_>,
    catalog: &Arc<Catalog>,
    config: &Config,
    docs: &[Arc<DocsSite>],
    home: Option<&mut HomeDoc>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Vec<Arc<Linked>>> {
    let known = inputs.known.filter(|known| has_same_tables(known, inputs, catalog, config, docs));
    let is_whole = |known: &Known<'_>| {
        let old = &known.last.unlinked;
        home.is_none() && old.iter().zip(docs).all(|(old, new)| Arc::ptr_eq(old, new))
    };
    if let Some(known) = known.filter(|known| is_whole(known)) {
        return known.last.links.clone();
    }
    let routes = resolve::routes::routes(inputs.snapshot, catalog, docs, config.search.enable);
    if let Some(home) = home {
        home.links = resolve::links::home_targets(&routes, &home.doc, diags);
        diags.extend(home.doc.diagnostics.iter().cloned());
    }
    let is_known = |site_idx: usize, page_idx: usize| {
        known.is_some_and(|known| {
            let old = &known.last.unlinked[site_idx];
            Arc::ptr_eq(old, &docs[site_idx])
                || Arc::ptr_eq(&old.pages[page_idx].doc, &docs[site_idx].pages[page_idx].doc)
        })
    };
    let places: Vec<(usize, usize)> = docs
        .iter()
        .enumerate()
        .flat_map(|(site_idx, site)| (0..site.pages.len()).map(move |page_idx| (site_idx, page_idx)))
        .collect();
    let wanted: Vec<(usize, usize)> = places.iter().copied().filter(|(a, b)| !is_known(*a, *b)).collect();
    let found = par_map(&wanted, |(site_idx, page_idx)| {
        let mut diagnostics = Vec::new();
        let links = resolve::links::targets(&routes, *site_idx, *page_idx, &mut diagnostics);
        Arc::new(Linked { links, diagnostics })
    });
    let mut found = wanted.into_iter().zip(found).peekable();
    let mut link =
        |site_idx: usize, page_idx: usize| match found.next_if(|(place, _)| *place == (site_idx, page_idx)) {
            Some((_, linked)) => Some(linked),
            None => known.map(|known| Arc::clone(&known.last.links[site_idx][page_idx])),
        };
    docs.iter()
        .enumerate()
        .map(|(site_idx, site)| {
            (0..site.pages.len()).filter_map(|page_idx| link(site_idx, page_idx)).collect()
        })
        .collect()
}

/// Tells whether links are looked up in tables like those of the last
/// site: the same files, entities, plans and anchors.
fn has_same_tables(
    known: &Known<'_>,
    inputs: &Inputs<'_>,
    catalog: &Arc<Catalog>,
    config: &Config,
    docs: &[Arc<DocsSite>],
) -> bool {
    let last = known.last;
    if !known.has_files(inputs.snapshot)
        || last.config.search != config.search
        || last.walked.snapshot.repos != inputs.snapshot.repos
        || last.unlinked.len() != docs.len()
    {
        return false;
    }
    let old = &last.sources.catalog;
    let names = |catalog: &Catalog| {
        let named = |entity: &Entity| (entity.entity_ref.clone(), entity.file);
        catalog.entities.iter().map(named).collect::<Vec<_>>()
    };
    let has_same_names = Arc::ptr_eq(old, catalog) || names(old) == names(catalog);
    let is_alike = |(old, new): (&Arc<DocsSite>, &Arc<DocsSite>)| {
        Arc::ptr_eq(old, new) || old.plan == new.plan && old.home == new.home && has_same_anchors(old, new)
    };
    has_same_names && last.unlinked.iter().zip(docs).all(is_alike)
}

fn has_same_anchors(old: &DocsSite, new: &DocsSite) -> bool {
    let is_alike = |(old, new): (&Doc, &Doc)| {
        let names = |doc: &Doc| {
            let headings = doc.headings.iter().map(|heading| (heading.id.clone(), heading.alias.clone()));
            (headings.collect::<Vec<_>>(), doc.anchors.clone())
        };
        std::ptr::eq(old, new) || names(old) == names(new)
    };
    let docs = old.pages.iter().zip(&new.pages);
    docs.map(|(old, new)| (&*old.doc, &*new.doc)).all(is_alike)
}

/// Puts the links into the pages, and files that they need into the
/// sites. Sites that are as they were are shared.
pub(super) fn linked(
    inputs: &Inputs<'_>,
    mut docs: Vec<Arc<DocsSite>>,
    links: Vec<Vec<Arc<Linked>>>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Arc<DocsSite>> {
    for (site_idx, (site, links)) in docs.iter_mut().zip(links).enumerate() {
        for (page, linked) in site.pages.iter().zip(&links) {
            diags.extend(page.doc.diagnostics.iter().cloned());
            diags.extend(linked.diagnostics.iter().cloned());
        }
        if let Some(known) = inputs.known.and_then(|known| known.linked(site_idx, site, &links)) {
            *site = known;
            continue;
        }
        let site = Arc::make_mut(site);
        for (page, linked) in site.pages.iter_mut().zip(links) {
            let mut links = Arc::unwrap_or_clone(linked).links;
            site.plan.assets.append(&mut links.assets);
            page.links = links.targets;
        }
        site.plan.assets.sort_by_key(|asset| asset.file);
        site.plan.assets.dedup_by_key(|asset| asset.file);
    }
    docs
}

impl Known<'_> {
    /// Returns a docs site with its links, if both are as they were.
    fn linked(&self, site_idx: usize, site: &Arc<DocsSite>, links: &[Arc<Linked>]) -> Option<Arc<DocsSite>> {
        let old = self.last.unlinked.get(site_idx)?;
        let is_same = Arc::ptr_eq(old, site)
            && self.last.links[site_idx].iter().zip(links).all(|(old, new)| Arc::ptr_eq(old, new));
        is_same.then(|| Arc::clone(&self.last.linked[site_idx]))
    }
}
