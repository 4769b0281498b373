//! Pictures of how entities hang together: [`layout`] finds a place for
//! everything, [`svg`] draws it, and the rest decides what is shown.
//! The same graph always gives the same picture, in whole pixels.

pub mod entity;
pub mod export;
pub mod layout;
pub mod neighbours;
pub mod svg;
pub mod system;

/// What is drawn: boxes, and arrows between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// A box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub label: String,
    /// A second line, in small letters.
    pub note: String,
    pub href: Option<String>,
    /// What a reader hears, and sees on pointing at it.
    pub title: String,
    pub icon: &'static str,
    pub look: Look,
}

/// How a box looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// What the picture is about.
    Focus,
    Plain,
    /// Something from outside of what the picture is about.
    Outside,
    /// Not in the catalog.
    Missing,
    /// Stands for several.
    More,
}

/// An arrow, as indices into [`Graph::nodes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// What it means: `depends on`.
    pub label: &'static str,
}

/// So many letters of a name are shown.
const MAX_LETTERS: usize = 26;
pub const NODE_HEIGHT: i32 = 44;

/// Returns a name as it fits into a box.
pub fn fitted(label: &str) -> String {
    match label.char_indices().nth(MAX_LETTERS) {
        None => label.to_string(),
        Some(_) => {
            let mut short: String = label.chars().take(MAX_LETTERS - 1).collect();
            short.push('…');
            short
        }
    }
}

/// Returns the width of a box: no font is at hand to measure with, so
/// letters count as wide as they usually are.
pub fn width(node: &Node) -> i32 {
    let letters = |text: &str| -> i32 {
        text.chars().take(MAX_LETTERS).map(|c| if c >= '\u{1100}' { 14 } else { 8 }).sum()
    };
    let note = letters(&node.note) * 6 / 8;
    (letters(&fitted(&node.label)).max(note) + 46).clamp(112, 256)
}
