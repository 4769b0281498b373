//! Which files are pages, which are copied, and where they go.

use expect_test::{Expect, expect};

use super::super::fixture;
use super::*;

#[track_caller]
fn check(files: &[&str], exclude: &[&str], expected: Expect) {
    let snapshot = fixture::snapshot(files);
    let exclude: Vec<Box<str>> = exclude.iter().map(|pattern| (*pattern).into()).collect();
    let place = Place {
        repo: RepoId(1),
        docs_dir: "docs",
        prefix: "",
        exclude: &exclude,
        only: None,
        is_numbered: false,
    };
    let mut diags = Vec::new();
    let found = below_folders(&snapshot, "b", &[place], &|_, path| path.contains("skeleton/"), &mut diags);
    let mut text = String::new();
    for page in &found.pages {
        text.push_str(&format!("{} -> {}\n", page.source, page.path));
    }
    for asset in &found.assets {
        text.push_str(&format!("+ {}\n", asset.path));
    }
    expected.assert_eq(&(text + &fixture::said(&snapshot, &diags)));
}

#[test]
fn pages_have_folders() {
    check(
        &[
            "r:docs/README.md",
            "r:docs/a/b.md",
            "r:docs/a/index.md",
            "r:docs/a%20b&c.md",
            "r:docs/x.y.md",
            "r:other/z.md",
            "r:docsy/z.md",
        ],
        &[],
        expect![[r#"
            README.md -> b/index.html
            a b&c.md -> b/a b&c/index.html
            a/b.md -> b/a/b/index.html
            a/index.md -> b/a/index.html
            x.y.md -> b/x.y/index.html
        "#]],
    );
}

#[test]
fn hidden_and_excluded_files_are_left_out() {
    check(
        &[
            "r:docs/.hidden.md",
            "r:docs/.github/a.md",
            "r:docs/templates/a.md",
            "r:docs/sub/templates/a.md",
            "r:docs/{{x}}/a.md",
            "r:docs/skeleton/a.md",
            "r:docs/drafts/a.md",
            "r:docs/a.tmp.md",
            "r:docs/keep.tmp.md",
        ],
        &["drafts/", "*.tmp.md", "!keep.tmp.md", "[broken"],
        expect![[r#"
            keep.tmp.md -> b/keep.tmp/index.html
            sub/templates/a.md -> b/sub/templates/a/index.html
        "#]],
    );
}

#[test]
fn only_allowed_files_are_copied() {
    check(
        &[
            "r:docs/a.png",
            "r:docs/a.SVG",
            "r:docs/a.pdf",
            "r:docs/a.html",
            "r:docs/a.js",
            "r:docs/a.json",
            "r:docs/a.xml",
            "r:docs/CNAME",
            "r:docs/sub/robots.txt",
            "r:docs/_redirects",
            "r:docs/id_rsa",
            "r:docs/a.pem",
            "r:docs/.png",
            "r:docs/.well-known/a.txt",
            "r:docs/big.zip 11M",
            "r:docs/fits.zip 10M",
        ],
        &[],
        expect![[r#"
            + b/a.SVG
            + b/a.pdf
            + b/a.png
            + b/fits.zip
            docs/CNAME: warning reserved-file-name: `CNAME` steers the host of a site and is not published
            docs/_redirects: warning reserved-file-name: `_redirects` steers the host of a site and is not published
            docs/big.zip: warning large-asset: `docs/big.zip` has 11 MiB and is not published, the limit is 10 MiB
            docs/sub/robots.txt: warning reserved-file-name: `robots.txt` steers the host of a site and is not published
        "#]],
    );
}

#[test]
fn one_place_is_given_once() {
    check(
        &[
            "r:docs/A.md",
            "r:docs/a.md",
            "r:docs/README.md",
            "r:docs/index.md",
            "r:docs/p.md",
            "r:docs/p/index.md",
            "r:docs/i.png",
            "r:docs/I.png",
            "r:docs/x.png.md",
            "r:docs/x.png",
        ],
        &[],
        expect![[r#"
            A.md -> b/A/index.html
            index.md -> b/index.html
            p.md -> b/p/index.html
            x.png.md -> b/x.png/index.html
            + b/I.png
            docs/a.md: error path-collision: `docs/a.md` has the same URL as `docs/A.md` and is left out
            docs/p/index.md: error path-collision: `docs/p/index.md` has the same URL as `docs/p.md` and is left out
            docs/README.md: error path-collision: `docs/README.md` has the same URL as `docs/index.md` and is left out
            docs/i.png: error path-collision: `docs/i.png` has the same URL as `docs/I.png` and is left out
            docs/x.png: error path-collision: `docs/x.png` has the same URL as `docs/x.png.md` and is left out
        "#]],
    );
    check(
        &["r:docs/caf\u{e9}.md", "r:docs/cafe\u{301}.md"],
        &[],
        expect![[r#"
        café.md -> b/café/index.html
        docs/café.md: error path-collision: `docs/café.md` has the same URL as `docs/café.md` and is left out
    "#]],
    );
}

#[test]
fn names_are_safe_on_every_system() {
    check(
        &[
            "r:docs/con.md",
            "r:docs/Aux.png",
            "r:docs/a:b.md",
            "r:docs/x..md",
            "r:docs/_print/a.md",
            "r:docs/sub/_print/a.md",
            "r:docs/com1/lpt9.md",
            "r:docs/compact.md",
        ],
        &[],
        expect![[r#"
            _print/a.md -> b/_print-docs/a/index.html
            a:b.md -> b/a-b-9f48b7e8/index.html
            com1/lpt9.md -> b/com1-b5b9dd2c/lpt9-023d125e/index.html
            compact.md -> b/compact/index.html
            con.md -> b/con-5011fd09/index.html
            sub/_print/a.md -> b/sub/_print/a/index.html
            x..md -> b/x-ef213379/index.html
            + b/aux-png-08649518.png
        "#]],
    );
    let long = format!("r:docs/{}.md", "x".repeat(250));
    check(
        &[&long],
        &[],
        expect![[r#"
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.md -> b/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-01e128c3/index.html
    "#]],
    );
}
