//! The documents of the index: each entity and each page of the docs,
//! with what is shown of it in a list of results.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};

use crate::model::docs_site::{DocsSite, NavItem};
use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder};
use crate::render::kinds;

use super::tokens::{self, Pipeline};

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

/// The words of a document, field by field.
pub struct Words(pub [FieldWords; 4]);

/// The words of a field, with how often each of them stands there.
pub struct FieldWords {
    pub counts: BTreeMap<String, u32>,
    /// How many words there are in all.
    pub len: usize,
}

/// Returns the places of all documents, entities first.
pub fn places(site: &Site) -> Vec<Place> {
    let entities = (0..site.catalog.entities.len() as u32).map(|idx| Place::Entity(EntityId(idx)));
    let pages = site.docs.iter().enumerate().flat_map(|(site_idx, docs)| {
        docs.pages
            .iter()
            .enumerate()
            .filter(|(_, page)| !page.doc.search_exclude)
            .map(move |(page_idx, _)| Place::Page(site_idx, page_idx))
    });
    entities.chain(pages).collect()
}

/// Returns what is shown of a document, and its text.
pub fn document(site: &Site, place: Place) -> (Document, Texts<'_>) {
    match place {
        Place::Entity(id) => entity(site, id),
        Place::Page(site_idx, page_idx) => page(site, &site.docs[site_idx], page_idx),
    }
}

/// Returns the words of a text as the index holds them.
pub fn words(texts: &Texts<'_>) -> Words {
    let pipeline = Pipeline::english();
    Words(texts.each_ref().map(|texts| {
        // Each distinct token goes through the pipeline once.
        let mut tokens = BTreeMap::new();
        for token in texts.iter().flat_map(|text| tokens::tokens(text)) {
            *tokens.entry(token).or_insert(0) += 1;
        }
        let mut words = FieldWords { counts: BTreeMap::new(), len: 0 };
        for (token, count) in tokens {
            if let Some(word) = pipeline.word(token) {
                words.len += count as usize;
                *words.counts.entry(word).or_insert(0) += count;
            }
        }
        words
    }))
}

fn entity(site: &Site, id: EntityId) -> (Document, Texts<'_>) {
    let entity = site.catalog.entity(id);
    let owner = entity.targets("owner").next();
    let document = Document {
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
    };
    (document, [entity_title(entity), Vec::new(), entity_tags(site, entity), entity_body(entity)])
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
fn entity_title(entity: &Entity) -> Vec<Cow<'_, str>> {
    let mut title: Vec<Cow<'_, str>> = vec![entity.display_name().into()];
    if title[0] != *entity.metadata.name {
        title.push((&*entity.metadata.name).into());
    }
    if let Some(further) = entity.metadata.title.as_deref().filter(|further| title[0] != **further) {
        title.push(further.into());
    }
    title
}

fn entity_tags<'s>(site: &'s Site, entity: &'s Entity) -> Vec<Cow<'s, str>> {
    let mut tags: Vec<Cow<'s, str>> = vec![(&*entity.kind).into(), (&*entity.entity_ref.namespace).into()];
    tags.extend(["type", "lifecycle"].iter().filter_map(|field| entity.spec_text(field)).map(Cow::from));
    for field in ["owner", "system", "domain"] {
        for target in entity.targets(field) {
            tags.push((&*target.name).into());
            tags.push(display_name(site, target).into());
        }
    }
    tags.extend(entity.metadata.tags.iter().map(|tag| Cow::from(&**tag)));
    tags
}

fn entity_body(entity: &Entity) -> Vec<Cow<'_, str>> {
    let metadata = &entity.metadata;
    let mut body: Vec<Cow<'_, str>> = Vec::new();
    body.extend(metadata.description.as_deref().map(Cow::from));
    body.extend(metadata.labels.iter().map(|(_, value)| Cow::from(&**value)));
    body.extend(metadata.annotations.iter().map(|annotation| Cow::from(cut(&annotation.value, 1_000))));
    body.extend(metadata.links.iter().filter_map(|link| link.title.as_deref()).map(Cow::from));
    let email = entity.spec.get("profile").and_then(|profile| profile.get("email"));
    body.extend(email.and_then(|email| email.text()).map(Cow::from));
    body.extend(entity.spec_text("definition").map(|definition| Cow::from(cut(definition, MAX_BODY_BYTES))));
    body
}

fn display_name<'s>(site: &'s Site, entity_ref: &'s EntityRef) -> &'s str {
    match site.catalog.find(entity_ref) {
        Some(id) => site.catalog.entity(id).display_name(),
        None => &entity_ref.name,
    }
}

fn page<'s>(site: &'s Site, docs: &'s DocsSite, page_idx: usize) -> (Document, Texts<'s>) {
    let page = &docs.pages[page_idx];
    let doc = &page.doc;
    let sections = nav_sections(&docs.nav, page_idx);
    let mut crumbs = vec![&*docs.plan.title];
    crumbs.extend(&sections);
    // Too many of them are called "Home" or "Overview".
    let is_home = docs.home == Some(page_idx);
    let texts = doc.sections.get();
    let first_text = || texts.iter().map(|section| &*section.text).find(|text| !text.trim().is_empty());
    let is_title = |idx: usize| idx == 0 && doc.starts_with_title;
    let headings =
        doc.headings.iter().enumerate().filter(|(idx, _)| !is_title(*idx)).map(|(_, heading)| heading);

    let document = Document {
        url: docs.plan.pages[page_idx].path.url(),
        title: if is_home { docs.plan.title.clone() } else { page.title.clone() },
        breadcrumb: if is_home { page.title.to_string() } else { crumbs.join(" › ") },
        icon: "docs",
        group: Group::Doc,
        teaser: teaser(doc.description.as_deref().or_else(first_text).unwrap_or_default()),
        headings: headings
            .clone()
            .take(MAX_HEADINGS)
            .map(|heading| (heading.id.clone(), heading.text.clone()))
            .collect(),
    };

    let own_title = doc.headings.first().filter(|_| is_title(0)).map(|heading| &*heading.text);
    let mut title: Vec<Cow<'s, str>> = vec![(&*page.title).into()];
    for further in is_home.then_some(&*docs.plan.title).into_iter().chain(own_title) {
        if title.iter().all(|title| *title != further) {
            title.push(further.into());
        }
    }
    let mut tags: Vec<Cow<'s, str>> = crumbs.into_iter().map(Cow::from).collect();
    tags.extend(docs.plan.entities.iter().map(|id| Cow::from(&*site.catalog.entity(*id).entity_ref.name)));
    let headings = headings.map(|heading| Cow::from(&*heading.text)).collect();
    (document, [title, headings, tags, page_body(docs, page_idx)])
}

fn page_body(docs: &DocsSite, page_idx: usize) -> Vec<Cow<'_, str>> {
    let doc = &docs.pages[page_idx].doc;
    let mut left = MAX_BODY_BYTES;
    let mut body: Vec<Cow<'_, str>> = Vec::new();
    body.extend(doc.description.as_deref().map(Cow::from));
    for section in doc.sections.get().iter() {
        let text = cut(&section.text, left);
        left -= text.len();
        body.push(text.to_string().into());
    }
    body
}

/// Returns the titles of the sections that hold a page, outermost first.
fn nav_sections(nav: &[NavItem], page_idx: usize) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut levels = vec![nav.iter()];
    while let Some(level) = levels.last_mut() {
        match level.next() {
            Some(NavItem::Page { page, .. }) if *page == page_idx => return sections,
            Some(NavItem::Section { title, items }) if levels.len() < MAX_NAV_DEPTH => {
                sections.push(&**title);
                levels.push(items.iter());
            }
            Some(_) => {}
            None => {
                levels.pop();
                sections.pop();
            }
        }
    }
    Vec::new()
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
