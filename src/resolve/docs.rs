//! Which docs sites there are, which files belong to each, and where
//! they go.

use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::DocsPlan;
use crate::model::entity::Catalog;
use crate::model::file::Snapshot;
use crate::model::mkdocs::ReadDocsConfig;

/// Plans all docs sites. `configs` holds every `mkdocs.yml` and mdBook
/// `book.toml`, sorted by file. The plans are sorted by base URL.
pub fn plans(
    _snapshot: &Snapshot,
    _catalog: &Catalog,
    _configs: &[ReadDocsConfig],
    _diags: &mut Vec<Diagnostic>,
) -> Vec<DocsPlan> {
    Vec::new()
}
