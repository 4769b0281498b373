//! Diagnostics of Markdown pages.

use crate::model::diagnostic::Code;

/// All codes of this file.
pub const ALL: &[&Code] = &[];
