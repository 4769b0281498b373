//! Parse: one file in, one value and its diagnostics out. A parsed file
//! knows nothing of other files; parsing never fails and reads nothing.

pub mod book;
pub mod config;
pub mod descriptor;
pub mod dump;
pub mod extensions;
pub mod markdown;
pub mod mkdocs;
pub mod yaml;
