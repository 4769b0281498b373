//! A portal of bad input: whatever a repository holds, the build ends
//! well, in time and without a panic, tells nothing that lies outside,
//! writes nothing outside, and the repositories beside it are as if they
//! were alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::portal;

const CANARY: &str = "CANARY-7c1f4e";
const SERVICE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: NAME\n  annotations:\n    \
     backstage.io/techdocs-ref: dir:.\nspec:\n  type: service\n  lifecycle: production\n  owner: group:default/clean\n";
/// A hang is a failure, not a test that never ends.
const PATIENCE: Duration = Duration::from_secs(60);

fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
    std::fs::write(path, bytes).expect("files can be written");
}

/// Five repositories without a fault, and one with: the menu has a link
/// to the problems only if there are any.
fn write_clean(root: &Path) {
    write(root, "repos/flawed/catalog-info.yaml", SERVICE.replace("NAME", "flawed") + "\tx: y\n");
    for number in 1..=5 {
        let name = format!("clean-{number}");
        let mut descriptor = SERVICE.replace("NAME", &name);
        if number == 1 {
            descriptor += "---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: clean\nspec:\n  \
                type: team\n  children: []\n---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  \
                name: clean\nspec:\n  type: openapi\n  lifecycle: production\n  owner: clean\n  definition: \"openapi: 3.0.0\"\n";
        }
        write(root, &format!("repos/{name}/catalog-info.yaml"), descriptor);
        write(root, &format!("repos/{name}/mkdocs.yml"), format!("site_name: Clean {number}\n"));
        write(root, &format!("repos/{name}/docs/index.md"), "# Hello\n\n[Next](next.md)\n\n![x](x.svg)\n");
        write(root, &format!("repos/{name}/docs/next.md"), "# Next\n\n```rust\nfn main() {}\n```\n");
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9\"/></svg>";
        write(root, &format!("repos/{name}/docs/x.svg"), svg);
    }
}

fn entity(name: &str, rest: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\n{rest}\nspec:\n  type: x\n  lifecycle: x\n  owner: x\n"
    )
}

fn docs_of(dir: &str) -> String {
    entity("x", &format!("  annotations:\n    backstage.io/techdocs-ref: \"{dir}\""))
}

/// Descriptors that break YAML, the rules of names, or patience.
fn write_bad_catalog(root: &Path) {
    let bomb: String =
        (1..9).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(","))).collect();
    let merges: String = (1..20).map(|n| format!("m{n}: &m{n} {{ <<: [*m{0}, *m{0}] }}\n", n - 1)).collect();
    let nested: String = (0..5_000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    let documents = entity("x", "") + "---\n";
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("tab", b"kind: Component\nmetadata:\n\tname: x\n".to_vec()),
        ("unclosed", entity("\"x", "").into()),
        ("bomb", format!("a0: &a0 x\n{bomb}{}", entity("x", "")).into()),
        ("merge-bomb", format!("m0: &m0 {{ x: y }}\n{merges}{}", entity("x", "")).into()),
        ("self-alias", format!("a: &a [*a]\n{}", entity("x", "")).into()),
        ("flow", ["[".repeat(100_000).into_bytes(), entity("x", "").into()].concat()),
        ("braces", ["{a: ".repeat(50_000).into_bytes(), entity("x", "").into()].concat()),
        ("dashes", ["- ".repeat(50_000).into_bytes(), entity("x", "").into()].concat()),
        ("questions", ["? ".repeat(50_000).into_bytes(), entity("x", "").into()].concat()),
        ("nested", (entity("x", "") + &nested).into()),
        (
            "tag",
            entity("x", "  title: !!python/object/apply:os.system [id]\n  x: !include /etc/passwd").into(),
        ),
        ("binary", entity("x", "  title: !!binary aGVsbG8=").into()),
        (
            "types",
            entity("no", "  title: 0o17\n  description: .nan\n  labels: { on: yes, 1: 2, ? [a] : b }").into(),
        ),
        ("duplicate", entity("x", "  name: y\n  <<: {}\n  <<: {}").into()),
        ("empty", Vec::new()),
        ("comment", b"# backstage.io kind: Component".to_vec()),
        ("dashes-only", b"---\n---\n...\n---".to_vec()),
        ("scalar", b"backstage.io/v1alpha1 kind: x".to_vec()),
        ("list", b"- apiVersion: backstage.io/v1alpha1\n  kind: Component".to_vec()),
        ("documents", documents.repeat(5_000).into()),
        ("keys", (0..50_000).map(|n| format!("k{n}: 1\n")).collect::<String>().into()),
        ("long", (entity("x", "") + &format!("a: \"{}\"\n", "x".repeat(3 << 20))).into()),
        ("long-key", (entity("x", "") + &format!("{}: 1\n", "k".repeat(5_000))).into()),
        ("directive", ("%YAML 9.9\n%TAG ! x\n---\n".to_string() + &entity("x", "")).into()),
        ("cr", entity("cr", "").replace('\n', "\r").into()),
        ("json", ["[".repeat(100_000), "]".repeat(100_000)].concat().into()),
        (
            "surrogate",
            br#"{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"\ud800"}}"#
                .to_vec(),
        ),
        ("invalid", [entity("x", "").as_bytes(), b"  title: \xff\xfe\xc3\x28\n"].concat()),
        ("utf16", utf16(&entity("x", ""))),
        ("nul", entity("a\0b", "").into()),
        ("nul-title", entity("nul-title", "  title: \"a\\0b\\x1b[2J\\u202e\\ufdd0\\n::add-mask::\"").into()),
        ("proto", entity("__proto__", "  labels: { __proto__: constructor }").into()),
        (
            "cycle",
            entity("cycle", "")
                .replace("owner: x", "owner: x\n  dependsOn: [component:cycle]\n  subcomponentOf: cycle")
                .into(),
        ),
        ("tags", entity("tags", &format!("  tags: [{}]", vec!["a"; 40_000].join(","))).into()),
    ];
    for (name, bytes) in cases {
        write(root, &format!("repos/yaml-{name}/catalog-info.yaml"), bytes);
    }
    let long = "n".repeat(300);
    let names = [
        "x/../..",
        "../../x",
        "con",
        "nul",
        "..",
        ".",
        "-",
        "index",
        "search",
        "%2e%2e",
        "a b",
        "<script>",
        "é",
        "\\u0000",
        "\\u001b[2J",
        "\\u202egnp",
        "\\ud83d\\ude00",
        "a\\nb",
        "",
        &long,
        "API",
        "_cb",
        "page",
        "404.html",
    ];
    let all: Vec<String> = names
        .iter()
        .flat_map(|name| {
            ["Component", "Group", "..", "con"].map(|kind| {
                format!(
                    "apiVersion: backstage.io/v1alpha1\nkind: \"{kind}\"\nmetadata:\n  name: \"{name}\"\n  namespace: \"{name}\"\nspec: {{ type: x, owner: \"{name}\", definition: x }}\n"
                )
            })
        })
        .collect();
    write(root, "repos/names/catalog-info.yaml", all.join("---\n"));
    let chain: Vec<String> = (0..3_000)
        .map(|n| {
            entity(&format!("chain-{n}"), "")
                .replace("owner: x", &format!("owner: x\n  subcomponentOf: chain-{}", (n + 1) % 3_000))
        })
        .collect();
    for (idx, part) in chain.chunks(900).enumerate() {
        write(root, &format!("repos/chain/{idx}.yaml"), part.join("---\n"));
    }
    let location = |targets: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: l\nspec:\n  targets: [{targets}]\n"
        )
    };
    write(
        root,
        "repos/locations/a.yaml",
        location(
            "./b.yaml, ./a.yaml, '../../../outside/secret.yaml', /etc/passwd, 'file:///etc/passwd', 'http://127.0.0.1:9/x', './**/*.yaml', '**/../../*'",
        ),
    );
    write(root, "repos/locations/b.yaml", location("./a.yaml, ./b.yaml"));
    let definition = |what: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: {}\nspec:\n  type: openapi\n  lifecycle: x\n  owner: x\n  definition:\n    {what}\n",
            what.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
                .trim_matches('-')
                .chars()
                .take(60)
                .collect::<String>()
        )
    };
    let substitutions = [
        "$text: ../../outside/secret.txt",
        "$text: /etc/passwd",
        "$text: file:///etc/passwd",
        "$text: http://127.0.0.1:9/x",
        "$yaml: ./loop.yaml",
        "$json: ./catalog-info.yaml",
        "$text: ./link.txt",
        "$text: ./folder/secret.txt",
        "$text: ./pipe",
        "$text: [a]",
        "$nothing: x",
        "$text: \"a\\0b\"",
    ];
    write(root, "repos/texts/catalog-info.yaml", substitutions.map(definition).join("---\n"));
    write(root, "repos/texts/loop.yaml", "$yaml: ./loop.yaml\n");
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Docs that point outside, loop, or are too much of something.
fn write_bad_docs(root: &Path, outside: &Path) {
    let outside = outside.to_str().expect("a temporary folder has a UTF-8 name");
    for (idx, dir) in [
        "dir:../../outside",
        "dir:/etc",
        "dir:..",
        "url:file:///etc",
        "dir:link",
        "dir:nowhere",
        "dir:a/../../..",
        "x",
    ]
    .iter()
    .enumerate()
    {
        write(
            root,
            &format!("repos/ref-{idx}/catalog-info.yaml"),
            docs_of(dir).replace("name: x", &format!("name: ref-{idx}")),
        );
    }
    let configs = [
        "docs_dir: ../../outside",
        "docs_dir: /etc",
        "docs_dir: ..",
        "docs_dir: .",
        "docs_dir: [a]",
        "docs_dir: link",
        "INHERIT: ../../outside/secret.yaml",
        "INHERIT: ./mkdocs.yml",
        "nav: [gone.md, ../../../outside/secret.md, {x: {y: z}}, {a: [{b: [{c: d.md}]}]}, null, 1, /etc/passwd]",
        "nav: !!python/object/apply:os.system [id]",
        "site_name: !ENV [HOME, x]\nextra: { x: !ENV CANARY_TOKEN }",
        "hooks: [hook.py]\nplugins: [exec, {macros: {module_name: hook}}]\ntheme: {custom_dir: ../../outside}",
        "exclude_docs: |\n  **/**/**/**/**/**/**/**/*a*a*a*a*a*a*b",
        "nav: [[[[[[[[[[[[[[[[[[[[a.md]]]]]]]]]]]]]]]]]]]]",
        "\t",
        "nav: '!include ../../outside/mkdocs.yml'",
        "plugins: [monorepo]\nnav: [{a: '!include ./mkdocs.yml'}]",
    ];
    for (idx, config) in configs.iter().enumerate() {
        let site_name = if config.contains("site_name") { "" } else { "site_name: x\n" };
        write(root, &format!("repos/config-{idx}/mkdocs.yml"), format!("{site_name}{config}\n"));
        write(root, &format!("repos/config-{idx}/docs/index.md"), "# x\n");
        write(root, &format!("repos/config-{idx}/hook.py"), format!("open('{outside}/ran', 'w')"));
    }
    let includes = format!(
        "--8<-- \"../../../outside/secret.md\"\n\n--8<-- \"{outside}/secret.md\"\n\n--8<-- \"index.md\"\n\n--8<-- \"link.md\"\n\n{{{{#include ../../../outside/secret.md}}}}\n\n\
         ![x](../../../outside/secret.png) ![x](link.png) ![x](folder/secret.png) [x](../../../outside/secret.md) ![x]({outside}/secret.png) ![x](%2e%2e/%2e%2e/%2e%2e/outside/secret.png)\n\n\
         {{% include \"../../../outside/secret.md\" %}} ```plantuml\n!include {outside}/secret.md\n```\n"
    );
    write(
        root,
        "repos/includes/mkdocs.yml",
        "site_name: x\nmarkdown_extensions: [pymdownx.snippets: {base_path: [/, ../..], url_download: true}]\n",
    );
    write(root, "repos/includes/docs/index.md", &includes);
    write(
        root,
        "repos/includes/book.toml",
        "[book]\ntitle = \"x\"\nsrc = \"../../outside\"\n[preprocessor.x]\ncommand = \"touch ran\"\n",
    );
    write(root, "repos/book/book.toml", "[book]\ntitle = [\n");
    write(
        root,
        "repos/book/src/SUMMARY.md",
        "- [a](../../../outside/secret.md)\n- [b](/etc/passwd)\n- [c](gone.md)\n",
    );
    let cells = |n: usize| format!("|a|b|\n|-|-|\n{}", "|1|2|\n".repeat(n));
    let pages: Vec<(&str, Vec<u8>)> = vec![
        ("quotes", "> ".repeat(100_000).into()),
        ("bullets", "- ".repeat(30_000).into()),
        ("line", "a ".repeat(5 << 20).into()),
        ("headings", "# a\n".repeat(50_000).into()),
        ("table", cells(1_000_000).into()),
        ("columns", format!("{}\n{}\n", "|a".repeat(10_000), "|-".repeat(10_000)).into()),
        ("divs", "<div>".repeat(40_000).into()),
        ("code", format!("```js\n{}\n```", "x".repeat(1 << 20)).into()),
        ("code-lines", format!("```js\n{}```", "let a = /x/;\n".repeat(100_000)).into()),
        ("emphasis", "*a **a ".repeat(32_500).into()),
        ("links", "[a](".repeat(50_000).into()),
        ("comments", "<!--".repeat(100_000).into()),
        ("title", format!("# {}\n", "t".repeat(1 << 20)).into()),
        ("footnotes", ("[^1]".repeat(20_000) + "\n\n[^1]: a\n").into()),
        ("front-matter", format!("---\ntitle: [a\n{}", "x: y\n".repeat(100_000)).into()),
        ("front-list", b"---\ntitle: [a, b]\ndescription: {a: b}\nhide: x\n---\n# x\n".to_vec()),
        ("empty", Vec::new()),
        ("nul", b"\0\0# a\0b\n".to_vec()),
        ("invalid", b"# \xff\xfe\xc3\x28\n".to_vec()),
        ("utf16", utf16("# x\n")),
        ("utf16-cut", b"\xff\xfe\x00".to_vec()),
        ("controls", "# \u{1b}[2J\u{202e}\u{7}\r\n\u{fdd0}\u{fffe}\u{feff}".into()),
        ("zalgo", format!("# a{}\n", "\u{301}".repeat(10_000)).into()),
        ("con", b"# x".to_vec()),
        ("README", b"# x".to_vec()),
        ("readme", b"# x".to_vec()),
        (
            "index",
            b"# x [a](con.md) [b](..) [c](../) [d](%00) [e](%ff.md) [f](//x) [g](?) [h](#%zz)".to_vec(),
        ),
    ];
    write(root, "repos/pages/mkdocs.yml", "site_name: x\n");
    for (name, bytes) in pages {
        write(root, &format!("repos/pages/docs/{name}.md"), bytes);
    }
    let deep = vec!["d"; 200].join("/");
    write(root, &format!("repos/pages/docs/{deep}/x.md"), "# x");
    write(root, &format!("repos/pages/docs/{}.md", "x".repeat(250)), "# x");
    write(root, "repos/pages/docs/picture.png", "<!doctype html><script>alert(1)</script>");
    write(root, "repos/pages/docs/huge.png", vec![0; 11 << 20]);
    write(root, "repos/pages/docs/.env", CANARY);
    write(root, "repos/pages/docs/id_rsa", CANARY);
}

/// Links of every kind, pipes, and names that are no text.
#[cfg(unix)]
fn write_bad_files(root: &Path, outside: &Path) {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    let repos = root.join("repos");
    let link = |to: &Path, at: &str| {
        let at = repos.join(at);
        std::fs::create_dir_all(at.parent().expect("it has a folder")).expect("folders can be made");
        symlink(to, at).expect("links can be made");
    };
    link(&repos, "texts/up");
    link(&outside.join("secret.txt"), "texts/link.txt");
    link(outside, "texts/folder");
    link(outside, "ref-4/link");
    link(outside, "config-5/link");
    link(&outside.join("secret.md"), "includes/docs/link.md");
    link(&outside.join("secret.png"), "includes/docs/link.png");
    link(outside, "includes/docs/folder");
    link(&outside.join("secret.yaml"), "includes/catalog-info.yaml");
    link(Path::new("b"), "loops/a");
    link(Path::new("a"), "loops/b");
    link(Path::new("."), "loops/docs/self");
    link(Path::new("/proc/self/environ"), "loops/docs/environ.md");
    link(Path::new("/dev/zero"), "loops/docs/zero.md");
    link(Path::new("gone"), "loops/docs/gone.md");
    link(Path::new("mkdocs-real.yml"), "loops/mkdocs.yml");
    for pipe in ["texts/pipe", "pages/docs/pipe.md", "pages/docs/pipe.png", "loops/pipe.yaml"] {
        let status = Command::new("mkfifo").arg(repos.join(pipe)).status().expect("mkfifo runs");
        assert!(status.success());
    }
    for name in [
        &b"\xff\xfe.md"[..],
        b"a\nb.md",
        b"a\\b.md",
        b"<script>.md",
        b"-rf.md",
        b"a#b?c%2e.md",
        b"\x1b[2J.md",
    ] {
        std::fs::write(repos.join("pages/docs").join(OsStr::from_bytes(name)), "# x")
            .expect("files can be written");
    }
    write(root, "repos/locked/catalog-info.yaml", entity("locked", ""));
    write(root, "repos/locked/docs/x.md", "# x");
    for path in ["locked/catalog-info.yaml", "locked/docs"] {
        let permissions = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(repos.join(path), permissions).expect("permissions can be set");
    }
    write(root, "repos/git/.git/HEAD", [0xff; 5000]);
    write(
        root,
        "repos/git/.git/config",
        "[remote \"origin\"]\nurl = --upload-pack=touch ran\n[core]\nfsmonitor = touch ran\n",
    );
    write(root, "repos/git/catalog-info.yaml", entity("git", ""));
    write(root, "repos/git-file/.git", "gitdir: ../../outside\n");
    write(root, "repos/git-file/catalog-info.yaml", entity("git-file", ""));
}

#[cfg(not(unix))]
fn write_bad_files(_root: &Path, _outside: &Path) {}

/// Builds a portal in time.
fn build(root: &Path, output: &Path) -> Output {
    let logs = root.with_extension("log");
    let log = std::fs::File::create(&logs).expect("a log can be made");
    let mut child = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(root)
        .args(["build", ".", "-d"])
        .arg(output)
        .env("CANARY_TOKEN", CANARY)
        .stdout(log.try_clone().expect("a log can be shared"))
        .stderr(log)
        .stdin(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().expect("a child can be stopped");
            panic!("the build of {} hangs", root.display());
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let stdout = std::fs::read(&logs).expect("the log is there");
    Output { status, stdout, stderr: Vec::new() }
}

/// Everything of a folder but its outputs: paths with sizes.
fn listing(root: &Path) -> BTreeMap<String, u64> {
    let entries = walkdir::WalkDir::new(root).into_iter().filter_map(Result::ok);
    entries
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(root).ok()?.to_string_lossy().into_owned();
            Some((path, entry.metadata().ok().filter(|data| data.is_file()).map_or(0, |data| data.len())))
        })
        .filter(|(path, _)| !path.contains(".callboard"))
        .collect()
}

#[test]
fn bad_input_costs_nothing_else() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (root, clean, outside) =
        (folder.path().join("all"), folder.path().join("alone"), folder.path().join("outside"));
    let book = "[book]\ntitle = \"Acme\"\n[[source]]\npath = \"repos/*\"\nurl = \"https://git.example/acme/{name}\"\nref = \"main\"\n";
    for portal in [&root, &clean] {
        write(portal, "book.toml", book);
        write_clean(portal);
    }
    for name in ["secret.txt", "secret.md", "secret.png", "mkdocs.yml", "HEAD", "config"] {
        write(&outside, name, format!("# {CANARY}\n"));
    }
    write(&outside, "secret.yaml", entity("secret", &format!("  title: {CANARY}")));
    // Where the relative paths above lead to, seen from a repository.
    write(&root, "outside/secret.txt", CANARY);
    write(&root, "outside/secret.md", format!("# {CANARY}\n"));
    write(&root, "outside/secret.png", format!("\u{89}PNG{CANARY}"));
    write(&root, "outside/secret.yaml", entity("secret", &format!("  title: {CANARY}")));
    write_bad_catalog(&root);
    write_bad_docs(&root, &outside);
    write_bad_files(&root, &outside);

    let before = listing(folder.path());
    let (site, alone) = (folder.path().join("site"), folder.path().join("site-alone"));
    let output = build(&root, &site);
    let log = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{log}");
    assert!(!log.contains("panicked"), "{log}");
    let telling: Vec<&str> = log.lines().filter(|line| line.contains(CANARY)).collect();
    assert_eq!(telling, [""; 0], "the log tells what lies outside");
    for odd in ['\u{1b}', '\u{202e}', '\u{7}', '\u{0}'] {
        assert!(!log.contains(odd), "{odd:?} in the log");
    }

    let mut after = listing(folder.path());
    after.retain(|path, _| !path.starts_with("site") && !path.ends_with(".log"));
    let changed: Vec<_> = after.iter().filter(|(path, size)| before.get(*path) != Some(size)).collect();
    assert!(changed.is_empty(), "written outside of the output: {changed:?}");
    assert_eq!(before.len(), after.len(), "something is gone");

    let files = portal::files_below(&site);
    for (path, bytes) in &files {
        let has_canary = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!has_canary, "{path} tells what lies outside");
        let is_odd = path
            .split('/')
            .any(|part| part == ".." || part.len() > 255 || part.contains(['\\', '\u{1b}', '\n', ':']));
        assert!(!is_odd, "{path:?} is no path for every host");
    }

    let output = build(&clean, &alone);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    let all: BTreeMap<String, Vec<u8>> = files.into_iter().collect();
    let mut n_pages = 0;
    for (path, bytes) in portal::files_below(&alone) {
        let is_own = path.starts_with("_cb/") || path.contains("/clean") && !path.starts_with("search/");
        if is_own {
            let found = String::from_utf8_lossy(all.get(&path).expect("the clean pages are there"));
            let alone = String::from_utf8_lossy(&bytes);
            let other = alone.lines().zip(found.lines()).find(|(alone, found)| alone != found);
            assert!(alone == found, "{path} differs beside bad input: {other:?}");
            n_pages += usize::from(path.ends_with(".html"));
        }
    }
    assert_eq!(n_pages, 5 * 3 + 2, "the clean pages");
}

/// The output and the cache lie inside of a clone, which may hold links
/// in their places.
#[test]
#[cfg(unix)]
fn links_in_the_places_of_our_files_are_not_followed() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().expect("there is a temporary folder");
    let (root, victim) = (folder.path().join("clone"), folder.path().join("victim"));
    write(&victim, "x", CANARY);
    write(&root, "catalog-info.yaml", SERVICE.replace("NAME", "x"));
    write(&root, ".callboard/lock", "");
    std::fs::create_dir_all(root.join("site/.callboard-staging")).expect("folders can be made");
    let links = [".callboard/index.new", ".callboard/blob-0"].map(String::from).into_iter();
    for link in links.chain((0..99).map(|n| format!("site/.callboard-staging/{n}"))) {
        symlink(victim.join("x"), root.join(link)).expect("links can be made");
    }
    for arguments in [&["check", "."][..], &["build", "."], &["build", "."], &["clean", "."]] {
        let output = Command::new(env!("CARGO_BIN_EXE_callboard"))
            .current_dir(&root)
            .args(arguments)
            .output()
            .expect("the binary runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(std::fs::read(victim.join("x")).expect("it is there"), CANARY.as_bytes(), "{arguments:?}");
    }
    assert!(!root.join("site").exists(), "a clean leaves nothing of ours");
}
