//! What links lead to, and what is said of those that lead nowhere.

use expect_test::{Expect, expect};

use super::super::routes::routes;
use super::super::{docs, fixture, nav};
use super::*;
use crate::model::file::{FileId, FileKind};
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
        sites.push(nav::docs_site(plan, docs.into_iter().map(|(_, doc)| doc.into()).collect()).into());
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
fn of_thousands_of_links_not_all_are_spoken_of() {
    let links = vec!["no.md"; 1_500];
    linked("pay:docs/index.md", &links, &|routes, site_idx, page_idx| {
        let mut diags = Vec::new();
        let found = targets(routes, site_idx, page_idx, &mut diags);
        assert_eq!((found.targets.len(), diags.len()), (1_500, 1_001));
        assert_eq!(diags[1_000].message, "there is something to say of 500 more links of this page");
        String::new()
    });
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
            component:default/pay -> catalog/default/component/pay/index.html
            data:text/html,x -> BROKEN
            docs/index.md: warning unsafe-link: link to `javascript:alert(1)` has a scheme that is not allowed
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
        let lines = links.iter().zip(&found).map(|(link, target)| format!("{link} -> {}\n", shown(target)));
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
