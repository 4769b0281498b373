//! The last touch of docs sites: files that are not what their names say
//! are left out, pictures get their sizes and pages their histories.

use std::sync::Arc;

use super::Inputs;
use super::{assets, history};
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::{AssetLook, DocsSite};
use crate::model::history::PageHistory;

/// What is known of a docs site beside its pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// As long as the assets of its plan.
    pub(super) looks: Vec<AssetLook>,
    /// As long as its pages, unless git was not asked.
    pub(super) histories: Vec<Option<PageHistory>>,
}

/// Returns the docs sites with what is known of them beside their pages.
/// Sites that are as they were are shared.
pub(super) fn finished(
    inputs: &Inputs<'_>,
    config: &Config,
    linked: &[Arc<DocsSite>],
    diags: &mut Vec<Diagnostic>,
) -> (Vec<Arc<DocsSite>>, Vec<Details>) {
    let looks = assets::looks(inputs, linked);
    let histories = match config.docs.history {
        true => history::histories(inputs, linked, diags),
        false => vec![Vec::new(); linked.len()],
    };
    let details: Vec<Details> =
        looks.into_iter().zip(histories).map(|(looks, histories)| Details { looks, histories }).collect();
    let finish = |(site_idx, (site, details)): (usize, (&Arc<DocsSite>, &Details))| {
        assets::tell(inputs.snapshot, site, &details.looks, diags);
        let last = inputs.known.map(|known| known.last).filter(|last| {
            last.linked.get(site_idx).is_some_and(|old| Arc::ptr_eq(old, site))
                && last.details[site_idx] == *details
        });
        match last {
            Some(last) => Arc::clone(&last.finished[site_idx]),
            None => with_details(site, details),
        }
    };
    let docs = linked.iter().zip(&details).enumerate().map(finish).collect();
    (docs, details)
}

fn with_details(site: &Arc<DocsSite>, details: &Details) -> Arc<DocsSite> {
    let has_histories = details.histories.iter().any(Option::is_some);
    if details.looks.is_empty() && !has_histories {
        return Arc::clone(site);
    }
    let mut site = DocsSite::clone(site);
    assets::put(&mut site, &details.looks);
    for (page, history) in site.pages.iter_mut().zip(&details.histories) {
        page.history.clone_from(history);
    }
    Arc::new(site)
}
