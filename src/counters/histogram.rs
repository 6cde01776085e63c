//! Histograms and tables of metrics that a request or a push may touch: each costs a few atomic additions. Those of
//! `prometheus-client` take a lock for each value, and look up labels by hash.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::{MetricType, TypedMetric},
};

/// From 10 µs, about a cached response, to 10 s, beyond every time limit of the program.
const DURATIONS: &[u64] = &[
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
];
/// From one to the largest batch of the intake.
const SIZES: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048];
const NANOSECONDS: f64 = 1e9;

/// A distribution of durations or of sizes. Clones share it.
#[derive(Debug, Clone)]
pub struct Histogram(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The highest value of each bucket but the last, which has none.
    bounds: &'static [u64],
    /// How many units of a value make one unit of the metric.
    scale: f64,
    buckets: Vec<AtomicU64>,
    sum: AtomicU64,
}

impl Histogram {
    /// A distribution of durations, in seconds.
    pub fn of_durations() -> Self {
        Self::new(DURATIONS, NANOSECONDS)
    }

    /// A distribution of numbers.
    pub fn of_sizes() -> Self {
        Self::new(SIZES, 1.0)
    }

    fn new(bounds: &'static [u64], scale: f64) -> Self {
        let buckets = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Inner { bounds, scale, buckets, sum: AtomicU64::new(0) }))
    }

    /// Adds a duration.
    pub fn time(&self, duration: Duration) {
        self.add(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Adds a number.
    pub fn size(&self, size: usize) {
        self.add(u64::try_from(size).unwrap_or(u64::MAX));
    }

    fn add(&self, value: u64) {
        let Inner { bounds, buckets, sum, .. } = &*self.0;
        buckets[bounds.partition_point(|bound| *bound < value)].fetch_add(1, Relaxed);
        sum.fetch_add(value, Relaxed);
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

#[allow(clippy::cast_precision_loss)] // the format of Prometheus has floating-point numbers
impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder) -> Result<(), fmt::Error> {
        let Inner { bounds, scale, buckets, sum } = &*self.0;
        let bounds = bounds.iter().map(|bound| *bound as f64 / scale).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = bounds.zip(buckets.iter().map(|bucket| bucket.load(Relaxed))).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(sum.load(Relaxed) as f64 / scale, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

type Labels = Vec<(&'static str, &'static str)>;

/// A metric for each of a fixed set of labels, found by its index. Every one is served from the start with 0, so that the
/// first event counts as an increase. Clones share it.
#[derive(Debug, Clone)]
pub struct Table<M>(Arc<[(Labels, M)]>);

impl<M> Table<M> {
    /// A metric for each value of this label.
    pub fn by(label: &'static str, values: &[&'static str], metric: impl Fn() -> M) -> Self {
        Self(values.iter().map(|value| (vec![(label, *value)], metric())).collect())
    }

    /// A metric for each pair of values of these two labels. Its index is that of the first value times the number of second
    /// ones, plus that of the second.
    pub fn by_two(
        labels: [&'static str; 2],
        first: &[&'static str],
        second: &[&'static str],
        metric: impl Fn() -> M,
    ) -> Self {
        let pairs = first.iter().flat_map(|first| second.iter().map(move |second| (*first, *second)));
        Self(pairs.map(|(first, second)| (vec![(labels[0], first), (labels[1], second)], metric())).collect())
    }

    /// The metric with this index.
    pub fn at(&self, index: usize) -> &M {
        &self.0[index].1
    }
}

impl<M: EncodeMetric + TypedMetric> EncodeMetric for Table<M> {
    fn encode(&self, mut encoder: MetricEncoder) -> Result<(), fmt::Error> {
        for (labels, metric) in &*self.0 {
            metric.encode(encoder.encode_family(labels)?)?;
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::{encoding::text::encode, registry::Registry};

    use super::*;

    #[test]
    fn a_value_counts_in_the_bucket_whose_bound_it_reaches_and_in_all_larger_ones() {
        let (times, sizes) = (Table::by("route", &["a", "b"], Histogram::of_durations), Histogram::of_sizes());
        for micros in [10, 11, 20_000_000] {
            times.at(1).time(Duration::from_micros(micros));
        }
        sizes.size(3);
        let mut registry = Registry::default();
        registry.register("times", "h", times);
        registry.register("sizes", "h", sizes);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            "# TYPE times histogram",
            "times_sum{route=\"b\"} 20.000021",
            "times_count{route=\"b\"} 3",
            "times_bucket{le=\"0.00001\",route=\"b\"} 1",
            "times_bucket{le=\"0.000025\",route=\"b\"} 2",
            "times_bucket{le=\"10.0\",route=\"b\"} 2",
            "times_bucket{le=\"+Inf\",route=\"b\"} 3",
            "times_count{route=\"a\"} 0",
            "sizes_sum 3.0",
            "sizes_bucket{le=\"2.0\"} 0",
            "sizes_bucket{le=\"4.0\"} 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
