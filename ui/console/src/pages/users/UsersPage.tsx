import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Users } from "lucide-react";
import { useCallback, useState } from "react";
import { type User, usersQuery } from "@/api/users";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { Pagination } from "@/components/Pagination";
import { SearchInput } from "@/components/SearchInput";
import { SkeletonRows } from "@/components/SkeletonRows";
import { useShortcuts } from "@/keyboard/shortcuts";
import { CreateUserDialog } from "@/pages/users/CreateUserDialog";
import { UserDrawer } from "@/pages/users/UserDrawer";
import { UsersList } from "@/pages/users/UsersList";

const LIMIT = 50;

export function UsersPage() {
  const { search = "", page = 1 } = useSearch({ from: "/shell/users" });
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const [shown, setShown] = useState<User>();
  const offset = (page - 1) * LIMIT;
  const users = useQuery(usersQuery({ search, limit: LIMIT, offset }));
  useShortcuts({ n: () => setCreating(true) });
  const onSearch = useCallback(
    (next: string) => void navigate({ to: "/users", search: next === "" ? {} : { search: next }, replace: true }),
    [navigate],
  );

  const create = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden /> New user
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Users"
        actions={
          <>
            <SearchInput label="Search by e-mail or name" value={search} onChange={onSearch} className="w-56" />
            {create}
          </>
        }
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        {users.isPending ? (
          <SkeletonRows label="Loading the users" />
        ) : users.isError ? (
          <ErrorState title="The users could not be read" error={users.error} onRetry={() => void users.refetch()} />
        ) : users.data.users.length > 0 ? (
          <UsersList users={users.data.users} onOpen={setShown} />
        ) : search !== "" ? (
          <EmptyState icon={Users} title={`Nobody matches “${search}”`} actions={<Button onClick={() => onSearch("")}>Show everyone</Button>} />
        ) : (
          <EmptyState icon={Users} title="Nobody has signed up yet" actions={create}>
            People appear here when your product signs them up, or when you add them by hand.
          </EmptyState>
        )}
      </div>
      {users.data && users.data.total > 0 && (
        <Pagination
          offset={offset}
          limit={LIMIT}
          total={users.data.total}
          noun="user"
          onOffset={(next) => void navigate({ to: "/users", search: { ...(search ? { search } : {}), page: next / LIMIT + 1 } })}
        />
      )}
      <CreateUserDialog open={creating} onOpenChange={setCreating} />
      <UserDrawer user={shown} onClose={() => setShown(undefined)} />
    </>
  );
}
