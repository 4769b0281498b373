//! Removes a site from its folder: exactly what its manifest lists.

use std::path::Path;

use crate::base::world::World;
use crate::model::failure::Failure;

use super::journal::{self, remove_if_there};
use super::{LOCK, generation, manifest, swap};

/// What a clean did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleaned {
    pub n_removed: usize,
    /// Files that the manifest lists and that somebody has changed since.
    pub n_kept: usize,
}

/// Removes the files of a site that are still as we wrote them, the
/// folders that are empty then, and last the manifest. An output folder
/// that is not there is clean; one that is not ours is a refusal.
pub fn clean(world: &dyn World, output: &Path) -> Result<Cleaned, Failure> {
    let output = &swap::resolved(world, output);
    if !world.exists(output) {
        return Ok(Cleaned::default());
    }
    swap::refuse_foreign(world, output)?;
    let lock = swap::lock(world, output)?;
    journal::recover(world, output)?;
    generation::discard(world, output)?;
    let listed = manifest::read(world, output)?.unwrap_or_default();
    let mut cleaned = Cleaned::default();
    for (path, entry) in &listed.files {
        let at = output.join(path.as_str());
        if !world.exists(&at) {
            continue;
        }
        journal::remove(world, output, path.as_str(), &entry.hash.hex())?;
        match world.exists(&at) {
            true => cleaned.n_kept += 1,
            false => cleaned.n_removed += 1,
        }
    }
    remove_if_there(world, &output.join(manifest::NAME))?;
    // While it is held: after that, it may be another's.
    remove_if_there(world, &output.join(LOCK))?;
    let _holds_foreign_files = world.remove_folder(output);
    drop(lock);
    Ok(cleaned)
}
