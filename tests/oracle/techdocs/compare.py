"""Compares our pages with those of TechDocs: `compare.py OURS REFERENCE REVIEWED [PAGE]`.

Both are brought to a normal form, a list of lines of a path, a kind and a text. A page is `equal` when its lines are those of one
of the two references. Otherwise each differing hunk is classified; a hunk is `repaired` where TechDocs shows markup as text, or
loses structure that the author wrote, and ours has it. What remains is `structure` (the same text in other elements) or `text`
(other text). REVIEWED lists pages with such hunks that a person has looked at, and why they may stay.
"""

import collections
import difflib
import hashlib
import json
import os
import pickle
import re
import sys
import unicodedata
import urllib.parse

import html5lib

SKIPPED = {"script", "style", "svg", "iframe", "input", "template", "noscript", "video", "audio", "source", "object", "embed", "form",
           "link", "meta", "math", "hr", "select", "textarea", "title", "head"}
SKIPPED_CLASSES = {"headerlink", "footnote-backref", "linenos", "linenodiv", "twemoji", "icon-shortcode", "md-annotation__index"}
BLOCKS = {"p", "div", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "h1", "h2", "h3", "h4", "h5", "h6",
          "details", "summary", "section", "figure", "figcaption", "article", "aside", "header", "footer", "main", "nav", "center",
          "address", "thead", "tbody", "tr", "td", "th", "tfoot", "caption", "hr", "fieldset"}
MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "mark": "==", "ins": "^^", "del": "~~", "s": "~~", "sub": "~", "sup": "^",
         "kbd": "++"}
ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[\w-]+:")
SYMBOLS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6",
           "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "℅": "c/o", "\ufe0f": "", "\u200d": "", "\xa0": " "}
ZERO = dict.fromkeys(map(ord, "\u200b\u200c\u2060\ufeff\u00ad"))
SCHEMES = {"http", "https", "mailto", "tel", "ftp"}
SYMBOL = re.compile("|".join(map(re.escape, SYMBOLS)))
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def hash_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


# What was normalised by other code is normalised anew.
with open(__file__, encoding="utf-8") as own:
    CODE = hash_of(own.read().partition("def letters")[0])


class Page:
    def __init__(self):
        self.lines = []

    def add(self, path, kind, text, bullet):
        text = " ".join(clean(text).split())
        if text or bullet:
            self.lines.append(f"{'/'.join(path)}|{'•' if bullet else ''}{kind}|{text}")


def clean(text):
    return ICON.sub("", SYMBOL.sub(lambda found: SYMBOLS[found.group()], unicodedata.normalize("NFC", text).translate(ZERO)))

# The mark of a note in code with the signs of its comment, which ours takes away where there is an exclamation mark.
NOTE = re.compile(r"(?:(?:#|//|/\*|<!--|(?<!\S)(?:--|;|%))\s)?\((\d+)\)!?(?:\s(?:\*/|-->))?")


def classes(node):
    return (node.get("class") or "").split()


def is_skipped(node):
    return not isinstance(node.tag, str) or node.tag in SKIPPED or bool(SKIPPED_CLASSES & set(classes(node)))


def is_code(node):
    found = classes(node)
    return node.tag == "pre" or (node.tag in ("div", "table") and ("highlight" in found or "highlighttable" in found or "cb-code" in found))


def text_of(node):
    """All text of a node, nothing of what is skipped."""
    if is_skipped(node):
        return ""
    if "cb-note" in classes(node):
        return f"({node.text})!"
    parts = [node.text or ""]
    for child in node:
        parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def inline(node):
    """A node's content as text with marks."""
    parts = [node.text or ""]
    for child in node:
        parts.append(inline_node(child))
        parts.append(child.tail or "")
    return "".join(parts)


def inline_node(node):
    if is_skipped(node):
        return ""
    tag = node.tag
    if tag == "br":
        return " "
    if tag == "img":
        if "emojione" in classes(node) or "twemoji" in classes(node):
            return node.get("alt") or ""
        return f"![]({address(node.get('src'))})"
    if tag == "a" and "remote-image" in classes(node):
        return f"![]({address(node.get('href'))})"
    if tag in ("code", "tt"):
        return f"`{' '.join(text_of(node).split())}`"
    inner = inline(node)
    if tag == "sup" and inner in ("st", "nd", "rd", "th"):
        return inner
    if tag == "sup" and "footnote-ref" in "".join(f"{c.get('class')}" for c in node if isinstance(c.tag, str)):
        return "[^]"
    if tag == "a":
        href = address(node.get("href"))
        if not href:
            return inner
        if plain(inner) == plain(href) or plain("mailto:" + inner) == plain(href):
            return inner
        return f"[{inner}]({href})"
    if tag == "span" and "cb-note" in classes(node):
        return f"({inner})"
    if tag in MARKS and inner.strip():
        return MARKS[tag] + inner + MARKS[tag]
    return inner


def plain(text):
    return re.sub(r"^(https?://|//)", "", urllib.parse.unquote(text.strip()).rstrip("/")).lower()


def address(url):
    url = urllib.parse.unquote((url or "").strip())
    url = re.sub(r"\s+", "", url.translate(ZERO))
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", url)
    if scheme and scheme.group(1).lower() not in SCHEMES:
        # Backstage's own sanitiser drops these as well.
        return ""
    return re.sub(r"^//", "https://", url)


def is_block(node):
    return isinstance(node.tag, str) and (node.tag in BLOCKS or is_code(node))


def walk(page, node, path, bullet):
    """Writes a block's children; returns whether the bullet is still due."""
    pending = [node.text or ""]

    def flush():
        nonlocal bullet
        text = "".join(pending)
        pending.clear()
        if text.strip():
            page.add(path, "p", text, bullet)
            bullet = False

    for child in node:
        if not is_skipped(child) and (is_block(child) or has_block(child)):
            flush()
            bullet = block(page, child, path, bullet)
        else:
            pending.append(inline_node(child))
        pending.append(child.tail or "")
    flush()
    return bullet


def has_block(node):
    return isinstance(node.tag, str) and any(isinstance(below.tag, str) and below.tag in BLOCKS for below in node.iter() if below is not node)


def block(page, node, path, bullet):
    tag, found = node.tag, classes(node)
    if is_code(node):
        for part in node.iter():
            if isinstance(part.tag, str) and ({"filename", "cb-code-title"} & set(classes(part))):
                page.add(path, "file", text_of(part), bullet)
                bullet = False
        for part in list(node.iter()):
            if isinstance(part.tag, str) and ({"filename", "cb-code-title"} & set(classes(part))):
                part.text = ""
                for below in list(part):
                    part.remove(below)
        text = text_of(node).rstrip()
        for line in text.strip("\n").split("\n"):
            if line.strip():
                page.add(path, "code", NOTE.sub(r"(\1)!", line), bullet)
                bullet = False
        return bullet
    if tag in ("ul", "ol"):
        for child in node:
            if isinstance(child.tag, str) and child.tag == "li":
                if walk(page, child, path + [tag], True):
                    page.add(path + [tag], "p", "", True)
            elif not is_skipped(child):
                block(page, child, path + [tag], False) if is_block(child) else None
        return False
    if tag == "blockquote":
        return walk(page, node, path + ["bq"], bullet)
    if tag == "div" and "admonition" in found:
        return walk(page, node, path + ["adm"], bullet)
    if tag == "figure" and "cb-diagram" in found:
        # What is drawn stands for its source, which is below it.
        for part in node.iter():
            if isinstance(part.tag, str) and "cb-code" in classes(part):
                return block(page, part, path, bullet)
    if tag == "details":
        return walk(page, node, path + ["adm"], bullet)
    if tag == "summary":
        page.add(path, "p", inline(node), bullet)
        return False
    if tag == "div" and "tabbed-set" in found:
        return tabs(page, node, path, bullet)
    if tag == "div" and "footnote" in found or tag == "section" and "footnotes" in found:
        return walk(page, node, path + ["notes"], bullet)
    if tag == "table":
        for row in node.iter("tr"):
            cells = [cell for cell in row if isinstance(cell.tag, str)]
            texts = [" ".join(clean(cell_text(cell)).split()) for cell in cells]
            page.add(path, "tr", " | ".join(texts).rstrip("| "), bullet)
            bullet = False
        return bullet
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "figcaption") and not has_block(node):
        page.add(path, tag, inline(node), bullet)
        return False
    if tag == "dd":
        return walk(page, node, path + ["dd"], bullet)
    return walk(page, node, path, bullet)


def cell_text(cell):
    inner = Page()
    walk(inner, cell, [], False)
    return " ".join(line.split("|", 2)[2] for line in inner.lines)


def tabs(page, node, path, bullet):
    labels, blocks = [], []
    for below in node.iter("label"):
        labels.append(inline(below))
    for below in node:
        if isinstance(below.tag, str) and "tabbed-content" in classes(below):
            blocks = [child for child in below if isinstance(child.tag, str) and "tabbed-block" in classes(child)]
    for label, content in zip(labels, blocks):
        page.add(path, "tab", label, bullet)
        bullet = walk(page, content, path + ["tab"], False)
    return False


def lines(html):
    html = CONTROL.sub("", html)
    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    page = Page()
    walk(page, body, [], False)
    return page.lines


def letters(text):
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return "".join(c for c in text.lower() if c.isalnum())


def content(found):
    return [line.split("|", 2)[2] for line in found]


HIGHLIGHT = re.compile(r"^\W*highlight-(add-|remove-)?(next-line|start|end)\W*$", re.MULTILINE)
BLOCK = re.compile(r"/{3,}( [\w-]+)?( \| (div|figure|pre|span|section)[\w.#-]*(\[[^\]]*\])?)?|attrs: \{[^}]*\}|(type|open|new|select): \w+|\|")
REFERENCE = re.compile(r"\](\[[^\]\[]*\]|\([^()]*\))")
MARKUP = re.compile(r"(```|~~~)\s*[\w{.-]*|\b(title|hl_lines|linenums)=|:::\s*\w*|(!!!|\?\?\?\+?|===)\s*[\w-]*|\[!\w+\]|\{[^{}]*\}|&\w+;|\b(\w+:)(?= )")
MARKER = re.compile(r"(?:^|\s)(?:[-*+•]|\d{1,3}[.)])\s")


def classify(theirs, ours):
    """Names what differs between some lines of theirs and ours."""
    their_text, our_text = "\n".join(content(theirs)), "\n".join(content(ours))
    their_letters, our_letters = letters(their_text), letters(our_text)
    n_lists = lambda found: sum(line.split("|")[0].count("l") + line.count("|•") for line in found)
    n_adm = lambda found: sum(line.split("|")[0].count("adm") + line.split("|")[0].count("tab") for line in found)
    n_code = lambda found: sum("|code|" in line.replace("•", "") for line in found)
    n_rows = lambda found: sum("|tr|" in line.replace("•", "") for line in found)
    same = their_letters == our_letters
    if re.match(r"\w+: .*\b(title|id|description): ", their_text) and not ours:
        return "front matter repaired"
    if not same and letters(re.sub(r"<[^<>]*>", "", our_text)) == letters(re.sub(r"<[^<>]*>", "", their_text)) and "<" in our_text:
        return "placeholder repaired"
    if not same and our_letters == letters(HIGHLIGHT.sub("", their_text)):
        return "line marks repaired"
    if re.search(r"\\[(\[]|\\begin|\$", their_text) and re.search(r"[=∑∫∈√𝐡𝐯]", our_text) and "\\" in their_text and "\\(" not in our_text:
        return "formula repaired"
    n_links = lambda text: len(re.findall(r"\]\(", text))
    if REFERENCE.search(their_text) and n_links(our_text) >= n_links(their_text) and letters(REFERENCE.sub("]", their_text)) == letters(REFERENCE.sub("]", our_text)):
        return "link repaired"
    if "++" in their_text and "++" in our_text and not [word for word in lost(their_text, our_text) if len(word) > 12]:
        return "keys repaired"
    if same and "```" in their_text and "```" not in our_text:
        return "fence repaired"
    if "///" in their_text and "///" not in our_text and not lost(BLOCK.sub(" ", their_text), our_text):
        return "container repaired"
    if same and re.search(r"\{(\+\+|--|~~|==|>>)", our_text) and "code" in "".join(ours) + "`":
        return "code repaired"
    if same and any(re.search(r"\|•?h\d\|", line) for line in theirs) and our_text.count("#") > their_text.count("#"):
        return "heading repaired"
    if same and any(re.search(r"\|•?h\d\|", line) for line in ours) and re.search(r"(^|\s)#", their_text):
        return "heading repaired"
    if same and "\\" in their_text and squashed(our_text).replace("\\", "") == squashed(their_text).replace("\\", ""):
        return "escape repaired"
    if n_rows(ours) > n_rows(theirs) and re.search(r"\|[ :]*-|\|", their_text):
        return "table repaired"
    if n_code(ours) > n_code(theirs) and ("```" in their_text or "~~~" in their_text or "`" in their_text):
        return "fence repaired"
    if n_adm(ours) > n_adm(theirs) and re.search(r":::|!!!|\?\?\?|===|\[!|///", their_text):
        return "container repaired"
    if same and n_lists(ours) > n_lists(theirs):
        return "list repaired"
    if not same and n_lists(ours) > n_lists(theirs) and MARKER.search(their_text) and re.sub(r"\d", "", their_letters) == re.sub(r"\d", "", our_letters):
        return "list repaired"
    if same and n_lists(ours) < n_lists(theirs) and n_code(ours) == n_code(theirs):
        return "structure: fewer lists"
    if same and re.search(r"<\w+|</\w+", their_text) and not re.search(r"<\w+|</\w+", our_text):
        return "HTML repaired"
    if same and re.search(r"\]\(|(?<!\\)\*\*|`", their_text) and len(re.findall(r"\]\([^)]*\)", our_text)) > len(re.findall(r"\]\([^)]*\)", their_text)):
        return "link repaired"
    if same and squashed(our_text) == squashed(their_text):
        return "structure: same text and marks"
    if same:
        return "structure: same letters"
    if lost(their_text, our_text):
        return "text: lost"
    return "text: more"


def squashed(text):
    return "".join(text.split())


def words(text):
    text = re.sub(r"\]\([^)]*\)", "] ", text)
    return collections.Counter(re.findall(r"[^\W_]+", text.lower()))


def lost(their_text, our_text):
    missing = words(their_text) - words(our_text)
    return [word for word in missing if word not in our_text.lower()]


def judge(theirs, ours):
    """The kinds of hunk between two pages."""
    kinds = []
    matcher = difflib.SequenceMatcher(None, theirs, ours, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            kinds.append((classify(theirs[a:b], ours[c:d]), theirs[a:b], ours[c:d]))
    return kinds


def weight(kinds):
    rank = {"text": 10000, "structure": 100}
    return sum(rank.get(kind.split(":")[0], 1) for kind, _, _ in kinds)


def is_repair(kind):
    return kind.endswith("repaired")


def name_of(page, root):
    return page[len(root):].lstrip("/") if page.startswith(root) else page


def main():
    ours_file, reference_file, reviewed_file, root = sys.argv[1:5]
    wanted = sys.argv[5] if len(sys.argv) > 5 else None
    reviewed = {}
    with open(reviewed_file, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, _, reason = line.rstrip("\n").partition("\t")
                reviewed[name] = reason
    ours = {}
    with open(ours_file, encoding="utf-8") as file:
        for line in file:
            page = json.loads(line)
            if page["source"] in ("Mkdocs", "Folder"):
                ours[page["page"]] = page["html"]
    totals, hunks, rest, n = collections.Counter(), collections.Counter(), [], 0
    lost_pages, hunks_seen = [], []
    seen = set()
    store = reference_file + ".lines"
    known = pickle.load(open(store, "rb")) if os.path.exists(store) else {}
    with open(reference_file, encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            name = name_of(entry["page"], root)
            if name in seen or entry["page"] not in ours or (wanted and wanted not in name):
                continue
            seen.add(name)
            n += 1
            mine = lines(ours[entry["page"]])
            best = None
            for which in ("techdocs", "material"):
                theirs = known.get((entry["key"], which, CODE))
                if theirs is None:
                    theirs = known[entry["key"], which, CODE] = lines(entry[which])
                kinds = judge(theirs, mine)
                if best is None or weight(kinds) < weight(best[0]):
                    best = (kinds, theirs, which)
                if not kinds:
                    break
            kinds, theirs, which = best
            bad = [kind for kind, _, _ in kinds if not is_repair(kind)]
            gone = []
            whole = "\n".join(content(mine)).lower()
            for kind, a, _ in kinds:
                if kind in ("front matter repaired", "line marks repaired", "formula repaired", "keys repaired"):
                    continue
                text = "\n".join(content(a))
                text = MARKUP.sub(" ", BLOCK.sub(" ", HIGHLIGHT.sub(" ", text)))
                # The numbers of items are no text in a list.
                gone += [word for word in words(text) if word not in whole and not (word.isdigit() and kind == "list repaired")]
            if gone and name not in reviewed:
                lost_pages.append((name, gone))
            if not kinds:
                totals[f"equal to {which}"] += 1
            elif not bad:
                totals["only repaired"] += 1
            else:
                worst = "text differs" if any(kind.startswith("text") for kind in bad) else "structure differs"
                totals[worst + (", reviewed" if name in reviewed else "")] += 1
                rest.append((name, bad))
            for kind, a, b in kinds:
                hunks[kind] += 1
                hunks_seen.append((name, kind, a, b))
            if wanted:
                print(f"== {name} ({which})")
                for kind, a, b in kinds:
                    print(f"-- {kind}")
                    for text in a[:14]:
                        print(f"   - {text[:230]}")
                    for text in b[:14]:
                        print(f"   + {text[:230]}")
    pickle.dump(known, open(store, "wb"))
    print(f"{n} pages")
    for kind, count in totals.most_common():
        print(f"{count:6} {100 * count / max(n, 1):6.2f} %  {kind}")
    passing = sum(count for kind, count in totals.items() if kind.startswith("equal") or kind == "only repaired")
    print(f"{passing:6} {100 * passing / max(n, 1):6.2f} %  equal or only repaired")
    print("hunks:")
    for kind, count in hunks.most_common():
        print(f"{count:6}  {kind}")
    if not wanted:
        with open(reference_file + ".rest", "w", encoding="utf-8") as out:
            for name, bad in rest:
                out.write(f"{name}\t{', '.join(sorted(set(bad)))}\t{'reviewed' if name in reviewed else ''}\n")
            for name, hunk, a, b in hunks_seen:
                out.write(f"{hunk}\t{name}\n" + "".join(f"   - {x[:260]}\n" for x in a[:12]) + "".join(f"   + {x[:260]}\n" for x in b[:12]))
            for name, gone in lost_pages:
                out.write(f"LOST\t{name}\t{' '.join(gone[:20])}\n")
        print(f"{len(lost_pages)} pages lose a word; the rest is listed in {reference_file}.rest")


if __name__ == "__main__":
    sys.setrecursionlimit(20000)
    main()
