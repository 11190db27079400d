//! Makes a company.

use crate::{
    ContactKind, DemoAddress, DemoChannel, DemoContact,
    brands::Brand,
    layout::{BLOCK, Block},
    people::{Identity, handle},
    phones,
    places::City,
    random::{Draw, Purpose},
    team,
};

/// What a company is: all that its people and daughters need to know.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) block: Block,
    brand: Brand,
    /// The holding it belongs to, with the brand it shares.
    holding: Option<(Block, Brand)>,
    /// A person who trades alone, under the name of the first person of the block.
    pub(crate) is_sole_trader: bool,
    pub(crate) city: &'static City,
    pub(crate) contact_type: Option<&'static str>,
    pub(crate) managers: Vec<u8>,
    pub(crate) created_days_ago: u32,
}

impl Company {
    pub(crate) fn of(seed: u64, block: &Block) -> Option<Self> {
        let culture = block.culture;
        let mut draw = Draw::new(seed, Purpose::CompanyCore, block.number);
        let is_holding = block.is_holding();
        let is_sole_trader = !is_holding && draw.chance(culture.phrases.legal_forms.sole_trader_percent);
        let is_daughter = !is_sole_trader && draw.chance(if is_holding { 20 } else { 16 });
        let holding = match is_daughter {
            true => block.earlier_holding(seed, &mut draw),
            false => None,
        };
        let brand_of = |block: &Block| block.culture.brands.at(seed, culture.id, block.rank);
        Some(Self {
            block: *block,
            brand: brand_of(block)?,
            holding: holding.and_then(|holding| Some((holding, brand_of(&holding)?))),
            is_sole_trader,
            city: culture.country.city(&mut draw),
            contact_type: draw.pick_weighted(&[(60, "client"), (16, "supplier"), (12, "partner"), (3, "competitor")]),
            managers: team::managers(&mut draw),
            created_days_ago: team::created_days_ago(&mut draw),
        })
    }

    /// A domain that no other company has. A daughter puts its holding before its own name.
    pub(crate) fn domain(&self) -> String {
        let mut domain = String::with_capacity(48);
        if let Some((_, holding)) = &self.holding {
            domain.push_str(holding.word_label());
            domain.push('-');
        }
        self.brand.push_label(&mut domain);
        domain.push('.');
        domain.push_str(self.block.culture.zone);
        domain
    }

    fn name(&self, seed: u64, draw: &mut Draw) -> Option<String> {
        let culture = self.block.culture;
        let forms = culture.phrases.legal_forms;
        if self.is_sole_trader {
            let owner = Identity::at(seed, &self.block, 1)?;
            let (first, last) = (&owner.name.first.text, &owner.name.last.text);
            let title = draw.pick_text(forms.sole_traders);
            let name = match (forms.last_name_first, owner.patronymic) {
                (true, Some(patronymic)) => format!("{title}{last} {first} {patronymic}"),
                (true, None) => format!("{title}{last} {first}"),
                (false, _) => format!("{title}{first} {last}"),
            };
            return Some(name);
        }
        let wrappings = if self.block.is_holding() { forms.holdings } else { forms.companies };
        let (before, after) = draw.pick(wrappings)?;
        let mut name = String::with_capacity(64);
        name.push_str(before);
        if let Some((_, holding)) = &self.holding {
            name.push_str(holding.word());
            name.push('-');
        }
        self.brand.push_text(&mut name);
        if self.brand.is_repeated() {
            name.push(' ');
            name.push_str(&culture.addresses.written(&self.city.name));
        }
        name.push_str(after);
        Some(name)
    }
}

pub(crate) fn company(seed: u64, block: &Block) -> Option<DemoContact> {
    let culture = block.culture;
    let country = culture.country;
    let company = Company::of(seed, block)?;
    let mut draw = Draw::new(seed, Purpose::CompanyRest, block.number);
    let company_name = company.name(seed, &mut draw)?;
    let channels = channels(seed, &company, &mut draw);

    let mut addresses = Vec::with_capacity(1);
    if draw.chance(92) {
        let city = company.city;
        addresses.push(DemoAddress::new("office", country, city, culture.addresses, &mut draw));
    }
    if draw.chance(12) {
        let label = draw.pick_text(&["postal", "work"]);
        let city = country.city(&mut draw);
        addresses.push(DemoAddress::new(label, country, city, culture.addresses, &mut draw));
    }
    let texts = culture.phrases.texts;
    let description = draw.chance(45).then(|| {
        let industry = draw.pick_text(texts.industries);
        if draw.chance(50) {
            return format!("{industry}.");
        }
        let (before, after) = texts.founded;
        format!("{industry}. {before}{}{after}", draw.between(1992, 2023))
    });
    Some(DemoContact {
        index: block.company(),
        kind: ContactKind::Company,
        country: country.code(),
        language: culture.language,
        last_name: String::new(),
        first_name: String::new(),
        patronymic: None,
        gender: None,
        company_name: Some(company_name),
        company: company.holding.map(|(holding, _)| holding.company()),
        position: None,
        channels,
        addresses,
        contact_type: company.contact_type,
        warmth: draw.pick_weighted(&[(35, "cold"), (35, "warm"), (18, "hot")]),
        source: team::source(&mut draw),
        remark: draw.chance(30).then(|| draw.pick_text(texts.company_remarks).to_owned()),
        description,
        birthday: None,
        managers: company.managers,
        visibility: team::visibility(&mut draw),
        created_days_ago: company.created_days_ago,
    })
}

fn channels(seed: u64, company: &Company, draw: &mut Draw) -> Vec<DemoChannel> {
    let country = company.block.culture.country;
    let domain = company.domain();
    let line = company.block.country_rank() * BLOCK;
    let mut channels = Vec::with_capacity(4);
    let mut add = |kind, label, value: Option<String>| {
        channels.extend(value.map(|value| DemoChannel::new(kind, label, value)));
    };
    let wants_landline = !company.is_sole_trader && draw.chance(85);
    let landline = match wants_landline {
        true => phones::landline(seed, country, company.city, line),
        false => None,
    };
    let has_landline = landline.is_some();
    add("phone", "work", landline);
    if !has_landline || draw.chance(30) {
        add("phone", "mobile", phones::mobile(seed, country, line * 2));
    }
    if draw.chance(90) {
        let mailbox = draw.pick_text(&["info", "office", "mail"]);
        add("email", "work", Some([mailbox, "@", &domain].concat()));
    }
    if draw.chance(20) {
        add("email", "other", Some(["sales@", &domain].concat()));
    }
    if draw.chance(if company.is_sole_trader { 20 } else { 65 }) {
        add("website", "work", Some(["https://", &domain].concat()));
    }
    if draw.chance(8) {
        let mut name = String::new();
        company.brand.push_label(&mut name);
        name.truncate(20);
        let handle = handle(&name, company.block.company());
        add("telegram", "work", Some(handle));
    }
    channels
}
