//! Unpacks the data and puts the names in order.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::Town;
use crate::fold::fold;

static DATA: &[u8] = include_bytes!("../data/towns.txt.z");

/// A name of a town: a piece of [`Gazetteer::names`].
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    start: u32,
    length: u16,
    pub(crate) town: u32,
}

/// The towns and their names.
pub(crate) struct Gazetteer {
    /// The larger first.
    pub(crate) towns: Vec<Town>,
    /// Codes of countries by their folded names.
    pub(crate) countries: HashMap<String, String>,
    /// Codes of regions by country and folded name.
    pub(crate) regions: HashMap<(String, String), String>,
    /// All folded names, one behind the other.
    names: String,
    /// In the order of the names, the larger town first.
    entries: Vec<Entry>,
}

impl Gazetteer {
    /// Reads the data that the program carries. They are made with it, so nothing in them can be wrong; a line that were is left out.
    pub(crate) fn load() -> Gazetteer {
        let mut text = String::new();
        if ZlibDecoder::new(DATA).read_to_string(&mut text).is_err() {
            text.clear();
        }
        let mut made = Gazetteer {
            towns: Vec::new(),
            countries: HashMap::new(),
            regions: HashMap::new(),
            names: String::new(),
            entries: Vec::new(),
        };
        let mut parts = text.split("\n\n");
        for (code, names) in parts.next().unwrap_or_default().lines().filter_map(|line| line.split_once('\t')) {
            made.countries.insert(fold(code), code.to_owned());
            made.countries.extend(names.split('|').map(|name| (name.to_owned(), code.to_owned())));
        }
        for line in parts.next().unwrap_or_default().lines() {
            if let [country, code, name] = line.split('\t').collect::<Vec<_>>().as_slice() {
                made.regions.insert(((*country).into(), (*name).into()), (*code).into());
                made.regions.insert(((*country).into(), fold(code)), (*code).into());
            }
        }
        for line in parts.next().unwrap_or_default().lines() {
            made.add_town(line);
        }
        let Gazetteer { names, entries, .. } = &mut made;
        entries.sort_unstable_by(|a, b| piece(names, *a).cmp(piece(names, *b)).then(a.town.cmp(&b.town)));
        made
    }

    fn add_town(&mut self, line: &str) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [country, region, latitude, longitude, thousands, names] = cells.as_slice() else { return };
        let (Ok(latitude), Ok(longitude)) = (latitude.parse::<i64>(), longitude.parse::<i64>()) else { return };
        let Ok(town) = u32::try_from(self.towns.len()) else { return };
        let mut names = names.split('|');
        let mut shown = || names.next().unwrap_or_default();
        let [english, russian, ukrainian] = [shown(), shown(), shown()];
        let or_english = |name: &str| if name.is_empty() { english.to_owned() } else { name.to_owned() };
        let mut own: Vec<String> = Vec::with_capacity(3);
        for name in [english, russian, ukrainian] {
            let folded = fold(name);
            if !folded.is_empty() && !own.contains(&folded) {
                own.push(folded);
            }
        }
        for name in own.iter().map(String::as_str).chain(names) {
            self.add_name(name, town);
        }
        self.towns.push(Town {
            country: (*country).to_owned(),
            region: (*region).to_owned(),
            latitude_e6: latitude * 100,
            longitude_e6: longitude * 100,
            thousands: thousands.parse().unwrap_or(0),
            names: [english.to_owned(), or_english(russian), or_english(ukrainian)],
        });
    }

    fn add_name(&mut self, name: &str, town: u32) {
        let (Ok(start), Ok(length)) = (u32::try_from(self.names.len()), u16::try_from(name.len())) else { return };
        self.names.push_str(name);
        self.entries.push(Entry { start, length, town });
    }

    /// The towns with names that begin with a folded text, each with its name, in the order of the names.
    pub(crate) fn beginning_with<'a, 'n>(
        &'a self,
        start: &'n str,
    ) -> impl Iterator<Item = (&'a str, &'a Town)> + use<'a, 'n> {
        let from = self.entries.partition_point(|entry| piece(&self.names, *entry) < start);
        let rest = self.entries.get(from..).unwrap_or_default().iter();
        rest.map(|entry| (piece(&self.names, *entry), entry.town))
            .take_while(move |(name, _)| name.starts_with(start))
            .filter_map(|(name, town)| Some((name, self.towns.get(usize::try_from(town).ok()?)?)))
    }
}

fn piece(names: &str, entry: Entry) -> &str {
    let start = entry.start as usize;
    names.get(start..start + usize::from(entry.length)).unwrap_or_default()
}
