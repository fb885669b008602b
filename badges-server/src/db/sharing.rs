//! What the world sees of badges: only those that their holders have accepted and made public.

use sqlx::FromRow;

use super::{Db, Result, on};

/// A public badge, as lists show it.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct PublicBadge {
    pub(crate) token: String,
    pub(crate) credential_id: String,
    pub(crate) standing: String,
    /// How the badge names its holder.
    pub(crate) named: String,
    pub(crate) awarded_at: i64,
    pub(crate) valid_until: Option<i64>,
    pub(crate) issuer_slug: String,
    pub(crate) issuer_name: String,
    pub(crate) achievement_slug: String,
    /// Of the version that was awarded.
    pub(crate) name: String,
    /// The Achievement of that version: JSON.
    pub(crate) document: String,
    /// The hash of its picture.
    pub(crate) image: String,
}

impl PublicBadge {
    /// What it is worth now: `valid`, `suspended`, `revoked`, or `expired`.
    pub(crate) fn status(&self, now: i64) -> &str {
        let is_over = self.valid_until.is_some_and(|until| until < now);
        if self.standing == "valid" && is_over {
            "expired"
        } else {
            &self.standing
        }
    }

    /// The path of its picture.
    pub(crate) fn picture(&self) -> String {
        format!("/images/{}", self.image)
    }

    /// The path of its page.
    pub(crate) fn path(&self) -> String {
        format!("/issuers/{}/badges/{}", self.issuer_slug, self.token)
    }
}

/// Of a person, or of nobody who is known here and a user name.
const PUBLIC_BADGES: &str = "select award.token, award.credential_id, award.standing, award.named, award.awarded_at, award.valid_until, \
        issuer.slug as issuer_slug, issuer.name as issuer_name, achievement.slug as achievement_slug, \
        version.name, version.document, version.image \
     from award join issuer on issuer.id = award.issuer \
        join achievement on achievement.id = award.achievement \
        join achievement_version version on version.achievement = award.achievement and version.version = award.version \
     where award.acceptance = 'accepted' and award.visibility = 'public' and (award.person = $1 or award.id in \
        (select anonymous.id from award anonymous join recipient on recipient.award = anonymous.id \
         where anonymous.person is null and recipient.user_name = $2 and recipient.central_id is not null)) \
     order by award.awarded_at desc, award.id";

impl Db {
    /// The badges that a person has accepted and made public, the newest first.
    pub(crate) async fn public_badges(&self, person: &str) -> Result<Vec<PublicBadge>> {
        on!(self, pool => sqlx::query_as(PUBLIC_BADGES)
            .bind(person).bind(None::<&str>).fetch_all(pool).await)
    }

    /// The public badges that tell this user name, the newest first: of the person whose account has
    /// it, and of holders without an account whose trainer has found theirs on the wiki.
    pub(crate) async fn public_badges_named(&self, name: &str) -> Result<Vec<PublicBadge>> {
        let person = self.person_by_user_name(name).await?;
        let mut badges: Vec<PublicBadge> = on!(self, pool => sqlx::query_as(PUBLIC_BADGES)
            .bind(person).bind(name).fetch_all(pool).await)?;
        badges.retain(|badge| badge.named == "user-name");
        Ok(badges)
    }

    /// Whose page this is, and the name that the person chose for it.
    pub(crate) async fn person_by_page(
        &self,
        page: &str,
    ) -> Result<Option<(String, Option<String>)>> {
        on!(self, pool => sqlx::query_as(
            "select person, case when name_is_own then display_name end from person_detail where page = $1")
            .bind(page).fetch_optional(pool).await)
    }

    /// The person whose Wikimedia account has this name. After renames two may have been seen with
    /// it; then nobody can say here whose it is.
    async fn person_by_user_name(&self, name: &str) -> Result<Option<String>> {
        let mut people: Vec<String> = on!(self, pool => sqlx::query_scalar(
            "select person from person_detail where user_name = $1 and central_id is not null limit 2")
            .bind(name).fetch_all(pool).await)?;
        Ok(people.pop().filter(|_| people.is_empty()))
    }
}
