//! Attacks on the desk by people who have an account: each test did what it forbids once.

use serde_json::{Value, json};
use taxbudget::domain::desk::Role;

use crate::support::{Client, TestApp, app::PASSWORD, client::split, eventually};

const INVITE: &str = "mutation ($input: InviteInput!) { invite(input: $input) { url } }";
const SET_ROLE: &str = "mutation ($id: ID!, $role: DeskRole, $budget: String) {
  setRole(account: $id, role: $role, budget: $budget) { name role budgets { slug title role } hasTotp lastSeenAt }
}";
const CREATE: &str = "mutation ($input: CreateBudgetInput!) { createBudget(input: $input) { slug version } }";
const UPDATE: &str = "mutation ($input: UpdateBudgetInput!) { updateBudget(input: $input) { version } }";
const DELETE: &str = "mutation ($budget: String!) { deleteBudget(budget: $budget) }";

async fn id_of(client: &Client) -> Value {
    client.desk_data("{ me { id } }", Value::Null).await["me"]["id"].clone()
}

fn code(response: &Value) -> &str {
    response["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no error: {response}"))
}

/// The place and the rule of the first violation.
fn violation(response: &Value) -> (&str, &str) {
    let violation = &response["errors"][0]["extensions"]["violations"][0];
    let text = |name: &str| violation[name].as_str().unwrap_or_else(|| panic!("{response}"));
    (text("path"), text("rule"))
}

/// Makes an invitation; returns the token of its link.
async fn invite(client: &Client, input: Value) -> String {
    let invited = client.desk_data(INVITE, json!({ "input": input })).await;
    invited["invite"]["url"].as_str().unwrap().rsplit_once('/').unwrap().1.to_owned()
}

/// Accepts an invitation under this name. The whole response.
async fn accept(client: &Client, token: &str, name: &str) -> Value {
    let input = json!({ "token": token, "name": name, "password": PASSWORD });
    let accept = "mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { me { name } } }";
    client.desk(accept, json!({ "input": input })).await
}

/// Makes a draft with this slug and title; returns its version.
async fn draft(client: &Client, slug: &str, title: &str) -> i64 {
    let empty = json!({ "slug": slug, "title": title, "language": "en", "currency": "EUR" });
    let created = client.desk_data(CREATE, json!({ "input": { "empty": empty } })).await;
    created["createBudget"]["version"].as_i64().unwrap()
}

async fn update(client: &Client, budget: &str, version: i64, patch: Value) -> Value {
    client.desk(UPDATE, json!({ "input": { "budget": budget, "version": version, "patch": patch } })).await
}

/// The version of `federal`.
async fn version(client: &Client) -> i64 {
    let budget = client.desk_data("{ budget(slug: \"federal\") { version } }", Value::Null).await["budget"].clone();
    budget["version"].as_i64().unwrap()
}

#[tokio::test]
async fn an_owner_who_is_disabled_or_degraded_does_not_come_back_by_a_link_of_their_own() {
    let app = TestApp::start().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let disable = "mutation ($id: ID!) { disableAccount(id: $id, disabled: true) { disabled } }";

    let eve = app.signed_in("eve", Some(Role::Owner), None).await;
    let (link, id) = (invite(&eve, json!({ "role": "OWNER" })).await, id_of(&eve).await);
    ada.desk_data(disable, json!({ "id": id })).await;
    assert_eq!(code(&accept(&app.client(), &link, "eve again").await), "NOT_FOUND");

    let mallory = app.signed_in("mallory", Some(Role::Owner), None).await;
    let (link, id) = (invite(&mallory, json!({ "role": "OWNER" })).await, id_of(&mallory).await);
    let to_budget = invite(&mallory, json!({ "budget": "federal", "budgetRole": "OWNER" })).await;
    ada.desk_data(SET_ROLE, json!({ "id": id, "role": "ORGANISER" })).await;
    assert_eq!(code(&accept(&app.client(), &link, "mallory again").await), "NOT_FOUND");
    assert_eq!(code(&accept(&app.client(), &to_budget, "mallory again").await), "NOT_FOUND");

    let oscar = app.signed_in("oscar", None, Some(Role::Owner)).await;
    let to_budget = json!({ "budget": "federal", "budgetRole": "OWNER" });
    let (first, second) = (invite(&oscar, to_budget.clone()).await, invite(&oscar, to_budget).await);
    let accepted = accept(&app.client(), &first, "olga").await;
    assert_eq!(
        accepted["data"]["acceptInvitation"]["me"]["name"], "olga",
        "an owner of the budget invites: {accepted}"
    );
    ada.desk_data(SET_ROLE, json!({ "id": id_of(&oscar).await, "role": null, "budget": "federal" })).await;
    assert_eq!(code(&accept(&app.client(), &second, "oscar again").await), "NOT_FOUND");
}

#[tokio::test]
async fn nobody_takes_a_name_that_looks_like_that_of_somebody_else_in_the_audit_log() {
    let app = TestApp::start().await;
    let ada = app.signed_in("Ada Lovelace", Some(Role::Owner), None).await;
    let link = invite(&ada, json!({ "role": "ORGANISER" })).await;
    for (name, broken) in [
        ("Ada\u{200b} Lovelace", "CHARACTERS"),
        ("Ada Lovelace\u{3164}", "CHARACTERS"),
        ("\u{202e}ecalevoL adA", "CHARACTERS"),
        ("system\u{a789}", "CHARACTERS"),
        ("console\u{ff1a}", "CHARACTERS"),
        ("Ada  Lovelace", "TAKEN"),
        ("Ada\u{a0}Lovelace", "TAKEN"),
        ("Ａda Lovelace", "TAKEN"),
        ("\u{410}da Lovelace", "SCRIPTS"),
    ] {
        let refused = accept(&app.client(), &link, name).await;
        assert_eq!(violation(&refused), ("name", broken), "{name:?}");
    }
    assert_eq!(accept(&app.client(), &link, "Zoë 田中").await["data"]["acceptInvitation"]["me"]["name"], "Zoë 田中");
}

#[tokio::test]
async fn spellings_of_a_name_do_not_multiply_the_guesses_of_its_password() {
    let app = TestApp::start().await;
    app.signed_in("ada lovelace", None, None).await;
    let spellings = ["ada lovelace", "ＡＤＡ lovelace", "ada  lovelace", "ada\u{a0}lovelace"];
    let mut wrong = 0;
    for number in 0..40 {
        let answer = app.client().sign_in(spellings[number % spellings.len()], "", None).await;
        match code(&answer) {
            "RATE_LIMITED" => break,
            _ => wrong += 1,
        }
    }
    assert!((19..30).contains(&wrong), "{wrong}");
}

#[tokio::test]
async fn the_owner_of_a_budget_learns_nothing_of_other_budgets_by_giving_roles() {
    let app = TestApp::start().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    draft(&ada, "secret", "May we close the hospital?").await;
    let grace = app.signed_in("grace", None, Some(Role::Viewer)).await;
    let id = id_of(&grace).await;
    let everything = ada.desk_data(SET_ROLE, json!({ "id": id, "role": "ORGANISER", "budget": "secret" })).await;
    assert_eq!(everything["setRole"]["budgets"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&everything["setRole"]["hasTotp"], everything["setRole"]["lastSeenAt"].is_string()),
        (&json!(false), true)
    );

    let eve = app.signed_in("eve", None, Some(Role::Owner)).await;
    let seen = eve.desk_data(SET_ROLE, json!({ "id": id, "role": "VIEWER", "budget": "federal" })).await;
    let budgets = &seen["setRole"]["budgets"];
    assert_eq!((budgets.as_array().unwrap().len(), &budgets[0]["slug"]), (1, &json!("federal")), "{seen}");
    assert_eq!((&seen["setRole"]["hasTotp"], &seen["setRole"]["lastSeenAt"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_organiser_reads_no_entries_of_a_budget_that_had_the_slug_before() {
    let app = TestApp::start().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let log = async |client: &Client, slug: &str| {
        let query = "query ($slug: String!) { auditLog(budget: $slug) { nodes { action before after } } }";
        client.desk_data(query, json!({ "slug": slug })).await["auditLog"].clone()
    };
    let eve = app.signed_in("eve", None, None).await;
    let organiser = json!({ "id": id_of(&eve).await, "role": "ORGANISER", "budget": "public" });

    // One budget is deleted and another one gets its slug.
    draft(&ada, "public", "May we close the hospital?").await;
    ada.desk_data(DELETE, json!({ "budget": "public" })).await;
    let version = draft(&ada, "public", "Where should the park be?").await;
    ada.desk_data(SET_ROLE, organiser).await;
    let seen = log(&eve, "public").await;
    assert!(!seen.to_string().contains("hospital"), "{seen}");
    let actions: Vec<&str> =
        seen["nodes"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["account.role", "budget.create"], "what was done to the own budget is there");

    // An organiser gives the own budget the slug of a budget that was deleted or renamed.
    draft(&ada, "plans", "May we close the school?").await;
    ada.desk_data(DELETE, json!({ "budget": "plans" })).await;
    let renamed = update(&eve, "public", version, json!({ "slug": "plans" })).await;
    assert_eq!(renamed.get("errors"), None, "{renamed}");
    let seen = log(&eve, "plans").await;
    assert!(!seen.to_string().contains("school"), "{seen}");
    assert_eq!(seen["nodes"].as_array().unwrap().len(), 1, "{seen}");
    assert!(log(&ada, "plans").await.to_string().contains("school"), "an owner sees all of it");
}

#[tokio::test]
async fn an_organiser_deletes_no_answers_by_a_time_of_closing_long_ago() {
    let app = TestApp::start().await;
    app.client().submit(split(40.0)).await;
    let eve = app.signed_in("eve", None, Some(Role::Organiser)).await;
    let patch = json!({ "closesAt": "2001-01-01T00:00:00Z", "retentionDays": 1 });
    let refused = update(&eve, "federal", version(&eve).await, patch).await;
    assert_eq!(violation(&refused), ("closesAt", "WINDOW"), "{refused}");
    let schedule = "mutation ($input: ScheduleInput!) { scheduleBudget(input: $input) { state } }";
    let input = json!({
        "budget": "federal", "version": version(&eve).await, "closesAt": "2001-01-01T00:00", "timeZone": "UTC",
    });
    assert_eq!(violation(&eve.desk(schedule, json!({ "input": input })).await), ("closesAt", "WINDOW"));
    assert_eq!(app.database.integer("SELECT count(*) FROM submission").await, 1);
}

#[tokio::test]
async fn an_organiser_does_not_lower_the_threshold_that_people_have_answered_under() {
    let app = TestApp::start().await;
    app.database.execute("UPDATE budget SET publish_every = 10").await.unwrap();
    let eve = app.signed_in("eve", None, Some(Role::Organiser)).await;
    let set = async |every: i64| update(&eve, "federal", version(&eve).await, json!({ "publishEvery": every })).await;
    assert_eq!(set(9).await.get("errors"), None, "nobody has answered");
    app.client().submit(split(40.0)).await;
    assert_eq!(violation(&set(1).await), ("publishEvery", "FROZEN"));
    assert_eq!(set(20).await.get("errors"), None);
    assert_eq!(violation(&set(19).await), ("publishEvery", "FROZEN"));
}

/// Two lines, the first with this key.
fn lines(key: &str) -> Value {
    json!([{ "key": key, "label": key, "color": "#4f8ee4" }, { "key": "rest", "label": "Rest", "color": "#a16085" }])
}

#[tokio::test]
async fn a_budget_that_gets_the_slug_of_another_one_soon_shows_its_own_results() {
    let app = TestApp::start().await;
    app.bus_is_up().await;
    let ada = app.signed_in("ada", Some(Role::Owner), None).await;
    let open =
        "mutation ($budget: String!, $version: Int!) { openBudget(budget: $budget, version: $version) { version } }";
    let aggregate =
        "{ budget(slug: \"town\") { aggregate { participantCount categories { category { key } averagePercent } } } }";
    let version_of = |response: &Value| response["data"]["updateBudget"]["version"].as_i64().unwrap();
    let mut drafts = Vec::new();
    // The later budget has the later epoch, and people have seen its revision under the slug.
    for (slug, key) in [("later-town", "new"), ("town", "old")] {
        let version = draft(&ada, slug, "Where should it go?").await;
        drafts.push(version_of(
            &update(&ada, slug, version, json!({ "categories": lines(key), "publishEvery": 1 })).await,
        ));
    }
    let opened = ada.desk_data(open, json!({ "budget": "town", "version": drafts[1] })).await;
    let old = app.client().data(aggregate, Value::Null).await;
    assert_eq!(old["budget"]["aggregate"]["categories"][0]["category"]["key"], "old", "{old}");
    let version = opened["openBudget"]["version"].as_i64().unwrap();
    version_of(&update(&ada, "town", version, json!({ "slug": "village" })).await);
    let version = version_of(&update(&ada, "later-town", drafts[0], json!({ "slug": "town" })).await);
    ada.desk_data(open, json!({ "budget": "town", "version": version })).await;

    let shares = json!([{ "category": "new", "percent": 70 }, { "category": "rest", "percent": 30 }]);
    let submit = "mutation ($input: SubmitAllocationInput!) { submitAllocation(input: $input) { submission { id } } }";
    app.client().data(submit, json!({ "input": { "budget": "town", "shares": shares } })).await;
    let own = json!([
        { "category": { "key": "new" }, "averagePercent": 70.0 }, { "category": { "key": "rest" }, "averagePercent": 30.0 },
    ]);
    eventually("the answer is shown", || async {
        let shown = app.client().data(aggregate, Value::Null).await["budget"]["aggregate"].clone();
        (shown["participantCount"] == 1 && shown["categories"] == own).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_draft_does_not_grow_without_end_by_many_changes() {
    let app = TestApp::start().await;
    let eve = app.signed_in("eve", Some(Role::Organiser), None).await;
    let mut version = draft(&eve, "large", "Large").await;
    for change in 0..20 {
        let texts = |number: usize| (format!("unknown-{change}-{number}"), json!({ "description": "x".repeat(1_000) }));
        let texts: serde_json::Map<_, _> = (0..110).map(texts).collect();
        let patch = json!({ "translations": { "de": { "categories": texts } } });
        let changed = update(&eve, "large", version, patch).await;
        let Some(next) = changed["data"]["updateBudget"]["version"].as_i64() else {
            assert_eq!((violation(&changed), change), (("", "SIZE"), 9), "{changed}");
            return;
        };
        version = next;
    }
    panic!("the draft has two megabytes");
}

#[tokio::test]
async fn times_beyond_the_end_of_clocks_are_refused_and_the_lists_of_others_stay() {
    let app = TestApp::start().await;
    let eve = app.signed_in("eve", Some(Role::Organiser), None).await;
    let version = draft(&eve, "far", "Far").await;
    for (time, zone) in [
        ("+262142-12-31T23:59:59Z", "Pacific/Kiritimati"),
        ("-262143-01-01T00:00:00Z", "America/New_York"),
        ("+10000-01-01T00:00:00Z", "UTC"),
        ("1969-12-31T23:59:59Z", "UTC"),
    ] {
        let refused =
            update(&eve, "far", version, json!({ "opensAt": time, "timeZone": zone, "retentionDays": 3650 })).await;
        assert_eq!(violation(&refused), ("opensAt", "RANGE"), "{time}: {refused}");
    }
    let schedule = "mutation ($input: ScheduleInput!) { scheduleBudget(input: $input) { state } }";
    for time in ["+262142-12-31T23:59", "-262143-01-01T00:00", "+262142-12-31T23:59:59-12:00"] {
        let input = json!({ "budget": "far", "version": version, "opensAt": time, "timeZone": "Pacific/Kiritimati" });
        assert_eq!(
            violation(&eve.desk(schedule, json!({ "input": input })).await),
            ("opensAt", "LOCAL_TIME"),
            "{time}"
        );
    }
    let list =
        "{ budgets { slug opensAt closesAt opensAtLocal { text offset } closesAtLocal { text } problems { rule } } }";
    let budgets = eve.desk_data(list, Value::Null).await["budgets"].clone();
    assert_eq!(budgets.as_array().unwrap().len(), 2, "{budgets}");
}
