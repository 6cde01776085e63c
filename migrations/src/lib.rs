//! The database schema, one file a step. A step that was released is never edited; the next one mends it.

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{Migration, MigrationStatus, MigratorTrait};

mod m20261123_000001_consultation;
mod m20261123_000002_aggregate;
mod m20261123_000003_immutability;
mod m20261124_000004_presentation;
mod m20261126_000005_key_digest;
mod m20261126_000006_job_attempts;
mod m20261126_000007_publication_threshold;
mod m20261126_000008_network_keys;
mod m20261126_000009_cohort_flags;
mod m20261126_000010_participation_codes;
mod m20261126_000011_retention;
mod m20261126_000012_desk;
mod m20261126_000013_budget_desk;
mod m20261126_000014_exclusion;
mod m20261126_000015_operations;
mod m20261126_000016_histogram_pages;

/// All steps in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_consultation::Migration),
            Box::new(m20261123_000002_aggregate::Migration),
            Box::new(m20261123_000003_immutability::Migration),
            Box::new(m20261124_000004_presentation::Migration),
            Box::new(m20261126_000005_key_digest::Migration),
            Box::new(m20261126_000006_job_attempts::Migration),
            Box::new(m20261126_000007_publication_threshold::Migration),
            Box::new(m20261126_000008_network_keys::Migration),
            Box::new(m20261126_000009_cohort_flags::Migration),
            Box::new(m20261126_000010_participation_codes::Migration),
            Box::new(m20261126_000011_retention::Migration),
            Box::new(m20261126_000012_desk::Migration),
            Box::new(m20261126_000013_budget_desk::Migration),
            Box::new(m20261126_000014_exclusion::Migration),
            Box::new(m20261126_000015_operations::Migration),
            Box::new(m20261126_000016_histogram_pages::Migration),
        ]
    }
}
