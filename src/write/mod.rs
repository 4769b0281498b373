//! Write: from rendered files to an output folder, which is never wiped:
//! unchanged files stay as they are, and only files that our manifest
//! lists are ever removed.
//!
//! Beside the site, four names in the output are ours: the manifest,
//! which stays; the lock, an empty file; and, while a build runs, the
//! staging folder and the plan of a generation.

pub mod clean;
pub mod manifest;
pub mod swap;

mod generation;
mod journal;
mod staging;
mod tree;

#[cfg(test)]
#[cfg(unix)]
mod link_tests;
#[cfg(test)]
mod tests;

/// The lock: held while a build writes, empty, left in place by builds.
/// It is removed only while it is held, and who takes it looks whether
/// its file is still there.
const LOCK: &str = ".callboard-lock";
/// The folder of staged files and of the journal.
const STAGING: &str = ".callboard-staging";
/// The paths that a whole new generation is going to hold.
const PLAN: &str = ".callboard-plan.json";

/// Tells whether a name in the output folder is ours, and no part of the
/// site.
fn is_reserved(name: &str) -> bool {
    matches!(name, LOCK | STAGING | PLAN | manifest::NAME)
}
