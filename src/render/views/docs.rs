//! Docs pages, and the list of docs sites.

use crate::model::doc::Heading;
use crate::model::docs_site::{DocsSite, LinkTarget};
use crate::model::entity::EntityId;
use crate::model::history::{PageHistory, date};
use crate::model::site_path::{SitePath, docs_folder};
use crate::render::body;
use crate::render::docs_nav::{self, DocsNav, below};
use crate::render::git_words;
use crate::render::place::{Place, description, href, link, shortened};
use crate::render::view::{
    DocsIndexView, DocsLink, DocsView, EntityLink, Head, HistoryView, Link, RedirectView, TocItem,
};

/// So many headings stand in the table of contents.
const MAX_TOC: usize = 200;
/// So many docs sites stand on one page of their list.
const INDEX_LEN: usize = 200;
/// So much of a description stands in a list.
const MAX_DESCRIPTION: usize = 160;

/// Returns the page that a docs site's links lead to.
pub fn entrance(site: &DocsSite) -> SitePath {
    let page = site.home.or(site.order.first().copied()).unwrap_or(0);
    match site.plan.pages.get(page) {
        Some(page) => page.path.clone(),
        None => SitePath::page(&site.plan.base),
    }
}

/// Returns the page that an entity's link to its docs leads to: the one
/// that `techdocs-entity-path` names, else the entrance.
pub fn entrance_of(place: Place, id: EntityId, site: &DocsSite) -> SitePath {
    let annotation = place.site.catalog.entity(id).annotation("backstage.io/techdocs-entity-path");
    let named = annotation.and_then(|annotation| {
        let path = annotation.value.split(['#', '?']).next()?.trim_matches('/');
        let path = SitePath::page(&format!("{}/{path}", site.plan.base));
        site.plan.pages.iter().any(|page| page.path == path).then_some(path)
    });
    named.unwrap_or_else(|| entrance(site))
}

/// Returns the docs of an entity beside its first ones, and its
/// decisions. Docs are sorted by base.
pub fn further(place: Place, id: EntityId) -> Vec<Link> {
    let docs = &place.site.docs;
    let start = format!("{}--", docs_folder(&place.site.catalog.entity(id).entity_ref));
    let first = docs.partition_point(|site| *site.plan.base < *start);
    let others = docs[first..].iter().take_while(|site| site.plan.base.starts_with(&start));
    let own = place.site.docs_of(id).and_then(|idx| docs[idx].plan.decisions.as_ref());
    let decisions = own
        .map(|decisions| Link { title: "Decisions".to_string(), href: Some(href(place, &decisions.path)) });
    let links = others
        .map(|site| Link { title: site.plan.title.to_string(), href: Some(href(place, &entrance(site))) });
    links.chain(decisions).collect()
}

/// Returns the pages that lead on to a docs site: those of its further
/// entities, and its own folder when no page is there.
pub fn redirects(place_site: &crate::model::site::Site, docs: &DocsSite) -> Vec<SitePath> {
    if docs.plan.pages.is_empty() {
        return Vec::new();
    }
    let own = docs.home.is_none().then(|| SitePath::page(&docs.plan.base));
    let further = docs
        .plan
        .entities
        .iter()
        .map(|id| SitePath::page(&docs_folder(&place_site.catalog.entity(*id).entity_ref)));
    let base = SitePath::page(&docs.plan.base);
    own.into_iter().chain(further.filter(|path| *path != base)).collect()
}

/// Makes the page that leads on from where a page was.
pub fn moved(place: Place, docs: &DocsSite, redirect_idx: usize) -> RedirectView {
    let redirect = &docs.plan.redirects[redirect_idx];
    let (title, to, fragment) = match &redirect.target {
        LinkTarget::Site { path, fragment } => {
            let title = redirect.page.map_or(&*docs.plan.title, |page| &*docs.pages[page].title);
            (title, href(place, place.index.names.get(path).unwrap_or(path)), fragment.as_deref())
        }
        LinkTarget::External(url) => (&**url, url.to_string(), None),
        LinkTarget::Fragment(_) | LinkTarget::Broken => {
            (&*docs.plan.title, href(place, &entrance(docs)), None)
        }
    };
    let href = match fragment {
        Some(fragment) => format!("{to}#{fragment}"),
        None => to,
    };
    RedirectView { head: Head { noindex: true, ..super::head(place, title) }, title: title.to_string(), href }
}

/// Returns how many pages the list of docs sites has.
pub fn n_index_pages(place_site: &crate::model::site::Site) -> usize {
    place_site.docs.len().div_ceil(INDEX_LEN).max(1)
}

/// Makes a page of the list of docs sites, counted from 1.
pub fn index(place: Place, number: usize) -> DocsIndexView {
    let sites = &place.index.docs;
    let on_page = sites.chunks(INDEX_LEN).nth(number - 1).unwrap_or_default();
    DocsIndexView {
        head: super::head(place, "Documentation"),
        docs: on_page.iter().map(|site_idx| docs_link(place, &place.site.docs[*site_idx])).collect(),
        count: sites.len(),
        pages: super::pages(place, "docs", number, n_index_pages(place.site)),
    }
}

/// Returns the docs sites with the most pages.
pub fn largest(place: Place, n_sites: usize) -> Vec<DocsLink> {
    let sites = place.site.docs.iter().map(|docs| &**docs);
    let mut sites: Vec<&DocsSite> = sites.filter(|docs| !docs.pages.is_empty()).collect();
    sites.sort_by_key(|docs| std::cmp::Reverse(docs.pages.len()));
    sites.into_iter().take(n_sites).map(|docs| docs_link(place, docs)).collect()
}

fn docs_link(place: Place, docs: &DocsSite) -> DocsLink {
    let owner = docs.plan.entities.first().map(|id| place.site.catalog.entity(*id));
    let first = docs.plan.entities.first().copied();
    let own = docs.plan.description.as_deref().map(|text| shortened(text, MAX_DESCRIPTION));
    let of_entity = || first.map(|id| description(place.site, id, MAX_DESCRIPTION));
    DocsLink {
        title: docs.plan.title.to_string(),
        href: href(place, &entrance(docs)),
        description: own.or_else(of_entity).unwrap_or_default(),
        n_pages: docs.pages.len(),
        owners: owners(place, docs),
        entity: docs.plan.entities.first().map(|id| link(place, *id)),
        kind: owner.map_or_else(|| "Repository".to_string(), |entity| entity.kind.to_string()),
        entity_type: owner.and_then(|entity| entity.spec_text("type")).unwrap_or("").to_string(),
    }
}

/// Returns who owns a docs site: the owners of its entity, or who is
/// likely to, where it has none.
fn owners(place: Place, docs: &DocsSite) -> Vec<EntityLink> {
    let catalog = &place.site.catalog;
    match docs.plan.entities.first() {
        Some(id) => super::owners(place, catalog.entity(*id)),
        None => {
            let inferred = catalog.inferred_owner(docs.plan.repo, &docs.plan.root);
            inferred.map(|found| super::inferred(place, &found.owner, found.span)).into_iter().collect()
        }
    }
}

/// Puts navigation and body into the [`frame`] of a docs page.
pub fn filled(frame: DocsView, place: Place, docs: &DocsSite, nav: &DocsNav, page_idx: usize) -> DocsView {
    let page = &docs.pages[page_idx];
    DocsView {
        nav_html: docs_nav::html(nav, docs, page_idx),
        body_html: git_words::replaced(
            body::html(place, &page.doc, &page.links, &page.sizes),
            docs,
            page_idx,
        ),
        ..frame
    }
}

/// Makes a docs page, its navigation and its body still empty: these
/// are large, and a key has shorter names for them.
pub fn frame(place: Place, docs: &DocsSite, nav: &DocsNav, page_idx: usize) -> DocsView {
    let page = &docs.pages[page_idx];
    let planned = &docs.plan.pages[page_idx];
    let id = docs.plan.entities.first().copied();
    let entity = id.map(|id| place.site.catalog.entity(id));
    let repo = place.site.snapshot.repo(docs.plan.repo);
    let file = &place.site.snapshot.file(planned.file).path;
    let edit = docs.plan.edit_url(&planned.source).or_else(|| repo.edit_url(file));
    let is_hidden = |what: &str| page.doc.hide.iter().any(|hidden| &**hidden == what);
    let title = &*page.title;
    let whole_title = match title == &*docs.plan.title {
        true => title.to_string(),
        false => format!("{title} · {}", docs.plan.title),
    };
    let neighbour = |step: isize| {
        let position = nav.position[page_idx]?.checked_add_signed(step)?;
        let idx = *docs.order.get(position)?;
        Some(Link {
            title: docs.pages[idx].title.to_string(),
            href: Some(href(place, &docs.plan.pages[idx].path)),
        })
    };
    DocsView {
        head: Head {
            description: page.doc.description.as_deref().map(str::to_string),
            ..super::head(place, &whole_title)
        },
        site: Link { title: docs.plan.title.to_string(), href: Some(href(place, &entrance(docs))) },
        site_description: docs.plan.description.as_deref().map(str::to_string),
        entity: id.map(|id| link(place, id)),
        owners: owners(place, docs),
        lifecycle: entity.and_then(super::lifecycle),
        crumbs: crumbs(place, docs, nav, page_idx),
        title: title.to_string(),
        has_title: page.doc.starts_with_title,
        nav_html: String::new(),
        body_html: String::new(),
        cards: match docs.plan.generated.contains_key(&page_idx) {
            true => below::below(nav, docs, page_idx),
            false => Vec::new(),
        },
        toc: toc(&page.doc.headings, docs.plan.extensions.toc_levels),
        toc_title: docs.plan.extensions.toc_title.as_deref().map(str::to_string),
        hide_toc: is_hidden("toc"),
        hide_nav: is_hidden("navigation"),
        prev: neighbour(-1),
        next: neighbour(1),
        issue: repo.issue_url(
            &format!("Documentation feedback: {title}"),
            &format!("Page source:\n{}\n\nFeedback:\n", edit.as_deref().unwrap_or(file)),
        ),
        view: repo.view_url(file),
        edit,
        history: page.history.as_ref().map(history),
        print: place.site.config.docs.print.then(|| href(place, &super::print::path(docs))),
        decisions: docs
            .plan
            .decisions
            .as_ref()
            .filter(|_| super::decisions::is_decision(docs, &planned.source))
            .map(|decisions| href(place, &decisions.path)),
    }
}

fn history(history: &PageHistory) -> HistoryView {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let iso = |(year, month, day): (i64, u32, u32)| format!("{year:04}-{month:02}-{day:02}");
    let updated = date(history.updated);
    let month = MONTHS[(updated.1 as usize + 11) % 12];
    HistoryView {
        created: iso(date(history.created)),
        updated: iso(updated),
        updated_text: format!("{} {month} {}", updated.2, updated.0),
        authors: history.authors.iter().map(ToString::to_string).collect(),
    }
}

fn crumbs(place: Place, docs: &DocsSite, nav: &DocsNav, page_idx: usize) -> Vec<Link> {
    let entrance = entrance(docs);
    let is_entrance = docs.plan.pages[page_idx].path == entrance;
    let mut crumbs =
        vec![Link { title: "Docs".to_string(), href: Some(href(place, &SitePath::page("docs"))) }];
    crumbs.push(Link {
        title: docs.plan.title.to_string(),
        href: (!is_entrance).then(|| href(place, &entrance)),
    });
    if !is_entrance {
        let title = &*docs.pages[page_idx].title;
        let mut sections = docs_nav::sections(nav, docs, page_idx);
        // The page of a section is that section.
        sections.pop_if(|last| last.href.is_none() && last.title == title);
        crumbs.extend(sections);
        crumbs.push(Link { title: title.to_string(), href: None });
    }
    crumbs
}

/// Returns two levels of headings: the second and the third, or on a
/// page of many titles the first and the second; of those only what the
/// configuration asks for.
fn toc(headings: &[Heading], levels: Option<(u8, u8)>) -> Vec<TocItem> {
    let (highest, lowest) = levels.unwrap_or((1, 6));
    let has_second = headings.iter().any(|heading| heading.level == 2);
    let n_first = headings.iter().filter(|heading| heading.level == 1).count();
    let top = if has_second && n_first < 2 || n_first == 0 { 2 } else { 1 };
    let skipped = usize::from(top == 1 && headings.first().is_some_and(|heading| heading.level == 1));
    headings[skipped..]
        .iter()
        .filter(|heading| (top..=top + 1).contains(&heading.level))
        .filter(|heading| (highest..=lowest).contains(&heading.level))
        .take(MAX_TOC)
        .map(|heading| TocItem {
            title: heading.text.to_string(),
            href: format!("#{}", heading.id),
            depth: heading.level - top + 1,
        })
        .collect()
}
