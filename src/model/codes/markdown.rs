//! Diagnostics of Markdown pages.

use crate::model::diagnostic::{Code, Diagnostic, Severity, Span};

/// All codes of this file.
pub const ALL: &[&Code] = &[
    &BROKEN_FRONT_MATTER,
    &CODE_NOT_HIGHLIGHTED,
    &COMPONENT_LEFT_OUT,
    &DIAGRAM,
    &DIAGRAM_TOOL,
    &FORMULA,
    &NESTED_TOO_DEEPLY,
    &PAGE_TOO_LARGE,
    &PLACEHOLDER_TAG,
    &REMOTE_IMAGE,
    &REMOVED_HTML,
    &ROW_TOO_LONG,
    &SHALLOW_BODY,
    &SNIPPET_ADDRESS,
    &SNIPPET_LINES,
    &SNIPPET_NOT_FOUND,
    &SNIPPET_REFUSED,
    &TABLE_TOO_LARGE,
    &TURNED_CODE,
    &UNCLOSED_BLOCK,
    &UNKNOWN_TAG,
    &UNSAFE_LINK,
    &UTF16_PAGE,
];

/// Front matter that is no YAML mapping.
pub static BROKEN_FRONT_MATTER: Code = Code {
    id: "broken-front-matter",
    severity: Severity::Warning,
    summary: "the front matter of a page cannot be read",
    explanation: "A page may begin with YAML between two lines of `---`: its title, its description and the \
        like. Here that part is not a YAML mapping, or has no end, so it is ignored; the page itself is shown. \
        Most often a value with a colon lacks quotes:\n\n```yaml\n---\ntitle: \"Orders: an overview\"\n---\n```",
};

/// The front matter cannot be read because of `reason`.
pub fn broken_front_matter(span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(&BROKEN_FRONT_MATTER, Some(span), format!("front matter is ignored: {reason}"))
        .with_help("write `key: value` lines between two lines of `---`")
}

/// Code that is too long to highlight.
pub static CODE_NOT_HIGHLIGHTED: Code = Code {
    id: "code-not-highlighted",
    severity: Severity::Info,
    summary: "a code block is too long to be coloured",
    explanation: "Colouring code takes time, so blocks over 128 kB and blocks with lines of more than 5,000 \
        characters are shown plain. Nothing is lost. Consider a link to the file instead.",
};

/// A code block is shown plain.
pub fn code_not_highlighted(span: Span) -> Diagnostic {
    Diagnostic::new(
        &CODE_NOT_HIGHLIGHTED,
        Some(span),
        "code block is too long and is shown without colours".to_string(),
    )
    .with_help("shorten it, or link to the file")
}

/// A component of MDX that Callboard does not have.
pub static COMPONENT_LEFT_OUT: Code = Code {
    id: "component-left-out",
    severity: Severity::Info,
    summary: "a component of MDX is left out",
    explanation: "MDX is Markdown with programs in it, and Callboard runs none. Imports, exports and comments \
        are left out; `<Tabs>`, `<TabItem>` and `<Admonition>` become tabs and admonitions. Of every other \
        component only what stands between its tags is shown.",
};

/// Components are left out; `names` are the first of them.
pub fn component_left_out(span: Span, names: &str) -> Diagnostic {
    Diagnostic::new(
        &COMPONENT_LEFT_OUT,
        Some(span),
        format!("component `{names}` is left out; what is inside of it is shown"),
    )
    .with_help("write as Markdown what readers need")
}

/// A diagram that cannot be drawn.
pub static DIAGRAM: Code = Code {
    id: "diagram",
    severity: Severity::Warning,
    summary: "a diagram cannot be drawn and is shown as its source",
    explanation: "Mermaid diagrams are drawn when the portal is built. This one has a line that Mermaid does not \
        know, is of a kind that Callboard does not draw, or is larger than the limits: 50 kB, 1,500 lines, 40 levels, and 30 \
        diagrams a page. Its source is shown in place of it. The line that is named is where reading stopped.",
};

/// The diagram is shown as its source because of `reason`.
pub fn diagram(span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(&DIAGRAM, Some(span), format!("diagram is shown as its source: {reason}"))
        .with_help("mend the line, or show the diagram as a picture")
}

/// A diagram that another program would draw.
pub static DIAGRAM_TOOL: Code = Code {
    id: "diagram-tool",
    severity: Severity::Info,
    summary: "a diagram is shown as its source, since no program for it is named",
    explanation: "PlantUML, Graphviz and D2 are programs of their own. Callboard runs one only if the portal's own \
        `book.toml` names it, never because a repository asks; until then the source is shown.\n\n```toml\n\
        [diagram.plantuml]\ncommand = [\"plantuml\", \"-tsvg\", \"-pipe\"]\n\n\
        [diagram.graphviz]\ncommand = [\"dot\", \"-Tsvg\"]\n\n[diagram.d2]\ncommand = [\"d2\", \"-\", \"-\"]\n```\n\n\
        `server = \"https://…\"` in place of `command` names a server that draws, such as one of Kroki.",
};

/// Diagrams of `language` on the page are shown as their source.
pub fn diagram_tool(span: Span, language: &str) -> Diagnostic {
    Diagnostic::new(
        &DIAGRAM_TOOL,
        Some(span),
        format!("diagrams of `{language}` are shown as their source: no program for them is named"),
    )
    .with_help(format!("name one in `[diagram.{language}]` of the portal's `book.toml`"))
}

/// A diagram of `language` is shown as its source, since its server may
/// not be asked.
pub fn diagram_offline(span: Span, language: &str) -> Diagnostic {
    Diagnostic::new(
        &DIAGRAM_TOOL,
        Some(span),
        format!("diagram of `{language}` is shown as its source: its server is not asked"),
    )
    .with_help("build without `--offline`; what a server has drawn before is shown in any case")
}

/// Lists, quotes or HTML nested beyond the limit.
pub static NESTED_TOO_DEEPLY: Code = Code {
    id: "nested-too-deeply",
    severity: Severity::Warning,
    summary: "lists, quotes or HTML are nested beyond the limit",
    explanation: "Nothing that a person writes is nested a hundred levels deep, and browsers get slow there. \
        What lies deeper is shown as plain text at the last level.",
};

/// Something is nested too deeply from here on.
pub fn nested_too_deeply(span: Span) -> Diagnostic {
    Diagnostic::new(
        &NESTED_TOO_DEEPLY,
        Some(span),
        "nested too deeply; what lies deeper is shown flat".to_string(),
    )
    .with_help("remove some levels")
}

/// The byte at `offset` is not UTF-8.
pub fn not_utf8(span: Span, offset: usize) -> Diagnostic {
    Diagnostic::new(
        &super::yaml::NOT_UTF8,
        Some(span),
        format!("page is not UTF-8: byte {offset} fits no character"),
    )
    .with_help("save the file as UTF-8")
}

/// A page over the size limit.
pub static PAGE_TOO_LARGE: Code = Code {
    id: "page-too-large",
    severity: Severity::Error,
    summary: "a page is larger than the limit",
    explanation: "Pages of more than 8 MiB are not rendered, as no reader could use them. A short page with a \
        link to the source stands in. Split the page, or publish generated data as a file.",
};

/// A page of `size_bytes` is replaced by a stub.
pub fn page_too_large(span: Span, size_bytes: usize, max_bytes: usize) -> Diagnostic {
    Diagnostic::new(
        &PAGE_TOO_LARGE,
        Some(span),
        format!("page has {size_bytes} bytes, more than the limit of {max_bytes}"),
    )
    .with_help("split the page")
}

/// `<placeholder>` in running text.
pub static PLACEHOLDER_TAG: Code = Code {
    id: "placeholder-tag",
    severity: Severity::Info,
    summary: "something like `<name>` is shown as text, though it reads as HTML",
    explanation: "`<project-name>` in a sentence is an HTML tag to every Markdown reader, and unknown tags are \
        invisible in a browser. Callboard shows it as text; other tools do not. Write it as code, \
        `` `<project-name>` ``, or escape it: `\\<project-name>`.",
};

/// `<name>` is shown as text.
pub fn placeholder_tag(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(&PLACEHOLDER_TAG, Some(span), format!("`<{name}>` is no HTML tag and is shown as text"))
        .with_help(format!("write it as code: `` `<{name}>` ``"))
}

/// An image of another host.
pub static REMOTE_IMAGE: Code = Code {
    id: "remote-image",
    severity: Severity::Info,
    summary: "an image of another host is shown as a link",
    explanation: "Loading an image from another host tells that host who reads which page, and breaks when the \
        host is gone. Such images become links with their alternative text. Store the image beside the page, or \
        let the portal's operator allow the host:\n\n```toml\n[content]\nremote-images = \
        [\"img.shields.io\"]\n```",
};

/// `n_images` images of `host` and maybe others are links, this first.
pub fn remote_images(span: Span, host: &str, n_images: usize) -> Diagnostic {
    let message = match n_images {
        1 => format!("the image from `{host}` is shown as a link"),
        n => format!("{n} remote images are shown as links, the first one from `{host}`"),
    };
    Diagnostic::new(&REMOTE_IMAGE, Some(span), message)
        .with_help("store images beside the page, or list their hosts in `[content] remote-images`")
}

/// HTML that a page may not bring along.
pub static REMOVED_HTML: Code = Code {
    id: "removed-html",
    severity: Severity::Warning,
    summary: "HTML of a page was removed because it could do harm",
    explanation: "Pages come from many teams, so they may use HTML to write and to arrange text, but not to run \
        scripts, to embed other sites, to send forms or to restyle the portal. Such tags and attributes are \
        removed; the text between them stays. Use what Markdown offers instead: admonitions, tabs, images, \
        `{ width=300 }`.",
};

/// `what`, such as `<iframe>` or `onclick`, was removed.
pub fn removed_html(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new(&REMOVED_HTML, Some(span), format!("`{what}` is not allowed in a page and was removed"))
        .with_help("write it in Markdown, or link to it")
}

/// A row with more cells than its table has columns.
pub static ROW_TOO_LONG: Code = Code {
    id: "row-too-long",
    severity: Severity::Warning,
    summary: "a row of a table has more cells than the table has columns",
    explanation: "The line below a table's head says how many columns there are. What a row has beyond them GitHub \
        and MkDocs leave out; here it stands in the last column, with its pipes, so that nothing is lost. Most \
        often a pipe that is meant as text lacks its backslash: `a \\| b`. Pipes in code need none here, but GitHub \
        wants one there too.",
};

/// A row goes on after the last of `n_columns` columns.
pub fn row_too_long(span: Span, n_columns: usize) -> Diagnostic {
    Diagnostic::new(
        &ROW_TOO_LONG,
        Some(span),
        format!("row has more cells than its table has columns: {n_columns}"),
    )
    .with_help("write `\\|` for a pipe that is text, or give the head as many columns")
}

/// The body of a `!!!` block that is indented too little.
pub static SHALLOW_BODY: Code = Code {
    id: "shallow-body",
    severity: Severity::Warning,
    summary: "the body of a block is indented by less than four spaces",
    explanation: "The text of `!!!`, `???` and `===` blocks is indented by four spaces. With two or three, \
        MkDocs shows it outside of the block; Callboard takes it for the body.\n\n```markdown\n!!! note\n    \
        Four spaces.\n```",
};

/// The body of the `opener` block has `indent` spaces.
pub fn shallow_body(span: Span, opener: &str, indent: usize) -> Diagnostic {
    Diagnostic::new(
        &SHALLOW_BODY,
        Some(span),
        format!("the body of this `{opener}` block is indented by {indent} spaces, expected 4"),
    )
    .with_help("indent the body by four spaces")
}

/// A table with too many cells.
pub static TABLE_TOO_LARGE: Code = Code {
    id: "table-too-large",
    severity: Severity::Warning,
    summary: "a table has more cells than the limit",
    explanation: "The first 100,000 cells of a page's tables are shown; further rows are left out, as browsers \
        cannot lay out more. Publish the data as a file, or split it over several pages.",
};

/// The tables of the page have more than `max_cells`.
pub fn table_too_large(span: Span, max_cells: usize) -> Diagnostic {
    Diagnostic::new(
        &TABLE_TOO_LARGE,
        Some(span),
        format!("tables of this page have more than {max_cells} cells; further rows are left out"),
    )
    .with_help("split the table, or publish it as a file")
}

/// Code with characters that turn the direction of text around.
pub static TURNED_CODE: Code = Code {
    id: "turned-code",
    severity: Severity::Warning,
    summary: "code has invisible characters that change the order in which it is shown",
    explanation: "Some Unicode characters turn the direction of text around, so that code reads otherwise than it \
        runs, which has been used for attacks (\"Trojan Source\"). In code they are shown as `[U+202E]`. Remove \
        them from the code.",
};

/// The code has characters that turn text around.
pub fn turned_code(span: Span) -> Diagnostic {
    Diagnostic::new(
        &TURNED_CODE,
        Some(span),
        "code has invisible characters that turn text around; they are shown as `[U+…]`".to_string(),
    )
    .with_help("remove them from the code")
}

/// The text of a link holds such characters.
pub fn turned_link(span: Span) -> Diagnostic {
    Diagnostic::new(&TURNED_CODE, Some(span), "a link holds characters that turn text around".to_string())
        .with_help("remove them; they are shown as [U+202E] and the like")
}

/// A block whose end is missing.
pub static UNCLOSED_BLOCK: Code = Code {
    id: "unclosed-block",
    severity: Severity::Warning,
    summary: "a code block, a directive or an HTML element has no end",
    explanation: "Without an end, everything below belongs to the block: the rest of the page becomes code, for \
        example. Repeat the opening marks on a line of their own to end it.",
};

/// What `opener` opens has no end.
pub fn unclosed_block(span: Span, opener: &str, closer: &str) -> Diagnostic {
    Diagnostic::new(&UNCLOSED_BLOCK, Some(span), format!("what `{opener}` opens has no end"))
        .with_help(format!("write `{closer}` on a line of its own where it ends"))
}

/// A tag that is no HTML, most often a component of MDX.
pub static UNKNOWN_TAG: Code = Code {
    id: "unknown-tag",
    severity: Severity::Info,
    summary: "a tag that is no HTML was left out; its content is shown",
    explanation: "Components such as `<TabItem>` are code of another site generator, and Callboard never runs code \
        of a page. What stands between the tags is shown as if they were not there. Use what Markdown offers \
        instead: tabs (`=== \"Title\"`), admonitions (`!!! note`), details (`??? note`).",
};

/// `<name>` was left out.
pub fn unknown_tag(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        &UNKNOWN_TAG,
        Some(span),
        format!("`<{name}>` is no HTML tag; its content is shown without it"),
    )
    .with_help("use Markdown for it, such as tabs or admonitions")
}

/// A link with a scheme that is not allowed.
pub static UNSAFE_LINK: Code = Code {
    id: "unsafe-link",
    severity: Severity::Warning,
    summary: "a link or an image has an address that pages may not use",
    explanation: "Pages may link to `http`, `https`, `mailto` and `tel` addresses, and to other pages. Others, \
        such as `javascript:` and `data:`, could run code in the reader's browser, so the link is removed and \
        its text stays.",
};

/// The link to `target` was removed.
pub fn unsafe_link(span: Span, target: &str) -> Diagnostic {
    let shown: String = target.chars().take(60).collect();
    Diagnostic::new(&UNSAFE_LINK, Some(span), format!("the address `{shown}` is not allowed in a page"))
        .with_help("use an `https:` or `mailto:` address, or a relative link")
}

/// A page in UTF-16.
pub static UTF16_PAGE: Code = Code {
    id: "utf-16-page",
    severity: Severity::Warning,
    summary: "a page is written in UTF-16",
    explanation: "The page is shown, but its positions in messages are off, and most other tools cannot read it. \
        Save the file as UTF-8.",
};

/// The page is UTF-16.
pub fn utf16_page(span: Span) -> Diagnostic {
    Diagnostic::new(&UTF16_PAGE, Some(span), "page is UTF-16".to_string()).with_help("save the file as UTF-8")
}

/// A formula that cannot be drawn.
pub static FORMULA: Code = Code {
    id: "formula",
    severity: Severity::Warning,
    summary: "a formula cannot be drawn and is shown as code",
    explanation: "Formulas are LaTeX, between dollars or in a `math` block, and are drawn when the portal is built. \
        Commands that define others, link or include are not known. At most 300 formulas of a page are drawn, each \
        of up to 2,048 characters.",
};

/// The formula is shown as code because of `reason`.
pub fn formula(span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(&FORMULA, Some(span), format!("formula is shown as code: {reason}"))
        .with_help("use the commands of LaTeX's mathematics alone")
}

/// A snippet at an address.
pub static SNIPPET_ADDRESS: Code = Code {
    id: "snippet-address",
    severity: Severity::Warning,
    summary: "a page asks for a snippet of another site",
    explanation: "Nothing is fetched when a portal is built: what another site says today it may not say tomorrow, \
        and pages could make the build ask any host. Copy the file into the repository.",
};

/// The snippet at `address` is not fetched.
pub fn snippet_address(span: Span, address: &str) -> Diagnostic {
    Diagnostic::new(&SNIPPET_ADDRESS, Some(span), format!("the snippet `{}` is not fetched", shown(address)))
        .with_help("copy the file into the repository")
}

/// A range or a section that a file does not have.
pub static SNIPPET_LINES: Code = Code {
    id: "snippet-lines",
    severity: Severity::Error,
    summary: "a snippet asks for lines that a file does not have",
    explanation: "`--8<-- \"file:3:7\"` asks for the lines 3 to 7, `\"file:name\"` for what stands between \
        `--8<-- [start:name]` and `--8<-- [end:name]`; `{{#include file:name}}` of mdBook for what stands between \
        `ANCHOR: name` and `ANCHOR_END: name`. The file has no such lines, or a range ends before it begins.",
};

/// The file at `path` does not have `what`.
pub fn snippet_lines(span: Span, path: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&SNIPPET_LINES, Some(span), format!("`{}` does not have the {what}", shown(path)))
        .with_help("look at the file for its lines and sections")
}

/// A snippet that is not there.
pub static SNIPPET_NOT_FOUND: Code = Code {
    id: "snippet-not-found",
    severity: Severity::Warning,
    summary: "a page brings in a file that does not exist",
    explanation: "`--8<-- \"file\"` brings in another file. Its path begins at the folder of `mkdocs.yml`, at a \
        `base_path` that `pymdownx.snippets` names there, at the docs folder, or at the top of the repository; with \
        `{{#include file}}` of mdBook it begins at the page itself. The line is shown as it is.",
};

/// There is no file `path`.
pub fn snippet_not_found(span: Span, path: &str) -> Diagnostic {
    Diagnostic::new(&SNIPPET_NOT_FOUND, Some(span), format!("there is no file `{}` to bring in", shown(path)))
        .with_help("correct the path; it begins at the folder of `mkdocs.yml`")
}

/// A snippet that must not be brought in.
pub static SNIPPET_REFUSED: Code = Code {
    id: "snippet-refused",
    severity: Severity::Error,
    summary: "a page may not bring in a file",
    explanation: "A page may bring in text files of its own repository: up to 16 deep, 1,000 files and 8 MiB. Files \
        outside of the repository, files that are not UTF-8, and files that bring themselves in are refused. The \
        line is shown as it is.",
};

/// The file `path` is not brought in because of `reason`.
pub fn snippet_refused(span: Span, path: &str, reason: &str) -> Diagnostic {
    Diagnostic::new(&SNIPPET_REFUSED, Some(span), format!("`{}` is not brought in: {reason}", shown(path)))
        .with_help("bring in text files of the repository alone")
}

fn shown(path: &str) -> String {
    path.chars().take(100).collect()
}
