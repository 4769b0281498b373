//! A whole docs site as one page, for paper: every page in the order of
//! the navigation, headings numbered, links between the pages leading to
//! places of this one.

use std::collections::HashMap;

use crate::base::svg::tag_end;
use crate::base::text::push_escaped;
use crate::model::docs_site::{DocsSite, LinkTarget, NavItem};
use crate::model::site_path::SitePath;
use crate::render::body;
use crate::render::git_words;
use crate::render::place::{Place, href};
use crate::render::view::{Head, Link, PrintEntry, PrintView};

/// How many pages one page may have in it.
const MAX_PAGES: usize = 5_000;
/// How much may stand on one page; what is more is left out.
const MAX_BYTES: usize = 64 << 20;

/// Returns the path of a docs site's print page.
pub fn path(docs: &DocsSite) -> SitePath {
    SitePath::page(&format!("{}/_print", docs.plan.base))
}

/// A page or a section, and its number.
struct Chapter<'d> {
    number: String,
    depth: usize,
    title: &'d str,
    /// A section has none.
    page: Option<usize>,
}

/// Makes the print page.
pub fn filled(frame: PrintView, place: Place, docs: &DocsSite) -> PrintView {
    let pages: HashMap<&SitePath, usize> =
        docs.plan.pages.iter().enumerate().map(|(idx, page)| (&page.path, idx)).collect();
    let mut html = String::new();
    for chapter in &chapters(docs) {
        if html.len() > MAX_BYTES {
            html.push_str("<p>The rest is left out, since this page would be too large.</p>");
            break;
        }
        push_chapter(place, docs, &pages, chapter, &mut html);
    }
    PrintView { body_html: html, ..frame }
}

/// Makes the print page without its body.
pub fn frame(place: Place, docs: &DocsSite) -> PrintView {
    let entry = |chapter: &Chapter| PrintEntry {
        number: chapter.number.clone(),
        title: chapter.title.to_string(),
        href: chapter.page.map(|page| format!("#{}", anchor(page))),
        depth: chapter.depth,
    };
    let title = format!("{} · print", docs.plan.title);
    PrintView {
        head: Head { noindex: true, ..super::head(place, &title) },
        title: docs.plan.title.to_string(),
        description: docs.plan.description.as_deref().map(str::to_string),
        site: Link {
            title: docs.plan.title.to_string(),
            href: Some(href(place, &super::docs::entrance(docs))),
        },
        contents: chapters(docs).iter().map(entry).collect(),
        body_html: String::new(),
    }
}

/// Returns pages and sections in the order of the navigation, each page
/// once; pages outside of the navigation come last.
fn chapters(docs: &DocsSite) -> Vec<Chapter<'_>> {
    let mut chapters = Vec::new();
    let mut seen = vec![false; docs.pages.len()];
    push_items(&docs.nav, "", 1, &mut seen, &mut chapters);
    let mut n_top = docs.nav.iter().filter(|item| !matches!(item, NavItem::Link { .. })).count();
    for (idx, page) in docs.pages.iter().enumerate() {
        if !seen[idx] && chapters.len() < MAX_PAGES {
            n_top += 1;
            let number = n_top.to_string();
            chapters.push(Chapter { number, depth: 1, title: &page.title, page: Some(idx) });
        }
    }
    chapters
}

// Sections are nested no deeper than folders are.
fn push_items<'d>(
    items: &'d [NavItem],
    above: &str,
    depth: usize,
    seen: &mut [bool],
    chapters: &mut Vec<Chapter<'d>>,
) {
    let mut position = 0;
    for item in items {
        if chapters.len() >= MAX_PAGES {
            return;
        }
        let mut number = || {
            position += 1;
            format!("{above}{position}")
        };
        match item {
            NavItem::Page { title, page } if !std::mem::replace(&mut seen[*page], true) => {
                chapters.push(Chapter { number: number(), depth, title, page: Some(*page) });
            }
            NavItem::Section { title, items } => {
                let number = number();
                let below = format!("{number}.");
                chapters.push(Chapter { number, depth, title, page: None });
                push_items(items, &below, depth + 1, seen, chapters);
            }
            NavItem::Page { .. } | NavItem::Link { .. } => {}
        }
    }
}

fn anchor(page: usize) -> String {
    format!("cb-p{page}")
}

fn push_chapter(
    place: Place,
    docs: &DocsSite,
    pages: &HashMap<&SitePath, usize>,
    chapter: &Chapter,
    html: &mut String,
) {
    let Some(page_idx) = chapter.page else {
        html.push_str("<section class=\"print-part prose\"><h1>");
        push_number(html, &chapter.number);
        push_escaped(html, chapter.title);
        html.push_str("</h1></section>\n");
        return;
    };
    let page = &docs.pages[page_idx];
    let links: Vec<LinkTarget> = page.links.iter().map(|link| within(link, pages)).collect();
    let body = body::html(place, &page.doc, &links, &page.sizes);
    let body = git_words::replaced(body, docs, page_idx);
    html.push_str(&format!("<section class=\"print-page prose\" id=\"{}\">\n", anchor(page_idx)));
    let mut numbers =
        Numbers { chapter: &chapter.number, counts: [0; 7], has_title: page.doc.starts_with_title };
    if !page.doc.starts_with_title {
        html.push_str("<h1>");
        push_number(html, &chapter.number);
        push_escaped(html, &page.title);
        html.push_str("</h1>\n");
    }
    push_embedded(&body, &format!("{}--", anchor(page_idx)), &mut numbers, html);
    html.push_str("</section>\n");
}

fn push_number(html: &mut String, number: &str) {
    html.push_str("<span class=\"print-number\">");
    html.push_str(number);
    html.push_str("</span> ");
}

/// Returns what a link leads to among the pages of this page.
fn within(link: &LinkTarget, pages: &HashMap<&SitePath, usize>) -> LinkTarget {
    match link {
        LinkTarget::Site { path, fragment } => match pages.get(path) {
            Some(page) => LinkTarget::Fragment(match fragment {
                Some(fragment) => format!("{}--{fragment}", anchor(*page)).into(),
                None => anchor(*page).into(),
            }),
            None => link.clone(),
        },
        link => link.clone(),
    }
}

/// The numbers of a page's headings.
struct Numbers<'c> {
    chapter: &'c str,
    counts: [u32; 7],
    /// Whether the first heading is the page's title, which has the
    /// number of the page.
    has_title: bool,
}

impl Numbers<'_> {
    fn next(&mut self, level: usize) -> String {
        if std::mem::take(&mut self.has_title) && level == 1 {
            return self.chapter.to_string();
        }
        self.counts[level] += 1;
        self.counts[level + 1..].fill(0);
        let mut number = self.chapter.to_string();
        for count in self.counts[1..=level].iter().filter(|count| **count > 0) {
            number.push_str(&format!(".{count}"));
        }
        number
    }
}

/// Copies safe HTML with its ids, and what refers to them, made those of
/// one page among many, and numbers before its headings.
fn push_embedded(html: &str, prefix: &str, numbers: &mut Numbers, out: &mut String) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let (tag, after) = rest[start..].split_at(tag_end(&rest[start..]).unwrap_or(rest.len() - start));
        rest = after;
        push_tag(tag, prefix, out);
        let level = match tag.as_bytes() {
            [b'<', b'h', level @ b'1'..=b'6', b' ' | b'>', ..] => usize::from(level - b'0'),
            _ => continue,
        };
        push_number(out, &numbers.next(level));
    }
    out.push_str(rest);
}

fn push_tag(tag: &str, prefix: &str, out: &mut String) {
    const NAMES: &[&str] = &[" id=\"", " for=\"", " name=\"", " aria-labelledby=\"", " href=\"#", "=\"url(#"];
    let mut rest = tag;
    loop {
        let found = NAMES.iter().filter_map(|name| Some((rest.find(name)?, *name))).min();
        let Some((at, name)) = found else { break };
        let end = at + name.len();
        out.push_str(&rest[..end]);
        rest = &rest[end..];
        let is_own =
            rest.strip_prefix("cb-p").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !is_own && !rest.starts_with('"') {
            out.push_str(prefix);
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(html: &str, expected: Expect) {
        let mut out = String::new();
        let mut numbers = Numbers { chapter: "2", counts: [0; 7], has_title: true };
        push_embedded(html, "cb-p1--", &mut numbers, &mut out);
        expected.assert_eq(&out);
    }

    #[test]
    fn ids_are_those_of_their_page() {
        check(
            "<p id=\"a\"><a href=\"#a\">x</a> <a href=\"#cb-p3--b\">y</a> id=\"z\"</p>",
            expect![[r##"<p id="cb-p1--a"><a href="#cb-p1--a">x</a> <a href="#cb-p3--b">y</a> id="z"</p>"##]],
        );
        check(
            "<input id=\"t\" name=\"n\" title=\"a > b\"><label for=\"t\">x</label><a href=\"#\">top</a>",
            expect![[
                r##"<input id="cb-p1--t" name="cb-p1--n" title="a > b"><label for="cb-p1--t">x</label><a href="#">top</a>"##
            ]],
        );
    }

    #[test]
    fn headings_are_numbered() {
        check(
            "<h1 id=\"t\">T</h1><h2>A</h2><h3>B</h3><h3>C</h3><h2>D</h2><h3>E</h3><hr>",
            expect![[
                r#"<h1 id="cb-p1--t"><span class="print-number">2</span> T</h1><h2><span class="print-number">2.1</span> A</h2><h3><span class="print-number">2.1.1</span> B</h3><h3><span class="print-number">2.1.2</span> C</h3><h2><span class="print-number">2.2</span> D</h2><h3><span class="print-number">2.2.1</span> E</h3><hr>"#
            ]],
        );
        check(
            "<h2>A</h2><h1>B</h1><h4>C</h4>",
            expect![[
                r#"<h2><span class="print-number">2.1</span> A</h2><h1><span class="print-number">2.1</span> B</h1><h4><span class="print-number">2.1.1</span> C</h4>"#
            ]],
        );
    }
}
