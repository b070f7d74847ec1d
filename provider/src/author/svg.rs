//! Drawings: SVG that only draws. The player shows them as `<img>`, where nothing
//! runs and nothing is fetched; what could is refused all the same, so that a pack
//! is harmless also in a program that is less careful.

use roxmltree::{Document, Node, ParsingOptions};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const NODES_MAX: u32 = 50_000;

/// Elements that run, fetch, embed or move.
const REFUSED: [&str; 16] = [
    "a",
    "animate",
    "animateColor",
    "animateMotion",
    "animateTransform",
    "audio",
    "discard",
    "embed",
    "feImage",
    "foreignObject",
    "handler",
    "iframe",
    "image",
    "script",
    "set",
    "video",
];

/// Why a drawing is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// What was expected.
    pub expected: String,
    /// What was found, with its line.
    pub found: String,
}

fn refused(expected: impl Into<String>, found: impl Into<String>) -> Refused {
    Refused { expected: expected.into(), found: found.into() }
}

/// The intrinsic size of a harmless drawing in CSS pixels.
///
/// # Errors
/// [`Refused`] names the first thing that is not harmless, or what is not SVG.
pub fn size(bytes: &[u8]) -> Result<(u32, u32), Refused> {
    let text = std::str::from_utf8(bytes).map_err(|_| refused("SVG in UTF-8", "other bytes"))?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => refused("no DOCTYPE or ENTITY", "a document type"),
        error => refused("well-formed SVG", error.to_string()),
    })?;
    let at = |node: Node, what: String| {
        let line = document.text_pos_at(node.range().start).row;
        refused(
            "a drawing without script, events, animation, links or outside content",
            format!("{what} in line {line}"),
        )
    };
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(refused(format!("an `svg` element of {SVG}"), format!("`{}`", root.tag_name().name())));
    }
    for node in document.descendants() {
        if let Some(instruction) = node.pi() {
            return Err(at(node, format!("the processing instruction `{}`", instruction.target)));
        }
        if !node.is_element() {
            continue;
        }
        let name = node.tag_name().name();
        if node.tag_name().namespace() != Some(SVG) {
            return Err(at(node, format!("the element `{name}` of another language")));
        }
        if REFUSED.contains(&name) {
            return Err(at(node, format!("the element `{name}`")));
        }
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            let flaw = if key.to_ascii_lowercase().starts_with("on") {
                Some(format!("the event handler `{key}`"))
            } else if key == "href" && !value.starts_with('#') {
                Some(format!("the reference `{value}`"))
            } else if attribute.namespace() == Some(XML) && key == "base" {
                Some("the attribute `xml:base`".to_owned())
            } else if attribute.namespace().is_some_and(|space| space == XLINK && key != "href") {
                Some(format!("the attribute `xlink:{key}`"))
            } else {
                style_flaw(value)
            };
            if let Some(flaw) = flaw {
                return Err(at(node, flaw));
            }
        }
        if name == "style" {
            let sheet: String = node.descendants().filter_map(|child| child.text()).collect();
            if let Some(flaw) = style_flaw(&sheet) {
                return Err(at(node, flaw));
            }
        }
    }
    intrinsic(root)
}

/// What a style could fetch: `url()` of anything but a part of the drawing, imports,
/// and escapes that hide either.
fn style_flaw(style: &str) -> Option<String> {
    let lower = style.to_ascii_lowercase();
    if lower.contains('\\') {
        return Some("a backslash in a style".to_owned());
    }
    if lower.contains("@import") || lower.contains("image-set(") || lower.contains("src(") {
        return Some("a style that imports".to_owned());
    }
    if lower.contains("javascript:") {
        return Some("a script address".to_owned());
    }
    let outside = lower.split("url(").skip(1).find(|rest| {
        let target = rest.trim_start().trim_start_matches(['"', '\'']);
        !target.starts_with('#')
    });
    outside.map(|rest| format!("`url({}`", rest.split(')').next().unwrap_or_default()))
}

fn intrinsic(root: Node) -> Result<(u32, u32), Refused> {
    let sides = (root.attribute("width").and_then(pixels), root.attribute("height").and_then(pixels));
    if let (Some(width), Some(height)) = sides {
        return Ok((width, height));
    }
    let view: Vec<Option<u32>> = root
        .attribute("viewBox")
        .unwrap_or_default()
        .split([' ', ',', '\n', '\t'])
        .filter(|part| !part.is_empty())
        .skip(2)
        .map(pixels)
        .collect();
    match view.as_slice() {
        [Some(width), Some(height)] => Ok((*width, *height)),
        _ => Err(refused("width and height in pixels, or a viewBox of four numbers", "neither")),
    }
}

/// A length in pixels, rounded up.
fn pixels(length: &str) -> Option<u32> {
    let number = length.trim().trim_end_matches("px");
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let up = u32::from(fraction.bytes().any(|b| b != b'0'));
    whole.parse::<u32>().ok()?.checked_add(up).filter(|side| *side > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(inside: &str) -> String {
        format!(
            r#"<svg xmlns="{SVG}" xmlns:xlink="{XLINK}" viewBox="0 0 320.5 200"><title>x</title>{inside}</svg>"#
        )
    }

    #[test]
    fn a_drawing_has_its_size() {
        assert_eq!(size(drawing("").as_bytes()), Ok((321, 200)));
        let sized = format!(r#"<svg xmlns="{SVG}" width="10px" height="20"/>"#);
        assert_eq!(size(sized.as_bytes()), Ok((10, 20)));
    }

    #[test]
    fn what_draws_only_is_accepted() {
        for inside in [
            r##"<defs><linearGradient id="g"/></defs><rect fill="url(#g)" style="stroke:url('#g')"/>"##,
            r##"<g id="a"/><use href="#a"/><use xlink:href="#a"/>"##,
            "<style>.a{fill:red}</style><text>on the left</text>",
        ] {
            assert_eq!(size(drawing(inside).as_bytes()), Ok((321, 200)), "{inside}");
        }
    }

    #[test]
    fn what_could_do_anything_is_refused() {
        for (inside, found) in [
            ("<script>alert(1)</script>", "the element `script`"),
            ("<foreignObject/>", "the element `foreignObject`"),
            (r#"<rect onload="alert(1)"/>"#, "the event handler `onload`"),
            (r#"<rect ONCLICK="alert(1)"/>"#, "the event handler `ONCLICK`"),
            (r#"<use href="https://example.org/x.svg#a"/>"#, "the reference `https://example.org/x.svg#a`"),
            (r#"<use xlink:href="//example.org/a"/>"#, "the reference `//example.org/a`"),
            (r#"<image href="data:image/png;base64,AA"/>"#, "the element `image`"),
            (r##"<a href="#x"/>"##, "the element `a`"),
            (r#"<animate attributeName="href" to="javascript:alert(1)"/>"#, "the element `animate`"),
            (r#"<set attributeName="href" to="x"/>"#, "the element `set`"),
            (r#"<rect fill="url(https://example.org/x)"/>"#, "`url(https://example.org/x`"),
            (r#"<rect style="fill:u\72l(x)"/>"#, "a backslash in a style"),
            ("<style>@import 'x.css';</style>", "a style that imports"),
            ("<style>a{fill:url( 'http://x')}</style>", "`url( 'http://x'`"),
            (r#"<html xmlns="http://www.w3.org/1999/xhtml"/>"#, "the element `html` of another language"),
            (r#"<g xml:base="https://example.org/"/>"#, "the attribute `xml:base`"),
        ] {
            let error = size(drawing(inside).as_bytes()).expect_err(inside);
            assert_eq!(error.found, format!("{found} in line 1"), "{inside}");
        }
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        let plain = format!(r#"<svg xmlns="{SVG}"/>"#);
        for (text, expected) in [
            ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "no DOCTYPE or ENTITY"),
            ("<svg", "well-formed SVG"),
            ("<svg/>", "an `svg` element of http://www.w3.org/2000/svg"),
            (plain.as_str(), "width and height in pixels, or a viewBox of four numbers"),
            (
                "<?xml-stylesheet href='x'?><svg xmlns='http://www.w3.org/2000/svg'/>",
                "a drawing without script, events, animation, links or outside content",
            ),
        ] {
            assert_eq!(size(text.as_bytes()).expect_err(text).expected, expected, "{text}");
        }
        assert_eq!(size(&[0xff]).expect_err("bytes").expected, "SVG in UTF-8");
    }
}
