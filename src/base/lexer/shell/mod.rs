//! Shell commands: scripts, and sessions with prompts and output.

mod dollars;

use super::words::{Word, Words};
use super::{CALL, COMMENT, ESCAPE, KEYWORD, Lexer, NAME, NUMBER, OPERATOR, PLAIN, STRING, is_word};

/// What a word means for the next one.
const COMMAND: u8 = b'C';
const ASSIGNMENTS: u8 = b'A';

static WORDS: Words = Words::new(&[
    (KEYWORD, COMMAND, "if then elif else do while until time !"),
    (KEYWORD, PLAIN, "fi done esac for case select in return break continue"),
    (KEYWORD, CALL, "function"),
    (KEYWORD, ASSIGNMENTS, "export local declare readonly typeset"),
]);

/// Strings and substitutions nested deeper are plain.
const MAX_DEPTH: usize = 64;

/// What the next word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Command,
    Argument,
    /// Behind `export`.
    Assignment,
    /// Behind `for` or `case`.
    Subject,
    FunctionName,
}

/// What ends the present list of commands, or string.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// `$(` or `(`, with the place behind it.
    Paren(Place),
    Backtick(Place),
    /// A string in double quotes.
    Quote,
    /// `$((`.
    Sum(Place),
}

/// Whose dollars these are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dollars {
    Shell,
    Make,
}

/// Reads a script. Lines may begin with a prompt.
pub(super) fn read(lexer: &mut Lexer<'_>) {
    let mut shell = Shell {
        lexer,
        place: Place::Command,
        frames: Vec::new(),
        n_cases: 0,
        heredoc: None,
        dollars: Dollars::Shell,
    };
    shell.run();
}

/// Reads a line of a recipe, in which `$(NAME)` is a variable and `$$`
/// a dollar.
pub(super) fn read_recipe(lexer: &mut Lexer<'_>) {
    let mut shell = Shell {
        lexer,
        place: Place::Command,
        frames: Vec::new(),
        n_cases: 0,
        heredoc: None,
        dollars: Dollars::Make,
    };
    shell.run();
}

/// Reads a session: if any line has a prompt, lines without are output.
pub(super) fn read_console(lexer: &mut Lexer<'_>) {
    let code = &lexer.bytes[lexer.pos..lexer.end];
    let has_prompts = code.split(|byte| *byte == b'\n').any(|line| prompt_len(line) > 0);
    if !has_prompts {
        return read(lexer);
    }
    let end = lexer.end;
    let mut goes_on = false;
    while lexer.pos < end {
        let from = lexer.pos;
        let line_end = lexer.line_end(from);
        let len = prompt_len(&lexer.bytes[from..line_end]);
        if len > 0 || goes_on {
            lexer.pos = from + len;
            lexer.end = line_end;
            goes_on = lexer.bytes[from..line_end].ends_with(b"\\");
            read(lexer);
            lexer.end = end;
        }
        lexer.pos = line_end + 1;
    }
}

/// Returns the length of the prompt that a line begins with, or zero.
fn prompt_len(line: &[u8]) -> usize {
    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &line[indent..] {
        [b'$' | b'%' | b'#' | b'>', b' ', ..] => indent + 2,
        _ => 0,
    }
}

struct Shell<'l, 'c> {
    lexer: &'l mut Lexer<'c>,
    place: Place,
    frames: Vec<Frame>,
    /// How many `case` are open.
    n_cases: usize,
    /// The word that ends the text behind this line, and whether
    /// variables count in it.
    heredoc: Option<(usize, usize, bool)>,
    dollars: Dollars,
}

impl Shell<'_, '_> {
    fn run(&mut self) {
        self.prompt();
        while self.lexer.pos < self.lexer.end {
            match self.frames.last() {
                Some(Frame::Quote) => self.in_quotes(),
                _ => self.step(),
            }
        }
    }

    /// Steps over `$ ` at the begin of a line.
    fn prompt(&mut self) {
        let pos = self.lexer.skip_blanks(self.lexer.pos);
        if matches!(self.lexer.at(pos), b'$') && self.lexer.at(pos + 1) == b' ' {
            self.lexer.pos = pos + 2;
        }
    }

    fn step(&mut self) {
        let pos = self.lexer.pos;
        let byte = self.lexer.bytes[pos];
        let next = self.lexer.peek(1);
        match byte {
            b' ' | b'\t' | b'\r' => self.lexer.pos += 1,
            b'\n' => self.line_feed(),
            b'#' if pos == 0 || matches!(self.lexer.bytes[pos - 1], b' ' | b'\t' | b'\n' | b';' | b'(') => {
                let to = self.lexer.line_end(pos);
                self.lexer.out.token(COMMENT, pos, self.lexer.trim(pos, to));
                self.lexer.pos = to;
            }
            b'\\' => {
                if !matches!(next, b'\n' | b'\r' | 0) {
                    self.lexer.out.token(ESCAPE, pos, pos + 2);
                }
                self.lexer.pos = (pos + 2).min(self.lexer.end);
            }
            b'"' => {
                self.lexer.out.token(STRING, pos, pos + 1);
                self.lexer.pos += 1;
                if self.frames.len() < MAX_DEPTH {
                    self.frames.push(Frame::Quote);
                }
                self.used();
            }
            b'\'' => {
                let to = (self.lexer.find(pos + 1, b'\'') + 1).min(self.lexer.end);
                self.lexer.out.lines(STRING, pos, to);
                self.lexer.pos = to;
                self.used();
            }
            b'$' => {
                self.used();
                self.dollar(PLAIN);
            }
            b'`' => self.backtick(PLAIN),
            b'(' | b')' => self.paren(byte),
            b'<' | b'>' => self.redirection(),
            b'|' | b'&' | b';' => self.separator(byte),
            b'{' | b'}' if matches!(next, b' ' | b'\n' | b';' | 0) && self.place == Place::Command => {
                self.lexer.pos += 1;
            }
            b'*' | b'?' => {
                self.lexer.out.token(OPERATOR, pos, pos + 1);
                self.lexer.pos += 1;
                self.used();
            }
            _ if matches!(self.frames.last(), Some(Frame::Sum(_))) => self.sum(byte),
            _ => self.word(),
        }
    }

    fn used(&mut self) {
        if self.place == Place::Command {
            self.place = Place::Argument;
        }
    }

    fn line_feed(&mut self) {
        self.lexer.pos += 1;
        if let Some((from, to, expands)) = self.heredoc.take() {
            self.heredoc_text(from, to, expands);
        }
        if !matches!(self.frames.last(), Some(Frame::Sum(_))) {
            self.place = Place::Command;
        }
        if self.frames.is_empty() {
            self.prompt();
        }
    }

    /// Reads on in a string in double quotes.
    fn in_quotes(&mut self) {
        let from = self.lexer.pos;
        let mut pos = from;
        while pos < self.lexer.end && !matches!(self.lexer.bytes[pos], b'"' | b'\\' | b'$' | b'`') {
            pos += 1;
        }
        self.lexer.out.lines(STRING, from, pos);
        self.lexer.pos = pos;
        match self.lexer.at(pos) {
            b'"' => {
                self.lexer.out.token(STRING, pos, pos + 1);
                self.lexer.pos += 1;
                self.frames.pop();
            }
            b'\\' => {
                let next = self.lexer.peek(1);
                let class = if matches!(next, b'"' | b'\\' | b'$' | b'`') { ESCAPE } else { STRING };
                self.lexer.out.lines(class, pos, (pos + 2).min(self.lexer.end));
                self.lexer.pos = (pos + 2).min(self.lexer.end);
            }
            b'$' => self.dollar(STRING),
            b'`' => self.backtick(STRING),
            _ => {}
        }
    }

    fn paren(&mut self, byte: u8) {
        let pos = self.lexer.pos;
        self.lexer.pos += 1;
        if byte == b'(' {
            if self.frames.len() < MAX_DEPTH {
                let place = if self.place == Place::Command { Place::Command } else { Place::Argument };
                self.frames.push(Frame::Paren(place));
            }
            if pos > 0 && self.lexer.bytes[pos - 1] == b'=' {
                self.place = Place::Argument;
            }
            return;
        }
        match self.frames.last().copied() {
            Some(Frame::Paren(place)) => {
                self.frames.pop();
                self.place = place;
                if self.frames.last() == Some(&Frame::Quote) {
                    self.lexer.out.token(STRING, pos, pos + 1);
                }
            }
            Some(Frame::Sum(place)) => {
                if self.lexer.peek(0) == b')' {
                    self.lexer.pos += 1;
                }
                self.frames.pop();
                self.place = place;
                if self.frames.last() == Some(&Frame::Quote) {
                    self.lexer.out.token(STRING, pos, self.lexer.pos);
                }
            }
            _ if self.n_cases > 0 => {
                self.lexer.out.token(KEYWORD, pos, pos + 1);
                self.place = Place::Command;
            }
            _ => self.place = Place::Command,
        }
    }

    fn sum(&mut self, byte: u8) {
        let pos = self.lexer.pos;
        let mut to = pos + 1;
        let class = if byte.is_ascii_digit() {
            NUMBER
        } else if is_word(byte) {
            NAME
        } else {
            OPERATOR
        };
        while class != OPERATOR && is_word(self.lexer.at(to)) {
            to += 1;
        }
        self.lexer.out.token(class, pos, to);
        self.lexer.pos = to;
    }

    fn redirection(&mut self) {
        let pos = self.lexer.pos;
        if self.lexer.starts(pos, "<<") && !self.lexer.starts(pos, "<<<") {
            let mut name = pos + 2;
            if self.lexer.at(name) == b'-' {
                name += 1;
            }
            self.lexer.out.token(OPERATOR, pos, name);
            name = self.lexer.skip_blanks(name);
            let quote = self.lexer.at(name);
            let is_quoted = matches!(quote, b'"' | b'\'');
            let from = name + usize::from(is_quoted);
            let mut to = from;
            while is_word(self.lexer.at(to)) {
                to += 1;
            }
            if to > from {
                let end = (to + usize::from(is_quoted)).min(self.lexer.end);
                self.lexer.out.token(KEYWORD, name, end);
                self.heredoc = Some((from, to, !is_quoted));
                self.lexer.pos = end;
                return;
            }
            self.lexer.pos = from;
            return;
        }
        let mut to = pos + 1;
        while matches!(self.lexer.at(to), b'<' | b'>' | b'&' | b'|') {
            to += 1;
        }
        self.lexer.out.token(OPERATOR, pos, to);
        let digit = to;
        if self.lexer.bytes[to - 1] == b'&' {
            while self.lexer.at(to).is_ascii_digit() {
                to += 1;
            }
            self.lexer.out.token(NUMBER, digit, to);
        }
        self.lexer.pos = to;
        self.used();
    }

    fn separator(&mut self, byte: u8) {
        let pos = self.lexer.pos;
        let mut to = pos + 1;
        while self.lexer.at(to) == byte {
            to += 1;
        }
        if byte != b';' || to == pos + 1 {
            self.lexer.out.token(OPERATOR, pos, to);
        }
        self.lexer.pos = to;
        self.place = Place::Command;
    }

    fn word(&mut self) {
        let from = self.lexer.pos;
        let mut to = from;
        let mut sign = None;
        loop {
            match self.lexer.at(to) {
                0 | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'$' | b'`' | b'(' | b')' | b'<' | b'>'
                | b'|' | b'&' | b';' | b'*' | b'?' | b'\\' => break,
                b'=' if sign.is_none() => sign = Some(to),
                _ => {}
            }
            to += 1;
        }
        if to == from {
            self.lexer.pos += 1;
            return;
        }
        let bytes = self.lexer.bytes;
        let word = &bytes[from..to];
        let begins =
            from == 0 || matches!(bytes[from - 1], b' ' | b'\t' | b'\n' | b';' | b'(' | b'|' | b'&' | b'`');
        self.lexer.pos = to;
        match self.place {
            Place::FunctionName => {
                self.lexer.out.token(CALL, from, to);
                self.place = Place::Command;
            }
            Place::Command | Place::Assignment => self.first_word(word, from, to, sign),
            Place::Subject if word == b"in" => {
                self.lexer.out.token(KEYWORD, from, to);
                self.place = if self.n_cases > 0 { Place::Command } else { Place::Argument };
            }
            Place::Subject => {}
            Place::Argument if begins && word.len() > 1 && word[0] == b'-' => match sign {
                Some(sign) => {
                    self.lexer.out.token(NAME, from, sign);
                    self.lexer.out.token(OPERATOR, sign, sign + 1);
                }
                None => self.lexer.out.token(NAME, from, to),
            },
            Place::Argument if matches!(word, b"]" | b"]]") => self.lexer.out.token(CALL, from, to),
            Place::Argument if matches!(word, b"==" | b"!=" | b"=" | b"=~" | b"!") => {
                self.lexer.out.token(OPERATOR, from, to)
            }
            Place::Argument
                if begins
                    && matches!(self.lexer.at(to), b'<' | b'>')
                    && word.iter().all(u8::is_ascii_digit) =>
            {
                self.lexer.out.token(NUMBER, from, to);
            }
            Place::Argument => {}
        }
    }

    /// Reads the word of a command, or an assignment before it.
    fn first_word(&mut self, word: &[u8], from: usize, to: usize, sign: Option<usize>) {
        let is_name = |word: &[u8]| {
            !word.is_empty()
                && !word[0].is_ascii_digit()
                && word.iter().all(|byte| is_word(*byte) || matches!(byte, b'[' | b']' | b'+'))
        };
        if let Some(sign) = sign.filter(|sign| is_name(&self.lexer.bytes[from..*sign])) {
            self.lexer.out.token(NAME, from, sign);
            self.lexer.out.token(OPERATOR, sign, sign + 1);
            self.lexer.out.token(STRING, sign + 1, to);
            return;
        }
        if self.place == Place::Assignment {
            let class = if is_name(word) { NAME } else { PLAIN };
            self.lexer.out.token(class, from, to);
            return;
        }
        let found: Option<Word> = WORDS.get(word);
        let Some(Word { class, next }) = found else {
            self.lexer.out.token(CALL, from, to);
            self.place = Place::Argument;
            return;
        };
        self.lexer.out.token(class, from, to);
        self.place = match (word, next) {
            (b"for" | b"case" | b"select", _) => Place::Subject,
            (_, COMMAND) => Place::Command,
            (_, ASSIGNMENTS) => Place::Assignment,
            (_, CALL) => Place::FunctionName,
            _ => Place::Argument,
        };
        match word {
            b"case" => self.n_cases += 1,
            b"esac" => self.n_cases = self.n_cases.saturating_sub(1),
            _ => {}
        }
    }
}
