//! Invitations to the desk. The database holds only the digest of a link's token.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::{READ_TIMEOUT, Store, StoreError, Transaction, accounts::role, entity::invitation, with_timeout};
use crate::domain::{
    budget::BudgetId,
    desk::{InvitationId, Role},
};

/// An invitation that can still be accepted.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub id: InvitationId,
    /// The role in the installation.
    pub role: Option<Role>,
    /// The role in one budget.
    pub budget: Option<(BudgetId, Role)>,
    /// The name of the account that invites. `None` for the link of the first start.
    pub created_by: Option<String>,
    pub expires_at: DateTime<Utc>,
}

/// A new invitation.
pub struct NewInvitation<'a> {
    pub token_digest: [u8; 32],
    pub role: Option<Role>,
    pub budget: Option<(BudgetId, Role)>,
    pub created_by: Option<&'a str>,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl Store {
    /// The invitation with this token.
    pub async fn invitation(
        &self,
        token_digest: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, StoreError> {
        let query = pending(now).filter(invitation::Column::TokenDigest.eq(token_digest.to_vec()));
        let row = with_timeout(READ_TIMEOUT, async { Ok(query.one(&self.reader).await?) }).await?;
        row.map(from_row).transpose()
    }

    /// All invitations that can still be accepted, the newest first.
    pub async fn invitations(&self, now: DateTime<Utc>) -> Result<Vec<Invitation>, StoreError> {
        let query = pending(now).order_by_desc(invitation::Column::Id);
        let rows = with_timeout(READ_TIMEOUT, async { Ok(query.all(&self.reader).await?) }).await?;
        rows.into_iter().map(from_row).collect()
    }
}

impl Transaction {
    pub async fn insert_invitation(&self, new: NewInvitation<'_>) -> Result<Invitation, StoreError> {
        let row = invitation::ActiveModel {
            token_digest: Set(new.token_digest.to_vec()),
            role: Set(new.role.map(|role| role.name().to_owned())),
            budget_id: Set(new.budget.map(|(budget, _)| budget.0)),
            budget_role: Set(new.budget.map(|(_, role)| role.name().to_owned())),
            created_by: Set(new.created_by.map(ToOwned::to_owned)),
            created_at: Set(new.now),
            expires_at: Set(new.expires_at),
            ..Default::default()
        };
        from_row(row.insert(&self.0).await?)
    }

    /// Uses the invitation with this token. Returns nothing if it was used before or its time is over.
    pub async fn use_invitation(
        &self,
        token_digest: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, StoreError> {
        let query = pending(now).filter(invitation::Column::TokenDigest.eq(token_digest.to_vec()));
        let Some(row) = query.one(&self.0).await? else { return Ok(None) };
        let used = invitation::Entity::update_many()
            .set(invitation::ActiveModel { used_at: Set(Some(now)), ..Default::default() })
            .filter(invitation::Column::Id.eq(row.id))
            .filter(invitation::Column::UsedAt.is_null())
            .exec(&self.0)
            .await?;
        if used.rows_affected == 1 { Ok(Some(from_row(row)?)) } else { Ok(None) }
    }

    /// The pending invitation with this number.
    pub async fn pending_invitation(
        &self,
        id: InvitationId,
        now: DateTime<Utc>,
    ) -> Result<Option<Invitation>, StoreError> {
        let row = pending(now).filter(invitation::Column::Id.eq(id.0)).one(&self.0).await?;
        row.map(from_row).transpose()
    }

    pub async fn delete_invitation(&self, id: InvitationId) -> Result<(), StoreError> {
        invitation::Entity::delete_by_id(id.0).exec(&self.0).await?;
        Ok(())
    }

    /// Deletes the links of earlier starts.
    pub async fn delete_first_invitations(&self) -> Result<(), StoreError> {
        let delete = invitation::Entity::delete_many().filter(invitation::Column::CreatedBy.is_null());
        delete.filter(invitation::Column::UsedAt.is_null()).exec(&self.0).await?;
        Ok(())
    }
}

fn pending(now: DateTime<Utc>) -> Select<invitation::Entity> {
    invitation::Entity::find()
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
}

fn from_row(row: invitation::Model) -> Result<Invitation, StoreError> {
    let budget_role = row.budget_role.as_deref().map(role).transpose()?;
    Ok(Invitation {
        id: InvitationId(row.id),
        role: row.role.as_deref().map(role).transpose()?,
        budget: row.budget_id.map(BudgetId).zip(budget_role),
        created_by: row.created_by,
        expires_at: row.expires_at,
    })
}
