/* Fitting the weights: logistic regression, each weight kept on the side of zero where it makes sense, so
 * that no accident of the data makes a kept page look hostile. */
#pragma once

#include "lesson.h"

/** Which lessons take part. */
typedef bool regression_filter(const void *context, const struct lesson *lesson);

/**
 * Fits all three sections to the lessons that pass the filter (NULL: all) and are not held out. Always the
 * same result for the same lessons in the same order.
 */
void regression_fit(const struct lesson_list *list, regression_filter *filter, const void *context,
                    struct weights *ret_weights);

/** The probability the weights give to a lesson. */
double regression_score(const struct weights *weights, const struct lesson *lesson);

/** The same for what stands foremost on the page; 0 when nothing does. */
double regression_front(const struct weights *weights, const struct lesson *lesson);
