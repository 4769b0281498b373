//! `mkdocs.yml`, read tolerantly.

use crate::model::diagnostic::Diagnostic;
use crate::model::file::FileId;
use crate::model::mkdocs::DocsConfig;

/// Reads `mkdocs.yml`. What cannot be read is left at its default.
pub fn config(_file: FileId, _bytes: &[u8], _diags: &mut Vec<Diagnostic>) -> DocsConfig {
    DocsConfig::default()
}
