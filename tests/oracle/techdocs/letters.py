"""Whether any text is lost: `letters.py OURS REFERENCE REVIEWED ROOT [PAGE]`.

Every letter and digit that a browser shows of the reference must be shown of our page as well, counted: twice there is twice
here. It is asked of both references. Words are counted too, lest other letters stand in for those that are lost. The numbers that
a browser puts before our items, and what our images say in words, count as shown.

What TechDocs shows of markup that it does not understand (`!!! note`, the language after three backticks, the numbers of a list
that it took for text) is no text of the author's. It is taken away only where it stands in lines that differ, by the rules of
MARKUP below, each of which is counted in the result, so that a rule that swallows text would be seen.
"""

import collections
import difflib
import json
import re
import sys
import unicodedata

import html5lib

HIDDEN = {"script", "style", "template", "noscript", "head", "title", "iframe", "object", "embed", "video", "audio", "annotation", "datalist"}
BLOCKS = {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary",
          "section", "figure", "figcaption", "tr", "td", "th", "br", "center", "label", "hr", "caption"}
SYMBOLS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6",
           "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "℅": "c/o", "™": "(tm)", "©": "(c)", "®": "(r)"}
SYMBOL = re.compile("|".join(map(re.escape, SYMBOLS)))

# What TechDocs shows of markup, and what it is.
MARKUP = [
    ("front matter that it could not read", re.compile(r"\A\w+: .*", re.DOTALL), "first"),
    ("an icon's name", re.compile(r":(?:material|fontawesome|octicons|simple)-[\w-]+:"), "any"),
    ("an info line's language", re.compile(r"(?:```+|~~~+|^)[ \t]*(?!title)([\w+#.-]+(?:[ ,]\w+(?![\w=:]))*)(?=[ \t]*(?:$|\w+ ?[=:]))", re.MULTILINE), "fence"),
    ("an info line's option", re.compile(r"\b(title|tab|hl_lines|linenums|lineNumbers|showLineNumbers)(?= ?[=:]| |$)|\b((?:format|classes|alt|width|height|source)=\"[^\"]*\")", re.MULTILINE), "any"),
    ("a formula's commands", re.compile(r"(\\begin\{[^}]*\}(?:\{[^}]*\})?|\\end\{[^}]*\}|\\[a-zA-Z]+)"), "any"),
    ("a key's name", re.compile(r"\+\+([\w-]+(?:\+[\w-]+)*)\+\+"), "any"),
    ("how far a progress bar is", re.compile(r"\[=\s*([\d./]+)%?"), "any"),
    ("a block's element", re.compile(r"/{3,} (html \| [\w.#-]+(?:\[[^\]]*\])?)"), "any"),
    ("a block's option", re.compile(r"(?:^|(?<=\s))((?:attrs: \{[^}]*\}|(?:type|open|new|select|markdown): \w+))", re.MULTILINE), "any"),
    ("a container's mark", re.compile(r":::+\s*([\w-]+)|(?:!!!|\?\?\?\+?)\s*([\w-]+(?: inline| end)*)|/{3,} ?([\w-]+)|\[!(\w+)\]"), "any"),
    ("a task's mark", re.compile(r"\[([xX])\]"), "any"),
    ("a comment that marks lines", re.compile(r"\bhighlight-(?:add-|remove-)?(?:next-line|start|end)\b"), "any"),
    ("the number of an item", re.compile(r"(?:^|(?<=\s))(\d{1,3}[.)])(?=\s|$)", re.MULTILINE), "any"),
    ("an attribute list", re.compile(r"\{:?\s*[.#][^{}]*\}|\{:\s*[^{}]*\}"), "any"),
    ("a link's address", re.compile(r"\]\s?\(([^()]*(?:\([^()]*\))?[^()]*)\)|\]\s?\[([^\[\]]*)\]|^\[[^\[\]]+\]:.*", re.MULTILINE), "any"),
    ("a tag", re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL), "any"),
    ("a reference to a character", re.compile(r"&#?\w+;"), "any"),
]


def shown(html, is_ours):
    """The lines of text that a browser shows."""
    html = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", html)
    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    parts = []
    walk(body, parts, None, is_ours)
    text = unicodedata.normalize("NFKC", SYMBOL.sub(lambda found: SYMBOLS[found.group()], "".join(parts)))
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def walk(node, parts, numbers, is_ours):
    if not isinstance(node.tag, str) or node.tag.rpartition("}")[2] in HIDDEN or node.get("hidden") is not None:
        return
    tag = node.tag.rpartition("}")[2]
    if "icon-shortcode" in (node.get("class") or ""):
        return
    if tag in BLOCKS:
        parts.append("\n")
    if tag == "li" and numbers is not None:
        number = next(numbers)
        parts.append(f"{number}. " if is_ours else "")
    below = None
    if tag == "ol":
        start = node.get("start", "1")
        below = iter(range(int(start) if re.fullmatch(r"-?\d+", start) else 1, 10**9))
    if tag == "img" and is_ours:
        parts.append(f" {node.get('alt') or ''} ")
    parts.append(node.text or "")
    for child in node:
        walk(child, parts, below, is_ours)
        parts.append(child.tail or "")
    if tag in BLOCKS:
        parts.append("\n")


def letters(lines):
    return collections.Counter(c for line in lines for c in line.lower() if c.isalnum())


def words(lines):
    return collections.Counter(word for line in lines for word in re.findall(r"[^\W_]+", line.lower()))


def missing(theirs, ours, exempt):
    """What ours does not show of theirs, and the lines in which it is."""
    gone, gone_words = letters(theirs) - letters(ours), words(theirs) - words(ours)
    if not gone and not gone_words:
        return "", []
    hunks = []
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    taken = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        text, mine = "\n".join(theirs[a:b]), "\n".join(ours[c:d])
        taken_here = []
        for name, pattern, where in MARKUP:
            if (where == "first" and a > 0) or (where == "fence" and not re.search(r"```|~~~|^[\w -]+$|=\"", text, re.MULTILINE)):
                continue
            for found in pattern.finditer(text):
                parts = [part for part in found.groups() if part] or [found.group()]
                # What ours shows as well needs no excuse.
                rest = words([text]) - words([mine]) - words(taken_here)
                if any(word in rest for part in parts for word in words([part])) or not words(parts):
                    taken_here += parts
                    exempt[name] += bool(words(parts))
        taken += taken_here
        if words([text]) - words([mine]) - words(taken_here):
            hunks.append((theirs[a:b], ours[c:d]))
    gone -= letters(taken)
    gone_words -= words(taken)
    if not gone and all(letters([word]) and word in "".join(ours).lower().replace(" ", "") for word in gone_words):
        return "", []
    return "".join(sorted(gone.elements()))[:60] + " · " + " ".join(sorted(gone_words)), hunks


def main():
    ours_file, reference_file, reviewed_file, root = sys.argv[1:5]
    wanted = sys.argv[5] if len(sys.argv) > 5 else None
    with open(ours_file, encoding="utf-8") as file:
        ours = {page["page"]: page["html"] for page in map(json.loads, file)}
    exempt, n, lost, seen = collections.Counter(), 0, [], set()
    with open(reference_file, encoding="utf-8") as file:
        for entry in map(json.loads, file):
            page = entry["page"]
            name = page[len(root):].lstrip("/")
            if page in seen or page not in ours or (wanted and wanted not in name):
                continue
            seen.add(page)
            n += 1
            mine = shown(ours[page], True)
            for which in ("techdocs", "material"):
                gone, hunks = missing(shown(entry[which], False), mine, exempt)
                if gone:
                    lost.append((name, which, gone, hunks))
    kept = {}
    with open(reviewed_file, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, gone, _reason = line.rstrip("\n").split("\t")
                kept[name] = set(gone.split())
    is_reviewed = lambda name, gone: name in kept and set(gone.partition(" · ")[2].split()) <= kept[name]
    for name, which, gone, hunks in lost:
        print(f"== {name} ({which}): {gone}")
        for a, b in hunks[:30]:
            for line in a[:10]:
                print(f"   - {line[:230]}")
            for line in b[:10]:
                print(f"   + {line[:230]}")
    for name, count in exempt.most_common():
        print(f"{count:6}  taken away: {name}")
    pages = {name for name, _, gone, _ in lost if not is_reviewed(name, gone)}
    print(f"{n} pages, {len({name for name, *_ in lost})} lose a letter or a digit, {len(pages)} of them not reviewed")


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    main()
