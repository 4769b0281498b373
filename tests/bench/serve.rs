//! How long a save takes to reach a browser that shows the portal:
//! `cargo bench --bench serve -- --repos 1000 --pages 10`. The real
//! `callboard serve`, asked over its port; what is measured goes from
//! the write of a file to the event at the other end of the stream, so
//! that waiting for further writes is part of it.
//!
//! ```text
//! --repos N   repositories of the portal (1000)
//! --pages N   docs pages of each repository (10)
//! --edits N   edits of each kind (40)
//! --dir DIR   where to work; default /dev/shm, else the system's folder for temporary files
//! ```
//!
//! Without `--bench`, as `cargo test` calls it, all of it runs once on a
//! tiny portal.

#![allow(clippy::disallowed_methods, reason = "a benchmark is a program of its own, outside of the floors")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its table is what it is for")]

mod generator;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use generator::Size;

const BASE: &str = include_str!("../../themes/default/templates/base.html");
const BOOK: &str =
    "[book]\ntitle = \"Synthetic portal\"\n\n[[source]]\npath = \"repos/*\"\n\n[theme]\ndir = \"look\"\n";
const THEME: &str =
    "name = \"look\"\ndescription = \"for the benchmark\"\nstyles = [\"style.css\", \"look.css\"]\n";

/// A running server, which ends when this is dropped.
struct Server {
    child: Child,
    port: u16,
    began: Instant,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(at + 1).unwrap_or_else(|| panic!("`{name}` wants a value")).clone())
    };
    let number = |name: &str, usual: usize| {
        value(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("`{name}` wants a number")))
    };
    let (repos, pages, edits) = if is_bench { (1000, 10, 40) } else { (2, 2, 2) };
    let size = Size { n_repos: number("--repos", repos), n_pages_each: number("--pages", pages) };
    let n_edits = number("--edits", edits);
    let folder = folder(value("--dir").map(PathBuf::from));
    let root = folder.path().join("portal");
    generator::write_portal(&root, size);
    put(&root, "book.toml", BOOK);
    put(&root, "look/theme.toml", THEME);
    put(&root, "look/assets/look.css", "main { top: 0 }\n");
    put(&root, "look/templates/base.html", BASE);

    let server = serve(&root);
    println!(
        "{} repositories, {} pages; the first site after {:.2} s\n",
        size.n_repos,
        size.n_pages(),
        server.began.elapsed().as_secs_f64()
    );
    let mut events = listen(server.port);
    next(&mut events);
    // Every folder is watched by then, as when a person has looked around.
    if is_bench {
        thread::sleep(Duration::from_secs(2));
    }
    println!("| edit of | median ms | 95 % ms | longest ms |\n|---|---:|---:|---:|");
    let repo = size.n_repos / 2;
    let page = format!("repos/service-{repo}/docs/page-1.md");
    let url = format!("/docs/default/component/service-{repo}/page-1/");
    let text = fs::read_to_string(root.join(&page)).expect("the generator has made it");
    let descriptor_path = format!("repos/service-{repo}/catalog-info.yaml");
    let descriptor = fs::read_to_string(root.join(&descriptor_path)).expect("the generator has made it");

    let mut edit = |name: &str, path: &str, page: Option<&str>, text: &dyn Fn(usize) -> String| {
        let times: Vec<Duration> = (0..n_edits)
            .map(|nth| {
                // As between two saves of a person, if a hasty one.
                thread::sleep(Duration::from_millis(150));
                let text = text(nth);
                let began = Instant::now();
                put(&root, path, &text);
                next(&mut events);
                if let Some(page) = page {
                    get(server.port, page);
                }
                began.elapsed()
            })
            .collect();
        row(name, times);
    };
    edit("a word of a page", &page, None, &|nth| format!("{text}\nEdit {nth}.\n"));
    edit("a word, until the page is there", &page, Some(&url), &|nth| {
        format!("{text}\nFurther edit {nth}.\n")
    });
    edit("a heading of a page", &page, None, &|nth| format!("{text}\n## Heading {nth}\n"));
    edit("a description in a descriptor", &descriptor_path, None, &|nth| {
        descriptor.replace("  description: ", &format!("  description: edit {nth} "))
    });
    edit("an owner in a descriptor", &descriptor_path, None, &|nth| {
        descriptor.replace("  owner: ", &format!("  owner: nobody-{nth}-"))
    });
    edit("a stylesheet of the theme", "look/assets/look.css", None, &|nth| {
        format!("main {{ top: {nth}px }}\n")
    });
    edit("the base template, until the page is there", "look/templates/base.html", Some(&url), &|nth| {
        format!("{BASE}<!-- {nth} -->")
    });
    let pages = |nth: usize| format!("repos/service-{repo}/docs/new-{nth}.md");
    let mut nth = 0;
    let times = (0..n_edits)
        .map(|_| {
            thread::sleep(Duration::from_millis(150));
            nth += 1;
            let began = Instant::now();
            put(&root, &pages(nth), "# New\n");
            next(&mut events);
            began.elapsed()
        })
        .collect();
    row("a page that is new", times);
}

fn row(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let at = |percent: usize| ms(times[(times.len() * percent / 100).min(times.len() - 1)]);
    println!("| {name} | {:.1} | {:.1} | {:.1} |", at(50), at(95), ms(times[times.len() - 1]));
}

fn folder(dir: Option<PathBuf>) -> tempfile::TempDir {
    let shm = Path::new("/dev/shm");
    let builder = |parent: &Path| tempfile::Builder::new().prefix("callboard-bench-").tempdir_in(parent);
    match dir {
        Some(dir) => builder(&dir),
        None if shm.is_dir() => builder(shm),
        None => builder(&std::env::temp_dir()),
    }
    .expect("a folder to work in can be made")
}

fn put(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().expect("a file lies in a folder")).expect("the folder can be made");
    fs::write(file, text).expect("the file can be written");
}

fn serve(root: &Path) -> Server {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_callboard"))
        .args(["serve", "--port", "0"])
        .arg(root)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut said = BufReader::new(child.stderr.take().expect("it was asked for"));
    let port = loop {
        let mut line = String::new();
        assert!(said.read_line(&mut line).expect("it is text") > 0, "the server has ended");
        if let Some(url) = line.strip_prefix("serving http://") {
            let host = url.split('/').next().expect("a URL has a host");
            break host.rsplit(':').next().and_then(|port| port.parse().ok()).expect("it names a port");
        }
    };
    // Nobody may wait for whoever reads this.
    thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    Server { child, port, began }
}

fn ask(port: u16, target: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("it is a socket");
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
    BufReader::new(stream)
}

fn listen(port: u16) -> BufReader<TcpStream> {
    ask(port, "/__callboard/events")
}

/// Waits for an event.
fn next(events: &mut BufReader<TcpStream>) {
    loop {
        let mut line = String::new();
        assert!(events.read_line(&mut line).expect("the event comes in time") > 0, "the stream has ended");
        if line.starts_with("data: ") {
            return;
        }
    }
}

fn get(port: u16, target: &str) {
    let mut page = Vec::new();
    ask(port, target).read_to_end(&mut page).expect("the page comes");
    assert!(page.starts_with(b"HTTP/1.1 200 OK"), "{target}: {}", String::from_utf8_lossy(&page));
}
