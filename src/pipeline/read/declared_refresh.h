/*
 * A page that leads on by itself, by a meta element or by a Refresh header. A page's author wants us to be
 * led where a browser is not, or not to be led where one is, so this follows HTML's steps to the letter.
 */
#pragma once

#include "pipeline/page.h"

/** Takes what a Refresh header or the content of a meta refresh declares into `refresh`, `refresh_late`,
 * `refresh_self`, `refresh_s`; the first that is one counts, whatever it says. */
void declared_refresh_take(struct reading *reading, struct span content);
