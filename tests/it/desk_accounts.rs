//! Accounts of the desk: signing in, sessions, invitations, passwords, one-time codes and the audit log, over HTTP.

use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use taxbudget::domain::desk::Role;

use crate::support::{Client, TestApp, app::PASSWORD};

const ME: &str = "{ me { id name role hasTotp hasPassword expiresAt sessions { id isThis userAgent } } }";
const ACCEPT: &str =
    "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { me { name role } } }";

/// Accepts an invitation; the whole response.
async fn accept(client: &Client, token: &str, name: &str, password: &str) -> Value {
    let input = json!({ "token": token, "name": name, "password": password });
    client.desk(ACCEPT, json!({ "input": input })).await
}

/// The error's code.
fn code(response: &Value) -> &str {
    response["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no error: {response}"))
}

/// The error's rule.
fn rule(response: &Value) -> &str {
    response["errors"][0]["extensions"]["violations"][0]["rule"].as_str().unwrap_or_else(|| panic!("{response}"))
}

/// The id of the client's account.
async fn id_of(client: &Client) -> Value {
    client.desk_data("{ me { id } }", Value::Null).await["me"]["id"].clone()
}

/// The actions in the audit log, the oldest first.
async fn actions(owner: &Client) -> Vec<String> {
    let log = owner.desk_data("{ auditLog(first: 200) { nodes { action } } }", Value::Null).await;
    let nodes = log["auditLog"]["nodes"].as_array().unwrap().clone();
    nodes.iter().rev().map(|node| node["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_first_link_makes_the_owner_once_and_a_newer_one_ends_it() {
    let app = TestApp::start().await;
    let older = app.services.accounts.invite_first().await.unwrap().unwrap();
    let token = app.services.accounts.invite_first().await.unwrap().unwrap();
    let client = app.client();
    let settings = client.desk_data("{ desk { hasAccounts trustedHeader } }", Value::Null).await;
    assert_eq!(settings["desk"], json!({ "hasAccounts": false, "trustedHeader": false }));
    assert_eq!(code(&accept(&client, older.as_str(), "eve", PASSWORD).await), "NOT_FOUND");
    let look_up = "query ($token: String!) { invitation(token: $token) { role createdBy } }";
    let found = client.desk_data(look_up, json!({ "token": token.as_str() })).await;
    assert_eq!(found["invitation"], json!({ "role": "OWNER", "createdBy": null }));

    let accepted = accept(&client, token.as_str(), "Ada", PASSWORD).await;
    assert_eq!(accepted["data"]["acceptInvitation"]["me"], json!({ "name": "Ada", "role": "OWNER" }), "{accepted}");
    let me = client.desk_data(ME, Value::Null).await["me"].clone();
    assert_eq!(
        (&me["name"], &me["hasPassword"], &me["sessions"][0]["isThis"]),
        (&json!("Ada"), &json!(true), &json!(true))
    );

    let other = app.client();
    assert_eq!(code(&accept(&other, token.as_str(), "eve", PASSWORD).await), "NOT_FOUND", "used twice");
    let found = other.desk_data(look_up, json!({ "token": token.as_str() })).await;
    assert_eq!(found["invitation"], Value::Null);
    assert!(app.services.accounts.invite_first().await.unwrap().is_none(), "there is an account");
    assert_eq!(actions(&client).await.last().unwrap(), "invitation.accept");
    assert!(!app.database.holds_text("invitation", token.as_str()).await, "the token is stored");
}

#[tokio::test]
async fn a_link_of_the_first_start_ends_when_an_account_comes_from_elsewhere() {
    let app = TestApp::start().await;
    let token = app.services.accounts.invite_first().await.unwrap().unwrap();
    app.signed_in("ada", Some(Role::Owner), None).await;
    assert_eq!(code(&accept(&app.client(), token.as_str(), "eve", PASSWORD).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_link_invites_once_to_a_role_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let owner = app.signed_in("ada", Some(Role::Owner), None).await;
    let invite = "mutation ($input: InviteInput!) { invite(input: $input) { url invitation { id role createdBy budget { slug role } } } }";
    let input = json!({ "role": "VIEWER", "budget": "federal", "budgetRole": "ORGANISER" });
    let invited = owner.desk_data(invite, json!({ "input": input })).await["invite"].clone();
    let budget = json!({ "slug": "federal", "role": "ORGANISER" });
    assert_eq!(invited["invitation"]["budget"], budget);
    let (base, token) = invited["url"].as_str().unwrap().rsplit_once('/').unwrap();
    assert_eq!(base, format!("http://{}/admin/invitation", app.address));

    let guest = app.client();
    for (name, password, broken) in [
        ("a", PASSWORD, "LENGTH"),
        ("console:", PASSWORD, "CHARACTERS"),
        ("ADA", PASSWORD, "TAKEN"),
        ("grace", "short", "LENGTH"),
        ("grace hopper", "Grace Hopper", "NAME"),
    ] {
        assert_eq!(rule(&accept(&guest, token, name, password).await), broken, "{name}");
    }
    let accepted = accept(&guest, token, "grace", PASSWORD).await;
    assert_eq!(accepted["data"]["acceptInvitation"]["me"], json!({ "name": "grace", "role": "VIEWER" }), "{accepted}");
    let me = guest.desk_data("{ me { budgets { slug role } } }", Value::Null).await;
    assert_eq!(me["me"]["budgets"], json!([budget]));
    assert_eq!(code(&accept(&app.client(), token, "eve", PASSWORD).await), "NOT_FOUND");

    let taken_back = owner.desk_data(invite, json!({ "input": { "role": "ORGANISER" } })).await["invite"].clone();
    assert_eq!(
        owner.desk_data("{ invitations { role } }", Value::Null).await["invitations"],
        json!([{ "role": "ORGANISER" }])
    );
    let withdraw = "mutation ($id: ID!) { withdrawInvitation(id: $id) }";
    owner.desk_data(withdraw, json!({ "id": taken_back["invitation"]["id"] })).await;
    let token = taken_back["url"].as_str().unwrap().rsplit_once('/').unwrap().1;
    assert_eq!(code(&accept(&app.client(), token, "eve", PASSWORD).await), "NOT_FOUND");
}

#[tokio::test]
async fn unknown_names_wrong_passwords_and_disabled_accounts_get_the_same_answer() {
    let app = TestApp::start().await;
    app.signed_in("ada", Some(Role::Owner), None).await;
    let grace = app.signed_in("grace", None, None).await;
    let id = id_of(&grace).await;
    let owner = app.client();
    owner.sign_in("ADA", PASSWORD, None).await;
    owner
        .desk_data("mutation ($id: ID!) { disableAccount(id: $id, disabled: true) { disabled } }", json!({ "id": id }))
        .await;
    let client = app.client();
    let unknown = client.sign_in("nobody", PASSWORD, None).await;
    assert_eq!(code(&unknown), "UNAUTHENTICATED");
    for (name, password) in [("ada", "wrong horse battery"), ("grace", PASSWORD), ("no:name", PASSWORD), ("", "")] {
        assert_eq!(client.sign_in(name, password, None).await, unknown, "{name}");
    }
    let asked = grace.desk_data("{ me { name } }", Value::Null).await;
    assert_eq!(asked["me"], Value::Null, "a disabled account has no session");
}

#[tokio::test]
async fn the_cookie_is_strict_and_nothing_of_the_desk_is_kept_by_caches() {
    let app = TestApp::start().await;
    app.signed_in("ada", Some(Role::Owner), None).await;
    let client = app.client();
    let input = json!({ "name": "ada", "password": PASSWORD });
    let body = json!({ "query": crate::support::client::SIGN_IN, "variables": { "input": input } });
    let response = client.http.post(client.url("/admin/graphql")).json(&body).send().await.unwrap();
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    for part in ["taxbudget_desk=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!(token.len(), 43, "256 bits");
    assert!(!app.database.holds_text("desk_session", &token).await, "the token is stored");

    for (path, status) in [("/admin", 200), ("/admin/invitation/x", 200), ("/admin/graphql", 200)] {
        let page = client.http.get(client.url(path)).send().await.unwrap();
        assert_eq!(page.status(), status, "{path}");
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(page.headers()["x-robots-tag"], "noindex", "{path}");
    }
    client.desk_data("mutation { signOut }", Value::Null).await;
    assert_eq!(client.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);
    let no_redirects = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let explorer = no_redirects.get(client.url("/admin/graphql")).send().await.unwrap();
    assert_eq!(
        (explorer.status(), &explorer.headers()[header::LOCATION]),
        (StatusCode::SEE_OTHER, &"/admin".parse().unwrap())
    );
}
