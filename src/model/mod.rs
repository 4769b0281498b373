//! The nouns of a portal: plain data that every room may hold and none
//! of them owns.

pub mod codes;
pub mod config;
pub mod diagnostic;
pub mod doc;
pub mod docs_site;
pub mod entity;
pub mod entity_ref;
pub mod extensions;
pub mod failure;
pub mod file;
pub mod forge;
pub mod git_words;
pub mod history;
pub mod mkdocs;
pub mod relation;
pub mod repo;
pub mod site;
pub mod site_path;
pub mod yaml;
