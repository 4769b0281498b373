//! Content hashes: BLAKE3, written in hexadecimal.

/// A 256-bit BLAKE3 hash of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// Returns the hash of `bytes`.
pub fn hash(bytes: &[u8]) -> Hash {
    Hash(*blake3::hash(bytes).as_bytes())
}

impl Hash {
    /// Returns all 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    /// Returns the first 10 hexadecimal digits, enough to name an asset.
    pub fn short(&self) -> String {
        self.hex()[..10].to_string()
    }
}
