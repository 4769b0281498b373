//! `.callboard-manifest.json`: what we wrote, with hashes. It names no
//! time and no machine: the same site has the same manifest.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::hash::Hash;
use crate::base::world::World;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

/// The manifest's name in the output folder.
pub const NAME: &str = ".callboard-manifest.json";

/// The form that this version writes, and the only one it reads.
const VERSION: u32 = 1;

/// What is known of one file that we wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub hash: Hash,
    pub size_bytes: u64,
}

/// All files that we wrote, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    pub files: BTreeMap<SitePath, Entry>,
}

#[derive(Serialize, Deserialize)]
struct Line<'t> {
    #[serde(borrow)]
    path: Cow<'t, str>,
    #[serde(borrow)]
    hash: Cow<'t, str>,
    size: u64,
}

#[derive(Deserialize)]
struct Whole<'t> {
    version: u32,
    #[serde(default, borrow)]
    files: Vec<Line<'t>>,
}

/// Reads the manifest of an output folder; `None` where there is none.
/// One that cannot be understood is a refusal, because without it nobody
/// knows which files are ours.
pub fn read(world: &dyn World, output: &Path) -> Result<Option<Manifest>, Failure> {
    let path = output.join(NAME);
    let bytes = match world.read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Failure::environment(format!("cannot read `{}`: {error}", path.display())));
        }
    };
    match manifest(&bytes) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(why) => Err(Failure::refusal(format!("cannot understand `{}`: {why}", path.display()))
            .with_help("build into another folder, or empty this one yourself")),
    }
}

/// Tells whether an output folder has a manifest, without reading what it
/// lists where it begins as ours do.
pub(super) fn is_there(world: &dyn World, output: &Path) -> Result<bool, Failure> {
    match world.read(&output.join(NAME)) {
        Ok(bytes) if bytes.starts_with(head().as_bytes()) => Ok(true),
        _ => read(world, output).map(|manifest| manifest.is_some()),
    }
}

fn head() -> String {
    format!("{{\"version\":{VERSION},\"files\":[\n")
}

/// Returns the manifest's bytes: one line for each file, sorted by path.
pub fn bytes(manifest: &Manifest) -> Vec<u8> {
    let mut text = head().into_bytes();
    for (idx, (path, entry)) in manifest.files.iter().enumerate() {
        text.extend_from_slice(if idx == 0 { b"" } else { b",\n" });
        let line = Line { path: path.as_str().into(), hash: entry.hash.hex().into(), size: entry.size_bytes };
        serde_json::to_writer(&mut text, &line).expect("a struct of strings and numbers is JSON");
    }
    text.extend_from_slice(b"\n]}\n");
    text
}

fn manifest(bytes: &[u8]) -> Result<Manifest, String> {
    let whole: Whole = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if whole.version != VERSION {
        return Err(format!("it has version {}, and this Callboard knows version {VERSION}", whole.version));
    }
    let mut files = Vec::with_capacity(whole.files.len());
    for line in whole.files {
        let path = safe_path(&line.path).ok_or_else(|| format!("it lists the path `{}`", line.path))?;
        let hash = hash(&line.hash).ok_or_else(|| format!("it lists the hash `{}`", line.hash))?;
        files.push((path, Entry { hash, size_bytes: line.size }));
    }
    Ok(Manifest { files: files.into_iter().collect() })
}

/// Returns a path that was read back from the output, unless it leads
/// out of it or to a file that is no part of the site: whoever may write
/// the manifest must not thereby choose what we delete.
pub(super) fn safe_path(text: &str) -> Option<SitePath> {
    let path = SitePath::new(text);
    let is_clean = !text.is_empty() && path.as_str() == text && !text.contains(['\\', '\0', ':']);
    let is_ours = text.split('/').next().is_some_and(super::is_reserved);
    (is_clean && !is_ours).then_some(path)
}

/// Reads 64 hexadecimal digits.
pub(super) fn hash(text: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(Hash(bytes))
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use crate::base;

    use super::*;

    fn entry(text: &str) -> Entry {
        Entry { hash: base::hash::hash(text.as_bytes()), size_bytes: text.len() as u64 }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let files = BTreeMap::from([
            (SitePath::new("b/index.html"), entry("b")),
            (SitePath::new("a \"quoted\".txt"), entry("")),
        ]);
        let whole = Manifest { files };
        assert_eq!(manifest(&bytes(&whole)), Ok(whole));
        assert_eq!(manifest(&bytes(&Manifest::default())), Ok(Manifest::default()));
    }

    #[track_caller]
    fn refused(text: &str) {
        assert!(manifest(text.as_bytes()).is_err(), "{text}");
    }

    #[test]
    fn a_manifest_cannot_name_what_is_not_ours() {
        let line = |path: &str| {
            format!(
                "{{\"version\":1,\"files\":[{{\"path\":\"{path}\",\"hash\":\"{}\",\"size\":0}}]}}",
                "0".repeat(64)
            )
        };
        assert!(manifest(line("ok/x.html").as_bytes()).is_ok());
        for path in
            ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "c:/x", "a\\\\b", LOCK, STAGING_FILE]
        {
            refused(&line(path));
        }
        refused("");
        refused("[]");
        refused("{\"version\":2,\"files\":[]}");
        refused("{\"version\":1,\"files\":[{\"path\":\"x\",\"hash\":\"é\",\"size\":0}]}");
    }

    const LOCK: &str = ".callboard-lock";
    const STAGING_FILE: &str = ".callboard-staging/journal";
}
