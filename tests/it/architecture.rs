//! Imports point down: the tables of `docs/architecture.md`, held to what the files say.

use std::{fs, path::Path};

/// What every part of `http` may use.
const BELOW_HTTP: &[&str] =
    &["engine", "graphql", "service", "ledger", "bus", "fault", "store", "counters", "traces", "domain"];

/// Each part of the program and the parts that it may use, besides itself. A part is a folder or file below `src/`; where
/// one part lies within another, the inner one counts.
const MAY_USE: &[(&str, &[&[&str]])] = &[
    ("domain", &[]),
    ("counters", &[&["clock"]]),
    ("clock", &[]),
    ("traces", &[&["clock"]]),
    ("qr", &[]),
    ("store", &[&["clock", "counters", "traces", "domain"]]),
    ("redis", &[&["clock", "counters", "domain"]]),
    ("bus", &[&["redis", "domain"]]),
    ("ledger", &[&["bus", "store", "counters", "traces", "domain"]]),
    ("aggregator", &[&["ledger"]]),
    ("jobs", &[&["ledger", "store", "domain"]]),
    ("service", &[&["ledger", "bus", "redis", "store", "counters", "traces", "clock", "domain"]]),
    ("fault", &[&["store", "domain"]]),
    ("graphql", &[&["service", "qr", "ledger", "bus", "fault", "store", "counters", "domain"]]),
    ("engine", &[&["graphql", "service", "ledger", "bus", "fault", "store", "counters", "traces", "domain"]]),
    ("http/activity", &[]),
    ("http/outlet", &[&["http/activity"]]),
    ("http/limits", &[BELOW_HTTP]),
    ("http/access", &[BELOW_HTTP]),
    ("http/database_probe", &[BELOW_HTTP]),
    ("http/respond", &[BELOW_HTTP, &["http/limits"]]),
    ("http/drain", &[BELOW_HTTP, &["http/respond"]]),
    ("http/pictures", &[BELOW_HTTP]),
    (
        "http/state",
        &[
            BELOW_HTTP,
            &["http/limits", "http/access", "http/respond", "http/drain", "http/database_probe", "http/pictures"],
        ],
    ),
    ("http/caller", &[BELOW_HTTP, &["http/access", "http/respond", "http/state"]]),
    ("http/ops", &[BELOW_HTTP, &["http/limits", "http/respond", "http/state"]]),
    ("http/pages", &[BELOW_HTTP, &["http/access", "http/respond", "http/state", "http/pictures"]]),
    ("http/api", &[BELOW_HTTP, &["http/respond", "http/state", "http/caller"]]),
    (
        "http/graphql",
        &[
            BELOW_HTTP,
            &["http/outlet", "http/limits", "http/respond", "http/state", "http/access", "http/caller", "http/pages"],
        ],
    ),
    (
        "http/desk",
        &[
            BELOW_HTTP,
            &["http/limits", "http/respond", "http/state", "http/access", "http/caller", "http/pages", "http/graphql"],
        ],
    ),
    (
        "http/server",
        &[
            BELOW_HTTP,
            &[
                "http/activity",
                "http/outlet",
                "http/limits",
                "http/access",
                "http/respond",
                "http/state",
                "http/ops",
                "http/graphql",
            ],
        ],
    ),
    (
        "http",
        &[
            BELOW_HTTP,
            &[
                "http/activity",
                "http/outlet",
                "http/limits",
                "http/access",
                "http/database_probe",
                "http/respond",
                "http/drain",
                "http/pictures",
                "http/state",
                "http/ops",
                "http/pages",
                "http/api",
                "http/graphql",
                "http/desk",
                "http/server",
            ],
        ],
    ),
    // Settings are made of the types of the parts that they are for.
    ("config", &[&["http", "service", "store", "domain"]]),
    ("app", &[BELOW_HTTP, &["config", "http", "jobs", "aggregator", "redis"]]),
    ("cli", &[BELOW_HTTP, &["app", "config", "http", "jobs", "qr"]]),
];

/// Libraries that only these files may name (the beginnings of their paths below `src/`).
const NAMED_ONLY_IN: [(&str, &[&str]); 25] = [
    ("async_trait", &["traces.rs"]),
    ("hyper_rustls", &["traces.rs"]),
    ("opentelemetry", &["traces.rs"]),
    ("opentelemetry_http", &["traces.rs"]),
    ("opentelemetry_otlp", &["traces.rs"]),
    ("rustls", &["traces.rs"]),
    ("tracing_opentelemetry", &["traces.rs"]),
    ("procfs", &["http/ops/process.rs"]),
    ("rpassword", &["cli/admin.rs"]),
    ("argon2", &["service/desk/passwords.rs"]),
    ("totp_rs", &["service/desk/totp.rs"]),
    ("altcha", &["fault.rs", "service/proof_of_work.rs", "service/submit.rs"]),
    ("sea_orm", &["store/"]),
    ("migrations", &["store/migrate.rs"]),
    ("fred", &["redis/"]),
    ("async_graphql", &["engine/", "graphql/", "http/"]),
    ("async_graphql_axum", &["http/"]),
    ("axum", &["http/"]),
    ("hyper", &["http/limits/body.rs", "http/respond/header_spelling.rs", "http/server/"]),
    ("hyper_util", &["http/respond/header_spelling.rs", "http/server/", "traces.rs"]),
    ("tower_http", &["http/"]),
    ("preview_image", &["http/pages/preview.rs", "http/pictures.rs"]),
    ("qrcode", &["qr.rs"]),
    ("clap", &["cli/", "config.rs", "main.rs"]),
    // The domain does not wait; everything above it may.
    (
        "tokio",
        &[
            "aggregator.rs",
            "app.rs",
            "bus/",
            "cli/",
            "engine/",
            "graphql/",
            "http/",
            "jobs/",
            "main.rs",
            "redis/",
            "service/",
            "store/",
            "traces.rs",
        ],
    ),
];

#[test]
fn imports_point_down_and_each_library_is_named_where_it_belongs() {
    let mut files = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walk(&src, &mut files);
    assert!(files.len() > 40, "the sources were not found: {files:?}");
    let mut broken = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        let file = file.strip_prefix(&src).unwrap().to_str().unwrap();
        broken.extend(violations(file, &source));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_revision_is_saved_and_published_in_one_place() {
    let mut files = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    walk(&src, &mut files);
    files.sort();
    let callers = |call: &str| -> Vec<&str> {
        let calls = |file: &&std::path::PathBuf| fs::read_to_string(file).unwrap().contains(call);
        files.iter().filter(calls).map(|file| file.strip_prefix(&src).unwrap().to_str().unwrap()).collect()
    };
    // A new budget begins with the first revision, which nobody waits for.
    assert_eq!(callers(".save_aggregate("), ["ledger/publish.rs", "store/budgets.rs"]);
    assert_eq!(callers("bus.publish("), ["ledger/publish.rs"]);
}

#[test]
fn a_line_that_breaks_a_rule_is_found_however_it_is_written() {
    for (file, source) in [
        ("domain/share.rs", "use crate::store::Store;"),
        ("domain/share.rs", "use tokio::sync::Notify;"),
        ("domain/mod.rs", "use super::service::Services;"),
        ("store/mod.rs", "use crate::{\n    domain::budget::Budget,\n    bus::{Bus, hub::Hub},\n};"),
        ("store/mod.rs", "fn f() { crate::service::submit::parse(); }"),
        ("bus/hub.rs", "use super::super::store::Store;"),
        ("bus/hub.rs", "use super::{Bus, super::aggregator};"),
        ("bus/hub.rs", "fn f(client: fred::clients::Client) {}"),
        ("service/intake/batch.rs", "pub(crate) use super::super::super::http;"),
        ("service/read.rs", "fn f() { super::super::graphql::sdl(); }"),
        ("service/read.rs", "    use sea_orm::EntityTrait;"),
        ("service/read.rs", "#[derive(async_graphql::Enum)]\nenum E {}"),
        ("ledger/fold.rs", "use crate::app::App;"),
        ("redis/client.rs", "use crate::bus::hub::Hub;"),
        ("graphql/query.rs", "use axum::Router;"),
        ("graphql/query.rs", "use ::axum::Router;"),
        ("graphql/query.rs", "use crate::http;"),
        ("http/mod.rs", "use crate::{app::App};"),
        ("app.rs", "use crate::cli;"),
        ("config.rs", "use crate::app::App;"),
        ("cli/serve.rs", "use axum as web;"),
        ("unheard_of/mod.rs", "use crate::domain;"),
    ] {
        assert!(!violations(file, source).is_empty(), "not found in {file}: {source}");
    }
}

#[test]
fn what_the_rules_allow_is_not_found() {
    for (file, source) in [
        ("service/read.rs", "use crate::{bus::Bus, store::{Store, StoreError}};\nuse super::refresh::Freshness;"),
        ("domain/tally.rs", "use super::{allocation::Allocation, share::Share};\n// use crate::store::Store;"),
        ("domain/tally.rs", "/// See `sea_orm::Entity` and crate::store.\nstruct Tally;"),
        ("domain/tally.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::store::Store;\n}"),
        ("graphql/types/viewer.rs", "use super::{super::caller::Caller, submission::SubmissionNode};"),
        ("http/graphql.rs", "use async_graphql_axum::GraphQLResponse;\nuse axum::body::Bytes;"),
        ("store/migrate.rs", "use migrations::Migrator;\nuse sea_orm::DbErr;"),
        ("lib.rs", "pub mod store;"),
    ] {
        assert_eq!(violations(file, source), Vec::<String>::new(), "{file}: {source}");
    }
}

#[test]
fn every_test_that_the_security_policy_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let policy = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let quoted = policy.split('`').skip(1).step_by(2);
    let named: Vec<(&str, &str)> = quoted.filter_map(|text| text.rsplit_once("::")).collect();
    assert!(named.len() > 30, "{named:?}");
    for (module, test) in named {
        let files = match module.strip_suffix("::tests") {
            _ if module == "fuzz" => vec!["fuzz/src/lib.rs".to_owned()],
            Some(module) => {
                let path = module.replace("::", "/");
                vec![format!("src/{path}.rs"), format!("src/{path}/mod.rs")]
            }
            None => vec![format!("tests/it/{module}.rs")],
        };
        let sources: Vec<String> = files.iter().filter_map(|file| fs::read_to_string(root.join(file)).ok()).collect();
        let is_there = sources.iter().any(|source| has_test(source, test));
        assert!(is_there, "SECURITY.md names a test `{test}` that is not in {}", files.join(" or "));
    }
}

fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.windows(2).any(|pair| {
        let named = pair[1].split("fn ").nth(1).and_then(|rest| rest.split('(').next());
        named == Some(name) && (pair[0].starts_with("#[test]") || pair[0].starts_with("#[tokio::test"))
    })
}

fn walk(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// What in this file, named by its path below `src/`, breaks a rule.
fn violations(file: &str, source: &str) -> Vec<String> {
    let module: Vec<&str> =
        file.trim_end_matches(".rs").split('/').filter(|part| !["mod", "lib", "main"].contains(part)).collect();
    let own = part_at(&module);
    let allowed = MAY_USE.iter().find(|(part, _)| Some(*part) == own).map(|(_, uses)| uses.concat());
    let mut broken = Vec::new();
    if own.is_none() && !module.is_empty() {
        broken.push(format!("src/{file} belongs to no part in the table"));
    }
    for path in paths(source) {
        let segments: Vec<&str> = path.split("::").collect();
        if let Some((library, places)) = NAMED_ONLY_IN.iter().find(|(library, _)| *library == segments[0])
            && !places.iter().any(|place| file.starts_with(place))
        {
            broken.push(format!("src/{file} names {library}, which only {} may", places.join(", ")));
        }
        if let (Some(part), Some(own), Some(allowed)) = (part_of(&module, &segments), own, &allowed)
            && part != own
            && !allowed.contains(&part)
        {
            broken.push(format!("src/{file}: {own} may not use {part}: {path}"));
        }
    }
    broken
}

/// The part of the program that a path written in `module` leads to; none for another crate or a local name.
fn part_of<'a>(module: &[&'a str], segments: &[&'a str]) -> Option<&'static str> {
    let ups = segments.iter().take_while(|segment| **segment == "super").count();
    let (base, rest) = match segments[0] {
        "crate" | "taxbudget" => (&[][..], &segments[1..]),
        "super" => (&module[..module.len().saturating_sub(ups)], &segments[ups..]),
        _ => return None,
    };
    let path: Vec<&str> = base.iter().chain(rest).copied().collect();
    part_at(&path)
}

/// The innermost part that this path below `src/` lies in.
fn part_at(path: &[&str]) -> Option<&'static str> {
    let lies_in = |part: &str| {
        let depth = part.split('/').count();
        path.len() >= depth && part.split('/').eq(path[..depth].iter().copied())
    };
    MAY_USE.iter().map(|(part, _)| *part).filter(|part| lies_in(part)).max_by_key(|part| part.len())
}

/// Every path with at least two parts, and every import, without comments and tests; groups written out.
fn paths(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: Vec<&str> = source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let mut found = Vec::new();
    for statement in code.join("\n").split(';') {
        // An import is the last thing of what stands before its semicolon; what stands before it is code.
        let import = statement.lines().position(|line| {
            let line = line.trim_start();
            line.starts_with("use ") || (line.starts_with("pub") && line.contains(" use "))
        });
        let lines: Vec<&str> = statement.lines().collect();
        let (before, import) = lines.split_at(import.unwrap_or(lines.len()));
        let is_path = |character: char| character.is_alphanumeric() || "_:".contains(character);
        let words = before.iter().flat_map(|line| line.split(|character| !is_path(character)));
        found.extend(
            words.map(|word| word.trim_start_matches(':')).filter(|word| word.contains("::")).map(str::to_owned),
        );
        let import = import.join(" ");
        if let Some((_, tree)) = import.split_once("use ") {
            let tree: String = tree.replace(" as ", "::").split_whitespace().collect();
            found.extend(expand(tree.trim_start_matches("::")));
        }
    }
    found
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(tree: &str) -> Vec<String> {
    let Some((prefix, group)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let mut depth = 0;
    let items = group.strip_suffix('}').unwrap_or(group).split(|character| {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        character == ',' && depth == 0
    });
    items.filter(|item| !item.is_empty()).flat_map(expand).map(|item| format!("{prefix}{item}")).collect()
}
