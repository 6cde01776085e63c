//! Thousands of screens in a process of their own: `load screens SERVER SOURCE COUNT`. Each follows the averages and
//! reconnects as the page does. Once a second a line on standard output says what was seen since the line before.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::{
    bins::Bins,
    clock::now_micros,
    socket::{Feed, Push, Socket},
};

/// Screens of a process that connect at the same time when the crowd gathers.
const GATHER_AT_ONCE: usize = 100;
/// Beyond some 14 000, the kernel takes a millisecond to find the next free port of an address.
const SCREENS_AN_ADDRESS: usize = 8_000;
/// The ages of all screens are looked at this often.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS_A_LINE: u32 = 10;
/// A screen that lost its connection is current again when what it shows is no older than this.
const CURRENT_MICROS: i64 = 2_000_000;
// The schedule of the page, frontend/src/graphql/retrySchedule.ts.
const FIRST_STEP_MS: u64 = 400;
const LONGEST_STEP_MS: u64 = 15_000;

/// What all screens of this process saw since the last line.
#[derive(Default)]
pub struct Seen {
    /// Screens that have a connection.
    pub open: u64,
    /// Connections that ended.
    pub lost: u64,
    /// How old the screens were, each time that all were looked at.
    pub ages: Bins,
    /// The time from the moment in a publication to its arrival.
    pub delays: Bins,
    /// The time from the loss of a connection until the screen was current again.
    pub outages: Bins,
}

#[derive(Default)]
struct Screen {
    /// The moment of what it shows; 0 before the first.
    as_of: AtomicI64,
    /// When it lost its connection; 0 when it is current.
    lost_at: AtomicI64,
}

struct Crowd {
    server: SocketAddr,
    /// The first of our addresses.
    source: Ipv4Addr,
    screens: Vec<Screen>,
    open: AtomicU64,
    gathering: Semaphore,
    seen: Mutex<Seen>,
}

/// Follows until the process is ended.
pub async fn follow(server: SocketAddr, source: Ipv4Addr, count: usize) -> anyhow::Result<()> {
    let crowd = Arc::new(Crowd {
        server,
        source,
        screens: (0..count).map(|_| Screen::default()).collect(),
        open: AtomicU64::new(0),
        gathering: Semaphore::new(GATHER_AT_ONCE),
        seen: Mutex::default(),
    });
    for index in 0..count {
        tokio::spawn(Arc::clone(&crowd).show(index));
    }
    let mut interval = tokio::time::interval(LOOK_EVERY);
    loop {
        for _ in 0..LOOKS_A_LINE {
            interval.tick().await;
            crowd.look();
        }
        let mut seen = std::mem::take(&mut *crowd.seen.lock());
        seen.open = crowd.open.load(Relaxed);
        println!("{}", seen.to_json());
    }
}

impl Crowd {
    /// Keeps one screen connected for ever.
    async fn show(self: Arc<Self>, index: usize) {
        let screen = &self.screens[index];
        let source = Ipv4Addr::from_bits(self.source.to_bits() + (index / SCREENS_AN_ADDRESS) as u32);
        let mut place = self.gathering.acquire().await.ok();
        let mut attempt = 0;
        loop {
            if let Ok((mut socket, first)) = Socket::open_from(Some(source.into()), self.server, Feed::Shared).await {
                drop(place.take());
                attempt = 0;
                self.open.fetch_add(1, Relaxed);
                if let Some(push) = Push::read(first.as_bytes()) {
                    self.shown(screen, push);
                }
                let arrived = |push: Push| {
                    self.seen.lock().delays.count_micros(push.latency_micros());
                    self.shown(screen, push);
                };
                while socket.pushes(arrived).await.is_ok() {}
                self.open.fetch_sub(1, Relaxed);
                self.seen.lock().lost += 1;
                screen.lost_at.store(now_micros(), Relaxed);
            }
            tokio::time::sleep(retry_delay(attempt)).await;
            attempt += 1;
        }
    }

    fn shown(&self, screen: &Screen, push: Push) {
        screen.as_of.fetch_max(push.as_of_micros, Relaxed);
        let lost_at = screen.lost_at.load(Relaxed);
        if lost_at != 0 && push.latency_micros() <= CURRENT_MICROS {
            screen.lost_at.store(0, Relaxed);
            self.seen.lock().outages.count_micros(push.received_micros - lost_at);
        }
    }

    /// Notes how old what each screen shows is.
    fn look(&self) {
        let (now, mut seen) = (now_micros(), self.seen.lock());
        for screen in &self.screens {
            let as_of = screen.as_of.load(Relaxed);
            if as_of != 0 {
                seen.ages.count_micros(now - as_of);
            }
        }
    }
}

impl Seen {
    fn to_json(&self) -> Value {
        let [ages, delays, outages] = [&self.ages, &self.delays, &self.outages].map(Bins::to_json);
        json!({ "open": self.open, "lost": self.lost, "ages": ages, "delays": delays, "outages": outages })
    }

    /// Adds a line of a process, except for the screens that are open.
    pub fn add(&mut self, line: &Value) {
        self.lost += line["lost"].as_u64().unwrap_or(0);
        self.ages.add_json(&line["ages"]);
        self.delays.add_json(&line["delays"]);
        self.outages.add_json(&line["outages"]);
    }
}

fn retry_delay(attempt: u32) -> Duration {
    let step = LONGEST_STEP_MS.min(FIRST_STEP_MS << attempt.min(10));
    Duration::from_millis(step / 2).mul_f64(1.0 + rand::random::<f64>())
}
