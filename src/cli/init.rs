//! `callboard init`: writes a `book.toml` and the catalog files that are
//! missing. Never overwrites anything.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::base::world::World;
use crate::model::failure::Failure;
use crate::model::file::{FileKind, RepoId};
use crate::model::site::Site;
use crate::pipeline;

use super::args::Init;
use super::environment::Environment;
use super::{Outcome, portal, print, print_error};

/// Sets a folder up as a portal.
pub(crate) fn init(world: &dyn World, environment: &Environment, args: &Init) -> Result<Outcome, Failure> {
    let opened = portal::open(world, environment, &args.portal.path, None, None)?;
    let root = opened.config.root.clone();
    let is_new = opened.config.file.is_none();
    let suggested_title = opened.config.book.title.clone();
    let skip = portal::skipped(&opened.config, &opened.output, &opened.cache);
    let site = pipeline::site(world, opened.config, &skip, opened.diags, &|_| {})?;

    let mut written = Vec::new();
    if is_new {
        let title = ask(args.yes, "Title of the portal", &suggested_title)?;
        let organization = ask(args.yes, "Organization", &title)?;
        let text = book_toml(&title, &organization, source_path(&site));
        write_new(world, &root.join("book.toml"), &text)?;
        written.push(root.join("book.toml"));
    }
    for repo in site.snapshot.sources().filter(|repo| !has_entities(&site, *repo)) {
        let path = site.snapshot.repo(repo).root.join("catalog-info.yaml");
        let name = entity_name(&site.snapshot.repo(repo).name);
        let question = format!("Write {}", environment.shown(&path));
        if world.exists(&path) || !matches!(&*ask(args.yes, &question, "yes")?, "y" | "Y" | "yes" | "Yes") {
            continue;
        }
        let owner = match owner_of_codeowners(world, &site, repo) {
            Some(owner) => owner,
            None => ask(args.yes, &format!("Owner of {name}"), "unknown")?,
        };
        write_new(world, &path, &descriptor(&site, repo, &name, &owner)?)?;
        written.push(path);
    }
    print(&conclusion(environment, &args.portal.path, &written))?;
    Ok(Outcome::Done)
}

fn conclusion(environment: &Environment, path: &Path, written: &[PathBuf]) -> String {
    if written.is_empty() {
        return "nothing to do: `book.toml` and the catalog files are there\n".to_string();
    }
    let list: String = written.iter().map(|path| format!("wrote {}\n", environment.shown(path))).collect();
    let path = environment.shown(&environment.absolute(path));
    let argument = if path == "." { String::new() } else { format!(" {path}") };
    format!("{list}next: callboard serve{argument}\n")
}

/// Returns the source's path for `book.toml`: the folder itself when it
/// is one repository, else every folder in it.
fn source_path(site: &Site) -> &'static str {
    let is_one_repository =
        site.snapshot.sources().any(|repo| site.snapshot.repo(repo).root == site.config.root);
    if is_one_repository { "." } else { "*" }
}

fn book_toml(title: &str, organization: &str, source: &str) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_string()).to_string();
    format!(
        "[book]\ntitle = {}\n\n[portal]\norganization = {}\n\n[[source]]\npath = {}\n",
        quoted(title),
        quoted(organization),
        quoted(source)
    )
}

fn has_entities(site: &Site, repo: RepoId) -> bool {
    site.catalog.entities.iter().any(|entity| site.snapshot.file(entity.file).repo == repo)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor<'d> {
    api_version: &'d str,
    kind: &'d str,
    metadata: DescriptorMetadata<'d>,
    spec: DescriptorSpec<'d>,
}

#[derive(Serialize)]
struct DescriptorMetadata<'d> {
    name: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<std::collections::BTreeMap<&'d str, &'d str>>,
}

#[derive(Serialize)]
struct DescriptorSpec<'d> {
    r#type: &'d str,
    lifecycle: &'d str,
    owner: &'d str,
}

fn descriptor(site: &Site, repo: RepoId, name: &str, owner: &str) -> Result<String, Failure> {
    let snapshot = &site.snapshot;
    let has_docs = snapshot.files_of(repo).any(|file| {
        let file = snapshot.file(file);
        let is_config = file.kind == FileKind::Mkdocs && !file.path.contains('/');
        is_config || (file.kind == FileKind::Markdown && file.path.starts_with("docs/"))
    });
    let has_code = snapshot.files_of(repo).any(|file| is_source_code(&snapshot.file(file).path));
    let annotations = has_docs.then(|| [("backstage.io/techdocs-ref", "dir:.")].into());
    let descriptor = Descriptor {
        api_version: "backstage.io/v1alpha1",
        kind: "Component",
        metadata: DescriptorMetadata { name, annotations },
        spec: DescriptorSpec {
            r#type: if has_code || !has_docs { "service" } else { "documentation" },
            lifecycle: "production",
            owner,
        },
    };
    serde_yaml::to_string(&descriptor).map_err(|error| {
        Failure::environment(format!("the catalog file of `{name}` cannot be written: {error}"))
    })
}

fn is_source_code(path: &str) -> bool {
    const EXTENSIONS: &[&str] = &[
        "rs", "go", "java", "kt", "scala", "py", "rb", "php", "js", "jsx", "ts", "tsx", "c", "cc", "cpp",
        "cs", "swift", "ex", "hs", "clj", "tf",
    ];
    path.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}

/// Returns the team that owns everything by CODEOWNERS: the last rule
/// for `*`.
fn owner_of_codeowners(world: &dyn World, site: &Site, repo: RepoId) -> Option<String> {
    let path = ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"]
        .iter()
        .find_map(|path| site.snapshot.find(repo, path))?;
    let text = String::from_utf8(world.read(&site.snapshot.absolute(path)).ok()?).ok()?;
    let rule = text.lines().rfind(|line| line.split_whitespace().next() == Some("*"))?;
    let owner = rule.split_whitespace().nth(1)?.strip_prefix('@')?;
    Some(match owner.split_once('/') {
        Some((_, team)) => format!("group:default/{}", entity_name(team)),
        None => format!("user:default/{}", entity_name(owner)),
    })
}

/// Returns a name that the catalog accepts: letters, digits and `-_.`,
/// at most 63 characters.
fn entity_name(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .take(63)
        .collect();
    match plain.trim_matches(['-', '_', '.']) {
        "" => "unnamed".to_string(),
        trimmed => trimmed.to_string(),
    }
}

fn ask(takes_defaults: bool, question: &str, default: &str) -> Result<String, Failure> {
    if takes_defaults {
        return Ok(default.to_string());
    }
    print_error(&format!("{question} [{default}]: "));
    let _closed = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::environment(format!("cannot read the answer: {error}")))?;
    let answer = answer.trim();
    Ok(if answer.is_empty() { default.to_string() } else { answer.to_string() })
}

fn write_new(world: &dyn World, path: &Path, text: &str) -> Result<(), Failure> {
    if world.exists(path) {
        return Err(Failure::refusal(format!("`{}` is there already", path.display())));
    }
    world
        .write(path, text.as_bytes())
        .map_err(|error| Failure::environment(format!("cannot write `{}`: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_valid() {
        for (name, expected) in [
            ("payments", "payments"),
            ("My Service!", "my-service"),
            ("--x--", "x"),
            ("ünïcode", "n-code"),
            ("", "unnamed"),
            ("a.b_c-d", "a.b_c-d"),
        ] {
            assert_eq!(entity_name(name), expected, "{name}");
        }
    }

    #[test]
    fn a_portal_file_quotes_what_a_person_typed() {
        let text = book_toml("Say \"hi\"", "A\\B", "*");
        let parsed: toml::Table = text.parse().expect("it is TOML");
        assert_eq!(parsed["book"]["title"].as_str(), Some("Say \"hi\""));
        assert_eq!(parsed["portal"]["organization"].as_str(), Some("A\\B"));
    }
}
