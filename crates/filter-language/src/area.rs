//! A part of the map, as a filter writes it: `"50.2 30.1, 50.6 30.9"`, or `"50 30, 51 30, 51 31"`.
//!
//! Points are latitude and longitude in degrees, WGS 84. Two of them are opposite corners of a rectangle along the meridians, edges
//! included; three or more are the corners of a polygon whose edges are straight in degrees. All is counted in millionths of a degree with
//! whole numbers, so that a database gives the same answer to the last point.

use std::fmt;
use std::str::FromStr;

/// Most corners of a polygon.
pub const MAX_CORNERS: usize = 100;
/// Millionths of a degree.
const DEGREE: f64 = 1e6;

/// A point in millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// North of the equator.
    pub latitude_e6: i64,
    /// East of Greenwich.
    pub longitude_e6: i64,
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    corners: Vec<Point>,
}

/// Answered when a text is no area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an area is two or more points, such as \"50.2 30.1, 50.6 30.9\"")]
pub struct NotAnArea;

impl Area {
    /// The rectangle between two corners.
    pub fn rectangle(one: Point, other: Point) -> Area {
        Area { corners: vec![one, other] }
    }

    /// The smallest and the largest latitude and longitude of it.
    pub fn bounds(&self) -> (Point, Point) {
        let mut corners = self.corners.iter().copied();
        let first = corners.next().unwrap_or(Point { latitude_e6: 0, longitude_e6: 0 });
        corners.fold((first, first), |(low, high), corner| {
            let meet = |one: Point, other: Point, pick: fn(i64, i64) -> i64| Point {
                latitude_e6: pick(one.latitude_e6, other.latitude_e6),
                longitude_e6: pick(one.longitude_e6, other.longitude_e6),
            };
            (meet(low, corner, i64::min), meet(high, corner, i64::max))
        })
    }

    /// The edges of a polygon from one corner to the next, those along a parallel left out: they are never crossed. None for a rectangle.
    /// From the southern end to the northern one.
    pub fn edges(&self) -> Vec<(Point, Point)> {
        if self.corners.len() < 3 {
            return Vec::new();
        }
        let next = self.corners.iter().cycle().skip(1);
        let edges = self.corners.iter().zip(next).filter(|(from, to)| from.latitude_e6 != to.latitude_e6);
        edges.map(|(from, to)| if from.latitude_e6 < to.latitude_e6 { (*from, *to) } else { (*to, *from) }).collect()
    }

    /// Whether a point lies in it: within the bounds, and crossed by an odd number of edges to the east of it.
    pub fn holds(&self, point: Point) -> bool {
        let (low, high) = self.bounds();
        let is_near = (low.latitude_e6..=high.latitude_e6).contains(&point.latitude_e6)
            && (low.longitude_e6..=high.longitude_e6).contains(&point.longitude_e6);
        if self.corners.len() < 3 || !is_near {
            return is_near;
        }
        let crossed = self.edges().into_iter().filter(|(south, north)| {
            // At most 180 million times 360 million twice: far below 2^63.
            let width = north.longitude_e6 - south.longitude_e6;
            let height = north.latitude_e6 - south.latitude_e6;
            south.latitude_e6 <= point.latitude_e6
                && point.latitude_e6 < north.latitude_e6
                && (point.longitude_e6 - south.longitude_e6) * height < width * (point.latitude_e6 - south.latitude_e6)
        });
        crossed.count() % 2 == 1
    }
}

impl FromStr for Area {
    type Err = NotAnArea;

    fn from_str(text: &str) -> Result<Area, NotAnArea> {
        let corners: Vec<Point> = text.split(',').map(read_point).collect::<Option<_>>().ok_or(NotAnArea)?;
        if (2..=MAX_CORNERS).contains(&corners.len()) { Ok(Area { corners }) } else { Err(NotAnArea) }
    }
}

fn read_point(text: &str) -> Option<Point> {
    let (latitude, longitude) = text.trim().split_once(' ')?;
    let read = |text: &str, limit: f64| {
        let degrees: f64 = text.trim().parse().ok()?;
        #[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
        (-limit..=limit).contains(&degrees).then(|| (degrees * DEGREE).round() as i64)
    };
    Some(Point { latitude_e6: read(latitude, 90.0)?, longitude_e6: read(longitude, 180.0)? })
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, corner) in self.corners.iter().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            #[expect(clippy::cast_precision_loss, reason = "at most 180 million")]
            let degrees = |millionths: i64| millionths as f64 / DEGREE;
            write!(f, "{separator}{} {}", degrees(corner.latitude_e6), degrees(corner.longitude_e6))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn holds(area: &str, point: &str) -> bool {
        area.parse::<Area>().unwrap().holds(read_point(point).unwrap())
    }

    #[test]
    fn rectangles_hold_their_edges() {
        for inside in ["50 30", "51 31", "50.5 30.5", "51 30.2"] {
            assert!(holds("50 30, 51 31", inside) && holds("51 30, 50 31", inside), "{inside}");
        }
        for outside in ["49.999999 30.5", "50.5 31.000001"] {
            assert!(!holds("50 30, 51 31", outside), "{outside}");
        }
        assert!(holds("50 30, 50 30", "50 30"));
    }

    #[test]
    fn polygons_may_be_hollow_and_touch_no_point_twice() {
        // A horseshoe, open to the east.
        let horseshoe = "0 0, 0 10, 2 10, 2 2, 8 2, 8 10, 10 10, 10 0";
        for (point, expect) in
            [("1 5", true), ("5 1", true), ("9 5", true), ("5 5", false), ("5 11", false), ("-1 5", false)]
        {
            assert_eq!(holds(horseshoe, point), expect, "{point}");
        }
        // Two areas with a common edge share the points of it among them.
        for point in ["5 5", "5 0.5", "2 2", "9.999999 1"] {
            let one = holds("0 0, 0 5, 10 5, 10 0", point);
            let other = holds("0 5, 0 10, 10 10, 10 5", point);
            assert!(one ^ other, "{point}");
        }
    }

    #[test]
    fn texts_are_read_and_printed() {
        let text = "50.2 30.1, 50.6 -30.912345, -5 180";
        assert_eq!(text.parse::<Area>().unwrap().to_string(), text);
        for wrong in
            ["", "50 30", "50, 30", "50 30, 91 30", "50 30, 51 181", "50 30, x y", "50 30, NaN 31", "50 30, 51"]
        {
            assert_eq!(wrong.parse::<Area>(), Err(NotAnArea), "{wrong}");
        }
        assert_eq!(vec!["1 1"; MAX_CORNERS + 1].join(", ").parse::<Area>(), Err(NotAnArea));
    }
}
