"""What TechDocs itself makes of docs pages: mkdocs-techdocs-core, without plugins that need a network or a program.

Reads the lines of `pages` (our own rendering) and writes one line a page with the reference's HTML, twice: as Backstage
renders it, and without `mdx_truly_sane_lists`, which is what Material renders. The two disagree on many pages.
"""

import hashlib
import json
import os
import sys
import xml.etree.ElementTree as etree
from pathlib import Path

import logging

import markdown
from admonitions.admonition import AdmonitionConverter
from mkdocs.config.base import load_config
from mkdocs.utils import meta, yaml_load

logging.disable(logging.CRITICAL)

KEPT = ["site_name", "docs_dir", "markdown_extensions"]
STUBBED = {"plantuml_markdown", "markdown_inline_graphviz"}


def settings(config_file: str | None) -> dict:
    """The part of a configuration that decides how a page is rendered."""
    found = {}
    if config_file:
        with open(config_file, encoding="utf-8-sig") as file:
            try:
                found = yaml_load(file) or {}
            except Exception:
                found = {}
    kept = {key: found[key] for key in KEPT if found.get(key)}
    kept.setdefault("site_name", "Docs")
    kept["plugins"] = [{"techdocs-core": core_options(found.get("plugins"))}]
    return kept


def emoji(index, shortname, alias, uc, alt, title, category, options, md):
    """An emoji as an element that attribute lists may follow; its picture does not matter."""
    return etree.Element("img", {"class": "emojione", "alt": alt})


def core_options(plugins) -> dict:
    """The options of techdocs-core among the plugins, which are a list or a mapping."""
    entries = plugins.items() if isinstance(plugins, dict) else [
        pair for entry in plugins or [] if isinstance(entry, dict) for pair in entry.items()]
    return next((options for name, options in entries if name == "techdocs-core" and options), {})


def extensions(config_file: str | None, root: str):
    """The extensions and their settings, after techdocs-core had its say."""
    kept = settings(config_file)
    folder = Path(os.environ["ORACLE_SCRATCH"])
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    options = dict(kept, docs_dir=str(folder / "docs"))
    try:
        config = load_config(config_file=None, config_file_path=str(folder / "mkdocs.yml"), **options)
    except BaseException as error:
        print(f"{config_file}: {error}", file=sys.stderr)
        options.pop("markdown_extensions", None)
        config = load_config(config_file=None, config_file_path=str(folder / "mkdocs.yml"), **options)
    config = config.plugins["techdocs-core"].on_config(config)
    names = [name for name in config["markdown_extensions"] if name not in STUBBED]
    known = config["mdx_configs"]
    highlight = known.setdefault("pymdownx.highlight", {})
    highlight["linenums"] = False
    known.setdefault("pymdownx.emoji", {}).update({"emoji_generator": emoji})
    bases = [root]
    if config_file:
        bases.insert(0, str(Path(config_file).parent))
    snippets = known.setdefault("pymdownx.snippets", {})
    own = snippets.get("base_path")
    if own:
        own = [own] if isinstance(own, str) else [str(path) for path in own]
        bases = [str(Path(bases[0]) / path) for path in own] + bases
    known["pymdownx.snippets"] = {"base_path": bases, "restrict_base_path": True, "check_paths": False}
    return names, known


def main() -> None:
    pages_file, out_file, cache_file = sys.argv[1:4]
    cache = {}
    if os.path.exists(cache_file):
        with open(cache_file, encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                cache[entry["key"]] = entry
    converter = AdmonitionConverter()
    made = {}
    with open(pages_file, encoding="utf-8") as pages, open(out_file, "w", encoding="utf-8") as out, \
            open(cache_file, "a", encoding="utf-8") as kept:
        for line in pages:
            page = json.loads(line)
            raw = Path(page["page"]).read_bytes()
            config = page["config"]
            key = hashlib.sha256(b"\0".join([
                Path(__file__).read_bytes(), raw, Path(config).read_bytes() if config else b"", page["page"].encode(),
            ])).hexdigest()
            entry = cache.get(key)
            if entry is None:
                place = (config, page["root"])
                if place not in made:
                    made[place] = extensions(*place)
                names, known = made[place]
                text, _ = meta.get_data(raw.decode("utf-8-sig", errors="replace"))
                text = convert(converter, text)
                both = []
                for sane in (True, False):
                    chosen = [name for name in names if sane or name != "mdx_truly_sane_lists"]
                    try:
                        md = markdown.Markdown(extensions=chosen, extension_configs={
                            name: known[name] for name in chosen if name in known})
                        both.append(md.convert(text))
                    except Exception as error:
                        both.append(f"<p>FAILED {type(error).__name__}: {error}</p>")
                entry = {"key": key, "page": page["page"], "techdocs": both[0], "material": both[1]}
                kept.write(json.dumps(entry) + "\n")
            out.write(json.dumps(entry) + "\n")


def convert(converter, text: str) -> str:
    try:
        return converter.on_page_markdown(text, page=None, config=None, files=None) or text
    except Exception:
        return text


if __name__ == "__main__":
    main()
