//! Counts the tokens of a document's text in one pass, without parsing it. The parser takes a hundred times as long,
//! and it recurses as deep as the brackets of the text are nested.
//!
//! The tokens are those of GraphQL (October 2021, 2.1). The count of a text that is not valid GraphQL is approximate;
//! the parser then reports what is wrong.

use super::{Limit, LimitExceeded};

/// Returns the number of tokens. Fails if it, or another count that needs no parser, exceeds its limit.
pub fn check(text: &str) -> Result<usize, LimitExceeded> {
    Limit::TextBytes.check(text.len())?;
    let bytes = text.as_bytes();
    let (mut tokens, mut open, mut variables, mut directives) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => continue,
            b'#' => {
                at += count_while(&bytes[at..], |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'{' | b'[' | b'(' => {
                open += 1;
                Limit::Nesting.check(open)?;
            }
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            b'$' => variables += 1,
            b'@' => directives += 1,
            b'.' => at += count_while(&bytes[at..], |byte| byte == b'.').min(2),
            b'"' => at = end_of_string(bytes, start),
            b'-' | b'0'..=b'9' => {
                at += count_while(&bytes[at..], |byte| is_word(byte) || byte == b'.');
                // Inside a number, a sign can stand only after the `e` of an exponent.
                if b"eE".contains(&bytes[at - 1]) && bytes.get(at).is_some_and(|sign| b"+-".contains(sign)) {
                    at += 1 + count_while(&bytes[at + 1..], |byte| byte.is_ascii_digit());
                }
            }
            byte if is_word(byte) => {
                at += count_while(&bytes[at..], is_word);
                Limit::NameBytes.check(at - start)?;
            }
            _ => {}
        }
        tokens += 1;
        Limit::Tokens.check(tokens)?;
    }
    Limit::VariableUses.check(variables)?;
    Limit::Directives.check(directives)?;
    Ok(tokens)
}

/// Returns whether a name can contain this byte.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn count_while(bytes: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| holds(**byte)).count()
}

/// Returns the index after the string or block string that starts at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let is_block = bytes[start..].starts_with(b"\"\"\"");
    let end: &[u8] = if is_block { b"\"\"\"" } else { b"\"" };
    let escaped_end: &[u8] = if is_block { b"\\\"\"\"" } else { b"\\" };
    let mut at = start + end.len();
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(escaped_end) {
            at += if is_block { escaped_end.len() } else { 2 };
        } else if rest.starts_with(end) {
            return at + end.len();
        } else if !is_block && (rest[0] == b'\n' || rest[0] == b'\r') {
            return at;
        } else {
            at += 1;
        }
    }
    // The parser reads an unterminated block string as an empty string, and continues after its first two quotes.
    if is_block { start + 2 } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceeded(text: &str) -> Limit {
        check(text).unwrap_err().limit
    }

    #[test]
    fn tokens_are_counted_as_the_specification_has_them() {
        for (text, tokens) in [
            ("", 0),
            ("{ a }", 3),
            ("\u{feff}{ a, b } # c d e\n", 4),
            ("query Q($a: [Int!] = [1, -2.5e3]) { a(b: $a) @skip(if: true) { ...F ... on T { c } } }", 42),
            (r#"{ a(b: "x \" } y", c: """ " \""" } """) }"#, 11),
            ("{ a(b: [1e-3, 2E+4, -0-0-0]) }", 14),
            ("{ a(b: \"never ends", 6),
            ("{ a(b: \"ends with the line\n) }", 8),
            ("{ a(b: [\"\"\"\", [1]]) }", 14),
        ] {
            assert_eq!(check(text), Ok(tokens), "{text}");
        }
    }

    #[test]
    fn each_limit_is_named() {
        assert_eq!(exceeded(&" ".repeat(Limit::TextBytes.max() + 1)), Limit::TextBytes);
        assert_eq!(exceeded(&"a ".repeat(Limit::Tokens.max() + 1)), Limit::Tokens);
        for bracket in ["{", "[", "(", "{a(b:["] {
            assert_eq!(exceeded(&bracket.repeat(Limit::Nesting.max() + 1)), Limit::Nesting, "{bracket}");
        }
        assert_eq!(exceeded(&"a".repeat(Limit::NameBytes.max() + 1)), Limit::NameBytes);
        assert_eq!(exceeded(&"$a".repeat(Limit::VariableUses.max() + 1)), Limit::VariableUses);
        assert_eq!(exceeded(&"@a".repeat(Limit::Directives.max() + 1)), Limit::Directives);
    }

    #[test]
    fn brackets_that_close_and_those_inside_strings_and_comments_do_not_nest() {
        assert!(check(&"{ a } ".repeat(400)).is_ok());
        assert!(check(&format!("{{ a(b: \"{}\") }}", "{".repeat(1_000))).is_ok());
        assert!(check(&format!("# {}\n{{ a }}", "{".repeat(1_000))).is_ok());
    }
}
