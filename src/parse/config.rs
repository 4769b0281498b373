//! `book.toml` and `CALLBOARD_…` variables to a [`Config`].

use std::path::Path;

use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;

/// Reads the configuration of a portal. `text` is `book.toml`, if there
/// is one at `file`; `variables` are the environment's `CALLBOARD_…`
/// pairs. Spans of the diagnostics name `FileId(0)`.
pub fn config(
    root: &Path,
    file: Option<&Path>,
    _text: Option<&str>,
    _variables: &[(String, String)],
    _diags: &mut Vec<Diagnostic>,
) -> Result<Config, Failure> {
    let mut config = Config::of_folder(root.to_path_buf());
    config.file = file.map(Path::to_path_buf);
    Ok(config)
}
