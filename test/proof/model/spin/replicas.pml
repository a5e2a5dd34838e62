/*
 * A Redis master with two replicas, and what Sentinel or the cluster does when the master is lost or replaced. Nothing here is
 * our code: `docs/regions.md › What a failover means`
 */

byte source[NODES]; /* Whose replica a node is. A master's source is itself. */
bit down[NODES];
byte current;       /* The master that Sentinel names. */
byte failovers;
byte absences;

#define IS_MASTER(n) (!down[n] && source[n] == n)
#define IS_REPLICA_OF(r, n) (r != n && !down[r] && source[r] == n)

/* A server may still be connected to a master that has been replaced: `src/store/redis/sentinel-connector.ts › askSentinel` */
inline find_node(n) {
  if
  :: IS_MASTER(0) -> n = 0
  :: IS_MASTER(1) -> n = 1
  :: IS_MASTER(2) -> n = 2
  :: n = NOWHERE
  fi
}

/* `src/store/redis/replicas.ts › confirmed < replicas` */
#define HAS(r, n, due) (IS_REPLICA_OF(r, n) && written[r] >= due)
#define CONFIRMATIONS(n, due) (HAS(0, n, due) + HAS(1, n, due) + HAS(2, n, due))

/* The node that has run the step, or the one that has taken over since. */
#define MAY_TAKE_FOR_OWNER(w) (w == current || w == n)

#define FINAL_NODE current
#define UP_TO_DATE(n) (!down[n] && source[n] == current && written[n] == written[current])
#define SETTLED (UP_TO_DATE(0) && UP_TO_DATE(1) && UP_TO_DATE(2))

#define MAY_FAIL(faults, maximum) (faults < maximum)

inline start() {
  source[0] = 0;
  source[1] = 0;
  source[2] = 0;
  run Nodes()
}

/* A replica receives all that its master has. */
inline receive(r, from) {
  copy_records(memory[from], memory[r]);
  written[r] = written[from];
#ifdef DISKS
  unflushed[r] = 1
#endif
}

inline leave(r, from) {
  if
  :: r != from && source[r] == from -> source[r] = NOWHERE
  :: else -> skip
  fi
}

inline lose(n) {
  down[n] = 1;
  life[n]++;
  leave(0, n);
  leave(1, n);
  leave(2, n)
}

/* Which replicas may take over from a lost master: `src/store/redis/replicas.ts › it prefers the replica that has received` */
#ifdef BUG_PROMOTE_ANY
#define HAS_NO_LESS(r, other) true
#else
#define HAS_NO_LESS(r, other) (other == current || down[other] || written[r] >= written[other])
#endif
#define BEST(r) (r != current && !down[r] && HAS_NO_LESS(r, 0) && HAS_NO_LESS(r, 1) && HAS_NO_LESS(r, 2))

inline promote(r) {
  source[r] = r;
  current = r;
  failovers++;
  printf("%c becomes the master\n", 'A' + r)
}

#define REPLICATE(r) \
  atomic { source[r] != NOWHERE && source[r] != r && !down[r] && !down[source[r]] && \
           written[r] != written[source[r]] -> \
    receive(r, source[r]); \
    printf("%c receives what %c has\n", 'A' + r, 'A' + source[r]) }

/* Becomes a replica of the master: again, or for the first time. */
#define FOLLOW(r) \
  atomic { r != current && !down[r] && source[r] != current && source[r] != r && IS_MASTER(current) -> \
    source[r] = current; \
    receive(r, current); \
    printf("%c follows %c\n", 'A' + r, 'A' + current) }

#define RETURN(r) \
  atomic { down[r] && r != current -> down[r] = 0; source[r] = NOWHERE; printf("%c is back\n", 'A' + r) }

#define TAKE_OVER(r) \
  atomic { down[current] && BEST(r) -> promote(r) }

/* The old master still runs: a switch that was asked for, a master that is back just then, a partition. */
#define REPLACE(r) \
  atomic { MAY_FAIL(failovers, FAILOVERS) && IS_MASTER(current) && source[r] == current && r != current && !down[r] -> \
    promote(r) }

#define DEMOTE(o) \
  atomic { o != current && IS_MASTER(o) && IS_MASTER(current) -> \
    source[o] = current; \
    receive(o, current); \
    CLOSE_CONNECTIONS(o); \
    printf("%c is no longer a master\n", 'A' + o) }

#ifdef CLUSTER
#define CLOSE_CONNECTIONS(o) skip
#else
#define CLOSE_CONNECTIONS(o) life[o]++
#endif

/* CLUSTER FAILOVER: the master pauses until the replica has everything. */
#define HAND_OVER(r) \
  atomic { MAY_FAIL(failovers, FAILOVERS) && IS_MASTER(current) && IS_REPLICA_OF(r, current) && written[r] == written[current] -> \
    source[current] = r; \
    promote(r) }

#define STAY_AWAY(r) \
  atomic { MAY_FAIL(absences, ABSENCES) && IS_REPLICA_OF(r, current) -> \
    absences++; \
    source[r] = NOWHERE; \
    printf("%c loses its master\n", 'A' + r) }

proctype Nodes() {
end:
  do
  :: REPLICATE(0)
  :: REPLICATE(1)
  :: REPLICATE(2)
  :: FOLLOW(0)
  :: FOLLOW(1)
  :: FOLLOW(2)
  :: STAY_AWAY(0)
  :: STAY_AWAY(1)
  :: STAY_AWAY(2)
#ifdef LOST
  :: atomic { MAY_FAIL(failovers, FAILOVERS) && IS_MASTER(current) -> lose(current); printf("%c is lost\n", 'A' + current) }
#endif
#if defined(LOST) || defined(POWER)
  :: TAKE_OVER(0)
  :: TAKE_OVER(1)
  :: TAKE_OVER(2)
  :: RETURN(0)
  :: RETURN(1)
  :: RETURN(2)
#endif
#ifdef REPLACED
  :: REPLACE(0)
  :: REPLACE(1)
  :: REPLACE(2)
  :: DEMOTE(0)
  :: DEMOTE(1)
  :: DEMOTE(2)
#endif
#ifdef HANDED_OVER
  :: HAND_OVER(0)
  :: HAND_OVER(1)
  :: HAND_OVER(2)
#endif
#ifdef POWER
  :: atomic { unflushed[0] -> flush(0) }
  :: atomic { unflushed[1] -> flush(1) }
  :: atomic { unflushed[2] -> flush(2) }
  :: atomic { MAY_FAIL(crashes, CRASHES) ->
       crashes++;
       restart(0);
       restart(1);
       restart(2);
       lose(current);
       printf("all lose power, and %c does not come back for now\n", 'A' + current) }
#endif
  od
}
