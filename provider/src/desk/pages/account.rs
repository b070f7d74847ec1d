//! One's own password.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::form::{Field, Need};
use crate::desk::guard::{Member, Signed};
use crate::desk::layout::Place;
use crate::desk::{Fault, Site, layout, password};
use crate::ledger::Entry;

#[derive(Deserialize)]
pub struct Change {
    #[serde(default)]
    current: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// The page.
pub async fn show(State(site): State<Site>, member: Member) -> Result<Response, Fault> {
    let staff = site.intake.ledger().staff(&member.name).await?.ok_or(Fault::SignIn)?;
    let first = html! {
        p.note { "Somebody else set your password. Choose one of your own before you go on." }
    };
    let body = html! {
        @if staff.temporary { (first) }
        (form(&member, ["", "", ""]))
    };
    Ok(layout::page(&site, &member, Place::Account, "Password", &body))
}

fn form(member: &Member, [current, new, again]: [&str; 3]) -> Markup {
    let secret = |name, label| Field { kind: "password", ..Field::text(name, label) };
    let hint = "At least 12 characters; several words are good.";
    html! {
        form.stack method="post" action="/desk/password" {
            (layout::csrf(member))
            (Field { complete: "current-password", error: current, ..secret("current", "Password as it is") }
                .show(Need::Required))
            (Field { complete: "new-password", hint, error: new, ..secret("new", "New password") }
                .show(Need::Required))
            (Field { complete: "new-password", error: again, ..secret("again", "New password again") }
                .show(Need::Required))
            p.muted { "Your sessions on other devices end." }
            button.primary type="submit" { "Change the password" }
        }
    }
}

/// Changes it; sessions elsewhere end.
pub async fn change(State(site): State<Site>, signed: Signed<Change>) -> Result<Response, Fault> {
    let Signed { member, form } = signed;
    let ledger = site.intake.ledger();
    let staff = ledger.staff(&member.name).await?.ok_or(Fault::SignIn)?;
    let again = if form.new == form.again { "" } else { "This is another one than above." };
    let (name, new, current) = (staff.name.clone(), form.new, form.current);
    let _permit = site.hashing.acquire().await.map_err(|_| Fault::Busy)?;
    let work = tokio::task::spawn_blocking(move || {
        (password::is(&current, Some(&staff.password)), current == new, password::hash(&name, &new))
    });
    let (right, same, hash) = work.await.map_err(|_| Fault::Busy)?;
    let current = if right { "" } else { "This is not your password." };
    let new = match &hash {
        Err(error) => error.to_string(),
        Ok(_) if same => "expected another one than before".to_owned(),
        Ok(_) => String::new(),
    };
    let Some(hash) = hash.ok().filter(|_| right && !same && again.is_empty()) else {
        let body = self::form(&member, [current, &new, again]);
        let page = layout::page(&site, &member, Place::Account, "Password", &body);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let told = Entry::acted(site.now(), &member.name, "password_changed", "");
    ledger.set_password(&member.name, (&hash, false), Some(member.token), &told).await?;
    Ok(Redirect::to("/desk").into_response())
}
