"""Holds our GitHub flavour to the examples of a specification: `compare.py SPEC PAGES KNOWN`.

SPEC is the specification's own text, from its package, or a test of pulldown-cmark that was made of one; PAGES is our example program. Both sides are brought to the normal form of
the comparison with TechDocs, which leaves out what is ours alone (anchors, frames of code and tables). KNOWN lists the examples that
differ, by their numbers, and why.
"""

import html as entities
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "techdocs"))
import compare  # noqa: E402

FENCE = "`" * 32


def examples(path: str):
    """The examples of a specification: section, text, HTML."""
    if path.endswith(".rs"):
        pairs = re.findall(r'original = r##"(.*?)"##;\s*let expected = r##"(.*?)"##;', Path(path).read_text(encoding="utf-8"), re.S)
        return [(Path(path).stem, text, html) for text, html in pairs]
    section, found, state, text, html = "", [], None, [], []
    for line in Path(path).read_text(encoding="utf-8").split("\n"):
        if state is None and line.startswith(FENCE + " example"):
            state, text, html = "text", [], []
            skipped = "disabled" in line
        elif state == "text" and line == ".":
            state = "html"
        elif state and line.startswith(FENCE):
            if not skipped:
                found.append((section, "\n".join(text) + "\n", "\n".join(html)))
            state = None
        elif state == "text":
            text.append(line.replace("→", "\t"))
        elif state == "html":
            html.append(line.replace("→", "\t"))
        elif state is None and re.match(r"#+ ", line):
            section = line.lstrip("# ")
    return found


def main() -> None:
    spec, pages, known_file = sys.argv[1:4]
    known = {}
    for line in Path(known_file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            number, _, reason = line.partition("\t")
            known[int(number)] = reason
    found = examples(spec)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([text for _, text, _ in found], file)
        file.flush()
        ours = subprocess.run([pages, "--texts", file.name], check=True, capture_output=True, text=True).stdout
    ours = [json.loads(line) for line in ours.splitlines()]
    n_equal, unknown = 0, []
    for number, ((section, text, expected), mine) in enumerate(zip(found, ours), 1):
        theirs, our_lines = compare.lines(expected), compare.lines(mine)
        if theirs == our_lines:
            n_equal += 1
        elif number not in known:
            unknown.append((number, section, text, theirs, our_lines))
    print(f"{len(found)} examples, {n_equal} equal, {len(found) - n_equal - len(unknown)} known to differ, {len(unknown)} differ")
    for number, section, text, theirs, our_lines in unknown:
        print(f"-- {number} {section}\n{text}   - {theirs}\n   + {our_lines}")
    sys.exit(bool(unknown))


if __name__ == "__main__":
    main()
