/** For how long a client may send a part straight to the store: enough for the 64 MiB of a batch over a slow uplink. */
export const grantSeconds = 15 * 60;
