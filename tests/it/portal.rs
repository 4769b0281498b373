//! Building a portal inside a test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use callboard::base::world::World;
use callboard::model::diagnostic::{Diagnostic, Span};
use callboard::model::file::Snapshot;
use callboard::model::site::Site;
use callboard::pipeline;
use callboard::render::theme::Theme;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the pipeline on the portal at `path` with a theme of the given
/// name.
pub(crate) fn site(world: &dyn World, path: &Path, theme: &str) -> (Arc<Site>, Arc<Theme>) {
    let mut diags = Vec::new();
    let mut config = pipeline::config(world, path, &[], &mut diags).expect("the configuration is sound");
    if config.theme.name == "default" && config.theme.dir.is_none() {
        config.theme.name = theme.to_string();
    }
    // What a page shows of its history differs from clone to clone.
    config.docs.history = false;
    let theme = callboard::render::theme::theme(world, &config.theme, &mut diags).expect("the theme loads");
    let skip = [config.build.build_dir.clone()];
    let site = pipeline::site(world, config, &skip, diags, &|_| {}).expect("the pipeline runs");
    (Arc::new(site), Arc::new(theme))
}

/// Every file below a folder, relative and sorted, with its bytes;
/// nothing when there is no such folder.
pub(crate) fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if !folder.is_dir() {
        return files;
    }
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.expect("the folder is readable");
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).expect("it lies below");
            let path = path.to_str().expect("test files have UTF-8 names").replace('\\', "/");
            files.push((path, std::fs::read(entry.path()).expect("the file is readable")));
        }
    }
    files
}

/// Diagnostics as text, one line each and one for each note and help.
pub(crate) fn text(snapshot: &Snapshot, diags: &[Diagnostic]) -> String {
    let place = |span: Span| {
        let (repo, file) = (snapshot.repo_of(span.file), snapshot.file(span.file));
        let repo = if repo.name.is_empty() { String::new() } else { format!("{}:", repo.name) };
        format!("{repo}{}:{}:{}", file.path, span.line, span.column)
    };
    let mut text = String::new();
    for diag in diags {
        let at = diag.span.map_or("(portal)".to_string(), place);
        text.push_str(&format!("{}[{}] {at}: {}\n", diag.severity().name(), diag.code.id, diag.message));
        for note in &diag.notes {
            let at = note.span.map_or(String::new(), |span| format!(" ({})", place(span)));
            text.push_str(&format!("  note: {}{at}\n", note.message));
        }
        if let Some(help) = &diag.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    text
}

/// Tells whether expectations are to be rewritten.
pub(crate) fn updates() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1")
}
