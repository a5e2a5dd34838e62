/*
 * One secret, two clients at two servers, and a last reader who comes when all is quiet. The settings are names that
 * ../settings.ts defines; README.md says how to read this.
 */

#define CLIENTS 2

/*
 * Time passes only in the settings that are about it. The secret is created at 0, at a server whose clock may be ahead, and
 * expires when all that read its time find it due: `src/secrets/records.ts › secretExpiry`
 */
byte time;
#ifdef TIME
#define TTL 2
byte expiry;
#define EXPIRY expiry
#define START_CLOCK run Clock(); run Sender(SKEW)
#else
#define TTL 1
#define EXPIRY TTL
#define START_CLOCK skip
#endif
byte ended;
byte crashes;
#ifdef CLUSTER
byte bucket;
#endif
#ifdef IMPORTS
bit imported;
#endif

#ifdef IMPORTS
/* An imported secret is found by its alias: `src/secrets/import-store.ts › AliasRecord` */
#define REACHABLE (!imported || memory[FINAL_NODE].alias)
#else
#define REACHABLE true
#endif

#include "records.pml"
#include "promises.pml"
#include "steps.pml"
#ifdef SLOTS
#include "slots.pml"
#else
#if NODES > 1
#include "replicas.pml"
#else
#include "one-store.pml"
#endif
#endif
#include "server.pml"
#ifdef TIME
#include "clock.pml"
#endif

/* Creates the secret, lets two clients have it, and comes as a last reader: `src/secrets/new-secret.ts › storeNewSecret` */
init {
  byte n = NOWHERE;
  byte since;
  byte due;
  bit wrote;
  byte me;
  mtype reply;

  atomic {
    start();
#ifdef TIME
    expiry = TTL;
#if SKEW > 0
    if
    :: expiry = TTL + SKEW
    :: skip
    fi;
#endif
#endif
    START_CLOCK;
#ifdef IMPORTS
    if
    :: imported = 1
    :: skip
    fi;
#endif
#ifdef PASSPHRASES
    if
    :: protected = 0
    :: protected = 1
    fi;
#endif
#ifdef LIMITS
    if
    :: requests_allowed = 1; attempts_allowed = 2
    :: requests_allowed = 2; attempts_allowed = 2
    :: protected -> requests_allowed = 2; attempts_allowed = 1
    fi
#else
    requests_allowed = CLIENTS + 1;
    attempts_allowed = CLIENTS + 1
#endif
  };
  ask(CREATE, n, 0, NO_PASSPHRASE);
#ifdef IMPORTS
  if
  :: reply == STORED && imported -> ask(ADD_ALIAS, n, 0, NO_PASSPHRASE)
  :: else -> skip
  fi;
#endif
  if
  :: reply != STORED -> skip
  :: else -> atomic { acknowledged = 1; run Client(0); run Client(1) };
     atomic {
       ended == CLIENTS && SETTLED -> n = FINAL_NODE;
       if
       :: me = 0
#if SKEW > 0
       :: me = 1
#endif
       fi;
       if
       :: AVAILABLE(n, NOW(me)) && REACHABLE -> printf("the last reader gets the secret\n"); win(0, told_gone, time >= TTL)
       :: else ->
          printf("the last reader hears `Unknown secret`\n");
          PROMISE_available(consumed[0] || consumed[1] || time >= TTL)
       fi
     }
  fi
}
