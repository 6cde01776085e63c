//! Every root field of the desk answers exactly those callers that its row at the door lets in, over HTTP and WebSocket.
//! The fields and their arguments come from the schema, so a new field is covered without a change of this file.

use std::collections::HashMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition},
};
use serde_json::{Value, json};
use taxbudget::{
    domain::{account::AccountName, desk::Role},
    graphql::admin::door::{Needs, TABLE},
    service::desk::console::Console,
};
use test_support::ledger::texts;

use crate::support::{
    Client, TestApp,
    app::PASSWORD,
    ledger::{budget, like},
    socket::Socket,
};

/// The slug of the budget that every operation is about.
const BUDGET: &str = "federal";

/// A kind of caller.
struct Kind {
    name: &'static str,
    installation: Option<Role>,
    /// A budget and the role in it.
    budget: Option<(&'static str, Role)>,
}

const KINDS: [Kind; 7] = [
    Kind { name: "without a role", installation: None, budget: None },
    Kind { name: "organiser of another budget", installation: None, budget: Some(("other", Role::Organiser)) },
    Kind { name: "owner of another budget", installation: None, budget: Some(("other", Role::Owner)) },
    Kind { name: "viewer", installation: Some(Role::Viewer), budget: None },
    Kind { name: "viewer of the budget", installation: None, budget: Some((BUDGET, Role::Viewer)) },
    Kind { name: "organiser of the budget", installation: None, budget: Some((BUDGET, Role::Organiser)) },
    Kind { name: "owner", installation: Some(Role::Owner), budget: None },
];

impl Kind {
    /// The role in the budget that the operations are about.
    fn role_here(&self) -> Option<Role> {
        self.budget.filter(|(slug, _)| *slug == BUDGET).map(|(_, role)| role).max(self.installation)
    }

    fn highest_role(&self) -> Option<Role> {
        self.budget.map(|(_, role)| role).max(self.installation)
    }

    /// Whether the field must answer. An operation that names no budget only needs the role anywhere.
    fn is_let_in(&self, needs: Needs, names_budget: bool) -> bool {
        match needs {
            Needs::Nothing | Needs::Account => true,
            Needs::Installation(role) => self.installation >= Some(role),
            Needs::Budget(role) if names_budget => self.role_here() >= Some(role),
            Needs::Budget(role) => self.highest_role() >= Some(role),
        }
    }
}

/// The schema's types by name.
struct Types(HashMap<String, TypeDefinition>);

/// An operation with one root field.
struct Operation {
    text: String,
    names_budget: bool,
}

impl Types {
    fn read() -> Self {
        let document = parse_schema(taxbudget::graphql::admin::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some((definition.node.name.node.to_string(), definition.node)),
            _ => None,
        });
        Self(types.collect())
    }

    fn field(&self, root: &str, field: &str) -> &FieldDefinition {
        let TypeKind::Object(object) = &self.0[root].kind else { panic!("{root} is no object") };
        &object.fields.iter().find(|it| it.node.name.node == field).unwrap().node
    }

    fn operation(&self, root: &str, name: &str) -> Operation {
        let field = self.field(root, name);
        let arguments: Vec<_> = field.arguments.iter().filter_map(|it| self.value(&it.node)).collect();
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        let returned = self.0.get(base(&field.ty.node)).map(|it| &it.kind);
        let is_composite = matches!(returned, Some(TypeKind::Object(_) | TypeKind::Union(_) | TypeKind::Interface(_)));
        let selection = if is_composite { " { __typename }" } else { "" };
        let names_budget = arguments.contains(&format!("\"{BUDGET}\""));
        Operation { text: format!("{} {{ {name}{arguments}{selection} }}", root.to_lowercase()), names_budget }
    }

    /// `name: value` of what must be given, and of what names a budget.
    fn value(&self, input: &InputValueDefinition) -> Option<String> {
        let (name, ty) = (input.name.node.as_str(), &input.ty.node);
        let is_budget = ["budget", "slug"].contains(&name) && base(ty) == "String";
        let is_required = !ty.nullable && input.default_value.is_none();
        (is_required || is_budget).then(|| format!("{name}: {}", self.literal(name, ty)))
    }

    fn literal(&self, name: &str, ty: &Type) -> String {
        let BaseType::Named(base) = &ty.base else { return "[]".to_owned() };
        match (base.as_str(), self.0.get(base.as_str()).map(|it| &it.kind)) {
            ("String", _) if ["budget", "slug"].contains(&name) => format!("\"{BUDGET}\""),
            ("String" | "ID", _) => "\"x\"".to_owned(),
            ("Int", _) => "1".to_owned(),
            ("Float", _) => "1.0".to_owned(),
            ("Boolean", _) => "false".to_owned(),
            ("DateTime", _) => "\"2026-01-01T00:00:00Z\"".to_owned(),
            (_, Some(TypeKind::Enum(it))) => it.values[0].node.value.node.to_string(),
            (_, Some(TypeKind::InputObject(it))) => {
                let fields: Vec<_> = it.fields.iter().filter_map(|field| self.value(&field.node)).collect();
                format!("{{ {} }}", fields.join(", "))
            }
            _ => "{}".to_owned(),
        }
    }
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(of) => base(of),
    }
}

/// Whether an error says that this caller may not, in the words of the door and of the checks that resolvers make.
fn is_refused(response: &Value) -> bool {
    response["errors"].as_array().into_iter().flatten().any(|error| {
        let message = error["message"].as_str().unwrap_or_default();
        ["Sign in first.", "Your account needs the role", "Nobody may ask"].iter().any(|it| message.starts_with(it))
    })
}

/// The rows of the door; those that delete something come last.
fn rows() -> Vec<&'static (&'static str, &'static str, Needs)> {
    let mut rows: Vec<_> = TABLE.iter().collect();
    rows.sort_by_key(|(_, field, _)| field.starts_with("delete"));
    rows
}

fn check(kind: &Kind, row: &(&str, &str, Needs), operation: &Operation, response: &Value, over: &str) {
    let what = format!("{} as {} over {over}: {} answered {response}", row.1, kind.name, operation.text);
    if kind.is_let_in(row.2, operation.names_budget) {
        assert!(!is_refused(response), "{what}");
    } else if matches!(row.2, Needs::Budget(_)) && kind.role_here().is_none() {
        // For those who have no role in a budget, it does not exist.
        let is_unknown = match response.get("errors") {
            Some(errors) => errors[0]["extensions"]["code"] == "NOT_FOUND",
            None => response["data"][row.1].is_null(),
        };
        assert!(is_refused(response) || is_unknown, "{what}");
    } else {
        assert!(is_refused(response), "{what}");
    }
}

/// A server with two budgets and an account of each kind; the accounts' numbers in the order of the kinds.
async fn desk() -> (TestApp, Vec<taxbudget::domain::desk::AccountId>) {
    let app = TestApp::start().await;
    let store = &app.services.store;
    let federal = budget(store, BUDGET).await;
    store.create_budget(&like(&federal, "other")).await.unwrap();
    let console = Console::new(store.clone());
    let mut accounts = Vec::new();
    for (number, kind) in KINDS.iter().enumerate() {
        let name = AccountName::parse(&format!("account {number}")).unwrap();
        console.create(&name, PASSWORD, kind.installation).await.unwrap();
        let account = store.account_named(&name).await.unwrap().unwrap().id;
        if let Some((slug, role)) = kind.budget {
            let id = budget(store, slug).await.id;
            let actor = taxbudget::domain::desk::Actor::Console;
            app.services.accounts.set_role(&actor, account, Some(role), Some((id, slug))).await.unwrap();
        }
        accounts.push(account);
    }
    (app, accounts)
}

#[tokio::test]
async fn every_root_field_answers_exactly_those_whom_its_row_lets_in_over_http() {
    let ((app, accounts), types) = (desk().await, Types::read());
    for row in rows().into_iter().filter(|(root, ..)| *root != "Subscription") {
        let operation = types.operation(row.0, row.1);
        let refused = app.client().desk(&operation.text, Value::Null).await;
        assert_eq!(is_refused(&refused), row.2 != Needs::Nothing, "nobody: {}: {refused}", operation.text);
        for (kind, account) in KINDS.iter().zip(&accounts) {
            // A session of its own: some operations end it.
            let cookie = app.session_cookie(*account).await;
            let client = Client::with_header(app.address, "cookie", &cookie);
            check(kind, row, &operation, &client.desk(&operation.text, Value::Null).await, "HTTP");
        }
    }
}

#[tokio::test]
async fn every_root_field_answers_exactly_those_whom_its_row_lets_in_over_a_websocket() {
    let ((app, accounts), types) = (desk().await, Types::read());
    let refused = Socket::open_with(app.address, "/admin/graphql/ws", &[]).await.err().unwrap().to_string();
    assert!(refused.contains("401"), "nobody gets a WebSocket: {refused}");
    for row in rows() {
        let operation = types.operation(row.0, row.1);
        for (kind, account) in KINDS.iter().zip(&accounts) {
            let cookie = app.session_cookie(*account).await;
            let headers = [("cookie", cookie.as_str())];
            let mut socket = Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.unwrap();
            socket.subscribe("1", &operation.text, json!({})).await;
            let message = socket.next_message().await;
            let response = match message["type"].as_str() {
                Some("error") => json!({ "errors": message["payload"] }),
                _ => message["payload"].clone(),
            };
            check(kind, row, &operation, &response, "WebSocket");
        }
    }
}

#[tokio::test]
async fn a_subscription_is_refused_before_it_begins_however_its_field_is_written() {
    let (app, accounts) = desk().await;
    let account = KINDS.iter().position(|kind| kind.installation.is_none()).unwrap();
    let cookie = app.session_cookie(accounts[account]).await;
    let headers = [("cookie", cookie.as_str())];
    // The id is none: a resolver that ran would say so.
    for document in [
        "subscription { other: jobChanged(id: \"x\") { id } }",
        "subscription { ... { jobChanged(id: \"x\") { id } } }",
        "subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { jobChanged(id: \"x\") { id } }",
        "subscription S { jobChanged(id: \"x\") { id } }",
    ] {
        let mut socket = Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.unwrap();
        socket.subscribe("1", document, json!({})).await;
        let message = socket.next_message().await;
        assert!(message.to_string().contains("Your account needs the role"), "{document}: {message}");
    }
    let mut socket = Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.unwrap();
    let document = "subscription Mine { me { name } } subscription Other { jobChanged(id: \"x\") { id } }";
    let params = json!({ "query": document, "operationName": "Mine" });
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": params })).await.unwrap();
    let message = socket.next_message().await;
    assert!(
        message["payload"]["data"]["me"]["name"].is_string(),
        "an operation that is not executed harms nobody: {message}"
    );
}

/// An invitation without a budget is one to the whole installation.
#[tokio::test]
async fn a_misspelt_field_of_an_input_is_refused_also_while_its_variable_has_no_value() {
    let (app, accounts) = desk().await;
    let client = Client::with_header(app.address, "cookie", &app.session_cookie(accounts[6]).await);
    let invite = "mutation($slug: String) { invite(input: { role: OWNER, budgets: $slug }) { url } }";
    for variables in [json!({}), json!({ "slug": "town" })] {
        let refused = client.desk_error(invite, variables).await;
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(message.contains("unknown field \"budgets\""), "{refused}");
    }
}

#[tokio::test]
async fn the_audit_log_says_who_did_what_and_holds_no_secret() {
    let (app, accounts) = desk().await;
    let cookie = app.session_cookie(accounts[6]).await;
    let client = Client::with_header(app.address, "cookie", &cookie);
    let invite = "mutation { invite(input: { role: VIEWER }) { url } }";
    let url = client.desk_data(invite, Value::Null).await["invite"]["url"].as_str().unwrap().to_owned();
    let token = url.rsplit_once('/').unwrap().1;
    let entries =
        texts(&app.database, "SELECT action || ' ' || actor || ' ' || coalesce(after, '') FROM audit_entry").await;
    assert!(entries.iter().any(|entry| entry.starts_with("invitation.create account 6")), "{entries:?}");
    for secret in [token, PASSWORD, cookie.split_once('=').unwrap().1] {
        assert!(entries.iter().all(|entry| !entry.contains(secret)), "{entries:?}");
    }
}
