//! Search: the files that a browser reads to search the portal, made
//! when the site is built. `search/manifest.json` names the others, an
//! index in elasticlunr's own form and what is shown of each document.
//!
//! The words of a query go the same way as the words of the index
//! ([`tokens`]), in `search.js`; whoever changes one changes both, and
//! `tests/browser/fixtures/tokens.json` holds them together.

pub mod documents;
pub mod index;
pub mod postings;
pub mod tokens;
pub mod vocabulary;

use serde::Serialize;

use crate::base::hash::hash;
use crate::base::par::{n_threads, par_map};
use crate::model::site::Site;
use crate::model::site_path::SitePath;

use index::Field;
use postings::Postings;

/// Goes into the name of the index, which browsers keep for ever:
/// whoever changes what the same text is indexed as counts this up.
const INDEX_VERSION: u8 = 1;

/// What `search/manifest.json` says.
#[derive(Serialize)]
struct Manifest<'m> {
    version: u32,
    language: &'m str,
    documents: usize,
    fields: Vec<ManifestField>,
    index: &'m str,
    docs: &'m str,
}

#[derive(Serialize)]
struct ManifestField {
    name: &'static str,
    boost: u32,
}

/// The files of search. The index is by far the largest of them, and is
/// made by [`index`] when it is asked for.
pub struct Files {
    pub manifest: (SitePath, Vec<u8>),
    pub documents: (SitePath, Vec<u8>),
    pub index: SitePath,
}

/// Plans the files of search. The index is named after all that goes
/// into it, so that it need not be made to be named.
pub fn files(site: &Site) -> Files {
    let corpus = documents::corpus(site);
    let documents = par_map(&corpus.places, |place| {
        let row = json(&corpus.document(*place));
        (row, hash(&joined(&corpus.texts(*place))).0)
    });
    let mut rows = b"{\"docs\":[".to_vec();
    let mut indexed = vec![INDEX_VERSION];
    for (nth, (row, hash)) in documents.iter().enumerate() {
        if nth > 0 {
            rows.push(b',');
        }
        rows.extend(row);
        indexed.extend(hash);
    }
    rows.extend(b"]}");
    let index_name = format!("index-{}.json", hash(&indexed).short());
    let docs_name = format!("docs-{}.json", hash(&rows).short());
    let manifest = json(&Manifest {
        version: 1,
        language: &site.config.book.language,
        documents: corpus.places.len(),
        fields: Field::ALL
            .into_iter()
            .map(|field| ManifestField { name: field.name(), boost: field.boost() })
            .collect(),
        index: &index_name,
        docs: &docs_name,
    });
    Files {
        manifest: (SitePath::new("search/manifest.json"), manifest),
        documents: (SitePath::new(&format!("search/{docs_name}")), rows),
        index: SitePath::new(&format!("search/{index_name}")),
    }
}

/// Returns the text of a document in one piece, with where it was joined.
fn joined(texts: &documents::Texts<'_>) -> Vec<u8> {
    let mut joined = Vec::new();
    for texts in texts {
        joined.extend((texts.len() as u64).to_le_bytes());
        for text in texts {
            joined.extend((text.len() as u64).to_le_bytes());
            joined.extend(text.as_bytes());
        }
    }
    joined
}

/// Makes the index.
pub fn index(site: &Site) -> Vec<u8> {
    let corpus = documents::corpus(site);
    let places = &corpus.places;
    // The references of documents are their places in the rows, and the
    // index has them in the order of text: 1, 10, 2.
    let mut references: Vec<u32> = (0..places.len() as u32).collect();
    references.sort_by_cached_key(u32::to_string);
    // How the documents are shared out does not show in the index.
    let chunk_len = places.len().div_ceil(n_threads()).max(1);
    let firsts: Vec<usize> = (0..places.len()).step_by(chunk_len).collect();
    let parts: Vec<Postings> = par_map(&firsts, |first| {
        let n_documents = chunk_len.min(places.len() - first);
        postings::postings(*first as u32, n_documents, |nth| {
            corpus.texts(places[references[nth as usize] as usize])
        })
    });
    index::index(&parts, &references)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings, numbers and lists always make JSON")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::{Expect, expect};
    use serde_json::Value as Json;

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

    fn entity(
        kind: &str,
        name: &str,
        title: Option<&str>,
        owner: Option<&str>,
        spec: &[(&str, &str)],
    ) -> Entity {
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
            root: spec.clone(),
            spec,
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
            sections: vec![Section { heading: Some(0), text: text.into() }].into(),
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
            order: vec![0, 1],
            home: Some(0),
        };
        Site {
            key: Default::default(),
            config,
            snapshot: Default::default(),
            catalog: Catalog { relations: vec![Vec::new(); 3], entities, skeletons: Vec::new() }.into(),
            docs: vec![docs.into()],
            docs_by_entity: vec![None, Some(0), None],
            home: None,
            descriptions: vec![Some("<p>Takes <em>orders</em> &amp; more.</p>".into()), None, None],
            diagnostics: Vec::new(),
        }
    }

    fn doc_of(site: &mut Site) -> &mut Doc {
        Arc::make_mut(&mut Arc::make_mut(&mut site.docs[0]).pages[0].doc)
    }

    fn files(site: &Site) -> Vec<(SitePath, Vec<u8>)> {
        let files = super::files(site);
        vec![files.manifest, files.documents, (files.index, index(site))]
    }

    fn file<'f>(files: &'f [(SitePath, Vec<u8>)], prefix: &str) -> &'f str {
        let (_, bytes) =
            files.iter().find(|(path, _)| path.as_str().starts_with(prefix)).expect("it is written");
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
        let docs: Json = serde_json::from_str(file(&files(&site()), "search/docs-")).unwrap();
        let rows: Vec<String> = docs["docs"].as_array().unwrap().iter().map(Json::to_string).collect();
        expect![[r#"
            ["catalog/default/api/orders/","orders","API · openapi · Team Tills","api","api","Takes orders & more.",[]]
            ["catalog/default/component/checkout/","Check-out","Component · service · Team Tills","component","entity","What **checkout** is for.",[]]
            ["catalog/default/group/tills/","Team Tills","Group · team","group","entity","What **tills** is for.",[]]
            ["docs/default/component/checkout/","Check-out docs","Check-out","docs","doc","It takes the money.",[]]
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
        assert_eq!(manifest["documents"], 5);
        for part in ["index", "docs"] {
            let name = format!("search/{}", manifest[part].as_str().unwrap());
            assert!(names.contains(&&*name), "{name} is not among {names:?}");
        }
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
            let docs: Json = serde_json::from_str(file(&files(&site), "search/docs-")).unwrap();
            assert_eq!(docs["docs"][4][2], expected);
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
        let name = |site: &Site| super::files(site).index.to_string();
        let mut changed = site();
        doc_of(&mut changed).sections =
            vec![Section { heading: Some(0), text: "It takes the money!".into() }].into();
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
        doc_of(&mut site).sections = vec![Section { heading: Some(0), text: long.into() }].into();
        check(&site, "body", "zebra", expect![""]);
    }
}
