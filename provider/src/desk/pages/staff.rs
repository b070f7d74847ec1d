//! Accounts; for administrators.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use enduring_core::id::is_name;
use maud::{Markup, html};
use serde::Deserialize;

use crate::desk::form::{Field, Need, select};
use crate::desk::guard::{Member, Signed};
use crate::desk::layout::{self, Place};
use crate::desk::{Fault, Site, password};
use crate::ledger::{Entry, RESERVED, Role, Staff};

#[derive(Default, Deserialize)]
pub struct New {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    password: String,
}

fn roles() -> Vec<(String, String)> {
    let roles = [
        (Role::Reviewer, "Reviewer: looks and decides"),
        (Role::Administrator, "Administrator: also accounts, erasure, notices"),
    ];
    roles.iter().map(|(role, text)| (role.name().to_owned(), (*text).to_owned())).collect()
}

async fn page(
    site: &Site,
    member: &Member,
    new: &New,
    [name, password]: [&str; 2],
) -> Result<Response, Fault> {
    let staff = site.intake.ledger().all_staff().await?;
    let hint = "Tell it to them; they choose another when they sign in. At least 12 characters.";
    let body = html! {
        table.rows {
            thead { tr { th scope="col" { "Name" } th scope="col" { "Role" } th scope="col" { "State" } th scope="col" { "Change" } } }
            tbody { @for one in &staff { (line(member, one)) } }
        }
        section {
            h2 { "Add an account" }
            form.stack method="post" action="/desk/staff" {
                (layout::csrf(member))
                (Field { value: &new.name, error: name, hint: "Lowercase letters, digits, dots, dashes.", ..Field::text("name", "Name") }.show(Need::Required))
                (select("role", "Role", &roles(), &new.role))
                (Field { kind: "password", complete: "new-password", hint, error: password, ..Field::text("password", "First password") }.show(Need::Required))
                button.primary type="submit" { "Add" }
            }
        }
    };
    Ok(layout::page(site, member, Place::Staff, "Staff", &body))
}

fn line(member: &Member, one: &Staff) -> Markup {
    let path = format!("/desk/staff/{}", one.name);
    let act = |act: &str, text: &str, class: &str| {
        html! {
            form method="post" action=(path) {
                (layout::csrf(member)) input type="hidden" name="act" value=(act);
                button class=(class) type="submit" aria-label={ (text) ": " (one.name) } { (text) }
            }
        }
    };
    html! {
        tr {
            td data-label="Name" { strong { (one.name) } }
            td data-label="Role" { (one.role.name()) }
            td data-label="State" {
                @if one.active { span.badge.credit { "active" } } @else { span.badge { "deactivated" } }
                @if one.temporary { " " span.badge.caution { "first password" } }
            }
            td data-label="Change" {
                @if one.name == member.name { a href="/desk/password" { "Your password" } }
                @else {
                    div.buttons {
                        @match one.role {
                            Role::Reviewer => (act("administrator", "Make administrator", "")),
                            Role::Administrator => (act("reviewer", "Make reviewer", "")),
                        }
                        @if one.active { (act("deactivate", "Deactivate", "danger")) }
                        @else { (act("activate", "Activate", "")) }
                    }
                    details {
                        summary { "Reset the password" }
                        form.stack method="post" action=(path) {
                            (layout::csrf(member)) input type="hidden" name="act" value="password";
                            label for={ "password-" (one.name) } { "First password for " (one.name) }
                            input id={ "password-" (one.name) } name="password" type="password" autocomplete="new-password" required;
                            button type="submit" { "Reset; their sessions end" }
                        }
                    }
                }
            }
        }
    }
}

/// The page.
pub async fn show(State(site): State<Site>, member: Member) -> Result<Response, Fault> {
    member.administrator()?;
    page(&site, &member, &New::default(), ["", ""]).await
}

async fn hashed(
    site: &Site,
    name: &str,
    password: String,
) -> Result<Result<String, password::PasswordError>, Fault> {
    let _permit = site.hashing.acquire().await.map_err(|_| Fault::Busy)?;
    let name = name.to_owned();
    let work = tokio::task::spawn_blocking(move || password::hash(&name, &password));
    work.await.map_err(|_| Fault::Busy)
}

/// Whether somebody can have this name.
pub fn is_staff_name(name: &str) -> bool {
    is_name(name) && !RESERVED.contains(&name)
}

/// Adds an account.
pub async fn add(State(site): State<Site>, signed: Signed<New>) -> Result<Response, Fault> {
    let Signed { member, form } = signed;
    member.administrator()?;
    let role = Role::parse(&form.role).ok_or_else(|| Fault::Bad("Choose a role.".to_owned()))?;
    let refuse = async |errors: [&str; 2]| -> Result<Response, Fault> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&site, &member, &form, errors).await?).into_response())
    };
    let name = form.name.trim();
    if !is_staff_name(name) {
        return refuse([
            "Expected lowercase letters, digits, dots, dashes; not rule, learner or command.",
            "",
        ])
        .await;
    }
    let password = match hashed(&site, name, form.password.clone()).await? {
        Ok(password) => password,
        Err(error) => return refuse(["", &error.to_string()]).await,
    };
    let staff = Staff { name: name.to_owned(), password, role, active: true, temporary: true };
    let told = Entry::acted(site.now(), &member.name, "staff_added", name);
    if !site.intake.ledger().add_staff(&staff, &told).await? {
        return refuse(["There is an account of this name.", ""]).await;
    }
    Ok(Redirect::to("/desk/staff").into_response())
}

#[derive(Deserialize)]
pub struct Change {
    #[serde(default)]
    act: String,
    #[serde(default)]
    password: String,
}

/// Changes an account: not one's own, so that nobody locks themselves out.
pub async fn change(
    State(site): State<Site>,
    Path(name): Path<String>,
    signed: Signed<Change>,
) -> Result<Response, Fault> {
    let Signed { member, form } = signed;
    member.administrator()?;
    let ledger = site.intake.ledger();
    let staff = ledger.staff(&name).await?.ok_or(Fault::NotFound)?;
    if staff.name == member.name {
        return Err(Fault::Forbidden("Another administrator has to change your account."));
    }
    let (changed, act) = match form.act.as_str() {
        "password" => {
            let hash = hashed(&site, &name, form.password).await?;
            let hash = hash.map_err(|error| Fault::Bad(format!("The password was not reset: {error}.")))?;
            let told = Entry::acted(site.now(), &member.name, "password_reset", &name);
            ledger.set_password(&name, (&hash, true), None, &told).await?;
            return Ok(Redirect::to("/desk/staff").into_response());
        }
        "administrator" => (Staff { role: Role::Administrator, ..staff }, "staff_changed"),
        "reviewer" => (Staff { role: Role::Reviewer, ..staff }, "staff_changed"),
        "deactivate" => (Staff { active: false, ..staff }, "staff_deactivated"),
        "activate" => (Staff { active: true, ..staff }, "staff_changed"),
        _ => return Err(Fault::Bad("There is no such change.".to_owned())),
    };
    let told = Entry::acted(site.now(), &member.name, act, &name);
    if !ledger.set_staff(&changed, &told).await? {
        return Err(Fault::Conflict("One administrator has to stay.".to_owned()));
    }
    Ok(Redirect::to("/desk/staff").into_response())
}
