/*
 * A store without replicas: one Redis, or the file of LMDB. It crashes, and comes back with what is on its disk:
 * `docs/operate.md › appendfsync always`, `src/store/lmdb/environment.ts › once the commit is on disk`
 */

inline find_node(n) {
  if
  :: n = 0
  :: n = NOWHERE
  fi
}

inline start() {
#ifdef DISKS
  run Disk()
#else
  skip
#endif
}

#define CONFIRMATIONS(n, due) 0
#define SETTLED true
#define FINAL_NODE 0

#ifdef DISKS
proctype Disk() {
end:
  do
  :: atomic { unflushed[0] -> flush(0) }
  :: atomic { crashes < CRASHES ->
       crashes++;
       restart(0);
       printf("the store crashes, and starts again with what is on its disk\n") }
  od
}
#endif
