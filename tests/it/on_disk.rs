//! Diagnostics whose cause cannot lie in a case folder: links, odd
//! names, large files, files that vanish, and output folders that were
//! touched. Each is shown on a portal on disk.

use std::path::Path;
use std::process::Command;

/// Codes that this file shows in place of a case folder.
pub(crate) const SHOWN: &[&str] = &[
    "cache-ignored",
    "copy-failed",
    "edited-output",
    "external-link-broken",
    "external-link-uncertain",
    "foreign-output",
    "large-asset",
    "link-leaves-repository",
    "name-not-utf8",
    "no-history",
    "page-too-large",
    "shallow-history",
    "unreadable-file",
];

const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: pay\n  annotations:\n    backstage.io/techdocs-ref: dir:.\nspec:\n  type: service\n  lifecycle: production\n  owner: user:default/ada\n---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata:\n  name: ada\nspec:\n  memberOf: []\n";

/// A portal of one repository with docs, and nothing to complain of.
fn portal() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "pay/catalog-info.yaml", DESCRIPTOR.as_bytes());
    write(folder.path(), "pay/docs/index.md", b"# Pay\n");
    folder
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
    std::fs::write(path, bytes).expect("files can be written");
}

/// Builds and returns the diagnostics, one line of JSON each.
fn build(folder: &Path) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(folder)
        .args(["build", "-d", "out", "--format", "json"])
        .output()
        .expect("the binary runs");
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("JSON is UTF-8")
}

#[track_caller]
fn check(folder: &Path, code: &str, words: &str) {
    assert!(SHOWN.contains(&code), "{code} is not listed");
    let diags = build(folder);
    let line = diags.lines().find(|line| line.contains(&format!("\"code\":\"{code}\"")));
    let line = line.unwrap_or_else(|| panic!("no `{code}` among:\n{diags}"));
    assert!(line.contains(words), "{line}");
}

#[test]
fn an_untouched_portal_has_nothing_to_complain_of() {
    let folder = portal();
    assert_eq!(build(folder.path()), "");
}

/// Runs git in a folder, with an identity and a date of its own.
fn git(folder: &Path, date: &str, args: &[&str]) {
    let run = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@x.example", "-c", "commit.gpgsign=false"])
        .args(args)
        .output()
        .expect("git runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

/// A portal whose repository has two commits, by two people.
fn portal_with_history() -> tempfile::TempDir {
    let folder = portal();
    let pay = folder.path().join("pay");
    git(&pay, "2020-01-02T03:04:05Z", &["init", "-q"]);
    git(&pay, "2020-01-02T03:04:05Z", &["add", "."]);
    git(&pay, "2020-01-02T03:04:05Z", &["commit", "-qm", "one"]);
    write(folder.path(), "pay/docs/index.md", b"# Pay\n\nMore.\n");
    git(&pay, "2024-05-06T00:00:00Z", &["commit", "-qam", "two", "--author=Bob \"<b> <b@x.example>"]);
    write(folder.path(), "pay/docs/new.md", b"# Not committed\n");
    folder
}

fn page(folder: &Path, path: &str) -> String {
    let path = folder.join("out/docs/default/component/pay").join(path);
    std::fs::read_to_string(path).expect("the page is there")
}

#[test]
fn pages_show_when_they_were_written_and_by_whom() {
    let folder = portal_with_history();
    assert_eq!(build(folder.path()), "");
    let index = page(folder.path(), "index.html");
    assert!(index.contains("<time datetime=\"2024-05-06\">6 May 2024</time>"), "{index}");
    assert!(index.contains("written by Ada, Bob &quot;") || index.contains("written by Ada, Bob"), "{index}");
    assert!(!page(folder.path(), "new/index.html").contains("Last updated"));
    // A second build recalls it.
    assert_eq!(build(folder.path()), "");
    assert_eq!(page(folder.path(), "index.html"), index);
    let run = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(folder.path())
        .args(["build", "-d", "out", "--no-git"])
        .output()
        .expect("the binary runs");
    assert_eq!(run.status.code(), Some(0));
    assert!(!page(folder.path(), "index.html").contains("Last updated"));
}

const WORDS: &str = "# Pay\n\nSeen {{ git_revision_date_localized }}, {{git_creation_date_localized}}, \
    **{{ GIT_REVISION_DATE }}**, {{ git_site_revision_date_localized }}, by {{ git_page_authors }} of \
    {{ git_site_authors }}. `{{ git_revision_date }}` {{ other }} {{ git_revision_date\n";

fn seen(folder: &Path) -> String {
    let html = page(folder, "index.html");
    let text = html.split("<p>Seen ").nth(1).and_then(|rest| rest.split("</p>").next());
    text.expect("the words are there").to_string()
}

#[test]
fn words_of_git_plugins_stand_for_what_git_knows() {
    let folder = portal_with_history();
    let pay = folder.path().join("pay");
    let config = |settings: &str| {
        let plugins = format!("site_name: Pay\nplugins:\n  - git-revision-date\n  - git-authors\n{settings}");
        write(folder.path(), "pay/mkdocs.yml", plugins.as_bytes());
    };
    let both = "  - git-revision-date-localized:\n      enable_creation_date: true\n";
    config(both);
    write(folder.path(), "pay/docs/index.md", WORDS.as_bytes());
    write(folder.path(), "book.toml", b"[docs]\nprint = true\n[[source]]\npath = \"pay\"\n");
    assert_eq!(build(folder.path()), "");
    let tail = "<code>{{ git_revision_date }}</code> {{ other }} {{ git_revision_date";
    let authors = seen(folder.path());
    let authors =
        authors.split(" by ").nth(1).and_then(|rest| rest.split(" of ").next()).unwrap_or("").to_string();
    assert_eq!(
        seen(folder.path()),
        format!(
            "May 6, 2024, January 2, 2020, <strong>May 6, 2024</strong>, May 6, 2024, by {authors} of {authors}. {tail}"
        )
    );
    assert!(authors.contains("Ada") && authors.contains("Bob"), "{authors}");
    assert!(page(folder.path(), "_print/index.html").contains("Seen May 6, 2024, "));

    // Another commit: what the cache makes of it is what a clean build makes.
    git(&pay, "2025-02-03T04:05:06Z", &["add", "."]);
    git(&pay, "2025-02-03T04:05:06Z", &["commit", "-qm", "three"]);
    for settings in [
        both,
        "  - git-revision-date-localized:\n      type: iso_datetime\n",
        "  - git-revision-date-localized:\n      type: custom\n      custom_format: '%d/%m/%y'\n",
        "  - git-revision-date-localized:\n      locale: de\n",
        "  - git-revision-date-localized:\n      enabled: false\n",
    ] {
        config(settings);
        assert_eq!(build(folder.path()), "");
        let cached = (seen(folder.path()), page(folder.path(), "_print/index.html"));
        std::fs::remove_dir_all(folder.path().join(".callboard")).expect("there is a cache");
        std::fs::remove_dir_all(folder.path().join("out")).expect("there is a site");
        assert_eq!(build(folder.path()), "");
        assert_eq!(cached, (seen(folder.path()), page(folder.path(), "_print/index.html")));
        let first = match settings {
            settings if settings.contains("enable_creation_date") => "February 3, 2025, January 2, 2020, ",
            settings if settings.contains("iso_datetime") => {
                "2025-02-03 04:05:06, {{git_creation_date_localized}}, "
            }
            settings if settings.contains("custom") => "03/02/25, {{git_creation_date_localized}}, ",
            settings if settings.contains("locale") => "2025-02-03, {{git_creation_date_localized}}, ",
            _ => {
                "{{ git_revision_date_localized }}, {{git_creation_date_localized}}, <strong>2025-02-03</strong>"
            }
        };
        assert!(cached.0.starts_with(first), "{}", cached.0);
    }

    // Nobody knows, and no clock is asked.
    config(both);
    let run = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(folder.path())
        .args(["build", "-d", "out", "--no-git"])
        .output()
        .expect("the binary runs");
    assert_eq!(run.status.code(), Some(0));
    assert!(seen(folder.path()).starts_with("date unknown, date unknown, <strong>date unknown</strong>, date unknown, by authors unknown of authors unknown."));

    // A page without a commit has the date of the docs, if they ask for one.
    config("  - git-revision-date-localized:\n      fallback_to_build_date: true\n");
    write(folder.path(), "pay/docs/fresh.md", b"# Fresh\n\n{{ git_revision_date_localized }}\n");
    assert_eq!(build(folder.path()), "");
    assert!(page(folder.path(), "fresh/index.html").contains("<p>February 3, 2025</p>"));
}

/// Everything in a repository's own configuration that git would run.
#[cfg(unix)]
#[test]
fn nothing_that_a_repository_names_is_run_for_its_history() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = portal_with_history();
    let script = folder.path().join("canary.sh");
    write(folder.path(), "canary.sh", b"#!/bin/sh\ntouch \"$(dirname \"$0\")/ran\"\ncat\n");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("it can be made to run");
    let canary = script.display().to_string();
    let config = format!(
        "[core]\n\tfsmonitor = {canary}\n\tpager = {canary}\n\tsshCommand = {canary}\n\thooksPath = {parent}\n\
         \talternateRefsCommand = {canary}\n[pager]\n\tlog = {canary}\n[diff]\n\texternal = {canary}\n\
         [diff \"x\"]\n\ttextconv = {canary}\n\tcommand = {canary}\n[log]\n\tshowSignature = true\n\
         [gpg]\n\tprogram = {canary}\n[filter \"x\"]\n\tclean = {canary}\n\tsmudge = {canary}\n\
         [remote \"origin\"]\n\tpromisor = true\n\turl = ext::{canary}\n\tuploadpack = {canary}\n\
         [extensions]\n\tpartialClone = origin\n[protocol]\n\tallow = always\n",
        parent = folder.path().display(),
    );
    write(folder.path(), "pay/.git/config", config.as_bytes());
    write(folder.path(), "pay/.gitattributes", b"* diff=x filter=x\n");
    build(folder.path());
    assert!(page(folder.path(), "index.html").contains("6 May 2024"));
    assert!(!folder.path().join("ran").exists(), "a program of the repository was run");
}

#[test]
fn a_shallow_clone_shows_no_dates() {
    let folder = portal_with_history();
    let head =
        Command::new("git").current_dir(folder.path().join("pay")).args(["rev-parse", "HEAD"]).output();
    write(folder.path(), "pay/.git/shallow", &head.expect("git runs").stdout);
    check(folder.path(), "shallow-history", "`pay` is a shallow clone");
    assert!(!page(folder.path(), "index.html").contains("Last updated"));
}

#[test]
fn a_history_that_cannot_be_read_is_told_of() {
    let folder = portal();
    write(folder.path(), "pay/.git/HEAD", b"0123456789abcdef0123456789abcdef01234567\n");
    check(folder.path(), "no-history", "`pay`");
}

#[test]
fn a_page_over_the_limit_is_a_stub() {
    let folder = portal();
    write(folder.path(), "pay/docs/large.md", "word ".repeat(1_800_000).as_bytes());
    check(folder.path(), "page-too-large", "page has 9000000 bytes");
    assert!(folder.path().join("out/docs/default/component/pay/large/index.html").is_file());
}

#[test]
fn an_asset_over_the_limit_is_not_copied() {
    let folder = portal();
    write(folder.path(), "pay/docs/large.zip", &vec![0; (10 << 20) + 1]);
    check(folder.path(), "large-asset", "large.zip");
    assert!(!folder.path().join("out/docs/default/component/pay/large.zip").exists());
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_repository_is_not_followed() {
    let folder = portal();
    write(folder.path(), "secret.md", b"# canary\n");
    std::os::unix::fs::symlink("../../secret.md", folder.path().join("pay/docs/secret.md")).expect("a link");
    check(folder.path(), "link-leaves-repository", "docs/secret.md");
    assert!(!folder.path().join("out/docs/default/component/pay/secret").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_named() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = portal();
    let name = std::ffi::OsStr::from_bytes(b"pay/docs/caf\xe9.md");
    std::fs::write(folder.path().join(name), "# x\n").expect("files can be written");
    check(folder.path(), "name-not-utf8", "docs/caf");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = portal();
    let locked = folder.path().join("pay/docs/locked");
    write(folder.path(), "pay/docs/locked/a.md", b"# a\n");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000))
        .expect("permissions can be set");
    let is_root = std::fs::read_dir(&locked).is_ok();
    if !is_root {
        check(folder.path(), "unreadable-file", "docs/locked");
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755))
        .expect("permissions can be set");
}

#[test]
fn files_of_others_stay_and_are_named() {
    let folder = portal();
    build(folder.path());
    write(folder.path(), "out/CNAME", b"docs.example\n");
    check(folder.path(), "foreign-output", "CNAME");
    assert!(folder.path().join("out/CNAME").is_file());
}

#[test]
fn a_file_of_ours_that_was_edited_is_written_anew() {
    let folder = portal();
    build(folder.path());
    let path = folder.path().join("out/index.html");
    let before = std::fs::read(&path).expect("it was written");
    std::fs::write(&path, "edited by hand").expect("it can be edited");
    check(folder.path(), "edited-output", "index.html");
    assert_eq!(std::fs::read(&path).expect("it is there"), before);
}

#[test]
fn an_asset_that_vanishes_leaves_a_gap_and_a_complaint() {
    use callboard::base::disk::Disk;
    let folder = portal();
    write(folder.path(), "pay/docs/a.txt", b"text");
    let (site, theme) = crate::portal::site(&Disk, folder.path(), "default");
    let outputs = callboard::render::outputs::outputs(&site, &theme);
    let render_all = || {
        for idx in 0..outputs.paths.len() {
            outputs.bytes(&Disk, idx).expect("every file renders");
        }
    };
    // What was read for a look is given away the first time.
    render_all();
    std::fs::remove_file(folder.path().join("pay/docs/a.txt")).expect("it can be removed");
    render_all();
    let ids: Vec<&str> = outputs.diagnostics().iter().map(|diag| diag.code.id).collect();
    assert_eq!(ids, ["copy-failed"]);
}

#[test]
fn a_damaged_cache_is_named_and_changes_nothing() {
    let folder = portal();
    write(folder.path(), "book.toml", b"[[source]]\npath = \"pay\"\n");
    build(folder.path());
    let site = crate::portal::files_below(&folder.path().join("out"));
    for name in ["index", "blob-0"] {
        let path = folder.path().join(".callboard").join(name);
        let mut bytes = std::fs::read(&path).expect("the cache is there");
        bytes.pop();
        std::fs::write(&path, bytes).expect("files can be written");
        check(folder.path(), "cache-ignored", "is not used: it is");
        assert!(site == crate::portal::files_below(&folder.path().join("out")), "{name}");
    }
}

/// What a cache holds reaches pages as it is, so one that lies in a
/// repository, where anybody may have put it, is neither made nor read.
#[test]
fn a_repository_brings_no_cache() {
    let folder = portal();
    build(folder.path());
    assert!(!folder.path().join(".callboard").exists());
    build(&folder.path().join("pay"));
    assert!(!folder.path().join("pay/.callboard").exists());
}

/// Chains of links, links to nothing, to a folder above and to a device:
/// a descriptor brings in none of what they lead to.
#[cfg(unix)]
#[test]
fn a_descriptor_brings_nothing_in_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = portal();
    let pay = folder.path().join("pay");
    write(folder.path(), "outside.txt", b"CANARY");
    symlink("../outside.txt", pay.join("one")).expect("a link");
    symlink("one", pay.join("two")).expect("a link");
    symlink("nowhere", pay.join("none")).expect("a link");
    symlink("..", pay.join("up")).expect("a link");
    symlink("/dev/zero", pay.join("zero")).expect("a link");
    symlink("catalog-info.yaml", pay.join("inside.txt")).expect("a link");
    let mut api = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: links\nspec:\n  type: x\n  lifecycle: x\n  owner: user:default/ada\n  definition:\n    $text: ./inside.txt\n".to_string();
    for (idx, target) in ["one", "two", "none", "up/outside.txt", "zero", "../outside.txt"].iter().enumerate()
    {
        api.push_str(&format!("  part{idx}:\n    $text: ./{target}\n"));
    }
    write(folder.path(), "pay/api.yaml", api.as_bytes());
    let diags = build(folder.path());
    let n_failed = diags.lines().filter(|line| line.contains("\"code\":\"substitution\"")).count();
    assert_eq!(n_failed, 6, "{diags}");
    let site = crate::portal::files_below(&folder.path().join("out"));
    let holds = |text: &str| site.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains(text));
    assert!(!holds("CANARY"));
    assert!(holds("kind: User"), "a link within the repository is followed");
}
