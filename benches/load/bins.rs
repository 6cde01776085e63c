//! Durations in bins of ten milliseconds, which several processes count and one adds up.

use std::collections::BTreeMap;

use serde_json::{Value, json};

const BIN_MS: i64 = 10;

/// How many durations fell into each bin.
#[derive(Default)]
pub struct Bins(BTreeMap<i64, u64>);

impl Bins {
    pub fn count_micros(&mut self, micros: i64) {
        *self.0.entry(micros.max(0) / (BIN_MS * 1000)).or_default() += 1;
    }

    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Returns the end of the bin below which this part of the durations lies, in milliseconds; none without durations.
    pub fn quantile_ms(&self, part: f64) -> Option<i64> {
        let wanted = (self.total() as f64 * part).ceil().max(1.0) as u64;
        let mut sum = 0;
        self.0.iter().find_map(|(bin, count)| {
            sum += count;
            (sum >= wanted).then_some((bin + 1) * BIN_MS)
        })
    }

    pub fn to_json(&self) -> Value {
        self.0.iter().map(|(bin, count)| json!([bin, count])).collect()
    }

    /// Adds what another process counted.
    pub fn add_json(&mut self, counts: &Value) {
        for pair in counts.as_array().into_iter().flatten() {
            if let (Some(bin), Some(count)) = (pair[0].as_i64(), pair[1].as_u64()) {
                *self.0.entry(bin).or_default() += count;
            }
        }
    }
}
