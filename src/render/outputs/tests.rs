//! Whole sites, rendered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use super::plan::distinct;
use super::*;
use crate::base::memo::{self, Trust};
use crate::base::par::par_map_indexed;
use crate::model::config;
use crate::render::testing;
use crate::render::theme::theme;

fn config_of(name: &str) -> config::Theme {
    config::Theme { name: name.to_string(), logo: None, favicon: None, accent: None, dir: None }
}

/// Renders a whole site.
fn files(site: &Site, name: &str) -> BTreeMap<String, String> {
    let world = testing::world();
    let theme = theme(&world, &config_of(name), &mut Vec::new()).unwrap();
    let outputs = outputs(&Arc::new(site.clone()), &Arc::new(theme));
    (0..outputs.paths.len())
        .map(|idx| {
            let bytes = outputs.bytes(&world, idx).unwrap();
            (outputs.paths[idx].to_string(), String::from_utf8(bytes).unwrap())
        })
        .collect()
}

/// Returns the values of an attribute.
fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn every_kind_of_page_is_planned_once_and_in_order() {
    let world = testing::world();
    let theme = theme(&world, &config_of("plain"), &mut Vec::new()).unwrap();
    let mut site = testing::site();
    site.config.search.enable = false;
    let outputs = outputs(&Arc::new(site), &Arc::new(theme));
    let paths: Vec<&str> = outputs.paths.iter().map(SitePath::as_str).collect();
    expect_test::expect![[r#"
        .nojekyll
        404.html
        api-docs/index.html
        api/catalog/entities.json
        api/catalog/entities/by-name/api/default/orders.json
        api/catalog/entities/by-name/component/default/checkout.json
        api/catalog/entities/by-name/domain/default/shop.json
        api/catalog/entities/by-name/group/default/tills.json
        api/catalog/entities/by-name/system/default/till-system.json
        api/catalog/entities/by-name/user/default/ada.json
        api/catalog/entities/by-name/widget/default/odd.json
        api/catalog/entity-facets.json
        catalog-graph/graph.json
        catalog-graph/index.html
        catalog/api/export.csv
        catalog/api/export.json
        catalog/api/index.html
        catalog/api/rows.json
        catalog/component/export.csv
        catalog/component/export.json
        catalog/component/index.html
        catalog/component/rows.json
        catalog/default/api/orders/definition.yaml
        catalog/default/api/orders/index.html
        catalog/default/api/orders/peek.json
        catalog/default/component/checkout/index.html
        catalog/default/domain/shop/index.html
        catalog/default/group/tills/index.html
        catalog/default/system/till-system/index.html
        catalog/default/user/ada/index.html
        catalog/default/widget/odd/index.html
        catalog/domain/export.csv
        catalog/domain/export.json
        catalog/domain/index.html
        catalog/domain/rows.json
        catalog/group/export.csv
        catalog/group/export.json
        catalog/group/index.html
        catalog/group/rows.json
        catalog/index.html
        catalog/people.json
        catalog/system/export.csv
        catalog/system/export.json
        catalog/system/index.html
        catalog/system/rows.json
        catalog/user/export.csv
        catalog/user/export.json
        catalog/user/index.html
        catalog/user/rows.json
        catalog/widget/export.csv
        catalog/widget/export.json
        catalog/widget/index.html
        catalog/widget/rows.json
        docs/default/component/checkout/a.svg
        docs/default/component/checkout/b.svg
        docs/default/component/checkout/guides/refunds/index.html
        docs/default/component/checkout/index.html
        docs/default/component/checkout/lost.png
        docs/default/system/till-system/index.html
        docs/index.html
        health.json
        health/by-code/index.html
        health/by-owner/index.html
        health/dangling/index.html
        health/index.html
        health/without-description/index.html
        health/without-docs/index.html
        health/without-lifecycle/index.html
        health/without-owner/index.html
        index.html
        org/index.html
        robots.txt"#]]
    .assert_eq(&paths.join("\n"));
}

#[test]
fn every_page_begins_with_the_policy_and_keeps_it() {
    for name in ["default", "plain"] {
        for (path, html) in files(&testing::site(), name) {
            if !path.ends_with(".html") {
                continue;
            }
            let (_, head) = html.split_once("<head>").expect(&path);
            // The charset must stand within the first 1,024 bytes, and
            // the policy may be long.
            let policy =
                "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src";
            assert!(head.trim_start().replacen(">\n<", "><", 1).starts_with(policy), "{name} {path}");
            assert!(!html.contains(" style=") && !html.contains("<style"), "{name} {path}");
            assert!(!html.contains(" onclick") && !html.contains("javascript:"), "{name} {path}");
            for script in html.split("<script").skip(1) {
                assert!(script.starts_with(" src=\""), "{name} {path} runs an inline script");
            }
            for loaded in values(&html, "src") {
                assert!(!loaded.contains("//"), "{name} {path} loads {loaded}");
            }
        }
    }
}

#[test]
fn every_link_leads_to_a_file_at_any_sub_path() {
    let files = files(&testing::site(), "default");
    for (path, html) in &files {
        if !path.ends_with(".html") || path == "404.html" {
            continue;
        }
        for url in values(html, "href").into_iter().chain(values(html, "src")) {
            if url.contains("://") || url.starts_with('#') || url.starts_with("mailto:") {
                continue;
            }
            assert!(!url.starts_with('/'), "{path}: {url} is not relative");
            let target = url.split(['#', '?']).next().unwrap();
            let base: PathBuf = format!("/{path}").into();
            let mut parts: Vec<&str> = path.split('/').collect();
            parts.pop();
            for part in target.split('/') {
                match part {
                    "" | "." => {}
                    ".." => assert!(parts.pop().is_some(), "{base:?}: {url} leaves the site"),
                    part => parts.push(part),
                }
            }
            let joined = parts.join("/");
            let is_file = files.contains_key(&joined);
            let page = SitePath::page(&joined);
            assert!(is_file || files.contains_key(page.as_str()), "{path}: {url} leads nowhere");
        }
    }
}

#[test]
fn links_of_docs_are_spliced_in() {
    let files = files(&testing::site(), "plain");
    let index = &files["docs/default/component/checkout/index.html"];
    assert!(index.contains("<a href=\"guides/refunds/#by-card\">x</a>"), "{index}");
    let external = "href=\"https://example.com/?a=1&amp;b=&quot;2\" rel=\"noopener noreferrer\" class=\"external\">x</a>";
    assert!(index.contains(external), "{index}");
    assert!(index.contains("<a data-broken>x</a>"), "{index}");
    let refunds = &files["docs/default/component/checkout/guides/refunds/index.html"];
    assert!(refunds.contains("<a src=\"../../a.svg\">"), "{refunds}");
    let redirect = &files["docs/default/system/till-system/index.html"];
    assert!(redirect.contains("url=../../component/checkout/"), "{redirect}");
}

#[test]
fn an_entity_shows_its_problems_and_what_is_missing() {
    let files = files(&testing::site(), "default");
    let checkout = &files["catalog/default/component/checkout/index.html"];
    assert!(checkout.contains("unknown-key") && checkout.contains("b&lt;c&gt;"), "{checkout}");
    assert!(checkout.contains("Entities not found are: <code>resource:default/gone</code>"), "{checkout}");
    assert!(checkout.contains("This component does not consume any APIs."), "{checkout}");
    assert!(checkout.contains("https://github.com/acme/shop/edit/main/catalog-info.yaml"), "{checkout}");
    assert!(!files["catalog/default/domain/shop/index.html"].contains("unknown-key"));
}

#[test]
fn text_of_people_is_escaped() {
    for (path, html) in files(&testing::site(), "default") {
        assert!(!html.contains("Acme <portal>"), "{path}");
        assert!(!html.contains("# <raw>"), "{path}");
        if path.ends_with(".html") {
            assert!(!html.contains("# <b>"), "{path}");
        }
    }
}

#[test]
fn assets_are_copied_unless_they_could_run_something() {
    let world = testing::world();
    let theme = theme(&world, &config_of("plain"), &mut Vec::new()).unwrap();
    let site = testing::site();
    let outputs = outputs(&Arc::new(site), &Arc::new(theme));
    let bytes = |name: &str| {
        let is_it = |path: &SitePath| path.as_str().ends_with(name);
        let idx = outputs.paths.iter().position(is_it).unwrap();
        String::from_utf8(outputs.bytes(&world, idx).unwrap()).unwrap()
    };
    assert!(bytes("checkout/a.svg").contains("M0 0"));
    assert!(!bytes("checkout/b.svg").contains("script"));
    assert_eq!(bytes("checkout/lost.png"), "");
    let diags = outputs.diagnostics();
    let ids: Vec<&str> = diags.iter().map(|diag| diag.code.id).collect();
    assert_eq!(ids, ["copy-failed", "cleaned-svg"]);
    assert!(diags[0].message.contains("`docs/lost.png` of `shop`"), "{}", diags[0].message);
}

#[test]
fn a_sitemap_needs_a_base_url() {
    let mut site = testing::site();
    assert!(!files(&site, "plain").contains_key("sitemap.xml"));
    site.config.portal.base_url = Some("https://dev.example/portal/".to_string());
    let files = files(&site, "plain");
    let sitemap = &files["sitemap.xml"];
    assert!(sitemap.contains("<loc>https://dev.example/portal/docs/default/component/checkout/</loc>"));
    assert!(!sitemap.contains("404.html") && !sitemap.contains("till-system/</loc></url>\n<url><loc>x"));
    assert!(files["robots.txt"].contains("Sitemap: https://dev.example/portal/sitemap.xml"));
    assert!(files["404.html"].contains("href=\"/portal/\""));
    let template = "template=\"https://dev.example/portal/search/?q={searchTerms}\"";
    assert!(files["opensearch.xml"].contains(template));
}

#[test]
fn the_first_of_two_files_wins_and_none_is_a_folder_too() {
    let planned = |path: &str, content| (SitePath::new(path), content);
    let (paths, contents) = distinct(vec![
        planned("b", Content::Home),
        planned("a.txt", Content::Robots),
        planned("b", Content::OpenSearch),
        planned("a", Content::DocsIndex { number: 1 }),
        planned("a/index.html", Content::Sitemap),
    ]);
    let paths: Vec<&str> = paths.iter().map(SitePath::as_str).collect();
    assert_eq!(paths, ["a", "a.txt", "b"]);
    assert_eq!(contents, [Content::DocsIndex { number: 1 }, Content::Robots, Content::Home]);
}

/// Where an earlier run has made the search and its files are gone, they
/// are made while others are written; with more threads than processors,
/// some wait for all that they could.
#[test]
fn files_of_the_search_that_are_gone_keep_nobody_waiting() {
    let world = testing::world();
    let site = Arc::new(testing::site());
    let theme = Arc::new(theme(&world, &config_of("plain"), &mut Vec::new()).unwrap());
    let memo = memo::open(&world, Path::new("/cache"), Key::default(), Trust::ContentOnly).0;
    let memo = Arc::new(memo);
    let n_files = outputs_with(&memo, &site, &theme).paths.len();
    let build = move || {
        let outputs = outputs_with(&memo, &site, &theme);
        assert!(outputs.found.get().is_none(), "the names of the files are known");
        let made = par_map_indexed(&outputs.paths, |idx, _| outputs.bytes(&world, idx).unwrap());
        assert_eq!(made.len(), n_files);
    };
    let (done, is_done) = mpsc::channel();
    std::thread::spawn(move || {
        rayon::ThreadPoolBuilder::new()
            .num_threads(16)
            .build()
            .unwrap()
            .install(|| (0..200).for_each(|_| build()));
        done.send(()).unwrap();
    });
    is_done.recv_timeout(Duration::from_secs(120)).expect("it ends");
}
