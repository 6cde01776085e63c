//! The flags of `taxbudget serve`.

use std::ops::Deref;

/// Flags of the form `--name=value`. No name stands twice: the last flag of a name replaces the ones before it.
#[derive(Debug, Clone)]
pub struct Flags(Vec<String>);

impl Flags {
    /// Of a server on this database that listens on any free port, limits no submissions, shows every ballot at once and knows no
    /// Redis, whatever the environment says.
    pub fn on(database_url: &str) -> Self {
        Self(Vec::new()).with([
            "--listen=127.0.0.1:0",
            &format!("--database-url={database_url}"),
            "--redis-url=",
            "--secret=a-secret-for-tests-of-enough-length",
            "--submission-rate=off",
            "--network-submission-rate=off",
            "--publish-every=1",
        ])
    }

    /// Adds flags; each replaces the one of the same name.
    #[must_use]
    pub fn with<T: AsRef<str>>(mut self, flags: impl IntoIterator<Item = T>) -> Self {
        for flag in flags {
            let flag = flag.as_ref();
            self.0.retain(|known| name(known) != name(flag));
            self.0.push(flag.to_owned());
        }
        self
    }

    /// The same on this Redis; an empty URL is none.
    #[must_use]
    pub fn with_redis(self, url: &str, prefix: &str) -> Self {
        self.with([format!("--redis-url={url}"), format!("--redis-prefix={prefix}")])
    }
}

impl Deref for Flags {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

fn name(flag: &str) -> &str {
    flag.split('=').next().unwrap_or(flag)
}
