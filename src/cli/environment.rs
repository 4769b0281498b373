//! What the process's surroundings say: variables, terminal, current
//! folder. Read once, at the door.
#![expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::model::failure::Failure;

use super::args::Color;

/// The surroundings of a command.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    pub(crate) current_folder: PathBuf,
    /// `CALLBOARD_…` pairs, sorted.
    pub(crate) variables: Vec<(String, String)>,
    /// Whether errors are coloured.
    pub(crate) colored: bool,
    /// Whether a status line is welcome: a terminal, and not in CI.
    pub(crate) shows_progress: bool,
}

/// Reads the environment.
pub(crate) fn environment(color: Color, quiet: bool) -> Result<Environment, Failure> {
    let current_folder = std::env::current_dir()
        .map_err(|error| Failure::environment(format!("the current folder cannot be read: {error}")))?;
    let mut variables: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("CALLBOARD_"))
        .collect();
    variables.sort();
    let is_terminal = std::io::stderr().is_terminal();
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => is_terminal && !is_set("NO_COLOR"),
    };
    Ok(Environment {
        current_folder,
        variables,
        colored,
        shows_progress: is_terminal && !quiet && !is_set("CI"),
    })
}

impl Environment {
    /// Returns a path as an absolute one, without `.` and `..`.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        let mut absolute = PathBuf::new();
        for part in self.current_folder.join(path).components() {
            match part {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    absolute.pop();
                }
                part => absolute.push(part),
            }
        }
        absolute
    }

    /// Returns a path for people: relative to the current folder where
    /// it lies below it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        let relative = path.strip_prefix(&self.current_folder).unwrap_or(path);
        match relative.to_string_lossy() {
            empty if empty.is_empty() => ".".to_string(),
            relative => super::report::printable(&relative),
        }
    }
}
