//! The whole portal, ready to render. Its parts are shared: a site that
//! follows another one has what has not changed in common with it.

use std::sync::Arc;

use super::config::Config;
use super::diagnostic::Diagnostic;
use super::doc::{Doc, Words};
use super::docs_site::{DocsSite, LinkTarget};
use super::entity::{Catalog, EntityId};
use super::file::Snapshot;
use crate::base::asset::Larder;
use crate::base::hash::Key;

/// Everything that pages are rendered from.
#[derive(Debug, Clone)]
pub struct Site {
    /// The hash of all that the site was made from.
    pub key: Key,
    /// The same without the pages of docs: all that a page of docs shows
    /// beside what is in its own docs site.
    pub frame_key: Key,
    pub config: Config,
    pub snapshot: Arc<Snapshot>,
    pub catalog: Arc<Catalog>,
    /// Sorted by base URL.
    pub docs: Vec<Arc<DocsSite>>,
    /// The docs site of each entity, as an index into `docs`; as long as
    /// the catalog's entities.
    pub docs_by_entity: Vec<Option<usize>>,
    /// The home page's Markdown, if the configuration names any.
    pub home: Option<HomeDoc>,
    /// Descriptions of entities as safe HTML, as long as the catalog's
    /// entities; `None` where there is none.
    pub descriptions: Arc<Vec<Option<Box<str>>>>,
    /// The words of pages whose text is not kept.
    pub words: Arc<Vec<Words>>,
    /// What is held of files that are copied.
    pub larder: Arc<Larder>,
    /// Sorted, each once.
    pub diagnostics: Vec<Diagnostic>,
}

/// The Markdown of the home page.
#[derive(Debug, Clone)]
pub struct HomeDoc {
    pub doc: Arc<Doc>,
    pub links: Vec<LinkTarget>,
}

impl Site {
    /// Returns the docs site of an entity, as an index into `docs`.
    pub fn docs_of(&self, entity: EntityId) -> Option<usize> {
        self.docs_by_entity[entity.0 as usize]
    }
}
