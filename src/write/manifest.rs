//! `.callboard-manifest.json`: what we wrote, with hashes.
