#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# lsmods.sh - in the guest: both list the same many modules.
#
#   lsmods.sh TOOLS PEER NAME...
#
# Leaves $OUT/lsmod.peer and $OUT/lsmod.ours.

tools=$1
peer=$2
shift 2

"$peer/modprobe" -qa "$@"
sleep 1 # 6lowpan asks for more in the background
"$peer/lsmod" >"$OUT/lsmod.peer" && "$tools/lsmod" >"$OUT/lsmod.ours"
