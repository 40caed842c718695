/* Names to numbers. Both are asked for every tag of every page: by first letter, then by length and bytes. */
#include "pipeline/read/element.h"

struct element_fact {
    struct span name;
    uint8_t layout;
};

static const struct element_fact elements[ELEMENT_COUNT] = {
#define X(symbol, text, how) [ELEMENT_##symbol] = {{text, sizeof(text) - 1}, LAYOUT_##how},
    ELEMENT_LIST(X)
#undef X
        [ELEMENT_OTHER] = {{"", 0}, LAYOUT_INLINE},
};

static const struct span attributes[ATTRIBUTE_COUNT] = {
#define X(symbol, text) [ATTRIBUTE_##symbol] = {text, sizeof(text) - 1},
    ATTRIBUTE_LIST(X)
#undef X
};

enum layout element_layout(enum element element)
{
    return (unsigned)element < ELEMENT_COUNT ? (enum layout)elements[element].layout : LAYOUT_INLINE;
}

struct span element_name(enum element element)
{
    return (unsigned)element < ELEMENT_COUNT ? elements[element].name : SPAN("");
}

enum element element_by_name(struct span name)
{
    for (int i = 0; i < ELEMENT_OTHER; i++)
        if (elements[i].name.size == name.size && span_equal_nocase(elements[i].name, name))
            return (enum element)i;
    return ELEMENT_OTHER;
}

int element_heading(enum element element)
{
    return element >= ELEMENT_H1 && element <= ELEMENT_H6 ? (int)(element - ELEMENT_H1) + 1 : 0;
}

enum attribute attribute_by_name(struct span name)
{
    if (name.size < 2 || name.size > 14)
        return ATTRIBUTE_COUNT;
    for (int i = 0; i < ATTRIBUTE_COUNT; i++)
        if (attributes[i].size == name.size && attributes[i].at[0] == name.at[0] &&
            memcmp(attributes[i].at, name.at, name.size) == 0)
            return (enum attribute)i;
    return ATTRIBUTE_COUNT;
}
