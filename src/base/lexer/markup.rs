//! Tags: XML and HTML, with the scripts and styles in it.

use super::Lexer;

pub(super) fn read(lexer: &mut Lexer<'_>, _depth: usize) {
    lexer.pos = lexer.end;
}

/// Returns the offset behind `&name;`, or that of the ampersand.
pub(super) fn entity_end(lexer: &Lexer<'_>, pos: usize) -> usize {
    let mut to = pos + 1;
    while to < pos + 12 && (lexer.at(to).is_ascii_alphanumeric() || lexer.at(to) == b'#') {
        to += 1;
    }
    if to > pos + 1 && lexer.at(to) == b';' { to + 1 } else { pos }
}
