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
    });
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
