//! Resolve: all parsed files together become one site. References find
//! their entities, pages their place, links their targets.

pub mod bundle;
pub mod catalog;
pub mod checkouts;
pub mod cycles;
pub mod docs;
pub mod docs_files;
pub mod docs_includes;
pub mod docs_nav;
pub mod docs_plan;
pub mod docs_sections;
pub mod entities;
pub mod kinds;
pub mod kinds_template;
pub mod links;
pub mod links_near;
pub mod locations;
pub mod nav;
pub mod nav_rest;
pub mod nav_tree;
pub mod owners;
pub mod relations;
pub mod routes;
pub mod screening;
pub mod skeletons;
pub mod substitutions;
pub mod validation;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod testing;
