/** For how long a client may send a part straight to the store: enough for a batch over most uplinks; over others it asks again. */
export const grantSeconds = 15 * 60;
