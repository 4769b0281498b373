//! Markdown.

use super::Lexer;

pub(super) fn read_markdown(lexer: &mut Lexer<'_>, _depth: usize) {
    lexer.pos = lexer.end;
}
