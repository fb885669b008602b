//! What a holder is shown of a badge, whoever else may see it.

use badges_core::markup::Markup;
use serde_json::Value;

use super::Holding;
use crate::error::Error;
use crate::page::Ctx;

/// A badge in its own words.
pub(in crate::routes) struct View {
    pub(in crate::routes) name: String,
    pub(in crate::routes) description: String,
    pub(in crate::routes) criteria: Option<Markup>,
    /// The same as it was written: Markdown.
    pub(in crate::routes) criteria_text: Option<String>,
    /// The language of these words.
    pub(in crate::routes) language: String,
    /// The path of its picture.
    pub(in crate::routes) picture: String,
    pub(in crate::routes) issuer: String,
    /// The path of its issuer's page.
    pub(in crate::routes) issuer_path: String,
    /// Where it was earned.
    pub(in crate::routes) workshop: Option<String>,
    /// The path of its own page, which others see.
    pub(in crate::routes) path: String,
    /// A salt that only the holder has.
    pub(in crate::routes) salt: Option<String>,
    /// The holder's personal address of the badge.
    pub(in crate::routes) personal: Option<String>,
}

impl View {
    pub(in crate::routes) async fn of(ctx: &Ctx, holding: &Holding) -> Result<Self, Error> {
        let db = &ctx.app.db;
        let award = &holding.award;
        let version = db
            .version(&award.achievement, award.version)
            .await?
            .ok_or(Error::NotFound)?;
        let issuer = db.issuer(&award.issuer).await?.ok_or(Error::NotFound)?;
        let workshop = match &award.workshop {
            Some(workshop) => db.workshop(workshop).await?,
            None => None,
        };
        let document: Value = serde_json::from_str(&version.document).map_err(Error::internal)?;
        let text = |path: &str| document.pointer(path).and_then(Value::as_str);
        let issuer_path = format!("/issuers/{}", issuer.slug);
        let salt = holding
            .recipient
            .as_ref()
            .and_then(|recipient| recipient.salt.clone());
        Ok(Self {
            name: version.name,
            description: text("/description").unwrap_or_default().to_owned(),
            criteria: text("/criteria/narrative").map(Markup::markdown),
            criteria_text: text("/criteria/narrative").map(str::to_owned),
            language: text("/inLanguage").unwrap_or(&issuer.language).to_owned(),
            picture: format!("/images/{}", version.image),
            issuer: issuer.name,
            path: format!("{issuer_path}/badges/{}", award.token),
            issuer_path,
            workshop: workshop.map(|workshop| workshop.title),
            salt: salt.filter(|_| award.named == "hashed"),
            personal: (holding.way == super::Way::Link).then(|| ctx.url(&holding.base)),
        })
    }
}
