//! The files of the search of a small portal.

use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::Value as Json;

use super::count::{Counters, Text};
use super::*;
use crate::model::config::Config;
use crate::model::diagnostic::Span;
use crate::model::doc::{Doc, Heading, Section};
use crate::model::docs_site::{DocPage, DocsPlan, DocsSite, DocsSource, NavItem, PlannedPage};
use crate::model::entity::{Catalog, Entity, EntityId, Metadata, Reference};
use crate::model::entity_ref::EntityRef;
use crate::model::file::{FileId, RepoId};
use crate::model::relation::RelationKind;
use crate::model::yaml::{Node, Scalar, Value};

const SPAN: Span = Span { file: FileId(0), start: 0, end: 0, line: 1, column: 1 };

fn entity(kind: &str, name: &str, title: Option<&str>, owner: Option<&str>, spec: &[(&str, &str)]) -> Entity {
    let node = |value| Node { span: SPAN, tag: None, value };
    let text = |text: &str| node(Value::Scalar(Scalar { text: text.into(), plain: false }));
    let spec = node(Value::Mapping(spec.iter().map(|(key, value)| (text(key), text(value))).collect()));
    Entity {
        entity_ref: EntityRef::new(kind, "default", name),
        api_version: "backstage.io/v1alpha1".into(),
        kind: kind.into(),
        file: FileId(0),
        name_span: SPAN,
        document: SPAN,
        metadata: Metadata {
            name: name.into(),
            title: title.map(Into::into),
            description: Some(format!("What **{name}** is for.").into()),
            ..Metadata::default()
        },
        references: owner
            .map(|owner| Reference {
                field: "owner",
                relation: RelationKind::OwnedBy,
                target: EntityRef::new("group", "default", owner),
                span: SPAN,
            })
            .into_iter()
            .collect(),
        root: node(Value::Mapping(vec![(text("spec"), spec)])),
        origin: None,
        inferred_owner: None,
        source: "".into(),
    }
}

fn page(title: &str, headings: &[(&str, &str)], text: &str) -> DocPage {
    let heading = |level, (id, text): &(&str, &str)| Heading {
        level,
        id: (*id).into(),
        alias: None,
        text: (*text).into(),
        span: SPAN,
    };
    let doc = Doc {
        file: FileId(0),
        key: Default::default(),
        meta_title: None,
        description: None,
        hide: Vec::new(),
        search_exclude: false,
        meta: Vec::new(),
        headings: std::iter::once(heading(1, &("title", title)))
            .chain(headings.iter().map(|of| heading(2, of)))
            .collect(),
        starts_with_title: true,
        body: Vec::new().into(),
        links: Vec::new(),
        anchors: Vec::new(),
        sections: vec![Section { heading: Some(0), text: text.into(), code: "".into() }].into(),
        counted: None,
        diagnostics: Vec::new(),
    };
    DocPage::new(title, doc.into())
}

/// A portal of two entities, an API and a docs site of two pages.
fn site() -> Site {
    let mut config = Config::of_folder("/portal".into());
    config.book.language = "en".to_string();
    let entities = vec![
        entity(
            "API",
            "orders",
            None,
            Some("tills"),
            &[("type", "openapi"), ("definition", "GET /orders/{orderId}")],
        ),
        entity("Component", "checkout", Some("Check-out"), Some("tills"), &[("type", "service")]),
        entity("Group", "tills", Some("Team Tills"), None, &[("type", "team")]),
    ];
    let base = "docs/default/component/checkout";
    let pages = vec![
        page("Check-out", &[], "It takes the money."),
        page("Refunds", &[("by-card", "By card"), ("in-cash", "In cash")], "How refunds are made."),
    ];
    let planned = |file: u32, folder: &str| PlannedPage {
        file: FileId(file),
        source: "x.md".into(),
        path: SitePath::page(&format!("{base}/{folder}")),
    };
    let docs = DocsSite {
        plan: DocsPlan {
            entities: vec![EntityId(1)],
            title: "Check-out docs".into(),
            pages: vec![planned(0, ""), planned(1, "guides/refunds")],
            ..DocsPlan::of_folder(RepoId(1), DocsSource::Mkdocs, base)
        },
        pages,
        nav: vec![
            NavItem::Page { title: "Home".into(), page: 0 },
            NavItem::Section {
                title: "Guides".into(),
                items: vec![NavItem::Page { title: "Refunds".into(), page: 1 }],
            },
        ],
        history: Default::default(),
        order: vec![0, 1],
        home: Some(0),
    };
    Site {
        larder: Default::default(),
        frame_key: Default::default(),
        words: Default::default(),
        key: Default::default(),
        config,
        snapshot: Default::default(),
        catalog: Catalog { relations: vec![Vec::new(); 3], entities, ..Catalog::default() }.into(),
        docs: vec![docs.into()],
        docs_by_entity: vec![None, Some(0), None],
        home: None,
        descriptions: vec![Some("<p>Takes <em>orders</em> &amp; more.</p>".into()), None, None].into(),
        diagnostics: Vec::new(),
    }
}

fn doc_of(site: &mut Site) -> &mut Doc {
    Arc::make_mut(&mut Arc::make_mut(&mut site.docs[0]).pages[0].doc)
}

fn files(site: &Site) -> Vec<(SitePath, Vec<u8>)> {
    let files = super::files(&Memo::default(), site, Want::All);
    files.into_iter().map(|file| (file.path, file.held.unwrap_or_default())).collect()
}

fn file<'f>(files: &'f [(SitePath, Vec<u8>)], prefix: &str) -> &'f str {
    let (_, bytes) = files.iter().find(|(path, _)| path.as_str().starts_with(prefix)).expect("it is written");
    std::str::from_utf8(bytes).unwrap()
}

/// Lists the documents in whose field a word stands.
#[track_caller]
fn check(site: &Site, field: &str, word: &str, expected: Expect) {
    let index: Json = serde_json::from_str(file(&files(site), "search/index-")).unwrap();
    let mut node = &index["index"][field]["root"];
    for c in word.chars() {
        node = &node[c.to_string()];
    }
    let docs: Vec<&str> =
        node["docs"].as_object().map_or(Vec::new(), |docs| docs.keys().map(|key| &**key).collect());
    expected.assert_eq(&docs.join(" "));
}

#[test]
fn documents_are_entities_then_pages() {
    let docs: Json = serde_json::from_str(file(&files(&site()), "search/d/0-")).unwrap();
    let rows: Vec<String> = docs.as_array().unwrap().iter().map(Json::to_string).collect();
    expect![[r#"
        ["catalog/default/api/orders/","orders","API · openapi · Team Tills","api","api","Takes orders & more."]
        ["catalog/default/component/checkout/","Check-out","Component · service · Team Tills","component","entity","What **checkout** is for."]
        ["catalog/default/group/tills/","Team Tills","Group · team","group","people","What **tills** is for."]
        ["docs/default/component/checkout/","Check-out docs","Check-out","docs","doc","It takes the money."]
        ["docs/default/component/checkout/guides/refunds/","Refunds","Check-out docs › Guides","docs","doc","How refunds are made.",[["by-card","By card"],["in-cash","In cash"]]]"#]]
    .assert_eq(&rows.join("\n"));
}

#[test]
fn words_stand_in_their_field() {
    let site = site();
    check(&site, "title", "checkout", expect!["1"]);
    check(&site, "title", "check", expect!["1 3"]);
    check(&site, "title", "refund", expect!["4"]);
    check(&site, "headings", "cash", expect!["4"]);
    check(&site, "tags", "tills", expect![""]);
    check(&site, "tags", "till", expect!["0 1"]);
    check(&site, "tags", "team", expect!["0 1 2"]);
    check(&site, "tags", "guid", expect!["4"]);
    check(&site, "body", "orderid", expect!["0"]);
    check(&site, "body", "money", expect!["3"]);
    check(&site, "body", "the", expect![""]);
}

#[test]
fn the_manifest_names_the_other_files() {
    let files = files(&site());
    let names: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let manifest: Json = serde_json::from_str(file(&files, "search/manifest.json")).unwrap();
    assert_eq!((&manifest["n"], &manifest["entities"]), (&5.into(), &3.into()));
    let text = |key: &str, part: &str| manifest[key][part].as_str().unwrap().to_string();
    for name in [
        format!("search/t/{}.json", text("terms", "hash")),
        format!("search/d/0-{}.json", text("docs", "hash")),
        format!("search/e/0-{}.json", text("entity", "hash")),
        format!("search/w/{}.json", manifest["words"].as_str().unwrap()),
        format!("search/index-{}.json", manifest["plain"].as_str().unwrap()),
        "search/files.js".to_string(),
    ] {
        assert!(names.contains(&&*name), "{name} is not among {names:?}");
    }
    assert_eq!(names.len(), 7);
    assert_eq!(text("terms", "from"), "");
}

#[test]
fn names_come_in_columns() {
    expect![[r##"{"kinds":[["API","api",1],["Component","component",1],["Group","group",1]],"names":["#orders","#checkout","#tills"],"titles":["","Check-out","Team Tills"],"namespace":{"of":["#default"],"at":[0,0,0]},"type":{"of":["#openapi","#service","#team"],"at":[0,1,2]},"lifecycle":{"of":[],"at":[]},"owner":{"of":["#group:default/tills"],"at":[0,0,-1]},"system":{"of":[],"at":[]},"tag":{"of":[],"at":[[],[],[]]},"ranges":{"apis":0,"n":[2],"entity":[1],"base":[""]}}"##]].assert_eq(file(&files(&site()), "search/e/0-"));
    expect![[r##"{"words":"#check (-out (out #docs #orders $ut #refunds #team $ills"}"##]]
        .assert_eq(file(&files(&site()), "search/w/"));
}

#[test]
fn counted_pages_are_indexed_alike() {
    let mut site = site();
    let with_texts = files(&site);
    let counters = Counters::default();
    for docs in &mut site.docs {
        for page in &mut Arc::make_mut(docs).pages {
            counters.count(&site.config, std::slice::from_mut(&mut page.doc), Text::Dropped);
            assert!(page.doc.sections.get().is_empty());
        }
    }
    site.words = counters.into_words().into();
    assert!(files(&site) == with_texts);
}

#[test]
fn a_page_may_stay_out() {
    let mut site = site();
    doc_of(&mut site).search_exclude = true;
    check(&site, "body", "money", expect![""]);
    check(&site, "title", "refund", expect!["3"]);
}

#[test]
fn breadcrumbs_are_those_of_the_navigation() {
    #[track_caller]
    fn check(nav: Vec<NavItem>, expected: &str) {
        let mut site = site();
        Arc::make_mut(&mut site.docs[0]).nav = nav;
        let docs: Json = serde_json::from_str(file(&files(&site), "search/d/0-")).unwrap();
        assert_eq!(docs[4][2], expected);
    }
    let page = |page| NavItem::Page { title: "x".into(), page };
    let section = |title: &str, items| NavItem::Section { title: title.into(), items };
    check(Vec::new(), "Check-out docs");
    check(vec![section("A", vec![page(0)]), page(1)], "Check-out docs");
    check(vec![section("A", vec![section("B", vec![page(1)])])], "Check-out docs › A › B");
    check(vec![section("A", vec![page(1)]), section("B", vec![page(1), page(9)])], "Check-out docs › A");
}

#[test]
fn a_name_changes_with_what_is_indexed() {
    let name = |site: &Site| {
        super::files(&Memo::default(), site, Want::All)
            .iter()
            .map(|file| file.path.to_string())
            .collect::<Vec<_>>()
    };
    let mut changed = site();
    doc_of(&mut changed).sections =
        vec![Section { heading: Some(0), text: "It takes the cash!".into(), code: "".into() }].into();
    assert_eq!(name(&site()), name(&site()));
    assert_ne!(name(&site()), name(&changed));
    doc_of(&mut changed).search_exclude = true;
    let excluded = name(&changed);
    doc_of(&mut changed).search_exclude = false;
    assert_ne!(name(&changed), excluded);
}

#[test]
fn bodies_are_cut() {
    let mut site = site();
    let long = format!("{}zebra", "é ".repeat(50_000));
    doc_of(&mut site).sections =
        vec![Section { heading: Some(0), text: long.into(), code: "".into() }].into();
    check(&site, "body", "zebra", expect![""]);
}
