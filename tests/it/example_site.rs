//! The example site builds without a complaint, and every page keeps
//! the promises that all pages make.

use std::collections::{BTreeMap, BTreeSet};

use callboard::base::disk::Disk;
use callboard::model::site_path::SitePath;
use callboard::render;

use crate::portal;

#[test]
fn it_builds_without_a_complaint() {
    let (site, theme) = portal::site(&Disk, &portal::root().join("example-site"), "default");
    let outputs = render::outputs::outputs(&site, &theme);
    for idx in 0..outputs.paths.len() {
        outputs.bytes(&Disk, idx).expect("every file renders");
    }
    let mut diags = site.diagnostics.clone();
    diags.extend(outputs.diagnostics());
    // Without the feature, its Mermaid is shown as source, and says so.
    diags.retain(|diag| cfg!(feature = "mermaid") || diag.code.id != "diagram");
    assert_eq!(portal::text(&site.snapshot, &diags), "");
}

#[test]
fn it_shows_every_kind() {
    let (site, _) = portal::site(&Disk, &portal::root().join("example-site"), "default");
    let kinds: BTreeSet<&str> = site.catalog.entities.iter().map(|entity| &*entity.entity_ref.kind).collect();
    for kind in [
        "airesource",
        "api",
        "component",
        "domain",
        "group",
        "location",
        "resource",
        "system",
        "template",
        "user",
    ] {
        assert!(kinds.contains(kind), "the example site has no {kind}");
    }
}

#[test]
fn the_guide_builds_without_a_complaint() {
    let (site, _) = portal::site(&Disk, &portal::root(), "default");
    assert_eq!(portal::text(&site.snapshot, &site.diagnostics), "");
}

#[test]
fn every_link_of_every_page_leads_somewhere() {
    let pages = pages("example-site");
    let ids: BTreeMap<&str, BTreeSet<String>> =
        pages.iter().map(|(path, html)| (path.as_str(), attributes(html, &["id"]))).collect();
    let mut broken = Vec::new();
    for (path, html) in &pages {
        if !path.ends_with(".html") || path == "404.html" {
            continue;
        }
        for url in attributes(html, &["href", "src"]) {
            if let Some(fault) = fault(path, &url, &ids) {
                broken.push(format!("{path}: `{url}`: {fault}"));
            }
        }
    }
    assert!(broken.is_empty(), "{} broken links:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_page_has_the_policy_first_and_nothing_inline() {
    for (path, html) in pages("example-site") {
        if !path.ends_with(".html") {
            continue;
        }
        let head = html.split_once("<head>").unwrap_or_else(|| panic!("{path} has no head")).1;
        let first_tags: Vec<&str> = head.split('<').skip(1).take(2).collect();
        assert!(
            first_tags.iter().any(|tag| tag.starts_with("meta http-equiv=\"Content-Security-Policy\"")),
            "{path}: the policy is not at the head's start: {first_tags:?}"
        );
        let lowered = html.to_lowercase();
        assert!(!lowered.contains("<style"), "{path}: an inline style sheet");
        assert!(!lowered.contains(" style=\""), "{path}: an inline style");
        for script in lowered.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or("");
            assert!(tag.contains(" src=\""), "{path}: an inline script");
        }
        for handler in [" onclick=", " onload=", " onerror="] {
            assert!(!lowered.contains(handler), "{path}: `{handler}`");
        }
    }
}

/// All text files of a portal's site.
fn pages(portal_folder: &str) -> Vec<(String, String)> {
    let (site, theme) = portal::site(&Disk, &portal::root().join(portal_folder), "default");
    let outputs = render::outputs::outputs(&site, &theme);
    let text = |idx| {
        let bytes = outputs.bytes(&Disk, idx).expect("every file renders");
        String::from_utf8_lossy(&bytes).into_owned()
    };
    outputs.paths.iter().enumerate().map(|(idx, path)| (path.to_string(), text(idx))).collect()
}

/// Returns the values of attributes, entities decoded, of every tag.
fn attributes(html: &str, names: &[&str]) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or("");
        for name in names {
            for part in tag.split(&format!(" {name}=\"")).skip(1) {
                let value = part.split('"').next().unwrap_or("");
                values.insert(value.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"));
            }
        }
    }
    values
}

fn fault(page: &str, url: &str, ids: &BTreeMap<&str, BTreeSet<String>>) -> Option<String> {
    let has_scheme = url.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    if has_scheme {
        return None;
    }
    if url.starts_with('/') {
        return Some("not relative".to_string());
    }
    let (path, fragment) = url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)));
    let path = path.split('?').next().unwrap_or("");
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut parts: Vec<&str> = page.split('/').collect();
    if !decoded.is_empty() {
        parts.pop();
        for part in decoded.split('/') {
            match part {
                ".." => {
                    if parts.pop().is_none() {
                        return Some("it leaves the site".to_string());
                    }
                }
                "." | "" => {}
                part => parts.push(part),
            }
        }
    }
    let names_folder = decoded.ends_with('/') || decoded.ends_with("..") || decoded == ".";
    let target = match names_folder {
        true => SitePath::page(&parts.join("/")).to_string(),
        false => parts.join("/"),
    };
    let Some(target_ids) = ids.get(target.as_str()) else {
        return Some(format!("there is no `{target}`"));
    };
    let fragment = percent_encoding::percent_decode_str(fragment?).decode_utf8_lossy();
    let exists = fragment.is_empty() || target_ids.contains(&*fragment);
    (!exists).then(|| format!("`{target}` has no `#{fragment}`"))
}
