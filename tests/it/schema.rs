//! The committed schema is the program's, and everything in it is described.

use serde_json::Value;
use taxbudget::fault::ErrorCode;

use crate::support::TestApp;

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == taxbudget::graphql::sdl(), "schema.graphql is out of date: run `make generate`");
}

#[tokio::test]
async fn every_type_field_argument_and_value_has_a_description() {
    let app = TestApp::start().await;
    let query = "{ __schema { types { kind name description
        fields { name description args { name description } } inputFields { name description }
        enumValues { name description } } } }";
    let data = app.client().data(query, Value::Null).await;
    let mut missing = Vec::new();
    let mut check = |path: String, node: &Value| {
        if node["description"].as_str().is_none_or(str::is_empty) {
            missing.push(path);
        }
    };
    for kind in data["__schema"]["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        // The specification describes its own.
        if name.starts_with("__") || ["ID", "String", "Int", "Float", "Boolean"].contains(&name) {
            continue;
        }
        check(name.to_owned(), kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for field in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", field["name"].as_str().unwrap());
                check(path.clone(), field);
                for argument in field["args"].as_array().into_iter().flatten() {
                    check(format!("{path}({})", argument["name"].as_str().unwrap()), argument);
                }
            }
        }
    }
    assert!(missing.is_empty(), "without a description: {missing:?}");
}

#[test]
fn the_page_knows_every_code_of_an_error_that_it_can_get() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/src/graphql/errorCodes.ts");
    let source = std::fs::read_to_string(file).unwrap();
    let list = source.split(']').next().unwrap();
    let known: Vec<&str> = list.split('\'').skip(1).step_by(2).collect();
    // The page sends no hash of a persisted query.
    let sent = ErrorCode::ALL.iter().map(|code| code.as_str());
    let expected: Vec<&str> = sent.filter(|code| !code.starts_with("PERSISTED_QUERY_")).collect();
    assert_eq!(known, expected);
}
