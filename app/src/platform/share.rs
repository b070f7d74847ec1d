//! Ways out of the page: a file, the share sheet, the clipboard.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, FilePropertyBag, HtmlAnchorElement, ShareData, Url};

use super::timer;

/// How long a saved file's address is kept, in milliseconds: Safari reads it after the click has returned.
const KEEP: u32 = 60_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = navigator, js_name = canShare, catch)]
    fn can_share_data(data: &ShareData) -> Result<bool, JsValue>;
    #[wasm_bindgen(js_namespace = navigator, js_name = share, catch)]
    async fn share_data(data: &ShareData) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "clipboard"], js_name = writeText, catch)]
    async fn write_text(text: &str) -> Result<JsValue, JsValue>;
}

/// What is sent out.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// A file name.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What came of sharing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// The share sheet took it.
    Taken,
    /// The learner closed the sheet.
    Dismissed,
    /// There is no share sheet for files: save instead. So in Firefox and in every engine on a desktop here.
    Unavailable,
}

/// A blob's address, given back when dropped.
#[derive(Debug)]
pub struct BlobUrl(String);

impl BlobUrl {
    /// An address for these bytes, for an `<img>` or a download.
    #[must_use]
    pub fn new(bytes: &[u8], media_type: &str) -> Option<Self> {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let parts = Array::of1(&Uint8Array::from(bytes));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        Url::create_object_url_with_blob(&blob).ok().map(Self)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// Offers a file for saving, as a download.
pub fn save(outgoing: &Outgoing<'_>) -> Option<()> {
    let url = BlobUrl::new(outgoing.bytes, outgoing.media_type)?;
    let link = web_sys::window()?.document()?.create_element("a").ok()?;
    let link: HtmlAnchorElement = link.dyn_into().ok()?;
    link.set_href(url.as_str());
    link.set_download(outgoing.name);
    link.click();
    timer::later(KEEP, move || drop(url));
    Some(())
}

fn share_of(outgoing: &Outgoing<'_>) -> Option<ShareData> {
    let options = FilePropertyBag::new();
    options.set_type(outgoing.media_type);
    let parts = Array::of1(&Uint8Array::from(outgoing.bytes));
    let file = File::new_with_u8_array_sequence_and_options(&parts, outgoing.name, &options).ok()?;
    let data = ShareData::new();
    data.set_files(&Array::of1(&file));
    Some(data)
}

/// Whether the share sheet takes such a file.
#[must_use]
pub fn can_share(outgoing: &Outgoing<'_>) -> bool {
    // Without the method the call itself throws.
    share_of(outgoing).is_some_and(|data| can_share_data(&data).unwrap_or(false))
}

/// Opens the share sheet. Only from a click.
pub async fn share(outgoing: &Outgoing<'_>) -> Shared {
    let Some(data) = share_of(outgoing).filter(|data| can_share_data(data).unwrap_or(false)) else {
        return Shared::Unavailable;
    };
    match share_data(&data).await {
        Ok(_) => Shared::Taken,
        Err(error) => {
            match error.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::name).as_deref() {
                Some("AbortError") => Shared::Dismissed,
                _ => Shared::Unavailable,
            }
        }
    }
}

/// Puts a text on the clipboard; false where the browser refuses.
pub async fn copy(text: &str) -> bool {
    write_text(text).await.is_ok()
}

/// A buffer read whole, as bytes.
pub(super) async fn bytes_of(blob: &Blob) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
