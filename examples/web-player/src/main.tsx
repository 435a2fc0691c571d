import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { SessionProvider } from "./session/session.tsx";
import { rememberEngine } from "./watch/engine-choice.ts";
import "./theme.css";

rememberEngine(location.search);

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element with the id root");
createRoot(root).render(
  <SessionProvider>
    <App />
  </SessionProvider>,
);
