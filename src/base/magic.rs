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

/// Returns the width and height of a picture, read from its beginning
/// alone: nothing is decompressed.
pub fn size(bytes: &[u8]) -> Option<[u32; 2]> {
    let at = |offset: usize, n: usize| bytes.get(offset..offset + n);
    let big = |offset: usize| Some(u32::from_be_bytes(at(offset, 4)?.try_into().ok()?));
    let little16 = |offset: usize| Some(u32::from(u16::from_le_bytes(at(offset, 2)?.try_into().ok()?)));
    let little24 =
        |offset: usize| Some(at(offset, 3)?.iter().rev().fold(0, |n, byte| n << 8 | u32::from(*byte)));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && at(12, 4)? == b"IHDR" {
        return Some([big(16)?, big(20)?]);
    }
    if bytes.starts_with(b"GIF8") {
        return Some([little16(6)?, little16(8)?]);
    }
    if bytes.starts_with(b"RIFF") && at(8, 4)? == b"WEBP" {
        return match at(12, 4)? {
            b"VP8X" => Some([little24(24)? + 1, little24(27)? + 1]),
            b"VP8L" => {
                let bits = u32::from_le_bytes(at(21, 4)?.try_into().ok()?);
                Some([(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1])
            }
            b"VP8 " => Some([little16(26)? & 0x3fff, little16(28)? & 0x3fff]),
            _ => None,
        };
    }
    if bytes.starts_with(b"\xff\xd8") { jpeg_size(bytes) } else { None }
}

/// Walks over the segments of a JPEG to the one that tells the size.
fn jpeg_size(bytes: &[u8]) -> Option<[u32; 2]> {
    let big16 = |offset: usize| {
        let two = bytes.get(offset..offset + 2)?;
        Some(u32::from(u16::from_be_bytes(two.try_into().ok()?)))
    };
    let mut offset = 2;
    loop {
        let marker = match bytes.get(offset..offset + 2)? {
            [0xff, 0xff] => {
                offset += 1;
                continue;
            }
            [0xff, marker] => *marker,
            _ => return None,
        };
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some([big16(offset + 7)?, big16(offset + 5)?]);
            }
            0xd9 | 0xda => return None,
            0x01 | 0xd0..=0xd8 => offset += 2,
            _ => offset += 2 + (big16(offset + 2)? as usize).max(2),
        }
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

    #[test]
    fn sizes_are_read_from_the_beginning() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\0\0\0\0\x20";
        assert_eq!(size(png), Some([256, 32]));
        assert_eq!(size(b"GIF89a\x0a\0\x14\0"), Some([10, 20]));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\0\x30\0\x40";
        assert_eq!(size(jpeg), Some([64, 48]));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x63\0\0\x31\0\0";
        assert_eq!(size(webp), Some([100, 50]));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x63\x40\x0c\0";
        assert_eq!(size(lossless), Some([100, 50]));
        for cut in 0..png.len() {
            assert_eq!(size(&png[..cut]), None);
        }
        assert_eq!(size(b"\xff\xd8\xff\xe0\0\0"), None);
        assert_eq!(size(b"\xff\xd8\xff\xda\0\x04"), None);
    }
}
