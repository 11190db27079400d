/** A list of clients as a small company keeps it: mostly right, a few cells wrong, one number written twice. */
import type { Rows } from './spreadsheet';

const LAST_NAMES = ['Шевчук', 'Бондаренко', 'Ткаченко', 'Ковальчук', 'Олійник', 'Мельник', 'Поліщук', 'Гончаренко', 'Савченко', 'Руденко'];
const FIRST_NAMES = ['Тарас', 'Олена', 'Ігор', 'Наталія', 'Сергій', 'Юлія', 'Андрій', 'Ірина', 'Богдан', 'Марія'];
const PATRONYMICS = ['Григорович', 'Петрівна', 'Іванович', 'Олегівна'];
const COMPANIES = ['ТОВ «Карпати Буд»', 'ПП «Явір»', 'ТОВ «Дніпро Лайн»', ''];
const CITIES = ['Київ', 'Львів', 'Одеса', 'Харків', 'Дніпро'];

export const ROW_COUNT = 200;
/** Rows of the table as the spreadsheet numbers them, the head being row 1. */
export const WRONG_PHONE_ROW = 41;
export const WRONG_EMAIL_ROW = 87;
export const REPEATED_PHONE_ROW = 151;

export interface ClientsFile {
  rows: Rows;
  /** Somebody whose row is right, to be looked for afterwards. */
  sought: { title: string; phonePart: string; phone: string };
}

function pick(list: readonly string[], index: number): string {
  return list[index % list.length] ?? '';
}

/** `067 440 00 00` and on; every row has a number of its own. */
function phoneOf(index: number): string {
  const digits = String(4_400_000 + index * 37);
  return `067 ${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`;
}

export function clientsFile(): ClientsFile {
  const head = ['Фамилия', 'Имя', 'Отчество', 'Мобильный телефон', 'E-mail', 'Компания', 'Должность', 'Город', 'Примечание'];
  const body = Array.from({ length: ROW_COUNT }, (_, index) => {
    const row = index + 2;
    return [
      `${pick(LAST_NAMES, index)}-${pick(['Київський', 'Львівський', 'Полтавський'], Math.floor(index / 10))}`,
      pick(FIRST_NAMES, Math.floor(index / 3)),
      pick(PATRONYMICS, index),
      row === WRONG_PHONE_ROW ? 'уточнить' : phoneOf(row === REPEATED_PHONE_ROW ? 10 : index),
      row === WRONG_EMAIL_ROW ? 'немає' : `client${index}@example.com`,
      pick(COMPANIES, index),
      pick(['директор', 'бухгалтер', 'менеджер із закупівель'], index),
      pick(CITIES, index),
      index % 5 === 0 ? `Договір № ${1000 + index}; дзвонити після 10:00` : '',
    ];
  });
  const index = 123;
  const [last = '', first = '', patronymic = '', number = ''] = body[index] ?? [];
  return {
    rows: [head, ...body],
    sought: { title: `${last} ${first} ${patronymic}`, phonePart: number.slice(6), phone: `+380 ${number.slice(1)}` },
  };
}
