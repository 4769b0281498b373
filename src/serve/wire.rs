//! Bytes to requests and responses to bytes: the only file that knows
//! how HTTP is written. It reads GET and HEAD strictly, within bounds
//! of size and of time, and never the body of a request.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::http::{Request, Response};

const MAX_LINE_BYTES: usize = 8 << 10;
const MAX_HEADERS_BYTES: usize = 16 << 10;
const MAX_HEADERS: usize = 100;
/// Bodies are written in pieces of this size, each of which has its
/// time.
const PIECE_BYTES: usize = 64 << 10;
/// What is still read after a refusal, so that the answer is not lost:
/// closing a socket with unread bytes throws away what was written.
const MAX_LINGER_BYTES: usize = 256 << 10;
const LINGER: Duration = Duration::from_millis(500);

/// How long the other side may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// For the head of a request, from its first byte on.
    pub(super) head: Duration,
    /// Until the first byte of a request.
    pub(super) idle: Duration,
    /// To take a piece of a response.
    pub(super) write: Duration,
}

/// The times of a server that nobody tests.
pub(super) const TIMES: Times =
    Times { head: Duration::from_secs(10), idle: Duration::from_secs(60), write: Duration::from_secs(30) };

/// What came over a connection.
#[derive(Debug)]
pub(super) enum Incoming {
    Request(Request),
    /// What no browser sends: answered with this status, then closed.
    Refused(u16),
    /// The other side is gone, too slow, or does not speak HTTP/1.1:
    /// closed without a word.
    Nothing,
}

/// A connection as a sequence of requests.
pub(super) struct Wire {
    stream: Arc<TcpStream>,
    times: Times,
    /// What has come and is not yet part of a request.
    buffer: Vec<u8>,
}

impl Wire {
    pub(super) fn new(stream: Arc<TcpStream>, times: Times) -> io::Result<Wire> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(times.write))?;
        Ok(Wire { stream, times, buffer: Vec::new() })
    }

    /// Waits for the next request.
    pub(super) fn next(&mut self) -> Incoming {
        let mut is_begun = !self.buffer.is_empty();
        let mut end = Instant::now() + if is_begun { self.times.head } else { self.times.idle };
        let mut head = Head::default();
        loop {
            match head.end(&self.buffer) {
                Ok(Some(length)) => {
                    let incoming = parsed(&self.buffer[..length]);
                    self.buffer.drain(..length);
                    return incoming;
                }
                Ok(None) => {}
                Err(incoming) => return incoming,
            }
            match self.read(end) {
                Some(piece) => self.buffer.extend_from_slice(&piece),
                None => return Incoming::Nothing,
            }
            if !is_begun {
                is_begun = true;
                end = Instant::now() + self.times.head;
            }
        }
    }

    /// Writes a whole response.
    pub(super) fn send(&self, response: &Response, is_last: bool) -> io::Result<()> {
        let mut bytes = head(response, is_last).into_bytes();
        if response.body.len() <= PIECE_BYTES {
            // One packet instead of two.
            bytes.extend_from_slice(&response.body);
            return self.write(&bytes);
        }
        self.write(&bytes)?;
        response.body.chunks(PIECE_BYTES).try_for_each(|piece| self.write(piece))
    }

    /// Writes some bytes, all within the time for one piece.
    pub(super) fn write(&self, mut bytes: &[u8]) -> io::Result<()> {
        let began = Instant::now();
        let mut stream = &*self.stream;
        while !bytes.is_empty() {
            if began.elapsed() > self.times.write {
                return Err(io::ErrorKind::TimedOut.into());
            }
            match stream.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n_written) => bytes = &bytes[n_written..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Tells whether the other side has hung up, without waiting.
    pub(super) fn is_gone(&self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return true;
        }
        // Whatever is said on a stream of events is not listened to.
        let read = (&*self.stream).read(&mut [0; 1024]);
        let is_blocking = self.stream.set_nonblocking(false).is_ok();
        let is_open = match read {
            Ok(n_read) => n_read > 0,
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        };
        !is_open || !is_blocking
    }

    /// Says that nothing follows, and hears the other side out for a
    /// while.
    pub(super) fn linger(&self) {
        if self.stream.shutdown(std::net::Shutdown::Write).is_err() {
            return;
        }
        let end = Instant::now() + LINGER.min(self.times.head);
        let mut n_left = MAX_LINGER_BYTES;
        while let Some(piece) = self.read(end) {
            n_left = n_left.saturating_sub(piece.len());
            if n_left == 0 {
                return;
            }
        }
    }

    /// Reads what comes before `end`; `None` if nothing does.
    fn read(&self, end: Instant) -> Option<Vec<u8>> {
        let mut piece = vec![0; 8 << 10];
        loop {
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.set_read_timeout(Some(left)).ok()?;
            match (&*self.stream).read(&mut piece) {
                Ok(0) => return None,
                Ok(n_read) => {
                    piece.truncate(n_read);
                    return Some(piece);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}

/// How far the head of a request was looked at.
#[derive(Default)]
struct Head {
    n_seen: usize,
    /// Where the current line begins.
    line: usize,
    /// Where the headers begin, once the first line has ended.
    headers: Option<usize>,
}

impl Head {
    /// Returns the length of the head, once it is whole. Bytes are
    /// judged as they come, so nobody waits for the end of a mistake.
    fn end(&mut self, buffer: &[u8]) -> Result<Option<usize>, Incoming> {
        let refused = |status| Err(Incoming::Refused(status));
        for idx in self.n_seen..buffer.len() {
            let (byte, before) = (buffer[idx], idx.checked_sub(1).map(|at| buffer[at]));
            if idx == 0 && !is_token(byte) {
                return Err(Incoming::Nothing); // TLS, or noise.
            }
            if (byte == b'\n') != (before == Some(b'\r')) {
                return refused(400); // One without the other.
            }
            let is_folded = idx == self.line && idx > 0 && matches!(byte, b' ' | b'\t');
            if is_folded || byte.is_ascii_control() && !matches!(byte, b'\r' | b'\n' | b'\t') {
                return refused(400);
            }
            match self.headers {
                None if idx >= MAX_LINE_BYTES + 2 => return refused(414),
                Some(headers) if idx - headers >= MAX_HEADERS_BYTES + 2 => return refused(431),
                _ => {}
            }
            if byte == b'\n' {
                if self.headers.is_some() && idx - self.line == 1 {
                    return Ok(Some(idx + 1));
                }
                self.line = idx + 1;
                self.headers.get_or_insert(idx + 1);
            }
        }
        self.n_seen = buffer.len();
        Ok(None)
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Parses a head that ends with an empty line.
fn parsed(head: &[u8]) -> Incoming {
    if head.starts_with(b"PRI * HTTP/2.0\r\n") {
        return Incoming::Nothing;
    }
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Complete(length)) if length == head.len() => {}
        Err(httparse::Error::TooManyHeaders) => return Incoming::Refused(431),
        _ => return Incoming::Refused(400),
    }
    let (Some(method), Some(target), Some(version)) = (request.method, request.path, request.version) else {
        return Incoming::Refused(400);
    };
    let owned = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    let headers: Vec<(String, String)> = request.headers.iter().map(owned).collect();
    let mut request =
        Request { method: method.to_string(), target: target.to_string(), headers, is_last: version == 0 };
    let Some(has_body) = has_body(&request) else { return Incoming::Refused(400) };
    if has_body && matches!(method, "GET" | "HEAD") {
        return Incoming::Refused(413);
    }
    let connection = request.all("connection").join(",");
    let is_close = |word: &str| word.trim().eq_ignore_ascii_case("close");
    request.is_last |= has_body || connection.split(',').any(is_close);
    Incoming::Request(request)
}

/// Tells whether a body follows; `None` if that cannot be said for sure,
/// as when a request is made to look like two.
fn has_body(request: &Request) -> Option<bool> {
    if !request.all("transfer-encoding").is_empty() {
        return None;
    }
    match request.all("content-length").as_slice() {
        [] => Some(false),
        [length] if !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(length.bytes().any(|byte| byte != b'0'))
        }
        _ => None,
    }
}

fn head(response: &Response, is_last: bool) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", response.status, reason(response.status));
    for (name, value) in &response.headers {
        // A line break in a value would begin another header.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if is_last {
        head.push_str("Connection: close\r\n");
    }
    head.push_str("\r\n");
    head
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        416 => "Range Not Satisfiable",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a head in two ways, at once and byte by byte, and says what
    /// came of it.
    fn read(head: &str) -> String {
        let at_once = outcome(&[head.as_bytes()]);
        let pieces: Vec<&[u8]> = head.as_bytes().chunks(1).collect();
        assert_eq!(outcome(&pieces), at_once, "{head:?}");
        at_once
    }

    fn outcome(pieces: &[&[u8]]) -> String {
        let (mut buffer, mut head) = (Vec::new(), Head::default());
        for piece in pieces {
            buffer.extend_from_slice(piece);
            let incoming = match head.end(&buffer) {
                Ok(None) => continue,
                Ok(Some(length)) => parsed(&buffer[..length]),
                Err(incoming) => incoming,
            };
            return match incoming {
                Incoming::Request(request) => {
                    let last = if request.is_last { " last" } else { "" };
                    format!("{} {}{last}", request.method, request.target)
                }
                Incoming::Refused(status) => status.to_string(),
                Incoming::Nothing => "nothing".to_string(),
            };
        }
        "unfinished".to_string()
    }

    #[track_caller]
    fn check(head: &str, expected: &str) {
        assert_eq!(read(&head.replace('\n', "\r\n")), expected, "{head:?}");
    }

    #[track_caller]
    fn check_raw(head: &str, expected: &str) {
        assert_eq!(read(head), expected, "{head:?}");
    }

    #[test]
    fn requests_are_read() {
        check("GET /a?b HTTP/1.1\nHost: x\n\n", "GET /a?b");
        check("GET / HTTP/1.1\n\n", "GET /");
        check("GET / HTTP/1.0\n\n", "GET / last");
        check("get * HTTP/1.1\n\n", "get *");
        check("GET / HTTP/1.1\nConnection: Keep-Alive, Close\n\n", "GET / last");
        check("GET / HTTP/1.1\nContent-Length: 0\n\n", "GET /");
        check("GET / HTTP/1.1\nHost: x\n", "unfinished");
        check("", "unfinished");
    }

    #[test]
    fn what_no_browser_sends_is_refused() {
        check_raw("GET / HTTP/1.1\nHost: x\n\n", "400");
        check_raw("GET / HTTP/1.1\r\nHost: x\n", "400");
        check_raw("GET / HTTP/1.1\r\nHost: x\rY: z\r\n\r\n", "400");
        check_raw("GET /\0 HTTP/1.1\r\n\r\n", "400");
        check_raw("GET / HTTP/1.1\r\nA: \x1b[31m\r\n\r\n", "400");
        check("GET / HTTP/1.1\nA: b\n c\n\n", "400");
        check("GET / HTTP/1.1\nA: b\n\tc\n\n", "400");
        check("GET / HTTP/1.1\n A: b\n\n", "400");
        check("GET / HTTP/1.1\nA : b\n\n", "400");
        check("GET / HTTP/1.1\nA\n\n", "400");
        check("GET / HTTP/1.1\n: b\n\n", "400");
        check("GET /\n\n", "400");
        check("GET / HTTP/2.0\n\n", "400");
        check("GET  / HTTP/1.1\n\n", "400");
        check("GET / x HTTP/1.1\n\n", "400");
        check("garbage\n\n", "400");
    }

    #[test]
    fn bodies_are_refused() {
        check("GET / HTTP/1.1\nContent-Length: 1\n\n", "413");
        check("HEAD / HTTP/1.1\nContent-Length: 99999999999999999999999\n\n", "413");
        check("POST / HTTP/1.1\nContent-Length: 1\n\n", "POST / last");
        check("GET / HTTP/1.1\nTransfer-Encoding: chunked\n\n", "400");
        check("POST / HTTP/1.1\nTransfer-Encoding: chunked\nContent-Length: 3\n\n", "400");
        check("GET / HTTP/1.1\nTransfer-Encoding: \n\n", "400");
        for length in ["-1", "+1", "1, 1", "", "0x1", "1 1", "\u{661}"] {
            check(&format!("GET / HTTP/1.1\nContent-Length: {length}\n\n"), "400");
        }
        check("GET / HTTP/1.1\nContent-Length: 0\nContent-Length: 0\n\n", "400");
    }

    #[test]
    fn other_protocols_get_nothing() {
        check("PRI * HTTP/2.0\n\nSM\n\n", "nothing");
        check_raw("\x16\x03\x01\x02", "nothing");
        check_raw("\r\nGET / HTTP/1.1\r\n\r\n", "nothing");
        check_raw("\0\0\0", "nothing");
        check_raw("{\"jsonrpc\"", "nothing");
        check_raw("\u{e9}", "nothing");
    }

    #[test]
    fn heads_have_bounds() {
        let line = |n_bytes: usize| format!("GET /{} HTTP/1.1\n\n", "x".repeat(n_bytes - 14));
        assert!(read(&line(MAX_LINE_BYTES).replace('\n', "\r\n")).starts_with("GET /x"));
        check(&line(MAX_LINE_BYTES + 1), "414");
        check(&"x".repeat(MAX_LINE_BYTES + 3), "414");
        let headers = |n_bytes: usize| format!("GET / HTTP/1.1\nA: {}\n\n", "x".repeat(n_bytes - 5));
        check(&headers(MAX_HEADERS_BYTES), "GET /");
        check(&headers(MAX_HEADERS_BYTES + 1), "431");
        check(&format!("GET / HTTP/1.1\n{}\n", "A: b\n".repeat(MAX_HEADERS)), "GET /");
        check(&format!("GET / HTTP/1.1\n{}\n", "A: b\n".repeat(MAX_HEADERS + 1)), "431");
    }
}
