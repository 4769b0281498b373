//! The ground floor: the door to the outside world and a few tools that
//! know nothing of portals. Nothing here may name a noun of `model`.

pub mod asset;
pub mod disk;
pub mod drawing;
pub mod git;
pub mod grammars;
pub mod hash;
pub mod highlight;
pub mod ignored;
pub mod lexer;
pub mod magic;
pub mod memo;
pub mod memory;
pub mod mermaid;
pub mod net;
pub mod pack;
pub mod par;
pub mod pattern;
pub mod spans;
pub mod svg;
pub mod text;
pub mod tool;
pub mod url;
pub mod walk;
pub mod world;
