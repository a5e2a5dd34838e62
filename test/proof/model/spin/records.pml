/*
 * What a store keeps of the one secret of the model, and in how many copies.
 */

#define NOWHERE 9

/* One copy of the records: `src/secrets/records.ts › RecordPair` */
typedef Copy {
  bit secret;    /* `src/store/redis/keys.ts › secretRecord` */
  bit receipt;   /* `src/store/redis/keys.ts › receiptRecord` */
  byte attempts; /* `src/store/redis/keys.ts › attemptCounter` */
  byte requests; /* `src/store/redis/keys.ts › rateCounter` */
#ifdef IMPORTS
  bit alias      /* `src/store/redis/keys.ts › aliasRecord` */
#endif
}

Copy memory[NODES];
#ifdef DISKS
Copy disk[NODES];
bit unflushed[NODES];
byte on_disk[NODES]; /* How many writes each disk has. */
#endif

byte written[NODES]; /* How many writes each copy has: Redis calls it the replication offset. */
byte life[NODES];    /* Goes up when a node closes its connections: `src/store/redis/errors.ts › DISCONNECTED` */

bit protected;         /* `src/secrets/records.ts › protected` */
byte requests_allowed; /* `src/limits/rates.ts › limit` */
byte attempts_allowed; /* `src/secrets/attempts.ts › perNetwork` */

/* The passphrase of a request: `src/secrets/claimant.ts › passphrase` */
#define NO_PASSPHRASE 0
#define RIGHT 1
#define WRONG 2

/* The replies of a store: `src/secrets/store.ts › Claim`. NOTHING stands for `store_unavailable`: `src/errors.ts › store_unavailable` */
mtype = { NOTHING, STORED, FOUND, COUNTED, CLAIMED, PROTECTED, PASSPHRASE_REQUIRED, LOCKED, GONE, RATE_LIMITED };

/* `docs/regions.md › sends the write to its replicas` */
inline copy_records(from, to) {
  to.secret = from.secret;
  to.receipt = from.receipt;
  to.attempts = from.attempts;
  to.requests = from.requests;
#ifdef IMPORTS
  to.alias = from.alias
#endif
}

#ifdef DISKS
/* `docs/operate.md › appendfsync always` */
inline flush(n) {
  copy_records(memory[n], disk[n]);
  on_disk[n] = written[n];
  unflushed[n] = 0
}

/* `docs/operate.md › a crash forgets confirmed writes` */
inline restart(n) {
  copy_records(disk[n], memory[n]);
  written[n] = on_disk[n];
  unflushed[n] = 0;
  life[n]++
}
#endif

/* Each write counts, and is not on disk at once: `src/store/redis/replicas.ts › before its replicas have it` */
inline note_write(n) {
  written[n]++;
#ifdef POWER
  flush(n);
#endif
#if defined(DISKS) && !defined(POWER)
  unflushed[n] = 1;
#endif
  wrote = 1
}
