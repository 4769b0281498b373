//! From documents to the catalog: substitutions, validation, duplicates,
//! relations.

use crate::model::diagnostic::Diagnostic;
use crate::model::entity::Catalog;
use crate::model::file::{FileId, Snapshot};
use crate::model::yaml::{Document, Node};

/// Reads a text as YAML (or JSON), one node for each document.
pub type ReadNodes<'f> = dyn Fn(FileId, &str, &mut Vec<Diagnostic>) -> Vec<Node> + Sync + 'f;

/// How `resolve` reads the files that substitutions name, since it opens
/// none itself.
pub struct Files<'f> {
    /// Returns the text of a file, or why it could not be read.
    pub text: &'f (dyn Fn(FileId) -> Result<String, String> + Sync),
    /// Reads a text as YAML.
    pub nodes: &'f ReadNodes<'f>,
}

/// Makes the catalog of all documents.
pub fn catalog(
    _snapshot: &Snapshot,
    _documents: Vec<Document>,
    _files: &Files,
    _diags: &mut Vec<Diagnostic>,
) -> Catalog {
    Catalog::default()
}
