/* What a configuration leans on outside of its files. */
#pragma once

#include "config/config_reader.h"
#include "config/config_sources.h"

/** Looks at what the configuration that was read names: a fault is kept for each thing that will not do. */
void config_probe(struct config_reader *reader, const struct config_sources *sources);
