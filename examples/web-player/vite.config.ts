import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The SDK comes from its sources, so that a change of it shows without a build.
  resolve: { conditions: ["@flix/source", ...defaultClientConditions] },
  build: {
    target: "es2022",
    // shaka-player and hls.js are one file each; only a page that plays loads one of them.
    chunkSizeWarningLimit: 800,
    // The platform's content security policy takes no inline code.
    assetsInlineLimit: 0,
  },
});
