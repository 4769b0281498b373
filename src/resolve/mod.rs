//! Resolve: all parsed files together become one site. References find
//! their entities, pages their place, links their targets.

pub mod catalog;
pub mod docs;
pub mod links;
pub mod nav;
