#!/bin/sh
# Backs the embedded store up to a new file in a folder, verifies that file, and deletes the backups of so many days ago and before.
# Fails, and deletes nothing, if the backup fails.
#
#   backup.sh FOLDER DAYS [OPTION]...      options of `emberlink backup`, such as --without-unread
set -eu
case ${2:-} in
'' | *[!0-9]* | 0)
  echo "Usage: ${0##*/} FOLDER DAYS [OPTION]...   (DAYS is 1 or more)" >&2
  exit 2
  ;;
esac
folder=$1
days=$2
shift 2
file="$folder/emberlink-$(date -u +%Y%m%dT%H%M%SZ).tar"
emberlink backup "$@" "$file"
emberlink backup verify "$file"
find "$folder" -maxdepth 1 -name 'emberlink-*.tar' -mtime "+$((days - 1))" -delete
