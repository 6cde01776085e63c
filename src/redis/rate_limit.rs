//! Rate limits that all nodes count together.

use fred::interfaces::LuaInterface;

use super::{RedisClient, RedisError};
use crate::domain::rate::{Charge, Charged, Claim, Outcome};

/// Counts an event against several keys by the clock of Redis, which all nodes share: against all of them, or against
/// none. The last key, if there is one more than charges, is a claim: only its first owner may have it.
///
/// Returns 0 (counted), 1 (a key is too far ahead) or 2 (another owner has the claim), then how many milliseconds each
/// key is ahead.
const CHARGE: &str = r"
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local owner, claim_ms, charges = ARGV[1], ARGV[2], (#ARGV - 2) / 2
local outcome, ahead = 0, {}
for i = 1, charges do
  ahead[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or '0') - now, 0)
  if ahead[i] > tonumber(ARGV[2 * i + 2]) then outcome = 1 end
end
if outcome == 0 and KEYS[charges + 1] then
  local first = redis.call('GET', KEYS[charges + 1])
  if first and first ~= owner then outcome = 2
  else redis.call('SET', KEYS[charges + 1], owner, 'PX', claim_ms) end
end
if outcome == 0 then
  for i = 1, charges do
    ahead[i] = ahead[i] + tonumber(ARGV[2 * i + 1])
    -- An event that costs nothing only looks.
    if ahead[i] > 0 then redis.call('SET', KEYS[i], string.format('%d', now + ahead[i]), 'PX', ahead[i]) end
  end
end
table.insert(ahead, 1, outcome)
return ahead
";

impl RedisClient {
    /// Counts an event against all of these keys, or against none.
    pub async fn charge(&self, charges: &[Charge], claim: Option<&Claim>) -> Result<Charged, RedisError> {
        self.ready().await?;
        let keys = charges.iter().map(|charge| &charge.key).chain(claim.map(|claim| &claim.key));
        // The braces are a hash tag: one script may only use keys of one node of a Redis cluster.
        let keys: Vec<String> = keys.map(|key| format!("{}:rate:{{rates}}:{key}", self.prefix)).collect();
        let mut arguments = vec![String::new(), String::new()];
        if let Some(claim) = claim {
            arguments = vec![claim.owner.clone(), claim.lifetime.as_millis().to_string()];
        }
        for charge in charges {
            arguments.extend([charge.interval_ms.to_string(), charge.max_ahead_ms.to_string()]);
        }
        let answer = self.commands.eval(CHARGE, keys, arguments).await;
        let numbers: Vec<u64> = self.track_timeouts(answer)?;
        let outcome = match numbers.first() {
            Some(0) => Outcome::Counted,
            Some(2) => Outcome::Claimed,
            _ => Outcome::TooFarAhead,
        };
        Ok(Charged { outcome, ahead_ms: numbers.get(1..).unwrap_or_default().to_vec() })
    }
}
