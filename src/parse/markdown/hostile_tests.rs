//! What hostile pages become: nothing that runs, nothing slow, nothing
//! lost.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::*;

const HOSTILE: &[&str] = &[
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1)) [b](&#x6A;avascript&colon;alert(1))",
    "[a](<java\tscript:alert(1)>) [b](\u{1}javascript:alert(1))",
    "<javascript:alert(1)>",
    "[r]\n\n[r]: javascript:alert(1)",
    "![a](javascript:alert(1)) ![b](data:image/svg+xml,<svg onload=alert(1)>)",
    "[a](vbscript:x) [b](file:///etc/passwd) [c](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href=\"javascript:alert(1)\">x</a> <a href=&#106;avascript:alert(1)>x</a> <a href=' java&Tab;script:x'>x</a>",
    "<img src=x onerror=alert(1)> <img src='javascript:x' srcset='javascript:x 2x' alt=y>",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "<body onload=alert(1)> <input autofocus onfocus=alert(1)> <x contenteditable onblur=alert(1)>",
    "<video><source onerror=alert(1)></video> <p onanimationstart=x style='animation:x'>y</p>",
    "<script>alert(1)</script> <SCRIPT/x>alert(1)</SCRIPT> <<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<script src=//evil.example></script>\n\n<script",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><a><set attributeName=href to=javascript:alert(1) /></a><foreignObject><p>x</p></foreignObject></svg>",
    "<math><mtext><mglyph><style><!--</style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<div><style><style/><img src=x onerror=alert(1)></style></div>",
    "<template><img src=x onerror=alert(1)></template> <select><template><img src=x onerror=alert(1)></template></select>",
    "<form action=//evil.example><math></math></form><form><button formaction=javascript:x>a</button>",
    "<table><caption><svg><p><style><img src=x onerror=alert(1)></style>",
    "<iframe src=https://evil.example srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><applet></applet><base href=//e><meta http-equiv=refresh content='0;url=//e'>",
    "<link rel=stylesheet href=//e> <textarea><img src=x onerror=alert(1)></textarea> <title><script>x</script></title>",
    "<p style=\"position:fixed;inset:0\" class=\"cb-modal x\" id=\"cb-search\">y</p>",
    "<a target=_blank href=https://e.example>x</a> <a id=x name=currentScript>y</a>",
    "```\"><img onerror=alert(1)>\nx\n```\n\n~~~js\" onclick=\"x\ny\n~~~",
    "# x {#id .c onclick=alert(1)}\n\n[a](b){: onclick=alert(1) style=x }",
    "[^\"><img onerror=x>] a\n\n[^\"><img onerror=x>]: note",
    "[a](b \"\\\" onmouseover=x\") ![\\\" onerror=x](y)",
    "!!! note \"<img src=x onerror=alert(1)>\"\n    <script>x</script>",
    "=== \"<img src=x onerror=alert(1)>\"\n    x\n\n=== \"</label><script>x</script>\"\n    y",
    "<div title=\"\n\n```\n\" onclick=alert(1) x=\"\n```\n\n\">",
    "<p title='\u{fdd1}0\u{fdd2}&#xFDD1;0&#xFDD2;'>&#xFDD1;0&#xFDD2;\u{fdd3}0\u{fdd4}</p>\n\n```\nx\n```",
    "<a href='&#xFDD3;0&#xFDD4;' title='&#64979;0&#64980;'>x</a> [y](z)",
    "&#xFDD1;0&#xFDD2; <!--\u{fdd0}o0--> <!--&#xFDD0;o0-->\n\n```\nx\n```",
    "<!--\u{fdd0}o0-->\n!!! note\n    a\n<!--\u{fdd0}c0-->",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img onerror=x&#62;",
    "<b><p><table><td></b></table></p></i></div></div></main></body></html><!-- x",
    "<?php echo 1 ?> <!DOCTYPE html> <![CDATA[<script>x</script>]]>",
    "<a href=\"x\"><a href=\"y\"><b id=\"1\"><b id=\"2\"></a></a>",
    "<div\nonclick=alert(1)\n>\nx\n</div\n>",
    "| a |\n|---|\n| <script>x</script> <img src=x onerror=y> |",
    "<img src=\"a.png\"onerror=alert(1)> <img/src=a/onerror=x> <img src=`a`onerror=x>",
    "- <div>\n\n  !!! note\n      x\n\n  </ul></div>\n- b",
    "++\"<img src=x onerror=alert(1)>\"+ctrl++ {++<script>alert(1)</script>++} {>>\" onclick=x<<}",
    "*[XX]: \"><img src=x onerror=alert(1)>\n\nXX `#!py\" onclick=alert(1) x` `#!html <script>alert(1)</script>`",
    "/// html | div.x[onclick=\"alert(1)\"]\n<script>alert(1)</script>\n///\n\n/// html | script\nalert(1)\n///",
    "/// note | <img src=x onerror=alert(1)>\n    attrs: {class: cb-modal x, onclick: alert(1)}\n\nx\n///",
    "[=50% \"<img src=x onerror=alert(1)>\"]\n\n[TOC]\n\n# <img src=x onerror=alert(1)> {#a}\n",
    "```math\n\\text{<img src=x onerror=alert(1)>}\\href{javascript:alert(1)}{x}\n```\n\n$\\style{x:y}{a}$",
    "<script>alert(1)</script>\n:   <img src=x onerror=alert(1)>\n\na\n:   <svg onload=alert(1)>",
    ">>> [!tip] <img src=x onerror=alert(1)>\n<script>alert(1)</script>\n>>>",
    "```py\nx # (1)! <script>alert(1)</script>\n# highlight-next-line\n<img src=x onerror=alert(1)>\n```\n\n1. x",
    "\u{fdd5}<script>alert(1)</script>\n\n<a href=\"javascript:alert(1)\">\nx\n</a>",
    "<details>\n\n=== \"a\"\n    </details>\n    x\n\n</details>",
];

fn html_of(text: &str, flavour: Flavour) -> String {
    let options = MarkdownOptions {
        flavour,
        highlight: true,
        text: true,
        remote_images: &[],
        extensions: &EXTENSIONS,
        mdx: false,
        draw: Draw::ANEW,
    };
    let doc = doc(FileId(0), text.as_bytes(), &options, &|_| Err(Refusal::NotFound));
    let mut html = String::new();
    for piece in doc.body.get().iter() {
        match piece {
            Piece::Html(part) => html.push_str(part),
            Piece::Link(number) => {
                let link = &doc.links[*number as usize];
                assert!(url::safe_link(&link.target).is_some(), "{}", link.target);
                html.push_str(" href=\"#hole\"");
            }
        }
    }
    html
}

/// Reads HTML in the strictest way, with code that the rest does not
/// use, and fails on everything that we do not mean to write.
#[track_caller]
pub(super) fn assert_safe(html: &str, text: &str) {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("a", &["href", "rel", "aria-label", "data-ln"] as &[&str]),
        ("img", &["href", "alt", "loading", "width", "height"]),
        ("input", &["type", "id", "name", "checked", "disabled"]),
        ("label", &["for"]),
        ("div", &["data-tabs"]),
        ("pre", &["tabindex"]),
        ("span", &["data-ln", "role"]),
        ("details", &["open"]),
        ("ol", &["start"]),
        ("progress", &["value", "max"]),
        ("td", &["colspan", "rowspan"]),
        ("th", &["colspan", "rowspan"]),
    ]);
    let plain = "abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn dl dt \
        em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li mark ol p q rp rt ruby s samp section \
        small strong sub summary sup table tbody td tfoot th thead time tr u ul var";
    let math = "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms \
        mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics";
    let of_math = "accent accentunder columnspan depth display displaystyle fence form height largeop linethickness \
        lspace mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy symmetric \
        voffset width";
    let bad = |why: &str| panic!("{why}\n  page: {text:?}\n  html: {html}");
    let mut open: Vec<&str> = Vec::new();
    for (idx, part) in html.split('<').enumerate() {
        if part.contains(|c: char| ('\u{fdd0}'..='\u{fdef}').contains(&c)) {
            bad("a marker is left");
        }
        if idx == 0 {
            continue;
        }
        let Some((tag, _)) = part.split_once('>') else {
            return bad("a tag has no end");
        };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                bad("tags are not balanced");
            }
            continue;
        }
        let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let is_math = math.split(' ').any(|known| known == name);
        if !is_math && !allowed.contains_key(name) && !plain.split(' ').any(|known| known == name) {
            bad("a tag is not allowed");
        }
        if !["br", "hr", "img", "input", "col"].contains(&name) {
            open.push(name);
        }
        while !rest.is_empty() {
            let end = rest.find(['=', ' ']).unwrap_or(rest.len());
            let key = &rest[..end];
            let is_known = ["class", "id", "title", "dir", "lang"].contains(&key)
                || (is_math && of_math.split(' ').any(|known| known == key))
                || allowed.get(name).is_some_and(|keys| keys.contains(&key));
            if !is_known {
                bad("an attribute is not allowed");
            }
            rest = &rest[end..];
            if let Some(value) = rest.strip_prefix("=\"") {
                let (value, after) = value.split_once('"').unwrap_or((value, ""));
                if key == "href" && !value.starts_with('#') {
                    bad("an address is not a hole");
                }
                let ours = ["cb-code", "cb-math", "cb-note"];
                let is_ours = name == "input" || ours.iter().any(|ours| value.starts_with(ours));
                if (key == "id" || key == "class")
                    && !is_ours
                    && value.split(' ').any(|word| word.starts_with("cb-"))
                {
                    bad("a name of the theme is used");
                }
                rest = after;
            }
            rest = rest.strip_prefix(' ').unwrap_or(rest);
        }
    }
    if !open.is_empty() {
        bad("an element is not closed");
    }
}

#[test]
fn hostile_pages_are_harmless() {
    for text in HOSTILE {
        for flavour in [Flavour::TechDocs, Flavour::GitHub, Flavour::MdBook] {
            assert_safe(&html_of(text, flavour), text);
        }
    }
}

#[test]
fn hostile_pages_are_harmless_together_and_nested() {
    let all = HOSTILE.join("\n\n");
    assert_safe(&html_of(&all, Flavour::TechDocs), "all");
    for text in HOSTILE {
        let indented = text.replace('\n', "\n    ");
        for page in [
            format!("- {}", text.replace('\n', "\n  ")),
            format!("> {}", text.replace('\n', "\n> ")),
            format!("!!! note\n    {indented}\n\nafter"),
            format!("=== \"x\"\n    {indented}\n=== \"y\"\n    z"),
            format!("<div>\n\n{text}\n\n</div>\n\nafter"),
            format!("[^1]\n\n[^1]: {indented}"),
            format!("| {} |\n|---|\n| b |", text.replace('\n', " ")),
        ] {
            assert_safe(&html_of(&page, Flavour::TechDocs), &page);
        }
    }
}

/// The writer and the sanitiser each suffice alone; this is the writer.
#[test]
fn the_writer_alone_is_harmless() {
    let options = MarkdownOptions {
        flavour: Flavour::TechDocs,
        highlight: false,
        text: true,
        remote_images: &[],
        extensions: &EXTENSIONS,
        mdx: false,
        draw: Draw::ANEW,
    };
    for text in HOSTILE {
        let mut diags = Vec::new();
        let source = source::decode(FileId(0), text.as_bytes(), &mut diags);
        let mut places = Places::new(FileId(0), &source.text, 0);
        let nothing = |_: &str| Err(Refusal::NotFound);
        let lines =
            snippets::lines(options.flavour, &source.text, (0, 1), &[], &nothing, &mut places, &mut diags);
        let prepared =
            prepass::prepared(options.flavour, options.extensions, &lines, &mut places, &mut diags);
        let written = writer::written(&prepared, &options, Purpose::Page, &mut places, &mut diags);
        let mut html = String::new();
        for piece in pieces::pieces(&written.html, &written.widgets) {
            match piece {
                Piece::Html(part) => html.push_str(&part),
                Piece::Link(_) => html.push_str(" href=\"#hole\""),
            }
        }
        assert_safe(&html, text);
    }
}

#[test]
fn cut_and_mixed_pages_are_harmless() {
    let all = HOSTILE.join("\n");
    // A small generator of our own: the same every time.
    let mut seed = 7_u32;
    let mut random = move |n: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % n
    };
    let chars: Vec<char> = all.chars().collect();
    for _ in 0..400 {
        let mut page = String::new();
        for _ in 0..4 {
            let start = random(chars.len());
            page.extend(&chars[start..(start + random(60)).min(chars.len())]);
            page.push_str(["", "\n", "\n\n", "\n    ", "\n> ", "\n- ", " "][random(7)]);
        }
        assert_safe(&html_of(&page, Flavour::TechDocs), &page);
    }
}

#[test]
fn fragments_have_no_anchors_and_no_relative_links() {
    let html = fragment("# A\n\n[a](b.md) <https://x.example> <b onclick=x>c</b>");
    assert_eq!(
        &*html,
        "<p><strong>A</strong></p>\n<p><a>a</a> <a href=\"https://x.example\" rel=\"noopener noreferrer\" \
         class=\"external\">https://x.example</a> <b>c</b></p>"
    );
}

#[test]
fn page_of_any_bytes_is_read() {
    for bytes in [
        &b""[..],
        b"\xff",
        b"\xff\xfe",
        b"\xfe\xff\x00",
        b"\0\0",
        b"---",
        b"---\n",
        b"---\n---",
        b"\r\r\n\n",
        b"`",
        b"<",
        b"&",
    ] {
        let options = MarkdownOptions {
            flavour: Flavour::TechDocs,
            highlight: true,
            text: true,
            remote_images: &[],
            extensions: &EXTENSIONS,
            mdx: false,
            draw: Draw::ANEW,
        };
        doc(FileId(0), bytes, &options, &|_| Err(Refusal::NotFound));
    }
    let large = vec![b'a'; MAX_PAGE_BYTES + 1];
    let options = MarkdownOptions {
        flavour: Flavour::TechDocs,
        highlight: true,
        text: true,
        remote_images: &[],
        extensions: &EXTENSIONS,
        mdx: false,
        draw: Draw::ANEW,
    };
    assert_eq!(
        doc(FileId(0), &large, &options, &|_| Err(Refusal::NotFound)).diagnostics[0].code.id,
        "page-too-large"
    );
}

#[track_caller]
fn assert_fast(name: &str, text: &str) {
    let start = Instant::now();
    let html = html_of(text, Flavour::TechDocs);
    let time = start.elapsed();
    assert!(time < Duration::from_secs(6), "{name}: {time:?}");
    assert!(html.len() < text.len() * 40 + 100_000, "{name}: {} bytes become {}", text.len(), html.len());
}

#[test]
fn pathological_pages_take_linear_time() {
    let many = |part: &str, n: usize| part.repeat(n);
    for (name, text) in [
        ("quotes", many("> ", 50_000) + "a"),
        ("bullets", many("- ", 20_000) + "\na"),
        ("bullets of all kinds", many("- * + 1. ", 5_000) + "a"),
        ("nested bullets", (0..300).map(|n| format!("{}- a\n", " ".repeat(2 * n))).collect()),
        ("quotes and stars", many(">", 20_000) + &many("a*", 20_000)),
        ("divs", many("<div>", 30_000)),
        ("div lines", many("<div>\n", 10_000)),
        ("div blocks", many("<div>\n\n", 10_000)),
        ("formatting", many("<a href=x><b><i>", 10_000)),
        ("paragraphs", many("<b>", 200) + &many("\n\n<p>", 5_000)),
        ("attributes", format!("<p {}>x</p>", many("a=b ", 100_000))),
        ("open links", many("[a](", 30_000)),
        ("emphasis", many("*a **a ", 15_000)),
        ("ticks", (1..300).map(|n| "`".repeat(n) + "a").collect()),
        ("brackets", many("[a", 30_000) + &many("]", 30_000)),
        ("open comments", many("<!-- ", 20_000)),
        ("open tags", many("<a ", 30_000)),
        ("open quotes", many("<a b='", 15_000) + &many("<a b=\"", 15_001)),
        ("entities", many("&#x41;", 20_000)),
        ("autolinks", many("www.", 20_000) + &many("a@", 20_000)),
        ("urls", many("https://a.b(", 10_000)),
        ("url tail", format!("https://a.b/{}", many(")", 20_000))),
        ("deletions", many("~~a ~", 20_000)),
        ("marks", many("==a ", 20_000)),
        ("marks and links", many("==[a](b) ^^", 5_000)),
        ("emoji", many(":a:", 30_000)),
        ("signs", many("(c) --> =/= ", 60_000)),
        ("sup", many("^a", 30_000)),
        ("braces", many("{ .a", 20_000)),
        ("attr lists", many("*a*{.b", 5_000)),
        ("admonitions", many("!!! note\n", 5_000)),
        ("nested admonitions", (0..200).map(|n| format!("{}!!! note\n", " ".repeat(4 * n))).collect()),
        ("directives", many(":::note\n", 5_000)),
        ("tabs", many("=== \"a\"\n    b\n", 3_000)),
        ("alerts", many("> [!NOTE]\n> a\n\n", 3_000)),
        ("headings", many("# a\n", 5_000)),
        ("footnotes", many("[^1]", 10_000) + "\n\n[^1]: a"),
        ("references", many("[a] ", 10_000) + "\n\n[a]: b"),
        ("fences", many("```\n", 9_999)),
        ("list fences", many("- ```\n", 3_000)),
        ("list and unindented fences", many("- a\n```\n", 3_001)),
        ("cells", many("|a", 300) + "\n" + &many("|-", 300) + "\n" + &many("|\n", 1000)),
        ("one line", many("a ", 500_000)),
        ("placeholders", (0..5_000).map(|n| format!("<a{n}>")).collect()),
        ("empty lines", "a".to_string() + &many("\n", 200_000) + "b"),
        ("lines of spaces", "a".to_string() + &many("  \n", 100_000) + "b"),
        ("items far apart", many(&("- a\n".to_string() + &many("\n", 500)), 200)),
        ("quotes far apart", many(&("> a\n".to_string() + &many(">\n", 500)), 200)),
        ("openers far apart", many(&("!!! note\n".to_string() + &many("\n", 500)), 200)),
        ("an opener and empty lines", "!!! note\n    a\n".to_string() + &many("\n", 100_000) + "    b"),
        ("a tab and empty lines", "=== \"a\"\n    a\n".to_string() + &many("\n", 100_000) + "    b"),
        ("an item and empty lines", "- a\n".to_string() + &many("\n", 100_000) + "  b"),
        ("a note and empty lines", "[^a]: a\n".to_string() + &many("\n", 100_000) + "    b"),
        ("a term and empty lines", "a\n:   b\n".to_string() + &many("\n", 100_000) + "    c"),
        ("an element and empty lines", "<div>\n".to_string() + &many("\n", 100_000) + "</div>"),
        ("a block and empty lines", "/// note\n".to_string() + &many("\n", 100_000) + "///"),
        ("a quote and empty lines", "> a\n".to_string() + &many("> \n", 100_000) + "b"),
        ("code and empty lines", "    a\n".to_string() + &many("\n", 100_000) + "    b"),
        ("links of one line", many("[a](b) ", 10_000)),
        ("elements without an end", "<div>".to_string() + &many("<svg><math><object>", 20_000)),
        ("too deep after many messages", many("<zz>", 600) + &many("<div>", 60_000)),
        ("keys", many("++a+", 20_000)),
        ("critic", many("{++a{--b", 10_000)),
        ("critic that closes", many("{~~a~>b~~}", 10_000)),
        ("words that are explained", many("*[A]: b\n", 500) + "\n" + &many("A B ", 20_000)),
        ("definitions", many("a\n:   b\n", 5_000)),
        ("nested definitions", (0..200).map(|n| format!("{0}a\n\n{0}:   ", " ".repeat(4 * n))).collect()),
        ("blocks", many("/// note | a\n", 5_000)),
        ("blocks that end", many("/// note | a\nb\n///\n", 3_000)),
        ("fenced quotes", many(">>>\n", 9_999)),
        ("contents", many("[TOC]\n\n", 3_000) + &many("# a\n", 3_000)),
        ("notes in code", format!("```py\n{}\n```\n\n1. a", many("# (1)! (2) ", 20_000))),
        ("marked lines", format!("```js\n{}```", many("// highlight-next-line\na\n", 3_000))),
        ("labels with a gap", many("[a] [b] ", 10_000) + "\n\n[b]: c"),
        ("formulas", many("```math\n\\frac{a}{b}\n```\n", 2_000)),
        ("notes at the end", many("[^a]:\n    b\n\n    c\n", 3_000)),
        ("front matter", "---\n".to_string() + &many("a: b\n", 10_000)),
    ] {
        assert_fast(name, &text);
    }
}

#[test]
fn pathological_numbers_take_linear_time() {
    let mut extensions = EXTENSIONS.clone();
    extensions.signs.fractions = true;
    extensions.signs.ordinal_numbers = true;
    extensions.signs.care_of = true;
    for text in ["1".repeat(1 << 20), "1/".repeat(1 << 18), "c/".repeat(1 << 18), "1st ".repeat(1 << 16)] {
        let options = MarkdownOptions {
            flavour: Flavour::TechDocs,
            highlight: false,
            text: false,
            remote_images: &[],
            extensions: &extensions,
            mdx: false,
            draw: Draw::ANEW,
        };
        let start = Instant::now();
        doc(FileId(0), text.as_bytes(), &options, &|_| Err(Refusal::NotFound));
        assert!(start.elapsed() < Duration::from_secs(6), "{}: {:?}", &text[..4], start.elapsed());
    }
}

#[test]
fn pathological_components_take_linear_time() {
    let many = |part: &str, n: usize| part.repeat(n);
    for (name, text) in [
        ("open tags", many("<A ", 200_000)),
        ("open tags on lines", many("<A \n", 100_000)),
        ("tags on long lines", many(&(many("<A x ", 1_000) + "\n"), 200)),
        ("tags", many("<A>", 100_000)),
        ("tabs", many("<TabItem label=\"x\">\n", 20_000)),
        ("attributes", format!("<TabItem {}>", many("label ", 100_000))),
        ("comments", many("{/*", 200_000)),
        ("comments that end", many("{/**/}", 100_000)),
        ("ticks", (1..1_000).map(|n| "`".repeat(n) + "a").collect()),
        ("imports", many("import x from 'y'\n", 50_000)),
        ("fences", many("~~~\n<A/>\n", 30_000)),
    ] {
        let options = MarkdownOptions {
            flavour: Flavour::TechDocs,
            highlight: false,
            text: true,
            remote_images: &[],
            extensions: &EXTENSIONS,
            mdx: true,
            draw: Draw::ANEW,
        };
        let start = Instant::now();
        doc(FileId(0), text.as_bytes(), &options, &|_| Err(Refusal::NotFound));
        assert!(start.elapsed() < Duration::from_secs(6), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn no_text_is_lost() {
    for text in [
        "a1\n===\nb2\n- c3\n  - d4\n    e5\n\n    f6\n\n        g7\n1. h8\n  i9\n> j1\nk2\n\n    l3\n\nm4",
        "- a\n\n    b\n\n      c\n- d\n     e\n\n\n  f\n g\nh",
        "1. a\n   b\n\n   ```\nc\n   d\n   ```\n\n2. e\n    ```\n    f\n    ```\n3. g",
        "!!! note \"t1\"\n    a\n  b\nc\n???+ d \"e\"\n\n    f\n\n        g\nh",
        "=== \"a\"\n    b\n=== \"c\"\n\n    d\ne",
        ":::note a\nb\n::::tip\nc\n::::\nd\n:::\ne",
        "<div>\n\na\n\n</div>\n\n<p>b\nc\n\n<table>\n<tr>\n\n    <td>d</td>\n</tr>\n</table>\ne",
        "| a | b |\n|--|--|\n| c | d | e |\nf\n\n> g\n> - h\n>   i\n>\n>     j\nk",
        "text\n    continued\n\ttab\n\n\tcode\n- x\n\ty\n\n\t\tz",
        "a\n```\nb\n\n  c\n````\nd\n~~~\ne",
        "**a** _b_ ==c== `d` ~~e~~ [f](g.md) ![h](i.png) <j@k.ll> &amp; x^y^ <kbd>z</kbd>",
        "* a\n+ b\n- c\n1) d\n2. e\n10. f\n - g\n  - h\n   - i",
    ] {
        let html = html_of(text, Flavour::TechDocs).replace(['\n', ' '], "");
        let mut tail = html.as_str();
        // Titles and types are written in another place or case, so only
        // plain words are looked for, in order.
        for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() <= 2) {
            match tail.find(word) {
                Some(at) => tail = &tail[at..],
                None if html.contains(word) => {}
                None if ["1", "2", "3", "10", "md"].contains(&word) => {}
                None => panic!("`{word}` of {text:?} is missing in {html}"),
            }
        }
    }
}
