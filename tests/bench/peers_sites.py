"""Sites for the peers of Callboard, of the same Markdown as a portal.

Hugo and Zola get one site of all pages, with the least theme that shows
them: a page, a list of each section, a list of sections. No feeds, no
tags, no search, no map of the site: what they leave out is no cost of
theirs. MkDocs and Zensical get repositories one by one.
"""

import json
import shutil

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>\
<link rel="stylesheet" href="/style.css"></head><body><header>Portal</header>\
<main>{main}</main><footer>The end</footer></body></html>
"""

HUGO = """baseURL = "https://docs.example/"
title = "Synthetic portal"
disableKinds = ["404", "RSS", "robotsTXT", "sitemap", "taxonomy", "term"]

[markup.highlight]
codeFences = false
"""
HUGO_HIGHLIGHT = """[markup.highlight]
codeFences = true
noClasses = false
"""
HUGO_LIST = (
    "{{ .Content }}<ul>{{ range .Pages }}"
    '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>'
)

ZOLA = """base_url = "https://docs.example"
title = "Synthetic portal"
generate_sitemap = false
generate_robots_txt = false
"""
ZOLA_HIGHLIGHT = """
[markdown.highlighting]
theme = "github-light"
style = "class"
"""
ZOLA_LIST = (
    "{{ section.content | safe }}<ul>{% for page in section.pages %}"
    '<li><a href="{{ page.permalink | safe }}">{{ page.title }}</a></li>{% endfor %}</ul>'
)
ZOLA_HOME = (
    "<ul>{% for path in section.subsections %}{% set docs = get_section(path=path, metadata_only=true) %}"
    '<li><a href="{{ docs.permalink | safe }}">{{ docs.title }}</a></li>{% endfor %}</ul>'
)

TECHDOCS = """plugins:
  - techdocs-core
"""
# The part of what techdocs-core switches on that the pages need.
ZENSICAL = """theme:
  name: material
markdown_extensions:
  - admonition
  - tables
  - pymdownx.highlight
  - pymdownx.superfences
  - toc:
      permalink: true
"""


def repositories(portal):
    """Returns the folders that hold docs, by number."""
    repos = [config.parent for config in portal.glob("repos/*/mkdocs.yml")]
    return sorted(repos, key=lambda repo: (len(repo.name), repo.name))


def hugo(portal, site):
    content(portal, site / "content")
    write(site / "hugo.toml", HUGO)
    write(site / "highlight.toml", HUGO_HIGHLIGHT)
    layouts = {"single": "{{ .Content }}", "list": HUGO_LIST}
    for name, main in layouts.items():
        write(site / f"layouts/_default/{name}.html", PAGE.format(title="{{ .Title }}", main=main))


def zola(portal, site):
    content(portal, site / "content")
    write(site / "config.toml", ZOLA)
    write(site / "highlight.toml", ZOLA + ZOLA_HIGHLIGHT)
    page = PAGE.format(title="{{ page.title }}", main="{{ page.content | safe }}")
    write(site / "templates/page.html", page)
    for name, main in {"section": ZOLA_LIST, "index": ZOLA_HOME}.items():
        write(site / f"templates/{name}.html", PAGE.format(title="{{ section.title }}", main=main))


def content(portal, folder):
    """Writes all pages, with their titles above them."""
    write(folder / "_index.md", '+++\ntitle = "Synthetic portal"\n+++\n')
    for repo in repositories(portal):
        for page in sorted(repo.glob("docs/*.md")):
            text = page.read_text(encoding="utf-8")
            title = json.dumps(text.split("\n", 1)[0].lstrip("# "))
            # Both take `index.md` for a bundle, and what lies beside
            # it for its attachments.
            name = "_index.md" if page.name == "index.md" else page.name
            write(folder / repo.name / name, f"+++\ntitle = {title}\n+++\n\n{text}")


def repository(repo, folder, config):
    """Copies a repository, adds to its configuration, returns it."""
    shutil.copytree(repo / "docs", folder / "docs")
    mkdocs = (repo / "mkdocs.yml").read_text(encoding="utf-8")
    write(folder / "mkdocs.yml", mkdocs + config)
    return folder


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
