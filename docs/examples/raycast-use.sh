#!/bin/sh
# Switches go and git to another profile from Raycast; `gopherbar undo` takes it back.
# @raycast.schemaVersion 1
# @raycast.title Go Modules: Use Profile
# @raycast.mode compact
# @raycast.packageName Gopherbar
# @raycast.argument1 { "type": "text", "placeholder": "profile, or its first letters" }
# @raycast.needsConfirmation true
PATH="$PATH:/opt/homebrew/bin:/usr/local/bin"
gopherbar use "$1" 2>&1
