//! The list of an entity's architecture decision records, with the
//! status and the date that each of them says of itself.

use crate::model::doc::Doc;
use crate::model::docs_site::{DocPage, DocsSite};
use crate::model::site_path::SitePath;
use crate::render::place::{Place, href, link, shortened};
use crate::render::view::{Decision, DecisionsView, Link};

/// So much of a status is shown.
const MAX_STATUS: usize = 60;

/// Tells whether a page is a decision, by its source.
pub fn is_decision(docs: &DocsSite, source: &str) -> bool {
    docs.plan.decisions.as_ref().is_some_and(|decisions| source.starts_with(&*decisions.prefix))
}

/// Makes the list.
pub fn view(place: Place, docs: &DocsSite) -> DecisionsView {
    let pages = docs.plan.pages.iter().zip(&docs.pages);
    let of_folder = pages.filter(|(planned, _)| is_decision(docs, &planned.source));
    let mut decisions: Vec<(&str, Decision)> = of_folder
        .filter_map(|(planned, page)| Some((&*planned.source, decision(place, page, &planned.path)?)))
        .collect();
    // The newest first, as their numbers have it.
    decisions.sort_by(|a, b| b.0.cmp(a.0));
    let id = docs.plan.entities.first().copied();
    let title = "Decisions".to_string();
    DecisionsView {
        head: super::head(place, &format!("{title} · {}", docs.plan.title)),
        crumbs: vec![
            Link { title: "Docs".to_string(), href: Some(href(place, &SitePath::page("docs"))) },
            Link {
                title: docs.plan.title.to_string(),
                href: Some(href(place, &super::docs::entrance(docs))).filter(|_| docs.home.is_some()),
            },
            Link { title: title.clone(), href: None },
        ],
        title,
        entity: id.map(|id| link(place, id)),
        decisions: decisions.into_iter().map(|(_, decision)| decision).collect(),
    }
}

/// Returns what a record says of itself; an index or a template is none.
fn decision(place: Place, page: &DocPage, path: &SitePath) -> Option<Decision> {
    let name = path.as_str().trim_end_matches("/index.html").rsplit('/').next().unwrap_or("").to_lowercase();
    let status = said(&page.doc, "status");
    let date = said(&page.doc, "date").map(|date| date.chars().take(10).collect::<String>());
    let is_record = status.is_some() || date.is_some() || name.starts_with(|c: char| c.is_ascii_digit());
    if !is_record || name.contains("template") {
        return None;
    }
    let status = status.map(|status| shortened(&status, MAX_STATUS)).unwrap_or_default();
    Some(Decision {
        title: page.title.to_string(),
        href: href(place, path),
        tone: tone(&status),
        status,
        date: date.unwrap_or_default(),
    })
}

/// Returns what a record says under a name: in its front matter, in a
/// line `Status: …`, or below a heading.
fn said(doc: &Doc, name: &str) -> Option<String> {
    if let Some(value) = doc.meta_value(name) {
        return Some(value.to_string());
    }
    let sections = doc.sections.get();
    let below = sections.iter().find(|section| {
        let heading = section.heading.and_then(|idx| doc.headings.get(idx as usize));
        heading.is_some_and(|heading| heading.text.trim().eq_ignore_ascii_case(name))
    });
    if let Some(section) = below {
        let first = section.text.split(['\n', '.']).map(str::trim).find(|line| !line.is_empty())?;
        return Some(first.to_string());
    }
    let label = format!("{name}:");
    let head: String = sections.iter().take(2).map(|section| &*section.text).collect::<Vec<_>>().join("\n");
    let lower = head.to_ascii_lowercase();
    let start = lower.find(&label)? + label.len();
    let rest = head.get(start..)?;
    let ends = ["\n", " Date:", " Status:", " Deciders:", " Supersedes:", " Technical Story:"];
    let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let value = rest[..end].trim().trim_matches('*').trim();
    (!value.is_empty()).then(|| value.to_string())
}

fn tone(status: &str) -> &'static str {
    match status.split(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase().as_str() {
        "accepted" | "approved" | "done" | "implemented" => "good",
        "proposed" | "draft" | "pending" | "open" => "new",
        "rejected" | "deprecated" | "superseded" | "superceded" | "replaced" => "old",
        _ => "plain",
    }
}
