//! Participation codes. On a budget with participation by code, each code is one voice.

use std::fmt;

use super::{budget::Participation, violation::Violation};

/// The characters of a code. Of characters that look alike there is one (no 0, O, Q beside D; no 1, I, L beside J; no S, Z,
/// B, U, G beside 5, 2, 8, V, 6). Without vowels, a code never spells a word.
const ALPHABET: &[u8] = b"23456789CDFHJKMNPRTVWXY";
/// The length of the alphabet. The check character needs a prime: see [`check_sum`].
const BASE: u32 = 23;
/// 14 random characters (63 bits) and the check character.
const LENGTH: usize = 15;
/// Codes are written in groups of this many characters.
const GROUP: usize = 5;

/// A code in its one spelling. Its `Debug` shows nothing: a code must not get into a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParticipationCode([u8; LENGTH]);

/// The stored form of a code: a keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeDigest(pub [u8; 32]);

impl ParticipationCode {
    /// The code of a random number. The number has so many bits that every code is as likely as every other.
    pub fn of_random(random: u128) -> Self {
        let mut rest = random;
        let mut values = [0; LENGTH];
        for value in values.iter_mut().take(LENGTH.saturating_sub(1)) {
            *value = u32::try_from(rest.checked_rem(u128::from(BASE)).unwrap_or_default()).unwrap_or_default();
            rest = rest.checked_div(u128::from(BASE)).unwrap_or_default();
        }
        // The last value is still 0. Its weight is 1, so this value brings the sum to a multiple of the base.
        let missing = BASE.saturating_sub(check_sum(values)).checked_rem(BASE).unwrap_or_default();
        if let Some(check) = values.last_mut() {
            *check = missing;
        }
        Self(values.map(character))
    }

    /// Reads a code as people type it: in upper or lower case, with whatever separators, and with the characters that look
    /// like those of a code. A mistyped character and two exchanged ones are found by the check character.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let wrong = || {
            let message = format!(
                "This is not a code. A code has {LENGTH} letters and digits in groups of {GROUP}; compare each of them with \
                 what was sent to you."
            );
            Violation::new("code", "CODE_FORMAT", message)
        };
        let mut values = [0; LENGTH];
        let mut places = values.iter_mut();
        for typed in text.chars().filter(|typed| typed.is_alphanumeric()) {
            *places.next().ok_or_else(wrong)? = value(typed).ok_or_else(wrong)?;
        }
        if places.next().is_some() || check_sum(values) != 0 {
            return Err(wrong());
        }
        Ok(Self(values.map(character)))
    }

    /// The characters without separators.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Reads a code for a budget.
pub fn read_code(participation: Participation, text: &str) -> Result<ParticipationCode, Violation> {
    match participation {
        Participation::Code => ParticipationCode::parse(text),
        Participation::Open => Err(Violation::new(
            "code",
            "CODE_NOT_NEEDED",
            "Everybody may answer this budget, and it takes no code. Leave the code out.",
        )),
    }
}

/// Reads the code of a submission: none on an open budget, one on a budget with participation by code.
pub fn needed_code(participation: Participation, text: Option<&str>) -> Result<Option<ParticipationCode>, Violation> {
    match (participation, text) {
        (_, Some(text)) => read_code(participation, text).map(Some),
        (Participation::Open, None) => Ok(None),
        (Participation::Code, None) => Err(Violation::new(
            "code",
            "CODE_REQUIRED",
            "Only people who received a code may answer this budget. Send the code along.",
        )),
    }
}

/// The weighted sum of a code's values; a multiple of the base for every valid code. The weights are 15 for the first value,
/// then 14, and so on down to 1. Because they differ from each other and from 0 modulo a prime, every change of one value and
/// every exchange of two values changes the sum.
fn check_sum(values: [u32; LENGTH]) -> u32 {
    let (mut running, mut total) = (0_u32, 0_u32);
    for value in values {
        // The first value is in all 15 running sums, the last one in one.
        running = running.saturating_add(value);
        total = total.saturating_add(running);
    }
    total.checked_rem(BASE).unwrap_or_default()
}

fn character(value: u32) -> u8 {
    usize::try_from(value).ok().and_then(|value| ALPHABET.get(value)).copied().unwrap_or(b'?')
}

/// The value of a typed character, or of the one that it looks like.
fn value(typed: char) -> Option<u32> {
    let meant = match typed.to_ascii_uppercase() {
        '0' | 'O' | 'Q' => 'D',
        '1' | 'I' | 'L' => 'J',
        'S' => '5',
        'Z' => '2',
        'B' => '8',
        'U' => 'V',
        'G' => '6',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == meant).and_then(|value| u32::try_from(value).ok())
}

/// Writes the code in groups: `K7M2T-XRF9H-D5WPC`.
impl fmt::Display for ParticipationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, group) in self.0.chunks(GROUP).enumerate() {
            if index > 0 {
                f.write_str("-")?;
            }
            f.write_str(&String::from_utf8_lossy(group))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ParticipationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOOK_ALIKES: [(char, &str); 7] =
        [('D', "0OoQq"), ('J', "1IiLl"), ('5', "Ss"), ('2', "Zz"), ('8', "Bb"), ('V', "Uu"), ('6', "Gg")];

    fn rule(text: &str) -> &'static str {
        ParticipationCode::parse(text).unwrap_err().rule
    }

    #[test]
    fn the_spelling_of_a_code_never_changes() {
        // Codes are on paper for months: each must go on to mean the same digest.
        let code = ParticipationCode::of_random(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
        assert_eq!(code.to_string(), "923JV-RP328-CDYC4");
        assert_eq!(code.as_bytes(), b"923JVRP328CDYC4");
        assert_eq!(format!("{code:?}"), "[redacted]");
    }

    #[test]
    fn what_is_no_code_is_told_without_a_look_up() {
        for text in
            ["", "K", "AAAAA-AAAAA-AAAAA", "EEEEE-EEEEE-EEEEE", "923JV-RP328-CDYC", "923JV-RP328-CDYC4-2", "ÄÖÜ"]
        {
            assert_eq!(rule(text), "CODE_FORMAT", "{text}");
        }
    }

    #[test]
    fn a_budget_takes_a_code_exactly_if_participation_is_by_code() {
        let rule = |participation, code| needed_code(participation, code).map_err(|violation| violation.rule);
        assert_eq!(rule(Participation::Open, None), Ok(None));
        assert_eq!(rule(Participation::Open, Some("923JV-RP328-CDYC4")), Err("CODE_NOT_NEEDED"));
        assert_eq!(rule(Participation::Code, None), Err("CODE_REQUIRED"));
        assert_eq!(rule(Participation::Code, Some("")), Err("CODE_FORMAT"));
        assert!(matches!(rule(Participation::Code, Some("923JV-RP328-CDYC4")), Ok(Some(_))));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_refused_or_read_as_a_code_that_reads_as_itself(text in "[0-9A-Za-z -]{13,18}|.*") {
            if let Ok(code) = ParticipationCode::parse(&text) {
                prop_assert_eq!(ParticipationCode::parse(&code.to_string()).unwrap(), code);
            }
        }

        #[test]
        fn a_code_is_read_however_it_is_typed(random: u128, separator in "[-_ .–\u{200f}]{0,2}", lower: bool, alike in 0_usize..5) {
            let code = ParticipationCode::of_random(random);
            let typed: String = code.to_string().chars().map(|character| {
                let look_alike = LOOK_ALIKES.iter().find(|(meant, _)| *meant == character)
                    .and_then(|(_, typed)| typed.chars().nth(alike));
                look_alike.unwrap_or(character)
            }).collect();
            let typed = if lower { typed.to_lowercase() } else { typed }.replace('-', &separator);
            prop_assert_eq!(ParticipationCode::parse(&typed).unwrap(), code);
        }

        #[test]
        fn one_wrong_character_and_two_exchanged_ones_are_found(random: u128, at in 0..LENGTH, with in 0..LENGTH, other in 0..23_usize) {
            let code = ParticipationCode::of_random(random);
            let mut wrong = code.0;
            wrong[at] = ALPHABET[other];
            if wrong != code.0 {
                prop_assert_eq!(rule(&String::from_utf8_lossy(&wrong)), "CODE_FORMAT");
            }
            let mut exchanged = code.0;
            exchanged.swap(at, with);
            if exchanged != code.0 {
                prop_assert_eq!(rule(&String::from_utf8_lossy(&exchanged)), "CODE_FORMAT");
            }
        }
    }
}
