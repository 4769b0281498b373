//! Paths of files in the site, and the relative URLs between them.

use std::fmt;

use percent_encoding::{AsciiSet, utf8_percent_encode};

use super::entity_ref::EntityRef;
use crate::base::url::PATH;

/// What is escaped in a part of a path, beyond control characters and
/// everything that is not ASCII.
const PART: &AsciiSet = &PATH.add(b'&').add(b':').add(b'[').add(b'\'').add(b']');

/// The place of a file in the site: `docs/default/component/x/index.html`.
/// No part is empty, `.` or `..`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Box<str>);

impl SitePath {
    /// Returns a path of the site. Parts that would leave it are
    /// dropped.
    pub fn new(path: &str) -> Self {
        let is_clean = !path.split('/').any(|part| matches!(part, "" | "." | ".."));
        if is_clean {
            return SitePath(path.into());
        }
        let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
        SitePath(parts.join("/").into())
    }

    /// Returns the path of the page of a folder: `folder/index.html`.
    pub fn page(folder: &str) -> Self {
        match folder.trim_matches('/') {
            "" => SitePath::new("index.html"),
            folder => SitePath::new(&[folder, "/index.html"].concat()),
        }
    }

    /// Returns the path with a mark in the name of the file, before its
    /// extension: `a/logo-<mark>.png`.
    pub fn with_mark(&self, mark: &str) -> Self {
        let name_at = self.0.rfind('/').map_or(0, |slash| slash + 1);
        let dot = self.0[name_at..].rfind('.').filter(|dot| *dot > 0);
        let (stem, extension) = self.0.split_at(dot.map_or(self.0.len(), |dot| name_at + dot));
        SitePath(format!("{stem}-{mark}{extension}").into())
    }

    /// Returns a path as it stands in a URL, escaped as a whole.
    pub fn quoted(path: &str) -> String {
        utf8_percent_encode(path, PART).to_string().replace('/', "%2F")
    }

    /// Returns the path, with `/` between the parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the URL of the file from the site's root, escaped and
    /// without `index.html`: `docs/default/component/x/`.
    pub fn url(&self) -> String {
        let mut url = String::with_capacity(self.0.len());
        push_url(&self.0, &mut url);
        url
    }

    /// Returns what leads from this file to the site's root: one `../`
    /// for each folder; `./` from the root itself.
    pub fn to_root(&self) -> String {
        match self.0.matches('/').count() {
            0 => "./".to_string(),
            depth => "../".repeat(depth),
        }
    }

    /// Returns the relative URL from this file to another.
    pub fn relative(&self, to: &SitePath) -> String {
        let shared = shared_folders(&self.0, &to.0);
        let up = self.0[shared..].matches('/').count();
        let mut url = String::with_capacity(3 * up + to.0.len() - shared);
        for _ in 0..up {
            url.push_str("../");
        }
        push_url(&to.0[shared..], &mut url);
        if url.is_empty() {
            url.push_str("./");
        }
        url
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the length of the folders in which two paths lie both, their
/// last `/` included.
pub fn shared_folders(a: &str, b: &str) -> usize {
    let n_same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.as_bytes()[..n_same].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1)
}

/// Appends the URL of a path, or of the end of one.
fn push_url(path: &str, url: &mut String) {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    };
    url.extend(utf8_percent_encode(path, PART));
}

/// Returns the folder of an entity's page:
/// `catalog/<namespace>/<kind>/<name>`.
pub fn entity_folder(entity_ref: &EntityRef) -> String {
    let EntityRef { kind, namespace, name } = entity_ref;
    format!("catalog/{}/{}/{}", slug(namespace), slug(kind), slug(name))
}

/// Returns the folder of an entity's docs: `docs/<namespace>/<kind>/<name>`.
pub fn docs_folder(entity_ref: &EntityRef) -> String {
    let EntityRef { kind, namespace, name } = entity_ref;
    format!("docs/{}/{}/{}", slug(namespace), slug(kind), slug(name))
}

/// Returns a name as one part of a path that is safe on every host and
/// file system: lower case, letters, digits, `-`, `_` and `.` only; a
/// name that had to change carries a hash of itself, so that two names
/// never fall together.
pub fn slug(name: &str) -> String {
    let lowered = name.to_lowercase();
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    let device = lowered.split('.').next().unwrap_or("");
    let is_reserved = matches!(device, "con" | "prn" | "aux" | "nul" | "index")
        || (device.len() == 4
            && (device.starts_with("com") || device.starts_with("lpt"))
            && device.ends_with(|c: char| c.is_ascii_digit()));
    let is_plain = !lowered.is_empty()
        && lowered.len() <= 100
        && lowered.chars().all(allowed)
        && !lowered.starts_with(['.', '-'])
        && !lowered.ends_with('.')
        && !is_reserved;
    if is_plain {
        return lowered;
    }
    let mut plain: String = lowered.chars().take(60).map(|c| if allowed(c) { c } else { '-' }).collect();
    plain = plain.trim_matches(['.', '-']).to_string();
    if plain.is_empty() {
        plain.push('x');
    }
    let hash = crate::base::hash::hash(lowered.as_bytes()).hex();
    format!("{plain}-{}", &hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_before_the_extension() {
        let marked = |path: &str| SitePath::new(path).with_mark("1f").to_string();
        assert_eq!(marked("a/logo.png"), "a/logo-1f.png");
        assert_eq!(marked("a.b/c.tar.gz"), "a.b/c.tar-1f.gz");
        assert_eq!(marked("a.b/LICENSE"), "a.b/LICENSE-1f");
        assert_eq!(marked("a/.hidden"), "a/.hidden-1f");
    }
}
