//! Replaces the string escapes that the parser does not know: characters beyond the first 65 536, written as two halves
//! (`\uD83D\uDE00`, as JSON libraries write them) or by number (`\u{1F600}`). Both are GraphQL (September 2025, 2.9.4).

use std::{borrow::Cow, fmt::Write};

/// Returns the document with each Unicode escape replaced by its character. The error is a sentence for the client.
pub fn unescape(document: &str) -> Result<Cow<'_, str>, String> {
    if !document.contains("\\u") {
        return Ok(Cow::Borrowed(document));
    }
    let mut result = String::with_capacity(document.len());
    let mut rest = document;
    while let Some(at) = rest.find(['"', '#']) {
        let (before, token) = rest.split_at(at);
        result.push_str(before);
        let end = if token.starts_with('#') {
            token.find(['\n', '\r']).unwrap_or(token.len())
        } else if let Some(block) = token.strip_prefix("\"\"\"") {
            // A block string has no escape but `\"""`.
            3 + end_of_block(block)
        } else {
            rest = unescape_string(&token[1..], &mut result)?;
            continue;
        };
        result.push_str(&token[..end]);
        rest = &token[end..];
    }
    result.push_str(rest);
    Ok(Cow::Owned(result))
}

/// Returns the index after the end of a block string.
fn end_of_block(text: &str) -> usize {
    let mut from = 0;
    while let Some(found) = text[from..].find("\"\"\"") {
        let at = from + found;
        from = at + 3;
        if !text[..at].ends_with('\\') {
            return from;
        }
    }
    text.len()
}

/// Copies a string, starting after its opening quote, with its escapes replaced. Returns the text after the string.
fn unescape_string<'a>(text: &'a str, result: &mut String) -> Result<&'a str, String> {
    result.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\', '\n', '\r']) {
        let (before, token) = rest.split_at(at);
        result.push_str(before);
        if let Some(escape) = token.strip_prefix("\\u") {
            let (character, length) = character(escape)?;
            push(character, result);
            rest = &escape[length..];
        } else if token.starts_with('\\') {
            // The parser reads every other escape, and reports those that are not valid.
            let length = token.chars().take(2).map(char::len_utf8).sum();
            result.push_str(&token[..length]);
            rest = &token[length..];
        } else {
            // The string ends here, or it contains a line break, which the parser reports.
            result.push_str(&token[..1]);
            return Ok(&token[1..]);
        }
    }
    result.push_str(rest);
    Ok("")
}

/// Reads the escape after its `\u`. Returns the character, and the length of the escape in bytes.
fn character(escape: &str) -> Result<(char, usize), String> {
    let refused = |length: usize, why: &str| {
        let start: String = escape.chars().take(length).take_while(|it| *it != '"').collect();
        Err(format!(
            "The escape \\u{start} in a string {why}. Write the character itself, \\u{{1F600}} or its two halves \\uD83D\\uDE00, or \
             send the text in a variable."
        ))
    };
    if let Some(braced) = escape.strip_prefix('{') {
        let digits = braced.split('}').next().filter(|digits| digits.len() < braced.len()).unwrap_or_default();
        let found = hexadecimal(digits).filter(|_| digits.len() <= 8).and_then(char::from_u32);
        return found.map_or_else(|| refused(10, "names no character"), |found| Ok((found, digits.len() + 2)));
    }
    let unit = |text: &str| text.get(..4).and_then(hexadecimal);
    let Some(first) = unit(escape) else { return refused(4, "has fewer than four hexadecimal digits") };
    if let Some(found) = char::from_u32(first) {
        return Ok((found, 4));
    }
    let second = escape[4..].strip_prefix("\\u").and_then(unit);
    let halves = second.and_then(|second| Some([u16::try_from(first).ok()?, u16::try_from(second).ok()?]));
    match halves.map(|halves| char::decode_utf16(halves).next()) {
        Some(Some(Ok(found))) => Ok((found, 10)),
        _ => refused(4, "is one half of a character without the other"),
    }
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let is_hexadecimal = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hexadecimal.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// Appends a character to a string in a document. A character that would end the string, or that a string must not
/// contain, is escaped.
fn push(character: char, result: &mut String) {
    if character.is_control() || matches!(character, '"' | '\\') {
        // Writing into a string cannot fail.
        let _ = write!(result, "\\u{:04X}", u32::from(character));
    } else {
        result.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_beyond_the_first_plane_are_understood_in_strings_alone() {
        for (document, expected) in [
            (r#"{a(b:"\uD83D\uDE00!")}"#, "{a(b:\"😀!\")}"),
            (r#"{a(b:"x\u{1F600}\u{41}")}"#, "{a(b:\"x😀A\")}"),
            (r#"{a(b:"\u00e9")}"#, "{a(b:\"é\")}"),
            (r#"{a(b:"\u{22}\u005c\u000A")}"#, r#"{a(b:"\u0022\u005C\u000A")}"#),
            (r#"{a(b:"\\u{1F600} \"\u{41}")}"#, r#"{a(b:"\\u{1F600} \"A")}"#),
            (r#"{a(b:"""\u{1F600} \""" \u{41}""") c(d:"\u{41}")}"#, r#"{a(b:"""\u{1F600} \""" \u{41}""") c(d:"A")}"#),
            ("# \"\\u{41}\n{a(b:\"\\u{41}\")}", "# \"\\u{41}\n{a(b:\"A\")}"),
            (r#"{a(b:"\u{41}"#, r#"{a(b:"A"#),
            ("{a(b:\"x\n\\u{41}\")}", "{a(b:\"x\n\\u{41}\")}"),
        ] {
            assert_eq!(unescape(document).unwrap(), expected, "{document}");
        }
    }

    #[test]
    fn an_escape_of_no_character_is_named() {
        for (string, shown) in [
            (r"\uD83D", r"\uD83D "),
            (r"\uD83D\u0041", r"\uD83D "),
            (r"\uDE00\uD83D", r"\uDE00 "),
            (r"\u{110000}", r"\u{110000} "),
            (r"\u{D83D}", r"\u{D83D} "),
            (r"\u{}", r"\u{} "),
            (r"\u{41", r"\u{41 "),
            (r"\u4", r"\u4 "),
            (r"\ué000", r"\ué000 "),
        ] {
            let error = unescape(&format!("{{a(b:\"{string}\")}}")).unwrap_err();
            assert!(error.contains(&format!("The escape {shown}")), "{string}: {error}");
        }
    }
}
