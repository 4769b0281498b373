//! From a request to a response: who may ask, what a path means, and
//! the headers. Pure; no string of a request ever reaches the disk, only
//! the site's table of paths.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use std::net::IpAddr;

use crate::base::hash;
use crate::base::text;
use crate::model::failure::Failure;
use crate::model::site_path::SitePath;

use super::partial::asked;
use super::{ServedSite, live};

/// The URL of the event stream.
pub(super) const EVENTS: &str = "/__callboard/events";
const LIVE_JS: &str = "/__callboard/live.js";
const LIVE_CSS: &str = "/__callboard/live.css";

/// A request, without its body, which nothing here ever reads.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    /// Names are in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// Whether the connection ends with it.
    pub(super) is_last: bool,
}

/// A whole response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// What a request gets.
#[derive(Debug)]
pub(super) enum Answer {
    Whole(Response),
    /// The stream of events: it never ends.
    Events,
}

/// Who may ask: the names in `Host` that are ours. Without this check
/// any page in the browser could read the portal, by a DNS name that it
/// points to this machine.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate {
    /// The address that the server listens on, as it was given.
    pub(super) hostname: String,
    pub(super) allowed_hosts: Vec<String>,
}

/// Answers a request from a site.
pub(super) fn answer(request: &Request, gate: &Gate, site: &ServedSite) -> Answer {
    let mut answer = match refused(request, gate) {
        Some(response) => Answer::Whole(response),
        None => allowed(request, site),
    };
    if let Answer::Whole(response) = &mut answer {
        complete(response);
        if request.method == "HEAD" {
            // The length stays that of the answer to GET.
            response.body.clear();
        }
    }
    answer
}

/// Answers what could not be understood as a request.
pub(super) fn refusal(status: u16) -> Response {
    let mut response = plain(
        status,
        match status {
            413 => "Nothing can be sent here.",
            414 => "This address is too long.",
            431 => "There are too many headers, or they are too long.",
            _ => "This request cannot be understood.",
        },
    );
    complete(&mut response);
    response
}

/// Adds the headers that every response has.
fn complete(response: &mut Response) {
    response.headers.extend([
        ("X-Content-Type-Options", "nosniff".to_string()),
        ("Cross-Origin-Resource-Policy", "same-origin".to_string()),
        ("Cross-Origin-Opener-Policy", "same-origin".to_string()),
        ("Referrer-Policy", "same-origin".to_string()),
        ("Cache-Control", "no-cache".to_string()),
    ]);
    if response.status != 304 {
        response.headers.push(("Content-Length", response.body.len().to_string()));
    }
}

/// Returns the refusal of a request that may not have an answer.
fn refused(request: &Request, gate: &Gate) -> Option<Response> {
    let host = match request.all("host").as_slice() {
        [host] if gate.allows(host) => host.to_ascii_lowercase(),
        _ => {
            return Some(plain(
                403,
                "This host name is not allowed here. Name it with `--allowed-host` if it is yours.",
            ));
        }
    };
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        let mut response = plain(405, "Only GET and HEAD are answered here.");
        response.headers.push(("Allow", "GET, HEAD".to_string()));
        return Some(response);
    }
    let is_foreign = request.all("origin").iter().any(|origin| {
        let origin = origin.to_ascii_lowercase();
        let origin_host = origin.strip_prefix("http://").or(origin.strip_prefix("https://"));
        origin_host != Some(host.as_str())
    });
    let (fetch_site, mode) = (request.all("sec-fetch-site"), request.all("sec-fetch-mode"));
    let is_cross_site = fetch_site.iter().any(|from| matches!(*from, "cross-site" | "same-site"));
    // A link from elsewhere may lead here; nothing else may.
    let is_whole = matches!(request.all("sec-fetch-dest").as_slice(), [] | ["document"]);
    let is_navigation = mode == ["navigate"] && is_whole && request.path() != EVENTS;
    if is_foreign || is_cross_site && !is_navigation {
        return Some(plain(403, "This portal does not answer other sites."));
    }
    None
}

fn allowed(request: &Request, site: &ServedSite) -> Answer {
    let script = |body: &str, path: &str| {
        let headers = vec![("Content-Type", content_type(path).to_string())];
        let body = body.as_bytes().to_vec();
        Answer::Whole(asked(request, &hash::hash(&body).short(), Response { status: 200, headers, body }))
    };
    match request.path() {
        EVENTS if request.method == "HEAD" => return Answer::Whole(plain(200, "")),
        EVENTS => return Answer::Events,
        LIVE_JS => return script(live::SCRIPT, LIVE_JS),
        LIVE_CSS => return script(live::STYLE, LIVE_CSS),
        _ => {}
    }
    let Some(path) = decoded(request.path()) else {
        return Answer::Whole(plain(400, "This address cannot be understood."));
    };
    let file = match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.clone(),
    };
    Answer::Whole(if let Some(idx) = site.find(&file) {
        served(request, site, idx, 200)
    } else if let Some(bytes) = (site.late)(&file) {
        made(request, site, &file, bytes, 200)
    } else if let Some(location) = folder_location(request, site, &path) {
        let mut response = plain(301, "This page is a folder.");
        response.headers.push(("Location", location));
        response
    } else if let Some(idx) = site.find("404.html") {
        served(request, site, idx, 404)
    } else {
        plain(404, "There is no such page.")
    })
}

fn served(request: &Request, site: &ServedSite, idx: usize, status: u16) -> Response {
    made(request, site, (site.paths)()[idx].as_str(), (site.bytes)(idx), status)
}

fn made(
    request: &Request,
    site: &ServedSite,
    path: &str,
    bytes: Result<Vec<u8>, Failure>,
    status: u16,
) -> Response {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(failure) => return broken(path, &failure),
    };
    let is_page = path.ends_with(".html");
    let tag = if is_page { live::tag(&bytes) } else { hash::hash(&bytes).short() };
    let body = if is_page { live::with_script(bytes, &tag) } else { bytes };
    let mut headers = vec![("Content-Type", content_type(path).to_string())];
    if is_page {
        let policy = format!("{}; frame-ancestors 'none'", site.content_security_policy);
        headers.push(("Content-Security-Policy", policy.trim_start_matches("; ").to_string()));
    } else if path.ends_with(".svg") || path.ends_with(".xml") {
        // A picture of a page's author may hold a script; opened by
        // itself it would run as this site.
        let policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";
        headers.push(("Content-Security-Policy", policy.to_string()));
    }
    asked(request, &tag, Response { status, headers, body })
}

/// Returns the page that stands for one that cannot be made. It reloads
/// itself as others do, so that it goes once the trouble is mended.
fn broken(path: &str, failure: &Failure) -> Response {
    let help = failure.help.as_deref().unwrap_or_default();
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not rendered</title></head>\
         <body><h1>This page could not be rendered</h1><p><code>{}</code></p><p>{}</p><p>{}</p></body></html>",
        text::escape_html(path),
        text::escape_html(&failure.message),
        text::escape_html(help)
    );
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";
    let tag = live::tag(page.as_bytes());
    Response {
        status: 500,
        headers: vec![
            ("Content-Type", content_type(".html").to_string()),
            ("Content-Security-Policy", policy.to_string()),
            // Not for caches: the page compares it with its own.
            ("ETag", format!("\"{tag}\"")),
        ],
        body: live::with_script(page.into_bytes(), &tag),
    }
}

fn plain(status: u16, text: &str) -> Response {
    let content_type = ("Content-Type", content_type(".txt").to_string());
    Response { status, headers: vec![content_type], body: text.as_bytes().to_vec() }
}

/// Decodes a path once; `None` for what no link of a site leads to. The
/// result has no leading slash.
fn decoded(path: &str) -> Option<String> {
    let bytes = path.strip_prefix('/')?.as_bytes();
    if bytes.contains(&b'#') {
        return None; // A browser never sends a fragment.
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut idx = 0;
    while idx < bytes.len() {
        let mut byte = bytes[idx];
        idx += 1;
        if byte == b'%' {
            let digit = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
            byte = (digit(idx)? * 16 + digit(idx + 1)?) as u8;
            idx += 2;
            if byte == b'/' {
                return None; // Hidden from whoever splits before decoding.
            }
        }
        if byte == b'\\' || byte.is_ascii_control() {
            return None;
        }
        decoded.push(byte);
    }
    let path = String::from_utf8(decoded).ok()?;
    let is_clean = !path.split('/').any(|part| matches!(part, "." | ".."));
    is_clean.then_some(path)
}

/// Returns where the page of a folder lies, relative to the same path
/// without the slash at its end. It starts with `./`, so it can name
/// neither a scheme nor a host.
fn folder_location(request: &Request, site: &ServedSite, path: &str) -> Option<String> {
    if path.is_empty() || path.ends_with('/') {
        return None;
    }
    site.find(&format!("{path}/index.html"))?;
    let name = path.rsplit('/').next().unwrap_or(path);
    let query = request.target.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    Some(format!("./{}/{query}", utf8_percent_encode(name, NON_ALPHANUMERIC)))
}

pub(super) fn content_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "txt" | "md" | "yaml" | "yml" | "proto" | "graphql" | "csv" | "toml" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

impl Request {
    /// Returns all values of a header; `name` is in lower case.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(field, _)| field == name);
        named.map(|(_, value)| value.trim()).collect()
    }

    fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }
}

impl Gate {
    fn allows(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let Some(name) = name_of(&host) else { return false };
        if name == "localhost" || name.ends_with(".localhost") {
            return true;
        }
        if let Ok(address) = name.parse::<IpAddr>() {
            // No DNS name can pose as an address, so whoever listens on
            // all addresses may be called by any of them.
            let is_open = self.hostname.parse::<IpAddr>().is_ok_and(|own| own.is_unspecified());
            if address.is_loopback() || is_open {
                return true;
            }
        }
        let is_same = |own: &str| own.trim_matches(['[', ']']).eq_ignore_ascii_case(name);
        is_same(&self.hostname) || self.allowed_hosts.iter().any(|own| is_same(own))
    }
}

/// Returns the name in a `Host` header, without brackets and port.
fn name_of(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => match host.find(':') {
            Some(at) => host.split_at(at),
            None => (host, ""),
        },
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let has_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    (!name.is_empty() && has_port).then_some(name)
}

impl ServedSite {
    fn find(&self, path: &str) -> Option<usize> {
        // A path that is not written as the site writes it is not found.
        (self.paths)()
            .binary_search_by(|own| own.as_str().cmp(path))
            .ok()
            .filter(|_| SitePath::new(path).as_str() == path)
    }
}
