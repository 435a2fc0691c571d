// Generated from the contract by `pnpm generate`; do not edit.
import { operation } from "../operation.ts";

/** List and search accounts: `GET /v1/accounts` */
export const listAccounts = /* @__PURE__ */ operation("listAccounts", "get", "/v1/accounts");

/** Create an account: `POST /v1/accounts` */
export const createAccount = /* @__PURE__ */ operation("createAccount", "post", "/v1/accounts");

/** Read an account: `GET /v1/accounts/{account_id}` */
export const getAccount = /* @__PURE__ */ operation("getAccount", "get", "/v1/accounts/{account_id}");

/** Change an account: `PATCH /v1/accounts/{account_id}` */
export const updateAccount = /* @__PURE__ */ operation("updateAccount", "patch", "/v1/accounts/{account_id}");

/** Delete an account: `DELETE /v1/accounts/{account_id}` */
export const deleteAccount = /* @__PURE__ */ operation("deleteAccount", "delete", "/v1/accounts/{account_id}");

/** Change an account's password: `POST /v1/accounts/{account_id}/password` */
export const changePassword = /* @__PURE__ */ operation("changePassword", "post", "/v1/accounts/{account_id}/password");

/** Suspend an account: `POST /v1/accounts/{account_id}/suspend` */
export const suspendAccount = /* @__PURE__ */ operation("suspendAccount", "post", "/v1/accounts/{account_id}/suspend");

/** Restore a suspended account: `POST /v1/accounts/{account_id}/restore` */
export const restoreAccount = /* @__PURE__ */ operation("restoreAccount", "post", "/v1/accounts/{account_id}/restore");

/** List an account's profiles: `GET /v1/accounts/{account_id}/profiles` */
export const listProfiles = /* @__PURE__ */ operation("listProfiles", "get", "/v1/accounts/{account_id}/profiles");

/** Create a profile: `POST /v1/accounts/{account_id}/profiles` */
export const createProfile = /* @__PURE__ */ operation("createProfile", "post", "/v1/accounts/{account_id}/profiles");

/** Read a profile: `GET /v1/profiles/{profile_id}` */
export const getProfile = /* @__PURE__ */ operation("getProfile", "get", "/v1/profiles/{profile_id}");

/** Change a profile: `PATCH /v1/profiles/{profile_id}` */
export const updateProfile = /* @__PURE__ */ operation("updateProfile", "patch", "/v1/profiles/{profile_id}");

/** Delete a profile: `DELETE /v1/profiles/{profile_id}` */
export const deleteProfile = /* @__PURE__ */ operation("deleteProfile", "delete", "/v1/profiles/{profile_id}");

/** List the operators: `GET /v1/operators` */
export const listOperators = /* @__PURE__ */ operation("listOperators", "get", "/v1/operators");

/** Create an operator: `POST /v1/operators` */
export const createOperator = /* @__PURE__ */ operation("createOperator", "post", "/v1/operators");

/** Change an operator: `PATCH /v1/operators/{operator_id}` */
export const updateOperator = /* @__PURE__ */ operation("updateOperator", "patch", "/v1/operators/{operator_id}");

/** Delete an operator: `DELETE /v1/operators/{operator_id}` */
export const deleteOperator = /* @__PURE__ */ operation("deleteOperator", "delete", "/v1/operators/{operator_id}");

/** List the machine clients: `GET /v1/clients` */
export const listMachineClients = /* @__PURE__ */ operation("listMachineClients", "get", "/v1/clients");

/** Create a machine client: `POST /v1/clients` */
export const createMachineClient = /* @__PURE__ */ operation("createMachineClient", "post", "/v1/clients");

/** Delete a machine client: `DELETE /v1/clients/{client_id}` */
export const deleteMachineClient = /* @__PURE__ */ operation("deleteMachineClient", "delete", "/v1/clients/{client_id}");

/** Read who the token stands for: `GET /v1/whoami` */
export const getWhoami = /* @__PURE__ */ operation("getWhoami", "get", "/v1/whoami");

/** List and search titles: `GET /v1/titles` */
export const listTitles = /* @__PURE__ */ operation("listTitles", "get", "/v1/titles");

/** Create a title: `POST /v1/titles` */
export const createTitle = /* @__PURE__ */ operation("createTitle", "post", "/v1/titles");

/** Read a title: `GET /v1/titles/{title_id}` */
export const getTitle = /* @__PURE__ */ operation("getTitle", "get", "/v1/titles/{title_id}");

/** Change a title: `PATCH /v1/titles/{title_id}` */
export const updateTitle = /* @__PURE__ */ operation("updateTitle", "patch", "/v1/titles/{title_id}");

/** Delete a title: `DELETE /v1/titles/{title_id}` */
export const deleteTitle = /* @__PURE__ */ operation("deleteTitle", "delete", "/v1/titles/{title_id}");

/** Publish a title: `POST /v1/titles/{title_id}/publish` */
export const publishTitle = /* @__PURE__ */ operation("publishTitle", "post", "/v1/titles/{title_id}/publish");

/** Unpublish a title: `POST /v1/titles/{title_id}/unpublish` */
export const unpublishTitle = /* @__PURE__ */ operation("unpublishTitle", "post", "/v1/titles/{title_id}/unpublish");

/** List the episodes of a series: `GET /v1/titles/{title_id}/episodes` */
export const listEpisodes = /* @__PURE__ */ operation("listEpisodes", "get", "/v1/titles/{title_id}/episodes");

/** Set a title's artwork of a kind: `PUT /v1/titles/{title_id}/artwork/{kind}` */
export const setTitleArtwork = /* @__PURE__ */ operation("setTitleArtwork", "put", "/v1/titles/{title_id}/artwork/{kind}");

/** List the genres: `GET /v1/genres` */
export const listGenres = /* @__PURE__ */ operation("listGenres", "get", "/v1/genres");

/** Name a genre in each language: `PUT /v1/genres/{genre_slug}` */
export const setGenre = /* @__PURE__ */ operation("setGenre", "put", "/v1/genres/{genre_slug}");

/** List the assets of a title: `GET /v1/titles/{title_id}/assets` */
export const listAssets = /* @__PURE__ */ operation("listAssets", "get", "/v1/titles/{title_id}/assets");

/** Register an asset of a title: `POST /v1/titles/{title_id}/assets` */
export const createAsset = /* @__PURE__ */ operation("createAsset", "post", "/v1/titles/{title_id}/assets");

/** Read an asset: `GET /v1/assets/{asset_id}` */
export const getAsset = /* @__PURE__ */ operation("getAsset", "get", "/v1/assets/{asset_id}");

/** Delete an asset: `DELETE /v1/assets/{asset_id}` */
export const deleteAsset = /* @__PURE__ */ operation("deleteAsset", "delete", "/v1/assets/{asset_id}");

/** List the packages of a title: `GET /v1/titles/{title_id}/packages` */
export const listPackages = /* @__PURE__ */ operation("listPackages", "get", "/v1/titles/{title_id}/packages");

/** Begin a package of a title: `POST /v1/titles/{title_id}/packages` */
export const createPackage = /* @__PURE__ */ operation("createPackage", "post", "/v1/titles/{title_id}/packages");

/** Read a package: `GET /v1/packages/{package_id}` */
export const getPackage = /* @__PURE__ */ operation("getPackage", "get", "/v1/packages/{package_id}");

/** Delete a package: `DELETE /v1/packages/{package_id}` */
export const deletePackage = /* @__PURE__ */ operation("deletePackage", "delete", "/v1/packages/{package_id}");

/** Read the encoder's report of a package: `GET /v1/packages/{package_id}/report` */
export const getPackageReport = /* @__PURE__ */ operation("getPackageReport", "get", "/v1/packages/{package_id}/report");

/** Read a file of a package: `GET /v1/packages/{package_id}/files/{file_path}` */
export const getPackageFile = /* @__PURE__ */ operation("getPackageFile", "get", "/v1/packages/{package_id}/files/{file_path}");

/** Complete a package: `POST /v1/packages/{package_id}/complete` */
export const completePackage = /* @__PURE__ */ operation("completePackage", "post", "/v1/packages/{package_id}/complete");

/** Make a package its title's current one: `POST /v1/packages/{package_id}/activate` */
export const activatePackage = /* @__PURE__ */ operation("activatePackage", "post", "/v1/packages/{package_id}/activate");

/** List the uploads of a package: `GET /v1/packages/{package_id}/uploads` */
export const listPackageUploads = /* @__PURE__ */ operation("listPackageUploads", "get", "/v1/packages/{package_id}/uploads");

/** Ask to send parts straight to the store: `POST /v1/packages/{package_id}/upload-grants` */
export const grantPackageUploads = /* @__PURE__ */ operation("grantPackageUploads", "post", "/v1/packages/{package_id}/upload-grants");

/** Say which parts were sent straight to the store: `POST /v1/packages/{package_id}/uploaded-parts` */
export const confirmUploadedParts = /* @__PURE__ */ operation("confirmUploadedParts", "post", "/v1/packages/{package_id}/uploaded-parts");

/** Read an upload: `GET /v1/uploads/{upload_id}` */
export const getUpload = /* @__PURE__ */ operation("getUpload", "get", "/v1/uploads/{upload_id}");

/** Send a part of a file: `PUT /v1/uploads/{upload_id}/parts/{part_number}` */
export const putUploadPart = /* @__PURE__ */ operation("putUploadPart", "put", "/v1/uploads/{upload_id}/parts/{part_number}");

/** Read where a title's intro, recap and credits are: `GET /v1/titles/{title_id}/markers` */
export const getTitleMarkers = /* @__PURE__ */ operation("getTitleMarkers", "get", "/v1/titles/{title_id}/markers");

/** Say where a title's intro, recap and credits are: `PUT /v1/titles/{title_id}/markers` */
export const setTitleMarkers = /* @__PURE__ */ operation("setTitleMarkers", "put", "/v1/titles/{title_id}/markers");

/** List the key sets of a title: `GET /v1/titles/{title_id}/key-sets` */
export const listKeySets = /* @__PURE__ */ operation("listKeySets", "get", "/v1/titles/{title_id}/key-sets");

/** Make the content keys of a package to come: `POST /v1/titles/{title_id}/key-sets` */
export const createKeySet = /* @__PURE__ */ operation("createKeySet", "post", "/v1/titles/{title_id}/key-sets");

/** Read a key set: `GET /v1/key-sets/{key_set_id}` */
export const getKeySet = /* @__PURE__ */ operation("getKeySet", "get", "/v1/key-sets/{key_set_id}");

/** Forget a key set: `DELETE /v1/key-sets/{key_set_id}` */
export const deleteKeySet = /* @__PURE__ */ operation("deleteKeySet", "delete", "/v1/key-sets/{key_set_id}");

/** Tell the keys of a set to a packager: `POST /v1/key-sets/{key_set_id}/export` */
export const exportKeySet = /* @__PURE__ */ operation("exportKeySet", "post", "/v1/key-sets/{key_set_id}/export");

/** List ingest jobs: `GET /v1/ingest-jobs` */
export const listIngestJobs = /* @__PURE__ */ operation("listIngestJobs", "get", "/v1/ingest-jobs");

/** Open an ingest job: `POST /v1/ingest-jobs` */
export const createIngestJob = /* @__PURE__ */ operation("createIngestJob", "post", "/v1/ingest-jobs");

/** Read an ingest job: `GET /v1/ingest-jobs/{job_id}` */
export const getIngestJob = /* @__PURE__ */ operation("getIngestJob", "get", "/v1/ingest-jobs/{job_id}");

/** Report how an ingest job stands: `POST /v1/ingest-jobs/{job_id}/report` */
export const reportIngestJob = /* @__PURE__ */ operation("reportIngestJob", "post", "/v1/ingest-jobs/{job_id}/report");

/** Cancel an ingest job: `POST /v1/ingest-jobs/{job_id}/cancel` */
export const cancelIngestJob = /* @__PURE__ */ operation("cancelIngestJob", "post", "/v1/ingest-jobs/{job_id}/cancel");

/** List what the account plays now: `GET /v1/playback-sessions` */
export const listPlaybackSessions = /* @__PURE__ */ operation("listPlaybackSessions", "get", "/v1/playback-sessions");

/** Start to play a title: `POST /v1/playback-sessions` */
export const createPlaybackSession = /* @__PURE__ */ operation("createPlaybackSession", "post", "/v1/playback-sessions");

/** Say that a session still plays: `POST /v1/playback-sessions/{session_id}/heartbeat` */
export const sendHeartbeat = /* @__PURE__ */ operation("sendHeartbeat", "post", "/v1/playback-sessions/{session_id}/heartbeat");

/** Get the keys that open what a session plays: `POST /v1/playback-sessions/{session_id}/license` */
export const acquireLicense = /* @__PURE__ */ operation("acquireLicense", "post", "/v1/playback-sessions/{session_id}/license");

/** End a session: `POST /v1/playback-sessions/{session_id}/stop` */
export const stopPlaybackSession = /* @__PURE__ */ operation("stopPlaybackSession", "post", "/v1/playback-sessions/{session_id}/stop");

/** Read where a profile is in a title: `GET /v1/profiles/{profile_id}/positions/{title_id}` */
export const getPosition = /* @__PURE__ */ operation("getPosition", "get", "/v1/profiles/{profile_id}/positions/{title_id}");

/** Set where a profile is in a title: `PUT /v1/profiles/{profile_id}/positions/{title_id}` */
export const setPosition = /* @__PURE__ */ operation("setPosition", "put", "/v1/profiles/{profile_id}/positions/{title_id}");

/** Forget where a profile is in a title: `DELETE /v1/profiles/{profile_id}/positions/{title_id}` */
export const deletePosition = /* @__PURE__ */ operation("deletePosition", "delete", "/v1/profiles/{profile_id}/positions/{title_id}");

/** List what a profile has begun: `GET /v1/profiles/{profile_id}/continue-watching` */
export const listContinueWatching = /* @__PURE__ */ operation("listContinueWatching", "get", "/v1/profiles/{profile_id}/continue-watching");

/** Read a profile's home page: `GET /v1/profiles/{profile_id}/home` */
export const getHome = /* @__PURE__ */ operation("getHome", "get", "/v1/profiles/{profile_id}/home");

/** List titles like this one: `GET /v1/titles/{title_id}/similar` */
export const listSimilarTitles = /* @__PURE__ */ operation("listSimilarTitles", "get", "/v1/titles/{title_id}/similar");

/** List what a profile rated: `GET /v1/profiles/{profile_id}/ratings` */
export const listRatings = /* @__PURE__ */ operation("listRatings", "get", "/v1/profiles/{profile_id}/ratings");

/** Rate a title: `PUT /v1/profiles/{profile_id}/ratings/{title_id}` */
export const setRating = /* @__PURE__ */ operation("setRating", "put", "/v1/profiles/{profile_id}/ratings/{title_id}");

/** Take a rating back: `DELETE /v1/profiles/{profile_id}/ratings/{title_id}` */
export const deleteRating = /* @__PURE__ */ operation("deleteRating", "delete", "/v1/profiles/{profile_id}/ratings/{title_id}");

/** List a profile's my list: `GET /v1/profiles/{profile_id}/my-list` */
export const listMyList = /* @__PURE__ */ operation("listMyList", "get", "/v1/profiles/{profile_id}/my-list");

/** Add a title to my list: `PUT /v1/profiles/{profile_id}/my-list/{title_id}` */
export const addToMyList = /* @__PURE__ */ operation("addToMyList", "put", "/v1/profiles/{profile_id}/my-list/{title_id}");

/** Take a title off my list: `DELETE /v1/profiles/{profile_id}/my-list/{title_id}` */
export const removeFromMyList = /* @__PURE__ */ operation("removeFromMyList", "delete", "/v1/profiles/{profile_id}/my-list/{title_id}");

/** List the plans: `GET /v1/plans` */
export const listPlans = /* @__PURE__ */ operation("listPlans", "get", "/v1/plans");

/** Create a plan: `POST /v1/plans` */
export const createPlan = /* @__PURE__ */ operation("createPlan", "post", "/v1/plans");

/** Read a plan: `GET /v1/plans/{plan_id}` */
export const getPlan = /* @__PURE__ */ operation("getPlan", "get", "/v1/plans/{plan_id}");

/** Change a plan: `PATCH /v1/plans/{plan_id}` */
export const updatePlan = /* @__PURE__ */ operation("updatePlan", "patch", "/v1/plans/{plan_id}");

/** List subscriptions: `GET /v1/subscriptions` */
export const listSubscriptions = /* @__PURE__ */ operation("listSubscriptions", "get", "/v1/subscriptions");

/** Subscribe an account to a plan: `POST /v1/subscriptions` */
export const createSubscription = /* @__PURE__ */ operation("createSubscription", "post", "/v1/subscriptions");

/** Read a subscription: `GET /v1/subscriptions/{subscription_id}` */
export const getSubscription = /* @__PURE__ */ operation("getSubscription", "get", "/v1/subscriptions/{subscription_id}");

/** Change a subscription's plan or payment method: `PATCH /v1/subscriptions/{subscription_id}` */
export const changeSubscription = /* @__PURE__ */ operation("changeSubscription", "patch", "/v1/subscriptions/{subscription_id}");

/** Cancel a subscription: `POST /v1/subscriptions/{subscription_id}/cancel` */
export const cancelSubscription = /* @__PURE__ */ operation("cancelSubscription", "post", "/v1/subscriptions/{subscription_id}/cancel");

/** Take back a cancellation at the period's end: `POST /v1/subscriptions/{subscription_id}/resume` */
export const resumeSubscription = /* @__PURE__ */ operation("resumeSubscription", "post", "/v1/subscriptions/{subscription_id}/resume");

/** List invoices: `GET /v1/invoices` */
export const listInvoices = /* @__PURE__ */ operation("listInvoices", "get", "/v1/invoices");

/** Read an invoice: `GET /v1/invoices/{invoice_id}` */
export const getInvoice = /* @__PURE__ */ operation("getInvoice", "get", "/v1/invoices/{invoice_id}");

/** Read the sandbox's clock: `GET /v1/billing/test-clock` */
export const getTestClock = /* @__PURE__ */ operation("getTestClock", "get", "/v1/billing/test-clock");

/** Advance the sandbox's clock: `POST /v1/billing/test-clock/advance` */
export const advanceTestClock = /* @__PURE__ */ operation("advanceTestClock", "post", "/v1/billing/test-clock/advance");

/** Record what a player measured: `POST /v1/player-events` */
export const recordPlayerEvents = /* @__PURE__ */ operation("recordPlayerEvents", "post", "/v1/player-events");

/** Follow player events as they come: `GET /v1/player-events/tail` */
export const tailPlayerEvents = /* @__PURE__ */ operation("tailPlayerEvents", "get", "/v1/player-events/tail");

/** Report how playback went: `GET /v1/reports/playback` */
export const getPlaybackReport = /* @__PURE__ */ operation("getPlaybackReport", "get", "/v1/reports/playback");

/** Is the process alive: `GET /livez` */
export const getLivez = /* @__PURE__ */ operation("getLivez", "get", "/livez");

/** Can the process serve now: `GET /readyz` */
export const getReadyz = /* @__PURE__ */ operation("getReadyz", "get", "/readyz");

/** Has the process started: `GET /startupz` */
export const getStartupz = /* @__PURE__ */ operation("getStartupz", "get", "/startupz");

/** Read the metrics: `GET /metrics` */
export const getMetrics = /* @__PURE__ */ operation("getMetrics", "get", "/metrics");

/** Read the version: `GET /v1/version` */
export const getVersion = /* @__PURE__ */ operation("getVersion", "get", "/v1/version");

/** Read the health of each part: `GET /v1/health` */
export const getHealth = /* @__PURE__ */ operation("getHealth", "get", "/v1/health");

/** Every operation by its id; a bundle carries it only when it is imported. */
export const operations = {
  listAccounts,
  createAccount,
  getAccount,
  updateAccount,
  deleteAccount,
  changePassword,
  suspendAccount,
  restoreAccount,
  listProfiles,
  createProfile,
  getProfile,
  updateProfile,
  deleteProfile,
  listOperators,
  createOperator,
  updateOperator,
  deleteOperator,
  listMachineClients,
  createMachineClient,
  deleteMachineClient,
  getWhoami,
  listTitles,
  createTitle,
  getTitle,
  updateTitle,
  deleteTitle,
  publishTitle,
  unpublishTitle,
  listEpisodes,
  setTitleArtwork,
  listGenres,
  setGenre,
  listAssets,
  createAsset,
  getAsset,
  deleteAsset,
  listPackages,
  createPackage,
  getPackage,
  deletePackage,
  getPackageReport,
  getPackageFile,
  completePackage,
  activatePackage,
  listPackageUploads,
  grantPackageUploads,
  confirmUploadedParts,
  getUpload,
  putUploadPart,
  getTitleMarkers,
  setTitleMarkers,
  listKeySets,
  createKeySet,
  getKeySet,
  deleteKeySet,
  exportKeySet,
  listIngestJobs,
  createIngestJob,
  getIngestJob,
  reportIngestJob,
  cancelIngestJob,
  listPlaybackSessions,
  createPlaybackSession,
  sendHeartbeat,
  acquireLicense,
  stopPlaybackSession,
  getPosition,
  setPosition,
  deletePosition,
  listContinueWatching,
  getHome,
  listSimilarTitles,
  listRatings,
  setRating,
  deleteRating,
  listMyList,
  addToMyList,
  removeFromMyList,
  listPlans,
  createPlan,
  getPlan,
  updatePlan,
  listSubscriptions,
  createSubscription,
  getSubscription,
  changeSubscription,
  cancelSubscription,
  resumeSubscription,
  listInvoices,
  getInvoice,
  getTestClock,
  advanceTestClock,
  recordPlayerEvents,
  tailPlayerEvents,
  getPlaybackReport,
  getLivez,
  getReadyz,
  getStartupz,
  getMetrics,
  getVersion,
  getHealth,
};
