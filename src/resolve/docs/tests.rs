//! Which docs sites there are, and where their pages go.

use expect_test::{Expect, expect};

use super::super::fixture;
use super::*;

/// Shows the plans of a portal whose `mkdocs.yml` and `book.toml`
/// are empty but for those given as (place, `docs_dir`).
fn shown(files: &[&str], entities: &[&str], docs_dirs: &[(&str, &str)], skeletons: &[&str]) -> String {
    let snapshot = fixture::snapshot(files);
    let mut catalog = fixture::catalog(&snapshot, entities);
    for skeleton in skeletons {
        let file = fixture::file(&snapshot, skeleton);
        let file = snapshot.file(file);
        catalog.skeletons.push((file.repo, folder_of(&file.path).into()));
    }
    let is_config =
        |file: &FileId| matches!(snapshot.file(*file).kind, FileKind::Mkdocs | FileKind::BookToml);
    let mut configs: Vec<ReadDocsConfig> = (0..snapshot.files.len() as u32)
        .map(FileId)
        .filter(is_config)
        .map(|file| ReadDocsConfig { file, config: Some(DocsConfig::default()), diagnostics: Vec::new() })
        .collect();
    for (place, docs_dir) in docs_dirs {
        let file = fixture::file(&snapshot, place);
        let read = configs.iter_mut().find(|read| read.file == file).unwrap();
        read.config.as_mut().unwrap().docs_dir = Some(((*docs_dir).into(), Some(Span::of_file(file))));
    }
    let mut diags = Vec::new();
    let plans = plans(&snapshot, &catalog, &configs, &mut diags);
    let mut text = String::new();
    for plan in &plans {
        let entities: Vec<String> =
            plan.entities.iter().map(|id| catalog.entity(*id).entity_ref.to_string()).collect();
        text.push_str(&format!(
            "{} {:?} `{}` [{}]\n",
            plan.base,
            plan.source,
            plan.title,
            entities.join(" ")
        ));
        let repo = &snapshot.repo(plan.repo).name;
        for page in &plan.pages {
            let path = page.path.as_str().strip_prefix(&*plan.base).unwrap();
            text.push_str(&format!("  {repo}:{} {} -> {path}\n", plan.docs_dir, page.source));
        }
        for asset in &plan.assets {
            text.push_str(&format!("  + {}\n", asset.path.as_str().strip_prefix(&*plan.base).unwrap()));
        }
    }
    text + &fixture::said(&snapshot, &diags)
}

#[track_caller]
fn check(files: &[&str], entities: &[&str], expected: Expect) {
    expected.assert_eq(&shown(files, entities, &[], &[]));
}

#[test]
fn the_reference_of_an_entity_is_relative_to_its_descriptor() {
    check(
        &[
            "pay:a/catalog-info.yaml",
            "pay:a/mkdocs.yml",
            "pay:a/docs/index.md",
            "pay:a/docs/Guide/Set%20up.md",
            "pay:a/docs/img/x.PNG",
        ],
        &["component:Pay @ pay:a/catalog-info.yaml techdocs-ref=dir:."],
        expect![[r#"
            docs/default/component/pay Mkdocs `pay` [component:default/pay]
              pay:a/docs Guide/Set up.md -> /Guide/Set up/index.html
              pay:a/docs index.md -> /index.html
              + /img/x.PNG
        "#]],
    );
    check(
        &["pay:a/catalog-info.yaml", "pay:b/mkdocs.yml", "pay:b/docs/index.md"],
        &["component:shop/Pay @ pay:a/catalog-info.yaml techdocs-ref=dir:../b/"],
        expect![[r#"
            docs/shop/component/pay Mkdocs `pay` [component:shop/pay]
              pay:b/docs index.md -> /index.html
        "#]],
    );
}

#[test]
fn references_stay_inside_and_are_understood() {
    let files = ["pay:catalog-info.yaml", "pay:docs/index.md"];
    for value in [
        "dir:../x",
        "dir:/etc",
        "dir:a\\b",
        "url:file:///etc",
        "docs",
        "url:https://github.com/else/where",
        "dir:${{values.x}}",
        "dir:nothing",
    ] {
        let entity = format!("component:pay @ pay:catalog-info.yaml techdocs-ref={value}");
        let said = shown(&files, &[&entity], &[], &[]);
        let expected = match value {
            "dir:../x" | "dir:/etc" | "dir:a\\b" => "catalog-info.yaml: error techdocs-ref-outside",
            "url:file:///etc" | "docs" => "catalog-info.yaml: warning techdocs-ref:",
            "url:https://github.com/else/where" => "catalog-info.yaml: info docs-elsewhere",
            "dir:nothing" => {
                "catalog-info.yaml: warning docs-missing: `component:default/pay` has no docs in `nothing/`"
            }
            _ => "",
        };
        assert!(said.starts_with(expected), "{value}: {said}");
        assert!(!expected.is_empty() || said.is_empty(), "{value}: {said}");
    }
}

#[test]
fn urls_lead_to_repositories_of_the_portal() {
    let files = [
        "docs:handbook/mkdocs.yml",
        "docs:handbook/docs/index.md",
        "pay:catalog-info.yaml",
        "mono@team:docs/index.md",
    ];
    for url in [
        "https://github.com/acme/docs/tree/main/handbook",
        "https://github.com/Acme/docs/blob/main/handbook/mkdocs.yml",
        "https://github.com/acme/docs/tree/feature/handbook/",
        "https://github.com/acme/mono/tree/main/team",
    ] {
        let entity = format!("component:pay @ pay:catalog-info.yaml techdocs-ref=url:{url}");
        let shown = shown(&files, &[&entity], &[], &[]);
        assert!(shown.contains("docs/default/component/pay"), "{url}: {shown}");
    }
}

#[test]
fn a_folder_is_searched_in_order() {
    let all = [
        "r:c.yaml",
        "r:mkdocs.yaml",
        "r:mkdocs.yml",
        "r:book.toml",
        "r:src/a.md",
        "r:docs/b.md",
        "r:README.md",
    ];
    for (n_gone, source) in [(1, "Mkdocs"), (2, "Mkdocs"), (3, "MdBook"), (4, "Folder"), (6, "Readme")] {
        let mut files = vec![all[0]];
        files.extend(&all[n_gone..]);
        let shown = shown(&files, &["component:x @ r:c.yaml techdocs-ref=dir:."], &[], &[]);
        assert!(shown.contains(&format!("docs/default/component/x {source} ")), "{n_gone}: {shown}");
        assert_eq!(shown.contains("two-docs-configs"), n_gone == 1, "{shown}");
    }
}

#[test]
fn several_entities_may_share_a_folder() {
    check(
        &["r:c.yaml", "r:docs/index.md", "r:sub/d.yaml"],
        &[
            "component:b @ r:c.yaml techdocs-ref=dir:.",
            "component:a @ r:sub/d.yaml techdocs-ref=dir:..",
            "system:lent @ r:c.yaml techdocs-entity=component:default/b",
            "system:lost @ r:c.yaml techdocs-entity=component:default/zzz",
            "system:bare @ r:c.yaml techdocs-entity=system:lost",
            "system:odd @ r:c.yaml techdocs-entity=a/",
        ],
        expect![[r#"
            docs/default/component/a Folder `a` [component:default/a component:default/b system:default/lent]
              r:docs index.md -> /index.html
            c.yaml: warning techdocs-entity: `system:lost` has no docs
            c.yaml: warning techdocs-entity: `component:default/zzz` is not in the catalog
            c.yaml: warning techdocs-entity: `a/` is not an entity reference
        "#]],
    );
}

#[test]
fn configurations_that_nobody_claims_are_sites_too() {
    check(
        &[
            "r:catalog-info.yaml",
            "r:mkdocs.yml",
            "r:docs/index.md",
            "r:sub/mkdocs.yml",
            "r:sub/docs/index.md",
            "r:tool/c.yaml",
            "r:tool/mkdocs.yaml",
            "r:tool/docs/index.md",
            "r:skel/mkdocs.yml",
            "r:skel/docs/a.md",
            "r:t/${{x}}/mkdocs.yml",
            "r:t/${{x}}/docs/a.md",
        ],
        &[
            "component:r @ r:catalog-info.yaml techdocs-ref=dir:.",
            "component:tool @ r:tool/c.yaml",
            "api:tool @ r:tool/c.yaml",
        ],
        expect![[r#"
            docs/default/component/r Mkdocs `r` [component:default/r]
              r:docs index.md -> /index.html
            docs/default/component/tool Mkdocs `tool` [component:default/tool]
              r:tool/docs index.md -> /index.html
            docs/default/repository/r--skel Mkdocs `r skel` []
              r:skel/docs a.md -> /a/index.html
            docs/default/repository/r--sub Mkdocs `r sub` []
              r:sub/docs index.md -> /index.html
        "#]],
    );
    expect![[r#"
        docs/default/repository/r Mkdocs `r a` []
          r:a/docs index.md -> /index.html
        docs/default/repository/s--x Mkdocs `s x` []
          s:x/docs a.md -> /a/index.html
        docs/default/repository/s--y Mkdocs `s y` []
          s:y/docs a.md -> /a/index.html
        a/mkdocs.yml: info no-descriptor: repository `r` has docs and no descriptor
        x/mkdocs.yml: info no-descriptor: repository `s` has docs and no descriptor
    "#]]
    .assert_eq(&shown(
        &[
            "r:a/mkdocs.yml",
            "r:a/docs/index.md",
            "r:skel/mkdocs.yml",
            "r:skel/docs/a.md",
            "s:x/mkdocs.yml",
            "s:x/docs/a.md",
            "s:y/mkdocs.yml",
            "s:y/docs/a.md",
        ],
        &[],
        &[],
        &["r:skel/mkdocs.yml"],
    ));
}

#[test]
fn repositories_without_descriptor_have_docs() {
    check(
        &["r:docs/index.md", "r:README.md", "s:readme.md", "t:src/main.rs"],
        &[],
        expect![[r#"
        docs/default/repository/r Folder `r` []
          r:docs index.md -> /index.html
        docs/default/repository/s Readme `s` []
          s: readme.md -> /index.html
        docs/index.md: info no-descriptor: repository `r` has docs and no descriptor
        readme.md: info no-descriptor: repository `s` has docs and no descriptor
    "#]],
    );
}

#[test]
fn docs_dirs_stay_inside() {
    for (docs_dir, expected) in [
        ("../..", "error docs-dir-outside"),
        ("/etc", "error docs-dir-outside"),
        ("nothing", "warning docs-dir-missing"),
        ("pages/", "  r:a/pages index.md -> /index.html"),
        (".", "  r:a pages/index.md -> /pages/index.html"),
    ] {
        let shown =
            shown(&["r:a/mkdocs.yml", "r:a/pages/index.md"], &[], &[("r:a/mkdocs.yml", docs_dir)], &[]);
        assert!(shown.contains(expected), "{docs_dir}: {shown}");
    }
}
