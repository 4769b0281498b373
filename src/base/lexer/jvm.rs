//! The tables of the languages on the JVM.
