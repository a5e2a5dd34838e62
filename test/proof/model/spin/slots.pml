/*
 * Two masters of a cluster, A and B, whose replicas are C and D, while the slot of the secret moves from A to B, as
 * `redis-cli --cluster reshard` does it. The scripts get all their keys in one slot: `src/store/redis/keys.ts › tagged`
 */

byte owner; /* Of the slot, by the nodes. */
bit moving;
bit moved;
byte losses;

#define HAS_NO_RECORD(n) (!memory[n].secret && !memory[n].receipt)

/*
 * A script runs where all its keys are. A node that has some of them rejects it with TRYAGAIN, and one that has none redirects
 * it with ASK: `src/store/redis/send-script.ts › redirected`
 */
inline find_node(n) {
  if
  :: !moving -> n = owner
  :: moving && memory[0].secret && memory[0].receipt -> n = 0
  :: moving && HAS_NO_RECORD(0) && (memory[1].secret && memory[1].receipt || HAS_NO_RECORD(1)) -> n = 1
  :: n = NOWHERE
  fi
}

#define IS_MASTER(n) (n < 2)
#define CONFIRMATIONS(n, due) (written[n + 2] >= due)

#define FINAL_NODE owner
#define SETTLED (!moving)

inline start() {
  run Slots()
}

/* MIGRATE: the new owner has the record, then the old one deletes it. */
#define MOVE(record, text) \
  atomic { moving && memory[0].record -> \
    memory[1].record = 1; \
    written[1]++; \
    memory[0].record = 0; \
    written[0]++; \
    printf(text) }

#define REPLICATE(r, n) \
  atomic { written[r] != written[n] -> \
    copy_records(memory[n], memory[r]); \
    written[r] = written[n]; \
    printf("%c receives what %c has\n", 'A' + r, 'A' + n) }

proctype Slots() {
end:
  do
  :: atomic { !moved -> moved = 1; moving = 1; printf("the slot begins to move\n") }
  :: MOVE(secret, "the secret moves from A to B\n")
  :: MOVE(receipt, "the receipt moves from A to B\n")
  :: atomic { moving && HAS_NO_RECORD(0) -> moving = 0; owner = 1; printf("the slot has moved\n") }
  :: REPLICATE(2, 0)
  :: REPLICATE(3, 1)
#ifdef INTERRUPTED
  /* MIGRATE does not hear that the new owner has the record, and leaves it on both. */
  :: atomic { moving && memory[0].secret && !memory[1].secret ->
       memory[1].secret = 1;
       written[1]++;
       printf("the secret is copied from A to B, and MIGRATE fails\n") }
#endif
#ifdef LOST
  :: atomic { moved && losses == 0 ->
       losses++;
       life[1]++;
       copy_records(memory[3], memory[1]);
       written[1] = written[3];
       printf("B is lost, and D takes over\n") }
#endif
  od
}
