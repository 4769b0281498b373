//! A small portal for the tests of this room: every kind of page, a
//! missing target, links into and out of the docs.

use std::path::Path;

use crate::base::memory::Memory;
use crate::base::world::World;
use crate::model::codes;
use crate::model::config::Config;
use crate::model::diagnostic::Span;
use crate::model::doc::{Doc, DocLink, Heading, LinkKind, Piece};
use crate::model::docs_site::{
    DocPage, DocsAsset, DocsPlan, DocsSite, DocsSource, LinkTarget, NavItem, PlannedPage,
};
use crate::model::entity::{Catalog, Entity, EntityId, Metadata, Reference};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use crate::model::forge::Remote;
use crate::model::relation::{Relation, RelationKind};
use crate::model::repo::{Repo, SourceRules};
use crate::model::site::{HomeDoc, Site};
use crate::model::site_path::SitePath;
use crate::model::yaml::{Node, Scalar, Value};

const CATALOG: FileId = FileId(0);
const INDEX: FileId = FileId(1);
const REFUNDS: FileId = FileId(2);
const PICTURE: FileId = FileId(3);
const EVIL: FileId = FileId(4);

const BASE: &str = "docs/default/component/checkout";

/// Returns the portal's files, as far as rendering reads any.
pub(super) fn world() -> Memory {
    let world = Memory::default();
    let files: [(&str, &[u8]); 2] = [
        ("/portal/shop/docs/a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>"),
        ("/portal/shop/docs/b.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x</script></svg>"),
    ];
    for (path, bytes) in files {
        world.write(Path::new(path), bytes).unwrap();
    }
    world
}

/// Returns the portal.
pub(super) fn site() -> Site {
    let mut config = Config::of_folder("/portal".into());
    config.book.title = "Acme <portal>".to_string();
    config.portal.organization = Some("Acme".to_string());
    let entities = entities();
    let relations = relations(&entities);
    let unlike = codes::config::unknown_key(Some(span(CATALOG, 110)), "`a`", "b<c>", None);
    Site {
        larder: Default::default(),
        frame_key: Default::default(),
        words: Default::default(),
        key: Default::default(),
        config,
        snapshot: snapshot().into(),
        docs_by_entity: entities
            .iter()
            .map(|entity| (&*entity.metadata.name == "checkout").then_some(0))
            .collect(),
        descriptions: entities
            .iter()
            .map(|_| Some("<p>Takes <em>money</em> &amp; more.</p>".into()))
            .collect::<Vec<_>>()
            .into(),
        catalog: Catalog { relations, entities, ..Catalog::default() }.into(),
        docs: vec![docs().into()],
        home: Some(HomeDoc { doc: doc(INDEX, &[], 1).into(), links: vec![LinkTarget::Broken] }),
        diagnostics: vec![unlike],
    }
}

fn entities() -> Vec<Entity> {
    let mut entities = vec![
        entity("API", "orders", &[("type", "openapi"), ("definition", "openapi: 3.1.0\n# <b>\n")], 0),
        entity("Component", "checkout", &[("type", "service"), ("lifecycle", "production")], 100),
        entity("Domain", "shop", &[], 200),
        entity("Group", "tills", &[("type", "team")], 300),
        entity("System", "till-system", &[], 400),
        entity("User", "ada", &[], 500),
        entity("Widget", "odd", &[], 600),
    ];
    for idx in [0, 1] {
        let target = EntityRef::new("group", "default", "tills");
        entities[idx].references.push(Reference {
            field: "owner",
            relation: RelationKind::OwnedBy,
            target,
            span: span(CATALOG, 0),
        });
    }
    entities
}

fn relations(entities: &[Entity]) -> Vec<Vec<Relation>> {
    use RelationKind as R;
    let pairs = [
        ("component", "checkout", R::OwnedBy, "group", "tills"),
        ("component", "checkout", R::ProvidesApi, "api", "orders"),
        ("component", "checkout", R::PartOf, "system", "till-system"),
        ("component", "checkout", R::DependsOn, "resource", "gone"),
        ("api", "orders", R::OwnedBy, "group", "tills"),
        ("system", "till-system", R::PartOf, "domain", "shop"),
        ("user", "ada", R::MemberOf, "group", "tills"),
    ];
    let relations = entities.iter().map(|entity| {
        let mut of_entity = Vec::new();
        for (kind, name, relation, to_kind, to_name) in pairs {
            let from = EntityRef::new(kind, "default", name);
            let to = EntityRef::new(to_kind, "default", to_name);
            let (kind, target) = match () {
                () if from == entity.entity_ref => (relation, to),
                () if to == entity.entity_ref => (relation.opposite(), from),
                () => continue,
            };
            let found = entities.iter().position(|entity| entity.entity_ref == target);
            let entity = found.map(|idx| EntityId(idx as u32));
            of_entity.push(Relation { kind, target: target.into(), entity });
        }
        of_entity.sort();
        of_entity
    });
    relations.collect()
}

fn snapshot() -> Snapshot {
    let repo = |name: &str, root: &str, remote: Option<&str>| Repo {
        name: name.into(),
        root: root.into(),
        remote: remote.and_then(Remote::parse),
        git_ref: "main".into(),
        head: None,
        prefix: "".into(),
        rules: SourceRules::default(),
    };
    let file = |path: &str, kind| File { repo: RepoId(1), path: path.into(), kind, size_bytes: 1 };
    Snapshot {
        repos: vec![
            repo("", "/portal", None),
            repo("shop", "/portal/shop", Some("https://github.com/acme/shop")),
        ],
        files: vec![
            file("catalog-info.yaml", FileKind::Yaml),
            file("docs/index.md", FileKind::Markdown),
            file("docs/refunds.md", FileKind::Markdown),
            file("docs/a.svg", FileKind::Other),
            file("docs/b.svg", FileKind::Other),
            file("docs/lost.png", FileKind::Other),
        ],
    }
}

fn docs() -> DocsSite {
    let planned = |file, source: &str, folder: &str| PlannedPage {
        file,
        source: source.into(),
        path: SitePath::page(&format!("{BASE}/{folder}")),
    };
    let asset = |file, name: &str| DocsAsset {
        file,
        path: SitePath::new(&format!("{BASE}/{name}")),
        look: Default::default(),
    };
    let refunds = SitePath::page(&format!("{BASE}/guides/refunds"));
    let index_links = vec![
        LinkTarget::Site { path: refunds, fragment: Some("by-card".into()) },
        LinkTarget::External("https://example.com/?a=1&b=\"2".into()),
        LinkTarget::Broken,
    ];
    let picture = LinkTarget::Site { path: asset(PICTURE, "a.svg").path, fragment: None };
    let mut refunds_doc = doc(REFUNDS, &["By card"], 1);
    refunds_doc.links[0].kind = LinkKind::Src;
    DocsSite {
        plan: DocsPlan {
            entities: vec![EntityId(1), EntityId(4)],
            title: "Check-out docs".into(),
            pages: vec![planned(INDEX, "index.md", ""), planned(REFUNDS, "refunds.md", "guides/refunds")],
            assets: vec![asset(PICTURE, "a.svg"), asset(EVIL, "b.svg"), asset(FileId(5), "lost.png")],
            ..DocsPlan::of_folder(RepoId(1), DocsSource::Mkdocs, BASE)
        },
        pages: vec![
            DocPage { links: index_links, ..DocPage::new("Home", doc(INDEX, &[], 3).into()) },
            DocPage { links: vec![picture], ..DocPage::new("Refunds", refunds_doc.into()) },
        ],
        nav: vec![
            NavItem::Page { title: "Home".into(), page: 0 },
            NavItem::Section {
                title: "Guides".into(),
                items: vec![
                    NavItem::Page { title: "Refunds".into(), page: 1 },
                    NavItem::Link { title: "Away".into(), url: "https://example.com/".into() },
                ],
            },
        ],
        history: Default::default(),
        order: vec![0, 1],
        home: Some(0),
    }
}

fn span(file: FileId, start: u32) -> Span {
    Span { file, start, end: start, line: start / 10 + 1, column: 1 }
}

fn entity(kind: &str, name: &str, spec: &[(&str, &str)], start: u32) -> Entity {
    let node = |value| Node { span: span(CATALOG, start), tag: None, value };
    let text = |text: &str| node(Value::Scalar(Scalar { text: text.into(), plain: false }));
    let spec = node(Value::Mapping(spec.iter().map(|(key, value)| (text(key), text(value))).collect()));
    Entity {
        entity_ref: EntityRef::new(kind, "default", name),
        api_version: "backstage.io/v1alpha1".into(),
        kind: kind.into(),
        file: CATALOG,
        name_span: span(CATALOG, start),
        document: Span { end: start + 99, ..span(CATALOG, start) },
        metadata: Metadata { name: name.into(), ..Metadata::default() },
        references: Vec::new(),
        root: node(Value::Mapping(vec![(text("spec"), spec)])),
        origin: None,
        inferred_owner: None,
        source: format!("kind: {kind} # <raw>\n").into(),
    }
}

/// Returns a page with so many links of the form `<a HOLE>`.
fn doc(file: FileId, headings: &[&str], n_links: u32) -> Doc {
    let mut body = Vec::new();
    for idx in 0..n_links {
        body.push(Piece::Html("<p><a".into()));
        body.push(Piece::Link(idx));
        body.push(Piece::Html(">x</a></p>".into()));
    }
    let link = || DocLink { kind: LinkKind::Href, target: "x".into(), span: span(file, 0) };
    Doc {
        file,
        key: Default::default(),
        meta_title: None,
        description: None,
        hide: Vec::new(),
        search_exclude: false,
        meta: Vec::new(),
        headings: headings
            .iter()
            .map(|text| Heading {
                level: 2,
                id: text.to_lowercase().replace(' ', "-").into(),
                alias: None,
                text: (*text).into(),
                span: span(file, 0),
            })
            .collect(),
        starts_with_title: false,
        body: body.into(),
        links: (0..n_links).map(|_| link()).collect(),
        anchors: Vec::new(),
        sections: Vec::new().into(),
        counted: None,
        diagnostics: Vec::new(),
    }
}
