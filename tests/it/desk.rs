//! The desk's schema is committed, and nothing in it answers without its role.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use taxbudget::{
    domain::desk::Role,
    graphql::admin::door::{Needs, TABLE},
};

use crate::support::TestApp;

#[test]
fn the_committed_schema_of_the_desk_is_what_the_program_prints() {
    let committed = include_str!("../../admin.graphql");
    assert!(committed == taxbudget::graphql::admin::sdl(), "admin.graphql is out of date: run `make generate`");
}

/// The root fields of the committed schema, by type.
fn root_fields() -> BTreeSet<(String, String)> {
    let document = async_graphql::parser::parse_schema(taxbudget::graphql::admin::sdl()).unwrap();
    let mut fields = BTreeSet::new();
    for definition in document.definitions {
        let async_graphql::parser::types::TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        if !["Query", "Mutation", "Subscription"].contains(&name.as_str()) {
            continue;
        }
        let async_graphql::parser::types::TypeKind::Object(object) = definition.node.kind else { continue };
        fields.extend(object.fields.into_iter().map(|field| (name.clone(), field.node.name.node.to_string())));
    }
    fields
}

#[test]
fn every_root_field_of_the_desk_has_a_row_at_the_door_and_every_row_a_field() {
    let rows: BTreeSet<(String, String)> =
        TABLE.iter().map(|(root, field, _)| ((*root).to_owned(), (*field).to_owned())).collect();
    assert_eq!(rows.len(), TABLE.len(), "a field has two rows");
    assert_eq!(rows, root_fields());
}

#[tokio::test]
async fn who_is_not_signed_in_learns_only_that() {
    let app = TestApp::start().await;
    assert_eq!(app.desk(None, "{ me { name } }", Value::Null).await["data"], json!({ "me": null }));
    let refused = app.desk(None, "mutation { signOut }", Value::Null).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused}");
    let answered = app.desk(Some(Role::Viewer), "{ me { name } }", Value::Null).await;
    assert_eq!(answered["data"]["me"]["name"], "ada");
    assert!(TABLE.iter().any(|(.., needs)| *needs != Needs::Nothing));
}
