//! How large an SVG is.

use super::{Element, Refused};

/// How much longer one side may be than the other. A badge is about as wide as it is high.
const MOST_RATIO: f64 = 4.0;
/// The longest side, in pixels.
const MOST_SIDE: f64 = 100_000.0;

/// The width and height in pixels, from the root's own or else from its view box. A root without a
/// view box gets one, so that the picture grows and shrinks with its place.
pub(super) fn settle(root: &mut Element) -> Result<(u32, u32), Refused> {
    let own = root
        .attribute("width")
        .and_then(pixels)
        .zip(root.attribute("height").and_then(pixels));
    let view_box = match root.attribute("viewBox") {
        Some(text) => Some(view_box(text).ok_or(Refused::SvgSize)?),
        None => None,
    };
    let (width, height) = own.or(view_box).ok_or(Refused::SvgSize)?;
    for (width, height) in [Some((width, height)), view_box].into_iter().flatten() {
        let is_usable = (1.0 / MOST_RATIO..=MOST_RATIO).contains(&(width / height));
        if !is_usable {
            return Err(Refused::SvgSize);
        }
    }
    if width.max(height) > MOST_SIDE {
        return Err(Refused::SvgSize);
    }
    if view_box.is_none() {
        let text = format!("0 0 {width} {height}");
        root.attributes.push(("viewBox", text));
    }
    // At most the longest side, and at least one.
    Ok((
        width.round().max(1.0) as u32,
        height.round().max(1.0) as u32,
    ))
}

/// The width and height of a view box.
fn view_box(text: &str) -> Option<(f64, f64)> {
    let numbers = text.split([' ', ',']).filter(|number| !number.is_empty());
    let numbers: Option<Vec<f64>> = numbers.map(number).collect();
    match numbers?.as_slice() {
        [_, _, width, height] if *width > 0.0 && *height > 0.0 => Some((*width, *height)),
        _ => None,
    }
}

/// A length in pixels (CSS Values and Units 4, section 6.2); `None` for what depends on the page.
fn pixels(text: &str) -> Option<f64> {
    let at = text
        .trim_end_matches(|character: char| character.is_ascii_alphabetic() || character == '%');
    let scale = match &text[at.len()..] {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    Some(number(at)? * scale).filter(|length| *length > 0.0)
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}
