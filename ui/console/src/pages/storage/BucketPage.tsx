import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { FileX2, FolderX, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { ApiError } from "@/api/client";
import { bucketsQuery, deleteBucket, deleteObject, objectsQuery, type StoredObject } from "@/api/buckets";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { IconButton } from "@/components/IconButton";
import { PageHeader } from "@/components/PageHeader";
import { Pagination } from "@/components/Pagination";
import { SearchInput } from "@/components/SearchInput";
import { SkeletonRows } from "@/components/SkeletonRows";
import { toast } from "@/components/toasts";
import { LinkDialog } from "@/pages/storage/LinkDialog";
import { ObjectsList } from "@/pages/storage/ObjectsList";
import { PreviewDrawer } from "@/pages/storage/preview/PreviewDrawer";
import { PublicSwitch } from "@/pages/storage/PublicSwitch";
import { UploadZone } from "@/pages/storage/UploadZone";

const LIMIT = 50;

export function BucketPage() {
  const { bucket } = useParams({ from: "/shell/storage/$bucket" });
  const { search = "", page = 1 } = useSearch({ from: "/shell/storage/$bucket" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState<StoredObject | "bucket">();
  const [opened, setOpened] = useState<StoredObject>();
  const [linking, setLinking] = useState<StoredObject>();
  const offset = (page - 1) * LIMIT;
  const objects = useQuery(objectsQuery(bucket, { search, limit: LIMIT, offset }));
  const summary = useQuery(bucketsQuery).data?.find(({ name }) => name === bucket);
  const onSearch = useCallback(
    (next: string) =>
      void navigate({ to: "/storage/$bucket", params: { bucket }, search: next === "" ? {} : { search: next }, replace: true }),
    [navigate, bucket],
  );
  const refresh = async (): Promise<void> => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ["objects", bucket] }),
      queryClient.invalidateQueries({ queryKey: bucketsQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: ["overview"] }),
    ]);
  };
  const remove = async (): Promise<void> => {
    if (removing === "bucket") {
      await deleteBucket(bucket);
      toast("ok", `Bucket ${bucket} is deleted.`);
      await navigate({ to: "/storage" });
    } else if (removing) {
      await deleteObject(bucket, removing.key);
      toast("ok", `${removing.key} is deleted.`);
    }
    await refresh();
  };

  const list = objects.data?.objects ?? [];
  if (objects.error instanceof ApiError && objects.error.status === 404) {
    return (
      <>
        <PageHeader title="Storage" />
        <EmptyState
          icon={FolderX}
          title={`There is no bucket ${bucket}`}
          actions={<Button onClick={() => void navigate({ to: "/storage" })}>All buckets</Button>}
        >
          It may have been deleted.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={
          <>
            <Link to="/storage" className="text-muted hover:text-ink font-normal">
              Storage
            </Link>
            <span aria-hidden className="text-faint font-normal">
              /
            </span>
            <span className="truncate">{bucket}</span>
          </>
        }
        detail={summary && <PublicSwitch bucket={summary} />}
        actions={
          <>
            <SearchInput label="Search files" value={search} onChange={onSearch} className="w-48" />
            <IconButton label="Delete the bucket" onClick={() => setRemoving("bucket")} className="hover:text-bad">
              <Trash2 />
            </IconButton>
          </>
        }
      />
      <UploadZone bucket={bucket} onStored={() => void refresh()}>
        {objects.isPending ? (
          <SkeletonRows label="Loading the files" />
        ) : objects.isError ? (
          <ErrorState title="The files could not be read" error={objects.error} onRetry={() => void objects.refetch()} />
        ) : list.length > 0 ? (
          <ObjectsList bucket={bucket} objects={list} onOpen={setOpened} onLink={setLinking} onDelete={setRemoving} />
        ) : search ? (
          <EmptyState icon={FileX2} title={`No file matches “${search}”`} actions={<Button onClick={() => onSearch("")}>Show all files</Button>} />
        ) : null}
      </UploadZone>
      {objects.data && objects.data.total > 0 && (
        <Pagination
          offset={offset}
          limit={LIMIT}
          total={objects.data.total}
          noun="file"
          onOffset={(next) =>
            void navigate({ to: "/storage/$bucket", params: { bucket }, search: { ...(search ? { search } : {}), page: next / LIMIT + 1 } })
          }
        />
      )}
      <PreviewDrawer bucket={bucket} object={opened} onClose={() => setOpened(undefined)} onLink={setLinking} />
      <LinkDialog bucket={bucket} object={linking} onClose={() => setLinking(undefined)} />
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={(open) => !open && setRemoving(undefined)}
        title={removing === "bucket" ? "Delete this bucket and its files?" : "Delete this file?"}
        action={removing === "bucket" ? "Delete bucket" : "Delete file"}
        {...(removing === "bucket" ? { typeToConfirm: bucket } : {})}
        onConfirm={remove}
      >
        {removing === "bucket" ? (
          "Every file in it is deleted for good, and links to them stop working."
        ) : (
          <>
            <span className="font-mono wrap-anywhere">{removing?.key}</span> is deleted for good, and links to it stop working.
          </>
        )}
      </ConfirmDialog>
    </>
  );
}
