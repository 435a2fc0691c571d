import { describeJobQueue } from "./testing/job-queue-suite.ts";

describeJobQueue("jobs where they are found due", undefined);
