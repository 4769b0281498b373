//! Docs in the form in which Backstage's TechDocs keeps them, so that an
//! existing Backstage with `builder: external` can show what Callboard
//! has rendered: pages with the classes of Material for MkDocs, a
//! `techdocs_metadata.json` and a search index as MkDocs writes it.

use serde::Serialize;

use crate::base::hash;
use crate::base::text::push_escaped;
use crate::model::doc::Doc;
use crate::model::docs_site::{DocsSite, LinkTarget, NavItem};
use crate::model::site::Site;
use crate::model::site_path::{SitePath, docs_folder};

use super::body;
use super::git_words;
use super::index::{Index, Names};
use super::place::Place;

/// The style of the pages. Backstage lets no other link through than one
/// to a file named as Material's.
const STYLE: &str = include_str!("techdocs.css");
/// So much text of a page is in the index.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// A file of such docs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Page(usize),
    Asset(usize),
    Metadata,
    SearchIndex,
    Style,
}

/// Returns the files of a docs site, by their paths within it.
pub fn files(docs: &DocsSite) -> Vec<(String, File)> {
    let within = |path: &SitePath| {
        let path = path.as_str();
        path.strip_prefix(&*docs.plan.base).unwrap_or(path).trim_start_matches('/').to_string()
    };
    let n_pages = docs.plan.pages.len().min(docs.pages.len());
    let pages = docs.plan.pages[..n_pages].iter().enumerate();
    let assets = docs.plan.assets.iter().enumerate();
    let mut files: Vec<(String, File)> =
        pages.map(|(idx, page)| (within(&page.path), File::Page(idx))).collect();
    files.extend(assets.map(|(idx, asset)| (within(&asset.path), File::Asset(idx))));
    files.push(("techdocs_metadata.json".to_string(), File::Metadata));
    files.push(("search/search_index.json".to_string(), File::SearchIndex));
    files.push((style_path(), File::Style));
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|later, earlier| later.0 == earlier.0);
    files
}

/// Returns the folders at which Backstage looks for a docs site: those of
/// the entities whose docs these are, and no further ones.
pub fn folders(site: &Site, docs: &DocsSite) -> Vec<String> {
    let entities = docs.plan.entities.iter().map(|id| &site.catalog.entity(*id).entity_ref);
    let folders: Vec<String> = entities.map(docs_folder).collect();
    match folders.contains(&docs.plan.base.to_string()) {
        true => folders.iter().map(|folder| folder.replacen("docs/", "_techdocs/", 1)).collect(),
        false => Vec::new(),
    }
}

/// Returns the bytes of a file; those of assets are copied instead.
pub fn bytes(site: &Site, index: &Index, docs: &DocsSite, file: File, options: &Options) -> Vec<u8> {
    match file {
        File::Page(page_idx) => page(site, index, docs, page_idx).into_bytes(),
        File::Asset(_) => Vec::new(),
        File::Metadata => metadata(docs, options),
        File::SearchIndex => search_index(docs),
        File::Style => STYLE.as_bytes().to_vec(),
    }
}

/// What a command may say of the docs.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub site_name: Option<String>,
    pub etag: Option<String>,
}

fn style_path() -> String {
    let key = hash::key(&[STYLE.as_bytes()]);
    let name: String = key.0[..4].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("assets/stylesheets/main.{name}.min.css")
}

#[derive(Serialize)]
struct Metadata {
    site_name: String,
    site_description: String,
    /// In milliseconds, of the last change: no clock is read.
    build_timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    files: Vec<String>,
}

fn metadata(docs: &DocsSite, options: &Options) -> Vec<u8> {
    let updated = docs.pages.iter().filter_map(|page| Some(page.history.as_ref()?.updated)).max();
    let metadata = Metadata {
        site_name: options.site_name.clone().unwrap_or_else(|| docs.plan.title.to_string()),
        site_description: docs.plan.description.as_deref().unwrap_or("").to_string(),
        build_timestamp: updated.unwrap_or(0) * 1000,
        etag: options.etag.clone(),
        files: files(docs).into_iter().map(|(path, _)| path).collect(),
    };
    serde_json::to_vec_pretty(&metadata).unwrap_or_default()
}

#[derive(Serialize)]
struct SearchIndex<'d> {
    config: SearchConfig,
    docs: Vec<SearchDoc<'d>>,
}

#[derive(Serialize)]
struct SearchConfig {
    indexing: &'static str,
    lang: [&'static str; 1],
    min_search_length: u32,
    prebuild_index: bool,
    separator: &'static str,
}

#[derive(Serialize)]
struct SearchDoc<'d> {
    location: String,
    text: String,
    title: &'d str,
}

/// Returns the index as MkDocs writes it: an entry for each page with
/// all of its text, and one for each heading.
fn search_index(docs: &DocsSite) -> Vec<u8> {
    let mut entries = Vec::new();
    for (planned, page) in docs.plan.pages.iter().zip(&docs.pages) {
        if page.doc.search_exclude {
            continue;
        }
        let url = planned.path.url();
        let base = SitePath::new(&docs.plan.base).url();
        let location = url.strip_prefix(&base).unwrap_or(&url).trim_start_matches('/').to_string();
        push_entries(&page.doc, &page.title, &location, &mut entries);
    }
    let config = SearchConfig {
        indexing: "full",
        lang: ["en"],
        min_search_length: 3,
        prebuild_index: false,
        separator: "[\\s\\-]+",
    };
    serde_json::to_vec(&SearchIndex { config, docs: entries }).unwrap_or_default()
}

fn push_entries<'d>(doc: &'d Doc, title: &'d str, location: &str, entries: &mut Vec<SearchDoc<'d>>) {
    let sections = doc.sections.get();
    let mut whole = String::new();
    for section in sections.iter() {
        if whole.len() + section.text.len() > MAX_TEXT_BYTES {
            break;
        }
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.push_str(&section.text);
    }
    entries.push(SearchDoc { location: location.to_string(), text: whole, title });
    for section in sections.iter() {
        let Some(heading) = section.heading.and_then(|idx| doc.headings.get(idx as usize)) else { continue };
        let location = format!("{location}#{}", heading.id);
        entries.push(SearchDoc { location, text: section.text.to_string(), title: &heading.text });
    }
}

fn page(site: &Site, index: &Index, docs: &DocsSite, page_idx: usize) -> String {
    let page = &docs.pages[page_idx];
    let path = &docs.plan.pages[page_idx].path;
    let place = Place { site, index, path, absolute_root: None };
    let root = SitePath::new(&format!("{}/x", docs.plan.base));
    let to_root = path.relative(&root);
    let to_root = to_root.strip_suffix('x').unwrap_or(&to_root);
    let links: Vec<LinkTarget> = page.links.iter().map(|link| within_backstage(docs, link)).collect();
    let mut html = String::from("<!doctype html>\n<html lang=\"");
    push_escaped(&mut html, &site.config.book.language);
    html.push_str("\" class=\"no-js\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
    push_escaped(&mut html, &page.title);
    html.push_str(" - ");
    push_escaped(&mut html, &docs.plan.title);
    html.push_str("</title>\n<link rel=\"stylesheet\" href=\"");
    push_escaped(&mut html, &format!("{to_root}{}", style_path()));
    html.push_str(
        "\">\n</head>\n<body dir=\"ltr\">\n<div class=\"md-container\" data-md-component=\"container\">\n",
    );
    html.push_str(
        "<main class=\"md-main\" data-md-component=\"main\">\n<div class=\"md-main__inner md-grid\">\n",
    );
    push_sidebar("primary", "navigation", &mut html);
    html.push_str("<nav class=\"md-nav md-nav--primary\" aria-label=\"Navigation\" data-md-level=\"0\">\n");
    push_nav(docs, path, page_idx, &docs.nav, 0, &mut html);
    html.push_str("</nav>\n</div>\n</div>\n</div>\n");
    push_sidebar("secondary", "toc", &mut html);
    push_contents(&page.doc, &mut html);
    html.push_str("</div>\n</div>\n</div>\n<div class=\"md-content\" data-md-component=\"content\">\n");
    html.push_str("<article class=\"md-content__inner md-typeset\">\n");
    if !page.doc.starts_with_title {
        html.push_str("<h1>");
        push_escaped(&mut html, &page.title);
        html.push_str("</h1>\n");
    }
    let body = body::html_with(place, &page.doc, &links, &page.sizes, &Names::new());
    html.push_str(&git_words::replaced(body, docs, page_idx));
    html.push_str("\n</article>\n</div>\n</div>\n");
    push_footer(docs, path, page_idx, &mut html);
    html.push_str("</main>\n</div>\n</body>\n</html>\n");
    html
}

/// Pages of the same docs are linked as they are; anything else of the
/// portal is where Backstage has it.
fn within_backstage(docs: &DocsSite, link: &LinkTarget) -> LinkTarget {
    match link {
        LinkTarget::Site { path, fragment } => {
            let rest = path.as_str().strip_prefix(&*docs.plan.base);
            if rest.is_some_and(|rest| rest.starts_with('/')) {
                return link.clone();
            }
            let fragment = fragment.as_deref().map(|fragment| format!("#{fragment}")).unwrap_or_default();
            LinkTarget::External(format!("/{}{fragment}", path.url()).into())
        }
        link => link.clone(),
    }
}

fn push_sidebar(side: &str, kind: &str, html: &mut String) {
    html.push_str(&format!(
        "<div class=\"md-sidebar md-sidebar--{side}\" data-md-component=\"sidebar\" data-md-type=\"{kind}\">\n\
         <div class=\"md-sidebar__scrollwrap\">\n<div class=\"md-sidebar__inner\">\n"
    ));
}

// Sections are nested no deeper than folders are.
fn push_nav(
    docs: &DocsSite,
    path: &SitePath,
    current: usize,
    items: &[NavItem],
    level: usize,
    html: &mut String,
) {
    html.push_str("<ul class=\"md-nav__list\">\n");
    for (idx, item) in items.iter().enumerate() {
        match item {
            NavItem::Page { title, page } => {
                let is_current = *page == current;
                let href = path.relative(&docs.plan.pages[*page].path);
                let mark =
                    if is_current { (" md-nav__item--active", " md-nav__link--active") } else { ("", "") };
                html.push_str(&format!(
                    "<li class=\"md-nav__item{}\"><a class=\"md-nav__link{}\" href=\"",
                    mark.0, mark.1
                ));
                push_escaped(html, &href);
                html.push_str("\">");
                push_escaped(html, title);
                html.push_str("</a></li>\n");
            }
            NavItem::Link { title, url } => {
                html.push_str("<li class=\"md-nav__item\"><a class=\"md-nav__link\" href=\"");
                push_escaped(html, url);
                html.push_str("\">");
                push_escaped(html, title);
                html.push_str("</a></li>\n");
            }
            NavItem::Section { title, items } => {
                let id = format!("__nav_{level}_{idx}");
                html.push_str("<li class=\"md-nav__item md-nav__item--nested\"><input class=\"md-nav__toggle md-toggle\" ");
                html.push_str(&format!(
                    "type=\"checkbox\" id=\"{id}\" checked><label class=\"md-nav__link\" for=\"{id}\">"
                ));
                push_escaped(html, title);
                html.push_str(&format!("</label>\n<nav class=\"md-nav\" data-md-level=\"{}\">", level + 1));
                push_nav(docs, path, current, items, level + 1, html);
                html.push_str("</nav></li>\n");
            }
        }
    }
    html.push_str("</ul>\n");
}

fn push_contents(doc: &Doc, html: &mut String) {
    html.push_str("<nav class=\"md-nav md-nav--secondary\" aria-label=\"Table of contents\">\n");
    html.push_str("<label class=\"md-nav__title\" for=\"__toc\">Table of contents</label>\n<ul class=\"md-nav__list\">\n");
    for heading in doc.headings.iter().filter(|heading| (2..=3).contains(&heading.level)).take(200) {
        html.push_str("<li class=\"md-nav__item\"><a class=\"md-nav__link\" href=\"#");
        push_escaped(html, &heading.id);
        html.push_str("\">");
        push_escaped(html, &heading.text);
        html.push_str("</a></li>\n");
    }
    html.push_str("</ul>\n</nav>\n");
}

fn push_footer(docs: &DocsSite, path: &SitePath, current: usize, html: &mut String) {
    let Some(position) = docs.order.iter().position(|page| *page == current) else { return };
    html.push_str(
        "<footer class=\"md-footer\"><nav class=\"md-footer__inner md-grid\" aria-label=\"Footer\">\n",
    );
    let previous = position.checked_sub(1).and_then(|position| docs.order.get(position));
    let sides = [(previous, "prev", "Previous"), (docs.order.get(position + 1), "next", "Next")];
    for (page, side, label) in sides {
        let Some(page) = page else { continue };
        html.push_str(&format!(
            "<a class=\"md-footer__link md-footer__link--{side}\" rel=\"{side}\" href=\""
        ));
        push_escaped(html, &path.relative(&docs.plan.pages[*page].path));
        html.push_str(&format!(
            "\"><div class=\"md-footer__title\"><span class=\"md-footer__direction\">{label}</span>"
        ));
        html.push_str("<div class=\"md-ellipsis\">");
        push_escaped(html, &docs.pages[*page].title);
        html.push_str("</div></div></a>\n");
    }
    html.push_str("</nav></footer>\n");
}
