//! Address books of phones and programs: nothing is dropped that a card can hold.

use std::fs;
use std::path::PathBuf;

use serde_json::json;
use test_kit::{TestDatabase, for_each_backend};

use super::support::{Base, channels, counts, text};

fn sample(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../file-formats/tests/samples/vcard");
    fs::read(folder.join(name)).unwrap()
}

/// All that a record says, for "it stands somewhere".
fn everything(base: &Base) -> String {
    let mut all = String::new();
    for record in base.contacts() {
        for value in record.values.values() {
            all.push_str(&value.to_string());
            all.push('\n');
        }
    }
    all.replace("\\n", " ").replace("\\\"", "\"")
}

#[test]
fn a_position_is_the_point_of_the_address_and_comes_back() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Точкаренко;;;;\r\nADR:;;Сумська 1;Харків;;;UA\r\nGEO:50.0045;36.2314\r\nEND:VCARD\r\n\
                     BEGIN:VCARD\r\nVERSION:4.0\r\nN:Голенко;;;;\r\nGEO:geo:49.84,24.03,300\r\nEND:VCARD\r\n\
                     BEGIN:VCARD\r\nVERSION:3.0\r\nN:Дивенко;;;;\r\nGEO:десь;тут\r\nEND:VCARD\r\n";
        let id = base.upload("cards.vcf", cards.as_bytes());
        assert_eq!(base.check(id)["errors"], 0, "{:?}", base.problems(id, None));
        base.run(id);
        let contacts = base.contacts();
        let address = |at: usize| contacts[at].values["addresses"][0].clone();
        assert_eq!(
            (&address(0)["latitude"], &address(0)["longitude"], &address(0)["city"]),
            (&json!(50.0045), &json!(36.2314), &json!("Харків"))
        );
        assert_eq!((&address(1)["latitude"], &address(1)["longitude"]), (&json!(49.84), &json!(24.03)));
        assert!(text(&contacts[2], "description").contains("десь,тут"), "{:?}", contacts[2].values);

        let second =
            json!([{ "city": "Київ" }, { "city": "Одеса", "latitude": 46.5, "longitude": 30.7, "is_primary": true }]);
        base.update(contacts[2].id, json!({ "addresses": second, "description": null }));
        let written = base.export(json!({ "type": "contact", "format": "vcard" }));
        let written = String::from_utf8(written).unwrap();
        assert!(written.contains("46.5") && written.contains("50.0045"), "{written}");
        let other = Base::new(TestDatabase::sqlite());
        let id = other.upload("cards.vcf", written.as_bytes());
        other.check(id);
        other.run(id);
        let back = other.contacts().into_iter().find(|record| text(record, "last_name") == "Дивенко").unwrap();
        let odesa = &back.values["addresses"][0];
        assert_eq!(
            (&odesa["city"], &odesa["latitude"], &odesa["is_primary"]),
            (&json!("Одеса"), &json!(46.5), &json!(true))
        );
    });
}

#[test]
fn samples_lose_nothing() {
    let check = |name: &str, expect: &[&str]| {
        let base = Base::new(TestDatabase::sqlite());
        let id = base.upload(name, &sample(name));
        let import = base.import(id);
        assert_eq!(import["kind"], "vcard");
        assert_eq!(import["columns"], json!([]));
        assert!(!import["preview"].as_array().unwrap().is_empty());
        assert_eq!(base.check(id)["errors"], 0, "{name}: {:?}", base.problems(id, None));
        let report = base.run(id);
        assert_eq!(report["failed"], 0, "{name}");
        assert_eq!(report["created"], report["read"], "{name}: {report}");
        let all = everything(&base);
        for text in expect {
            assert!(all.contains(text), "{name} lost {text:?}:\n{all}");
        }
    };
    check(
        "John_Doe_EVOLUTION.vcf",
        &[
            "johnny5@aol.com",
            "http://www.ibm.com",
            "905-666-1234".replace('-', "").as_str(),
            "9055551234",
            "Doe",
            "John",
            "Richter, James",
            "Mr.",
            "Sr.",
            "Johny",
            "Maria",
            "IBM",
            "Accounting, Dungeon",
            "Money Counter",
            "Big Blue",
            "Little Red",
            "VIP",
            "THIS SOFTWARE IS PROVIDED",
            "john.doe@ibm.com",
            "ASB-123",
            "15 Crescent moon drive",
            "Albaney",
            "New York",
            "12345",
            "United States of America",
            "1980-03-22",
            "477343c8e6bf375a9bac1f96a5000837",
        ],
    );
    check(
        "John_Doe_GMAIL.vcf",
        &[
            "Doe",
            "John",
            "Jon",
            "Dow",
            "IBM",
            "Money Counter",
            "john.doe@ibm.com",
            "9055551234",
            "9056661234",
            "Crescent moon drive",
            "Nice Area",
            "1980-03-22",
            "http://www.ibm.com",
            "1975-03-01",
            "Jenny",
            "THIS SOFTWARE IS PROVIDED",
        ],
    );
    check(
        "John_Doe_IPHONE.vcf",
        &[
            "Doe",
            "John",
            "Johny",
            "IBM",
            "Accounting",
            "Money Counter",
            "john.doe@ibm.com",
            "9055551234",
            "9056661234",
            "9057771234",
            "9058881234",
            "9059991234",
            "9051111234",
            "9052221234",
            "Silicon Alley 5",
            "Building 6",
            "http://www.ibm.com",
            "2012-06-06",
        ],
    );
    check(
        "John_Doe_MS_OUTLOOK.vcf",
        &[
            "Doe",
            "John",
            "Richter, James",
            "Johny",
            "IBM",
            "Accounting",
            "Money Counter",
            "Counting Money",
            "THIS SOFTWARE IS PROVIDED",
            "9055551234",
            "9056661234",
            "Cresent moon drive",
            "Silicon Alley 5",
            "http://www.ibm.com",
            "1980-03-22",
            "2011-01-13",
            "john.doe@ibm.cm",
            "johny5@aol.com",
            "Big Blue",
            "Jenny",
        ],
    );
    check(
        "rfc6350-example.vcf",
        &[
            "Perreault",
            "Simon",
            "simon.perreault@viagenie.ca",
            "--02-03".trim_start_matches('-'),
            "Viagenie",
            "+14186569254;ext=102",
            "2009-08-08",
        ],
    );
    check(
        "gmail-single.vcf",
        &[
            "Dartmouth",
            "Greg",
            "Gman",
            "Grregg",
            "Dart-mowth",
            "gdartmouth@hotmail.com",
            "123456789",
            "5555551111",
            "5555552222",
            "GRAND_CENTRAL",
            "123 Home St",
            "HM 12345",
            "321 Custom St",
            "Custom City",
            "98765",
            "USA",
            "CustomAdrType",
            "TheCompany",
            "TheJobTitle",
            "1960-09-10",
            "http://TheProfile.com",
            "1970-06-02",
            "MySpouse",
            "MyCustom",
            "CustomRelationship",
            "It should be added as a NOTE type.",
            "CustomField: CustomField",
        ],
    );
}

#[test]
fn what_no_field_takes_becomes_a_line() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ірина Бондар\r\nN:Бондар;Ірина;;;\r\nNICKNAME:Іра\r\nBDAY:--0203\r\nORG:Вектор;Відділ продажів\r\n\
                    TEL;TYPE=CELL:067 440 12 85\r\nTEL;TYPE=WORK,FAX:044 233 90 61\r\nTEL:питай у Марії\r\nX-ICQ:12345\r\nEMAIL:ira@example.com\r\n\
                    X-SPOUSE:Олег\r\nCATEGORIES:друзі,VIP\r\nNOTE:перша\\nдруга\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRg==\r\nEND:VCARD\r\n";
        let id = base.upload("ira.vcf", card.as_bytes());
        let checked = base.check(id);
        assert_eq!(checked["photos"], 1);
        let report = base.run(id);
        assert_eq!(counts(&report), json!({ "read": 1, "created": 1, "companies_created": 1, "warnings": 1 }));
        let contacts = base.contacts();
        let ira = contacts.iter().find(|record| text(record, "last_name") == "Бондар").unwrap();
        let description = text(ira, "description");
        for line in [
            "перша\nдруга",
            "Псевдоним: Іра",
            "День рождения: 02-03",
            "Отдел: Відділ продажів",
            "Супруг(а): Олег",
            "Категории: друзі, VIP",
            "питай у Марії",
        ] {
            assert!(description.contains(line), "no {line:?} in {description}");
        }
        let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
        assert_eq!(channels(ira, "phone"), [pair("+380674401285", "mobile"), pair("+380442339061", "fax")]);
        assert_eq!(channels(ira, "other"), [pair("12345", "")]);
        // The same cards again: nobody is doubled, nothing changes.
        let again = base.run(base.upload("ira.vcf", card.as_bytes()));
        assert_eq!(again["created"], 0, "{again}");
        assert_eq!(again["failed"], 0, "{again}");
    });
}
