//! Tables, up to a number of cells.

use std::ops::Range;

use pulldown_cmark::Alignment;

use crate::model::codes::markdown as codes;

use super::{Frame, MAX_DEPTH, Writer};

/// How many cells the tables of a page may have.
const MAX_CELLS: usize = 100_000;

#[derive(Default)]
pub(super) struct State {
    alignments: Vec<Alignment>,
    column_idx: usize,
    is_head: bool,
    n_cells: usize,
    /// Where the row ends, and the cell.
    row_end: usize,
    cell_end: usize,
    /// What stood before a cell that is left out.
    skipped: Option<(String, usize)>,
}

impl Writer<'_, '_> {
    pub(super) fn begin_table(&mut self, alignments: Vec<Alignment>, range: Range<usize>) {
        self.table.alignments = alignments;
        self.push_deep("<div class=\"table\"><table>\n", "</tbody>\n</table></div>\n", range, 4);
    }

    pub(super) fn end_table(&mut self) {
        self.pop_event();
        self.text.push('\n');
    }

    /// Opens the head or a row.
    pub(super) fn push_in_table(&mut self, open: &str, close: &'static str, range: Range<usize>) {
        self.table.column_idx = 0;
        self.table.row_end = range.end;
        self.table.is_head = open.starts_with("<thead");
        match self.is_flat() || (self.table.n_cells > MAX_CELLS && !self.table.is_head) {
            true => self.frames.push(Frame::Event("")),
            false => self.push(open, close),
        }
    }

    pub(super) fn begin_cell(&mut self, range: Range<usize>) {
        self.table.n_cells += 1;
        self.table.cell_end = range.end;
        if self.table.n_cells > MAX_CELLS {
            if self.table.n_cells == MAX_CELLS + 1 {
                let span = self.line_span(range.start);
                self.report(codes::table_too_large(span, MAX_CELLS));
            }
            self.table.skipped = Some((std::mem::take(&mut self.out), self.text.len()));
            return self.frames.push(Frame::Event(""));
        }
        let alignment = self.table.alignments.get(self.table.column_idx).copied();
        self.table.column_idx += 1;
        if self.is_flat() {
            return self.frames.push(Frame::Event(""));
        }
        let is_head = self.table.is_head;
        let open = match (alignment, is_head) {
            (Some(Alignment::Left), true) => "<th class=\"align-left\">",
            (Some(Alignment::Left), false) => "<td class=\"align-left\">",
            (Some(Alignment::Center), true) => "<th class=\"align-center\">",
            (Some(Alignment::Center), false) => "<td class=\"align-center\">",
            (Some(Alignment::Right), true) => "<th class=\"align-right\">",
            (Some(Alignment::Right), false) => "<td class=\"align-right\">",
            (Some(Alignment::None) | None, true) => "<th>",
            (Some(Alignment::None) | None, false) => "<td>",
        };
        self.push(open, if is_head { "</th>" } else { "</td>" });
    }

    pub(super) fn end_cell(&mut self) {
        if self.table.column_idx == self.table.alignments.len() && self.table.skipped.is_none() {
            self.surplus();
        }
        self.pop_event();
        match self.table.skipped.take() {
            Some((before, n_text)) => {
                self.out = before;
                self.text.truncate(n_text);
            }
            None => self.text.push(' '),
        }
    }

    /// Writes what a row has beyond its last column. The pre-pass has
    /// seen to it in most tables, but it ends some earlier than the
    /// parser, which drops such cells.
    fn surplus(&mut self) {
        let (start, end) = (self.table.cell_end, self.table.row_end);
        let prepared = self.prepared;
        let rest = prepared.text.get(start..end).unwrap_or("").trim_end_matches(['|', ' ', '\t', '\n']);
        if rest.contains(|c: char| c != '|' && !c.is_whitespace()) {
            let span = self.line_span(start);
            self.report(codes::row_too_long(span, self.table.alignments.len()));
            self.push_text(" ");
            self.push_text(rest);
        }
    }

    /// Tells whether the table itself was too deep to be written.
    fn is_flat(&self) -> bool {
        self.frames.len() >= MAX_DEPTH || matches!(self.frames.last(), Some(Frame::Event("")))
    }
}
