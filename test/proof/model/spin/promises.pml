/*
 * What is promised, as assertions. Each is checked only if the setting asks for it, so that each has a cell of its own in the
 * matrix.
 */

bit acknowledged;              /* The sender has the link. */
bit consumed[CLIENTS];         /* The step of this client has claimed the secret: the store has deleted it. */
bit attempted[CLIENTS];        /* The step of this client has counted a passphrase attempt. */
byte readers;
byte burners;
bit burn_acknowledged;
bit told_gone;                 /* Somebody entitled to the secret was told that it is gone. */
bit late[CLIENTS];             /* The step of this client has claimed the secret after that. */
bit overdue[CLIENTS];          /* It has done so after the ttl. */

/* At most one reader or burner: `docs/api/v1.md › exactly one wins` */
#ifdef CHECK_once
#define PROMISE_once(e) assert(e)
#else
#define PROMISE_once(e) skip
#endif

/* No reader after a burn was acknowledged: `README.md › concurrent reveals and burns` */
#ifdef CHECK_burned
#define PROMISE_burned(e) assert(e)
#else
#define PROMISE_burned(e) skip
#endif

/* A secret that was acknowledged and neither claimed nor expired can be claimed: `src/secrets/store.ts › Durable when it returns` */
#ifdef CHECK_available
#define PROMISE_available(e) assert(e)
#else
#define PROMISE_available(e) skip
#endif

/* `Unknown secret` never answers the request that consumed the secret: `src/store/redis/open.ts › does not report it as unknown` */
#ifdef CHECK_honest
#define PROMISE_honest(e) assert(e)
#else
#define PROMISE_honest(e) skip
#endif

/* A refused request costs nothing: `src/secrets/store.ts › Nothing was looked at or changed` */
#ifdef CHECK_refused
#define PROMISE_refused(e) assert(e)
#else
#define PROMISE_refused(e) skip
#endif

/* Nobody reads a secret that somebody entitled to it was told is gone: `CONTRIBUTING.md › denied` */
#ifdef CHECK_final
#define PROMISE_final(e) assert(e)
#else
#define PROMISE_final(e) skip
#endif

/* Nobody reads a secret after its ttl: `src/secrets/states.ts › isAvailable` */
#ifdef CHECK_expired
#define PROMISE_expired(e) assert(e)
#else
#define PROMISE_expired(e) skip
#endif

/* No promise: whoever checks it is told how the secret can be read, if it can: `src/secrets/reveal.ts › reveal` */
#ifdef CHECK_unread
#define PROMISE_unread(e) assert(e)
#else
#define PROMISE_unread(e) skip
#endif

/* A client gets the secret, or is told that it is burned: `src/secrets/reveal.ts › result.secret`, `src/secrets/burn.ts › readReceipt` */
inline win(burns, is_late, is_overdue) {
  if
  :: burns -> burners++
  :: else -> readers++
  fi;
  PROMISE_once(readers + burners <= 1);
  PROMISE_burned(burns || !burn_acknowledged);
  PROMISE_final(!(is_late));
  PROMISE_expired(!(is_overdue));
  PROMISE_unread(readers == 0);
  burn_acknowledged = burn_acknowledged || burns
}
