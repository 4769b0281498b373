//! Links and images: every address goes through one filter and becomes a
//! hole, which `resolve` fills.

use std::borrow::Cow;
use std::ops::Range;

use crate::base::url;
use crate::model::codes::markdown as codes;
use crate::model::doc::{DocLink, LinkKind};
use crate::model::entity_ref;

use super::super::attrs::{self, Attrs};
use super::super::pieces::{HOLE_END, HOLE_START};
use super::{Frame, Writer};

/// What becomes of an address.
enum Fate {
    /// A hole; whether it leads to another site.
    Hole {
        link: u32,
        is_external: bool,
    },
    /// An image of a host that may not be asked: its address.
    Remote(u32),
    Refused,
}

impl Writer<'_, '_> {
    /// Opens `<a>`; one without an address when that is refused.
    pub(super) fn open_link(
        &mut self,
        target: &str,
        title: &str,
        attrs: Option<Box<Attrs>>,
        range: &Range<usize>,
    ) {
        if self.is_in_link() {
            return self.frames.push(Frame::Event(""));
        }
        self.write_link_tag(target, title, attrs, range);
        self.frames.push(Frame::Event("</a>"));
    }

    /// Writes the tag of a link.
    pub(super) fn write_link_tag(
        &mut self,
        target: &str,
        title: &str,
        attrs: Option<Box<Attrs>>,
        range: &Range<usize>,
    ) {
        let fate = self.fate(LinkKind::Href, target, range);
        let mut out = std::mem::take(&mut self.out);
        out.push_str("<a");
        let is_external = matches!(fate, Fate::Hole { is_external: true, .. });
        if let Fate::Hole { link, .. } = fate {
            push_hole(&mut out, "href", link);
        }
        if is_external {
            out.push_str(" rel=\"noopener noreferrer\"");
        }
        let mut own_title = None;
        match attrs {
            Some(mut attrs) => {
                if is_external {
                    attrs.add_classes("external");
                }
                self.write_id(&mut out, attrs.id.as_deref());
                attrs.write(&mut out);
                own_title = attrs.title;
            }
            None if is_external => out.push_str(" class=\"external\""),
            None => {}
        }
        let title = Some(title).filter(|title| !title.is_empty()).or(own_title.as_deref());
        if let Some(title) = title {
            attrs::write_attribute(&mut out, "title", title);
        }
        out.push('>');
        self.out = out;
    }

    /// Writes an image, or a link to it if its host may not be asked.
    pub(super) fn write_image(
        &mut self,
        kind: LinkKind,
        target: &str,
        alt: &str,
        attrs: &Attrs,
        range: &Range<usize>,
    ) {
        let fate = self.fate(kind, target, range);
        self.text.push_str(alt);
        self.text.push(' ');
        match fate {
            Fate::Hole { link, .. } => {
                self.out.push_str("<img");
                push_hole(&mut self.out, "src", link);
                attrs::write_attribute(&mut self.out, "alt", alt);
                let mut written = String::new();
                self.write_id(&mut written, attrs.id.as_deref());
                attrs.write_sized(&mut written);
                self.out.push_str(&written);
                if let Some(title) = &attrs.title {
                    attrs::write_attribute(&mut self.out, "title", title);
                }
                self.out.push_str(" loading=\"lazy\">");
            }
            Fate::Remote(link) if !self.is_in_link() => {
                self.out.push_str("<a");
                push_hole(&mut self.out, "href", link);
                self.out.push_str(" class=\"remote-image external\" rel=\"noopener noreferrer\">");
                super::super::text::push(&mut self.out, shown(alt, target));
                self.out.push_str("</a>");
            }
            Fate::Remote(_) => super::super::text::push(&mut self.out, shown(alt, target)),
            Fate::Refused => super::super::text::push(&mut self.out, alt),
        }
    }

    fn fate(&mut self, kind: LinkKind, target: &str, range: &Range<usize>) -> Fate {
        let target = target.trim();
        let absolute;
        let target = match target.strip_prefix("//") {
            Some(rest) if !rest.starts_with(['/', '\\']) => {
                absolute = format!("https://{rest}");
                absolute.as_str()
            }
            _ => target,
        };
        // An image that is a mail or a telephone number asks for a program.
        let is_picture = |link: &str| host(link).is_some() || url::safe_url(link).is_none();
        let safe = url::safe_link(target).filter(|link| kind == LinkKind::Href || is_picture(link));
        // What an entity is called is no address: it leads to its page or
        // nowhere.
        let is_reference = kind == LinkKind::Href && entity_ref::is_reference(target);
        let safe = safe.or(is_reference.then_some(Cow::Borrowed(target)));
        let Some(safe) = safe else {
            let span = self.span(range);
            self.report(codes::unsafe_link(span, target));
            return Fate::Refused;
        };
        let host = host(&safe);
        let is_allowed = host.is_some_and(|host| {
            self.options.remote_images.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
        });
        let is_remote = kind == LinkKind::Src && host.is_some() && !is_allowed;
        let span = self.span(range);
        if is_remote {
            let host = host.unwrap_or_default().to_string();
            match &mut self.remote_images {
                Some((_, _, n_images)) => *n_images += 1,
                None => self.remote_images = Some((span, host, 1)),
            }
        }
        let link = self.written.links.len() as u32;
        let kind = if is_remote { LinkKind::Href } else { kind };
        self.written.links.push(DocLink { kind, target: safe.as_ref().into(), span });
        match is_remote {
            true => Fate::Remote(link),
            false => Fate::Hole { link, is_external: host.is_some() },
        }
    }
}

fn push_hole(out: &mut String, name: &str, link: u32) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    out.push(HOLE_START);
    super::super::text::push_number(out, link as usize);
    out.push(HOLE_END);
    out.push('"');
}

/// Returns the host of a web address.
fn host(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_at(url.find(':')?);
    let rest = rest.strip_prefix("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    Some(host.split(':').next().unwrap_or(host))
}

/// Returns what a link to an image shows: its alternative text, else the
/// name of its file.
fn shown<'t>(alt: &'t str, target: &'t str) -> &'t str {
    if !alt.trim().is_empty() {
        return alt;
    }
    let path = target.split(['?', '#']).next().unwrap_or(target).trim_end_matches('/');
    path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("image")
}
