//! The world's twin in memory, for tests.
