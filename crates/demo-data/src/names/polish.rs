//! Polish first names and surnames, the frequent ones first.

pub(super) const MALE: &str = "
Piotr Krzysztof Andrzej Tomasz Jan Paweł Michał Marcin Jakub Adam Stanisław Marek Łukasz Grzegorz
Mateusz Wojciech Mariusz Dariusz Zbigniew Maciej Rafał Robert Kamil Jerzy Dawid Szymon Kacper Jacek
Ryszard Tadeusz Bartosz Artur Jarosław Sebastian Damian Patryk Przemysław Daniel Roman Konrad Filip
Wiesław Sławomir Karol Aleksander Leszek Adrian Kazimierz Bartłomiej Mirosław Waldemar Franciszek
Radosław Hubert Bogdan Zdzisław Edward Wiktor Władysław Mikołaj Igor Antoni Ireneusz Janusz Czesław
Witold Cezary Norbert Oskar Dominik Józef Henryk Arkadiusz Eugeniusz Bolesław Błażej Ignacy Julian
Leon Maksymilian Nikodem Oliwier Seweryn Tymon Wacław Zygmunt Lech Lucjan Gabriel Emil
";

pub(super) const FEMALE: &str = "
Anna Katarzyna Maria Małgorzata Agnieszka Barbara Ewa Magdalena Elżbieta Krystyna Joanna Aleksandra
Monika Zofia Natalia Teresa Julia Beata Karolina Danuta Marta Dorota Halina Jadwiga Janina Alicja
Jolanta Grażyna Iwona Irena Paulina Justyna Zuzanna Bożena Wiktoria Urszula Renata Hanna Agata
Sylwia Patrycja Oliwia Helena Emilia Maja Aneta Weronika Ewelina Marianna Martyna Klaudia Gabriela
Marzena Dominika Kinga Amelia Kamila Edyta Iga Wioletta Aldona Bogumiła Cecylia Celina Daria Eliza
Felicja Genowefa Ilona Izabela Kornelia Laura Lena Lidia Liliana Łucja Mariola Milena Mirosława
Nadia Nina Olga Pola Regina Róża Sabina Sandra Stanisława Stefania Wanda Zdzisława Żaneta
";

pub(super) const SURNAMES: &str = "
Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak
Dąbrowski Kozłowski Mazur Jankowski Kwiatkowski Wojciechowski Krawczyk Kaczmarek Piotrowski
Grabowski Pawłowski Michalski Zając Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski
Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran
Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Zalewski Wróblewski Pietrzak Marciniak Jasiński
Zawadzki Duda Bąk Jakubowski Sadowski Włodarczyk Chmielewski Borkowski Wilk Sokołowski Szczepański
Sawicki Lis Kucharski Mazurek Kubiak Kalinowski Wysocki Maciejewski Kołodziej Kaźmierczak
Czarnecki Sobczak Konieczny Głowacki Urban Zakrzewski Wasilewski Krajewski Krupa Laskowski
Sikorski Ziółkowski Gajewski Mróz Szulc Makowski Brzeziński Przybylski Baranowski Kaczmarczyk
Borowski Błaszczyk Adamski Górecki Szczepaniak Chojnacki Kozak Leszczyński Mucha Czerwiński
Lipiński Wesołowski Kowalewski Andrzejewski Cieślak Mikołajczyk Zięba Jarosz Musiał Kowalik
Markowski Kołodziejczyk Brzozowski Kopeć Żak Nowacki Domański Pawlik Orłowski Tomczak Ciesielski
Tomczyk Wawrzyniak Wolski Kot Bielecki Kruk Kubicki Kurek Lech Polak Socha Wierzbicki Kania
Stankiewicz Urbański Sowa Sobolewski Marczak Zych Stefański Bednarek Milewski Kasprzak Piątek
Bielawski Kosiński Rogowski Madej Matuszewski Kaczor Lisowski Skowroński Mikulski Wrona Janik
Morawski Bednarczyk Rybak Bednarz Kowal Gołębiowski Szymczak Dobrowolski Stasiak Olejniczak Wojtas
Śliwiński Dziedzic Małecki Świątek Janicki Gutowski Kędzierski Staniszewski Kulesza Gawroński
Filipek Owczarek Czajkowski Olszański Grzelak Stachowiak Romanowski Cichoń Jastrzębski Klimek
Grochowski Szczęsny Banaś Drozd Rogalski Pietrzyk Kujawa Grzybowski Kasprzyk Krzemiński Chrzanowski
Krzyżanowski Skiba Kisiel Tokarski Muszyński Niemiec Wolak Radomski Rybicki Kuczyński Szydłowski
Zaremba Bukowski Karpiński Sosnowski Wilczek Frankowski Zaręba Osiński Murawski Sienkiewicz
Kędziora Chudzik Czech Żukowski Stolarczyk Kuś Kłos Szot Pająk Mroczek Nawrocki Graczyk Piasecki
Dębski Sobczyk Wojtowicz Gawlik Sroka Bartczak Janowski Tkaczyk Banach Słowik Gruszka Cybulski
Wnuk Twardowski Czyż Flis Misiak Rudnicki Świderski Bochenek Wojtczak Bieńkowski Bogusz Kalisz
Jaroszewski Jędrzejczak Kmiecik Kostrzewa Kozioł Krakowiak Kukuła Lasota Lewicki Łapiński Marszałek
Maj Mielczarek Mierzejewski Młynarczyk Napierała Niedzielski Ogrodnik Pakuła Panek Paszkowski
Pilarski Podgórski Rak Rakowski Ratajczak Sadowy Siwek Skrzypczak Słomka Śmigielski Sołtys Stec
Strzelecki Szafrański Szostak Ślusarczyk Trojanowski Turek Warchoł Węgrzyn Winiarski Wrzesiński
Zawada Zdunek Zieleniewski
";
