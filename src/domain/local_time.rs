//! Times as organisers write them: by the clock of a place, whose clocks may change.

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Coordinated universal time.
pub const UTC: Tz = Tz::UTC;

/// Reads the name of a time zone of the IANA database, for example `Europe/Berlin`.
pub fn time_zone(name: &str) -> Option<Tz> {
    Tz::from_str(name).ok()
}

/// Why a text is no moment in a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// It has another form.
    #[error("\"{0}\" is not a time such as 2026-11-26T08:00")]
    Unreadable(String),
    /// The clocks skip it.
    #[error(
        "{skipped} does not exist in {zone}: the clocks are put forward then. Take a time before or after, for example {instead}"
    )]
    Skipped {
        /// The time that does not exist.
        skipped: String,
        /// The name of the time zone.
        zone: &'static str,
        /// The first time after the gap.
        instead: String,
    },
    /// The offset at its end is not one that the place has at this time.
    #[error("{zone} is not at {offset} at this time")]
    OtherOffset {
        /// The offset that was written.
        offset: FixedOffset,
        /// The name of the time zone.
        zone: &'static str,
    },
}

/// A moment by the clock of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime {
    /// What the clock shows, for example `2026-10-25T02:30`.
    pub text: String,
    /// How far the clock is ahead of UTC, for example `+02:00`.
    pub offset: String,
    /// If the clock shows this time twice on that day: the offset of the other one.
    pub other_offset: Option<String>,
    /// Whether it is the first of the two.
    pub is_first: bool,
}

/// Reads a local time such as `2026-11-26T08:00`. Where the clock shows it twice, it is the first one, unless an offset such
/// as `+01:00` at its end says which.
pub fn resolve(text: &str, zone: Tz) -> Result<DateTime<Utc>, LocalTimeError> {
    // A longer year is beyond the end of some clocks.
    if text.starts_with(['+', '-']) {
        return Err(LocalTimeError::Unreadable(text.to_owned()));
    }
    if let Ok(with_offset) =
        DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z").or_else(|_| DateTime::parse_from_rfc3339(text))
    {
        let moment = with_offset.with_timezone(&Utc);
        let of_zone = zone.offset_from_utc_datetime(&moment.naive_utc()).fix();
        if of_zone != *with_offset.offset() {
            return Err(LocalTimeError::OtherOffset { offset: *with_offset.offset(), zone: zone.name() });
        }
        return Ok(moment);
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .map_err(|_| LocalTimeError::Unreadable(text.to_owned()))?;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Ok(time.with_timezone(&Utc)),
        LocalResult::None => Err(LocalTimeError::Skipped {
            skipped: text.to_owned(),
            zone: zone.name(),
            instead: first_after_gap(local, zone).map(shown).unwrap_or_default(),
        }),
    }
}

/// The moment by the clock of a place.
pub fn describe(moment: DateTime<Utc>, zone: Tz) -> LocalTime {
    let local = moment.with_timezone(&zone);
    let own = local.offset().fix();
    let (other_offset, is_first) = match zone.from_local_datetime(&local.naive_local()) {
        LocalResult::Ambiguous(first, second) if first.offset().fix() == own => (Some(second.offset().fix()), true),
        LocalResult::Ambiguous(first, _) => (Some(first.offset().fix()), false),
        LocalResult::Single(_) | LocalResult::None => (None, true),
    };
    LocalTime {
        text: shown(local.naive_local()),
        offset: own.to_string(),
        other_offset: other_offset.map(|offset| offset.to_string()),
        is_first,
    }
}

/// Gaps end at a full quarter of an hour everywhere since 1970, and last no longer than a day.
fn first_after_gap(local: NaiveDateTime, zone: Tz) -> Option<NaiveDateTime> {
    let minute = TimeDelta::minutes(1);
    let candidates = std::iter::successors(Some(local), |time| time.checked_add_signed(minute));
    candidates.take(24 * 60 + 1).find(|time| !matches!(zone.from_local_datetime(time), LocalResult::None))
}

fn shown(local: NaiveDateTime) -> String {
    local.format("%Y-%m-%dT%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Tz = chrono_tz::Europe::Berlin;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_is_read_by_the_clock_of_the_place() {
        assert_eq!(resolve("2026-11-26T08:00", BERLIN), Ok(utc("2026-11-26T07:00:00Z")));
        assert_eq!(resolve("2026-07-01T08:00:30", BERLIN), Ok(utc("2026-07-01T06:00:30Z")));
        assert!(matches!(resolve("tomorrow", BERLIN), Err(LocalTimeError::Unreadable(_))));
        assert!(matches!(resolve("2026-13-01T08:00", BERLIN), Err(LocalTimeError::Unreadable(_))));
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_refused_with_the_next_one() {
        let Err(LocalTimeError::Skipped { instead, .. }) = resolve("2026-03-29T02:30", BERLIN) else { panic!() };
        assert_eq!(instead, "2026-03-29T03:00");
    }

    #[test]
    fn of_a_time_that_comes_twice_the_first_is_meant_unless_an_offset_says_which() {
        let (first, second) = (utc("2026-10-25T00:30:00Z"), utc("2026-10-25T01:30:00Z"));
        assert_eq!(resolve("2026-10-25T02:30", BERLIN), Ok(first));
        assert_eq!(resolve("2026-10-25T02:30+02:00", BERLIN), Ok(first));
        assert_eq!(resolve("2026-10-25T02:30+01:00", BERLIN), Ok(second));
        assert!(matches!(resolve("2026-10-25T02:30+03:00", BERLIN), Err(LocalTimeError::OtherOffset { .. })));
        let described = describe(second, BERLIN);
        assert_eq!((described.text.as_str(), described.offset.as_str()), ("2026-10-25T02:30", "+01:00"));
        assert_eq!((described.other_offset.as_deref(), described.is_first), (Some("+02:00"), false));
        assert_eq!(describe(utc("2026-11-26T07:00:00Z"), BERLIN).other_offset, None);
    }
}
