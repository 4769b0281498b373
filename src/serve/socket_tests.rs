//! What the running server does with connections that are wrong, slow,
//! many or hostile. Sockets on loopback, times cut short.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use super::*;

const TIMES: Times = Times {
    head: Duration::from_millis(300),
    idle: Duration::from_millis(900),
    write: Duration::from_millis(400),
};
/// More than the sockets' buffers hold.
const LARGE_BYTES: usize = 20 << 20;
const PAGE: &str = "<html><head></head><body>index</body></html>";

/// A running server, which ends when it is dropped.
struct Server {
    state: Arc<State>,
    address: SocketAddr,
    n_made: Arc<AtomicUsize>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ending = Ending { state: &self.state, address: self.address };
    }
}

fn server() -> Server {
    let server = unbuilt();
    server.state.stand(site(Arc::clone(&server.n_made)));
    server
}

fn unbuilt() -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let gate = Gate { hostname: "127.0.0.1".to_string(), allowed_hosts: Vec::new() };
    Server { state: answering(listener, gate, TIMES).unwrap(), address, n_made: Arc::default() }
}

fn site(n_made: Arc<AtomicUsize>) -> ServedSite {
    let paths = ["a/index.html", "bomb.html", "index.html", "large.bin", "media.mp4"];
    ServedSite {
        paths: Box::new(move || paths.iter().map(|path| SitePath::new(path)).collect()),
        bytes: Box::new(move |idx| {
            n_made.fetch_add(1, Ordering::Relaxed);
            match paths[idx] {
                "large.bin" => Ok(vec![b'x'; LARGE_BYTES]),
                "media.mp4" => Ok(b"0123456789".to_vec()),
                "bomb.html" => panic!("a page that breaks the renderer"),
                _ => Ok(PAGE.as_bytes().to_vec()),
            }
        }),
        late: Box::new(|_| None),
        troubles: Box::new(Vec::new),
        samples: Box::new(Vec::new),
        navigate: None,
        content_security_policy: String::new(),
        problems: Vec::new(),
        watched: Watched::default(),
    }
}

impl Server {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    /// Sends bytes and reads until the server hangs up.
    fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // The server may hang up before it has heard everything.
        let _refused_early = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for the first page and returns how long the answer took: the
    /// best of a few times, since the machine has other work.
    fn page_time(&self) -> Duration {
        (0..3).map(|_| self.one_page_time()).min().unwrap()
    }

    fn one_page_time(&self) -> Duration {
        let began = Instant::now();
        let answer = self.exchange(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        began.elapsed()
    }

    fn listen(&self) -> BufReader<TcpStream> {
        let mut stream = self.connect();
        stream.write_all(b"GET /__callboard/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut lines = BufReader::new(stream);
        while line(&mut lines) != "\r\n" {}
        assert_eq!(line(&mut lines), "retry: 1000\n");
        assert_eq!(line(&mut lines), "\n");
        lines
    }
}

fn line(lines: &mut impl BufRead) -> String {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    line
}

/// Reads one response of a connection that stays open.
fn response(stream: &mut BufReader<TcpStream>) -> (String, String) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let line = line(stream);
        assert!(!line.is_empty(), "the connection has ended after {head:?}");
        head.push_str(&line);
    }
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

#[track_caller]
fn check(server: &Server, request: &str, expected: &str) {
    let answer = server.exchange(request.replace('\n', "\r\n").as_bytes());
    let status = answer.split(' ').nth(1).unwrap_or("nothing");
    assert_eq!(status, expected, "{request:?}: {answer}");
    if status != "nothing" {
        assert!(answer.contains("\r\nConnection: close\r\n"), "{request:?}: {answer}");
        assert!(!answer.contains("Access-Control"), "{answer}");
        assert!(answer.contains("\r\nX-Content-Type-Options: nosniff\r\n"), "{answer}");
    }
}

#[test]
fn wrong_requests_are_answered_and_closed() {
    let server = server();
    let host = "Host: localhost\nConnection: close\n";
    check(&server, &format!("GET / HTTP/1.1\n{host}\n"), "200");
    check(&server, &format!("HEAD / HTTP/1.1\n{host}\n"), "200");
    check(&server, "GET / HTTP/1.0\nHost: localhost\n\n", "200");
    check(&server, "GET / HTTP/1.0\n\n", "403");
    check(&server, "GET / HTTP/1.1\nConnection: close\n\n", "403");
    check(&server, "GET / HTTP/1.1\nHost: evil.com\nConnection: close\n\n", "403");
    check(&server, &format!("GET / HTTP/1.1\nHost: localhost\n{host}\n"), "403");
    check(&server, &format!("GET / HTTP/1.1\nOrigin: http://evil.com\n{host}\n"), "403");
    check(&server, &format!("GET /__callboard/events HTTP/1.1\nOrigin: null\n{host}\n"), "403");
    check(&server, &format!("POST / HTTP/1.1\nContent-Length: 3\n{host}\nabc"), "405");
    check(&server, &format!("GET / HTTP/1.1\nContent-Length: 3\n{host}\nabc"), "413");
    check(&server, &format!("GET / HTTP/1.1\nTransfer-Encoding: chunked\n{host}\n0\n\n"), "400");
    check(
        &server,
        &format!(
            "POST / HTTP/1.1\nContent-Length: 5\nTransfer-Encoding: chunked\n{host}\n0\n\nGET /smuggled"
        ),
        "400",
    );
    check(&server, &format!("GET / HTTP/1.1\nA: b\n c\n{host}\n"), "400");
    check(&server, &format!("GET /{} HTTP/1.1\n{host}\n", "x".repeat(9000)), "414");
    check(&server, &"x".repeat(200_000), "414");
    check(&server, &format!("GET / HTTP/1.1\nA: {}\n{host}\n", "x".repeat(17 << 10)), "431");
    check(&server, &format!("GET / HTTP/1.1\n{}{host}\n", "A: b\n".repeat(101)), "431");
    check(&server, &format!("GET http://localhost/ HTTP/1.1\n{host}\n"), "400");
    check(&server, &format!("GET * HTTP/1.1\n{host}\n"), "400");
    check(&server, &format!("GET /\u{e9} HTTP/1.1\n{host}\n"), "404");
    check(&server, &format!("CONNECT localhost:22 HTTP/1.1\n{host}\n"), "405");
    check(&server, &format!("GET /bomb.html HTTP/1.1\n{host}\n"), "500");
    check(&server, "PRI * HTTP/2.0\n\nSM\n\n", "nothing");
    for noise in [&b"\x16\x03\x01\x00\xa5\x01\x00\x00"[..], b"\0", b"\r\n\r\n", b"\xff\xfe", b""] {
        let mut stream = server.connect();
        stream.write_all(noise).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(answer, b"", "{noise:?}");
    }
    let answer = server.exchange(b"GET / HTTP/1.1\nHost: localhost\n\n");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    server.page_time();
}

#[test]
fn a_connection_is_used_again_and_requests_may_follow_at_once() {
    let server = server();
    let mut stream = BufReader::new(server.connect());
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for path in ["/", "/nope", "/a", "/media.mp4"] {
        stream.get_mut().write_all(get(path).as_bytes()).unwrap();
        let (head, _) = response(&mut stream);
        assert!(!head.contains("Connection"), "{head}");
    }
    let both = get("/media.mp4") + &get("/nope") + &get("/");
    stream.get_mut().write_all(both.as_bytes()).unwrap();
    assert_eq!(response(&mut stream).1, "0123456789");
    assert!(response(&mut stream).0.starts_with("HTTP/1.1 404 "));
    assert!(response(&mut stream).1.contains("index"));
}

#[test]
fn a_part_is_sent_when_it_is_asked_for() {
    let server = server();
    let ask = |headers: &str| {
        let mut stream = BufReader::new(server.connect());
        let request = format!("GET /media.mp4 HTTP/1.1\nHost: localhost\n{headers}\n\n");
        stream.get_mut().write_all(request.replace('\n', "\r\n").as_bytes()).unwrap();
        let (head, body) = response(&mut stream);
        let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("");
        let status = head.split(' ').nth(1).unwrap_or("").to_string();
        (format!("{status} {} {body}", value("Content-Range: ")), value("ETag: ").to_string())
    };
    let (whole, etag) = ask("A: b");
    assert_eq!(whole, "200  0123456789");
    assert_eq!(ask("Range: bytes=0-0").0, "206 bytes 0-0/10 0");
    assert_eq!(ask("Range: bytes=-3").0, "206 bytes 7-9/10 789");
    assert_eq!(ask("Range: bytes=8-99999999999999999999").0, "206 bytes 8-9/10 89");
    assert_eq!(ask("Range: bytes=10-").0, "416 bytes */10 ");
    assert_eq!(ask("Range: bytes=5-2").0, whole);
    assert_eq!(ask("Range: bytes=0-0,2-2").0, whole);
    assert_eq!(ask("Range: bytes=0-0\nRange: bytes=1-1").0, whole);
    assert_eq!(ask(&format!("Range: bytes=1-1\nIf-Range: {etag}")).0, "206 bytes 1-1/10 1");
    assert_eq!(ask(&format!("Range: bytes=1-1\nIf-Range: W/{etag}")).0, whole);
    assert_eq!(ask("Range: bytes=1-1\nIf-Range: Sat, 01 Jan 2028 00:00:00 GMT").0, whole);
    assert_eq!(ask(&format!("Range: bytes=1-1\nIf-None-Match: {etag}")).0, "304  ");
    assert_eq!(ask("If-Modified-Since: Sat, 01 Jan 2028 00:00:00 GMT").0, whole);
}

#[test]
fn half_a_request_has_little_time_and_silence_a_little_more() {
    let server = server();
    let closed_after = |begin: &str, drip: bool| {
        let (began, mut stream) = (Instant::now(), server.connect());
        stream.write_all(begin.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        while began.elapsed() < Duration::from_secs(5) {
            match stream.read(&mut [0; 1]) {
                Ok(n_read) => {
                    assert_eq!(n_read, 0, "an answer to half a request");
                    break;
                }
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock) => {}
                Err(_) => break,
            }
            if drip && stream.write_all(b"x").is_err() {
                break;
            }
        }
        began.elapsed()
    };
    let within = |time: Duration, least: Duration| time >= least && time < least + Duration::from_secs(1);
    assert!(within(closed_after("GET / HTTP/1.1\r\nA: ", true), TIMES.head));
    assert!(within(closed_after("G", false), TIMES.head));
    assert!(within(closed_after("", false), TIMES.idle));
}

#[test]
fn many_half_open_connections_starve_nobody() {
    let server = server();
    let mut half_open = Vec::new();
    for n in 0..10_000 {
        let mut stream = server.connect();
        let _sent_away = stream.write_all(b"GET / HTTP/1.1\r\nHost: lo");
        half_open.push(stream);
        if n % 500 == 0 {
            // Who asks whole questions is answered, however many do not.
            server.one_page_time();
        }
        // Those that were sent away need not stay.
        if half_open.len() > 3 * listen::MAX_CONNECTIONS {
            half_open.drain(..listen::MAX_CONNECTIONS);
        }
    }
    server.one_page_time();
}

#[test]
fn listeners_that_are_gone_are_forgotten() {
    let server = server();
    server.state.hub.publish("first");
    let gone: Vec<_> = (0..50).map(|_| server.listen()).collect();
    drop(gone);
    let mut stays = server.listen();
    assert_eq!(line(&mut stays), "data: first\n");
    let mut n_tries = 0;
    while server.state.hub.n_listeners() > 1 {
        server.state.hub.publish("second");
        thread::sleep(Duration::from_millis(20));
        n_tries += 1;
        assert!(n_tries < 500, "{} are left", server.state.hub.n_listeners());
    }
    assert_eq!((line(&mut stays), line(&mut stays)), ("\n".to_string(), "data: second\n".to_string()));
}

#[test]
fn who_stops_reading_is_left_and_others_are_answered() {
    let server = server();
    let stuck: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut stream = server.connect();
            stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            // The answer has begun, and so has the time to take it.
            stream.read_exact(&mut [0; 1]).unwrap();
            stream
        })
        .collect();
    server.page_time();
    thread::sleep(TIMES.write * 2 + Duration::from_millis(300));
    for mut stream in stuck {
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        assert!(!answer.is_empty() && answer.len() < LARGE_BYTES, "{} bytes", answer.len());
    }
}

#[test]
fn a_client_that_dies_in_the_middle_harms_nobody() {
    let server = server();
    for _ in 0..50 {
        let mut stream = server.connect();
        stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n").unwrap();
        drop(stream);
    }
    for _ in 0..3 {
        let mut stream = server.connect();
        stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        stream.read_exact(&mut [0; 10]).unwrap();
    }
    server.page_time();
}

#[test]
fn all_listeners_hear_soon_and_the_oldest_of_too_many_goes() {
    let server = server();
    server.state.hub.publish("first");
    let mut oldest = server.listen();
    assert_eq!(line(&mut oldest), "data: first\n");
    let mut others: Vec<_> = (0..events::MAX_LISTENERS).map(|_| server.listen()).collect();
    let mut rest = String::new();
    oldest.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "\nevent: full\ndata: {}\n\n");
    for listener in &mut others {
        assert_eq!(line(listener), "data: first\n");
        assert_eq!(line(listener), "\n");
    }
    let mut fan_out = || {
        let began = Instant::now();
        server.state.hub.publish("second");
        for listener in &mut others {
            assert_eq!(line(listener), "data: second\n");
            assert_eq!(line(listener), "\n");
        }
        began.elapsed()
    };
    let time = (0..5).map(|_| fan_out()).min().unwrap();
    assert!(time < Duration::from_millis(50), "{time:?} for {} listeners", others.len());
    let time = server.page_time();
    assert!(time < Duration::from_millis(100), "{time:?} beside {} listeners", others.len());
}

#[test]
fn a_page_that_is_asked_for_too_early_waits_for_the_site() {
    let server = unbuilt();
    thread::scope(|scope| {
        let asked = scope.spawn(|| server.one_page_time());
        thread::sleep(Duration::from_millis(200));
        server.state.stand(site(Arc::clone(&server.n_made)));
        assert!(asked.join().unwrap() >= Duration::from_millis(150));
    });
    assert_eq!(server.n_made.load(Ordering::Relaxed), 1);
    let broken = server.exchange(b"GET /bomb.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(broken.starts_with("HTTP/1.1 500 "), "{broken}");
    server.page_time();
}

#[test]
fn noise_of_every_kind_gets_nothing_that_the_table_lacks() {
    let server = server();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let good = b"GET /a/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes=0-9\r\n\r\n";
    for _ in 0..300 {
        let mut bytes = good.to_vec();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => bytes.insert(at, b" \t\r\n:/\0%"[random(8)]),
                2 => drop(bytes.remove(at)),
                _ => bytes.swap(at, good.len() / 2),
            }
        }
        let mut stream = server.connect();
        stream.write_all(&bytes).unwrap();
        let _may_be_closed = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let statuses = ["200", "206", "301", "400", "403", "404", "405", "413", "416"];
        let is_known = statuses.iter().any(|status| answer.starts_with(&format!("HTTP/1.1 {status} ")));
        assert!(answer.is_empty() || is_known, "{:?}: {answer}", String::from_utf8_lossy(&bytes));
    }
    server.page_time();
}
