//! `callboard serve` while files come, go and break: the site stays the
//! last good one, and the next good state is reached by itself. What is
//! served in the end is what `callboard build` writes.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take on a machine with other work.
const PATIENCE: Duration = Duration::from_secs(30);

/// A portal that is being served, until this is dropped.
pub(crate) struct Live {
    pub(crate) folder: tempfile::TempDir,
    child: Child,
    pub(crate) port: u16,
    /// All that was said on the terminal.
    said: Arc<Mutex<String>>,
}

impl Drop for Live {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

pub(crate) const BOOK: &str =
    "[book]\ntitle = \"Acme\"\n\n[[source]]\npath = \"repos/*\"\n\n[theme]\ndir = \"look\"\n";
const DESCRIPTOR: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  \
    annotations: {backstage.io/techdocs-ref: 'dir:.'}\nspec: {type: service, lifecycle: production, \
    owner: team}\n";
pub(crate) const INDEX: &str = "/docs/default/component/shop/";

/// Serves a small portal.
pub(crate) fn live() -> Live {
    live_with(&[])
}

/// Serves a small portal by a program that is given the binary.
pub(crate) fn live_with(wrapper: &[&str]) -> Live {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("portal");
    put(&root, "book.toml", BOOK);
    put(&root, "look/assets/look.css", "main { top: 0 }\n");
    put(&root, "repos/a/catalog-info.yaml", DESCRIPTOR);
    put(&root, "repos/a/mkdocs.yml", "site_name: Shop\n");
    put(&root, "repos/a/docs/index.md", "# Shop\n\nfirst\n");
    put(&root, "repos/b/README.md", "# Other\n");
    let binary = env!("CARGO_BIN_EXE_callboard");
    let mut child = match wrapper {
        [] => Command::new(binary),
        [shell, arguments @ ..] => {
            let mut command = Command::new(shell);
            command.args(arguments).arg(binary);
            command
        }
    };
    let mut child = child
        .args(["serve", "--port", "0"])
        .arg(&root)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut lines = BufReader::new(child.stderr.take().expect("it was asked for"));
    let port = loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).expect("it is text") > 0, "the server has ended");
        if let Some(url) = line.strip_prefix("serving http://127.0.0.1:") {
            break url.split('/').next().and_then(|port| port.parse().ok()).expect("it names a port");
        }
    };
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    thread::spawn(move || {
        for line in lines.lines().map_while(Result::ok) {
            heard.lock().unwrap_or_else(PoisonError::into_inner).push_str(&(line + "\n"));
        }
    });
    Live { folder, child, port, said }
}

fn put(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
    fs::write(file, text).expect("the file can be written");
}

impl Live {
    pub(crate) fn put(&self, path: &str, text: &str) {
        put(&self.root(), path, text);
    }

    pub(crate) fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("portal")
    }

    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn ask(&self, target: &str) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("it is a socket");
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the server reads");
        BufReader::new(stream)
    }

    /// Returns the body of a file of the site as `build` would write it.
    pub(crate) fn get(&self, target: &str) -> Vec<u8> {
        let mut answer = Vec::new();
        self.ask(target).read_to_end(&mut answer).expect("the answer comes");
        let head = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("the head has an end");
        let mut body = answer.split_off(head + 4);
        const SCRIPT: &[u8] = b"<script src=\"/__callboard/live.js\"";
        let script = body.windows(SCRIPT.len()).position(|part| part == SCRIPT);
        if let Some(start) = script {
            let end = body[start..].windows(9).position(|part| part == b"</script>").expect("it ends");
            body.drain(start..start + end + 9);
        }
        body
    }

    /// Waits until a page holds a text.
    #[track_caller]
    pub(crate) fn expect(&self, target: &str, part: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let page = String::from_utf8_lossy(&self.get(target)).into_owned();
            if page.contains(part) {
                return;
            }
            assert!(Instant::now() < end, "no `{part}` in {target}: {page}\n{}", self.said());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until all files are served as `callboard build` writes them.
    #[track_caller]
    pub(crate) fn expect_as_built(&self) {
        let out = self.folder.path().join("built");
        let built = Command::new(env!("CARGO_BIN_EXE_callboard"))
            .args(["build", "-q", "--no-cache", "-d"])
            .args([&out, &self.root()])
            .output()
            .expect("the binary runs");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let end = Instant::now() + PATIENCE;
        loop {
            let differing = self.differing(&out);
            if differing.is_empty() {
                return;
            }
            assert!(Instant::now() < end, "{differing:?} differ\n{}", self.said());
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn differing(&self, out: &Path) -> Vec<String> {
        let files = walkdir::WalkDir::new(out).into_iter().filter_map(Result::ok);
        let files = files.filter(|entry| entry.file_type().is_file());
        let names = files.map(|file| {
            file.path().strip_prefix(out).expect("it lies there").to_str().expect("it is UTF-8").to_string()
        });
        let ours = names.filter(|name| !name.starts_with(".callboard"));
        ours.filter(|name| {
            let target = name.strip_suffix("index.html").unwrap_or(name);
            self.get(&format!("/{target}")) != fs::read(out.join(name)).expect("it is there")
        })
        .collect()
    }

    pub(crate) fn listen(&self) -> BufReader<TcpStream> {
        self.ask("/__callboard/events")
    }
}

/// Waits for an event.
pub(crate) fn event(events: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        assert!(events.read_line(&mut line).expect("the event comes in time") > 0, "the stream has ended");
        if let Some(data) = line.strip_prefix("data: ") {
            return data.to_string();
        }
    }
}

#[test]
fn a_watched_folder_may_go_and_come_again() {
    let live = live();
    let (repo, away) = (live.root().join("repos/a"), live.root().join("away"));
    fs::rename(&repo, &away).expect("it is there");
    live.expect(INDEX, "Page not found");
    live.expect_as_built();
    fs::rename(&away, &repo).expect("it is there");
    live.expect(INDEX, "first");
    live.put("repos/a/docs/index.md", "# Shop\n\nsecond\n");
    live.expect(INDEX, "second");
    fs::remove_dir_all(live.root().join("repos")).expect("it is there");
    live.expect(INDEX, "Page not found");
    live.put("repos/a/catalog-info.yaml", DESCRIPTOR);
    live.put("repos/a/docs/index.md", "# Shop\n\nthird\n");
    live.expect(INDEX, "third");
    live.put("repos/c/README.md", "# New\n\nsource\n");
    live.expect("/docs/default/repository/c/", "source");
    live.expect_as_built();
}

#[test]
fn what_is_withheld_is_not_previewed() {
    const PAGE: &str = "/catalog/default/component/shop/";
    let live = live();
    live.expect(PAGE, "shop");
    live.expect(INDEX, "first");
    live.put(
        "repos/a/catalog-info.yaml",
        &DESCRIPTOR.replace("annotations: {", "annotations: {callboard.dev/visibility: privte, "),
    );
    live.expect(PAGE, "Page not found");
    live.expect(INDEX, "Page not found");
    live.expect_as_built();
    assert!(!String::from_utf8_lossy(&live.get("/api/catalog/entities.json")).contains("shop"));
    live.put("repos/a/catalog-info.yaml", DESCRIPTOR);
    live.expect(INDEX, "first");
}

#[test]
fn a_broken_configuration_keeps_the_site_and_loses_no_edit() {
    let live = live();
    let mut events = live.listen();
    event(&mut events);
    live.put("book.toml", "[book]\ntitle = \"Acme\n");
    assert!(event(&mut events).contains("\"stale\":true"));
    live.put("repos/a/docs/index.md", "# Shop\n\nmeanwhile\n");
    assert!(event(&mut events).contains("\"stale\":true"));
    live.expect(INDEX, "first");
    live.put("book.toml", BOOK);
    assert!(event(&mut events).contains("\"stale\":false"));
    live.expect(INDEX, "meanwhile");
    live.expect_as_built();
}

#[test]
fn a_template_that_fails_is_told_before_anybody_meets_it() {
    let live = live();
    let mut events = live.listen();
    event(&mut events);
    live.put("look/templates/docs.html", "{{ page.no.such }}");
    let end = Instant::now() + PATIENCE;
    while !event(&mut events).contains("template `docs.html` cannot be used") {
        assert!(Instant::now() < end, "{}", live.said());
    }
    live.expect(INDEX, "first");
    let said = live.said();
    assert!(said.contains("template `docs.html` cannot be used"), "{said}");
    fs::remove_file(live.root().join("look/templates/docs.html")).expect("it is there");
    while !event(&mut events).contains("\"problems\":[]") {
        assert!(Instant::now() < end, "{}", live.said());
    }
    live.expect_as_built();
}

#[test]
fn what_changes_nothing_is_no_event() {
    let live = live();
    let mut events = live.listen();
    let generation = |event: String| {
        let (_, rest) = event.split_once("\"generation\":\"").expect("it names one");
        rest.split('"').next().and_then(|name| name.rsplit('-').next()).map(str::to_string)
    };
    assert_eq!(generation(event(&mut events)).as_deref(), Some("1"));
    // The output lies in the portal's own folder, and nothing of it counts.
    let built = Command::new(env!("CARGO_BIN_EXE_callboard")).args(["build", "-q"]).arg(live.root()).output();
    assert!(built.expect("the binary runs").status.success());
    live.put("repos/a/docs/index.md", "# Shop\n\nfirst\n");
    let ignored = live.root().join("repos/a/docs/.index.md.swp");
    fs::write(ignored, "x").expect("it can be written");
    let end = Instant::now() + PATIENCE;
    while !live.said().contains("changed: ") {
        assert!(Instant::now() < end);
        thread::sleep(Duration::from_millis(20));
    }
    live.put("repos/a/docs/index.md", "# Shop\n\nsecond\n");
    assert_eq!(generation(event(&mut events)).as_deref(), Some("2"));
    live.expect(INDEX, "second");
}

#[test]
fn a_cache_that_is_cut_does_no_harm() {
    let live = live();
    for n in 0..20 {
        live.put(&format!("repos/a/docs/{n}.md"), &format!("# Page {n}\n\n{}", "Some words.\n\n".repeat(50)));
    }
    live.expect(&format!("{INDEX}19/"), "Page 19");
    let cache = live.root().join(".callboard");
    for entry in fs::read_dir(&cache).expect("there is a cache").map_while(Result::ok) {
        let file = fs::OpenOptions::new().write(true).open(entry.path()).expect("it is a file");
        let n_bytes = file.metadata().expect("it is a file").len();
        file.set_len(n_bytes / 2).expect("it can be cut");
    }
    live.expect_as_built();
    live.put("repos/a/docs/index.md", "# Shop\n\nsecond\n");
    live.expect(INDEX, "second");
    live.expect_as_built();
}

#[cfg(unix)]
#[test]
fn a_link_that_is_turned_is_followed_and_so_is_what_it_leads_to() {
    let live = live();
    let docs = live.root().join("repos/a/docs");
    live.put("repos/a/one.txt", "# One\n");
    live.put("repos/a/two.txt", "# Two\n");
    std::os::unix::fs::symlink("../one.txt", docs.join("linked.md")).expect("links can be made");
    let page = format!("{INDEX}linked/");
    live.expect(&page, "One");
    live.put("repos/a/one.txt", "# One again\n");
    live.expect(&page, "One again");
    std::os::unix::fs::symlink("../two.txt", docs.join("new")).expect("links can be made");
    fs::rename(docs.join("new"), docs.join("linked.md")).expect("it is there");
    live.expect(&page, "Two");
    live.expect_as_built();
}

#[test]
fn a_save_in_pieces_ends_whole() {
    let live = live();
    let path = live.root().join("repos/a/docs/index.md");
    for n in 0..20 {
        let mut file = fs::File::create(&path).expect("it can be written");
        for part in ["# Shop\n\n", "half ", "and "] {
            file.write_all(part.as_bytes()).expect("it can be written");
            thread::sleep(Duration::from_millis(7));
        }
        file.write_all(format!("whole {n}\n").as_bytes()).expect("it can be written");
    }
    live.expect(INDEX, "half and whole 19");
    live.expect_as_built();
}

/// Waits for a manifest of the search that is another than one before.
fn manifest(live: &Live, before: &[u8]) -> Vec<u8> {
    let end = Instant::now() + PATIENCE;
    loop {
        let now = live.get("/search/manifest.json");
        if now != before {
            return now;
        }
        assert!(Instant::now() < end, "the index does not follow\n{}", live.said());
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_search_is_made_when_it_is_asked_for() {
    let live = live();
    let index = |manifest: &[u8]| {
        let read: serde_json::Value = serde_json::from_slice(manifest).expect("the manifest is JSON");
        format!("/search/index-{}.json", read["plain"].as_str().expect("the portal is small"))
    };
    let first = manifest(&live, b"");
    let has = |manifest: &[u8], key: &[u8]| {
        let plain = live.get(&index(manifest));
        plain.windows(key.len()).any(|part| part == key)
    };
    // Of a trie, the last letter of a word that no other is like.
    assert!(!has(&first, b"\"q\":{\"docs\""));
    live.put("repos/a/docs/index.md", "# Shop\n\nq7q7q\n");
    let second = manifest(&live, &first);
    assert!(has(&second, b"\"q\":{\"docs\""));
    live.expect_as_built();
    live.put("book.toml", &format!("{BOOK}\n[search]\nenable = false\n"));
    live.expect("/search/manifest.json", "Page not found");
}
