//! Names and passwords of the accounts of the desk.

use std::{collections::BTreeSet, fmt};

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};

use super::violation::Violation;

const NAME_CHARACTERS: std::ops::RangeInclusive<usize> = 2..=64;
const LEAST_PASSWORD_CHARACTERS: usize = 12;
/// The hash reads the whole password, so its length must have an end.
const MOST_PASSWORD_BYTES: usize = 1_024;

/// What looks like a colon.
const COLONS: [char; 9] =
    [':', '\u{2d0}', '\u{589}', '\u{5c3}', '\u{2236}', '\u{a789}', '\u{fe13}', '\u{fe55}', '\u{ff1a}'];
/// The scripts that have letters which look alike.
const ALIKE: [Script; 7] =
    [Script::Latin, Script::Greek, Script::Cyrillic, Script::Armenian, Script::Cherokee, Script::Coptic, Script::Lisu];

/// The name of an account. Two names that differ only in case or width are the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName(String);

impl AccountName {
    /// Takes a name without the white space around it, and with single spaces within. A colon is refused: the audit log uses it
    /// for actors that are no accounts. What cannot be seen is refused: the audit log would show two accounts alike.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let name: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        let violation = |rule, message: String| Err(Violation::new("name", rule, message));
        if !NAME_CHARACTERS.contains(&name.chars().count()) {
            let (least, most) = NAME_CHARACTERS.into_inner();
            return violation("LENGTH", format!("A name has {least} to {most} characters."));
        }
        if name.chars().any(|character| COLONS.contains(&character) || is_invisible(character)) {
            return violation("CHARACTERS", "A name has no colon and no invisible characters.".to_owned());
        }
        Ok(Self(name))
    }

    /// Checks a name that somebody chooses for themselves. Letters of several scripts that have letters alike are refused: with
    /// a Cyrillic letter within, a name would look like that of somebody else.
    pub fn check_scripts(&self) -> Result<(), Violation> {
        let scripts: BTreeSet<&str> = self
            .0
            .chars()
            .map(|character| character.script())
            .filter(|script| ALIKE.contains(script))
            .map(Script::full_name)
            .collect();
        if scripts.len() < 2 {
            return Ok(());
        }
        let scripts = scripts.into_iter().collect::<Vec<_>>().join(" and ");
        Err(Violation::new(
            "name",
            "SCRIPTS",
            format!("This name mixes letters of {scripts}. Take those of one script."),
        ))
    }

    /// Returns the name as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what no two accounts have in common.
    pub fn key(&self) -> String {
        self.0.nfkc().collect::<String>().to_lowercase()
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_invisible(character: char) -> bool {
    match character.general_category() {
        GeneralCategory::SpaceSeparator => character != ' ',
        GeneralCategory::Control
        | GeneralCategory::Format
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator
        | GeneralCategory::PrivateUse
        | GeneralCategory::Surrogate
        | GeneralCategory::Unassigned => true,
        // Letters, marks and symbols that browsers draw as nothing.
        _ => matches!(
            character,
            '\u{34f}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{ffa0}'
                | '\u{e0100}'..='\u{e01ef}'
        ),
    }
}

/// Checks the rules of a new password. There are no rules about kinds of characters: they make passwords worse
/// (NIST SP 800-63B, 3.1.1.2).
pub fn check_password(password: &str, name: &str) -> Result<(), Violation> {
    let violation = |rule, message: String| Err(Violation::new("password", rule, message));
    if password.chars().count() < LEAST_PASSWORD_CHARACTERS {
        return violation("LENGTH", format!("A password has at least {LEAST_PASSWORD_CHARACTERS} characters."));
    }
    if password.len() > MOST_PASSWORD_BYTES {
        return violation("LENGTH", format!("A password has at most {MOST_PASSWORD_BYTES} bytes."));
    }
    if password.to_lowercase() == name.to_lowercase() {
        return violation("NAME", "The password must not be the name.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_more_than_case_and_have_no_colon() {
        let name = AccountName::parse("  Ada Lovelace ").unwrap();
        assert_eq!(name.as_str(), "Ada Lovelace");
        assert_eq!(name.key(), AccountName::parse("ADA lovelace").unwrap().key());
        for (text, rule) in [("a", "LENGTH"), ("", "LENGTH"), ("console:", "CHARACTERS"), ("a\u{7}b", "CHARACTERS")] {
            assert_eq!(AccountName::parse(text).unwrap_err().rule, rule, "{text:?}");
        }
        for invisible in ['\u{200b}', '\u{202e}', '\u{ad}', '\u{feff}', '\u{3164}', '\u{2800}', '\u{fe0f}', '\u{e0041}']
        {
            let broken = AccountName::parse(&format!("A{invisible}da")).unwrap_err();
            assert_eq!(broken.rule, "CHARACTERS", "{invisible:?}");
        }
        for colon in COLONS {
            assert!(AccountName::parse(&format!("system{colon}")).is_err(), "{colon:?}");
        }
        for same in ["Ada  Lovelace", "Ada\u{a0}Lovelace", "ＡＤＡ Lovelace"] {
            assert_eq!(AccountName::parse(same).unwrap().key(), name.key(), "{same}");
        }
        let composed = AccountName::parse("Zo\u{eb}").unwrap();
        assert_eq!(AccountName::parse("Zoe\u{308}").unwrap(), composed);
        assert_eq!(AccountName::parse(&"é".repeat(64)).unwrap().as_str().len(), 128);
        assert!(AccountName::parse(&"é".repeat(65)).is_err());
    }

    #[test]
    fn a_chosen_name_has_the_letters_of_one_script_where_letters_look_alike() {
        let check = |name: &str| AccountName::parse(name).unwrap().check_scripts().map_err(|broken| broken.rule);
        for name in ["Ada Lovelace", "Иван Петров", "Γιάννης 2", "田中 さくら", "ada@example.org", "Ada 田中", "أحمد"]
        {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["Аda", "Adа", "Ada Петров", "Αda"] {
            assert_eq!(check(name), Err("SCRIPTS"), "{name}");
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_name() {
        assert!(check_password("correct horse", "ada").is_ok());
        for (password, rule) in [("elevenchars", "LENGTH"), (&*"x".repeat(1_025), "LENGTH"), ("ADA LOVELACE", "NAME")] {
            assert_eq!(check_password(password, "ada lovelace").unwrap_err().rule, rule, "{password}");
        }
    }
}
