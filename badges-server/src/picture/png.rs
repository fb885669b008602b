//! PNG: pixels are read and written; nothing else passes.

use std::collections::BTreeSet;
use std::io::Cursor;

use badges_core::bake::Format;
use badges_core::draw::Pixel;
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, Transformations};

use super::{Accepted, Picture, Refused, Remark};

/// The longest PNG that is taken, in bytes.
const MOST_BYTES: usize = 2 << 20;
/// The longest PNG that is made of one that was taken. Others may have packed it better.
const MOST_WRITTEN: usize = 2 * MOST_BYTES;
/// The longest side, in pixels.
const MOST_PIXELS: u32 = 3000;
/// What the decoder may allocate, and what the pixels may take, in bytes.
const MOST_MEMORY: usize = 48 << 20;

/// Colours, and where they stand among the visible: all that a picture needs.
const NEEDED: [&[u8; 4]; 9] = [
    b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"sBIT",
];

pub(super) fn accept(bytes: &[u8]) -> Result<Accepted, Refused> {
    if bytes.len() > MOST_BYTES {
        return Err(Refused::TooLarge {
            bytes: bytes.len(),
            most: MOST_BYTES,
        });
    }
    let Frame { data, info, .. } = Frame::read(bytes, Transformations::IDENTITY)?;
    let mut written = Vec::new();
    let mut encoder = Encoder::new(&mut written, info.width, info.height);
    encoder.set_color(info.color_type);
    encoder.set_depth(info.bit_depth);
    encoder.set_compression(Compression::Balanced);
    if let Some(palette) = info.palette {
        encoder.set_palette(palette);
    }
    if let Some(transparent) = info.trns {
        encoder.set_trns(transparent);
    }
    if let Some(intent) = info.srgb {
        encoder.set_source_srgb(intent);
    } else {
        if let Some(gamma) = info.gama_chunk {
            encoder.set_source_gamma(gamma);
        }
        if let Some(chromaticities) = info.chrm_chunk {
            encoder.set_source_chromaticities(chromaticities);
        }
    }
    let mut writer = encoder.write_header().map_err(damaged)?;
    writer.write_image_data(&data).map_err(damaged)?;
    writer.finish().map_err(damaged)?;
    if written.len() > MOST_WRITTEN {
        return Err(Refused::TooLarge {
            bytes: written.len(),
            most: MOST_WRITTEN,
        });
    }
    Ok(Accepted {
        picture: Picture {
            format: Format::Png,
            bytes: written,
            width: info.width,
            height: info.height,
        },
        remarks: remarks(bytes),
    })
}

/// Width, height and the pixels, row by row.
pub(super) fn pixels(bytes: &[u8]) -> Result<(u32, u32, Vec<Pixel>), Refused> {
    let everything = Transformations::normalize_to_color8() | Transformations::ALPHA;
    let frame = Frame::read(bytes, everything)?;
    let pixels = match frame.color_type {
        ColorType::GrayscaleAlpha => {
            let pairs = frame.data.chunks_exact(2);
            pairs.map(|at| [at[0], at[0], at[0], at[1]]).collect()
        }
        _ => {
            let pixels = frame.data.chunks_exact(4);
            pixels.map(|at| [at[0], at[1], at[2], at[3]]).collect()
        }
    };
    Ok((frame.info.width, frame.info.height, pixels))
}

/// Pixels as PNG.
pub(super) fn encode(width: u32, height: u32, pixels: &[Pixel]) -> Result<Vec<u8>, Refused> {
    let is_opaque = pixels.iter().all(|pixel| pixel[3] == u8::MAX);
    let (colours, channels) = if is_opaque {
        (ColorType::Rgb, 3)
    } else {
        (ColorType::Rgba, 4)
    };
    let data: Vec<u8> = pixels
        .iter()
        .flat_map(|pixel| pixel.iter().take(channels).copied())
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(colours);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    let mut writer = encoder.write_header().map_err(damaged)?;
    writer.write_image_data(&data).map_err(damaged)?;
    writer.finish().map_err(damaged)?;
    Ok(bytes)
}

/// The first picture of a PNG.
struct Frame {
    data: Vec<u8>,
    color_type: ColorType,
    info: png::Info<'static>,
}

impl Frame {
    fn read(bytes: &[u8], transformations: Transformations) -> Result<Self, Refused> {
        let limits = Limits { bytes: MOST_MEMORY };
        let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        decoder.set_transformations(transformations);
        let header = decoder.read_header_info().map_err(damaged)?;
        let (width, height) = (header.width, header.height);
        let too_many = Refused::TooManyPixels {
            width,
            height,
            most: MOST_PIXELS,
        };
        if width.max(height) > MOST_PIXELS {
            return Err(too_many);
        }
        let mut reader = decoder.read_info().map_err(damaged)?;
        let size = reader.output_buffer_size();
        let mut data = match size {
            Some(size) if size <= MOST_MEMORY => vec![0; size],
            _ => return Err(too_many),
        };
        let frame = reader.next_frame(&mut data).map_err(damaged)?;
        data.truncate(frame.buffer_size());
        Ok(Self {
            data,
            color_type: frame.color_type,
            info: reader.info().clone(),
        })
    }
}

/// What the PNG held beside its pixels. It has been read, so its chunks follow one another at least
/// to the last one with pixels.
fn remarks(bytes: &[u8]) -> BTreeSet<Remark> {
    let mut remarks = BTreeSet::new();
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let [a, b, c, d, kind @ ..] = *head;
        match &kind {
            b"acTL" | b"fcTL" | b"fdAT" => remarks.insert(Remark::Animation),
            kind => !NEEDED.contains(&kind) && remarks.insert(Remark::Details),
        };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = after.get(length.saturating_add(4)..).unwrap_or_default();
        if &kind == b"IEND" {
            break;
        }
    }
    if !rest.is_empty() {
        remarks.insert(Remark::Details);
    }
    remarks
}

fn damaged(error: impl std::fmt::Display) -> Refused {
    Refused::Png {
        reason: error.to_string(),
    }
}
