//! Sessions at the desk. The database holds only the digest of a session's token, so a copy of the database opens no
//! session.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    READ_TIMEOUT, Store, StoreError, Transaction,
    accounts::{Account, from_row},
    entity::{account, desk_session},
    with_timeout,
};
use crate::domain::desk::{AccountId, SessionId};

/// A session. It has ended when its time is over, and when its row is gone.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub user_agent: String,
}

/// A new session.
pub struct NewSession<'a> {
    pub token_digest: [u8; 32],
    pub account: AccountId,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub user_agent: &'a str,
}

impl Store {
    /// The session with this token, and its account.
    pub async fn session(&self, token_digest: &[u8; 32]) -> Result<Option<(Session, Account)>, StoreError> {
        let found = async {
            let query =
                desk_session::Entity::find().filter(desk_session::Column::TokenDigest.eq(token_digest.to_vec()));
            let Some(session) = query.one(&self.reader).await? else { return Ok(None) };
            let account = account::Entity::find_by_id(session.account_id).one(&self.reader).await?;
            account.map(|account| Ok((of_row(session), from_row(account)?))).transpose()
        };
        with_timeout(READ_TIMEOUT, found).await
    }

    /// The sessions of an account that are open at this time, the newest first.
    pub async fn sessions(&self, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
        let query = desk_session::Entity::find()
            .filter(desk_session::Column::AccountId.eq(account.0))
            .filter(desk_session::Column::ExpiresAt.gt(now))
            .order_by_desc(desk_session::Column::Id);
        let rows = with_timeout(READ_TIMEOUT, async { Ok(query.all(&self.reader).await?) }).await?;
        Ok(rows.into_iter().map(of_row).collect())
    }

    /// Notes that a session was used, unless it has been ended meanwhile.
    pub async fn touch_session(
        &self,
        id: SessionId,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row =
            desk_session::ActiveModel { last_seen_at: Set(now), expires_at: Set(expires_at), ..Default::default() };
        let update = desk_session::Entity::update_many().set(row).filter(desk_session::Column::Id.eq(id.0));
        update.exec(&self.writer).await?;
        Ok(())
    }
}

impl Transaction {
    pub async fn insert_session(&self, new: NewSession<'_>) -> Result<SessionId, StoreError> {
        let row = desk_session::ActiveModel {
            token_digest: Set(new.token_digest.to_vec()),
            account_id: Set(new.account.0),
            created_at: Set(new.now),
            last_seen_at: Set(new.now),
            expires_at: Set(new.expires_at),
            user_agent: Set(new.user_agent.to_owned()),
            ..Default::default()
        };
        Ok(SessionId(row.insert(&self.0).await?.id))
    }

    /// Ends one session of an account. Returns whether there was one.
    pub async fn end_session(&self, account: AccountId, id: SessionId) -> Result<bool, StoreError> {
        let delete = desk_session::Entity::delete_many()
            .filter(desk_session::Column::AccountId.eq(account.0))
            .filter(desk_session::Column::Id.eq(id.0));
        Ok(delete.exec(&self.0).await?.rows_affected == 1)
    }

    /// Ends the sessions of an account, except perhaps one. Returns how many there were.
    pub async fn end_sessions(&self, account: AccountId, except: Option<SessionId>) -> Result<u64, StoreError> {
        let mut delete = desk_session::Entity::delete_many().filter(desk_session::Column::AccountId.eq(account.0));
        if let Some(except) = except {
            delete = delete.filter(desk_session::Column::Id.ne(except.0));
        }
        Ok(delete.exec(&self.0).await?.rows_affected)
    }

    /// Deletes the sessions whose time is over.
    pub async fn delete_expired_sessions(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        desk_session::Entity::delete_many().filter(desk_session::Column::ExpiresAt.lte(now)).exec(&self.0).await?;
        Ok(())
    }
}

fn of_row(row: desk_session::Model) -> Session {
    Session {
        id: SessionId(row.id),
        account: AccountId(row.account_id),
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        user_agent: row.user_agent,
    }
}
