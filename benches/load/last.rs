//! The figures that were kept last, in [`benches/last.json`](../last.json), and what is worse now.

use std::{collections::BTreeMap, fs};

use anyhow::Context;
use serde_json::{Value, json};

use crate::report::{heading, table};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../last.json");
/// Two runs of the same program differ by as much.
const NOISE: f64 = 0.15;

/// A criterion whose figure can be compared.
pub struct Figure<'a> {
    pub criterion: &'a str,
    pub is_better_smaller: bool,
    pub value: f64,
}

impl<'a> Figure<'a> {
    /// Reads a row of the summary: the direction from the target, and the figure from the beginning of what was measured. Returns
    /// none if either has none.
    pub fn of(row: &'a [String]) -> Option<Self> {
        let [criterion, target, measured, ..] = row else { return None };
        let is_better_smaller = target.contains(['<', '≤']);
        if !is_better_smaller && !target.contains(['>', '≥']) {
            return None;
        }
        let value = measured.split([' ', ',']).next()?.parse().ok()?;
        Some(Self { criterion, is_better_smaller, value })
    }

    /// Returns how many times better or worse than this; above 1 it is worse.
    fn worse_than(&self, last: f64) -> f64 {
        if self.is_better_smaller { self.value / last } else { last / self.value }
    }
}

/// Prints what is worse than the last time by more than noise.
pub fn compare(figures: &[Figure]) -> anyhow::Result<()> {
    let (kept, machine) = (read()?, machine()?);
    let (mut rows, mut compared) = (Vec::new(), 0);
    for figure in figures {
        let Some(last) = kept.get(figure.criterion) else { continue };
        let last_figure = last["figure"].as_f64().context("a figure in benches/last.json")?;
        compared += 1;
        let factor = figure.worse_than(last_figure);
        if factor > 1.0 + NOISE {
            let remark = if last["machine"] == json!(machine) { "" } else { "then on another machine" };
            rows.push(vec![
                figure.criterion.to_owned(),
                last_figure.to_string(),
                figure.value.to_string(),
                format!("{factor:.2} x"),
                remark.to_owned(),
            ]);
        }
    }
    heading(&format!("Worse than the last time by more than {:.0} %", NOISE * 100.0));
    if rows.is_empty() {
        println!("   none of the {compared} figures that were kept");
    } else {
        table(&["criterion", "then", "now", "worse", ""], &rows);
    }
    Ok(())
}

/// Keeps these figures for the next comparison. Figures of other sections stay as they are.
pub fn keep(figures: &[Figure]) -> anyhow::Result<()> {
    let (mut kept, machine) = (read()?, machine()?);
    for figure in figures {
        kept.insert(figure.criterion.to_owned(), json!({ "figure": figure.value, "machine": machine }));
    }
    fs::write(FILE, serde_json::to_string_pretty(&kept)? + "\n").context(FILE)
}

fn read() -> anyhow::Result<BTreeMap<String, Value>> {
    serde_json::from_str(&fs::read_to_string(FILE).context(FILE)?).context(FILE)
}

fn machine() -> anyhow::Result<String> {
    let text = fs::read_to_string("/proc/cpuinfo")?;
    let models: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("model name")?.split(": ").nth(1)).collect();
    Ok(format!("{} x {}", models.len(), models.first().unwrap_or(&"unknown")))
}
