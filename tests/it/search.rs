//! The terminal finds what the browser finds: the queries of
//! `tests/search/judgements.toml`, each with the pages of which one is to
//! come first.

use std::path::Path;
use std::sync::Arc;

use callboard::base::disk::Disk;
use callboard::base::memo::Memo;
use callboard::base::memory::Memory;
use callboard::pipeline;
use callboard::render::search;
use callboard::render::search::find;

/// Of so many queries in a hundred the first result has to be right.
const MIN_PERCENT: usize = 93;

#[derive(serde::Deserialize)]
struct Judgements {
    queries: Vec<Judgement>,
}

#[derive(serde::Deserialize)]
struct Judgement {
    q: String,
    first: Vec<String>,
}

#[test]
fn the_first_result_is_the_one_that_was_meant() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search");
    let text = std::fs::read_to_string(root.join("judgements.toml")).unwrap();
    let Judgements { queries } = toml::from_str(&text).unwrap();
    let mut diags = Vec::new();
    let config = pipeline::config(&Disk, &root, &[], &mut diags).unwrap();
    let memo = Arc::new(Memo::default());
    let site = pipeline::site_with(&Disk, &memo, config, &[], diags, &|_| ()).unwrap();
    let files = search::files(&memo, &site, search::Want::All);
    let mut missed = Vec::new();
    for Judgement { q, first } in &queries {
        let found = find::find(&site.config, &files, q, 3).unwrap();
        let urls: Vec<&str> = found.hits.iter().map(|hit| hit.url.as_str()).collect();
        if !urls.first().is_some_and(|url| first.iter().any(|first| first == url)) {
            missed.push(format!("{q:?}: expected {first:?}, found {urls:?}"));
        }
    }
    let n_right = queries.len() - missed.len();
    let percent = 100 * n_right / queries.len();
    assert!(percent >= MIN_PERCENT, "{n_right} of {} ({percent} %):\n{}", queries.len(), missed.join("\n"));
}

#[test]
fn a_query_of_any_bytes_is_answered() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search");
    let config = pipeline::config(&Disk, &root, &[], &mut Vec::new()).unwrap();
    let memo = Arc::new(Memo::default());
    let site = pipeline::site_with(&Disk, &memo, config, &[], Vec::new(), &|_| ()).unwrap();
    let files = search::files(&memo, &site, search::Want::All);
    let long = "deploy ".repeat(1_500);
    for q in ["", " ", "\u{0}", "(.*)+$", "<script>alert(1)</script>", "\u{202e}x", "kind:", "a", "::", &long]
    {
        let found = find::find(&site.config, &files, q, 10).unwrap();
        assert!(found.hits.len() <= 10);
    }
    let of_kind = find::find(&site.config, &files, "kind:api ", 50).unwrap();
    assert!(of_kind.total > 0 && of_kind.hits.iter().all(|hit| hit.group == "api"));
}

#[test]
fn documents_of_any_form_are_indexed_within_bounds() {
    let line = "all on one line ".repeat(640_000);
    let long = format!("# Line\n\nfirstling {}lastling\n", "all on one line ".repeat(50_000));
    let headings: String = (0..50_000).map(|nth| format!("## Heading number{nth}\n\n")).collect();
    let symbols = format!("# Signs\n\n{}\n", "→ ∀x∈ℝ ⟦⟧ ±≠ … ☃ ".repeat(20_000));
    let world = Memory::new(&[
        ("/portal/book.toml", "[book]\ntitle = \"x\"\n\n[[source]]\npath = \"repos/*\"\n"),
        ("/portal/repos/a/mkdocs.yml", "site_name: Odd\n"),
        ("/portal/repos/a/docs/index.md", "# Home\n"),
        ("/portal/repos/a/docs/ten-megabytes.md", &line),
        ("/portal/repos/a/docs/line.md", &long),
        ("/portal/repos/a/docs/headings.md", &format!("# Many\n\n{headings}")),
        ("/portal/repos/a/docs/symbols.md", &symbols),
    ]);
    let root = Path::new("/portal");
    let mut diags = Vec::new();
    let config = pipeline::config(&world, root, &[], &mut diags).unwrap();
    let memo = Arc::new(Memo::default());
    let site = pipeline::site_with(&world, &memo, config, &[], diags, &|_| ()).unwrap();
    let files = search::files(&memo, &site, search::Want::All);
    let n_bytes: usize = files.iter().map(|file| file.bytes().len()).sum();
    assert!(n_bytes < 6_000_000, "{n_bytes} bytes");
    let chunk = files.iter().find(|file| file.path.as_str().starts_with("search/d/")).unwrap();
    let rows: Vec<Vec<serde_json::Value>> = serde_json::from_slice(chunk.bytes()).unwrap();
    assert!(rows.iter().all(|row| row.get(6).is_none_or(|all| all.as_array().unwrap().len() <= 200)));
    let first =
        |q: &str| find::find(&site.config, &files, q, 3).unwrap().hits.first().map(|hit| hit.url.clone());
    let base = "docs/default/repository/a";
    for (q, page) in
        [("firstling ", "line"), ("number7 ", "headings"), ("signs ", "symbols"), ("many ", "headings")]
    {
        assert_eq!(first(q), Some(format!("{base}/{page}/")), "of {q}");
    }
    assert_eq!(first("lastling "), None, "a page is read up to a bound");
}

/// Returns the addresses that a portal finds for a query.
fn found(files: &[(&str, &str)], q: &str) -> Vec<String> {
    let world = Memory::new(files);
    let mut diags = Vec::new();
    let config = pipeline::config(&world, Path::new("/portal"), &[], &mut diags).expect("it is sound");
    let memo = Arc::new(Memo::default());
    let site = pipeline::site_with(&world, &memo, config, &[], diags, &|_| ()).expect("it can be read");
    let files = search::files(&memo, &site, search::Want::All);
    let found = find::find(&site.config, &files, q, 9).expect("the index is whole");
    found.hits.into_iter().map(|hit| hit.url.replace("docs/default/repository/a/", "")).collect()
}

#[test]
fn a_portal_says_what_counts() {
    let portal = |search: &'static str| {
        let book = format!("[book]\ntitle = \"x\"\n[[source]]\npath = \"repos/*\"\n{search}");
        let files = [
            ("/portal/book.toml", &*book),
            ("/portal/repos/a/mkdocs.yml", "site_name: Tills\n"),
            ("/portal/repos/a/docs/index.md", "# Home\n"),
            (
                "/portal/repos/a/docs/one.md",
                "# Quay\n\nWhere ships land, and much more of what they do there.\n",
            ),
            ("/portal/repos/a/docs/two.md", "# Ships\n\nquay quay quay\n"),
        ];
        found(&files, "quay ")
    };
    assert_eq!(portal(""), ["one/", "two/"]);
    assert_eq!(portal("[search.boost]\ntitle = 0.01\n"), ["two/", "one/"]);
    assert_eq!(portal("[search]\nexclude = [\"a/docs/o*.md\"]\n"), ["two/"]);
    assert_eq!(portal("[search]\nstop-words = [\"ships\"]\n"), ["one/", "two/"]);
}

#[test]
fn a_page_may_stay_out() {
    let portal = |front: &str| {
        let page = format!("---\n{front}---\n# Quay\n");
        let files = [
            ("/portal/book.toml", "[book]\ntitle = \"x\"\n[[source]]\npath = \"repos/*\"\n"),
            ("/portal/repos/a/mkdocs.yml", "site_name: Tills\n"),
            ("/portal/repos/a/docs/index.md", "# Home\n"),
            ("/portal/repos/a/docs/one.md", &*page),
        ];
        found(&files, "quay ")
    };
    assert_eq!(portal("search:\n  exclude: true\n"), [""; 0]);
    assert_eq!(portal("search: {exclude: true}\n"), [""; 0]);
    assert_eq!(portal("search:\n  exclude: false\n"), ["one/"]);
    assert_eq!(portal("title: Quay\n"), ["one/"]);
}

#[test]
fn a_word_that_is_everywhere_need_not_be_listed() {
    let files: Vec<(String, String)> = (0..2_100)
        .map(|nth| {
            // Of all pages, this one has the least of the word.
            let text = if nth == 7 { "zebra and other words ".repeat(40) } else { String::new() };
            (format!("/portal/repos/a/docs/page{nth}.md"), format!("# Page {nth}\n\nquayside {text}\n"))
        })
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("/portal/book.toml", "[book]\ntitle = \"x\"\n[[source]]\npath = \"repos/*\"\n"));
    files.push(("/portal/repos/a/mkdocs.yml", "site_name: Tills\n"));
    let world = Memory::new(&files);
    let mut diags = Vec::new();
    let config = pipeline::config(&world, Path::new("/portal"), &[], &mut diags).expect("it is sound");
    let memo = Arc::new(Memo::default());
    let site = pipeline::site_with(&world, &memo, config, &[], diags, &|_| ()).expect("it can be read");
    let files = search::files(&memo, &site, search::Want::All);
    let fetched = |q: &str| find::fetched(&site.config, &files, q, 10).expect("the index is whole");
    let (found, read) = fetched("quayside zebra ");
    assert_eq!((found.total, found.is_partial), (1, false));
    assert!(found.hits[0].url.ends_with("/page7/"), "{}", found.hits[0].url);
    assert!(read.iter().all(|path| !path.starts_with("search/o/")), "{read:?}");
    // Of words that are everywhere alone, the best are listed.
    let (found, read) = fetched("quayside page ");
    assert!(found.total > 0 && found.total <= 1_000 && !found.is_partial, "{}", found.total);
    assert!(read.iter().all(|path| !path.starts_with("search/o/")), "{read:?}");
}
