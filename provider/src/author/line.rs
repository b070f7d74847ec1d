//! What a text in one line may hold: what a reader sees, and nothing that makes another text of it.

/// The first character that cannot stand in a line of printable characters.
///
/// Refused are control characters, separators of lines, and what has no width of its own or turns
/// the direction of what follows: a title with it reads as another one ("Trojan Source",
/// CVE-2021-42574). U+200C and U+200D stay inside a word, between two characters beyond ASCII:
/// Persian and the scripts of India cannot be written without the one, nor some emoji without the other.
pub fn unprintable(text: &str) -> Option<char> {
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let refused = match letter {
            '\u{200c}' | '\u{200d}' => !is_in_word(before) || !is_in_word(letters.peek().copied()),
            other => other.is_control() || is_hidden(other),
        };
        if refused {
            return Some(letter);
        }
        before = Some(letter);
    }
    None
}

fn is_in_word(letter: Option<char>) -> bool {
    letter.is_some_and(|letter| !letter.is_ascii() && !letter.is_whitespace())
}

/// Unicode's `Bidi_Control`, line and paragraph separators, and what is invisible: zero-width
/// spaces and joiners of words, marks of annotations, tags.
fn is_hidden(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_refused_and_what_words_need_is_not() {
        for (text, found) in [
            ("Fieber bei Kindern – 38,5 °C", None),
            ("می\u{200c}خواهم", None),
            ("क\u{94d}\u{200d}ष", None),
            ("👩\u{200d}⚕\u{fe0f}", None),
            ("עברית and English", None),
            ("a\u{7}b", Some('\u{7}')),
            ("a\u{202e}b", Some('\u{202e}')),
            ("a\u{2067}b", Some('\u{2067}')),
            ("a\u{200b}b", Some('\u{200b}')),
            ("a\u{200d}b", Some('\u{200d}')),
            ("\u{200c}می", Some('\u{200c}')),
            ("a\u{2028}b", Some('\u{2028}')),
            ("a\u{feff}b", Some('\u{feff}')),
        ] {
            assert_eq!(unprintable(text), found, "{text:?}");
        }
    }
}
