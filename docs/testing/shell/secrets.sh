# The code under test: shares and reveals secrets. Needs curl, and EMBERLINK_URL and EMBERLINK_ACCOUNT (email:token).

# share SECRET [PARAMETER=VALUE...]: prints the secret key.
share() {
  secret=$1
  shift
  for parameter; do
    set -- "$@" --data-urlencode "$parameter"
    shift
  done
  curl -fsS -u "$EMBERLINK_ACCOUNT" --data-urlencode "secret=$secret" "$@" "$EMBERLINK_URL/api/v1/share" |
    sed -n 's/.*"secret_key":"\([^"]*\)".*/\1/p'
}

# reveal KEY: prints the secret. Returns 3 if it is gone, and 4 if it may be, because the answer was lost.
reveal() {
  answer=$(curl -sS -w '%{http_code}' -X POST "$EMBERLINK_URL/api/v1/secret/$1" 2>/dev/null) || return 4
  case $answer in
  *200) printf '%s\n' "$answer" | sed -n 's/.*"value":"\([^"]*\)".*/\1/p' ;;
  *404) return 3 ;;
  *) return 1 ;;
  esac
}
