//! Opening a portal: from the path that was named to its configuration
//! and output folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::memo::{self, Memo, Trust};
use crate::base::world::World;
use crate::model::codes;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;
use crate::pipeline;
use crate::write;

use super::args::{Asking, Caching};
use super::environment::Environment;

/// A portal whose configuration was read.
pub(crate) struct Opened {
    pub(crate) config: Config,
    /// What reading the configuration gave.
    pub(crate) diags: Vec<Diagnostic>,
    /// Where its site goes.
    pub(crate) output: PathBuf,
    /// What earlier runs have made of the same contents.
    pub(crate) memo: Arc<Memo>,
    /// What is to be said of the memo; no page shows it.
    pub(crate) notes: Vec<Diagnostic>,
    /// The folder of `memo`.
    pub(crate) cache: PathBuf,
}

impl Opened {
    /// Returns the portal, asking others only what the command allows.
    pub(crate) fn asking(mut self, asking: &Asking) -> Self {
        self.config.docs.history &= !asking.no_git;
        self.config.is_offline = asking.offline;
        self
    }
}

/// The name of the cache's folder, unless another one is asked for.
const CACHE: &str = ".callboard";

/// Reads the configuration of the portal at `path`. `dest_dir` is
/// relative to the current folder, `build-dir` to `book.toml`.
pub(crate) fn open(
    world: &dyn World,
    environment: &Environment,
    path: &Path,
    dest_dir: Option<&Path>,
    caching: Option<&Caching>,
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
    let mut config = pipeline::config(world, &root, &environment.variables, &mut diags)?;
    // Who may ask others says so.
    config.is_offline = true;
    let output = match dest_dir {
        Some(dest_dir) => environment.absolute(dest_dir),
        None => config.build.build_dir.clone(),
    };
    let cache = match caching {
        Some(caching) => cache_folder(world, environment, &config, caching),
        None => config.root.join(CACHE),
    };
    let mut notes = Vec::new();
    let memo = match caching {
        Some(caching) if !caching.no_cache && (caching.cache_dir.is_some() || is_trusted(&config)) => {
            let trust = if caching.no_stat_cache { Trust::ContentOnly } else { Trust::Stamps };
            memo(world, &cache, trust, &mut notes)
        }
        _ => Memo::default(),
    };
    Ok(Opened {
        config,
        diags,
        output: write::swap::resolved(world, &output),
        memo: Arc::new(memo),
        notes,
        cache,
    })
}

/// Returns the folder of the cache: the one that was asked for, else
/// `.callboard` beside `book.toml`.
pub(crate) fn cache_folder(
    world: &dyn World,
    environment: &Environment,
    config: &Config,
    caching: &Caching,
) -> PathBuf {
    match &caching.cache_dir {
        Some(folder) => write::swap::resolved(world, &environment.absolute(folder)),
        None => config.root.join(CACHE),
    }
}

/// Tells whether what lies beside the configuration is the operator's. A
/// folder without `[[source]]` is a repository itself, or holds some, and
/// a cache in it may be anybody's: what it holds would reach pages as it
/// is.
pub(crate) fn is_trusted(config: &Config) -> bool {
    config.file.is_some() && !config.sources.is_empty()
}

fn memo(world: &dyn World, folder: &Path, trust: Trust, diags: &mut Vec<Diagnostic>) -> Memo {
    let (memo, ignored) = memo::open(world, folder, pipeline::salt(), trust);
    if let Some(why) = ignored {
        diags.push(codes::output::cache_ignored(folder, why));
    }
    memo
}

/// Returns the folders that are never walked: output, cache and theme.
pub(crate) fn skipped(config: &Config, output: &Path, cache: &Path) -> Vec<PathBuf> {
    let mut skip = write::swap::skipped(output);
    skip.extend(write::swap::skipped(&config.build.build_dir));
    skip.push(config.root.join(CACHE));
    skip.push(cache.to_path_buf());
    skip.extend(config.theme.dir.clone());
    skip.sort();
    skip.dedup();
    skip
}

fn unreadable(environment: &Environment, path: &Path, error: &std::io::Error) -> Failure {
    Failure::environment(format!("cannot read `{}`: {error}", environment.shown(path)))
}
