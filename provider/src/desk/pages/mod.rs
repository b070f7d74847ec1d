//! The pages, one file each.

mod account;
mod activities;
mod audit;
mod consent;
mod decide;
mod downloads;
mod enrol;
mod learner;
mod overview;
mod queue;
mod record;
mod search;
mod sign_in;
mod staff;

use axum::Router;
use axum::routing::{any, get, post};

pub use self::staff::is_staff_name;
use super::{Fault, Site, layout};

/// Every address of the desk.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/desk", get(overview::show))
        .route("/desk/", get(overview::show))
        .route("/desk/style.css", get(layout::style))
        .route("/desk/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/desk/sign-out", post(sign_in::sign_out))
        .route("/desk/password", get(account::show).post(account::change))
        .route("/desk/queue", get(queue::show))
        .route("/desk/records/{kid}/{id}", get(record::show))
        .route("/desk/records/{kid}/{id}/record.json", get(record::bundle))
        .route("/desk/records/{kid}/{id}/receipt", get(record::receipt))
        .route("/desk/records/{kid}/{id}/approve", post(decide::approve))
        .route("/desk/records/{kid}/{id}/reject", post(decide::reject))
        .route("/desk/records/{kid}/{id}/appeal", post(decide::appeal))
        .route("/desk/records/{kid}/{id}/reverse", get(decide::ask_reverse).post(decide::reverse))
        .route("/desk/records/{kid}/{id}/consents/{statement}", get(consent::ask).post(consent::withdraw))
        .route("/desk/search", get(search::show))
        .route("/desk/learners/{learner}", get(learner::show))
        .route("/desk/learners/{learner}/ticket", post(enrol::ticket))
        .route("/desk/learners/{learner}/revoke", post(enrol::revoke))
        .route("/desk/learners/{learner}/lost", post(learner::lost))
        .route("/desk/learners/{learner}/shared", post(learner::shared))
        .route("/desk/learners/{learner}/erase", get(learner::ask_erase).post(learner::erase))
        .route("/desk/enrol", get(enrol::show).post(enrol::enter))
        .route("/desk/qr.svg", post(enrol::qr))
        .route("/desk/activities", get(activities::list))
        .route("/desk/activities/{activity}", get(activities::show))
        .route("/desk/activities/{activity}/notice", post(activities::notice))
        .route("/desk/staff", get(staff::show).post(staff::add))
        .route("/desk/staff/{name}", post(staff::change))
        .route("/desk/audit", get(audit::show))
        .route("/desk/downloads", get(downloads::show))
        .route("/desk/downloads/credits.csv", get(downloads::credits))
        // No fallback: the server beside has one for everything that is not below /desk.
        .route("/desk/{*rest}", any(async || Fault::NotFound))
}
