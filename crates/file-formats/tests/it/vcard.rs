//! Address books: the exports of real programs must lose nothing that a contact can hold.

use std::path::PathBuf;

use file_formats::{Card, CardKind, ChannelKind, FileKind, ReadOptions, inspect, open};

use crate::{file_with, read_all};

fn sample(name: &str) -> Card {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples/vcard").join(name);
    let mut reader = open(&path, &ReadOptions::default()).unwrap();
    let card = reader.next_row().unwrap().unwrap().card.unwrap();
    assert!(reader.next_row().unwrap().is_none());
    card
}

fn card(content: &[u8]) -> Card {
    let (_, mut rows) = read_all(&file_with(content), &ReadOptions::default()).unwrap();
    rows.remove(0).card.unwrap()
}

/// Kind, label, value and, as a star, whether it is preferred.
fn channels(card: &Card) -> Vec<String> {
    card.channels
        .iter()
        .map(|channel| {
            let star = if channel.is_primary { "*" } else { "" };
            format!("{} {} {}{star}", channel.kind.as_str(), channel.label, channel.value)
        })
        .collect()
}

fn addresses(card: &Card) -> Vec<[&str; 7]> {
    card.addresses
        .iter()
        .map(|a| [a.label.as_str(), &a.extra, &a.street, &a.city, &a.region, &a.postcode, &a.country])
        .collect()
}

fn extras(card: &Card) -> Vec<(&str, &str)> {
    card.extras.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn name(card: &Card) -> [&str; 5] {
    [&card.last_name, &card.first_name, &card.additional_names, &card.prefix, &card.suffix]
}

const JOHN: [&str; 5] = ["Doe", "John", "Richter, James", "Mr.", "Sr."];

#[test]
fn evolution() {
    let card = sample("John_Doe_EVOLUTION.vcf");
    assert_eq!(name(&card), JOHN);
    assert_eq!(card.full_name, "Mr. John Richter, James Doe Sr.");
    assert_eq!(card.nickname, "Johny");
    assert_eq!((card.organisation.as_str(), card.department.as_str()), ("IBM", "Accounting, Dungeon"));
    assert_eq!(card.position, "Money Counter");
    assert_eq!((card.birthday.as_str(), card.anniversary.as_str()), ("1980-03-22", "1980-03-22"));
    assert_eq!(card.categories, ["VIP"]);
    assert!(card.note.starts_with("THIS SOFTWARE IS") && card.note.ends_with("SUCH DAMAGE."));
    assert!(card.note.contains("\"AS IS\" AND ANY"));
    assert_eq!(
        channels(&card),
        [
            "aim home johnny5@aol.com",
            "website  http://www.ibm.com",
            "phone mobile 905-666-1234",
            "phone work 905-555-1234",
            "email work john.doe@ibm.com",
        ]
    );
    let address =
        ["home", "ASB-123", "15 Crescent moon drive", "Albaney", "New York", "12345", "United States of America"];
    assert_eq!(addresses(&card), [address]);
    assert_eq!(extras(&card), [("spouse", "Maria"), ("manager", "Big Blue"), ("assistant", "Little Red")]);
    assert_eq!(card.uid, "477343c8e6bf375a9bac1f96a5000837");
    assert_eq!(card.ignored, ["REV", "VERSION", "X-COUCHDB-APPLICATION-ANNOTATIONS", "X-EVOLUTION-FILE-AS"]);
}

#[test]
fn gmail() {
    let card = sample("John_Doe_GMAIL.vcf");
    assert_eq!(name(&card), JOHN);
    assert_eq!(card.full_name, "Mr. John Richter, James Doe Sr.");
    assert_eq!((card.organisation.as_str(), card.position.as_str()), ("IBM", "Money Counter"));
    assert_eq!((card.birthday.as_str(), card.anniversary.as_str()), ("1980-03-22", "1975-03-01"));
    assert!(card.note.contains("\"AS IS\"") && card.note.ends_with("DAMAGE.\nFavotire Color: Blue"));
    assert_eq!(
        channels(&card),
        [
            "email home john.doe@ibm.com",
            "phone mobile 905-555-1234",
            "phone home 905-666-1234",
            "website work http://www.ibm.com",
        ]
    );
    let extended = "Crescent moon drive\n555-asd\nNice Area, Albaney, New York 12345\nUnited States of America";
    assert_eq!(addresses(&card), [["home", extended, "", "", "", "", ""]]);
    assert_eq!(extras(&card), [("phonetic_first_name", "Jon"), ("phonetic_last_name", "Dow"), ("spouse", "Jenny")]);
    assert_eq!(card.ignored, ["VERSION"]);
}

#[test]
fn iphone() {
    let card = sample("John_Doe_IPHONE.vcf");
    assert_eq!(name(&card), JOHN);
    assert_eq!((card.organisation.as_str(), card.department.as_str()), ("IBM", "Accounting"));
    assert_eq!((card.nickname.as_str(), card.birthday.as_str()), ("Johny", "2012-06-06"));
    assert_eq!(
        channels(&card),
        [
            "email  john.doe@ibm.com*",
            "phone mobile 905-555-1234*",
            "phone home 905-666-1234",
            "phone work 905-777-1234",
            "phone home_fax 905-888-1234",
            "phone work_fax 905-999-1234",
            "phone pager 905-111-1234",
            "phone AssistantPhone 905-222-1234",
            "website HomePage http://www.ibm.com*",
        ]
    );
    assert_eq!(
        addresses(&card),
        [
            ["home", "", "Silicon Alley 5", "New York", "New York", "12345", "United States of America"],
            ["work", "", "Street4\nBuilding 6\nFloor 8", "New York", "", "12345", "USA"],
        ]
    );
    let photo = card.photo.as_ref().unwrap();
    assert_eq!((photo.media_type.as_str(), photo.bytes.len()), ("image/jpeg", 32_531));
    assert!(photo.bytes.starts_with(&[0xFF, 0xD8]) && photo.bytes.ends_with(&[0xFF, 0xD9]));
    assert_eq!(
        extras(&card),
        [("X-ABADR", "Silicon Alley"), ("X-ABADR", "Street 4, Building 6,\n Floor 8\nNew York\nUSA"),]
    );
    assert_eq!(card.ignored, ["PRODID", "VERSION"]);
}

#[test]
fn outlook() {
    let card = sample("John_Doe_MS_OUTLOOK.vcf");
    assert_eq!(name(&card), JOHN);
    assert_eq!((card.organisation.as_str(), card.department.as_str()), ("IBM", "Accounting"));
    assert_eq!((card.position.as_str(), card.role.as_str()), ("Money Counter", "Counting Money"));
    assert_eq!((card.birthday.as_str(), card.anniversary.as_str()), ("1980-03-22", "2011-01-13"));
    assert!(card.note.contains("''AS IS''"));
    assert_eq!(
        channels(&card),
        [
            "phone work (905) 555-1234",
            "phone home (905) 666-1234",
            "website work http://www.ibm.com",
            "email  john.doe@ibm.cm*",
            "im  johny5@aol.com",
        ]
    );
    assert_eq!(
        addresses(&card),
        [
            ["work", "", "Cresent moon drive", "Albaney", "New York", "12345", "United States of America"],
            ["home", "", "Silicon Alley 5", "New York", "New York", "12345", "United States of America"],
        ]
    );
    let photo = card.photo.as_ref().unwrap();
    assert_eq!(photo.media_type, "image/jpeg");
    assert!(photo.bytes.ends_with(&[0xFF, 0xD9]));
    assert_eq!(extras(&card), [("manager", "Big Blue"), ("assistant", "Jenny")]);
    assert_eq!(card.ignored, ["LABEL", "REV", "VERSION", "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-MS-OL-DESIGN"]);
}

#[test]
fn gmail_with_labels() {
    let card = sample("gmail-single.vcf");
    assert_eq!(name(&card), ["Dartmouth", "Greg", "", "", ""]);
    assert_eq!((card.nickname.as_str(), card.organisation.as_str()), ("Gman", "TheCompany"));
    assert_eq!((card.birthday.as_str(), card.anniversary.as_str()), ("1960-09-10", "1970-06-02"));
    assert_eq!(
        channels(&card),
        [
            "email  gdartmouth@hotmail.com",
            "icq  123456789",
            "phone mobile 555 555 1111",
            "phone GRAND_CENTRAL 555 555 2222",
            "website PROFILE http://TheProfile.com",
        ]
    );
    assert_eq!(
        addresses(&card),
        [
            ["home", "", "123 Home St\nHome City, HM 12345", "", "", "", ""],
            ["CustomAdrType", "", "321 Custom St", "Custom City", "TX", "98765", "USA"],
        ]
    );
    assert_eq!(
        extras(&card),
        [
            ("phonetic_first_name", "Grregg"),
            ("phonetic_last_name", "Dart-mowth"),
            ("spouse", "MySpouse"),
            ("related:CustomRelationship", "MyCustom"),
        ]
    );
    assert_eq!(card.note, "This is GMail's note field.\nIt should be added as a NOTE type.\nACustomField: CustomField");
}

#[test]
fn rfc_6350_example() {
    let card = sample("rfc6350-example.vcf");
    assert_eq!(name(&card), ["Perreault", "Simon", "", "", "ing. jr, M.Sc."]);
    assert_eq!((card.birthday.as_str(), card.anniversary.as_str()), ("--02-03", "2009-08-08"));
    assert_eq!((card.gender.as_str(), card.language.as_str()), ("M", "fr"));
    assert_eq!(card.organisation, "Viagenie");
    assert_eq!(
        channels(&card),
        [
            "phone work +1-418-656-9254 ext. 102*",
            "phone work_mobile +1-418-262-6501",
            "email work simon.perreault@viagenie.ca",
            "website home http://nomis80.org",
        ]
    );
    assert_eq!(addresses(&card), [["work", "Suite D2-630", "2875 Laurier", "Quebec", "QC", "G1V 2M2", "Canada"]]);
    assert_eq!((card.geo.as_str(), card.timezone.as_str()), ("46.772673,-71.282945", "-0500"));
    assert_eq!(extras(&card), [("LANG", "en"), ("KEY", "http://www.viagenie.ca/simon.perreault/simon.asc")]);
}

#[test]
fn old_phones_and_foreign_encodings() {
    let quoted = card(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=D0=B2;=D0=98=D0=\r\n=B2=D0=B0=D0=BD;;;\r\nTEL;CELL;PREF:+380501234567\r\nTEL;X-Dacha:123\r\nNOTE;QUOTED-PRINTABLE;CHARSET=windows-1251:=CF=F0=E8=E2=E5=F2=0D=0A=3D\r\nEND:VCARD\r\n",
    );
    assert_eq!(name(&quoted)[..2], ["Иванов", "Иван"]);
    assert_eq!(channels(&quoted), ["phone mobile +380501234567*", "phone dacha 123"]);
    assert_eq!(quoted.note, "Привет\n=");

    let (raw, _, _) = encoding_rs::WINDOWS_1251.encode(
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Кузнецова;Анна;Сергеевна\r\nORG:ООО Ромашка;Отдел продаж\r\nEND:VCARD\r\n",
    );
    let raw = card(&raw);
    assert_eq!(name(&raw)[..3], ["Кузнецова", "Анна", "Сергеевна"]);
    assert_eq!(raw.department, "Отдел продаж");

    let wide: Vec<u8> =
        "\u{FEFF}BEGIN:VCARD\nVERSION:3.0\nFN:Олена\nEND:VCARD\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(card(&wide).full_name, "Олена");
}

#[test]
fn messengers_companies_and_unknown_properties() {
    let card = card(
        "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Ромашка\nORG:Ромашка\nIMPP;X-SERVICE-TYPE=Skype;TYPE=work:skype:romashka\nIMPP:telegram:%D0%B0\nX-VIBER:+380\nX-SOCIALPROFILE;TYPE=vk:https://vk.com/romashka\nX-SOCIALPROFILE;TYPE=facebook;X-USER=rom:x-apple:rom\nRELATED;TYPE=friend;VALUE=text:Ivan\nitem1.X-ABDATE:20200101\nitem1.X-ABLabel:Открытие\nX-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Олена;14;;;\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29\nPHOTO;VALUE=uri:https://example.org/a.jpg\nX-Custom-Field:a\\,b;c\nitem2.X-Loyalty:gold\nitem2.X-ABLabel:Карта\nEND:VCARD\n"
            .as_bytes(),
    );
    assert_eq!((card.kind, card.organisation.as_str()), (CardKind::Company, "Ромашка"));
    assert_eq!(card.channels[0].kind, ChannelKind::Skype);
    assert_eq!(
        channels(&card),
        ["skype work romashka", "telegram  а", "viber  +380", "vk  https://vk.com/romashka", "facebook  rom",]
    );
    assert_eq!(card.birthday, "--02-29");
    assert_eq!(
        extras(&card),
        [
            ("related:friend", "Ivan"),
            ("date:Открытие", "2020-01-01"),
            ("spouse", "Олена"),
            ("photo_url", "https://example.org/a.jpg"),
            ("X-CUSTOM-FIELD", "a,b;c"),
            ("X-LOYALTY:Карта", "gold"),
        ]
    );
}

#[test]
fn a_long_file_is_inspected_and_continued() {
    let cards: String = (1..=1_000)
        .map(|n| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Имя {n}\r\nTEL:+38044{n:07}\r\nEND:VCARD\r\n"))
        .collect();
    let file = file_with(cards.as_bytes());
    let found = inspect(file.path(), &ReadOptions::default()).unwrap();
    assert_eq!((found.kind, found.sample_cards.len()), (FileKind::Vcard, 50));
    assert!((800..1_200).contains(&found.row_estimate.unwrap()));
    let mut reader = open(file.path(), &ReadOptions::default()).unwrap();
    reader.skip_to(700).unwrap();
    let row = reader.next_row().unwrap().unwrap();
    assert_eq!((row.number, row.card.unwrap().full_name.as_str()), (700, "Имя 700"));
}
