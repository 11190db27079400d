//! How companies are called by law, by country and language.

use crate::places::Country;

/// What stands before and after the name.
type Wrapping = (&'static str, &'static str);

#[derive(Debug)]
pub(crate) struct LegalForms {
    /// Forms of companies, the usual ones several times.
    pub(crate) companies: &'static [Wrapping],
    pub(crate) holdings: &'static [Wrapping],
    /// What stands before the name of a person who trades alone.
    pub(crate) sole_traders: &'static [&'static str],
    /// Of a hundred companies, how many are such persons.
    pub(crate) sole_trader_percent: u64,
    /// Whether a trader's last name stands first.
    pub(crate) last_name_first: bool,
}

pub(super) fn of(country: Country, language: &str) -> &'static LegalForms {
    match (country, language) {
        (Country::Ukraine, "uk") => &UKRAINE,
        (Country::Ukraine, "ru") => &UKRAINE_IN_RUSSIAN,
        (Country::Ukraine, _) => &UKRAINE_IN_LATIN,
        (Country::Kazakhstan, "kk") => &KAZAKHSTAN,
        (Country::Kazakhstan, _) => &KAZAKHSTAN_IN_RUSSIAN,
        (Country::Russia, _) => &RUSSIA,
        (Country::Belarus, _) => &BELARUS,
        (Country::Poland, _) => &POLAND,
    }
}

const UKRAINE: LegalForms = LegalForms {
    companies: &[
        ("ТОВ «", "»"),
        ("ТОВ «", "»"),
        ("ТОВ «", "»"),
        ("ТОВ «", "»"),
        ("ТОВ «", "»"),
        ("ПП «", "»"),
        ("ПП «", "»"),
        ("ПрАТ «", "»"),
        ("АТ «", "»"),
        ("ДП «", "»"),
    ],
    holdings: &[("Група компаній «", "»"), ("Холдинг «", "»"), ("ПрАТ «", "»"), ("АТ «", "»")],
    sole_traders: &["ФОП "],
    sole_trader_percent: 18,
    last_name_first: true,
};

const UKRAINE_IN_RUSSIAN: LegalForms = LegalForms {
    companies: &[("ООО «", "»"), ("ООО «", "»"), ("ООО «", "»"), ("ЧП «", "»"), ("ЧАО «", "»")],
    holdings: &[("Группа компаний «", "»"), ("Холдинг «", "»"), ("ЧАО «", "»")],
    sole_traders: &["ФЛП "],
    sole_trader_percent: 20,
    last_name_first: true,
};

const UKRAINE_IN_LATIN: LegalForms = LegalForms {
    companies: &[("", " LLC"), ("", " LLC"), ("", " Ltd"), ("", " PJSC"), ("", " LLP")],
    holdings: &[("", " Group"), ("", " Holding"), ("", " JSC")],
    sole_traders: &["PE "],
    sole_trader_percent: 5,
    last_name_first: false,
};

const KAZAKHSTAN: LegalForms = LegalForms {
    companies: &[("«", "» ЖШС"), ("«", "» ЖШС"), ("«", "» ЖШС"), ("«", "» ЖШС"), ("«", "» АҚ")],
    holdings: &[("«", "» компаниялар тобы"), ("«", "» холдингі"), ("«", "» АҚ")],
    sole_traders: &["ЖК "],
    sole_trader_percent: 20,
    last_name_first: true,
};

const KAZAKHSTAN_IN_RUSSIAN: LegalForms = LegalForms {
    companies: &[
        ("ТОО «", "»"),
        ("ТОО «", "»"),
        ("ТОО «", "»"),
        ("ТОО «", "»"),
        ("ТОО «", "»"),
        ("АО «", "»"),
        ("«", "» LLP"),
    ],
    holdings: &[("Группа компаний «", "»"), ("Холдинг «", "»"), ("АО «", "»")],
    sole_traders: &["ИП "],
    sole_trader_percent: 20,
    last_name_first: true,
};

const RUSSIA: LegalForms = LegalForms {
    companies: &[
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("АО «", "»"),
        ("АО «", "»"),
        ("ПАО «", "»"),
        ("НПО «", "»"),
    ],
    holdings: &[("ГК «", "»"), ("Холдинг «", "»"), ("ПАО «", "»"), ("АО «", "»")],
    sole_traders: &["ИП "],
    sole_trader_percent: 22,
    last_name_first: true,
};

const BELARUS: LegalForms = LegalForms {
    companies: &[
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("ООО «", "»"),
        ("ЧУП «", "»"),
        ("ЧУП «", "»"),
        ("ОДО «", "»"),
        ("ОАО «", "»"),
        ("СООО «", "»"),
    ],
    holdings: &[("Холдинг «", "»"), ("ГК «", "»"), ("ОАО «", "»")],
    sole_traders: &["ИП "],
    sole_trader_percent: 17,
    last_name_first: true,
};

const POLAND: LegalForms = LegalForms {
    companies: &[
        ("", " sp. z o.o."),
        ("", " sp. z o.o."),
        ("", " sp. z o.o."),
        ("", " sp. z o.o."),
        ("", " S.A."),
        ("", " sp. j."),
        ("", " sp. k."),
        ("P.H.U. ", ""),
    ],
    holdings: &[("Grupa ", " S.A."), ("", " Holding S.A."), ("Grupa Kapitałowa ", "")],
    sole_traders: &["Firma Handlowa ", "Usługi Remontowe ", "Firma Usługowa ", "Usługi "],
    sole_trader_percent: 18,
    last_name_first: false,
};
