//! Issuers, the DIDs under which they sign, their keys, and who may act for them.

use sqlx::FromRow;

use super::achievements::{AchievementRow, INSERT_ACHIEVEMENT, INSERT_VERSION, VersionText};
use super::audit::bind_action;
use super::awards::award_state;
use super::{Action, Db, Result, on, transaction};

/// Who issues.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Issuer {
    pub(crate) id: String,
    /// What stands for it in addresses.
    pub(crate) slug: String,
    pub(crate) name: String,
    /// The Profile as in a badge, but for its `id` and `image`: JSON.
    pub(crate) profile: String,
    pub(crate) language: String,
    /// The hash of its logo.
    pub(crate) logo: Option<String>,
}

/// A DID under which an issuer signs or has signed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct IdentityRow {
    pub(crate) did: String,
    pub(crate) issuer: String,
    /// The https address of a did:web.
    pub(crate) base: Option<String>,
    pub(crate) since: i64,
}

/// A key of an issuer's DID.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct KeyRow {
    /// The public key, which is the key's name too.
    pub(crate) multikey: String,
    pub(crate) did: String,
    /// `EdDSA` or `ES256`.
    pub(crate) algorithm: String,
    /// `active`, `retired` or `compromised`.
    pub(crate) state: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) made_at: i64,
    pub(crate) ended_at: Option<i64>,
}

/// What a person may do for an issuer; each may also do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// See everything, change nothing.
    Reviewer,
    /// Hold workshops and award what an owner allows.
    Trainer,
    /// Everything.
    Owner,
}

/// A person who may act for an issuer.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Member {
    pub(crate) person: String,
    pub(crate) name: Option<String>,
    pub(crate) role: String,
    pub(crate) every_achievement: bool,
    pub(crate) added_at: i64,
}

/// All that a new issuer begins with.
#[derive(Clone, Debug)]
pub(crate) struct Founding<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) identity: &'a IdentityRow,
    pub(crate) keys: &'a [KeyRow],
    /// The person who owns it.
    pub(crate) owner: &'a str,
    /// What it can award at once.
    pub(crate) first: Option<(&'a AchievementRow, &'a VersionText<'a>)>,
    /// Given by the form: there is one issuer of a request.
    pub(crate) request: Option<&'a str>,
}

impl Role {
    /// All, the weakest first.
    pub(crate) const ALL: [Self; 3] = [Self::Reviewer, Self::Trainer, Self::Owner];

    /// The name, as in the database, forms and the API.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Trainer => "trainer",
            Self::Owner => "owner",
        }
    }

    /// The role of this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl Member {
    /// What this person may do; a role that is not known may do the least.
    pub(crate) fn role(&self) -> Role {
        Role::from_name(&self.role).unwrap_or(Role::Reviewer)
    }
}

impl Db {
    /// A new issuer with its first identity, keys, owner and achievement, all or nothing.
    pub(crate) async fn insert_issuer(&self, founding: &Founding<'_>, now: i64) -> Result<()> {
        let Founding {
            issuer,
            identity,
            keys,
            owner,
            first,
            request,
        } = founding;
        transaction!(self, tx => {
            sqlx::query("insert into issuer (id, slug, name, profile, language, logo, request, made_at) \
                values ($1, $2, $3, $4, $5, $6, $7, $8)")
                .bind(&issuer.id).bind(&issuer.slug).bind(&issuer.name).bind(&issuer.profile)
                .bind(&issuer.language).bind(&issuer.logo).bind(*request).bind(now).execute(&mut *tx).await?;
            sqlx::query("insert into identity (did, issuer, base, since) values ($1, $2, $3, $4)")
                .bind(&identity.did).bind(&issuer.id).bind(&identity.base).bind(identity.since)
                .execute(&mut *tx).await?;
            for key in *keys {
                sqlx::query(INSERT_KEY)
                    .bind(&key.multikey).bind(&key.did).bind(&key.algorithm).bind(&key.state)
                    .bind(&key.sealed).bind(key.made_at).bind(key.ended_at).execute(&mut *tx).await?;
            }
            sqlx::query("insert into member (issuer, person, role, every_achievement, added_at) values ($1, $2, $3, $4, $5)")
                .bind(&issuer.id).bind(*owner).bind(Role::Owner.as_str()).bind(true).bind(now)
                .execute(&mut *tx).await?;
            let action = Action {
                at: now, issuer: Some(&issuer.id), person: Some(owner), action: "issuer.make",
                noun: "issuer", object: &issuer.id, detail: None,
            };
            bind_action!(action).execute(&mut *tx).await?;
            if let Some((achievement, text)) = first {
                sqlx::query(INSERT_ACHIEVEMENT)
                    .bind(&achievement.id).bind(&achievement.issuer).bind(&achievement.slug).bind(achievement.version)
                    .bind(achievement.archived).bind(now).execute(&mut *tx).await?;
                sqlx::query(INSERT_VERSION)
                    .bind(&achievement.id).bind(achievement.version).bind(text.name).bind(text.document).bind(text.image)
                    .bind(text.validity).bind(text.suspendable).bind(now).bind(*owner)
                    .execute(&mut *tx).await?;
                let action = Action {
                    at: now, issuer: Some(&issuer.id), person: Some(owner), action: "achievement.make",
                    noun: "achievement", object: &achievement.id, detail: None,
                };
                bind_action!(action).execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// The issuer of a request, if this person works for it.
    pub(crate) async fn issuer_by_request(
        &self,
        request: &str,
        person: &str,
    ) -> Result<Option<Issuer>> {
        on!(self, pool => sqlx::query_as(
            "select issuer.id, issuer.slug, issuer.name, issuer.profile, issuer.language, issuer.logo \
             from issuer join member on member.issuer = issuer.id where issuer.request = $1 and member.person = $2")
            .bind(request).bind(person).fetch_optional(pool).await)
    }

    /// Another identity of an issuer, with its keys.
    pub(crate) async fn insert_identity(
        &self,
        identity: &IdentityRow,
        keys: &[KeyRow],
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("insert into identity (did, issuer, base, since) values ($1, $2, $3, $4)")
                .bind(&identity.did).bind(&identity.issuer).bind(&identity.base).bind(identity.since)
                .execute(&mut *tx).await?;
            for key in keys {
                sqlx::query(INSERT_KEY)
                    .bind(&key.multikey).bind(&key.did).bind(&key.algorithm).bind(&key.state)
                    .bind(&key.sealed).bind(key.made_at).bind(key.ended_at).execute(&mut *tx).await?;
            }
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// Changes what an issuer says of itself.
    pub(crate) async fn update_issuer(&self, issuer: &Issuer, action: &Action<'_>) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("update issuer set name = $2, profile = $3, language = $4, logo = $5 where id = $1")
                .bind(&issuer.id).bind(&issuer.name).bind(&issuer.profile).bind(&issuer.language)
                .bind(&issuer.logo).execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// All issuers, by name.
    pub(crate) async fn issuers(&self) -> Result<Vec<Issuer>> {
        on!(self, pool => sqlx::query_as("select id, slug, name, profile, language, logo from issuer order by name, id")
            .fetch_all(pool).await)
    }

    /// The issuer with this id.
    pub(crate) async fn issuer(&self, id: &str) -> Result<Option<Issuer>> {
        on!(self, pool => sqlx::query_as("select id, slug, name, profile, language, logo from issuer where id = $1")
            .bind(id).fetch_optional(pool).await)
    }

    /// The issuer with this slug.
    pub(crate) async fn issuer_by_slug(&self, slug: &str) -> Result<Option<Issuer>> {
        on!(self, pool => sqlx::query_as("select id, slug, name, profile, language, logo from issuer where slug = $1")
            .bind(slug).fetch_optional(pool).await)
    }

    /// The states of an issuer's badges, and how many are in each.
    pub(crate) async fn award_states(&self, issuer: &str) -> Result<Vec<(String, i64)>> {
        on!(self, pool => sqlx::query_as(concat!(
            "select ", award_state!(), " as state, count(*) from award where issuer = $1 group by 1"))
            .bind(issuer).fetch_all(pool).await)
    }

    /// The identities of an issuer, the current one first.
    pub(crate) async fn identities(&self, issuer: &str) -> Result<Vec<IdentityRow>> {
        on!(self, pool => sqlx::query_as(
            "select did, issuer, base, since from identity where issuer = $1 order by since desc, did")
            .bind(issuer).fetch_all(pool).await)
    }

    /// The identity with this DID.
    pub(crate) async fn identity(&self, did: &str) -> Result<Option<IdentityRow>> {
        on!(self, pool => sqlx::query_as("select did, issuer, base, since from identity where did = $1")
            .bind(did).fetch_optional(pool).await)
    }

    /// The keys of a DID, the newest first.
    pub(crate) async fn keys(&self, did: &str) -> Result<Vec<KeyRow>> {
        on!(self, pool => sqlx::query_as(
            "select multikey, did, algorithm, state, sealed, made_at, ended_at from signing_key \
             where did = $1 order by made_at desc, multikey")
            .bind(did).fetch_all(pool).await)
    }

    /// Makes an identity the current one of its issuer again.
    pub(crate) async fn touch_identity(
        &self,
        did: &str,
        since: i64,
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("update identity set since = $2 where did = $1")
                .bind(did).bind(since).execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// Ends the keys of a DID that were active, as retired or compromised, and adds others: to the same
    /// DID, or to a new one. All or nothing. Lists that a compromised key has signed are to be signed
    /// again.
    pub(crate) async fn rotate_keys(
        &self,
        did: &str,
        ended_as: &str,
        new: Option<&IdentityRow>,
        keys: &[KeyRow],
        action: &Action<'_>,
    ) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("update signing_key set state = $2, ended_at = $3 where did = $1 and state = 'active'")
                .bind(did).bind(ended_as).bind(action.at).execute(&mut *tx).await?;
            if let Some(identity) = new {
                sqlx::query("insert into identity (did, issuer, base, since) values ($1, $2, $3, $4)")
                    .bind(&identity.did).bind(&identity.issuer).bind(&identity.base).bind(identity.since)
                    .execute(&mut *tx).await?;
            }
            for key in keys {
                sqlx::query(INSERT_KEY)
                    .bind(&key.multikey).bind(&key.did).bind(&key.algorithm).bind(&key.state)
                    .bind(&key.sealed).bind(key.made_at).bind(key.ended_at).execute(&mut *tx).await?;
            }
            sqlx::query(UNSIGN_LISTS).bind(did).execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// Says of a key that somebody else may have it.
    pub(crate) async fn disown_key(&self, multikey: &str, action: &Action<'_>) -> Result<()> {
        transaction!(self, tx => {
            sqlx::query("update signing_key set state = 'compromised', ended_at = $2 where multikey = $1")
                .bind(multikey).bind(action.at).execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(())
    }

    /// The members of an issuer, by name.
    pub(crate) async fn members(&self, issuer: &str) -> Result<Vec<Member>> {
        on!(self, pool => sqlx::query_as(
            "select member.issuer, member.person, coalesce(detail.display_name, detail.user_name) as name, \
                member.role, member.every_achievement, member.added_at \
             from member left join person_detail detail on detail.person = member.person \
             where member.issuer = $1 order by name, member.person")
            .bind(issuer).fetch_all(pool).await)
    }

    /// What a person is to an issuer.
    pub(crate) async fn member(&self, issuer: &str, person: &str) -> Result<Option<Member>> {
        on!(self, pool => sqlx::query_as(
            "select member.issuer, member.person, coalesce(detail.display_name, detail.user_name) as name, \
                member.role, member.every_achievement, member.added_at \
             from member left join person_detail detail on detail.person = member.person \
             where member.issuer = $1 and member.person = $2")
            .bind(issuer).bind(person).fetch_optional(pool).await)
    }

    /// The issuers for which a person may act, by name, with the role's name.
    pub(crate) async fn memberships(&self, person: &str) -> Result<Vec<(Issuer, Role)>> {
        #[derive(FromRow)]
        struct Row {
            #[sqlx(flatten)]
            issuer: Issuer,
            role: String,
        }
        let rows: Vec<Row> = on!(self, pool => sqlx::query_as(
            "select issuer.id, issuer.slug, issuer.name, issuer.profile, issuer.language, issuer.logo, member.role \
             from member join issuer on issuer.id = member.issuer where member.person = $1 order by issuer.name, issuer.id")
            .bind(person).fetch_all(pool).await)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                (
                    row.issuer,
                    Role::from_name(&row.role).unwrap_or(Role::Reviewer),
                )
            })
            .collect())
    }

    /// The keys of all issuers that may be listed: those that nobody else may have.
    pub(crate) async fn listed_keys(&self) -> Result<Vec<KeyRow>> {
        on!(self, pool => sqlx::query_as(
            "select multikey, did, algorithm, state, sealed, made_at, ended_at from signing_key \
             where state <> 'compromised' order by did, made_at desc, multikey")
            .fetch_all(pool).await)
    }

    /// Gives a person a role, or another one, and to a trainer the achievements that may be awarded
    /// (all, if none are named); unless nobody else would be an owner. Says whether it did.
    pub(crate) async fn set_member(
        &self,
        issuer: &str,
        person: &str,
        role: Role,
        achievements: Option<&[String]>,
        action: &Action<'_>,
    ) -> Result<bool> {
        transaction!(self, tx => {
            sqlx::query(LOCK_ISSUER).bind(issuer).execute(&mut *tx).await?;
            if role != Role::Owner {
                let others: Option<String> = sqlx::query_scalar(ANOTHER_OWNER)
                    .bind(issuer).bind(person).fetch_optional(&mut *tx).await?;
                if others.is_none() {
                    return Ok(false);
                }
            }
            sqlx::query(
                "insert into member (issuer, person, role, every_achievement, added_at) values ($1, $2, $3, $4, $5) \
                 on conflict (issuer, person) do update set role = $3, every_achievement = $4")
                .bind(issuer).bind(person).bind(role.as_str()).bind(achievements.is_none()).bind(action.at)
                .execute(&mut *tx).await?;
            sqlx::query("delete from member_achievement where issuer = $1 and person = $2")
                .bind(issuer).bind(person).execute(&mut *tx).await?;
            for achievement in achievements.unwrap_or_default() {
                // Only what is the issuer's own.
                sqlx::query(
                    "insert into member_achievement (issuer, person, achievement) \
                     select $1, $2, id from achievement where issuer = $1 and id = $3 on conflict do nothing")
                    .bind(issuer).bind(person).bind(achievement).execute(&mut *tx).await?;
            }
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(true)
    }

    /// The achievements that a trainer may award who may not award all.
    pub(crate) async fn member_achievements(
        &self,
        issuer: &str,
        person: &str,
    ) -> Result<Vec<String>> {
        on!(self, pool => sqlx::query_scalar(
            "select achievement from member_achievement where issuer = $1 and person = $2 order by achievement")
            .bind(issuer).bind(person).fetch_all(pool).await)
    }

    /// Takes a person's role away, unless nobody else is an owner; says whether it did.
    pub(crate) async fn delete_member(
        &self,
        issuer: &str,
        person: &str,
        action: &Action<'_>,
    ) -> Result<bool> {
        transaction!(self, tx => {
            sqlx::query(LOCK_ISSUER).bind(issuer).execute(&mut *tx).await?;
            let others: Option<String> = sqlx::query_scalar(ANOTHER_OWNER)
                .bind(issuer).bind(person).fetch_optional(&mut *tx).await?;
            if others.is_none() {
                return Ok(false);
            }
            sqlx::query("delete from member_achievement where issuer = $1 and person = $2")
                .bind(issuer).bind(person).execute(&mut *tx).await?;
            sqlx::query("delete from member where issuer = $1 and person = $2")
                .bind(issuer).bind(person).execute(&mut *tx).await?;
            bind_action!(action).execute(&mut *tx).await?;
        });
        Ok(true)
    }
}

/// Whoever changes roles waits for others who do: the last two owners must not remove each other.
pub(super) const LOCK_ISSUER: &str = "update issuer set slug = slug where id = $1";
pub(super) const ANOTHER_OWNER: &str =
    "select person from member where issuer = $1 and person <> $2 and role = 'owner' limit 1";
const INSERT_KEY: &str = "insert into signing_key (multikey, did, algorithm, state, sealed, made_at, ended_at) \
     values ($1, $2, $3, $4, $5, $6, $7)";

/// What a key has signed that signs no more, or is just signing, is signed anew when somebody asks.
const UNSIGN_LISTS: &str = "update status_list set changes = changes + 1 where did = $1";
