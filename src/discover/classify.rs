//! What a file may be, judged by its name alone.
