//! One file per table; plain rows, without behaviour.

pub mod account;
pub mod aggregate_delta;
pub mod audit_entry;
pub mod background_job;
pub mod ballot;
pub mod budget;
pub mod budget_aggregate;
pub mod budget_presentation;
pub mod budget_role;
pub mod budget_version;
pub mod category;
pub mod category_aggregate;
pub mod desk_session;
pub mod excluded_submission;
pub mod exclusion;
pub mod held_back_change;
pub mod invitation;
pub mod node;
pub mod participation_code;
pub mod participation_key;
pub mod retained_tally;
pub mod submission;
