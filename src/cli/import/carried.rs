//! What a Backstage's configuration becomes.

use std::path::Path;

use crate::base::world::World;
use crate::model::yaml::Node;
use crate::parse::config::checks;

use super::sources::{self, Source};

/// Everything for `book.toml`, and what a person has to know.
#[derive(Debug, Default)]
pub(super) struct Carried {
    title: Option<String>,
    organization: Option<String>,
    base_url: Option<String>,
    pub(super) allow: Option<Vec<String>>,
    pub(super) sources: Vec<Source>,
    pub(super) to_do: Vec<String>,
    pub(super) left_out: Vec<String>,
}

/// Keys that mean nothing for a static site, and why.
const ELSEWHERE: [(&str, &str); 17] = [
    ("auth", "a static site has no accounts; whoever serves it decides who may read it"),
    ("permission", "a static site has no accounts; whoever serves it decides who may read it"),
    ("backend", "there is no server"),
    ("proxy", "there is no server"),
    ("scaffolder", "templates are shown and not run"),
    ("kubernetes", "it shows what runs just now; an annotation can link there"),
    ("techdocs", "docs are built from Markdown, with nothing to configure"),
    ("search", "the index is built into the site"),
    ("homepage", "write a Markdown file and name it as `home` of `[portal]`"),
    ("costInsights", "it shows what is so just now"),
    ("lighthouse", "it shows what is so just now"),
    ("events", "there is no server"),
    ("notifications", "there is no server"),
    ("signals", "there is no server"),
    ("dynamicPlugins", "plugins are programs"),
    ("pagerDuty", "an annotation can link there"),
    ("sonarqube", "an annotation can link there"),
];
/// Keys that are read.
const READ: [&str; 4] = ["app", "organization", "catalog", "integrations"];

/// Reads a configuration whose file lies in `folder`, for a `book.toml`
/// in `root`.
pub(super) fn carry(world: &dyn World, config: &Node, folder: &Path, root: &Path, carried: &mut Carried) {
    let text = |path: &[&str]| {
        let node = path.iter().try_fold(config, |node, key| node.get(key))?;
        node.text().filter(|text| !text.is_empty()).map(str::to_string)
    };
    carried.title = text(&["app", "title"]);
    carried.organization = text(&["organization", "name"]);
    if let Some(url) = text(&["app", "baseUrl"]) {
        let is_local = url.contains("//localhost") || url.contains("//127.0.0.1");
        match checks::base_url(&url) {
            Ok(url) if !is_local => carried.base_url = Some(url),
            _ => {
                carried.left_out.push("`app.baseUrl`: it is not the address of a published site".to_string())
            }
        }
    }
    keys_left_out(config.get("app"), "app", &["title", "baseUrl"], carried);
    if let Some(catalog) = config.get("catalog") {
        sources::carry(world, catalog, folder, root, carried);
    }
    integrations(config.get("integrations"), carried);
    for (key, _) in config.mapping().unwrap_or_default() {
        let Some(key) = key.scalar().map(|key| &*key.text) else { continue };
        if READ.contains(&key) {
            continue;
        }
        let why = ELSEWHERE.iter().find(|(known, _)| *known == key).map(|(_, why)| *why);
        let why = why.unwrap_or("it belongs to a plugin");
        carried.left_out.push(format!("`{key}`: {why}"));
    }
}

/// Says which keys of a mapping have no counterpart.
pub(super) fn keys_left_out(node: Option<&Node>, path: &str, known: &[&str], carried: &mut Carried) {
    for (key, _) in node.and_then(Node::mapping).unwrap_or_default() {
        let Some(key) = key.scalar().map(|key| &*key.text).filter(|key| !known.contains(key)) else {
            continue;
        };
        carried.left_out.push(format!("`{path}.{key}`: there is nothing like it"));
    }
}

/// Hosts tell what addresses look like; what gives access to them is
/// nothing for us.
fn integrations(node: Option<&Node>, carried: &mut Carried) {
    let mut has_any = false;
    for (kind, hosts) in node.and_then(Node::mapping).unwrap_or_default() {
        let kind = kind.scalar().map_or("", |kind| &*kind.text);
        for host in hosts.sequence().unwrap_or_default() {
            has_any = true;
            let Some(name) = host.get("host").and_then(Node::text) else { continue };
            let forge = format!("{:?}", crate::model::forge::Forge::of_host(name, "a/b")).to_lowercase();
            if !forge.starts_with(&kind.to_lowercase().replace("cloud", "").replace("server", "")) {
                carried.left_out.push(format!(
                    "`integrations.{kind}`: the host `{name}` is not known by its name, so links to files lead to the repository"
                ));
            }
        }
    }
    if has_any {
        carried.left_out.push("`integrations`: tokens and keys, since nothing is fetched".to_string());
    }
}

/// Returns the text of `book.toml`.
pub(super) fn book_toml(carried: &Carried) -> String {
    let mut toml = String::new();
    if let Some(title) = &carried.title {
        toml.push_str(&format!("[book]\ntitle = {}\n\n", quoted(title)));
    }
    toml.push_str("[portal]\n");
    let portal = [("organization", &carried.organization), ("base-url", &carried.base_url)];
    for (key, value) in portal {
        if let Some(value) = value {
            toml.push_str(&format!("{key} = {}\n", quoted(value)));
        }
    }
    toml.push_str("\n# As in Backstage, only what Locations lead to is in the catalog. Without\n");
    toml.push_str("# this, every file that holds an entity is.\n[catalog]\ndiscovery = \"locations\"\n");
    if let Some(allow) = &carried.allow {
        toml.push_str(&format!("allow = {}\n", list(allow)));
    }
    for source in &carried.sources {
        toml.push_str(&format!("\n[[source]]\npath = {}\n", quoted(&source.path)));
        if let Some(url) = &source.url {
            toml.push_str(&format!("url = {}\n", quoted(url)));
        }
        if let Some(git_ref) = &source.git_ref {
            toml.push_str(&format!("ref = {}\n", quoted(git_ref)));
        }
        if !source.roots.is_empty() {
            toml.push_str(&format!("catalog = {}\n", list(&source.roots)));
        }
        if let Some(allow) = source.allow.as_ref().filter(|allow| Some(*allow) != carried.allow.as_ref()) {
            toml.push_str(&format!("allow = {}\n", list(allow)));
        }
    }
    toml
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_string()).to_string()
}
