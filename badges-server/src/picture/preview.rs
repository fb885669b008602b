//! The picture that other sites show beside a link to a badge.

use badges_core::bake::Format;
use badges_core::draw::Pixel;

use super::{Picture, Refused, drawn_pixels, png};

/// What the sites ask for.
const WIDTH: u32 = 1200;
const HEIGHT: u32 = 630;
/// The side of the square for the badge.
const BADGE: u32 = 500;
/// The height of the band below.
const BAND: u32 = 18;

/// A PNG of 1200 by 630 pixels: the badge in the middle of a calm ground in its own colour. There
/// are no words on it, which the sites take from the page, in the page's language.
pub(crate) fn preview(badge: &Picture) -> Result<Vec<u8>, Refused> {
    let badge = match badge.format {
        Format::Svg => drawn_pixels(&badge.bytes, BADGE)?,
        Format::Png => {
            let (width, height, pixels) = png::pixels(&badge.bytes)?;
            fitted(width, height, &pixels)
        }
    };
    let colour = mean(&badge);
    let ground = mixed(colour, [255, 255, 255], 0.9);
    let band = mixed(colour, [40, 40, 40], 0.25);
    let opaque = |[red, green, blue]: Rgb| [red, green, blue, u8::MAX];
    let mut pixels: Vec<Pixel> = Vec::with_capacity((WIDTH * HEIGHT) as usize);
    let (left, top) = ((WIDTH - BADGE) / 2, (HEIGHT - BAND - BADGE) / 2);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let inside = x.checked_sub(left).zip(y.checked_sub(top));
            let inside = inside.filter(|(x, y)| *x < BADGE && *y < BADGE);
            pixels.push(match inside {
                _ if y >= HEIGHT - BAND => opaque(band),
                Some((x, y)) => over(badge[(y * BADGE + x) as usize], ground),
                None => opaque(ground),
            });
        }
    }
    png::encode(WIDTH, HEIGHT, &pixels)
}

type Rgb = [u8; 3];

/// The pixels on a square of [`BADGE`] by [`BADGE`], as large as fits. Each pixel there is the mean
/// of those that it covers, or the one that covers it.
fn fitted(width: u32, height: u32, pixels: &[Pixel]) -> Vec<Pixel> {
    let longer = u64::from(width.max(height));
    let side = u64::from(BADGE);
    // A pixel of the square, from the edge of the picture, to pixels of the picture.
    let source = |at: u64, length: u32| {
        let margin = (longer - u64::from(length)) * side / longer / 2;
        let length = u64::from(length);
        let at = at.checked_sub(margin)?;
        let from = at * longer / side;
        let to = ((at + 1) * longer).div_ceil(side).min(length);
        (from < length).then_some(from..to)
    };
    let square = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let covered = square.map(|(x, y)| {
        let (Some(columns), Some(rows)) = (source(x, width), source(y, height)) else {
            return [0; 4];
        };
        let of_row = |row: u64| {
            let start = row * u64::from(width);
            &pixels[(start + columns.start) as usize..(start + columns.end) as usize]
        };
        average(rows.flat_map(of_row))
    });
    covered.collect()
}

/// The mean of some pixels; the more transparent one is, the less does its colour count.
fn average<'p>(pixels: impl Iterator<Item = &'p Pixel>) -> Pixel {
    let (mut sums, mut opacity, mut count) = ([0_u64; 3], 0_u64, 0_u64);
    for [colour @ .., alpha] in pixels {
        let alpha = u64::from(*alpha);
        for (sum, channel) in sums.iter_mut().zip(colour) {
            *sum += u64::from(*channel) * alpha;
        }
        opacity += alpha;
        count += 1;
    }
    // No mean is more than what it is the mean of.
    let channel = |sum: u64, of: u64| sum.checked_div(of).unwrap_or_default() as u8;
    let [red, green, blue] = sums.map(|sum| channel(sum, opacity));
    [red, green, blue, channel(opacity, count)]
}

fn mean(pixels: &[Pixel]) -> Rgb {
    let [red, green, blue, _] = average(pixels.iter());
    [red, green, blue]
}

/// So much of the other colour.
fn mixed(one: Rgb, other: Rgb, share: f32) -> Rgb {
    let mix = |index: usize| {
        let (one, other) = (f32::from(one[index]), f32::from(other[index]));
        (one + (other - one) * share).round() as u8
    };
    [mix(0), mix(1), mix(2)]
}

fn over([red, green, blue, alpha]: Pixel, ground: Rgb) -> Pixel {
    let share = 1.0 - f32::from(alpha) / 255.0;
    let [red, green, blue] = mixed([red, green, blue], ground, share);
    [red, green, blue, u8::MAX]
}
