import type { User } from "@/api/users";
import { Badge } from "@/components/Badge";
import { Moment } from "@/components/Moment";
import { TD, TH, TR } from "@/components/table-classes";
import { displayName } from "@/pages/users/display-name";

export function UsersList({ users, onOpen }: { users: User[]; onOpen: (user: User) => void }) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr>
          <th scope="col" className={TH}>
            E-mail
          </th>
          <th scope="col" className={`${TH} max-md:hidden`}>
            Name
          </th>
          <th scope="col" className={`${TH} max-sm:hidden`}>
            Signs in with
          </th>
          <th scope="col" className={`${TH} text-right`}>
            Joined
          </th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id} className={TR}>
            <td className={`${TD} w-1/2 max-w-0 max-sm:w-full`}>
              <button
                type="button"
                onClick={() => onOpen(user)}
                className="flex max-w-full items-center gap-2 text-left after:absolute after:inset-0"
              >
                <span className="truncate font-medium">{user.email}</span>
                {!user.emailVerified && <Badge tone="warn">not verified</Badge>}
              </button>
            </td>
            <td className={`${TD} text-muted max-md:hidden`}>{displayName(user)}</td>
            <td className={`${TD} max-sm:hidden`}>
              <span className="flex flex-wrap gap-1">
                {(user.providers ?? []).map((provider) => (
                  <Badge key={provider}>{provider}</Badge>
                ))}
              </span>
            </td>
            <td className={`${TD} text-muted tnum text-right whitespace-nowrap`}>
              <Moment at={user.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
