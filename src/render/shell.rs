//! What every page has around it.

use std::fmt::Write;

use tera::Value;

use crate::base::hash::{self, Key};
use crate::model::config::Config;
use crate::model::site_path::SitePath;

use super::feeds::OPENSEARCH;
use super::index::Index;
use super::place::{Place, href};
use super::theme::{Asset, Theme};
use super::view::{Section, Shell};

/// The part of the main navigation that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    None,
    Home,
    Catalog,
    Apis,
    Docs,
    Graph,
    Org,
    Health,
    Search,
}

impl Area {
    /// Every area, in the order of their numbers.
    pub const ALL: [Area; 9] = [
        Area::None,
        Area::Home,
        Area::Catalog,
        Area::Apis,
        Area::Docs,
        Area::Graph,
        Area::Org,
        Area::Health,
        Area::Search,
    ];
}

/// The templates of what is the same on all pages that share a shell.
const PARTS: [&str; 3] = ["shell-links.html", "shell-top.html", "shell-foot.html"];

/// What every page of an area has around it, as templates take it.
pub struct Shared {
    pub value: Value,
    pub key: Key,
    /// Templates of the user's that failed, and why.
    pub failed: Vec<(&'static str, String)>,
}

/// Returns the shell of the pages of an area. Pages at one depth share
/// it, since their links to the root are alike; so what a theme makes of
/// it alone is rendered once for all of them.
pub fn shell(place: Place, theme: &Theme, area: Area) -> Shared {
    let mut failed = Vec::new();
    let mut shell = bare(place, theme, area);
    let value = Value::from_serializable(&shell);
    let [links, top, foot] = PARTS.map(|name| {
        let (html, error) = theme.part(name, value.clone())?;
        failed.extend(error.map(|error| (name, error)));
        String::from_utf8(html).ok()
    });
    (shell.links, shell.top, shell.foot) = (links, top, foot);
    let key = hash::key(&[&serde_json::to_vec(&shell).unwrap_or_default()]);
    Shared { value: Value::from_serializable(&shell), key, failed }
}

/// Returns a shell without what templates make of it.
fn bare(place: Place, theme: &Theme, area: Area) -> Shell {
    let site = place.site;
    let to = |path: &SitePath| href(place, path);
    let linked = |names: &[String]| -> Vec<String> {
        let paths = names.iter().filter_map(|name| asset(theme, name));
        paths.map(|asset| to(&asset.path)).collect()
    };
    Shell {
        language: site.config.book.language.clone(),
        title: site.config.book.title.clone(),
        catalog_title: catalog_title(&site.config),
        csp: content_security_policy(&site.config),
        root: match place.absolute_root {
            Some(root) => root.to_string(),
            None => place.path.to_root(),
        },
        assets: theme.assets.iter().map(|asset| (asset.name.clone(), to(&asset.path))).collect(),
        styles: linked(&theme.styles),
        head_scripts: linked(&theme.head_scripts),
        scripts: linked(&theme.scripts),
        logo: theme.logo.as_ref().map(to),
        favicon: theme.favicon.as_ref().map(to),
        sections: sections(place, area),
        search: site.config.search.enable.then(|| to(&SitePath::page("search"))),
        opensearch: (site.config.search.enable && site.config.portal.base_url.is_some())
            .then(|| to(&SitePath::new(OPENSEARCH))),
        links: None,
        top: None,
        foot: None,
    }
}

/// Backstage's title of the catalog: `Acme Catalog`.
pub fn catalog_title(config: &Config) -> String {
    match &config.portal.organization {
        Some(organization) => format!("{organization} Catalog"),
        None => "Catalog".to_string(),
    }
}

fn asset<'t>(theme: &'t Theme, name: &str) -> Option<&'t Asset> {
    theme.assets.iter().find(|asset| asset.name == name)
}

fn sections(place: Place, area: Area) -> Vec<Section> {
    let Index { kinds, counts, .. } = place.index;
    let has_apis = kinds.iter().any(|list| &*list.kind == "api");
    let has_groups = !place.index.org.is_empty();
    let has_graph = place.site.catalog.relations.iter().any(|relations| !relations.is_empty());
    // A catalog always lacks something.
    let has_problems = counts.n_errors + counts.n_warnings + counts.n_infos > 0 || !kinds.is_empty();
    let all = [
        (Area::Home, "Home", "home", "", true),
        (Area::Catalog, "Catalog", "catalog", "catalog", true),
        (Area::Apis, "APIs", "api", "api-docs", has_apis),
        (Area::Docs, "Docs", "docs", "docs", true),
        (Area::Graph, "Graph", "graph", "catalog-graph", has_graph),
        (Area::Org, "Org", "group", "org", has_groups),
        (Area::Health, "Health", "health", "health", has_problems),
    ];
    let shown = all.into_iter().filter(|(.., is_shown)| *is_shown);
    let section = |(of, title, icon, folder, _)| Section {
        title,
        icon,
        href: href(place, &SitePath::page(folder)),
        current: of == area,
    };
    shown.map(section).collect()
}

/// The Content-Security-Policy: nothing runs or loads but our own
/// files, and the images of hosts that the operator lists.
pub fn content_security_policy(config: &Config) -> String {
    let mut images = "'self' data:".to_string();
    for host in &config.content.remote_images {
        let is_host = !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:*".contains(&byte));
        if is_host {
            let _infallible = write!(images, " https://{host}");
        }
    }
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'none'; object-src 'none'; \
         base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types callboard"
    )
}
