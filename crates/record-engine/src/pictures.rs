//! Pictures of records: an upload becomes a small picture of our own making.
//!
//! What must stay true: bytes of a stranger are never stored or sent as a picture. What is kept was decoded within limits and encoded anew, so
//! it holds pixels and nothing else: no place where a photo was taken, no second file behind the first. The decision stands in
//! `docs/decisions/0013-pictures-are-made-anew.md`.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage, Rgba,
};
use serde::{Deserialize, Serialize};

/// Longest side of an upload, in pixels.
const MAX_SIDE: u32 = 12_000;
/// Most pixels of an upload. Cameras of phones make 12 to 24 million.
const MAX_PIXELS: u64 = 25_000_000;
/// Most memory that a decoder may take, in bytes: four for each of the pixels, and some room.
const MAX_DECODER_BYTES: u64 = 128 * 1024 * 1024;
/// One picture at a time: a progressive JPEG takes some hundred megabytes beyond what its decoder is allowed.
static DECODING: Mutex<()> = Mutex::new(());
/// Quality of a JPEG, of 100.
const JPEG_QUALITY: u8 = 85;
/// Shortest and longest side that a field may ask for, in pixels.
const SIDES_OF_A_BOX: std::ops::RangeInclusive<u32> = 16..=2_000;

/// What two pictures are made to fit into to be compared.
const SAMPLE: PictureBox = PictureBox::within(64, 64);
/// Into how many blocks a sample is divided, in each direction.
const BLOCKS: u32 = 8;
/// How much a colour of a sample may differ on average, of 255: encoding anew changes one or two, three where hard edges are encoded badly, and up to
/// five when the picture is made smaller too.
const MOST_DIFFERENCE: u64 = 6;
/// The same within a block, where a small change on a plain ground is no small one.
const MOST_BLOCK_DIFFERENCE: u64 = 12;

/// The room of a picture, in pixels. A smaller picture keeps its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureBox {
    /// Widest.
    pub max_width: u32,
    /// Highest.
    pub max_height: u32,
    /// What is longer than it is wide, or wider than long, loses what stands over: faces are squares. The box is one, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_square: bool,
}

impl PictureBox {
    /// The box of whole pictures, whatever their sides.
    pub const fn within(max_width: u32, max_height: u32) -> PictureBox {
        PictureBox { max_width, max_height, is_square: false }
    }

    /// The box of pictures that are cut to a square.
    pub const fn square(side: u32) -> PictureBox {
        PictureBox { max_width: side, max_height: side, is_square: true }
    }

    /// Whether both sides are between 16 and 2,000 pixels, and alike where that is asked for.
    pub fn is_sensible(self) -> bool {
        let is_even = !self.is_square || self.max_width == self.max_height;
        is_even && SIDES_OF_A_BOX.contains(&self.max_width) && SIDES_OF_A_BOX.contains(&self.max_height)
    }

    /// Whether a picture of this width and height fits.
    pub fn holds(self, (width, height): (i64, i64)) -> bool {
        let is_even = !self.is_square || width == height;
        is_even && width <= i64::from(self.max_width) && height <= i64::from(self.max_height)
    }

    /// The box for a picture that is turned by a quarter afterwards.
    fn turned(self) -> PictureBox {
        PictureBox { max_width: self.max_height, max_height: self.max_width, ..self }
    }
}

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A whole file: JPEG, or PNG when something of it is transparent.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// The ending of its name, without the dot.
    pub ending: &'static str,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Neither JPEG nor PNG nor WebP.
    #[error("neither JPEG nor PNG nor WebP")]
    UnknownFormat,
    /// It begins like a picture and cannot be decoded.
    #[error("the picture is damaged")]
    Damaged,
    /// Decoding would take too much memory.
    #[error("too many pixels")]
    TooManyPixels {
        /// The most, in millions.
        max_megapixels: u64,
    },
}

impl PictureError {
    /// Its stable code.
    pub fn code(self) -> &'static str {
        match self {
            PictureError::UnknownFormat => "not_a_picture",
            PictureError::Damaged => "picture_damaged",
            PictureError::TooManyPixels { .. } => "picture_too_many_pixels",
        }
    }

    /// The most pixels, in millions, where that is what is wrong.
    pub fn max_megapixels(self) -> Option<u64> {
        match self {
            PictureError::TooManyPixels { max_megapixels } => Some(max_megapixels),
            PictureError::UnknownFormat | PictureError::Damaged => None,
        }
    }
}

/// Makes a picture out of an upload: the right way up, fitting into the box, without anything that is no pixel.
///
/// # Errors
/// What is wrong with the upload.
pub fn fit(upload: &[u8], into: PictureBox) -> Result<Picture, PictureError> {
    // Nothing is behind the lock but the turn: who broke while he had it left nothing half done.
    let _turn = DECODING.lock().unwrap_or_else(PoisonError::into_inner);
    fit_within(upload, into, MAX_SIDE, MAX_PIXELS)
}

/// Whether two pictures show the same, as far as an encoder anew leaves it the same: a phone encodes each picture that it sends. What cannot be
/// read looks like nothing.
pub fn look_alike(one: &[u8], other: &[u8]) -> bool {
    let (Some(one), Some(other)) = (sample(one), sample(other)) else { return false };
    let is_near = |one: u32, other: u32| one.abs_diff(other) <= 1;
    if !is_near(one.width(), other.width()) || !is_near(one.height(), other.height()) {
        return false;
    }
    // A picture that was made smaller meanwhile may be rounded to another side.
    let exact = |picture: &RgbImage| {
        image::imageops::resize(picture, SAMPLE.max_width, SAMPLE.max_height, FilterType::Triangle)
    };
    let (one, other) = (exact(&one), exact(&other));
    let mut blocks = [[0_u64; BLOCKS as usize]; BLOCKS as usize];
    for ((x, y, a), b) in one.enumerate_pixels().zip(other.pixels()) {
        let difference: u64 = a.0.iter().zip(b.0).map(|(a, b)| u64::from(a.abs_diff(b))).sum();
        let block = (x * BLOCKS / SAMPLE.max_width, y * BLOCKS / SAMPLE.max_height);
        if let Some(sum) = blocks.get_mut(block.0 as usize).and_then(|column| column.get_mut(block.1 as usize)) {
            *sum += difference;
        }
    }
    let colours = u64::from(SAMPLE.max_width * SAMPLE.max_height) * 3;
    let colours_of_block = colours / u64::from(BLOCKS * BLOCKS);
    let whole: u64 = blocks.as_flattened().iter().sum();
    whole <= colours * MOST_DIFFERENCE
        && blocks.as_flattened().iter().all(|sum| *sum <= colours_of_block * MOST_BLOCK_DIFFERENCE)
}

/// A small picture of a file, on white where it is transparent: what lies below that is seen by nobody.
fn sample(bytes: &[u8]) -> Option<RgbImage> {
    let _turn = DECODING.lock().unwrap_or_else(PoisonError::into_inner);
    let small = decode_within(bytes, SAMPLE, MAX_SIDE, MAX_PIXELS).ok()?.to_rgba8();
    let on_white = |Rgba([red, green, blue, alpha]): Rgba<u8>| {
        let mix = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([red, green, blue].map(mix))
    };
    Some(RgbImage::from_fn(small.width(), small.height(), |x, y| on_white(*small.get_pixel(x, y))))
}

fn fit_within(upload: &[u8], into: PictureBox, max_side: u32, max_pixels: u64) -> Result<Picture, PictureError> {
    encode(&decode_within(upload, into, max_side, max_pixels)?).map_err(|_| PictureError::Damaged)
}

fn decode_within(
    upload: &[u8],
    into: PictureBox,
    max_side: u32,
    max_pixels: u64,
) -> Result<DynamicImage, PictureError> {
    let format = image::guess_format(upload).map_err(|_| PictureError::UnknownFormat)?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(PictureError::UnknownFormat);
    }
    let too_many = PictureError::TooManyPixels { max_megapixels: MAX_PIXELS / 1_000_000 };
    let refused = |error: ImageError| match error {
        ImageError::Limits(_) => too_many,
        _ => PictureError::Damaged,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(max_side);
    limits.max_image_height = Some(max_side);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refused)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > max_side
        || u64::from(width) * u64::from(height) > max_pixels
        || decoder.total_bytes() > MAX_DECODER_BYTES
    {
        return Err(too_many);
    }
    // What cannot be read of it does not make the picture worse than it would be without.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(refused)?;
    Ok(made_to_fit(decoded, orientation, into))
}

/// Small first, turned afterwards: turning a large picture takes its memory twice.
fn made_to_fit(picture: DynamicImage, orientation: Orientation, into: PictureBox) -> DynamicImage {
    let is_quarter = matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let into = if is_quarter { into.turned() } else { into };
    if into.is_square {
        return cut_square(picture, orientation, into.max_width);
    }
    let (width, height) = picture.dimensions();
    let mut fitting = if width > into.max_width || height > into.max_height {
        picture.resize(into.max_width, into.max_height, FilterType::CatmullRom)
    } else {
        picture
    };
    fitting.apply_orientation(orientation);
    fitting
}

/// The shorter side becomes that of the square. What goes of a portrait goes below rather than above, for faces stand in its upper half.
fn cut_square(picture: DynamicImage, orientation: Orientation, side: u32) -> DynamicImage {
    let (width, height) = picture.dimensions();
    let mut small = if width.min(height) > side {
        let scaled = |own: u32| {
            let long = u64::from(own) * u64::from(side) / u64::from(width.min(height));
            u32::try_from(long).unwrap_or(MAX_SIDE).max(side)
        };
        picture.resize_exact(scaled(width), scaled(height), FilterType::CatmullRom)
    } else {
        picture
    };
    small.apply_orientation(orientation);
    let (width, height) = small.dimensions();
    let side = width.min(height);
    small.crop_imm((width - side) / 2, (height - side) / 4, side, side)
}

fn encode(picture: &DynamicImage) -> Result<Picture, ImageError> {
    let (width, height) = picture.dimensions();
    let mut bytes = Vec::new();
    let with_alpha = picture.color().has_alpha().then(|| picture.to_rgba8());
    match with_alpha.filter(|pixels| pixels.pixels().any(|pixel| pixel.0[3] < u8::MAX)) {
        Some(pixels) => {
            pixels.write_with_encoder(PngEncoder::new(&mut bytes))?;
            Ok(Picture { bytes, media_type: "image/png", ending: "png", width, height })
        }
        None => {
            picture.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
            Ok(Picture { bytes, media_type: "image/jpeg", ending: "jpg", width, height })
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use image::RgbaImage;

    use super::*;

    const BOX: PictureBox = PictureBox::within(200, 300);
    const RED: Rgb<u8> = Rgb([220, 20, 20]);
    const BLUE: Rgb<u8> = Rgb([20, 20, 220]);

    fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn plain(width: u32, height: u32) -> RgbImage {
        RgbImage::from_pixel(width, height, RED)
    }

    /// A JPEG with an EXIF block that names the orientation and, behind it, a text.
    fn jpeg_with_exif(picture: &RgbImage, orientation: u8, text: &str) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        exif.extend(text.as_bytes());
        let jpeg = file(picture.clone(), ImageFormat::Jpeg);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn every_kind_is_made_to_fit_and_never_larger() {
        let check = |width, height, expect: (u32, u32)| {
            for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
                let made = fit(&file(plain(width, height), format), BOX).unwrap();
                assert_eq!((made.width, made.height), expect, "{format:?} of {width}×{height}");
                assert_eq!(made.media_type, "image/jpeg");
                let read = image::load_from_memory_with_format(&made.bytes, ImageFormat::Jpeg).unwrap();
                assert_eq!(read.dimensions(), expect);
                assert!(BOX.holds((expect.0.into(), expect.1.into())));
            }
        };
        check(200, 300, (200, 300));
        check(201, 300, (200, 299));
        check(200, 301, (199, 300));
        check(40, 30, (40, 30));
        check(1, 1, (1, 1));
        check(400, 400, (200, 200));
        check(3000, 1, (200, 1));
    }

    #[test]
    fn the_way_up_is_kept_and_everything_else_in_the_file_is_not() {
        let wide = RgbImage::from_fn(400, 100, |x, _| if x < 200 { RED } else { BLUE });
        let made = fit(&jpeg_with_exif(&wide, 6, "50.4501 N, 30.5234 E"), BOX).unwrap();
        assert_eq!((made.width, made.height), (75, 300));
        let read = image::load_from_memory(&made.bytes).unwrap().to_rgb8();
        let (top, bottom) = (read.get_pixel(37, 30), read.get_pixel(37, 270));
        assert!(top.0[0] > 150 && bottom.0[2] > 150, "the left side comes up: {top:?} {bottom:?}");
        assert!(!made.bytes.windows(4).any(|part| part == b"Exif"));
        assert!(!made.bytes.windows(7).any(|part| part == b"50.4501"));

        let upright = fit(&jpeg_with_exif(&wide, 1, ""), BOX).unwrap();
        assert_eq!((upright.width, upright.height), (200, 50));
    }

    #[test]
    fn what_is_transparent_stays_so() {
        let logo = |alpha| RgbaImage::from_pixel(50, 20, Rgba([10, 200, 10, alpha]));
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let made = fit(&file(logo(254), format), BOX).unwrap();
            assert_eq!((made.media_type, made.ending), ("image/png", "png"));
            assert_eq!(image::load_from_memory(&made.bytes).unwrap().to_rgba8().get_pixel(0, 0).0[3], 254);
            assert_eq!(fit(&file(logo(255), format), BOX).unwrap().media_type, "image/jpeg");
        }
    }

    #[test]
    fn a_picture_that_was_encoded_anew_looks_the_same() {
        let striped = |red: u8| {
            RgbImage::from_fn(180, 120, |x, y| if (x / 9 + y / 11) % 2 == 0 { Rgb([red, 40, 90]) } else { BLUE })
        };
        let first = file(striped(200), ImageFormat::Png);
        let mut again = first.clone();
        for _ in 0..3 {
            again = fit(&again, BOX).unwrap().bytes;
            assert_ne!(again, first);
            assert!(look_alike(&first, &again));
        }
        assert!(!look_alike(&first, &file(striped(40), ImageFormat::Png)));
        assert!(!look_alike(&first, &file(plain(180, 120), ImageFormat::Png)));
        assert!(!look_alike(&first, &file(striped(200), ImageFormat::Png)[..40]));
        assert!(!look_alike(b"", b""));
    }

    #[test]
    fn a_small_change_is_one() {
        const WHITE: Rgb<u8> = Rgb([255, 255, 255]);
        const INK: Rgb<u8> = Rgb([20, 20, 20]);
        // A sign of a twentieth of the side on white, once here and once there, and none.
        let sign = |left: u32| {
            RgbImage::from_fn(200, 200, |x, y| {
                if (left..left + 10).contains(&x) && (95..105).contains(&y) { INK } else { WHITE }
            })
        };
        let png = |picture: RgbImage| file(picture, ImageFormat::Png);
        let (here, there, none) = (png(sign(40)), png(sign(140)), png(RgbImage::from_pixel(200, 200, WHITE)));
        assert!(!look_alike(&here, &there));
        assert!(!look_alike(&here, &none));
        // Encoded anew, worse than programs do, and smaller by a share that divides no side.
        let mut worse = Vec::new();
        sign(40).write_with_encoder(JpegEncoder::new_with_quality(&mut worse, 60)).unwrap();
        assert!(look_alike(&here, &worse));
        let smaller = PictureBox::within(90, 90);
        assert!(look_alike(&here, &fit(&here, smaller).unwrap().bytes));
        // Two logos of one ink: all that tells them apart is where they are transparent.
        let logo = |left: u32| {
            let seen = |x: u32| if (left..left + 60).contains(&x) { 255 } else { 0 };
            file(RgbaImage::from_fn(200, 100, |x, _| Rgba([20, 20, 20, seen(x)])), ImageFormat::Png)
        };
        assert!(look_alike(&logo(10), &logo(10)));
        assert!(!look_alike(&logo(10), &logo(100)));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let check = |upload: &[u8], expect| assert_eq!(fit(upload, BOX).err(), Some(expect), "{:?}", upload.get(..8));
        check(b"", PictureError::UnknownFormat);
        check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", PictureError::UnknownFormat);
        check(b"GIF89a\x01\0\x01\0", PictureError::UnknownFormat);
        check(b"BM\x3a\0\0\0", PictureError::UnknownFormat);
        check(b"\xff\xd8\xff\xe0 and then nothing", PictureError::Damaged);
        check(b"\x89PNG\r\n\x1a\n", PictureError::Damaged);
        let whole = file(plain(50, 50), ImageFormat::Png);
        check(whole.get(..whole.len() / 2).unwrap(), PictureError::Damaged);
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let check = |width, height, is_taken| {
            let upload = file(plain(width, height), ImageFormat::Png);
            assert_eq!(fit_within(&upload, BOX, 400, 100_000).is_ok(), is_taken, "{width}×{height}");
        };
        check(400, 250, true);
        check(401, 249, false);
        check(400, 251, false);
        // The head of a PNG that claims 12,001 pixels at each side, and no data: its size is looked at first.
        let mut bomb = file(plain(1, 1), ImageFormat::Png);
        for at in [16, 20] {
            bomb.get_mut(at..at + 4).unwrap().copy_from_slice(&12_001_u32.to_be_bytes());
        }
        let sum = crc32(bomb.get(12..29).unwrap());
        bomb.get_mut(29..33).unwrap().copy_from_slice(&sum.to_be_bytes());
        assert_eq!(fit(&bomb, BOX), Err(PictureError::TooManyPixels { max_megapixels: 25 }));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        let step = |sum: u32| if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
        !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
    }

    #[test]
    fn a_box_has_sensible_sides() {
        let check = |max_width, max_height, expect| {
            assert_eq!(PictureBox::within(max_width, max_height).is_sensible(), expect, "{max_width}×{max_height}");
        };
        check(16, 2_000, true);
        check(15, 300, false);
        check(200, 2_001, false);
        assert!(PictureBox::square(256).is_sensible());
        assert!(!PictureBox { is_square: true, ..BOX }.is_sensible());
    }

    #[test]
    fn a_face_is_cut_to_a_square() {
        let square = PictureBox::square(100);
        let check = |width, height, expect: u32| {
            let made = fit(&file(plain(width, height), ImageFormat::Png), square).unwrap();
            assert_eq!((made.width, made.height), (expect, expect), "{width}×{height}");
            assert!(square.holds((expect.into(), expect.into())));
        };
        check(400, 400, 100);
        check(300, 500, 100);
        check(500, 301, 100);
        check(40, 30, 30);
        check(3000, 1, 1);
        assert!(!square.holds((100, 99)));
        // Of a portrait three quarters of what goes are below; of a wide picture both sides alike, whichever way up it was kept.
        let seen = |upload: &[u8]| {
            let made = image::load_from_memory(&fit(upload, square).unwrap().bytes).unwrap().to_rgb8();
            let is_red = |x: u32, y: u32| made.get_pixel(x, y).0[0] > 150;
            (is_red(50, 3), is_red(50, 96), is_red(3, 50), is_red(96, 50))
        };
        let high = RgbImage::from_fn(200, 400, |_, y| if y < 60 { RED } else { BLUE });
        assert_eq!(seen(&file(high, ImageFormat::Png)), (true, false, false, false));
        let wide = RgbImage::from_fn(400, 200, |x, _| if x < 120 { RED } else { BLUE });
        assert_eq!(seen(&file(wide.clone(), ImageFormat::Png)), (false, false, true, false));
        assert_eq!(seen(&jpeg_with_exif(&wide, 6, "")), (true, false, false, false));
    }
}
