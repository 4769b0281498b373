//! How the bytes of each file are made, and what each is made of.

use std::sync::PoisonError;

use serde::Serialize;
use tera::Value;

use crate::base::asset::{self, Fate};
use crate::base::hash::{self, Key};
use crate::base::par::apart;
use crate::base::world::World;
use crate::model::docs_site::{DocPage, DocsAsset, DocsSite};
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;
use crate::render::data::{self, Data};
use crate::render::place::Place;
use crate::render::shell::{self, Area};
use crate::render::{docs_nav, feeds, search, techdocs, views};

use super::plan::{Content, is_listed};
use super::{Outputs, Parts, Trouble, depth};

/// What is asked of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Bytes,
    Parts,
    Both,
}

/// What came of it: empty is what was not asked for.
#[derive(Default)]
pub(super) struct Made {
    pub bytes: Vec<u8>,
    /// Empty where they are not known, too.
    pub parts: Parts,
}

impl Outputs {
    pub(super) fn made(&self, world: &dyn World, output_idx: usize, want: Want) -> Result<Made, Failure> {
        let path = &self.paths[output_idx];
        let place = self.place(path);
        match &self.contents[output_idx] {
            Content::Home => self.page("home.html", place, Area::Home, &views::home::view(place), want),
            Content::Catalog { kind_idx, number } => {
                let view = views::catalog::view(place, self.index.kinds.get(*kind_idx), *number);
                self.page("catalog.html", place, Area::Catalog, &view, want)
            }
            Content::Entity(id) => {
                self.page("entity.html", place, Area::Catalog, &views::entity::view(place, *id), want)
            }
            Content::Definition(id) => {
                let text = views::definition::text(self.site.catalog.entity(*id)).unwrap_or_default();
                Ok(made_of("text", want, || text.clone().into_owned().into_bytes()))
            }
            Content::Data(data) => Ok(self.data(*data, want)),
            Content::Apis { number } => {
                let apis = self.index.kinds.iter().find(|list| &*list.kind == "api");
                let view = views::catalog::apis(place, apis, *number);
                self.page("apis.html", place, Area::Apis, &view, want)
            }
            Content::DocsIndex { number } => {
                self.page("docs-index.html", place, Area::Docs, &views::docs::index(place, *number), want)
            }
            Content::List { id, card, number } => {
                let view = match *card {
                    views::people::MEMBERS => views::people::member_page(place, *id, *number),
                    card => views::relations::page(place, *id, card, *number),
                };
                self.page("list.html", place, Area::Catalog, &view, want)
            }
            Content::Graph { number } => {
                self.page("graph.html", place, Area::Graph, &views::graph::view(place, *number), want)
            }
            Content::Org { number } => {
                self.page("org.html", place, Area::Org, &views::org::view(place, *number), want)
            }
            Content::Docs { site_idx, page_idx } => self.docs_page(place, *site_idx, *page_idx, want),
            Content::DocsRedirect { site_idx } => {
                let docs = &self.site.docs[*site_idx];
                let to = views::docs::entrance(docs);
                let view = views::redirect(place, &docs.plan.title, &to);
                self.page("redirect.html", place, Area::Docs, &view, want)
            }
            Content::DocsMoved { site_idx, redirect_idx } => {
                let view = views::docs::moved(place, &self.site.docs[*site_idx], *redirect_idx);
                self.page("redirect.html", place, Area::Docs, &view, want)
            }
            Content::DocsPrint { site_idx } => self.docs_print(place, &self.site.docs[*site_idx], want),
            Content::Decisions { site_idx } => {
                let view = views::decisions::view(place, &self.site.docs[*site_idx]);
                self.page("decisions.html", place, Area::Docs, &view, want)
            }
            Content::DocsAsset { site_idx, asset_idx }
            | Content::Techdocs { site_idx, file: techdocs::File::Asset(asset_idx) } => {
                let asset = &self.site.docs[*site_idx].plan.assets[*asset_idx];
                match (want, asset.look.content) {
                    // Of any other there is something to tell.
                    (Want::Parts, Some(content)) if asset.look.is_whole => {
                        Ok(Made { parts: vec![("file", content)], ..Made::default() })
                    }
                    _ => Ok(made_of("file", want, || self.copy(world, place, asset))),
                }
            }
            Content::Techdocs { site_idx, file } => {
                let docs = &self.site.docs[*site_idx];
                let options = techdocs::Options::default();
                Ok(made_of("file", want, || techdocs::bytes(&self.site, &self.index, docs, *file, &options)))
            }
            Content::Search { number } => {
                self.page("search.html", place, Area::Search, &views::search::view(place, *number), want)
            }
            Content::OpenSearch => Ok(made_of("text", want, || {
                feeds::opensearch(self.base_url(), &self.site.config.book.title).into_bytes()
            })),
            Content::Health { part, number } => {
                let view = views::health::view(place, *part, *number);
                self.page("health.html", place, Area::Health, &view, want)
            }
            Content::NotFound => {
                let place = Place { absolute_root: Some(&self.root_path), ..place };
                self.page("not-found.html", place, Area::None, &views::not_found(place), want)
            }
            Content::Sitemap => {
                Ok(made_of("text", want, || feeds::sitemap(self.base_url(), &self.listed()).into_bytes()))
            }
            Content::SitemapPart { number } => Ok(made_of("text", want, || {
                feeds::sitemap_part(self.base_url(), &self.listed(), *number).into_bytes()
            })),
            Content::Robots => Ok(made_of("text", want, || {
                feeds::robots(self.site.config.portal.base_url.as_deref()).into_bytes()
            })),
            Content::ThemeAsset(idx) => Ok(made_of("file", want, || self.theme.assets[*idx].bytes.clone())),
            Content::Found(key) => Ok(Made {
                bytes: if want == Want::Parts { Vec::new() } else { self.found(path) },
                parts: vec![("file", *key)],
            }),
            Content::Empty => Ok(made_of("text", want, Vec::new)),
        }
    }

    pub(super) fn place<'o>(&'o self, path: &'o SitePath) -> Place<'o> {
        Place { site: &self.site, index: &self.index, path, absolute_root: None }
    }

    /// Returns a file of the search. Those that an earlier run has made
    /// are made by all threads together, while others ask for more.
    fn found(&self, path: &SitePath) -> Vec<u8> {
        let of = |files: &[search::File]| {
            let idx = files.binary_search_by(|file| file.path.cmp(path)).ok()?;
            files[idx].held.clone()
        };
        let whole = || search::files(&self.memo, &self.site, search::Want::All);
        let found = self.found.get().and_then(|found| of(found));
        found.or_else(|| of(self.found_whole.get_or_init(|| apart(whole)))).unwrap_or_default()
    }

    fn data(&self, data: Data, want: Want) -> Made {
        let bytes = match want {
            Want::Parts => Vec::new(),
            _ => data::text(&self.site, &self.index, data).into_bytes(),
        };
        let part = || match data::is_part_of_itself(data) {
            true if want == Want::Both => ("text", hash::key(&[&bytes])),
            _ => data::part(&self.site, &self.index, data),
        };
        let parts = if want == Want::Bytes { Parts::new() } else { vec![part()] };
        Made { bytes, parts }
    }

    fn docs_page(&self, place: Place, site_idx: usize, page_idx: usize, want: Want) -> Result<Made, Failure> {
        let docs = &self.site.docs[site_idx];
        let nav = self.navs[site_idx].get_or_init(|| docs_nav::docs_nav(docs));
        let page = &docs.pages[page_idx];
        let frame = views::docs::frame(place, docs, nav, page_idx);
        let mut parts = Parts::new();
        if want != Want::Bytes && page.doc.key != Key::default() {
            parts = self.page_parts("docs.html", place, Area::Docs, &frame);
            let here = [place.path.as_str().as_bytes(), &(page_idx as u64).to_le_bytes()];
            parts.push(("navigation", hash::key(&[&nav.key.0, here[0], here[1]])));
            parts.push(("source", page.doc.key));
            let mut links = format!("{:?} {:?}", page.links, page.sizes);
            self.push_names(&page.links, &mut links);
            parts.push(("links", hash::key(&[here[0], links.as_bytes()])));
            if plan_has_words(docs) {
                parts.push(("history", history_key(docs, std::slice::from_ref(page))));
            }
        }
        if want == Want::Parts {
            return Ok(Made { parts, ..Made::default() });
        }
        let view = views::docs::filled(frame, place, docs, nav, page_idx);
        Ok(Made { parts, ..self.page("docs.html", place, Area::Docs, &view, Want::Bytes)? })
    }

    fn docs_print(&self, place: Place, docs: &DocsSite, want: Want) -> Result<Made, Failure> {
        let frame = views::print::frame(place, docs);
        let mut parts = Parts::new();
        if want != Want::Bytes && docs.pages.iter().all(|page| page.doc.key != Key::default()) {
            parts = self.page_parts("docs-print.html", place, Area::Docs, &frame);
            let mut pages = String::new();
            for page in &docs.pages {
                pages.push_str(&format!("{:?} {:?} {:?}\n", page.doc.key, page.links, page.sizes));
                self.push_names(&page.links, &mut pages);
            }
            parts.push(("pages", hash::key(&[pages.as_bytes()])));
            if plan_has_words(docs) {
                parts.push(("history", history_key(docs, &docs.pages)));
            }
        }
        if want == Want::Parts {
            return Ok(Made { parts, ..Made::default() });
        }
        let view = views::print::filled(frame, place, docs);
        Ok(Made { parts, ..self.page("docs-print.html", place, Area::Docs, &view, Want::Bytes)? })
    }

    /// Returns the parts of a page: renderer, template, shell and view.
    /// The view is all that the template may see.
    fn page_parts(&self, template: &'static str, place: Place, area: Area, view: &impl Serialize) -> Parts {
        // A view that were no JSON could not be rendered either.
        let view = serde_json::to_vec(view).unwrap_or_default();
        vec![
            ("theme", hash::key(&[&self.theme.key.0, template.as_bytes()])),
            ("shell", self.shell(place, area).key),
            ("view", hash::key(&[&view])),
        ]
    }

    /// Returns what is around the pages of an area that lie as deep as
    /// this one.
    pub(super) fn shell(&self, place: Place, area: Area) -> &shell::Shared {
        let depth = match place.absolute_root {
            Some(_) => self.shells.len() - 1,
            None => depth(place.path),
        };
        self.shells[depth][area as usize].get_or_init(|| {
            // A folder that holds nothing of ours: links from there lead
            // over the root, and so are right for every page at this depth.
            let path = SitePath::new(&format!("{}_", "_/".repeat(depth)));
            let shell = shell::shell(Place { path: &path, ..place }, &self.theme, area);
            for (name, error) in &shell.failed {
                self.note(place, Trouble::Template { name, error: error.clone() });
            }
            shell
        })
    }

    fn page(
        &self,
        template: &'static str,
        place: Place,
        area: Area,
        view: &impl Serialize,
        want: Want,
    ) -> Result<Made, Failure> {
        let parts = match want {
            Want::Bytes => Parts::new(),
            _ => self.page_parts(template, place, area, view),
        };
        if want == Want::Parts {
            return Ok(Made { parts, ..Made::default() });
        }
        let shell = self.shell(place, area).value.clone();
        let (html, error) = self.theme.render(template, shell, Value::from_serializable(view))?;
        if let Some(error) = error {
            self.note(place, Trouble::Template { name: template, error });
        }
        Ok(Made { bytes: html, parts })
    }

    /// Reads a file that goes into the site as it is; an SVG only if
    /// nothing in it runs or loads, any other only if it is what its
    /// name says. In its place is a picture that says so, or nothing.
    fn copy(&self, world: &dyn World, place: Place, asset: &DocsAsset) -> Vec<u8> {
        let snapshot = &self.site.snapshot;
        let read = || {
            let bytes = world.read(&snapshot.absolute(asset.file))?;
            let path = asset.path.as_str().to_ascii_lowercase();
            let extension = path.rsplit('.').next().unwrap_or("");
            Ok::<_, std::io::Error>(asset::published_whole(extension, bytes))
        };
        match self.site.larder.take(asset.file.0).map_or_else(read, Ok) {
            Ok((bytes, fate)) => {
                match fate {
                    Fate::Whole => {}
                    Fate::Cleaned(removed) => self.note(place, Trouble::CleanedSvg(asset.file, removed)),
                    Fate::Blocked => self.note(place, Trouble::ActiveSvg(asset.file)),
                    Fate::Wrong => self.note(place, Trouble::WrongType(asset.file)),
                }
                bytes
            }
            Err(error) => {
                let trouble = Trouble::Copy {
                    repo: snapshot.repo_of(asset.file).name.clone(),
                    path: snapshot.file(asset.file).path.clone(),
                    error: error.kind().to_string(),
                };
                self.note(place, trouble);
                Vec::new()
            }
        }
    }

    fn note(&self, place: Place, trouble: Trouble) {
        self.troubled.lock().unwrap_or_else(PoisonError::into_inner).insert(place.path.clone());
        self.problems.lock().unwrap_or_else(PoisonError::into_inner).insert(trouble);
    }

    fn base_url(&self) -> &str {
        self.site.config.portal.base_url.as_deref().unwrap_or("/")
    }

    /// Returns the pages that the sitemap lists.
    fn listed(&self) -> Vec<&SitePath> {
        let files = self.paths.iter().zip(&self.contents);
        files.filter(|(_, content)| is_listed(content)).map(|(path, _)| path).collect()
    }
}

fn plan_has_words(docs: &DocsSite) -> bool {
    docs.plan.git_words.is_some()
}

/// Returns the hash of what stands for words of git plugins on some
/// pages.
fn history_key(docs: &DocsSite, pages: &[DocPage]) -> Key {
    let histories: Vec<_> = pages.iter().map(|page| &page.history).collect();
    hash::key(&[format!("{:?} {:?} {histories:?}", docs.plan.git_words, docs.history).as_bytes()])
}

fn made_of(name: &'static str, want: Want, bytes: impl FnOnce() -> Vec<u8>) -> Made {
    let bytes = bytes();
    match want {
        Want::Bytes => Made { bytes, parts: Parts::new() },
        Want::Parts | Want::Both => Made { parts: vec![(name, hash::key(&[&bytes]))], bytes },
    }
}
