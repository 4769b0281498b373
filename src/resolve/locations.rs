//! Locations: what their targets are, whether they exist, and which
//! files they lead to from the roots of the repositories.
//!
//! By default entities are found by their content, so that a Location
//! adds none and only its targets are checked. With `discovery =
//! "locations"` nothing else is in the catalog than what Backstage would
//! find.

use std::collections::{BTreeMap, VecDeque};

use globset::GlobBuilder;

use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::file::{self, FileId, RepoId, Snapshot, folder_of};
use crate::model::yaml::{Document, Node};

use super::checkouts::{self, Checkouts};

/// The targets of one Location that are looked at.
const N_TARGETS: usize = 5_000;
/// The patterns of one repository that are looked at, each of which may
/// cost a look at every file.
const N_PATTERNS: usize = 500;
/// The files that one pattern may match.
const N_MATCHES: usize = 10_000;
/// What makes a path a pattern.
const SIGNS: [char; 4] = ['*', '?', '[', '{'];
/// Where a repository's own entities are registered, unless its source
/// names other files.
const ROOTS: [&str; 2] = ["catalog-info.yaml", "catalog-info.yml"];

/// A Location and what its targets are.
pub struct Located {
    pub file: FileId,
    is_optional: bool,
    targets: Vec<Target>,
}

struct Target {
    written: Box<str>,
    span: Span,
    is_pattern: bool,
    /// The files, or why there are none; none at all where nobody can
    /// know without a network.
    found: Result<Vec<FileId>, String>,
}

/// Finds the targets of all Locations among the documents.
pub fn located(snapshot: &Snapshot, checkouts: &Checkouts, documents: &[Document]) -> Vec<Located> {
    let mut patterns = Patterns { snapshot, n_left: vec![N_PATTERNS; snapshot.repos.len()] };
    let is_location = |root: &Node| root.get("kind").and_then(Node::text) == Some("Location");
    documents
        .iter()
        .filter(|document| is_location(&document.root))
        .filter(|document| !snapshot.repo_of(document.span.file).rules.is_dump)
        .filter_map(|document| of_document(checkouts, document, &mut patterns))
        .collect()
}

/// Reports targets that do not exist, and Locations that lead back to
/// themselves. No Location has more than `most` reports.
pub fn report(located: &[Located], most: usize, diags: &mut Vec<Diagnostic>) {
    for location in located.iter().filter(|location| !location.is_optional) {
        let wrong = location.targets.iter().filter_map(|target| Some((target, target.found.as_ref().err()?)));
        let reports =
            wrong.map(|(target, why)| codes::catalog::location_target(target.span, &target.written, why));
        diags.extend(reports.take(most));
    }
    report_cycles(located, diags);
}

/// Returns the files that the roots of the repositories lead to, each
/// with the root that did so first.
pub fn reached(snapshot: &Snapshot, located: &[Located]) -> BTreeMap<FileId, FileId> {
    let by_file = by_file(located);
    let mut origins: BTreeMap<FileId, FileId> = BTreeMap::new();
    let mut patterns = Patterns { snapshot, n_left: vec![N_PATTERNS; snapshot.repos.len()] };
    for repo in snapshot.sources() {
        let rules = &snapshot.repo(repo).rules;
        let roots: Vec<FileId> = match (rules.is_dump, rules.roots.is_empty()) {
            (true, _) => snapshot.files_of(repo).collect(),
            (_, true) => ROOTS.iter().filter_map(|root| snapshot.find(repo, root)).collect(),
            (_, false) => rules
                .roots
                .iter()
                .filter_map(|root| patterns.files(repo, root.trim_start_matches('/')).ok())
                .flatten()
                .collect(),
        };
        for root in roots {
            let mut queue = VecDeque::from([root]);
            while let Some(file) = queue.pop_front() {
                if origins.contains_key(&file) {
                    continue;
                }
                origins.insert(file, root);
                for location in by_file.get(&file).into_iter().flatten() {
                    let found = location.targets.iter().filter_map(|target| target.found.as_ref().ok());
                    queue.extend(found.flatten().copied());
                }
            }
        }
    }
    origins
}

fn by_file(located: &[Located]) -> BTreeMap<FileId, Vec<&Located>> {
    let mut by_file: BTreeMap<FileId, Vec<&Located>> = BTreeMap::new();
    for location in located {
        by_file.entry(location.file).or_default().push(location);
    }
    by_file
}

/// Walks depth first over the files that hold Locations, without
/// recursion. A pattern that happens to match its own file is no mistake.
fn report_cycles(located: &[Located], diags: &mut Vec<Diagnostic>) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Open,
        Done,
    }
    let by_file = by_file(located);
    let edges = |file: FileId| -> Vec<(FileId, &Target)> {
        let targets = by_file.get(&file).into_iter().flatten().flat_map(|location| &location.targets);
        targets
            .filter(|target| !target.is_pattern)
            .flat_map(|target| target.found.iter().flatten().map(move |to| (*to, target)))
            .filter(|(to, _)| by_file.contains_key(to))
            .collect()
    };
    let mut states: BTreeMap<FileId, State> = BTreeMap::new();
    for start in by_file.keys() {
        if states.contains_key(start) {
            continue;
        }
        states.insert(*start, State::Open);
        let mut stack = vec![(*start, edges(*start))];
        while let Some((file, left)) = stack.last_mut() {
            match left.pop() {
                None => {
                    states.insert(*file, State::Done);
                    stack.pop();
                }
                Some((to, target)) => match states.get(&to) {
                    Some(State::Done) => {}
                    Some(State::Open) => {
                        diags.push(codes::catalog::location_cycle(target.span, &target.written));
                    }
                    None => {
                        states.insert(to, State::Open);
                        stack.push((to, edges(to)));
                    }
                },
            }
        }
    }
}

fn of_document(checkouts: &Checkouts, document: &Document, patterns: &mut Patterns) -> Option<Located> {
    let spec = document.root.get("spec")?;
    let text = |key: &str| spec.get(key).and_then(Node::text);
    let file = document.span.file;
    let is_read = matches!(text("type"), None | Some("url" | "file" | "github" | "gitlab" | "bitbucket"));
    let listed = spec.get("targets").and_then(Node::sequence).unwrap_or_default();
    let mut targets = Vec::new();
    for node in spec.get("target").into_iter().chain(listed).take(N_TARGETS).filter(|_| is_read) {
        let Some(written) = node.string().filter(|target| !target.contains("{{")) else { continue };
        targets.push(Target {
            written: written.into(),
            span: node.span,
            is_pattern: is_pattern(written),
            found: files(checkouts, file, written, patterns),
        });
    }
    Some(Located { file, is_optional: text("presence") == Some("optional"), targets })
}

fn is_pattern(path: &str) -> bool {
    path.contains(SIGNS)
}

fn files(
    checkouts: &Checkouts,
    file: FileId,
    target: &str,
    patterns: &mut Patterns,
) -> Result<Vec<FileId>, String> {
    let here = patterns.snapshot.file(file);
    if target.contains("://") || target.starts_with("javascript:") {
        return files_at(checkouts, target, patterns);
    }
    if target.ends_with('/') {
        return Err("ends with `/`, expected a file".to_string());
    }
    let Some(path) = file::target(folder_of(&here.path), target) else {
        return Err("leads out of the repository".to_string());
    };
    patterns.files(here.repo, &path)
}

/// Looks at the addresses that are in the portal; others are nobody's to
/// check without a network.
fn files_at(checkouts: &Checkouts, target: &str, patterns: &mut Patterns) -> Result<Vec<FileId>, String> {
    if crate::base::url::safe_url(target).is_none() {
        return Err("is not an address that may be read".to_string());
    }
    let mut found = Ok(Vec::new());
    for place in checkouts::places(checkouts, target).into_iter().rev() {
        found = patterns.files(place.repo, &place.path);
        if found.is_ok() {
            break;
        }
    }
    found
}

/// Finds the files that a path or a pattern stands for.
struct Patterns<'s> {
    snapshot: &'s Snapshot,
    /// By repository.
    n_left: Vec<usize>,
}

impl Patterns<'_> {
    fn files(&mut self, repo: RepoId, path: &str) -> Result<Vec<FileId>, String> {
        let snapshot = self.snapshot;
        if let Some(file) = snapshot.find(repo, path) {
            return Ok(vec![file]);
        }
        if !is_pattern(path) {
            return Err(match checkouts::has_folder(snapshot, repo, path) {
                true => "is a folder, expected a file".to_string(),
                false => "does not exist".to_string(),
            });
        }
        let n_left = &mut self.n_left[repo.0 as usize];
        if *n_left == 0 {
            return Ok(Vec::new());
        }
        *n_left -= 1;
        let Ok(glob) = GlobBuilder::new(path).literal_separator(true).build() else {
            return Err("is not a valid pattern".to_string());
        };
        let matcher = glob.compile_matcher();
        // What stands before the first sign of a pattern is a folder.
        let fixed = &path[..path.find(SIGNS).unwrap_or(path.len())];
        let found: Vec<FileId> = snapshot
            .files_below(repo, folder_of(fixed))
            .filter(|file| matcher.is_match(&*snapshot.file(*file).path))
            .take(N_MATCHES + 1)
            .collect();
        match found.len() {
            0 => Err("matches no file".to_string()),
            n if n > N_MATCHES => Err(format!("matches more than {N_MATCHES} files")),
            _ => Ok(found),
        }
    }
}
