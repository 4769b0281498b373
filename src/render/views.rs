//! From the site to views.
