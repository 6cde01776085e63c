//! Rate limits that all nodes count together.

use fred::interfaces::LuaInterface;

use super::{RedisClient, RedisError};
use crate::domain::rate::Rate;

/// `Rate::check` by the clock of Redis, which all nodes share. Returns the milliseconds to wait, 0 when admitted.
const CHECK: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = arrival - now - tolerance
if wait > 0 then return wait end
arrival = arrival + interval
redis.call('SET', KEYS[1], string.format('%d', arrival), 'PX', arrival - now)
return 0
";

/// Returns the milliseconds to wait as [`CHECK`] does, and counts nothing.
const PEEK: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0')
return math.max(arrival - now - tonumber(ARGV[1]), 0)
";

impl RedisClient {
    /// Finds out whether one more event of `key` would be admitted. The inner `Err` holds the milliseconds to wait.
    pub async fn peek_rate(&self, key: &str, rate: Rate) -> Result<Result<(), u64>, RedisError> {
        self.ready().await?;
        let arguments = vec![rate.tolerance_ms().to_string()];
        let checked = self.commands.eval(PEEK, format!("{}:rate:{key}", self.prefix), arguments).await;
        let wait_ms: u64 = self.track_timeouts(checked)?;
        Ok(if wait_ms == 0 { Ok(()) } else { Err(wait_ms) })
    }

    /// Counts one event of `key` against its rate. The inner `Err` holds the milliseconds to wait.
    pub async fn check_rate(&self, key: &str, rate: Rate) -> Result<Result<(), u64>, RedisError> {
        self.ready().await?;
        let arguments = vec![rate.interval_ms().to_string(), rate.tolerance_ms().to_string()];
        let checked = self.commands.eval(CHECK, format!("{}:rate:{key}", self.prefix), arguments).await;
        let wait_ms: u64 = self.track_timeouts(checked)?;
        Ok(if wait_ms == 0 { Ok(()) } else { Err(wait_ms) })
    }
}
