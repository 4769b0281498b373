//! Locations: their targets must exist. Entities are found by their
//! content, so a Location adds none, and cycles can do no harm.

use globset::GlobBuilder;

use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::entity::Entity;
use crate::model::file::{FileId, RepoId, Snapshot, folder_of, join};
use crate::model::yaml::Node;

use super::checkouts::{self, Checkouts};

/// The targets of one Location that are looked at.
const N_TARGETS: usize = 5_000;
/// The patterns of one repository that are looked at, each of which may
/// cost a look at every file.
pub const N_PATTERNS: usize = 500;

/// Reports the targets of a Location that do not exist.
pub fn report_targets(
    snapshot: &Snapshot,
    checkouts: &Checkouts,
    location: &Entity,
    n_patterns_left: &mut usize,
    diags: &mut Vec<Diagnostic>,
) {
    if location.spec_text("presence") == Some("optional") {
        return;
    }
    let is_read =
        matches!(location.spec_text("type"), None | Some("url" | "file" | "github" | "gitlab" | "bitbucket"));
    if !is_read {
        return;
    }
    let listed = location.spec.get("targets").and_then(Node::sequence).unwrap_or_default();
    for node in location.spec.get("target").into_iter().chain(listed).take(N_TARGETS) {
        let Some(target) = node.string().filter(|target| !target.contains("{{")) else { continue };
        if let Err(why) = check(snapshot, checkouts, location.file, target, n_patterns_left) {
            diags.push(codes::catalog::location_target(node.span, target, &why));
        }
    }
}

fn check(
    snapshot: &Snapshot,
    checkouts: &Checkouts,
    file: FileId,
    target: &str,
    n_patterns_left: &mut usize,
) -> Result<(), String> {
    let here = snapshot.file(file);
    if target.contains("://") || target.starts_with("javascript:") {
        return check_address(snapshot, checkouts, target, n_patterns_left);
    }
    if target.ends_with('/') {
        return Err("ends with `/`, expected a file".to_string());
    }
    let Some(path) = join(folder_of(&here.path), target) else {
        return Err("leads out of the repository".to_string());
    };
    check_path(snapshot, here.repo, &path, n_patterns_left)
}

/// Looks at the addresses that are in the portal; others are nobody's to
/// check without a network.
fn check_address(
    snapshot: &Snapshot,
    checkouts: &Checkouts,
    target: &str,
    n_patterns_left: &mut usize,
) -> Result<(), String> {
    if crate::base::url::safe_url(target).is_none() {
        return Err("is not an address that may be read".to_string());
    }
    let places = checkouts::places(checkouts, target);
    if places.is_empty() {
        return Ok(());
    }
    let mut why = Ok(());
    for place in places.into_iter().rev() {
        why = check_path(snapshot, place.repo, &place.path, n_patterns_left);
        if why.is_ok() {
            break;
        }
    }
    why
}

fn check_path(
    snapshot: &Snapshot,
    repo: RepoId,
    path: &str,
    n_patterns_left: &mut usize,
) -> Result<(), String> {
    if snapshot.find(repo, path).is_some() {
        return Ok(());
    }
    if !path.contains(['*', '?', '[', '{']) {
        return Err(match checkouts::has_folder(snapshot, repo, path) {
            true => "is a folder, expected a file".to_string(),
            false => "does not exist".to_string(),
        });
    }
    if *n_patterns_left == 0 {
        return Ok(());
    }
    *n_patterns_left -= 1;
    let Ok(glob) = GlobBuilder::new(path).literal_separator(true).build() else {
        return Err("is not a valid pattern".to_string());
    };
    let matcher = glob.compile_matcher();
    match snapshot.files_of(repo).any(|file| matcher.is_match(&*snapshot.file(file).path)) {
        true => Ok(()),
        false => Err("matches no file".to_string()),
    }
}
