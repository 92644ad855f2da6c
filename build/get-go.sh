#!/usr/bin/env bash
# Unpacks a newer Go than this Debian ships, from Debian's own newer suites, without installing anything.
# Usage: get-go.sh 1.26 DIR     → prints the path of bin/go.   Versions seen: 1.21 1.23 (bookworm-backports), 1.24 1.25 (trixie), 1.26 1.27 (sid).
set -euo pipefail
version=${1:?version, e.g. 1.26} dir=${2:?folder}
go="$dir/usr/lib/go-$version/bin/go"
[ -x "$go" ] && { echo "$go"; exit 0; }
# the mirror that this machine's apt already uses
mirror=$( { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | grep -oE 'https?://[^] ]+'; cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '/^URIs:/ {print $2}'; } | grep -v security | head -1 || true)
[ -n "$mirror" ] || { echo "get-go: no Debian mirror found in the apt sources" >&2; exit 1; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$dir"
for suite in bookworm-backports trixie trixie-backports sid; do
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
done > "$work/sources.list"
apt=(-o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::Lists="$work/lists" -o Dir::Cache::archives="$work/archives" -o APT::Sandbox::User=root)
apt-get -qq "${apt[@]}" update >&2
(cd "$work" && apt-get -qq "${apt[@]}" download "golang-$version-go" "golang-$version-src" >&2)
for deb in "$work"/*.deb; do dpkg -x "$deb" "$dir"; done
# Debian splits a Go tree over /usr/lib and /usr/share with absolute links: make them relative to DIR
find "$dir/usr/lib/go-$version" -type l | while read -r link; do
  to=$(readlink "$link"); case "$to" in /*) ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$dir$to")" "$link";; esac
done
"$go" version >&2
echo "$go"
