#!/bin/sh
# Forms a cluster of the nodes, each master with two replicas, unless they already are one.
#
#   form-cluster.sh HOST:PORT...
set -eu
REDISCLI_AUTH=$(cat "${SECRETS:-/secrets/redis}/password.setup")
export REDISCLI_AUTH
state=$(redis-cli --user setup -h "${1%:*}" -p "${1#*:}" cluster info)
case "$state" in
  *cluster_state:ok*) echo 'the nodes are a cluster' ;;
  *) redis-cli --user setup --cluster create "$@" --cluster-replicas 2 --cluster-yes ;;
esac
