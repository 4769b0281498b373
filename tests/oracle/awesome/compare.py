"""Makes docs up, lets mkdocs-awesome-pages-plugin and Callboard order them, and compares the navigations."""

import html.parser
import os
import random
import shutil
import subprocess
import sys
import warnings

import yaml
from mkdocs.config import load_config
from mkdocs.structure.files import get_files
from mkdocs.structure.nav import Link, Section, get_navigation

NAMES = ["alpha", "beta", "Gamma", "guide-1", "guide-2", "guide-10", "notes", "x_y", "zeta"]
PATTERNS = ["guide*", "*.md", "regex=^guide-\\d+", "regex=a", "glob=[a-m]*", "regex=^[A-Z]", "?eta*", "flat | *a*", "flat"]


def grown(rand, folder, depth):
    """Writes pages and folders, and says what there is right in the folder."""
    os.makedirs(folder)
    pages = [name + ".md" for name in rand.sample(NAMES, rand.randint(1, 4))]
    if rand.random() < 0.5:
        pages.append("index.md")
    for page in pages:
        with open(os.path.join(folder, page), "w") as file:
            title = rand.choice(["One", "two", "Three", "four"]) + " " + page[:-3]
            file.write(f"# {title}\n\nText.\n")
    folders = rand.sample(["deep", "Old", "how-to", "b10", "b9"], rand.randint(0, 2 if depth < 2 else 0))
    for name in folders:
        grown(rand, os.path.join(folder, name), depth + 1)
    if rand.random() < 0.7:
        said = pages_file(rand, pages + folders, depth)
        with open(os.path.join(folder, ".pages"), "w") as file:
            yaml.safe_dump(said, file, sort_keys=False)


def sorting(rand):
    said = {}
    for key, values in [("order", ["asc", "desc"]), ("sort_type", ["natural"]), ("order_by", ["filename", "title"]),
                        ("ignore_case", [True])]:
        if rand.random() < 0.4:
            said[key] = rand.choice(values)
    return said


def entries(rand, names, n_rests, may_title=True):
    items = []
    for name in rand.sample(names, rand.randint(0, len(names))):
        items.append({f"Called {name}": name} if may_title and rand.random() < 0.3 else name)
    rests = rand.sample(PATTERNS, n_rests)
    if rand.random() < 0.6:
        rests.append("")
    for rest in rests:
        items.insert(rand.randint(0, len(items)), ("... | " + rest) if rest else "...")
    if may_title and rand.random() < 0.2:
        items.append({"Chat": "https://chat.example"})
    return items


def pages_file(rand, names, depth):
    said = {}
    if depth and rand.random() < 0.3:
        said["title"] = "Titled " + rand.choice("abc")
    kind = rand.random()
    # `flat` has no meaning in a file of a folder, where Callboard gives it one.
    if kind < 0.5:
        flat = [item for item in entries(rand, names, rand.randint(0, 2)) if "flat" not in str(item)]
        if rand.random() < 0.3 and len(flat) > 1:
            flat = [flat[0], {"Section": flat[1:]}]
        said["nav"] = flat or ["..."]
    elif kind < 0.6:
        said["arrange"] = rand.sample(names, rand.randint(0, len(names))) + rand.choice([[], ["..."]])
    said.update(sorting(rand))
    if depth and rand.random() < 0.1:
        said["hide"] = True
    for key in ["collapse", "collapse_single_pages"]:
        if depth and rand.random() < 0.15:
            said[key] = rand.choice([True, False])
    return said


def theirs(root):
    config = load_config(os.path.join(root, "mkdocs.yml"))
    config = config.plugins.on_config(config)
    files = get_files(config)
    files = config.plugins.on_files(files, config=config)
    nav = get_navigation(files, config)
    nav = config.plugins.on_nav(nav, config=config, files=files)
    return [outline(item, config) for item in nav.items]


def outline(item, config):
    if isinstance(item, Section):
        return (item.title, [outline(child, config) for child in item.children])
    if isinstance(item, Link):
        return (item.title, item.url)
    if item.title is None:
        item.read_source(config)
    return (item.title, item.url)


class Ours(html.parser.HTMLParser):
    """Reads the navigation of a page of the plain theme."""

    def __init__(self):
        super().__init__()
        self.stack, self.is_nav, self.text, self.href, self.done = [[]], False, "", None, None

    def handle_starttag(self, tag, attrs):
        self.is_nav |= tag == "nav"
        if not self.is_nav:
            return
        if tag in ("a", "summary"):
            self.text, self.href = "", dict(attrs).get("href")
        if tag == "details":
            self.stack.append([])

    def handle_endtag(self, tag):
        if not self.is_nav:
            return
        if tag == "a":
            self.stack[-1].append((self.text, self.href))
        if tag == "summary":
            self.stack[-1].append(self.text)
        if tag == "details":
            title, *items = self.stack.pop()
            self.stack[-1].append((title, items))
        if tag == "nav":
            self.is_nav = False
            self.done = self.stack[0]

    def handle_data(self, data):
        self.text += data


def ours(out, name):
    base = os.path.join(out, "docs", "default", "repository", name)
    for folder, _, files in os.walk(base):
        if "index.html" in files and "_print" not in folder:
            reader = Ours()
            with open(os.path.join(folder, "index.html")) as file:
                reader.feed(file.read())
            if reader.done is None:
                continue
            here = os.path.relpath(folder, base)

            def absolute(item):
                title, target = item
                if isinstance(target, list):
                    return (title, [absolute(child) for child in target])
                if "://" in target:
                    return (title, target)
                path = os.path.normpath(os.path.join(here, target))
                return (title, "" if path == "." else path + "/")

            return [absolute(item) for item in reader.done]
    return None


def eased(items, above=None):
    """Takes out where Callboard differs on purpose: a section's own index is called Overview, and a section of it alone is a
    page; one without any entry is left out."""
    result = []
    for position, (title, target) in enumerate(items):
        if isinstance(target, list):
            target = eased(target, title)
            if not target:
                continue
            if len(target) == 1 and target[0][0] == "*" and not isinstance(target[0][1], list):
                target = target[0][1]
            result.append((title, target))
            continue
        is_own = target.endswith("/") and (title == "Overview" or above and above.lower() == title.lower())
        result.append(("*" if is_own else title, target))
    return result


def main():
    portal, count = sys.argv[1], int(sys.argv[2])
    shutil.rmtree(portal, ignore_errors=True)
    rand = random.Random(7)
    os.makedirs(portal)
    for idx in range(count):
        root = os.path.join(portal, f"r{idx}")
        grown(rand, os.path.join(root, "docs"), 0)
        options = sorting(rand) if rand.random() < 0.3 else {}
        if rand.random() < 0.2:
            options["collapse_single_pages"] = True
        config = {"site_name": f"R{idx}", "plugins": [{"awesome-pages": {"strict": False, **options}}]}
        if rand.random() < 0.3:
            docs = os.path.join(root, "docs")
            names = [name for name in sorted(os.listdir(docs)) if name.endswith(".md")]
            rest = rand.choice(["...", "... | flat", "... | **/*a*.md", "... | flat | **/guide*", "... | regex=guide-\\d"])
            config["nav"] = rand.sample(names, rand.randint(0, len(names))) + [{"Rest": [rest]}] + ["..."]
            if rest == "...":
                config["nav"].pop()
            # The plugin sorts even what `nav` has in order, and breaks entries of folders that such a pattern divides.
            config["plugins"] = [{"awesome-pages": {"strict": False}}]
            for folder, _, files in os.walk(docs):
                if ".pages" in files:
                    os.remove(os.path.join(folder, ".pages"))
        with open(os.path.join(root, "mkdocs.yml"), "w") as file:
            yaml.safe_dump(config, file, sort_keys=False)
    with open(os.path.join(portal, "book.toml"), "w") as file:
        file.write('[portal]\ntitle = "P"\n[[source]]\npath = "r*"\n[theme]\nname = "plain"\n')
    out = os.path.join(portal, "site")
    callboard = os.path.abspath("target/debug/callboard")
    subprocess.run([callboard, "build", "-d", "site", "--no-git", "-q"], cwd=portal, check=True)
    n_equal = n_asked = 0
    for idx in range(count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                wanted = eased(theirs(os.path.join(portal, f"r{idx}")))
            except Exception as error:  # the plugin stops at what it does not like
                print(f"r{idx}: the plugin stops: {error!r}")
                continue
        n_asked += 1
        found = ours(out, f"r{idx}")
        if found is not None and eased(found) == wanted:
            n_equal += 1
        else:
            print(f"r{idx}:\n  theirs {wanted}\n  ours   {found and eased(found)}")
    print(f"{n_equal} of {n_asked} navigations are equal")
    sys.exit(n_equal != n_asked)


main()
