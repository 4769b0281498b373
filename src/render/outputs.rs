//! Every file of the site, and how its bytes are made.

use crate::base::world::World;
use crate::model::failure::Failure;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use super::theme::Theme;

/// The files of a site, each rendered on demand and none held.
pub struct Outputs<'s> {
    pub site: &'s Site,
    pub theme: &'s Theme,
    /// Sorted, each once.
    pub paths: Vec<SitePath>,
}

/// Plans all files of the site.
pub fn outputs<'s>(site: &'s Site, theme: &'s Theme) -> Outputs<'s> {
    Outputs { site, theme, paths: Vec::new() }
}

impl Outputs<'_> {
    /// Returns the bytes of `paths[output_idx]`.
    pub fn bytes(&self, _world: &dyn World, _output_idx: usize) -> Result<Vec<u8>, Failure> {
        Ok(Vec::new())
    }

    /// Returns what rendering has found so far, such as errors of a
    /// template.
    pub fn diagnostics(&self) -> Vec<crate::model::diagnostic::Diagnostic> {
        Vec::new()
    }
}
