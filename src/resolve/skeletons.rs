//! Skeletons: the folders from which software templates make new
//! repositories. What lies there is input of a template engine and never
//! a catalog file or a docs site.

use std::collections::BTreeSet;

use crate::model::file::{FileId, RepoId, Snapshot, below, folder_of, join};
use crate::model::yaml::{Document, Node};

use super::checkouts::{self, Checkouts};

/// Returns the folders (and single files) that hold skeletons: those
/// that the steps of a Template fetch, those with a placeholder in their
/// name, and those that are called so beside a Template. Sorted, none
/// inside of another.
pub fn skeletons(
    snapshot: &Snapshot,
    checkouts: &Checkouts,
    documents: &[Document],
) -> Vec<(RepoId, Box<str>)> {
    let mut found = Skeletons::new();
    for file in &snapshot.files {
        if file.path.contains("{{") || file.path.contains("{%") {
            let placeholder = ancestors(&file.path).find(|folder| has_placeholder(name_of(folder)));
            found.extend(placeholder.map(|folder| (file.repo, folder.into())));
        }
    }
    let mut templates: Vec<&Document> =
        documents.iter().filter(|document| is_template(&document.root)).collect();
    // A skeleton may be a Template itself, so the outer ones come first.
    templates.sort_by_key(|document| {
        let file = snapshot.file(document.span.file);
        (file.path.matches('/').count(), document.span)
    });
    let mut real: BTreeSet<FileId> = BTreeSet::new();
    for template in templates {
        let file = template.span.file;
        let (repo, path) = (snapshot.file(file).repo, &snapshot.file(file).path);
        if holds(&found, repo, path) {
            continue;
        }
        real.insert(file);
        for (repo, folder) in fetched(snapshot, checkouts, template) {
            let holds_itself = repo == snapshot.file(file).repo && is_within(path, &folder);
            if !holds_itself {
                found.insert((repo, folder.into()));
            }
        }
    }
    add_by_name(snapshot, &real, &mut found);
    outermost(found)
}

type Skeletons = BTreeSet<(RepoId, Box<str>)>;

/// Tells whether a file or folder is, or lies in, one of the skeletons.
fn holds(skeletons: &Skeletons, repo: RepoId, path: &str) -> bool {
    ancestors(path).any(|folder| skeletons.contains(&(repo, folder.into())))
}

fn is_within(path: &str, folder: &str) -> bool {
    path == folder || below(path, folder).is_some()
}

/// Returns a path and all folders above it but the root, outermost
/// first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at]).chain(std::iter::once(path))
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn has_placeholder(name: &str) -> bool {
    name.contains("{{") || name.contains("{%")
}

fn is_template(root: &Node) -> bool {
    root.get("kind").and_then(Node::text) == Some("Template")
}

/// Returns what the steps of a Template fetch from a source.
fn fetched(snapshot: &Snapshot, checkouts: &Checkouts, template: &Document) -> Vec<(RepoId, String)> {
    let Some(spec) = template.root.get("spec") else { return Vec::new() };
    let steps = spec.get("steps").and_then(Node::sequence).unwrap_or_default();
    let urls = steps.iter().filter_map(|step| {
        let is_fetch = step.get("action")?.text()?.starts_with("fetch:");
        if is_fetch { step.get("input")?.get("url")?.text() } else { None }
    });
    // Before steps there was a path.
    let legacy = spec.get("path").and_then(Node::text);
    let file = snapshot.file(template.span.file);
    urls.chain(legacy)
        .filter_map(|url| {
            if url.contains("://") {
                let places = checkouts::places(checkouts, url);
                let is_there =
                    |place: &&checkouts::Place| checkouts::has_folder(snapshot, place.repo, &place.path);
                let place = places.iter().find(is_there)?;
                return Some((place.repo, place.path.clone()));
            }
            // `./skeletons/${{ parameters.language }}` fetches one of
            // several.
            let fixed = match url.find("${{").or_else(|| url.find("{{")) {
                Some(at) => &url[..url[..at].rfind('/')?],
                None => url,
            };
            Some((file.repo, join(folder_of(&file.path), fixed)?))
        })
        .filter(|(_, folder)| !folder.is_empty())
        .collect()
}

/// Adds folders that are called as skeletons are: `skeleton` wherever a
/// Template lies outside of it, `content` and `template` below a folder
/// that holds one.
fn add_by_name(snapshot: &Snapshot, templates: &BTreeSet<FileId>, found: &mut Skeletons) {
    let folders: BTreeSet<(RepoId, &str)> = templates
        .iter()
        .map(|file| (snapshot.file(*file).repo, folder_of(&snapshot.file(*file).path)))
        .collect();
    for repo in snapshot.sources() {
        let own: Vec<&str> =
            folders.range((repo, "")..).take_while(|(of, _)| *of == repo).map(|(_, path)| *path).collect();
        if own.is_empty() {
            continue;
        }
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for file in snapshot.files_of(repo) {
            for folder in ancestors(folder_of(&snapshot.file(file).path)) {
                if !seen.insert(folder) {
                    continue;
                }
                let is_named = match name_of(folder) {
                    "skeleton" | "skeletons" => own.iter().any(|template| !is_within(template, folder)),
                    "content" | "template" => {
                        own.iter().any(|template| !template.is_empty() && below(folder, template).is_some())
                            && !own.iter().any(|template| is_within(template, folder))
                    }
                    _ => false,
                };
                if is_named {
                    found.insert((repo, folder.into()));
                }
            }
        }
    }
}

fn outermost(found: Skeletons) -> Vec<(RepoId, Box<str>)> {
    let is_inner = |(repo, path): &(RepoId, Box<str>)| {
        ancestors(path).any(|folder| folder.len() < path.len() && found.contains(&(*repo, folder.into())))
    };
    found.iter().filter(|entry| !is_inner(entry)).cloned().collect()
}
