//! Discover: from the configuration's sources to a snapshot of
//! repositories and files. Reads names, sizes and git's own metadata;
//! never the content of a file, and never runs anything.

pub mod classify;
pub mod git;
pub mod rewalk;
pub mod sources;
pub mod walk;
