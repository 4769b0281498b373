//! Reading what configures docs: `mkdocs.yml` with what it inherits from,
//! mdBook's `book.toml` with its summary, and the files that order
//! folders.

use super::{Inputs, of_kind, read};
use crate::base::par::par_map;
use crate::model::config::Config;
use crate::model::diagnostic::Diagnostic;
use crate::model::file::{FileId, FileKind, folder_of, join};
use crate::model::mkdocs::{DocsConfig, FolderNav, OrderFile, ReadDocsConfig};
use crate::parse;

/// How many files may order the folders of one docs folder.
const MAX_ORDER_FILES: usize = 10_000;
/// A larger file orders nothing.
const MAX_ORDER_BYTES: u64 = 1 << 20;

/// Reads all docs configurations, sorted by file.
pub(super) fn docs_configs(inputs: &Inputs<'_>, config: &Config) -> Vec<ReadDocsConfig> {
    let files = of_kind(inputs.snapshot, &[FileKind::Mkdocs, FileKind::BookToml, FileKind::Docusaurus]);
    par_map(&files, |file| {
        let mut diagnostics = Vec::new();
        let mut read_config = match inputs.snapshot.file(*file).kind {
            // It is a program, and so its being there is all that counts.
            FileKind::Docusaurus => {
                Some(DocsConfig { order_file: Some(OrderFile::Categories), ..DocsConfig::default() })
            }
            FileKind::BookToml => {
                let bytes = read(inputs, *file, &mut diagnostics);
                bytes.and_then(|bytes| book(inputs, *file, &bytes, &mut diagnostics))
            }
            _ => {
                let bytes = read(inputs, *file, &mut diagnostics);
                let bases = |file, written: &str| base(inputs, file, written);
                bytes.map(|bytes| parse::mkdocs::config(*file, &bytes, &bases, &mut diagnostics))
            }
        };
        if let Some(config) = &mut read_config {
            orders(inputs, *file, config, &mut diagnostics);
        }
        // The portal's own `book.toml` has been complained of already.
        if config.file.as_ref() == Some(&inputs.snapshot.absolute(*file)) {
            diagnostics.clear();
        }
        ReadDocsConfig { file: *file, config: read_config, diagnostics }
    })
}

/// Reads a file that another one of the same repository inherits from.
fn base(inputs: &Inputs<'_>, file: FileId, written: &str) -> Option<(FileId, Vec<u8>)> {
    let snapshot = inputs.snapshot;
    let from = snapshot.file(file);
    let base = snapshot.find(from.repo, &join(folder_of(&from.path), written)?)?;
    Some((base, inputs.bytes(base).ok()?))
}

/// Reads a book with the summary beside its chapters.
fn book(inputs: &Inputs<'_>, file: FileId, bytes: &[u8], diags: &mut Vec<Diagnostic>) -> Option<DocsConfig> {
    let snapshot = inputs.snapshot;
    let mut config = parse::book::config(file, bytes, diags)?;
    let written = config.docs_dir.as_ref().map_or("src", |(dir, _)| &**dir);
    let (repo, path) = (snapshot.file(file).repo, &snapshot.file(file).path);
    let folder = join(folder_of(path), written);
    let summary = folder.and_then(|folder| snapshot.find(repo, &join(&folder, "SUMMARY.md")?));
    if let Some(summary) = summary {
        config.nav = read(inputs, summary, diags).map(|bytes| parse::book::summary(summary, &bytes));
    }
    Some(config)
}

/// Reads the files that order the folders of a docs folder. Those of
/// literate-nav are no pages.
fn orders(inputs: &Inputs<'_>, file: FileId, config: &mut DocsConfig, diags: &mut Vec<Diagnostic>) {
    let Some(order_file) = config.order_file.clone() else { return };
    let snapshot = inputs.snapshot;
    let (repo, path) = (snapshot.file(file).repo, &snapshot.file(file).path);
    let written = config.docs_dir.as_ref().map_or("docs", |(dir, _)| &**dir);
    let Some(docs_dir) = join(folder_of(path), written) else { return };
    let is_order = |name: &str| match &order_file {
        OrderFile::AwesomePages(order) | OrderFile::LiterateNav(order) => name == &**order,
        OrderFile::Categories => {
            matches!(name, "_category_.json" | "_category_.yml" | "_category_.yaml")
        }
    };
    let found = snapshot.files_below(repo, &docs_dir).filter(|id| {
        let file = snapshot.file(*id);
        is_order(file.path.rsplit('/').next().unwrap_or(&file.path)) && file.size_bytes <= MAX_ORDER_BYTES
    });
    for id in found.take(MAX_ORDER_FILES) {
        let Some(bytes) = read(inputs, id, diags) else { continue };
        let folder = folder_of(&snapshot.file(id).path);
        let folder = folder.strip_prefix(&*docs_dir).unwrap_or(folder).trim_start_matches('/');
        let order = match &order_file {
            OrderFile::AwesomePages(_) => parse::mkdocs::orders::pages(id, &bytes, diags),
            OrderFile::Categories => parse::mkdocs::orders::category(id, &bytes, diags),
            OrderFile::LiterateNav(_) => {
                let nav = parse::mkdocs::orders::literate(id, &bytes);
                FolderNav { nav, ..FolderNav::default() }
            }
        };
        config.folders.insert(folder.into(), order);
    }
    if let OrderFile::LiterateNav(name) = &order_file {
        config.exclude_docs.push(name.clone());
        // The list of the docs folder itself is the navigation.
        if let Some(nav) = config.folders.get_mut("").and_then(|folder| folder.nav.take()) {
            config.nav = Some(nav);
        }
    }
}
