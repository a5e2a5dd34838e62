#!/bin/sh
# Makes the certificates of the tests anew, all with one key: sh make.sh
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
openssl ecparam -genkey -name prime256v1 -noout -out key.pem
cat > "$work/config" <<END
[ca]
default_ca = test
[test]
database = $work/database
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
END
: > "$work/database"

# Arguments: file, common name, extension, last day, and how to sign
make() {
  file=$1; name=$2; end=$4
  printf '%s\n' "$3" > "$work/extensions"
  shift 4
  openssl req -new -key key.pem -subj "/CN=$name" -out "$work/request"
  openssl ca -batch -notext -config "$work/config" -in "$work/request" -extfile "$work/extensions" -out "$file.pem" \
    -keyfile key.pem -startdate 20200101000000Z -enddate "$end" "$@"
}
make ca 'Test authority' 'basicConstraints=critical,CA:true' 21200101000000Z -selfsign
hosts='DNS:localhost,IP:127.0.0.1,IP:0.0.0.0'
make valid test-valid "subjectAltName=$hosts" 21200101000000Z -cert ca.pem
make expired test-expired "subjectAltName=$hosts" 20200201000000Z -cert ca.pem
make other-host test-other-host 'subjectAltName=DNS:mail.example.com' 21200101000000Z -cert ca.pem
make self-signed localhost "subjectAltName=$hosts" 21200101000000Z -selfsign
