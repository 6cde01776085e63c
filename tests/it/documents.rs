//! Documents: their status, language and preview, and the pictures that previews show.

use std::{fs, path::Path};

use reqwest::{Response, StatusCode, header::HeaderMap};
use taxbudget::domain::budget::{BudgetStatus, NewBudget};

use crate::support::{Client, TestApp, client::split, ledger};

const UNKNOWN: &str = "0b7dd9d4-9d3a-4a1c-8f0e-4f5f0d7e6a11";

async fn get(client: &Client, path: &str, language: &str) -> Response {
    client.http.get(client.url(path)).header("accept-language", language).send().await.unwrap()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

/// The server's words in a language.
fn words(language: &str) -> serde_json::Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.json"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Whether the built page has room for what the server says; a page built before, or none, has not.
fn has_head(text: &str) -> bool {
    let has = text.contains("og:title");
    if !has {
        eprintln!("not tested: the page is not built, or before it had room for a head");
    }
    has
}

async fn submitted(client: &Client) -> String {
    client.submit(split(30.5)).await["submission"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_address_that_leads_to_nothing_says_404_and_still_shows_the_page() {
    let app = TestApp::start().await;
    let client = app.client();
    let id = submitted(&client).await;
    for (path, status) in [
        (format!("/results/{id}"), StatusCode::OK),
        (format!("/results/{UNKNOWN}"), StatusCode::NOT_FOUND),
        ("/results/nonsense".to_owned(), StatusCode::NOT_FOUND),
        ("/results/%FF%FE".to_owned(), StatusCode::NOT_FOUND),
        ("/?budget=federal".to_owned(), StatusCode::OK),
        ("/?budget=unheard-of".to_owned(), StatusCode::NOT_FOUND),
        ("/aggregate?budget=unheard-of".to_owned(), StatusCode::NOT_FOUND),
        ("/?budget=a&budget=b".to_owned(), StatusCode::OK),
        ("/b/federal".to_owned(), StatusCode::OK),
        ("/b/federal/results".to_owned(), StatusCode::OK),
        ("/b/federal/projector".to_owned(), StatusCode::OK),
        ("/b/unheard-of".to_owned(), StatusCode::NOT_FOUND),
        ("/b/unheard-of/results".to_owned(), StatusCode::NOT_FOUND),
        ("/b/unheard-of/projector".to_owned(), StatusCode::NOT_FOUND),
        ("/b/%FF%FE".to_owned(), StatusCode::NOT_FOUND),
        ("/b".to_owned(), StatusCode::NOT_FOUND),
    ] {
        let response = get(&client, &path, "").await;
        assert_eq!(response.status(), status, "{path}");
        assert!(header(response.headers(), "content-type").starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn without_the_database_a_document_is_sent_all_the_same() {
    let app = TestApp::start().await;
    let client = app.client();
    let id = submitted(&client).await;
    app.services.store.close().await;
    for path in [format!("/results/{id}"), format!("/results/{UNKNOWN}")] {
        assert_eq!(get(&client, &path, "").await.status(), StatusCode::OK, "nobody can tell now: {path}");
    }
}

#[tokio::test]
async fn a_document_speaks_the_readers_language() {
    let app = TestApp::start().await;
    let client = app.client();
    for (path, accepted, language, direction) in [
        ("/", "", "en", "ltr"),
        ("/", "de-AT,de;q=0.9,en;q=0.8", "de", "ltr"),
        ("/", "nl, fr;q=0.3, es;q=0.7", "es", "ltr"),
        ("/history?lang=ar", "de", "ar", "rtl"),
        ("/privacy?lang=fr", "de", "fr", "ltr"),
        ("/?lang=nonsense", "fr", "fr", "ltr"),
        ("/nothing-here", "ar", "ar", "rtl"),
    ] {
        let response = get(&client, path, accepted).await;
        assert_eq!(header(response.headers(), "content-language"), language, "{path} {accepted}");
        assert_eq!(header(response.headers(), "vary"), "accept-language");
        let text = response.text().await.unwrap();
        if has_head(&text) {
            let root = format!("<html lang=\"{language}\" dir=\"{direction}\"");
            assert!(text.contains(&root), "{path} {accepted}: {text}");
            let not_loaded = words(language)["notLoaded"].as_str().unwrap().to_owned();
            assert!(text.contains(&format!("content=\"{not_loaded}\"")), "start.js finds its sentence: {text}");
        }
    }
}

#[tokio::test]
async fn every_language_of_the_page_is_served_as_itself() {
    let app = TestApp::start().await;
    let client = app.client();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frontend/src/texts/languages");
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let language = file.file_stem().unwrap().to_str().unwrap();
        let response = get(&client, &format!("/?lang={language}"), "").await;
        assert_eq!(header(response.headers(), "content-language"), language);
        let text = response.text().await.unwrap();
        if has_head(&text) {
            let root = format!("<html lang=\"{language}\" dir={}", words(language)["direction"]);
            assert!(text.contains(&root), "{root}: {text}");
        }
    }
}

#[tokio::test]
async fn a_link_to_a_result_tells_what_it_gives_most_to_and_shows_a_picture() {
    let app = TestApp::start_with(&["--public-url=https://taxes.example.org/"]).await;
    let client = app.client();
    let id = submitted(&client).await;
    let text = get(&client, &format!("/results/{id}"), "de").await.text().await.unwrap();
    if !has_head(&text) {
        return;
    }
    let address = format!("https://taxes.example.org/results/{id}");
    for expected in [
        format!("<link rel=\"canonical\" href=\"{address}\" />"),
        format!("<meta property=\"og:url\" content=\"{address}\" />"),
        format!("<meta property=\"og:image\" content=\"{address}/picture.png?language=de\" />"),
        "<meta property=\"og:image:width\" content=\"1200\" />".to_owned(),
        "<meta property=\"og:locale\" content=\"de_DE\" />".to_owned(),
        "<meta name=\"twitter:card\" content=\"summary_large_image\" />".to_owned(),
        "<meta name=\"robots\" content=\"noindex\" />".to_owned(),
        "Bildung 69,5\u{a0}%, Gesundheit 30,5\u{a0}%.".to_owned(),
    ] {
        assert!(text.contains(&expected), "{expected}\n{text}");
    }
    assert_eq!(text.matches("<title>").count(), 1);
    let home = get(&client, "/", "").await.text().await.unwrap();
    assert!(home.contains("<title>How would you spend the federal budget? · "), "{home}");
    assert!(!home.contains("noindex") && home.contains("/api/budgets/federal/picture.png?language=en"), "{home}");
}

#[tokio::test]
async fn every_address_of_a_budget_says_which_one_to_share() {
    let app = TestApp::start_with(&["--public-url=https://taxes.example.org/"]).await;
    let client = app.client();
    for (path, shared) in [
        ("/", "/b/federal"),
        ("/?budget=federal&lang=de", "/b/federal"),
        ("/aggregate", "/b/federal/results"),
        ("/b/federal", "/b/federal"),
        ("/b/federal/results", "/b/federal/results"),
        ("/b/federal/projector", "/b/federal/projector"),
        ("/embed/federal?lang=de", "/b/federal/results"),
    ] {
        let text = get(&client, path, "").await.text().await.unwrap();
        if !has_head(&text) {
            return;
        }
        let canonical = format!("<link rel=\"canonical\" href=\"https://taxes.example.org{shared}\" />");
        assert!(text.contains(&canonical), "{path}: {text}");
        let is_listed = !path.ends_with("/projector") && !path.starts_with("/embed/");
        assert_eq!(text.contains("noindex"), !is_listed, "{path}");
    }
}

#[tokio::test]
async fn an_address_that_names_no_budget_is_about_the_only_open_one_or_about_none() {
    let app = TestApp::start().await;
    let client = app.client();
    let store = &app.services.store;
    let federal = ledger::budget(store, "federal").await;
    let question = "<title>How would you spend the federal budget? · ";
    let closed = NewBudget { status: BudgetStatus::Closed, ..ledger::like(&federal, "last-year") };
    store.create_budget(&closed).await.unwrap();
    app.services.catalogue.invalidate();
    let text = get(&client, "/", "").await.text().await.unwrap();
    if !has_head(&text) {
        return;
    }
    assert!(text.contains(question), "one is open: {text}");

    store.create_budget(&ledger::like(&federal, "town")).await.unwrap();
    app.services.catalogue.invalidate();
    for path in ["/", "/aggregate"] {
        let text = get(&client, path, "").await.text().await.unwrap();
        assert!(!text.contains(question), "two are open: {text}");
        assert!(text.contains(&format!("<link rel=\"canonical\" href=\"http://{}{path}\" />", app.address)), "{text}");
    }
}

#[tokio::test]
async fn a_forged_host_gets_into_no_address() {
    let app = TestApp::start().await;
    let client = app.client();
    let forged = client.http.get(client.url("/")).header("host", "evil.example/\"><script>").send().await.unwrap();
    let text = forged.text().await.unwrap();
    assert!(!text.contains("evil.example"), "{text}");
    let text = get(&client, "/", "").await.text().await.unwrap();
    if has_head(&text) {
        assert!(
            text.contains(&format!("<link rel=\"canonical\" href=\"http://{}/b/federal\" />", app.address)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_document_that_is_known_is_not_sent_again() {
    let app = TestApp::start().await;
    let client = app.client();
    let first = get(&client, "/", "de").await;
    let tag = header(first.headers(), "etag").to_owned();
    let again = |language: &'static str, path: &'static str| {
        client.http.get(client.url(path)).header("accept-language", language).header("if-none-match", &tag).send()
    };
    let unchanged = again("de", "/").await.unwrap();
    assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(unchanged.headers(), "vary"), "accept-language");
    if has_head(&first.text().await.unwrap()) {
        assert_eq!(again("fr", "/").await.unwrap().status(), StatusCode::OK, "another language is another document");
    }
    assert_eq!(again("de", "/results/nonsense").await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pictures_are_drawn_for_a_budget_and_a_submission_and_change_with_the_numbers() {
    let app = TestApp::start().await;
    let client = app.client();
    let id = submitted(&client).await;
    client.aggregate_of(1, 1).await;
    let (mine, all) = (format!("/results/{id}/picture.png"), "/api/budgets/federal/picture.png");
    for path in [mine.as_str(), &format!("{mine}?language=ar"), all] {
        let response = client.http.get(client.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(response.headers(), "content-type"), "image/png");
        assert_eq!(header(response.headers(), "cache-control"), "public, max-age=60");
        let bytes = response.bytes().await.unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{path}");
        assert_eq!((&bytes[16..20], &bytes[20..24]), (&1200_u32.to_be_bytes()[..], &630_u32.to_be_bytes()[..]));
    }
    let tag = header(client.http.get(client.url(all)).send().await.unwrap().headers(), "etag").to_owned();
    let again = client.http.get(client.url(all)).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    client.submit(split(100.0)).await;
    client.aggregate_of(2, 2).await;
    let again = client.http.get(client.url(all)).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::OK, "the numbers changed");

    for path in [&format!("/results/{UNKNOWN}/picture.png"), "/results/%FF/picture.png", "/api/budgets/x/picture.png"] {
        let response = client.http.get(client.url(path)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let answer: serde_json::Value = response.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_budget_whose_letters_no_font_here_has_is_previewed_without_a_picture() {
    let app = TestApp::start().await;
    let client = app.client();
    let id = submitted(&client).await;
    app.database.execute("UPDATE budget SET title = '联邦预算'").await.unwrap();
    app.services.catalogue.invalidate();
    for (path, language, has_picture) in
        [("/", "en", false), ("/", "de", true), (&*format!("/results/{id}"), "en", false)]
    {
        let text = get(&client, path, language).await.text().await.unwrap();
        if !has_head(&text) {
            return;
        }
        assert_eq!(text.contains("og:image"), has_picture, "{path} {language}: {text}");
    }
}
