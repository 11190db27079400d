//! `README.txt`: what is what in the archive, for whoever opens it years later.

use std::fmt::Write;

use record_engine::context::instant_text;
use record_engine::error::Result;

use super::super::error::of_file;
use super::Book;

const HEAD: [&str; 3] = [
    "All data of {company}, as of {at} (UTC).",
    "Все данные компании «{company}» по состоянию на {at} (UTC).",
    "Усі дані компанії «{company}» станом на {at} (UTC).",
];

const ABOUT: [&str; 3] = [
    "The tables are comma-separated text in UTF-8, one record in a row; Excel, LibreOffice and any program for tables open them. Several values in one \
     cell stand on lines of their own. Times are UTC. A text that a spreadsheet would run as a formula has an apostrophe in front.",
    "Таблицы — текст с запятыми в UTF-8, по записи в строке; их открывают Excel, LibreOffice и любая программа для таблиц. Несколько значений в одной \
     ячейке стоят на отдельных строках. Время везде UTC. Перед текстом, который таблица приняла бы за формулу, стоит апостроф.",
    "Таблиці — текст із комами в UTF-8, по запису в рядку; їх відкривають Excel, LibreOffice і будь-яка програма для таблиць. Кілька значень в одній \
     клітинці стоять на окремих рядках. Час усюди UTC. Перед текстом, який таблиця сприйняла б за формулу, стоїть апостроф.",
];

const KEYS: [&str; 3] = [
    "Columns with (ID) name records of other tables. Who is in the trash has its moment in the column \"In the trash since\"; who was merged away \
     has the id of the card that is left. A column of a file names its place in the folder files. The history names fields as fields.csv does, in \
     the column \"Field\"; lists and links stand there as JSON. What was created has no lines in the history: its values stand in its table.",
    "Столбцы с (ID) указывают на записи других таблиц. У записи из корзины заполнен столбец «В корзине с»; у присоединённой к другой стоит id \
     оставшейся карточки. Столбец файла называет его место в папке files. История называет поля так же, как fields.csv в столбце «Поле»; списки и ссылки \
     записаны в ней как JSON. Для созданного строк истории нет: его значения стоят в таблице.",
    "Стовпці з (ID) вказують на записи інших таблиць. У запису з кошика заповнено стовпець «У кошику з»; у приєднаного до іншого стоїть id \
     картки, що лишилася. Стовпець файлу називає його місце в папці files. Історія називає поля так само, як fields.csv у стовпці «Поле»; списки й посилання \
     записано в ній як JSON. Для створеного рядків історії немає: його значення стоять у таблиці.",
];

const NOT_HERE: [&str; 3] = [
    "Not in the archive: passwords and sessions, private views of other users, the queue of duplicates, uploaded files of imports. To move or restore the whole \
     installation use a backup.",
    "Чего здесь нет: паролей и сеансов, личных видов других пользователей, очереди дублей, файлов импорта. Чтобы перенести или восстановить всю \
     установку, нужна резервная копия.",
    "Чого тут немає: паролів і сеансів, особистих виглядів інших користувачів, черги дублів, файлів імпорту. Щоб перенести чи відновити всю \
     установку, потрібна резервна копія.",
];

const ROWS: [&str; 3] = ["rows", "строк", "рядків"];

impl Book<'_> {
    /// Writes it.
    pub(super) fn write_readme(&mut self) -> Result<()> {
        let head = self.text(HEAD);
        let head = head
            .replace("{company}", &self.snapshot.installation.company_name)
            .replace("{at}", &instant_text(self.context.now_ms).get(..16).unwrap_or_default().replace('T', " "));
        let mut text = format!("{head}\n\n");
        let rows = self.text(ROWS);
        for table in &self.tables {
            // A text takes all that is written to it.
            let _ = writeln!(text, "{}: {}, {}: {}", table.name, table.title, rows, table.rows);
        }
        for part in [ABOUT, KEYS, NOT_HERE] {
            let _ = write!(text, "\n{}\n", self.text(part));
        }
        // Old editors of Windows know no other line ends.
        let text = text.replace('\n', "\r\n");
        self.archive.add_text("README.txt", &format!("\u{FEFF}{text}")).map_err(|error| of_file(&error))
    }
}
