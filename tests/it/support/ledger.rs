//! The ledger, with a look inside the program: its own fold and recount, where no server runs that would fold.

use taxbudget::{
    bus::{Bus, hub::Hub},
    counters::Counters,
    domain::{
        allocation::Allocation,
        budget::{Budget, NewBudget, NewCategory},
        presentation::BudgetPresentation,
        publish_every::PublishEvery,
        share::Share,
    },
    ledger::{Ledger, recount},
    store::Store,
};
pub use test_support::ledger::{Numbers, counted, stored, texts};
use test_support::{TestDatabase, ledger::assert_ballots};

/// Folds what waits, then holds the stored tally, the program's recount and the count by SQL against each other, and
/// every participant to exactly one ballot, of its own. Returns the numbers of `federal`.
pub async fn assert_exact(database: &TestDatabase) -> Numbers {
    let store = Store::connect(&database.url).await.unwrap();
    fold(&store).await;
    for budget in store.budgets().await.unwrap() {
        let counted = counted(database, &budget.slug).await;
        assert_eq!(stored(database, &budget.slug).await, counted, "{}: stored, counted", budget.slug);
        let found = recount::verify(&store, &budget, || {}).await.unwrap();
        assert!(found.drift.is_zero(), "{:?}", found.drift);
        assert_eq!(found.recount.participants, counted.participants);
        assert_eq!(found.recount.submissions, counted.submissions);
    }
    store.close().await;
    assert_ballots(database).await;
    counted(database, "federal").await
}

/// Folds until nothing waits, also what another process has in hand.
pub async fn fold(store: &Store) {
    super::eventually("every delta is folded", || async {
        quiet(store).fold_pending().await.unwrap();
        (store.pending_delta_count().await.unwrap() == 0).then_some(())
    })
    .await;
}

/// A ledger that nobody listens to.
pub fn quiet(store: &Store) -> Ledger {
    Ledger::new(store.clone(), quiet_bus(), Counters::default())
}

/// A store on this database with its schema and the default budget, which shows every ballot at once.
pub async fn migrated(database: &TestDatabase) -> Store {
    let store = Store::connect(&database.url).await.unwrap();
    store.migrate_up(PublishEvery::ONE).await.unwrap();
    store
}

/// A bus without listeners.
pub fn quiet_bus() -> Bus {
    Bus { hub: Hub::default().into(), redis: None }
}

/// A new budget with another slug and otherwise like this one.
pub fn like(budget: &Budget, slug: &str) -> NewBudget {
    let categories = budget.categories.iter().cloned().map(|category| NewCategory {
        key: category.key,
        label: category.label,
        description: category.description,
        color: category.color,
        actual: category.actual,
    });
    NewBudget {
        slug: slug.to_owned(),
        title: budget.title.clone(),
        description: budget.description.clone(),
        currency: budget.currency.clone(),
        total_amount: budget.total_amount,
        status: budget.status,
        participation: budget.participation,
        visibility: budget.visibility,
        category_order: budget.category_order,
        opens_at: budget.opens_at,
        closes_at: budget.closes_at,
        time_zone: budget.time_zone.clone(),
        publish_every: budget.publish_every,
        retention: budget.retention,
        categories: categories.collect(),
        presentation: BudgetPresentation::default(),
    }
}

/// The budget with this slug.
pub async fn budget(store: &Store, slug: &str) -> Budget {
    store.budgets().await.unwrap().into_iter().find(|budget| budget.slug == slug).unwrap()
}

pub fn allocation(shares: &[u16]) -> Allocation {
    Allocation::from_shares(shares.iter().map(|share| Share::from_basis_points(*share).unwrap()).collect()).unwrap()
}
