//! Diagnostics of entities and their relations.

use crate::model::diagnostic::Code;

/// All codes of this file.
pub const ALL: &[&Code] = &[];
