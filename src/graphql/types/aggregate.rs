//! Everybody's answers, in numbers.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::{
    super::{cost_directives::list_size, error::ApiError, public::public},
    budget::{BudgetNode, CategoryNode},
    count, percent,
};
use crate::{
    domain::{
        budget::PresentedBudget,
        snapshot::{CategorySnapshot, Snapshot},
        statistics,
        violation::Violation,
    },
    service::{
        Services,
        epoch::Readings,
        read::{AggregateRead, Source},
    },
};

const MAX_BINS: i32 = 100;

/// Everybody's answers to one budget, all of the same moment.
pub struct BudgetAggregate {
    /// The budget.
    pub budget: Arc<PresentedBudget>,
    /// The numbers.
    pub reading: AggregateRead,
}

/// Where an aggregate was read from, best first.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AggregateSource {
    /// The memory of the answering process.
    Memory,
    /// The cache that all processes share.
    Redis,
    /// The aggregate table.
    Table,
    /// All ballots, counted for this answer.
    Recount,
}

/// Everybody's answers for one category.
pub struct CategoryAggregate {
    category: CategoryNode,
    snapshot: Arc<Snapshot>,
}

/// One bar of a histogram.
#[derive(SimpleObject)]
#[graphql(directive = public::apply())]
pub struct HistogramBin {
    /// Its lowest share, in per cent.
    from_percent: f64,
    /// Where the next bar begins; the last one ends at, and includes, 100.
    to_percent: f64,
    /// Ballots in it.
    count: i32,
}

/// Everybody's answers to one budget, all of the same moment.
#[Object(directive = public::apply())]
impl BudgetAggregate {
    /// The budget that was answered.
    async fn budget(&self) -> BudgetNode {
        BudgetNode(Arc::clone(&self.budget))
    }

    /// Tells this publication from every other one; opaque.
    async fn revision(&self) -> ID {
        ID(self.reading.snapshot.revision.to_string())
    }

    /// Rises with every publication; begins again when the stored aggregate had to be made anew, with a later `asOf`.
    async fn version(&self) -> i32 {
        count(self.reading.snapshot.revision.version)
    }

    /// The moment of these numbers; never earlier than that of an earlier publication.
    async fn as_of(&self) -> DateTime<Utc> {
        self.reading.snapshot.as_of
    }

    /// Where they were read from.
    async fn source(&self) -> AggregateSource {
        match self.reading.source {
            Source::Memory => AggregateSource::Memory,
            Source::Redis => AggregateSource::Redis,
            Source::Table => AggregateSource::Table,
            Source::Recount => AggregateSource::Recount,
        }
    }

    /// Whether newer numbers may exist that the answering process cannot learn of now.
    async fn stale(&self) -> bool {
        self.reading.stale
    }

    /// Ballots: one for each participant, one for each submission without participant.
    async fn participant_count(&self) -> i32 {
        count(self.reading.snapshot.participants)
    }

    /// Everything that was handed in, replaced submissions too.
    async fn submission_count(&self) -> i32 {
        count(self.reading.snapshot.submissions)
    }

    /// In the order of the budget's categories. Averages add up to exactly 100.00, or to 0 with nobody counted.
    #[graphql(directive = list_size::apply(Some(10), None))]
    async fn categories(&self) -> Vec<CategoryAggregate> {
        let of = |category| CategoryAggregate { category, snapshot: Arc::clone(&self.reading.snapshot) };
        let known = self.reading.snapshot.categories.len();
        CategoryNode::all(&self.budget).into_iter().take(known).map(of).collect()
    }
}

impl BudgetAggregate {
    /// The current one. The only way to it for a query: an answer that is kept must know what it was made from.
    pub async fn current(context: &Context<'_>, budget: &Arc<PresentedBudget>) -> Result<Self, ApiError> {
        let services = context.data_unchecked::<Services>();
        if let Some(readings) = context.data_opt::<Arc<Readings>>() {
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

/// Everybody's answers for one category.
#[Object(directive = public::apply())]
impl CategoryAggregate {
    /// The category.
    async fn category(&self) -> &CategoryNode {
        &self.category
    }

    /// The mean share. Rounded to 2 decimals by largest remainder, so that all of them add up to exactly 100.
    async fn average_percent(&self) -> f64 {
        percent(self.numbers().average)
    }

    /// Half gives no more than this, half no less.
    async fn median_percent(&self) -> f64 {
        percent(u32::from(self.numbers().median))
    }

    /// A quarter gives no more than this.
    async fn lower_quartile_percent(&self) -> f64 {
        percent(u32::from(self.numbers().lower_quartile))
    }

    /// A quarter gives no less than this.
    async fn upper_quartile_percent(&self) -> f64 {
        percent(u32::from(self.numbers().upper_quartile))
    }

    /// Of the population, in percentage points.
    async fn standard_deviation(&self) -> f64 {
        percent(self.numbers().standard_deviation)
    }

    /// Ballots that give nothing.
    async fn zero_count(&self) -> i32 {
        count(self.numbers().zero_count)
    }

    /// How many give how much, in bins of equal width from 0 to 100 %.
    #[allow(clippy::unused_async)] // every resolver is asynchronous
    #[graphql(directive = list_size::apply(Some(20), Some(vec!["bins".to_owned()])))]
    async fn histogram(
        &self,
        #[graphql(default = 20, desc = "1 to 100.")] bins: i32,
    ) -> Result<Vec<HistogramBin>, ApiError> {
        let bins = u16::try_from(bins).ok().filter(|_| (1..=MAX_BINS).contains(&bins)).ok_or_else(|| {
            let message = format!("{bins} bins are not possible. Ask for 1 to {MAX_BINS}.");
            ApiError::bad_user_input(&[Violation::new("bins", "RANGE", message)])
        })?;
        let bin = |bin: statistics::Bin| HistogramBin {
            from_percent: percent(u32::from(bin.from)),
            to_percent: percent(u32::from(bin.to)),
            count: count(bin.count),
        };
        Ok(statistics::bins(&self.numbers().histogram, bins).into_iter().map(bin).collect())
    }
}
