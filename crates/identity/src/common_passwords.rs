//! The passwords that everybody tries first, and how a password is compared with them.
//!
//! A password is folded before: lower case, Cyrillic letters as the Latin ones on the same keys, so `пароль` and `gfhjkm`
//! are one, and so are `йцукен` and `qwerty`. Digits and signs at its end do not make it a better one. It is no list of all
//! leaked passwords; it catches what a person guesses.

/// Folded, in order.
const COMMON: &str = r"
    ,f,eirf ,tkfhecm 01234567 012345678 0123456789 100200300 10203040 1020304050 11223344 1122334455 112233445566
    12121212 123123123 123321123 12341234 12344321 123454321 12345678 123456789 1234567890 1234567891 123456qwerty
    12345qwert 1234qwer 123654789 123qweasd 123qweasdzxc 12qwaszx 13131313 13579246 147258369 147852369 159357456
    159753456 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 20202020 20212021 20222022
    20232023 20242024 20252025 20262026 321654987 456789123 741852963 789456123 87654321 987654321 9876543210
    a12345678 a1b2c3d4 aa123456 aaa11111 abc12345 abc123abc abcd1234 abcdefg abcdefgh access admin admin123
    adminadmin administrator aleksandr alexander alexandr alexey anastasia andrew andrey angel anthony arsenal
    asdf1234 asdfasdf asdfgh asdfghj asdfghjk asdfghjkl autumn barcelona baseball basketball batman belarus blessed
    bogdan butterfly cdtnkfyf cgfhnfr changeit changeme charlie cheese chelsea chocolate christ cjkysirj cjkywt
    cjkywtvjt cjytxrj cjywt ckfdf ckfdferhf]ys company computer corvette crm cthutq ctrhtn daniel default demo
    demodemo diamond dinamo director dkflbckfd dkflbvbh dmitriy dmitry dragon dynamo erhf]yf erhfbyf ferrari
    fktrcfylh fktrctq fkvfns flower flvby flvbybcnhfnjh football freedom fyfcnfcbz fylhtq gfhjkm gfhjkmgfhjkm ghbdtn
    ghbdtnbr ghbdtnghbdtn gjkmpjdfntkm golden google guest guestguest haslo haslo123 hasloslo hello123 hjccbz if[nth
    ihateyou iloveyou iloveyou1 internet jennifer jessica jesus jordan juventus k.,jdm k.,k. k.,k.nt,z kartoteka
    kazakhstan kiev killer kjrjvjnbd kocham kochamcie krasota kyiv lbhtrnjh lbyfvj letmein letmein1 liverpool ljcneg
    login loginlogin lokomotiv lovelove lovely loveme ltleirf lublu lubov lvbnhbq maksim manager marina master
    mateusz matrix maxim mercedes michael michelle microsoft monkey moscow moskva mypassword nastya natasha newpass
    nfnmzyf nicholas nikita office oksana olena p@ssw0rd p@ssword parol parolparol pass pass1234 passw0rd password
    password! passwort pfqxbr pokemon polska polska1 polska123 porsche princess privet privetprivet ptybn q12345678
    q1w2e3r4 q1w2e3r4t5 qazwsx qazwsxedc qazwsxedcrfv qweasd qweasd123 qweasdzxc qwer1234 qwerasdf qwerqwer qwerty
    qwerty123 qwertyqwerty qwertyu qwertyui qwertyuiop qwertyuiop[] rb]d rbcrf rbtd realmadrid rfhnjntrf rfpf[cnfy
    rhfcjnf rj[fyyz rjnbr rjvgfybz rjvgm.nth rkfdbfnehf robert root rootroot rossiya russia samsung secret secret123
    sergei sergey server shadow shakhtar silver slava slavaukraini solnce solnyshko spartak spiderman spring
    starwars summer sunshine superman support svetlana system tatyana temp temppass test test1234 tester testtest
    thomas toor trustno1 ukraina ukraine user useruser vbycr vfhbyf vfrcbv vfvf vfvfgfgf vjcrdf vladimir vladislav
    vtytl;th warszawa wasdwasd welcome welcome1 whatever windows winter word yaroslav ybrbnf yfcnz yfnfif zaq12wsx
    zaq1zaq1 zenit zk.,k.nt,z zvezda zxcvbn zxcvbn123 zxcvbnm zxcvbnm,
";

/// The letters of the Russian layout, then those that the Ukrainian and Belarusian ones have in their places.
const CYRILLIC_KEYS: &str = "йцукенгшщзхъфывапролджэячсмитьбюёіїєґў";
/// What the same keys write in Latin.
const LATIN_KEYS: &str = r"qwertyuiop[]asdfghjkl;'zxcvbnm,.`s]'\o";

/// Whether a password is one that everybody tries.
pub(crate) fn is_common(password: &str) -> bool {
    let folded = fold(password);
    let stem = folded.trim_end_matches(|c: char| !c.is_alphabetic());
    let is_one_character = folded.chars().all(|c| folded.starts_with(c));
    is_one_character || COMMON.split_whitespace().any(|common| common == folded || common == stem)
}

fn fold(password: &str) -> String {
    let on_latin_keys = |c: char| {
        let key = CYRILLIC_KEYS.chars().zip(LATIN_KEYS.chars()).find(|(cyrillic, _)| *cyrillic == c);
        key.map_or(c, |(_, latin)| latin)
    };
    password.to_lowercase().chars().map(on_latin_keys).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_folded_and_in_order() {
        let common: Vec<&str> = COMMON.split_whitespace().collect();
        assert!(common.is_sorted());
        assert!(common.iter().all(|password| fold(password) == *password));
        assert_eq!(CYRILLIC_KEYS.chars().count(), LATIN_KEYS.chars().count());
    }

    #[test]
    fn common_passwords_in_all_layouts() {
        let check = |password: &str, is_refused: bool| assert_eq!(is_common(password), is_refused, "{password}");
        check("password", true);
        check("Password123!", true);
        check("Qwerty2026", true);
        check("йцукен123", true);
        check("Пароль2026", true);
        check("gfhjkm2026", true);
        check("УКРАЇНА!!", true);
        check("0000000000", true);
        check("ььььььььь", true);
        check("1q2w3e4r", true);
        check("олень на даху", false);
        check("correct horse", false);
        check("7301946258", false);
    }
}
