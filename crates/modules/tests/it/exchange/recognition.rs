//! What columns are taken for: tables of headers and of values, and the exports of other programs.

use serde_json::json;
use test_kit::{TestDatabase, for_each_backend};

use super::support::{Base, channels, counts, text};

fn targets(base: &Base, id: i64) -> Vec<(String, String, bool)> {
    let import = base.import(id);
    let columns = import["columns"].as_array().unwrap();
    columns
        .iter()
        .map(|column| {
            (
                column["header"].as_str().unwrap().to_owned(),
                column["target"].as_str().unwrap_or("").to_owned(),
                column["is_sure"].as_bool().unwrap(),
            )
        })
        .collect()
}

#[test]
fn headers_in_four_languages() {
    let base = Base::new(TestDatabase::sqlite());
    let check = |pairs: &[(&str, &str)]| {
        let headers: Vec<&str> = pairs.iter().map(|(header, _)| *header).collect();
        let row: Vec<&str> = pairs.iter().map(|_| "x").collect();
        let id = base.upload_table(&[&headers.join(";"), &row.join(";")]);
        let found = targets(&base, id);
        for ((header, expect), (_, target, is_sure)) in pairs.iter().zip(&found) {
            assert_eq!(target, expect, "{header}");
            assert!(*is_sure || target == "id", "{header}");
        }
    };
    check(&[
        ("ФИО", "full_name"),
        ("Моб. телефон", "channels.phone.mobile"),
        ("Рабочий телефон", "channels.phone.work"),
        ("Факс", "channels.phone.fax"),
        ("E-mail", "channels.email"),
        ("Компания", "parent"),
        ("Должность", "position"),
        ("Город", "addresses.city"),
        ("Юридический адрес", "addresses.billing.street"),
        ("Ответственный", "managers"),
        ("Дата рождения", "birthday"),
        ("Примечание", "remark"),
        ("Комментарий", "description"),
        ("Источник", "source"),
        ("ID", "id"),
    ]);
    check(&[
        ("Прізвище", "last_name"),
        ("Ім'я", "first_name"),
        ("По батькові", "patronymic"),
        ("Мобільний", "channels.phone.mobile"),
        ("Ел. пошта", "channels.email"),
        ("Компанія", "parent"),
        ("Посада", "position"),
        ("Місто", "addresses.city"),
        ("Вулиця", "addresses.street"),
        ("Поштовий індекс", "addresses.postcode"),
        ("Відповідальний", "managers"),
        ("Стать", "gender"),
        ("Telegram", "channels.telegram"),
    ]);
    check(&[
        ("First Name", "first_name"),
        ("Last Name", "last_name"),
        ("Company", "parent"),
        ("Job Title", "position"),
        ("Mobile Phone", "channels.phone.mobile"),
        ("Business Fax", "channels.phone.fax"),
        ("Home Street", "addresses.home.street"),
        ("Business Postal Code", "addresses.work.postcode"),
        ("Website", "channels.website"),
        ("Notes", "description"),
    ]);
    check(&[
        ("Imię", "first_name"),
        ("Nazwisko", "last_name"),
        ("Telefon komórkowy", "channels.phone.mobile"),
        ("Firma", "parent"),
        ("Miasto", "addresses.city"),
        ("Kod pocztowy", "addresses.postcode"),
    ]);
}

#[test]
fn columns_without_headers_go_by_their_values() {
    let base = Base::new(TestDatabase::sqlite());
    let id = base.upload_table(&[
        "Шевчук Тарас Григорович;067 440 12 85;taras@example.com;22.03.1980",
        "Іваненко Оксана Сергіївна;050 111 22 33;oksana@example.com;01.04.1981",
    ]);
    let import = base.change(id, json!({ "options": { "has_header": false } }));
    assert_eq!(import["options"]["has_header"], false);
    let found: Vec<(String, bool)> =
        targets(&base, id).into_iter().map(|(_, target, is_sure)| (target, is_sure)).collect();
    let expect = ["full_name", "channels.phone", "channels.email", "birthday"].map(|target| (target.to_owned(), false));
    assert_eq!(found, expect);
    assert_eq!(counts(&base.run(id)), json!({ "read": 2, "created": 2 }));
}

#[test]
fn exports_of_other_programs() {
    for_each_backend(|database| {
        let base = Base::new(database);
        google(&base);
        outlook(&base);
        bitrix(&base);
        amocrm(&base);
        onlyoffice(&base);
        onebox(&base);
        one_c(&base);
    });
}

/// Every value of a row stands somewhere in the cards that it made.
fn nothing_is_lost(base: &Base, header: &str, row: &str, separator: char) {
    let all = json!(base.contacts().iter().map(|record| json!(record.values)).collect::<Vec<_>>()).to_string();
    for (name, value) in header.split(separator).zip(row.split(separator)) {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        let is_known = all.contains(value) || (digits.len() > 8 && all.contains(&digits[1..]));
        assert!(value.is_empty() || is_known, "{name}: {value}");
    }
}

fn onlyoffice(base: &Base) {
    let header = "Company/Person,First Name,Last Name,Company Name,Job Title,About,Contact Stage,Contact Type,Contact Tag List,\
                  Phone (home),Phone (mobile),Phone (work),Phone (fax),Phone (direct),Phone (other),Email (home),Email (work),Email (other),\
                  Skype (home),Website (work),Twitter (work),Facebook (home),ICQ (home),\
                  Address (billing) street,Address (billing) city,Address (billing) state,Address (billing) zip,Address (billing) country,\
                  Address (office) street,Address (office) city,Own field";
    let row = "Person,Ada,Byron,Engine Ltd,Analyst,first of all,Hot,Client,vip,+442071230001,+447700900001,+442071230002,+442071230003,\
               +442071230004,+442071230005,ada@home.example,ada@work.example,ada@other.example,ada.skype,https://ada.example,@ada_t,\
               ada.facebook,123456789,12 Bill St,London,Greater London,W1,United Kingdom,7 Office Rd,Leeds,own value";
    let company = ["Company,,,Engine Ltd,,,,,", &",".repeat(21)].concat();
    let id = base.upload("Contacts.csv", format!("{header}\n{row}\n{company}\n").as_bytes());
    assert_eq!(base.import(id)["recognised"], "onlyoffice");
    let unmapped: Vec<_> = targets(base, id).into_iter().filter(|(_, target, _)| target.is_empty()).collect();
    assert_eq!(unmapped, []);
    // The company was made for the first row and is described by the second.
    assert_eq!(counts(&base.run(id)), json!({ "read": 2, "created": 1, "unchanged": 1, "companies_created": 1 }));
    let contacts = base.contacts();
    let ada = contacts.iter().find(|record| text(record, "last_name") == "Byron").unwrap();
    assert_eq!((text(ada, "warmth"), text(ada, "contact_type")), ("hot".into(), "client".into()));
    let labels: Vec<String> = channels(ada, "phone").into_iter().map(|(_, label)| label).collect();
    assert_eq!(labels, ["home", "mobile", "work", "fax", "direct", "other"]);
    assert_eq!(channels(ada, "email").len(), 3);
    let places: Vec<_> =
        ada.value("addresses").as_array().unwrap().iter().map(|entry| (&entry["label"], &entry["city"])).collect();
    assert_eq!(places, [(&json!("billing"), &json!("London")), (&json!("office"), &json!("Leeds"))]);
    assert_eq!(text(&base.contact(ada.value("parent").as_i64().unwrap()), "kind"), "company");
    for line in ["Own field: own value", "Contact Tag List: vip", "Twitter (work): @ada_t"] {
        assert!(text(ada, "description").contains(line), "{}", text(ada, "description"));
    }
    let texts = row.replace("Hot", "").replace("Client", "").replace("Person", "").replace("United Kingdom", "");
    nothing_is_lost(base, header, &texts, ',');
}

fn onebox(base: &Base) {
    let header = "ID;Фамилия;Имя;Отчество;Компания;Должность;Телефоны;Email;Адрес;Группы;Дата рождения;Пол;Комментарий;Менеджер;Бонусы";
    let row = "77;Лисенко;Марта;Петрівна;ТОВ «Скринька»;логіст;+380671110001, +380671110002;marta@box.example;Львів, Ринок 9;Оптовики;03.02.1991;ж;любить каву;Ігор Мельник;150";
    let id = base.upload("contacts.csv", format!("{header}\n{row}\n").as_bytes());
    assert_eq!(base.import(id)["recognised"], "onebox");
    let unmapped: Vec<_> = targets(base, id).into_iter().filter(|(_, target, _)| target.is_empty()).collect();
    assert_eq!(unmapped, []);
    assert_eq!(counts(&base.run(id)), json!({ "read": 1, "created": 1, "companies_created": 1 }));
    let contacts = base.contacts();
    let marta = contacts.iter().find(|record| text(record, "last_name") == "Лисенко").unwrap();
    assert_eq!(channels(marta, "phone").len(), 2);
    assert_eq!((text(marta, "gender"), text(marta, "birthday")), ("female".into(), "1991-02-03".into()));
    assert_eq!(marta.value("managers"), &json!([2]));
    for line in ["ID: 77", "Группы: Оптовики", "Бонусы: 150", "любить каву"] {
        assert!(text(marta, "description").contains(line), "{}", text(marta, "description"));
    }
    let texts = row
        .replace(";ж;", ";;")
        .replace("03.02.1991", "")
        .replace("Ігор Мельник", "")
        .replace("+380671110001, +380671110002", "+380671110002");
    nothing_is_lost(base, header, &texts, ';');
}

fn one_c(base: &Base) {
    let headers = [
        "Код",
        "Наименование",
        "Полное наименование",
        "Вид контрагента",
        "ИНН",
        "КПП",
        "ОГРН",
        "Юридический адрес",
        "Фактический адрес",
        "Телефон",
        "Email",
        "Менеджер",
        "Расчетный счет",
        "БИК",
        "Группа",
    ];
    let row = [
        "00-00000017",
        "Ромашка",
        "ООО «Ромашка»",
        "Юридическое лицо",
        "7707083893",
        "773601001",
        "1027700132195",
        "Москва, Полевая 1",
        "Тверь, Луговая 2",
        "+7 495 120-66-99",
        "office@romashka.example",
        "Олена Ковальчук",
        "40702810438000060473",
        "044525225",
        "Покупатели",
    ];
    let person = [
        "00-00000018",
        "Сидоров Пётр Ильич",
        "",
        "Физическое лицо",
        "",
        "",
        "",
        "",
        "",
        "+7 916 120-66-77",
        "",
        "",
        "",
        "",
        "",
    ];
    let path = tempfile::NamedTempFile::new().unwrap();
    let mut writer =
        file_formats::create(path.path(), file_formats::WriteKind::Xlsx, "Контрагенты", &headers.map(String::from))
            .unwrap();
    for cells in [row, person] {
        writer.write_row(&cells.map(|text| file_formats::OutCell::Text(text.into()))).unwrap();
    }
    writer.finish().unwrap();
    let id = base.upload("Контрагенты.xlsx", &std::fs::read(path.path()).unwrap());
    assert_eq!(base.import(id)["recognised"], "1c");
    let unmapped: Vec<_> = targets(base, id).into_iter().filter(|(_, target, _)| target.is_empty()).collect();
    assert_eq!(unmapped, []);
    assert_eq!(counts(&base.run(id)), json!({ "read": 2, "created": 2 }), "{:?}", base.problems(id, None));
    let contacts = base.contacts();
    let company = contacts.iter().find(|record| text(record, "ru_inn") == "7707083893").unwrap();
    assert_eq!((text(company, "kind"), text(company, "name")), ("company".into(), "Ромашка".into()));
    assert_eq!(
        (text(company, "legal_name"), text(company, "requisites_country")),
        ("ООО «Ромашка»".into(), "RU".into())
    );
    let labels: Vec<_> = company.value("addresses").as_array().unwrap().iter().map(|entry| &entry["label"]).collect();
    assert_eq!(labels, [&json!("billing"), &json!("office")]);
    let texts: Vec<&str> = row
        .iter()
        .map(|text| {
            if ["Юридическое лицо", "Олена Ковальчук"].contains(text) { "" } else { *text }
        })
        .collect();
    nothing_is_lost(base, &headers.join(";"), &texts.join(";"), ';');
    let person = contacts.iter().find(|record| text(record, "last_name") == "Сидоров").unwrap();
    assert_eq!((text(person, "kind"), text(person, "patronymic")), ("person".into(), "Ильич".into()));
}

#[test]
fn numbers_of_registers_tell_companies_and_countries() {
    let base = Base::new(TestDatabase::sqlite());
    base.load(&["Контрагент;ИНН;КПП", "Василёк плюс;7707083893;773601001"]);
    let made = &base.contacts()[0];
    assert_eq!((text(made, "kind"), text(made, "requisites_country")), ("company".into(), "RU".into()));
    assert_eq!(text(made, "name"), "Василёк плюс");
}

fn google(base: &Base) {
    let header = "Name,Given Name,Additional Name,Family Name,Yomi Name,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,\
                  E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,\
                  Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Country,\
                  Organization 1 - Name,Organization 1 - Title";
    let row = "Ira Bond,Ira,,Bond,,met in Lviv,* myContacts,* Work,ira@work.example,Home,ira@home.example,Mobile,+380674401285 ::: +380674401286,\
               Work Fax,+380442339061,Home,\"1 Main St, Lviv\",1 Main St,Lviv,POB 7,Ukraine,Acme LLC,Chief";
    let id = base.upload("contacts.csv", format!("{header}\n{row}\n").as_bytes());
    assert_eq!(base.import(id)["recognised"], "google_contacts");
    let report = base.run(id);
    assert_eq!(counts(&report), json!({ "read": 1, "created": 1, "companies_created": 1 }));
    let contacts = base.contacts();
    let ira = contacts.iter().find(|record| text(record, "last_name") == "Bond").unwrap();
    assert_eq!(text(ira, "first_name"), "Ira");
    assert_eq!(text(ira, "position"), "Chief");
    assert!(text(ira, "description").contains("met in Lviv"), "{}", text(ira, "description"));
    let phones = channels(ira, "phone");
    let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    assert_eq!(
        phones,
        [pair("+380674401285", "mobile"), pair("+380674401286", "mobile"), pair("+380442339061", "fax")]
    );
    assert_eq!(channels(ira, "email"), [pair("ira@work.example", "work"), pair("ira@home.example", "home")]);
    let address = &ira.value("addresses")[0];
    assert_eq!(address["street"], "1 Main St, POB 7");
    assert_eq!((&address["city"], &address["label"]), (&json!("Lviv"), &json!("home")));
    let company = base.contact(ira.value("parent").as_i64().unwrap());
    assert_eq!(text(&company, "name"), "Acme LLC");
}

fn outlook(base: &Base) {
    let header = "Title,First Name,Middle Name,Last Name,Company,Department,Job Title,Business Street,Business Street 2,Business City,\
                  Business Fax,Business Phone,Home Phone,Mobile Phone,E-mail Address,E-mail Type,E-mail 2 Address,Spouse,Notes,Web Page";
    let row = "Mr.,John,Q,Smith,Umbrella,Sales,Manager,2 Side St,Floor 3,Kyiv,044 233 90 62,044 233 90 63,044 233 90 64,067 440 12 87,\
               john@umbrella.example,SMTP,john@home.example,Mary,hello,umbrella.example";
    let id = base.upload("outlook.csv", format!("{header}\n{row}\n").as_bytes());
    assert_eq!(base.import(id)["recognised"], "outlook");
    base.run(id);
    let contacts = base.contacts();
    let john = contacts.iter().find(|record| text(record, "last_name") == "Smith").unwrap();
    assert_eq!(text(john, "patronymic"), "Q");
    assert_eq!(channels(john, "phone").len(), 4);
    assert_eq!(channels(john, "email").len(), 2);
    assert_eq!(channels(john, "website"), [("https://umbrella.example".to_owned(), String::new())]);
    let address = &john.value("addresses")[0];
    assert_eq!((&address["street"], &address["label"]), (&json!("2 Side St, Floor 3"), &json!("work")));
    let description = text(john, "description");
    for line in ["Title: Mr.", "Department: Sales", "Spouse: Mary", "hello"] {
        assert!(description.contains(line), "{description}");
    }
}

fn bitrix(base: &Base) {
    let header = "ID;Имя;Фамилия;Отчество;Дата рождения;Рабочий телефон;Мобильный телефон;Рабочий e-mail;Частный e-mail;Контакт Telegram;\
                  Компания;Должность;Комментарий;Тип контакта;Ответственный;Дата создания";
    let row = "1;Иван;Петров;Сергеевич;01.02.1970;+7 495 120-66-31;+7 916 120-66-31, +7 916 120-66-32;ivan@work.example;ivan@home.example;@ivan;\
               ООО «Вектор»;Директор;важный;Клиенты;Олена Ковальчук;01.01.2020";
    let id = base.upload("bitrix.csv", format!("{header}\n{row}\n").as_bytes());
    let import = base.import(id);
    assert_eq!(import["recognised"], "bitrix24");
    // Its ids are not ours.
    assert_eq!(import["columns"][0]["target"], json!(null));
    // "Клиенты" is not on our list: the row is refused by name of the cell, then the column is left out.
    let report = base.check(id);
    assert_eq!(counts(&report), json!({ "read": 1, "errors": 1, "findings": 1 }));
    let problem = &base.problems(id, Some("error"))[0];
    assert_eq!(
        (&problem["row"], &problem["column"], &problem["code"]),
        (&json!(2), &json!(13), &json!("unknown_option"))
    );
    base.change(id, json!({ "mapping": [{ "index": 13, "target": null }] }));
    assert_eq!(base.run(id)["created"], 1);
    let contacts = base.contacts();
    let ivan = contacts.iter().find(|record| text(record, "last_name") == "Петров").unwrap();
    assert_eq!(channels(ivan, "phone").len(), 3);
    assert_eq!(channels(ivan, "telegram"), [("ivan".to_owned(), String::new())]);
    assert_eq!(ivan.value("managers"), &json!([1]));
    assert_eq!(text(ivan, "birthday"), "1970-02-01");
}

fn amocrm(base: &Base) {
    let header = "ID,Тип,Наименование,Имя,Фамилия,Компания,Дата создания,Теги,Ближайшая задача,Ответственный,Должность,Рабочий телефон,\
                  Рабочий прямой телефон,Мобильный телефон,Рабочий email,Примечание 1";
    let person = "5,контакт,Анна Коваль,,,Гамма,01.01.2020,vip,,igor,бухгалтер,+380442339071,+380442339072,+380674401299,anna@gamma.example,x";
    let company = "6,компания,Гамма,,,,01.01.2020,,,igor,,+380442339079,,,info@gamma.example,";
    let id = base.upload("amo.csv", format!("{header}\n{person}\n{company}\n").as_bytes());
    assert_eq!(base.import(id)["recognised"], "amocrm");
    let report = base.run(id);
    // The company was made for Anna's row and filled by its own.
    assert_eq!(counts(&report), json!({ "read": 2, "created": 1, "updated": 1, "companies_created": 1 }));
    let contacts = base.contacts();
    let anna = contacts.iter().find(|record| text(record, "last_name") == "Коваль").unwrap();
    assert_eq!(anna.value("managers"), &json!([2]));
    assert!(text(anna, "description").contains("Теги: vip"));
    let gamma: Vec<_> = contacts.iter().filter(|record| text(record, "name") == "Гамма").collect();
    assert_eq!(gamma.len(), 1);
    assert_eq!(channels(gamma[0], "phone").len(), 1);
}

#[test]
fn a_mapping_is_remembered() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let lines = ["Кто;Куда звонить", "Шевчук Тарас;067 440 12 85"];
        let id = base.upload_table(&lines);
        let mapping = json!([{ "index": 0, "target": "last_name" }, { "index": 1, "target": "channels.phone.home" }]);
        base.change(id, json!({ "mapping": mapping, "remember": true }));
        base.run(id);
        let again = base.upload_table(&lines);
        let found = targets(&base, again);
        let expect = [("Кто", "last_name"), ("Куда звонить", "channels.phone.home")];
        assert_eq!(found, expect.map(|(header, target)| (header.to_owned(), target.to_owned(), true)));
        assert_eq!(base.run(again)["unchanged"], 1);
    });
}
