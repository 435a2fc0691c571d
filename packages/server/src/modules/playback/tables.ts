import type { Selectable } from "kysely";

export interface PlaybackTables {
  sessions: SessionsTable;
  positions: PositionsTable;
}

export type SessionRow = Selectable<SessionsTable>;
export type PositionRow = Selectable<PositionsTable>;

interface SessionsTable {
  account_id: string;
  id: string;
  profile_id: string;
  title_id: string;
  series_id: string | null;
  device_id: string;
  device_name: string | null;
  device_kind: "web" | "tv" | "phone" | "tablet" | "other";
  package_digest: string;
  hls_path: string;
  top_height: number | null;
  duration_seconds: number;
  state: "playing" | "paused";
  position_seconds: number;
  started_at: Date;
  last_heartbeat_at: Date;
  ended_at: Date | null;
}

interface PositionsTable {
  account_id: string;
  profile_id: string;
  title_id: string;
  series_id: string | null;
  position_seconds: number;
  duration_seconds: number;
  updated_at: Date;
}
