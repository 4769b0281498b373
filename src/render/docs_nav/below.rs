//! What lies right below a section, as the page lists it that the
//! section leads to.

use super::{DocsNav, Entry, up};
use crate::model::docs_site::DocsSite;
use crate::render::view::DocsCard;

/// Returns what is in the section that a page is the title of.
pub fn below(nav: &DocsNav, site: &DocsSite, page_idx: usize) -> Vec<DocsCard> {
    let section = nav.by_page[page_idx].and_then(|entry| nav.entries[entry].parent);
    let Some(section) = section else { return Vec::new() };
    let up = up(site, &site.plan.pages[page_idx].path);
    nav.children[section].iter().map(|idx| card(nav, site, &up, *idx)).collect()
}

fn card(nav: &DocsNav, site: &DocsSite, up: &str, idx: usize) -> DocsCard {
    let entry = &nav.entries[idx];
    // A section without a page of its own leads to the first in it.
    let is_page = |idx: &usize| nav.pages[*idx].is_some();
    let target = match entry.is_section {
        true => entry.index.or_else(|| (idx + 1..entry.end).find(is_page)),
        false => Some(idx),
    };
    let href = |target: &Entry| match target.is_external {
        true => target.url.to_string(),
        false => format!("{up}{}", target.url),
    };
    let doc = target.and_then(|target| nav.pages[target]).map(|page| &site.pages[page].doc);
    DocsCard {
        title: entry.title.to_string(),
        href: target.map(|target| href(&nav.entries[target])),
        is_external: entry.is_external,
        description: doc.and_then(|doc| doc.description.as_deref()).map(str::to_string),
        n_items: entry.is_section.then(|| nav.children[idx].len()),
    }
}
