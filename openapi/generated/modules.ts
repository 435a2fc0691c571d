// Generated from the contract by `pnpm generate`; do not edit.

/** The operations that each module must handle. */
export interface ModuleOperations {
  users: "listAccounts" | "createAccount" | "getAccount" | "updateAccount" | "deleteAccount" | "changePassword" | "suspendAccount" | "restoreAccount" | "listProfiles" | "createProfile" | "getProfile" | "updateProfile" | "deleteProfile" | "listOperators" | "createOperator" | "updateOperator" | "deleteOperator" | "listMachineClients" | "createMachineClient" | "deleteMachineClient" | "getWhoami";
  catalog: "listTitles" | "createTitle" | "getTitle" | "updateTitle" | "deleteTitle" | "publishTitle" | "unpublishTitle" | "listEpisodes" | "setTitleArtwork" | "listGenres" | "setGenre";
  media: "listAssets" | "createAsset" | "getAsset" | "deleteAsset" | "listPackages" | "createPackage" | "getPackage" | "deletePackage" | "getPackageReport" | "getPackageFile" | "completePackage" | "activatePackage" | "listPackageUploads" | "grantPackageUploads" | "confirmUploadedParts" | "getUpload" | "putUploadPart" | "getTitleMarkers" | "setTitleMarkers" | "listKeySets" | "createKeySet" | "getKeySet" | "deleteKeySet" | "exportKeySet" | "listIngestJobs" | "createIngestJob" | "getIngestJob" | "reportIngestJob" | "cancelIngestJob";
  playback: "listPlaybackSessions" | "createPlaybackSession" | "sendHeartbeat" | "acquireLicense" | "stopPlaybackSession" | "getPosition" | "setPosition" | "deletePosition" | "listContinueWatching";
  recommendations: "getHome" | "listSimilarTitles" | "listRatings" | "setRating" | "deleteRating" | "listMyList" | "addToMyList" | "removeFromMyList";
  billing: "listPlans" | "createPlan" | "getPlan" | "updatePlan" | "listSubscriptions" | "createSubscription" | "getSubscription" | "changeSubscription" | "cancelSubscription" | "resumeSubscription" | "listInvoices" | "getInvoice" | "getTestClock" | "advanceTestClock";
  analytics: "recordPlayerEvents" | "tailPlayerEvents" | "getPlaybackReport";
  ops: "getLivez" | "getReadyz" | "getStartupz" | "getMetrics" | "getVersion" | "getHealth";
}
