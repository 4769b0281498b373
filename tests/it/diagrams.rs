//! Diagrams that a program draws which the portal's configuration names.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

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

/// A server that draws: it notes each source, and answers with `answers`
/// in turn, the last of them for ever.
fn server(answers: &'static [&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let place = listener.local_addr().expect("it has an address").to_string();
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for (idx, stream) in listener.incoming().flatten().enumerate() {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream can be shared"));
            let (mut head, mut n_bytes) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).is_ok_and(|n| n <= 2) {
                    break;
                }
                if let Some(length) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    n_bytes = length.trim().parse().unwrap_or(0);
                }
                head.push_str(&line);
            }
            let mut body = vec![0; n_bytes];
            reader.read_exact(&mut body).expect("the source is sent");
            let path = head.split(' ').take(2).collect::<Vec<_>>().join(" ");
            let source = String::from_utf8_lossy(&body);
            kept.lock().expect("nobody panics").push(format!("{path}: {source}"));
            let (status, text) = answers[idx.min(answers.len() - 1)].split_once('|').expect("a status");
            let text = if text == "much" { "x".repeat(5 << 20) } else { text.to_string() };
            let mut stream = stream;
            let _closed = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n{text}",
                text.len()
            );
        }
    });
    (place, log)
}

/// A portal whose diagrams a server draws.
fn served(place: &str) -> tempfile::TempDir {
    let folder = portal("");
    let config = format!(
        "[portal]\n[[source]]\npath = \"pay\"\n[diagram.plantuml]\nserver = \"http://{place}/plantuml/svg\"\n"
    );
    write(folder.path(), "book.toml", &config);
    folder
}

const DRAWN: &str = "200 OK|<svg width=\"50\" height=\"20\"><script>alert(1)</script><rect width=\"9\" height=\"9\" onclick=\"x()\"/></svg>";

#[test]
fn a_server_of_the_configuration_draws_once_for_all_that_is_alike() {
    let (place, log) = server(&[DRAWN]);
    let folder = served(&place);
    let asked = || log.lock().expect("nobody panics").clone();
    let offline = |arguments: &[&str]| {
        let run =
            Command::new(env!("CARGO_BIN_EXE_callboard")).current_dir(folder.path()).args(arguments).output();
        String::from_utf8_lossy(&run.expect("the binary runs").stdout).into_owned()
    };
    let said = offline(&["build", "-d", "out", "--offline", "--format", "json"]);
    assert!(said.contains("\"code\":\"diagram-tool\"") && said.contains("its server is not asked"), "{said}");
    let said = offline(&["check", "--format", "json"]);
    assert!(said.contains("\"code\":\"diagram-tool\""), "{said}");
    assert_eq!(asked(), [] as [&str; 0]);

    let (page, said) = build(folder.path());
    assert_eq!(page.matches("<svg class=\"cb-drawing\"").count(), 2, "{page}");
    assert!(!page.contains("onclick") && !page.contains("<script>alert"), "{page}");
    assert!(!said.contains("\"diagram"), "{said}");
    assert_eq!(asked(), ["POST /plantuml/svg: $(touch hacked) -> Bob\n"]);

    // The cache knows it, and then nobody has to be asked.
    write(folder.path(), "pay/docs/index.md", &format!("{PAGE}\nMore.\n"));
    let said = offline(&["build", "-d", "out", "--offline", "--format", "json"]);
    assert!(!said.contains("\"diagram"), "{said}");
    assert_eq!(build(folder.path()).0.matches("<svg class=\"cb-drawing\"").count(), 2);
    assert_eq!(asked().len(), 1);
}

#[test]
fn what_a_server_cannot_draw_is_shown_as_its_source_until_it_can() {
    for (answer, words) in [
        ("400 Bad Request|\nSyntax error in line 1\n", "answered with status 400: Syntax error in line 1"),
        ("500 Internal Server Error|secret", "answered with status 500\""),
        ("302 Found|x", "answered with status 302"),
        ("200 OK|<p>no</p>", "it is no SVG"),
        ("200 OK|", "answered with status 200"),
        ("200 OK|much", "answered with more than 4194304 bytes"),
    ] {
        let answers: &'static [&'static str] = Box::leak(Box::new([answer]));
        let (place, log) = server(answers);
        let folder = served(&place);
        let (page, said) = build(folder.path());
        assert!(page.contains("class=\"language-plantuml\"") && !page.contains("cb-drawing"), "{page}");
        assert!(said.contains("\"code\":\"diagram\"") && said.contains(words), "{said}");
        let asked = log.lock().expect("nobody panics");
        assert!(asked.iter().all(|asked| asked.starts_with("POST /plantuml/svg:")), "{asked:?}");
    }
    // It draws later, and nothing but that has changed.
    let (place, _) = server(&["503 Busy|x", "503 Busy|x", DRAWN]);
    let folder = served(&place);
    assert!(!build(folder.path()).0.contains("cb-drawing"));
    let (page, said) = build(folder.path());
    assert!(page.contains("cb-drawing") && !said.contains("\"diagram"), "{said}");
}

#[test]
fn a_server_that_is_not_there_is_not_asked_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let place = listener.local_addr().expect("it has an address").to_string();
    drop(listener);
    let folder = served(&place);
    let many: String = (0..20).map(|n| format!("```plantuml\na -> b{n}\n```\n\n")).collect();
    write(folder.path(), "pay/docs/index.md", &many);
    let (_, said) = build(folder.path());
    assert_eq!(said.matches(&format!("the server `{place}` does not answer")).count(), 20, "{said}");
}
