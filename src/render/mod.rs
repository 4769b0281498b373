//! Render: from the site to the bytes of each of its files. Templates
//! receive a finished view and never fetch.

pub mod outputs;
pub mod search;
pub mod theme;
pub mod view;
pub mod views;
