//! What no generator of such a site can do without, done by the
//! simplest program that does it, on as many threads as Callboard has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use callboard::base::par::{par_map, par_map_indexed};
use pulldown_cmark::{Options, Parser, html};

const HEAD: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Page</title><link \
                    rel=\"stylesheet\" href=\"style.css\"></head><body><header>Portal</header><main>";
const TAIL: &str = "</main><footer>The end</footer></body></html>\n";

/// Reads each page, makes HTML of it, puts it into a constant template
/// and writes it.
pub(crate) fn read_parse_write(pages: &[PathBuf], out: &Path) -> Duration {
    let start = Instant::now();
    par_map_indexed(pages, |idx, page| {
        let text = fs::read_to_string(page).expect("the page was just made");
        write(out, idx, &whole(&text));
    });
    start.elapsed()
}

/// Makes HTML of texts that lie in memory.
pub(crate) fn parse(pages: &[PathBuf]) -> Duration {
    let texts = par_map(pages, |page| fs::read_to_string(page).expect("the page was just made"));
    let start = Instant::now();
    let n_bytes: usize = par_map(&texts, |text| whole(text).len()).into_iter().sum();
    let elapsed = start.elapsed();
    assert!(n_bytes > 0, "the compiler keeps the work");
    elapsed
}

/// Writes files that lie in memory.
pub(crate) fn write_files(pages: &[PathBuf], out: &Path) -> Duration {
    let files = par_map(pages, |page| whole(&fs::read_to_string(page).expect("the page was just made")));
    let start = Instant::now();
    par_map_indexed(&files, |idx, file| write(out, idx, file));
    start.elapsed()
}

fn whole(text: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut page = String::with_capacity(text.len() * 2);
    page.push_str(HEAD);
    html::push_html(&mut page, Parser::new_ext(text, options));
    page.push_str(TAIL);
    page
}

fn write(out: &Path, idx: usize, page: &str) {
    let folder = out.join(idx.to_string());
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("index.html"), page).expect("the file can be written");
}
