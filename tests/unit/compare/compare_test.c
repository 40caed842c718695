/* What stays, goes and comes, on pages made by hand. */
#include "hand_ministry.h"
#include "pipeline/compare/compare.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { DAY_S = 86400, EVENING_S = 1642100000 };

static struct hand_page evening, now;

static struct baseline *learnt(void)
{
    struct baseline *baseline = baseline_new();
    ministry_evening(&evening);
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S), 0);
    return baseline;
}

static struct change compared(const struct baseline *baseline)
{
    struct change change;
    assert_int_equal(compare_reading(baseline, &now.reading, &change), 0);
    return change;
}

static size_t count_kind(const struct change *change, enum change_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < change->block_count; i++)
        count += change->blocks[i].kind == kind;
    return count;
}

static void everything_is_new_without_baseline(void **state)
{
    (void)state;
    ministry_evening(&now);
    struct change change = compared(NULL);
    assert_false(change.has_baseline);
    assert_true(change.fresh == 1 && change.prominence == 1);
    assert_int_equal(count_kind(&change, CHANGE_NEW), change.block_count);
    change_free(&change);
}

static void same_page_is_kept_whole(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    ministry_evening(&now);
    struct change change = compared(baseline);
    assert_true(change.kept == 1 && change.words == 1 && change.structure == 1 && change.anchor == 1);
    assert_true(change.contacts == 1 && change.hosts == 1);
    assert_int_equal(change.new_letters, 0);
    assert_int_equal(count_kind(&change, CHANGE_KEPT), change.block_count);
    assert_false(change.title_changed);
    change_free(&change);
    baseline_free(baseline);
}

static void numbers_count_on_by_themselves_but_telephones_do_not(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    ministry_frame(&now);
    ministry_news(&now);
    hand_block(&now, "div.counter", "Відвідувачів сьогодні: 98");
    hand_block(&now, "footer p", "Адреса: 01001, Київ, вулиця Берегова, 7. Телефон: +38 (044) 765-43-21.");
    hand_block(&now, "footer p", "Поштова скринька: zvernennia@richky.example");
    struct change change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 1);
    assert_true(change.contacts > 0.4 && change.contacts < 0.6);
    change_free(&change);
    baseline_free(baseline);
}

static void edited_sentence_is_kept_in_part(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    ministry_frame(&now);
    hand_block(&now, "main h2", "Розпочато очищення русла Стугни");
    hand_block(&now, "main p",
               "Фахівці міністерства почали роботи з очищення русла річки Стугна на ділянці завдовжки вісім "
               "кілометрів. Роботи триватимуть до осені та охоплять прибережні смуги трьох громад. Мешканців "
               "просять не залишати автомобілі біля води.");
    hand_block(&now, "main h2", "Відкрито нову лабораторію якості води");
    hand_block(&now, "main p",
               "Лабораторія перевірятиме проби з понад сорока озер щомісяця. Результати оприлюднюватимуть у "
               "відкритому реєстрі, а громади отримуватимуть сповіщення про перевищення норм. Обладнання "
               "придбано за кошти державного бюджету.");
    hand_block(&now, "div.counter", "Відвідувачів сьогодні: 1204");
    ministry_foot(&now);
    struct change change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 1);
    assert_int_equal(count_kind(&change, CHANGE_GONE), 1);
    assert_true(change.kept > 0.95 && change.kept < 1);
    assert_true(change.new_letters > 0 && change.new_letters < 40);
    change_free(&change);
    baseline_free(baseline);
}

static void replaced_page_is_gone(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    hand_start(&now, "");
    hand_picture(&now, "1.png", 1200, 800);
    hand_picture_text(&now, "Українець! Всі ваші особисті дані були завантажені в загальну мережу.");
    struct change change = compared(baseline);
    assert_true(change.kept < 0.02 && change.words < 0.05 && change.structure == 0);
    assert_true(change.fresh == 1 && change.prominence == 1);
    assert_true(change.contacts == 0 && change.hosts == 0);
    assert_int_equal(change.new_picture_letters, change.new_letters);
    assert_int_equal(change.pictures_new, 1);
    assert_int_equal(change.pictures_unread, 0);
    assert_true(change.title_changed);
    assert_true(count_kind(&change, CHANGE_GONE) >= 10);
    change_free(&change);
    baseline_free(baseline);
}

static void small_and_known_pictures_are_no_news(void **state)
{
    (void)state;
    struct baseline *baseline = baseline_new();
    ministry_evening(&evening);
    struct picture_ref *logo = hand_picture(&evening, "logo.png", 400, 300);
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S), 0);
    ministry_evening(&now);
    assert_true(baseline_knows_picture(baseline, &logo->digest));
    hand_picture(&now, "logo.png", 400, 300)->url = span_of("moved/logo.png");
    hand_picture(&now, "dot.gif", 1, 1);
    struct picture_ref *unread = hand_picture(&now, "big.jpg", 900, 600);
    unread->outcome = OUTCOME_PICTURE_DAMAGED;
    struct change change = compared(baseline);
    assert_int_equal(change.pictures_kept, 1);
    assert_int_equal(change.pictures_new, 1);
    assert_int_equal(change.pictures_unread, 1);
    change_free(&change);
    baseline_free(baseline);
}

static void text_of_a_known_picture_stands_though_it_was_not_read_again(void **state)
{
    (void)state;
    struct baseline *baseline = baseline_new();
    ministry_evening(&evening);
    hand_picture(&evening, "poster.png", 400, 300);
    hand_picture_text(&evening, "Гаряча лінія з питань води працює цілодобово для всіх громад");
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S), 0);
    ministry_evening(&now);
    hand_picture(&now, "poster.png", 400, 300);
    struct change change = compared(baseline);
    assert_true(change.kept == 1);
    assert_int_equal(count_kind(&change, CHANGE_GONE), 0);
    change_free(&change);
    ministry_evening(&now);
    change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_GONE), 1);
    change_free(&change);
    baseline_free(baseline);
}

/* An attacker who puts another picture at the old address is seen. */
static struct baseline *learnt_hidden(void)
{
    struct baseline *baseline = learnt();
    ministry_evening(&now);
    hand_block(&now, "div p", "Розклад прийому громадян на наступний тиждень")->hidden = true;
    hand_picture(&now, "/plakat.png", 900, 400)->hidden = true;
    assert_int_equal(baseline_learn(baseline, &now.reading, EVENING_S + 7200), 0);
    return baseline;
}

static void what_was_only_hidden_is_new_once_it_shows(void **state)
{
    (void)state;
    struct baseline *baseline = learnt_hidden();
    struct buf packed = buf_new(1 << 20);
    assert_int_equal(baseline_pack(baseline, &packed), 0);
    baseline_free(baseline);
    assert_int_equal(baseline_unpack(buf_span(&packed), &baseline), 0);
    ministry_evening(&now);
    hand_block(&now, "div p", "Розклад прийому громадян на наступний тиждень");
    hand_picture(&now, "/plakat.png", 900, 400);
    struct change change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 1);
    assert_int_equal(change.pictures_new, 1);
    change_free(&change);
    baseline_free(baseline);
    buf_free(&packed);
}

/* A menu for telephones above the same menu for everybody; a tab that is shown, hidden, shown. */
/* Thousands of hidden sentences in front do not keep a shown one from being looked at. */
static void hidden_text_does_not_push_out_what_shows(void **state)
{
    (void)state;
    static struct block blocks[9001];
    struct reading many = {.blocks = blocks};
    for (size_t i = 0; i < 9000; i++)
        blocks[many.block_count++] =
            (struct block){.text = SPAN("Речення, яке ніхто не бачить, хоч воно й стоїть на сторінці."),
                           .origin = ORIGIN_HTML,
                           .hidden = true,
                           .picture = UINT32_MAX};
    blocks[many.block_count++] =
        (struct block){.text = SPAN("Сайт зламано."), .origin = ORIGIN_HTML, .picture = UINT32_MAX};
    struct baseline *baseline = learnt();
    struct change change;
    assert_int_equal(compare_reading(baseline, &many, &change), 0);
    assert_true(change.new_letters > 5);
    change_free(&change);
    baseline_free(baseline);
}

static void what_was_shown_once_is_no_news(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    for (int i = 0; i < 2; i++) {
        ministry_evening(&now);
        hand_block(&now, "nav p", "Розклад прийому громадян на наступний тиждень")->hidden = true;
        if (i == 0)
            hand_block(&now, "div p", "Розклад прийому громадян на наступний тиждень");
        assert_int_equal(baseline_learn(baseline, &now.reading, EVENING_S + 7200 * (i + 1)), 0);
    }
    ministry_evening(&now);
    hand_block(&now, "div p", "Розклад прийому громадян на наступний тиждень");
    struct change change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 0);
    change_free(&change);
    baseline_free(baseline);
}

static void other_picture_at_the_old_address_is_new(void **state)
{
    (void)state;
    struct baseline *baseline = baseline_new();
    ministry_evening(&evening);
    hand_picture(&evening, "poster.png", 400, 300);
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S), 0);
    ministry_evening(&now);
    hand_picture(&now, "message.png", 400, 300)->url = span_of("poster.png");
    struct change change = compared(baseline);
    assert_int_equal(change.pictures_new, 1);
    change_free(&change);
    baseline_free(baseline);
}

static void blocks_in_another_order_have_moved(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    ministry_frame(&now);
    ministry_foot(&now);
    ministry_news(&now);
    hand_block(&now, "div.counter", "Відвідувачів сьогодні: 1204");
    struct change change = compared(baseline);
    assert_true(change.kept == 1);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 0);
    assert_true(count_kind(&change, CHANGE_MOVED) >= 1 && count_kind(&change, CHANGE_MOVED) <= 2);
    change_free(&change);
    baseline_free(baseline);
}

static void with_quote(struct hand_page *page, const char *quote)
{
    ministry_frame(page);
    ministry_news(page);
    hand_block(page, "aside p", quote);
    ministry_foot(page);
}

static void two_quick_fetches_teach_what_is_volatile(void **state)
{
    (void)state;
    struct baseline *baseline = baseline_new();
    with_quote(&evening, "Вода камінь точить, а терпіння дістає з дна скарби.");
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S), 0);
    with_quote(&evening, "Тиха вода греблю рве, а гучна лише піниться.");
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S + 60), 0);
    with_quote(&now, "Не плюй у криницю, бо доведеться з неї напитися.");
    struct change change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 0);
    assert_int_equal(count_kind(&change, CHANGE_VOLATILE), 1);
    assert_true(change.kept > 0.97);
    change_free(&change);
    /* but a volatile place is no hiding place for an article */
    with_quote(&now,
               "Українські громадяни, ваші персональні дані викрадено, усі бази знищено, а відновити їх "
               "неможливо. Бійтеся і чекайте гіршого, бо ми прийдемо до кожного з вас і до ваших родин. "
               "Це лише початок, і вас ніхто не врятує, хоч би де ви переховувалися від нашої помсти.");
    change = compared(baseline);
    assert_true(count_kind(&change, CHANGE_NEW) > 0);
    change_free(&change);
    baseline_free(baseline);
}

static void a_day_apart_one_change_is_an_edit(void **state)
{
    (void)state;
    struct baseline *baseline = baseline_new();
    with_quote(&evening, "Вода камінь точить, а терпіння дістає з дна скарби.");
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S), 0);
    with_quote(&evening, "Тиха вода греблю рве, а гучна лише піниться.");
    assert_int_equal(baseline_learn(baseline, &evening.reading, EVENING_S + DAY_S), 0);
    with_quote(&now, "Не плюй у криницю, бо доведеться з неї напитися.");
    struct change change = compared(baseline);
    assert_int_equal(count_kind(&change, CHANGE_VOLATILE), 0);
    assert_int_equal(count_kind(&change, CHANGE_NEW), 1);
    change_free(&change);
    baseline_free(baseline);
}

/* Each version learnt differs a little; against the anchor all is gone in the end. */
static void slow_exchange_shows_against_the_anchor(void **state)
{
    (void)state;
    char words[60][64];
    struct baseline *baseline = baseline_new();
    for (int version = 0; version <= 30; version++) {
        hand_start(&now, "Повільна сторінка");
        for (int i = 0; i < 30; i++) {
            snprintf(words[i], sizeof(words[i]), "%s%c%c речення", i < version ? "чуже" : "власне", 'a' + i,
                     i < version ? 'z' : 'y');
            hand_block(&now, "main p", words[i]);
        }
        if (version == 30)
            break;
        assert_int_equal(baseline_learn(baseline, &now.reading, EVENING_S + (int64_t)version * DAY_S), 0);
    }
    struct change change = compared(baseline);
    assert_true(change.kept > 0.8);
    assert_true(change.anchor < 0.1);
    change_free(&change);
    assert_int_equal(baseline_accept(baseline, &now.reading, EVENING_S + 40 * DAY_S), 0);
    change = compared(baseline);
    assert_true(change.kept == 1 && change.anchor == 1);
    change_free(&change);
    baseline_free(baseline);
}

static void accepted_version_is_the_whole_truth(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    hand_start(&now, "Новий портал");
    hand_block(&now, "h1", "Вітаємо на новому порталі міністерства");
    hand_block(&now, "main p",
               "Попередню версію збережено в архіві, усі посилання незабаром запрацюють знову.");
    assert_int_equal(baseline_accept(baseline, &now.reading, EVENING_S + DAY_S), 0);
    struct change change = compared(baseline);
    assert_true(change.kept == 1 && change.structure == 1);
    assert_int_equal(change.new_letters + count_kind(&change, CHANGE_GONE), 0);
    change_free(&change);
    baseline_free(baseline);
}

static void own_text_is_told(void **state)
{
    (void)state;
    struct baseline *baseline = learnt();
    buf_auto text = buf_new(1 << 16);
    assert_int_equal(baseline_text(baseline, 1 << 15, &text), 0);
    assert_true(span_find(buf_span(&text), SPAN("лабораторію якості води"), 0) < text.size);
    baseline_free(baseline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_new_without_baseline),
        cmocka_unit_test(same_page_is_kept_whole),
        cmocka_unit_test(numbers_count_on_by_themselves_but_telephones_do_not),
        cmocka_unit_test(edited_sentence_is_kept_in_part),
        cmocka_unit_test(replaced_page_is_gone),
        cmocka_unit_test(small_and_known_pictures_are_no_news),
        cmocka_unit_test(text_of_a_known_picture_stands_though_it_was_not_read_again),
        cmocka_unit_test(what_was_only_hidden_is_new_once_it_shows),
        cmocka_unit_test(hidden_text_does_not_push_out_what_shows),
        cmocka_unit_test(what_was_shown_once_is_no_news),
        cmocka_unit_test(other_picture_at_the_old_address_is_new),
        cmocka_unit_test(blocks_in_another_order_have_moved),
        cmocka_unit_test(two_quick_fetches_teach_what_is_volatile),
        cmocka_unit_test(a_day_apart_one_change_is_an_edit),
        cmocka_unit_test(slow_exchange_shows_against_the_anchor),
        cmocka_unit_test(accepted_version_is_the_whole_truth),
        cmocka_unit_test(own_text_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
