import type { Command } from "./command.ts";

export const groups = {
  start: "Start:",
  catalog: "Catalog and media:",
  viewers: "Viewers and billing:",
  insight: "Insight:",
  more: "More:",
} as const;

export interface Leaf {
  summary: string;
  load: () => Promise<Command>;
}

export interface Noun {
  summary: string;
  verbs: Readonly<Record<string, Leaf>>;
}

/** Every command: its summary, and where it stands. Help is made from this alone; a command's file is loaded when it is named. */
export const registry: Readonly<Record<string, (Leaf | Noun) & { group: keyof typeof groups }>> = {
  up: {
    summary: "Start a platform on this machine",
    group: "start",
    load: async () => (await import("./commands/up.ts")).up,
  },
  login: {
    summary: "Sign in to a platform",
    group: "start",
    load: async () => (await import("./commands/login.ts")).login,
  },
  logout: {
    summary: "Sign out of a platform",
    group: "start",
    load: async () => (await import("./commands/logout.ts")).logout,
  },
  whoami: {
    summary: "Show who is signed in, and what they may do",
    group: "start",
    load: async () => (await import("./commands/whoami.ts")).whoami,
  },
  context: {
    summary: "Choose between platforms",
    group: "start",
    verbs: {
      list: {
        summary: "List the saved contexts",
        load: async () => (await import("./commands/context/list.ts")).listContexts,
      },
      use: {
        summary: "Make a context the current one",
        load: async () => (await import("./commands/context/use.ts")).useContext,
      },
      add: {
        summary: "Save a platform as a context",
        load: async () => (await import("./commands/context/add.ts")).addContext,
      },
    },
  },
  ingest: {
    summary: "Encode a film and put it on the platform",
    group: "catalog",
    load: async () => (await import("./commands/ingest/ingest.ts")).ingest,
  },
  worker: {
    summary: "Encode chunks of films that other machines ingest",
    group: "catalog",
    load: async () => (await import("./commands/worker.ts")).worker,
  },
  preflight: {
    summary: "Say what an ingest would do with masters, and what stands in its way",
    group: "catalog",
    load: async () => (await import("./commands/preflight.ts")).preflight,
  },
  jobs: {
    summary: "Ingest jobs, on this machine or another",
    group: "catalog",
    verbs: {
      list: {
        summary: "List ingest jobs",
        load: async () => (await import("./commands/jobs/list.ts")).listIngestJobs,
      },
      get: {
        summary: "Show an ingest job",
        load: async () => (await import("./commands/jobs/get.ts")).getIngestJob,
      },
      watch: {
        summary: "Follow an ingest job to its end",
        load: async () => (await import("./commands/jobs/watch.ts")).watchIngestJob,
      },
      cancel: {
        summary: "Cancel an ingest job",
        load: async () => (await import("./commands/jobs/cancel.ts")).cancelIngestJob,
      },
    },
  },
  titles: {
    summary: "Films, series and episodes",
    group: "catalog",
    verbs: {
      list: {
        summary: "List and search titles",
        load: async () => (await import("./commands/titles/list.ts")).listTitles,
      },
      get: {
        summary: "Show a title",
        load: async () => (await import("./commands/titles/get.ts")).getTitle,
      },
      create: {
        summary: "Create a title",
        load: async () => (await import("./commands/titles/create.ts")).createTitle,
      },
      update: {
        summary: "Change a title",
        load: async () => (await import("./commands/titles/update.ts")).updateTitle,
      },
      package: {
        summary: "Show how the film that a title plays was encoded",
        load: async () => (await import("./commands/titles/package.ts")).getTitlePackage,
      },
      publish: {
        summary: "Publish a title",
        load: async () => (await import("./commands/titles/publish.ts")).publishTitle,
      },
      unpublish: {
        summary: "Take a title off the platform's pages",
        load: async () => (await import("./commands/titles/unpublish.ts")).unpublishTitle,
      },
      poster: {
        summary: "List the film's best frames, or choose a poster",
        load: async () => (await import("./commands/titles/poster.ts")).setTitlePoster,
      },
      delete: {
        summary: "Delete a title",
        load: async () => (await import("./commands/titles/delete.ts")).deleteTitle,
      },
    },
  },
  keys: {
    summary: "What titles are encrypted with",
    group: "catalog",
    verbs: {
      list: {
        summary: "List the key sets of a title",
        load: async () => (await import("./commands/keys/list.ts")).listKeySets,
      },
      export: {
        summary: "Print the keys of a set, for another packager",
        load: async () => (await import("./commands/keys/export.ts")).exportKeySet,
      },
      delete: {
        summary: "Forget a key set that nothing uses",
        load: async () => (await import("./commands/keys/delete.ts")).deleteKeySet,
      },
    },
  },
  markers: {
    summary: "Where intros, recaps and credits are",
    group: "catalog",
    verbs: {
      get: {
        summary: "Show a title's markers, and what the encoder proposes",
        load: async () => (await import("./commands/markers/get.ts")).getTitleMarkers,
      },
      set: {
        summary: "Set a title's markers, without a new encode",
        load: async () => (await import("./commands/markers/set.ts")).setTitleMarkers,
      },
      accept: {
        summary: "Mark the credits that the encoder proposes",
        load: async () => (await import("./commands/markers/accept.ts")).acceptProposedMarkers,
      },
    },
  },
  users: {
    summary: "Viewers' accounts",
    group: "viewers",
    verbs: {
      list: {
        summary: "List and search accounts",
        load: async () => (await import("./commands/users/list.ts")).listAccounts,
      },
      get: {
        summary: "Show an account",
        load: async () => (await import("./commands/users/get.ts")).getAccount,
      },
      create: {
        summary: "Create an account",
        load: async () => (await import("./commands/users/create.ts")).createAccount,
      },
      suspend: {
        summary: "Suspend an account",
        load: async () => (await import("./commands/users/suspend.ts")).suspendAccount,
      },
      restore: {
        summary: "Restore a suspended account",
        load: async () => (await import("./commands/users/restore.ts")).restoreAccount,
      },
      delete: {
        summary: "Delete an account with all that belongs to it",
        load: async () => (await import("./commands/users/delete.ts")).deleteAccount,
      },
    },
  },
  profiles: {
    summary: "The profiles of an account",
    group: "viewers",
    verbs: {
      list: {
        summary: "List the profiles of an account",
        load: async () => (await import("./commands/profiles/list.ts")).listProfiles,
      },
    },
  },
  plans: {
    summary: "What viewers can subscribe to",
    group: "viewers",
    verbs: {
      list: {
        summary: "List plans",
        load: async () => (await import("./commands/plans/list.ts")).listPlans,
      },
      create: {
        summary: "Create a plan",
        load: async () => (await import("./commands/plans/create.ts")).createPlan,
      },
      update: {
        summary: "Change a plan",
        load: async () => (await import("./commands/plans/update.ts")).updatePlan,
      },
    },
  },
  subscriptions: {
    summary: "Who subscribes to what",
    group: "viewers",
    verbs: {
      list: {
        summary: "List subscriptions",
        load: async () => (await import("./commands/subscriptions/list.ts")).listSubscriptions,
      },
      create: {
        summary: "Subscribe an account to a plan",
        load: async () => (await import("./commands/subscriptions/create.ts")).createSubscription,
      },
      change: {
        summary: "Change the plan or the payment method of a subscription",
        load: async () => (await import("./commands/subscriptions/change.ts")).changeSubscription,
      },
      cancel: {
        summary: "Cancel a subscription",
        load: async () => (await import("./commands/subscriptions/cancel.ts")).cancelSubscription,
      },
    },
  },
  invoices: {
    summary: "What was billed",
    group: "viewers",
    verbs: {
      list: {
        summary: "List invoices",
        load: async () => (await import("./commands/invoices/list.ts")).listInvoices,
      },
    },
  },
  analytics: {
    summary: "How playback goes",
    group: "insight",
    verbs: {
      tail: {
        summary: "Follow player events as they come",
        load: async () => (await import("./commands/analytics/tail.ts")).tailPlayerEvents,
      },
      report: {
        summary: "Report starts, watch time and quality",
        load: async () => (await import("./commands/analytics/report.ts")).getPlaybackReport,
      },
    },
  },
  recommendations: {
    summary: "What viewers are shown",
    group: "insight",
    verbs: {
      home: {
        summary: "Show the home page of a profile",
        load: async () => (await import("./commands/recommendations/home.ts")).getHome,
      },
      similar: {
        summary: "List the titles most like one",
        load: async () => (await import("./commands/recommendations/similar.ts")).listSimilarTitles,
      },
    },
  },
  health: {
    summary: "Show the health of each part of the platform",
    group: "insight",
    load: async () => (await import("./commands/health.ts")).getHealth,
  },
  doctor: {
    summary: "Check that this machine has what flix needs",
    group: "more",
    load: async () => (await import("./commands/doctor/doctor.ts")).doctor,
  },
  api: {
    summary: "Call any operation of the contract",
    group: "more",
    load: async () => (await import("./commands/api/api.ts")).api,
  },
};

export function isNoun(entry: Leaf | Noun): entry is Noun {
  return "verbs" in entry;
}
