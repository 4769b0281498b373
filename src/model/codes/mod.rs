//! Every diagnostic once: its id, severity and explanation, and the
//! function that words its message. One file for each part of a portal;
//! `ALL` lists them for `callboard explain`, the guide and the tests.
//!
//! A constructor takes the place and the facts, and returns the
//! diagnostic: `codes::catalog::unknown_owner(span, "team-x", nearest)`.

pub mod catalog;
pub mod config;
pub mod docs;
pub mod external;
pub mod markdown;
pub mod output;
pub mod site;
pub mod sources;
pub mod yaml;

use super::diagnostic::Code;

/// All codes, part by part.
pub const PARTS: &[&[&Code]] = &[
    config::ALL,
    sources::ALL,
    yaml::ALL,
    catalog::ALL,
    docs::ALL,
    external::ALL,
    markdown::ALL,
    site::ALL,
    output::ALL,
];

/// Returns all codes, sorted by id.
pub fn all() -> Vec<&'static Code> {
    let mut codes: Vec<&'static Code> = PARTS.iter().flat_map(|part| part.iter().copied()).collect();
    codes.sort_by_key(|code| code.id);
    codes
}

/// Finds a code by its id.
pub fn find(id: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.id == id)
}
