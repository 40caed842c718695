/* Whether a @media prelude holds for the screen of style_sheet.h. */
#pragma once

#include "base/span.h"

/** For whom a prelude holds. One with a condition on the width, the colours, the pointer holds for some
 * visitors and not for others. */
enum style_media { MEDIA_NEVER, MEDIA_ELSEWHERE, MEDIA_HERE, MEDIA_ALWAYS };

enum style_media style_media_of(struct span prelude);

bool style_media_holds(struct span prelude);
