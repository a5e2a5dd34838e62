/*
 * The atomic steps of a store, decided in src/secrets/store-steps.ts and mirrored in Lua. `n` is the copy that decides, `now` the
 * clock of the server that asks.
 */

/* `src/secrets/states.ts › isAvailable`, without the planted bug */
#ifdef BUG_EXPIRY_IGNORED
#define AVAILABLE(n, now) (memory[n].secret && memory[n].receipt)
#else
#define AVAILABLE(n, now) (memory[n].secret && memory[n].receipt && now < EXPIRY)
#endif

/* Where no replicas are awaited, nothing has to be written: `src/store/redis/scripts.ts › NO_TRACE` */
#if REPLICAS > 0 && !defined(BUG_WAIT_FOR_OWN_WRITES)
#define TRACE(n) note_write(n)
#else
#define TRACE(n) skip
#endif

/* What is gone may be gone by an unconfirmed claim: `src/store/redis/lua/replicas/leave_trace.lua › already done` */
inline gone(n) {
  TRACE(n);
  reply = GONE
}

/* `src/store/redis/lua/secrets/create.lua › SET`, `src/store/lmdb/secrets.ts › writePair` */
inline create_step(n) {
  memory[n].secret = 1;
  memory[n].receipt = 1;
  note_write(n);
  reply = STORED
}

/* `src/store/redis/lua/secrets/claim.lua › DEL`, `src/secrets/states.ts › ended` */
inline end_secret(n, me) {
  memory[n].secret = 0;
  consumed[me] = 1;
  late[me] = told_gone;
  overdue[me] = time >= TTL;
  note_write(n)
}

/* `src/secrets/store-steps.ts › attemptStep`, `src/store/redis/lua/secrets/claim.lua › locked` */
inline attempt_step(n, me) {
  if
#ifdef BUG_LOCKED_COUNTS
  :: memory[n].attempts >= attempts_allowed -> attempted[me] = 1; reply = LOCKED
#else
  :: memory[n].attempts >= attempts_allowed -> reply = LOCKED
#endif
  :: else ->
     memory[n].attempts++;
     attempted[me] = 1;
#ifdef BUG_CLAIM_BEFORE_PASSPHRASE
     end_secret(n, me);
#else
     note_write(n);
#endif
     reply = PROTECTED
  fi
}

/* `src/secrets/store-steps.ts › claimStep`, `src/store/redis/lua/secrets/claim.lua › passphrase_required` */
inline claim_step(n, me, now, passphrase) {
  if
  :: !AVAILABLE(n, now) -> gone(n)
  :: AVAILABLE(n, now) && !protected ->
#ifndef BUG_READ_THEN_DELETE
     end_secret(n, me);
#endif
     reply = CLAIMED
  :: AVAILABLE(n, now) && protected && passphrase == NO_PASSPHRASE -> reply = PASSPHRASE_REQUIRED
  :: AVAILABLE(n, now) && protected && passphrase != NO_PASSPHRASE -> attempt_step(n, me)
  fi
}

/* `src/store/redis/lua/rates/admit.lua › rate_limited`, `src/store/lmdb/rates.ts › settle` */
inline admitted_claim_step(n, me, now, passphrase) {
  if
#ifdef BUG_COUNTED_AFTER_CLAIM
  :: true ->
     claim_step(n, me, now, passphrase);
     if
     :: memory[n].requests >= requests_allowed -> reply = RATE_LIMITED
     :: else -> memory[n].requests++; note_write(n)
     fi
#else
  :: memory[n].requests >= requests_allowed -> reply = RATE_LIMITED
  :: else ->
     claim_step(n, me, now, passphrase);
     memory[n].requests++;
     note_write(n)
#endif
  fi
}

/* `src/secrets/store-steps.ts › takeStep`, `src/store/redis/lua/secrets/take.lua › EXISTS` */
inline take_step(n, me, now) {
  if
  :: AVAILABLE(n, now) -> end_secret(n, me); reply = CLAIMED
#ifdef BUG_TAKE_WITHOUT_COMPARE
  :: else -> reply = CLAIMED
#else
  :: else -> gone(n)
#endif
  fi
}

/* `src/secrets/store-steps.ts › settleStep`, `src/store/redis/lua/secrets/settle.lua › expired` */
inline settle_step(n, now) {
  if
  :: memory[n].receipt && memory[n].secret && now >= EXPIRY ->
     memory[n].secret = 0;
     told_gone = 1;
     printf("the receipt says that the secret has expired\n");
     note_write(n)
  :: else -> skip
  fi
}

#ifdef IMPORTS
/* `src/store/redis/lua/imports/find_alias.lua › GET`, `src/store/lmdb/imports.ts › findAlias` */
inline find_alias_step(n, now) {
  if
  :: memory[n].alias && now < EXPIRY -> reply = FOUND
  :: else -> reply = GONE
  fi
}

/* `src/store/redis/lua/imports/add_alias.lua › SET`, `src/store/lmdb/imports.ts › addAlias` */
inline add_alias_step(n) {
  memory[n].alias = 1;
  note_write(n);
  reply = STORED
}
#endif
