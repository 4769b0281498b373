//! The documents of the index: each entity and each page of the docs,
//! with what is shown of it in a list of results.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};

use crate::model::doc::{Doc, Heading};
use crate::model::docs_site::{DocsSite, NavItem};
use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder};
use crate::render::kinds;

/// How much of a page's text, or of an API's definition, is read.
const MAX_BODY_BYTES: usize = 100_000;
/// How many headings of a page are kept to link to.
const MAX_HEADINGS: usize = 200;
const MAX_TEASER_CHARS: usize = 180;
/// Deeper sections of a navigation are not named.
const MAX_NAV_DEPTH: usize = 16;

/// Where a document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Entity(EntityId),
    /// Indices into the site's docs and their pages.
    Page(usize, usize),
}

/// Under which heading a document is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    Entity,
    Api,
    Doc,
}

/// What is shown of a document. Written as a list, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Relative to the site's root.
    pub url: String,
    pub title: Box<str>,
    pub breadcrumb: String,
    /// The name of an icon: that of the entity's kind, or `docs`.
    pub icon: &'static str,
    pub group: Group,
    pub teaser: String,
    /// Anchor and text.
    pub headings: Vec<(Box<str>, Box<str>)>,
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_tuple(7)?;
        row.serialize_element(&self.url)?;
        row.serialize_element(&self.title)?;
        row.serialize_element(&self.breadcrumb)?;
        row.serialize_element(self.icon)?;
        row.serialize_element(&self.group)?;
        row.serialize_element(&self.teaser)?;
        row.serialize_element(&self.headings)?;
        row.end()
    }
}

/// The text of a document, field by field, in the order of
/// [`super::index::Field::ALL`].
pub type Texts<'s> = [Vec<Cow<'s, str>>; 4];

/// All documents of a site, entities first.
pub struct Corpus<'s> {
    site: &'s Site,
    pub places: Vec<Place>,
    /// The titles of the docs and of the sections above each page, by
    /// docs and page.
    crumbs: Vec<Vec<Vec<&'s str>>>,
}

/// Returns the documents of a site.
pub fn corpus(site: &Site) -> Corpus<'_> {
    let entities = (0..site.catalog.entities.len() as u32).map(|idx| Place::Entity(EntityId(idx)));
    let pages = site.docs.iter().enumerate().flat_map(|(site_idx, docs)| {
        docs.pages
            .iter()
            .enumerate()
            .filter(|(_, page)| !page.doc.search_exclude)
            .map(move |(page_idx, _)| Place::Page(site_idx, page_idx))
    });
    Corpus {
        site,
        places: entities.chain(pages).collect(),
        crumbs: site.docs.iter().map(|docs| crumbs(docs)).collect(),
    }
}

impl<'s> Corpus<'s> {
    /// Returns what is shown of a document.
    pub fn document(&self, place: Place) -> Document {
        match place {
            Place::Entity(id) => entity(self.site, id),
            Place::Page(site_idx, page_idx) => {
                page(&self.site.docs[site_idx], page_idx, &self.crumbs[site_idx][page_idx])
            }
        }
    }

    /// Returns the text of a document.
    pub fn texts(&self, place: Place) -> Texts<'s> {
        let site = self.site;
        match place {
            Place::Entity(id) => {
                let entity = site.catalog.entity(id);
                let tags = cows(entity_tags(site, entity));
                [cows(entity_title(entity)), Vec::new(), tags, cows(entity_body(entity))]
            }
            Place::Page(site_idx, page_idx) => {
                let docs = &site.docs[site_idx];
                let headings = headings(&docs.pages[page_idx].doc).map(|heading| &*heading.text).collect();
                let mut tags = self.crumbs[site_idx][page_idx].clone();
                tags.extend(docs.plan.entities.iter().map(|id| &*site.catalog.entity(*id).entity_ref.name));
                [cows(page_title(docs, page_idx)), cows(headings), cows(tags), page_body(docs, page_idx)]
            }
        }
    }
}

fn cows(texts: Vec<&str>) -> Vec<Cow<'_, str>> {
    texts.into_iter().map(Cow::Borrowed).collect()
}

fn entity(site: &Site, id: EntityId) -> Document {
    let entity = site.catalog.entity(id);
    let owner = entity.targets("owner").next();
    Document {
        url: SitePath::page(&entity_folder(&entity.entity_ref)).url(),
        title: entity.display_name().into(),
        breadcrumb: entity_breadcrumb(site, entity, owner),
        icon: kinds::icon(&entity.entity_ref.kind),
        group: if &*entity.entity_ref.kind == "api" { Group::Api } else { Group::Entity },
        teaser: match &site.descriptions[id.0 as usize] {
            Some(html) => teaser(&plain(html)),
            None => teaser(entity.metadata.description.as_deref().unwrap_or_default()),
        },
        headings: Vec::new(),
    }
}

fn entity_breadcrumb(site: &Site, entity: &Entity, owner: Option<&EntityRef>) -> String {
    let mut parts = vec![entity.kind.to_string()];
    parts.extend(entity.spec_text("type").map(str::to_string));
    parts.extend(owner.map(|owner| display_name(site, owner).to_string()));
    if &*entity.entity_ref.namespace != "default" {
        parts.push(entity.entity_ref.namespace.to_string());
    }
    parts.join(" · ")
}

/// The name stays findable where a title hides it.
fn entity_title(entity: &Entity) -> Vec<&str> {
    let mut title: Vec<&str> = vec![entity.display_name()];
    if title[0] != &*entity.metadata.name {
        title.push(&entity.metadata.name);
    }
    if let Some(further) = entity.metadata.title.as_deref().filter(|further| title[0] != *further) {
        title.push(further);
    }
    title
}

fn entity_tags<'s>(site: &'s Site, entity: &'s Entity) -> Vec<&'s str> {
    let mut tags: Vec<&'s str> = vec![&entity.kind, &entity.entity_ref.namespace];
    tags.extend(["type", "lifecycle"].iter().filter_map(|field| entity.spec_text(field)));
    for field in ["owner", "system", "domain"] {
        for target in entity.targets(field) {
            tags.push(&target.name);
            tags.push(display_name(site, target));
        }
    }
    tags.extend(entity.metadata.tags.iter().map(|tag| &**tag));
    tags
}

fn entity_body(entity: &Entity) -> Vec<&str> {
    let metadata = &entity.metadata;
    let mut body: Vec<&str> = Vec::new();
    body.extend(metadata.description.as_deref());
    body.extend(metadata.labels.iter().map(|(_, value)| &**value));
    body.extend(metadata.annotations.iter().map(|annotation| cut(&annotation.value, 1_000)));
    body.extend(metadata.links.iter().filter_map(|link| link.title.as_deref()));
    let email = entity.spec.get("profile").and_then(|profile| profile.get("email"));
    body.extend(email.and_then(|email| email.text()));
    body.extend(entity.spec_text("definition").map(|definition| cut(definition, MAX_BODY_BYTES)));
    body
}

fn display_name<'s>(site: &'s Site, entity_ref: &'s EntityRef) -> &'s str {
    match site.catalog.find(entity_ref) {
        Some(id) => site.catalog.entity(id).display_name(),
        None => &entity_ref.name,
    }
}

fn page(docs: &DocsSite, page_idx: usize, crumbs: &[&str]) -> Document {
    let page = &docs.pages[page_idx];
    let doc = &page.doc;
    // Too many of them are called "Home" or "Overview".
    let is_home = docs.home == Some(page_idx);
    let texts = doc.sections.get();
    let first_text = || texts.iter().map(|section| &*section.text).find(|text| !text.trim().is_empty());
    Document {
        url: docs.plan.pages[page_idx].path.url(),
        title: if is_home { docs.plan.title.clone() } else { page.title.clone() },
        breadcrumb: if is_home { page.title.to_string() } else { crumbs.join(" › ") },
        icon: "docs",
        group: Group::Doc,
        teaser: teaser(doc.description.as_deref().or_else(first_text).unwrap_or_default()),
        headings: headings(doc)
            .take(MAX_HEADINGS)
            .map(|heading| (heading.id.clone(), heading.text.clone()))
            .collect(),
    }
}

/// Returns the headings of a page but the one that is its title.
fn headings(doc: &Doc) -> impl Iterator<Item = &Heading> {
    doc.headings.iter().skip(usize::from(doc.starts_with_title))
}

fn page_title(docs: &DocsSite, page_idx: usize) -> Vec<&str> {
    let page = &docs.pages[page_idx];
    let docs_title = (docs.home == Some(page_idx)).then_some(&*docs.plan.title);
    let own_title = page.doc.headings.first().filter(|_| page.doc.starts_with_title);
    let mut title = vec![&*page.title];
    for further in docs_title.into_iter().chain(own_title.map(|heading| &*heading.text)) {
        if !title.contains(&further) {
            title.push(further);
        }
    }
    title
}

fn page_body(docs: &DocsSite, page_idx: usize) -> Vec<Cow<'_, str>> {
    let doc = &docs.pages[page_idx].doc;
    let mut left = MAX_BODY_BYTES;
    let mut body: Vec<Cow<'_, str>> = Vec::new();
    body.extend(doc.description.as_deref().map(Cow::Borrowed));
    match doc.sections.get() {
        Cow::Borrowed(sections) => {
            for section in sections {
                let text = cut(&section.text, left);
                left -= text.len();
                body.push(text.into());
            }
        }
        Cow::Owned(sections) => {
            for section in sections {
                let text = cut(&section.text, left).to_string();
                left -= text.len();
                body.push(text.into());
            }
        }
    }
    body
}

/// Returns the titles of the docs and of the sections above each page,
/// outermost first; a page that the navigation names twice has those of
/// the first place.
fn crumbs(docs: &DocsSite) -> Vec<Vec<&str>> {
    let mut crumbs: Vec<Vec<&str>> = vec![Vec::new(); docs.pages.len()];
    let mut above = vec![&*docs.plan.title];
    let mut levels = vec![docs.nav.iter()];
    while let Some(level) = levels.last_mut() {
        match level.next() {
            Some(NavItem::Page { page, .. }) => {
                if let Some(crumbs) = crumbs.get_mut(*page).filter(|crumbs| crumbs.is_empty()) {
                    crumbs.clone_from(&above);
                }
            }
            Some(NavItem::Section { title, items }) if levels.len() < MAX_NAV_DEPTH => {
                above.push(title);
                levels.push(items.iter());
            }
            Some(_) => {}
            None => {
                levels.pop();
                above.pop();
            }
        }
    }
    for crumbs in crumbs.iter_mut().filter(|crumbs| crumbs.is_empty()) {
        crumbs.push(&docs.plan.title);
    }
    crumbs
}

/// Returns the text of HTML that we wrote ourselves.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (idx, part) in html.split('<').enumerate() {
        let after_tag = if idx == 0 { Some(part) } else { part.split_once('>').map(|(_, after)| after) };
        text.push_str(after_tag.unwrap_or_default());
    }
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    escapes.iter().fold(text, |text, (escape, plain)| text.replace(escape, plain))
}

/// Returns the beginning of a text on one line, cut between words.
fn teaser(text: &str) -> String {
    let mut teaser = String::new();
    let mut n_chars = 0;
    for word in text.split_whitespace() {
        n_chars += word.chars().count() + 1;
        if n_chars > MAX_TEASER_CHARS {
            teaser.push('…');
            break;
        }
        if !teaser.is_empty() {
            teaser.push(' ');
        }
        teaser.push_str(word);
    }
    teaser
}

/// Returns at most so many bytes of a text, whole characters only.
fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}
