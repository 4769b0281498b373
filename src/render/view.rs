//! Every struct that a template may see.
