//! Pictures of badges: what people send in is never served or baked as it came, but written anew
//! from what a picture needs. Bytes in, bytes out.

mod png;
mod preview;
mod refused;
mod svg;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use badges_core::bake::Format;
use badges_core::draw;

pub(crate) use preview::preview;
pub(crate) use refused::{Refused, Remark};

/// A picture that was made here, or written anew here from one that was sent in. It is meant for
/// `<img>` and for downloads, not for standing inside a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) format: Format,
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// A picture that somebody sent in, and what they should know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) picture: Picture,
    pub(crate) remarks: BTreeSet<Remark>,
}

/// The side of pictures that are drawn, in pixels.
pub(crate) const SIDE: u32 = 512;

/// Takes a PNG or SVG from anybody and writes it anew, with nothing but what can be seen.
///
/// # Errors
/// Why it cannot be used, with what to do instead.
pub(crate) fn accept(bytes: &[u8]) -> Result<Accepted, Refused> {
    let accepted = match Format::detect(bytes).ok_or(Refused::Format)? {
        Format::Png => png::accept(bytes),
        Format::Svg => svg::accept(bytes),
    }?;
    // Whatever is drawn of it later can be drawn.
    let pixels = match accepted.picture.format {
        Format::Png => png::pixels(&accepted.picture.bytes)?.2,
        Format::Svg => drawn_pixels(&accepted.picture.bytes, SIDE)?,
    };
    if pixels.iter().all(|pixel| pixel[3] == 0) {
        return Err(Refused::Blank);
    }
    Ok(accepted)
}

/// The picture of an achievement that has none, by its name. The SVG has the name on it; the PNG has
/// no letters.
pub(crate) fn drawn(name: &str, format: Format) -> Result<Picture, Refused> {
    let bytes = match format {
        Format::Svg => draw::badge(name).into_bytes(),
        Format::Png => draw::png(&draw::emblem(name), SIDE).map_err(Refused::from_draw)?,
    };
    Ok(Picture {
        format,
        bytes,
        width: SIDE,
        height: SIDE,
    })
}

/// The picture as PNG: an SVG is drawn on a transparent square of this many pixels on a side,
/// without its letters; a PNG is what it is.
pub(crate) fn as_png(picture: &Picture, side: u32) -> Result<Picture, Refused> {
    let bytes = match picture.format {
        Format::Png => return Ok(picture.clone()),
        Format::Svg => png::encode(side, side, &drawn_pixels(&picture.bytes, side)?)?,
    };
    Ok(Picture {
        format: Format::Png,
        bytes,
        width: side,
        height: side,
    })
}

fn drawn_pixels(svg: &[u8], side: u32) -> Result<Vec<draw::Pixel>, Refused> {
    let text = std::str::from_utf8(svg).map_err(|_| Refused::Format)?;
    draw::pixels(text, side).map_err(Refused::from_draw)
}
