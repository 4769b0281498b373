//! Which problems are reported: those of some repositories, of some
//! owners, or only those that are new.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;

use crate::base::world::World;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::failure::Failure;
use crate::model::file::FileId;
use crate::model::relation::RelationKind;
use crate::model::site::Site;

use super::repo_and_path;

/// Keeps the problems of the repositories that are named; all if none is.
pub(crate) fn of_repos(site: &Site, names: &[String], diags: &mut Vec<Diagnostic>) -> Result<(), Failure> {
    if names.is_empty() {
        return Ok(());
    }
    let snapshot = &site.snapshot;
    for name in names {
        if !snapshot.sources().any(|repo| *snapshot.repo(repo).name == **name) {
            let all = snapshot.sources().map(|repo| &*snapshot.repo(repo).name);
            let failure = Failure::usage(format!("there is no repository `{name}` in this portal"));
            return Err(match crate::base::text::nearest(name, all) {
                Some(near) => failure.with_help(format!("did you mean `{near}`?")),
                None => failure,
            });
        }
    }
    diags.retain(|diag| {
        diag.span.is_some_and(|span| names.iter().any(|name| **name == *snapshot.repo_of(span.file).name))
    });
    Ok(())
}

/// Keeps the problems of what some owners own, its docs among them; all
/// if none is named.
pub(crate) fn of_owners(site: &Site, owners: &[String], diags: &mut Vec<Diagnostic>) -> Result<(), Failure> {
    if owners.is_empty() {
        return Ok(());
    }
    let mut wanted = Vec::new();
    for owner in owners {
        let parsed = EntityRef::parse(owner, Some("group"), "default");
        wanted.push(parsed.map_err(|_| {
            Failure::usage(format!("`--owner {owner}` is no reference, expected `team-a` or `user:ada`"))
        })?);
    }
    let is_owned = |id: EntityId| {
        let relations = site.catalog.relations_of(id);
        relations.iter().any(|of| of.kind == RelationKind::OwnedBy && wanted.contains(&of.target))
    };
    let mut documents: HashMap<FileId, Vec<(&Entity, bool)>> = HashMap::new();
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        documents.entry(entity.file).or_default().push((entity, is_owned(EntityId(idx as u32))));
    }
    let mut pages: HashMap<FileId, bool> = HashMap::new();
    for docs in &site.docs {
        let owned = docs.plan.entities.iter().any(|id| is_owned(*id));
        for page in &docs.pages {
            *pages.entry(page.doc.file).or_default() |= owned;
        }
    }
    let is_theirs = |span: Span| match documents.get(&span.file) {
        Some(entities) => entities.iter().any(|(entity, owned)| {
            *owned && (entity.document.start..=entity.document.end).contains(&span.start)
        }),
        None => pages.get(&span.file).copied().unwrap_or_default(),
    };
    diags.retain(|diag| diag.span.is_some_and(is_theirs));
    Ok(())
}

/// Removes the problems that a baseline knows, and returns how many that
/// were. A baseline is what `check --format json` printed; lines may have
/// moved since.
pub(crate) fn without_baseline(
    world: &dyn World,
    site: &Site,
    path: &Path,
    shown: &str,
    diags: &mut Vec<Diagnostic>,
) -> Result<usize, Failure> {
    let bytes = world.read(path).map_err(|error| {
        Failure::usage(format!("the baseline `{shown}` cannot be read: {error}"))
            .with_help(format!("make one: `callboard check --format json > {shown}`"))
    })?;
    let mut known: HashMap<Problem, usize> = HashMap::new();
    for (idx, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(line).map_err(|_| {
            Failure::usage(format!("{shown}:{}: the baseline has a line that is not JSON", idx + 1))
                .with_help(format!("make it anew: `callboard check --format json > {shown}`"))
        })?;
        let text = |key: &str| value[key].as_str().unwrap_or("").to_string();
        *known.entry((text("code"), text("repo"), text("file"), text("message"))).or_default() += 1;
    }
    let n_before = diags.len();
    diags.retain(|diag| {
        let (repo, file) = repo_and_path(&site.snapshot, diag);
        let problem = (diag.code.id.to_string(), repo.to_string(), file.to_string(), diag.message.clone());
        match known.get_mut(&problem) {
            Some(n) if *n > 0 => {
                *n -= 1;
                false
            }
            _ => true,
        }
    });
    Ok(n_before - diags.len())
}

/// Code, repository, file and message.
type Problem = (String, String, String, String);
