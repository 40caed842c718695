/* Whether a @media prelude holds for the screen of style_sheet.h. */
#pragma once

#include "base/span.h"

bool style_media_holds(struct span prelude);
