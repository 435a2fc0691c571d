export { clientCredentials, refreshTokens } from "./auth.ts";
export type { ClientCredentials, RefreshTokens, TokenStore } from "./auth.ts";
export { createClient } from "./client.ts";
export type { BinaryBody, Client, ClientOptions, RawRequest, TokenContext, TokenProvider } from "./client.ts";
export { systemClock, type Clock } from "./clock.ts";
export { finishDeviceSignIn, startDeviceSignIn } from "./device-sign-in.ts";
export type {
  DeviceSignInOptions,
  FinishDeviceSignInOptions,
  StartedDeviceSignIn,
} from "./device-sign-in.ts";
export { FlixError, isFlixError, type FieldError, type FlixErrorCode, type LocalCode } from "./errors.ts";
export { createFlix, listOperations, type Flix, type FlixOptions } from "./flix.ts";
export type { OauthOptions, Tokens } from "./oauth.ts";
export type { AnyOperation, CallOptions, Input, Operation, OperationId, Output } from "./operation.ts";
export { pages, type Item, type ListOperationId, type Pages } from "./pages.ts";
export { createPlayerEventQueue } from "./playback.ts";
export type { PageEvents, PlayerEvent, PlayerEventFacts } from "./playback.ts";
export type { PlayerEventQueue, PlayerEventQueueOptions } from "./playback.ts";
export { finishSignIn, signOut, startSignIn } from "./sign-in.ts";
export type { FinishSignInOptions, SignInOptions, SignOutOptions, StartedSignIn } from "./sign-in.ts";
export { tailPlayerEvents, type ObservedPlayerEvent, type TailOptions } from "./tail.ts";
export { uploadPackageFiles } from "./upload.ts";
export type { UploadOptions, UploadProgress, UploadSummary } from "./upload.ts";
export type { PackageSource, PartStream, PutAnswer, PutRequest } from "./upload-part.ts";
export { verifyWebhook, type FlixEvent, type WebhookDelivery, type WebhookOptions } from "./webhooks.ts";
// The operation `tailPlayerEvents` is hidden by the export above, which reconnects; the bare stream stands in `operations`.
export * from "./generated/operations.ts";
