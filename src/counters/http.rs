//! Counts of HTTP requests.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;

use super::histogram::{Histogram, Table};

/// What a request is for. A few groups instead of paths, which clients choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Operations over HTTP.
    GraphQl,
    /// Streams of results.
    Stream,
    /// Upgrades to WebSockets, of participants and of organisers.
    WebSocket,
    /// Everything else below `/admin`.
    Desk,
    /// Downloads.
    Api,
    /// Built files.
    File,
    /// Health and metrics.
    Probe,
    /// Pages, pictures, and whatever is not found.
    Page,
}

impl Route {
    const NAMES: [&str; 8] = ["graphql", "stream", "websocket", "desk", "api", "file", "probe", "page"];

    /// The group of a path.
    pub fn of(path: &str) -> Self {
        match path {
            "/graphql" => Self::GraphQl,
            "/graphql/stream" => Self::Stream,
            "/graphql/ws" | "/admin/graphql/ws" => Self::WebSocket,
            "/metrics" | "/healthz" | "/readyz" => Self::Probe,
            path if path.starts_with("/admin") => Self::Desk,
            path if path.starts_with("/api/") => Self::Api,
            path if path.starts_with("/assets/") => Self::File,
            _ => Self::Page,
        }
    }
}

const STATUSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The counts. Clones share them.
#[derive(Debug, Clone)]
pub struct HttpCounters {
    /// Requests by group and class of status.
    pub requests: Table<Counter>,
    /// The time from the head of a request to the head of its response, by group.
    pub durations: Table<Histogram>,
}

impl Default for HttpCounters {
    fn default() -> Self {
        Self {
            requests: Table::by_two(["route", "status"], &Route::NAMES, &STATUSES, Counter::default),
            durations: Table::by("route", &Route::NAMES, Histogram::of_durations),
        }
    }
}

impl HttpCounters {
    /// Counts one request.
    pub fn answered(&self, route: Route, status: u16, elapsed: Duration) {
        let class = usize::from(status / 100).clamp(1, STATUSES.len()) - 1;
        self.requests.at(route as usize * STATUSES.len() + class).inc();
        self.durations.at(route as usize).time(elapsed);
    }
}
