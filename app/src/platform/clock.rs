//! The time, as the device has it.

use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use enduring_core::session::Moment;
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::{JsValue, prelude::*};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["Temporal", "Now"], js_name = timeZoneId)]
    fn time_zone_id() -> Result<String, JsValue>;
}

/// Now, with the offset and the zone here.
#[must_use]
pub fn now() -> Moment {
    let date = Date::new_0();
    Moment {
        at: Timestamp(date.get_time() as i64),
        // The browser counts minutes west.
        offset: UtcOffset(-date.get_timezone_offset() as i16),
        zone: zone(),
    }
}

/// Minutes east of UTC here at an instant.
#[must_use]
pub fn offset_at(at: Timestamp) -> UtcOffset {
    let date = Date::new(&JsValue::from_f64(at.0 as f64));
    UtcOffset(-date.get_timezone_offset() as i16)
}

/// The IANA name of the zone; empty where the browser will not tell. A browser that lacks
/// Temporal is asked by a formatter, whose first one takes a fifth of a second on a phone.
fn zone() -> String {
    if let Ok(zone) = time_zone_id() {
        return zone;
    }
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string()).unwrap_or_default()
}

/// Time since the page was opened, by a clock that nobody sets.
#[must_use]
pub fn monotonic() -> Millis {
    let elapsed = web_sys::window().and_then(|window| window.performance()).map(|clock| clock.now());
    Millis(elapsed.unwrap_or_default() as u64)
}
