//! Every file of the site, and how its bytes are made. Nothing is
//! rendered before it is asked for, and nothing is held.

mod keys;
mod made;
mod plan;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::base::hash::Key;
use crate::base::memo::Memo;
use crate::base::par::join;
use crate::base::world::World;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::failure::Failure;
use crate::model::file::FileId;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use super::docs_nav::DocsNav;
use super::index::Index;
use super::search;
use super::shell::{self, Area};
use super::theme::Theme;

pub use keys::{Group, GroupKeys};
use made::{Made, Want};
use plan::Content;

/// The files of a site, each rendered on demand and none held.
pub struct Outputs {
    pub site: Arc<Site>,
    pub theme: Arc<Theme>,
    /// Sorted, each once.
    pub paths: Arc<[SitePath]>,
    /// As long as `paths`.
    contents: Vec<Content>,
    index: Index,
    /// Made when the first page of a docs site is rendered.
    navs: Vec<OnceLock<DocsNav>>,
    /// Shells by how deep a page lies, and by area: pages share them. The
    /// last ones are those of the page that is shown anywhere.
    shells: Vec<[OnceLock<shell::Shared>; Area::ALL.len()]>,
    /// The files of the search, made when one of them is needed.
    found: OnceLock<Vec<search::File>>,
    /// The same without gaps, made when one is needed that an earlier run
    /// has made.
    found_whole: OnceLock<Vec<search::File>>,
    memo: Arc<Memo>,
    /// The path of base-url, with a slash at both ends.
    root_path: String,
    /// What rendering has met so far.
    problems: Mutex<BTreeSet<Trouble>>,
    /// The files with which something went wrong.
    troubled: Mutex<BTreeSet<SitePath>>,
}

/// What a file is made of: the hash of each part has the part's name.
/// A file whose parts are as before is as before.
pub type Parts = Vec<(&'static str, Key)>;

/// Something that went wrong with one file, which is written without it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    Template { name: &'static str, error: String },
    Copy { repo: Box<str>, path: Box<str>, error: String },
    ActiveSvg(FileId),
    CleanedSvg(FileId, String),
    WrongType(FileId),
}

/// Plans all files of the site.
pub fn outputs(whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    outputs_with(&Arc::default(), whole_site, whole_theme)
}

/// Like [`outputs`], with what earlier runs know of the same site.
pub fn outputs_with(memo: &Arc<Memo>, whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    planned(Some(memo), whole_site, whole_theme)
}

/// Like [`outputs`], without the files that the search reads. They are
/// made of the whole site, which takes longer than all else together.
pub fn outputs_without_search(whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    planned(None, whole_site, whole_theme)
}

/// Plans all files, those of the search only with a memo.
fn planned(memo: Option<&Arc<Memo>>, whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    let (site, theme): (&Site, &Theme) = (whole_site, whole_theme);
    let found = OnceLock::new();
    let of_search = || memo.map(|memo| plan::of_search(memo, site, &found)).unwrap_or_default();
    let (of_search, (index, others)) = join(of_search, || plan::beside_search(site));
    let mut files = Vec::new();
    plan::fixed(site, theme, &mut files);
    files.extend(of_search);
    files.extend(others);
    plan::sitemap(site, &mut files);
    let (paths, contents) = plan::distinct(files);
    let root_path = root_path(site);
    let depth = paths.iter().map(depth).max().unwrap_or_default();
    Outputs {
        navs: site.docs.iter().map(|_| OnceLock::new()).collect(),
        found,
        found_whole: OnceLock::new(),
        memo: memo.map(Arc::clone).unwrap_or_default(),
        problems: Mutex::default(),
        troubled: Mutex::default(),
        site: Arc::clone(whole_site),
        theme: Arc::clone(whole_theme),
        paths: paths.into(),
        contents,
        index,
        shells: (0..depth + 2).map(|_| Default::default()).collect(),
        root_path,
    }
}

impl Outputs {
    /// Returns the bytes of `paths[output_idx]`.
    pub fn bytes(&self, world: &dyn World, output_idx: usize) -> Result<Vec<u8>, Failure> {
        Ok(self.made(world, output_idx, Want::Bytes)?.bytes)
    }

    /// Returns the bytes of `paths[output_idx]`, and what they are made
    /// of where that is known.
    pub fn bytes_and_parts(
        &self,
        world: &dyn World,
        output_idx: usize,
    ) -> Result<(Vec<u8>, Option<Parts>), Failure> {
        let Made { bytes, parts } = self.made(world, output_idx, Want::Both)?;
        Ok((bytes, (!parts.is_empty()).then_some(parts)))
    }

    /// Returns what `paths[output_idx]` is made of, without making it;
    /// `None` where that is not known.
    pub fn parts(&self, world: &dyn World, output_idx: usize) -> Option<Parts> {
        let parts = self.made(world, output_idx, Want::Parts).ok()?.parts;
        (!parts.is_empty()).then_some(parts)
    }

    /// Tells whether `paths[output_idx]` is a file of a repository that
    /// has to be looked at in each build.
    pub fn is_copied(&self, output_idx: usize) -> bool {
        match self.contents[output_idx] {
            Content::DocsAsset { site_idx, asset_idx } => {
                let look = &self.site.docs[site_idx].plan.assets[asset_idx].look;
                !look.is_whole || look.content.is_none()
            }
            _ => false,
        }
    }

    /// Tells whether `paths[output_idx]` was made with trouble, which the
    /// next run has to tell of again.
    pub fn is_troubled(&self, output_idx: usize) -> bool {
        let troubled = self.troubled.lock().unwrap_or_else(PoisonError::into_inner);
        troubled.contains(&self.paths[output_idx])
    }

    /// Returns a page of every kind, to see whether its template works.
    pub fn one_of_each(&self) -> Vec<usize> {
        let mut seen = HashSet::new();
        let is_new = |idx: &usize| seen.insert(std::mem::discriminant(&self.contents[*idx]));
        let pages = (0..self.paths.len()).filter(|idx| self.paths[*idx].as_str().ends_with(".html"));
        pages.filter(is_new).collect()
    }

    /// Returns what rendering has met so far: templates of the user's
    /// that failed, and files that could not be copied. It is complete,
    /// and the same in every run, once every file has been asked for.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        let diagnostic = |trouble: &Trouble| match trouble {
            Trouble::Template { name, error } => codes::site::theme_template(name, error),
            Trouble::Copy { repo, path, error } => codes::site::copy_failed(repo, path, error),
            Trouble::ActiveSvg(file) => {
                codes::site::active_svg(Span::of_file(*file), &self.site.snapshot.file(*file).path)
            }
            Trouble::CleanedSvg(file, removed) => {
                let path = &self.site.snapshot.file(*file).path;
                codes::site::cleaned_svg(Span::of_file(*file), path, removed)
            }
            Trouble::WrongType(file) => {
                codes::site::wrong_file_type(Span::of_file(*file), &self.site.snapshot.file(*file).path)
            }
        };
        problems.iter().map(diagnostic).collect()
    }
}

/// Returns in how many folders a file lies.
fn depth(path: &SitePath) -> usize {
    path.as_str().matches('/').count()
}

/// Returns the path of base-url, with a slash at both ends.
fn root_path(site: &Site) -> String {
    let Some(base_url) = &site.config.portal.base_url else { return "/".to_string() };
    let rest = base_url.split_once("://").map_or(base_url.as_str(), |(_, rest)| rest);
    match rest.split_once('/') {
        Some((_, path)) => format!("/{path}"),
        None => "/".to_string(),
    }
}
