//! Links by a path: what a path of a page, of its URL, of the
//! repository or of the portal may mean.

use super::{Origin, Parts};
use crate::model::codes;
use crate::model::diagnostic::Diagnostic;
use crate::model::docs_site::{DocsSource, LinkTarget};
use crate::model::file::{FileId, folder_of, join};
use crate::resolve::links_near;
use crate::resolve::routes::{Published, candidates};

impl Origin<'_, '_> {
    /// `/x`: of the docs folder, of the repository, of the portal.
    pub(super) fn absolute(&mut self, parts: &Parts, path: &str, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let docs_dir = &*self.routes.docs[self.site_idx].plan.docs_dir;
        let in_docs = self.file(docs_dir, path).filter(|file| self.published(*file).is_some());
        if let Some(file) = in_docs {
            return self.file_target(parts, file, diags);
        }
        if let Some(file) = self.file("", path) {
            return self.file_target(parts, file, diags);
        }
        if let Some(found) = self.of_site(parts, "", path, diags) {
            return found;
        }
        let plan = &self.routes.docs[self.site_idx].plan;
        if plan.source == DocsSource::Docusaurus
            && let Some(file) = self.file(&join(&plan.root, "static").unwrap_or_default(), path)
        {
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

    pub(super) fn relative(&mut self, parts: &Parts, diags: &mut Vec<Diagnostic>) -> LinkTarget {
        let folder = folder_of(self.path);
        let path = &*parts.path;
        // Docusaurus calls the root of a site so.
        if let Some(path) = path.strip_prefix("@site/") {
            let root = self.routes.docs[self.site_idx].plan.root.clone();
            if let Some(file) = self.file(&root, path) {
                return self.file_target(parts, file, diags);
            }
        }
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
        if let Some(found) = self.of_site_relative(parts, diags) {
            return found;
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

    /// Finds what a path means that is relative to where the page stands
    /// in its site, among included docs and at other URLs than its file.
    fn of_site_relative(&mut self, parts: &Parts, diags: &mut Vec<Diagnostic>) -> Option<LinkTarget> {
        let page = &self.routes.docs[self.site_idx].plan.pages[self.page_idx];
        let folder = folder_of(&page.source);
        if let Some(found) = self.of_site(parts, folder, &parts.path, diags) {
            return Some(found);
        }
        let base = &self.routes.docs[self.site_idx].plan.base;
        let own = page.path.as_str().strip_prefix(&**base)?.trim_start_matches('/');
        let own = own.strip_suffix("index.html").unwrap_or(own).trim_end_matches('/');
        // Docusaurus writes URLs without a slash at the end.
        let found = self.of_site(parts, folder_of(own), &parts.path, diags);
        found.or_else(|| self.of_site(parts, own, &parts.path, diags))
    }

    /// Finds a page of the site by its source, its URL or where it was.
    fn of_site(
        &mut self,
        parts: &Parts,
        folder: &str,
        path: &str,
        diags: &mut Vec<Diagnostic>,
    ) -> Option<LinkTarget> {
        let wanted = join(folder, path)?;
        let routes = self.routes;
        let table = routes.site_table(self.site_idx);
        let mut page = table.pages.get(wanted.trim_end_matches('/')).copied();
        candidates(&wanted, &mut |candidate| {
            page = page.or_else(|| table.pages.get(candidate).copied());
            page.is_some()
        });
        if let Some(page) = page {
            return Some(self.published_target(parts, self.site_idx, Published::Page(page), diags));
        }
        let mut moved = None;
        candidates(&wanted, &mut |candidate| {
            moved = moved.or_else(|| table.moved.get(candidate).copied());
            moved.is_some()
        });
        let redirect = &routes.docs[self.site_idx].plan.redirects[moved?];
        match redirect.page {
            Some(page) => Some(self.published_target(parts, self.site_idx, Published::Page(page), diags)),
            None => Some(redirect.target.clone()),
        }
    }
}
