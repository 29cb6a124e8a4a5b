#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# autogen.sh - makes ./configure; builds nothing.  Then: ./configure && make
set -eu
cd "$(dirname "$0")"
mkdir -p build-aux
exec autoreconf --install --warnings=all
