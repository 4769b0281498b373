//! A site that is opened from files: there a browser reads no file beside
//! a page but scripts. So a small portal has everything that is searched
//! in one script as well, which is fetched from nowhere else.

use super::{File, json};

/// Returns the script that has all files.
pub fn script(files: &[File]) -> Vec<u8> {
    let mut bytes = b"globalThis.callboardFiles={".to_vec();
    let names = files.iter().filter_map(|file| Some((file.path.as_str().strip_prefix("search/")?, file)));
    // The plain index is for other readers.
    for (idx, (name, file)) in names.filter(|(name, _)| !name.starts_with("index-")).enumerate() {
        bytes.extend_from_slice(if idx == 0 { b"\n" } else { b",\n" });
        bytes.extend(json(&name));
        bytes.push(b':');
        bytes.extend_from_slice(file.bytes());
    }
    bytes.extend_from_slice(b"\n};\n");
    bytes
}
