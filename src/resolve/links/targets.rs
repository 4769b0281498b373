//! Links whose file or folder is found: the page, the copy or the page at
//! the host that they lead to.

use super::{Origin, Parts};
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::doc::LinkKind;
use crate::model::docs_site::{AssetLook, DocsAsset, DocsSite, LinkTarget};
use crate::model::file::FileId;
use crate::model::site_path::{SitePath, entity_folder};
use crate::resolve::docs_files::{is_hidden, is_publishable, outside_path};
use crate::resolve::routes::{Published, is_top};

impl Origin<'_, '_> {
    /// Finds where a file is published: in this docs site, or else in
    /// the first that has it.
    pub(super) fn published(&self, file: FileId) -> Option<(usize, Published)> {
        let plan = &self.routes.docs[self.site_idx].plan;
        if let Ok(page) = plan.pages.binary_search_by_key(&file, |page| page.file) {
            return Some((self.site_idx, Published::Page(page)));
        }
        if let Ok(asset) = plan.assets.binary_search_by_key(&file, |asset| asset.file) {
            return Some((self.site_idx, Published::Asset(asset)));
        }
        self.routes.published(file)
    }

    pub(super) fn path_of(&self, site_idx: usize, published: Published) -> SitePath {
        let plan = &self.routes.docs[site_idx].plan;
        match published {
            Published::Page(page) => plan.pages[page].path.clone(),
            Published::Asset(asset) => plan.assets[asset].path.clone(),
        }
    }

    pub(super) fn file_target(
        &mut self,
        parts: &Parts,
        file: FileId,
        diags: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
        if let Some((site_idx, published)) = self.published(file) {
            return self.published_target(parts, site_idx, published, diags);
        }
        let path = &*self.routes.snapshot.file(file).path;
        if parts.link.kind == LinkKind::Src {
            return self.outside_asset(parts, file, diags);
        }
        if let Some(entity) = self.routes.declared(file) {
            let path = SitePath::page(&entity_folder(&self.routes.catalog.entity(entity).entity_ref));
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

    pub(super) fn published_target(
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
        // A file has places of its own, such as the page of a PDF.
        if matches!(published, Published::Asset(_)) {
            return LinkTarget::Site { path, fragment: written_fragment(&parts.link.target) };
        }
        let (Published::Page(page_idx), Some(fragment)) = (published, &parts.fragment) else {
            return LinkTarget::Site { path, fragment: None };
        };
        if (site_idx, page_idx) == (self.site_idx, self.page_idx) {
            return self.own_anchor(parts.link, fragment, diags);
        }
        if self.is_line(site_idx, page_idx, fragment) {
            return LinkTarget::Site { path, fragment: Some(fragment.as_str().into()) };
        }
        let anchor = self.anchor(site_idx, published, fragment);
        let is_quiet = self.routes.docs[self.site_idx].plan.ignored.broken_anchors;
        if anchor.is_none() && !is_top(fragment) && !is_quiet {
            let nearest = self.nearest_anchor(site_idx, page_idx, fragment);
            let source = &self.routes.docs[site_idx].plan.pages[page_idx].source;
            diags.push(codes::docs::broken_anchor(parts.link.span, fragment, Some(source), nearest));
        }
        LinkTarget::Site { path, fragment: anchor.map(Box::from) }
    }

    /// An image that lies outside of every docs folder is copied for the
    /// page that shows it.
    pub(super) fn outside_asset(
        &mut self,
        parts: &Parts,
        file: FileId,
        diags: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
        let path = &*self.routes.snapshot.file(file).path;
        if is_hidden(path) || !is_publishable(self.routes.snapshot, file, &mut Vec::new()) {
            diags.push(codes::docs::file_not_published(parts.link.span, &parts.link.target));
            return LinkTarget::Broken;
        }
        let path = outside_path(&self.routes.docs[self.site_idx].plan.base, path);
        if !self.assets.iter().any(|asset| asset.file == file) {
            self.assets.push(DocsAsset { file, path: path.clone(), look: AssetLook::default() });
        }
        LinkTarget::Site { path, fragment: written_fragment(&parts.link.target) }
    }

    pub(super) fn folder_target(
        &mut self,
        parts: &Parts,
        folder: &str,
        diags: &mut Vec<Diagnostic>,
    ) -> LinkTarget {
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
}

/// Returns the fragment of an address as it is written.
pub(super) fn written_fragment(target: &str) -> Option<Box<str>> {
    let (_, fragment) = target.split_once('#')?;
    (!fragment.is_empty()).then(|| fragment.into())
}

fn with_fragment(url: String, parts: &Parts) -> String {
    match parts.link.target.split_once('#') {
        Some((_, fragment)) if !url.contains('#') => format!("{url}#{fragment}"),
        _ => url,
    }
}
