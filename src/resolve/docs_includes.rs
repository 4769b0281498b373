//! Docs of other folders in one navigation, as the monorepo plugin of
//! MkDocs has them: `!include ./a/mkdocs.yml` and
//! `*include ./*/mkdocs.yml`. Their pages appear below the alias of the
//! docs that they come from. They may include others in turn, never
//! themselves, and never out of the repository.

use std::collections::HashMap;

use globset::GlobBuilder;

use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::file::{FileId, RepoId, Snapshot, folder_of, join};
use crate::model::mkdocs::{DocsConfig, NavEntry, NavTarget};

/// How many docs one navigation may include.
const MAX_INCLUDES: usize = 500;
/// How deep docs may include others.
const MAX_DEPTH: usize = 8;

/// Docs that a navigation includes.
pub struct Include<'c> {
    pub config: &'c DocsConfig,
    /// The folder of its configuration, relative to the repository.
    pub root: String,
    /// Stands before its pages, without a slash at the end.
    pub alias: String,
}

/// What each entry of a navigation includes, by the alias of the docs
/// that it stands in and the entry as written.
pub type Includes<'c> = HashMap<(String, Box<str>), Vec<Include<'c>>>;

/// Tells whether an entry of a navigation includes other docs.
pub fn is_include(path: &str) -> bool {
    path.starts_with("!include ") || path.starts_with("*include ")
}

/// Finds what the includes of a navigation name. `root` is the folder of
/// the configuration that it stands in.
pub fn includes<'c>(
    snapshot: &Snapshot,
    configs: &HashMap<FileId, &'c DocsConfig>,
    repo: RepoId,
    root: &str,
    nav: &[NavEntry],
    diags: &mut Vec<Diagnostic>,
) -> Includes<'c> {
    let mut includes: Includes = HashMap::new();
    let mut n_includes = 0;
    // Navigations that are still to be looked through, with the folders
    // that they came over.
    let mut navs: Vec<(Vec<String>, String, &[NavEntry])> =
        vec![(vec![root.to_string()], String::new(), nav)];
    while let Some((way, above, nav)) = navs.pop() {
        let root = way[way.len() - 1].clone();
        for (entry, path) in entries(nav) {
            let key = (above.clone(), path.into());
            if includes.contains_key(&key) {
                continue;
            }
            let mut found: Vec<Include> = Vec::new();
            let files = named(snapshot, configs, repo, &root, path);
            if files.is_empty() {
                let what = format!("`{path}` names no `mkdocs.yml` of the repository");
                diags.push(codes::docs::nav_entry(entry.span, &what));
            }
            for file in files {
                let folder = folder_of(&snapshot.file(file).path);
                let name = alias(configs[&file], folder);
                let alias = if above.is_empty() { name } else { format!("{above}/{name}") };
                let is_taken = includes.values().flatten().chain(&found).any(|other| other.alias == alias);
                if is_taken || way.iter().any(|above| above == folder) {
                    let what = format!("`{alias}` is included twice, or includes itself");
                    diags.push(codes::docs::nav_entry(entry.span, &what));
                    continue;
                }
                if n_includes >= MAX_INCLUDES || way.len() > MAX_DEPTH {
                    diags.push(codes::docs::nav_entry(entry.span, "too many docs are included"));
                    break;
                }
                n_includes += 1;
                let config = configs[&file];
                if let Some(nav) = &config.nav {
                    let way = way.iter().cloned().chain([folder.to_string()]).collect();
                    navs.push((way, alias.clone(), nav));
                }
                found.push(Include { config, root: folder.to_string(), alias });
            }
            includes.insert(key, found);
        }
    }
    includes
}

/// Returns the entries of a navigation that include others, in order.
fn entries(nav: &[NavEntry]) -> Vec<(&NavEntry, &str)> {
    let mut found = Vec::new();
    let mut rest: Vec<&NavEntry> = nav.iter().rev().collect();
    while let Some(entry) = rest.pop() {
        match &entry.target {
            NavTarget::Section(items) => rest.extend(items.iter().rev()),
            NavTarget::Path(path) if is_include(path) => found.push((entry, &**path)),
            NavTarget::Path(_) => {}
        }
    }
    found
}

/// Returns the configurations that an include names, sorted.
fn named(
    snapshot: &Snapshot,
    configs: &HashMap<FileId, &DocsConfig>,
    repo: RepoId,
    root: &str,
    include: &str,
) -> Vec<FileId> {
    let Some(path) = include.split_once(' ').and_then(|(_, path)| join(root, path.trim())) else {
        return Vec::new();
    };
    let is_config = |file: &FileId| configs.contains_key(file);
    if include.starts_with('!') {
        return snapshot.find(repo, &path).filter(is_config).into_iter().collect();
    }
    let Ok(glob) = GlobBuilder::new(&path).literal_separator(true).build() else { return Vec::new() };
    let glob = glob.compile_matcher();
    let fixed = path.split(['*', '?', '[', '{']).next().unwrap_or("");
    snapshot
        .files_below(repo, folder_of(fixed))
        .filter(is_config)
        .filter(|file| glob.is_match(&*snapshot.file(*file).path))
        .collect()
}

/// Returns the site's name if it can stand in a path, else a slug of it.
fn alias(config: &DocsConfig, folder: &str) -> String {
    let name = config.site_name.as_deref().unwrap_or_else(|| folder.rsplit('/').next().unwrap_or(folder));
    let is_path_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    let is_path =
        name.chars().all(is_path_char) && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if is_path && !name.is_empty() {
        return name.to_string();
    }
    let spaced: String =
        name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let slug = spaced.split_whitespace().collect::<Vec<_>>().join("-");
    if slug.is_empty() { "docs".to_string() } else { slug }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::{docs, fixture};
    use super::*;
    use crate::model::diagnostic::Span;
    use crate::model::docs_site::PlannedNav;
    use crate::model::entity::Catalog;
    use crate::model::mkdocs::ReadDocsConfig;

    /// Shows the first docs site of a portal whose configurations have a
    /// name and a `nav` of bare entries each.
    #[track_caller]
    fn check(pages: &[&str], configs: &[(&str, &str, &[&str])], expected: Expect) {
        let mut files = pages.to_vec();
        files.extend(configs.iter().map(|(place, ..)| *place));
        let snapshot = fixture::snapshot(&files);
        let mut read: Vec<ReadDocsConfig> = configs
            .iter()
            .map(|(place, name, nav)| {
                let file = fixture::file(&snapshot, place);
                let span = Span::of_file(file);
                let entry =
                    |path: &&str| NavEntry { title: None, target: NavTarget::Path((*path).into()), span };
                let nav = (!nav.is_empty()).then(|| nav.iter().map(entry).collect());
                let config = DocsConfig { site_name: Some((*name).into()), nav, ..DocsConfig::default() };
                ReadDocsConfig { file, config: Some(config), diagnostics: Vec::new() }
            })
            .collect();
        read.sort_by_key(|read| read.file);
        let mut diags = Vec::new();
        let plans = docs::plans(&snapshot, &Catalog::default(), &read, &mut diags);
        diags.retain(|diag| diag.code.id != "no-descriptor");
        let plan = &plans[0];
        let mut text = String::new();
        for page in &plan.pages {
            text.push_str(&format!("{} -> {}\n", page.source, page.path));
        }
        let mut rest: Vec<(usize, &PlannedNav)> =
            plan.nav.iter().flatten().rev().map(|item| (0, item)).collect();
        while let Some((depth, item)) = rest.pop() {
            match item {
                PlannedNav::Page { page, .. } => {
                    text.push_str(&format!("{}- {}\n", "  ".repeat(depth), plan.pages[*page].source));
                }
                PlannedNav::Section { title, items } => {
                    text.push_str(&format!("{}- {title}:\n", "  ".repeat(depth)));
                    rest.extend(items.iter().rev().map(|item| (depth + 1, item)));
                }
                PlannedNav::Link { url, .. } => text.push_str(&format!("- {url}\n")),
                PlannedNav::Folder { .. } | PlannedNav::Rest { .. } => text.push_str("- …\n"),
            }
        }
        expected.assert_eq(&(text + &fixture::said(&snapshot, &diags)));
    }

    #[test]
    fn included_docs_lie_below_their_alias() {
        check(
            &[
                "r:docs/index.md",
                "r:sub/docs/index.md",
                "r:sub/docs/a.md",
                "r:sub/docs/x.png",
                "r:p/b/docs/b.md",
                "r:p/c/docs/c.md",
            ],
            &[
                (
                    "r:mkdocs.yml",
                    "Root",
                    &["index.md", "!include ./sub/mkdocs.yml", "*include ./p/*/mkdocs.yml"],
                ),
                ("r:sub/mkdocs.yml", "Sub Docs!", &["a.md", "index.md", "gone.md"]),
                ("r:p/b/mkdocs.yml", "p/b", &[]),
                ("r:p/c/mkdocs.yml", "../c", &[]),
            ],
            expect![[r#"
                index.md -> docs/default/repository/r/index.html
                p/b/b.md -> docs/default/repository/r/p/b/b/index.html
                c/c.md -> docs/default/repository/r/c/c/index.html
                sub-docs/a.md -> docs/default/repository/r/sub-docs/a/index.html
                sub-docs/index.md -> docs/default/repository/r/sub-docs/index.html
                - index.md
                - Sub Docs!:
                  - sub-docs/a.md
                  - sub-docs/index.md
                - p/b:
                  - p/b/b.md
                - ../c:
                  - c/c.md
                sub/mkdocs.yml: warning nav-not-found: the navigation names `gone.md`, which is not a page in `sub/docs/`
            "#]],
        );
    }

    #[test]
    fn includes_stay_inside_and_never_come_back() {
        check(
            &["r:docs/index.md", "r:a/docs/a.md", "r:b/docs/b.md"],
            &[
                (
                    "r:mkdocs.yml",
                    "Root",
                    &[
                        "!include ../x/mkdocs.yml",
                        "!include ./none/mkdocs.yml",
                        "!include ./mkdocs.yml",
                        "!include ./a/mkdocs.yml",
                        "!include ./b/mkdocs.yml",
                    ],
                ),
                ("r:a/mkdocs.yml", "same", &["!include ../b/mkdocs.yml", "a.md"]),
                ("r:b/mkdocs.yml", "same", &["b.md"]),
            ],
            expect![[r#"
                same/a.md -> docs/default/repository/r/same/a/index.html
                same/same/b.md -> docs/default/repository/r/same/same/b/index.html
                index.md -> docs/default/repository/r/index.html
                - same:
                  - same:
                    - same/same/b.md
                  - same/a.md
                mkdocs.yml: warning nav-entry: entry of the navigation is left out: `!include ../x/mkdocs.yml` names no `mkdocs.yml` of the repository (write `- Title: page.md`, `- Title: https://…`, or a list of such entries)
                mkdocs.yml: warning nav-entry: entry of the navigation is left out: `!include ./none/mkdocs.yml` names no `mkdocs.yml` of the repository (write `- Title: page.md`, `- Title: https://…`, or a list of such entries)
                mkdocs.yml: warning nav-entry: entry of the navigation is left out: `Root` is included twice, or includes itself (write `- Title: page.md`, `- Title: https://…`, or a list of such entries)
                mkdocs.yml: warning nav-entry: entry of the navigation is left out: `same` is included twice, or includes itself (write `- Title: page.md`, `- Title: https://…`, or a list of such entries)
                mkdocs.yml: info nav-omitted: the navigation does not name `index.md`
            "#]],
        );
    }
}
