//! Which files of a docs folder are pages, which are copied, and where
//! each of them goes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use unicode_normalization::UnicodeNormalization;

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{AssetLook, DocsAsset, PlannedPage};
use crate::model::file::{FileId, FileKind, RepoId, Snapshot, below};
use crate::model::site_path::{SitePath, slug};

/// The largest file that is copied.
const MAX_ASSET_BYTES: u64 = 10 << 20;
/// What is copied, by extension in lower case. SVG files are, but render
/// asks `base::svg` before it writes one. HTML, scripts, JSON and XML
/// are not: a browser would run or frame them as the portal's own.
const ASSET_EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "bmp", "svg", "mp4", "webm", "ogv", "mp3", "ogg",
    "wav", "pdf", "zip", "txt", "csv",
];
/// Names that a host acts on, in lower case.
const HOST_NAMES: &[&str] = &[
    "_headers",
    "_redirects",
    "_worker.js",
    "cname",
    "robots.txt",
    "sitemap.xml",
    "sw.js",
    "manifest.json",
    "404.html",
];
/// First parts below a docs site's base that are ours.
const OWN_PARTS: &[&str] = &["_files", "_print", "_cb"];

/// The files of a docs site, each list sorted by file.
#[derive(Debug, Default)]
pub struct DocsFiles {
    pub pages: Vec<PlannedPage>,
    pub assets: Vec<DocsAsset>,
}

/// Where files of a docs site are.
pub struct Place<'p> {
    pub repo: RepoId,
    /// The folder of the pages.
    pub docs_dir: &'p str,
    /// Stands before the sources of what is included; else empty.
    pub prefix: &'p str,
    /// Patterns in gitignore's syntax.
    pub exclude: &'p [Box<str>],
    /// When given, only these pages below `docs_dir` count.
    pub only: Option<&'p BTreeSet<String>>,
    /// Whether numbers that names begin with only order them.
    pub is_numbered: bool,
}

/// Collects the pages and assets of docs folders that make one site:
/// the first is the site's own, the others are below their prefixes.
pub fn below_folders(
    snapshot: &Snapshot,
    base: &str,
    places: &[Place],
    in_skeleton: &dyn Fn(RepoId, &str) -> bool,
    diags: &mut Vec<Diagnostic>,
) -> DocsFiles {
    let mut pages = Vec::new();
    let mut assets = Vec::new();
    for place in places {
        collect(snapshot, place, in_skeleton, &mut pages, &mut assets, diags);
    }
    let is_numbered = places.first().is_some_and(|place| place.is_numbered);
    placed(snapshot, base, is_numbered, &pages, &assets, diags)
}

fn collect<'s>(
    snapshot: &'s Snapshot,
    place: &Place,
    in_skeleton: &dyn Fn(RepoId, &str) -> bool,
    pages: &mut Vec<(FileId, Cow<'s, str>)>,
    assets: &mut Vec<(FileId, Cow<'s, str>)>,
    diags: &mut Vec<Diagnostic>,
) {
    let excluded = matcher(place.exclude);
    let prefixed = |source: &'s str| match place.prefix {
        "" => Cow::Borrowed(source),
        prefix => Cow::Owned(format!("{prefix}/{source}")),
    };
    for id in snapshot.files_below(place.repo, place.docs_dir) {
        let file = snapshot.file(id);
        let Some(source) = below(&file.path, place.docs_dir) else { continue };
        if is_hidden(source) || source.starts_with("templates/") || source.contains("{{") {
            continue;
        }
        let is_excluded = excluded.as_ref().is_some_and(|excluded| excluded(source));
        if is_excluded || in_skeleton(file.repo, &file.path) {
            continue;
        }
        if file.kind == FileKind::Markdown {
            if place.only.is_none_or(|only| only.contains(source)) {
                pages.push((id, prefixed(source)));
            }
        } else if is_publishable(snapshot, id, diags) {
            assets.push((id, prefixed(source)));
        }
    }
}

/// Returns a docs site of one page, its index.
pub fn single(file: FileId, source: &str, base: &str) -> DocsFiles {
    let page = PlannedPage { file, source: source.into(), path: SitePath::page(base) };
    DocsFiles { pages: vec![page], assets: Vec::new() }
}

/// Tells whether a file that is no page may be copied into the site;
/// names that only a host reads, and large files, are diagnostics.
pub fn is_publishable(snapshot: &Snapshot, id: FileId, diags: &mut Vec<Diagnostic>) -> bool {
    let file = snapshot.file(id);
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    if HOST_NAMES.contains(&&*name.to_ascii_lowercase()) {
        diags.push(codes::docs::reserved_file_name(Span::of_file(id), name));
        return false;
    }
    if !has_asset_extension(name) {
        return false;
    }
    if file.size_bytes > MAX_ASSET_BYTES {
        diags.push(codes::docs::large_asset(Span::of_file(id), &file.path, file.size_bytes));
        return false;
    }
    true
}

/// Returns where a file outside of the docs folder goes that a page of
/// the site shows.
pub fn outside_path(base: &str, path: &str) -> SitePath {
    SitePath::new(&format!("{base}/_files/{}", safe(path, false)))
}

/// Tells whether any part of a path begins with a dot.
pub fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

fn has_asset_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && ASSET_EXTENSIONS.contains(&&*extension.to_ascii_lowercase())
    })
}

/// Returns what tells which sources some patterns match, if there are
/// any patterns.
pub fn matcher(patterns: &[Box<str>]) -> Option<impl Fn(&str) -> bool> {
    let globs = globs(patterns)?;
    Some(move |source: &str| globs.matched_path_or_any_parents(source, false).is_ignore())
}

/// Reads patterns in gitignore's syntax; none of them touches the disk.
fn globs(patterns: &[Box<str>]) -> Option<Gitignore> {
    if patterns.is_empty() {
        return None;
    }
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        // A pattern that cannot be read matches nothing, as in git.
        let _unreadable = builder.add_line(None, pattern);
    }
    builder.build().ok()
}

/// Gives every file its place; of two at the same place, an index goes
/// before a README and else the first by name.
fn placed(
    snapshot: &Snapshot,
    base: &str,
    is_numbered: bool,
    pages: &[(FileId, Cow<str>)],
    assets: &[(FileId, Cow<str>)],
    diags: &mut Vec<Diagnostic>,
) -> DocsFiles {
    let mut taken: HashMap<String, FileId> = HashMap::new();
    let mut files = DocsFiles::default();
    // READMEs last, so that they give way.
    let (readmes, others): (Vec<_>, Vec<_>) = pages.iter().partition(|(_, source)| is_readme(source));
    for (file, source) in others.into_iter().chain(readmes) {
        let folder = match is_numbered {
            true => page_folder(&source.split('/').map(without_number).collect::<Vec<_>>().join("/")),
            false => page_folder(source),
        };
        let path = SitePath::page(&format!("{base}/{folder}"));
        if take(snapshot, &mut taken, path.as_str(), *file, diags) {
            // No asset may lie where the page's folder does.
            let folder = path.as_str().strip_suffix("/index.html").unwrap_or("");
            taken.entry(compared(folder)).or_insert(*file);
            files.pages.push(PlannedPage { file: *file, source: (&**source).into(), path });
        }
    }
    for (file, source) in assets {
        let path = SitePath::new(&format!("{base}/{}", safe(source, true)));
        if take(snapshot, &mut taken, path.as_str(), *file, diags) {
            files.assets.push(DocsAsset { file: *file, path, look: AssetLook::default() });
        }
    }
    // A file that is included twice is kept once.
    files.pages.sort_by_key(|page| page.file);
    files.pages.dedup_by_key(|page| page.file);
    files.assets.sort_by_key(|asset| asset.file);
    files.assets.dedup_by_key(|asset| asset.file);
    files
}

fn take(
    snapshot: &Snapshot,
    taken: &mut HashMap<String, FileId>,
    path: &str,
    file: FileId,
    diags: &mut Vec<Diagnostic>,
) -> bool {
    let first = *taken.entry(compared(path)).or_insert(file);
    if first != file {
        let (path, first_path) = (&snapshot.file(file).path, &snapshot.file(first).path);
        diags.push(codes::docs::path_collision(Span::of_file(file), path, first_path, Span::of_file(first)));
    }
    first == file
}

/// Returns a path as the pickiest host compares it.
fn compared(path: &str) -> String {
    match path.is_ascii() {
        true => path.to_ascii_lowercase(),
        false => path.nfc().flat_map(char::to_lowercase).collect(),
    }
}

/// Returns the folder of a page's URL: `guides/setup.md` has
/// `guides/setup`, an index or a README its own folder.
pub fn page_folder(source: &str) -> String {
    let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
    let stem = stem(name);
    match stem == "index" || stem.eq_ignore_ascii_case("readme") {
        true => safe(folder, true).into_owned(),
        false if folder.is_empty() => safe(stem, true).into_owned(),
        false => safe(&format!("{folder}/{stem}"), true).into_owned(),
    }
}

/// Returns a file name without its extension.
pub fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// Returns a name without the number that orders it: `01-intro` is
/// `intro`, as Docusaurus has it; `2024-05-06` is no number.
pub fn without_number(name: &str) -> &str {
    let after = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = after.trim_start_matches([' ', '-', '_', '.']);
    let is_numbered = after.len() < name.len() && rest.len() < after.len() && !rest.is_empty();
    if is_numbered && !rest.starts_with(|c: char| c.is_ascii_digit()) { rest } else { name }
}

fn is_readme(source: &str) -> bool {
    stem(source.rsplit('/').next().unwrap_or(source)).eq_ignore_ascii_case("readme")
}

/// Returns a path whose every part can be written on every system and is
/// none of ours, by the rule of `slug` where it has to change.
fn safe(path: &str, is_below_base: bool) -> Cow<'_, str> {
    let is_own = |idx: usize, part: &str| is_below_base && idx == 0 && OWN_PARTS.contains(&part);
    let is_safe = path.split('/').enumerate().all(|(idx, part)| !is_own(idx, part) && is_safe_part(part));
    if is_safe || path.is_empty() {
        return Cow::Borrowed(path);
    }
    let parts: Vec<Cow<str>> = path
        .split('/')
        .enumerate()
        .map(|(idx, part)| match part {
            part if is_own(idx, part) => Cow::Owned(format!("{part}-docs")),
            part if is_safe_part(part) => Cow::Borrowed(part),
            part => Cow::Owned(safe_part(part)),
        })
        .collect();
    Cow::Owned(parts.join("/"))
}

fn is_safe_part(part: &str) -> bool {
    let odd = |c: char| c.is_control() || matches!(c, ':' | '\\' | '*' | '?' | '"' | '<' | '>' | '|');
    !part.is_empty()
        && part.len() <= 200
        && !part.contains(odd)
        && !part.ends_with(['.', ' '])
        && !is_device(part)
}

/// Tells whether Windows takes a name for a device.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part);
    let is_numbered = || {
        let start = stem.get(..3).unwrap_or("");
        stem.len() == 4
            && (start.eq_ignore_ascii_case("com") || start.eq_ignore_ascii_case("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit())
    };
    ["con", "prn", "aux", "nul"].iter().any(|device| stem.eq_ignore_ascii_case(device)) || is_numbered()
}

/// Changes a part with the rule of `slug`, which keeps names apart; the
/// extension stays what it is.
fn safe_part(part: &str) -> String {
    match part.rsplit_once('.') {
        Some((_, extension)) if has_asset_extension(part) => {
            format!("{}.{}", slug(part).replace('.', "-"), extension.to_ascii_lowercase())
        }
        _ => slug(part),
    }
}

#[cfg(test)]
mod tests;
