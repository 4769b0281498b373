//! Diagrams that a program draws which the portal's configuration names.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: pay\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: service\n  lifecycle: production\n  owner: user:default/ada\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: ada\nspec:\n  memberOf: []\n";

const PAGE: &str =
    "# Pay\n\n```puml\n$(touch hacked) -> Bob\n```\n\n```plantuml\n$(touch hacked) -> Bob\n```\n";

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
    std::fs::write(path, text).expect("files can be written");
}

/// A portal with a program of the test's own beside `book.toml`.
fn portal(script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "pay/catalog-info.yaml", DESCRIPTOR);
    write(folder.path(), "pay/docs/index.md", PAGE);
    write(
        folder.path(),
        "book.toml",
        "[portal]\n[[source]]\npath = \"pay\"\n[diagram.plantuml]\ncommand = [\"./draw.sh\", \"; touch hacked\"]\n",
    );
    write(folder.path(), "draw.sh", script);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path().join("draw.sh"), mode).expect("it may be run");
    folder
}

/// Builds; returns the page and what was said.
fn build(folder: &Path) -> (String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(folder)
        .args(["build", "-d", "out", "--format", "json"])
        .output()
        .expect("the binary runs");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let page = std::fs::read_to_string(folder.join("out/docs/default/component/pay/index.html"));
    (page.expect("there is a page"), String::from_utf8_lossy(&run.stdout).into_owned())
}

#[test]
fn a_program_of_the_configuration_draws_once_for_all_that_is_alike() {
    let folder = portal(
        "#!/bin/sh\necho \"$1\" >> runs\ncat >> seen\necho '<?xml version=\"1.0\"?><svg width=\"50px\" height=\"20px\"><script>alert(1)</script><rect width=\"9\" height=\"9\" onclick=\"x()\" style=\"fill:black\"/></svg>'\n",
    );
    let (page, said) = build(folder.path());
    assert_eq!(page.matches("<svg class=\"cb-drawing\"").count(), 2, "{page}");
    assert!(page.contains("fill=\"var(--dg-text,"), "{page}");
    assert!(!page.contains("onclick") && !page.contains("<script>alert"), "{page}");
    assert!(!said.contains("\"diagram"), "{said}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    assert_eq!(
        read("runs"),
        "; touch hacked\n",
        "arguments stay as they are, and what is alike is drawn once"
    );
    assert_eq!(read("seen"), "$(touch hacked) -> Bob\n");
    assert!(!folder.path().join("hacked").exists(), "no shell was asked");

    write(folder.path(), "pay/docs/index.md", &format!("{PAGE}\nMore.\n"));
    build(folder.path());
    assert_eq!(read("runs").lines().count(), 1, "the cache knows it");
}

#[test]
fn what_a_program_cannot_draw_is_shown_as_its_source() {
    for (script, words) in [
        ("#!/bin/sh\nexit 3\n", "`./draw.sh` failed"),
        ("#!/bin/sh\ncat > /dev/null\n", "`./draw.sh` wrote nothing"),
        ("#!/bin/sh\ncat > /dev/null\necho '<p>no</p>'\n", "it is no SVG"),
        ("#!/bin/sh\nyes\n", "`./draw.sh`"),
    ] {
        let folder = portal(script);
        let (page, said) = build(folder.path());
        assert!(page.contains("class=\"language-plantuml\"") && !page.contains("cb-drawing"), "{page}");
        assert!(said.contains("\"code\":\"diagram\"") && said.contains(words), "{said}");
    }
}
