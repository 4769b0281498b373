//! Every file of the site, and how its bytes are made. Nothing is
//! rendered before it is asked for, and nothing is held.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;
use tera::Value;

use crate::base::asset::{self, Fate};
use crate::base::hash::{self, Key};
use crate::base::memo::Memo;
use crate::base::par::{join, par_map};
use crate::base::world::World;
use crate::model::codes;
use crate::model::diagnostic::{Diagnostic, Span};
use crate::model::docs_site::{DocPage, DocsAsset, DocsSite, LinkTarget};
use crate::model::entity::EntityId;
use crate::model::failure::Failure;
use crate::model::file::FileId;
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use super::data::{self, Data};
use super::docs_nav::{self, DocsNav};
use super::feeds;
use super::index::{self, Index};
use super::place::{Place, entity_path};
use super::search;
use super::shell::{self, Area};
use super::techdocs;
use super::theme::Theme;
use super::views;
use super::views::health::Part;

/// The files of a site, each rendered on demand and none held.
pub struct Outputs {
    pub site: Arc<Site>,
    pub theme: Arc<Theme>,
    /// Sorted, each once.
    pub paths: Arc<[SitePath]>,
    /// As long as `paths`.
    contents: Vec<Content>,
    index: Index,
    /// Made when the first page of a docs site is rendered.
    navs: Vec<OnceLock<DocsNav>>,
    /// Shells by what leads to the root and by area: pages share them.
    shells: BTreeMap<(String, Area), Shared>,
    /// The files of the search, made when one of them is needed.
    found: OnceLock<Vec<search::File>>,
    /// The same without gaps, made when one is needed that an earlier run
    /// has made.
    found_whole: OnceLock<Vec<search::File>>,
    memo: Arc<Memo>,
    /// The path of base-url, with a slash at both ends.
    root_path: String,
    /// What rendering has met so far.
    problems: Mutex<BTreeSet<Trouble>>,
    /// The files with which something went wrong.
    troubled: Mutex<BTreeSet<SitePath>>,
}

/// A shell, and the hash of it.
struct Shared {
    value: Value,
    key: Key,
}

/// What a file is made of: the hash of each part has the part's name.
/// A file whose parts are as before is as before.
pub type Parts = Vec<(&'static str, Key)>;

/// Files that are as before if nothing has changed of what any of them
/// is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What shows entities, and of docs no more than what there are.
    Catalog,
    /// The pages of a docs site, as an index.
    Docs(usize),
}

/// The keys of groups.
pub struct GroupKeys {
    pub catalog: Key,
    /// `None` where it is not known.
    pub docs: Vec<Option<Key>>,
}

/// What is asked of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Bytes,
    Parts,
    Both,
}

/// What came of it: empty is what was not asked for.
#[derive(Default)]
struct Made {
    bytes: Vec<u8>,
    /// Empty where they are not known, too.
    parts: Parts,
}

/// The files of the search and their hashes, as the memo keeps them.
type FoundKeys = Vec<(String, Key)>;

/// Something that went wrong with one file, which is written without it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Trouble {
    Template { name: &'static str, error: String },
    Copy { repo: Box<str>, path: Box<str>, error: String },
    ActiveSvg(FileId),
    CleanedSvg(FileId, String),
    WrongType(FileId),
}

/// What a file of the site is. Numbers of pages count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Home,
    Catalog {
        kind_idx: usize,
        number: usize,
    },
    Entity(EntityId),
    Definition(EntityId),
    Data(Data),
    Apis {
        number: usize,
    },
    DocsIndex {
        number: usize,
    },
    /// A table of an entity that is too long for its page.
    List {
        id: EntityId,
        card: &'static str,
        number: usize,
    },
    Graph {
        number: usize,
    },
    Org {
        number: usize,
    },
    Docs {
        site_idx: usize,
        page_idx: usize,
    },
    DocsRedirect {
        site_idx: usize,
    },
    /// A page that its configuration says has moved.
    DocsMoved {
        site_idx: usize,
        redirect_idx: usize,
    },
    DocsAsset {
        site_idx: usize,
        asset_idx: usize,
    },
    DocsPrint {
        site_idx: usize,
    },
    /// The list of architecture decision records.
    Decisions {
        site_idx: usize,
    },
    Techdocs {
        site_idx: usize,
        file: techdocs::File,
    },
    Search {
        number: usize,
    },
    OpenSearch,
    Health {
        part: Part,
        number: usize,
    },
    NotFound,
    Sitemap,
    SitemapPart {
        number: usize,
    },
    Robots,
    ThemeAsset(usize),
    /// A file of the search, and the hash of it.
    Found(Key),
    Empty,
}

/// Plans all files of the site.
pub fn outputs(whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    outputs_with(&Arc::default(), whole_site, whole_theme)
}

/// Like [`outputs`], with what earlier runs know of the same site.
pub fn outputs_with(memo: &Arc<Memo>, whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    planned(Some(memo), whole_site, whole_theme)
}

/// Like [`outputs`], without the files that the search reads. They are
/// made of the whole site, which takes longer than all else together.
pub fn outputs_without_search(whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    planned(None, whole_site, whole_theme)
}

/// Plans all files, those of the search only with a memo.
fn planned(memo: Option<&Arc<Memo>>, whole_site: &Arc<Site>, whole_theme: &Arc<Theme>) -> Outputs {
    let (site, theme): (&Site, &Theme) = (whole_site, whole_theme);
    let found = OnceLock::new();
    let of_search = || memo.map(|memo| plan_search(memo, site, &found)).unwrap_or_default();
    let (of_search, (index, others)) = join(of_search, || planned_beside_search(site));
    let mut files = Vec::new();
    plan_fixed(site, theme, &mut files);
    files.extend(of_search);
    files.extend(others);
    plan_sitemap(site, &mut files);
    let (paths, contents) = distinct(files);
    let root_path = root_path(site);
    let shells = shells(site, theme, &index, &paths);
    Outputs {
        navs: site.docs.iter().map(|_| OnceLock::new()).collect(),
        found,
        found_whole: OnceLock::new(),
        memo: memo.map(Arc::clone).unwrap_or_default(),
        problems: Mutex::default(),
        troubled: Mutex::default(),
        site: Arc::clone(whole_site),
        theme: Arc::clone(whole_theme),
        paths: paths.into(),
        contents,
        index,
        shells,
        root_path,
    }
}

/// Plans what is neither fixed nor part of the search.
fn planned_beside_search(site: &Site) -> (Index, Planned) {
    let index = index::index(site);
    let mut files = Vec::new();
    plan_letters(site, &index, &mut files);
    plan_lists(site, &index, &mut files);
    plan_entities(site, &index, &mut files);
    files.extend(data::plan(site, &index).into_iter().map(|(path, data)| (path, Content::Data(data))));
    plan_docs(site, &mut files);
    (index, files)
}

impl Outputs {
    /// Returns the bytes of `paths[output_idx]`.
    pub fn bytes(&self, world: &dyn World, output_idx: usize) -> Result<Vec<u8>, Failure> {
        Ok(self.made(world, output_idx, Want::Bytes)?.bytes)
    }

    /// Returns the bytes of `paths[output_idx]`, and what they are made
    /// of where that is known.
    pub fn bytes_and_parts(
        &self,
        world: &dyn World,
        output_idx: usize,
    ) -> Result<(Vec<u8>, Option<Parts>), Failure> {
        let Made { bytes, parts } = self.made(world, output_idx, Want::Both)?;
        Ok((bytes, (!parts.is_empty()).then_some(parts)))
    }

    /// Returns what `paths[output_idx]` is made of, without making it;
    /// `None` where that is not known.
    pub fn parts(&self, world: &dyn World, output_idx: usize) -> Option<Parts> {
        let parts = self.made(world, output_idx, Want::Parts).ok()?.parts;
        (!parts.is_empty()).then_some(parts)
    }

    /// Returns the hash of all that the files of the site are made of, but
    /// for what is copied.
    pub fn whole_key(&self) -> Key {
        // What the key of the site leaves out: git's history, and what was
        // read of pictures.
        let mut text = String::new();
        for docs in &self.site.docs {
            for page in &docs.pages {
                text.push_str(&format!("{:?} {:?} ", page.history, page.sizes));
            }
            for asset in &docs.plan.assets {
                text.push_str(&format!("{:?} ", asset.look));
            }
        }
        // Some of it is said of what lies there and is no file of a source.
        let said = self.said();
        hash::key(&[&self.common_key().0, &self.site.key.0, text.as_bytes(), said.as_bytes()])
    }

    /// Returns the hashes of what many files at once are made of.
    pub fn group_keys(&self) -> GroupKeys {
        let common = hash::key(&[&self.common_key().0, &self.site.frame_key.0]);
        let keys = par_map(&self.site.docs, |docs| {
            let DocsSite { plan, pages, nav, order, home } = &**docs;
            let outline = format!("{plan:?} {order:?} {home:?}");
            let mut text = format!("{nav:?}\n");
            let mut is_known = true;
            for page in pages {
                let DocPage { title, doc, links, sizes, history } = page;
                is_known &= doc.key != Key::default();
                text.push_str(&format!("{:?} {title:?} {links:?} {sizes:?} {history:?}\n", doc.key));
                self.push_names(links, &mut text);
            }
            let key = hash::key(&[&common.0, outline.as_bytes(), text.as_bytes()]);
            (hash::key(&[outline.as_bytes()]), is_known.then_some(key))
        });
        let (said, descriptions) = (self.said(), format!("{:?}", self.site.descriptions));
        let mut parts: Vec<&[u8]> = vec![&common.0, said.as_bytes(), descriptions.as_bytes()];
        parts.extend(keys.iter().map(|(outline, _)| &outline.0[..]));
        GroupKeys { catalog: hash::key(&parts), docs: keys.iter().map(|(_, key)| *key).collect() }
    }

    /// Returns all that is said of the site, without what explains its
    /// codes.
    fn said(&self) -> String {
        let mut said = String::new();
        for Diagnostic { code, message, span, notes, help } in &self.site.diagnostics {
            said.push_str(&format!("{} {span:?} {message} {notes:?} {help:?} ", code.id));
        }
        said
    }

    /// Returns the hash of what any file may be made of beside the
    /// content of the repositories.
    fn common_key(&self) -> Key {
        let text = format!("{:?} {:?}", self.site.config, self.site.snapshot.repos);
        let mut parts: Vec<&[u8]> = vec![text.as_bytes(), &self.theme.key.0];
        parts.extend(self.shells.values().map(|shell| &shell.key.0[..]));
        hash::key(&parts)
    }

    /// Returns with which others `paths[output_idx]` has a key.
    pub fn group_of(&self, output_idx: usize) -> Option<Group> {
        match self.contents[output_idx] {
            Content::Docs { site_idx, .. } | Content::DocsPrint { site_idx } => Some(Group::Docs(site_idx)),
            Content::Entity(_)
            | Content::Definition(_)
            | Content::List { .. }
            | Content::Data(_)
            | Content::Catalog { .. }
            | Content::Apis { .. }
            | Content::Graph { .. }
            | Content::Org { .. } => Some(Group::Catalog),
            _ => None,
        }
    }

    /// Appends what the files are called that links lead to: that says
    /// what is in them.
    fn push_names(&self, links: &[LinkTarget], text: &mut String) {
        for link in links {
            if let LinkTarget::Site { path, .. } = link
                && let Some(name) = self.index.names.get(path)
            {
                text.push_str(name.as_str());
                text.push('\n');
            }
        }
    }

    /// Tells whether `paths[output_idx]` is a file of a repository that
    /// has to be looked at in each build.
    pub fn is_copied(&self, output_idx: usize) -> bool {
        match self.contents[output_idx] {
            Content::DocsAsset { site_idx, asset_idx } => {
                let look = &self.site.docs[site_idx].plan.assets[asset_idx].look;
                !look.is_whole || look.content.is_none()
            }
            _ => false,
        }
    }

    /// Tells whether `paths[output_idx]` was made with trouble, which the
    /// next run has to tell of again.
    pub fn is_troubled(&self, output_idx: usize) -> bool {
        let troubled = self.troubled.lock().unwrap_or_else(PoisonError::into_inner);
        troubled.contains(&self.paths[output_idx])
    }

    fn made(&self, world: &dyn World, output_idx: usize, want: Want) -> Result<Made, Failure> {
        let path = &self.paths[output_idx];
        let place = Place { site: &self.site, index: &self.index, path, absolute_root: None };
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

    /// Returns a file of the search.
    fn found(&self, path: &SitePath) -> Vec<u8> {
        let of = |files: &[search::File]| {
            let idx = files.binary_search_by(|file| file.path.cmp(path)).ok()?;
            files[idx].held.clone()
        };
        let whole = || search::files(&self.memo, &self.site, search::Want::All);
        let found = self.found.get().and_then(|found| of(found));
        found.or_else(|| of(self.found_whole.get_or_init(whole))).unwrap_or_default()
    }

    /// Returns a page of every kind, to see whether its template works.
    pub fn one_of_each(&self) -> Vec<usize> {
        let mut seen = HashSet::new();
        let is_new = |idx: &usize| seen.insert(std::mem::discriminant(&self.contents[*idx]));
        let pages = (0..self.paths.len()).filter(|idx| self.paths[*idx].as_str().ends_with(".html"));
        pages.filter(is_new).collect()
    }

    /// Returns what rendering has met so far: templates of the user's
    /// that failed, and files that could not be copied. It is complete,
    /// and the same in every run, once every file has been asked for.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        let diagnostic = |trouble: &Trouble| match trouble {
            Trouble::Template { name, error } => codes::site::theme_template(name, error),
            Trouble::Copy { repo, path, error } => codes::site::copy_failed(repo, path, error),
            Trouble::ActiveSvg(file) => {
                codes::site::active_svg(Span::of_file(*file), &self.site.snapshot.file(*file).path)
            }
            Trouble::CleanedSvg(file, removed) => {
                let path = &self.site.snapshot.file(*file).path;
                codes::site::cleaned_svg(Span::of_file(*file), path, removed)
            }
            Trouble::WrongType(file) => {
                codes::site::wrong_file_type(Span::of_file(*file), &self.site.snapshot.file(*file).path)
            }
        };
        problems.iter().map(diagnostic).collect()
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
        let shell = match self.shared(place, area) {
            Some(shared) => shared.key,
            None => value_key(&shell::shell(place, &self.theme, area)),
        };
        // A view that were no JSON could not be rendered either.
        let view = serde_json::to_vec(view).unwrap_or_default();
        vec![
            ("theme", hash::key(&[&self.theme.key.0, template.as_bytes()])),
            ("shell", shell),
            ("view", hash::key(&[&view])),
        ]
    }

    fn shared(&self, place: Place, area: Area) -> Option<&Shared> {
        match place.absolute_root {
            Some(_) => None,
            None => self.shells.get(&(place.path.to_root(), area)),
        }
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
        let shared = self.shared(place, area).map(|shared| shared.value.clone());
        let shell = shared.unwrap_or_else(|| shell::shell(place, &self.theme, area));
        let (html, error) = self.theme.render(template, shell, Value::from_serializable(view))?;
        if let Some(error) = error {
            self.note(place, Trouble::Template { name: template, error });
        }
        Ok(Made { bytes: html.into_bytes(), parts })
    }

    /// Reads a file that goes into the site as it is; an SVG only if
    /// nothing in it runs or loads, any other only if it is what its
    /// name says. In its place is a picture that says so, or nothing.
    fn copy(&self, world: &dyn World, place: Place, asset: &DocsAsset) -> Vec<u8> {
        let snapshot = &self.site.snapshot;
        match world.read(&snapshot.absolute(asset.file)) {
            Ok(bytes) => {
                let path = asset.path.as_str().to_ascii_lowercase();
                let extension = path.rsplit('.').next().unwrap_or("");
                let (published, fate) = asset::published(extension, &bytes);
                let in_its_place = (fate != Fate::Whole).then(|| published.into_owned());
                match fate {
                    Fate::Whole => {}
                    Fate::Cleaned(removed) => self.note(place, Trouble::CleanedSvg(asset.file, removed)),
                    Fate::Blocked => self.note(place, Trouble::ActiveSvg(asset.file)),
                    Fate::Wrong => self.note(place, Trouble::WrongType(asset.file)),
                }
                in_its_place.unwrap_or(bytes)
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

fn made_of(name: &'static str, want: Want, bytes: impl FnOnce() -> Vec<u8>) -> Made {
    let bytes = bytes();
    match want {
        Want::Bytes => Made { bytes, parts: Parts::new() },
        Want::Parts | Want::Both => Made { parts: vec![(name, hash::key(&[&bytes]))], bytes },
    }
}

fn value_key(value: &Value) -> Key {
    hash::key(&[&serde_json::to_vec(value).unwrap_or_default()])
}

type Planned = Vec<(SitePath, Content)>;

fn plan_fixed(site: &Site, theme: &Theme, files: &mut Planned) {
    files.push((SitePath::page(""), Content::Home));
    files.push((SitePath::new("404.html"), Content::NotFound));
    files.push((SitePath::new("robots.txt"), Content::Robots));
    files.push((SitePath::new(".nojekyll"), Content::Empty));
    for number in 1..=views::docs::n_index_pages(site) {
        files.push((views::page_path("docs", number), Content::DocsIndex { number }));
    }
    for (idx, asset) in theme.assets.iter().enumerate() {
        files.push((asset.path.clone(), Content::ThemeAsset(idx)));
    }
}

/// Plans the search page, from A to Z.
fn plan_letters(site: &Site, index: &Index, files: &mut Planned) {
    for number in 1..=index.letters.len() {
        files.push((views::page_path("search", number), Content::Search { number }));
    }
    if site.config.search.enable && site.config.portal.base_url.is_some() {
        files.push((SitePath::new(feeds::OPENSEARCH), Content::OpenSearch));
    }
}

/// The search is made of the whole site, so it is looked at again after
/// any change; but if nothing has changed, only the names of its files
/// are needed.
fn plan_search(memo: &Memo, site: &Site, found: &OnceLock<Vec<search::File>>) -> Planned {
    if !site.config.search.enable {
        return Vec::new();
    }
    let key = hash::key(&[b"search", &site.key.0]);
    let keys: FoundKeys = memo.get(key).unwrap_or_else(|| {
        let made = found.get_or_init(|| search::files(memo, site, search::Want::News));
        let keys = made.iter().map(|file| (file.path.as_str().to_string(), file.key)).collect();
        memo.put(key, &keys);
        keys
    });
    keys.into_iter().map(|(path, key)| (SitePath::new(&path), Content::Found(key))).collect()
}

fn plan_lists(site: &Site, index: &Index, files: &mut Planned) {
    files.push((SitePath::page("catalog"), Content::Catalog { kind_idx: 0, number: 1 }));
    for (kind_idx, list) in index.kinds.iter().enumerate() {
        let folder = views::catalog::folder(&list.kind);
        for number in 1..=views::catalog::n_pages(list.entities.len()) {
            let path = views::page_path(&folder, number);
            files.push((path, Content::Catalog { kind_idx, number }));
        }
    }
    let n_apis = index.kinds.iter().find(|list| &*list.kind == "api").map_or(0, |list| list.entities.len());
    for number in 1..=views::catalog::n_pages(n_apis) {
        files.push((views::page_path("api-docs", number), Content::Apis { number }));
    }
    for part in Part::ALL {
        for number in 1..=part.n_pages(index, site) {
            files.push((views::page_path(&part.folder(), number), Content::Health { part, number }));
        }
    }
    for number in 1..index.graph_starts.len() {
        files.push((views::page_path(views::graph::FOLDER, number), Content::Graph { number }));
    }
    if !index.org.is_empty() {
        for number in 1..=views::org::n_pages(&index.org) {
            files.push((views::page_path(views::org::FOLDER, number), Content::Org { number }));
        }
    }
}

fn plan_entities(site: &Site, index: &Index, files: &mut Planned) {
    for (idx, entity) in site.catalog.entities.iter().enumerate() {
        let id = EntityId(idx as u32);
        files.push((entity_path(&entity.entity_ref), Content::Entity(id)));
        if let Some(path) = views::definition::path(entity) {
            files.push((path, Content::Definition(id)));
        }
        let tables = views::relations::long_tables(site, id).into_iter().map(|(card, n)| (card.id, n));
        let members = views::people::n_listed_members(site, id).map(|n| (views::people::MEMBERS, n));
        for (card, n_rows) in tables.chain(members) {
            let folder = format!("{}/{card}", index.folders[idx]);
            for number in 1..=views::catalog::n_pages(n_rows) {
                files.push((views::page_path(&folder, number), Content::List { id, card, number }));
            }
        }
    }
}

fn plan_docs(site: &Site, files: &mut Planned) {
    for (site_idx, docs) in site.docs.iter().enumerate() {
        let n_pages = docs.plan.pages.len().min(docs.pages.len());
        for (page_idx, page) in docs.plan.pages.iter().take(n_pages).enumerate() {
            files.push((page.path.clone(), Content::Docs { site_idx, page_idx }));
        }
        for (asset_idx, asset) in docs.plan.assets.iter().enumerate() {
            files.push((asset.published(), Content::DocsAsset { site_idx, asset_idx }));
        }
    }
    for (site_idx, docs) in site.docs.iter().enumerate() {
        if site.config.docs.print && !docs.pages.is_empty() {
            files.push((views::print::path(docs), Content::DocsPrint { site_idx }));
        }
        if let Some(decisions) = &docs.plan.decisions {
            files.push((decisions.path.clone(), Content::Decisions { site_idx }));
        }
        if site.config.docs.techdocs_output {
            for folder in techdocs::folders(site, docs) {
                let of_docs = techdocs::files(docs).into_iter();
                files.extend(of_docs.map(|(path, file)| {
                    (SitePath::new(&format!("{folder}/{path}")), Content::Techdocs { site_idx, file })
                }));
            }
        }
    }
    // After all pages, so that no redirect takes a page's place.
    for (site_idx, docs) in site.docs.iter().enumerate() {
        for (redirect_idx, redirect) in docs.plan.redirects.iter().enumerate() {
            files.push((redirect.path.clone(), Content::DocsMoved { site_idx, redirect_idx }));
        }
        for path in views::docs::redirects(site, docs) {
            files.push((path, Content::DocsRedirect { site_idx }));
        }
    }
}

fn plan_sitemap(site: &Site, files: &mut Planned) {
    if site.config.portal.base_url.is_none() {
        return;
    }
    let n_pages = files.iter().filter(|(_, content)| is_listed(content)).count();
    for (number, path) in feeds::sitemap_paths(n_pages).into_iter().enumerate() {
        let content = match number {
            0 => Content::Sitemap,
            number => Content::SitemapPart { number },
        };
        files.push((path, content));
    }
}

fn is_listed(content: &Content) -> bool {
    matches!(
        content,
        Content::Home
            | Content::Catalog { .. }
            | Content::Entity(_)
            | Content::Apis { .. }
            | Content::DocsIndex { .. }
            | Content::Org { .. }
            | Content::Decisions { .. }
            | Content::Docs { .. }
    )
}

/// Sorts the files and keeps the first of those that share a path; what
/// would need a file as its folder gives way too.
fn distinct(mut files: Planned) -> (Vec<SitePath>, Vec<Content>) {
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files.dedup_by(|(later, _), (earlier, _)| later == earlier);
    let paths: HashSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let is_possible: Vec<bool> = files
        .iter()
        .map(|(path, _)| {
            let path = path.as_str();
            !path.match_indices('/').any(|(slash, _)| paths.contains(&path[..slash]))
        })
        .collect();
    files.into_iter().zip(is_possible).filter(|(_, is_possible)| *is_possible).map(|(file, _)| file).unzip()
}

fn shells(site: &Site, theme: &Theme, index: &Index, paths: &[SitePath]) -> BTreeMap<(String, Area), Shared> {
    let depths: BTreeSet<usize> = paths.iter().map(|path| path.as_str().matches('/').count()).collect();
    let mut shells = BTreeMap::new();
    for depth in depths {
        // A folder that holds nothing of ours: links from there lead
        // over the root, and so are right for every page at this depth.
        let path = SitePath::new(&format!("{}_", "_/".repeat(depth)));
        let place = Place { site, index, path: &path, absolute_root: None };
        for area in [
            Area::Home,
            Area::Catalog,
            Area::Apis,
            Area::Docs,
            Area::Graph,
            Area::Org,
            Area::Health,
            Area::Search,
        ] {
            let value = shell::shell(place, theme, area);
            let key = value_key(&value);
            shells.insert((path.to_root(), area), Shared { value, key });
        }
    }
    shells
}

/// Returns the path of base-url, with a slash at both ends.
fn root_path(site: &Site) -> String {
    let Some(base_url) = &site.config.portal.base_url else { return "/".to_string() };
    let rest = base_url.split_once("://").map_or(base_url.as_str(), |(_, rest)| rest);
    match rest.split_once('/') {
        Some((_, path)) => format!("/{path}"),
        None => "/".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
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
                let policy = "<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src";
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
        assert!(
            checkout.contains("Entities not found are: <code>resource:default/gone</code>"),
            "{checkout}"
        );
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
}
