#!/bin/sh
# Shows in Raycast how Go module downloads stand. Add this folder under Raycast › Extensions › Script Commands.
# @raycast.schemaVersion 1
# @raycast.title Go Modules: Status
# @raycast.mode fullOutput
# @raycast.packageName Gopherbar
PATH="$PATH:/opt/homebrew/bin:/usr/local/bin"
# Raycast calls every exit code but 0 a failed script; an outage is what was asked for.
gopherbar status || [ $? -eq 1 ]
