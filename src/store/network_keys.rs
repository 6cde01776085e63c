//! The random key of each day, under which all nodes blind networks.

use chrono::NaiveDate;
use sea_orm::DbErr;

use super::{Sql, Store, StoreError};

/// The key of one day (UTC).
#[derive(Clone)]
pub struct DayKey {
    pub day: NaiveDate,
    /// 256 random bits in hexadecimal digits.
    pub key: String,
}

impl Store {
    /// Returns the key of a day. Whoever asks first makes it, and removes the keys of the days before.
    pub async fn network_key(&self, day: NaiveDate) -> Result<DayKey, StoreError> {
        const FORGET: Sql = Sql::both("DELETE FROM network_key WHERE day < $1");
        const MAKE: Sql = Sql::both("INSERT INTO network_key (day, key) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING");
        const READ: Sql = Sql::both("SELECT key FROM network_key WHERE day = $1");
        let day_text = day.to_string();
        let transaction = self.begin().await?;
        let forgotten = transaction.execute(FORGET, [day_text.clone().into()]).await?;
        let new = hex::encode(rand::random::<[u8; 32]>());
        transaction.execute(MAKE, [day_text.clone().into(), new.into()]).await?;
        let row = transaction.query(READ, [day_text.into()]).await?.pop();
        let key = row.ok_or_else(|| DbErr::RecordNotFound("network_key".to_owned()))?.try_get("", "key")?;
        transaction.commit().await?;
        if forgotten > 0 {
            self.note_deletion();
            self.overwrite_deleted().await?;
        }
        Ok(DayKey { day, key })
    }
}
