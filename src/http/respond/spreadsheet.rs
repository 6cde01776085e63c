//! Values that spreadsheet programs read.

/// Makes a text safe for a CSV field: a formula gets a leading quote, so that spreadsheets show it as text. Formulas
/// may follow blanks, which some programs skip, and may be in full width, as East Asian keyboards write them.
pub fn text(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let guard = if is_formula || text.starts_with(['\t', '\r', '\n']) { "'" } else { "" };
    format!("{guard}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_take_for_a_formula_becomes_text() {
        for (label, expected) in [
            ("Education", "Education"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@A1", "'@A1"),
            (" =1+1", "' =1+1"),
            ("\u{a0}\t+1", "'\u{a0}\t+1"),
            ("\n=1+1", "'\n=1+1"),
            ("\rx", "'\rx"),
            ("＝1+1", "'＝1+1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A1", "'＠A1"),
            ("1 = 1", "1 = 1"),
            ("", ""),
        ] {
            assert_eq!(text(label), expected);
        }
    }
}
