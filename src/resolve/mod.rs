//! Resolve: all parsed files together become one site. References find
//! their entities, pages their place, links their targets.

pub mod catalog;
pub mod docs;
mod docs_files;
mod docs_nav;
pub mod links;
pub mod nav;
mod remotes;
