//! Which files the site has, and what each of them is. Where two of them
//! want one path, the first wins.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::model::entity::EntityId;
use crate::model::site::Site;
use crate::model::site_path::SitePath;
use crate::render::data::{self, Data};
use crate::render::index::{self, Index};
use crate::render::place::entity_path;
use crate::render::theme::Theme;
use crate::render::views::health::Part;
use crate::render::{feeds, search, techdocs, views};

pub(super) type Planned = Vec<(SitePath, Content)>;

/// The files of the search and their hashes, as the memo keeps them.
type FoundKeys = Vec<(String, Key)>;

/// What a file of the site is. Numbers of pages count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    Home,
    Catalog {
        kind_idx: usize,
        number: usize,
    },
    Entity(EntityId),
    Definition(EntityId),
    Data(Data),
    Apis {
        number: usize,
    },
    DocsIndex {
        number: usize,
    },
    /// A table of an entity that is too long for its page.
    List {
        id: EntityId,
        card: &'static str,
        number: usize,
    },
    Graph {
        number: usize,
    },
    Org {
        number: usize,
    },
    Docs {
        site_idx: usize,
        page_idx: usize,
    },
    DocsRedirect {
        site_idx: usize,
    },
    /// A page that its configuration says has moved.
    DocsMoved {
        site_idx: usize,
        redirect_idx: usize,
    },
    DocsAsset {
        site_idx: usize,
        asset_idx: usize,
    },
    DocsPrint {
        site_idx: usize,
    },
    /// The list of architecture decision records.
    Decisions {
        site_idx: usize,
    },
    Techdocs {
        site_idx: usize,
        file: techdocs::File,
    },
    Search {
        number: usize,
    },
    OpenSearch,
    Health {
        part: Part,
        number: usize,
    },
    NotFound,
    Sitemap,
    SitemapPart {
        number: usize,
    },
    Robots,
    ThemeAsset(usize),
    /// A file of the search, and the hash of it.
    Found(Key),
    Empty,
}

/// Plans what is neither fixed nor part of the search.
pub(super) fn beside_search(site: &Site) -> (Index, Planned) {
    let index = index::index(site);
    let mut files = Vec::new();
    letters(site, &index, &mut files);
    lists(site, &index, &mut files);
    entities(site, &index, &mut files);
    files.extend(data::plan(site, &index).into_iter().map(|(path, data)| (path, Content::Data(data))));
    docs(site, &mut files);
    (index, files)
}

pub(super) fn fixed(site: &Site, theme: &Theme, files: &mut Planned) {
    files.push((SitePath::page(""), Content::Home));
    files.push((SitePath::new("404.html"), Content::NotFound));
    files.push((SitePath::new("robots.txt"), Content::Robots));
    files.push((SitePath::new(".nojekyll"), Content::Empty));
    for number in 1..=views::docs::n_index_pages(site) {
        files.push((views::page_path("docs", number), Content::DocsIndex { number }));
    }
    for (idx, asset) in theme.assets.iter().enumerate() {
        files.push((asset.path.clone(), Content::ThemeAsset(idx)));
    }
}

/// Plans the search page, from A to Z.
fn letters(site: &Site, index: &Index, files: &mut Planned) {
    for number in 1..=index.letters.len() {
        files.push((views::page_path("search", number), Content::Search { number }));
    }
    if site.config.search.enable && site.config.portal.base_url.is_some() {
        files.push((SitePath::new(feeds::OPENSEARCH), Content::OpenSearch));
    }
}

/// The search is made of the whole site, so it is looked at again after
/// any change; but if nothing has changed, only the names of its files
/// are needed.
pub(super) fn of_search(memo: &Memo, site: &Site, found: &OnceLock<Vec<search::File>>) -> Planned {
    if !site.config.search.enable {
        return Vec::new();
    }
    let key = hash::key(&[b"search", &site.key.0]);
    let keys: FoundKeys = memo.get(key).unwrap_or_else(|| {
        let made = found.get_or_init(|| search::files(memo, site, search::Want::News));
        let keys = made.iter().map(|file| (file.path.as_str().to_string(), file.key)).collect();
        memo.put(key, &keys);
        keys
    });
    keys.into_iter().map(|(path, key)| (SitePath::new(&path), Content::Found(key))).collect()
}

fn lists(site: &Site, index: &Index, files: &mut Planned) {
    files.push((SitePath::page("catalog"), Content::Catalog { kind_idx: 0, number: 1 }));
    for (kind_idx, list) in index.kinds.iter().enumerate() {
        let folder = views::catalog::folder(&list.kind);
        for number in 1..=views::catalog::n_pages(list.entities.len()) {
            let path = views::page_path(&folder, number);
            files.push((path, Content::Catalog { kind_idx, number }));
        }
    }
    let n_apis = index.kinds.iter().find(|list| &*list.kind == "api").map_or(0, |list| list.entities.len());
    for number in 1..=views::catalog::n_pages(n_apis) {
        files.push((views::page_path("api-docs", number), Content::Apis { number }));
    }
    for part in Part::ALL {
        for number in 1..=part.n_pages(index, site) {
            files.push((views::page_path(&part.folder(), number), Content::Health { part, number }));
        }
    }
    for number in 1..index.graph_starts.len() {
        files.push((views::page_path(views::graph::FOLDER, number), Content::Graph { number }));
    }
    if !index.org.is_empty() {
        for number in 1..=views::org::n_pages(&index.org) {
            files.push((views::page_path(views::org::FOLDER, number), Content::Org { number }));
        }
    }
}

fn entities(site: &Site, index: &Index, files: &mut Planned) {
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        files.push((entity_path(&entity.entity_ref), Content::Entity(id)));
        if let Some(path) = views::definition::path(entity) {
            files.push((path, Content::Definition(id)));
        }
        let tables = views::relations::long_tables(site, id).into_iter().map(|(card, n)| (card.id, n));
        let members = views::people::n_listed_members(site, id).map(|n| (views::people::MEMBERS, n));
        for (card, n_rows) in tables.chain(members) {
            let folder = format!("{}/{card}", index.folders[idx]);
            for number in 1..=views::catalog::n_pages(n_rows) {
                files.push((views::page_path(&folder, number), Content::List { id, card, number }));
            }
        }
    }
}

fn docs(site: &Site, files: &mut Planned) {
    for (site_idx, docs) in site.docs.iter().enumerate() {
        let n_pages = docs.plan.pages.len().min(docs.pages.len());
        for (page_idx, page) in docs.plan.pages.iter().take(n_pages).enumerate() {
            files.push((page.path.clone(), Content::Docs { site_idx, page_idx }));
        }
        for (asset_idx, asset) in docs.plan.assets.iter().enumerate() {
            files.push((asset.published(), Content::DocsAsset { site_idx, asset_idx }));
        }
    }
    for (site_idx, docs) in site.docs.iter().enumerate() {
        if site.config.docs.print && !docs.pages.is_empty() {
            files.push((views::print::path(docs), Content::DocsPrint { site_idx }));
        }
        if let Some(decisions) = &docs.plan.decisions {
            files.push((decisions.path.clone(), Content::Decisions { site_idx }));
        }
        if site.config.docs.techdocs_output {
            for folder in techdocs::folders(site, docs) {
                let of_docs = techdocs::files(docs).into_iter();
                files.extend(of_docs.map(|(path, file)| {
                    (SitePath::new(&format!("{folder}/{path}")), Content::Techdocs { site_idx, file })
                }));
            }
        }
    }
    // After all pages, so that no redirect takes a page's place.
    for (site_idx, docs) in site.docs.iter().enumerate() {
        for (redirect_idx, redirect) in docs.plan.redirects.iter().enumerate() {
            files.push((redirect.path.clone(), Content::DocsMoved { site_idx, redirect_idx }));
        }
        for path in views::docs::redirects(site, docs) {
            files.push((path, Content::DocsRedirect { site_idx }));
        }
    }
}

pub(super) fn sitemap(site: &Site, files: &mut Planned) {
    if site.config.portal.base_url.is_none() {
        return;
    }
    let n_pages = files.iter().filter(|(_, content)| is_listed(content)).count();
    for (number, path) in feeds::sitemap_paths(n_pages).into_iter().enumerate() {
        let content = match number {
            0 => Content::Sitemap,
            number => Content::SitemapPart { number },
        };
        files.push((path, content));
    }
}

pub(super) fn is_listed(content: &Content) -> bool {
    matches!(
        content,
        Content::Home
            | Content::Catalog { .. }
            | Content::Entity(_)
            | Content::Apis { .. }
            | Content::DocsIndex { .. }
            | Content::Org { .. }
            | Content::Decisions { .. }
            | Content::Docs { .. }
    )
}

/// Sorts the files and keeps the first of those that share a path; what
/// would need a file as its folder gives way too.
pub(super) fn distinct(mut files: Planned) -> (Vec<SitePath>, Vec<Content>) {
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files.dedup_by(|(later, _), (earlier, _)| later == earlier);
    let paths: HashSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let is_possible: Vec<bool> = files
        .iter()
        .map(|(path, _)| {
            let path = path.as_str();
            !path.match_indices('/').any(|(slash, _)| paths.contains(&path[..slash]))
        })
        .collect();
    files.into_iter().zip(is_possible).filter(|(_, is_possible)| *is_possible).map(|(file, _)| file).unzip()
}
