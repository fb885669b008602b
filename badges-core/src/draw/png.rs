//! From SVG to pixels and to PNG.

use std::collections::BTreeMap;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use super::cost;

/// Why a picture could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawError {
    /// It is no SVG that can be read.
    #[error("it is no SVG that can be read: {reason}")]
    Svg {
        /// Why.
        reason: String,
    },
    /// The size is zero or more than 4096 pixels.
    #[error("a picture of {size} by {size} pixels cannot be drawn; 1 to 4096 can")]
    Size {
        /// The size that was asked for.
        size: u32,
    },
    /// It would take too long or too much memory.
    #[error("drawing it would take too long")]
    Costly,
    /// The pixels could not be written as PNG.
    #[error("the picture cannot be written as PNG: {reason}")]
    Png {
        /// Why.
        reason: String,
    },
}

/// Draws an SVG as a square PNG of this many pixels on a side, on a transparent ground, in a few
/// colours; see [`pixels`].
///
/// # Errors
/// When the SVG cannot be read, or the size is 0 or more than 4096.
pub fn png(svg: &str, size: u32) -> Result<Vec<u8>, DrawError> {
    let (colours, indices) = indexed(&pixels(svg, size)?);
    encode(size, &colours, &indices).map_err(|error| DrawError::Png {
        reason: error.to_string(),
    })
}

/// Draws an SVG on a transparent square of this many pixels on a side, as large as fits: row by row,
/// from the top.
///
/// There are no fonts here, so text is left out: [`emblem`](super::emblem) has none. Pictures that
/// the SVG refers to are left out as well: no file is read and nothing is fetched. An SVG from
/// elsewhere may ask for hours of work: what takes more than some seconds is an error and is not
/// begun. It has to be limited in its elements before, with those that `use` repeats.
///
/// # Errors
/// When the SVG cannot be read, or the size is 0 or more than 4096, or it would take too much.
pub fn pixels(svg: &str, size: u32) -> Result<Vec<Pixel>, DrawError> {
    if !(1..=4096).contains(&size) {
        return Err(DrawError::Size { size });
    }
    // Nothing outside is read, no file either.
    let options = Options {
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| DrawError::Svg {
        reason: error.to_string(),
    })?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = size as f32 / width.max(height);
    let transform = Transform::from_translate(-width / 2.0, -height / 2.0)
        .post_scale(scale, scale)
        .post_translate(size as f32 / 2.0, size as f32 / 2.0);
    if !cost::is_affordable(&tree, transform, f64::from(size) * f64::from(size)) {
        return Err(DrawError::Costly);
    }
    let mut pixmap = Pixmap::new(size, size).ok_or(DrawError::Size { size })?;
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    let pixels = pixmap.pixels().iter().map(|pixel| {
        let colour = pixel.demultiply();
        [colour.red(), colour.green(), colour.blue(), colour.alpha()]
    });
    Ok(pixels.collect())
}

/// Red, green, blue and opacity.
pub type Pixel = [u8; 4];

/// The most colours of a picture.
const COLOURS: usize = 48;
/// How far colours are apart at least, squared.
const APART: u32 = 12 * 12;

/// A few colours, and which of them each pixel has: a third of the bytes, and no difference that
/// can be seen, because drawings have few colours and only blend them at their edges.
fn indexed(pixels: &[Pixel]) -> (Vec<Pixel>, Vec<u8>) {
    let mut counts: BTreeMap<Pixel, u32> = BTreeMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut by_count: Vec<(u32, Pixel)> = counts
        .into_iter()
        .map(|(pixel, count)| (count, pixel))
        .collect();
    by_count.sort_unstable_by(|one, other| other.cmp(one));
    let mut colours: Vec<Pixel> = Vec::new();
    for (_, pixel) in &by_count {
        let is_new = colours
            .iter()
            .all(|colour| distance(*colour, *pixel) > APART);
        if is_new && colours.len() < COLOURS {
            colours.push(*pixel);
        }
    }
    let nearest: BTreeMap<Pixel, u8> = by_count
        .iter()
        .map(|(_, pixel)| (*pixel, nearest(&colours, *pixel)))
        .collect();
    let indices = pixels.iter().map(|pixel| nearest[pixel]).collect();
    (colours, indices)
}

fn nearest(colours: &[Pixel], pixel: Pixel) -> u8 {
    let closest = (0..=u8::MAX)
        .zip(colours)
        .min_by_key(|(_, colour)| distance(**colour, pixel));
    closest.map_or(0, |(index, _)| index)
}

/// The square of the distance between two colours.
fn distance(one: Pixel, other: Pixel) -> u32 {
    let channels = one.into_iter().zip(other);
    channels
        .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
        .sum()
}

fn encode(size: u32, colours: &[Pixel], indices: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size, size);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let channels = |from, to| {
        colours
            .iter()
            .flat_map(move |colour| colour[from..to].to_vec())
    };
    encoder.set_palette(channels(0, 3).collect::<Vec<u8>>());
    encoder.set_trns(channels(3, 4).collect::<Vec<u8>>());
    let mut writer = encoder.write_header()?;
    writer.write_image_data(indices)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_emblem_is_small_and_can_be_baked() {
        for number in 0..6 {
            let image = png(&super::super::emblem(&format!("Badge {number}")), 512).unwrap();
            assert!(image.len() < 20_000, "{number}: {} bytes", image.len());
            crate::bake::bake("{\"a\":1}", &image).unwrap();
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_an_error() {
        let emblem = super::super::emblem("Editor");
        assert_eq!(png(&emblem, 0), Err(DrawError::Size { size: 0 }));
        assert_eq!(png(&emblem, 5000), Err(DrawError::Size { size: 5000 }));
        assert!(matches!(png("<html/>", 64), Err(DrawError::Svg { .. })));
    }

    #[test]
    fn what_would_take_hours_is_not_begun() {
        let svg = |content: &str| {
            format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'>{content}</svg>")
        };
        let filter = |primitives: &str| {
            svg(&format!(
                "<filter id='f'>{primitives}</filter><circle r='50' filter='url(#f)'/>"
            ))
        };
        let layers = |count: usize| {
            let open = "<g opacity='.5'><rect x='-200' y='-200' width='500' height='500'/>";
            svg(&(open.repeat(count) + &"</g>".repeat(count)))
        };
        for cheap in [
            filter("<feGaussianBlur stdDeviation='4'/>"),
            filter("<feMorphology radius='1'/>"),
            filter("<feTurbulence baseFrequency='.1' numOctaves='2'/>"),
            svg("<path d='M0 0H100' stroke='red' stroke-dasharray='2'/>"),
            layers(2),
        ] {
            assert!(pixels(&cheap, 512).is_ok(), "{cheap}");
        }
        for costly in [
            filter("<feGaussianBlur stdDeviation='1e30'/>"),
            filter("<feMorphology radius='1000'/>"),
            filter("<feTurbulence baseFrequency='.1' numOctaves='99999'/>"),
            filter(&"<feGaussianBlur stdDeviation='4'/>".repeat(500)),
            svg(&"<path d='M0 0H1e6' stroke='red' stroke-dasharray='1'/>".repeat(50)),
            svg(
                "<pattern id='p' width='30000' height='30000' patternUnits='userSpaceOnUse'>\
                 <rect width='9' height='9'/></pattern><rect width='9' height='9' fill='url(#p)'/>",
            ),
            layers(30),
        ] {
            assert_eq!(pixels(&costly, 512), Err(DrawError::Costly), "{costly}");
        }
    }

    #[test]
    fn nothing_outside_is_read() {
        let svg = |content: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
                 width=\"8\" height=\"4\">{content}</svg>"
            )
        };
        let image = "<image xlink:href=\"/etc/hostname\" width=\"8\" height=\"4\"/>";
        assert_eq!(png(&svg(image), 16), png(&svg(""), 16));
    }
}
