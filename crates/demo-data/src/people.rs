//! Makes a person.

use crate::{
    ContactKind, DemoAddress, DemoChannel, DemoContact, Gender,
    companies::Company,
    digits::{push_number, push_padded},
    layout::{BLOCK, Block},
    names::{FullName, NAMESAKES},
    phones,
    places::City,
    random::{Draw, Permutation, Purpose},
    team,
};

/// Who a person is: all that other contacts need to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) name: FullName,
    pub(crate) patronymic: Option<&'static str>,
    /// Which of the people with this name; the first one is zero.
    number: u64,
}

impl Identity {
    /// The person at a position of a block, from 1 to 7.
    pub(crate) fn at(seed: u64, block: &Block, position: u64) -> Option<Self> {
        let names = &block.culture.names;
        let rank = block.rank * (BLOCK - 1) + position - 1;
        let slots = names.slots();
        let permutation = Permutation::new(seed, Purpose::Names, block.culture.id, slots);
        let name = names.at(permutation.apply(rank % slots))?;
        let mut draw = Draw::new(seed, Purpose::Names, block.company() + position);
        let father = names.father(&mut draw);
        let patronymic = father
            .filter(|_| draw.chance(block.culture.patronymics_percent))
            .and_then(|father| father.children.as_ref())
            .map(|children| match name.gender {
                Gender::Male => children.son.as_str(),
                Gender::Female => children.daughter.as_str(),
            });
        let number = rank / slots * NAMESAKES + name.namesake;
        Some(Self { name, patronymic, number })
    }

    /// The name within an e-mail address or handle: no two people of a culture share it.
    fn latin_name(&self, separator: char) -> String {
        let mut text = String::with_capacity(32);
        text.push_str(&self.name.first.latin);
        text.push(separator);
        text.push_str(&self.name.last.latin);
        if self.number > 0 {
            push_number(&mut text, self.number);
        }
        text
    }
}

pub(crate) fn person(seed: u64, block: &Block, position: u64) -> Option<DemoContact> {
    let culture = block.culture;
    let index = block.company() + position;
    let identity = Identity::at(seed, block, position)?;
    let mut draw = Draw::new(seed, Purpose::Person, index);
    let job = Job::find(seed, block, position, &mut draw);
    let employer = job.as_ref().map(|job| &job.employer);
    let city = match employer {
        Some(company) if draw.chance(85) => company.city,
        _ => culture.country.city(&mut draw),
    };
    let who = Who { seed, block, position, identity: &identity, employer, city };
    let channels = who.channels(&mut draw);
    let mut addresses = Vec::new();
    if draw.chance(40) {
        let country = culture.country;
        addresses.push(DemoAddress::new("home", country, city, culture.addresses, &mut draw));
    }
    let texts = culture.phrases.texts;
    Some(DemoContact {
        index,
        kind: ContactKind::Person,
        country: culture.country.code(),
        language: culture.language,
        last_name: identity.name.last.text.clone(),
        first_name: identity.name.first.text.clone(),
        patronymic: identity.patronymic.map(str::to_owned),
        gender: Some(identity.name.gender),
        company_name: None,
        company: employer.map(|company| company.block.company()),
        position: job.as_ref().and_then(|job| job.title).map(str::to_owned),
        channels,
        addresses,
        contact_type: match employer {
            Some(company) => company.contact_type.filter(|_| draw.chance(80)),
            None => draw.pick_weighted(&[(62, "client"), (5, "partner"), (3, "supplier")]),
        },
        warmth: draw.pick_weighted(&[(34, "cold"), (28, "warm"), (13, "hot")]),
        source: team::source(&mut draw),
        remark: draw.chance(25).then(|| draw.pick_text(texts.person_remarks).to_owned()),
        description: draw.chance(10).then(|| draw.pick_text(texts.person_descriptions).to_owned()),
        birthday: draw.chance(40).then(|| birthday(&mut draw)),
        managers: match employer {
            Some(company) if draw.chance(80) => company.managers.clone(),
            _ => team::managers(&mut draw),
        },
        visibility: team::visibility(&mut draw),
        created_days_ago: match employer {
            Some(company) if position == HEAD => company.created_days_ago,
            Some(company) => draw.between(0, u64::from(company.created_days_ago)) as u32,
            None => team::created_days_ago(&mut draw),
        },
    })
}

/// Where somebody works, and as what.
struct Job {
    employer: Company,
    title: Option<&'static str>,
}

/// The position within a block of the person who runs its company.
const HEAD: u64 = 1;

impl Job {
    /// The first people of a block run its company; the others work anywhere, or nowhere.
    fn find(seed: u64, block: &Block, position: u64, draw: &mut Draw) -> Option<Self> {
        let texts = block.culture.phrases.texts;
        let (titles, employer) = match position {
            HEAD => (texts.heads, *block),
            2 if draw.chance(60) => (texts.accountants, *block),
            3 if draw.chance(40) => (texts.sales_heads, *block),
            _ if draw.chance(20) => (texts.positions, *block),
            _ if draw.chance(65) => (texts.positions, block.employer(seed, draw)?),
            _ => return None,
        };
        let employer = Company::of(seed, &employer)?;
        if employer.is_sole_trader && position == HEAD {
            return Some(Self { employer, title: Some(texts.owner) });
        }
        // Hardly anybody works for a person who trades alone.
        if employer.is_sole_trader && !draw.chance(12) {
            return None;
        }
        let title = draw.chance(93).then(|| draw.pick_text(titles));
        Some(Self { employer, title })
    }
}

/// All that the channels of a person depend on.
struct Who<'a> {
    seed: u64,
    block: &'a Block,
    position: u64,
    identity: &'a Identity,
    employer: Option<&'a Company>,
    city: &'static City,
}

impl Who<'_> {
    fn channels(&self, draw: &mut Draw) -> Vec<DemoChannel> {
        let culture = self.block.culture;
        let country = culture.country;
        // Two mobile numbers and a landline are set aside for every position in the country.
        let line = self.block.country_rank() * BLOCK + self.position;
        let is_employed = self.employer.is_some();
        let mut channels = Vec::with_capacity(4);
        let mut add = |kind, label, value: Option<String>| {
            channels.extend(value.map(|value| DemoChannel::new(kind, label, value)));
        };
        if draw.chance(94) {
            add("phone", "mobile", phones::mobile(self.seed, country, line * 2));
        }
        if draw.chance(17) {
            let label = if is_employed { "work" } else { "mobile" };
            add("phone", label, phones::mobile(self.seed, country, line * 2 + 1));
        }
        if draw.chance(10) {
            let label = if is_employed { "work" } else { "home" };
            add("phone", label, phones::landline(self.seed, country, self.city, line));
        }
        let mailbox = self.identity.latin_name(culture.separator);
        if let Some(company) = self.employer.filter(|_| draw.chance(65)) {
            add("email", "work", Some([&mailbox, "@", &company.domain()].concat()));
        }
        if draw.chance(if is_employed { 25 } else { 60 }) {
            let provider = draw.pick_text(culture.providers);
            add("email", "home", Some([&mailbox, "@", provider].concat()));
        }
        if draw.chance(18) {
            let name = self.identity.latin_name('_');
            let index = self.block.company() + self.position;
            add("telegram", "other", Some(handle(&name, index)));
        }
        channels
    }
}

/// A handle in a messenger; the index of the contact makes it unique across cultures.
pub(crate) fn handle(latin_name: &str, index: u64) -> String {
    const LONGEST_NAME: usize = 20;
    let mut handle = String::with_capacity(32);
    handle.push('@');
    handle.extend(latin_name.chars().take(LONGEST_NAME));
    handle.push('_');
    push_number(&mut handle, index);
    handle
}

/// A day on which somebody who works today may have been born, as `YYYY-MM-DD`.
fn birthday(draw: &mut Draw) -> String {
    let year = draw.between(1950, 2005);
    let month = draw.between(1, 12);
    let days = match month {
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let mut date = String::with_capacity(10);
    push_number(&mut date, year);
    date.push('-');
    push_padded(&mut date, month, 2);
    date.push('-');
    push_padded(&mut date, draw.between(1, days), 2);
    date
}
