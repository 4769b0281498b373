//! Where a Backstage's entities come from: its locations, its providers,
//! and the rules of what they may bring.

use std::path::Path;

use crate::base::world::World;
use crate::model::forge::Remote;
use crate::model::yaml::Node;

use super::carried::{Carried, keys_left_out};

/// One `[[source]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) url: Option<String>,
    pub(super) git_ref: Option<String>,
    pub(super) roots: Vec<String>,
    pub(super) allow: Option<Vec<String>>,
}

/// Where Backstage looks for a repository's entities.
const USUAL: &str = "catalog-info.yaml";
/// What Backstage allows when nothing is said.
const USUAL_KINDS: [&str; 3] = ["Component", "API", "Location"];

/// Reads `catalog`.
pub(super) fn carry(world: &dyn World, catalog: &Node, folder: &Path, root: &Path, carried: &mut Carried) {
    carried.allow = Some(match catalog.get("rules").filter(|rules| !rules.is_null()) {
        Some(rules) => kinds(rules, "catalog.rules", carried),
        None => USUAL_KINDS.iter().map(ToString::to_string).collect(),
    });
    let locations = catalog.get("locations").and_then(Node::sequence).unwrap_or_default();
    for (idx, location) in locations.iter().enumerate() {
        let path = format!("catalog.locations[{idx}]");
        let text = |key: &str| location.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let Some(target) = text("target") else {
            carried.left_out.push(format!("`{path}`: it has no target"));
            continue;
        };
        let source = match text("type") {
            Some("file") => Ok(of_file(world, target, folder, root)),
            Some("url") => of_url(target),
            _ => Err("only `file` and `url` are read".to_string()),
        };
        match source {
            Ok(source) => {
                let extra =
                    location.get("rules").map(|rules| kinds(rules, &format!("{path}.rules"), carried));
                add(source, extra, carried);
            }
            Err(why) => carried.left_out.push(format!("`{path}`: {why}")),
        }
    }
    providers(catalog.get("providers"), carried);
    keys_left_out(Some(catalog), "catalog", &["rules", "locations", "providers"], carried);
    check_outs(carried);
}

/// Reads the kinds of a list of rules. What else they say is left out.
fn kinds(rules: &Node, path: &str, carried: &mut Carried) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for rule in rules.sequence().unwrap_or_default() {
        for allowed in rule.get("allow").and_then(Node::sequence).unwrap_or_default() {
            let kind = allowed.text().or_else(|| allowed.get("kind")?.text());
            kinds.extend(kind.map(str::to_string).filter(|kind| !kinds.contains(kind)));
            if allowed.mapping().is_some_and(|entries| entries.len() > 1) {
                carried.left_out.push(format!("`{path}`: kinds are allowed as a whole, not by their type"));
            }
        }
        if rule.get("locations").is_some() {
            carried
                .left_out
                .push(format!("`{path}.locations`: kinds are allowed for a source, not for a pattern"));
        }
    }
    kinds
}

/// A file is relative to the folder of the backend, which is
/// `packages/backend` in most.
fn of_file(world: &dyn World, target: &str, folder: &Path, root: &Path) -> Source {
    let backend = folder.join("packages/backend");
    let base = if world.is_folder(&backend) { backend } else { folder.to_path_buf() };
    let (mut path, written) = (base, Path::new(target));
    for part in written.components() {
        match part {
            std::path::Component::ParentDir => {
                path.pop();
            }
            std::path::Component::CurDir => {}
            part => path.push(part),
        }
    }
    let relative =
        |path: &Path, to: &Path| path.strip_prefix(to).ok().map(|path| path.to_string_lossy().into_owned());
    // A file of the same repository belongs to it, another one to its
    // folder.
    let home = match path.starts_with(folder) {
        true => folder.to_path_buf(),
        false => path.parent().unwrap_or(folder).to_path_buf(),
    };
    let home_path = relative(&home, root).unwrap_or_else(|| home.to_string_lossy().into_owned());
    Source {
        path: if home_path.is_empty() { ".".to_string() } else { home_path },
        roots: vec![relative(&path, &home).unwrap_or_default()],
        ..Source::default()
    }
}

/// Takes an address apart: the repository, the branch, and the file.
fn of_url(target: &str) -> Result<Source, String> {
    let unreadable = || "the address is not that of a file in a repository".to_string();
    let plain = target.split(['#', '?']).next().unwrap_or(target);
    let (page, rest) = ["/-/blob/", "/-/tree/", "/blob/", "/tree/", "/src/branch/", "/src/"]
        .iter()
        .find_map(|sign| plain.split_once(sign))
        .ok_or_else(unreadable)?;
    let (git_ref, file) = rest.split_once('/').ok_or_else(unreadable)?;
    let remote = Remote::parse(page).ok_or_else(unreadable)?;
    let name = remote.url.rsplit('/').next().unwrap_or("repository");
    Ok(Source {
        path: format!("repos/{name}"),
        git_ref: (!matches!(git_ref, "main" | "master" | "HEAD")).then(|| git_ref.to_string()),
        roots: vec![file.to_string()],
        allow: None,
        url: Some(remote.url),
    })
}

/// Adds a source, or its files to the one that is there.
fn add(source: Source, extra: Option<Vec<String>>, carried: &mut Carried) {
    let allow = extra.map(|extra| {
        let mut all = carried.allow.clone().unwrap_or_default();
        all.extend(
            extra.into_iter().filter(|kind| !carried.allow.iter().flatten().any(|known| known == kind)),
        );
        all
    });
    match carried.sources.iter_mut().find(|known| known.path == source.path && known.url == source.url) {
        Some(known) => {
            for root in source.roots {
                if !known.roots.contains(&root) {
                    known.roots.push(root);
                }
            }
            if let Some(allow) = allow {
                let known = known.allow.get_or_insert_with(|| carried.allow.clone().unwrap_or_default());
                let new: Vec<String> = allow.into_iter().filter(|kind| !known.contains(kind)).collect();
                known.extend(new);
            }
        }
        None => carried.sources.push(Source { allow, ..source }),
    }
}

/// Providers list repositories through an API; their checkouts do as
/// well.
fn providers(node: Option<&Node>, carried: &mut Carried) {
    for (kind, provider) in node.and_then(Node::mapping).unwrap_or_default() {
        let kind = kind.scalar().map_or("", |kind| &*kind.text);
        let path = format!("catalog.providers.{kind}");
        if !matches!(
            kind,
            "github" | "gitlab" | "bitbucketCloud" | "bitbucketServer" | "azureDevOps" | "gitea"
        ) {
            carried.left_out.push(format!("`{path}`: nothing is fetched"));
            carried.to_do.push(format!(
                "for what `{path}` brings, save a running Backstage's `/api/catalog/entities` and add it: `[[source]]` with `entities = \"entities.json\"`"
            ));
            continue;
        }
        // One provider, or several by their names.
        let is_one = ["organization", "group", "workspace", "host", "filters"]
            .iter()
            .any(|key| provider.get(key).is_some());
        let all: Vec<&Node> = match is_one {
            true => vec![provider],
            false => provider.mapping().unwrap_or_default().iter().map(|(_, value)| value).collect(),
        };
        for provider in all {
            of_provider(kind, &path, provider, carried);
        }
    }
}

fn of_provider(kind: &str, path: &str, provider: &Node, carried: &mut Carried) {
    let text = |key: &str| provider.get(key).and_then(Node::text).filter(|text| !text.is_empty());
    let owner = text("organization").or(text("group")).or(text("workspace"));
    let Some(owner) = owner else {
        carried.left_out.push(format!("`{path}`: it names no organization"));
        return;
    };
    let host = text("host").unwrap_or(match kind {
        "gitlab" => "gitlab.com",
        "bitbucketCloud" => "bitbucket.org",
        "azureDevOps" => "dev.azure.com",
        "gitea" => "gitea.com",
        _ => "github.com",
    });
    let root = text("catalogPath").or(text("entityFilename")).unwrap_or(USUAL).trim_start_matches('/');
    let url = format!("https://{host}/{owner}/{{name}}");
    let is_plain = Remote::parse(&url.replace("{name}", "name")).is_some()
        && !matches!(kind, "azureDevOps" | "bitbucketServer");
    let name: String = owner.rsplit('/').next().unwrap_or(owner).to_string();
    let source = Source {
        path: format!("repos/{name}/*"),
        url: is_plain.then_some(url),
        roots: if root == USUAL { Vec::new() } else { vec![root.to_string()] },
        ..Source::default()
    };
    carried.to_do.push(format!("check out the repositories of `{owner}` at `{host}` into `repos/{name}/`"));
    if provider.get("filters").is_some() {
        carried.left_out.push(format!("`{path}.filters`: every repository that is checked out counts"));
    }
    add(source, None, carried);
}

/// Says which repositories have to be there.
fn check_outs(carried: &mut Carried) {
    for source in &carried.sources {
        if let Some(url) = source.url.as_ref().filter(|url| !url.contains("{name}")) {
            carried.to_do.push(format!("check out `{url}` into `{}`", source.path));
        }
    }
}
