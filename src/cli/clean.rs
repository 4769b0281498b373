//! `callboard clean`: removes what a build wrote, and nothing else.

use crate::base::world::World;
use crate::model::failure::Failure;
use crate::write;

use super::args::{Clean, Common};
use super::environment::Environment;
use super::{Outcome, portal, print_error};

/// Removes the files that the output folder's manifest lists.
pub(crate) fn clean(
    world: &dyn World,
    environment: &Environment,
    common: &Common,
    args: &Clean,
) -> Result<Outcome, Failure> {
    let opened = portal::open(world, environment, &args.portal.path, args.dest_dir.as_deref(), None)?;
    let cleaned = write::clean::clean(world, &opened.output)?;
    if !common.quiet {
        let kept = match cleaned.n_kept {
            0 => String::new(),
            n_kept => format!(", kept {n_kept} that somebody changed"),
        };
        let folder = environment.shown(&opened.output);
        print_error(&format!("removed {} files from {folder}{kept}\n", cleaned.n_removed));
    }
    Ok(Outcome::Done)
}
