//! What pages become, construct by construct.

use expect_test::{Expect, expect};

use super::*;

fn page(text: &str, flavour: Flavour) -> Doc {
    let hosts = ["img.example".to_string()];
    let options = MarkdownOptions {
        flavour,
        highlight: true,
        text: true,
        remote_images: &hosts,
        extensions: &EXTENSIONS,
        mdx: false,
        draw: Draw::ANEW,
    };
    doc(FileId(0), text.as_bytes(), &options, &|_| Err(Refusal::NotFound))
}

/// Returns the HTML with targets in the holes.
fn html(doc: &Doc) -> String {
    let mut html = String::new();
    for piece in doc.body.get().iter() {
        match piece {
            Piece::Html(part) => html.push_str(part),
            Piece::Link(number) => {
                let link = &doc.links[*number as usize];
                html.push_str(&format!(" {:?}=\"{}\"", link.kind, link.target).to_lowercase());
            }
        }
    }
    html
}

#[track_caller]
fn check(text: &str, expected: Expect) {
    expected.assert_eq(&html(&page(text, Flavour::TechDocs)));
}

#[test]
fn headings_have_anchors_and_links() {
    check(
        "# Über *x*\n\ntext",
        expect![[r##"
        <h1 id="uber-x">Über <em>x</em><a class="headerlink" href="#uber-x" aria-label="Link to this section">#</a></h1>
        <p>text</p>
    "##]],
    );
    check(
        "## A {#b .c}\n\n##B\n\nC {: #d }\n===\n",
        expect![[r##"
        <h2 id="b" class="c">A<a class="headerlink" href="#b" aria-label="Link to this section">#</a></h2>
        <h2 id="b_1">B<a class="headerlink" href="#b_1" aria-label="Link to this section">#</a></h2>
        <h1 id="d">C<a class="headerlink" href="#d" aria-label="Link to this section">#</a></h1>
    "##]],
    );
}

#[test]
fn links_are_holes() {
    check(
        "[a](b.md#c \"t\") <https://x.example> [d](#e) https://y.example/z_1. x@y.zz",
        expect![[r##"
        <p><a href="b.md#c" title="t">a</a> <a href="https://x.example" rel="noopener noreferrer" class="external">https://x.example</a> <a href="#e">d</a> <a href="https://y.example/z_1" rel="noopener noreferrer" class="external">https://y.example/z_1</a>. <a href="mailto:x@y.zz">x@y.zz</a></p>
    "##]],
    );
    check(
        "[a](javascript:x) ![b](data:x) [c](//d.example)",
        expect![[r#"
        <p><a>a</a> b <a href="https://d.example" rel="noopener noreferrer" class="external">c</a></p>
    "#]],
    );
    check(
        "![a](b.png){ width=300 align=left } ![c](https://img.example/d.png)",
        expect![[r#"
        <p><img src="b.png" alt="a" class="align-left" width="300" loading="lazy"> <img src="https://img.example/d.png" alt="c" loading="lazy"></p>
    "#]],
    );
    check(
        "![a](https://x.example/d.png) [![](https://x.example/d.png)](e.md)",
        expect![[r#"
        <p><a href="https://x.example/d.png" class="remote-image external" rel="noopener noreferrer">a</a> <a href="e.md">d.png</a></p>
    "#]],
    );
    check(
        "`https://a.example` [https://b.example](c.md)",
        expect![[r#"
        <p><code>https://a.example</code> <a href="c.md">https://b.example</a></p>
    "#]],
    );
}

#[test]
fn containers_become_elements() {
    check(
        "!!! note\n    a\n\n    - b\n\nc",
        expect![[r#"
        <div class="admonition note">
        <p class="admonition-title">Note</p>
        <p>a</p>
        <ul>
        <li>b</li>
        </ul>
        </div>
        <p>c</p>
    "#]],
    );
    check(
        "!!! warning \"# A *b*\"\n    c\n\n!!! tip \"\"\n    d",
        expect![[r#"
        <div class="admonition warning">
        <p class="admonition-title"># A <em>b</em></p>
        <p>c</p>
        </div>
        <div class="admonition tip">
        <p>d</p>
        </div>
    "#]],
    );
    check(
        "???+ tip inline \"x\"\n    y\n??? \"z\"\n    w",
        expect![[r#"
        <details class="tip inline" open>
        <summary>x</summary>
        <p>y</p>
        </details>
        <details>
        <summary>z</summary>
        <p>w</p>
        </details>
    "#]],
    );
    check(
        ":::tip A title\nb\n:::\n\n:::danger[x]\ny\n:::",
        expect![[r#"
        <div class="admonition tip">
        <p class="admonition-title">A title</p>
        <p>b</p>
        </div>
        <div class="admonition danger">
        <p class="admonition-title">x</p>
        <p>y</p>
        </div>
    "#]],
    );
    check(
        "> [!NOTE]\n> a\n\n> [!caution] B\n> c\nlazy",
        expect![[r#"
            <div class="admonition note">
            <p class="admonition-title">Note</p>
            <p>a</p>
            </div>
            <div class="admonition caution danger">
            <p class="admonition-title">B</p>
            <p>c
            lazy</p>
            </div>
        "#]],
    );
    check(
        "1. a\n\n    !!! note\n        b\n\n2. c",
        expect![[r#"
        <ol>
        <li><p>a</p>
        <div class="admonition note">
        <p class="admonition-title">Note</p>
        <p>b</p>
        </div>
        </li>
        <li><p>c</p>
        </li>
        </ol>
    "#]],
    );
    check(
        "- a\n  !!! note\n      b\n- c",
        expect![[r#"
        <ul>
        <li>a<div class="admonition note">
        <p class="admonition-title">Note</p>
        <p>b</p>
        </div>
        </li>
        <li>c</li>
        </ul>
    "#]],
    );
}

#[test]
fn tabs_work_without_a_script() {
    check(
        "=== \"A\"\n    a\n\n===+ \"B *c*\"\n    ```py\n    x = 1\n    ```\n\ntext",
        expect![[r#"
            <div class="tabbed-set" data-tabs="2">
            <input type="radio" class="tabbed-input" id="__tabbed_1_1" name="cb-tab-1"><input type="radio" class="tabbed-input" id="__tabbed_1_2" name="cb-tab-1" checked>
            <div class="tabbed-labels"><label for="__tabbed_1_1">A</label><label for="__tabbed_1_2">B <em>c</em></label></div>
            <div class="tabbed-content">
            <div class="tabbed-block">
            <p>a</p>
            </div>
            <div class="tabbed-block">
            <div class="cb-code"><pre tabindex="0"><code class="language-py">x <span class="o">=</span> <span class="n">1</span>
            </code></pre></div>

            </div>
            </div>
            </div>
            <p>text</p>
        "#]],
    );
}

#[test]
fn lists_are_read_as_they_were_meant() {
    check(
        "text:\n- a\n- b",
        expect![[r#"
        <p>text:</p>
        <ul>
        <li>a</li>
        <li>b</li>
        </ul>
    "#]],
    );
    check(
        "1. a\n  - b\n2. c",
        expect![[r#"
        <ol>
        <li>a<ul>
        <li>b</li>
        </ul>
        </li>
        <li>c</li>
        </ol>
    "#]],
    );
    check(
        "- a\n    - b\n        - c",
        expect![[r#"
        <ul>
        <li>a<ul>
        <li>b<ul>
        <li>c</li>
        </ul>
        </li>
        </ul>
        </li>
        </ul>
    "#]],
    );
    check(
        "1. a\n   1. b\n      1. c",
        expect![[r#"
        <ol>
        <li>a<ol>
        <li>b<ol>
        <li>c</li>
        </ol>
        </li>
        </ol>
        </li>
        </ol>
    "#]],
    );
    check(
        "1. a\n```sh\nb\n```\n2. c",
        expect![[r#"
        <ol>
        <li>a<div class="cb-code"><pre tabindex="0"><code class="language-sh"><span class="f">b</span>
        </code></pre></div>

        </li>
        <li>c</li>
        </ol>
    "#]],
    );
    check(
        "- a\n\n- b",
        expect![[r#"
        <ul>
        <li><p>a</p>
        </li>
        <li><p>b</p>
        </li>
        </ul>
    "#]],
    );
    check(
        "- a\n\t- b\n\n\t  c",
        expect![[r#"
        <ul>
        <li>a<ul>
        <li><p>b</p>
        <p>c</p>
        </li>
        </ul>
        </li>
        </ul>
    "#]],
    );
    check(
        "- [ ] a\n- [x] b",
        expect![[r#"
        <ul class="task-list">
        <li class="task-list-item"><input type="checkbox" disabled> a</li>
        <li class="task-list-item"><input type="checkbox" disabled checked> b</li>
        </ul>
    "#]],
    );
}

#[test]
fn code_has_titles_and_marks() {
    check(
        "```py title=\"x.py\" hl_lines=\"1\"\nx = 1\n```",
        expect![[r#"
        <div class="cb-code"><div class="cb-code-title">x.py</div><pre tabindex="0"><code class="language-py"><span class="hll">x <span class="o">=</span> <span class="n">1</span>
        </span></code></pre></div>

    "#]],
    );
    check(
        "    <b>\n",
        expect![[r#"
        <div class="cb-code"><pre tabindex="0"><code>&lt;b&gt;
        </code></pre></div>

    "#]],
    );
    check(
        "a `x | y ` b",
        expect![[r#"
        <p>a <code>x | y</code> b</p>
    "#]],
    );
}

#[test]
fn tables_and_footnotes() {
    check(
        "text\n\n| a | b |\n|---|:-:|\n| `c|d` | e |\n",
        expect![[r#"
        <p>text</p>
        <div class="table"><table>
        <thead>
        <tr><th>a</th><th class="align-center">b</th></tr>
        </thead>
        <tbody>
        <tr><td><code>c|d</code></td><td class="align-center">e</td></tr>
        </tbody>
        </table></div>
    "#]],
    );
    check(
        "a[^1] b[^x] c[^1]\n\n[^1]: One *x*\n[^x]: Two\n",
        expect![[r##"
        <p>a<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup> b<sup id="fnref:x"><a class="footnote-ref" href="#fn:x">2</a></sup> c<sup id="fnref2:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>
        <section class="footnotes">
        <hr>
        <ol>
        <li id="fn:1"><p>One <em>x</em> <a class="footnote-backref" href="#fnref:1" aria-label="Back to reference 1 of footnote 1">↩</a> <a class="footnote-backref" href="#fnref2:1" aria-label="Back to reference 2 of footnote 1">↩</a></p></li>
        <li id="fn:x"><p>Two <a class="footnote-backref" href="#fnref:x" aria-label="Back to reference 1 of footnote 2">↩</a></p></li>
        </ol>
        </section>
    "##]],
    );
    // A note that nothing refers to is written too.
    check(
        "[^z]: Last\n\n[^y]: Very last\n\n[^x]: First\n\n[^y]: Twice\n\na[^x]\n",
        expect![[r##"
        <p>a<sup id="fnref:x"><a class="footnote-ref" href="#fn:x">1</a></sup></p>
        <section class="footnotes">
        <hr>
        <ol>
        <li id="fn:x"><p>First <a class="footnote-backref" href="#fnref:x" aria-label="Back to reference 1 of footnote 1">↩</a></p></li>
        <li id="fn:z"><p>Last</p></li>
        <li id="fn:y"><p>Very last</p></li>
        </ol>
        </section>
    "##]],
    );
    check(
        "[^x]: Alone\n",
        expect![[r#"
        <section class="footnotes">
        <hr>
        <ol>
        <li id="fn:x"><p>Alone</p></li>
        </ol>
        </section>
    "#]],
    );
}

#[test]
fn marks_of_the_dialect() {
    check(
        "==a *b*== ^^c^^ ~~d~~ H~2~O x^2^ :rocket: :nope:",
        expect![[r#"
        <p><mark>a <em>b</em></mark> <ins>c</ins> <del>d</del> H<sub>2</sub>O x<sup>2</sup> <span class="emoji" role="img" title=":rocket:">🚀</span> :nope:</p>
    "#]],
    );
    check(
        "a == b == c, ~5 and ~6, 2^10, \\==x\\==, a==b==",
        expect![[r#"
        <p>a == b == c, ~5 and ~6, 2^10, ==x==, a==b==</p>
    "#]],
    );
    check(
        "*a ==b* c==",
        expect![[r#"
        <p><em>a ==b</em> c==</p>
    "#]],
    );
}

#[test]
fn html_of_a_page_is_rebuilt() {
    check(
        "<details><summary>a</summary>\n\n**b**\n\n</details>",
        expect![[r#"
        <details><summary>a</summary>
        <p><strong>b</strong></p>
        </details>
    "#]],
    );
    check(
        "<div align=\"center\" onclick=x style=y>\n<img src=\"a.png\" width=30>\n</div>",
        expect![[r#"
        <div class="align-center">
        <img src="a.png" alt="" width="30" loading="lazy">
        </div>
    "#]],
    );
    // The blank line of the preformatted text stays, with a space.
    let preformatted = "<table>\n<tr>\n\n    <td><pre>\n  a\n\n  b</pre></td>\n</tr>\n</table>\nc";
    let written = html(&page(preformatted, Flavour::TechDocs));
    assert!(written.contains("<td><pre>  a\n \n  b</pre></td>\n</tr>"), "{written}");
    check(
        "<ul>\n\n    <li>a</li>\n\n    <li>b</li>\n</ul>",
        expect![[r#"
        <ul>
        <li>a</li>
        <li>b</li>
        </ul>
    "#]],
    );
    check(
        "<div markdown>\n# a\n\n- b\n</div>",
        expect![[r##"
        <div>
        <h1 id="a">a<a class="headerlink" href="#a" aria-label="Link to this section">#</a></h1>
        <ul>
        <li>b</li>
        </ul>
        </div>
    "##]],
    );
    check(
        "Use <project-name> and <kbd>x</kbd> <a href=\"b.md\">c</a> </div>",
        expect![[r#"
        <p>Use &lt;project-name&gt; and <kbd>x</kbd> <a href="b.md">c</a> </p>
    "#]],
    );
    check(
        "a <script>alert(1)</script> b\n\n<script>\nx\n\ny\n</script>\n\nc <!-- d --> e",
        expect![[r#"
        <p>a alert(1) b</p>

        <p>c  e</p>
    "#]],
    );
}

#[test]
fn places_are_exact_through_containers() {
    let text = "---\ntitle: T\n---\n\n!!! note\n    - x [a](b.md)\n\n        [ü](c.md) <iframe>\n\n> > [d](e.md)\n\ttext\n- y\n\n\t[f](g.md)\n";
    let doc = page(text, Flavour::TechDocs);
    let places: Vec<String> = doc
        .links
        .iter()
        .map(|link| {
            let span = link.span;
            assert_eq!(&text[span.start as usize..span.start as usize + 1], "[");
            format!(
                "{} {}:{} {}",
                link.target,
                span.line,
                span.column,
                &text[span.start as usize..span.end as usize]
            )
        })
        .collect();
    expect![[r#"
        b.md 6:9 [a](b.md)
        c.md 8:9 [ü](c.md)
        e.md 10:5 [d](e.md)
        g.md 14:2 [f](g.md)"#]]
    .assert_eq(&places.join("\n"));
    let removed: Vec<_> = doc
        .diagnostics
        .iter()
        .map(|diag| (diag.code.id, diag.span.map(|span| (span.line, span.column))))
        .collect();
    assert_eq!(removed, [("removed-html", Some((8, 19)))]);
}

#[test]
fn sections_hold_the_text_for_search() {
    let doc = page(
        "intro `x`\n\n# A *b*\n\n!!! tip\n    one **two**\n\n- three\n- [four](x.md)\n\n## C\n\n```py\nd = 1\n```\n<b>e</b> &amp;\n\n| f | g |\n|--|--|\n| h | i |\n",
        Flavour::TechDocs,
    );
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sections: Vec<String> = doc
        .sections
        .get()
        .iter()
        .map(|section| format!("{:?} {} | {}", section.heading, words(&section.text), words(&section.code)))
        .collect();
    expect![[r#"
        None intro x | 
        Some(0) Tip one two three four | 
        Some(1) e & f g h i | d = 1"#]]
    .assert_eq(&sections.join("\n"));
    let headings: Vec<&str> = doc.headings.iter().map(|heading| &*heading.text).collect();
    assert_eq!(headings, ["A b", "C"]);
    assert!(!doc.starts_with_title);
    assert!(page("# A\n", Flavour::TechDocs).starts_with_title);
    assert!(page("<!-- x -->\n\n# A\n", Flavour::TechDocs).starts_with_title);
    assert!(!page("## A\n\n# B\n", Flavour::TechDocs).starts_with_title);
}

#[track_caller]
fn front_matter(text: &str, title: Option<&str>, body: &str, codes: &[&str]) {
    let doc = page(text, Flavour::TechDocs);
    assert_eq!(doc.meta_title.as_deref(), title, "{text:?}");
    assert_eq!(html(&doc).trim(), body, "{text:?}");
    let found: Vec<&str> = doc.diagnostics.iter().map(|diag| diag.code.id).collect();
    assert_eq!(found, codes, "{text:?}");
}

#[test]
fn front_matter_is_split_off() {
    front_matter("---\ntitle: \"A b\"\n---\nc", Some("A b"), "<p>c</p>", &[]);
    front_matter("---\r\ntitle: A\r\n...\r\nc", Some("A"), "<p>c</p>", &[]);
    front_matter("\u{feff}---\ntitle: A\n---\nc", Some("A"), "<p>c</p>", &[]);
    front_matter("---\ntitle: A", None, "<hr>\n<p>title: A</p>", &["broken-front-matter"]);
    front_matter("---\n\na\n", None, "<hr>\n<p>a</p>", &[]);
    front_matter(
        "---\na b\n---\nc",
        None,
        "<hr>\n<h2 id=\"a-b\">a b<a class=\"headerlink\" href=\"#a-b\" aria-label=\"Link to this section\">#</a></h2>\n<p>c</p>",
        &[],
    );
    front_matter("---\n# x: y\n---\nc", None, "<p>c</p>", &[]);
    front_matter("---\n---\na", None, "<hr>\n<hr>\n<p>a</p>", &[]);
    front_matter("a: b\n\nc", None, "<p>a: b</p>\n<p>c</p>", &[]);
}

#[test]
fn tags_that_are_no_html_are_explained() {
    let codes = |text: &str| -> Vec<String> {
        page(text, Flavour::TechDocs)
            .diagnostics
            .iter()
            .map(|diag| format!("{} {}", diag.code.id, diag.message.split(' ').next().unwrap_or("")))
            .collect()
    };
    assert_eq!(codes("a <name> b"), ["placeholder-tag `<name>`"]);
    assert_eq!(codes("a <Tab>b</Tab>"), ["unknown-tag `<Tab>`"]);
    assert_eq!(codes("a <iframe src=x></iframe>"), ["removed-html `<iframe>`"]);
    assert_eq!(codes("a <b onclick=x>c</b>"), ["removed-html `onclick`"]);
    assert_eq!(codes("!!! note\n  a"), ["shallow-body the"]);
    assert_eq!(codes("```\na"), ["unclosed-block what"]);
    assert_eq!(codes("`a\u{202e}b`\n\n    \u{2066}c"), ["turned-code code", "turned-code code"]);
    assert_eq!(codes("<div>\na"), ["unclosed-block what"]);
    assert_eq!(codes("![a](https://x.example/y)"), ["remote-image the"]);
}

#[test]
fn a_comment_does_not_end_a_paragraph() {
    check(
        "Dropped in\n<!-- 6.0 -->, as [a](b.md) has\nit.\n<!-- c -->\n# d",
        expect![[r##"
        <p>Dropped in
        , as <a href="b.md">a</a> has
        it.</p>

        <h1 id="d">d<a class="headerlink" href="#d" aria-label="Link to this section">#</a></h1>
    "##]],
    );
    check(
        "- a\n  <!-- b --> *c*\n- d\n<!-- e --> f\n<b>g</b> h",
        expect![[r#"
        <ul>
        <li>a
        <em>c</em></li>
        <li>d
         f
        <b>g</b> h</li>
        </ul>
    "#]],
    );
}

#[test]
fn spaces_and_icons_are_understood() {
    check(
        "[a](my page.md)",
        expect![[r#"
        <p><a href="my page.md">a</a></p>
    "#]],
    );
    check(
        "## :material-minus:{ .lg .middle } A\n\n- :octicons-y-16: b",
        expect![[r##"
        <h2 id="a"><svg class="cb-icon lg middle" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h14"/></svg> A<a class="headerlink" href="#a" aria-label="Link to this section">#</a></h2>
        <ul>
        <li><span class="icon-shortcode">:octicons-y-16:</span> b</li>
        </ul>
    "##]],
    );
    check(
        "<i class=\"fas fa-minus\"></i> :simple-none:",
        expect![[r#"
        <p><svg class="cb-icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12h14"/></svg><i class="fas fa-minus"></i> <span class="icon-shortcode">:simple-none:</span></p>
    "#]],
    );
}

#[test]
fn deep_pages_are_shown_flat() {
    let text = format!("{}deep\n\nafter", "> ".repeat(500));
    let doc = page(&text, Flavour::TechDocs);
    let html = html(&doc);
    assert!(html.contains("deep") && html.contains("<p>after</p>"), "{html}");
    assert!(html.matches("<blockquote>").count() < 100);
    assert_eq!(html.matches("<blockquote>").count(), html.matches("</blockquote>").count());
    assert!(doc.diagnostics.iter().all(|diag| diag.code.id == "nested-too-deeply"));
    assert!(!doc.diagnostics.is_empty());
}

#[test]
fn tables_have_a_limit() {
    let text = format!("|a|b|\n|-|-|\n{}\n\nafter", "|c|d|\n".repeat(60_000));
    let doc = page(&text, Flavour::TechDocs);
    assert_eq!(html(&doc).matches("<td>").count(), 99_998);
    assert!(html(&doc).contains("<p>after</p>"));
    assert_eq!(doc.diagnostics.iter().map(|diag| diag.code.id).collect::<Vec<_>>(), ["table-too-large"]);
}

#[test]
fn flavours_differ() {
    let of = |text: &str, flavour| html(&page(text, flavour));
    assert_eq!(of("==a== ~~b~~ x^2^", Flavour::GitHub), "<p>==a== <del>b</del> x^2^</p>\n");
    assert_eq!(of("[a](b.md){ .x }", Flavour::GitHub), "<p><a href=\"b.md\">a</a>{ .x }</p>\n");
    assert_eq!(of("a\nb\n---\n", Flavour::TechDocs), "<p>a\nb</p>\n<hr>\n");
    assert!(of("a\nb\n---\n", Flavour::GitHub).starts_with("<h2"));
}

#[test]
fn deeply_indented_lines_go_on_with_the_paragraph() {
    check(
        "a\n    ***",
        expect![[r#"
        <p>a
        ***</p>
    "#]],
    );
    check(
        "> a\n    - b",
        expect![[r#"
        <blockquote>
        <p>a
        - b</p>
        </blockquote>
    "#]],
    );
}

#[test]
fn sizes_of_styles_are_kept() {
    check(
        "![a](b.png){: style=\"width: 100px\" }",
        expect![[r#"
        <p><img src="b.png" alt="a" width="100" loading="lazy"></p>
    "#]],
    );
    check(
        "x <img src=a.png style='width:50%;height:auto'>",
        expect![[r#"
            <p>x <img src="a.png" alt="" width="50%" loading="lazy"></p>
        "#]],
    );
    check(
        "<p style='text-align:center;color:red'>a</p>",
        expect![[r#"
            <p class="align-center">a</p>
        "#]],
    );
}

#[test]
fn labels_lead_to_tabs_by_any_name_but_ours() {
    let kept = |of: &str| sanitize::sanitized(&format!("<label for=\"{of}\">a</label>")).contains("for=");
    assert!(kept("cb-tab-1-2") && kept("start-über-uns"));
    assert!(!kept("cb-menu"));
}
