//! Attribute lists, `{: #id .class key=value }`, by an allow-list: an
//! author may name, class and size things, and nothing else.

/// What an attribute list may say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attrs {
    pub(super) id: Option<String>,
    pub(super) classes: Vec<String>,
    pub(super) width: Option<String>,
    pub(super) height: Option<String>,
    pub(super) title: Option<String>,
    /// Everything else of a fence's list: `title`, `hl_lines`, …
    pub(super) others: Vec<(String, String)>,
}

/// How many parts of a list are read.
const MAX_PARTS: usize = 64;

/// Reads an attribute list at the start of `text`; returns its length
/// too. Lists without a colon need an id, a class or a value, so that
/// `{placeholder}` and `{{ template }}` stay text.
pub(super) fn at_start(text: &str) -> Option<(Attrs, usize)> {
    let inner = text.strip_prefix('{')?;
    let end = closing_brace(inner)?;
    let list = &inner[..end];
    let (list, has_colon) = match list.strip_prefix(':') {
        Some(list) => (list, true),
        None => (list, false),
    };
    let attrs = parse(list)?;
    let says_something = attrs.id.is_some()
        || !attrs.classes.is_empty()
        || attrs.width.is_some()
        || attrs.height.is_some()
        || attrs.title.is_some()
        || attrs.others.iter().any(|(_, value)| !value.is_empty())
        || list.contains('=')
        || attrs.others.iter().any(|(name, _)| name.starts_with("data-"));
    (has_colon || says_something).then_some((attrs, end + 2))
}

/// Splits an attribute list off the end of a line.
pub(super) fn at_end(line: &str) -> Option<(&str, Attrs)> {
    let trimmed = line.trim_end();
    if !trimmed.ends_with('}') {
        return None;
    }
    let start = trimmed.rfind('{')?;
    let (attrs, length) = at_start(&trimmed[start..])?;
    let before = &trimmed[..start];
    let is_apart = before.is_empty() || before.ends_with(' ');
    (start + length == trimmed.len() && is_apart).then(|| (before.trim_end(), attrs))
}

fn closing_brace(text: &str) -> Option<usize> {
    let mut quote = None;
    for (offset, byte) in text.bytes().enumerate().take(2000) {
        match (byte, quote) {
            (b'\n' | b'{', _) => return None,
            (_, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'}', None) => return Some(offset),
            _ => {}
        }
    }
    None
}

/// Reads the inside of an attribute list; `None` when it is not one.
pub(super) fn parse(text: &str) -> Option<Attrs> {
    let mut attrs = Attrs::default();
    let mut rest = text.trim();
    for _ in 0..MAX_PARTS {
        if rest.is_empty() {
            return Some(attrs);
        }
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let value = match after.strip_prefix('=') {
            Some(after) => {
                let (value, after) = value(after)?;
                rest = after;
                Some(value)
            }
            None => {
                rest = after;
                None
            }
        };
        rest = rest.trim_start();
        attrs.add(name, value)?;
    }
    Some(attrs)
}

fn value(text: &str) -> Option<(&str, &str)> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote);
        }
    }
    let end = text.find(' ').unwrap_or(text.len());
    Some(text.split_at(end))
}

impl Attrs {
    fn add(&mut self, name: &str, value: Option<&str>) -> Option<()> {
        match (name, value) {
            (_, None) if name.starts_with('#') => self.id = Some(safe_id(&name[1..])?.to_string()),
            (_, None) if name.starts_with('.') => self.add_classes(&name[1..]),
            _ if !is_name(name) => return None,
            ("id", Some(value)) => self.id = safe_id(value).map(str::to_string),
            ("class", Some(value)) => self.add_classes(value),
            ("width", Some(value)) => self.width = safe_size(value),
            ("height", Some(value)) => self.height = safe_size(value),
            ("align", Some(value)) => self.add_align(value),
            ("style", Some(value)) => {
                self.add_style(value);
            }
            ("title", Some(value)) => {
                self.title = Some(value.to_string());
                self.others.push(("title".to_string(), value.to_string()));
            }
            (_, value) => self.others.push((name.to_string(), value.unwrap_or("").to_string())),
        }
        Some(())
    }

    /// Adds the safe ones of some classes.
    pub(super) fn add_classes(&mut self, classes: &str) {
        for class in classes.split_ascii_whitespace().filter(|class| is_safe_class(class)).take(16) {
            if !self.classes.iter().any(|known| known == class) {
                self.classes.push(class.to_string());
            }
        }
    }

    /// Adds the class that stands for an alignment.
    pub(super) fn add_align(&mut self, align: &str) {
        match align.to_ascii_lowercase().as_str() {
            "left" => self.add_classes("align-left"),
            "right" => self.add_classes("align-right"),
            "center" | "middle" => self.add_classes("align-center"),
            _ => {}
        }
    }

    /// Reads the few things of a style that attributes and classes can
    /// say; tells whether there was nothing else in it.
    pub(super) fn add_style(&mut self, style: &str) -> bool {
        let mut is_understood = true;
        for declaration in style.split(';').map(str::trim).filter(|part| !part.is_empty()).take(16) {
            let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "width" if safe_size(value).is_some() => self.width = safe_size(value),
                "height" if safe_size(value).is_some() => self.height = safe_size(value),
                "height" if value == "auto" => {}
                "text-align" | "float" => self.add_align(value),
                _ => is_understood = false,
            }
        }
        is_understood
    }

    /// Appends what an image may have: `class`, `width` and `height`.
    pub(super) fn write_sized(&self, out: &mut String) {
        self.write(out);
        for (name, value) in [("width", &self.width), ("height", &self.height)] {
            if let Some(value) = value {
                write_attribute(out, name, value);
            }
        }
    }

    /// Appends what everything may have: `class`. The `id` is for those
    /// who know which are taken.
    pub(super) fn write(&self, out: &mut String) {
        for (idx, class) in self.classes.iter().enumerate() {
            out.push_str(if idx == 0 { " class=\"" } else { " " });
            super::text::push(out, class);
        }
        if !self.classes.is_empty() {
            out.push('"');
        }
    }
}

/// Appends ` name="value"`, escaped.
pub(super) fn write_attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    super::text::push(out, value);
    out.push('"');
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':'))
}

/// Returns an id if a page may have it: no spaces, and not one of the
/// theme's.
pub(super) fn safe_id(id: &str) -> Option<&str> {
    let is_plain = !id.contains(|c: char| c.is_whitespace() || c.is_control() || "\"'<>`&".contains(c));
    let is_ours = id.get(..3).is_some_and(|start| matches!(&*start.to_ascii_lowercase(), "cb-" | "cb:"));
    (!id.is_empty() && id.len() <= 200 && is_plain && !is_ours).then_some(id)
}

/// Tells whether a page may use a class; those with `cb-` are the
/// theme's.
pub(super) fn is_safe_class(class: &str) -> bool {
    let is_ours = class.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("cb-"));
    let is_plain = class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    !class.is_empty() && class.len() <= 64 && is_plain && !is_ours
}

/// Returns a width or height: digits, maybe with `%` or `px`.
pub(super) fn safe_size(size: &str) -> Option<String> {
    let size = size.trim();
    let size = size.strip_suffix("px").unwrap_or(size);
    let digits = size.strip_suffix('%').unwrap_or(size);
    let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| size.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let written = at_start(text).map(|(attrs, length)| {
            let mut out = attrs.id.as_deref().map(|id| format!("#{id}")).unwrap_or_default();
            attrs.write_sized(&mut out);
            for (name, value) in &attrs.others {
                out.push_str(&format!(" [{name}={value}]"));
            }
            format!("{out} {}", &text[length..])
        });
        assert_eq!(written.as_deref(), expected, "{text}");
    }

    #[test]
    fn lists_are_read_and_unsafe_parts_dropped() {
        check("{: #a .b .c }rest", Some("#a class=\"b c\" rest"));
        check("{#a}", Some("#a "));
        check("{ width=\"30\" align=left }", Some(" class=\"align-left\" width=\"30\" "));
        check("{ width=30px height='x' .y}", Some(" class=\"y\" width=\"30\" "));
        check("{:target=\"_blank\"}", Some(" [target=_blank] "));
        check("{ .cb-modal .x }", Some(" class=\"x\" "));
        check("{: onclick=alert(1) }", Some(" [onclick=alert(1)] "));
        check(
            "{: style=\"width: 100px; float:right; position: fixed\" }",
            Some(" class=\"align-right\" width=\"100\" "),
        );
        check("{placeholder}", None);
        check("{{ x }}", None);
        check("{#cb-x}", None);
        check("{#cb:x}", None);
        check("{ .x", None);
        check("{ \"=x }", None);
    }

    #[test]
    fn a_list_at_the_end_needs_a_space() {
        assert_eq!(at_end("A b {#x}").map(|(text, _)| text), Some("A b"));
        assert_eq!(at_end("A b{#x}"), None);
        assert_eq!(at_end("A {b}"), None);
        assert_eq!(at_end("{: .x }").map(|(text, _)| text), Some(""));
    }
}
