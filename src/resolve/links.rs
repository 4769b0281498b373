//! What links lead to: one function for Markdown and raw HTML alike.
//! A link is only ever looked up in the tables of the snapshot; no path
//! of the disk is asked.

use percent_encoding::percent_decode_str;

use super::checkouts;
use super::docs_files::{is_hidden, is_publishable, outside_path};
use super::docs_nav::has_scheme;
use super::links_near;
use super::routes::{Published, Routes, anchors, candidates, find_anchor, is_top};
use crate::base::url::safe_url;
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::doc::{Doc, DocLink, LinkKind};
use crate::model::docs_site::{DocsAsset, DocsSite, LinkTarget};
use crate::model::file::{FileId, RepoId, folder_of, join};
use crate::model::site_path::{SitePath, entity_folder};

/// How many broken links of a page get a suggestion.
const MAX_SUGGESTIONS: usize = 8;

/// What the links of a page lead to.
#[derive(Debug, Clone, Default)]
pub struct PageLinks {
    /// As long as the page's links.
    pub targets: Vec<LinkTarget>,
    /// Images outside of the docs folder that the page shows: they are
    /// to be copied too.
    pub assets: Vec<DocsAsset>,
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
}

/// A link taken apart.
struct Parts<'l> {
    link: &'l DocLink,
    /// Decoded, without query and fragment.
    path: String,
    /// Decoded; `None` when the link has none.
    fragment: Option<String>,
}

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
    };
    let links = &site.pages[page_idx].doc.links;
    let targets = links.iter().map(|link| from.target(link, diags)).collect();
    PageLinks { targets, assets: from.assets }
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

    /// A URL of another site, or of a host whose repository is a source.
    fn external(&mut self, link: &DocLink, target: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let with_scheme = match target.strip_prefix("//") {
            Some(rest) => format!("https://{rest}"),
            None => target.to_string(),
        };
        let Some(url) = safe_url(&with_scheme) else {
            diags.push(codes::docs::unsafe_link(link.span, target));
            return LinkTarget::Broken;
        };
        let own = checkouts::place(&self.routes.checkouts, &url)
            .filter(|place| place.is_current && !place.path.is_empty());
        let page = own.and_then(|place| {
            let file = *self.routes.files.get(&(place.repo, &*place.path))?;
            self.published(file).filter(|_| link.kind == LinkKind::Href)
        });
        let Some((site_idx, published)) = page else { return LinkTarget::External(url.into_owned().into()) };
        // The host's anchors are not ours, so one that is missing here
        // is no fault of the page.
        let fragment = url
            .split_once('#')
            .and_then(|(_, fragment)| self.anchor(site_idx, published, &decoded(fragment)));
        LinkTarget::Site { path: self.path_of(site_idx, published), fragment: fragment.map(Box::from) }
    }

    fn own_anchor(&mut self, link: &DocLink, fragment: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let found = self.anchor(self.site_idx, Published::Page(self.page_idx), fragment);
        let nearest = || self.nearest_anchor(self.site_idx, self.page_idx, fragment);
        own_fragment(link, fragment, found, nearest, diags)
    }

    /// `/x`: of the docs folder, of the repository, of the portal.
    fn absolute(&mut self, parts: &Parts, path: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let docs_dir = &*self.routes.docs[self.site_idx].plan.docs_dir;
        let in_docs = self.file(docs_dir, path).filter(|file| self.published(*file).is_some());
        if let Some(file) = in_docs {
            return self.file_target(parts, file, diags);
        }
        if let Some(file) = self.file("", path) {
            return self.file_target(parts, file, diags);
        }
        if let Some(path) = self.routes.portal_page(path).filter(|_| !path.is_empty()) {
            return LinkTarget::Site { path, fragment: None };
        }
        let folder = self.folder(docs_dir, path).or_else(|| self.folder("", path));
        match folder {
            Some(folder) if !folder.is_empty() => self.folder_target(parts, &folder, diags),
            _ => self.broken(parts, diags),
        }
    }

    fn relative(&mut self, parts: &Parts, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let folder = folder_of(self.path);
        let path = &*parts.path;
        // Authors of directory URLs write `./#x` for the page itself.
        let is_self = matches!(path, "." | "./");
        if is_self && let Some(fragment) = &parts.fragment {
            let own = self.anchor(self.site_idx, Published::Page(self.page_idx), fragment);
            if let Some(own) = own {
                return LinkTarget::Fragment(own.into());
            }
        }
        if let Some(file) = self.file(folder, path) {
            return self.file_target(parts, file, diags);
        }
        // The page's URL has one more folder than its file.
        let output = self.path.rsplit_once('.').map_or(self.path, |(stem, _)| stem);
        let by_output = self.file(output, path).filter(|file| self.published(*file).is_some());
        if let Some(file) = by_output {
            return self.file_target(parts, file, diags);
        }
        if let Some(folder) = self.folder(folder, path) {
            return self.folder_target(parts, &folder, diags);
        }
        if let Some(file) = self.file_of_any_case(folder, path) {
            let actual = links_near::relative(folder, &self.routes.snapshot.file(file).path);
            diags.push(codes::docs::link_case(parts.link.span, &parts.link.target, &actual));
            return self.file_target(parts, file, diags);
        }
        if join(folder, path).is_none() && !path.contains('\\') {
            diags.push(codes::docs::link_outside(parts.link.span, &parts.link.target));
            return LinkTarget::Broken;
        }
        self.broken(parts, diags)
    }

    /// Finds a file by its own path, or a page by what URLs call it; a
    /// page that is not published gives way to the folder of that name.
    fn file(&self, folder: &str, path: &str) -> Option<FileId> {
        let wanted = join(folder, path)?;
        let file = self.routes.file(self.repo, &wanted)?;
        let is_exact = *self.routes.snapshot.file(file).path == *wanted;
        let is_folder = || self.routes.snapshot.files_below(self.repo, &wanted).next().is_some();
        (is_exact || self.published(file).is_some() || !is_folder()).then_some(file)
    }

    /// Finds a folder of the repository that holds files.
    fn folder(&self, folder: &str, path: &str) -> Option<String> {
        let folder = join(folder, path)?;
        self.routes.snapshot.files_below(self.repo, &folder).next()?;
        Some(folder)
    }

    fn file_of_any_case(&self, folder: &str, path: &str) -> Option<FileId> {
        let path = join(folder, path)?.to_lowercase();
        let lower = self.routes.lower();
        let mut found = None;
        candidates(&path, &mut |candidate| {
            found = found.or_else(|| lower.get(&(self.repo, candidate.to_lowercase())).copied());
            found.is_some()
        });
        found
    }

    /// Finds where a file is published: in this docs site, or else in
    /// the first that has it.
    fn published(&self, file: FileId) -> Option<(usize, Published)> {
        let plan = &self.routes.docs[self.site_idx].plan;
        if let Ok(page) = plan.pages.binary_search_by_key(&file, |page| page.file) {
            return Some((self.site_idx, Published::Page(page)));
        }
        if let Ok(asset) = plan.assets.binary_search_by_key(&file, |asset| asset.file) {
            return Some((self.site_idx, Published::Asset(asset)));
        }
        self.routes.published.get(&file).copied()
    }

    fn path_of(&self, site_idx: usize, published: Published) -> SitePath {
        let plan = &self.routes.docs[site_idx].plan;
        match published {
            Published::Page(page) => plan.pages[page].path.clone(),
            Published::Asset(asset) => plan.assets[asset].path.clone(),
        }
    }

    fn file_target(&mut self, parts: &Parts, file: FileId, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        if let Some((site_idx, published)) = self.published(file) {
            return self.published_target(parts, site_idx, published, diags);
        }
        let path = &*self.routes.snapshot.file(file).path;
        if parts.link.kind == LinkKind::Src {
            return self.outside_asset(parts, file, diags);
        }
        if let Some(entity) = self.routes.declared.get(&file) {
            let path = SitePath::page(&entity_folder(&self.routes.catalog.entity(*entity).entity_ref));
            return LinkTarget::Site { path, fragment: None };
        }
        match self.routes.snapshot.repo(self.repo).view_url(path) {
            Some(url) => LinkTarget::External(with_fragment(url, parts).into()),
            None => {
                diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
                LinkTarget::Broken
            }
        }
    }

    fn published_target(
        &mut self,
        parts: &Parts,
        site_idx: usize,
        published: Published,
        diags: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
        if parts.link.kind == LinkKind::Src && matches!(published, Published::Page(_)) {
            return self.broken(parts, diags);
        }
        let path = self.path_of(site_idx, published);
        let (Published::Page(page_idx), Some(fragment)) = (published, &parts.fragment) else {
            return LinkTarget::Site { path, fragment: None };
        };
        if (site_idx, page_idx) == (self.site_idx, self.page_idx) {
            return self.own_anchor(parts.link, fragment, diags);
        }
        let anchor = self.anchor(site_idx, published, fragment);
        if anchor.is_none() && !is_top(fragment) {
            let nearest = self.nearest_anchor(site_idx, page_idx, fragment);
            let source = &self.routes.docs[site_idx].plan.pages[page_idx].source;
            diags.push(codes::docs::broken_anchor(parts.link.span, fragment, Some(source), nearest));
        }
        LinkTarget::Site { path, fragment: anchor.map(Box::from) }
    }

    /// An image that lies outside of every docs folder is copied for the
    /// page that shows it.
    fn outside_asset(&mut self, parts: &Parts, file: FileId, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let path = &*self.routes.snapshot.file(file).path;
        if is_hidden(path) || !is_publishable(self.routes.snapshot, file, &mut Vec::new()) {
            diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
            return LinkTarget::Broken;
        }
        let path = outside_path(&self.routes.docs[self.site_idx].plan.base, path);
        if !self.assets.iter().any(|asset| asset.file == file) {
            self.assets.push(DocsAsset { file, path: path.clone() });
        }
        LinkTarget::Site { path, fragment: None }
    }

    fn folder_target(&mut self, parts: &Parts, folder: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        if parts.link.kind == LinkKind::Src {
            return self.broken(parts, diags);
        }
        let own = &self.routes.docs[self.site_idx];
        let is_site = |site: &DocsSite| {
            site.plan.repo == self.repo && (*site.plan.docs_dir == *folder || *site.plan.root == *folder)
        };
        // The folder of this docs site itself, without an index.
        if is_site(own)
            && let Some(home) = own.home
        {
            return LinkTarget::Site { path: own.plan.pages[home].path.clone(), fragment: None };
        }
        match self.routes.snapshot.repo(self.repo).folder_url(folder) {
            Some(url) => LinkTarget::External(url.into()),
            None => {
                diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
                LinkTarget::Broken
            }
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
        diags.push(codes::docs::broken_link(parts.link.span, &parts.link.target, nearest.as_deref()));
        LinkTarget::Broken
    }

    /// Returns the anchor that a fragment means on a page.
    fn anchor(&self, site_idx: usize, published: Published, fragment: &str) -> Option<&'r str> {
        let Published::Page(page_idx) = published else { return None };
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

fn with_fragment(url: String, parts: &Parts) -> String {
    match parts.link.target.split_once('#') {
        Some((_, fragment)) if !url.contains('#') => format!("{url}#{fragment}"),
        _ => url,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::super::routes::routes;
    use super::super::{docs, fixture, nav};
    use super::*;
    use crate::model::file::FileKind;
    use crate::model::mkdocs::{DocsConfig, ReadDocsConfig};

    const FILES: &[&str] = &[
        "other:docs/index.md",
        "other:c.yaml",
        "pay:CONTRIBUTING.md",
        "pay:LICENSE",
        "pay:assets/logo.png",
        "pay:assets/page.html",
        "pay:c.yaml",
        "pay:docs/Case.md",
        "pay:docs/guides/README.md",
        "pay:docs/guides/first.md",
        "pay:docs/guides/second.md",
        "pay:docs/img/a%20b.png",
        "pay:docs/index.md",
        "pay:docs/run.sh",
        "pay:mkdocs.yml",
        "pay:src/README.md",
        "pay:src/main.rs",
        "local:docs/index.md",
        "local:LICENSE",
    ];

    /// Makes the docs sites of `FILES`; the page at `place` has `links`,
    /// every page the headings `setup` and `uber|über`.
    fn linked(place: &str, links: &[&str], f: &dyn Fn(&Routes, usize, usize) -> String) -> String {
        linked_in(true, place, links, f)
    }

    fn linked_in(
        has_search: bool,
        place: &str,
        links: &[&str],
        f: &dyn Fn(&Routes, usize, usize) -> String,
    ) -> String {
        let snapshot = fixture::snapshot(FILES);
        let catalog = fixture::catalog(
            &snapshot,
            &[
                "component:pay @ pay:c.yaml techdocs-ref=dir:.",
                "component:other @ other:c.yaml techdocs-ref=dir:.",
            ],
        );
        let configs: Vec<ReadDocsConfig> = (0..snapshot.files.len() as u32)
            .map(FileId)
            .filter(|file| snapshot.file(*file).kind == FileKind::Mkdocs)
            .map(|file| ReadDocsConfig { file, config: Some(DocsConfig::default()), diagnostics: Vec::new() })
            .collect();
        let plans = docs::plans(&snapshot, &catalog, &configs, &mut Vec::new());
        let page_file = fixture::file(&snapshot, place);
        let mut at = (0, 0);
        let mut sites = Vec::new();
        for (site_idx, plan) in plans.into_iter().enumerate() {
            let doc_of = |(page_idx, file): (usize, FileId)| -> (usize, Doc) {
                let links = if file == page_file { links } else { &[] };
                (page_idx, fixture::doc(file, None, &["setup", "uber|über"], links))
            };
            let files: Vec<FileId> = plan.pages.iter().map(|page| page.file).collect();
            let docs: Vec<(usize, Doc)> = files.into_iter().enumerate().map(doc_of).collect();
            if let Some((page_idx, _)) = docs.iter().find(|(_, doc)| doc.file == page_file) {
                at = (site_idx, *page_idx);
            }
            sites.push(nav::docs_site(plan, docs.into_iter().map(|(_, doc)| doc).collect()));
        }
        let routes = routes(&snapshot, &catalog, &sites, has_search);
        f(&routes, at.0, at.1)
    }

    fn shown(target: &LinkTarget) -> String {
        match target {
            LinkTarget::Site { path, fragment: None } => path.to_string(),
            LinkTarget::Site { path, fragment: Some(fragment) } => format!("{path} #{fragment}"),
            LinkTarget::Fragment(fragment) => format!("#{fragment}"),
            LinkTarget::External(url) => format!("<{url}>"),
            LinkTarget::Broken => "BROKEN".to_string(),
        }
    }

    #[track_caller]
    fn check(place: &str, links: &[&str], expected: Expect) {
        let text = linked(place, links, &|routes, site_idx, page_idx| {
            let mut diags = Vec::new();
            let found = targets(routes, site_idx, page_idx, &mut diags);
            assert_eq!(found.targets.len(), links.len());
            let mut text = String::new();
            for (link, target) in links.iter().zip(&found.targets) {
                text.push_str(&format!("{link} -> {}\n", shown(target)));
            }
            for asset in &found.assets {
                text.push_str(&format!("+ {} = {}\n", routes.snapshot.file(asset.file).path, asset.path));
            }
            text + &fixture::said(routes.snapshot, &diags)
        });
        expected.assert_eq(&text);
    }

    #[test]
    fn urls_stay_as_they_are() {
        check(
            "pay:docs/index.md",
            &[
                "https://x.example/a?b=c#d",
                "//cdn.example/x",
                "mailto:a@x.example",
                "HTTP://x.example",
                "javascript:alert(1)",
                "component:default/pay",
                "data:text/html,x",
            ],
            expect![[r#"
                https://x.example/a?b=c#d -> <https://x.example/a?b=c#d>
                //cdn.example/x -> <https://cdn.example/x>
                mailto:a@x.example -> <mailto:a@x.example>
                HTTP://x.example -> <HTTP://x.example>
                javascript:alert(1) -> BROKEN
                component:default/pay -> BROKEN
                data:text/html,x -> BROKEN
                docs/index.md: warning unsafe-link: link to `javascript:alert(1)` has a scheme that is not allowed
                docs/index.md: warning unsafe-link: link to `component:default/pay` has a scheme that is not allowed
                docs/index.md: warning unsafe-link: link to `data:text/html,x` has a scheme that is not allowed
            "#]],
        );
    }

    #[test]
    fn anchors_are_those_of_the_page() {
        check(
            "pay:docs/guides/first.md",
            &[
                "#setup",
                "#%C3%BCber",
                "#Setup",
                "#raw",
                "#",
                "#top",
                "#setpu",
                "#nothing-like-it",
                "second.md#über",
                "second.md#setp",
                "./#setup",
                "first.md#setup",
                "second.md#",
            ],
            expect![[r#"
                #setup -> #setup
                #%C3%BCber -> #uber
                #Setup -> #setup
                #raw -> #raw
                # -> #
                #top -> #
                #setpu -> #setpu
                #nothing-like-it -> #nothing-like-it
                second.md#über -> docs/default/component/pay/guides/second/index.html #uber
                second.md#setp -> docs/default/component/pay/guides/second/index.html
                ./#setup -> #setup
                first.md#setup -> #setup
                second.md# -> docs/default/component/pay/guides/second/index.html
                docs/guides/first.md: warning broken-anchor: this page has no heading with the anchor `#setpu` (did you mean `#setup`?)
                docs/guides/first.md: warning broken-anchor: this page has no heading with the anchor `#nothing-like-it`
                docs/guides/first.md: warning broken-anchor: `guides/second.md` has no heading with the anchor `#setp` (did you mean `#setup`?)
            "#]],
        );
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        check(
            "pay:docs/guides/first.md",
            &[
                "second.md",
                "./second",
                "second/",
                "../index.md",
                "..",
                "../",
                ".",
                "README.md",
                "second.html",
                "second.md?raw=1#setup",
                "../img/a%20b.png",
                "!../img/a b.png",
                "../guides/index.html",
            ],
            expect![[r#"
                second.md -> docs/default/component/pay/guides/second/index.html
                ./second -> docs/default/component/pay/guides/second/index.html
                second/ -> docs/default/component/pay/guides/second/index.html
                ../index.md -> docs/default/component/pay/index.html
                .. -> docs/default/component/pay/index.html
                ../ -> docs/default/component/pay/index.html
                . -> docs/default/component/pay/guides/index.html
                README.md -> docs/default/component/pay/guides/index.html
                second.html -> docs/default/component/pay/guides/second/index.html
                second.md?raw=1#setup -> docs/default/component/pay/guides/second/index.html #setup
                ../img/a%20b.png -> docs/default/component/pay/img/a b.png
                !../img/a b.png -> docs/default/component/pay/img/a b.png
                ../guides/index.html -> docs/default/component/pay/guides/index.html
            "#]],
        );
    }

    #[test]
    fn paths_may_be_relative_to_the_url() {
        check(
            "pay:docs/guides/first.md",
            &["../second/", "../../Case/", "!../../img/a b.png", "../../index.md"],
            expect![[r#"
                ../second/ -> docs/default/component/pay/guides/second/index.html
                ../../Case/ -> docs/default/component/pay/Case/index.html
                !../../img/a b.png -> docs/default/component/pay/img/a b.png
                ../../index.md -> docs/default/component/pay/index.html
            "#]],
        );
    }

    #[test]
    fn absolute_paths_are_of_the_docs_the_repository_or_the_portal() {
        check(
            "pay:docs/guides/first.md",
            &[
                "/Case.md",
                "/guides/",
                "/docs/Case.md",
                "/LICENSE",
                "/catalog/default/component/other",
                "/docs/default/component/other/",
                "/docs/default/component/pay/guides/second",
                "/catalog",
                "/catalog/component/",
                "/nothing",
                "/src",
            ],
            expect![[r#"
                /Case.md -> docs/default/component/pay/Case/index.html
                /guides/ -> docs/default/component/pay/guides/index.html
                /docs/Case.md -> docs/default/component/pay/Case/index.html
                /LICENSE -> <https://github.com/Acme/pay/blob/main/LICENSE>
                /catalog/default/component/other -> catalog/default/component/other/index.html
                /docs/default/component/other/ -> docs/default/component/other/index.html
                /docs/default/component/pay/guides/second -> docs/default/component/pay/guides/second/index.html
                /catalog -> catalog/index.html
                /catalog/component/ -> catalog/component/index.html
                /nothing -> BROKEN
                /src -> <https://github.com/Acme/pay/tree/main/src>
                docs/guides/first.md: warning broken-link: link to `/nothing`, which does not exist
            "#]],
        );
    }

    #[test]
    fn links_out_of_the_docs_lead_to_the_host() {
        check(
            "pay:docs/index.md",
            &[
                "../LICENSE",
                "../LICENSE#L3",
                "../src",
                "../src/main.rs",
                "../CONTRIBUTING",
                "run.sh",
                "../c.yaml",
                "..",
                "../../other/c.yaml",
                "%2e%2e/%2e%2e/x",
                "../mkdocs.yml",
            ],
            expect![[r#"
                ../LICENSE -> <https://github.com/Acme/pay/blob/main/LICENSE>
                ../LICENSE#L3 -> <https://github.com/Acme/pay/blob/main/LICENSE#L3>
                ../src -> <https://github.com/Acme/pay/tree/main/src>
                ../src/main.rs -> <https://github.com/Acme/pay/blob/main/src/main.rs>
                ../CONTRIBUTING -> <https://github.com/Acme/pay/blob/main/CONTRIBUTING.md>
                run.sh -> <https://github.com/Acme/pay/blob/main/docs/run.sh>
                ../c.yaml -> catalog/default/component/pay/index.html
                .. -> docs/default/component/pay/index.html
                ../../other/c.yaml -> BROKEN
                %2e%2e/%2e%2e/x -> BROKEN
                ../mkdocs.yml -> <https://github.com/Acme/pay/blob/main/mkdocs.yml>
                docs/index.md: warning link-outside: link to `../../other/c.yaml` leads out of the repository
                docs/index.md: warning link-outside: link to `%2e%2e/%2e%2e/x` leads out of the repository
            "#]],
        );
        check(
            "local:docs/index.md",
            &["../LICENSE", "..", "!../LICENSE"],
            expect![[r#"
            ../LICENSE -> BROKEN
            .. -> docs/default/repository/local/index.html
            !../LICENSE -> BROKEN
            docs/index.md: warning file-not-published: `../LICENSE` is not a file that the portal publishes
            docs/index.md: warning file-not-published: `../LICENSE` is not a file that the portal publishes
        "#]],
        );
    }

    #[test]
    fn images_out_of_the_docs_are_copied() {
        check(
            "pay:docs/index.md",
            &[
                "!../assets/logo.png",
                "!../assets/logo.png",
                "../assets/logo.png",
                "!../assets/page.html",
                "!../../../../etc/passwd",
                "!nothing.png",
                "!guides",
            ],
            expect![[r#"
                !../assets/logo.png -> docs/default/component/pay/_files/assets/logo.png
                !../assets/logo.png -> docs/default/component/pay/_files/assets/logo.png
                ../assets/logo.png -> <https://github.com/Acme/pay/blob/main/assets/logo.png>
                !../assets/page.html -> BROKEN
                !../../../../etc/passwd -> BROKEN
                !nothing.png -> BROKEN
                !guides -> BROKEN
                + assets/logo.png = docs/default/component/pay/_files/assets/logo.png
                docs/index.md: warning file-not-published: `../assets/page.html` is not a file that the portal publishes
                docs/index.md: warning link-outside: link to `../../../../etc/passwd` leads out of the repository
                docs/index.md: warning broken-link: link to `nothing.png`, which does not exist
                docs/index.md: warning broken-link: link to `guides`, which does not exist
            "#]],
        );
    }

    #[test]
    fn urls_of_a_source_lead_to_its_pages() {
        check(
            "other:docs/index.md",
            &[
                "https://github.com/acme/pay/blob/main/docs/guides/first.md#über",
                "https://github.com/Acme/pay/tree/main/docs/Case.md?plain=1",
                "https://github.com/acme/pay/blob/v1.0/docs/Case.md",
                "https://github.com/acme/pay/blob/main/src/main.rs",
                "https://github.com/acme/pay/blob/main/docs/guides/first.md#gone",
                "https://github.com/acme/pay",
                "https://github.com/acme/unknown/blob/main/docs/Case.md",
            ],
            expect![[r#"
                https://github.com/acme/pay/blob/main/docs/guides/first.md#über -> docs/default/component/pay/guides/first/index.html #uber
                https://github.com/Acme/pay/tree/main/docs/Case.md?plain=1 -> docs/default/component/pay/Case/index.html
                https://github.com/acme/pay/blob/v1.0/docs/Case.md -> <https://github.com/acme/pay/blob/v1.0/docs/Case.md>
                https://github.com/acme/pay/blob/main/src/main.rs -> <https://github.com/acme/pay/blob/main/src/main.rs>
                https://github.com/acme/pay/blob/main/docs/guides/first.md#gone -> docs/default/component/pay/guides/first/index.html
                https://github.com/acme/pay -> <https://github.com/acme/pay>
                https://github.com/acme/unknown/blob/main/docs/Case.md -> <https://github.com/acme/unknown/blob/main/docs/Case.md>
            "#]],
        );
    }

    #[test]
    fn case_is_a_last_resort() {
        check(
            "pay:docs/index.md",
            &["case.md", "GUIDES/First", "case.md#setup"],
            expect![[r#"
            case.md -> docs/default/component/pay/Case/index.html
            GUIDES/First -> docs/default/component/pay/guides/first/index.html
            case.md#setup -> docs/default/component/pay/Case/index.html #setup
            docs/index.md: warning link-case: link to `case.md` differs in case from the file (write `Case.md`)
            docs/index.md: warning link-case: link to `GUIDES/First` differs in case from the file (write `guides/first.md`)
            docs/index.md: warning link-case: link to `case.md#setup` differs in case from the file (write `Case.md`)
        "#]],
        );
    }

    #[test]
    fn misses_suggest_a_page() {
        check(
            "pay:docs/index.md",
            &["", "?x", "first.md", "guides/frist.md", "guides/main.sh", "index.mdx", "a\\b.md"],
            expect![[r#"
                 -> BROKEN
                ?x -> #
                first.md -> BROKEN
                guides/frist.md -> BROKEN
                guides/main.sh -> BROKEN
                index.mdx -> BROKEN
                a\b.md -> BROKEN
                docs/index.md: warning broken-link: link without a target
                docs/index.md: warning broken-link: link to `first.md`, which does not exist (did you mean `guides/first.md`?)
                docs/index.md: warning broken-link: link to `guides/frist.md`, which does not exist (did you mean `guides/first.md`?)
                docs/index.md: warning broken-link: link to `guides/main.sh`, which does not exist
                docs/index.md: warning broken-link: link to `index.mdx`, which does not exist
                docs/index.md: warning broken-link: link to `a\b.md`, which does not exist
            "#]],
        );
    }

    #[test]
    fn the_home_page_links_to_the_portal() {
        let links = [
            "catalog/",
            "./catalog/default/component/pay/",
            "docs/default/component/pay/guides/first/",
            "docs/",
            "/",
            "#setup",
            "#gone",
            "#",
            "#top",
            "search/",
            "/health/",
            "https://x.example",
            "javascript:x",
            "LICENSE",
            "catalog/component",
            "catalog/nothing",
        ];
        let text = linked("pay:docs/index.md", &links, &|routes, site_idx, page_idx| {
            let mut diags = Vec::new();
            let found = home_targets(routes, &routes.docs[site_idx].pages[page_idx].doc, &mut diags);
            let lines =
                links.iter().zip(&found).map(|(link, target)| format!("{link} -> {}\n", shown(target)));
            lines.collect::<String>() + &fixture::said(routes.snapshot, &diags)
        });
        expect![[r#"
            catalog/ -> catalog/index.html
            ./catalog/default/component/pay/ -> catalog/default/component/pay/index.html
            docs/default/component/pay/guides/first/ -> docs/default/component/pay/guides/first/index.html
            docs/ -> docs/index.html
            / -> index.html
            #setup -> #setup
            #gone -> #gone
            # -> #
            #top -> #
            search/ -> search/index.html
            /health/ -> health/index.html
            https://x.example -> <https://x.example>
            javascript:x -> BROKEN
            LICENSE -> BROKEN
            catalog/component -> catalog/component/index.html
            catalog/nothing -> BROKEN
            docs/index.md: warning broken-anchor: this page has no heading with the anchor `#gone`
            docs/index.md: warning unsafe-link: link to `javascript:x` has a scheme that is not allowed
            docs/index.md: warning broken-link: link to `LICENSE`, which does not exist
            docs/index.md: warning broken-link: link to `catalog/nothing`, which does not exist
        "#]]
        .assert_eq(&text);
    }

    #[test]
    fn a_portal_without_search_has_no_search_page() {
        let text = linked_in(false, "pay:docs/index.md", &["/search/"], &|routes, site_idx, page_idx| {
            let mut diags = Vec::new();
            let found = targets(routes, site_idx, page_idx, &mut diags);
            let home = home_targets(routes, &routes.docs[site_idx].pages[page_idx].doc, &mut diags);
            format!("{} {}\n", shown(&found.targets[0]), shown(&home[0]))
                + &fixture::said(routes.snapshot, &diags)
        });
        expect![[r#"
            BROKEN BROKEN
            docs/index.md: warning broken-link: link to `/search/`, which does not exist
            docs/index.md: warning broken-link: link to `/search/`, which does not exist
        "#]]
        .assert_eq(&text);
    }
}
