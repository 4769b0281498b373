//! Where the links of all pages lead. They are looked up page by page,
//! and those of a site that went before are taken over where the tables
//! are still the same.

use std::collections::HashSet;
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
) -> Vec<Arc<Vec<Arc<Linked>>>> {
    let known = inputs.known.filter(|known| has_same_tables(known, inputs, catalog, config, docs));
    let others = known.map(|known| with_other_anchors(&known.last.unlinked, docs)).unwrap_or_default();
    let routes = resolve::routes::routes(inputs.snapshot, catalog, docs, config.search.enable);
    if let Some(home) = home {
        home.links = resolve::links::home_targets(&routes, &home.doc, diags);
        diags.extend(home.doc.diagnostics.iter().cloned());
    }
    let known_page = |site_idx: usize, page_idx: usize| {
        let last = known?.last;
        let linked = &last.links[site_idx][page_idx];
        let (old, new) = (&last.unlinked[site_idx].pages[page_idx], &docs[site_idx].pages[page_idx]);
        let has_asked = || linked.links.asked.iter().any(|page| others.contains(page));
        (Arc::ptr_eq(&old.doc, &new.doc) && !has_asked()).then(|| Arc::clone(linked))
    };
    let page = |site_idx: usize, page_idx: usize| {
        known_page(site_idx, page_idx).unwrap_or_else(|| {
            let mut diagnostics = Vec::new();
            let links = resolve::links::targets(&routes, site_idx, page_idx, &mut diagnostics);
            Arc::new(Linked { links, diagnostics })
        })
    };
    // A site may have all the pages, so that each is a piece of its own;
    // but where nothing is new, there is nothing to share out.
    let is_known = |site_idx: usize| {
        let same = |known: &Known<'_>| Arc::ptr_eq(&known.last.unlinked[site_idx], &docs[site_idx]);
        others.is_empty() && known.is_some_and(same)
    };
    let n_pages = |site_idx: usize| if is_known(site_idx) { 0 } else { docs[site_idx].pages.len() };
    let places: Vec<(usize, usize)> = (0..docs.len())
        .flat_map(|site_idx| (0..n_pages(site_idx)).map(move |page_idx| (site_idx, page_idx)))
        .collect();
    let mut found = par_map(&places, |(site_idx, page_idx)| page(*site_idx, *page_idx)).into_iter();
    let of_site = |site_idx: usize| match known.filter(|_| is_known(site_idx)) {
        Some(known) => Arc::clone(&known.last.links[site_idx]),
        None => Arc::new(found.by_ref().take(n_pages(site_idx)).collect()),
    };
    (0..docs.len()).map(of_site).collect()
}

/// Tells whether links are looked up in tables like those of the last
/// site: the same files, entities and plans.
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
    let is_named_alike =
        |(old, new): (&Entity, &Entity)| old.file == new.file && old.entity_ref == new.entity_ref;
    let has_same_names = Arc::ptr_eq(old, catalog)
        || old.entities.len() == catalog.entities.len()
            && old.entities.iter().zip(&catalog.entities).all(is_named_alike);
    let is_alike = |(old, new): (&Arc<DocsSite>, &Arc<DocsSite>)| {
        Arc::ptr_eq(old, new) || old.plan == new.plan && old.home == new.home
    };
    has_same_names && last.unlinked.iter().zip(docs).all(is_alike)
}

/// Returns the pages, by docs site and number, that have other anchors
/// than before. The plans are the same.
fn with_other_anchors(old: &[Arc<DocsSite>], new: &[Arc<DocsSite>]) -> HashSet<(u32, u32)> {
    let sites = (0..).zip(old.iter().zip(new)).filter(|(_, (old, new))| !Arc::ptr_eq(old, new));
    let pages = sites.flat_map(|(site_idx, (old, new))| {
        let others = (0..).zip(old.pages.iter().zip(&new.pages));
        let others = others.filter(|(_, (old, new))| !has_same_anchors(&old.doc, &new.doc));
        others.map(move |(page_idx, _)| (site_idx, page_idx))
    });
    pages.collect()
}

fn has_same_anchors(old: &Doc, new: &Doc) -> bool {
    let headings = || old.headings.iter().zip(&new.headings);
    std::ptr::eq(old, new)
        || old.anchors == new.anchors
            && old.headings.len() == new.headings.len()
            && headings().all(|(old, new)| (&old.id, &old.alias) == (&new.id, &new.alias))
}

/// Puts the links into the pages, and files that they need into the
/// sites. Sites that are as they were are shared.
pub(super) fn linked(
    inputs: &Inputs<'_>,
    mut docs: Vec<Arc<DocsSite>>,
    links: Vec<Arc<Vec<Arc<Linked>>>>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Arc<DocsSite>> {
    for (site_idx, (site, links)) in docs.iter_mut().zip(links).enumerate() {
        for (page, linked) in site.pages.iter().zip(&*links) {
            diags.extend(page.doc.diagnostics.iter().cloned());
            diags.extend(linked.diagnostics.iter().cloned());
        }
        if let Some(known) = inputs.known.and_then(|known| known.linked(site_idx, site, &links)) {
            *site = known;
            continue;
        }
        let site = Arc::make_mut(site);
        for (page, linked) in site.pages.iter_mut().zip(Arc::unwrap_or_clone(links)) {
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
    fn linked(
        &self,
        site_idx: usize,
        site: &Arc<DocsSite>,
        links: &Arc<Vec<Arc<Linked>>>,
    ) -> Option<Arc<DocsSite>> {
        let old = self.last.unlinked.get(site_idx)?;
        let old_links = &self.last.links[site_idx];
        let is_same = Arc::ptr_eq(old, site)
            && (Arc::ptr_eq(old_links, links)
                || old_links.iter().zip(&**links).all(|(old, new)| Arc::ptr_eq(old, new)));
        is_same.then(|| Arc::clone(&self.last.linked[site_idx]))
    }
}
