//! Sound: the alarm of a monitor, where the learner turned it on.

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

/// Three short tones. Where there is no sound nothing is lost: the alarm is seen and announced.
pub fn alarm() {
    let Ok(context) = AudioContext::new() else { return };
    for place in 0..3u8 {
        let tone = context.create_oscillator();
        tone.connect(&context.destination());
        let at = context.current_time() + f64::from(place) * 0.3;
        tone.start(at);
        tone.stop(at + 0.15);
    }
}
