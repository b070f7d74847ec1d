//! Signing in and out.

use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::Digest;
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::form::{Field, Need};
use crate::desk::guard::{Member, Nothing, Signed, asking, new_cookie, own_form, token};
use crate::desk::{Fault, Site, guard, layout, password};
use crate::ledger::Session;

/// Failures of one name before the next is delayed.
const FREE_BY_NAME: i64 = 5;
/// Failures from one subscriber before the next is delayed: a clinic may have one address.
const FREE_BY_ADDRESS: i64 = 30;
/// Longest delay.
const DELAY_MAX: i64 = 15 * 60_000;

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

/// The page.
pub async fn show(State(site): State<Site>) -> Response {
    layout::outside("Sign in", &form(&site, "", ""))
}

fn form(site: &Site, name: &str, error: &str) -> Markup {
    let name = Field { value: name, complete: "username", ..Field::text("name", "Name") };
    let password = Field {
        kind: "password",
        complete: "current-password",
        error,
        ..Field::text("password", "Password")
    };
    html! {
        p.muted { "For staff of " (site.intake.provider()) "." }
        form.stack method="post" action="/desk/sign-in" {
            (name.show(Need::Required))
            (password.show(Need::Required))
            button.primary type="submit" { "Sign in" }
        }
    }
}

/// The delay after so many failures.
fn delay(free: i64) -> impl Fn(i64) -> i64 {
    move |failures| match failures.saturating_sub(free) {
        over if over < 0 => 0,
        over => DELAY_MAX
            .min(1_000_i64.checked_shl(u32::try_from(over).unwrap_or(31).min(20)).unwrap_or(DELAY_MAX)),
    }
}

/// Signs in.
pub async fn sign_in(State(site): State<Site>, request: Request) -> Result<Response, Fault> {
    let (parts, body) = request.into_parts();
    own_form(&parts, &site.settings)?;
    let from = asking(&parts);
    let Form(form) = Form::<Credentials>::from_request(Request::from_parts(parts, body), &site)
        .await
        .map_err(|error| Fault::Bad(error.to_string()))?;
    let name = form.name.trim().to_lowercase();
    let (ledger, now) = (site.intake.ledger(), site.now());
    let by_name = Digest::of(&[b"name:", name.as_bytes()]);
    let by_address = Digest::of(&[b"address:", from.as_bytes()]);
    let mut failures = 0;
    for (who, free) in [(by_name, FREE_BY_NAME), (by_address, FREE_BY_ADDRESS)] {
        match ledger.try_sign_in(who, now, delay(free)).await? {
            Ok(count) if who == by_name => failures = count,
            Ok(_) => {}
            Err(until) => return Err(Fault::Slow { now, until }),
        }
    }
    let staff = ledger.staff(&name).await?;
    let hash = staff.as_ref().map(|staff| staff.password.clone());
    // Hashing is work: so much at once and no more, and never on a thread that serves.
    let permit = site.hashing.acquire().await.map_err(|_| Fault::Busy)?;
    let typed = form.password;
    let right = tokio::task::spawn_blocking(move || password::is(&typed, hash.as_deref()));
    let right = right.await.map_err(|_| Fault::Busy)?;
    drop(permit);
    let Some(staff) = staff.filter(|staff| right && staff.active) else {
        // The name only where it is an account's: a password may have been typed there.
        if failures == FREE_BY_NAME && ledger.staff(&name).await?.is_some() {
            site.acted("rule", "sign_in_delayed", &name).await?;
        }
        let error = "Name or password is not right.";
        let page = layout::outside("Sign in", &self::form(&site, &form.name, error));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    ledger.signed_in(by_name).await?;
    ledger.signed_in(by_address).await?;
    let cookie = new_cookie()?;
    let session = Session { token: token(&cookie), staff: staff.name.clone(), began: now, seen: now };
    let oldest = enduring_core::measure::Timestamp(now.0 - guard::LONGEST);
    ledger.begin_session(&session, oldest).await?;
    site.acted(&staff.name, "signed_in", "").await?;
    let headers = [(header::SET_COOKIE, site.settings.cookie.set(&cookie)?)];
    Ok((headers, Redirect::to("/desk")).into_response())
}

/// Signs out.
pub async fn sign_out(State(site): State<Site>, signed: Signed<Nothing>) -> Result<Response, Fault> {
    let Member { name, token, .. } = signed.member;
    site.intake.ledger().end_session(token).await?;
    site.acted(&name, "signed_out", "").await?;
    let headers = [(header::SET_COOKIE, site.settings.cookie.set("")?)];
    Ok((headers, Redirect::to("/desk/sign-in")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_has_an_end() {
        let delay = delay(FREE_BY_NAME);
        let delays: Vec<i64> = [1, 4, 5, 6, 7, 10, 100, i64::MAX].into_iter().map(delay).collect();
        assert_eq!(delays, [0, 0, 1_000, 2_000, 4_000, 32_000, DELAY_MAX, DELAY_MAX]);
    }
}
