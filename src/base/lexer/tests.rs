use std::fmt::Write as _;
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};

use super::*;

#[track_caller]
fn check(language: &str, code: &str, expected: Expect) {
    let html = html(language, code).expect("a language that the lexer knows");
    assert_eq!(plain(&html), code);
    expected.assert_eq(&short(&html));
}

/// Writes spans as `[k fn]`, to be read more easily.
fn short(html: &str) -> String {
    html.replace("<span class=\"", "[").replace("\">", " ").replace("</span>", "]")
}

/// Takes spans and escapes away; no span may hold a line's end.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find("<span class=\"") {
        text.push_str(&rest[..at]);
        let (span, behind) = rest[at..].split_once("</span>").expect("a span that closes");
        let inner = &span["<span class=\"x\">".len()..];
        assert!(!inner.contains('\n') && !inner.contains('<') && !inner.is_empty(), "{span:?}");
        text.push_str(inner);
        rest = behind;
    }
    text.push_str(rest);
    assert!(!text.contains(['<', '>', '"', '\'']), "not escaped: {text:?}");
    let unescaped = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    unescaped.replace("&#39;", "'").replace("&amp;", "&")
}

fn names() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().flat_map(|language| language.names.iter().copied())
}

/// Code that touches every reader; each is read as every language.
const SAMPLES: &[&str] = &[
    "const a = `x ${y.z + `${1}`} w`; /* é\n */ class A<T> extends B { x?: string = 'ü\\n'; }\n<a b={c}>t &amp; {d}</a>",
    "apiVersion: v1 # c\nx: [a, \"b\\u00e9\", 'c''d', {e: 1}]\n- &a !t |-\n  text é\n  more\n? k\n: *a\n---\n%X\n\"a\nb\": c",
    "$ npm i --save \"a $X ${Y:-z} $(b `c`) $((1+2))\" <<EOF | tee x > y 2>&1\nhi $Z é\nEOF\ncase $x in a) b;; esac # c\n",
    "@x.y\nasync def f(self, *a: int = 1) -> str:\n    \"\"\"Doc é\"\"\"\n    return f\"a{x!r:>{w}} {{}}\" + rb'\\d' + '''é\n'''\n",
    "#[derive(A)]\npub fn f<'a>(x: &'a str) -> u8 { r##\"a\"#b\"##; b'\\n'; 'é'; x!(\"{} {y:?}\"); /* /* */ */ }\n",
    "<?xml v=\"1\"?><!DOCTYPE html><!-- é --><a:b c='d' e=f><![CDATA[é]]></a:b><script>let a = 1;</script><style>a{b:c}</style>",
    "# T\n**b** `c` [d](http://e) <f>\n```rust\nfn é() {}\n```\n~~~\nx\n",
    "resource \"a\" \"b\" {\n  c = \"x-${var.d}\"\n  e = <<-EOT\n  é\n  EOT\n}\n[t.u]\nk = 1979-05-27\n",
    "FROM a:b AS c\nRUN d \\\n  && e \"f\"\nGET /x HTTP/1.1\nHost: é\n\n{\"a\": 1}\n",
    "a { color: #fff; margin: 0 1.5em !important; &:hover { b: url(é) } }\n@media (x: 1px) { .c > d[e=\"f\"]::g {} }\n",
    "SELECT a.b, 'c''d' FROM e -- é\nX := $(Y) z\n\t@echo $$é $(Z)\n--- a\n+++ b\n@@ -1 +1 @@\n-é\n+f\n",
    "",
    "\n",
    "\r\n\r\n",
    "\u{feff}é\u{2028}𝒳\0\u{7f}",
];

#[test]
fn every_prefix_keeps_its_text() {
    for sample in SAMPLES {
        for name in names() {
            for (end, _) in sample.char_indices().chain([(sample.len(), ' ')]) {
                let code = &sample[..end];
                let html = html(name, code).expect("a name of the table");
                assert_eq!(plain(&html), code, "{name}");
            }
        }
    }
}

#[test]
fn random_text_keeps_its_text() {
    const PIECES: &[&str] = &[
        "\"",
        "'",
        "`",
        "\\",
        "/",
        "*",
        "/*",
        "*/",
        "//",
        "#",
        "<",
        ">",
        "</",
        "/>",
        "<!--",
        "-->",
        "${",
        "$(",
        "((",
        "))",
        "#{",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "\n",
        "\n",
        " ",
        "\t",
        "a",
        "B",
        "é",
        "𝒳",
        "1",
        "0x",
        "-",
        "--",
        ":",
        ": ",
        "=",
        "=>",
        "?",
        "|",
        "&",
        ";",
        ",",
        ".",
        "@",
        "!",
        "$",
        "%",
        "~",
        "```",
        "\"\"\"",
        "'''",
        "r#\"",
        "f\"",
        "<<EOF",
        "EOF",
        "if ",
        "type ",
        "class ",
        "fn ",
        "case ",
        "in ",
        "<a ",
        "script>",
        "\r\n",
        "- ",
        "\\u{",
        "const x = ",
        "^",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    for round in 0..300 {
        let mut code = String::new();
        for _ in 0..random(60) {
            code.push_str(PIECES[random(PIECES.len())]);
        }
        for name in names() {
            let html = html(name, &code).expect("a name of the table");
            assert_eq!(plain(&html), code, "{name}, round {round}");
        }
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    const SHAPES: &[&str] = &[
        "\"",
        "'",
        "`",
        "/*",
        "${",
        "<",
        "\\",
        "(",
        "{",
        "[",
        "<a ",
        "</",
        "<a>{",
        "<<A",
        "<<A\n",
        "r#\"",
        "r#",
        "(/[",
        "/(",
        "a<",
        "a<b,",
        "\n",
        " ",
        "$(",
        "`${",
        "\"$(",
        "f\"{",
        "# ",
        "- ",
        "? ",
        "a: ",
        "[a, ",
        "{a: ",
        "|\n",
        "```\n",
        "**a",
        "`a ``",
        "](",
        "<!--",
        "<script>",
        "<![CDATA[",
        "@",
        ":",
        "=>",
        "?",
        "a?b:",
        "é",
        "'''",
        "\"\"\"",
        "#[",
        "%",
        "0e+",
        "a.",
        "--",
        "$((",
        "case ",
        "\\\n",
        "a{",
        "a(",
        "/*/",
        "{\"",
        "\"\\",
        "&a",
        "*",
        "<a",
        "a=",
        "a: |\n",
        "\t",
        ";",
        "#{",
        "'a",
    ];
    for language in LANGUAGES {
        let name = language.names[0];
        for shape in SHAPES {
            let code = shape.repeat(60_000 / shape.len());
            let start = Instant::now();
            let html = html(name, &code).expect("a name of the table");
            let took = start.elapsed();
            assert!(took < Duration::from_millis(400), "{name} {shape:?} {took:?}");
            assert!(html.len() >= code.len());
        }
    }
}
