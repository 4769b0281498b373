//! Diagnostics of docs sites, navigation and links.

use crate::model::diagnostic::Code;

/// All codes of this file.
pub const ALL: &[&Code] = &[];
