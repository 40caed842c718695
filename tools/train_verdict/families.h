/* Which defacements are one attacker's: pages whose words are largely the same go into one family, so that
 * none is trained on while its twin is measured. */
#pragma once

#include "pipeline/page.h"

struct families;

struct families *families_new(void);
void families_free(struct families *families);
void families_add(struct families *families, const struct reading *reading);
/** Joins what is alike; call once behind the last families_add(). */
void families_join(struct families *families);
/** The family of the page added as number `index`. */
uint32_t families_of(const struct families *families, size_t index);
