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
    for path in ["/", "/aggregate", "/history", &format!("/results/{id}")] {
        let response = get(&client, path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let policy = header(response.headers(), "content-security-policy").to_owned();
        assert!(!policy.contains("unsafe"), "{policy}");
        document(response, &["default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]).await;
    }
    for path in ["/nothing-here", "/assets/nothing-here.js", "/index.html", "/graphiql.html", "/assets/../Cargo.toml"] {
        let response = get(&client, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        document(response, &["default-src 'self'"]).await;
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
