import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { sessionQuery } from "@/api/session";
import { readGridSearch } from "@/pages/tables/grid-search";
import { Crashed } from "@/shell/Crashed";
import { NotFound } from "@/shell/NotFound";
import { PagePending } from "@/shell/PagePending";
import { Shell } from "@/shell/Shell";

interface RouterContext {
  queryClient: QueryClient;
}

/** Search parameters shared by the plain lists. */
function readListSearch(raw: Record<string, unknown>): { search?: string; page?: number } {
  const page = Number(raw["page"]);
  return {
    ...(typeof raw["search"] === "string" && raw["search"] !== "" ? { search: raw["search"] } : {}),
    ...(Number.isInteger(page) && page > 1 ? { page } : {}),
  };
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet, notFoundComponent: NotFound });

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): { next?: string } =>
    // Only a path of this page: a full address could lead the signed-in operator elsewhere.
    typeof raw["next"] === "string" && /^\/(?!\/)[^\\]*$/.test(raw["next"]) ? { next: raw["next"] } : {},
  component: lazyRouteComponent(() => import("@/pages/sign-in/SignInPage"), "SignInPage"),
});

const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
  },
  component: Shell,
});

const page = { getParentRoute: () => shellRoute };

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    createRoute({ ...page, path: "/", component: lazyRouteComponent(() => import("@/pages/overview/OverviewPage"), "OverviewPage") }),
    createRoute({
      ...page,
      path: "/tables",
      validateSearch: (raw: Record<string, unknown>): { action?: "create" | "import" } =>
        raw["action"] === "create" || raw["action"] === "import" ? { action: raw["action"] } : {},
      component: lazyRouteComponent(() => import("@/pages/tables/TablesPage"), "TablesPage"),
    }),
    createRoute({
      ...page,
      path: "/tables/$table",
      validateSearch: readGridSearch,
      component: lazyRouteComponent(() => import("@/pages/tables/TablePage"), "TablePage"),
    }),
    createRoute({ ...page, path: "/sql", component: lazyRouteComponent(() => import("@/pages/sql/SqlPage"), "SqlPage") }),
    createRoute({
      ...page,
      path: "/migrations",
      component: lazyRouteComponent(() => import("@/pages/migrations/MigrationsPage"), "MigrationsPage"),
    }),
    createRoute({ ...page, path: "/backups", component: lazyRouteComponent(() => import("@/pages/backups/BackupsPage"), "BackupsPage") }),
    createRoute({
      ...page,
      path: "/access-keys",
      component: lazyRouteComponent(() => import("@/pages/access-keys/AccessKeysPage"), "AccessKeysPage"),
    }),
    createRoute({
      ...page,
      path: "/storage-policies",
      component: lazyRouteComponent(() => import("@/pages/storage/policies/StoragePoliciesPage"), "StoragePoliciesPage"),
    }),
    createRoute({ ...page, path: "/storage", component: lazyRouteComponent(() => import("@/pages/storage/StoragePage"), "StoragePage") }),
    createRoute({
      ...page,
      path: "/storage/$bucket",
      validateSearch: readListSearch,
      component: lazyRouteComponent(() => import("@/pages/storage/BucketPage"), "BucketPage"),
    }),
    createRoute({
      ...page,
      path: "/users",
      validateSearch: readListSearch,
      component: lazyRouteComponent(() => import("@/pages/users/UsersPage"), "UsersPage"),
    }),
    createRoute({
      ...page,
      path: "/mailbox",
      validateSearch: (raw: Record<string, unknown>): { search?: string; page?: number; mail?: string } => ({
        ...readListSearch(raw),
        ...(typeof raw["mail"] === "string" ? { mail: raw["mail"] } : {}),
      }),
      component: lazyRouteComponent(() => import("@/pages/mailbox/MailboxPage"), "MailboxPage"),
    }),
    createRoute({ ...page, path: "/logs", component: lazyRouteComponent(() => import("@/pages/logs/LogsPage"), "LogsPage") }),
    createRoute({
      ...page,
      path: "/variables",
      component: lazyRouteComponent(() => import("@/pages/variables/VariablesPage"), "VariablesPage"),
    }),
    createRoute({ ...page, path: "/$", component: NotFound }),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: "/admin",
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: PagePending,
    defaultPendingMs: 150,
    defaultErrorComponent: Crashed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
