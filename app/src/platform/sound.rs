//! Sound: the alarm of a monitor, where the learner turned it on.

use std::cell::RefCell;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type AudioContext;
    #[wasm_bindgen(constructor, catch)]
    fn new() -> Result<AudioContext, JsValue>;
    #[wasm_bindgen(method, getter, js_name = currentTime)]
    fn current_time(this: &AudioContext) -> f64;
    #[wasm_bindgen(method, getter)]
    fn destination(this: &AudioContext) -> JsValue;
    #[wasm_bindgen(method)]
    fn resume(this: &AudioContext) -> Promise;
    #[wasm_bindgen(method, js_name = createOscillator)]
    fn create_oscillator(this: &AudioContext) -> Oscillator;

    type Oscillator;
    #[wasm_bindgen(method)]
    fn connect(this: &Oscillator, to: &JsValue);
    #[wasm_bindgen(method)]
    fn start(this: &Oscillator, at: f64);
    #[wasm_bindgen(method)]
    fn stop(this: &Oscillator, at: f64);
}

thread_local! {
    /// One for as long as the page is open: browsers give out few.
    static CONTEXT: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// To be called in the press that asks for sound: browsers start none for a page that was not asked.
pub fn allow() {
    CONTEXT.with_borrow_mut(|context| {
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = context {
            let _ = context.resume();
        }
    });
}

/// Three short tones, once there was [`allow`]. Where there is no sound nothing is lost: the alarm is seen and announced.
pub fn alarm() {
    CONTEXT.with_borrow(|context| {
        let Some(context) = context else { return };
        for place in 0..3u8 {
            let tone = context.create_oscillator();
            tone.connect(&context.destination());
            let at = context.current_time() + f64::from(place) * 0.3;
            tone.start(at);
            tone.stop(at + 0.15);
        }
    });
}
