//! The navigation of a docs site, made once and spliced into each of
//! its pages: URLs begin at the docs site's folder, and what differs
//! from page to page is put in at known offsets.

use crate::base::hash::{self, Key};
use crate::base::text::push_escaped;
use crate::model::docs_site::{DocsSite, NavItem, OVERVIEW};
use crate::model::site_path::SitePath;

use super::view::Link;

pub mod below;

/// A navigation with more entries is not repeated on each page: then a
/// page shows its ancestors, its neighbours and its children.
const MAX_WHOLE: usize = 250;
/// So many neighbours are shown before and after an entry of a large
/// navigation.
const MAX_NEIGHBOURS: usize = 40;
/// Up to so many entries, all sections stand open.
const MAX_OPEN: usize = 40;
/// Deeper sections are shown at this depth.
const MAX_DEPTH: usize = 24;

/// The navigation of one docs site.
pub struct DocsNav {
    /// The hash of the entries: with the page, all that [`html`] needs.
    pub key: Key,
    entries: Vec<Entry>,
    /// For each entry, its page.
    pages: Vec<Option<usize>>,
    /// For each page, its first entry.
    by_page: Vec<Option<usize>>,
    /// For each page, its place in the order of reading.
    pub position: Vec<Option<usize>>,
    whole: Option<Whole>,
    /// For each entry, the entries right below it; last those at the top.
    children: Vec<Vec<usize>>,
}

/// An entry; a section's entries follow it, one level deeper.
struct Entry {
    title: Box<str>,
    /// Relative to the docs site's folder; empty for a section.
    url: Box<str>,
    is_external: bool,
    is_section: bool,
    parent: Option<usize>,
    /// The entry after this one and all that it holds.
    end: usize,
    /// Of a section, the entry right below it that is its own page.
    index: Option<usize>,
}

impl Entry {
    /// Returns the entry that the title of a section leads to, and that
    /// is not shown again below it: its own page, if it has no title of
    /// its own.
    fn titled_by(&self, entries: &[Entry]) -> Option<usize> {
        self.index.filter(|index| &*entries[*index].title == OVERVIEW)
    }
}

/// The whole navigation as HTML, and where pages differ.
struct Whole {
    html: String,
    /// Where the way up to the docs site's folder goes, in order.
    ups: Vec<usize>,
    /// For each entry, where ` aria-current` or ` open` goes.
    marks: Vec<usize>,
}

/// Makes the navigation of a docs site.
pub fn docs_nav(site: &DocsSite) -> DocsNav {
    let mut entries = Vec::new();
    push_entries(site, &site.nav, None, 0, &mut entries);
    let mut by_page = vec![None; site.pages.len()];
    let pages = pages_of(&site.nav);
    for (idx, page) in pages.iter().enumerate() {
        if let Some(entry) = page.and_then(|page| by_page.get_mut(page)) {
            entry.get_or_insert(idx);
        }
    }
    let mut position = vec![None; site.pages.len()];
    for (idx, page) in site.order.iter().enumerate() {
        position[*page].get_or_insert(idx);
    }
    let key = key(site, &entries);
    let whole = (entries.len() <= MAX_WHOLE).then(|| whole(&entries));
    let mut children = vec![Vec::new(); entries.len() + 1];
    for (idx, entry) in entries.iter().enumerate().filter(|(idx, _)| !is_title(&entries, *idx)) {
        children[entry.parent.unwrap_or(entries.len())].push(idx);
    }
    DocsNav { key, entries, pages, by_page, position, whole, children }
}

/// Returns the navigation as a page shows it.
pub fn html(nav: &DocsNav, site: &DocsSite, page_idx: usize) -> String {
    let up = up(site, &site.plan.pages[page_idx].path);
    let current = nav.by_page[page_idx];
    match &nav.whole {
        Some(whole) => spliced(nav, whole, &up, current),
        None => excerpt(nav, &up, current),
    }
}

/// Returns the sections that a page stands in, outermost first. One that
/// has a page of its own leads to it.
pub fn sections(nav: &DocsNav, site: &DocsSite, page_idx: usize) -> Vec<Link> {
    let Some(current) = nav.by_page[page_idx] else { return Vec::new() };
    let up = up(site, &site.plan.pages[page_idx].path);
    let link = |idx: usize| {
        let section = &nav.entries[idx];
        let index = section.index.filter(|index| *index != current);
        let href = index.map(|index| format!("{up}{}", nav.entries[index].url));
        Link { title: section.title.to_string(), href }
    };
    ancestors(&nav.entries, current).into_iter().map(link).collect()
}

fn key(site: &DocsSite, entries: &[Entry]) -> Key {
    let mut text = String::with_capacity(entries.len() * 64);
    for Entry { title, url, is_external, is_section, parent, end, index } in entries {
        let place = format!("{is_external} {is_section} {parent:?} {end} {index:?} {}\0", title.len());
        for part in [&*place, title, url] {
            text.push_str(part);
        }
    }
    hash::key(&[site.plan.base.as_bytes(), text.as_bytes()])
}

fn push_entries(
    site: &DocsSite,
    items: &[NavItem],
    parent: Option<usize>,
    depth: usize,
    entries: &mut Vec<Entry>,
) {
    for item in items {
        let idx = entries.len();
        let (title, url, is_external) = match item {
            NavItem::Page { title, page } => (title, url(site, *page), false),
            NavItem::Section { title, .. } => (title, "".into(), false),
            NavItem::Link { title, url } => (title, url.clone(), true),
        };
        let is_section = matches!(item, NavItem::Section { .. });
        let index = None;
        entries.push(Entry {
            title: title.clone(),
            url,
            is_external,
            is_section,
            parent,
            end: idx + 1,
            index,
        });
        if let (Some(parent), NavItem::Page { page, .. }) = (parent, item)
            && site.plan.is_of_section(*page)
        {
            entries[parent].index.get_or_insert(idx);
        }
        if let NavItem::Section { items, .. } = item
            && depth < MAX_DEPTH
        {
            push_entries(site, items, Some(idx), depth + 1, entries);
        }
        entries[idx].end = entries.len();
    }
}

/// Returns the page of each entry, in the order of the entries.
fn pages_of(items: &[NavItem]) -> Vec<Option<usize>> {
    fn push(items: &[NavItem], depth: usize, pages: &mut Vec<Option<usize>>) {
        for item in items {
            match item {
                NavItem::Page { page, .. } => pages.push(Some(*page)),
                NavItem::Link { .. } => pages.push(None),
                NavItem::Section { items, .. } => {
                    pages.push(None);
                    if depth < MAX_DEPTH {
                        push(items, depth + 1, pages);
                    }
                }
            }
        }
    }
    let mut pages = Vec::new();
    push(items, 0, &mut pages);
    pages
}

/// Returns the URL of a page from the docs site's folder.
fn url(site: &DocsSite, page_idx: usize) -> Box<str> {
    let Some(page) = site.plan.pages.get(page_idx) else { return "./".into() };
    let base = SitePath::page(&site.plan.base);
    base.relative(&page.path).into()
}

/// Returns what leads from a page to the docs site's folder; empty in
/// the folder itself.
fn up(site: &DocsSite, path: &SitePath) -> String {
    let depth_of_base = site.plan.base.split('/').filter(|part| !part.is_empty()).count();
    let depth = path.as_str().matches('/').count();
    match path.as_str().strip_prefix(&*site.plan.base).is_some_and(|rest| rest.starts_with('/')) {
        true => "../".repeat(depth - depth_of_base),
        false => format!("{}{}", path.to_root(), SitePath::page(&site.plan.base).url()),
    }
}

fn whole(entries: &[Entry]) -> Whole {
    let mut whole = Whole {
        html: String::with_capacity(entries.len() * 96),
        ups: Vec::with_capacity(entries.len()),
        marks: vec![0; entries.len()],
    };
    let all_open = entries.len() <= MAX_OPEN;
    whole.html.push_str("<ul>");
    let mut open = Vec::new();
    for (idx, entry) in entries.iter().enumerate() {
        close(&mut whole.html, &mut open, idx);
        if is_title(entries, idx) {
            continue;
        }
        let html = &mut whole.html;
        html.push_str("<li>");
        if entry.is_section {
            html.push_str("<details");
            if all_open {
                html.push_str(" open");
            } else {
                whole.marks[idx] = html.len();
            }
            html.push_str("><summary>");
            match entry.titled_by(entries) {
                Some(index) => {
                    html.push_str("<a href=\"");
                    whole.ups.push(html.len());
                    push_escaped(html, &entries[index].url);
                    html.push('"');
                    whole.marks[index] = html.len();
                    html.push('>');
                    push_escaped(html, &entry.title);
                    html.push_str("</a>");
                }
                None => push_escaped(html, &entry.title),
            }
            html.push_str("</summary><ul>");
            open.push(entry.end);
            continue;
        }
        html.push_str("<a href=\"");
        if !entry.is_external {
            whole.ups.push(html.len());
        }
        push_escaped(html, &entry.url);
        html.push('"');
        whole.marks[idx] = html.len();
        html.push_str(if entry.is_external { " rel=\"noopener noreferrer\">" } else { ">" });
        push_escaped(html, &entry.title);
        html.push_str("</a></li>");
    }
    close(&mut whole.html, &mut open, entries.len());
    whole.html.push_str("</ul>");
    whole
}

/// Tells whether an entry is shown as the title of its section.
fn is_title(entries: &[Entry], idx: usize) -> bool {
    entries[idx].parent.is_some_and(|parent| entries[parent].titled_by(entries) == Some(idx))
}

/// Ends the sections that end before the entry `idx`.
fn close(html: &mut String, open: &mut Vec<usize>, idx: usize) {
    while open.last().is_some_and(|end| *end <= idx) {
        open.pop();
        html.push_str("</ul></details></li>");
    }
}

fn spliced(nav: &DocsNav, whole: &Whole, up: &str, current: Option<usize>) -> String {
    let mut marks: Vec<(usize, &str)> = Vec::new();
    if let Some(idx) = current {
        marks.extend(ancestors(&nav.entries, idx).into_iter().map(|idx| (whole.marks[idx], " open")));
        marks.push((whole.marks[idx], " aria-current=\"page\""));
    }
    let mut marks = marks.into_iter().filter(|(offset, _)| *offset > 0).peekable();
    let mut html = String::with_capacity(whole.html.len() + whole.ups.len() * up.len() + 64);
    let mut from = 0;
    for offset in whole.ups.iter().copied().chain([whole.html.len()]) {
        while let Some((mark, text)) = marks.next_if(|(mark, _)| *mark <= offset) {
            html.push_str(&whole.html[from..mark]);
            html.push_str(text);
            from = mark;
        }
        html.push_str(&whole.html[from..offset]);
        from = offset;
        if offset < whole.html.len() {
            html.push_str(up);
        }
    }
    html
}

/// Shows the levels on the way to the current entry, each cut to the
/// neighbours of that way.
fn excerpt(nav: &DocsNav, up: &str, current: Option<usize>) -> String {
    let mut way = current.map(|idx| ancestors(&nav.entries, idx)).unwrap_or_default();
    way.extend(current);
    let mut html = String::new();
    push_level(nav, up, &way, nav.entries.len(), &mut html);
    html
}

fn push_level(nav: &DocsNav, up: &str, way: &[usize], parent: usize, html: &mut String) {
    let level = &nav.children[parent];
    let here = way.first().and_then(|on_way| level.binary_search(on_way).ok()).unwrap_or(0);
    let from = here.saturating_sub(MAX_NEIGHBOURS);
    let to = (here + MAX_NEIGHBOURS + 1).min(level.len());
    html.push_str("<ul>");
    push_gap(html, from);
    for idx in &level[from..to] {
        let entry = &nav.entries[*idx];
        let is_on_way = way.first() == Some(idx);
        html.push_str("<li>");
        if is_on_way && entry.is_section {
            html.push_str("<details open><summary>");
            match entry.titled_by(&nav.entries) {
                Some(index) => {
                    html.push_str("<a href=\"");
                    html.push_str(up);
                    push_escaped(html, &nav.entries[index].url);
                    let is_here = way.get(1) == Some(&index);
                    html.push_str(if is_here { "\" aria-current=\"page\">" } else { "\">" });
                    push_escaped(html, &entry.title);
                    html.push_str("</a>");
                }
                None => push_escaped(html, &entry.title),
            }
            html.push_str("</summary>");
            push_level(nav, up, &way[1..], *idx, html);
            html.push_str("</details></li>");
            continue;
        }
        // A closed section leads to its first page.
        let target = nav.entries[*idx..entry.end].iter().find(|entry| !entry.is_section).unwrap_or(entry);
        html.push_str(if entry.is_section { "<a class=\"nav-section\" href=\"" } else { "<a href=\"" });
        if !target.is_external {
            html.push_str(up);
        }
        push_escaped(html, &target.url);
        html.push('"');
        if is_on_way {
            html.push_str(" aria-current=\"page\"");
        }
        html.push_str(if target.is_external { " rel=\"noopener noreferrer\">" } else { ">" });
        push_escaped(html, &entry.title);
        html.push_str("</a></li>");
    }
    push_gap(html, level.len() - to);
    html.push_str("</ul>");
}

fn push_gap(html: &mut String, n_left_out: usize) {
    if n_left_out > 0 {
        html.push_str(&format!("<li class=\"nav-gap\">{n_left_out} more</li>"));
    }
}

fn ancestors(entries: &[Entry], idx: usize) -> Vec<usize> {
    let mut ancestors: Vec<usize> =
        std::iter::successors(entries[idx].parent, |idx| entries[*idx].parent).collect();
    ancestors.reverse();
    ancestors
}

#[cfg(test)]
mod tests {
    use crate::model::docs_site::PlannedPage;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::render::testing;

    #[track_caller]
    fn check(site: &DocsSite, page_idx: usize, expected: Expect) {
        let html = html(&docs_nav(site), site, page_idx);
        expected.assert_eq(&html.replace("<li", "\n<li"));
    }

    /// A docs site of one section with so many pages.
    fn large(n_pages: usize) -> DocsSite {
        let mut site = testing::site().docs[0].as_ref().clone();
        let page = site.pages[0].clone();
        site.pages = vec![page; n_pages];
        site.plan.pages = (0..n_pages)
            .map(|idx| PlannedPage {
                path: SitePath::page(&format!("{}/p{idx}", site.plan.base)),
                ..site.plan.pages[0].clone()
            })
            .collect();
        let items = (0..n_pages).map(|page| NavItem::Page { title: format!("P{page}").into(), page });
        site.nav = vec![
            NavItem::Section { title: "All".into(), items: items.collect() },
            NavItem::Section {
                title: "More".into(),
                items: vec![NavItem::Page { title: "Again".into(), page: 3 }],
            },
        ];
        site.order = (0..n_pages).collect();
        site
    }

    #[test]
    fn a_small_navigation_is_whole_and_marks_the_page() {
        let site = testing::site().docs.remove(0);
        check(
            &site,
            0,
            expect![[r#"
                <ul>
                <li><a href="./" aria-current="page">Home</a></li>
                <li><details open><summary>Guides</summary><ul>
                <li><a href="guides/refunds/">Refunds</a></li>
                <li><a href="https://example.com/" rel="noopener noreferrer">Away</a></li></ul></details></li></ul>"#]],
        );
        check(
            &site,
            1,
            expect![[r#"
                <ul>
                <li><a href="../.././">Home</a></li>
                <li><details open><summary>Guides</summary><ul>
                <li><a href="../../guides/refunds/" aria-current="page">Refunds</a></li>
                <li><a href="https://example.com/" rel="noopener noreferrer">Away</a></li></ul></details></li></ul>"#]],
        );
    }

    #[test]
    fn the_title_of_a_section_leads_to_its_own_page() {
        let mut site = large(60);
        let base = site.plan.base.to_string();
        for page in &mut site.plan.pages {
            page.source = "x.md".into();
        }
        site.plan.pages[3] = PlannedPage {
            source: "all/index.md".into(),
            path: SitePath::page(&format!("{base}/all")),
            ..site.plan.pages[3].clone()
        };
        for title in ["Overview", "Start"] {
            if let NavItem::Section { items, .. } = &mut site.nav[0] {
                items[3] = NavItem::Page { title: title.into(), page: 3 };
            }
            let nav = docs_nav(&site);
            let page = html(&nav, &site, 3);
            let is_title =
                page.contains("<summary><a href=\"../all/\" aria-current=\"page\">All</a></summary>");
            assert_eq!(is_title, title == "Overview", "{page}");
            assert_eq!(page.matches("aria-current").count(), 1, "{page}");
            // Once here, and once in the second section.
            assert_eq!(page.matches("../all/").count(), 2, "{page}");
            assert_eq!(page.matches("<details open>").count(), 1, "{page}");
        }
    }

    #[test]
    fn of_a_middling_one_only_the_way_is_open() {
        let site = large(60);
        let html = html(&docs_nav(&site), &site, 7);
        assert_eq!(html.matches("<details open>").count(), 1);
        assert_eq!(html.matches("<details>").count(), 1);
        assert!(html.contains("<a href=\"../p7/\" aria-current=\"page\">P7</a>"), "{html}");
        assert_eq!(html.matches("aria-current").count(), 1);
    }

    #[test]
    fn of_a_large_one_the_neighbours_are_shown() {
        let site = large(1000);
        let html = html(&docs_nav(&site), &site, 500);
        assert!(
            html.contains("<li class=\"nav-gap\">460 more</li><li><a href=\"../p460/\">P460</a>"),
            "{html}"
        );
        assert!(
            html.contains("<a href=\"../p540/\">P540</a></li><li class=\"nav-gap\">459 more</li>"),
            "{html}"
        );
        assert!(html.contains("<a class=\"nav-section\" href=\"../p3/\">More</a>"), "{html}");
        assert_eq!(html.matches("aria-current").count(), 1);
    }

    #[test]
    fn a_page_outside_of_the_navigation_has_one_too() {
        let mut site = large(1000);
        site.nav.truncate(1);
        if let NavItem::Section { items, .. } = &mut site.nav[0] {
            items.truncate(900);
        }
        let nav = docs_nav(&site);
        assert!(html(&nav, &site, 950).contains("<a class=\"nav-section\" href=\"../p0/\">All</a>"));
        assert!(sections(&nav, &site, 950).is_empty());
        assert_eq!(sections(&nav, &site, 5)[0].title, "All");
    }
}
