//! What links lead to: one function for Markdown and raw HTML alike.
//! A link is only ever looked up in the tables of the snapshot; no path
//! of the disk is asked.

mod paths;
mod targets;

use percent_encoding::percent_decode_str;

use super::checkouts;
use super::docs_nav::has_scheme;
use super::links_near;
use super::routes::{Published, Routes, anchors, find_anchor, is_top};
use crate::base::text::nearest;
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::doc::{Doc, DocLink, LinkKind};
use crate::model::docs_site::{DocsAsset, LinkTarget};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{RepoId, folder_of, join};
use crate::model::site_path::{SitePath, entity_folder};

/// How many broken links of a page get a suggestion.
const MAX_SUGGESTIONS: usize = 8;
/// How many entities are compared for one suggestion.
const MAX_ENTITIES: usize = 2_000;

/// What the links of a page lead to.
#[derive(Debug, Clone, Default)]
pub struct PageLinks {
    /// As long as the page's links.
    pub targets: Vec<LinkTarget>,
    /// Images outside of the docs folder that the page shows: they are
    /// to be copied too.
    pub assets: Vec<DocsAsset>,
    /// The other pages, by docs site and number, whose anchors count.
    pub asked: Vec<(u32, u32)>,
}

/// The page whose links are looked up.
struct Origin<'r, 's> {
    routes: &'r Routes<'s>,
    site_idx: usize,
    page_idx: usize,
    repo: RepoId,
    /// The page's file, relative to the repository.
    path: &'s str,
    n_suggestions: usize,
    assets: Vec<DocsAsset>,
    asked: Vec<(u32, u32)>,
}

/// A link taken apart.
struct Parts<'l> {
    link: &'l DocLink,
    /// Decoded, without query and fragment.
    path: String,
    /// Decoded; `None` when the link has none.
    fragment: Option<String>,
}

/// So much is said of the links of one page: a list of more is read by
/// nobody, and would fill thousands of pages of the portal's health.
const MAX_SAID: usize = 1_000;

/// Finds the target of every link of a page: `docs[site_idx].pages[page_idx]`.
pub fn targets(routes: &Routes, site_idx: usize, page_idx: usize, diags: &mut Vec<Diagnostic>) -> PageLinks {
    let site = &routes.docs[site_idx];
    let file = routes.snapshot.file(site.plan.pages[page_idx].file);
    let mut from = Origin {
        routes,
        site_idx,
        page_idx,
        repo: file.repo,
        path: &file.path,
        n_suggestions: 0,
        assets: Vec::new(),
        asked: Vec::new(),
    };
    let links = &site.pages[page_idx].doc.links;
    let n_before = diags.len();
    let targets = links.iter().map(|link| from.target(link, diags)).collect();
    let n_said = diags.len() - n_before;
    if n_said > MAX_SAID {
        diags.truncate(n_before + MAX_SAID);
        let span = Span::of_file(site.plan.pages[page_idx].file);
        diags.push(codes::docs::more_broken_links(span, n_said - MAX_SAID));
    }
    PageLinks { targets, assets: from.assets, asked: from.asked }
}

impl<'r> Origin<'r, '_> {
    fn target(&mut self, link: &DocLink, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let target = link.target.trim();
        if has_scheme(target) {
            return self.external(link, target, diags);
        }
        let parts = parts(link, target);
        if parts.path.is_empty() && parts.fragment.is_none() {
            // `[x](?y)` is the page itself, told something.
            if !target.is_empty() {
                return LinkTarget::Fragment("".into());
            }
            diags.push(codes::docs::broken_link(link.span, target, None));
            return LinkTarget::Broken;
        }
        if parts.path.is_empty() {
            let fragment = parts.fragment.unwrap_or_default();
            return self.own_anchor(link, &fragment, diags);
        }
        if let Some(path) = parts.path.strip_prefix('/') {
            return self.absolute(&parts, path, diags);
        }
        self.relative(&parts, diags)
    }

    /// A URL of another site, a reference to an entity, or a URL of a
    /// host whose repository is a source.
    fn external(&mut self, link: &DocLink, target: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let with_scheme = match target.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None => target.to_string(),
        };
        let Some(url) = safe_url(&with_scheme) else {
            if link.kind == LinkKind::Href
                && let Some(found) = entity(self.routes, link, target, diags)
            {
                return found;
            }
            diags.push(codes::docs::unsafe_link(link.span, target));
            return LinkTarget::Broken;
        };
        // Who links to the editor of a file means the editor.
        let is_shown = !["/edit/", "/_edit/", "/blame/"].iter().any(|other| url.contains(other));
        let own = checkouts::place(self.routes.checkouts(), &url)
            .filter(|place| is_shown && place.is_current && !place.path.is_empty());
        let of_portal = own.and_then(|place| self.of_portal(link, &place, &url));
        of_portal.unwrap_or_else(|| LinkTarget::External(url.into_owned().into()))
    }

    /// Finds the page of the portal that a place of a source has.
    fn of_portal(&mut self, link: &DocLink, place: &checkouts::Place, url: &str) -> Option<LinkTarget> {
        let Some(file) = self.routes.at(place.repo, &place.path) else {
            let path = self.routes.docs_home(place.repo, &place.path)?;
            return (link.kind == LinkKind::Href).then_some(LinkTarget::Site { path, fragment: None });
        };
        let Some((site_idx, published)) = self.published(file) else {
            let entity = self.routes.declared(file).filter(|_| link.kind == LinkKind::Href)?;
            let path = SitePath::page(&entity_folder(&self.routes.catalog.entity(entity).entity_ref));
            return Some(LinkTarget::Site { path, fragment: None });
        };
        // A picture is one of ours wherever it is said to be, a page is
        // no picture.
        if (link.kind == LinkKind::Src) == matches!(published, Published::Page(_)) {
            return None;
        }
        let fragment = match published {
            Published::Asset(_) => targets::written_fragment(url),
            // The host's anchors are not ours, so one that is missing
            // here is no fault of the page.
            Published::Page(_) => url
                .split_once('#')
                .and_then(|(_, fragment)| self.anchor(site_idx, published, &decoded(fragment)))
                .map(Box::from),
        };
        Some(LinkTarget::Site { path: self.path_of(site_idx, published), fragment })
    }

    /// Tells whether a fragment means a line of code of a page: those are
    /// known by what all lines of a block begin with.
    fn is_line(&mut self, site_idx: usize, page_idx: usize, fragment: &str) -> bool {
        let Some((block, number)) = fragment.rsplit_once('-') else { return false };
        let is_number = (1..=9).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number
            && self.routes.docs[site_idx].plan.extensions.line_anchors.is_some()
            && self.anchor(site_idx, Published::Page(page_idx), block).is_some()
    }

    fn own_anchor(&mut self, link: &DocLink, fragment: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        if self.is_line(self.site_idx, self.page_idx, fragment) {
            return LinkTarget::Fragment(fragment.into());
        }
        let found = self.anchor(self.site_idx, Published::Page(self.page_idx), fragment);
        let is_quiet = self.routes.docs[self.site_idx].plan.ignored.broken_anchors;
        let nearest = || self.nearest_anchor(self.site_idx, self.page_idx, fragment);
        match is_quiet {
            true => own_fragment(link, fragment, found, || None, &mut Vec::new()),
            false => own_fragment(link, fragment, found, nearest, diags),
        }
    }

    fn broken(&mut self, parts: &Parts, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let nearest = match self.n_suggestions < MAX_SUGGESTIONS && names_page(&parts.path) {
            true => self.routes.near.page(self.routes.docs, self.site_idx, &parts.path),
            false => None,
        };
        self.n_suggestions += 1;
        let plan = &self.routes.docs[self.site_idx].plan;
        let source = folder_of(&plan.pages[self.page_idx].source);
        let nearest = nearest.map(|nearest| links_near::relative(source, nearest));
        if !self.routes.docs[self.site_idx].plan.ignored.broken_links {
            diags.push(codes::docs::broken_link(parts.link.span, &parts.link.target, nearest.as_deref()));
        }
        LinkTarget::Broken
    }

    /// Returns the anchor that a fragment means on a page.
    fn anchor(&mut self, site_idx: usize, published: Published, fragment: &str) -> Option<&'r str> {
        let Published::Page(page_idx) = published else { return None };
        let page = (site_idx as u32, page_idx as u32);
        if page != (self.site_idx as u32, self.page_idx as u32) && self.asked.last() != Some(&page) {
            self.asked.push(page);
        }
        self.routes.anchor(site_idx, page_idx, fragment)
    }

    fn nearest_anchor(&mut self, site_idx: usize, page_idx: usize, fragment: &str) -> Option<&'r str> {
        self.n_suggestions += 1;
        if self.n_suggestions > MAX_SUGGESTIONS {
            return None;
        }
        let doc = &self.routes.docs[site_idx].pages[page_idx].doc;
        links_near::anchor(doc, fragment)
    }
}

/// Finds the page of `component:default/pay`; `None` when it is no
/// reference of a kind that is known.
fn entity(routes: &Routes, link: &DocLink, target: &str, diags: &mut Vec<Diagnostic>) -> Option<LinkTarget> {
    let (written, fragment) =
        target.split_once('#').map_or((target, None), |(written, fragment)| (written, Some(fragment)));
    let written = decoded(written);
    let entity_ref = EntityRef::parse(&written, None, "default").ok()?;
    if !routes.has_kind(&entity_ref.kind) {
        return None;
    }
    if routes.catalog.find(&entity_ref).is_some() {
        let path = SitePath::page(&entity_folder(&entity_ref));
        return Some(LinkTarget::Site { path, fragment: fragment.map(Box::from) });
    }
    let all: Vec<String> = routes
        .catalog
        .entities
        .iter()
        .filter(|entity| entity.entity_ref.kind == entity_ref.kind)
        .take(MAX_ENTITIES)
        .map(|entity| entity.entity_ref.to_string())
        .collect();
    let near = nearest(&entity_ref.to_string(), all.iter().map(String::as_str));
    diags.push(codes::docs::broken_link(link.span, target, near));
    Some(LinkTarget::Broken)
}

/// Links to an anchor of the page itself: the one that was found.
fn own_fragment<'n>(
    link: &DocLink,
    fragment: &str,
    found: Option<&str>,
    nearest: impl FnOnce() -> Option<&'n str>,
    diags: &mut Vec<Diagnostic>,
) -> LinkTarget {
    match found {
        Some(anchor) => LinkTarget::Fragment(anchor.into()),
        None if is_top(fragment) => LinkTarget::Fragment("".into()),
        None => {
            diags.push(codes::docs::broken_anchor(link.span, fragment, None, nearest()));
            LinkTarget::Fragment(fragment.into())
        }
    }
}

/// Finds the target of every link of the home page's Markdown.
pub fn home_targets(routes: &Routes, doc: &Doc, diags: &mut Vec<Diagnostic>) -> Vec<LinkTarget> {
    let anchors = anchors(doc);
    let mut target = |link: &DocLink| {
        let written = link.target.trim();
        if has_scheme(written) {
            return match safe_url(written) {
                Some(url) => LinkTarget::External(url.into_owned().into()),
                None if link.kind == LinkKind::Href
                    && entity(routes, link, written, &mut Vec::new()).is_some() =>
                {
                    entity(routes, link, written, diags).unwrap_or(LinkTarget::Broken)
                }
                None => {
                    diags.push(codes::docs::unsafe_link(link.span, written));
                    LinkTarget::Broken
                }
            };
        }
        let parts = parts(link, written);
        if let (true, Some(fragment)) = (parts.path.is_empty(), &parts.fragment) {
            let found = find_anchor(&anchors, fragment);
            return own_fragment(link, fragment, found, || links_near::anchor(doc, fragment), diags);
        }
        let path = join("", parts.path.trim_start_matches('/')).filter(|_| !written.is_empty());
        match path.and_then(|path| routes.portal_page(&path)) {
            Some(path) => LinkTarget::Site { path, fragment: parts.fragment.map(|fragment| fragment.into()) },
            None => {
                diags.push(codes::docs::broken_link(link.span, written, None));
                LinkTarget::Broken
            }
        }
    };
    doc.links.iter().map(&mut target).collect()
}

/// Splits and decodes a link without a scheme.
fn parts<'l>(link: &'l DocLink, target: &str) -> Parts<'l> {
    let (before, fragment) = match target.split_once('#') {
        Some((before, fragment)) => (before, Some(decoded(fragment))),
        None => (target, None),
    };
    let path = before.split_once('?').map_or(before, |(path, _)| path);
    Parts { link, path: decoded(path), fragment }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_string(), |text| text.into_owned())
}

/// Tells whether a path looks like that of a page rather than of any
/// other file.
fn names_page(path: &str) -> bool {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_none_or(|(_, extension)| matches!(extension, "md" | "html" | "htm"))
}

#[cfg(test)]
mod tests;
