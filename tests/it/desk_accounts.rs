//! Accounts of the desk: signing in, sessions, invitations, passwords, one-time codes and the audit log, over HTTP.

use std::process::Stdio;

use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use taxbudget::{
    domain::{
        account::AccountName,
        desk::{AccountId, Actor, Role},
    },
    service::desk::console::Console,
    store::audit::AuditedChange,
};
use test_support::{ledger::texts, program::program};
use tokio::{io::AsyncWriteExt, process::Command};
use totp_rs::{Builder, Secret};

use crate::support::{
    Client, TIMEOUT, TestApp, TestDatabase, app::PASSWORD, flags::Flags, ledger, process::ServerProcess, socket::Socket,
};

const ME: &str = "{ me { id name role hasTotp hasPassword expiresAt sessions { id isThis userAgent } } }";
const ACCEPT: &str =
    "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { me { name role } } }";

const BEGIN_TOTP: &str = "mutation ($password: String!) { beginTotp(password: $password) { secret url qrSvg } }";

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

#[tokio::test]
async fn only_our_own_page_may_use_the_desk_and_only_with_json() {
    let app = TestApp::start_with(&["--allowed-origins=https://app.example.org"]).await;
    let owner = app.signed_in("ada", Some(Role::Owner), None).await;
    let body = json!({ "query": "{ me { name } }" });
    let own = format!("http://{}", app.address);
    for (origin, status) in [
        (own.as_str(), StatusCode::OK),
        ("https://evil.example", StatusCode::FORBIDDEN),
        ("https://app.example.org", StatusCode::FORBIDDEN),
        ("null", StatusCode::FORBIDDEN),
    ] {
        let request = owner.http.post(owner.url("/admin/graphql")).header("origin", origin).json(&body);
        assert_eq!(request.send().await.unwrap().status(), status, "{origin}");
    }
    let cross = owner.http.post(owner.url("/admin/graphql")).header("sec-fetch-site", "cross-site").json(&body);
    assert_eq!(cross.send().await.unwrap().status(), StatusCode::FORBIDDEN);
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let request = owner.http.post(owner.url("/admin/graphql")).header("content-type", kind).body(body.to_string());
        assert_eq!(request.send().await.unwrap().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    let cookie = app.session_cookie(account(&app, "ada").await).await;
    for (origin, is_open) in [(own.as_str(), true), ("https://evil.example", false), ("https://app.example.org", false)]
    {
        let headers = [("cookie", cookie.as_str()), ("origin", origin)];
        assert_eq!(Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.is_ok(), is_open, "{origin}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_may_neither_read_the_schema_nor_send_large_documents() {
    let app = TestApp::start().await;
    let owner = app.signed_in("ada", Some(Role::Owner), None).await;
    let introspection = "{ __schema { queryType { name } } }";
    let nobody = app.client();
    assert!(nobody.desk(introspection, Value::Null).await["data"]["__schema"].is_null());
    assert_eq!(owner.desk_data(introspection, Value::Null).await["__schema"]["queryType"]["name"], "Query");
    let large = format!("{{ me {{ name }} }} #{}", "x".repeat(4_096));
    assert_eq!(code(&nobody.desk(&large, Value::Null).await), "UNAUTHENTICATED");
    assert_eq!(owner.desk_data(&large, Value::Null).await["me"]["name"], "ada");
    // What would take exponential time is refused before async-graphql sees it, of everybody.
    let mut doubling = "{ ...f0 } fragment f30 on Query { __typename }".to_owned();
    for n in 0..30 {
        doubling.push_str(&format!(" fragment f{n} on Query {{ ...f{m} ...f{m} }}", m = n + 1));
    }
    for client in [&nobody, &owner] {
        assert_eq!(code(&client.desk(&doubling, Value::Null).await), "QUERY_TOO_COMPLEX");
        let nested = format!("{}name{}", "{ me ".repeat(500), "}".repeat(500));
        assert_eq!(code(&client.desk(&nested, Value::Null).await), "QUERY_TOO_COMPLEX");
    }
}

#[tokio::test]
async fn a_session_ends_when_its_time_is_over_and_when_it_is_ended_elsewhere() {
    let app = TestApp::start().await;
    let here = app.signed_in("ada", Some(Role::Owner), None).await;
    let there = app.client();
    there.sign_in("ada", PASSWORD, None).await;
    let me = here.desk_data(ME, Value::Null).await["me"].clone();
    let sessions = me["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["isThis"] == false).unwrap();
    let end = "mutation ($id: ID!) { endSession(id: $id) { sessions { isThis } } }";
    let left = here.desk_data(end, json!({ "id": other["id"] })).await;
    assert_eq!(left["endSession"]["sessions"], json!([{ "isThis": true }]));
    assert_eq!(there.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);

    // Nobody ends the session of somebody else.
    let grace = app.signed_in("grace", None, None).await;
    let own = here.desk_data(ME, Value::Null).await["me"]["sessions"][0]["id"].clone();
    assert_eq!(code(&grace.desk(end, json!({ "id": own })).await), "NOT_FOUND");

    app.database.execute("UPDATE desk_session SET expires_at = '2026-01-01 00:00:00+00:00'").await.unwrap();
    for client in [&here, &grace] {
        assert_eq!(client.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);
    }
}

#[tokio::test]
async fn a_websocket_closes_when_its_session_ends_and_when_the_roles_change() {
    let app = TestApp::start().await;
    let owner = app.signed_in("ada", Some(Role::Owner), None).await;
    app.signed_in("grace", Some(Role::Viewer), None).await;
    let grace = account(&app, "grace").await;
    let cookie = app.session_cookie(grace).await;
    let open = || async {
        let headers = [("cookie", cookie.as_str())];
        let mut socket = Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.unwrap();
        socket.subscribe("1", "subscription { me { name role } }", json!({})).await;
        assert_eq!(socket.next_message().await["payload"]["data"]["me"]["name"], "grace");
        socket
    };
    let mut socket = open().await;
    let id = json!(format!("Account:{}", grace.0));
    let set_role = "mutation ($id: ID!) { setRole(account: $id, role: ORGANISER) { role } }";
    owner.desk_data(set_role, json!({ "id": id })).await;
    assert_eq!(socket.closed().await.0, 1012);

    let mut socket = open().await;
    let end = "mutation ($id: ID!) { endAccountSessions(account: $id) { name } }";
    owner.desk_data(end, json!({ "id": id })).await;
    assert_eq!(socket.closed().await.0, 4401);
    let headers = [("cookie", cookie.as_str())];
    assert!(Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.is_err());
}

#[tokio::test]
async fn an_operation_on_a_websocket_asks_for_the_session_that_another_node_may_have_ended() {
    let app = TestApp::start().await;
    app.signed_in("ada", Some(Role::Owner), None).await;
    let cookie = app.session_cookie(account(&app, "ada").await).await;
    let headers = [("cookie", cookie.as_str())];
    let mut socket = Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.unwrap();
    // By hand, as another node would: nothing in this process hears of it.
    app.database.execute("DELETE FROM desk_session").await.unwrap();
    socket.subscribe("1", "{ accounts { name } }", json!({})).await;
    let answer = socket.next_message().await;
    assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions() {
    let app = TestApp::start().await;
    let here = app.signed_in("ada", Some(Role::Owner), None).await;
    let there = app.client();
    there.sign_in("ada", PASSWORD, None).await;
    let change =
        "mutation ($current: String!, $new: String!) { changePassword(current: $current, new: $new) { name } }";
    let wrong = here.desk(change, json!({ "current": "wrong horse battery", "new": "another horse" })).await;
    assert_eq!(rule(&wrong), "WRONG");
    assert_eq!(rule(&here.desk(change, json!({ "current": PASSWORD, "new": "short" })).await), "LENGTH");
    here.desk_data(change, json!({ "current": PASSWORD, "new": "another horse" })).await;
    assert_eq!(here.desk_data("{ me { name } }", Value::Null).await["me"]["name"], "ada");
    assert_eq!(there.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);
    assert_eq!(code(&there.sign_in("ada", PASSWORD, None).await), "UNAUTHENTICATED");
    assert_eq!(there.sign_in("ada", "another horse", None).await["data"]["signIn"]["me"]["name"], "ada");
}

#[tokio::test]
async fn guesses_of_a_name_are_throttled_whether_or_not_there_is_such_an_account() {
    let app = TestApp::start().await;
    app.signed_in("ada", Some(Role::Owner), None).await;
    for name in ["ada", "nobody"] {
        let client = app.client();
        let refused =
            refused_before_the_limit(40, async |_| client.sign_in(name, "wrong horse battery", None).await).await;
        // The account of `ada` signed in once before.
        assert!(refused >= 19, "{name}: {refused}");
        let right = client.sign_in(name, PASSWORD, None).await;
        assert_eq!(code(&right), "RATE_LIMITED", "the right password is not tried either");
        assert!(right["errors"][0]["extensions"]["retryAfterSeconds"].as_i64().unwrap() > 0);
    }
}

/// How many attempts are refused as wrong before one is refused as one too many. On a slow machine allowances come back
/// meanwhile, so there may be more than the limit.
async fn refused_before_the_limit(most: usize, mut attempt: impl AsyncFnMut(usize) -> Value) -> usize {
    for number in 0..most {
        let answer = attempt(number).await;
        match code(&answer) {
            "UNAUTHENTICATED" => {}
            "RATE_LIMITED" => return number,
            _ => panic!("{answer}"),
        }
    }
    panic!("{most} attempts were not too many");
}

#[tokio::test]
async fn one_network_may_only_try_so_often_whatever_the_names() {
    let app = TestApp::start_with(&["--trusted-proxies=127.0.0.1/32"]).await;
    let attacker = Client::with_header(app.address, "x-forwarded-for", "192.0.2.1");
    let attempt = async |number| attacker.sign_in(&format!("name {number}"), "", None).await;
    let refused = refused_before_the_limit(120, attempt).await;
    assert!(refused >= 60, "{refused}");
    let neighbour = Client::with_header(app.address, "x-forwarded-for", "192.0.2.2");
    assert_eq!(code(&neighbour.sign_in("another", "", None).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn whoever_has_many_ipv6_networks_may_not_try_in_each_of_them() {
    let app = TestApp::start_with(&["--trusted-proxies=127.0.0.1/32"]).await;
    let attempt = async |number: usize| {
        let address = format!("2001:db8:0:{:x}::1", number % 250);
        let attacker = Client::with_header(app.address, "x-forwarded-for", &address);
        attacker.sign_in(&format!("name {number}"), "", None).await
    };
    let refused = refused_before_the_limit(400, attempt).await;
    assert!(refused >= 180, "three times the attempts of one network: {refused}");
    let neighbour = Client::with_header(app.address, "x-forwarded-for", "2001:db8:0:100::1");
    assert_eq!(code(&neighbour.sign_in("another", "", None).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_code_is_asked_for_only_after_the_right_password_and_works_once() {
    let app = TestApp::start().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let setup = ada.desk_data(BEGIN_TOTP, json!({ "password": PASSWORD })).await["beginTotp"].clone();
    assert!(setup["url"].as_str().unwrap().starts_with("otpauth://totp/"), "{setup}");
    assert!(setup["qrSvg"].as_str().unwrap().starts_with("<svg "), "{setup}");
    let secret = setup["secret"].as_str().unwrap();
    assert!(!app.database.holds_text("account", secret).await, "the secret is stored open");
    let codes = Codes::of(secret);
    let confirm = "mutation ($code: String!) { confirmTotp(code: $code) { hasTotp } }";
    assert_eq!(rule(&ada.desk(confirm, json!({ "code": "000000x" })).await), "WRONG");
    ada.desk_data("mutation { signOut }", Value::Null).await;
    let signed_in = ada.sign_in("ada", PASSWORD, None).await;
    assert_eq!(signed_in["data"]["signIn"]["needsTotp"], false, "not before the first code: {signed_in}");
    let first = codes.this(&app).await;
    ada.desk_data(confirm, json!({ "code": first })).await;

    let other = app.client();
    assert_eq!(code(&other.sign_in("ada", "wrong horse battery", None).await), "UNAUTHENTICATED");
    let asked = other.sign_in("ada", PASSWORD, None).await;
    assert_eq!(asked["data"]["signIn"], json!({ "needsTotp": true, "me": null }), "{asked}");
    assert_eq!(other.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);
    assert_eq!(code(&other.sign_in("ada", PASSWORD, Some(&first)).await), "UNAUTHENTICATED", "used to confirm");
    let this = codes.next(&app).await;
    assert_eq!(other.sign_in("ada", PASSWORD, Some(&this)).await["data"]["signIn"]["me"]["name"], "ada");
    assert_eq!(code(&app.client().sign_in("ada", PASSWORD, Some(&this)).await), "UNAUTHENTICATED", "used twice");
    assert_eq!(code(&app.client().sign_in("ada", PASSWORD, Some("123")).await), "UNAUTHENTICATED");

    let remove =
        "mutation ($password: String!, $code: String!) { removeTotp(password: $password, code: $code) { hasTotp } }";
    let replayed = other.desk(remove, json!({ "password": PASSWORD, "code": this })).await;
    assert_eq!(rule(&replayed), "WRONG");
    forget_steps(&app).await;
    let removed = other.desk_data(remove, json!({ "password": PASSWORD, "code": codes.next(&app).await })).await;
    assert_eq!(removed["removeTotp"]["hasTotp"], false);
    assert_eq!(app.client().sign_in("ada", PASSWORD, None).await["data"]["signIn"]["needsTotp"], false);
}

#[tokio::test]
async fn a_session_alone_neither_makes_nor_replaces_the_secret_of_one_time_codes() {
    let app = TestApp::start().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    assert_eq!(rule(&ada.desk(BEGIN_TOTP, json!({ "password": "wrong horse battery" })).await), "WRONG");
    let secret = ada.desk_data(BEGIN_TOTP, json!({ "password": PASSWORD })).await["beginTotp"]["secret"].clone();
    let confirm = "mutation ($code: String!) { confirmTotp(code: $code) { hasTotp } }";
    let codes = Codes::of(secret.as_str().unwrap());
    ada.desk_data(confirm, json!({ "code": codes.this(&app).await })).await;

    assert_eq!(rule(&ada.desk(BEGIN_TOTP, json!({ "password": PASSWORD })).await), "HAS_TOTP");
    // As if both secrets had been made before the first of them was confirmed.
    app.database.execute("UPDATE account SET sealed_new_totp_secret = sealed_totp_secret").await.unwrap();
    forget_steps(&app).await;
    assert_eq!(rule(&ada.desk(confirm, json!({ "code": codes.this(&app).await })).await), "HAS_TOTP");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let app = TestApp::start().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let id = id_of(&ada).await;
    let demote = "mutation ($id: ID!) { setRole(account: $id, role: ORGANISER) { role } }";
    let disable = "mutation ($id: ID!) { disableAccount(id: $id, disabled: true) { disabled } }";
    for mutation in [demote, disable] {
        assert_eq!(rule(&ada.desk(mutation, json!({ "id": id })).await), "LAST_OWNER");
    }
    let grace = app.signed_in("grace", Some(Role::Owner), None).await;
    grace.desk_data(disable, json!({ "id": id })).await;
    // A disabled owner is none.
    let own = id_of(&grace).await;
    assert_eq!(rule(&grace.desk(demote, json!({ "id": own })).await), "LAST_OWNER");
    assert_eq!(code(&ada.desk("{ accounts { name } }", Value::Null).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn of_two_owners_who_take_away_each_others_role_at_once_one_stays() {
    let app = TestApp::start().await;
    let (ada, grace) =
        (app.signed_in("ada", Some(Role::Owner), None).await, app.signed_in("grace", Some(Role::Owner), None).await);
    let (a, g) = (id_of(&ada).await, id_of(&grace).await);
    let demote = "mutation ($id: ID!) { setRole(account: $id) { role } }";
    tokio::join!(ada.desk(demote, json!({ "id": g })), grace.desk(demote, json!({ "id": a })));
    let owners = "SELECT count(*) FROM account WHERE role = 'owner'";
    assert_eq!(app.database.integer(owners).await, 1);
}

#[tokio::test]
async fn a_role_in_a_budget_is_given_by_its_owner_and_counts_at_once() {
    let app = TestApp::start().await;
    let owner = app.signed_in("ada", None, Some(Role::Owner)).await;
    let grace = app.signed_in("grace", None, None).await;
    let id = id_of(&grace).await;
    assert_eq!(code(&grace.desk("{ auditLog(budget: \"federal\") { nodes { id } } }", Value::Null).await), "FORBIDDEN");
    let give =
        "mutation ($id: ID!) { setRole(account: $id, role: ORGANISER, budget: \"federal\") { budgets { slug role } } }";
    let given = owner.desk_data(give, json!({ "id": id })).await;
    assert_eq!(given["setRole"]["budgets"], json!([{ "slug": "federal", "role": "ORGANISER" }]));
    let log = grace
        .desk_data("{ auditLog(budget: \"federal\", first: 1) { nodes { actor action after } } }", Value::Null)
        .await;
    let entry =
        json!({ "actor": "ada", "action": "account.role", "after": { "account": "grace", "role": "organiser" } });
    assert_eq!(log["auditLog"]["nodes"][0], entry);
    let installation = "mutation ($id: ID!) { setRole(account: $id, role: OWNER) { role } }";
    assert_eq!(code(&owner.desk(installation, json!({ "id": id })).await), "FORBIDDEN", "an owner of a budget alone");
    assert_eq!(code(&grace.desk("{ auditLog { nodes { id } } }", Value::Null).await), "FORBIDDEN", "the whole log");
}

#[tokio::test]
async fn the_owners_of_a_budget_see_who_works_on_it_and_nothing_else_of_them() {
    let app = TestApp::start().await;
    let federal = ledger::budget(&app.services.store, "federal").await;
    app.services.store.create_budget(&ledger::like(&federal, "town")).await.unwrap();
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let bob = app.signed_in("bob", None, Some(Role::Owner)).await;
    let carol = app.signed_in("carol", None, Some(Role::Viewer)).await;
    let dave = app.signed_in("dave", None, None).await;
    let give = "mutation ($id: ID!) { setRole(account: $id, role: OWNER, budget: \"town\") { budgets { slug } } }";
    for id in [id_of(&carol).await, id_of(&dave).await] {
        ada.desk_data(give, json!({ "id": id })).await;
    }

    let people = "{ people(budget: \"federal\") { name role disabled } }";
    let seen = json!([
        { "name": "bob", "role": "OWNER", "disabled": false },
        { "name": "carol", "role": "VIEWER", "disabled": false },
    ]);
    for owner in [&ada, &bob] {
        assert_eq!(owner.desk_data(people, Value::Null).await["people"], seen);
    }
    assert_eq!(code(&carol.desk(people, Value::Null).await), "FORBIDDEN", "an owner elsewhere");
    assert_eq!(code(&dave.desk(people, Value::Null).await), "NOT_FOUND", "a stranger in this budget");

    // What a change answers tells nothing of other budgets either.
    let change =
        "mutation ($id: ID!) { setRole(account: $id, role: ORGANISER, budget: \"federal\") { budgets { slug role } } }";
    let changed = bob.desk_data(change, json!({ "id": id_of(&carol).await })).await;
    assert_eq!(changed["setRole"]["budgets"], json!([{ "slug": "federal", "role": "ORGANISER" }]));
}

#[tokio::test]
async fn the_audit_log_is_read_in_pages_and_by_filters() {
    let app = TestApp::start().await;
    let owner = app.signed_in("ada", Some(Role::Owner), None).await;
    let grace = app.signed_in("grace", None, None).await;
    let id = id_of(&grace).await;
    let page = "query ($after: String) { auditLog(first: 2, after: $after) { nodes { id actor action at } pageInfo { hasNextPage endCursor } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let log = owner.desk_data(page, json!({ "after": after })).await["auditLog"].clone();
        seen.extend(log["nodes"].as_array().unwrap().clone());
        if log["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = log["pageInfo"]["endCursor"].clone();
    }
    let stored = app.database.integer("SELECT count(*) FROM audit_entry").await;
    assert_eq!(i64::try_from(seen.len()).unwrap(), stored);
    assert!(stored > 3, "{stored}");
    let filtered = "query ($account: ID, $action: String, $since: DateTime, $until: DateTime) {
        auditLog(account: $account, action: $action, since: $since, until: $until) { nodes { actor action } } }";
    let log = |variables: Value| {
        let owner = owner.clone();
        async move { owner.desk_data(filtered, variables).await["auditLog"]["nodes"].clone() }
    };
    assert_eq!(log(json!({ "account": id })).await, json!([{ "actor": "grace", "action": "account.sign_in" }]));
    let created = json!({ "actor": "console:", "action": "account.create" });
    assert_eq!(log(json!({ "action": "account.create" })).await, json!([created, created]));
    let last = seen[0]["at"].clone();
    assert_eq!(log(json!({ "since": last })).await.as_array().unwrap().len(), 1);
    assert_eq!(log(json!({ "until": "2026-01-01T00:00:00Z" })).await, json!([]));
    for (variables, broken) in [("first: 0", "RANGE"), ("first: 201", "RANGE"), ("after: \"x\"", "CURSOR")] {
        let query = format!("{{ auditLog({variables}) {{ nodes {{ id }} }} }}");
        assert_eq!(rule(&owner.desk(&query, Value::Null).await), broken);
    }
}

#[tokio::test]
async fn a_page_of_the_audit_log_is_cut_where_its_entries_are_large_and_none_is_left_out() {
    let app = TestApp::start().await;
    let store = &app.services.store;
    let sizes = [100, 300_000, 300_000, 300_000, 300_000, 2_000_000, 100];
    for size in sizes {
        let mut change = store.begin_audited(&Actor::System).await.unwrap();
        let after = Some(Value::from("x".repeat(size)));
        change.record(AuditedChange { action: "test.large", after, ..AuditedChange::default() }).await.unwrap();
        change.commit().await.unwrap();
    }
    let query = "query ($after: String) { auditLog(first: 200, action: \"test.large\", after: $after) {
        nodes { after } pageInfo { hasNextPage endCursor } } }";
    let (mut pages, mut after) = (Vec::new(), Value::Null);
    loop {
        let response = app.desk(Some(Role::Owner), query, json!({ "after": after })).await;
        let log = response["data"]["auditLog"].clone();
        let nodes = log["nodes"].as_array().unwrap().clone();
        pages.push(nodes.iter().map(|node| node["after"].as_str().unwrap().len()).collect::<Vec<_>>());
        if log["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = log["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(pages, [vec![100], vec![2_000_000], vec![300_000; 3], vec![300_000, 100]], "the newest first");
}

#[tokio::test]
async fn the_audit_log_is_never_changed_even_by_sql() {
    let app = TestApp::start().await;
    app.signed_in("ada", Some(Role::Owner), None).await;
    let before = texts(&app.database, "SELECT actor || action FROM audit_entry ORDER BY id").await;
    assert!(!before.is_empty());
    let mut statements = vec!["UPDATE audit_entry SET actor = 'eve'", "DELETE FROM audit_entry"];
    if app.database.is_postgres() {
        statements.push("TRUNCATE audit_entry");
    }
    for sql in statements {
        let error = app.database.execute(sql).await.expect_err(sql).to_string();
        assert!(error.contains("the audit log is never changed"), "{error}");
    }
    assert_eq!(texts(&app.database, "SELECT actor || action FROM audit_entry ORDER BY id").await, before);
}

#[tokio::test]
async fn a_change_whose_entry_cannot_be_written_is_not_made() {
    let app = TestApp::start().await;
    let owner = app.signed_in("ada", Some(Role::Owner), None).await;
    let grace = app.signed_in("grace", None, None).await;
    let id = id_of(&grace).await;
    app.database.execute("ALTER TABLE audit_entry RENAME COLUMN action TO moved").await.unwrap();
    let set_role = "mutation ($id: ID!) { setRole(account: $id, role: OWNER) { role } }";
    assert_eq!(code(&owner.desk(set_role, json!({ "id": id })).await), "INTERNAL");
    assert_eq!(code(&app.client().sign_in("ada", PASSWORD, None).await), "INTERNAL");
    let roles = texts(&app.database, "SELECT coalesce(role, 'none') FROM account ORDER BY id").await;
    assert_eq!(roles, ["owner", "none"]);
    assert_eq!(app.database.integer("SELECT count(*) FROM desk_session").await, 2);
    app.database.execute("ALTER TABLE audit_entry RENAME COLUMN moved TO action").await.unwrap();
    owner.desk_data(set_role, json!({ "id": id })).await;
}

#[tokio::test]
async fn a_trusted_proxy_signs_people_on_and_nobody_else_does() {
    let flags = ["--trusted-user-header=X-Remote-User", "--trusted-proxies=127.0.0.1/32"];
    let app = TestApp::start_with(&flags).await;
    let first = Client::with_header(app.address, "x-remote-user", "ada@example.org");
    let me = first.desk_data(ME, Value::Null).await["me"].clone();
    let expected = json!({ "role": "OWNER", "hasPassword": false, "expiresAt": null, "sessions": [] });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(me[field], *value, "{field}: {me}");
    }
    let second = Client::with_header(app.address, "x-remote-user", "grace");
    assert_eq!(
        second.desk_data("{ me { name role } }", Value::Null).await["me"],
        json!({ "name": "grace", "role": null })
    );
    let settings = second.desk_data("{ desk { hasAccounts trustedHeader } }", Value::Null).await;
    assert_eq!(settings["desk"], json!({ "hasAccounts": true, "trustedHeader": true }));
    let created = texts(&app.database, "SELECT actor FROM audit_entry WHERE action = 'account.create'").await;
    assert_eq!(created, ["system:", "system:"], "each once");
    let headers = [("x-remote-user", "grace")];
    assert!(Socket::open_with(app.address, "/admin/graphql/ws", &headers).await.is_ok());

    // The same header of a peer that is no proxy says nothing.
    let elsewhere = app.start_beside(&["--trusted-user-header=X-Remote-User", "--trusted-proxies=192.0.2.1/32"]).await;
    let forged = Client::with_header(elsewhere.address, "x-remote-user", "ada@example.org");
    assert_eq!(forged.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);
    assert_eq!(forged.desk_data("{ desk { trustedHeader } }", Value::Null).await["desk"]["trustedHeader"], false);
    let without = app.start_beside(&["--trusted-proxies=127.0.0.1/32"]).await;
    let ignored = Client::with_header(without.address, "x-remote-user", "ada@example.org");
    assert_eq!(ignored.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);

    let id = json!(format!("Account:{}", account(&app, "grace").await.0));
    let disable = "mutation ($id: ID!) { disableAccount(id: $id, disabled: true) { disabled } }";
    first.desk_data(disable, json!({ "id": id })).await;
    assert_eq!(second.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null, "disabled");
}

#[tokio::test]
async fn the_command_line_makes_accounts_and_helps_those_who_are_locked_out() {
    let database = TestDatabase::create().await;
    let url = format!("--database-url={}", database.url);
    let run = |arguments: &[&str], password: &str| {
        let arguments: Vec<String> =
            arguments.iter().map(|argument| (*argument).to_owned()).chain([url.clone()]).collect();
        let password = format!("{password}\n");
        async move {
            let mut command = Command::new(program());
            command.arg("admin").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            child.stdin.take().unwrap().write_all(password.as_bytes()).await.unwrap();
            let output = child.wait_with_output().await.unwrap();
            let text =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            (output.status.code().unwrap(), text)
        }
    };
    let (code, said) = run(&["create", "ada", "--role=owner", "--password-stdin"], PASSWORD).await;
    assert!(code == 1 && said.contains("taxbudget migrate"), "an empty database: {said}");
    let store = ledger::migrated(&database).await;
    let (code, said) = run(&["create", "ada", "--role=owner", "--password-stdin"], PASSWORD).await;
    assert_eq!((code, said.contains("ada: created")), (0, true), "{said}");
    for (arguments, password, wrong) in [
        (["create", "ADA", "--password-stdin"], PASSWORD, "already"),
        (["create", "grace", "--password-stdin"], "short", "at least 12"),
        (["reset-password", "grace", "--password-stdin"], PASSWORD, "no such account"),
    ] {
        let (code, said) = run(&arguments, password).await;
        assert!(code == 1 && said.contains(wrong) && !said.contains(password), "{said}");
    }
    let app =
        TestApp::start_with_database(std::sync::Arc::new(TestDatabase::at(database.url.clone())), "test-admin", &[])
            .await;
    let client = app.client();
    assert_eq!(client.sign_in("ada", PASSWORD, None).await["data"]["signIn"]["me"]["role"], "OWNER");
    let (_, said) = run(&["list"], "").await;
    assert!(said.lines().any(|line| line.starts_with("ada\towner\t0\tno\t")), "{said}");
    let (_, said) = run(&["end-sessions", "ada"], "").await;
    assert!(said.contains("ada: 1 sessions ended"), "{said}");
    assert_eq!(client.desk_data("{ me { name } }", Value::Null).await["me"], Value::Null);
    run(&["reset-password", "ada", "--remove-totp", "--password-stdin"], "another horse").await;
    assert_eq!(client.sign_in("ada", "another horse", None).await["data"]["signIn"]["me"]["name"], "ada");
    let actors = texts(&database, "SELECT DISTINCT actor FROM audit_entry ORDER BY actor").await;
    assert_eq!(actors, ["ada", "console:"]);
    app.stop().await;
    store.close().await;
}

#[tokio::test]
async fn the_most_talkative_log_shows_requests_of_the_desk_and_no_secret() {
    let database = TestDatabase::create().await;
    let store = ledger::migrated(&database).await;
    let console = Console::new(store.clone());
    console.create(&AccountName::parse("ada").unwrap(), PASSWORD, Some(Role::Owner)).await.unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let flags = Flags::on(&database.url).with(["--log=trace", "--drain-window-ms=0"]);
    let server = ServerProcess::start_in(&[], &flags, Stdio::from(log.reopen().unwrap())).await;
    let client = Client::new(server.address);
    client.sign_in("ada", "a wrong password", None).await;
    client.sign_in("a password in the wrong field", PASSWORD, None).await;
    client.sign_in("ada", PASSWORD, None).await;
    let secret = client.desk_data(BEGIN_TOTP, json!({ "password": PASSWORD })).await["beginTotp"]["secret"].clone();
    let invite = "mutation { invite(input: { role: VIEWER }) { url } }";
    let url = client.desk_data(invite, Value::Null).await["invite"]["url"].as_str().unwrap().to_owned();
    assert_eq!(client.http.get(&url).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(server.terminate().await, Some(0));
    store.close().await;
    let log = std::fs::read_to_string(log.path()).unwrap();
    for shown in ["route=\"/admin/graphql\"", "route=\"/admin/{*path}\"", "a sign-in with a wrong name", "signed in"] {
        assert!(log.contains(shown), "{shown}: {log}");
    }
    let token = url.rsplit_once('/').unwrap().1;
    for hidden in ["password", "wrong field", PASSWORD, token, secret.as_str().unwrap(), "argon2id", "taxbudget_desk="]
    {
        let shown = log.replace("a sign-in with a wrong name or password", "");
        assert!(!shown.contains(hidden), "{hidden}: {log}");
    }
}

#[tokio::test]
async fn one_time_codes_outlive_the_secret_of_the_server() {
    let secret = |letter: &str| letter.repeat(32);
    let (first, second) = (format!("--secret={}", secret("a")), format!("--secret={}", secret("b")));
    let app = TestApp::start_with(&[&first]).await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let setup = ada.desk_data(BEGIN_TOTP, json!({ "password": PASSWORD })).await;
    let codes = Codes::of(setup["beginTotp"]["secret"].as_str().unwrap());
    let confirm = "mutation ($code: String!) { confirmTotp(code: $code) { hasTotp } }";
    ada.desk_data(confirm, json!({ "code": codes.this(&app).await })).await;

    let without = app.start_beside(&[&second]).await;
    let lost = without.client().sign_in("ada", PASSWORD, Some(&codes.next(&app).await)).await;
    assert_eq!(code(&lost), "INTERNAL", "another secret: {lost}");
    let rotating = app.start_beside(&[&second, &format!("--previous-secret={}", secret("a"))]).await;
    let signed_in = rotating.client().sign_in("ada", PASSWORD, Some(&codes.next(&app).await)).await;
    assert_eq!(signed_in["data"]["signIn"]["me"]["name"], "ada", "{signed_in}");
    // The start with both secrets has sealed it anew.
    forget_steps(&app).await;
    let signed_in = without.client().sign_in("ada", PASSWORD, Some(&codes.next(&app).await)).await;
    assert_eq!(signed_in["data"]["signIn"]["me"]["name"], "ada", "{signed_in}");
    // A session does not depend on the secret.
    assert_eq!(ada.desk_data("{ me { name } }", Value::Null).await["me"]["name"], "ada");
}

#[tokio::test]
async fn a_server_that_could_believe_nobody_about_its_users_does_not_start() {
    let database = TestDatabase::create().await;
    let flags = Flags::on(&database.url).with(["--trusted-user-header=X-Remote-User", "--proxy-count=1"]);
    let mut command = Command::new(program());
    let output = command.arg("serve").args(flags.iter()).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(TIMEOUT, output).await.expect("it serves").unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("--trusted-user-header") && complaint.contains("--trusted-proxies"), "{complaint}");
}

/// What an authenticator app does.
struct Codes(totp_rs::Totp);

impl Codes {
    fn of(secret: &str) -> Self {
        Self(Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap())
    }

    /// The code of this moment.
    async fn this(&self, app: &TestApp) -> String {
        self.after(app, 0).await
    }

    /// The code of the next step, which is taken already, as from a clock that is fast.
    async fn next(&self, app: &TestApp) -> String {
        self.after(app, 30).await
    }

    async fn after(&self, app: &TestApp, seconds: i64) -> String {
        let now = app.services.store.now().await.unwrap().timestamp();
        self.0.generate(u64::try_from(now + seconds).unwrap()).to_string()
    }
}

/// As if a minute had passed since the last code was used.
async fn forget_steps(app: &TestApp) {
    app.database.execute("UPDATE account SET last_totp_step = last_totp_step - 2").await.unwrap();
}

/// The number of the account with this name.
async fn account(app: &TestApp, name: &str) -> AccountId {
    app.services.store.account_named(&AccountName::parse(name).unwrap()).await.unwrap().unwrap().id
}
