//! The tables of compiled languages.
