//! Render: from the site to the bytes of each of its files. Templates
//! receive a finished view and never fetch; a page's view is its
//! complete input.
//!
//! [`theme`] loads templates and assets, [`view`] holds every struct
//! that a template may see, [`views`] makes them from the site, and
//! [`outputs`] plans all files and renders each on demand.

pub mod accent;
pub mod api;
pub mod body;
pub mod data;
pub mod docs_nav;
pub mod feeds;
pub mod gaps;
pub mod git_words;
pub mod graph;
pub mod index;
pub mod json;
pub mod kinds;
pub mod operations;
pub mod outputs;
pub mod place;
pub mod provenance;
pub mod rows;
pub mod search;
pub mod shell;
pub mod techdocs;
#[cfg(test)]
mod testing;
pub mod theme;
pub mod trim;
pub mod view;
pub mod views;
