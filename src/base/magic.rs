//! Whether a file is what its extension says. A browser that is not told
//! the type of a file, or is told a wrong one, looks at its beginning;
//! what begins like a page would run there as a page.

/// Tells whether a file of this extension, in lower case, begins as its
/// format does. Formats without a mark of their own are texts: they may
/// not begin like a page. An empty file is nothing else.
pub fn is_of_type(extension: &str, bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return true;
    }
    let at = |offset: usize, mark: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(mark));
    match extension {
        "png" => at(0, b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => at(0, b"\xff\xd8\xff"),
        "gif" => at(0, b"GIF87a") || at(0, b"GIF89a"),
        "webp" => at(0, b"RIFF") && at(8, b"WEBP"),
        "wav" => at(0, b"RIFF") && at(8, b"WAVE"),
        "avif" | "mp4" => at(4, b"ftyp"),
        "ico" => at(0, b"\0\0\x01\0") || at(0, b"\x89PNG\r\n\x1a\n"),
        "bmp" => at(0, b"BM"),
        "webm" => at(0, b"\x1a\x45\xdf\xa3"),
        "ogg" | "ogv" => at(0, b"OggS"),
        "mp3" => at(0, b"ID3") || (bytes[0] == 0xff && bytes.get(1).is_some_and(|byte| byte & 0xe0 == 0xe0)),
        "pdf" => at(0, b"%PDF-"),
        "zip" => at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06"),
        _ => !begins_like_a_page(bytes),
    }
}

/// Browsers skip white space, and the mark of UTF-8 and more is skipped
/// here, before they look for a tag.
fn begins_like_a_page(bytes: &[u8]) -> bool {
    let is_skipped = |byte: &u8| *byte <= b' ' || matches!(byte, 0xef | 0xbb | 0xbf | 0xfe | 0xff);
    bytes.iter().find(|byte| !is_skipped(byte)) == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] = b"<!doctype html><script>alert(1)</script>";

    #[track_caller]
    fn check(extension: &str, bytes: &[u8]) {
        assert!(is_of_type(extension, bytes), "{extension}: {bytes:?}");
        assert!(is_of_type(extension, b""), "{extension}: an empty file");
        assert!(!is_of_type(extension, PAGE), "{extension}: a page");
        assert!(
            !is_of_type(extension, &bytes[..1]) || matches!(extension, "csv" | "txt"),
            "{extension}: one byte"
        );
    }

    #[test]
    fn formats_are_told_by_their_beginning() {
        check("png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR");
        check("jpg", b"\xff\xd8\xff\xe0");
        check("jpeg", b"\xff\xd8\xff\xdb");
        check("gif", b"GIF89a");
        check("gif", b"GIF87a");
        check("webp", b"RIFF\0\0\0\0WEBPVP8 ");
        check("wav", b"RIFF\0\0\0\0WAVEfmt ");
        check("avif", b"\0\0\0\x1cftypavif");
        check("mp4", b"\0\0\0\x1cftypisom");
        check("ico", b"\0\0\x01\0\x01\0");
        check("ico", b"\x89PNG\r\n\x1a\n");
        check("bmp", b"BM\0\0");
        check("webm", b"\x1a\x45\xdf\xa3");
        check("ogg", b"OggS");
        check("ogv", b"OggS");
        check("mp3", b"ID3\x04");
        check("mp3", b"\xff\xfb\x90");
        check("pdf", b"%PDF-1.7");
        check("zip", b"PK\x03\x04");
        check("csv", b"a,b");
        check("txt", b"a < b");
    }

    #[test]
    fn one_format_is_not_the_other() {
        assert!(!is_of_type("webp", b"RIFF\0\0\0\0WAVEfmt "));
        assert!(!is_of_type("png", b"GIF89a"));
        assert!(!is_of_type("csv", b"\xef\xbb\xbf\r\n <html>"));
        assert!(!is_of_type("txt", b"\0<html>"));
    }
}
