//! Case folders: `tests/cases/<room>/<what-it-shows>/` with
//!
//! - `case.toml`: `shows`, one sentence; `files`, globs of the output
//!   that `expected/` holds; `made`, files that are too large to keep;
//!   `draws_mermaid`, if it takes the feature `mermaid`;
//! - `input/`: a portal, one repository, or a folder of repositories;
//! - `expected/`: the output that `files` names, no more and no less;
//! - `expected.diag`: all diagnostics; no such file means none.
//!
//! Cases are rendered with the plain theme. `UPDATE_EXPECT=1 cargo test`
//! rewrites what is expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use callboard::base::memory::Memory;
use callboard::base::world::World;
use callboard::model::codes;
use callboard::render;

use crate::{on_disk, portal};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    shows: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    made: Vec<Made>,
    #[serde(default)]
    draws_mermaid: bool,
}

/// A text that is repeated between two others.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    /// `{}` is the number of the file, if there are several.
    path: String,
    #[serde(default = "one")]
    n_files: usize,
    #[serde(default)]
    before: String,
    #[serde(default)]
    text: String,
    #[serde(default = "one")]
    n_times: usize,
    #[serde(default)]
    after: String,
    /// Whether each repetition is indented by one space more.
    #[serde(default)]
    deeper: bool,
}

fn one() -> usize {
    1
}

impl Made {
    fn files(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        let indent = |idx: usize| if self.deeper { " ".repeat(idx) } else { String::new() };
        let repeated: String = (0..self.n_times).map(|idx| indent(idx) + &self.text).collect();
        let text = format!("{}{repeated}{}", self.before, self.after);
        (0..self.n_files)
            .map(move |idx| (self.path.replace("{}", &idx.to_string()), text.clone().into_bytes()))
    }
}

#[test]
fn cases_give_what_they_expect() {
    let failures: Vec<String> = case_folders().iter().filter_map(|folder| run(folder).err()).collect();
    assert!(failures.is_empty(), "{} cases fail:\n\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_code_has_a_case_of_its_name() {
    let folders = case_folders();
    let missing: Vec<&str> = codes::all()
        .into_iter()
        .map(|code| code.id)
        .filter(|id| !on_disk::SHOWN.contains(id))
        .filter(|id| {
            let of_id = folders.iter().find(|folder| folder.ends_with(id));
            let shown = of_id.and_then(|folder| std::fs::read_to_string(folder.join("expected.diag")).ok());
            !shown.is_some_and(|diags| diags.contains(&format!("[{id}]")))
        })
        .collect();
    assert!(missing.is_empty(), "codes without a case folder that shows them: {missing:#?}");
}

fn case_folders() -> Vec<PathBuf> {
    let cases = portal::root().join("tests/cases");
    let mut folders: Vec<PathBuf> = walkdir::WalkDir::new(&cases)
        .min_depth(2)
        .max_depth(2)
        .into_iter()
        .map(|entry| entry.expect("the cases are readable").into_path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "there are cases");
    folders
}

fn run(folder: &Path) -> Result<(), String> {
    let name = folder.strip_prefix(portal::root()).expect("cases lie in the project").display();
    let text = std::fs::read_to_string(folder.join("case.toml"))
        .map_err(|error| format!("{name}: case.toml: {error}"))?;
    let case: Case = toml::from_str(&text).map_err(|error| format!("{name}: case.toml: {error}"))?;
    if case.shows.trim().is_empty() {
        return Err(format!("{name}: case.toml says nothing in `shows`"));
    }
    if case.draws_mermaid && !cfg!(feature = "mermaid") {
        return Ok(());
    }
    let (output, diags) = build(folder, &case);
    let expected: BTreeMap<String, Vec<u8>> =
        portal::files_below(&folder.join("expected")).into_iter().collect();
    let expected_diags = std::fs::read_to_string(folder.join("expected.diag")).unwrap_or_default();
    if portal::updates() {
        update(folder, &output, &diags);
        return Ok(());
    }
    let mut failure = difference("expected.diag", &expected_diags, &diags);
    for (path, bytes) in &output {
        match expected.get(path) {
            Some(expected) => failure += &difference(path, &lossy(expected), &lossy(bytes)),
            None => failure += &format!("  {path}: unexpected\n"),
        }
    }
    for path in expected.keys().filter(|path| !output.contains_key(*path)) {
        failure += &format!("  {path}: expected, but not there\n");
    }
    if failure.is_empty() { Ok(()) } else { Err(format!("{name} ({})\n{failure}", case.shows)) }
}

fn build(folder: &Path, case: &Case) -> (BTreeMap<String, Vec<u8>>, String) {
    let at = Path::new("/portal");
    let files: Vec<(PathBuf, Vec<u8>)> = portal::files_below(&folder.join("input"))
        .into_iter()
        .chain(case.made.iter().flat_map(Made::files))
        .map(|(path, bytes)| (at.join(path), bytes))
        .collect();
    let world = Memory::default();
    for (path, bytes) in &files {
        world.write(path, bytes).expect("memory takes every file");
    }
    let (site, theme) = portal::site(&world, at, "plain");
    let mut globs = globset::GlobSetBuilder::new();
    for glob in &case.files {
        globs.add(globset::GlobBuilder::new(glob).literal_separator(true).build().expect("a sound glob"));
    }
    let globs = globs.build().expect("sound globs");
    let outputs = render::outputs::outputs(&site, &theme);
    let mut output = BTreeMap::new();
    for (idx, path) in outputs.paths.iter().enumerate() {
        let bytes = outputs.bytes(&world, idx).expect("every file renders");
        if globs.is_match(path.as_str()) {
            output.insert(path.to_string(), bytes);
        }
    }
    let mut diags = site.diagnostics.clone();
    diags.extend(outputs.diagnostics());
    callboard::model::diagnostic::sort(&mut diags);
    (output, portal::text(&site.snapshot, &diags))
}

fn update(folder: &Path, output: &BTreeMap<String, Vec<u8>>, diags: &str) {
    let expected = folder.join("expected");
    if expected.exists() {
        std::fs::remove_dir_all(&expected).expect("the expectation can be replaced");
    }
    for (path, bytes) in output {
        let path = expected.join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
        std::fs::write(path, bytes).expect("the expectation can be written");
    }
    let path = folder.join("expected.diag");
    if !diags.is_empty() {
        std::fs::write(path, diags).expect("the expectation can be written");
    } else if path.exists() {
        std::fs::remove_file(path).expect("the expectation can be removed");
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns the lines that differ, or nothing.
fn difference(what: &str, expected: &str, found: &str) -> String {
    if expected == found {
        return String::new();
    }
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same_start = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let longest_end = expected.len().min(found.len()) - same_start;
    let same_end =
        expected.iter().rev().zip(found.iter().rev()).take(longest_end).take_while(|(a, b)| a == b).count();
    let mut text = format!("  {what}, line {}:\n", same_start + 1);
    for line in &expected[same_start..expected.len() - same_end] {
        text += &format!("    - {line}\n");
    }
    for line in &found[same_start..found.len() - same_end] {
        text += &format!("    + {line}\n");
    }
    text
}
