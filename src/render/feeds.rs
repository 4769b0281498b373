//! Files that machines read: the sitemap, `robots.txt` and
//! `opensearch.xml`.

use crate::base::text::push_escaped;
use crate::model::site_path::SitePath;

/// The sitemap format's own limit.
pub const MAX_URLS: usize = 50_000;

/// Returns the paths of the sitemaps for so many pages: one, or an
/// index and its parts.
pub fn sitemap_paths(n_pages: usize) -> Vec<SitePath> {
    let mut paths = vec![SitePath::new("sitemap.xml")];
    if n_pages > MAX_URLS {
        paths.extend((1..=n_pages.div_ceil(MAX_URLS)).map(part));
    }
    paths
}

/// Returns `sitemap.xml`: the pages, or where they are too many an index
/// of parts.
pub fn sitemap(base_url: &str, pages: &[&SitePath]) -> String {
    if pages.len() <= MAX_URLS {
        return url_set(base_url, pages);
    }
    let parts: Vec<SitePath> = (1..=pages.len().div_ceil(MAX_URLS)).map(part).collect();
    let parts: Vec<&SitePath> = parts.iter().collect();
    list("sitemapindex", "sitemap", base_url, &parts)
}

/// Returns one part of a sitemap, counted from 1.
pub fn sitemap_part(base_url: &str, pages: &[&SitePath], number: usize) -> String {
    let pages = pages.chunks(MAX_URLS).nth(number.saturating_sub(1)).unwrap_or(&[]);
    url_set(base_url, pages)
}

/// Returns `robots.txt`.
pub fn robots(base_url: Option<&str>) -> String {
    match base_url {
        Some(base_url) => format!("User-agent: *\nAllow: /\n\nSitemap: {base_url}sitemap.xml\n"),
        None => "User-agent: *\nAllow: /\n".to_string(),
    }
}

/// Where a browser reads how to search the portal from its own bar.
pub const OPENSEARCH: &str = "opensearch.xml";

/// Returns `opensearch.xml`. Its short name has at most 16 characters.
pub fn opensearch(base_url: &str, title: &str) -> String {
    let short: String = title.chars().take(16).collect();
    let long: String = title.chars().take(48).collect();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n<ShortName>");
    push_escaped(&mut xml, short.trim());
    xml.push_str("</ShortName>\n<LongName>");
    push_escaped(&mut xml, long.trim());
    xml.push_str("</LongName>\n<Description>Search ");
    push_escaped(&mut xml, long.trim());
    xml.push_str("</Description>\n<InputEncoding>UTF-8</InputEncoding>\n");
    xml.push_str("<Url type=\"text/html\" method=\"get\" template=\"");
    push_escaped(&mut xml, base_url);
    xml.push_str("search/?q={searchTerms}\"/>\n</OpenSearchDescription>\n");
    xml
}

fn part(number: usize) -> SitePath {
    SitePath::new(&format!("sitemap-{number}.xml"))
}

fn url_set(base_url: &str, pages: &[&SitePath]) -> String {
    list("urlset", "url", base_url, pages)
}

fn list(element: &str, item: &str, base_url: &str, paths: &[&SitePath]) -> String {
    let mut xml = String::with_capacity(128 + paths.len() * 96);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
    xml.push_str(element);
    xml.push_str(" xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for path in paths {
        xml.push('<');
        xml.push_str(item);
        xml.push_str("><loc>");
        push_escaped(&mut xml, base_url);
        push_escaped(&mut xml, &path.url());
        xml.push_str("</loc></");
        xml.push_str(item);
        xml.push_str(">\n");
    }
    xml.push_str("</");
    xml.push_str(element);
    xml.push_str(">\n");
    xml
}
