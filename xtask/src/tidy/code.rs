//! Just enough of Rust's and JavaScript's grammar to tell code, comments and
//! string literals apart.

/// A text with the rest blanked out, so that places stay right.
pub struct Code {
    /// Code without comments and without the contents of string literals.
    pub bare: String,
    /// Code without comments.
    pub with_strings: String,
    /// The contents of the string literals, with the line each begins on.
    pub strings: Vec<(usize, String)>,
}

/// Reads a Rust file, without its tests: by the project's style they are the
/// last thing in a file, behind `#[cfg(test)]`.
pub fn rust_without_tests(text: &str) -> Code {
    let end = text.lines().position(|line| line == "#[cfg(test)]");
    let lines: Vec<&str> = text.lines().take(end.unwrap_or(usize::MAX)).collect();
    read(&lines.join("\n"))
}

/// Reads Rust or JavaScript.
pub fn read(text: &str) -> Code {
    let mut code =
        Code { bare: String::with_capacity(text.len()), with_strings: String::new(), strings: Vec::new() };
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (length, kind) = piece(rest, at.checked_sub(1).map(|before| chars[before]));
        code.push(&rest[..length], kind);
        at += length;
    }
    code
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    String,
}

/// The length and kind of the piece that `rest` begins with.
fn piece(rest: &[char], before: Option<char>) -> (usize, Kind) {
    match rest {
        ['/', '/', ..] => (rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()), Kind::Comment),
        ['/', '*', ..] => (2 + end_of(&rest[2..], &['*', '/']), Kind::Comment),
        ['"', ..] => (1 + quoted(&rest[1..], '"'), Kind::String),
        ['`', ..] => (1 + quoted(&rest[1..], '`'), Kind::String),
        ['r', '"' | '#', ..] if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') => raw(rest),
        // A character, as opposed to a lifetime or a JavaScript string.
        ['\'', '\\', _, ..] => (2 + quoted(&rest[2..], '\''), Kind::Code),
        ['\'', _, '\'', ..] => (3, Kind::Code),
        _ => (1, Kind::Code),
    }
}

fn raw(rest: &[char]) -> (usize, Kind) {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return (1, Kind::Code);
    }
    let mut end = vec!['"'];
    end.extend(std::iter::repeat_n('#', hashes));
    (2 + hashes + end_of(&rest[2 + hashes..], &end), Kind::String)
}

/// The length up to and with `end`.
fn end_of(rest: &[char], end: &[char]) -> usize {
    rest.windows(end.len()).position(|part| part == end).map_or(rest.len(), |at| at + end.len())
}

/// The length up to and with the closing quote; a backslash takes one more.
fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 0;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

impl Code {
    fn push(&mut self, piece: &[char], kind: Kind) {
        if kind == Kind::String {
            let line = self.bare.matches('\n').count() + 1;
            let text: String = piece.iter().collect();
            let inner = text.trim_start_matches('r').trim_matches('#');
            self.strings.push((line, inner.trim_matches(['"', '`']).to_owned()));
        }
        for c in piece {
            let blank = if *c == '\n' { '\n' } else { ' ' };
            self.bare.push(if kind == Kind::Code { *c } else { blank });
            self.with_strings.push(if kind == Kind::Comment { blank } else { *c });
        }
    }
}

/// The identifiers of a line.
pub fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_not_code() {
        let code = read("a // b\n/* c\n */ d(\"e \\\" f\", 'g', '\"', r#\"h \" i\"#, 'lifetime) // j\n`k` l");
        let found: Vec<&str> = words(&code.bare).collect();
        assert_eq!(found, ["a", "d", "g", "lifetime", "l"]);
        let strings: Vec<(usize, &str)> = code.strings.iter().map(|(l, s)| (*l, s.as_str())).collect();
        assert_eq!(strings, [(3, "e \\\" f"), (3, "h \" i"), (4, "k")]);
        assert_eq!(code.bare.lines().count(), 4);
        assert!(code.with_strings.contains("h \" i") && !code.with_strings.contains('j'));
    }

    #[test]
    fn tests_are_left_out() {
        let code = rust_without_tests("fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\n");
        assert!(code.bare.contains("fn a") && !code.bare.contains("fn b"));
    }
}
