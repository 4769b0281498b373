//! `check --external`, against a server of the test itself.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// What was asked for: method and path.
type Log = Arc<Mutex<Vec<String>>>;

/// Answers until the test ends; returns where.
fn server() -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let place = listener.local_addr().expect("it has an address").to_string();
    let log = Log::default();
    let kept = Arc::clone(&log);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &kept);
        }
    });
    (place, log)
}

fn answer(mut stream: TcpStream, log: &Log) {
    let mut reader = BufReader::new(stream.try_clone().expect("a stream can be shared"));
    let mut first = String::new();
    if reader.read_line(&mut first).is_err() {
        return;
    }
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
        line.clear();
    }
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    log.lock().expect("nobody panics").push(format!("{method} {path}"));
    let head = match (method, path) {
        (_, "/fine") => "200 OK",
        (_, "/moved") => "302 Found\r\nlocation: /fine",
        (_, "/inward") => "302 Found\r\nlocation: http://localhost:1/",
        ("HEAD", "/no-head") => "405 Method Not Allowed",
        ("HEAD", "/lies") => "404 Not Found",
        (_, "/no-head" | "/lies") => "200 OK",
        (_, "/login") => "403 Forbidden",
        (_, "/circle") => "302 Found\r\nlocation: /circle",
        _ => "404 Not Found",
    };
    let _closed = write!(stream, "HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

fn portal(links: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    };
    write("book.toml", "[portal]\n\n[[source]]\npath = \"pay\"\n");
    write(
        "pay/catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: pay\n  annotations:\n    \
         backstage.io/techdocs-ref: dir:.\nspec:\n  type: service\n  lifecycle: production\n  owner: user:x\n",
    );
    write("pay/mkdocs.yml", "site_name: Pay\n");
    write("pay/docs/index.md", links);
    folder
}

/// Returns the messages of each code.
fn check(folder: &Path, arguments: &[&str]) -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .current_dir(folder)
        .args(["check", ".", "--format", "json"])
        .args(arguments)
        .env_remove("HTTP_PROXY")
        .env_remove("http_proxy")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
        let part = |key: &str| line[key].as_str().unwrap_or("").to_string();
        if part("code").starts_with("external-") {
            found.entry(part("code")).or_default().push(part("message"));
        }
    }
    found
}

#[test]
fn links_to_other_hosts_are_asked_politely_and_remembered() {
    let (place, log) = server();
    let url = |path: &str| format!("[x](http://{place}{path})\n");
    let paths = ["/fine", "/fine#part", "/moved", "/no-head", "/lies", "/gone", "/gone", "/login", "/circle"];
    let folder = portal(&paths.map(url).concat());
    let found = check(folder.path(), &["--external", "--allow-host", "127.0.0.1"]);
    let broken =
        format!("link to `http://{place}/gone`, which leads to nothing: status 404, and 1 more links to it");
    assert_eq!(found["external-link-broken"], [broken]);
    let uncertain = found["external-link-uncertain"].join("\n");
    assert!(uncertain.contains("status 403") && uncertain.contains("circles"), "{uncertain}");
    let asked = log.lock().expect("nobody panics").clone();
    let n_asked = |what: &str| asked.iter().filter(|line| *line == what).count();
    assert_eq!((n_asked("HEAD /gone"), n_asked("GET /gone")), (1, 1), "{asked:?}");
    assert_eq!((n_asked("HEAD /no-head"), n_asked("GET /no-head")), (1, 1), "{asked:?}");
    assert_eq!(n_asked("GET /fine"), 0, "{asked:?}");

    log.lock().expect("nobody panics").clear();
    let again = check(folder.path(), &["--external", "--allow-host", "127.0.0.1"]);
    assert_eq!(again, found);
    let asked = log.lock().expect("nobody panics").clone();
    let is_uncertain = |line: &String| line.ends_with("/login") || line.ends_with("/circle");
    assert!(asked.iter().all(is_uncertain), "what is known is not asked again: {asked:?}");
}

#[test]
fn hosts_of_private_networks_are_not_asked() {
    let (place, log) = server();
    let folder = portal(&format!("[x](http://{place}/fine) [y](http://localhost:{}/fine)\n", port(&place)));
    let found = check(folder.path(), &["--external"]);
    assert_eq!(found["external-link-uncertain"].len(), 2, "{found:?}");
    assert!(found["external-link-uncertain"][0].contains("private network"), "{found:?}");
    assert_eq!(log.lock().expect("nobody panics").len(), 0);

    // Not by a redirection either.
    let folder = portal(&format!("[x](http://{place}/inward)\n"));
    let found = check(folder.path(), &["--external", "--allow-host", "127.0.0.1"]);
    assert!(found["external-link-uncertain"][0].contains("private network"), "{found:?}");
}

#[test]
fn nobody_is_asked_unless_it_is_wanted() {
    let (place, log) = server();
    let folder = portal(&format!("[x](http://{place}/gone)\n"));
    for arguments in [&[][..], &["--offline"]] {
        assert_eq!(check(folder.path(), arguments), BTreeMap::new());
    }
    assert_eq!(log.lock().expect("nobody panics").len(), 0);
}

fn port(place: &str) -> &str {
    place.rsplit(':').next().unwrap_or("")
}
