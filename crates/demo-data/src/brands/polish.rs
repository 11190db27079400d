//! Polish company words.

pub(super) const WHOLE: &str = "
Orion Wektor Granit Bursztyn Wisła Bałtyk Tatry Kaskada Horyzont Impuls Latarnia Prometeusz Atlas
Zorza Jutrzenka Dąbrowa Jodła Modrzew Sokół Bocian Żuraw Żagiel Kotwica Kompas Zenit Spektrum
Syriusz Wega Kwarc Topaz Szmaragd Feniks Pegaz Kłos Plon Dostatek Postęp Etalon Triumf Faworyt
Lider Kontakt Dialog Rytm Magistrala Twierdza Bastion Oaza Mazowsze Podlasie Kujawy Mazury Kaszuby
Pomorze Śnieżka Rysy Giewont Noteć Odra Warta Bzura Narew Wawel Krokus Kalina Jarzębina Skarbiec
";

pub(super) const HEADS: &str = "
Agro Bud Eko Euro Pol Med Tech Trans Auto Energo Elektro Geo Poli Inter Mega Termo Aqua Bio West
Metal Deko Las Opti Prod Smart Soft Farm Chem Nova Zbożo Mlecz Mebel Papier Cukro Szkło Velo Kino
Art Data Info Gaz Vita Nord Balt Karpat
";

pub(super) const TAILS: &str = "
świat serwis trade prom line centrum masz komplet dostawa market zasób alians standard technik
projekt dom plus styl haus system eksport import kapitał partner mistrz skład forum stal design
kontrakt chłód hurt instal
";

pub(super) const ACTIVITIES: &str = "
Logistyka Trading Finanse Development Consulting Media Produkt Energia Tekstylia Fabryka Zachód
Wschód Agencja Leasing Wynajem Ochrona Telekom Opakowania Edukacja Turystyka Montaż Invest
";
