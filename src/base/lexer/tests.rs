//! What the lexer makes of each language, and that no text is lost, slow
//! or fatal.

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
    LANGUAGES.iter().map(|language| language.names[0])
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
    for round in 0..150 {
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
            let code = shape.repeat(16_000 / shape.len());
            let start = Instant::now();
            let html = html(name, &code).expect("a name of the table");
            let took = start.elapsed();
            assert!(took < Duration::from_secs(1), "{name} {shape:?} {took:?}");
            assert!(html.len() >= code.len());
        }
    }
}

#[test]
fn names_are_known() {
    for name in
        ["yml", "sh", "console", "tsx", "jsonc", "py", "hcl", "docker", "md", "svg", "env", "rs", "golang"]
    {
        assert!(knows(name), "{name}");
    }
    for name in ["", "YAML", "cobol"] {
        assert!(!knows(name), "{name}");
    }
    let mut names: Vec<_> = LANGUAGES.iter().flat_map(|language| language.names).collect();
    let n_names = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), n_names, "a name stands twice");
    assert_eq!(html("cobol", "a"), None);
    assert_eq!(html("text", "a < 'b'\n").as_deref(), Some("a &lt; &#39;b&#39;\n"));
}

#[test]
fn neighbours_merge_and_spans_end_with_their_line() {
    assert_eq!(
        html("ts", "/* a\n\n  b */ x").as_deref(),
        Some("<span class=\"c\">/* a</span>\n\n  <span class=\"c\">b */</span> <span class=\"v\">x</span>")
    );
    check("sh", "ls -a -b", expect!["[f ls] [v -a -b]"]);
}

#[test]
fn yaml() {
    check(
        "yaml",
        "# c\na: 1.0.0\nb: !t &x \"s\\n\" # c\nc: {d: true, e: [f, 'g''h']}\n",
        expect![[r#"
        [c # c]
        [v a]: [n 1.0.0]
        [v b]: [t !t] [v &amp;x] [s &quot;s][e \n][s &quot;] [c # c]
        [v c]: {[v d]: [b true], [v e]: [[s f], [s &#39;g][e &#39;&#39;][s h&#39;]]}
    "#]],
    );
    check(
        "yaml",
        "a: |-\n  text: no key\n\n  # no comment\nb: https://x.y/z#w\n- c: >\n    text\n  d: null\n",
        expect![[r#"
            [v a]: [k |-]
              [s text: no key]

              [s # no comment]
            [v b]: [s https://x.y/z#w]
            - [v c]: [k &gt;]
                [s text]
              [v d]: [b null]
        "#]],
    );
    check(
        "yaml",
        "a: ${{ values.x }}\n\"k l\": 'a\n  b'\n",
        expect![[r#"
        [v a]: [s ${{ values.x }}]
        [v &quot;k l&quot;]: [s &#39;a]
          [s b&#39;]
    "#]],
    );
}

#[test]
fn shell() {
    check(
        "bash",
        "FOO=1 make -j4 \"$X and ${Y:-z}\" | tee out.log 2>&1 # c\n",
        expect![[r#"
        [v FOO][o =][s 1] [f make] [v -j4] [s &quot;$][v X] [s and ${][v Y][o :-][s z}&quot;] [o |] [f tee] out.log [n 2][o &gt;&amp;][n 1] [c # c]
    "#]],
    );
    check(
        "bash",
        "if [ -f \"$a\" ]; then echo $(date +%s); fi\n",
        expect![[r#"
            [k if] [f [] [v -f] [s &quot;$][v a][s &quot;] [f ]][o ;] [k then] [f echo] $([f date] +%s)[o ;] [k fi]
        "#]],
    );
    check(
        "bash",
        "cat <<EOF > f\nhi $NAME\nEOF\nls\n",
        expect![[r#"
        [f cat] [o &lt;&lt;][k EOF] [o &gt;] f
        [s hi $][v NAME]
        [k EOF]
        [f ls]
    "#]],
    );
    check(
        "sh",
        "$ npm install \\\n  --save x\n",
        expect![[r#"
        $ [f npm] install \
          [v --save] x
    "#]],
    );
    check(
        "console",
        "$ npm test\nok \"1\" # no comment\n$ ls\n",
        expect![[r#"
        $ [f npm] test
        ok &quot;1&quot; # no comment
        $ [f ls]
    "#]],
    );
}

#[test]
fn typescript() {
    check(
        "ts",
        "import { type A, b as c } from './x';\n",
        expect![[r#"
        [k import] { [k type] [v A], [v b] [k as] [v c] } [k from] [s &#39;./x&#39;];
    "#]],
    );
    check(
        "ts",
        "const f = async (a: Map<string, B>, n = 1): Promise<void> => `x ${a.b(`${n}`)}`;\n",
        expect![[r#"
            [k const] [f f] [o =] [k async] ([v a][o :] [t Map]&lt;[t string], [t B]&gt;, [v n] [o =] [n 1])[o :] [t Promise]&lt;[t void]&gt; [k =&gt;] [s `x] ${[v a].[f b]([s `]${[v n]}[s `])}[s `];
        "#]],
    );
    check(
        "ts",
        "interface P extends Q<R> { a?: string | null; f(x: T): void }\ntype U =\n  | A\n  | B;\n",
        expect![[r#"
            [k interface] [t P] [k extends] [t Q]&lt;[t R]&gt; { [v a][o ?:] [t string] [o |] [t null]; [f f]([v x][o :] [t T])[o :] [t void] }
            [k type] [t U] [o =]
              [o |] [t A]
              [o |] [t B];
        "#]],
    );
    check(
        "ts",
        "x = a / b; r = /[/\"]/g; y = c ? d : { e: 1, 'f': g };\n",
        expect![[r#"
        [v x] [o =] [v a] [o /] [v b]; [v r] [o =] [s /[/&quot;]/][k g]; [v y] [o =] [v c] [o ?] [v d] [o :] { [v e]: [n 1], [v &#39;f&#39;]: [v g] };
    "#]],
    );
    check(
        "tsx",
        "return <A.B c=\"d\" e={f > 1}>it's {g} <b/></A.B>;\n",
        expect![[r#"
        [k return] &lt;[t A.B] [a c][o =][s &quot;d&quot;] [a e][o =]{[v f] [o &gt;] [n 1]}&gt;it&#39;s {[v g]} &lt;[a b]/&gt;&lt;/[t A.B]&gt;;
    "#]],
    );
    check(
        "js",
        "module.exports = { a: require('b') };\n",
        expect![[r#"
        [t module].[v exports] [o =] { [v a]: [f require]([s &#39;b&#39;]) };
    "#]],
    );
}

#[test]
fn data() {
    check(
        "json",
        "{\"a\": [1, true, \"\\n\"], \"b\": null} // c",
        expect![[
            r#"{[v &quot;a&quot;]: [[n 1], [b true], [s &quot;][e \n][s &quot;]], [v &quot;b&quot;]: [b null]} [c // c]"#
        ]],
    );
    check(
        "toml",
        "[a.b] # c\nc-d = \"e\"\nf = [1, 1979-05-27]\n",
        expect![[r#"
        [[m a.b]] [c # c]
        [v c-d] = [s &quot;e&quot;]
        [v f] = [[n 1], [b 1979-05-27]]
    "#]],
    );
    check(
        "ini",
        "; c\n[s]\na = b\nc = 1\n",
        expect![[r#"
        [c ; c]
        [[m s]]
        [v a] = [s b]
        [v c] = [n 1]
    "#]],
    );
    check(
        "properties",
        "# c\na.b=c d\ne: true\n",
        expect![[r#"
        [c # c]
        [v a.b]=[s c d]
        [v e]: [b true]
    "#]],
    );
    check(
        "hcl",
        "resource \"a\" \"b\" {\n  c = \"x-${var.d}\" # c\n  tags = { \"k\" = length(data.x.y) }\n}\n",
        expect![[r#"
            [k resource] [s &quot;a&quot; &quot;b&quot;] {
              [v c] [o =] [s &quot;x-]${[b var].[v d]}[s &quot;] [c # c]
              [v tags] [o =] { [v &quot;k&quot;] [o =] [f length]([b data].[v x].[v y]) }
            }
        "#]],
    );
    check(
        "sql",
        "SELECT a.b, count(*) FROM c WHERE d = 'e''f' -- g\n",
        expect![[r#"
        [k SELECT] a.b, [f count]([o *]) [k FROM] c [k WHERE] d [o =] [s &#39;e][e &#39;&#39;][s f&#39;] [c -- g]
    "#]],
    );
    check(
        "proto",
        "message A { repeated string b = 1; }\n",
        expect![[r#"
        [k message] [t A] { [k repeated] [t string] [v b] [o =] [n 1]; }
    "#]],
    );
    check(
        "graphql",
        "type A { b(c: Int = 1): [B!] @d }\n",
        expect![[r#"
        [k type] [t A] { [v b]([v c]: [t Int] = [n 1]): [[t B]!] @[f d] }
    "#]],
    );
    check(
        "promql",
        "sum(rate(x{a=\"b\"}[5m])) by (c)",
        expect!["[f sum]([f rate]([v x]{[v a][o =][s &quot;b&quot;]}[[n 5m]])) [k by] ([v c])"],
    );
    check(
        "nginx",
        "server { listen 80; proxy_set_header Host $host; } # c",
        expect!["[k server] { [k listen] [n 80]; [k proxy_set_header] Host [v $host]; } [c # c]"],
    );
}

#[test]
fn programs() {
    check(
        "python",
        "@a.b\nasync def f(self, x: int = 1) -> str:\n    \"\"\"Doc.\"\"\"\n    return f\"a{x['b']!r}\" + r'\\d'\n",
        expect![[r#"
            @a.b
            [k async def] [f f]([v self], [v x]: [t int] [o =] [n 1]) -&gt; [t str]:
                [c &quot;&quot;&quot;Doc.&quot;&quot;&quot;]
                [k return f][s &quot;a]{x[[s &#39;b&#39;]][o !]r}[s &quot;] [o +] [k r][s &#39;\d&#39;]
        "#]],
    );
    check(
        "rust",
        "#[derive(A)]\npub fn f<'a>(x: &'a str) -> u8 { show!(\"{} {x:?}\\n\", r#\"a\"b\"#); 'c' }\n",
        expect![[r#"
            #[[f derive]([t A])]
            [k pub fn] [f f]&lt;[k &#39;a]&gt;([v x]: [o &amp;][k &#39;a str]) -&gt; [k u8] { [f show!]([s &quot;][e {} {x:?}\n][s &quot;], [k r][s #&quot;a&quot;b&quot;#]); [s &#39;c&#39;] }
        "#]],
    );
    check(
        "go",
        "func (a *B) C(d string) error { return fmt.Errorf(\"x: %w\", nil) }\n",
        expect![[r#"
            [k func] ([v a] [o *][t B]) [f C]([v d] [t string]) [t error] { [k return] [v fmt].[f Errorf]([s &quot;x:] [e %w][s &quot;], [b nil]) }
        "#]],
    );
    check(
        "java",
        "import a.b.C;\n@D public class E<F> extends G { int h = 1; I j() { return new K(); } }\n",
        expect![[r#"
            [k import] [t a].[t b].[t C];
            @[f D] [k public class] [t E]&lt;[t F]&gt; [k extends] [t G] { [t int] h [o =] [n 1]; [t I] [f j]() { [k return new] [t K](); } }
        "#]],
    );
    check(
        "kotlin",
        "fun f(a: List<B>) = println(\"$a ${b.c}\")\n",
        expect![[r#"
        [k fun] [f f](a[o :] [t List]&lt;[t B]&gt;) [o =] [f println]([s &quot;][v $a] ${b.c}[s &quot;])
    "#]],
    );
    check(
        "groovy",
        "def x = \"a ${b}\"\nid 'java'\n",
        expect![[r#"
        [k def] x [o =] [s &quot;a] ${b}[s &quot;]
        id [s &#39;java&#39;]
    "#]],
    );
    check(
        "c",
        "#include <a.h>\nint main(void) { printf(\"%d\\n\", 1); }\n",
        expect![[r#"
        [k #include] [s &lt;a.h&gt;]
        [k int] [f main]([k void]) { [f printf]([s &quot;][e %d\n][s &quot;], [n 1]); }
    "#]],
    );
    check(
        "ruby",
        "def f(a) puts \"x #{@b}\", :c; end\n",
        expect![[r#"
        [k def] [f f](a) [f puts] [s &quot;x] #{[v @b]}[s &quot;], [b :c]; [k end]
    "#]],
    );
    check(
        "php",
        "<?php echo \"a $b\"; $c->d(1);\n",
        expect![[r#"
            &lt;?php [f echo] [s &quot;a] [v $b][s &quot;]; [v $c][o -&gt;][f d]([n 1]);
        "#]],
    );
    check(
        "powershell",
        "Get-Item -Path \"C:\\a $b\" | Where-Object { $_.c -eq 'd' }\n",
        expect![[r#"
        [f Get-Item] [v -Path] [s &quot;C:\a] [v $b][s &quot;] [o |] [f Where-Object] { [v $_].c [o -eq] [s &#39;d&#39;] }
    "#]],
    );
}

#[test]
fn lines_and_tags() {
    check(
        "diff",
        "--- a\n+++ b\n@@ -1 +1 @@\n a\n-b\n+c\n",
        expect![[r#"
        [m --- a]
        [m +++ b]
        [m @@ -1 +1 @@]
         a
        [d -b]
        [i +c]
    "#]],
    );
    check(
        "dockerfile",
        "FROM a:1 AS b\nCOPY --from=b /x \"/y\"\nRUN c && \\\n  d\n",
        expect![[r#"
        [k FROM] a:[t 1] [k AS] [v b]
        [k COPY] --from=[v b] /x [s &quot;/y&quot;]
        [k RUN] c &amp;&amp; \
          d
    "#]],
    );
    check(
        "http",
        "GET /a HTTP/1.1\nHost: b\n\n{\"c\": 1}\n",
        expect![[r#"
        [k GET] /a [b HTTP/1.1]
        [v Host]: [s b]

        {[v &quot;c&quot;]: [n 1]}
    "#]],
    );
    check(
        "make",
        "A := b\nall: c $(A)\n\t@echo \"$(A)\" $$x\n",
        expect![[r#"
            [v A] [o :=] [s b]
            [f all][o :] [s c ]$([v A])
            	[b @][f echo] [s &quot;]$([v A])[s &quot;] $$[v x]
        "#]],
    );
    check(
        "xml",
        "<?xml v=\"1\"?><!-- c -->\n<a:b c='d'>&amp;<![CDATA[e]]></a:b>",
        expect![[r#"
        &lt;?[a xml v]=[s &quot;1&quot;]?&gt;[c &lt;!-- c --&gt;]
        &lt;[a a:b c]=[s &#39;d&#39;]&gt;[b &amp;amp;]&lt;![[k CDATA][[s e]]]&gt;&lt;/[a a:b]&gt;"#]],
    );
    check(
        "html",
        "<!DOCTYPE html><p a=b c>x</p><script>let d = 1;</script><style>e { f: 1px }</style>",
        expect![
            "&lt;![k DOCTYPE] [b html]&gt;&lt;[a p a]=[s b] [a c]&gt;x&lt;/[a p]&gt;&lt;[a script]&gt;[k let] [v d] [o =] [n 1];&lt;/[a script]&gt;&lt;[a style]&gt;[a e] { [v f]: [n 1][k px] }&lt;/[a style]&gt;"
        ],
    );
    check(
        "css",
        "a.b:hover > #c { color: #fff; width: calc(1px + var(--d)) !important }\n",
        expect![[r#"
            [a a.b]:hover [o &gt;] [a #c] { [v color]: [b #fff]; [v width]: [f calc]([n 1][k px] [o +] [f var]([v --d])) [k !important] }
        "#]],
    );
    check(
        "md",
        "---\na: b\n---\n# T\n**b** `c` [d](e)\n```json\n{\"f\": 1}\n```\n",
        expect![[r#"
        ---
        [v a]: [s b]
        ---
        [m # T]
        [m **b**] [s `c`] [d]([s e])
        ```[b json]
        {[v &quot;f&quot;]: [n 1]}
        ```
    "#]],
    );
}

#[test]
fn markdown_has_tags_links_and_headings() {
    check(
        "markdown",
        "## See `x` on [y](z) now\n",
        expect![[r#"
        [m ## See] [s `x`][m  on [y](][s z][m ) now]
    "#]],
    );
    check(
        "markdown",
        "<a href=\"x\" b={1}>y</a> a < b <c\n\n<T\n",
        expect![[r#"
        &lt;[a a href]=[s &quot;x&quot;] [a b]=[s {1}]&gt;y&lt;/[a a]&gt; a &lt; b &lt;[a c]

        &lt;[a T]
    "#]],
    );
    check(
        "markdown",
        "See https://e.example/x, __bold__ a__b__c\n\n[x]: y.md 'Title'\n",
        expect![[r#"
        See [s https://e.example/x], [m __bold__] a__b__c

        [x]: [s y.md] &#39;Title&#39;
    "#]],
    );
}

#[test]
fn attributes_have_entities_and_styles() {
    check(
        "html",
        "<a title=\"x &amp; y\" style=\"top: 1px; --a:#fff\">z</a>",
        expect![
            "&lt;[a a title]=[s &quot;x] [b &amp;amp;] [s y&quot;] [a style]=[s &quot;][v top]: [n 1][k px]; [v --a]:[b #fff][s &quot;]&gt;z&lt;/[a a]&gt;"
        ],
    );
    check("html", "<a style='a:b", expect!["&lt;[a a style]=[s &#39;a:b]"]);
    check(
        "css",
        "a::after { content: '\\00a0x' } 40% { top: 0 }",
        expect![[
            r#"[a a]::after { [v content]: [s &#39;][e \00a0][s x&#39;] } [n 40][k %] { [v top]: [n 0] }"#
        ]],
    );
}

#[test]
fn recipes_go_on_behind_a_backslash() {
    check(
        "make",
        "all: $(addprefix b-,$(X))\n\tdocker run \\\n\t\t-v $(PWD):/x $@ | y\n",
        expect![[r#"
        [f all][o :] $([f addprefix][s  b-,]$([v X])[s )]
        	[f docker] run \
        		[v -v] $([v PWD]):/x [b $@] [o |] [f y]
    "#]],
    );
    check(
        "make",
        "X := $(shell git log)\nb-%: c-%\n\t$(eval T := $(shell git log))\n\techo \"$(T) $*\"\n",
        expect![[r#"
            [v X] [o :=] $([f shell][s  git log)]
            [f b-][b %][o :] [s c-][b %]
            	$([f eval] T := $([f shell git] log))
            	[f echo] [s &quot;]$([v T]) [b $*][s &quot;]
        "#]],
    );
}

#[test]
fn names_are_what_their_place_says() {
    check(
        "go",
        "func (p *Proxy) Run(r http.Request, n *int) net.Conn {\n\tx := a * b.C\n\ty.Z = []os.File{}\n}",
        expect![[r#"
            [k func] ([v p] [o *][t Proxy]) [f Run]([v r http].[t Request], [v n] [o *][t int]) [v net].[t Conn] {
            	[v x] [o :=] [v a] [o *] [v b].[v C]
            	[v y].[v Z] [o =] [][v os].[t File]{}
            }"#]],
    );
    check(
        "rust",
        "pub struct A { pub b: u8, c: X }\nlet d: u8 = 0..=n;",
        expect![[r#"
        [k pub struct] [t A] { [k pub] [v b]: [k u8], [v c]: [t X] }
        [k let] d: [k u8] [o =] [n 0][o ..=]n;"#]],
    );
    check(
        "php",
        "$this->x = new \\a\\B(); $y->z(self::C . $d);",
        expect![[
            r#"[b $this][o -&gt;][v x] [o =] [k new] [t \a\B](); [v $y][o -&gt;][f z]([k self]::[t C] [o .] [v $d]);"#
        ]],
    );
    check(
        "python",
        "X_Y = re.MULTI\nfor i in range(3):\n    pass\n",
        expect![[r#"
        [b X_Y] [o =] re.[b MULTI]
        [k for] i [o in] [f range]([n 3]):
            [k pass]
    "#]],
    );
    check(
        "graphql",
        "enum A { B_C }\nunion D = E | F\ntype G { type: H! id: [ID] }",
        expect![[r#"
        [k enum] [t A] { [b B_C] }
        [k union] [t D] = [t E] [o |] [t F]
        [k type] [t G] { [v type]: [t H]! [v id]: [[t ID]] }"#]],
    );
    check(
        "ini",
        "a = 1.5\nip = 127.0.0.1\n",
        expect![[r#"
        [v a] = [n 1.5]
        [v ip] = [s 127.0.0.1]
    "#]],
    );
}
