/*
 * Time, and what it makes a store delete.
 */

#define LAST_TIME (TTL + SKEW + 1)

#ifdef IMPORTS
/* An alias of an earlier import, which had the same id and has expired, is still in the index: `src/store/lmdb/tables.ts › aliasExpiry` */
bit old_alias_due = 1;
#endif

/* `src/time.ts › Clock` */
proctype Clock() {
end:
  do
  :: atomic { time < LAST_TIME -> time++; printf("time passes: %d\n", time) }
#ifdef SWEEPS
  /* `src/store/lmdb/sweep.ts › sweepSecret` */
  :: atomic { memory[0].secret && time >= EXPIRY ->
       memory[0].secret = 0;
       printf("the sweep deletes the secret\n") }
#ifdef IMPORTS
  /* `src/store/lmdb/sweep.ts › sweepAlias` */
  :: atomic { old_alias_due ->
       old_alias_due = 0;
       if
#ifdef BUG_SWEEP_BY_INDEX
       :: memory[0].alias
#else
       :: memory[0].alias && time >= EXPIRY
#endif
          -> memory[0].alias = 0; printf("the sweep deletes the alias\n")
       :: else -> skip
       fi }
  :: atomic { memory[0].alias && time >= EXPIRY -> memory[0].alias = 0 }
#endif
#else
  /* Redis deletes it later than it expires: `src/store/redis/grace.ts › GRACE_MS` */
  :: atomic { memory[0].secret && time > EXPIRY ->
       memory[0].secret = 0;
       printf("Redis deletes the secret\n") }
#endif
  od
}

/* The sender looks at the receipt, at either server: `src/secrets/receipt.ts › settle` */
proctype Sender(byte me) {
  byte n = NOWHERE;
  byte since;
  byte due;
  bit wrote;
  mtype reply;

end:
  acknowledged;
  ask(SETTLE, n, me, NO_PASSPHRASE)
}
