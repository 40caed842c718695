/* One ministry's page as it stands in the evening, of our own writing, and what may become of it. */
#pragma once

#include "hand_page.h"

static inline void ministry_frame(struct hand_page *page)
{
    hand_start(page, "Міністерство річок — офіційний портал");
    hand_block(page, "h1", "Міністерство річок та озер");
    static const char *const menu[] = {"Про міністерство", "Діяльність",          "Документи",    "Новини",
                                       "Послуги",          "Публічна інформація", "Антикорупція", "Контакти"};
    for (size_t i = 0; i < sizeof(menu) / sizeof(menu[0]); i++)
        hand_block(page, "nav li", menu[i]);
    hand_link(page, "portal.example");
    hand_link(page, "dani.example");
    page->reading.link_count = 30;
}

static inline void ministry_foot(struct hand_page *page)
{
    hand_block(page, "footer p", "Адреса: 01001, Київ, вулиця Берегова, 7. Телефон: +38 (044) 123-45-67.");
    hand_block(page, "footer p", "Поштова скринька: zvernennia@richky.example");
}

static inline void ministry_news(struct hand_page *page)
{
    hand_block(page, "main h2", "Розпочато очищення русла Стугни");
    hand_block(
        page, "main p",
        "Фахівці міністерства почали роботи з очищення русла річки Стугна на ділянці завдовжки дванадцять "
        "кілометрів. Роботи триватимуть до осені та охоплять прибережні смуги трьох громад. Мешканців "
        "просять не залишати автомобілі біля води.");
    hand_block(page, "main h2", "Відкрито нову лабораторію якості води");
    hand_block(page, "main p",
               "Лабораторія перевірятиме проби з понад сорока озер щомісяця. Результати оприлюднюватимуть у "
               "відкритому реєстрі, а громади отримуватимуть сповіщення про перевищення норм. Обладнання "
               "придбано за кошти державного бюджету.");
}

static inline void ministry_evening(struct hand_page *page)
{
    ministry_frame(page);
    ministry_news(page);
    hand_block(page, "div.counter", "Відвідувачів сьогодні: 1204");
    ministry_foot(page);
}
