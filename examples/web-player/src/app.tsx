import { lazy, Suspense } from "react";
import { AccountPage } from "./account/account-page.tsx";
import { HomePage } from "./home/home-page.tsx";
import { MyListPage } from "./my-list/my-list-page.tsx";
import { ProblemPanel } from "./problem/problem-panel.tsx";
import { ProfilesPage } from "./profiles/profiles-page.tsx";
import { Link } from "./routes/link.tsx";
import type { Route } from "./routes/route.ts";
import { useRoute } from "./routes/history.ts";
import { usePageTitle } from "./routes/page-title.ts";
import { SearchPage } from "./search/search-page.tsx";
import { CallbackPage } from "./session/callback-page.tsx";
import { useSession } from "./session/session.tsx";
import { WelcomePage } from "./session/welcome-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { Splash } from "./shell/splash.tsx";
import { TitlePage } from "./title/title-page.tsx";

const WatchPage = lazy(() =>
  import("./watch/watch-page.tsx").then(({ WatchPage }) => ({ default: WatchPage })),
);

/** Gates first: who is signed in, then who watches, then the page of the address. */
export function App() {
  const route = useRoute();
  const { session, restore, signOut } = useSession();
  if (route.page === "callback") return <CallbackPage />;
  if (session.state === "restoring") return <Splash />;
  if (session.state === "failed") {
    return (
      <ProblemPanel error={session.error} onRetry={() => void restore()}>
        <button type="button" className="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </ProblemPanel>
    );
  }
  if (session.state === "signed-out") return <WelcomePage />;
  if (route.page === "welcome" || !session.profile) return <ProfilesPage />;
  return <Page route={route} />;
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "watch":
      return (
        <Suspense fallback={<Splash />}>
          <WatchPage key={route.titleId} titleId={route.titleId} />
        </Suspense>
      );
    case "title":
      return (
        <Shell overArtwork>
          <TitlePage key={route.titleId} titleId={route.titleId} />
        </Shell>
      );
    case "search":
      return (
        <Shell>
          <SearchPage q={route.q} />
        </Shell>
      );
    case "my-list":
      return (
        <Shell>
          <MyListPage />
        </Shell>
      );
    case "account":
      return (
        <Shell>
          <AccountPage returnTo={route.returnTo} />
        </Shell>
      );
    case "browse":
    case "welcome":
    case "callback":
      return (
        <Shell overArtwork>
          <HomePage />
        </Shell>
      );
    case "missing":
      return (
        <Shell>
          <MissingPage />
        </Shell>
      );
    default:
      return route satisfies never;
  }
}

function MissingPage() {
  usePageTitle("Nothing here");
  return (
    <section className="missing">
      <h1>Nothing plays here</h1>
      <p>The link may be old.</p>
      <Link href="/browse" className="button primary">
        Back to home
      </Link>
    </section>
  );
}
