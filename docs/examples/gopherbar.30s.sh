#!/bin/sh
# The state of Go module downloads in the menu bar, for SwiftBar and xbar. Copy it into their plugin folder.
# <xbar.title>Gopherbar</xbar.title>
# <xbar.desc>Whether Go module downloads work; switches and undoes profiles.</xbar.desc>
# <xbar.dependencies>gopherbar</xbar.dependencies>
PATH="$PATH:/opt/homebrew/bin:/usr/local/bin"
gopherbar=$(command -v gopherbar) || {
  echo 'go ?'
  echo '---'
  echo 'gopherbar was not found | href=https://gopherbar.dev'
  exit 0
}

# 0: everything works; 1: something is down. A bar would begin a parameter of the line.
state=$("$gopherbar" status 2>&1)
case $? in
  0) echo 'go ✓' ;;
  1) echo 'go ✗ | color=red' ;;
  *) echo 'go ?' ;;
esac
echo '---'
printf '%s\n' "$state" | sed 's/|/ /g; s/$/ | font=Menlo trim=false/'
echo '---'
# Lines of profiles begin with a mark and the id.
"$gopherbar" profiles 2>/dev/null | sed -n 's/^[●○] \([^ |]*\) .*/\1/p' | while read -r id; do
  echo "Use $id | shell=$gopherbar param1=use param2=$id terminal=false refresh=true"
done
echo "Undo the last switch | shell=$gopherbar param1=undo terminal=false refresh=true"
