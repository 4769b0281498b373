//! Callboard: Backstage's portal as a static site.
//!
//! ```text
//! discover  →  parse*  →  resolve  →  render*  →  write      (* item by item, in parallel)
//!  repos        one file    all        one page    changed
//!  → files      → value     → site     → bytes     files only
//! ```
//!
//! Five verbs, five rooms: [`discover`], [`parse`], [`resolve`],
//! [`render`], [`write`](mod@write). The nouns live in [`model`], the
//! tools in [`base`], and [`pipeline`] is the hallway that visits the
//! rooms in this order. A room may look down (`model`, `base`), never
//! up or sideways; `tests/it/tidy.rs` enforces it.

#![forbid(unsafe_code)]

pub mod base;
pub mod cli;
pub mod discover;
pub mod model;
pub mod parse;
pub mod pipeline;
pub mod render;
pub mod resolve;
pub mod serve;
pub mod write;
