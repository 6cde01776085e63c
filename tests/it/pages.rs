//! The page, the explorer and their files, as they are served.
//!
//! Where the page was not built (no Node.js) a notice stands in its place; both are right.

use reqwest::{Response, StatusCode, header::HeaderMap};

use crate::support::{Client, TestApp, client::split};

const NOTICE: &str = "the page is not built";

async fn get(client: &Client, path: &str) -> Response {
    client.http.get(client.url(path)).header("accept", "text/html,*/*;q=0.8").send().await.unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// Checks what every document is sent with; its text.
async fn document(response: Response, policy_must_say: &[&str]) -> String {
    let headers = response.headers().clone();
    assert!(header(&headers, "content-type").starts_with("text/html"), "{headers:?}");
    assert_eq!(header(&headers, "cache-control"), "no-cache", "a new version must be seen");
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert_eq!(header(&headers, "referrer-policy"), "same-origin");
    let text = response.text().await.unwrap();
    if !text.contains(NOTICE) {
        let policy = header(&headers, "content-security-policy");
        for part in policy_must_say {
            assert!(policy.contains(part), "{policy}");
        }
        let own = text.replace("<link rel=\"canonical\" href=\"http", "");
        assert!(!own.contains("src=\"http") && !own.contains("href=\"http"), "from another place: {text}");
    }
    text
}

#[tokio::test]
async fn the_page_is_served_at_each_of_its_addresses_under_a_strict_policy() {
    let app = TestApp::start().await;
    let client = app.client();
    let id = client.submit(split(50.0)).await["submission"]["id"].as_str().unwrap().to_owned();
    let result = format!("/results/{id}");
    let of_budget = ["/b/federal", "/b/federal/results", "/b/federal/projector"];
    for path in ["/", "/aggregate", "/history", "/privacy", &result].into_iter().chain(of_budget) {
        let response = get(&client, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = header(response.headers(), "content-security-policy").to_owned();
        assert!(!policy.contains("unsafe"), "{policy}");
        document(response, &["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]).await;
    }
    for path in [
        "/nothing-here",
        "/assets/nothing-here.js",
        "/index.html",
        "/desk.html",
        "/graphiql.html",
        "/embed.html",
        "/assets/../Cargo.toml",
    ] {
        let response = get(&client, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        document(response, &["default-src 'self'"]).await;
    }
}

#[tokio::test]
async fn only_a_preview_is_shown_in_a_frame_and_only_by_this_origin() {
    let app = TestApp::start().await;
    let client = app.client();
    for (path, ancestors) in [
        ("/b/federal?preview=1", "frame-ancestors 'self'"),
        ("/b/a-draft?preview=1&lang=de", "frame-ancestors 'self'"),
        ("/b/federal", "frame-ancestors 'none'"),
        ("/history", "frame-ancestors 'none'"),
    ] {
        document(get(&client, path).await, &["default-src 'self'", ancestors]).await;
    }
}

#[tokio::test]
async fn a_result_is_shown_in_frames_of_the_sites_that_the_setting_names_and_sets_no_cookie() {
    for (flags, ancestors) in [
        (&[][..], "frame-ancestors *;"),
        (&["--embed-origins="][..], "frame-ancestors 'self';"),
        (
            &["--embed-origins=https://news.example.org, https://town.example:8443"][..],
            "frame-ancestors 'self' https://news.example.org https://town.example:8443;",
        ),
    ] {
        let app = TestApp::start_with(flags).await;
        let client = app.client();
        for (path, status) in [
            ("/embed/federal", StatusCode::OK),
            ("/embed/federal?lang=ar&view=form-link", StatusCode::OK),
            ("/embed/unheard-of", StatusCode::NOT_FOUND),
        ] {
            let response = get(&client, path).await;
            assert_eq!(response.status(), status, "{path}");
            assert!(!response.headers().contains_key("set-cookie"), "{path}");
            let policy = header(response.headers(), "content-security-policy").to_owned();
            assert!(!policy.contains("unsafe"), "{policy}");
            let text = document(response, &["default-src 'self'", "form-action 'none'", ancestors]).await;
            assert!(text.contains(NOTICE) || text.contains("noindex"), "{path}: {text}");
        }
        for path in ["/", "/b/federal", "/b/federal/results", "/embed", "/graphql"] {
            document(get(&client, path).await, &["frame-ancestors 'none'"]).await;
        }
    }
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_address_without() {
    let app = TestApp::start().await;
    let client = app.client();
    let staying = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for (path, target) in [
        ("/aggregate/", "/aggregate"),
        ("/aggregate/?budget=federal&lang=de", "/aggregate?budget=federal&lang=de"),
        ("/history/", "/history"),
        ("/privacy/", "/privacy"),
        ("/results/some-id/", "/results/some-id"),
        ("/b/federal/?lang=de", "/b/federal?lang=de"),
        ("/b/federal/results/", "/b/federal/results"),
        ("/b/federal/projector/", "/b/federal/projector"),
        ("/embed/federal/?lang=de", "/embed/federal?lang=de"),
        ("/graphql/", "/graphql"),
        ("/graphql/ws/", "/graphql/ws"),
        ("/graphql/stream/", "/graphql/stream"),
    ] {
        let response = staying.get(client.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(header(response.headers(), "location"), target);
    }
    // A redirect of this kind keeps method and body.
    let query = serde_json::json!({ "query": "{ viewer { participant } }" });
    let response = client.http.post(client.url("/graphql/")).json(&query).send().await.unwrap();
    assert_eq!(
        response.json::<serde_json::Value>().await.unwrap()["data"]["viewer"]["participant"],
        serde_json::Value::Null
    );
    // Only what has a name of its own: elsewhere the rest of the path could be another host.
    for path in ["//example.org/", "/\\example.org/", "/nothing-here/"] {
        let response = staying.get(format!("{}{path}", client.url(""))).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_explorer_is_served_to_a_browser_and_not_to_a_program() {
    let app = TestApp::start().await;
    let client = app.client();
    let response = get(&client, "/graphql").await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = header(response.headers(), "content-security-policy").to_owned();
    assert!(!policy.contains("unsafe-eval") && !policy.contains("script-src"), "scripts are our own: {policy}");
    document(response, &["default-src 'self'", "frame-ancestors 'none'"]).await;

    let response = client.http.get(client.url("/graphql")).header("accept", "application/json").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(header(response.headers(), "content-type"), "application/json");
}

#[tokio::test]
async fn files_whose_names_carry_their_content_are_kept_for_ever() {
    let app = TestApp::start().await;
    let client = app.client();
    for path in ["/", "/graphql"] {
        let text = get(&client, path).await.text().await.unwrap();
        if text.contains(NOTICE) {
            eprintln!("not tested: the page is not built, so there are no files");
            return;
        }
        let files: Vec<&str> = text.split('"').filter(|part| part.starts_with("/assets/")).collect();
        assert!(!files.is_empty(), "{text}");
        for file in files {
            let response = client.http.get(client.url(file)).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{file}");
            let headers = response.headers();
            assert_eq!(header(headers, "cache-control"), "public, max-age=31536000, immutable", "{file}");
            assert_eq!(header(headers, "x-content-type-options"), "nosniff");
            assert!(!header(headers, "content-type").starts_with("text/html"), "{file}: {headers:?}");
        }
    }
}

#[tokio::test]
async fn files_are_sent_packed_as_the_client_likes_it_best() {
    let app = TestApp::start().await;
    let client = app.client();
    let text = get(&client, "/").await.text().await.unwrap();
    let get = |path: &str, accepted: &'static str| {
        client.http.get(client.url(path)).header("accept-encoding", accepted).send()
    };
    let mut compressed = 0;
    for file in text.split('"').filter(|part| part.starts_with("/assets/")) {
        // Small files are not compressed.
        if header(get(file, "br").await.unwrap().headers(), "content-encoding") != "br" {
            continue;
        }
        compressed += 1;
        for (accepted, expected) in [
            ("br, gzip", "br"),
            ("gzip, deflate, br", "br"),
            ("gzip;q=1.0, br;q=0.5", "gzip"),
            ("br;q=0, *", "gzip"),
            ("GZIP", "gzip"),
            ("identity", ""),
            ("br;q=0, gzip;q=0", ""),
            ("", ""),
        ] {
            let response = get(file, accepted).await.unwrap();
            let headers = response.headers();
            assert_eq!(header(headers, "content-encoding"), expected, "{file} {accepted}");
            assert_eq!(header(headers, "vary"), "accept-encoding");
            assert_eq!(header(headers, "cache-control"), "public, max-age=31536000, immutable");
            assert!(!header(headers, "content-type").contains("octet-stream"), "{file}: {headers:?}");
            let tag = header(headers, "etag").to_owned();
            let again = client.http.get(client.url(file)).header("accept-encoding", accepted);
            let again = again.header("if-none-match", tag).send().await.unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{file} {accepted}");
        }
        for ending in [".br", ".gz"] {
            let response = get(&format!("{file}{ending}"), "br").await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "no page of its own: {file}{ending}");
        }
    }
    if compressed == 0 {
        eprintln!("not tested: the page is not built, so there are no files");
    }
}

#[tokio::test]
async fn a_server_reached_over_https_tells_browsers_to_stay_with_it() {
    let app = TestApp::start_with(&["--public-url=https://taxes.example.org"]).await;
    let plain = TestApp::start().await;
    for path in ["/", "/healthz", "/nothing-here"] {
        let secure = get(&app.client(), path).await;
        assert_eq!(header(secure.headers(), "strict-transport-security"), "max-age=31536000", "{path}");
        assert!(!get(&plain.client(), path).await.headers().contains_key("strict-transport-security"), "{path}");
    }
    let policy = get(&app.client(), "/").await;
    assert!(header(policy.headers(), "permissions-policy").contains("geolocation=()"));
}

#[tokio::test]
async fn documents_are_packed_for_who_can_unpack_them() {
    let app = TestApp::start().await;
    let client = app.client();
    let compressed = client.http.get(client.url("/")).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(header(compressed.headers(), "content-encoding"), "gzip");
    let vary: Vec<_> = compressed.headers().get_all("vary").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(vary.join(",").contains("accept-encoding") && vary.join(",").contains("accept-language"), "{vary:?}");
    assert_eq!(header(get(&client, "/").await.headers(), "content-encoding"), "");
}

#[tokio::test]
async fn without_scripts_a_page_says_in_the_readers_language_what_it_needs_and_where_the_numbers_are() {
    let app = TestApp::start().await;
    let client = app.client();
    for path in ["/embed/federal?lang=de", "/b/federal?lang=de"] {
        let text = document(get(&client, path).await, &[]).await;
        let said =
            "Diese Seite braucht JavaScript. Die Durchschnitte stehen auch unter /api/budgets/federal/aggregate.json.";
        assert!(text.contains(NOTICE) || text.contains(said), "{path}: {text}");
    }
    app.database.execute("UPDATE budget SET visibility = 'after-closing'").await.unwrap();
    app.services.catalogue.invalidate();
    let hidden = document(get(&client, "/embed/federal?lang=de").await, &[]).await;
    assert!(!hidden.contains("aggregate.json"), "{hidden}");
}
