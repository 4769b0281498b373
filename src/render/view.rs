//! Every struct that a template may see. A template receives `shell`
//! (a [`Shell`]) and `page` (the view of its own name), which together
//! are everything it needs: URLs are ready to use, and fields that end
//! with `_html` are safe HTML.

use std::collections::BTreeMap;

use serde::Serialize;

/// What every page has around it.
#[derive(Debug, Clone, Serialize)]
pub struct Shell {
    /// A BCP 47 tag.
    pub language: String,
    /// The portal's title.
    pub title: String,
    /// `Acme Catalog`, or `Catalog`.
    pub catalog_title: String,
    /// The value of the Content-Security-Policy.
    pub csp: String,
    /// What leads to the site's root: `../../`.
    pub root: String,
    /// Names of the theme's assets, and their URLs.
    pub assets: BTreeMap<String, String>,
    pub styles: Vec<String>,
    pub head_scripts: Vec<String>,
    pub scripts: Vec<String>,
    pub logo: Option<String>,
    pub favicon: Option<String>,
    /// The main navigation.
    pub sections: Vec<Section>,
    /// The search page, unless search is switched off.
    pub search: Option<String>,
    /// What a browser reads to search from its own bar.
    pub opensearch: Option<String>,
    /// HTML of the theme's `shell-links.html`, `shell-top.html` and
    /// `shell-foot.html`, which know no more than all this.
    pub links: Option<String>,
    pub top: Option<String>,
    pub foot: Option<String>,
}

/// An entry of the main navigation.
#[derive(Debug, Clone, Serialize)]
pub struct Section {
    pub title: &'static str,
    pub icon: &'static str,
    pub href: String,
    pub current: bool,
}

/// What goes into `<head>`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Head {
    /// The whole title of the document.
    pub title: String,
    pub description: Option<String>,
    pub canonical: Option<String>,
    pub noindex: bool,
}

/// A link of a list or of breadcrumbs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    pub title: String,
    pub href: Option<String>,
}

/// A link to an entity; without `href` when it is not in the catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntityLink {
    pub title: String,
    pub href: Option<String>,
    pub icon: &'static str,
    pub kind: String,
    /// `ref | type | description`.
    pub tooltip: String,
    /// What there is to say of the link: `not found`, `inferred`, or
    /// nothing.
    pub note: &'static str,
}

/// A lifecycle, and how alarming it is: `good`, `new`, `old` or `plain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lifecycle {
    pub text: String,
    pub tone: &'static str,
}

/// Pages of a long list.
#[derive(Debug, Clone, Serialize)]
pub struct Pages {
    pub current: usize,
    pub total: usize,
    pub prev: Option<String>,
    pub next: Option<String>,
    /// Numbers to show; one without a title is a gap.
    pub numbers: Vec<Link>,
}

/// A kind in a menu, or on the home page.
#[derive(Debug, Clone, Serialize)]
pub struct KindLink {
    pub title: String,
    pub href: String,
    pub icon: &'static str,
    pub count: usize,
    pub current: bool,
}

/// A docs site in a list.
#[derive(Debug, Clone, Serialize)]
pub struct DocsLink {
    pub title: String,
    pub href: String,
    pub description: String,
    pub n_pages: usize,
    pub owners: Vec<EntityLink>,
    pub entity: Option<EntityLink>,
    pub kind: String,
    pub entity_type: String,
}

/// An owner on the home page.
#[derive(Debug, Clone, Serialize)]
pub struct OwnerLink {
    pub entity: EntityLink,
    pub count: usize,
}

/// `home.html`
#[derive(Debug, Serialize)]
pub struct HomeView {
    pub head: Head,
    pub title: String,
    pub description: Option<String>,
    pub n_entities: usize,
    pub n_repos: usize,
    pub n_docs_pages: usize,
    pub kinds: Vec<KindLink>,
    /// The home page's own Markdown.
    pub body_html: Option<String>,
    pub docs: Vec<DocsLink>,
    pub n_more_docs: usize,
    pub docs_href: String,
    pub owners: Vec<OwnerLink>,
    pub n_more_owners: usize,
}

/// Which columns a table has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Columns {
    pub kind: bool,
    pub system: bool,
    pub owner: bool,
    pub entity_type: bool,
    pub lifecycle: bool,
    pub namespace: bool,
    pub targets: bool,
    pub description: bool,
    pub tags: bool,
    /// A link to the API's definition.
    pub definition: bool,
}

/// An entity in a table.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub entity: EntityLink,
    pub kind: String,
    pub systems: Vec<EntityLink>,
    pub owners: Vec<EntityLink>,
    pub entity_type: String,
    pub lifecycle: Option<Lifecycle>,
    pub namespace: String,
    pub targets: Vec<String>,
    pub description: String,
    pub tags: Vec<String>,
    pub docs: Option<String>,
    pub definition: Option<String>,
}

/// `catalog.html` and `apis.html`
#[derive(Debug, Serialize)]
pub struct CatalogView {
    pub head: Head,
    /// `Acme Catalog`
    pub title: String,
    /// `All Components`
    pub table_title: String,
    pub count: usize,
    pub kinds: Vec<KindLink>,
    pub columns: Columns,
    pub rows: Vec<Row>,
    pub pages: Option<Pages>,
    /// Lower case; empty when the catalog is.
    pub kind: String,
    pub plural: String,
    /// What a script needs to filter, and the exports.
    pub data: Option<TableData>,
}

/// Files beside the table of a kind.
#[derive(Debug, Serialize)]
pub struct TableData {
    pub rows: String,
    pub csv: String,
    pub json: String,
    pub people: String,
    /// The folder of all kinds' tables.
    pub catalog: String,
    pub definitions: bool,
}

/// `list.html`: a list that is too long for the page that it belongs to.
#[derive(Debug, Serialize)]
pub struct ListView {
    pub head: Head,
    pub crumbs: Vec<Link>,
    pub title: String,
    pub table_title: String,
    pub count: usize,
    pub columns: Columns,
    pub rows: Vec<Row>,
    pub pages: Option<Pages>,
}

/// A card of an entity page with a table of other entities.
#[derive(Debug, Serialize)]
pub struct Table {
    pub id: &'static str,
    pub title: String,
    pub count: usize,
    pub columns: Columns,
    pub rows: Vec<Row>,
    /// How many are not shown, and where they are.
    pub n_more: usize,
    pub all: Option<String>,
    /// What stands there when there are no rows.
    pub empty: String,
}

/// A row of the About card; what it shows is the first field that is
/// not empty.
#[derive(Debug, Default, Serialize)]
pub struct Field {
    pub label: &'static str,
    pub html: Option<String>,
    pub entities: Vec<EntityLink>,
    pub tags: Vec<String>,
    pub texts: Vec<String>,
    pub lifecycle: Option<Lifecycle>,
    pub url: Option<Link>,
    /// What stands there when there is nothing.
    pub empty: &'static str,
}

/// An entry of `metadata.links`.
#[derive(Debug, Serialize)]
pub struct OutLink {
    pub title: String,
    pub url: String,
    pub icon: &'static str,
    pub link_type: Option<String>,
    /// The annotation that it was made of.
    pub annotation: Option<String>,
}

/// The relations of one kind.
#[derive(Debug, Serialize)]
pub struct RelationGroup {
    /// Backstage's name: `dependsOn`.
    pub name: &'static str,
    /// For readers: `Depends on`.
    pub title: &'static str,
    pub entities: Vec<EntityLink>,
    pub n_more: usize,
    /// The explorer of the graph, with just these.
    pub explore: String,
}

/// A member of a group.
#[derive(Debug, Serialize)]
pub struct Member {
    pub entity: EntityLink,
    pub initials: String,
    pub email: Option<String>,
    /// The group below through which somebody is a member.
    pub through: Option<EntityLink>,
}

/// The members of a group.
#[derive(Debug, Serialize)]
pub struct Members {
    pub title: String,
    pub count: usize,
    pub members: Vec<Member>,
    pub n_more: usize,
    pub all: Option<String>,
    /// Members of the groups below, who are not in the group itself.
    pub indirect: Vec<Member>,
    pub n_indirect: usize,
    /// Whether there are more than were looked at.
    pub is_bounded: bool,
}

/// What a group or a user owns.
#[derive(Debug, Serialize)]
pub struct Ownership {
    pub direct: Vec<Tile>,
    /// Through the groups above and below, or of a user: through groups.
    pub indirect: Vec<Tile>,
}

/// What a group or a user owns, by kind and type.
#[derive(Debug, Serialize)]
pub struct Tile {
    pub title: String,
    pub icon: &'static str,
    pub count: usize,
    /// The table of the kind, filtered by owner and type.
    pub href: String,
}

/// Who uses an entity, directly or over others.
#[derive(Debug, Serialize)]
pub struct UsedBy {
    pub n_direct: usize,
    pub n_all: usize,
    /// Whether there are more than were looked at.
    pub is_bounded: bool,
    /// Those at one distance, nearest first.
    pub rings: Vec<Ring>,
}

/// The users at one distance.
#[derive(Debug, Serialize)]
pub struct Ring {
    pub distance: usize,
    pub entities: Vec<EntityLink>,
    pub n_more: usize,
}

/// Where an entity was found, and what with it.
#[derive(Debug, Serialize)]
pub struct Inspect {
    pub reference: String,
    pub api_version: String,
    pub kind: String,
    pub namespace: String,
    pub name: String,
    /// The entity as JSON.
    pub json: String,
    /// From the source down to the document: each brought in the next.
    pub ancestry: Vec<Link>,
    /// Other entities of the same file.
    pub colocated: Vec<EntityLink>,
    pub n_more_colocated: usize,
}

/// An API's definition.
#[derive(Debug, Serialize)]
pub struct Definition {
    /// `openapi`
    pub api_type: String,
    pub language: &'static str,
    pub html: String,
    pub download: String,
    pub file_name: String,
    pub size: String,
    /// Whether only the beginning is shown.
    pub is_cut: bool,
}

/// A key with its value.
#[derive(Debug, Serialize)]
pub struct Pair {
    pub key: String,
    pub value: String,
    pub url: Option<String>,
}

/// A diagnostic.
#[derive(Debug, Serialize)]
pub struct Problem {
    /// `error`, `warning` or `info`.
    pub severity: &'static str,
    pub code: &'static str,
    /// With `<code>` for what stood in backticks.
    pub message_html: String,
    pub help_html: Option<String>,
    pub repo: String,
    /// `catalog-info.yaml:12:3`
    pub place: Option<String>,
    pub url: Option<String>,
}

/// Where something was read.
#[derive(Debug, Default, Serialize)]
pub struct Source {
    pub repo: String,
    pub path: String,
    pub line: u32,
    pub view: Option<String>,
    pub edit: Option<String>,
    /// The folder of the entity's code.
    pub code: Option<String>,
}

/// `entity.html`
#[derive(Debug, Serialize)]
pub struct EntityView {
    pub head: Head,
    pub title: String,
    pub icon: &'static str,
    /// As written: `Component`.
    pub kind: String,
    pub entity_type: String,
    /// `component:default/payments`
    pub reference: String,
    /// `catalog/default/component/payments`
    pub folder: String,
    pub crumbs: Vec<Link>,
    pub owners: Vec<EntityLink>,
    pub lifecycle: Option<Lifecycle>,
    /// `This entity has relations to other entities, which can't be …`
    pub missing: Vec<String>,
    pub n_more_missing: usize,
    /// Nothing refers to it any more, as its descriptor says itself.
    pub is_orphan: bool,
    pub problems: Vec<Problem>,
    /// Sections of the page, and the docs.
    pub tabs: Vec<Link>,
    /// The picture of what it is related to, and the explorer.
    pub graph_html: Option<String>,
    pub explore: String,
    /// A system's diagram or a domain's map, with its title.
    pub diagram_title: &'static str,
    pub diagram_html: Option<String>,
    pub used_by: Option<UsedBy>,
    pub inspect: Inspect,
    pub about: Vec<Field>,
    pub docs: Option<Link>,
    pub links: Vec<OutLink>,
    pub relations: Vec<RelationGroup>,
    pub tables: Vec<Table>,
    pub members: Option<Members>,
    pub ownership: Option<Ownership>,
    pub definition: Option<Definition>,
    pub labels: Vec<Pair>,
    pub annotations: Vec<Pair>,
    pub source: Source,
    pub yaml: String,
}

/// When a page was written, and by whom.
#[derive(Debug, Serialize)]
pub struct HistoryView {
    /// `2024-05-06`.
    pub created: String,
    pub updated: String,
    /// `6 May 2024`.
    pub updated_text: String,
    pub authors: Vec<String>,
}

/// `docs-print.html`
#[derive(Debug, Serialize)]
pub struct PrintView {
    pub head: Head,
    pub title: String,
    pub description: Option<String>,
    pub site: Link,
    pub contents: Vec<PrintEntry>,
    pub body_html: String,
}

/// An entry of the contents of a print page; a section has no href.
#[derive(Debug, Serialize)]
pub struct PrintEntry {
    pub number: String,
    pub title: String,
    pub href: Option<String>,
    pub depth: usize,
}

/// `decisions.html`
#[derive(Debug, Serialize)]
pub struct DecisionsView {
    pub head: Head,
    pub title: String,
    pub crumbs: Vec<Link>,
    pub entity: Option<EntityLink>,
    pub decisions: Vec<Decision>,
}

/// An architecture decision record; `tone` is `good`, `new`, `old` or
/// `plain`.
#[derive(Debug, Serialize)]
pub struct Decision {
    pub title: String,
    pub href: String,
    pub status: String,
    pub tone: &'static str,
    pub date: String,
}

/// `docs-index.html`
#[derive(Debug, Serialize)]
pub struct DocsIndexView {
    pub head: Head,
    pub docs: Vec<DocsLink>,
    pub count: usize,
    pub pages: Option<Pages>,
}

/// A heading in the table of contents.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct TocItem {
    pub title: String,
    pub href: String,
    /// 1 for the outer level, 2 for the inner one.
    pub depth: u8,
}

/// What is in a section of docs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct DocsCard {
    pub title: String,
    pub href: Option<String>,
    pub is_external: bool,
    pub description: Option<String>,
    /// How much is in it, if it is a section itself.
    pub n_items: Option<usize>,
}

/// `docs.html`
#[derive(Debug, Serialize)]
pub struct DocsView {
    pub head: Head,
    /// The docs site.
    pub site: Link,
    pub site_description: Option<String>,
    pub entity: Option<EntityLink>,
    pub owners: Vec<EntityLink>,
    pub lifecycle: Option<Lifecycle>,
    pub crumbs: Vec<Link>,
    /// The page.
    pub title: String,
    /// Whether the body begins with the title itself.
    pub has_title: bool,
    pub nav_html: String,
    pub body_html: String,
    /// What is in the section, if the page is there to list it.
    pub cards: Vec<DocsCard>,
    pub toc: Vec<TocItem>,
    /// What the table of contents is called, if the docs site says so.
    pub toc_title: Option<String>,
    pub hide_toc: bool,
    pub hide_nav: bool,
    pub prev: Option<Link>,
    pub next: Option<Link>,
    pub edit: Option<String>,
    pub view: Option<String>,
    pub issue: Option<String>,
    pub history: Option<HistoryView>,
    /// The page that holds the whole docs site, if there is one.
    pub print: Option<String>,
    /// The list of decisions, for a page that is one.
    pub decisions: Option<String>,
}

/// `graph.html`: the explorer, and the relations of some entities.
#[derive(Debug, Serialize)]
pub struct GraphView {
    pub head: Head,
    pub data: String,
    pub n_entities: usize,
    pub n_relations: usize,
    pub rows: Vec<GraphRow>,
    pub pages: Option<Pages>,
}

/// What one entity has to do with others.
#[derive(Debug, Serialize)]
pub struct GraphRow {
    pub entity: EntityLink,
    pub relations: Vec<RelationGroup>,
}

/// `org.html`: groups in the order of their tree.
#[derive(Debug, Serialize)]
pub struct OrgView {
    pub head: Head,
    pub n_groups: usize,
    pub n_users: usize,
    pub graph_html: Option<String>,
    /// The tree as nested lists.
    pub tree_html: String,
    pub pages: Option<Pages>,
}

/// A way to look at health.
#[derive(Debug, Serialize)]
pub struct HealthTab {
    pub title: &'static str,
    pub href: String,
    pub current: bool,
    pub count: usize,
}

/// Entities that lack something.
#[derive(Debug, Serialize)]
pub struct HealthGap {
    /// `owner`
    pub name: &'static str,
    pub count: usize,
    /// Of how many that should have it.
    pub href: String,
}

/// The problems of one repository, owner or code.
#[derive(Debug, Serialize)]
pub struct HealthGroup {
    pub title: String,
    pub href: Option<String>,
    /// What the code means.
    pub note: Option<String>,
    pub n_errors: usize,
    pub n_warnings: usize,
    pub n_infos: usize,
    pub problems: Vec<Problem>,
    /// Whether the list goes on from the page before.
    pub is_continued: bool,
}

/// `health.html`
#[derive(Debug, Serialize)]
pub struct HealthView {
    pub head: Head,
    pub n_errors: usize,
    pub n_warnings: usize,
    pub n_infos: usize,
    pub tabs: Vec<HealthTab>,
    pub gaps: Vec<HealthGap>,
    /// `health.json`
    pub json: String,
    /// What stands above the list.
    pub list_title: String,
    pub columns: Columns,
    pub rows: Vec<Row>,
    /// Relations to what is not in the catalog.
    pub dangling: Vec<DanglingRow>,
    pub groups: Vec<HealthGroup>,
    pub pages: Option<Pages>,
}

/// A relation to what is not in the catalog.
#[derive(Debug, Serialize)]
pub struct DanglingRow {
    pub entity: EntityLink,
    pub relation: &'static str,
    pub target: String,
}

/// `search.html`
#[derive(Debug, Serialize)]
pub struct SearchView {
    pub head: Head,
    /// Where the form leads without a script.
    pub action: String,
    /// The first place of each letter, on this page or another.
    pub links: Vec<Link>,
    /// Everything that has a name, for readers without scripts.
    pub letters: Vec<Letter>,
    pub pages: Option<Pages>,
}

/// A letter and what begins with it.
#[derive(Debug, Serialize)]
pub struct Letter {
    /// An upper-case letter, or `#` for everything else.
    pub letter: String,
    pub entries: Vec<LetterEntry>,
}

/// An entity or a docs site.
#[derive(Debug, Serialize)]
pub struct LetterEntry {
    pub title: String,
    pub href: String,
    /// The kind as it was written; `Docs` for a docs site.
    pub kind: Box<str>,
}

/// `not-found.html`
#[derive(Debug, Serialize)]
pub struct NotFoundView {
    pub head: Head,
    pub home: String,
    pub catalog: String,
    pub docs: String,
    pub search: Option<String>,
}

/// `redirect.html`
#[derive(Debug, Serialize)]
pub struct RedirectView {
    pub head: Head,
    pub title: String,
    pub href: String,
}
