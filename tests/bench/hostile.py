"""Builds one hostile page of 1 MB after the other, each in a portal of its own, and then docs with hostile navigations of
10,000 entries, and says how long each took.

tests/bench/hostile.py CALLBOARD [KIND] [--bytes N]

CALLBOARD is a release build. Each kind is also built at half the size: what takes more than three times as long at
twice the size is not linear, and is marked.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

DIALECT = """site_name: Hostile
markdown_extensions:
  - pymdownx.arithmatex
  - pymdownx.magiclink: {repo_url_shorthand: true, user: a, repo: b}
  - pymdownx.critic
  - pymdownx.snippets
  - pymdownx.smartsymbols: {fractions: true, ordinal_numbers: true, care_of: true}
"""
BOOK = '[book]\ntitle = "Hostile"\n[output.html]\nmathjax-support = true\n'


def many(part, of, before="", after=""):
    size = len(part.encode())
    return before + part * max(1, of // size) + after


def numbered(form, of):
    parts, size, number = [], 0, 0
    while size < of:
        part = form.format(number)
        parts.append(part)
        size += len(part)
        number += 1
    return "".join(parts)


def deeper(form, of, step=1, most=10**9):
    """Lines, each indented by `step` more than the last."""
    parts, size, depth = [], 0, 0
    while size < of:
        part = " " * (min(depth, most) * step) + form
        parts.append(part)
        size += len(part)
        depth += 1
    return "".join(parts)


def ticks(of):
    parts, size, number = [], 0, 1
    while size < of:
        parts.append("`" * number + "a")
        size += number + 1
        number += 1
    return "".join(parts)


def table(of, columns):
    row = "|a" * columns + "|\n"
    return row + "|-" * columns + "|\n" + row * max(1, of // len(row))


KINDS = {
    # Since the beginning.
    "quotes": lambda n: many("> ", n, after="a"),
    "bullets": lambda n: many("- ", n, after="\na"),
    "bullets of all kinds": lambda n: many("- * + 1. ", n, after="a"),
    "nested bullets": lambda n: deeper("- a\n", n, 2),
    "quotes and stars": lambda n: many(">", n // 2) + many("a*", n // 2),
    "divs": lambda n: many("<div>", n),
    "div lines": lambda n: many("<div>\n", n),
    "div blocks": lambda n: many("<div>\n\n", n),
    "formatting": lambda n: many("<a href=x><b><i>", n),
    "attributes": lambda n: many("a=b ", n, "<p ", ">x</p>"),
    "open links": lambda n: many("[a](", n),
    "emphasis": lambda n: many("*a **a ", n),
    "stars": lambda n: many("*a_ ", n),
    "ticks": ticks,
    "brackets": lambda n: many("[a", n // 2) + many("]", n // 2),
    "images": lambda n: many("![", n),
    "open comments": lambda n: many("<!-- ", n),
    "open tags": lambda n: many("<a ", n),
    "open quotes": lambda n: many("<a b='", n // 2) + many("<a b=\"", n // 2),
    "entities": lambda n: many("&#x41;", n),
    "autolinks": lambda n: many("www.", n // 2) + many("a@", n // 2),
    "urls": lambda n: many("https://a.b(", n),
    "deletions": lambda n: many("~~a ~", n),
    "marks": lambda n: many("==a ", n),
    "marks and links": lambda n: many("==[a](b) ^^", n),
    "emoji": lambda n: many(":a:", n),
    "sup": lambda n: many("^a", n),
    "braces": lambda n: many("{ .a", n),
    "admonitions": lambda n: many("!!! note\n", n),
    "nested admonitions": lambda n: deeper("!!! note\n", n, 4),
    "directives": lambda n: many(":::note\n", n),
    "alerts": lambda n: many("> [!NOTE]\n> a\n\n", n),
    "headings": lambda n: many("# a\n", n),
    "references": lambda n: many("[a] ", n, after="\n\n[a]: b"),
    "definitions of references": lambda n: numbered("[a{}]: b\n", n),
    "fences": lambda n: many("```\n", n),
    "list fences": lambda n: many("- ```\n", n),
    "one line": lambda n: many("a ", n),
    "placeholders": lambda n: numbered("<a{}>", n),
    "empty lines": lambda n: many("\n", n, "a", "b"),
    "items far apart": lambda n: many("- a\n" + "\n" * 500, n),
    "links": lambda n: many("[a](b) ", n),
    "front matter": lambda n: many("a: b\n", n, "---\n", "---\n"),
    "lines of spaces": lambda n: many("  \n", n, "a", "b"),
    # Later ones.
    "formulas of books": lambda n: many("\\\\( ", n),
    "formulas of books that end": lambda n: many("\\\\(a\\\\)", n),
    "formulas of books on lines": lambda n: many("\\\\[ a\n", n),
    "dollars": lambda n: many("$a ", n),
    "double dollars": lambda n: many("$$\na\n", n),
    "formulas": lambda n: many("$a^{2}$ ", n),
    "deep formula": lambda n: many("{", n // 2, "$$\n") + many("}", n // 2, after="\n$$"),
    "math fences": lambda n: many("```math\na\n```\n", n),
    "annotate lists": lambda n: many("a (1)\n{ .annotate }\n\n1. b\n\n", n),
    "annotate marks": lambda n: many("a (1) ", n, after="\n{ .annotate }\n\n1. b\n"),
    "annotations in code": lambda n: many("# (1)! (2) ", n, "```py\n", "\n```\n\n1. a"),
    "annotations and items": lambda n: many("a # (1)!\n", n // 2, "```py\n", "```\n\n") + many("1. a\n", n // 2),
    "tabs": lambda n: many('=== "a"\n    b\n', n),
    "tabs apart": lambda n: many('=== "a"\n    b\n\na\n\n', n),
    "nested tabs": lambda n: deeper('=== "a"\n\n', n, 4),
    "critic": lambda n: many("{++a{--b", n),
    "critic that closes": lambda n: many("{~~a~>b~~}", n),
    "critic openers": lambda n: many("{>>", n // 2) + many("{==", n // 2),
    "critic over lines": lambda n: many("{++a\n\n", n),
    "abbreviations": lambda n: numbered("*[A{}]: b\n", n // 2) + many("A1 A2 B ", n // 2, "\n"),
    "one abbreviation": lambda n: "*[A]: b\n\n" + many("A ", n),
    "long abbreviations": lambda n: numbered("*[" + "A" * 200 + "{}]: b\n", n // 2) + "\n" + many("A", n // 2),
    "definition lists": lambda n: many("a\n:   b\n\n", n),
    "nested definitions": lambda n: deeper("a\n\n:   ", n, 4),
    "definitions without a term": lambda n: many(":   b\n", n),
    "footnotes": lambda n: many("[^1] ", n, after="\n\n[^1]: a"),
    "many footnotes": lambda n: numbered("[^{0}]\n\n[^{0}]: a\n\n", n),
    "footnotes in footnotes": lambda n: numbered("[^{0}]: a [^{0}1]\n", n) + "[^0]",
    "chain of footnotes": lambda n: "[^0]\n\n" + "".join(f"[^{i}]: a [^{i + 1}]\n\n" for i in range(n // 24)),
    "footnote of footnotes": lambda n: "[^a]\n\n[^a]: " + many("[^a] ", n),
    "footnotes of many paragraphs": lambda n: many("[^a]:\n    b\n\n    c\n", n),
    "snippets": lambda n: many('--8<-- "x.md"\n', n),
    "blocks of snippets": lambda n: many('--8<--\nx.md\n--8<--\n', n),
    "snippet of itself": lambda n: many('--8<-- "index.md"\n', n),
    "includes of books": lambda n: many("{{#include x.md}}\n", n),
    "open includes": lambda n: many("{{#include ", n),
    "blocks": lambda n: many("/// note | a\n", n),
    "blocks that end": lambda n: many("/// note | a\nb\n///\n", n),
    "deep blocks": lambda n: "".join("/" * (3 + i) + " note\n" for i in range(int((2 * n) ** 0.5))),
    "captions": lambda n: many("a\n/// caption\nb\n///\n", n),
    "attributes of blocks": lambda n: many("/// note\n    attrs: {a: b}\n\nb\n///\n", n),
    "many cells": lambda n: table(n, 10),
    "wide table": lambda n: table(n, n // 20),
    "short rows": lambda n: "|a" * 2000 + "\n" + "|-" * 2000 + "\n" + many("|\n", n),
    "bars in code": lambda n: "|a|\n|-|\n" + many("`|` ", n),
    "table rows of ticks": lambda n: "|a|\n|-|\n" + many("| ` |\n", n),
    "attr lists": lambda n: many("*a*{.b}", n),
    "attr lists of blocks": lambda n: many("a\n{ .b #c }\n\n", n),
    "open attr lists": lambda n: many("*a*{.b", n),
    "one long attr list": lambda n: "a\n" + many(".b ", n, "{ ", "}"),
    "attr lists of headings": lambda n: numbered("# a {{ #a{} .b c=d }}\n", n),
    "keys": lambda n: many("++a+", n),
    "keys that close": lambda n: many("++ctrl+a++ ", n),
    "signs": lambda n: many("(c) --> =/= ", n),
    "digits": lambda n: many("1", n),
    "numbers in a row": lambda n: many("1st ", n),
    "progress": lambda n: many('[=50% "a"]\n\n', n),
    "contents": lambda n: many("[TOC]\n\n", n // 2) + many("# a\n", n // 2),
    "fenced quotes": lambda n: many(">>>\n", n),
    "magic links": lambda n: many("#1 @a a/b#2 ", n),
    "emoji that are": lambda n: many(":smile:", n),
    "icons": lambda n: many(":material-home: ", n),
    "task lists": lambda n: many("- [ ] a\n", n),
    "nested task lists": lambda n: deeper("- [x] a\n", n, 4),
    "diagrams": lambda n: many("```mermaid\ngraph TD; a-->b\n```\n", n),
    "one large diagram": lambda n: "```mermaid\ngraph TD\n" + numbered("a{0}-->b{0}\n", n) + "```\n",
    "marked lines": lambda n: many("// highlight-next-line\na\n", n, "```js\n", "```"),
    "lines that are named": lambda n: many("1 ", n, '```py hl_lines="', '"\na\n```'),
    "titles of fences": lambda n: many('```py title="a"\nb\n```\n', n),
    "labels with a gap": lambda n: many("[a] [b] ", n, after="\n\n[b]: c"),
    "md in html": lambda n: many('<div markdown>\n*a*\n</div>\n', n),
    "deep md in html": lambda n: many('<div markdown>\n', n),
    "details": lambda n: many("<details><summary>a</summary>\n\nb\n\n</details>\n", n),
    "folded": lambda n: many("??? note\n    a\n", n),
    "grids": lambda n: many('<div class="grid cards" markdown>\n\n- a\n\n</div>\n', n),
    "letters with marks": lambda n: many("e\u0301", n),
    "heading with marks": lambda n: "# " + many("e\u0301 ", n),
    "words of hyphens": lambda n: "# " + many("a-", n),
    "spans of code": lambda n: many("`#!py a` ", n),
    "colons": lambda n: many(":", n),
    "backslashes": lambda n: many("\\", n),
    "carets": lambda n: many("^", n),
    "tildes": lambda n: many("~", n),
    "equals": lambda n: many("=", n),
    "tabs of white space": lambda n: many("\t", n, after="a"),
    "lines of tabs": lambda n: many("\ta\n", n),
    "carriage returns": lambda n: many("\r", n),
    "nulls": lambda n: many("\0", n),
    "svg": lambda n: many("<svg><path d='m0 0'/></svg>", n),
    "one svg": lambda n: many("<g>", n // 2, "<svg>") + many("</g>", n // 2, after="</svg>"),
    "table tags": lambda n: many("<table><tr><td>", n),
    "ends without beginnings": lambda n: many("</b></i></div>", n),
}
OF_BOOKS = ("books",)
AWESOME = "site_name: N\nplugins: [awesome-pages]\n"


def pages(n, form="p{}.md"):
    return {"docs/" + form.format(number): "# P\n" for number in range(n)}


def listed(n, form):
    return "".join(form.format(number) for number in range(n))


def nested(n):
    return "site_name: N\nnav:\n" + "".join(" " * depth + f"- s{depth}:\n" for depth in range(min(n, 1400))) + " " * 1500 + "- p0.md\n"


# Docs by the paths of their files, for so many entries.
SITES = {
    "nav of pages": lambda n: {**pages(n), "mkdocs.yml": "site_name: N\nnav:\n" + listed(n, "- p{}.md\n")},
    "nav of one page": lambda n: {**pages(1), "mkdocs.yml": "site_name: N\nnav:\n" + "- p0.md\n" * n},
    "nav of pages that are not": lambda n: {**pages(100), "mkdocs.yml": "site_name: N\nnav:\n" + listed(n, "- q{}.md\n")},
    "nav of sections": lambda n: {**pages(n), "mkdocs.yml": "site_name: N\nnav:\n" + listed(n, "- S:\n  - p{}.md\n")},
    "deep nav": lambda n: {**pages(1), "mkdocs.yml": nested(n)},
    "deep folders": lambda n: {"docs/" + "d/" * (number % 400) + f"p{number}.md": "# P\n" for number in range(n // 10)},
    "many folders": lambda n: pages(n, "f{}/p.md"),
    "flat folder": lambda n: pages(n),
    "links to one another": lambda n: {f"docs/p{number}.md": f"# P\n\n[a](p{number + 1}.md)\n" for number in range(n)},
    "redirects in a row": lambda n: {**pages(1), "mkdocs.yml": "site_name: N\nplugins:\n  - redirects:\n      redirect_maps:\n" + listed(n, "        r{0}.md: r{0}1.md\n")},
    "patterns": lambda n: {**pages(n), "mkdocs.yml": AWESOME, "docs/.pages": "nav:\n" + listed(n, "- ... | regex=(\\w+\\d+)+x{}\n") + "- ...\n"},
    "patterns of folders": lambda n: {**pages(n // 10, "f{}/p.md"), **{f"docs/f{number}/.pages": "nav:\n" + "- ... | regex=(\\w|\\d|.){20}\n" * 100 for number in range(n // 10)}, "mkdocs.yml": AWESOME},
    "globs": lambda n: {**pages(n), "mkdocs.yml": AWESOME, "docs/.pages": "nav:\n" + listed(100, "- ... | *a*a*a*a*{}\n") + "- ...\n"},
    "lists for the rest": lambda n: {**pages(n), "mkdocs.yml": AWESOME, "docs/.pages": "nav:\n" + "- ...\n" * n},
    "folders of each other": lambda n: {**pages(n // 100, "f{}/p.md"), "mkdocs.yml": AWESOME, "docs/.pages": "nav:\n" + listed(n // 100, "- f{}\n") * 100},
    "includes in a circle": lambda n: {"docs/a.md": "# A\n", "mkdocs.yml": "site_name: a\nplugins: [monorepo]\nnav:\n" + "- X: '!include ./b/mkdocs.yml'\n" * (n // 10), "b/mkdocs.yml": "site_name: b\nnav:\n- Y: '!include ../mkdocs.yml'\n- b.md\n", "b/docs/b.md": "# B\n"},
    "includes of many": lambda n: {"docs/a.md": "# A\n", "mkdocs.yml": "site_name: a\nplugins: [monorepo]\nnav:\n- X: '*include ./*/mkdocs.yml'\n", **{f"m{number}/mkdocs.yml": f"site_name: m{number}\nnav: [a.md]\n" for number in range(n // 10)}, **{f"m{number}/docs/a.md": "# A\n" for number in range(n // 10)}},
    "inherits from itself": lambda n: {**pages(1), "mkdocs.yml": "INHERIT: mkdocs.yml\nsite_name: a\n"},
    "categories": lambda n: {"docusaurus.config.js": "", **pages(n // 2, "f{}/p.md"), **{f"docs/f{number}/_category_.json": '{"link": {"type": "generated-index", "slug": "x"}}' for number in range(n // 2)}},
    "categories that lead to one page": lambda n: {"docusaurus.config.js": "", **pages(n // 2, "f{}/p.md"), **{f"docs/f{number}/_category_.json": '{"link": {"type": "doc", "id": "f0/p"}}' for number in range(n // 2)}},
    "summary of literate-nav": lambda n: {**pages(n), "mkdocs.yml": "site_name: N\nplugins: [literate-nav]\n", "docs/SUMMARY.md": listed(n, "- [a](p{}.md)\n")},
    "deep summary of a book": lambda n: {"book.toml": "[book]\n", "src/a.md": "# A\n", "src/SUMMARY.md": "".join(" " * (2 * min(depth, 2000)) + "- [a](a.md)\n" for depth in range(n // 10))},
    "print of all": lambda n: {**pages(n), "portal": "[docs]\nprint = true\n"},
}


def timed(callboard, name, text):
    folder = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    try:
        source = os.path.join(folder, "in", "src" if any(word in name for word in OF_BOOKS) else "docs")
        os.makedirs(source)
        with open(os.path.join(source, "index.md"), "w", newline="") as file:
            file.write(text)
        with open(os.path.join(source, "x.md"), "w") as file:
            file.write("x\n")
        if source.endswith("src"):
            with open(os.path.join(source, "SUMMARY.md"), "w") as file:
                file.write("- [a](index.md)\n")
            config, content = "book.toml", BOOK
        else:
            config, content = "mkdocs.yml", DIALECT
        with open(os.path.join(folder, "in", config), "w") as file:
            file.write(content)
        began = time.monotonic()
        try:
            ended = subprocess.run([callboard, "build", "-q", "--no-git", "-d", os.path.join(folder, "out"), os.path.join(folder, "in")],
                                   capture_output=True, timeout=120)
            said = "" if ended.returncode == 0 else f" EXIT {ended.returncode} {ended.stderr[-300:]!r}"
        except subprocess.TimeoutExpired:
            said = " TIMEOUT"
        took = time.monotonic() - began
        pages = [os.path.join(at, one) for at, _, files in os.walk(os.path.join(folder, "out")) for one in files if one == "index.html" and "repository" in at]
        return took, said, max((os.path.getsize(page) for page in pages), default=0)
    finally:
        shutil.rmtree(folder)


def timed_site(callboard, files):
    folder = tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    try:
        for path, text in {"portal": "", "mkdocs.yml": None, **files}.items():
            if text is None or path == "mkdocs.yml" and "docusaurus.config.js" in files:
                continue
            place = os.path.join(folder, "book.toml" if path == "portal" else "in/" + path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w") as file:
                file.write(text + ('[[source]]\npath = "in"\n' if path == "portal" else ""))
        began = time.monotonic()
        try:
            ended = subprocess.run([callboard, "build", "-q", "--no-git", "--no-cache", "-d", os.path.join(folder, "out"), folder], capture_output=True, timeout=120)
            said = "" if ended.returncode == 0 else f" EXIT {ended.returncode} {ended.stderr[-300:]!r}"
        except subprocess.TimeoutExpired:
            said = " TIMEOUT"
        return time.monotonic() - began, said
    finally:
        shutil.rmtree(folder)


def main():
    arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
    size = int(sys.argv[sys.argv.index("--bytes") + 1]) if "--bytes" in sys.argv else 1 << 20
    callboard = os.path.abspath(arguments[0])
    only = arguments[1] if len(arguments) > 1 and not arguments[1].isdigit() else ""
    worst = 0.0
    empty = min(timed(callboard, "", "a")[0] for _ in range(3))
    for name, make in KINDS.items():
        if only not in name:
            continue
        half, _, _ = timed(callboard, name, make(size // 2))
        took, said, n_bytes = timed(callboard, name, make(size))
        worst = max(worst, took)
        growth = (took - empty) / max(half - empty, 0.02)
        mark = " NOT LINEAR?" if growth > 3 and took > 0.3 else ""
        late = " SLOW" if took > 2 else ""
        print(f"{took:6.2f} s  {growth:4.1f}x  {n_bytes >> 10:7} kB  {name}{said}{mark}{late}", flush=True)
    for name, make in SITES.items():
        if only not in name:
            continue
        half, _ = timed_site(callboard, make(5_000))
        took, said = timed_site(callboard, make(10_000))
        mark = " NOT LINEAR?" if took > 3 * max(half, 0.1) else ""
        print(f"{took:6.2f} s  {took / max(half, 0.02):4.1f}x  {name}{said}{mark}", flush=True)
    print(f"{len(KINDS)} kinds, the slowest took {worst:.2f} s; a page of one letter {empty:.2f} s")


main()
