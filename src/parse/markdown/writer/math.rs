//! Formulas: LaTeX to MathML, which browsers draw without a script.
//!
//! What the crate writes is taken apart and only what an allow-list
//! knows is kept. A formula that it cannot read is shown as code. The
//! work is bounded by counts: the crate is quadratic in nesting.

use std::ops::Range;

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

use crate::model::codes::markdown as codes;

use super::super::attrs;
use super::Writer;

/// How many formulas of a page are drawn, how long one may be in bytes,
/// and how deep its braces.
const MAX_FORMULAS: usize = 300;
const MAX_BYTES: usize = 2048;
const MAX_DEPTH: usize = 16;

/// Elements of MathML Core that a formula is made of.
const ELEMENTS: &str = "math menclose merror mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow \
    ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics";

const ATTRIBUTES: &str = "accent accentunder class columnspan depth display displaystyle fence form height largeop \
    linethickness lspace mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy \
    symmetric voffset width";

/// Where a formula stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    Inline,
    Block,
}

impl Writer<'_, '_> {
    /// Writes a formula.
    pub(super) fn formula(&mut self, latex: &str, display: Display, range: &Range<usize>) {
        self.n_formulas += 1;
        let mathml = match self.n_formulas {
            n if n > MAX_FORMULAS => Err("the page has too many formulas"),
            _ => mathml(latex, display),
        };
        match mathml {
            Ok(mathml) => {
                let class = if display == Display::Block { "cb-math cb-math-block" } else { "cb-math" };
                let mut html = format!("<span class=\"{class}\"");
                attrs::write_attribute(&mut html, "title", latex.trim());
                html.push('>');
                html.push_str(&mathml);
                html.push_str("</span>");
                self.widget(html);
                self.text.push_str(latex);
            }
            Err(reason) => {
                let span = self.span(range);
                self.report(codes::formula(span, reason));
                self.code(latex.trim(), None, range);
            }
        }
    }
}

/// Returns the MathML of a formula, or why there is none.
fn mathml(latex: &str, display: Display) -> Result<String, &'static str> {
    if latex.len() > MAX_BYTES {
        return Err("it is too long");
    }
    if depth(latex) > MAX_DEPTH {
        return Err("it is nested too deeply");
    }
    let storage = Storage::new();
    let parser = Parser::new(latex, &storage);
    let display_mode = match display {
        Display::Inline => DisplayMode::Inline,
        Display::Block => DisplayMode::Block,
    };
    let mut written = String::new();
    push_mathml(&mut written, parser, RenderConfig { display_mode, ..RenderConfig::default() })
        .map_err(|_| "it cannot be written")?;
    if written.contains("<merror") {
        return Err("it has a command or a form that is not known");
    }
    allowed(&written).ok_or("it would need more than formulas may have")
}

fn depth(latex: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in latex.bytes() {
        match byte {
            b'{' | b'^' | b'_' => depth += 1,
            b'}' => depth = depth.saturating_sub(2),
            b' ' | b'+' | b'-' | b'=' | b'&' | b'\n' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest / 2
}

/// Returns MathML with what the lists know, or nothing if there is an
/// element that they do not.
fn allowed(mathml: &str) -> Option<String> {
    let mut out = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        // The sign "less than" is written as it is.
        if !rest[start + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            out.push_str("&lt;");
            rest = &rest[start + 1..];
            continue;
        }
        let length = rest[start..].find('>')?;
        let tag = &rest[start + 1..start + length];
        rest = &rest[start + length + 1..];
        let (tag, is_close) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.trim().split_once(' ').unwrap_or((tag.trim(), ""));
        if !ELEMENTS.split_ascii_whitespace().any(|known| known == name) {
            return None;
        }
        out.push_str(if is_close { "</" } else { "<" });
        out.push_str(name);
        while let Some((key, after)) = attributes.split_once("=\"") {
            let (value, after) = after.split_once('"')?;
            let key = key.trim();
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" .-%".contains(&byte);
            if ATTRIBUTES.split_ascii_whitespace().any(|known| known == key) && value.bytes().all(is_plain) {
                attrs::write_attribute(&mut out, key, value);
            }
            attributes = after;
        }
        out.push('>');
        if is_empty {
            out.push_str(&format!("</{name}>"));
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml() {
        let written = mathml("\\frac{a}{b} < \\text{<img onerror=x>}", Display::Inline);
        let written = written.expect("a sound formula");
        assert!(written.starts_with("<math display=\"inline\">"), "{written}");
        assert!(written.contains("<mfrac>") && written.contains("&lt;img onerror=x&gt;"), "{written}");
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(mathml("\\href{javascript:alert(1)}{x}", Display::Inline).is_err());
        assert!(mathml("\\frac{a}", Display::Block).is_err());
        assert!(mathml(&"x".repeat(3000), Display::Block).is_err());
        assert!(mathml(&"{".repeat(100), Display::Block).is_err());
        assert!(mathml(&"a^".repeat(100), Display::Block).is_err());
    }

    #[test]
    fn only_what_is_listed_is_kept() {
        assert_eq!(
            allowed("<mi style=\"x\" class=\"a b\" width=\"1em\">x</mi><mspace />").as_deref(),
            Some("<mi class=\"a b\" width=\"1em\">x</mi><mspace></mspace>")
        );
        assert_eq!(allowed("<img src=\"x\">"), None);
        assert_eq!(allowed("<mi x"), None);
    }
}
