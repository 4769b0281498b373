//! Diagnostics of the rendered site: themes, templates, output.

use crate::model::diagnostic::Code;

/// All codes of this file.
pub const ALL: &[&Code] = &[];
