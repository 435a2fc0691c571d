/**
 * Whose a session is never changes, so a player's next batches need not ask the database. One that was forgotten since with its
 * account is still found here, and its events find no session to be recorded for.
 */
export interface OwnSessions {
  has(accountId: string, sessionId: string): boolean;
  add(accountId: string, sessionId: string): void;
}

/** Of each of two generations: some 10 MB together. */
const most = 50_000;

export function createOwnSessions(): OwnSessions {
  let recent = new Map<string, string>();
  let older = new Map<string, string>();
  const add = (accountId: string, sessionId: string) => {
    if (recent.size >= most) [older, recent] = [recent, new Map()];
    recent.set(sessionId, accountId);
  };
  return {
    add,
    has(accountId, sessionId) {
      if (recent.get(sessionId) === accountId) return true;
      if (older.get(sessionId) !== accountId) return false;
      add(accountId, sessionId);
      return true;
    },
  };
}
