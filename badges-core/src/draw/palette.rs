//! Colours that go together. They are chosen in [OKLCH], where the same lightness
//! looks equally light in every hue, so that contrast does not depend on the choice.
//!
//! [OKLCH]: https://www.w3.org/TR/css-color-4/#ok-lab

use std::fmt;

/// A colour of sRGB, written as `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The colours of one badge.
pub(super) struct Palette {
    /// Edges and what lies behind.
    pub(super) deep: Colour,
    /// The badge itself.
    pub(super) main: Colour,
    /// The field on which the emblem stands.
    pub(super) field: Colour,
    /// Rays on the field, hardly lighter than it.
    pub(super) ray: Colour,
    /// Rings and the emblem's lit side.
    pub(super) accent: Colour,
    /// The emblem's other side.
    pub(super) shade: Colour,
    /// The ground of the name.
    pub(super) paper: Colour,
    /// The name.
    pub(super) ink: Colour,
}

/// Hues that look well when dark, in degrees; yellow does not.
const HUES: [f64; 12] = [
    12.0, 32.0, 52.0, 145.0, 162.0, 185.0, 212.0, 240.0, 262.0, 288.0, 318.0, 348.0,
];

impl Palette {
    /// The colours for a choice.
    pub(super) fn of(choice: u8) -> Self {
        let hue = HUES[usize::from(choice) % HUES.len()];
        // Gold; beside colours that are nearly golden themselves, a paler one.
        let near = (20.0..80.0).contains(&hue);
        let (lit, shaded) = if near { (0.08, 0.1) } else { (0.13, 0.135) };
        let brighter = if near { 0.05 } else { 0.0 };
        Self {
            deep: oklch(0.31, 0.095, hue),
            main: oklch(0.47, 0.14, hue),
            field: oklch(0.39, 0.12, hue),
            ray: oklch(0.43, 0.13, hue),
            accent: oklch(0.87 + brighter, lit, 88.0),
            shade: oklch(0.74 + brighter, shaded, 75.0),
            paper: oklch(0.975, 0.012, 88.0),
            ink: oklch(0.28, 0.075, hue),
        }
    }
}

/// The colour of a lightness (0 to 1), chroma and hue (degrees); less chroma where sRGB has no such
/// colour.
fn oklch(lightness: f64, chroma: f64, hue: f64) -> Colour {
    let radians = hue.to_radians();
    let mut chroma = chroma;
    loop {
        let linear = oklab(lightness, chroma * radians.cos(), chroma * radians.sin());
        let fits = linear
            .iter()
            .all(|channel| (-0.001..=1.001).contains(channel));
        if fits || chroma < 0.01 {
            return Colour(linear.map(encode));
        }
        chroma -= 0.004;
    }
}

/// OKLab to linear sRGB.
fn oklab(lightness: f64, a: f64, b: f64) -> [f64; 3] {
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701 * short,
    ]
}

/// The transfer function of sRGB.
fn encode(linear: f64) -> u8 {
    let linear = linear.clamp(0.0, 1.0);
    let encoded = if linear <= 0.003_130_8 {
        12.92 * linear
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    };
    (encoded * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(colour: Colour) -> f64 {
        let [red, green, blue] = colour.0.map(|channel| {
            let encoded = f64::from(channel) / 255.0;
            if encoded <= 0.04045 {
                encoded / 12.92
            } else {
                ((encoded + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(light: Colour, dark: Colour) -> f64 {
        (luminance(light) + 0.05) / (luminance(dark) + 0.05)
    }

    #[test]
    fn colours_are_those_of_the_standard() {
        assert_eq!(oklch(1.0, 0.0, 0.0).to_string(), "#ffffff");
        assert_eq!(oklch(0.0, 0.0, 0.0).to_string(), "#000000");
        assert_eq!(oklch(0.627_955, 0.257_68, 29.234).to_string(), "#ff0000");
    }

    #[test]
    fn every_hue_can_be_read() {
        for choice in 0..12 {
            let palette = Palette::of(choice);
            assert!(contrast(palette.paper, palette.ink) > 10.0, "{choice}");
            assert!(contrast(palette.accent, palette.ray) > 4.5, "{choice}");
            assert!(contrast(palette.shade, palette.ray) > 3.0, "{choice}");
            assert!(contrast(palette.accent, palette.main) > 3.0, "{choice}");
        }
    }
}
