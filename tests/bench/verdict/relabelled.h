/*
 * Labels of service pages put right by reading them.
 */
#pragma once

#include <stdbool.h>

/** The label of the page that the lesson is named after: `label` unless it is listed as wrong; empty when the
 * page is no service page. */
const char *relabelled(const char *lesson, const char *label);
