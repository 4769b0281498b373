//! Write: from rendered files to an output folder, which is never wiped:
//! unchanged files stay as they are, and only files that our manifest
//! lists are ever removed.

pub mod manifest;
pub mod swap;
