//! The service worker: whether the shell is kept, and whether a new version waits.

use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    // Absent without a secure context, and in some private windows.
    let there = Reflect::get(&navigator, &"serviceWorker".into()).ok()?;
    there.dyn_into().ok()
}

async fn registration() -> Option<ServiceWorkerRegistration> {
    JsFuture::from(container()?.get_registration()).await.ok()?.dyn_into().ok()
}

/// Resolves when the shell is kept on this device, which is at once from the second visit on.
/// `None` where the browser has no service workers.
pub async fn kept() -> Option<()> {
    let ready = container()?.ready().ok()?;
    JsFuture::from(ready).await.ok().map(|_| ())
}

/// Calls once for every new version that is installed and waits.
/// It goes on waiting until [`activate`], or until the last tab is closed.
pub fn on_update(ready: impl Fn() + 'static) {
    spawn_local(async move {
        // Not before there is a registration, which boot.js makes after the start.
        if kept().await.is_none() {
            return;
        }
        let Some(registration) = registration().await else { return };
        if registration.waiting().is_some() {
            ready();
        }
        let ready = Rc::new(ready);
        let found = registration.clone();
        EventListener::new(&registration, "updatefound", move |_| {
            let Some(worker) = found.installing() else { return };
            let (ready, installed) = (Rc::clone(&ready), worker.clone());
            EventListener::new(&worker, "statechange", move |_| {
                // With nobody in control this was the first version, not a new one.
                let updates = container().is_some_and(|container| container.controller().is_some());
                if updates && installed.state() == ServiceWorkerState::Installed {
                    ready();
                }
            })
            .forget();
        })
        .forget();
    });
}

/// Asks the network for a new version, as after coming online. Finding none is no news.
pub async fn check() {
    if let Some(update) = registration().await.and_then(|registration| registration.update().ok()) {
        let _ = JsFuture::from(update).await;
    }
}

/// Lets the waiting version take over and loads the page again. Only because the learner asked.
pub async fn activate() {
    let Some(waiting) = registration().await.and_then(|registration| registration.waiting()) else { return };
    let Some(container) = container() else { return };
    EventListener::once(&container, "controllerchange", |_| super::page::reload()).forget();
    let message = Object::new();
    let _ = Reflect::set(&message, &"type".into(), &JsValue::from_str("activate"));
    let _ = waiting.post_message(&message);
}
