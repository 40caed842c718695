/* How the report looks: report_style.css, built in. */
#pragma once

/** The style sheet, ends in NUL; constant, so that the report's policy can name its digest instead of
 * allowing any style. */
extern const char report_style[];
