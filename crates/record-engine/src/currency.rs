//! The currencies of ISO 4217, and how many decimal places an amount has in each.
//!
//! What must stay true: the places of a currency never change, because every stored amount is a whole number of its smallest unit. So they stand
//! here, and in `web/src/util/currencies.ts` for the page, and nobody edits them. Units of account, metals and test codes are left out.

/// The codes in use.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP \
                     CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD \
                     JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN \
                     NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL \
                     THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// Those whose smallest unit is no hundredth, by their decimal places.
pub const OTHER_PLACES: [(u32, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
            "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// Decimal places of nearly all.
pub const USUAL_PLACES: u32 = 2;

/// What an installation works with before anybody has said otherwise: the currencies of the region and those in which it trades.
pub const FIRST: [&str; 7] = ["UAH", "RUB", "KZT", "BYN", "PLN", "EUR", "USD"];

/// Whether a code is one of ISO 4217.
pub fn is_known(code: &str) -> bool {
    code.len() == 3 && CODES.split_ascii_whitespace().any(|known| known == code)
}

/// Decimal places of an amount in a currency; those of nearly all for a code that is none.
pub fn places(code: &str) -> u32 {
    OTHER_PLACES.iter().find(|(_, codes)| codes.contains(&code)).map_or(USUAL_PLACES, |(places, _)| *places)
}

/// An amount in minor units as a plain decimal with its code: `1250.50 UAH`.
pub fn text(amount: i64, code: &str) -> String {
    let places = usize::try_from(places(code)).unwrap_or_default();
    format!("{} {code}", crate::decimal::text(amount.into(), places))
}

#[cfg(test)]
mod tests {
    use super::{CODES, OTHER_PLACES, is_known, places, text};

    #[test]
    fn every_currency_with_other_places_is_one() {
        assert!(OTHER_PLACES.iter().flat_map(|(_, codes)| *codes).all(|code| is_known(code)));
        assert!(CODES.split_ascii_whitespace().is_sorted());
        assert!(!is_known("uah") && !is_known("XXX") && !is_known(" UA"));
        assert_eq!((places("UAH"), places("JPY"), places("KWD"), places("CLF")), (2, 0, 3, 4));
    }

    #[test]
    fn amounts_have_the_places_of_their_currency() {
        assert_eq!(text(125_050, "UAH"), "1250.50 UAH");
        assert_eq!(text(-5, "KWD"), "-0.005 KWD");
        assert_eq!(text(1_250, "JPY"), "1250 JPY");
    }

    /// The page writes and reads amounts by the same places.
    #[test]
    fn the_page_knows_the_same_places() {
        let page = include_str!("../../../web/src/util/currencies.ts");
        for (places, codes) in OTHER_PLACES {
            let line = format!("  {places}: '{}',", codes.join(" "));
            assert!(page.contains(&line), "web/src/util/currencies.ts lacks {line}");
        }
        let offered = include_str!("../../../web/src/modules/money/world-currencies.ts");
        assert!(
            CODES.split_ascii_whitespace().all(|code| offered.contains(code)),
            "web/src/modules/money/world-currencies.ts"
        );
    }
}
