//! The aggregate of a budget, with the statistics of its categories.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::{
    super::{cost_directives::list_size, public::public, visibility::Reader},
    budget::{BudgetNode, CategoryNode},
    count,
    date_time::Timestamp,
    percent,
};
use crate::{
    domain::{
        budget::PresentedBudget,
        cells::{Bin, Width},
        snapshot::{CategorySnapshot, Snapshot},
        violation::Violation,
    },
    fault::Fault,
    service::{
        Services,
        dependencies::DependencyTracker,
        read::{AggregateRead, Source},
    },
};

/// The aggregate of all ballots of one budget. All its numbers are of the same moment.
pub struct BudgetAggregate {
    pub budget: Arc<PresentedBudget>,
    pub reading: AggregateRead,
}

/// The sources of an aggregate, in the order in which the server tries them.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Source")]
pub enum AggregateSource {
    /// The memory of the process that answers.
    Memory,
    /// Redis, the cache that all processes share.
    Redis,
    /// The aggregate table of the database.
    Table,
    /// A count of all ballots, made for this response.
    Recount,
}

/// The statistics of the ballots that are shown, for one category.
pub struct CategoryAggregate {
    category: CategoryNode,
    snapshot: Arc<Snapshot>,
}

/// One bin of a histogram.
#[derive(SimpleObject)]
#[graphql(directive = public::apply())]
pub struct HistogramBin {
    /// The lowest share of the bin, in per cent.
    from_percent: f64,
    /// The share at which the next bin starts, in per cent. The last bin ends at 100 and includes it.
    to_percent: f64,
    /// The number of ballots in the bin.
    count: i32,
}

/// The aggregate of all ballots of one budget. All its numbers are of the same moment.
#[Object(directive = public::apply())]
impl BudgetAggregate {
    /// The budget that the numbers are about.
    async fn budget(&self) -> BudgetNode {
        BudgetNode(Arc::clone(&self.budget))
    }

    /// The opaque revision of this publication. No other publication has the same revision.
    async fn revision(&self) -> ID {
        ID(self.reading.snapshot.revision.to_string())
    }

    /// The version, which rises with every publication. It starts again if the stored aggregate had to be rebuilt;
    /// `asOf` is later then.
    async fn version(&self) -> i32 {
        count(self.reading.snapshot.revision.version)
    }

    /// The moment of these numbers. It is never earlier than the moment of an earlier publication.
    async fn as_of(&self) -> Timestamp {
        Timestamp(self.reading.snapshot.as_of)
    }

    /// The source of these numbers.
    async fn source(&self) -> AggregateSource {
        self.reading.source.into()
    }

    /// Whether newer numbers may exist that the process that answers cannot read at the moment.
    async fn stale(&self) -> bool {
        self.reading.stale
    }

    /// The number of ballots that are counted: one for each participant, and one for each submission without a
    /// participant. It rises at once, also while the statistics wait for the next group of ballots.
    async fn participant_count(&self) -> i32 {
        count(self.reading.snapshot.participants)
    }

    /// The number of all submissions, including those that were replaced.
    async fn submission_count(&self) -> i32 {
        count(self.reading.snapshot.submissions)
    }

    /// The number of ballots in the statistics. The statistics change only when at least `publishEvery` ballots are new, so
    /// that nobody can tell a single ballot from the difference of two publications. Until the first group is complete,
    /// this is 0 and every statistic is 0.
    async fn shown_participant_count(&self) -> i32 {
        count(self.reading.snapshot.shown_participants)
    }

    /// The statistics of each category, in the order of the budget's categories. The averages add up to exactly 100.00,
    /// or to 0 if no ballots are shown. While the budget does not show its results to the caller (see `Budget.visibility`),
    /// the aggregate is null together with an error with the code `RESULTS_HIDDEN`, unless only its counts are asked for.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn categories(&self, context: &Context<'_>) -> Result<Vec<CategoryAggregate>, Fault> {
        // The field that returned the aggregate has asked already, and has told the client so.
        Reader::of_results(context).check(&self.budget).await?;
        let of = |category| CategoryAggregate { category, snapshot: Arc::clone(&self.reading.snapshot) };
        let known = self.reading.snapshot.categories.len();
        Ok(CategoryNode::all(&self.budget).into_iter().take(known).map(of).collect())
    }
}

impl BudgetAggregate {
    /// Reads the current aggregate. A query must read it here, because a cached response must know its dependencies.
    pub async fn current(context: &Context<'_>, budget: &Arc<PresentedBudget>) -> Result<Self, Fault> {
        let services = context.data_unchecked::<Services>();
        Reader::of_aggregate(context).check(budget).await?;
        if let Some(readings) = context.data_opt::<Arc<DependencyTracker>>() {
            readings.note(services, budget);
        }
        let reading = services.aggregates.current(budget).await?;
        Ok(Self { budget: Arc::clone(budget), reading })
    }
}

impl CategoryAggregate {
    fn numbers(&self) -> &CategorySnapshot {
        &self.snapshot.categories[self.category.index]
    }
}

/// The statistics of the ballots that are shown, for one category.
#[Object(directive = public::apply())]
impl CategoryAggregate {
    /// The category that the statistics are about.
    async fn category(&self) -> &CategoryNode {
        &self.category
    }

    /// The mean share, in per cent. The means are rounded to 2 decimals by the largest remainder method, so that those
    /// of all categories add up to exactly 100.
    async fn average_percent(&self) -> f64 {
        percent(self.numbers().average)
    }

    /// The median share, in per cent: half of the ballots give no more than this, and half give no less.
    async fn median_percent(&self) -> f64 {
        percent(self.numbers().median)
    }

    /// The lower quartile, in per cent: a quarter of the ballots give no more than this.
    async fn lower_quartile_percent(&self) -> f64 {
        percent(self.numbers().lower_quartile)
    }

    /// The upper quartile, in per cent: a quarter of the ballots give no less than this.
    async fn upper_quartile_percent(&self) -> f64 {
        percent(self.numbers().upper_quartile)
    }

    /// The standard deviation of the population, in percentage points.
    async fn standard_deviation(&self) -> f64 {
        percent(self.numbers().standard_deviation)
    }

    /// The number of ballots in the statistics that give this category nothing. Null if it, or the number of those that
    /// give it less than one per cent, would be that of fewer ballots than the budget's `publishEvery`.
    async fn zero_count(&self) -> Option<i32> {
        self.numbers().zero_count.map(count)
    }

    /// The distribution of the shares: the number of ballots in each bin. The bins cover 0 to 100 % without gaps. A bin is
    /// 10, 5 or 1 points wide, or wider: where it would hold fewer ballots than the budget's `publishEvery`, but not
    /// none, it is merged with its neighbours. Each bin of one width is a union of bins of the next narrower width.
    #[allow(clippy::unused_async)] // every resolver is asynchronous
    #[graphql(directive = list_size::apply(Some(20), Some(vec!["bins".to_owned()])))]
    async fn histogram(
        &self,
        #[graphql(default = 20, desc = "The number of bins before any are merged: 10, 20 or 100.")] bins: i32,
    ) -> Result<Vec<HistogramBin>, Fault> {
        let width = Width::ALL.into_iter().find(|width| i32::from(width.bins()) == bins).ok_or_else(|| {
            let message = format!("{bins} bins are not possible. Ask for 10, 20 or 100.");
            Fault::invalid(vec![Violation::new("bins", "RANGE", message)])
        })?;
        let bin = |bin: Bin| HistogramBin {
            from_percent: percent(bin.from),
            to_percent: percent(bin.to),
            count: count(bin.count),
        };
        Ok(self.numbers().cells.bins(width).into_iter().map(bin).collect())
    }
}
