//! Conditional and partial requests: nothing when the browser has it,
//! a part when it asks for one, as players of sound and video do.

use std::ops::Range;

use super::http::{Request, Response};

/// What a `Range` header asks of a body.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// There is no such header, or none that counts.
    Whole,
    Of(Range<usize>),
    /// It lies outside.
    None,
}

/// Tags a whole response and leaves of it what the request asks for.
/// `tag` is another one for every other body.
pub(super) fn asked(request: &Request, tag: &str, mut whole: Response) -> Response {
    let etag = format!("\"{tag}\"");
    whole.headers.insert(0, ("ETag", etag.clone()));
    if whole.status != 200 {
        return whole;
    }
    if request.all("if-none-match").iter().any(|tags| has_tag(tags, &etag)) {
        return Response { status: 304, body: Vec::new(), ..whole };
    }
    whole.headers.push(("Accept-Ranges", "bytes".to_string()));
    let length = whole.body.len();
    let is_current = request.all("if-range").iter().all(|tag| *tag == etag);
    let part = match request.all("range").as_slice() {
        [range] if request.method == "GET" && is_current => part(range, length),
        _ => Part::Whole,
    };
    match part {
        Part::Whole => whole,
        Part::Of(range) => {
            let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            whole.headers.push(("Content-Range", place));
            Response { status: 206, headers: whole.headers, body: whole.body[range].to_vec() }
        }
        Part::None => {
            whole.headers.push(("Content-Range", format!("bytes */{length}")));
            Response { status: 416, headers: whole.headers, body: Vec::new() }
        }
    }
}

/// Tells whether `If-None-Match` names a tag; a weak one will do.
fn has_tag(tags: &str, etag: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Reads a `Range` header. One that is wrong counts for nothing, as does
/// one that asks for several parts.
fn part(range: &str, length: usize) -> Part {
    let bounds = match range.split_once('=') {
        Some((unit, range)) if unit.trim().eq_ignore_ascii_case("bytes") => range.trim().split_once('-'),
        _ => None,
    };
    let Some((first, last)) = bounds else { return Part::Whole };
    match (bound(first), bound(last)) {
        (Some(Some(first)), Some(last)) if last.is_none_or(|last| first <= last) => match first < length {
            true => Part::Of(first..last.map_or(length, |last| last.saturating_add(1).min(length))),
            false => Part::None,
        },
        (Some(None), Some(Some(n_last))) => match n_last.min(length) {
            0 => Part::None,
            n_last => Part::Of(length - n_last..length),
        },
        _ => Part::Whole,
    }
}

/// Reads one end of a range, which may be left open; `None` if it is not
/// a number. One that is too large is as large as can be.
fn bound(text: &str) -> Option<Option<usize>> {
    match text {
        "" => Some(None),
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Some(text.parse().unwrap_or(usize::MAX)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: &str, expected: Part) {
        assert_eq!(part(range, 10), expected, "{range}");
    }

    #[test]
    fn ranges_are_read() {
        check("bytes=0-0", Part::Of(0..1));
        check("bytes=-1", Part::Of(9..10));
        check("bytes=-99", Part::Of(0..10));
        check("bytes=0-", Part::Of(0..10));
        check("bytes=9-", Part::Of(9..10));
        check("bytes=2-5", Part::Of(2..6));
        check("Bytes = 2-99", Part::Of(2..10));
        check("bytes=2-18446744073709551615", Part::Of(2..10));
        check("bytes=2-99999999999999999999999", Part::Of(2..10));
        for range in ["bytes=10-", "bytes=10-11", "bytes=99999999999999999999999-", "bytes=-0"] {
            check(range, Part::None);
        }
        for range in [
            "bytes=5-2",
            "bytes=0-0,2-3",
            "bytes=-",
            "bytes=",
            "bytes",
            "",
            "items=0-1",
            "bytes=a-b",
            "bytes=0-b",
            "bytes=+1-2",
            "bytes=--1",
            "bytes=0x0-1",
            "bytes=1 - 2",
        ] {
            check(range, Part::Whole);
        }
        check(&format!("bytes={}", "0-0,".repeat(1000)), Part::Whole);
        assert_eq!(part("bytes=0-", 0), Part::None);
        assert_eq!(part("bytes=-5", 0), Part::None);
    }
}
