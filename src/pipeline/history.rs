//! The history of pages: one pass over the log of each repository, kept
//! by commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::Inputs;
use super::past::Last;
use crate::base::git::HistoryOf;
use crate::base::hash;
use crate::base::par::par_map;
use crate::base::world::World;
use crate::discover;
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::{DocPage, DocsSite};
use crate::model::file::{FileId, RepoId};
use crate::model::git_words::DocsHistory;
use crate::model::history::PageHistory;

/// How many authors of a page are named.
const MAX_AUTHORS: usize = 8;
/// How many authors of docs as a whole are named.
const MAX_DOCS_AUTHORS: usize = 50;
/// So many are counted.
const MAX_COUNTED: usize = 200;
/// A longer name is none.
const MAX_NAME_BYTES: usize = 100;
/// Commits before 1990 and after 2100 have a broken clock.
const TIMES: std::ops::Range<i64> = 631_152_000..4_102_444_800;

/// Returns the histories of all pages, by docs site and page. A shallow
/// clone, which knows only its last commits, gives none; `without` gets
/// the repositories of which there is something to be said.
pub(super) fn histories(
    inputs: &Inputs<'_>,
    docs: &[&Arc<DocsSite>],
    without: &mut BTreeSet<RepoId>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<Vec<Option<PageHistory>>> {
    let snapshot = inputs.snapshot;
    let last = inputs.known.map(|known| sites_by_repo(known.last)).unwrap_or_default();
    let mut by_repo: BTreeMap<RepoId, Vec<FileId>> = BTreeMap::new();
    for page in docs.iter().flat_map(|site| &site.plan.pages) {
        by_repo.entry(snapshot.file(page.file).repo).or_default().push(page.file);
    }
    by_repo.retain(|repo, _| snapshot.repo(*repo).head.is_some());
    let repos: Vec<(RepoId, Vec<FileId>)> = by_repo.into_iter().collect();
    let found = par_map(&repos, |(repo, files)| {
        let mut diags = Vec::new();
        (histories_of(inputs, *repo, files, &last, &mut diags), diags)
    });
    let mut histories: HashMap<FileId, PageHistory> = HashMap::new();
    for ((repo, _), (of_repo, mut said)) in repos.iter().zip(found) {
        if !said.is_empty() {
            without.insert(*repo);
        }
        histories.extend(of_repo);
        diags.append(&mut said);
    }
    let of_site = |site: &&Arc<DocsSite>| {
        site.plan.pages.iter().map(|page| histories.get(&page.file).cloned()).collect()
    };
    docs.iter().map(of_site).collect()
}

fn histories_of(
    inputs: &Inputs<'_>,
    repo_id: RepoId,
    files: &[FileId],
    last: &BTreeMap<RepoId, Vec<usize>>,
    diags: &mut Vec<Diagnostic>,
) -> Vec<(FileId, PageHistory)> {
    let Inputs { world, memo, snapshot, .. } = *inputs;
    let repo = snapshot.repo(repo_id);
    let tree = discover::git::work_trees(world, &[&repo.root]).pop().flatten();
    let (Some(head), Some(tree)) = (&repo.head, tree) else {
        return Vec::new();
    };
    let git_dir = discover::git::common_dir(world, &tree);
    if world.is_file(&git_dir.join("shallow")) {
        diags.push(codes::docs::shallow_history(&repo.name));
        return Vec::new();
    }
    let mut sorted: Vec<FileId> = files.to_vec();
    sorted.sort();
    sorted.dedup();
    let names: Vec<&str> = sorted.iter().map(|file| &*snapshot.file(*file).path).collect();
    let key = hash::key(&[b"history", head.as_bytes(), repo.prefix.as_bytes(), names.join("\0").as_bytes()]);
    let recalled: Option<Vec<Option<PageHistory>>> =
        memo.get(key).filter(|known: &Vec<Option<PageHistory>>| known.len() == names.len());
    let histories = recalled.or_else(|| of_last(inputs, repo_id, &sorted, last)).or_else(|| {
        let of = HistoryOf { objects: &git_dir.join("objects"), head, folder: &repo.prefix };
        let histories = read(world, of, &repo.prefix, &names);
        if histories.is_none() {
            diags.push(codes::docs::no_history(&repo.name));
        }
        memo.put(key, histories.as_ref()?);
        histories
    });
    let histories = histories.unwrap_or_default();
    sorted.into_iter().zip(histories).filter_map(|(file, history)| Some((file, history?))).collect()
}

/// Returns what git knows of all pages of a docs site together.
pub(super) fn of_docs(pages: &[DocPage]) -> DocsHistory {
    let histories = || pages.iter().filter_map(|page| page.history.as_ref());
    let mut n_pages: BTreeMap<&str, usize> = BTreeMap::new();
    for author in histories().flat_map(|history| &history.authors) {
        *n_pages.entry(author).or_default() += 1;
    }
    let mut authors: Vec<(&str, usize)> = n_pages.into_iter().collect();
    authors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    DocsHistory {
        updated: histories().map(|history| history.updated).max(),
        authors: authors.into_iter().take(MAX_DOCS_AUTHORS).map(|(author, _)| author.into()).collect(),
    }
}

/// Returns the docs sites of each repository.
fn sites_by_repo(last: &Last) -> BTreeMap<RepoId, Vec<usize>> {
    let mut by_repo: BTreeMap<RepoId, Vec<usize>> = BTreeMap::new();
    for (site_idx, site) in last.linked.iter().enumerate() {
        by_repo.entry(site.plan.repo).or_default().push(site_idx);
    }
    by_repo
}

/// Returns the histories that the last site of this process had, if the
/// repository has the same commit and no page that is new.
fn of_last(
    inputs: &Inputs<'_>,
    repo_id: RepoId,
    files: &[FileId],
    sites: &BTreeMap<RepoId, Vec<usize>>,
) -> Option<Vec<Option<PageHistory>>> {
    let last = inputs.known?.last;
    let (old, repo) = (&last.walked.snapshot, inputs.snapshot.repo(repo_id));
    // It seldom has another number.
    let is_same = |old_id: &RepoId| old.repos.get(old_id.0 as usize) == Some(repo);
    let ids = || (0..old.repos.len() as u32).map(RepoId);
    let old_id = Some(repo_id).filter(is_same).or_else(|| ids().find(is_same))?;
    let mut known: HashMap<&str, &Option<PageHistory>> = HashMap::new();
    for site_idx in sites.get(&old_id)? {
        let (site, details) = (&last.linked[*site_idx], &last.details[*site_idx]);
        let pages = site.plan.pages.iter().map(|page| &*old.file(page.file).path);
        known.extend(pages.zip(&details.histories));
    }
    // One that could not be read is asked for again.
    if known.values().all(|history| history.is_none()) {
        return None;
    }
    let history = |file: &FileId| known.get(&*inputs.snapshot.file(*file).path).copied().cloned();
    files.iter().map(history).collect()
}

/// What is known of a page while the log is read, the newest first.
#[derive(Default)]
struct Known {
    created: i64,
    updated: Option<i64>,
    authors: Vec<(usize, u32)>,
}

/// Reads the log of a repository; `None` when git could not be asked.
fn read(world: &dyn World, of: HistoryOf, prefix: &str, names: &[&str]) -> Option<Vec<Option<PageHistory>>> {
    let by_name: HashMap<&[u8], usize> =
        names.iter().enumerate().map(|(idx, name)| (name.as_bytes(), idx)).collect();
    let mut known: Vec<Known> = names.iter().map(|_| Known::default()).collect();
    let mut people: Vec<Box<str>> = Vec::new();
    let mut by_person: HashMap<Box<str>, usize> = HashMap::new();
    let mut commit: Option<(i64, Option<usize>)> = None;
    let on_part = &mut |part: &[u8]| {
        if let Some(header) = part.strip_prefix(b"\x01") {
            let header = String::from_utf8_lossy(header);
            let (seconds, name) = header.split_once('\x02').unwrap_or((&header, ""));
            let name = name.trim();
            let is_name =
                !name.is_empty() && name.len() <= MAX_NAME_BYTES && !name.contains(char::is_control);
            let person = is_name.then(|| match by_person.get(name) {
                Some(person) => *person,
                None => {
                    people.push(name.into());
                    by_person.insert(name.into(), people.len() - 1);
                    people.len() - 1
                }
            });
            let seconds = seconds.parse().ok().filter(|seconds| TIMES.contains(seconds));
            commit = seconds.map(|seconds| (seconds, person));
            return;
        }
        let below = match prefix {
            "" => Some(part),
            prefix => part.strip_prefix(prefix.as_bytes()).and_then(|rest| rest.strip_prefix(b"/")),
        };
        let (Some((seconds, person)), Some(idx)) = (commit, below.and_then(|below| by_name.get(below)))
        else {
            return;
        };
        let page = &mut known[*idx];
        page.created = seconds;
        page.updated.get_or_insert(seconds);
        if let Some(person) = person {
            match page.authors.iter().position(|(known, _)| *known == person) {
                Some(author) => page.authors[author].1 += 1,
                None if page.authors.len() < MAX_COUNTED => page.authors.push((person, 1)),
                None => {}
            }
        }
    };
    world.history(of, on_part).ok()?;
    let history = |mut page: Known| {
        page.authors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| people[a.0].cmp(&people[b.0])));
        let authors = page.authors.iter().take(MAX_AUTHORS).map(|(person, _)| people[*person].clone());
        let updated = page.updated?;
        Some(PageHistory { created: page.created.min(updated), updated, authors: authors.collect() })
    };
    Some(known.into_iter().map(history).collect())
}
