#!/bin/sh
# The sample must find three languages in a line that has three.
set -eu
found=$("$1" "$2" 'Вся інформація про вас стала публічною, бійтеся. Вся информация о вас стала публичной, бойтесь. Wszystkie informacje o tobie stały się publiczne, bój się.' | cut -d' ' -f1 | tr '\n' ' ')
[ "$found" = "uk ru pl " ] || { echo "found: $found" >&2; exit 1; }
