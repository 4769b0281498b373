//! Diagnostics of sources: folders, files, git metadata.

use crate::model::diagnostic::Code;

/// All codes of this file.
pub const ALL: &[&Code] = &[];
