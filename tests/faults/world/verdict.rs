//! What is said of the histories: pure, so that a wrong verdict can be told from a wrong program.

use std::time::{Duration, Instant};

use super::watchers::History;

/// A time in which nothing could reach anybody, such as while the database was away.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    pub from: Instant,
    pub to: Instant,
}

/// Holds what one watcher saw to its order: on one connection every snapshot is newer than the one before, and a newer one
/// never counts fewer people or submissions. The same one may come again only to say that it is stale now, or no more.
/// An error says what is wrong.
pub fn check_order(history: &History) -> Result<(), String> {
    for (before, after) in history.seen.iter().zip(history.seen.iter().skip(1)) {
        let is_newer = after.revision > before.revision;
        let tells_age = after.revision == before.revision && after.is_stale != before.is_stale;
        if after.connection == before.connection && !is_newer && !tells_age {
            return Err(format!("{after:?} after {before:?} on one connection"));
        }
    }
    let mut by_revision = history.seen.clone();
    by_revision.sort_by_key(|seen| seen.revision);
    for (older, newer) in by_revision.iter().zip(by_revision.iter().skip(1)) {
        let (less, more) = ((older.participants, older.submissions), (newer.participants, newer.submissions));
        if less.0 > more.0 || less.1 > more.1 || (older.revision == newer.revision && less != more) {
            return Err(format!("{newer:?} contradicts {older:?}"));
        }
    }
    Ok(())
}

/// How often a new connection began with something older than what the watcher had: another node had not heard of it yet.
/// The page drops such a snapshot.
pub fn steps_back(history: &History) -> usize {
    let mut newest = (0, 0);
    let mut steps = 0;
    for seen in &history.seen {
        steps += usize::from(seen.revision < newest);
        newest = newest.max(seen.revision);
    }
    steps
}

/// The longest that a watcher was behind what had been acknowledged: from the moment of an acknowledgement, or from the end
/// of an outage in between, until the watcher held a snapshot with at least so many submissions as were acknowledged by
/// that moment. `None` where something never came.
pub fn longest_lag(acknowledged: &[Instant], history: &History, outages: &[Outage]) -> Option<Duration> {
    let mut longest = Duration::ZERO;
    let mut seen = history.seen.iter();
    let mut held: Option<(Instant, i64)> = None;
    for (index, acknowledged) in acknowledged.iter().enumerate() {
        let submissions = i64::try_from(index + 1).unwrap();
        while held.is_none_or(|(_, count)| count < submissions) {
            let next = seen.next()?;
            held = Some((next.at, held.map_or(0, |(_, count)| count).max(next.submissions)));
        }
        let (shown, _) = held?;
        let mut begin = (*acknowledged).max(history.began);
        for outage in outages {
            if outage.from < shown && begin < outage.to {
                begin = outage.to;
            }
        }
        longest = longest.max(shown.saturating_duration_since(begin));
    }
    Some(longest)
}

mod tests {
    use super::*;
    use crate::world::watchers::Seen;

    fn history(began: Instant, seen: &[(u64, usize, i64, i64)]) -> History {
        let seen = seen
            .iter()
            .map(|(ms, connection, version, submissions)| Seen {
                at: began + Duration::from_millis(*ms),
                connection: *connection,
                revision: (1, *version),
                participants: *submissions,
                submissions: *submissions,
                is_stale: false,
            })
            .collect();
        History { began, connections: 1, seen, ended: Vec::new(), refused: Vec::new() }
    }

    #[test]
    fn the_lag_is_counted_from_the_acknowledgement_or_the_end_of_an_outage() {
        let began = Instant::now();
        let at = |ms| began + Duration::from_millis(ms);
        let history = history(began, &[(10, 1, 1, 1), (200, 1, 2, 3)]);
        assert_eq!(longest_lag(&[at(5), at(20), at(150)], &history, &[]), Some(Duration::from_millis(180)));
        let outage = Outage { from: at(15), to: at(190) };
        assert_eq!(longest_lag(&[at(5), at(20), at(150)], &history, &[outage]), Some(Duration::from_millis(10)));
        assert_eq!(longest_lag(&[at(5), at(6), at(7), at(8)], &history, &[]), None, "a fourth was never shown");
    }

    #[test]
    fn a_step_back_on_a_new_connection_is_counted_and_makes_nothing_newer() {
        let began = Instant::now();
        let history = history(began, &[(10, 1, 2, 2), (20, 2, 1, 1), (30, 2, 3, 3)]);
        assert_eq!(check_order(&history), Ok(()));
        assert_eq!(steps_back(&history), 1);
    }

    #[test]
    fn what_breaks_the_order_is_found() {
        let error = |seen: &[_]| check_order(&history(Instant::now(), seen)).unwrap_err();
        assert!(error(&[(10, 1, 2, 2), (20, 1, 2, 2)]).contains("on one connection"), "the same again");
        assert!(error(&[(10, 1, 2, 2), (20, 1, 1, 1)]).contains("on one connection"), "an older one");
        assert!(error(&[(10, 1, 2, 2), (20, 2, 3, 1)]).contains("contradicts"), "a newer one with less");
        assert!(error(&[(10, 1, 2, 2), (20, 2, 2, 3)]).contains("contradicts"), "another one of the same revision");
    }
}
