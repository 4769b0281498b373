//! The last touch of docs sites: files that are not what their names say
//! are left out, pictures get their sizes and pages their histories.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Inputs;
use super::past::Known;
use super::{assets, history};
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::{AssetLook, DocsSite};
use crate::model::file::RepoId;
use crate::model::history::PageHistory;

/// What is known of a docs site beside its pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Details {
    /// As long as the assets of its plan.
    pub(super) looks: Vec<AssetLook>,
    /// As long as its pages, unless git was not asked.
    pub(super) histories: Vec<Option<PageHistory>>,
}

/// Docs sites with what is known of them beside their pages.
pub(super) struct Finished {
    pub(super) docs: Vec<Arc<DocsSite>>,
    /// By docs site.
    pub(super) details: Vec<Arc<Details>>,
    /// The repositories whose history could not be read.
    pub(super) without_history: BTreeSet<RepoId>,
}

/// Returns the docs sites with what is known of them beside their pages.
/// Sites that are as they were are shared.
pub(super) fn finished(
    inputs: &Inputs<'_>,
    config: &Config,
    linked: &[Arc<DocsSite>],
    diags: &mut Vec<Diagnostic>,
) -> Finished {
    let is_known = |idx: usize| inputs.known.is_some_and(|known| has_details(known, idx, &linked[idx]));
    let known: Vec<bool> = (0..linked.len()).map(is_known).collect();
    let others: Vec<&Arc<DocsSite>> =
        linked.iter().zip(&known).filter(|(_, is_known)| !**is_known).map(|(site, _)| site).collect();
    let looks = assets::looks(inputs, &others);
    let mut without_history = BTreeSet::new();
    let histories = match config.docs.history {
        true => history::histories(inputs, &others, &mut without_history, diags),
        false => vec![Vec::new(); others.len()],
    };
    let found = looks.into_iter().zip(histories);
    let mut found = found.map(|(looks, histories)| Arc::new(Details { looks, histories }));
    let (mut docs, mut details) = (Vec::with_capacity(linked.len()), Vec::with_capacity(linked.len()));
    for (site_idx, (site, is_known)) in linked.iter().zip(known).enumerate() {
        let last = inputs.known.map(|known| known.last);
        let last = last.filter(|last| last.linked.get(site_idx).is_some_and(|old| Arc::ptr_eq(old, site)));
        let old = last.map(|last| &last.details[site_idx]);
        let new = old.filter(|_| is_known).cloned().or_else(|| found.next()).unwrap_or_default();
        assets::tell(inputs.snapshot, site, &new.looks, diags);
        docs.push(match last.filter(|_| old == Some(&new)) {
            Some(last) => Arc::clone(&last.finished[site_idx]),
            None => with_details(site, &new),
        });
        details.push(new);
    }
    Finished { docs, details, without_history }
}

/// Tells whether what is known of a docs site beside its pages is as it
/// was.
fn has_details(known: &Known<'_>, site_idx: usize, site: &Arc<DocsSite>) -> bool {
    known.last.linked.get(site_idx).is_some_and(|old| Arc::ptr_eq(old, site))
        && known.has_repo(site.plan.repo)
        && !known.last.without_history.contains(&site.plan.repo)
        && site.plan.assets.iter().all(|asset| !known.is_touched(asset.file))
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
    if site.plan.git_words.is_some() {
        site.history = history::of_docs(&site.pages);
    }
    Arc::new(site)
}
