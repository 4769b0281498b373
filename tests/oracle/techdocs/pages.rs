//! Prints every docs page of a portal, one JSON object a line, as the
//! comparison with TechDocs needs them: `pages FOLDER`. Links are as
//! their authors wrote them. `pages --texts FILE` reads a JSON list of
//! texts, and prints what each is on GitHub.

#![allow(
    clippy::disallowed_methods,
    reason = "a development tool is a program of its own, outside of the floors"
)]
#![allow(clippy::print_stdout, reason = "its lines are what it is for")]

use std::fmt::Write;
use std::path::Path;

use callboard::base::disk::Disk;
use callboard::base::text;
use callboard::model::doc::{Doc, Piece};
use callboard::model::extensions::Extensions;
use callboard::model::file::FileId;
use callboard::parse::markdown::snippets::Refusal;
use callboard::parse::markdown::{self, Draw, Flavour, MarkdownOptions};
use callboard::pipeline;

fn main() {
    let root = std::env::args().nth(1).expect("a folder is named");
    if root == "--texts" {
        return texts(&std::env::args().nth(2).expect("a file is named"));
    }
    let root = std::fs::canonicalize(Path::new(&root)).expect("the folder is there");
    let variables = [
        ("CALLBOARD_MARKDOWN__HIGHLIGHT".to_string(), "false".to_string()),
        ("CALLBOARD_SEARCH__ENABLE".to_string(), "false".to_string()),
    ];
    let mut diags = Vec::new();
    let mut config =
        pipeline::config(&Disk, &root, &variables, &mut diags).expect("the configuration is sound");
    // Images are compared too, so every host is allowed, once it is known.
    let first =
        pipeline::site(&Disk, config.clone(), &[], Vec::new(), &|_| {}).expect("the portal can be read");
    let links = first.docs.iter().flat_map(|docs| &docs.pages).flat_map(|page| &page.doc.links);
    config.content.remote_images = links.filter_map(|link| host(&link.target)).collect();
    config.content.remote_images.sort();
    config.content.remote_images.dedup();
    let site = pipeline::site(&Disk, config, &[], diags, &|_| {}).expect("the portal can be read");
    for docs in &site.docs {
        let config = docs.plan.config.map(|file| site.snapshot.absolute(file));
        for page in &docs.pages {
            let line = serde_json::json!({
                "source": format!("{:?}", docs.plan.source),
                "config": config,
                "root": site.snapshot.repo(docs.plan.repo).root.join(&*docs.plan.root),
                "page": site.snapshot.absolute(page.doc.file),
                "html": html(&page.doc),
            });
            println!("{line}");
        }
    }
}

fn texts(file: &str) {
    let list = std::fs::read_to_string(file).expect("the file can be read");
    let list: Vec<String> = serde_json::from_str(&list).expect("a list of texts");
    let extensions = Extensions::default();
    let options = MarkdownOptions {
        flavour: Flavour::GitHub,
        highlight: false,
        text: false,
        remote_images: &["example.com".to_string()],
        extensions: &extensions,
        mdx: false,
        draw: Draw::ANEW,
    };
    for text in list {
        let doc = markdown::doc(FileId(0), text.as_bytes(), &options, &|_| Err(Refusal::NotFound));
        println!("{}", serde_json::Value::String(html(&doc)));
    }
}

fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next().map(str::to_ascii_lowercase)
}

fn html(doc: &Doc) -> String {
    let mut html = String::new();
    for piece in doc.body.get().iter() {
        match piece {
            Piece::Html(part) => html.push_str(part),
            Piece::Link(number) => {
                let link = &doc.links[*number as usize];
                let name = match link.kind {
                    callboard::model::doc::LinkKind::Href => "href",
                    callboard::model::doc::LinkKind::Src => "src",
                };
                let _infallible = write!(html, " {name}=\"{}\"", text::escape_html(&link.target));
            }
        }
    }
    html
}
