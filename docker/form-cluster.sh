#!/bin/sh
# Forms a cluster of the nodes, with two replicas per master, unless they already form one. Then waits until every master has
# its replicas: without them it rejects writes.
#
#   form-cluster.sh HOST:PORT...
set -eu
REDISCLI_AUTH=$(cat "${SECRETS:-/secrets/redis}/password.setup")
export REDISCLI_AUTH

ask() {
  node=$1
  shift
  redis-cli --user setup -h "${node%:*}" -p "${node#*:}" "$@"
}

has_joined() {
  case "$(ask "$1" info replication)" in
    *master_link_status:up* | *role:master*min_slaves_good_slaves:2*) ;;
    *) return 1 ;;
  esac
}

case "$(ask "$1" cluster info)" in
  *cluster_state:ok*)
    echo 'the nodes already form a cluster'
    exit
    ;;
esac
redis-cli --user setup --cluster create "$@" --cluster-replicas 2 --cluster-yes
seconds=60
for address in "$@"; do
  until has_joined "$address"; do
    seconds=$((seconds - 1))
    if [ "$seconds" -eq 0 ]; then
      echo "$address has not joined" >&2
      exit 1
    fi
    sleep 1
  done
done
echo 'every master has its replicas'
