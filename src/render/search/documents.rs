//! The documents of the index: each entity and each page of the docs,
//! with what is shown of it in a list of results.

use std::borrow::Cow;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};

use crate::base::hash::{self, Key};
use crate::base::par::par_map;
use crate::model::doc::{Counted, Doc, Heading, Section, Words};
use crate::model::docs_site::{DocsSite, NavItem};
use crate::model::entity::{Entity, EntityId};
use crate::model::entity_ref::EntityRef;
use crate::model::site::Site;
use crate::model::site_path::{SitePath, entity_folder};
use crate::render::kinds;
use crate::render::operations::{self, Kind, Offer};

use super::part::beginning;
use super::{digits, tokens};

/// How many headings of a page are kept to link to.
const MAX_HEADINGS: usize = 200;
const MAX_TEASER_CHARS: usize = 120;
/// Deeper sections of a navigation are not named.
const MAX_NAV_DEPTH: usize = 16;
/// Longer values of annotations are no names.
const MAX_SLUG_BYTES: usize = 200;

/// Where a document comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Entity(EntityId),
    /// Indices into the corpus's APIs and what they offer.
    Offer(usize, usize),
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
    People,
}

/// What is shown of a document. Written as a list, in this order; the
/// headings only if there are any.
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
    pub headings: Headings,
}

/// What is said of the headings of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Headings {
    /// Anchor and text of each.
    Listed(Vec<(Box<str>, Box<str>)>),
    /// A mark of each, by which it is known whether it was asked for.
    Marked(String),
}

impl Headings {
    fn is_empty(&self) -> bool {
        match self {
            Headings::Listed(all) => all.is_empty(),
            Headings::Marked(marks) => marks.is_empty(),
        }
    }
}

/// How much is said of a page: how its text begins and its headings, or
/// neither.
#[derive(Debug, Clone, Copy)]
pub enum Detail<'l> {
    Whole { lead: &'l str },
    Brief,
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_headings = !self.headings.is_empty();
        let mut row = serializer.serialize_tuple(6 + usize::from(has_headings))?;
        row.serialize_element(&self.url)?;
        row.serialize_element(&self.title)?;
        row.serialize_element(&self.breadcrumb)?;
        row.serialize_element(self.icon)?;
        row.serialize_element(&self.group)?;
        row.serialize_element(&self.teaser)?;
        if has_headings {
            row.serialize_element(&self.headings)?;
        }
        row.end()
    }
}

/// The text of a document, field by field.
#[derive(Default)]
pub struct Texts<'s> {
    /// What it is called here and there, each name once.
    pub title: Vec<Cow<'s, str>>,
    pub headings: Vec<Cow<'s, str>>,
    pub tags: Vec<Cow<'s, str>>,
    pub body: Vec<&'s str>,
    pub sections: Cow<'s, [Section]>,
    /// What `body` and `sections` would say, where the text is not kept.
    pub counted: Option<(&'s Counted, &'s Words)>,
    pub definition: Option<&'s str>,
}

impl Texts<'_> {
    /// Returns the text that somebody has written in a language.
    pub fn prose(&self) -> impl Iterator<Item = &str> {
        self.body.iter().copied().chain(self.sections.iter().map(|section| &*section.text))
    }

    /// Returns the text that is code.
    pub fn code(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|section| &*section.code).chain(self.definition)
    }
}

/// All documents of a site, entities first.
pub struct Corpus<'s> {
    pub site: &'s Site,
    pub places: Vec<Place>,
    /// The APIs that offer something, and what.
    pub apis: Vec<(EntityId, Vec<Offer>)>,
    /// How many documents each docs site has.
    pub n_pages: Vec<usize>,
    /// The titles of the docs and of the sections above each page, by
    /// docs and page.
    crumbs: Vec<Vec<Vec<&'s str>>>,
}

/// Returns the documents of a site.
pub fn corpus(site: &Site) -> Corpus<'_> {
    let excluded = excluded(&site.config.search.exclude);
    let mut places: Vec<Place> =
        (0..site.catalog.entities.len() as u32).map(|idx| Place::Entity(EntityId(idx))).collect();
    let apis = apis(site);
    for (api_idx, (_, offers)) in apis.iter().enumerate() {
        places.extend((0..offers.len()).map(|offer_idx| Place::Offer(api_idx, offer_idx)));
    }
    let mut n_pages = Vec::with_capacity(site.docs.len());
    for (site_idx, docs) in site.docs.iter().enumerate() {
        let n_before = places.len();
        let is_found = |page_idx: &usize| {
            let planned = &docs.plan.pages[*page_idx];
            let in_repo = || {
                let file = site.snapshot.file(planned.file);
                format!("{}/{}", site.snapshot.repo(file.repo).name, file.path)
            };
            !docs.pages[*page_idx].doc.search_exclude
                && (excluded.is_empty() || !excluded.is_match(in_repo()))
        };
        places.extend((0..docs.pages.len()).filter(is_found).map(|page_idx| Place::Page(site_idx, page_idx)));
        n_pages.push(places.len() - n_before);
    }
    Corpus { site, places, apis, n_pages, crumbs: site.docs.iter().map(|docs| crumbs(docs)).collect() }
}

/// Patterns that make no sense were complained of when they were read.
fn excluded(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in patterns.iter().filter_map(|pattern| Glob::new(pattern).ok()) {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

impl<'s> Corpus<'s> {
    /// Returns what is shown of a document.
    pub fn document(&self, place: Place, detail: Detail<'_>) -> Document {
        match place {
            Place::Entity(id) => entity(self.site, id),
            Place::Offer(api_idx, offer_idx) => {
                let (id, offers) = &self.apis[api_idx];
                offer(self.site.catalog.entity(*id), &offers[offer_idx])
            }
            Place::Page(site_idx, page_idx) => {
                let docs = &self.site.docs[site_idx];
                page(docs, page_idx, &self.crumbs[site_idx][page_idx], detail)
            }
        }
    }

    /// Returns the text of a document.
    pub fn texts(&self, place: Place) -> Texts<'_> {
        match place {
            Place::Entity(id) => {
                let entity = self.site.catalog.entity(id);
                Texts {
                    title: cows(entity_title(entity)),
                    tags: cows(entity_tags(self.site, entity)),
                    body: entity_body(entity),
                    definition: entity.spec_text("definition"),
                    ..Texts::default()
                }
            }
            Place::Offer(api_idx, offer_idx) => {
                let (id, offers) = &self.apis[api_idx];
                let (api, offer) = (self.site.catalog.entity(*id), &offers[offer_idx]);
                // A schema is less often meant than what it is for; and the
                // long name of a call is not what one has to type.
                let is_called_so = offer.kind == Kind::Operation && offer.call.contains(' ');
                let (name, call) = (vec![&*offer.name], vec![&*offer.call]);
                let (title, headings) = match offer.kind {
                    Kind::Operation if is_called_so => ([name, call].concat(), Vec::new()),
                    Kind::Operation => (name, call),
                    Kind::Schema => (Vec::new(), name),
                };
                let tags = [&*api.kind, api.display_name(), &*api.entity_ref.name, offer.kind.word()];
                Texts {
                    title: cows(title),
                    headings: cows(headings),
                    tags: cows(tags.to_vec()),
                    body: vec![&*offer.summary],
                    ..Texts::default()
                }
            }
            Place::Page(site_idx, page_idx) => {
                let docs = &self.site.docs[site_idx];
                let doc = &docs.pages[page_idx].doc;
                Texts {
                    title: cows(page_title(docs, page_idx)),
                    headings: headings(doc).map(|heading| Cow::Borrowed(&*heading.text)).collect(),
                    tags: cows(self.page_tags(site_idx, page_idx)),
                    body: doc.description.as_deref().into_iter().collect(),
                    sections: doc.sections.get(),
                    counted: doc.counted.as_deref().map(|counted| (counted, &self.site.words[counted.words])),
                    definition: None,
                }
            }
        }
    }

    /// Returns the hash of the text of a document.
    pub fn key(&self, place: Place) -> Key {
        match place {
            Place::Page(site_idx, page_idx) => {
                let docs = &self.site.docs[site_idx];
                let doc = &docs.pages[page_idx].doc;
                if doc.key == Key::default() {
                    return texts_key(&self.texts(place));
                }
                let mut parts: Vec<&[u8]> = vec![&doc.key.0];
                let title = page_title(docs, page_idx);
                parts.extend(title.iter().map(|text| text.as_bytes()));
                parts.push(b"tags");
                let tags = self.page_tags(site_idx, page_idx);
                parts.extend(tags.iter().map(|text| text.as_bytes()));
                hash::key(&parts)
            }
            Place::Entity(_) | Place::Offer(..) => texts_key(&self.texts(place)),
        }
    }

    fn page_tags(&self, site_idx: usize, page_idx: usize) -> Vec<&'s str> {
        let mut tags = self.crumbs[site_idx][page_idx].clone();
        let entities = self.site.docs[site_idx].plan.entities.iter();
        tags.extend(entities.map(|id| &*self.site.catalog.entity(*id).entity_ref.name));
        // The name of the file often says what the title does not.
        let folder = self.site.docs[site_idx].plan.pages[page_idx].path.as_str().strip_suffix("/index.html");
        if self.site.docs[site_idx].home != Some(page_idx) {
            tags.extend(folder.and_then(|folder| folder.rsplit('/').next()));
        }
        tags
    }
}

fn texts_key(texts: &Texts<'_>) -> Key {
    let mut parts: Vec<&[u8]> = Vec::new();
    for texts in [&texts.title, &texts.headings, &texts.tags] {
        parts.extend(texts.iter().map(|text| text.as_bytes()));
        parts.push(b"\0");
    }
    parts.extend(texts.prose().map(str::as_bytes));
    parts.push(b"\0");
    parts.extend(texts.code().map(str::as_bytes));
    hash::key(&parts)
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
        group: match &*entity.entity_ref.kind {
            "api" => Group::Api,
            "group" | "user" => Group::People,
            _ => Group::Entity,
        },
        teaser: match &site.descriptions[id.0 as usize] {
            Some(html) => teaser(&plain(html)),
            None => teaser(entity.metadata.description.as_deref().unwrap_or_default()),
        },
        headings: Headings::Listed(Vec::new()),
    }
}

fn offer(api: &Entity, offer: &Offer) -> Document {
    let what = if offer.call.is_empty() { offer.kind.word() } else { &offer.call };
    Document {
        url: format!("{}#{}", SitePath::page(&entity_folder(&api.entity_ref)).url(), offer.anchor),
        title: offer.name.as_str().into(),
        breadcrumb: format!("{what} · {}", api.display_name()),
        icon: kinds::icon("api"),
        group: Group::Api,
        teaser: teaser(&offer.summary),
        headings: Headings::Listed(Vec::new()),
    }
}

/// Returns the APIs that offer something, and what.
fn apis(site: &Site) -> Vec<(EntityId, Vec<Offer>)> {
    let is_api = |id: &EntityId| &*site.catalog.entity(*id).entity_ref.kind == "api";
    let ids: Vec<EntityId> = (0..site.catalog.entities.len() as u32).map(EntityId).filter(is_api).collect();
    let offers = par_map(&ids, |id| operations::offers(site.catalog.entity(*id)));
    ids.into_iter().zip(offers).filter(|(_, offers)| !offers.is_empty()).collect()
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
    let is_name = |value: &str| value.len() <= MAX_SLUG_BYTES && !value.contains(char::is_whitespace);
    body.extend(
        metadata.annotations.iter().map(|annotation| &*annotation.value).filter(|value| is_name(value)),
    );
    body.extend(metadata.links.iter().filter_map(|link| link.title.as_deref()));
    let email = entity.spec("profile").and_then(|profile| profile.get("email"));
    body.extend(email.and_then(|email| email.text()));
    body
}

fn display_name<'s>(site: &'s Site, entity_ref: &'s EntityRef) -> &'s str {
    match site.catalog.find(entity_ref) {
        Some(id) => site.catalog.entity(id).display_name(),
        None => &entity_ref.name,
    }
}

fn page(docs: &DocsSite, page_idx: usize, crumbs: &[&str], detail: Detail<'_>) -> Document {
    let page = &docs.pages[page_idx];
    let doc = &page.doc;
    // Too many of them are called "Home" or "Overview".
    let is_home = docs.home == Some(page_idx);
    let headings = headings(doc).take(MAX_HEADINGS);
    let (lead, headings) = match detail {
        Detail::Whole { lead } => {
            let both = |heading: &Heading| (heading.id.clone(), heading.text.clone());
            (lead, Headings::Listed(headings.map(both).collect()))
        }
        Detail::Brief => {
            let mark = |heading: &Heading| digits::mark(&asked_for(&heading.text));
            ("", Headings::Marked(headings.map(mark).collect()))
        }
    };
    Document {
        url: docs.plan.pages[page_idx].path.url(),
        title: if is_home { docs.plan.title.clone() } else { page.title.clone() },
        breadcrumb: if is_home { page.title.to_string() } else { crumbs.join(" › ") },
        icon: "docs",
        group: Group::Doc,
        teaser: doc.description.as_deref().map_or_else(|| lead.to_string(), teaser),
        headings,
    }
}

/// Returns a title or a heading as somebody might type it.
pub fn asked_for(text: &str) -> String {
    tokens::fold(text).to_lowercase()
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

fn teaser(text: &str) -> String {
    beginning(text, MAX_TEASER_CHARS)
}
