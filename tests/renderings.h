/* What must hold for every form of every notice, whatever an attacker wrote into it; for the unit tests and
 * the fuzzer. */
#pragma once

#include "pipeline/alert/alert.h"

/** Renders the notice in every form and looks at each. Returns NULL, or which rule is broken. */
const char *renderings_fault(const struct notice *notice);
