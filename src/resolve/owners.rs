//! Owners from `CODEOWNERS`, for what names none itself: entities, and
//! folders of docs without any. A guess, and marked as one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use globset::{GlobBuilder, GlobMatcher};

use crate::base::text::Lines;
use crate::model::diagnostic::Span;
use crate::model::entity::{Catalog, Entity, InferredOwner, Reference};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{FileId, RepoId, Snapshot, folder_of, join};
use crate::model::relation::RelationKind;

use super::catalog::Files;
use super::kinds;

/// Where the hosts look for it, in their order.
const PLACES: [&str; 5] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS", ".bitbucket/CODEOWNERS"];
/// What stands for the docs of a folder.
const DOCS: [&str; 3] = ["docs/index.md", "README.md", "mkdocs.yml"];
/// As on GitHub.
const FILE_BYTES: u64 = 3 << 20;
/// The rules of one file that count.
const N_RULES: usize = 2_000;

/// One line of the file.
struct Rule<'t> {
    matcher: GlobMatcher,
    owners: Vec<&'t str>,
    span: Span,
}

/// What of a repository wants an owner.
#[derive(Default)]
struct Wanting<'s> {
    entities: Vec<usize>,
    /// Folders of docs.
    folders: BTreeSet<&'s str>,
}

/// Gives an owner to every entity that could have one and names none,
/// and to folders of docs that no entity lies beside.
pub fn infer(snapshot: &Snapshot, files: &Files, catalog: &mut Catalog) {
    let mut known = None;
    for (repo, wanting) in wanting(snapshot, catalog) {
        let Some(file) = PLACES.iter().find_map(|place| snapshot.find(repo, place)) else { continue };
        if snapshot.file(file).size_bytes > FILE_BYTES {
            continue;
        }
        let Ok(text) = (files.text)(file) else { continue };
        let rules = rules(file, &text);
        let known = known.get_or_insert_with(|| Known::of(&catalog.entities));
        for folder in wanting.folders {
            let paths = DOCS.iter().filter_map(|path| join(folder, path));
            let owner = paths.into_iter().find_map(|path| owner(&rules, &path, known));
            let inferred =
                owner.map(|(owner, span)| InferredOwner { repo, folder: folder.into(), owner, span });
            catalog.inferred_owners.extend(inferred);
        }
        for idx in wanting.entities {
            let entity = &mut catalog.entities[idx];
            let Some((target, span)) = owner(&rules, &snapshot.file(entity.file).path, known) else {
                continue;
            };
            entity.inferred_owner = Some(span);
            entity.references.push(Reference {
                field: "owner",
                relation: RelationKind::OwnedBy,
                target,
                span,
            });
        }
    }
}

fn wanting<'s>(snapshot: &'s Snapshot, catalog: &Catalog) -> BTreeMap<RepoId, Wanting<'s>> {
    let mut wanting: BTreeMap<RepoId, Wanting<'s>> = BTreeMap::new();
    let mut described: HashSet<(RepoId, &str)> = HashSet::new();
    let mut n_entities = vec![0; snapshot.repos.len()];
    for (idx, entity) in catalog.entities.iter().enumerate() {
        let file = snapshot.file(entity.file);
        n_entities[file.repo.0 as usize] += 1;
        described.insert((file.repo, folder_of(&file.path)));
        if has_no_owner(entity) {
            wanting.entry(file.repo).or_default().entities.push(idx);
        }
    }
    for file in snapshot.files.iter().filter(|file| is_docs_config(&file.path)) {
        let folder = folder_of(&file.path);
        if !described.contains(&(file.repo, folder)) {
            wanting.entry(file.repo).or_default().folders.insert(folder);
        }
    }
    for repo in snapshot.sources().filter(|repo| n_entities[repo.0 as usize] == 0) {
        wanting.entry(repo).or_default().folders.insert("");
    }
    wanting
}

fn is_docs_config(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "mkdocs.yml" | "mkdocs.yaml" | "book.toml")
}

fn has_no_owner(entity: &Entity) -> bool {
    let could = || kinds::referring(&entity.root).iter().any(|field| field.name == "owner");
    entity.spec("owner").is_none_or(crate::model::yaml::Node::is_null) && could()
}

/// Returns the owner of a path: the last rule that matches decides, and
/// of its owners the first one that the catalog has, else the first.
fn owner(rules: &[Rule], path: &str, known: &Known) -> Option<(EntityRef, Span)> {
    let rule = rules.iter().rev().find(|rule| rule.matcher.is_match(path))?;
    let in_catalog = rule.owners.iter().find_map(|owner| known.entity(owner));
    Some((in_catalog.or_else(|| rule.owners.iter().find_map(|owner| entity_ref(owner)))?, rule.span))
}

/// Reads `@org/team` as a group and `@user` as a user.
fn entity_ref(owner: &str) -> Option<EntityRef> {
    let name = owner.strip_prefix('@').filter(|name| !name.starts_with('@'))?;
    let (kind, name) = match name.rsplit_once('/') {
        Some((_, team)) => ("group", team),
        None => ("user", name),
    };
    let is_name_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!name.is_empty() && name.len() <= 63 && name.bytes().all(is_name_byte))
        .then(|| EntityRef::new(kind, "default", name))
}

/// The groups and users of the catalog by what a code host calls them.
struct Known {
    by_handle: HashMap<String, EntityRef>,
}

impl Known {
    fn of(entities: &[Entity]) -> Self {
        let mut by_handle = HashMap::new();
        for entity in entities {
            let handle = match &*entity.entity_ref.kind {
                "group" => entity.annotation("github.com/team-slug"),
                "user" => entity.annotation("github.com/user-login"),
                _ => continue,
            };
            let handle = handle.map(|handle| format!("@{}", handle.value.trim_start_matches('@')));
            let email = entity.spec("profile").and_then(|profile| profile.get("email")?.text());
            let plain = match &*entity.entity_ref.kind {
                "group" => format!("@*/{}", entity.entity_ref.name),
                _ => format!("@{}", entity.entity_ref.name),
            };
            for handle in handle.into_iter().chain(email.map(str::to_string)).chain([plain]) {
                by_handle.entry(handle.to_lowercase()).or_insert_with(|| entity.entity_ref.clone());
            }
        }
        Known { by_handle }
    }

    fn entity(&self, owner: &str) -> Option<EntityRef> {
        let owner = owner.to_lowercase();
        let of_team = || self.by_handle.get(&format!("@*/{}", owner.rsplit_once('/')?.1));
        self.by_handle.get(&owner).or_else(of_team).cloned()
    }
}

fn rules(file: FileId, text: &str) -> Vec<Rule<'_>> {
    let lines = Lines::new(text);
    let mut rules = Vec::new();
    let mut defaults: Vec<&str> = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        let line_number = idx as u32 + 1;
        if let Some(section) = line.trim_start().strip_prefix(['[', '^']) {
            // A section of GitLab's, with the owners of its rules.
            defaults = section.rsplit_once(']').map_or("", |(_, owners)| owners).split_whitespace().collect();
            continue;
        }
        let mut words = words(line);
        let Some(pattern) = words.next() else { continue };
        let mut owners: Vec<&str> = words.take_while(|word| !word.starts_with('#')).collect();
        if owners.is_empty() {
            owners.clone_from(&defaults);
        }
        let Some(matcher) = matcher(pattern) else { continue };
        let start = lines.offset(line_number) as u32;
        let end = start + line.len() as u32;
        rules.push(Rule { matcher, owners, span: Span { file, start, end, line: line_number, column: 1 } });
        if rules.len() == N_RULES {
            break;
        }
    }
    rules
}

/// Splits at white space that no backslash stands before.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = if line.trim_start().starts_with('#') { "" } else { line.trim_start() };
    std::iter::from_fn(move || {
        let mut is_escaped = false;
        let end = rest.find(|c: char| {
            let ends = c.is_whitespace() && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after.trim_start();
        (!word.is_empty()).then_some(word)
    })
}

/// Reads a pattern as GitHub does: like one of an ignore file, except
/// that `docs/*` goes no further down.
fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let escaped: String = pattern
        .chars()
        .flat_map(|c| match c {
            '[' | ']' | '{' | '}' | '!' => vec!['\\', c],
            c => vec![c],
        })
        .collect();
    let (body, is_folder) = match escaped.strip_suffix('/') {
        Some(body) => (body, true),
        None => (&*escaped, false),
    };
    let anchored = body.trim_start_matches('/');
    let anchored = match body.contains('/') {
        true => anchored.to_string(),
        false => format!("**/{anchored}"),
    };
    let glob = match (is_folder, body) {
        (_, "") => "**".to_string(),
        (true, _) => format!("{anchored}/**"),
        (false, body) if body.ends_with("/*") => anchored,
        (false, _) => format!("{{{anchored},{anchored}/**}}"),
    };
    let glob = GlobBuilder::new(&glob).literal_separator(true).backslash_escape(true).build().ok()?;
    Some(glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, path: &str, expected: &str) {
        let rules = rules(FileId(0), text);
        let known = Known { by_handle: HashMap::new() };
        let found = owner(&rules, path, &known);
        let found = found.map(|(owner, span)| format!("{owner} {}", span.line)).unwrap_or_default();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn the_last_rule_that_matches_decides() {
        let text = "# all\n* @acme/all\n/docs/ @ann # and a comment\nsrc/*.rs @acme/rust @ben\n*.md\n";
        check(text, "catalog-info.yaml", "group:default/all 2");
        check(text, "docs/a/b.yaml", "user:default/ann 3");
        check(text, "src/main.rs", "group:default/rust 4");
        check(text, "src/a/main.rs", "group:default/all 2");
        check(text, "docs/index.md", "");
    }

    #[test]
    fn patterns_are_those_of_ignore_files() {
        check("apps/ @a", "x/apps/y", "user:default/a 1");
        check("/apps @a", "x/apps/y", "");
        check("docs/* @a", "docs/x", "user:default/a 1");
        check("docs/* @a", "docs/x/y", "");
        check("a\\ b @a", "a b/c", "user:default/a 1");
        check("{x} @a", "{x}", "user:default/a 1");
        check("**/logs @a", "build/logs/x", "user:default/a 1");
        check("[Team][2] @acme/x\n* \nb @@maintainer mail@acme.example\n", "a", "group:default/x 2");
        check("b @@maintainer mail@acme.example\n", "b", "");
    }
}
