//! Themes: templates and assets, embedded or in a folder.

use crate::base::world::World;
use crate::model::config;
use crate::model::diagnostic::Diagnostic;
use crate::model::failure::Failure;

/// A theme, ready to render with.
pub struct Theme {
    /// Templates, compiled.
    pub tera: tera::Tera,
}

/// Loads the theme that the configuration names, with the user's folder
/// over it.
pub fn theme(
    _world: &dyn World,
    _config: &config::Theme,
    _diags: &mut Vec<Diagnostic>,
) -> Result<Theme, Failure> {
    Ok(Theme { tera: tera::Tera::default() })
}
