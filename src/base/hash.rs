//! Content hashes: BLAKE3, written in hexadecimal.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash as StdHash, Hasher};

/// A 256-bit BLAKE3 hash of some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, bitcode::Encode, bitcode::Decode)]
pub struct Hash(pub [u8; 32]);

/// Returns the hash of `bytes`.
pub fn hash(bytes: &[u8]) -> Hash {
    Hash(*blake3::hash(bytes).as_bytes())
}

/// Parts of a key up to this length stand in it as they are: a chunk of
/// BLAKE3.
const MAX_SHORT: usize = 1024;

/// A 128-bit key of a memo: wide enough that no two are alike by chance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, bitcode::Encode, bitcode::Decode)]
pub struct Key(pub [u8; 16]);

/// A map from keys, which are hashes already.
pub type KeyMap<V> = HashMap<Key, V, BuildHasherDefault<OfKey>>;

impl StdHash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (half, _) = self.0.split_first_chunk().expect("a key has more than 8 bytes");
        state.write_u64(u64::from_le_bytes(*half));
    }
}

/// Takes half of a key for its hash.
#[derive(Debug, Clone, Copy, Default)]
pub struct OfKey(u64);

impl Hasher for OfKey {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = half;
    }
}

/// Returns the key of some parts, each of which ends where the next one
/// begins: `["ab", "c"]` and `["a", "bc"]` differ. Long parts stand there
/// with their own hash, since BLAKE3 is fastest from the beginning of a
/// text on.
pub fn key(parts: &[&[u8]]) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        match part.len() {
            0..=MAX_SHORT => hasher.update(part),
            _ => hasher.update(blake3::hash(part).as_bytes()),
        };
    }
    let mut key = [0; 16];
    key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Key(key)
}

impl Key {
    /// Returns the first 10 hexadecimal digits, enough to name a file.
    pub fn short(&self) -> String {
        hex(&self.0[..5])
    }
}

impl Hash {
    /// Returns all 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Returns the first 10 hexadecimal digits, enough to name an asset.
    pub fn short(&self) -> String {
        hex(&self.0[..5])
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
