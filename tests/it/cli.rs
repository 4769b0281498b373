//! The command line as a person meets it: exit codes, help, forms of
//! output, and what happens to folders.

use std::path::Path;
use std::process::{Command, Output};

use expect_test::{Expect, expect};

/// Runs the binary in a folder.
fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(folder)
        .args(args)
        .env_remove("NO_COLOR")
        .env("COLUMNS", "100")
        .output()
        .expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

/// A temporary folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    }
    folder
}

const SERVICE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: pay\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n";

#[track_caller]
fn check_help(args: &[&str], expected: Expect) {
    let folder = folder(&[]);
    let output = run(folder.path(), args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let lines: Vec<String> = stdout(&output).lines().map(|line| format!("{}\n", line.trim_end())).collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn help_of_the_program() {
    check_help(
        &["--help"],
        expect![[r#"
            Build a developer portal from the catalog files and docs that repositories already hold

            Callboard reads Backstage's `catalog-info.yaml` files and TechDocs Markdown from many repositories
            and writes a static site: software catalog, docs, API definitions and search.

            Usage: callboard [OPTIONS] <COMMAND>

            Commands:
              build        Build the site
              serve        Build the site, serve it on this machine and follow changes
              check        Report problems and write nothing
              search       Search the portal as its search box does
              init         Write a `book.toml` and the catalog files that are missing
              import       Write a `book.toml` from a Backstage's `app-config.yaml`
              explain      Explain a diagnostic, or list all of them
              clean        Remove the files that a build wrote
              techdocs     Render docs for an existing Backstage
              completions  Print a completion script for a shell

            Options:
              -q, --quiet
                      Print only errors and what was asked for

              -v, --verbose
                      Print information too, not only warnings and errors

                  --color <WHEN>
                      Colour the output

                      [default: auto]
                      [possible values: auto, always, never]

              -j, --jobs <N>
                      Use this many threads; 0 is one per core

                      [default: 0]

              -h, --help
                      Print help (see a summary with '-h')

              -V, --version
                      Print version
        "#]],
    );
}

#[test]
fn help_of_build() {
    check_help(
        &["build", "--help"],
        expect![[r#"
            Build the site

            Usage: callboard build [OPTIONS] [PATH]

            Arguments:
              [PATH]
                      A portal (a folder with `book.toml`), one repository, or a folder of repositories

            Options:
                  --cache-dir <DIR>
                      Keep the cache here instead of in `.callboard` beside `book.toml`

                  --no-cache
                      Make everything anew and remember nothing

                  --no-stat-cache
                      Read every file, even if its size and time say that it is as before

                  --no-git
                      Ask git nothing: docs show no dates and no authors

                  --offline
                      Ask no server for diagrams: those that none has drawn before are shown as their source

              -d, --dest-dir <DIR>
                      Write the site here instead of `build.build-dir`

                  --atomic
                      Exchange the whole folder at once, for a folder that a server reads live

                  --fail-on <SEVERITY>
                      End with exit code 1 when there is a problem this bad

                      [default: never]
                      [possible values: error, warning, never]

                  --explain <PATH>
                      Tell why this file of the site is made anew, or is not

                  --format <FORMAT>
                      Print problems in this form

                      Possible values:
                      - human:  For people, with excerpts
                      - json:   One JSON object a line, on standard output
                      - github: Annotations of GitHub Actions, on standard output
                      - gitlab: GitLab's code quality report, on standard output
                      - sarif:  SARIF 2.1.0, on standard output
                      - junit:  JUnit's XML, on standard output

                      [default: human]

                  --timings
                      Print how long each part and the slowest files took

              -q, --quiet
                      Print only errors and what was asked for

                  --trace <FILE>
                      Write how long each part and each file took, for `chrome://tracing`

              -v, --verbose
                      Print information too, not only warnings and errors

                  --color <WHEN>
                      Colour the output

                      [default: auto]
                      [possible values: auto, always, never]

              -j, --jobs <N>
                      Use this many threads; 0 is one per core

                      [default: 0]

              -h, --help
                      Print help (see a summary with '-h')
        "#]],
    );
}

#[test]
fn wrong_usage_ends_with_2() {
    let folder = folder(&[]);
    for args in [
        &["nonsense"][..],
        &["build", "--no-such-flag"],
        &["build", "no/such/folder"],
        &["explain", "no-such-code"],
    ] {
        let output = run(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).starts_with("error: "), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_build_ends_with_one_line_and_0() {
    let folder = folder(&[("pay/catalog-info.yaml", SERVICE)]);
    let output = run(folder.path(), &["build", "-d", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stderr(&output);
    let last = text.lines().last().unwrap_or("");
    assert!(
        last.starts_with("1 repository, 1 entity, 0 pages, no problems (1 note, shown with -v) in "),
        "{text}"
    );
    assert!(last.ends_with(" s → out"), "{text}");
    assert!(folder.path().join("out/catalog/default/component/pay/index.html").is_file());
}

#[test]
fn check_writes_nothing_and_fails_on_errors() {
    let folder = folder(&[("pay/catalog-info.yaml", &SERVICE.replace("  owner: team-a\n", ""))]);
    let output = run(folder.path(), &["check", "--color", "never"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("pay/catalog-info.yaml:"), "{}", stderr(&output));
    let entries = std::fs::read_dir(folder.path()).expect("the folder is there").count();
    assert_eq!(entries, 1, "check wrote something");
    let output = run(folder.path(), &["check", "--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0));
    let output = run(folder.path(), &["build", "-d", "out", "--fail-on", "error"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(folder.path().join("out/index.html").is_file(), "the site is built all the same");
}

#[test]
fn json_is_one_object_a_line_on_standard_output() {
    let folder = folder(&[("pay/catalog-info.yaml", &SERVICE.replace("  owner: team-a\n", ""))]);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let text = stdout(&output);
    assert!(!text.is_empty());
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        for key in ["code", "severity", "message", "repo", "file", "line", "column"] {
            assert!(object.get(key).is_some(), "`{key}` is missing: {line}");
        }
    }
}

#[test]
fn timings_list_the_parts_and_the_slowest_files() {
    let folder = folder(&[("pay/catalog-info.yaml", SERVICE), ("pay/README.md", "# Pay\n")]);
    let output = run(folder.path(), &["build", "pay", "-d", "out", "-q", "--timings"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stderr(&output);
    let mut lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let parts: Vec<&str> = lines.by_ref().map(|words| words[0]).take_while(|part| *part != "all").collect();
    assert_eq!(parts, ["discover", "read", "docs", "link", "render"], "{text}");
    let files: Vec<Vec<&str>> = lines.collect();
    assert_eq!(files.len(), 10, "{text}");
    for words in files {
        assert!(matches!(words[0], "parse" | "render") && words[2] == "ms" && words.len() == 4, "{words:?}");
        assert!(words[1].parse::<f64>().is_ok(), "{words:?}");
    }
}

#[test]
fn a_trace_is_for_chrome() {
    let docs = "  name: pay\n  annotations: {backstage.io/techdocs-ref: 'dir:.'}\n";
    let folder = folder(&[
        ("pay/catalog-info.yaml", &SERVICE.replace("  name: pay\n", docs)),
        ("pay/docs/index.md", "# Pay\n"),
    ]);
    for command in [
        &["build", "pay", "-d", "out", "--trace", "sub/trace.json"][..],
        &["check", "pay", "--trace", "sub/trace.json"],
    ] {
        let output = run(folder.path(), command);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = std::fs::read_to_string(folder.path().join("sub/trace.json")).expect("it was written");
        let trace: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        let events = trace["traceEvents"].as_array().expect("it lists events");
        for event in events.iter().filter(|event| event["ph"] != "M") {
            assert_eq!(event["ph"], "X");
            let has = |key: &str| event[key].is_f64() || event[key].is_u64();
            assert!(["ts", "dur", "pid", "tid"].into_iter().all(has), "{event}");
        }
        let named = |room: &str, name: &str| {
            events.iter().any(|event| {
                event["cat"] == room && event["name"].as_str().is_some_and(|shown| shown.ends_with(name))
            })
        };
        assert!(
            named("room", "render") && named("parse", "docs/index.md") && named("render", "index.html"),
            "{text}"
        );
    }
}

#[test]
fn github_annotations_cannot_be_forged() {
    let evil = SERVICE.replace("name: pay", "name: \"x\\n::add-mask::y\"");
    let folder = folder(&[("pay/catalog-info.yaml", &evil)]);
    let output = run(folder.path(), &["check", "--format", "github"]);
    let text = stdout(&output);
    assert!(!text.is_empty());
    for line in text.lines() {
        let is_ours = ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start));
        assert!(is_ours, "{line}");
    }
}

#[test]
fn a_foreign_folder_is_refused_untouched() {
    let folder = folder(&[("pay/catalog-info.yaml", SERVICE), ("out/thesis.txt", "years of work")]);
    let output = run(folder.path(), &["build", "pay", "-d", "out"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let entries = std::fs::read_dir(folder.path().join("out")).expect("the folder is there").count();
    assert_eq!(entries, 1, "something was written beside the foreign file");
}

#[test]
fn an_output_that_is_or_holds_a_source_is_refused() {
    let folder = folder(&[("pay/catalog-info.yaml", SERVICE)]);
    for output in ["pay", "."] {
        let output = run(folder.path(), &["build", "pay", "-d", output]);
        assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read_dir(folder.path().join("pay")).expect("it is there").count(), 1);
}

#[test]
fn clean_removes_our_files_and_no_others() {
    let folder = folder(&[("pay/catalog-info.yaml", SERVICE)]);
    run(folder.path(), &["build", "pay", "-d", "out"]);
    std::fs::write(folder.path().join("out/CNAME"), "docs.example").expect("it can be written");
    let output = run(folder.path(), &["clean", "pay", "-d", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let left: Vec<_> = std::fs::read_dir(folder.path().join("out")).expect("it is there").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn init_writes_what_is_missing_and_never_overwrites() {
    let folder = folder(&[
        ("pay/main.go", "package main"),
        ("pay/docs/index.md", "# Pay\n"),
        ("pay/CODEOWNERS", "* @acme/team-pay\n"),
        ("shop/catalog-info.yaml", &SERVICE.replace("name: pay", "name: shop")),
    ]);
    let output = run(folder.path(), &["init", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let descriptor =
        std::fs::read_to_string(folder.path().join("pay/catalog-info.yaml")).expect("it was written");
    expect![[r#"
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: pay
          annotations:
            backstage.io/techdocs-ref: dir:.
        spec:
          type: service
          lifecycle: production
          owner: group:default/team-pay
    "#]]
    .assert_eq(&descriptor);
    let portal = std::fs::read_to_string(folder.path().join("book.toml")).expect("it was written");
    assert!(portal.contains("path = \"*\""), "{portal}");

    let again = run(folder.path(), &["init", "--yes"]);
    assert!(stdout(&again).starts_with("nothing to do"), "{}", stdout(&again));
    let check = run(folder.path(), &["check"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
}

#[test]
fn explain_knows_every_code_and_suggests() {
    let folder = folder(&[]);
    for code in callboard::model::codes::all() {
        let output = run(folder.path(), &["explain", code.id]);
        assert!(stdout(&output).starts_with(code.id), "{}", stdout(&output));
    }
    let output = run(folder.path(), &["explain", "unknown-kee"]);
    assert!(stderr(&output).contains("did you mean `unknown-key`?"), "{}", stderr(&output));
}

#[test]
fn completions_name_the_commands() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(folder.path(), &["completions", shell]);
        assert!(stdout(&output).contains("explain"), "{shell}");
    }
}

const BACKSTAGE: &str = "app:\n  title: Acme ${STAGE:-Portal}\n  baseUrl: http://localhost:3000\norganization:\n  name: ${ORG}\nbackend:\n  database: {password: s3cret}\nintegrations:\n  github:\n    - host: github.com\n      token: ${GITHUB_TOKEN}\n    - host: code.acme.example\n      token: ghp_s3cret\ncatalog:\n  import: {entityFilename: x.yaml}\n  rules:\n    - allow: [Component, System, {kind: API, spec.type: openapi}]\n  locations:\n    - type: file\n      target: ../../examples/all.yaml\n    - type: url\n      target: https://ann:s3cret@github.com/acme/pay/blob/main/catalog-info.yaml\n    - type: url\n      target: https://github.com/acme/org/tree/trunk/teams/all.yaml\n      rules: [{allow: [Group, User]}]\n    - {type: other, target: x}\n  providers:\n    github:\n      all: {organization: acme, catalogPath: /.backstage/*.yaml, filters: {branch: main}}\n    githubOrg: {id: x}\n";

#[test]
fn an_app_config_becomes_a_book() {
    let overlay = "app: {baseUrl: 'https://portal.acme.example'}\norganization: {name: Acme}\n";
    let folder = folder(&[
        ("bs/app-config.yaml", BACKSTAGE),
        ("bs/app-config.production.yaml", overlay),
        ("bs/packages/backend/package.json", "{}"),
        ("bs/examples/all.yaml", SERVICE),
    ]);
    let files = ["import", "bs/app-config.yaml", "bs/app-config.production.yaml", "-d", "."];
    let output = run(folder.path(), &files);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let book = std::fs::read_to_string(folder.path().join("book.toml")).expect("it was written");
    let shown = format!("{book}----\n{}", stdout(&output));
    assert!(!shown.contains("s3cret"), "{shown}");
    expect![[r#"
        [book]
        title = "Acme Portal"

        [portal]
        organization = "Acme"
        base-url = "https://portal.acme.example/"

        # As in Backstage, only what Locations lead to is in the catalog. Without
        # this, every file that holds an entity is.
        [catalog]
        discovery = "locations"
        allow = ["Component", "System", "API"]

        [[source]]
        path = "bs"
        catalog = ["examples/all.yaml"]

        [[source]]
        path = "repos/pay"
        url = "https://github.com/acme/pay"
        catalog = ["catalog-info.yaml"]

        [[source]]
        path = "repos/org"
        url = "https://github.com/acme/org"
        ref = "trunk"
        catalog = ["teams/all.yaml"]
        allow = ["Component", "System", "API", "Group", "User"]

        [[source]]
        path = "repos/acme/*"
        url = "https://github.com/acme/{name}"
        catalog = [".backstage/*.yaml"]
        ----
        wrote book.toml

        to do:
          check out the repositories of `acme` at `github.com` into `repos/acme/`
          for what `catalog.providers.githubOrg` brings, save a running Backstage's `/api/catalog/entities` and add it: `[[source]]` with `entities = "entities.json"`
          check out `https://github.com/acme/pay` into `repos/pay`
          check out `https://github.com/acme/org` into `repos/org`

        not carried over:
          `catalog.rules`: kinds are allowed as a whole, not by their type
          `catalog.locations[3]`: only `file` and `url` are read
          `catalog.providers.github.filters`: every repository that is checked out counts
          `catalog.providers.githubOrg`: nothing is fetched
          `catalog.import`: there is nothing like it
          `integrations.github`: the host `code.acme.example` is not known by its name, so links to files lead to the repository
          `integrations`: tokens and keys, since nothing is fetched
          `backend`: there is no server
    "#]].assert_eq(&shown);
    let output = run(folder.path(), &["check", "--format", "json", "--fail-on", "never"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let again = run(folder.path(), &files);
    assert_eq!(again.status.code(), Some(2), "an existing file is kept: {}", stderr(&again));
}

/// A portal with an error, a warning and a note.
fn with_problems() -> tempfile::TempDir {
    let pay = SERVICE.replace("owner: team-a", "owner: team-a\n  system: component:x");
    folder(&[
        ("book.toml", "[portal]\n[[source]]\npath = \"re po/*\"\n"),
        ("re po/pay/catalog-info.yaml", &pay),
        ("re po/pay/b.yaml", &SERVICE.replace("name: pay", "name: -bad<&").replace("team-a", "team-b")),
        ("re po/ok/catalog-info.yaml", &SERVICE.replace("name: pay", "name: fine")),
    ])
}

fn reported(folder: &Path, args: &[&str]) -> String {
    let args = [&["check", "--fail-on", "never"], args].concat();
    let output = run(folder, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

#[test]
fn problems_have_a_form_for_every_host() {
    let folder = with_problems();
    let gitlab: serde_json::Value =
        serde_json::from_str(&reported(folder.path(), &["--format", "gitlab"])).expect("it is JSON");
    let issue = &gitlab.as_array().expect("a list")[0];
    assert_eq!(issue["location"]["path"], "re po/ok/catalog-info.yaml");
    let sarif: serde_json::Value =
        serde_json::from_str(&reported(folder.path(), &["--format", "sarif"])).expect("it is JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let levels: Vec<&str> = results.iter().filter_map(|result| result["level"].as_str()).collect();
    assert!(["error", "warning", "note"].iter().all(|level| levels.contains(level)), "{levels:?}");
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "re%20po/ok/catalog-info.yaml");
    let junit = reported(folder.path(), &["--format", "junit"]);
    assert!(junit.contains("<testsuite name=\"ok\" tests=\"1\" failures=\"0\""), "{junit}");
    assert!(junit.contains("`-bad&lt;&amp;`"), "{junit}");
}

#[test]
fn problems_are_selected_by_repository_owner_and_baseline() {
    let folder = with_problems();
    let n = |args: &[&str]| reported(folder.path(), &[&["--format", "json"], args].concat()).lines().count();
    let all = n(&[]);
    assert_eq!(n(&["--repo", "ok"]), 1);
    assert_eq!(n(&["--repo", "ok", "--repo", "pay"]), all);
    assert!((1..all).contains(&n(&["--owner", "team-b"])));
    assert_eq!(n(&["--owner", "user:nobody"]), 0);
    assert_eq!(run(folder.path(), &["check", "--repo", "none"]).status.code(), Some(2));
    std::fs::write(folder.path().join("known.json"), reported(folder.path(), &["--format", "json"]))
        .expect("files can be written");
    assert_eq!(n(&["--baseline", "known.json"]), 0);
    let output = run(folder.path(), &["check", "--baseline", "known.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let moved = format!("# moved\n{}", SERVICE.replace("name: pay", "name: -worse"));
    std::fs::write(folder.path().join("re po/pay/c.yaml"), moved).expect("files can be written");
    assert_eq!(run(folder.path(), &["check", "--baseline", "known.json"]).status.code(), Some(1));
    assert_eq!(run(folder.path(), &["check", "--baseline", "none.json"]).status.code(), Some(2));
}

#[test]
fn search_prints_what_it_finds() {
    let book = "[book]\ntitle = \"x\"\n[portal]\nbase-url = \"https://x.example/y/\"\n[[source]]\npath = \"repos/*\"\n";
    let folder = folder(&[
        ("book.toml", book),
        ("repos/a/catalog-info.yaml", SERVICE),
        ("repos/a/mkdocs.yml", "site_name: Tills\n"),
        ("repos/a/docs/index.md", "# Home\n"),
        ("repos/a/docs/one.md", "# How to pay\n\nWith coins.\n"),
        ("repos/a/docs/two.md", "# Coins\n\nOne may pay with them.\n"),
    ]);
    let rows = |args: &[&str]| -> Vec<serde_json::Value> {
        let output = run(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output), "", "it says nothing else");
        stdout(&output).lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    };
    let all = rows(&["search", "pay", "--json"]);
    assert_eq!(all.len(), 4, "the entity and its docs");
    let keys: Vec<&String> = all[0].as_object().expect("it is an object").keys().collect();
    assert_eq!(keys, ["title", "url", "breadcrumb", "group", "teaser", "score"]);
    assert_eq!(all[0]["url"], "https://x.example/y/catalog/default/component/pay/");
    assert_eq!(all[0]["group"], "entity");
    assert!(all.is_sorted_by_key(|row| -row["score"].as_f64().expect("it is a number")));
    assert_eq!(rows(&["search", "pay", "--json", "--limit", "1"]), all[..1]);
    assert_eq!(rows(&["search", "nowhere", "--json"]), [serde_json::Value::Null; 0]);
    let output = run(folder.path(), &["search", "pay", "--limit", "1"]);
    assert_eq!(stdout(&output).lines().count(), 2, "{}", stdout(&output));
    assert!(stderr(&output).contains('4'), "{}", stderr(&output));
}
