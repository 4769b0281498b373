//! The catalog of little portals: each test writes one as a string of
//! `//- repository:path` sections and shows what became of it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use expect_test::{Expect, expect};

use callboard::model::config::Rules;
use callboard::model::diagnostic::{self, Diagnostic};
use callboard::model::entity::Catalog;
use callboard::model::file::{File, FileId, FileKind, RepoId, Snapshot};
use callboard::model::forge::Remote;
use callboard::model::repo::{Repo, SourceRules};
use callboard::{parse, resolve};

struct Portal {
    snapshot: Snapshot,
    catalog: Catalog,
    diags: Vec<Diagnostic>,
}

/// Repositories are called `acme/<name>` on GitHub.
fn portal(text: &str) -> Portal {
    let mut texts = BTreeMap::new();
    for section in text.split("//- ").skip(1) {
        let (head, body) = section.split_once('\n').expect("a section has a first line");
        let (repo, path) = head.split_once(':').expect("a section names `repo:path`");
        texts.insert((repo, path), body);
    }
    let mut snapshot = Snapshot::default();
    for name in std::iter::once("").chain(texts.keys().map(|(repo, _)| *repo)) {
        if snapshot.repos.last().is_none_or(|repo| &*repo.name != name) {
            snapshot.repos.push(Repo {
                name: name.into(),
                root: PathBuf::from("/").join(name),
                remote: Remote::parse(&format!("https://github.com/acme/{name}")),
                git_ref: "main".into(),
                head: None,
                prefix: "".into(),
                rules: SourceRules::default(),
            });
        }
    }
    for ((repo, path), text) in &texts {
        let repo = snapshot.repos.iter().position(|known| &*known.name == *repo).expect("it was just added");
        snapshot.files.push(File {
            repo: RepoId(repo as u32),
            path: (*path).into(),
            kind: FileKind::Yaml,
            size_bytes: text.len() as u64,
        });
    }
    let bodies: Vec<&str> = texts.values().copied().collect();
    let mut diags = Vec::new();
    let documents = (0..bodies.len())
        .flat_map(|idx| parse::descriptor::documents(FileId(idx as u32), bodies[idx].as_bytes(), &mut diags))
        .collect();
    let text = |file: FileId| -> Result<String, String> { Ok(bodies[file.0 as usize].to_string()) };
    let nodes = |file: FileId, text: &str, diags: &mut Vec<Diagnostic>| {
        parse::yaml::documents(file, text, diags).into_iter().map(|document| document.root).collect()
    };
    let files = resolve::catalog::Files { text: &text, nodes: &nodes };
    let catalog = resolve::catalog::catalog(&snapshot, &Rules::default(), documents, &files, &mut diags);
    diagnostic::sort(&mut diags);
    Portal { snapshot, catalog, diags }
}

fn diags_of(portal: &Portal) -> String {
    let mut shown = String::new();
    for diag in &portal.diags {
        let span = diag.span.expect("every diagnostic has a place here");
        let path = &portal.snapshot.file(span.file).path;
        let severity = diag.severity().name();
        writeln!(shown, "{severity} {path}:{}:{} {}", span.line, span.column, diag.message)
            .expect("a string takes everything");
    }
    shown
}

fn entities_of(portal: &Portal) -> String {
    let mut shown = String::new();
    for (idx, entity) in portal.catalog.entities.iter().enumerate() {
        writeln!(shown, "{}", entity.entity_ref).expect("a string takes everything");
        for relation in &portal.catalog.relations[idx] {
            writeln!(shown, "  {} {}", relation.kind.name(), relation.target)
                .expect("a string takes everything");
        }
    }
    shown
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    let portal = portal(text);
    expected.assert_eq(&format!("{}{}", entities_of(&portal), diags_of(&portal)));
}

/// Checks one component with the given lines in its metadata and spec.
#[track_caller]
fn component(metadata: &str, spec: &str, expected: Expect) {
    let text = format!(
        "//- a:c.yaml\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  {metadata}\n\
         spec: {{type: service, lifecycle: production{spec}}}\n"
    );
    expected.assert_eq(&diags_of(&portal(&text)));
}

const HEAD: &str = "apiVersion: backstage.io/v1alpha1\nkind:";

fn group(name: &str, spec: &str) -> String {
    format!("{HEAD} Group\nmetadata: {{name: {name}}}\nspec: {{type: team, {spec}}}\n")
}

#[test]
fn references_are_read_as_backstage_reads_them() {
    component(
        "name: c",
        ", owner: a/b:c",
        expect![[r#"
        info c.yaml:5:53 one owner is not in the catalog: `group:a/b:c`
    "#]],
    );
    component(
        "name: c",
        ", owner: ':x'",
        expect![[r#"
        error c.yaml:5:53 `owner` refers to `:x`, which is not of the form `[<kind>:][<namespace>/]<name>`
    "#]],
    );
    component(
        "name: c",
        ", owner: a/",
        expect![[r#"
        error c.yaml:5:53 `owner` refers to `a/`, which is not of the form `[<kind>:][<namespace>/]<name>`
    "#]],
    );
    component(
        "name: c",
        ", owner: 'user:'",
        expect![[r#"
        error c.yaml:5:53 `owner` refers to `user:`, which is not of the form `[<kind>:][<namespace>/]<name>`
    "#]],
    );
    component(
        "name: c",
        ", owner: [g]",
        expect![[r#"
        error c.yaml:5:53 `spec.owner` is a list, expected a text that is not empty
        info c.yaml:5:54 one owner is not in the catalog: `group:default/g`
    "#]],
    );
    component(
        "{name: c, namespace: team}",
        ", owner: Other/G, dependsOn: [x, 'Resource:Y']",
        expect![[r#"
        info c.yaml:5:53 one owner is not in the catalog: `group:other/g`
        error c.yaml:5:74 `dependsOn` refers to `x` without a kind
        info c.yaml:5:77 one reference leads to no entity of the catalog: `resource:team/y`
    "#]],
    );
}

#[test]
fn values_that_break_a_rule_are_reported_where_they_stand() {
    component(
        "name: -a",
        ", owner: component:default/-a",
        expect![[r#"
            error c.yaml:4:9 `metadata.name` is `-a`, expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
            warning c.yaml:5:53 `owner` refers to `component:default/-a`, expected a `group` or `user`
        "#]],
    );
    component(
        &format!("name: {}", "a".repeat(64)),
        ", owner: user:x",
        expect![[r#"
        error c.yaml:4:9 `metadata.name` is `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa`, expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
        info c.yaml:5:53 one owner is not in the catalog: `user:default/x`
    "#]],
    );
    component(
        "{name: c, namespace: Team, tags: [Java, a--b, c++, 5]}",
        ", owner: component:c",
        expect![[r#"
            error c.yaml:4:24 `metadata.namespace` is `Team`, expected lower-case letters and digits separated by `-`, at most 63 characters
            error c.yaml:4:37 `metadata.tags[0]` is `Java`, expected lower-case letters, digits, `:`, `+` and `#`, separated by single `-`, at most 63 characters
            error c.yaml:4:43 `metadata.tags[1]` is `a--b`, expected lower-case letters, digits, `:`, `+` and `#`, separated by single `-`, at most 63 characters
            error c.yaml:4:54 `metadata.tags[3]` is a number (`5`), expected lower-case letters, digits, `:`, `+` and `#`, separated by single `-`, at most 63 characters
            warning c.yaml:5:53 `owner` refers to `component:team/c`, expected a `group` or `user`
        "#]],
    );
    component(
        "{name: c, annotations: {a: true, b/c/d: x}}",
        ", owner: component:c",
        expect![[r#"
            error c.yaml:4:30 `metadata.annotations.a` is a boolean (`true`), expected a text
            error c.yaml:4:36 `metadata.annotations.b/c/d` is not a valid key, expected a name, or a domain, one `/` and a name
            warning c.yaml:5:53 `owner` refers to `component:default/c`, expected a `group` or `user`
        "#]],
    );
    component(
        "{name: c, labels: {a.b.c/key: v, a/b/c: v, d: 'no good'}}",
        ", owner: component:c",
        expect![[r#"
            error c.yaml:4:36 `metadata.labels.a/b/c` is not a valid key, expected a name, or a domain, one `/` and a name
            error c.yaml:4:49 `metadata.labels.d` is `no good`, expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
            warning c.yaml:5:53 `owner` refers to `component:default/c`, expected a `group` or `user`
        "#]],
    );
    component(
        "{name: c, annotations: , title: ''}",
        ", owner: component:c",
        expect![[r#"
            error c.yaml:4:24 `metadata.annotations` is empty, expected a mapping
            error c.yaml:4:35 `metadata.title` is empty, expected a text that is not empty
            warning c.yaml:5:53 `owner` refers to `component:default/c`, expected a `group` or `user`
        "#]],
    );
    component(
        "name: 1.10",
        ", owner: component:1.10",
        expect![[r#"
            error c.yaml:4:9 `metadata.name` is a number (`1.10`), expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
            warning c.yaml:5:53 `owner` refers to `component:default/1.10`, expected a `group` or `user`
        "#]],
    );
    component(
        "name: [x]",
        ", owner: component:c",
        expect![[r#"
        error c.yaml:4:9 `metadata.name` is a list, expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
    "#]],
    );
    component(
        "title: x",
        ", owner: component:c",
        expect![[r#"
        error c.yaml:3:1 `metadata.name` must have a value
    "#]],
    );
    component(
        "name: c",
        "",
        expect![[r#"
        error c.yaml:5:1 `spec.owner` must have a value
    "#]],
    );
    component(
        "name: c",
        ", owner: component:c, system: , providesApis: x",
        expect![[r#"
            warning c.yaml:5:53 `owner` refers to `component:default/c`, expected a `group` or `user`
            error c.yaml:5:72 `spec.system` is empty, expected a text that is not empty
            error c.yaml:5:90 `spec.providesApis` is `x`, expected a list
            info c.yaml:5:90 one reference leads to no entity of the catalog: `api:default/x`
        "#]],
    );
}

#[test]
fn every_kind_has_its_fields() {
    let check = |kind: &str, spec: &str, expected: Expect| {
        let version =
            if kind == "Template" { "scaffolder.backstage.io/v1beta3" } else { "backstage.io/v1alpha1" };
        let text =
            format!("//- a:c.yaml\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: x}}\n{spec}\n");
        expected.assert_eq(&diags_of(&portal(&text)));
    };
    check(
        "Component",
        "",
        expect![[r#"
        error c.yaml:3:18 `spec.lifecycle` must have a value
        error c.yaml:3:18 `spec.owner` must have a value
        error c.yaml:3:18 `spec.type` must have a value
    "#]],
    );
    check(
        "API",
        "spec: {type: x, lifecycle: y, owner: api:x}",
        expect![[r#"
            error c.yaml:4:1 `spec.definition` must have a value
            warning c.yaml:4:38 `owner` refers to `api:default/x`, expected a `group` or `user`
        "#]],
    );
    check(
        "API",
        "spec: {type: x, lifecycle: y, owner: api:x, definition: ''}",
        expect![[r#"
            warning c.yaml:4:38 `owner` refers to `api:default/x`, expected a `group` or `user`
            error c.yaml:4:57 `spec.definition` is empty, expected a text that is not empty
        "#]],
    );
    check(
        "API",
        "spec: {type: mcp-server, lifecycle: y, owner: api:x}",
        expect![[r#"
            error c.yaml:4:1 `spec.remotes` must have a value
            warning c.yaml:4:47 `owner` refers to `api:default/x`, expected a `group` or `user`
        "#]],
    );
    check(
        "API",
        "spec: {type: mcp-server, lifecycle: y, owner: api:x, remotes: []}",
        expect![[r#"
            warning c.yaml:4:47 `owner` refers to `api:default/x`, expected a `group` or `user`
            error c.yaml:4:63 `spec.remotes` is a list, expected at least one item
        "#]],
    );
    check(
        "API",
        "spec: {type: mcp-server, lifecycle: y, owner: api:x, remotes: [{type: x, url: 'https://a.example'}, {}]}",
        expect![[r#"
            warning c.yaml:4:47 `owner` refers to `api:default/x`, expected a `group` or `user`
            error c.yaml:4:101 `spec.remotes[1].type` must have a value
            error c.yaml:4:101 `spec.remotes[1].url` must have a value
        "#]],
    );
    check(
        "Resource",
        "spec: {}",
        expect![[r#"
        error c.yaml:4:1 `spec.owner` must have a value
        error c.yaml:4:1 `spec.type` must have a value
    "#]],
    );
    check(
        "System",
        "spec: {lifecycle: extra}",
        expect![[r#"
        error c.yaml:4:1 `spec.owner` must have a value
    "#]],
    );
    check(
        "Domain",
        "spec: {owner: domain:x}",
        expect![[r#"
        warning c.yaml:4:15 `owner` refers to `domain:default/x`, expected a `group` or `user`
    "#]],
    );
    check(
        "Group",
        "spec: {type: team, profile: {displayName: 1}}",
        expect![[r#"
        error c.yaml:4:1 `spec.children` must have a value
        error c.yaml:4:43 `spec.profile.displayName` is a number (`1`), expected a text that is not empty
    "#]],
    );
    check(
        "User",
        "spec: {profile: x}",
        expect![[r#"
        error c.yaml:4:1 `spec.memberOf` must have a value
        error c.yaml:4:17 `spec.profile` is `x`, expected a mapping
    "#]],
    );
    check("User", "spec: {memberOf: []}", expect![[""]]);
    check(
        "Location",
        "spec: {presence: maybe}",
        expect![[r#"
        error c.yaml:4:18 `spec.presence` is `maybe`, expected `required` or `optional`
    "#]],
    );
    check(
        "Location",
        "",
        expect![[r#"
        error c.yaml:3:18 `spec` must have a value
    "#]],
    );
    check(
        "Template",
        "spec: {type: service}",
        expect![[r#"
        error c.yaml:4:1 `spec.steps` must have a value
    "#]],
    );
    check(
        "AiResource",
        "spec: {type: skill, lifecycle: y, owner: airesource:x}",
        expect![[r#"
        warning c.yaml:4:42 `owner` refers to `airesource:default/x`, expected a `group` or `user`
    "#]],
    );
    check(
        "System",
        "spec: x",
        expect![[r#"
        error c.yaml:4:7 `spec` is `x`, expected a mapping
    "#]],
    );
}

#[test]
fn addresses_in_annotations_are_safe() {
    let annotations =
        "{backstage.io/view-url: 'https://a.example', backstage.io/edit-url: 'javascript:alert(1)'}";
    component(
        &format!("{{name: c, annotations: {annotations}}}"),
        ", owner: component:c",
        expect![[r#"
            warning c.yaml:4:50 `backstage.io/view-url` leads to `a.example`, and the repository is at `github.com`; it is left out
            error c.yaml:4:94 `metadata.annotations.backstage.io/edit-url` is `javascript:alert(1)`, which is not safe to link to
            warning c.yaml:5:53 `owner` refers to `component:default/c`, expected a `group` or `user`
        "#]],
    );
}

#[test]
fn what_cannot_be_named_is_left_out() {
    check(
        &format!(
            "//- a:c.yaml\n{HEAD} X\n---\n{HEAD} [X]\nmetadata: {{name: x}}\n---\n{HEAD} X\nmetadata: [x]\n---\n\
             {HEAD} X\nmetadata: {{name: }}\n---\n{HEAD} X\nmetadata: {{name: x, namespace: {{}}}}\n---\n\
             {HEAD} X\nmetadata: {{name: ../..}}\n"
        ),
        expect![[r#"
            x:default/../..
            error c.yaml:2:7 `metadata.name` must have a value
            warning c.yaml:2:7 kind `X` is not known
            error c.yaml:5:7 `kind` is a list, expected letters and digits that begin with a letter, at most 63 characters
            warning c.yaml:9:7 kind `X` is not known
            error c.yaml:10:1 `metadata.name` must have a value
            error c.yaml:10:11 `metadata` is a list, expected a mapping
            warning c.yaml:13:7 kind `X` is not known
            error c.yaml:14:16 `metadata.name` is empty, expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
            warning c.yaml:17:7 kind `X` is not known
            error c.yaml:18:32 `metadata.namespace` is a mapping, expected lower-case letters and digits separated by `-`, at most 63 characters
            warning c.yaml:21:7 kind `X` is not known
            error c.yaml:22:18 `metadata.name` is `../..`, expected letters and digits separated by `-`, `_` or `.`, at most 63 characters
        "#]],
    );
}

#[test]
fn long_chains_and_cycles_end() {
    let link = |n: usize, next: usize| {
        format!("{HEAD} Group\nmetadata: {{name: g{n}}}\nspec: {{type: t, children: [g{next}]}}\n---\n")
    };
    let n = 900;
    let chain: String = (0..n).map(|idx| link(idx, (idx + 1) % n)).collect();
    let portal = portal(&format!("//- a:g.yaml\n{chain}"));
    assert!(diags_of(&portal).contains("`children` leads in a circle"), "{}", diags_of(&portal));
    assert_eq!(portal.diags.len(), 1);
    assert_eq!(portal.catalog.entities.len(), n);
    assert!(portal.catalog.relations.iter().all(|relations| relations.len() == 2));
}

#[test]
fn links_pass_the_filter() {
    let links = "[{url: 'https://a.example', title: A}, {url: 'JaVaScRiPt:alert(1)'}, {url: //evil.example}, \
                 {url: docs/x}, {title: no url}, {url: 'data:text/html,x'}]";
    component(
        &format!("{{name: c, links: {links}}}"),
        ", owner: component:c",
        expect![[r#"
            error c.yaml:4:65 `metadata.links[1].url` is `JaVaScRiPt:alert(1)`, which is not safe to link to
            error c.yaml:4:95 `metadata.links[2].url` is `//evil.example`, expected an absolute address that begins with `https://`
            error c.yaml:4:118 `metadata.links[3].url` is `docs/x`, expected an absolute address that begins with `https://`
            error c.yaml:4:127 `metadata.links[4].url` must have a value
            error c.yaml:4:150 `metadata.links[5].url` is `data:text/html,x`, which is not safe to link to
            warning c.yaml:5:53 `owner` refers to `component:default/c`, expected a `group` or `user`
        "#]],
    );
    let text = format!("//- a:c.yaml\n{HEAD} Component\nmetadata: {{name: c, links: {links}}}\n");
    let links = &portal(&text).catalog.entities[0].metadata.links;
    assert_eq!(links.iter().map(|link| &*link.url).collect::<Vec<_>>(), ["https://a.example"]);
}

#[test]
fn unknown_kinds_and_versions_are_shown() {
    check(
        "//- a:c.yaml\napiVersion: backstage.io/v1alpha1\nkind: component\nmetadata: {name: a}\nspec: {owner: component:c}\n\
         ---\napiVersion: backstage.io/v1\nkind: Component\nmetadata: {name: c}\nfoo: 1\n\
         ---\napiVersion: backstage.io/v1alpha1\nkind: Widget\nmetadata: {name: w}\nspec: {dependsOn: [x]}\n",
        expect![[r#"
            component:default/a
              ownedBy component:default/c
            component:default/c
              ownerOf component:default/a
            widget:default/w
            warning c.yaml:2:7 kind `component` is not known
            warning c.yaml:6:13 apiVersion `backstage.io/v1` of kind `Component` is not known
            error c.yaml:9:1 unknown field `foo`
            warning c.yaml:12:7 kind `Widget` is not known
        "#]],
    );
}

#[test]
fn a_broken_document_keeps_its_siblings() {
    let good = |name: &str| group(name, "children: []");
    check(
        &format!(
            "//- a:c.yaml\n{}---\n{HEAD} Group\nmetadata: {{name: b\n---\n{}---\n",
            good("x"),
            good("y")
        ),
        expect![[r#"
            group:default/x
            group:default/y
            error c.yaml:8:11 invalid YAML: `{` is never closed
        "#]],
    );
    check(
        &format!("//- a:c.yaml\n- apiVersion: backstage.io/v1alpha1\n---\n{}", good("x")),
        expect![[r#"
        group:default/x
    "#]],
    );
}

#[test]
fn substitutions_stay_in_the_portal() {
    let api = |definition: &str| {
        format!(
            "//- a:api/c.yaml\n{HEAD} API\nmetadata: {{name: x}}\nspec: {{type: openapi, lifecycle: l, \
             owner: api:x, definition: {definition}}}\n//- a:api/d.yaml\nopenapi: 3.0.0\n\
             //- a:two.yaml\n- 1\n---\n- 2\n//- b:d.yaml\nother: 1\n"
        )
    };
    let check = |definition: &str, expected: Expect| {
        let portal = portal(&api(definition));
        let text = portal.catalog.entities[0].spec_text("definition").unwrap_or("-").trim_end().to_string();
        expected.assert_eq(&format!("{text}\n{}", diags_of(&portal)));
    };
    check(
        "{$text: ./d.yaml}",
        expect![[r#"
            openapi: 3.0.0
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
        "#]],
    );
    check(
        "{$openapi: d.yaml}",
        expect![[r#"
            openapi: 3.0.0
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
        "#]],
    );
    check(
        "{$text: 'https://github.com/acme/a/blob/main/api/d.yaml'}",
        expect![[r#"
            openapi: 3.0.0
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
        "#]],
    );
    check(
        "{$text: 'https://github.com/acme/b/blob/main/d.yaml'}",
        expect![[r#"
            other: 1
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `spec.definition` is not `openapi`: it has no `openapi` and no `swagger`
        "#]],
    );
    check(
        "{$text: 'https://github.com/acme/a/blob/main/none.yaml'}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$text` cannot bring in `https://github.com/acme/a/blob/main/none.yaml`: source `a` has no file `none.yaml`
        "#]],
    );
    check(
        "{$text: 'https://example.com/d.yaml'}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            warning api/c.yaml:4:71 `$text` names `https://example.com/d.yaml`, which is not in a source of this portal
        "#]],
    );
    check(
        "{$text: 'http://169.254.169.254/x'}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            warning api/c.yaml:4:71 `$text` names `http://169.254.169.254/x`, which is not in a source of this portal
        "#]],
    );
    check(
        "{$text: 'file:///etc/passwd'}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$text` cannot bring in `file:///etc/passwd`: only `https:` addresses are read
        "#]],
    );
    check(
        "{$text: /etc/passwd}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$text` cannot bring in `/etc/passwd`: there is no file `etc/passwd`
        "#]],
    );
    check(
        "{$text: ../../b/d.yaml}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$text` cannot bring in `../../b/d.yaml`: it leads out of the repository
        "#]],
    );
    check(
        "{$text: ./none.yaml}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$text` cannot bring in `./none.yaml`: there is no file `api/none.yaml`
        "#]],
    );
    check(
        "{$text: [x]}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$text` is a list, expected a path relative to this file, or an address
        "#]],
    );
    check(
        "{$yaml: ../two.yaml}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `$yaml` cannot bring in `../two.yaml`: it holds 2 documents, expected one
        "#]],
    );
    check(
        "{$yaml: ./d.yaml}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:71 `spec.definition` is a mapping, expected a text that is not empty
        "#]],
    );
    check(
        "{$ref: ./d.yaml}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:63 `spec.definition` is a mapping, expected a text that is not empty
        "#]],
    );
    check(
        "{$text: ./d.yaml, other: b}",
        expect![[r#"
            -
            warning api/c.yaml:4:44 `owner` refers to `api:default/x`, expected a `group` or `user`
            error api/c.yaml:4:63 `spec.definition` is a mapping, expected a text that is not empty
        "#]],
    );
}

#[test]
fn substitutions_work_in_lists_of_templates() {
    let portal = portal(
        "//- a:t/template.yaml\napiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\n\
         spec:\n  type: service\n  steps:\n  - $yaml: ../steps/fetch.yaml\n  - {id: x, action: y}\n  parameters:\n  \
         - {$ref: x}\n//- a:steps/fetch.yaml\nid: fetch\naction: fetch:template\ninput: {url: ./parts}\n\
         //- a:t/parts/c.yaml\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: real}\n",
    );
    assert_eq!(diags_of(&portal), "");
    let spec = portal.catalog.entities[0].root.get("spec").unwrap().to_json();
    assert_eq!(spec["steps"][0]["id"], "fetch");
    assert_eq!(spec["steps"][1]["id"], "x");
    assert_eq!(spec["parameters"][0]["$ref"], "x");
    assert_eq!(portal.catalog.skeletons, [(RepoId(1), "t/parts".into())]);
}

#[test]
fn reports_of_one_document_are_bounded() {
    let many = "{$text: ./none.yaml},".repeat(1_000);
    let tags = "A,".repeat(1_000);
    let text =
        format!("//- a:c.yaml\n{HEAD} X\nmetadata: {{name: x, tags: [{tags}]}}\nspec: {{a: [{many}]}}\n");
    assert_eq!(portal(&text).diags.len(), 200);
}

#[test]
fn locations_need_their_targets() {
    let location = |spec: &str| {
        format!(
            "//- a:l/l.yaml\n{HEAD} Location\nmetadata: {{name: l}}\nspec: {{{spec}}}\n//- a:l/a/x.yaml\nx\n\
             //- a:l/a/b/catalog-info.yaml\nx\n"
        )
    };
    let check = |spec: &str, expected: Expect| expected.assert_eq(&diags_of(&portal(&location(spec))));
    check("targets: [./a/*.yaml, './**/catalog-info.yaml', a/x.yaml, ../l/a/x.yaml]", expect![[""]]);
    check(
        "target: ./none.yaml",
        expect![[r#"
        error l/l.yaml:4:16 target `./none.yaml` does not exist
    "#]],
    );
    check("target: ./none.yaml, presence: optional", expect![[""]]);
    check(
        "target: './*/y.yaml'",
        expect![[r#"
        error l/l.yaml:4:16 target `./*/y.yaml` matches no file
    "#]],
    );
    check(
        "targets: [./a/, ./a, ../../x.yaml]",
        expect![[r#"
        error l/l.yaml:4:18 target `./a/` ends with `/`, expected a file
        error l/l.yaml:4:24 target `./a` is a folder, expected a file
        error l/l.yaml:4:29 target `../../x.yaml` leads out of the repository
    "#]],
    );
    check("type: url, target: 'https://github.com/acme/a/blob/main/l/a/x.yaml'", expect![[""]]);
    check("type: url, target: 'https://github.com/acme/a/blob/main/**/x.yaml'", expect![[""]]);
    check(
        "type: url, target: 'https://github.com/acme/a/blob/main/none.yaml'",
        expect![[r#"
        error l/l.yaml:4:27 target `https://github.com/acme/a/blob/main/none.yaml` does not exist
    "#]],
    );
    check("type: url, target: 'https://github.com/other/a/blob/main/none.yaml'", expect![[""]]);
    check(
        "target: 'javascript:alert(1)'",
        expect![[r#"
        error l/l.yaml:4:16 target `javascript:alert(1)` is not an address that may be read
    "#]],
    );
    check(
        "target: ./l.yaml",
        expect![[r#"
        warning l/l.yaml:4:16 target `./l.yaml` leads back to the Location that it comes from
    "#]],
    );
    check("", expect![[""]]);
    check(
        "targets: ",
        expect![[r#"
        error l/l.yaml:4:15 `spec.targets` is empty, expected a list
    "#]],
    );
}

#[test]
fn the_first_of_two_wins() {
    let (one, other) = (group("g", "children: []"), group("G", "children: []"));
    check(
        &format!("//- b:x.yaml\n{one}//- a:y.yaml\n{other}"),
        expect![[r#"
        group:default/g
        error x.yaml:3:18 `group:default/g` is already declared in `a`, y.yaml:3; this one is not shown
    "#]],
    );
    check(
        &format!("//- a:y.yaml\n{one}---\n{one}"),
        expect![[r#"
        group:default/g
        error y.yaml:8:18 `group:default/g` is already declared in `a`, y.yaml:3; this one is not shown
    "#]],
    );
}

#[test]
fn relations_have_both_directions() {
    let component = |name: &str, spec: &str| {
        format!(
            "{HEAD} Component\nmetadata: {{name: {name}}}\nspec: {{type: t, lifecycle: l, owner: g, {spec}}}\n---\n"
        )
    };
    check(
        &format!(
            "//- a:c.yaml\n{}{}{}",
            component("a", "dependsOn: [component:b, component:b, resource:none], providesApis: [z, y]"),
            component("b", "dependencyOf: [component:a, component:b], system: s"),
            group("g", "children: []"),
        ),
        expect![[r#"
            component:default/a
              ownedBy group:default/g
              providesApi api:default/y
              providesApi api:default/z
              dependsOn component:default/b
              dependsOn resource:default/none
            component:default/b
              ownedBy group:default/g
              partOf system:default/s
              dependsOn component:default/b
              dependencyOf component:default/a
              dependencyOf component:default/b
            group:default/g
              ownerOf component:default/a
              ownerOf component:default/b
            info c.yaml:4:79 4 references lead to no entity of the catalog: `api:default/y`, `api:default/z`, `resource:default/none`, `system:default/s`
            warning c.yaml:9:69 `dependencyOf` leads in a circle: `component:default/b`
        "#]],
    );
}

#[test]
fn children_and_parents_are_one_edge() {
    let user = format!("{HEAD} User\nmetadata: {{name: u}}\nspec: {{memberOf: [child]}}\n");
    check(
        &format!(
            "//- a:g.yaml\n{}---\n{}---\n{user}",
            group("top", "children: [child]"),
            group("child", "parent: top, children: [], members: [u]"),
        ),
        expect![[r#"
            group:default/child
              childOf group:default/top
              hasMember user:default/u
            group:default/top
              parentOf group:default/child
            user:default/u
              memberOf group:default/child
        "#]],
    );
}

#[test]
fn unknown_owners_are_one_line_for_each_repository() {
    let owned = |name: &str, owner: &str| {
        format!(
            "{HEAD} Component\nmetadata: {{name: {name}}}\nspec: {{type: t, lifecycle: l, owner: {owner}}}\n---\n"
        )
    };
    let text = format!(
        "//- a:c.yaml\n{}{}{}{}//- b:c.yaml\n{}",
        owned("a", "team-chekout"),
        owned("b", "team-chekout"),
        owned("c", "guest"),
        group("team-checkout", "children: []"),
        owned("d", "team-2"),
    );
    let portal = portal(&text);
    expect![[r#"
        info c.yaml:4:38 2 owners are not in the catalog: `group:default/team-chekout` (2 times), `group:default/guest`
        info c.yaml:4:38 one owner is not in the catalog: `group:default/team-2`
    "#]].assert_eq(&diags_of(&portal));
    let help = portal.diags[0].help.as_deref();
    assert_eq!(
        help,
        Some("did you mean `group:default/team-checkout` in place of `group:default/team-chekout`?")
    );
}

#[test]
fn skeletons_are_not_catalog_files() {
    let component = |name: &str| format!("{HEAD} Component\nmetadata: {{name: {name}}}\nspec: {{}}\n");
    let template = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\nspec:\n  \
                    type: x\n  steps:\n  - action: fetch:plain\n    input: {url: ./parts}\n  - action: fetch:template\n    \
                    input: {url: '../shared/${{ parameters.kind }}'}\n";
    let legacy = "apiVersion: backstage.io/v1alpha1\nkind: Template\nmetadata: {name: old}\nspec: {type: x, path: .}\n";
    let portal = portal(&format!(
        "//- a:t/template.yaml\n{template}//- a:t/parts/c.yaml\n{}//- a:t/skeleton/c.yaml\n{}\
         //- a:shared/java/c.yaml\n{{% if x %}}\n{HEAD} X\n//- a:old/template.yaml\n{legacy}\
         //- a:old/{{{{cookiecutter.name}}}}/c.yaml\n{}//- a:app/content/c.yaml\n{}//- a:helm/c.yaml\n{}\
         //- a:helm/d.yaml\n{{% if x %}}\n{HEAD} X\n//- b:skeleton/c.yaml\n{}",
        component("parts"),
        component("skeleton"),
        component("cookie"),
        component("kept-in-content"),
        component("'{{ name }}'"),
        component("kept-without-template"),
    ));
    expect![[r#"
        component:default/kept-in-content
        component:default/kept-without-template
        template:default/old
        template:default/t
    "#]]
    .assert_eq(&entities_of(&portal));
    let notes: String = diags_of(&portal).lines().filter(|line| line.starts_with("info")).collect();
    expect!["info helm/c.yaml:1:1 this looks like a template that was never rendered; it is left outinfo helm/d.yaml:1:1 this looks like a template that was never rendered; it is left out"].assert_eq(&notes);
    let skeletons: Vec<&str> = portal.catalog.skeletons.iter().map(|(_, path)| &**path).collect();
    assert_eq!(skeletons, ["old/{{cookiecutter.name}}", "shared", "t/parts", "t/skeleton"]);
    assert!(portal.catalog.is_skeleton(RepoId(1), "t/parts/deep/x.md"));
    assert!(!portal.catalog.is_skeleton(RepoId(1), "t/template.yaml"));
}

#[test]
fn an_entity_keeps_its_own_text() {
    let portal = portal(
        "//- a:c.yaml\n# Licence.\n---\n# About a.\napiVersion: backstage.io/v1alpha1\nkind: X\nmetadata:\n  name: A\n\n---\n",
    );
    let entity = &portal.catalog.entities[0];
    assert_eq!(
        &*entity.source,
        "# About a.\napiVersion: backstage.io/v1alpha1\nkind: X\nmetadata:\n  name: A"
    );
    assert_eq!((entity.document.line, entity.name_span.line, entity.name_span.column), (3, 7, 9));
    assert_eq!((&*entity.metadata.name, &*entity.entity_ref.name, &*entity.kind), ("A", "a", "X"));
}
