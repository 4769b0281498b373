//! Opening a portal: from the path that was named to its configuration
//! and output folder.

use std::path::{Path, PathBuf};

use crate::base::world::World;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::pipeline;
use crate::write;

use super::environment::Environment;

/// A portal whose configuration was read.
pub(crate) struct Opened {
    pub(crate) config: Config,
    /// What reading the configuration gave.
    pub(crate) diags: Vec<Diagnostic>,
    /// Where its site goes.
    pub(crate) output: PathBuf,
}

/// Reads the configuration of the portal at `path`. `dest_dir` is
/// relative to the current folder, `build-dir` to `book.toml`.
pub(crate) fn open(
    world: &dyn World,
    environment: &Environment,
    path: &Path,
    dest_dir: Option<&Path>,
) -> Result<Opened, Failure> {
    let mut root = environment.absolute(path);
    if root.ends_with("book.toml") && world.is_file(&root) {
        root.pop();
    }
    let root = match world.is_folder(&root) {
        true => world.real_path(&root).map_err(|error| unreadable(environment, &root, &error))?,
        false => return Err(Failure::usage(format!("there is no folder `{}`", environment.shown(&root)))),
    };
    let mut diags = Vec::new();
    let config = pipeline::config(world, &root, &environment.variables, &mut diags)?;
    let output = match dest_dir {
        Some(dest_dir) => environment.absolute(dest_dir),
        None => config.build.build_dir.clone(),
    };
    Ok(Opened { config, diags, output: resolved(world, &output) })
}

/// Returns the folders that are never walked: output, cache and theme.
pub(crate) fn skipped(config: &Config, output: &Path) -> Vec<PathBuf> {
    let mut skip = write::swap::skipped(output);
    skip.extend(write::swap::skipped(&config.build.build_dir));
    skip.push(config.root.join(".callboard"));
    skip.extend(config.theme.dir.clone());
    skip.sort();
    skip.dedup();
    skip
}

/// Resolves links in the part of a path that exists, so that two names
/// of one folder compare as one.
fn resolved(world: &dyn World, path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let Ok(real) = world.real_path(ancestor) {
            let rest = path.strip_prefix(ancestor).expect("an ancestor is a prefix of its path");
            return if rest.as_os_str().is_empty() { real } else { real.join(rest) };
        }
    }
    path.to_path_buf()
}

fn unreadable(environment: &Environment, path: &Path, error: &std::io::Error) -> Failure {
    Failure::environment(format!("cannot read `{}`: {error}", environment.shown(path)))
}
