"""What the rendered pictures say: messages of the kind that defacers leave, and ordinary notices. Own wording.

Each message is a list of lines in each of four languages, the same in content, so that a picture can show one
language or several under each other.
"""

MESSAGES = [
    {
        "uk": ["Увага! Цей вебсайт більше не ваш.", "Ми стежили за вами цілий рік і маємо все:",
               "паспорти, адреси, телефони та рахунки.", "Відповідайте перед своїми дітьми."],
        "ru": ["Внимание! Этот сайт больше не ваш.", "Мы следили за вами целый год и имеем всё:",
               "паспорта, адреса, телефоны и счета.", "Отвечайте перед своими детьми."],
        "pl": ["Uwaga! Ta strona nie należy już do was.", "Śledziliśmy was przez cały rok i mamy wszystko:",
               "paszporty, adresy, telefony i rachunki.", "Odpowiecie przed własnymi dziećmi."],
        "en": ["Attention! This website is no longer yours.", "We have watched you for a whole year and have it all:",
               "passports, addresses, phones and accounts.", "Answer to your own children."],
    },
    {
        "uk": ["Реєстр зламано о третій годині ночі", "Понад два мільйони записів уже в мережі",
               "Жодна резервна копія не вціліла", "Чекайте на другу хвилю"],
        "ru": ["Реестр взломан в три часа ночи", "Более двух миллионов записей уже в сети",
               "Ни одна резервная копия не уцелела", "Ждите вторую волну"],
        "pl": ["Rejestr złamano o trzeciej w nocy", "Ponad dwa miliony wpisów jest już w sieci",
               "Żadna kopia zapasowa nie ocalała", "Czekajcie na drugą falę"],
        "en": ["The register was broken at three in the night", "More than two million records are out already",
               "Not one backup has survived", "Wait for the second wave"],
    },
    {
        "uk": ["ЗЕМЛЯ НАША, А ВИ ТУТ ЧУЖІ", "ПОВЕРНІТЬ ЕНЕРГІЮ ЛЮДЯМ", "ГЕТЬ ЇЖУ З ОТРУТОЮ"],
        "ru": ["ЗЕМЛЯ НАША, А ВЫ ЗДЕСЬ ЧУЖИЕ", "ВЕРНИТЕ ЭНЕРГИЮ ЛЮДЯМ", "ДОЛОЙ ЕДУ С ЯДОМ"],
        "pl": ["ZIEMIA JEST NASZA, WY JESTEŚCIE OBCY", "ODDAJCIE ENERGIĘ LUDZIOM", "PRECZ Z ZATRUTĄ ŻYWNOŚCIĄ"],
        "en": ["THE LAND IS OURS AND YOU ARE STRANGERS", "GIVE THE POWER BACK", "NO MORE POISONED FOOD"],
    },
    {
        "uk": ["Ваші сервери під нашим контролем", "Ключі шифрування знищено, листи прочитано,",
               "а гроші з рахунків переказано тим, хто їх заслужив.", "Не шукайте винних, подивіться у дзеркало!"],
        "ru": ["Ваши серверы под нашим контролем", "Ключи шифрования уничтожены, письма прочитаны,",
               "а деньги со счетов переведены тем, кто их заслужил.", "Не ищите виновных, взгляните в зеркало!"],
        "pl": ["Wasze serwery są pod naszą kontrolą", "Klucze szyfrujące zniszczono, listy przeczytano,",
               "a pieniądze z kont przelano tym, którzy na nie zasłużyli.", "Nie szukajcie winnych, spójrzcie w lustro!"],
        "en": ["Your servers are under our control", "Encryption keys destroyed, letters read,",
               "and the money moved to those who deserve it.", "Do not look for the guilty, look in the mirror!"],
    },
    {
        "uk": ["Міністерство повідомляє про зміну графіка прийому громадян",
               "З 5 березня заяви приймаються у вівторок і четвер з 9:00 до 17:30.",
               "Довідки за телефоном гарячої лінії або через особистий кабінет."],
        "ru": ["Министерство сообщает об изменении графика приёма граждан",
               "С 5 марта заявления принимаются во вторник и четверг с 9:00 до 17:30.",
               "Справки по телефону горячей линии или через личный кабинет."],
        "pl": ["Ministerstwo informuje o zmianie godzin przyjęć obywateli",
               "Od 5 marca wnioski przyjmujemy we wtorki i czwartki od 9:00 do 17:30.",
               "Informacje pod numerem infolinii lub przez osobiste konto."],
        "en": ["The ministry announces new visiting hours for citizens",
               "From 5 March applications are taken on Tuesday and Thursday, 9:00 to 17:30.",
               "Ask the hotline or use your personal account."],
    },
    {
        "uk": ["Хто мовчав учора, той платитиме завтра", "Ваші таємниці коштують дешевше за хліб",
               "Це лише початок. Дні лічено."],
        "ru": ["Кто молчал вчера, тот будет платить завтра", "Ваши тайны стоят дешевле хлеба",
               "Это только начало. Дни сочтены."],
        "pl": ["Kto wczoraj milczał, ten jutro zapłaci", "Wasze tajemnice są tańsze niż chleb",
               "To dopiero początek. Dni są policzone."],
        "en": ["Who was silent yesterday will pay tomorrow", "Your secrets are cheaper than bread",
               "This is only the beginning. Days are numbered."],
    },
    {
        "uk": ["Електронна черга тимчасово не працює", "Фахівці усувають наслідки кібератаки на портал.",
               "Персональні дані громадян у безпеці, витоку не виявлено.", "Перепрошуємо за незручності."],
        "ru": ["Электронная очередь временно не работает", "Специалисты устраняют последствия кибератаки на портал.",
               "Персональные данные граждан в безопасности, утечки нет.", "Приносим извинения за неудобства."],
        "pl": ["Kolejka elektroniczna chwilowo nie działa", "Specjaliści usuwają skutki cyberataku na portal.",
               "Dane osobowe obywateli są bezpieczne, wycieku nie stwierdzono.", "Przepraszamy za utrudnienia."],
        "en": ["The electronic queue is out of order", "Specialists are dealing with a cyber attack on the portal.",
               "Personal data are safe and no leak was found.", "We apologise for the inconvenience."],
    },
    {
        "uk": ["Продаємо базу виборців", "Ціна: 30 000 доларів, перевірка безкоштовна", "Пишіть лише через захищений канал"],
        "ru": ["Продаём базу избирателей", "Цена: 30 000 долларов, проверка бесплатно", "Пишите только через защищённый канал"],
        "pl": ["Sprzedamy bazę wyborców", "Cena: 30 000 dolarów, sprawdzenie za darmo", "Piszcie tylko przez bezpieczny kanał"],
        "en": ["Voter database for sale", "Price: 30 000 dollars, free sample", "Write through the safe channel only"],
    },
    {
        "uk": ["Громадо, прокинься! Тебе дурять щодня", "Чиновники ховають гроші, а ти рахуєш копійки",
               "Виходь на площу в суботу опівдні"],
        "ru": ["Народ, проснись! Тебя обманывают ежедневно", "Чиновники прячут деньги, а ты считаешь копейки",
               "Выходи на площадь в субботу в полдень"],
        "pl": ["Ludzie, obudźcie się! Okłamują was codziennie", "Urzędnicy chowają pieniądze, a wy liczycie grosze",
               "Wyjdźcie na plac w sobotę w południe"],
        "en": ["People, wake up! You are being fooled", "Officials hide money while you count pennies",
               "Come to the square on Saturday at noon"],
    },
    {
        "uk": ["Тут був невидимий загін", "Адміністраторе, твої паролі смішні", "Оновлюй програми вчасно, друже :)"],
        "ru": ["Здесь был невидимый отряд", "Админ, твои пароли смешны", "Обновляй программы вовремя, дружище :)"],
        "pl": ["Był tu niewidzialny oddział", "Administratorze, twoje hasła są śmieszne", "Aktualizuj programy na czas, kolego :)"],
        "en": ["The invisible squad was here", "Admin, your passwords are funny", "Patch your software in time, mate :)"],
    },
]

MIXED = [
    ["Hacked by Вовча зграя", "Your system is down, а ваші гроші наші", "Message to admin: вчи матчасть"],
    ["Pwned by Чёрный лес", "Мы любим ваш root, thank you", "No backup, немає даних, нет надежды"],
    ["Zhakowane przez Red Crane Team", "Game over, dziękujemy za hasła", "Contact us: przez bezpieczny kanał"],
]

NAVIGATION = {
    "uk": ["Головна", "Про нас", "Послуги", "Новини", "Контакти"],
    "ru": ["Главная", "О нас", "Услуги", "Новости", "Контакты"],
    "pl": ["Główna", "O nas", "Usługi", "Aktualności", "Kontakt"],
    "en": ["Home", "About", "Services", "News", "Contact"],
}
