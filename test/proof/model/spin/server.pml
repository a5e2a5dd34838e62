/*
 * A server with its connection to the store, and the use cases that it runs.
 */

/* The steps of a store: `src/secrets/store.ts › SecretStore`, `src/secrets/import-store.ts › findAlias` */
#define CREATE 1
#define ADMITTED_CLAIM 2
#define CLAIM 3
#define TAKE 4
#define ADMITTED_CLAIM_OF_LINK 5
#define FIND_ALIAS 6
#define SETTLE 7
#define PLAIN_DELETE 8
#define ADD_ALIAS 9

/* Two servers, whose clocks differ: `src/secrets/context.ts › now` */
#define NOW(me) (time + SKEW * (me % 2))

/*
 * What the store answers is on disk: `docker/redis.conf › appendfsync always`. LMDB puts several steps into one commit, and
 * answers them when it is on disk: `src/store/lmdb/environment.ts › once the commit is on disk`. Without a disk in the model,
 * every write is on it at once.
 */
#if defined(DISKS) && !defined(EVERYSEC) && !defined(BUG_ANSWER_BEFORE_FLUSH)
#define ON_DISK(n) (!unflushed[n])
#else
#define ON_DISK(n) true
#endif

/* How many replicas have confirmed: `src/store/redis/replicas.ts › node.wait` */
#if REPLICAS > 0 && !defined(BUG_ANSWER_BEFORE_WAIT)
#define CONFIRMED(n, due) ((CONFIRMATIONS(n, due)) >= REPLICAS)
#else
#define CONFIRMED(n, due) true
#endif

/* `src/store/redis/secrets.ts › confirmed: true` */
#ifdef BUG_CREATE_UNCONFIRMED
#define MUST_CONFIRM(op) (op != CREATE)
#else
#define MUST_CONFIRM(op) true
#endif

/* For the story, as events are for the log: `src/secrets/events.ts › EventHandler` */
inline tell(me, n) {
  printf("client %d claims the secret on %c: %e\n", me + 1, 'A' + n, reply)
}

/* `src/secrets/store.ts › Every method is one atomic step` */
inline execute(op, n, me, passphrase) {
  wrote = 0;
  if
  :: op == CREATE -> create_step(n); printf("the server stores the secret on %c\n", 'A' + n)
  :: op == ADMITTED_CLAIM -> admitted_claim_step(n, me, NOW(me), passphrase); tell(me, n)
  :: op == CLAIM -> claim_step(n, me, NOW(me), passphrase); tell(me, n)
  :: op == TAKE -> take_step(n, me, NOW(me)); tell(me, n)
  :: op == SETTLE -> settle_step(n, NOW(me))
#ifdef IMPORTS
  /* No record has the id of an imported link: `src/secrets/claim.ts › findBySecretLink` */
  :: op == ADMITTED_CLAIM_OF_LINK ->
     if
     :: memory[n].requests >= requests_allowed -> reply = RATE_LIMITED
     :: else -> memory[n].requests++; note_write(n); reply = GONE
     fi;
     tell(me, n)
  :: op == ADD_ALIAS -> add_alias_step(n); printf("the import stores the alias on %c\n", 'A' + n)
  :: op == FIND_ALIAS ->
     find_alias_step(n, NOW(me));
     printf("client %d looks for the alias: %e\n", me + 1, reply)
#endif
#ifdef BUG_READ_THEN_DELETE
  :: op == PLAIN_DELETE -> end_secret(n, me); printf("client %d deletes the secret on %c\n", me + 1, 'A' + n)
#endif
  fi;
  since = life[n];
  /* Since Redis 7.2, WAIT waits for what the connection has written, not for what it has seen: `src/store/redis/replicas.ts › Since Redis 7.2` */
  if
  :: wrote -> due = written[n]
  :: else -> due = 0
  fi
}

#ifdef BUG_CONFIRM_ELSEWHERE
/* The node that the server now takes for the owner of the key may not be the one that has run the step: `src/store/redis/connection.ts › masterOf` */
inline confirm_at_owner(n, due) {
  if
  :: MAY_TAKE_FOR_OWNER(n) && IS_MASTER(n) && CONFIRMED(n, due) -> skip
  :: n != 0 && MAY_TAKE_FOR_OWNER(0) && IS_MASTER(0) && CONFIRMED(0, 0) -> printf("A confirms instead\n")
  :: n != 1 && MAY_TAKE_FOR_OWNER(1) && IS_MASTER(1) && CONFIRMED(1, 0) -> printf("B confirms instead\n")
  :: n != 2 && MAY_TAKE_FOR_OWNER(2) && IS_MASTER(2) && CONFIRMED(2, 0) -> printf("C confirms instead\n")
  :: reply = NOTHING
  fi
}
#endif

/*
 * One call of the store: `src/store/redis/connection.ts › run`, `src/store/lmdb/environment.ts › transact`
 *
 * The request may be lost, or the server may crash before it: then nothing is executed. So it is with a store that refuses it,
 * such as a master that misses replicas: `docker/sentinel.yml › min-replicas-to-write`. The reply may be lost, or the server may
 * crash before it has come: then the step is executed all the same.
 */
inline ask(op, n, me, passphrase) {
  atomic {
    reply = NOTHING;
    find_node(n);
    if
    :: n == NOWHERE -> skip
    :: else -> d_step { execute(op, n, me, passphrase) }
    fi
  };
  atomic {
    if
    :: n == NOWHERE -> skip
#ifdef BUG_CONFIRM_ELSEWHERE
    :: n != NOWHERE && life[n] == since && ON_DISK(n) -> confirm_at_owner(n, due)
#else
    /* Its own replicas, by the connection on which the step was sent: `src/store/redis/connection.ts › serverAt(call` */
    :: n != NOWHERE && life[n] == since && ON_DISK(n) && (CONFIRMED(n, due) || !MUST_CONFIRM(op)) -> skip
#endif
#ifdef BUG_RESEND
    /* `src/store/redis/client.ts › autoResendUnfulfilledCommands` */
    :: n != NOWHERE ->
       printf("the reply to client %d is lost, and the step is sent again\n", me + 1);
       d_step { execute(op, n, me, passphrase) }
#else
    :: n != NOWHERE ->
       if
       :: reply != NOTHING -> printf("client %d: the reply is lost, or not confirmed: 503\n", me + 1)
       :: else -> skip
       fi;
       reply = NOTHING
#endif
    fi;
    /* Forgotten, so that states that differ in nothing else are one. */
    d_step { n = NOWHERE; since = 0; due = 0; wrote = 0 }
  }
}

#ifdef CLUSTER
/* The bucket is in another slot, and nobody waits for its replicas: `src/store/redis/admit.ts › apart` */
inline count_request(me) {
  atomic {
    if
    :: bucket >= requests_allowed -> reply = RATE_LIMITED
    :: bucket < requests_allowed -> bucket++; reply = COUNTED
    :: reply = NOTHING
    fi;
    printf("client %d is counted: %e\n", me + 1, reply)
  }
}
#endif

/* What the client hears: `src/secrets/claim.ts › assertWon`, `src/secrets/reveal.ts › unknown_secret` */
inline answer(me) {
  if
#ifdef BUG_ANSWER_BEFORE_CLAIM
  :: reply == CLAIMED && !protected -> skip
  :: reply == CLAIMED && protected ->
#else
  :: reply == CLAIMED ->
#endif
     if
     :: burns -> printf("client %d hears that it has burned the secret\n", me + 1)
     :: else -> printf("client %d gets the secret\n", me + 1)
     fi;
     win(burns, late[me], overdue[me])
#ifdef BUG_BURN_WITHOUT_COMPARE
  :: reply == GONE && burns -> printf("client %d hears that it has burned the secret\n", me + 1); win(burns, late[me], overdue[me])
  :: reply == GONE && !burns ->
#else
  :: reply == GONE ->
#endif
     printf("client %d hears `Unknown secret`\n", me + 1);
     PROMISE_honest(!consumed[me]);
     told_gone = told_gone || !protected || passphrase == RIGHT
  /* A wrong passphrase: `src/secrets/claim.ts › wrong_passphrase` */
  :: reply == PROTECTED || reply == PASSPHRASE_REQUIRED ->
     printf("client %d hears that its passphrase is wrong\n", me + 1);
     PROMISE_honest(!consumed[me])
  :: reply == RATE_LIMITED || reply == LOCKED ->
     printf("client %d hears 429\n", me + 1);
     PROMISE_refused(!consumed[me] && !attempted[me])
#ifdef BUG_LOST_AS_UNKNOWN
  :: reply == NOTHING && consumed[me] ->
     printf("client %d hears `Unknown secret`\n", me + 1);
     PROMISE_honest(!consumed[me])
  :: reply == NOTHING && !consumed[me] -> skip
#else
  :: reply == NOTHING -> skip
#endif
  fi
}

#ifdef IMPORTS
/* `src/secrets/claim.ts › findOwn` */
inline claim_imported(me) {
  ask(ADMITTED_CLAIM_OF_LINK, n, me, passphrase);
  if
  :: reply == GONE ->
     ask(FIND_ALIAS, n, me, passphrase);
     if
#ifdef BUG_ALIAS_HOLDS_SECRET
     :: reply == FOUND -> d_step { memory[0].alias = 0; consumed[me] = 1; reply = CLAIMED }
#else
     :: reply == FOUND -> ask(CLAIM, n, me, passphrase)
#endif
     :: else -> skip
     fi
  :: else -> skip
  fi
}
#endif

/* One client reveals or burns: `src/secrets/claim.ts › claimSecret` */
proctype Client(byte me) {
  byte n = NOWHERE;
  byte since;
  byte due;
  bit wrote;
  bit burns;
  byte passphrase;
  mtype reply;

  atomic {
    if
    :: burns = 0
    :: me == 1 -> burns = 1
    fi;
    if
    :: !protected -> passphrase = NO_PASSPHRASE
    :: protected -> passphrase = RIGHT
    :: protected && me == 1 -> passphrase = WRONG
    :: protected && me == 1 -> passphrase = NO_PASSPHRASE
    fi
  };

#ifdef BUG_ANSWER_BEFORE_CLAIM
  atomic {
    find_node(n);
    if
    :: n != NOWHERE && AVAILABLE(n, NOW(me)) && !protected -> win(burns, late[me], overdue[me])
    :: else -> skip
    fi
  };
#endif

#ifdef IMPORTS
  if
  :: imported -> claim_imported(me)
  :: else -> ask(ADMITTED_CLAIM, n, me, passphrase)
  fi;
#else
#ifdef CLUSTER
  count_request(me);
  if
  :: reply == COUNTED -> ask(CLAIM, n, me, passphrase)
  :: else -> skip
  fi;
#else
  ask(ADMITTED_CLAIM, n, me, passphrase);
#endif
#endif

#ifdef BUG_READ_THEN_DELETE
  if
  :: reply == CLAIMED -> ask(PLAIN_DELETE, n, me, passphrase); reply = CLAIMED
  :: else -> skip
  fi;
#endif

  /* `src/secrets/claim.ts › takeProtected` */
  if
  :: reply == PROTECTED && passphrase == RIGHT -> ask(TAKE, n, me, passphrase)
  :: else -> skip
  fi;

  d_step { answer(me); ended++ }
}
