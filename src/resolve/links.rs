//! What links lead to: one function for Markdown and raw HTML alike.

use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::{DocsSite, LinkTarget};
use crate::model::entity::Catalog;
use crate::model::file::Snapshot;

/// Everything that a link may lead to.
pub struct Routes<'s> {
    pub snapshot: &'s Snapshot,
    pub catalog: &'s Catalog,
    pub docs: &'s [DocsSite],
}

/// Returns the routes of a portal.
pub fn routes<'s>(snapshot: &'s Snapshot, catalog: &'s Catalog, docs: &'s [DocsSite]) -> Routes<'s> {
    Routes { snapshot, catalog, docs }
}

/// Finds the target of every link of a page: `docs[site_idx].pages[page_idx]`.
pub fn targets(
    _routes: &Routes,
    _site_idx: usize,
    _page_idx: usize,
    _diags: &mut Vec<Diagnostic>,
) -> Vec<LinkTarget> {
    Vec::new()
}

/// Finds the target of every link of the home page's Markdown.
pub fn home_targets(
    _routes: &Routes,
    doc: &crate::model::doc::Doc,
    _diags: &mut Vec<Diagnostic>,
) -> Vec<LinkTarget> {
    vec![LinkTarget::Broken; doc.links.len()]
}
