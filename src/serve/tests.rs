//! What a server answers: the table of bad requests, over a tiny site,
//! and the real server on a port of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::channel;

use crate::base::disk::Disk;
use crate::base::world::World;

use super::http::{Request, Response};
use super::*;

const PAGE: &str = "<html><head><title>t</title></head><body>page</body></html>";

/// A site of a few files, each of which says its own path.
fn site() -> ServedSite {
    let paths = ["404.html", "_cb/a.css", "a b/index.html", "docs/x:y/index.html", "img.svg", "index.html"];
    ServedSite {
        paths: Box::new(move || paths.iter().map(|path| SitePath::new(path)).collect()),
        bytes: Box::new(move |idx| match paths[idx] {
            "img.svg" => Err(Failure::environment("<broken>")),
            path if path.ends_with(".html") => Ok(PAGE.replace("page", path).into_bytes()),
            path => Ok(path.as_bytes().to_vec()),
        }),
        late: Box::new(|_| None),
        troubles: Box::new(Vec::new),
        samples: Box::new(Vec::new),
        navigate: None,
        content_security_policy: "default-src 'none'".to_string(),
        problems: Vec::new(),
        watched: Watched::default(),
    }
}

fn gate() -> Gate {
    Gate { hostname: "127.0.0.1".to_string(), allowed_hosts: vec!["dev.acme.example".to_string()] }
}

fn ask(method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    let owned = |(name, value): &(&str, &str)| (name.to_ascii_lowercase(), value.to_string());
    let headers = headers.iter().map(owned).collect();
    let request = Request { method: method.to_string(), target: target.to_string(), headers, is_last: false };
    match http::answer(&request, &gate(), &site()) {
        Answer::Whole(response) => response,
        Answer::Events => Response { status: 200, headers: Vec::new(), body: b"events".to_vec() },
    }
}

fn get(target: &str) -> Response {
    ask("GET", target, &[("Host", "localhost:3000")])
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    let found = response.headers.iter().find(|(own, _)| *own == name);
    found.map_or("", |(_, value)| value.as_str())
}

#[track_caller]
fn check(target: &str, status: u16) {
    let response = get(target);
    let body = String::from_utf8_lossy(&response.body).into_owned();
    assert_eq!(response.status, status, "{target}: {body}");
}

#[test]
fn paths_lead_to_the_table_alone() {
    check("/", 200);
    check("/index.html", 200);
    check("/?x=/../..", 200);
    check("/_cb/a.css", 200);
    check("/a%20b/", 200);
    check("/docs/x:y/", 200);
    check("/docs/x%3ay/", 200);
    for target in [
        "/../etc/passwd",
        "/%2e%2e/",
        "/..%2f",
        "/..%5c",
        "/\\..\\",
        "/x/.",
        "/a%20b/./",
        "/%00",
        "/index.html%00",
        "/%c0%ae%c0%ae/",
        "/%",
        "/%2",
        "/%zz",
        "/%+1",
        "/#x",
        "http://h/x",
        "*",
        "",
        "index.html",
        "/_cb%2fa.css",
        "/\u{7f}",
    ] {
        check(target, 400);
    }
    for target in [
        "/%252e%252e/",
        "/c:/windows",
        "/.env",
        "/.git/config",
        "//x",
        "//",
        "//index.html",
        "/_cb//a.css",
        "/@fs/etc/passwd?raw??",
        "/index.html/",
        "/INDEX.html",
        "/nope",
        "/404",
        "/_cb/",
        "/_cb",
        "/__callboard/",
        "/__callboard/live.rs",
    ] {
        check(target, 404);
    }
}

#[test]
fn random_targets_give_nothing_that_the_table_lacks() {
    let alphabet: Vec<&str> =
        "/ . .. % %2e %2f %5c \\ a b index.html _cb a.css 404 : ? # \u{e9} %c3%a9 docs img.svg"
            .split(' ')
            .collect();
    let mut seed = 0x9e37_79b9_u64;
    let mut n_found = 0;
    for _ in 0..100_000 {
        let mut target = "/".to_string();
        for _ in 0..seed % 6 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            target.push_str(alphabet[(seed % alphabet.len() as u64) as usize]);
        }
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let response = get(&target);
        let body = String::from_utf8_lossy(&response.body).into_owned();
        match response.status {
            200 => {
                n_found += 1;
                let is_known = (site().paths)().iter().any(|path| body.contains(path.as_str()));
                assert!(is_known, "{target}: {body}");
            }
            301 => assert!(header(&response, "Location").starts_with("./"), "{target}"),
            400 | 404 | 500 => {}
            status => panic!("{target}: {status}"),
        }
    }
    assert!(n_found > 100, "only {n_found} targets were found");
}

#[test]
fn a_folder_without_its_slash_redirects_below_itself() {
    let location = |target: &str| {
        let response = get(target);
        assert_eq!(response.status, 301, "{target}");
        header(&response, "Location").to_string()
    };
    assert_eq!(location("/a%20b"), "./a%20b/");
    assert_eq!(location("/docs/x:y"), "./x%3Ay/");
    assert_eq!(location("/docs/x:y?a=//evil.com"), "./x%3Ay/?a=//evil.com");
    check("//evil.com", 404);
    check("//a%20b", 404);
}

#[track_caller]
fn check_host(hosts: &[&str], status: u16) {
    let headers: Vec<(&str, &str)> = hosts.iter().map(|host| ("Host", *host)).collect();
    assert_eq!(ask("GET", "/", &headers).status, status, "{hosts:?}");
}

#[test]
fn only_our_own_hosts_are_answered() {
    for host in [
        "localhost",
        "LOCALHOST:3000",
        "portal.localhost:1",
        "127.0.0.1:3000",
        "127.1.2.3",
        "[::1]:3000",
        "[::1]",
        "dev.acme.example",
        "Dev.Acme.Example:443",
    ] {
        check_host(&[host], 200);
    }
    for host in [
        "evil.com",
        "",
        ":3000",
        "127.0.0.1.evil.com",
        "localhost:1@evil",
        "localhost.evil.com",
        "evillocalhost",
        "localhost:",
        "localhost:x",
        "localhost:1:2",
        "[::1",
        "[::1]x",
        "[::2]",
        "192.168.1.5:3000",
        "x.dev.acme.example",
        "\u{e9}",
        "localhost/",
        "localhost.",
        "[localhost]evil",
    ] {
        check_host(&[host], 403);
    }
    check_host(&[], 403);
    check_host(&["localhost", "evil.com"], 403);
    check_host(&["localhost", "localhost"], 403);
}

#[test]
fn whoever_listens_everywhere_is_called_by_any_address() {
    let request = |host: &str| Request {
        method: "GET".to_string(),
        target: "/".to_string(),
        headers: vec![("host".to_string(), host.to_string())],
        is_last: false,
    };
    let gate = Gate { hostname: "0.0.0.0".to_string(), allowed_hosts: Vec::new() };
    let status = |host: &str| match http::answer(&request(host), &gate, &site()) {
        Answer::Whole(response) => response.status,
        Answer::Events => 0,
    };
    assert_eq!(status("192.168.1.5:3000"), 200);
    assert_eq!(status("evil.com:3000"), 403);
}

#[track_caller]
fn check_headers(target: &str, headers: &[(&str, &str)], status: u16) {
    let mut all = vec![("Host", "localhost:3000")];
    all.extend(headers);
    assert_eq!(ask("GET", target, &all).status, status, "{headers:?}");
}

#[test]
fn other_sites_are_not_answered() {
    for target in ["/", "/__callboard/events"] {
        check_headers(target, &[("Origin", "http://localhost:3000")], 200);
        check_headers(target, &[("Origin", "http://localhost:4000")], 403);
        check_headers(target, &[("Origin", "http://evil.com")], 403);
        check_headers(target, &[("Origin", "null")], 403);
        check_headers(target, &[("Origin", "\u{1}%%")], 403);
        check_headers(target, &[("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors")], 200);
        check_headers(target, &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")], 403);
        check_headers(target, &[("Sec-Fetch-Site", "same-site")], 403);
    }
    let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")];
    check_headers("/", &link, 200);
    check_headers("/__callboard/events", &link, 403);
}

#[test]
fn only_get_and_head_are_answered() {
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", ""] {
        let response = ask(method, "/", &[("Host", "localhost")]);
        assert_eq!((response.status, header(&response, "Allow")), (405, "GET, HEAD"), "{method}");
    }
    let (got, head) = (get("/"), ask("HEAD", "/", &[("Host", "localhost")]));
    assert_eq!(head.headers, got.headers);
    assert!(head.body.is_empty() && !got.body.is_empty());
}

#[test]
fn a_known_tag_is_not_sent_again() {
    let etag = header(&get("/"), "ETag").to_string();
    let status = |tags: &str| ask("GET", "/", &[("Host", "localhost"), ("If-None-Match", tags)]).status;
    assert_eq!(status(&etag), 304);
    assert_eq!(status(&format!("\"x\", W/{etag}")), 304);
    assert_eq!(status("*"), 304);
    assert_eq!(status("\"x\""), 200);
    assert_eq!(status(""), 200);
    let not_found = ask("GET", "/nope", &[("Host", "localhost"), ("If-None-Match", "*")]);
    assert_eq!(not_found.status, 404);
}

#[test]
fn headers_close_what_a_page_could_open() {
    let page = get("/");
    assert_eq!(header(&page, "Content-Type"), "text/html; charset=utf-8");
    assert_eq!(header(&page, "Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
    let tag = header(&page, "ETag").trim_matches('"');
    assert!(String::from_utf8(page.body.clone()).unwrap().contains(&format!("live.js\" data-tag=\"{tag}\"")));
    for target in ["/", "/_cb/a.css", "/nope", "/%", "/__callboard/live.js"] {
        let response = get(target);
        assert_eq!(header(&response, "X-Content-Type-Options"), "nosniff", "{target}");
        assert_eq!(header(&response, "Cross-Origin-Resource-Policy"), "same-origin", "{target}");
        assert!(response.headers.iter().all(|(name, _)| !name.starts_with("Access-Control")));
    }
    let missing = get("/nope");
    assert!(String::from_utf8(missing.body).unwrap().contains("404.html"));
    let broken = get("/img.svg");
    assert_eq!(broken.status, 500);
    assert!(String::from_utf8(broken.body).unwrap().contains("&lt;broken&gt;"));
}

/// Sends a request and reads the answer to its end.
fn exchange(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Reads a stream's lines up to one that begins with `data:`.
fn next_event(lines: &mut impl BufRead) -> String {
    loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the stream has ended");
        if let Some(data) = line.strip_prefix("data: ") {
            return data.trim_end().to_string();
        }
    }
}

#[test]
fn a_change_reaches_the_browser_and_a_failure_keeps_the_last_site() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page");
    Disk.write(&page, b"one").unwrap();
    let watched = Watched { folders: vec![folder.path().to_path_buf()], ..Watched::default() };
    let options = ServeOptions {
        hostname: "127.0.0.1".to_string(),
        port: Some(0),
        allowed_hosts: Vec::new(),
        watched: watched.clone(),
        skip: Vec::new(),
    };
    let n_builds = AtomicUsize::new(0);
    let rebuild = |_: Option<&[PathBuf]>| {
        n_builds.fetch_add(1, Ordering::Relaxed);
        let text = String::from_utf8(Disk.read(&page).unwrap()).unwrap();
        if text == "bad" {
            return Err(Failure::usage("it is bad").with_help("mend it"));
        }
        let body = PAGE.replace("page", &text);
        let bytes: Bytes = Box::new(move |_| Ok(body.clone().into_bytes()));
        Ok(Some(ServedSite {
            bytes,
            paths: Box::new(|| [SitePath::new("index.html")].into()),
            watched: watched.clone(),
            ..site()
        }))
    };
    let signal = AtomicU8::new(0);
    let (sender, ready) = channel();
    let report = move |event: Event<'_>| {
        if let Event::Ready { url } = event {
            sender.send(url.to_string()).unwrap();
        }
    };
    thread::scope(|scope| {
        let (page, signal) = (&page, &signal);
        scope.spawn(move || visit(page, &ready, signal));
        let ended = serve(&options, &rebuild, &report, signal);
        assert_eq!(ended.unwrap_err().exit_code(), 130);
    });
    assert!(n_builds.load(Ordering::Relaxed) >= 4);
}

/// What a browser does meanwhile.
fn visit(page: &Path, ready: &std::sync::mpsc::Receiver<String>, signal: &AtomicU8) {
    // The server must end even if an assertion fails here.
    struct Stop<'s>(&'s AtomicU8);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(2, Ordering::Relaxed);
        }
    }
    let _stop = Stop(signal);
    let url = ready.recv().unwrap();
    let port: u16 = url.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    let get = |target: &str| {
        exchange(port, &format!("GET {target} HTTP/1.1\nHost: localhost\nConnection: close\n\n"))
    };

    let first = get("/");
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n") && first.contains("<body>one</body>"), "{first}");
    let head = exchange(port, "HEAD / HTTP/1.1\nHost: localhost\nConnection: close\n\n");
    assert!(head.ends_with("\r\n\r\n") && head.contains("Content-Length: "), "{head}");
    assert!(get("/../page").starts_with("HTTP/1.1 400 "));
    assert!(get("/page").starts_with("HTTP/1.1 404 "));
    let evil = exchange(port, "GET / HTTP/1.1\nHost: evil.com\nConnection: close\n\n");
    assert!(evil.starts_with("HTTP/1.1 403 "), "{evil}");
    let posted =
        exchange(port, "POST / HTTP/1.1\nHost: localhost\nContent-Length: 3\nConnection: close\n\nabc");
    assert!(posted.starts_with("HTTP/1.1 405 "), "{posted}");
    exchange(port, "garbage\n\n");

    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"GET /__callboard/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream);
    let standing = next_event(&mut lines);
    assert!(standing.contains("-1\",\"stale\":false"), "{standing}");

    Disk.write(page, b"two").unwrap();
    let changed = next_event(&mut lines);
    assert!(changed.contains("\"stale\":false") && changed != standing, "{changed}");
    assert!(get("/").contains("<body>two</body>"));

    Disk.write(page, b"bad").unwrap();
    let failed = next_event(&mut lines);
    assert!(failed.contains("\"stale\":true") && failed.contains("it is bad"), "{failed}");
    assert!(get("/").contains("<body>two</body>"));

    Disk.write(page, b"three").unwrap();
    let mended = next_event(&mut lines);
    assert!(mended.contains("\"stale\":false") && mended.contains("\"problems\":[]"), "{mended}");
    assert!(get("/").contains("<body>three</body>"));
}

#[test]
fn an_edit_during_a_build_is_built_too() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page");
    Disk.write(&page, b"0").unwrap();
    let watched = Watched { folders: vec![folder.path().to_path_buf()], ..Watched::default() };
    let options = ServeOptions {
        hostname: "127.0.0.1".to_string(),
        port: Some(0),
        allowed_hosts: Vec::new(),
        watched: watched.clone(),
        skip: Vec::new(),
    };
    let (n_builds, signal, ended_with) = (AtomicUsize::new(0), AtomicU8::new(0), Mutex::new(Vec::new()));
    let rebuild = |_: Option<&[PathBuf]>| {
        let text = Disk.read(&page).unwrap();
        // Each of the first builds is overtaken by an edit.
        let n_build = n_builds.fetch_add(1, Ordering::Relaxed);
        if n_build < 5 {
            Disk.write(&page, (n_build + 1).to_string().as_bytes()).unwrap();
        }
        if text == b"5" {
            signal.store(2, Ordering::Relaxed);
        }
        *ended_with.lock().unwrap() = text;
        if n_build > 20 {
            signal.store(9, Ordering::Relaxed);
        }
        Ok(Some(ServedSite { watched: watched.clone(), ..site() }))
    };
    let ended = serve(&options, &rebuild, &|_| {}, &signal);
    assert_eq!(ended.unwrap_err().exit_code(), 130);
    assert_eq!(*ended_with.lock().unwrap(), b"5");
}

#[test]
fn a_taken_port_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let options = |port| ServeOptions {
        hostname: "127.0.0.1".to_string(),
        port,
        allowed_hosts: Vec::new(),
        watched: Watched::default(),
        skip: Vec::new(),
    };
    let failure = listen::bind(&options(Some(port))).unwrap_err();
    assert_eq!(failure.exit_code(), 2);
    assert!(failure.message.contains(&port.to_string()), "{failure}");
    // Without a port in mind, two servers live side by side.
    let first = listen::bind(&options(None)).unwrap();
    let second = listen::bind(&options(None)).unwrap();
    assert_ne!(first.local_addr().unwrap().port(), second.local_addr().unwrap().port());
}
