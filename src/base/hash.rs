//! Content hashes: BLAKE3, written in hexadecimal.

/// A 256-bit BLAKE3 hash of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, bitcode::Encode, bitcode::Decode)]
pub struct Hash(pub [u8; 32]);

/// Returns the hash of `bytes`.
pub fn hash(bytes: &[u8]) -> Hash {
    Hash(*blake3::hash(bytes).as_bytes())
}

/// A 128-bit key of a memo: wide enough that no two are alike by chance.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, bitcode::Encode, bitcode::Decode,
)]
pub struct Key(pub [u8; 16]);

/// Returns the key of some parts, each of which ends where the next one
/// begins: `["ab", "c"]` and `["a", "bc"]` differ.
pub fn key(parts: &[&[u8]]) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Key(key)
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
